package httpwire

// A MediaType is the value of a Content-Type field (RFC 9110 section 8.3.1). The case of letters in
// the type, the subtype and the names of parameters is ignored.
type MediaType struct {
	Type, Subtype []byte
	params        []byte // valid, from the first ";" on
}

// Is reports whether m has the given type and subtype. Its parameters are ignored.
func (m *MediaType) Is(typ, subtype string) bool {
	return EqualFold(m.Type, typ) && EqualFold(m.Subtype, subtype)
}

// Param returns the value of the first parameter of the given name, such as charset, and the number of
// parameters of that name. It removes the quotes and backslashes of a quoted-string (RFC 9110 section 5.6.4).
func (m *MediaType) Param(name string) (value string, count int) {
	for s := (scanner{b: m.params}); s.pos < len(s.b); {
		n, v := s.parameter()
		if len(n) == 0 || !EqualFold(n, name) {
			continue
		}
		if count++; count == 1 {
			value = unquote(v)
		}
	}
	return value, count
}

// ParseMediaType reads the value of a Content-Type field (RFC 9110 section 8.3.1). The result points
// into v. The error is a *SyntaxError, or an *IncompleteError if the value breaks off. The offset counts
// from the start of v.
func ParseMediaType(v []byte) (MediaType, error) {
	s := scanner{b: v}
	m := s.mediaType()
	if err := s.err(); err != nil {
		return MediaType{}, err
	}
	return m, nil
}

// media-type = type "/" subtype *( OWS ";" OWS [ parameter ] )
func (s *scanner) mediaType() (m MediaType) {
	m.Type = s.tokenUntil(RuleMediaType, '/', RuleMediaType)
	m.Subtype = s.token(RuleMediaType)
	for m.params = s.b[s.pos:]; s.pos < len(s.b); {
		s.parameter()
	}
	return m
}

// OWS ";" OWS parameter-name "=" ( token / quoted-string )
func (s *scanner) parameter() (name, value []byte) {
	s.skip(blank)
	s.expect(RuleMediaType, ";")
	if s.atEndOfElement() || s.at(';') {
		return nil, nil // a parameter may be missing (RFC 9110 section 5.6.6)
	}
	name = s.tokenUntil(RuleMediaType, '=', RuleMediaType)
	return name, s.tokenOrQuoted(RuleMediaType)
}

// unquote removes the quotes and backslashes of a quoted-string that was read. v is empty if the caller
// has changed the octets meanwhile.
func unquote(v []byte) string {
	if len(v) == 0 || v[0] != '"' {
		return string(v)
	}
	var value []byte
	for i := 1; i < len(v)-1; i++ {
		if v[i] == '\\' {
			i++
		}
		value = append(value, v[i])
	}
	return string(value)
}
