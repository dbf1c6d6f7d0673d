package httpwire

import "bytes"

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
	case len(t) == 0 || t[0] == '/' || t[0] == '*':
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
