package httpwire

// Spans: a message with the rule of each octet. The productions that read messages record them. The
// spans are in order, and each octet that was read is in exactly one of them.

// A Span is the octets from Start up to, but not including, End. They were read under one rule.
type Span struct {
	Rule       Rule
	Start, End int
}

// RequestSpans reads the request at the start of b, head and body, and appends its spans to dst. It
// reads a Simple-Request as well. Octets after the end of the request are in no span.
//
// The error is an *IncompleteError, or the first *SyntaxError, which may come from Request.Check or
// Request.BodyLength. With an error, RequestSpans returns the spans of the octets before the Offset of
// the error. With an error of Check or BodyLength, it returns the spans of the whole head.
func RequestSpans(dst []Span, b []byte) ([]Span, error) { return new(Request).Spans(dst, b) }

// Spans does what RequestSpans does, and reads the request into r, as ConsumeRequest does: the
// capacity of r.Fields limits the number of fields.
func (r *Request) Spans(dst []Span, b []byte) ([]Span, error) {
	s := scanner{b: b, traced: true, spans: dst}
	s.request(r)
	if s.rule != 0 {
		return s.spans, s.err()
	}
	if err := r.Check(); err != nil {
		return s.spans, err
	}
	length, err := r.BodyLength()
	if err != nil {
		return s.spans, err
	}
	s.readN(RuleMessageBody, length)
	return s.spans, s.err()
}

// ResponseSpans reads the response to a request with the given method at the start of b, and
// appends its spans to dst. Interim responses (1xx) may precede the final one, and get spans as
// well.
//
// If the close of the connection ends the body, ResponseSpans reads the rest of b as the body. It reads a
// Simple-Response up to the end of b too, and the octets of another protocol after a 101 or a 2xx to
// CONNECT.
//
// The error is an *IncompleteError, or the first *SyntaxError, which may come from
// Response.Framing.
func ResponseSpans(dst []Span, b []byte, method []byte) ([]Span, error) {
	s := scanner{b: b, traced: true, spans: dst}
	if IsSimpleResponse(b) {
		if at, err := LooksLikeStatusLine(b); err != nil || at < 0 {
			s.readN(RuleMessageBody, int64(len(b)))
			return s.spans, nil
		}
	}
	var resp Response
	for interim := 0; ; interim++ {
		start := s.pos
		s.responseHead(&resp)
		s.limit(start)
		if s.rule != 0 {
			return s.spans, s.err()
		}
		f, err := resp.Framing(method)
		if f.Ending != EndsInterim || err != nil {
			if s.responseBody(f, resp.Fields); err == nil {
				err = s.err()
			}
			return s.spans, err
		}
		if interim == MaxInterim {
			s.rewindAndHalt(start, RuleInterimLimit)
			return s.spans, s.err()
		}
	}
}

// responseBody reads what follows the head. fs is storage for a trailer.
func (s *scanner) responseBody(f Framing, fs Fields) {
	left := int64(len(s.b) - s.pos)
	switch f.Ending {
	case EndsAfterLength:
		s.readN(RuleMessageBody, f.Length)
	case EndsAfterChunks:
		s.chunkedBody(fs)
	case EndsWhenClosed:
		s.readN(RuleMessageBody, left)
	case EndsInProtocol, EndsInTunnel:
		s.readN(RuleOtherProtocol, left)
	}
}

// limit halts the scanner if the part of a response that began at start has more than
// MaxResponseHead octets. This halt replaces an earlier one.
func (s *scanner) limit(start int) {
	if n := s.pos - start; n > MaxResponseHead || n == MaxResponseHead && s.endedEarly {
		s.rewindAndHalt(start+MaxResponseHead-1, RuleHeadLimit)
	}
}
