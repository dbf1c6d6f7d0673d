package httpwire

// A StatusLine is the first line of a response (RFC 1945 section 6.1).
type StatusLine struct {
	Version Version
	Code    int
	Reason  []byte
}

// A Response is a Full-Response (RFC 1945 section 6). Its storage is the caller's, as with Request.
type Response struct {
	StatusLine
	Fields Fields
	Body   []byte
	Parts  Parts // a response that is written may have its body in parts instead; nil otherwise
}

// Parts is a body that is not in one piece. It is sent from where it is, without a copy of the
// whole. A Parts must not change as long as anything reads it.
type Parts interface {
	// Len returns the number of octets of all parts together.
	Len() int64
	// Fill writes the next parts to the start of dst and returns how many they are. It begins at
	// position from, which is 0 for the first call; the result next is the position for the
	// following call. Only at the end of the body n is 0. The length of dst has to be at least 2.
	Fill(dst [][]byte, from int) (n, next int)
}

// Len returns the number of octets of the body.
func (r *Response) Len() int64 {
	if r.Parts != nil {
		return r.Parts.Len()
	}
	return int64(len(r.Body))
}

// AppendBody appends the octets of the body to dst.
func (r *Response) AppendBody(dst []byte) []byte {
	if r.Parts == nil {
		return append(dst, r.Body...)
	}
	var parts [2][]byte
	for n, at := r.Parts.Fill(parts[:], 0); n > 0; n, at = r.Parts.Fill(parts[:], at) {
		for _, part := range parts[:n] {
			dst = append(dst, part...)
		}
	}
	return dst
}

// ConsumeResponseHead reads the head of a Full-Response from the start of b, as ConsumeRequestHead
// does that of a request. Unlike a request, a response may fold a field: the value then holds the
// fold as it came (see AppendUnfolded).
func ConsumeResponseHead(b []byte, resp *Response) (n int, err error) {
	s := scanner{b: b}
	s.responseHead(resp)
	return s.result()
}

// IsSimpleResponse reports whether b begins a Simple-Response, that is whether its first octets
// cannot begin a status-line, be they in capitals or not (RFC 1945 section 6). Of a few octets that
// still may be either, and of none, it reports false.
func IsSimpleResponse(b []byte) bool {
	const start = "http/"
	n := min(len(b), len(start))
	return !EqualFold(b[:n], start[:n])
}

// AppendStatusLine appends a status-line with its CR LF, checked as AppendRequest does. With
// AppendFields, an empty line and a body it makes what AppendResponse makes at once, for a caller
// that keeps pieces.
func AppendStatusLine(dst []byte, l *StatusLine) ([]byte, error) {
	w := writer{dst: dst, start: len(dst)}
	w.statusLine(l)
	return w.result()
}

// AppendResponse appends a Full-Response to dst, its version HTTP/1.0 whatever resp says, checked
// as AppendRequest does. It answers a request with the given method: to HEAD, and with the codes
// that have no body, resp.Body is left out; to anything else a Content-Length that is not its
// length is refused, and so is a body with a code that has none.
func AppendResponse(dst []byte, resp *Response, method []byte) ([]byte, error) {
	w := writer{dst: dst, start: len(dst)}
	w.statusLine(&resp.StatusLine)
	w.fields(resp.Fields)
	w.emptyLine()
	w.responseBody(resp, method)
	return w.result()
}
