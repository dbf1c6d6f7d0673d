package response

// A Field is one line of a head, such as Content-Type: application/json.
type Field struct{ Name, Value string }

// Response writes a response of HTTP/1.0: the status-line, the fields in their order, a last field
// Content-Length that says how long the body is, the empty line and the body. So 200, "OK", no
// fields and the body "hi" become
//
//	HTTP/1.0 200 OK␍␊
//	Content-Length: 2␍␊
//	␍␊
//	hi
//
// Whatever would make a reader see something else is an error:
//
//   - A code outside 100 to 599.
//   - A reason or a value with an octet below 0x20 in it (a tab, 0x09, is allowed), or with 0x7F.
//   - A name that is empty, or has other octets than letters, digits and
//     ! # $ % & ' * + - . ^ _ ` | ~
//   - A field that says where the body ends: Content-Length, which you write yourself, and
//     Transfer-Encoding. Capitals make no difference in a name.
func Response(code int, reason string, fields []Field, body []byte) (octets []byte, err error) {
	return nil, errNotBegun
}
