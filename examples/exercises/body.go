package exercises

import "io"

// Body reads a body from a connection whose head has been read. The value of the field
// Content-Length says how many octets it has, in decimal digits and nothing else.
//
// A connection gives the octets as they come: one Read may return a few of them only. It may also
// hold octets behind the body, which belong to the next message and must be left there. A value
// that is no number is an error, and so is a connection that ends before the body does.
func Body(connection io.Reader, contentLength string) (body []byte, err error) {
	return nil, errNotBegun
}
