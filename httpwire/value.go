package httpwire

import "bytes"

// Checks of field values. The parser accepts any text as a value. ValueFault checks a value against
// the grammar of its field: a Host before a request is served, a condition before it is evaluated, and
// any field before a listing explains it.

// ValueFault returns the index of the first octet of value that the grammar of the field does not
// allow, len(value) if the value is incomplete, and -1 if it is valid. It knows the grammar of Accept,
// Age, Allow, Content-Length, Content-Location, Content-Range, Content-Type, ETag, Host, If-Match,
// If-None-Match, If-Range, Link, Location, Max-Forwards, Proxy-Authenticate, Range, Referer,
// Retry-After, Transfer-Encoding and WWW-Authenticate. For any other name it returns -1. The case of
// letters in a name is ignored. A fold in a value is a fault: call AppendUnfolded first.
//
// Retry-After and If-Range may hold a date instead. ValueFault reports a date as a fault: call ParseDate
// first.
func ValueFault(name string, value []byte) int {
	var small [len("proxy-authenticate")]byte // the name in small letters; no name here is longer
	if len(name) > len(small) {
		return -1
	}
	for i := range len(name) {
		small[i] = lower(name[i])
	}
	s := scanner{b: value}
	if !s.value(small[:len(name)]) || s.rule == 0 && s.pos == len(value) {
		return -1
	}
	return s.pos
}

// value reads a value by the grammar of its field. It reports whether it knows that grammar. The letters in the
// name are small. A switch calls each production directly: with a table of functions, each call would allocate
// the scanner.
//
// ValueFault returns the place of a fault, and not its rule. So the productions that only value uses have a
// single rule, RuleFieldValue.
func (s *scanner) value(name []byte) (known bool) {
	switch string(name) {
	case "accept": // #( media-range [ weight ] ), RFC 9110 section 12.5.1
		for range s.list {
			s.mediaRange()
		}
	case "age", "content-length", "max-forwards", "retry-after": // 1*DIGIT
		s.position()
	case "allow": // #method, RFC 9110 section 10.2.1
		for range s.list {
			s.token(RuleFieldValue)
		}
	case "content-location", "location", "referer": // URI-reference
		s.uriReference()
	case "content-range": // RFC 9110 section 14.4
		s.contentRange()
	case "content-type": // media-type, RFC 9110 section 8.3.1
		s.mediaType()
	case "etag", "if-range": // entity-tag, RFC 9110 section 8.8.3
		s.entityTag()
	case "host": // [ uri-host [ ":" port ] ], RFC 9110 section 7.2
		if len(s.b) > 0 {
			s.authority()
		}
	case "if-match", "if-none-match": // "*" / #entity-tag, RFC 9110 section 13.1.1
		s.entityTags()
	case "link": // #link-value, RFC 8288 section 3
		for range s.list {
			s.linkValue()
		}
	case "proxy-authenticate", "www-authenticate": // 1#challenge
		s.challenges()
	case "range": // RFC 9110 section 14.1.1
		s.ranges()
	case "transfer-encoding": // #transfer-coding, RFC 9112 section 6.1
		for range s.list {
			s.transferCoding()
		}
	default:
		return false
	}
	return true
}

// #element = [ element ] *( OWS "," OWS [ element ] )
//
// The caller ranges over the list, and reads an element in each iteration.
func (s *scanner) list(yield func() bool) {
	for s.skip(blank); s.pos < len(s.b); s.skip(blank) {
		if s.b[s.pos] != ',' && !yield() {
			return
		}
		if !s.atEndOfElement() {
			s.halt(RuleFieldValue)
		} else if s.pos < len(s.b) {
			s.pos++
		}
	}
}

// atEndOfElement reads white space, and reports whether an element of a list may end after it. After a
// halt it is true, because there are no more octets.
func (s *scanner) atEndOfElement() bool {
	s.skip(blank)
	return s.pos == len(s.b) || s.at(',')
}

