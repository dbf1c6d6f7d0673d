package httpwire

import "bytes"

// Requests. The slices in a request that was read point into the buffer: they are valid until the
// buffer is written to.

// A Version is the version of a message, one digit each (RFC 9112 section 2.3).
type Version struct{ Major, Minor uint8 }

// String returns the version as a message has it, such as HTTP/1.0.
func (v Version) String() string {
	return "HTTP/" + string([]byte{'0' + v.Major, '.', '0' + v.Minor})
}

// AtLeast reports whether v is major.minor or later.
func (v Version) AtLeast(major, minor uint8) bool {
	return v.Major > major || v.Major == major && v.Minor >= minor
}

// A RequestLine is the first line of a request (RFC 1945 section 5.1). Offset is the offset of the
// method: 0, or 2 if an empty line precedes it.
type RequestLine struct {
	Method, Target []byte
	Version        Version
	Offset         int
}

// A Request is a Full-Request (RFC 1945 section 5), or a Simple-Request if Simple is set.
//
// A Simple-Request is a request of HTTP/0.9. It has no fields and no body, and the response to it
// has no head.
//
// The caller may provide storage for the fields. The capacity of Fields limits the number of fields; if
// it is 0, the limit is DefaultFields. The next request that is read into the same Request uses the
// same storage, so copy the Fields that you keep. If you replace them, the capacity of the new ones
// limits the next request. Head holds the octets that were read, up to and including the empty line.
// The functions of this package do not set Body: the caller does.
type Request struct {
	RequestLine
	Fields Fields
	Head   []byte
	Simple bool
	Body   []byte
}

// ConsumeRequestHead reads the head of a Full-Request from the start of b: the request-line, the
// fields and the empty line (RFC 9112 sections 2 to 5). It returns the number of octets read.
//
// The error is ErrIncomplete or a *SyntaxError. Then n is 0, and req holds the parts that precede
// the end or the fault. The last part may be cut off, such as the value 12 of a Content-Length of 123.
func ConsumeRequestHead(b []byte, req *Request) (n int, err error) {
	s := scanner{b: b}
	s.requestHead(req)
	return s.result()
}

// ConsumeRequest reads either the head of a Full-Request, as ConsumeRequestHead does, or a
// Simple-Request: GET, one SP, a path, CR LF. A Simple-Request becomes a GET with version 0.9. If
// the octets are neither, ConsumeRequest has tried to read both, and returns the error at the larger offset.
func ConsumeRequest(b []byte, req *Request) (n int, err error) {
	s := scanner{b: b}
	s.request(req)
	return s.result()
}

// AppendRequest appends a Full-Request to dst: the request-line, the fields and the body (RFC 1945
// section 5). The version that it writes is always HTTP/1.0. It adds no field, so the caller sets
// Content-Length too. POST and PUT need that field even if there is no body.
//
// If a reader would not read back what req says, if there is a Transfer-Encoding, or if the length of
// the body differs from Content-Length, AppendRequest returns dst unchanged and a *SyntaxError. The Offset
// of the error counts from the first octet of the request as it would have been written. If Content-Length
// is missing, the Offset is that of the empty line. AppendRequest does not check the conditions of
// Request.Check, except that a field such as Content-Type must not be repeated.
func AppendRequest(dst []byte, req *Request) ([]byte, error) {
	w := writer{dst: dst, start: len(dst)}
	w.requestLine(&req.RequestLine)
	w.fields(req.Fields)
	w.emptyLine()
	w.requestBody(req)
	return w.result()
}

// The request-target names the resource, in one of four forms (RFC 9112 section 3.2):
//
//	origin-form      /path?query
//	absolute-form    http://host:port/path?query
//	authority-form   host:port, with CONNECT only
//	asterisk-form    *, with OPTIONS only

var root = []byte("/")

// Authority returns the host and the port of a target in absolute-form or authority-form. It takes
// precedence over the Host field (RFC 9112 section 3.2.2). In the other forms it returns nil.
func (l *RequestLine) Authority() []byte {
	authority, _ := l.split()
	return authority
}

// Path returns the path of the target, still percent-encoded. If a target in absolute-form has no
// path, Path returns "/". For "*" and for the authority-form, it returns the target itself.
//
// Split the path at its slashes before you decode it: %2F does not separate segments (RFC 3986
// section 2.2).
func (l *RequestLine) Path() []byte {
	_, rest := l.split()
	if query := bytes.IndexByte(rest, '?'); query >= 0 {
		rest = rest[:query]
	}
	if len(rest) == 0 {
		return root
	}
	return rest
}

// Query returns what follows the first "?" of the target, still percent-encoded. Without "?" it
// returns nil.
func (l *RequestLine) Query() []byte {
	_, rest := l.split()
	_, query, _ := bytes.Cut(rest, []byte("?"))
	return query
}

// split splits a target that was read into its authority and the rest.
func (l *RequestLine) split() (authority, rest []byte) {
	const scheme = len("http://")
	t := l.Target
	switch {
	case len(t) == 0 || t[0] == '/':
		return nil, t
	case string(l.Method) == "CONNECT":
		return t, t
	case len(t) < scheme:
		return nil, t
	}
	t = t[scheme:]
	end := bytes.IndexAny(t, "/?")
	if end < 0 {
		end = len(t)
	}
	return t[:end], t[end:]
}
