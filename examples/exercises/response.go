package exercises

// A Field is one line of a head, such as Content-Type: application/json.
type Field struct{ Name, Value string }

// Response writes an answer of HTTP/1.0: the status line, the fields in their order, a last field
// Content-Length that says how long the body is, the empty line and the body. So 200, "OK", no
// fields and the body "hi" become
//
//	HTTP/1.0 200 OK␍␊
//	Content-Length: 2␍␊
//	␍␊
//	hi
//
// A reason, a name or a value that would change what a reader sees, such as one with a line end in
// it, is an error.
func Response(code int, reason string, fields []Field, body []byte) (octets []byte, err error) {
	return nil, errNotBegun
}
