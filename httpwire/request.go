package httpwire

// The octets of a value that was read are views of the buffer that it was read from: they are
// valid until that buffer is written to again, and whoever keeps them longer copies them.

// A Version is the version of a message, one digit each (RFC 9112 section 2.3).
type Version struct{ Major, Minor uint8 }

// AtLeast reports whether v is major.minor or a later version.
func (v Version) AtLeast(major, minor uint8) bool {
	return v.Major > major || v.Major == major && v.Minor >= minor
}

// A RequestLine is the first line of a request (RFC 1945 section 5.1). Offset is that of the
// method: 0, or 2 behind an empty line.
type RequestLine struct {
	Method, Target []byte
	Version        Version
	Offset         int
}

// A Request is a Full-Request (RFC 1945 section 5).
//
// Fields is storage of the caller's, reused by every reading; its capacity is the number of fields
// that there is room for, DefaultFields if it has none. Head is what was read: the octets from the
// first one to the empty line. Simple marks a Simple-Request, which has neither fields nor body nor
// a head in its answer. Body is left to the caller.
type Request struct {
	RequestLine
	Fields Fields
	Head   []byte
	Simple bool
	Body   []byte
}

// A SimpleRequest is the one line of HTTP/0.9: GET, one SP, a path, CR LF (RFC 1945 section 5).
type SimpleRequest struct{ Target []byte }

// A SimpleResponse is what answers it: a body that ends with the connection, and no head
// (RFC 1945 section 6).
type SimpleResponse struct{ Body []byte }

// ConsumeRequestHead reads the head of a Full-Request from the start of b: request-line, fields and
// the empty line that ends them. It returns how many octets that was.
//
// The error is ErrIncomplete or a *SyntaxError; n is 0 then, and req holds the parts before the
// fault. It reads one form of the grammar and is lenient nowhere (RFC 9112 sections 2 to 5).
func ConsumeRequestHead(b []byte, req *Request) (n int, err error) {
	s := scanner{b: b}
	s.requestHead(req)
	return s.result()
}

// ConsumeSimpleRequest reads a Simple-Request from the start of b, as ConsumeRequestHead does a
// Full-Request.
func ConsumeSimpleRequest(b []byte, req *SimpleRequest) (n int, err error) {
	s := scanner{b: b}
	s.simpleRequest(req)
	return s.result()
}

// ConsumeRequest reads either: a Full-Request's head, or a Simple-Request, which comes back as a
// GET of HTTP/0.9 without fields. Of two readings that both fail, the one that got further counts.
func ConsumeRequest(b []byte, req *Request) (n int, err error) {
	s := scanner{b: b}
	s.request(req)
	return s.result()
}

// AppendRequest appends a Full-Request to dst, its version HTTP/1.0 whatever req says. If req is
// not what a reader would make of the octets, dst comes back as it was, with a *SyntaxError whose
// offset is from the first octet of the request; so does a body whose length the fields give wrong.
func AppendRequest(dst []byte, req *Request) ([]byte, error) {
	w := writer{dst: dst, start: len(dst)}
	w.requestLine(&req.RequestLine)
	w.fields(req.Fields)
	w.emptyLine()
	w.requestBody(req)
	return w.result()
}

// AppendSimpleRequest appends a Simple-Request to dst, checked as AppendRequest does.
func AppendSimpleRequest(dst []byte, req *SimpleRequest) ([]byte, error) {
	w := writer{dst: dst, start: len(dst)}
	w.simpleRequest(req)
	return w.result()
}
