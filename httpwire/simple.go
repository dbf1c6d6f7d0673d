package httpwire

// Simple-Responses. The response to a request of HTTP/0.9 is a body without a head. So a client has to find
// out from the first octets whether a head arrives.

// IsSimpleResponse reports whether b is the beginning of a Simple-Response: a body without a head
// (RFC 1945 section 6). It is one if b does not begin with "HTTP/" in any case of the letters.
// If b is too short to decide, IsSimpleResponse returns false.
func IsSimpleResponse(b []byte) bool {
	const start = "http/"
	n := min(len(b), len(start))
	return !EqualFold(b[:n], start[:n])
}

// LooksLikeStatusLine looks for a faulty status-line at the start of b, which does not begin with
// "HTTP/". In such a line the protocol has another name or a misspelled one (ICY 200 OK), or an empty
// line or white space precedes it. LooksLikeStatusLine returns the offset of the line, or -1 if b is a
// Simple-Response. The error is ErrIncomplete if b is too short to decide.
func LooksLikeStatusLine(b []byte) (at int, err error) {
	var ends [len(statusLineLike)]int // of the parts
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
	at = ends[0]
	name, version := b[at:ends[1]], b[ends[1]:ends[2]]
	for _, o := range name {
		if len(version) == 0 && lower(o) == o {
			return -1, nil // no version and a small letter: a sentence with a number in it
		}
	}
	return at, nil
}

// statusLineLike lists the parts of what looks like a status-line: white space, a name, possibly a
// version, blanks, a status code, and the white space that ends it.
var statusLineLike = [...]struct {
	least, most int
	octets      class
}{{0, 8, fold}, {2, 6, alpha}, {0, 8, versionChar}, {1, 8, blank}, {3, 3, digit}, {1, 1, fold}}
