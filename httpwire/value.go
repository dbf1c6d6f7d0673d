package httpwire

// Checks of field values. The parser accepts any text as a value. The functions below check the
// value of one field against the grammar of that field, so that a listing can point out a mistake.
// Each returns the index of the first octet that does not fit, len(v) if the value is incomplete,
// and -1 if it is valid.

// fault returns the result of the functions below, for a scanner that has read its production.
func (s *scanner) fault() int {
	if s.rule == 0 && s.pos == len(s.b) {
		return -1
	}
	return s.pos
}

// LengthFault checks the value of Content-Length, or of another field that is a number:
//
//	1*DIGIT
func LengthFault(v []byte) int {
	_, at := parseLength(v)
	return at
}

// HostFault checks the value of Host (RFC 9110 section 7.2). An empty value is valid:
//
//	Host = [ uri-host [ ":" port ] ]
func HostFault(v []byte) int {
	s := scanner{b: v}
	if len(v) > 0 {
		s.authority()
	}
	return s.fault()
}

// AcceptFault checks the value of Accept (RFC 9110 section 12.5.1):
//
//	Accept = #( media-range [ weight ] )
func AcceptFault(v []byte) int {
	s := scanner{b: v}
	s.list((*scanner).mediaRange)
	return s.fault()
}

// LinkFault checks the value of Link (RFC 8288 section 3):
//
//	Link = #link-value
func LinkFault(v []byte) int {
	s := scanner{b: v}
	s.list((*scanner).linkValue)
	return s.fault()
}

// [ element ] *( OWS "," OWS [ element ] )
func (s *scanner) list(element func(*scanner)) {
	for s.skip(blank); s.rule == 0 && s.pos < len(s.b); s.skip(blank) {
		if s.b[s.pos] != ',' {
			element(s)
		}
		if s.atEndOfElement() && s.pos < len(s.b) {
			s.pos++
		}
	}
}

// atEndOfElement reads white space, and reports whether an element of a list may end after it.
func (s *scanner) atEndOfElement() bool {
	s.skip(blank)
	return s.rule == 0 && (s.pos == len(s.b) || s.at(','))
}

// media-range [ weight ] = ( type / "*" ) "/" ( subtype / "*" ) parameters [ ";q=" qvalue ]
//
// "*" needs no special care, because a token may contain it.
func (s *scanner) mediaRange() {
	s.until(RuleMediaType, '/')
	s.expect(RuleMediaType, "/")
	s.token(RuleMediaType)
	for s.rule == 0 && !s.atEndOfElement() {
		name, value := s.parameter()
		if EqualFold(name, "q") && !isQvalue(value) {
			s.pos -= len(value)
			s.halt(RuleMediaType)
		}
	}
}

// qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
func isQvalue(v []byte) bool {
	if len(v) == 0 || len(v) > len("0.123") || v[0] != '0' && v[0] != '1' ||
		len(v) > 1 && v[1] != '.' {
		return false
	}
	for _, o := range v[min(2, len(v)):] {
		if !digit.has(o) || v[0] == '1' && o != '0' {
			return false
		}
	}
	return true
}

// link-value = "<" URI-Reference ">" *( OWS ";" OWS [ link-param ] )
//
// The parameter rel is required (RFC 8288 section 3.3).
func (s *scanner) linkValue() {
	s.expect(RuleFieldValue, "<")
	s.uriReference()
	s.expect(RuleFieldValue, ">")
	rel := false
	for s.rule == 0 && !s.atEndOfElement() {
		rel = EqualFold(s.linkParam(), "rel") || rel
	}
	if !rel {
		s.halt(RuleFieldValue)
	}
}

// URI-reference. Only the octets are checked, not their order.
func (s *scanner) uriReference() {
	for s.rule == 0 {
		s.pathAndQuery()
		if s.pos == len(s.b) || s.b[s.pos] != '#' && s.b[s.pos] != '[' && s.b[s.pos] != ']' {
			return
		}
		s.pos++
	}
}

// ";" OWS [ link-param ]
//
// link-param = token BWS [ "=" BWS ( token / quoted-string ) ]
func (s *scanner) linkParam() (name []byte) {
	s.expect(RuleFieldValue, ";")
	s.skip(blank)
	if s.atEndOfElement() || s.rule == 0 && s.b[s.pos] == ';' {
		return nil
	}
	name = s.token(RuleFieldValue)
	s.skip(blank)
	if !s.at('=') {
		return name
	}
	s.pos++
	s.skip(blank)
	s.tokenOrQuoted(RuleFieldValue)
	return name
}
