package statusline

// StatusLine takes a status-line apart, the first line of a response, such as
//
//	HTTP/1.0 404 Not Found␍␊
//
// A status-line has three parts: version, code and reason. One space separates the version from
// the code, and one space the code from the reason. The line ends with CR LF.
//
//   - The version is "HTTP/", a digit, a dot and a digit.
//   - The code has three digits. It is from 100 to 599.
//   - The reason goes up to the line end. It may be empty, and it may have spaces in it. It has no
//     octet below 0x20 in it (a tab, 0x09, is allowed), and no 0x7F.
//
// Anything else is an error. Do not repair it.
func StatusLine(line []byte) (version string, code int, reason string, err error) {
	return "", 0, "", errNotBegun
}
