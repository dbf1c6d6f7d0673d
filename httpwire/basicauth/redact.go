package basicauth

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"rawhttp/httpwire"
)

// A kind says what follows a name.
type kind int

const (
	parameterKind   kind = iota // "=" or ":", and the value of a parameter, a field or a member in JSON
	fieldKind                   // the value of a field; in an invalid one the colon may be missing
	credentialsKind             // the same, with a scheme that stays visible if it is known
	basicKind                   // white space, and base64 of octets that have a colon
	bearerKind                  // white space, and a token of at least 16 octets
)

type secret struct {
	name string
	kind kind
}

// secrets are the ends of the names that precede a secret. The case of letters does not count.
var secrets = []secret{
	{"Authorization", credentialsKind},
	{"Proxy-Authorization", credentialsKind},
	{"Cookie", fieldKind},
	{"Set-Cookie", fieldKind},
	{"Set-Cookie2", fieldKind},
	{"token", parameterKind},
	{"password", parameterKind},
	{"passwd", parameterKind},
	{"pwd", parameterKind},
	{"secret", parameterKind},
	{"api_key", parameterKind},
	{"api-key", parameterKind},
	{"apikey", parameterKind},
	{"Basic", basicKind},
	{"Bearer", bearerKind},
}

// byFirst has the secrets for each first letter of a name, in either case. seconds has the second letters
// of these names: the last five bits of a letter, in either case, are the number of a bit.
var byFirst, seconds = func() (rows [256][]secret, letters [256]uint32) {
	for _, s := range secrets {
		small := s.name[0] | 0x20
		rows[small] = append(rows[small], s)
		letters[small] |= 1 << (s.name[1] & 31)
		rows[small-0x20], letters[small-0x20] = rows[small], letters[small]
	}
	return rows, letters
}()

// Redact returns a copy of a message with an asterisk for each octet of a secret. The message may
// be invalid, or a part of one. Logs, error texts and listings show the result.
//
// In a head and in a body, Redact replaces
//
//   - the credentials that follow the scheme in Authorization and Proxy-Authorization,
//   - the values of Cookie, Set-Cookie and Set-Cookie2,
//   - what follows the word Basic, if it decodes to a name and a password,
//   - a token of at least 16 octets that follows the word Bearer,
//   - the user and the password that precede "@" in a URL, even if the scheme of the URL is missing
//     or misspelled, and
//   - the value of a field, of a parameter in a query or a form, or of a member of a JSON object, whose
//     name ends in token, password, passwd, pwd, secret, api_key, api-key or apikey. For example,
//     access_token and X-Api-Key do, and so does user[password].
//
// Octets of a name may be encoded, as in api%5Fkey or, in JSON, api\u005fkey.
//
// In doubt, Redact replaces too much. A value in JSON ends as JSON does, and that of a parameter at "&".
// Any other value ends with its line. The HTTP-version at the end of a request-line stays visible.
//
// Each octet stays at its offset. Redact does not change its argument. If there is no secret, it
// returns the argument itself. It takes time in proportion to the number of octets.
func Redact(octets []byte) []byte {
	if !mayHoldSecret(octets) {
		return octets
	}
	return redact(octets)
}

// mayHoldSecret reports whether octets hold a colon or an "@", as a URL with a password does, a name
// that precedes a secret, or a "%" or a backslash, which may be part of such a name. The log redacts
// each request-line, and most of them hold no secret. mayHoldSecret finds that out in a tenth of the
// time that redact takes. FuzzRedact compares Redact with redact.
func mayHoldSecret(octets []byte) bool {
	for i, o := range octets {
		if o == ':' || o == '@' || o == '%' || o == '\\' {
			return true
		}
		if next := i + 1; next == len(octets) || seconds[o]>>(octets[next]&31)&1 == 0 {
			continue
		}
		for _, s := range byFirst[o] {
			if end := i + len(s.name); end <= len(octets) && httpwire.EqualFold(octets[i:end], s.name) {
				return true
			}
		}
	}
	return false
}

