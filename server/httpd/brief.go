package httpd

// A Brief is the body of a response that has as few fields as HTTP/1.0 allows: Date, those of the
// handler, and Content-Length. Server and X-Content-Type-Options are left out, and Connection: close
// too, because an HTTP/1.0 connection closes unless a field says otherwise (RFC 9112 section 9.3). A
// handler sets it as the Parts of a response, and makes sure that the octets are safe in a browser
// that guesses their type.
type Brief []byte

// Len returns the number of octets.
func (b Brief) Len() int64 { return int64(len(b)) }

// Fill sets the first element of dst to the octets.
func (b Brief) Fill(dst [][]byte, from int) (n, next int) {
	if from > 0 || len(b) == 0 {
		return 0, from
	}
	dst[0] = b
	return 1, 1
}

// isBrief reports whether the body of the response is a Brief.
func (c *conn) isBrief() bool {
	_, ok := c.resp.Parts.(Brief)
	return ok
}
