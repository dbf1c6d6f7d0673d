package basicauth

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"

	"rawhttp/httpwire"
)

// Redact returns a copy of a message with an asterisk for each octet of a secret. The message may
// be invalid, or a part of one. Logs, error texts and listings show the result.
//
// In a head and in a body, Redact replaces
//
//   - the credentials that follow the scheme in Authorization (also spelled Authorisation) and
//     Proxy-Authorization,
//   - the values of Cookie, Cookie2, Set-Cookie and Set-Cookie2,
//   - what follows the word Basic, if it decodes to a name and a password,
//   - a token of at least 16 octets that follows the word Bearer,
//   - the user and the password that precede "@" in a URL, even if the scheme of the URL is missing
//     or misspelled, and
//   - the value of a field, of a parameter in a query or a form, or of a member of a JSON object, whose
//     name ends in token, password, passwd, pwd, secret, api_key, api-key or apikey. For example,
//     access_token and X-Api-Key do, and so does user[password].
//
// Octets of a name may be encoded, as in api%5Fkey or, in JSON, api\u005fkey. White space, invisible octets and
// most punctuation marks may stand between them, as in the misspelled fields Coo kie and Coo/kie, and between
// the name and its colon.
//
// In doubt, Redact replaces too much. A value in JSON ends as JSON does, and the value of a parameter ends at "&".
// Any other value ends with its line. The HTTP-version at the end of a request-line stays visible. The octets
// may end before the "@" of a URL. Then Redact replaces what follows "//", a name and a colon, unless that can
// be a port: digits up to the end, white space or an octet such as "/".
//
// Each octet stays at its offset. Redact does not change its argument. If there is no secret, it
// returns the argument itself. The time that it takes is proportional to the number of octets.
func Redact(octets []byte) []byte {
	r := redactor{in: octets, out: octets}
	// The octets are read twice: a password in a URL may hold a name, and the value that follows a name may
	// hold a URL.
	// The log redacts each request-line. Most of them have neither octet, and so no password in a URL.
	if bytes.IndexByte(octets, ':') >= 0 || bytes.IndexByte(octets, '@') >= 0 {
		r.redactURLs()
	}
	r.redactValues()
	return r.out
}

type redactor struct {
	in, out []byte

	// The rest is for redactValues.
	at    int  // the next octet
	text  int  // offset of the first visible ASCII in the line, other than a quote
	word  int  // end of the first word of the line, or of a line before, if inFirstWord has not looked
	first bool // whether no line before this one has such text
	line  int  // start of the line, or -1 if part is known
	part  bool // whether the line names a part of a multipart form that is a secret
	done  int  // end of the last value: the search for the end of another one begins here
}

// redactURLs redacts what precedes the last "@" in the authority of a URL. A word that follows "//", or
// a misspelling of it, is an authority. Any other word is an authority if it has a colon before the "@",
// unless it is part of a path.
func (r *redactor) redactURLs() {
	for start, end := 0, 0; start < len(r.in); start = end + 1 {
		end = r.find(start, blank|authorityEnd)
		word, from, before := r.in[start:end], start, r.octet(start-1)
		afterSlashes := slash.has(before) && (slash | colon).has(r.octet(start-2))
		at := bytes.LastIndexByte(word, '@')
		switch first := bytes.IndexByte(word, ':'); {
		case afterSlashes:
		case before == '/' || before == '?' || before == '#' || first < 0 || at < first:
			continue
		case start == 0 || lineEnd.has(before):
			from += first + 1 // a field name may precede the colon
		}
		r.replace(from, start+at)

		host := word[at+1:]
		port := bytes.IndexByte(host, ':') + 1
		if port == 0 || host[0] == '[' || len(bytes.Trim(host[port:], "0123456789")) == 0 {
			continue
		}
		// What follows the colon is not a port. So it is the beginning of a password that contains a blank
		// or an octet such as "/". The password ends at the last "@" of the line, and may hold a CR. If
		// the octets end within the line, the "@" may have been cut off.
		rest, _, found := bytes.Cut(r.in[end:], []byte("\n"))
		if last := bytes.LastIndexByte(rest, '@'); last >= 0 {
			r.replace(start, end+last)
			end += last
			continue
		}
		if !found {
			r.replace(end-len(host)+port, len(r.in))
		}
		end += len(rest)
	}
}

