package httpwire

// Classes of octets. The grammar is about octets, not about characters: the functions of packages
// strings and unicode would accept more letters, digits and white space than it allows (RFC 9112
// section 2.2).

// A class is a set of octets. Classes can be combined with "|".
type class uint16

const (
	token       class = 1 << iota // tchar, RFC 9110 section 5.6.2
	uriChar                       // pchar / "/" / "?" without "%", RFC 3986 section 3.3
	regName                       // unreserved / sub-delims, RFC 3986 section 3.2.2
	text                          // VCHAR / obs-text / SP / HTAB, RFC 9110 section 5.5
	digit                         // DIGIT
	hexdig                        // HEXDIG, either case
	blank                         // SP / HTAB
	colon                         // ":", in an IP literal
	fold                          // SP / HTAB / CR / LF, around and in a value with folds
	alpha                         // ALPHA
	versionChar                   // DIGIT / "/" / ".", in what looks like a version
	qdtext                        // text without DQUOTE and "\", RFC 9110 section 5.6.4
	etagc                         // text without DQUOTE, SP and HTAB, RFC 9110 section 8.8.3
)

const (
	digits       = "0123456789"
	letters      = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	regNameChars = letters + digits + "-._~!$&'()*+,;=" // unreserved and sub-delims
)

// classOf holds, for each octet, the classes that it is in.
var classOf = classes()

func classes() (t [256]class) {
	add := func(c class, set string) {
		for i := range len(set) {
			t[set[i]] |= c
		}
	}
	add(token, letters+digits+"!#$%&'*+-.^_`|~")
	add(uriChar, regNameChars+":@/?")
	add(regName, regNameChars)
	add(digit, digits)
	add(hexdig, digits+"ABCDEFabcdef")
	add(blank|text|fold, " \t")
	add(fold, "\r\n")
	add(colon, ":")
	add(alpha, letters)
	add(versionChar, digits+"/.")
	for c := 0x21; c <= 0xFF; c++ {
		if c != 0x7F {
			t[c] |= text
		}
	}
	for c := range t {
		if t[c]&text != 0 && c != '"' && c != '\\' {
			t[c] |= qdtext
		}
		if t[c]&text != 0 && t[c]&blank == 0 && c != '"' {
			t[c] |= etagc
		}
	}
	return t
}

// has reports whether octet o is in the class.
func (c class) has(o byte) bool { return classOf[o]&c != 0 }

// lower maps the ASCII letters A to Z to a to z, and every other octet to itself.
func lower(o byte) byte {
	if 'A' <= o && o <= 'Z' {
		return o + 'a' - 'A'
	}
	return o
}

// EqualFold reports whether a and b are equal if the case of ASCII letters is ignored. Field
// names, connection options and media types are compared in this way.
func EqualFold(a []byte, b string) bool {
	return len(a) == len(b) && equalFold(a, b)
}

// equalFold is EqualFold for a and b of the same length. EqualFold itself is small enough for the
// compiler to inline, so a different length costs no call.
func equalFold(a []byte, b string) bool {
	for i := range len(b) {
		if a[i] != b[i] && lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

// A scanner reads octets from left to right. When the octets break a rule, the scanner halts: it
// remembers the rule and the place, and pretends that there are no more octets. So a production needs
// no error handling. It lists its parts one after the other, and after a fault they read nothing.
//
// The methods below read one part each. Some of them also record it as a span, if traced is set.
type scanner struct {
	b          []byte // ends at pos after a halt
	pos        int    // offset of the next octet
	rule       Rule   // the rule that was broken, or that awaits more octets; 0 before a halt
	endedEarly bool   // whether the octets ended too early, so that none was wrong
	octet      byte   // the octet that broke the rule, unless endedEarly

	traced bool // whether to record spans
	spans  []Span
}

// halt stops the scanner at pos: rule r does not allow the octet there, or awaits an octet where there
// is none. Only the first halt counts.
func (s *scanner) halt(r Rule) {
	if s.rule != 0 {
		return
	}
	s.rule = r
	s.endedEarly = s.pos >= len(s.b)
	if !s.endedEarly {
		s.octet = s.b[s.pos]
	}
	s.b = s.b[:s.pos]
}

// rewindAndHalt stops the scanner at an octet that it has read and recorded: rule r does not allow it. The
// spans end there. This halt replaces an earlier one.
func (s *scanner) rewindAndHalt(at int, r Rule) {
	n := len(s.spans)
	for s.spans[n-1].Start >= at {
		n--
	}
	s.spans = s.spans[:n]
	s.spans[n-1].End = min(s.spans[n-1].End, at)
	s.pos, s.rule, s.endedEarly, s.octet = at, r, false, s.b[at]
	s.b = s.b[:at]
}

// peek returns the next octet without reading it. If there is none, it halts under rule r and returns 0.
func (s *scanner) peek(r Rule) byte {
	if s.pos < len(s.b) {
		return s.b[s.pos]
	}
	s.halt(r)
	return 0
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

// oneOf reads one octet of class c, and returns it. If there is none, it halts and returns '0'.
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

// requireNext halts the scanner under rule r unless o is the next octet.
func (s *scanner) requireNext(o byte, r Rule) {
	if !s.at(o) {
		s.halt(r)
	}
}

// tokenUntil reads a token under rule r, and the octet stop, which must follow it, under rule next.
func (s *scanner) tokenUntil(r Rule, stop byte, next Rule) []byte {
	start := s.pos
	s.pos = afterToken(s.b, start)
	s.record(r, start)
	end := s.pos
	if end == start || !s.at(stop) {
		s.halt(r)
		return nil
	}
	s.readTo(next, end+1)
	return s.b[start:end]
}

// crlf reads the end of a line.
func (s *scanner) crlf(r Rule) { s.literal(r, "\r\n") }

// literal reads the octets of lit, and records them.
func (s *scanner) literal(r Rule, lit string) {
	start := s.pos
	s.expect(r, lit)
	s.record(r, start)
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
	if s.skipFold(lit) < len(lit) {
		s.halt(r)
	}
}

// skipFold reads the first octets of lit that are next, in any case of the letters, and returns their number.
func (s *scanner) skipFold(lit string) (n int) {
	for n < len(lit) && s.pos < len(s.b) && lower(s.b[s.pos]) == lit[n] {
		s.pos++
		n++
	}
	return n
}

// record records the octets from start to pos as a span of rule r, unless there are none.
func (s *scanner) record(r Rule, start int) {
	if s.traced && start < s.pos {
		s.spans = append(s.spans, Span{r, start, s.pos})
	}
}

// readTo reads the octets up to end, whatever they are, and records them.
func (s *scanner) readTo(r Rule, end int) {
	start := s.pos
	s.pos = end
	s.record(r, start)
}

// readN reads n octets, whatever they are, and records them. If there are fewer, it reads those and halts.
func (s *scanner) readN(r Rule, n int64) {
	left := int64(len(s.b) - s.pos)
	if s.readTo(r, s.pos+int(min(n, left))); n > left {
		s.halt(r)
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