// redact is the definition of Redact. It reads the octets twice, because a password in a URL may hold a
// name, and the value that follows a name may hold a URL.
func redact(octets []byte) []byte {
	r := redactor{in: octets, out: octets}
	r.redactURLs()
	r.redactValues()
	return r.out
}

type redactor struct {
	in, out []byte

	// The rest is for redactValues.
	at    int  // the next octet
	text  int  // offset of the first visible ASCII in the line, other than a quote
	first bool // whether no line before this one has such text
	form  bool // whether the line may name a part of a multipart form
	part  bool // whether that part is a secret
	done  int  // end of the last value: the search for the end of another one begins here
}

const blank = " \t\r\n"

// redactURLs redacts what precedes the last "@" in the authority of a URL. A word that follows "//", or
// what may be meant as that, is an authority. Another word is one if it has a colon before the "@",
// unless it is part of a path.
func (r *redactor) redactURLs() {
	for start, end := 0, 0; start < len(r.in); start = end + 1 {
		end = r.find(start, blank+`"<>/\?#`)
		word, from := r.in[start:end], start
		at, colon := bytes.LastIndexByte(word, '@'), bytes.IndexByte(word, ':')
		switch before := r.octet(start - 1); {
		case has(`/\`, before) && has(`/\:`, r.octet(start-2)):
		case has("/?#", before) || colon < 0 || at < colon:
			continue
		case start == 0 || has("\r\n", before):
			from += colon + 1 // a field name may precede the colon
		}
		r.replace(from, start+at)

		host := word[at+1:]
		colon = bytes.IndexByte(host, ':')
		if colon < 0 || host[0] == '[' || len(bytes.Trim(host[colon+1:], "0123456789")) == 0 {
			continue
		}
		// What follows the colon is not a port. So it is the beginning of a password with an octet that
		// ends words. The password ends at the last "@" of the line, and may hold a CR. If the octets end
		// within the line, the "@" may have been cut off.
		lineEnd := r.find(end, "\n")
		if last := bytes.LastIndexByte(r.in[end:lineEnd], '@'); last >= 0 {
			r.replace(start, end+last)
			end += last
			continue
		}
		if lineEnd == len(r.in) {
			r.replace(end-len(host)+colon+1, lineEnd)
		}
		end = lineEnd
	}
}

// redactValues redacts the values that follow a name.
func (r *redactor) redactValues() {
	r.first = true
	r.newLine(0)
	for r.at < len(r.in) {
		if o := r.in[r.at]; o == '\r' || o == '\n' {
			r.first = r.first && r.text == r.at
			r.newLine(r.at + 1)
		} else {
			r.name()
		}
	}
}

// newLine begins the line at offset at. If the line before it named a part of a multipart form, the
// part is redacted, up to the line of hyphens that ends it (RFC 7578 section 4.1).
func (r *redactor) newLine(at int) {
	r.at, r.text = at, at
	for r.text < len(r.in) && (has(`"'`, r.in[r.text]) || isInvisible(r.in[r.text])) {
		r.text++
	}
	r.form = namesPart(r.in[at:r.find(at, "\r\n")])
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
	first, _ := decode(r.in[at:])
	for _, s := range byFirst[first] {
		switch after := at + nameLength(r.in[at:], s.name); {
		case after == at:
		case s.kind == basicKind || s.kind == bearerKind:
			r.token(after, s.kind)
		default:
			r.value(after, s.kind)
		}
	}
	r.at = max(r.at, at+1)
}

// nameLength returns the number of octets in the name that octets begin with, or 0 if they begin with
// another one. The case of letters does not count, and each may be encoded.
func nameLength(octets []byte, name string) (length int) {
	for i := range len(name) {
		o, n := decode(octets[length:])
		if n == 0 || !httpwire.EqualFold([]byte{o}, name[i:i+1]) {
			return 0
		}
		length += n
	}
	return length
}

// decode returns the first octet, which may be encoded as in a URL or in JSON, and the number of octets
// that it takes.
func decode(octets []byte) (o byte, n int) {
	if len(octets) == 0 {
		return 0, 0
	}
	prefix := "%"
	if octets[0] == '\\' {
		prefix = `\u00`
	}
	if end := len(prefix) + 2; octets[0] == prefix[0] && end <= len(octets) {
		var decoded [1]byte
		_, err := hex.Decode(decoded[:], octets[len(prefix):end])
		if err == nil && string(octets[:len(prefix)]) == prefix {
			return decoded[0], end
		}
	}
	return octets[0], 1
}

// value redacts the value that follows a name. Without a sign, it does so only if the name can be that
// of a field: at the start of a line, and anywhere in the first line unless a delimiter follows the name,
// as in a list of names.
func (r *redactor) value(after int, k kind) {
	sign, start := r.sign(after)
	if start == after && !has("\r\n", r.octet(after)) {
		return // the beginning of another name
	}
	r.part = r.part || r.form && sign == 0
	switch {
	case sign == 0 && (k == parameterKind || r.text != r.at && (!r.first || has(delimiters, r.octet(after)))):
	case sign == ':' && k == parameterKind && has(`"'\`, r.in[after]):
		r.member(start, r.in[after] == '\\')
	case sign == '%' || k == parameterKind && (sign == '=' || !r.inFirstWord()):
		r.parameter(start)
	default:
		r.field(start, k)
	}
}

// inFirstWord reports whether the name at r.at is part of the first word of its line, as that of a field
// is.
func (r *redactor) inFirstWord() bool {
	return bytes.LastIndexAny(r.in[min(r.text, r.at):r.at], blank+":") < 0
}

const delimiters = "(),;<>@[]{}"

// sign returns the colon or the equals sign that follows a name, and the offset of the value. For an
// encoded one it returns '%'. White space, quotes and octets that no name has may precede it. If there is
// no sign, sign is 0, and the first of those octets takes its place.
func (r *redactor) sign(after int) (sign byte, value int) {
	_, first := decode(r.in[after:])
	for at := after; ; {
		o, n := decode(r.in[at:])
		switch {
		case n > 1 && (o == ':' || o == '='):
			return '%', at + n
		case o == ':' || o == '=':
			return o, at + n
		case n > 0 && (isInvisible(o) || has(`"'\`+delimiters, o)):
			at += n
		default:
			return 0, min(after+first, at)
		}
	}
}

// parameter redacts a value that ends with "&" or the line.
func (r *redactor) parameter(start int) {
	start = max(start, r.done)
	r.done = r.find(start, "&\r\n")
	r.replaceInLine(start, r.done)
}

// replaceInLine replaces what may be the rest of a request-line. The HTTP-version stays.
func (r *redactor) replaceInLine(start, end int) {
	word := start + bytes.LastIndexByte(r.in[start:end], ' ') + 1
	version, ok := bytes.CutPrefix(r.in[word:end], []byte("HTTP/"))
	if ok && len(bytes.Trim(version, ".0123456789")) == 0 {
		end = word
	}
	r.replace(start, end)
}

// member redacts the value of a member of a JSON object. If nested is set, the object is part of a string.
// Then member redacts the rest of the string.
func (r *redactor) member(start int, nested bool) {
	if start < r.done {
		return
	}
	quote, depth := byte(0), 0 // what ends the string, and how many brackets are open
	if nested {
		quote = '"'
	}
	end := r.skip(start, blank+":")
	for ; end < len(r.in); end++ {
		o := r.in[end]
		if quote == 0 && depth == 0 && has(blank+",]}", o) {
			break
		}
		switch {
		case o == '\\':
			end++
		case o == quote:
			quote = 0
		case quote != 0:
		case o == '"' || o == '\'':
			quote = o
		case o == '[' || o == '{':
			depth++
		case o == ']' || o == '}':
			depth--
		}
	}
	r.done = min(end, len(r.in))
	r.replace(start, r.done)
}

// field redacts the value of a field, and reads it.
func (r *redactor) field(start int, k kind) {
	start = max(start, r.done)
	lineEnd := r.find(start, "\r\n")
	end := r.nextLine(lineEnd)
	for r.continues(end) {
		end = r.nextLine(end)
	}
	if k == credentialsKind {
		start = r.afterScheme(start, end)
	}
	lineEnd = max(lineEnd, start)
	r.replaceInLine(start, lineEnd)
	r.replace(lineEnd, end)
	r.done = end
	r.first = false
	r.newLine(end)
}

// nextLine returns the start of the line that follows the one at offset at. CR LF, CR and LF end a line.
func (r *redactor) nextLine(at int) int {
	end := r.find(at, "\r\n")
	if bytes.HasPrefix(r.in[end:], []byte("\r\n")) {
		end++
	}
	return min(end+1, len(r.in))
}

// continues reports whether the line at offset at continues the value of a field: it is folded, or it
// is a single word or a pair such as b=c, without a colon. Such a line comes from a value that was
// broken over two lines.
func (r *redactor) continues(at int) bool {
	line := r.in[at:r.find(at, "\r\n")]
	switch {
	case len(line) == 0:
		return false
	case line[0] == ' ' || line[0] == '\t':
		return true
	}
	return bytes.IndexByte(line, ':') < 0 && !bytes.Contains(line, []byte("HTTP/")) &&
		(!bytes.ContainsAny(line, blank) || bytes.IndexByte(line, '=') >= 0)
}

// schemes are the schemes that stay visible in credentials. Any other first word may be the secret.
var schemes = []string{"Basic", "Bearer", "Digest", "DPoP", "HOBA", "Mutual", "Negotiate", "NTLM",
	"OAuth", "PrivateToken", "SCRAM-SHA-1", "SCRAM-SHA-256", "Token", "vapid"}

// afterScheme returns the start of the credentials in the value from start to end: the end of a
// known scheme if something follows it, and start otherwise.
func (r *redactor) afterScheme(start, end int) int {
	value := bytes.TrimLeft(r.in[start:end], blank)
	after := bytes.IndexAny(value, blank)
	if after < 0 || len(bytes.Trim(value[after:], blank)) == 0 {
		return start
	}
	for _, scheme := range schemes {
		if httpwire.EqualFold(value[:after], scheme) {
			return end - len(value) + after
		}
	}
	return start
}

// token redacts the credentials that follow the name of a scheme without the name of a field.
func (r *redactor) token(after int, k kind) {
	start := r.skip(after, " \t")
	if start == after || isWord(r.octet(r.at-1)) {
		return
	}
	end := r.find(start, blank+"\",;<>")
	if token := r.in[start:end]; k == bearerKind && len(token) >= 16 || k == basicKind && isPair(token) {
		r.replace(start, end) // any other token is part of a sentence or of a challenge
	}
}

// isPair reports whether the start of a token is base64 of octets that hold a colon.
func isPair(token []byte) bool {
	token = bytes.TrimRight(token, "=")
	pair := make([]byte, base64.RawStdEncoding.DecodedLen(len(token)))
	n, _ := base64.RawStdEncoding.Decode(pair, token)
	return bytes.IndexByte(pair[:n], ':') >= 0
}

// isWord reports whether an octet can be part of the same word as the name of a scheme after it.
func isWord(o byte) bool {
	return 'a' <= o|0x20 && o|0x20 <= 'z' || '0' <= o && o <= '9' || o == '-' || o == '_'
}

func has(set string, o byte) bool { return strings.IndexByte(set, o) >= 0 }

// isInvisible reports whether an octet is neither visible ASCII nor part of a line end.
func isInvisible(o byte) bool { return o <= ' ' && o != '\r' && o != '\n' || o >= 0x7F }

// octet returns the octet at an offset, or 0 if there is none.
func (r *redactor) octet(at int) byte {
	if at < 0 || at >= len(r.in) {
		return 0
	}
	return r.in[at]
}

// skip returns the offset of the first octet from at on that is not in a set.
func (r *redactor) skip(at int, set string) int {
	return len(r.in) - len(bytes.TrimLeft(r.in[at:], set))
}

// find returns the offset of the first octet from at on that is in a set.
func (r *redactor) find(at int, set string) int {
	if i := bytes.IndexAny(r.in[at:], set); i >= 0 {
		return at + i
	}
	return len(r.in)
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
