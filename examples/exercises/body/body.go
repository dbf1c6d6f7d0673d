package body

import "io"

// Body reads a body from a connection. The head has been read already. The value of its field
// Content-Length says how many octets the body has, in decimal digits and nothing else.
//
// A connection gives the octets as they come: one Read may return only a few of them. The
// connection may also hold octets after the body. They belong to the next message: leave them
// there.
//
// A value that is not a number is an error. A connection that ends before the body does is an
// error, too. Do not take memory for octets that have not come: a client may announce any number.
func Body(connection io.Reader, contentLength string) (body []byte, err error) {
	return nil, errNotBegun
}
