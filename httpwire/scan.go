package httpwire

// How octets are read. A scanner goes over the octets once, from left to right, and remembers the
// first rule that they break. After that it sees no more octets, so a production needs no error
// handling: it says what comes next, and next, and next; whatever follows a fault reads nothing.
//
// Each leaf below reads octets, moves on and records the span it read under the name of a rule.
// With the trace off, recording is one comparison. Nothing is skipped without being looked at.

type scanner struct {
	b     []byte // cut off at pos once halted
	pos   int    // of the next octet
	rule  Rule   // that halted the scanner; 0 while it goes on
	short bool   // halted by the end of the octets, not by an octet
	octet byte   // that halted the scanner, unless short

	traced bool
	spans  []Span
}

// halt ends the reading at pos, where rule r found an octet that it does not allow, or none. Only
// the first halt counts.
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

// next reports whether there is an octet to be read, and which; if there is none, r is awaited.
func (s *scanner) next(r Rule) (octet byte, ok bool) {
	if s.pos < len(s.b) {
		return s.b[s.pos], true
	}
	s.halt(r)
	return 0, false
}

// skip passes over the octets of class c, however many.
func (s *scanner) skip(c class) {
	b, i := s.b, s.pos
	for i < len(b) && c.has(b[i]) {
		i++
	}
	s.pos = i
}

// until reads one or more octets of class c; the octet after them must be stop, and is not read.
func (s *scanner) until(r Rule, c class, stop byte) []byte {
	start := s.pos
	s.skip(c)
	s.emit(r, start)
	if s.pos == start || s.pos == len(s.b) || s.b[s.pos] != stop {
		s.halt(r)
		return nil
	}
	return s.b[start:s.pos]
}

// run reads exactly n octets of class c.
func (s *scanner) run(r Rule, c class, n int) []byte {
	start := s.pos
	for s.pos < start+n {
		if s.pos == len(s.b) || !c.has(s.b[s.pos]) {
			s.halt(r)
			break
		}
		s.pos++
	}
	s.emit(r, start)
	return s.b[start:s.pos]
}

// literal reads the octets of lit.
func (s *scanner) literal(r Rule, lit string) {
	start := s.pos
	s.expect(r, lit)
	s.emit(r, start)
}

// expect reads the octets of lit and leaves it to the caller to record them.
func (s *scanner) expect(r Rule, lit string) {
	for i := range len(lit) {
		if s.pos == len(s.b) || s.b[s.pos] != lit[i] {
			s.halt(r)
			return
		}
		s.pos++
	}
}

// emit records the octets from start up to pos as read under rule r. There are no empty spans.
func (s *scanner) emit(r Rule, start int) {
	if s.traced && start < s.pos {
		s.spans = append(s.spans, Span{r, start, s.pos})
	}
}

// result turns the state of the scanner into the outcome of a Consume function.
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
