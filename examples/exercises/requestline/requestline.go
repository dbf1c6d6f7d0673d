package requestline

// RequestLine takes a request-line apart, such as
//
//	GET /address_book/api/v1.0/addresses HTTP/1.0␍␊
//
// A request-line has three parts: method, request-target and version. Exactly one space separates
// them. The line ends with the two octets CR LF, "\r\n" in Go.
//
//   - The method has at least one octet. Its octets are letters, digits or one of
//     ! # $ % & ' * + - . ^ _ ` | ~
//   - The request-target begins with a slash, and goes up to the next space: a query such as
//     ?limit=2 belongs to it. Its octets are visible ASCII, 0x21 to 0x7E.
//   - The version is "HTTP/", a digit, a dot and a digit.
//
// Anything else is an error. Do not repair it.
func RequestLine(line []byte) (method, target, version string, err error) {
	return "", "", "", errNotBegun
}