// redactValues redacts the values that follow a name.
func (r *redactor) redactValues() {
	r.first = true
	r.newLine(0)
	for r.at = r.findName(r.at); r.at < len(r.in); r.at = r.findName(r.at) {
		if lineEnd.has(r.in[r.at]) {
			r.first = r.first && r.text == r.at
			r.newLine(r.at + 1)
		} else {
			r.name()
		}
	}
}

// findName returns the offset of the first octet from at on that ends a line or may begin a name.
func (r *redactor) findName(at int) int {
	for at < len(r.in) && !secondOctets[r.in[at]][r.octet(at+1)] {
		at++
	}
	return at
}

// newLine begins the line at offset at. If the line before it named a part of a multipart form, the
// part is redacted, up to the line of hyphens that ends it (RFC 7578 section 4.1).
func (r *redactor) newLine(at int) {
	r.at, r.line, r.text = at, at, r.skip(at, quote|invisible)
	if r.part {
		r.part = false
		start := max(at, r.done)
		r.done = len(r.in)
		if i := bytes.Index(r.in[start:], []byte("\n--")); i >= 0 {
			r.done = start + i
		}
		r.replace(start, r.done)
	}
}

// namesPart reports whether a line may have the name of a part of a multipart form (RFC 7578 section
// 4.2). The line may be the second half of a Content-Disposition. In a line with "<", the name is that
// of an element of a page.
func namesPart(line []byte) bool {
	for _, start := range []string{`;name="`, ` name="`, "\tname=\""} {
		if bytes.Contains(line, []byte(start)) && bytes.IndexByte(line, '<') < 0 {
			return true
		}
	}
	return bytes.Contains(line, []byte("form-data"))
}

// name reads one octet. If a name begins there, name redacts the value. It reads the value of a field as
// well. Any other value may hold another name.
func (r *redactor) name() {
	at := r.at
	switch after, k := r.longestName(at); k {
	case none:
	case basicKind, bearerKind:
		r.token(after, k)
	default:
		r.value(after, k)
	}
	r.at = max(r.at, at+1)
}

// longestName returns the end and the kind of the name that begins at an offset. If one name begins with another
// one, the longer one counts: no value can follow the shorter one. But if filler stands between Cookie and 2, and
// no colon or equals sign follows, the 2 begins the value.
func (r *redactor) longestName(at int) (after int, k kind) {
	s, after := &states[0], at
	shorter, shorterEnd := s, at
	for next := at; next < len(r.in); {
		o, n := r.octet(next), 1
		if escape.has(o) {
			o, n = decode(r.in[next:])
		}
		if s.next[o] != 0 {
			if s.kind != none && next > after {
				shorter, shorterEnd = s, after
			}
			s, after = &states[s.next[o]], next+n
		} else if s == &states[0] || !filler.has(o) {
			break
		}
		next += n
	}
	if shorter.kind != none {
		if sign, _ := r.sign(after); sign == 0 {
			return shorterEnd, shorter.kind
		}
	}
	return after, s.kind
}

// decode returns the octet that octets begin with, which may be encoded as in a URL or in JSON, and the
// number of octets that it takes.
func decode(octets []byte) (o byte, n int) {
	switch {
	case octets[0] == '%':
		n = len("%41")
	case bytes.HasPrefix(octets, []byte(`\u00`)):
		n = len(`\u0041`)
	}
	if n == 0 || n > len(octets) {
		return octets[0], 1
	}
	high, low := hexValues[octets[n-2]], hexValues[octets[n-1]]
	if high|low > 15 {
		return octets[0], 1
	}
	return high<<4 | low, n
}

// hexValues has the value of each hexadecimal digit, and a larger number for any other octet.
var hexValues = func() (t [256]byte) {
	for o := range t {
		t[o] = byte(strings.IndexByte("0123456789abcdef", byte(o)))
	}
	copy(t['A':], t['a':'f'+1])
	return t
}()

