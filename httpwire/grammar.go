package httpwire

// The grammar. Each production is one method, with its ABNF above it. Where RFC 1945 allows more
// than RFC 9112, the method follows RFC 9112; DECISIONS.md gives the reasons.

// Request = Simple-Request / Full-Request
//
// If the octets are not a Full-Request, request reads them again as a Simple-Request. If both attempts
// fail, the error is that of the attempt that read more octets.
func (s *scanner) request(req *Request) {
	b, spans := s.b, len(s.spans)
	s.requestHead(req)
	if s.rule == 0 || s.endedEarly {
		return
	}
	simple := scanner{b: b, traced: s.traced, spans: s.spans[:spans:spans]}
	target := simple.simpleRequest()
	if simple.pos <= s.pos {
		return
	}
	*s = simple
	line := RequestLine{Method: b[:len("GET")], Target: target, Version: Version{0, 9}}
	*req = Request{line, req.Fields[:0], b[:s.pos], s.rule == 0, req.Body}
}

// request-head = [ CRLF ] request-line CRLF *( field-line CRLF ) CRLF
func (s *scanner) requestHead(req *Request) {
	if s.at('\r') {
		s.crlf(RuleEmptyLine)
	}
	req.Simple = false
	s.requestLine(&req.RequestLine)
	req.Fields = s.fields(req.Fields, false)
	req.Head = s.b[:s.pos]
}

// request-line CRLF
//
// request-line = method SP request-target SP HTTP-version
func (s *scanner) requestLine(l *RequestLine) {
	if s.commonRequestLine(l) {
		return
	}
	l.Offset = s.pos
	l.Method = s.tokenUntil(RuleMethod, ' ', RuleSP)
	l.Target = s.requestTarget(l.Method)
	l.Version = s.version()
	s.crlf(RuleCRLF)
}

// Simple-Request = "GET" SP Request-URI CRLF
func (s *scanner) simpleRequest() (target []byte) {
	s.literal(RuleMethod, "GET")
	s.literal(RuleSP, " ")
	start := s.pos
	s.requireNext('/', RuleRequestTarget)
	s.pathAndQuery()
	s.record(RuleRequestTarget, start)
	target = s.b[start:s.pos]
	s.crlf(RuleCRLF)
	return target
}

// request-target SP
//
// request-target = origin-form / absolute-form / authority-form / asterisk-form
func (s *scanner) requestTarget(method []byte) []byte {
	start, first := s.pos, RuleRequestTarget
	if string(method) == "CONNECT" {
		first = RuleHost
	}
	switch o := s.peek(first); {
	case o == '/':
		s.pathAndQuery()
	case string(method) == "CONNECT":
		s.authorityForm()
	case o == '*':
		s.pos++
	case lower(o) == 'h':
		s.absoluteForm()
	}
	s.record(RuleRequestTarget, start)
	sp := s.pos
	switch {
	case sp == len(s.b):
		s.halt(RuleHTTPVersion) // the target may be complete
		return nil
	case sp == start || s.b[sp] != ' ':
		s.halt(RuleRequestTarget)
		return nil
	}
	s.readTo(RuleSP, sp+1)
	return s.b[start:sp]
}

// absolute-form = "http://" authority path-abempty [ "?" query ]
//
// If the first letters are not those of the scheme, the fault is at the first octet: this is not a URL.
func (s *scanner) absoluteForm() {
	const scheme, rest = "http", "://"
	start := s.pos
	if s.skipFold(scheme); s.pos < len(s.b) && s.pos < start+len(scheme) {
		s.pos = start
		s.halt(RuleRequestTarget)
	}
	s.expectFold(RuleScheme, (scheme + rest)[s.pos-start:])
	last := s.authority()
	if o := s.peek(last); o != '/' && o != '?' && o != ' ' {
		s.halt(last)
	}
	s.pathAndQuery()
}

// authority-form = uri-host ":" port
//
// An empty port is refused (RFC 9110 section 9.3.6).
func (s *scanner) authorityForm() {
	s.host()
	s.expect(RulePort, ":")
	s.oneOrMore(RulePort, digit)
}

// authority = uri-host [ ":" port ]
//
// It returns the rule of its last part. If a wrong octet follows, it breaks that rule.
func (s *scanner) authority() Rule {
	s.host()
	if !s.at(':') {
		return RuleHost
	}
	s.pos++
	s.skip(digit)
	return RulePort
}

// uri-host = IP-literal / IPv4address / reg-name
//
// An empty reg-name is refused (RFC 9110 section 4.2.1).
func (s *scanner) host() {
	if s.at('[') {
		s.ipLiteral()
		return
	}
	start := s.pos
	if s.encoded(regName); s.pos == start {
		s.halt(RuleHost)
	}
}

// IP-literal = "[" ( IPv6address / IPvFuture ) "]"
func (s *scanner) ipLiteral() {
	s.pos++
	if s.at('v') || s.at('V') {
		s.ipFuture()
	} else {
		s.ipv6()
	}
	s.expect(RuleHost, "]")
}

// IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
func (s *scanner) ipFuture() {
	s.pos++
	s.oneOrMore(RuleHost, hexdig)
	s.expect(RuleHost, ".")
	s.oneOrMore(RuleHost, regName|colon)
}

// IPv6address: eight groups of hexadecimal digits, separated by ":". One "::" may take the place of
// one or more groups of zeros, and an IPv4 address the place of the last two groups.
func (s *scanner) ipv6() {
	left, elided := 8, false // how many groups may follow; whether "::" was read
	if s.at(':') {
		s.expect(RuleHost, "::")
		left, elided = 7, true
		if s.at(']') {
			return
		}
	}
	for left > 0 {
		start := s.pos
		s.h16()
		if s.at('.') && (left == 2 || elided && left > 2) && isDecOctet(s.b[start:s.pos]) {
			s.ipv4(start)
			return
		}
		left--
		switch {
		case left == 0 || elided && !s.at(':'):
			return
		case !elided && s.pos+1 < len(s.b) && string(s.b[s.pos:s.pos+2]) == "::":
			s.pos += 2
			if elided, left = true, left-1; s.at(']') {
				return
			}
		default:
			s.expect(RuleHost, ":")
		}
	}
}

// h16 = 1*4HEXDIG
func (s *scanner) h16() {
	s.oneOf(RuleHost, hexdig)
	s.pos = after(s.b[:min(len(s.b), s.pos+3)], s.pos, hexdig)
}

// IPv4address = dec-octet "." dec-octet "." dec-octet "." dec-octet
func (s *scanner) ipv4(start int) {
	s.pos = start
	s.decOctet()
	for range 3 {
		s.expect(RuleHost, ".")
		s.decOctet()
	}
}

// dec-octet = 0 to 255, without leading zeros
func (s *scanner) decOctet() {
	start := s.pos
	for s.pos < len(s.b) && isDecOctet(s.b[start:s.pos+1]) {
		s.pos++
	}
	if s.pos == start {
		s.halt(RuleHost)
	}
}

func isDecOctet(b []byte) bool {
	n := 0
	for i, o := range b {
		if !digit.has(o) || i > 0 && n == 0 {
			return false
		}
		if n = n*10 + int(o-'0'); n > 255 {
			return false
		}
	}
	return len(b) > 0
}

// path-abempty [ "?" query ]
func (s *scanner) pathAndQuery() { s.encoded(uriChar) }

// *( octet of class c / pct-encoded )
//
// pct-encoded = "%" HEXDIG HEXDIG
func (s *scanner) encoded(c class) {
	for s.skip(c); s.at('%'); s.skip(c) {
		s.pos++
		s.oneOf(RulePctEncoded, hexdig)
		s.oneOf(RulePctEncoded, hexdig)
	}
}

// HTTP-version = %s"HTTP/" DIGIT "." DIGIT
func (s *scanner) version() (v Version) {
	if v, ok := s.commonVersion(); ok {
		return v
	}
	start := s.pos
	s.expect(RuleHTTPVersion, "HTTP/")
	v.Major = s.digit(RuleHTTPVersion)
	s.expect(RuleHTTPVersion, ".")
	v.Minor = s.digit(RuleHTTPVersion)
	s.record(RuleHTTPVersion, start)
	return v
}

// DIGIT
func (s *scanner) digit(r Rule) uint8 { return s.oneOf(r, digit) - '0' }

// response-head = status-line CRLF *( field-line CRLF ) CRLF
func (s *scanner) responseHead(resp *Response) {
	s.statusLine(&resp.StatusLine)
	resp.Fields = s.fields(resp.Fields, true)
}

// status-line CRLF
//
// status-line = HTTP-version SP status-code SP [ reason-phrase ]
func (s *scanner) statusLine(l *StatusLine) {
	l.Offset = s.pos
	l.Version = s.statusVersion()
	s.literal(RuleStatusSP, " ")
	l.Code = s.statusCode()
	l.Reason = s.reasonPhrase()
	s.crlf(RuleCRLF)
}

// HTTP-version, in a status-line
//
// If the letters are not all capitals, the fault is at the octet that follows them. Up to there,
// the octets may also be the beginning of a Simple-Response.
func (s *scanner) statusVersion() Version {
	start := s.pos
	if b := s.b[start:]; len(b) >= 4 && string(b[:4]) == "HTTP" {
		return s.version()
	}
	s.expectFold(RuleHTTPVersion, "http")
	s.record(RuleHTTPVersion, start)
	s.halt(RuleHTTPVersion)
	return Version{}
}