// media-range [ weight ] = ( type / "*" ) "/" ( subtype / "*" ) parameters [ ";q=" qvalue ]
//
// "*" needs no special care, because a token may contain it.
func (s *scanner) mediaRange() {
	s.tokenUntil(RuleFieldValue, '/', RuleFieldValue)
	s.token(RuleFieldValue)
	for !s.atEndOfElement() {
		name, value := s.parameter()
		if EqualFold(name, "q") && !isQvalue(value) {
			s.pos -= len(value)
			s.halt(RuleFieldValue)
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
//
// The coding chunked has no parameters (RFC 9112 section 7.1).
func (s *scanner) transferCoding() {
	chunked := EqualFold(s.token(RuleFieldValue), "chunked")
	for !s.atEndOfElement() {
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

// entity-tag = [ %s"W/" ] DQUOTE *etagc DQUOTE
//
// A comma in quotes is part of the tag.
func (s *scanner) entityTag() {
	if s.at('W') {
		s.expect(RuleFieldValue, "W/")
	}
	s.expect(RuleFieldValue, `"`)
	s.skip(etagc)
	s.expect(RuleFieldValue, `"`)
}

// "*" / #entity-tag
func (s *scanner) entityTags() {
	tags, star := 0, false
	for range s.list {
		switch {
		case star || tags > 0 && s.at('*'):
			s.halt(RuleFieldValue)
		case s.at('*'):
			s.pos++
			star = true
		default:
			s.entityTag()
			tags++
		}
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
	for !s.atEndOfElement() {
		rel = EqualFold(s.linkParam(), "rel") || rel
	}
	if !rel {
		s.halt(RuleFieldValue)
	}
}

// URI-reference. Only the octets are checked, not their order.
func (s *scanner) uriReference() {
	for {
		s.pathAndQuery()
		if s.pos == len(s.b) || s.b[s.pos] != '#' && s.b[s.pos] != '[' && s.b[s.pos] != ']' {
			return
		}
		s.pos++
	}
}

// ";" OWS link-param
//
// A parameter may be missing after the semicolon. The grammar does not allow that, but recipients
// accept it (RFC 8288 appendix B.3).
//
// link-param = token BWS [ "=" BWS ( token / quoted-string ) ]
func (s *scanner) linkParam() (name []byte) {
	s.expect(RuleFieldValue, ";")
	if s.atEndOfElement() || s.at(';') {
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

// Range = range-unit "=" 1#( int-range / suffix-range )
//
// Only ranges of the unit bytes are checked after the equals sign.
func (s *scanner) ranges() {
	if s.otherUnit('=') {
		return
	}
	start, ranges := s.pos, 0
	if s.skip(blank); s.pos > start && !s.at(',') { // white space may precede a comma only
		s.pos = start
		s.halt(RuleFieldValue)
	}
	for range s.list {
		s.byteRange()
		ranges++
	}
	if ranges == 0 {
		s.halt(RuleFieldValue)
	}
}

// Content-Range = range-unit SP ( incl-range "/" ( complete-length / "*" ) / "*/" complete-length )
//
// Only the unit bytes is checked after the space.
func (s *scanner) contentRange() {
	if s.otherUnit(' ') {
		return
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
}

// otherUnit reads a range-unit and the separator after it, and reports whether the unit is not bytes. If it
// is not, otherUnit reads the rest of the value too.
func (s *scanner) otherUnit(separator byte) bool {
	unit := s.tokenUntil(RuleFieldValue, separator, RuleFieldValue)
	if EqualFold(unit, "bytes") {
		return false
	}
	s.pos = len(s.b)
	return true
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
	digits, _ := parseDigits(s.b, start)
	return number(digits)
}

// positionFrom reads a position that must not be lower than least.
func (s *scanner) positionFrom(least int64) int64 {
	start := s.pos
	n := s.position()
	if n < least {
		s.pos = start
		s.halt(RuleFieldValue)
	}
	return n
}

// 1#( auth-scheme [ 1*SP ( token68 / #auth-param ) ] ), RFC 9110 section 11.6.1
//
// There must be at least one challenge (RFC 1945 section 10.16). RFC 9110 requires that of the
// responses 401 and 407 only.
func (s *scanner) challenges() {
	schemes, params := 0, false // params: whether an auth-param may be next
	for range s.list {
		if params && s.authParam() {
			continue
		}
		schemes++
		s.token(RuleFieldValue)
		scheme := s.pos
		for s.at(' ') {
			s.pos++
		}
		end := s.pos
		params = end > scheme // without a space, only another challenge may follow
		if s.atEndOfElement() {
			continue
		}
		if !params || s.pos > end {
			s.pos = end
			s.halt(RuleFieldValue)
		}
		if params = s.authParam(); !params {
			s.token68()
		}
	}
	if schemes == 0 {
		s.halt(RuleFieldValue)
	}
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
	for s.skip(alpha | digit); s.pos < len(s.b) && contains("-._~+/", s.b[s.pos]); s.skip(alpha | digit) {
		s.pos++
	}
	if s.pos == start {
		s.halt(RuleFieldValue)
	}
	for s.at('=') {
		s.pos++
	}
}

// contains reports whether o is one of the octets of a set.
func contains(set string, o byte) bool { return bytes.IndexByte([]byte(set), o) >= 0 }
