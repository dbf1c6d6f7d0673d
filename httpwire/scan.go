package httpwire

// A scanner reads octets from left to right. When the octets break a rule, the scanner halts: it
// remembers the rule and the place, and pretends that there are no more octets. So a production needs
// no error handling. It lists its parts one after the other, and after a fault they read nothing.
//
// The methods below read one part each. Some of them also record it as a span, if traced is set.

type scanner struct {
	b     []byte // ends at pos after a halt
	pos   int    // offset of the next octet
	rule  Rule   // the rule that was broken, or that awaits more octets; 0 before a halt
	short bool   // whether the octets ended too early, so that none was wrong
	octet byte   // the octet that broke the rule, unless short

	traced bool // whether to record spans
	spans  []Span
}

// halt stops the scanner at pos: rule r does not allow the octet there, or awaits an octet where
// there is none. After a halt, further ones have no effect.
func (s *scanner) halt(r Rule) {
	if s.rule != 0 {
		return
	}
	s.rule = r
	s.short = s.pos >= len(s.b)
	if !s.short {
		s.octet = s.b[s.pos]
	}
	s.b = s.b[:s.pos]
}

// haltAt stops the scanner at an octet that it has read and recorded: rule r does not allow it. The
// spans end there. A halt that came before does not count.
func (s *scanner) haltAt(at int, r Rule) {
	n := len(s.spans)
	for s.spans[n-1].Start >= at {
		n--
	}
	s.spans = s.spans[:n]
	s.spans[n-1].End = min(s.spans[n-1].End, at)
	s.pos, s.rule, s.short, s.octet = at, r, false, s.b[at]
	s.b = s.b[:at]
}

// next returns the next octet without reading it. If there is none, it halts under rule r.
func (s *scanner) next(r Rule) (octet byte, ok bool) {
	if s.pos < len(s.b) {
		return s.b[s.pos], true
	}
	s.halt(r)
	return 0, false
}

// skip reads any number of octets of class c.
func (s *scanner) skip(c class) { s.pos = after(s.b, s.pos, c) }

// oneOrMore reads at least one octet of class c.
func (s *scanner) oneOrMore(r Rule, c class) {
	start := s.pos
	if s.skip(c); s.pos == start {
		s.halt(r)
	}
}

// oneOf reads one octet of class c, and returns it. If there is none, it returns '0'.
func (s *scanner) oneOf(r Rule, c class) byte {
	if s.pos == len(s.b) || !c.has(s.b[s.pos]) {
		s.halt(r)
		return '0'
	}
	s.pos++
	return s.b[s.pos-1]
}

// at reports whether o is the next octet.
func (s *scanner) at(o byte) bool { return s.pos < len(s.b) && s.b[s.pos] == o }

// until reads a token and checks that the octet stop follows. It does not read stop.
func (s *scanner) until(r Rule, stop byte) []byte {
	start := s.pos
	s.pos = afterToken(s.b, start)
	s.emit(r, start)
	if s.pos > start && s.pos < len(s.b) && s.b[s.pos] == stop {
		return s.b[start:s.pos]
	}
	s.halt(r)
	return nil
}

// one reads the octet o.
func (s *scanner) one(r Rule, o byte) {
	start := s.pos
	if start < len(s.b) && s.b[start] == o {
		s.pos++
		s.emit(r, start)
		return
	}
	s.halt(r)
}

// crlf reads the end of a line.
func (s *scanner) crlf(r Rule) { s.literal(r, "\r\n") }

// literal reads the octets of lit, and records them.
func (s *scanner) literal(r Rule, lit string) {
	start := s.pos
	s.expect(r, lit)
	s.emit(r, start)
}

// expect reads the octets of lit, and does not record them.
func (s *scanner) expect(r Rule, lit string) {
	n := 0
	for n < len(lit) && s.pos+n < len(s.b) && s.b[s.pos+n] == lit[n] {
		n++
	}
	if s.pos += n; n < len(lit) {
		s.halt(r)
	}
}

// expectFold reads the octets of lit in any case of the letters. The letters in lit are small.
func (s *scanner) expectFold(r Rule, lit string) {
	for i := range len(lit) {
		if s.pos == len(s.b) || lower(s.b[s.pos]) != lit[i] {
			s.halt(r)
			return
		}
		s.pos++
	}
}

// emit records the octets from start to pos as a span of rule r, unless there are none.
func (s *scanner) emit(r Rule, start int) {
	if s.traced && start < s.pos {
		s.spans = append(s.spans, Span{r, start, s.pos})
	}
}

// emitTo reads the octets up to end, whatever they are, and records them.
func (s *scanner) emitTo(r Rule, end int) {
	start := s.pos
	s.pos = end
	s.emit(r, start)
}

// result returns the outcome, as a Consume function does.
func (s *scanner) result() (n int, err error) {
	switch {
	case s.rule == 0:
		return s.pos, nil
	case s.short:
		return 0, ErrIncomplete
	default:
		return 0, &SyntaxError{Offset: s.pos, Octet: s.octet, Rule: s.rule}
	}
}

// after returns the index of the first octet of b, from i on, that is not in class c. It is len(b)
// if there is none. fast.go has faster functions for the classes token and text.
func after(b []byte, i int, c class) int {
	for i < len(b) && c.has(b[i]) {
		i++
	}
	return i
}