// status-code SP
//
// status-code = 3DIGIT
func (s *scanner) statusCode() (code int) {
	start := s.pos
	for s.pos < len(s.b) && s.pos < start+3 && digit.has(s.b[s.pos]) {
		code = code*10 + int(s.b[s.pos]-'0')
		s.pos++
	}
	s.record(RuleStatusCode, start)
	switch {
	case s.pos < start+3:
		s.halt(RuleStatusCode)
	case s.pos == len(s.b):
		s.halt(RuleStatusSP)
	case s.b[s.pos] != ' ':
		s.halt(RuleStatusCode)
	default:
		s.readTo(RuleStatusSP, s.pos+1)
	}
	return code
}

// *( field-line CRLF ) CRLF
//
// A request may have as many fields as fs has capacity for, or DefaultFields if that is 0. A response may have
// MaxResponseFields: fs grows, because few responses have so many. Only in a response may a value continue on
// the next line.
func (s *scanner) fields(fs Fields, response bool) Fields {
	if cap(fs) == 0 && s.rule == 0 {
		fs = make(Fields, 0, DefaultFields)
	}
	if response {
		fs = fs[:0:min(cap(fs), MaxResponseFields)]
	}
	fs = s.fieldLines(fs[:0], response)
	for response && s.rule == 0 && len(fs) == cap(fs) && len(fs) < MaxResponseFields {
		more := make(Fields, len(fs), min(2*len(fs)+1, MaxResponseFields))
		copy(more, fs)
		fs = s.fieldLines(more, response)
	}
	if s.pos < len(s.b) && token.has(s.b[s.pos]) {
		s.halt(RuleFieldLimit) // another name follows, and fs is full
	}
	s.endOfHead(len(fs) > 0)
	return fs
}

// CRLF, the empty line
func (s *scanner) endOfHead(afterField bool) {
	switch o := s.peek(RuleEndOfHead); {
	case o == '\r' || o == '\n':
		s.crlf(RuleEndOfHead)
	case blank.has(o) && afterField:
		s.halt(RuleObsFold)
	default:
		s.halt(RuleFieldName)
	}
}

// *( field-name ":" OWS field-value OWS CRLF )
//
// The lines end where no name begins, or when fs is full. If folds is set, a value may continue on
// the next line.
func (s *scanner) fieldLines(fs Fields, folds bool) Fields {
	fs = s.commonLines(fs)
	for len(fs) < cap(fs) && s.pos < len(s.b) && token.has(s.b[s.pos]) {
		start := s.pos
		name := s.tokenUntil(RuleFieldName, ':', RuleColon)
		if name == nil {
			break
		}
		s.ows()
		fs = append(fs, Field{Name: name, Offset: start, ValueOffset: s.pos})
		fs[len(fs)-1].Value = s.fieldValue(folds)
		s.crlf(RuleCRLF)
	}
	return fs
}

// OWS = *( SP / HTAB )
func (s *scanner) ows() {
	start := s.pos
	s.skip(blank)
	s.record(RuleOWS, start)
}

// field-value OWS *( obs-fold field-value OWS )
func (s *scanner) fieldValue(folds bool) []byte {
	start := s.pos
	for s.valueLine(); folds && s.atFold(); s.valueLine() {
		fold := s.pos
		s.expect(RuleCRLF, "\r\n")
		s.skip(blank)
		s.record(RuleObsFold, fold)
	}
	return trimRight(s.b[start:s.pos], blank)
}

// field-value OWS, and CR follows
//
// field-value = *( VCHAR / obs-text / SP / HTAB )
func (s *scanner) valueLine() {
	start, end := s.pos, afterText(s.b, s.pos)
	s.readTo(RuleFieldValue, start+len(trimRight(s.b[start:end], blank)))
	s.readTo(RuleOWS, end)
	s.requireNext('\r', RuleFieldValue)
}

// [ reason-phrase ]
//
// reason-phrase = 1*( HTAB / SP / VCHAR / obs-text )
func (s *scanner) reasonPhrase() []byte {
	start := s.pos
	s.readTo(RuleReasonPhrase, afterText(s.b, start))
	s.requireNext('\r', RuleReasonPhrase)
	return s.b[start:s.pos]
}

// atFold reports whether a field line continues after the CR at pos: the next line begins with
// white space.
func (s *scanner) atFold() bool {
	return s.pos+2 < len(s.b) && s.b[s.pos+1] == '\n' && blank.has(s.b[s.pos+2])
}

// trimRight cuts the octets of class c off the end.
func trimRight(v []byte, c class) []byte {
	for len(v) > 0 && c.has(v[len(v)-1]) {
		v = v[:len(v)-1]
	}
	return v
}

// token = 1*tchar
func (s *scanner) token(r Rule) []byte {
	start := s.pos
	s.oneOrMore(r, token)
	return s.b[start:s.pos]
}

// token / quoted-string
//
// quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE
func (s *scanner) tokenOrQuoted(r Rule) []byte {
	if !s.at('"') {
		return s.token(r)
	}
	start := s.pos
	s.pos++
	for s.skip(qdtext); s.at('\\'); s.skip(qdtext) {
		s.pos++
		s.oneOf(r, text)
	}
	s.expect(r, `"`)
	return s.b[start:s.pos]
}