// value redacts the value that follows a name. Without a sign, it does so only if the name can be that
// of a field: at the start of a line, and anywhere in the first line unless a delimiter follows the name,
// as in a list of names. One such as X-Auth-Token has a hyphen: without it, token is a word of a text.
func (r *redactor) value(after int, k kind) {
	sign, start := r.sign(after)
	next := r.octet(after)
	if start == after && !lineEnd.has(next) && (k == parameterKind || r.text != r.at || wordChar.has(next)) {
		return // the beginning of another name, or a part of a path
	}
	if sign == 0 && r.line >= 0 {
		r.part = namesPart(r.in[r.line:r.find(r.at, lineEnd)])
		r.line = -1
	}
	switch {
	case sign == 0 && k == parameterKind && (r.octet(r.at-1) != '-' || !r.inFirstWord()):
	case sign == 0 && k != parameterKind && r.text != r.at && (!r.first || delimiter.has(next)):
	case sign == ':' && k == parameterKind && (quote.has(next) || next == '\\'):
		r.member(start, next == '\\')
	case sign == '%' || k == parameterKind && (sign == '=' || !r.inFirstWord()):
		r.parameter(start, sign)
	default:
		r.field(start, k)
	}
}

// inFirstWord reports whether the name at r.at is part of the first word of its line, as the name
// of a field is.
func (r *redactor) inFirstWord() bool {
	if r.word <= r.text {
		r.word = r.find(r.text, blank|colon)
	}
	return r.at < r.word
}

// sign returns the colon or the equals sign that follows a name, and the offset of the value. For an
// encoded one it returns '%'. Filler may precede it. If there is no sign, sign is 0, and one octet of white
// space, a quote or a delimiter takes its place.
func (r *redactor) sign(after int) (sign byte, value int) {
	value = after
	for at := after; at < len(r.in); {
		o, n := r.in[at], 1
		if escape.has(o) {
			o, n = decode(r.in[at:])
		}
		switch {
		case n > 1 && (o == ':' || o == '='):
			return '%', at + n
		case o == ':' || o == '=':
			return o, at + n
		case !filler.has(o):
			return 0, value
		case at == after && (o == '\\' || (quote | delimiter | invisible).has(o)):
			value += n
		}
		at += n
	}
	return 0, value
}

// parameter redacts a value that ends with "&" or the line. After a colon it ends with the line, because a
// text may have "&" in a password.
func (r *redactor) parameter(start int, sign byte) {
	start = max(start, r.done)
	end := parameterEnd
	if sign == ':' {
		end = lineEnd
	}
	r.done = r.find(start, end)
	r.replaceInLine(start, r.done)
}

// replaceInLine replaces what may be the rest of a request-line. The HTTP-version stays.
func (r *redactor) replaceInLine(start, end int) {
	line := bytes.TrimRight(r.in[start:end], " \t")
	last := bytes.LastIndexByte(line, ' ') + 1
	name, number, ok := bytes.Cut(line[last:], []byte("/"))
	if ok && httpwire.EqualFold(name, "HTTP") && len(bytes.Trim(number, ".0123456789")) == 0 {
		end = start + last
	}
	r.replace(start, end)
}

// member redacts the value of a member of a JSON object. If nested is set, the object is part of a string.
// Then member redacts the rest of the string.
func (r *redactor) member(start int, nested bool) {
	if start < r.done {
		return
	}
	inside, depth := byte(0), 0 // the quote that ends the string, and how many brackets are open
	if nested {
		inside = '"'
	}
	end := r.skip(start, blank|colon)
	for ; end < len(r.in); end++ {
		o := r.in[end]
		if inside == 0 && depth == 0 && (blank | memberEnd).has(o) {
			break
		}
		switch {
		case o == '\\':
			end++
		case o == inside:
			inside = 0
		case inside != 0:
		case o == '"' || o == '\'':
			inside = o
		case o == '[' || o == '{':
			depth++
		case o == ']' || o == '}':
			depth--
		}
	}
	r.done = min(end, len(r.in))
	r.replace(start, r.done)
}

