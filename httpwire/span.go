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

// ResponseSpans appends the spans of the response at the start of b, which answers a request with
// the given method; interim responses (1xx) before it are read past. A body that ends with the
// connection is taken to be all the octets there are, and so is a Simple-Response, which is
// nothing but a body.
func ResponseSpans(dst []Span, b []byte, method []byte) ([]Span, error) {
	s := scanner{b: b, traced: true, spans: dst}
	if IsSimpleResponse(b) {
		s.octets(RuleMessageBody, int64(len(b)))
		return s.spans, nil
	}
	for {
		var resp Response
		s.responseHead(&resp)
		if s.rule != 0 {
			return s.spans, s.spanError()
		}
		if resp.Code >= 100 && resp.Code < 200 && resp.Code != 101 {
			continue
		}
		length, err := resp.BodyLength(method)
		switch length {
		case UntilClose:
			s.octets(RuleMessageBody, int64(len(b)-s.pos))
		case Chunked:
			s.chunkedBody()
		default:
			s.octets(RuleMessageBody, length)
		}
		if err != nil {
			return s.spans, err
		}
		return s.spans, s.spanError()
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
