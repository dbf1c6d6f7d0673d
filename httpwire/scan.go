package httpwire

import "math/bits"

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
func (s *scanner) skip(c class) { s.pos = after(s.b, s.pos, c) }

// oneOrMore passes over the octets of class c, of which there must be one.
func (s *scanner) oneOrMore(r Rule, c class) {
	start := s.pos
	if s.skip(c); s.pos == start {
		s.halt(r)
	}
}

// at reports whether o is the next octet.
func (s *scanner) at(o byte) bool { return s.pos < len(s.b) && s.b[s.pos] == o }

// until reads a token; the octet behind it must be stop, and is not read.
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
func (s *scanner) crlf(r Rule) {
	start := s.pos
	if start+1 < len(s.b) && s.b[start] == '\r' && s.b[start+1] == '\n' {
		s.pos += 2
		s.emit(r, start)
		return
	}
	s.literal(r, "\r\n")
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
	if s.traced {
		s.record(r, start)
	}
}

// emitTo passes over the octets up to end and records them.
func (s *scanner) emitTo(r Rule, end int) {
	start := s.pos
	s.pos = end
	s.emit(r, start)
}

func (s *scanner) record(r Rule, start int) {
	if start < s.pos {
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

// Octets are passed over in bulk: the functions below return the index of the first octet of b,
// from i on, that is not of a class. The table of classes has the last word. What is done eight
// octets at a time only says which of them is the first that is not beyond doubt; the table settles
// the doubt.

// after does so for any single class.
func after(b []byte, i int, c class) int {
	for i < len(b) && octets[b[i]]&c != 0 {
		i++
	}
	return i
}

// afterToken does so for token, of which letters and "-" are beyond doubt.
func afterToken(b []byte, i int) int {
	for i+8 <= len(b) {
		doubt := unlessName(word(b[i : i+8]))
		if doubt == 0 {
			i += 8
			continue
		}
		if i += bits.TrailingZeros64(doubt) / 8; b[i] == ':' || octets[b[i]]&token == 0 {
			return i
		}
		i++
	}
	return after(b, i, token)
}

// afterURI does so for uriChar: eight octets at a time are looked up.
func afterURI(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		o := b[i : i+8 : i+8]
		if octets[o[0]]&octets[o[1]]&octets[o[2]]&octets[o[3]]&
			octets[o[4]]&octets[o[5]]&octets[o[6]]&octets[o[7]]&uriChar == 0 {
			break
		}
	}
	return after(b, i, uriChar)
}

// afterText does so for text, of which all but controls is beyond doubt.
func afterText(b []byte, i int) int {
	for i+16 <= len(b) {
		doubt := control(word(b[i : i+8]))
		if doubt == 0 {
			i += 8
			if doubt = control(word(b[i : i+8])); doubt == 0 {
				i += 8
				continue
			}
		}
		if i += bits.TrailingZeros64(doubt) / 8; b[i] == '\r' || octets[b[i]]&text == 0 {
			return i
		}
		i++
	}
	return after(b, i, text)
}

const (
	ones = 0x0101010101010101
	high = 0x80 * ones
)

// word returns the first eight octets of b, the first one lowest; it compiles to one load.
func word(b []byte) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// unlessName marks, in their highest bits, the octets of w that are neither letters nor "-". The
// lowest mark is right.
func unlessName(w uint64) uint64 {
	small := w | 0x20*ones
	letter := (small + (0x80-'a')*ones) &^ (small + (0x7F-'z')*ones) &^ w
	unlessDash := ((w ^ '-'*ones) | high) - ones | w
	return unlessDash &^ letter & high
}

// control marks, in their highest bits, the octets of w that are controls. The lowest mark is
// right, or on an octet that is above 0x7D.
func control(w uint64) uint64 { return ((w - 0x20*ones) | (w + ones)) &^ w & high }
