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

// HostFault checks the value of Host (RFC 9110 section 7.2). An empty value is valid, a port without
// a host is not (section 4.2.1):
//
//	Host = uri-host [ ":" port ]
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

// LocationFault checks the value of Location (RFC 9110 section 10.2.2), of Content-Location and of
// Referer. Only the octets are checked, not their order:
//
//	Location = URI-reference
func LocationFault(v []byte) int {
	s := scanner{b: v}
	s.uriReference()
	return s.fault()
}

// AllowFault checks the value of Allow (RFC 9110 section 10.2.1). An empty value is valid:
//
//	Allow = #method
func AllowFault(v []byte) int {
	s := scanner{b: v}
	s.list(func(s *scanner) { s.token(RuleMethod) })
	return s.fault()
}

// RangeFault checks the value of Range (RFC 9110 section 14.1.1). Only ranges of the unit bytes are
// checked after the equals sign:
//
//	Range = range-unit "=" 1#( int-range / suffix-range )
func RangeFault(v []byte) int {
	s := scanner{b: v}
	if s.otherUnit('=') {
		return -1
	}
	ranges := 0
	if !s.at(' ') && !s.at('\t') {
		s.list(func(s *scanner) { s.byteRange(); ranges++ })
	}
	if ranges == 0 {
		s.halt(RuleFieldValue)
	}
	return s.fault()
}

// ContentRangeFault checks the value of Content-Range (RFC 9110 section 14.4). Only the unit bytes is
// checked after the space:
//
//	Content-Range = range-unit SP ( incl-range "/" ( complete-length / "*" ) / "*/" complete-length )
func ContentRangeFault(v []byte) int {
	s := scanner{b: v}
	if s.otherUnit(' ') {
		return -1
	}
	last := int64(-1)
	if s.at('*') {
		s.pos++
	} else {
		first := s.position()
		s.expect(RuleFieldValue, "-")
		last = s.positionFrom(first)
	}
	s.expect(RuleFieldValue, "/")
	if s.at('*') && last >= 0 {
		s.pos++
	} else {
		s.positionFrom(max(last, last+1)) // the last one may be the largest int64
	}
	return s.fault()
}

// ChallengeFault checks the value of WWW-Authenticate or Proxy-Authenticate (RFC 9110 section
// 11.6.1):
//
//	WWW-Authenticate = #( auth-scheme [ 1*SP ( token68 / #auth-param ) ] )
//
// The list must have at least one challenge (RFC 1945 section 10.16). RFC 9110 requires that of the
// responses 401 and 407 only.
func ChallengeFault(v []byte) int {
	s := scanner{b: v}
	schemes := 0
	s.list(func(s *scanner) {
		if schemes > 0 && s.authParam() {
			return
		}
		schemes++
		s.token(RuleFieldValue)
		if s.skip(blank); s.pos < len(s.b) && s.b[s.pos] != ',' && !s.authParam() {
			s.token68()
		}
	})
	if schemes == 0 {
		s.halt(RuleFieldValue)
	}
	return s.fault()
}

// TransferEncodingFault checks the value of Transfer-Encoding (RFC 9112 section 6.1). The coding
// chunked has no parameters (section 7.1):
//
//	Transfer-Encoding = #transfer-coding
func TransferEncodingFault(v []byte) int {
	s := scanner{b: v}
	s.list((*scanner).transferCoding)
	return s.fault()
}

// [ element ] *( OWS "," OWS [ element ] )
func (s *scanner) list(element func(*scanner)) {
	for s.skip(blank); s.rule == 0 && s.pos < len(s.b); s.skip(blank) {
		if s.b[s.pos] != ',' {
			element(s)
		}
		if !s.atEndOfElement() {
			s.halt(RuleFieldValue)
		} else if s.pos < len(s.b) {
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
	s.until(RuleMediaType, '/', RuleMediaType)
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

// transfer-coding = token *( OWS ";" OWS transfer-parameter )
//
// transfer-parameter = token BWS "=" BWS ( token / quoted-string )
func (s *scanner) transferCoding() {
	chunked := EqualFold(s.token(RuleFieldValue), "chunked")
	for s.rule == 0 && !s.atEndOfElement() {
		if chunked {
			s.halt(RuleFieldValue)
		}
		s.expect(RuleFieldValue, ";")
		s.skip(blank)
		s.token(RuleFieldValue)
		s.skip(blank)
		s.expect(RuleFieldValue, "=")
		s.skip(blank)
		s.tokenOrQuoted(RuleFieldValue)
	}
}

// link-value = "<" URI-Reference ">" *( OWS ";" OWS link-param )
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

// ";" OWS link-param
//
// A parameter may be missing. The grammar does not have that, but recipients read it (RFC 8288
// appendix B.3).
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

// otherUnit reads a range-unit and the separator after it. It reports whether the unit is another one
// than bytes.
func (s *scanner) otherUnit(separator byte) bool {
	unit := s.until(RuleFieldValue, separator, RuleFieldValue)
	return s.rule == 0 && !EqualFold(unit, "bytes")
}

// int-range / suffix-range = first-pos "-" [ last-pos ] / "-" suffix-length
//
// The last position must not be lower than the first one.
func (s *scanner) byteRange() {
	if s.at('-') {
		s.pos++
		s.position()
		return
	}
	first := s.position()
	s.expect(RuleFieldValue, "-")
	if s.pos < len(s.b) && digit.has(s.b[s.pos]) {
		s.positionFrom(first)
	}
}

// position = 1*DIGIT
func (s *scanner) position() int64 {
	start := s.pos
	s.oneOrMore(RuleFieldValue, digit)
	n, _ := parseLength(s.b[start:s.pos])
	return n
}

// positionFrom reads a position that must not be lower than least.
func (s *scanner) positionFrom(least int64) int64 {
	start := s.pos
	n := s.position()
	if s.rule == 0 && n < least {
		s.pos = start
		s.halt(RuleFieldValue)
	}
	return n
}

// auth-param = token BWS "=" BWS ( token / quoted-string )
//
// authParam reports whether an auth-param is next. If not, it reads nothing: an equals sign at the end
// of an element belongs to a token68.
func (s *scanner) authParam() bool {
	name := after(s.b, s.pos, token)
	equals := after(s.b, name, blank)
	if name == s.pos || equals == len(s.b) || s.b[equals] != '=' {
		return false
	}
	value := after(s.b, equals+1, blank)
	if value == len(s.b) || s.b[value] == ',' || s.b[value] == '=' {
		return false
	}
	s.pos = value
	s.tokenOrQuoted(RuleFieldValue)
	return true
}

// token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
func (s *scanner) token68() {
	start := s.pos
	for s.skip(alpha | digit); s.pos < len(s.b) && has("-._~+/", s.b[s.pos]); s.skip(alpha | digit) {
		s.pos++
	}
	if s.pos == start {
		s.halt(RuleFieldValue)
	}
	for s.at('=') {
		s.pos++
	}
}
