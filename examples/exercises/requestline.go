package exercises

// RequestLine takes a request line apart, such as
//
//	GET /address_book/api/v1.0/addresses HTTP/1.0␍␊
//
// It has three parts, method, target and version, with one space between them, and ends with the
// two octets CR LF, "\r\n" in Go. The target begins with a slash; it holds visible ASCII only. The
// version is "HTTP/", a digit, a dot and a digit. Anything else is an error: do not repair it.
func RequestLine(line []byte) (method, target, version string, err error) {
	return "", "", "", errNotBegun
}
