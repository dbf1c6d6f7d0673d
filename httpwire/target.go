package httpwire

import "bytes"

var root = []byte("/")

// Authority returns host and port of a target in absolute-form or authority-form, nil in the other
// forms. It takes the place of the Host field (RFC 9112 section 3.2.2).
func (l *RequestLine) Authority() []byte {
	authority, _ := l.split()
	return authority
}

// Path returns the path of the target, still percent-encoded, "/" where the target leaves it out;
// in asterisk-form and authority-form it is the target itself. Split it at its slashes before
// decoding: %2F is no separator (RFC 3986 section 2.2).
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

// Query returns what follows the first "?" of the target, still percent-encoded.
func (l *RequestLine) Query() []byte {
	_, rest := l.split()
	_, query, _ := bytes.Cut(rest, []byte("?"))
	return query
}

// split takes a target that was read apart into its authority and the rest.
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