// field redacts the value of a field. The search for names goes on after the value.
func (r *redactor) field(start int, k kind) {
	start = max(start, r.done)
	firstEnd := r.find(start, lineEnd)
	end := r.nextLine(firstEnd)
	for r.continues(end) {
		end = r.nextLine(end)
	}
	if k == credentialsKind {
		start = r.afterScheme(start, end)
	}
	firstEnd = max(firstEnd, start)
	r.replaceInLine(start, firstEnd)
	r.replace(firstEnd, end)
	r.first = false
	r.newLine(end)
}

// nextLine returns the start of the line that follows the one at offset at. CR LF, CR and LF end a line.
func (r *redactor) nextLine(at int) int {
	end := r.find(at, lineEnd)
	if r.octet(end) == '\r' && r.octet(end+1) == '\n' {
		end++
	}
	return min(end+1, len(r.in))
}

// continues reports whether the line at offset at continues the value of a field: it is folded, or it
// is a single word or a pair such as b=c, without a colon. Such a line comes from a value that was
// broken over two lines.
func (r *redactor) continues(at int) bool {
	line := r.in[at:r.find(at, lineEnd)]
	switch {
	case len(line) == 0:
		return false
	case space.has(line[0]):
		return true
	}
	return bytes.IndexByte(line, ':') < 0 && !bytes.Contains(line, []byte("HTTP/")) &&
		(r.find(at, blank) == at+len(line) || bytes.IndexByte(line, '=') >= 0)
}

// schemes are the schemes that stay visible in credentials. Any other first word may be the secret.
var schemes = []string{"Basic", "Bearer", "Digest", "DPoP", "HOBA", "Mutual", "Negotiate", "NTLM",
	"OAuth", "PrivateToken", "SCRAM-SHA-1", "SCRAM-SHA-256", "Token", "vapid"}

// afterScheme returns the start of the credentials in the value from start to end: the end of a
// known scheme if something follows it, and start otherwise.
func (r *redactor) afterScheme(start, end int) int {
	name := r.skip(start, blank)
	after := r.find(name, blank)
	if r.skip(after, blank) >= end {
		return start
	}
	for _, scheme := range schemes {
		if httpwire.EqualFold(r.in[name:after], scheme) {
			return after
		}
	}
	return start
}

// token redacts the credentials that follow the name of a scheme without the name of a field.
func (r *redactor) token(after int, k kind) {
	start := r.skip(after, space)
	if start == after || wordChar.has(r.octet(r.at-1)) {
		return
	}
	end := r.find(start, blank|tokenEnd)
	if token := r.in[start:end]; k == bearerKind && len(token) >= 16 || k == basicKind && isPair(token) {
		r.replace(start, end) // any other token is part of a sentence or of a challenge
	}
}

// isPair reports whether a part of a token is base64 of octets that hold a colon.
func isPair(token []byte) bool {
	var pair [48]byte
	for part := range slices.Chunk(bytes.TrimRight(token, "="), len(pair)/3*4) {
		n, _ := base64.RawStdEncoding.Decode(pair[:], part)
		if bytes.IndexByte(pair[:n], ':') >= 0 {
			return true
		}
	}
	return false
}

// octet returns the octet at an offset, or 0 if there is none.
func (r *redactor) octet(at int) byte {
	if at < 0 || at >= len(r.in) {
		return 0
	}
	return r.in[at]
}

// skip returns the offset of the first octet from at on that is not in a class.
func (r *redactor) skip(at int, c class) int {
	for at < len(r.in) && c.has(r.in[at]) {
		at++
	}
	return at
}

// find returns the offset of the first octet from at on that is in a class.
func (r *redactor) find(at int, c class) int {
	for at < len(r.in) && !c.has(r.in[at]) {
		at++
	}
	return at
}

// replace replaces the octets from start to end, except white space and controls, with asterisks.
func (r *redactor) replace(start, end int) {
	for i := start; i < end; i++ {
		if o := r.in[i]; o > ' ' && o != 0x7F {
			if &r.out[0] == &r.in[0] {
				r.out = bytes.Clone(r.in)
			}
			r.out[i] = '*'
		}
	}
}
