package wireclient

import (
	"bytes"

	"rawhttp/httpwire"
)

// A Request is the octets to send, and how they read as a request.
type Request struct {
	Octets []byte
	Method []byte // the first word, even if the request breaks a rule
	Head   httpwire.Request
	Err    error  // why Head cannot be read; nil if it can
	Body   []byte // the octets after the head
}

// ParseRequest reads the octets of a request. It accepts any octets.
func ParseRequest(b []byte) *Request {
	r := &Request{Octets: b}
	line, _, _ := bytes.Cut(bytes.TrimPrefix(b, []byte("\r\n")), []byte("\n"))
	r.Method, _, _ = bytes.Cut(bytes.TrimSuffix(line, []byte("\r")), []byte(" "))
	n, err := httpwire.ConsumeRequest(b, &r.Head)
	if r.Err = err; err == nil {
		r.Body = b[n:]
	} else {
		_, r.Body, _ = bytes.Cut(b, []byte("\r\n\r\n"))
	}
	return r
}

// Closes reports whether the request asks the server to close the connection.
func (r *Request) Closes() bool { return r.Head.Fields.Has("Connection", "close") }

// HasMore reports whether octets follow the end of the request. Empty lines are none: a server ignores them
// before a request.
func (r *Request) HasMore() bool {
	length, err := r.Head.BodyLength()
	return r.Err == nil && err == nil && int64(len(bytes.TrimRight(r.Body, "\r\n"))) > length
}
