package httpwire

// The trace. It comes from the very productions that read the message, with the recording switched
// on: reading is annotating. The spans tile the octets that were read, each octet in exactly one
// span, in order, without gap or overlap.

// A Span is the octets from Start up to End, read under one rule.
type Span struct {
	Rule       Rule
	Start, End int
}

// RequestSpans appends the spans of the request at the start of b, head and body; a Simple-Request
// is one too. The error is an *IncompleteError or a *SyntaxError, and the spans up to it come with
// it. Octets behind the message belong to no span.
func RequestSpans(dst []Span, b []byte) ([]Span, error) {
	var req Request
	s := scanner{b: b, traced: true, spans: dst}
	s.request(&req)
	if s.rule != 0 || req.Simple {
		return s.spans, s.spanError()
	}
	if err := req.Check(); err != nil {
		return s.spans, err
	}
	length, err := req.BodyLength()
	if err != nil {
		return s.spans, err
	}
	s.octets(RuleMessageBody, length)
	return s.spans, s.spanError()
}

// ResponseSpans appends the spans of the response at the start of b, in response to a request with
// the given method; interim responses (1xx) before it are read past. A body that ends with the
// connection is taken to be all the octets there are, and so is a Simple-Response, which is
// nothing but a body. The octets of another protocol, after a 101 or in a tunnel, are a span too.
//
// The error is the first fault there is; Response.Framing says which heads have one.
func ResponseSpans(dst []Span, b []byte, method []byte) ([]Span, error) {
	s := scanner{b: b, traced: true, spans: dst}
	if IsSimpleResponse(b) {
		if at, err := LooksLikeStatusLine(b); err != nil || at < 0 {
			s.octets(RuleMessageBody, int64(len(b)))
			return s.spans, nil
		}
	}
	resp := Response{Fields: make(Fields, 0, MaxResponseFields)}
	for interim := 0; ; interim++ {
		start := s.pos
		s.responseHead(&resp)
		s.limit(start)
		if s.rule != 0 {
			return s.spans, s.spanError()
		}
		f, err := resp.Framing(method)
		if err == nil && f.Ending == EndsInterim && interim == MaxInterim {
			return s.spans, &SyntaxError{start, b[start], RuleInterimLimit}
		}
		if f.Ending == EndsInterim && err == nil {
			continue
		}
		s.responseBody(f, resp.Fields)
		if err != nil {
			return s.spans, err
		}
		return s.spans, s.spanError()
	}
}

// responseBody reads what follows a head. fs is storage for a trailer.
func (s *scanner) responseBody(f Framing, fs Fields) {
	left := int64(len(s.b) - s.pos)
	switch f.Ending {
	case EndsAfterLength:
		s.octets(RuleMessageBody, f.Length)
	case EndsAfterChunks:
		s.chunkedBody(fs)
	case EndsWhenClosed:
		s.octets(RuleMessageBody, left)
	case EndsInProtocol, EndsInTunnel:
		s.octets(RuleOtherProtocol, left)
	}
}

func (s *scanner) spanError() error {
	switch {
	case s.rule == 0:
		return nil
	case s.short:
		return &IncompleteError{Offset: s.pos, Rule: s.rule}
	default:
		return &SyntaxError{Offset: s.pos, Octet: s.octet, Rule: s.rule}
	}
}
