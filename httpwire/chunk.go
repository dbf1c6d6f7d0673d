package httpwire

// The chunked transfer coding (RFC 9112 section 7.1). Servers use it in HTTP/1.1, so a client has
// to read it. This package does not write it.

// ConsumeChunkLine reads the line that precedes a chunk from the start of b (RFC 9112 section 7.1). It
// returns the size of the chunk in octets and the length n of the line. The data and CR LF follow the
// line. If size is 0, a trailer follows instead.
//
// The error is ErrIncomplete or a *SyntaxError, whose offset counts from the start of b. Then n is 0,
// and size has no meaning. A chunk of 2^62 octets or more is an error. The length of the line has no
// limit here: the caller limits len(b).
func ConsumeChunkLine(b []byte) (size int64, n int, err error) {
	s := scanner{b: b}
	size = s.chunkLine()
	n, err = s.result()
	return size, n, err
}

// ConsumeChunkEnd reads the CR LF that follows the data of a chunk (RFC 9112 section 7.1), and returns
// its length. It returns the same errors as ConsumeChunkLine.
func ConsumeChunkEnd(b []byte) (n int, err error) {
	s := scanner{b: b}
	s.crlf(RuleCRLF)
	return s.result()
}

// ConsumeTrailer reads the fields that follow the last chunk, and the empty line, into fs (RFC 9112
// section 7.1.2). It returns the number of octets read. Do not add the fields to those of the head: a
// sender could frame or route the message with them (RFC 9110 section 6.5.1). Storage, limit and folds are those
// of the fields of a Response. ConsumeTrailer returns the same errors as ConsumeChunkLine.
func ConsumeTrailer(b []byte, fs *Fields) (n int, err error) {
	s := scanner{b: b}
	*fs = s.fields(*fs, true)
	return s.result()
}

// chunked-body = *( chunk-line chunk-data CRLF ) 1*"0" [ chunk-ext ] CRLF trailer-section CRLF
//
// The limits of a head apply to each chunk-line and to the trailer. fs is storage for the trailer.
func (s *scanner) chunkedBody(fs Fields) {
	for s.rule == 0 {
		start := s.pos
		size := s.chunkLine()
		s.limit(start)
		if size == 0 {
			break
		}
		s.readN(RuleChunkData, size)
		s.crlf(RuleCRLF)
	}
	start := s.pos
	s.fields(fs, true)
	s.limit(start)
}

// chunk-line = chunk-size [ chunk-ext ] CRLF
func (s *scanner) chunkLine() (size int64) {
	start := s.pos
	for ; s.pos < len(s.b) && hexdig.has(s.b[s.pos]) && size <= MaxChunk>>4; s.pos++ {
		size = size<<4 | hexValue(s.b[s.pos])
	}
	s.record(RuleChunkSize, start)
	if s.pos == start {
		s.halt(RuleChunkSize)
	}
	if s.peek(RuleChunkSize) != '\r' {
		s.chunkExt()
	}
	s.crlf(RuleCRLF)
	return size
}

// chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
//
// If no ";" follows, the fault is at the first octet after the size. A digit there means that the size is
// too large.
func (s *scanner) chunkExt() {
	end := after(s.b, s.pos, blank)
	if end < len(s.b) && s.b[end] != ';' {
		s.halt(RuleChunkSize)
	}
	s.readTo(RuleOWS, min(end, len(s.b)))
	start := s.pos
	for s.at(';') {
		s.pos++
		s.skip(blank)
		s.token(RuleChunkExt)
		if s.blanksBefore("=;"); s.at('=') {
			s.pos++
			s.skip(blank)
			s.tokenOrQuoted(RuleChunkExt)
			s.blanksBefore(";")
		}
	}
	s.record(RuleChunkExt, start)
	s.requireNext('\r', RuleChunkExt)
}

// blanksBefore reads white space if an octet of set follows it, or if the octets end after it.
func (s *scanner) blanksBefore(set string) {
	if end := after(s.b, s.pos, blank); end == len(s.b) || contains(set, s.b[end]) {
		s.pos = end
	}
}

func hexValue(o byte) int64 {
	if digit.has(o) {
		return int64(o - '0')
	}
	return int64(lower(o)-'a') + 10
}
