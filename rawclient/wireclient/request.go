package wireclient

import (
	"bytes"

	"rawhttp/httpwire"
)

// A Request is the octets to send, and the parts that they have if they are read as a request.
type Request struct {
	httpwire.Request // Method is the first word, and Body the octets after the head, even if Err is not nil
	Octets           []byte
	Err              error // why the head cannot be read; nil if it can
}

// ParseRequest reads the octets of a request. It accepts any octets.
func ParseRequest(b []byte) *Request {
	r := &Request{Octets: b}
	n, err := httpwire.ConsumeRequest(b, &r.Request)
	if err == nil {
		r.Body = b[n:]
		return r
	}
	r.Err = err
	line, _, _ := bytes.Cut(bytes.TrimPrefix(b, []byte("\r\n")), []byte("\n"))
	r.Method, _, _ = bytes.Cut(bytes.TrimSuffix(line, []byte("\r")), []byte(" "))
	_, r.Body, _ = bytes.Cut(b, []byte("\r\n\r\n"))
	return r
}

// Closes reports whether the request asks the server to close the connection.
func (r *Request) Closes() bool { return r.Fields.Has("Connection", "close") }
