package httpwire

// A StatusLine is the first line of a response (RFC 1945 section 6.1). Offset is that of the
// version: 0, or the end of the interim response before it.
type StatusLine struct {
	Version Version
	Code    int
	Reason  []byte
	Offset  int
}

// Limits of a response. The client and the listings share them, so that they agree on which
// responses can be read.
const (
	MaxResponseFields = 1000     // fields of a head or a trailer
	MaxResponseHead   = 64 << 10 // octets of a head, of the line of a chunk or of a trailer
	MaxInterim        = 16       // interim responses before the final one
)

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
// cannot begin a status-line, in capitals or not (RFC 1945 section 6). Of a few octets that
// still may be either, and of none, it reports false.
func IsSimpleResponse(b []byte) bool {
	const start = "http/"
	n := min(len(b), len(start))
	return !EqualFold(b[:n], start[:n])
}

// LooksLikeStatusLine finds what looks like a status-line in octets that IsSimpleResponse takes
// for a Simple-Response, because the line does not begin with HTTP and a slash: the name of the
// protocol is misspelled or another one, or an empty line or white space comes first. at is the
// offset of the look-alike, -1 if there is none. With ErrIncomplete, more octets have to tell.
func LooksLikeStatusLine(b []byte) (at int, err error) {
	var ends [len(statusLineLike)]int
	end := 0
	for i, part := range statusLineLike {
		start := end
		end = after(b[:min(len(b), start+part.most)], start, part.octets)
		if end-start < part.least && end < len(b) {
			return -1, nil
		}
		if end-start < part.least {
			return -1, ErrIncomplete
		}
		ends[i] = end
	}
	start, name, version := ends[0], ends[1], ends[2]
	for _, o := range b[start:name] {
		if version == name && lower(o) == o {
			return -1, nil // words and a number, as in a sentence
		}
	}
	return start, nil
}

// statusLineLike are the parts of what looks like a status-line: line ends and blanks, a name, a
// version if there is one, blanks, a status code, and the octet that ends it.
var statusLineLike = [...]struct {
	least, most int
	octets      class
}{{0, 8, fold}, {2, 6, alpha}, {0, 8, versionChar}, {1, 8, blank}, {3, 3, digit}, {1, 1, fold}}

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
