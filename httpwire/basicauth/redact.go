package basicauth

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"rawhttp/httpwire"
)

// A form says what kind of name precedes a secret.
type form int

const (
	credentialsForm form = iota + 1 // a field name; a known scheme in the value stays visible
	fieldForm                       // a field name; the whole value is the secret
	parameterForm                   // the end of a name in name=value, in JSON, or of a field
	basicForm                       // a scheme; the secret is base64 that holds a colon
	bearerForm                      // a scheme; the secret is a token
)

// secrets are the names that precede a secret. The case of letters does not count.
var secrets = []struct {
	name string
	form form
}{
	{"Authorization", credentialsForm},
	{"Proxy-Authorization", credentialsForm},
	{"Cookie", fieldForm},
	{"Set-Cookie", fieldForm},
	{"Set-Cookie2", fieldForm},
	{"token", parameterForm},
	{"password", parameterForm},
	{"passwd", parameterForm},
	{"pwd", parameterForm},
	{"secret", parameterForm},
	{"api_key", parameterForm},
	{"api-key", parameterForm},
	{"apikey", parameterForm},
	{"Basic", basicForm},
	{"Bearer", bearerForm},
}

// byFirst has, for each first letter of a name in either case, the indices of these secrets.
var byFirst = func() (rows [256][]int) {
	for i, s := range secrets {
		small := s.name[0] | 0x20
		rows[small] = append(rows[small], i)
		rows[small-0x20] = rows[small]
	}
	return rows
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
//     access_token and X-Api-Key do, and so does user[password]. A value that is a JSON object stays.
//
// Letters of a name may be percent-encoded, as in api%5Fkey.
//
// Each octet stays at its offset. Octets that are not allowed in a value or a URL stay visible,
// because an error text may be about them. Redact does not change its argument. If there is no
// secret, it returns the argument itself. It takes time in proportion to the number of octets.
func Redact(octets []byte) []byte {
	if !mayHoldSecret(octets) {
		return octets
	}
	return redact(octets)
}

// redact is the definition of Redact.
func redact(octets []byte) []byte {
	r := redactor{in: octets}
	r.newWord(0, maybeAuthority)
	for r.at < len(r.in) {
		r.step()
	}
	r.endWord()
	if r.out == nil {
		return r.in
	}
	return r.out
}

// What a word can be in a URL. The user and the password precede "@" in the authority.
const (
	noAuthority    = iota // a path, a query or a fragment: "@" has no meaning
	maybeAuthority        // does not follow "//": it is an authority if a colon precedes "@"
	sureAuthority         // follows "//"
)

// A redactor reads the octets once, from left to right. Words are separated by blanks, quotes,
// angle brackets, line ends, "/", "\", "?" and "#".
type redactor struct {
	in, out  []byte
	at       int
	redacted int // end of what was redacted last

	line      int  // start of the line
	lines     int  // number of lines with text so far
	text      bool // whether the line has visible ASCII other than quotes
	marked    bool // whether the line has an octet of <>"/
	body      bool // whether an empty line has ended the head
	word      int  // start of the word
	colon     int  // offset of the first colon in the word, or -1
	authority int  // what the word can be
	first     bool // whether the word is the first text of its line
	lastAt    int  // offset of the last "@" in the line that ends at sought
	sought    int  // end of the line for which lastAt is known

	valueFrom int  // from here on the next three are known
	valueEnd  int  // offset of the next "&" or line end
	lastSpace int  // offset of the last space before valueEnd
	slash     bool // whether "/" is between lastSpace and valueEnd
}

// step reads one octet, or a whole secret.
func (r *redactor) step() {
	switch o := r.in[r.at]; o {
	case '\r', '\n':
		r.endWord()
		r.newLine()
	case ' ', '\t', '"', '<', '>', '/', '\\', '?', '#':
		r.endWord()
		r.at++
		r.beginWord(o)
		r.marked = r.marked || strings.IndexByte(`<>"/`, o) >= 0
	case ':':
		if r.colon < 0 {
			r.colon = r.at
		}
		r.text = true
		r.at++
	case '@':
		r.redactUser()
		r.text = true
		r.at++
	default:
		if r.secret() {
			return
		}
		r.text = r.text || ' ' < o && o < 0x7F && o != '\''
		r.at++
	}
}

// newLine reads one line end: CR LF, CR or LF.
func (r *redactor) newLine() {
	r.body = r.body || r.lines > 0 && r.line == r.at
	if r.in[r.at] == '\r' && r.at+1 < len(r.in) && r.in[r.at+1] == '\n' {
		r.at++
	}
	r.at++
	if r.text {
		r.lines++
	}
	r.line, r.text, r.marked = r.at, false, false
	r.newWord(r.at, maybeAuthority)
}

func (r *redactor) newWord(at, authority int) {
	r.word, r.colon, r.authority, r.first = at, -1, authority, !r.text
}

// beginWord begins the word that follows the octet o.
func (r *redactor) beginWord(o byte) {
	r.text = r.text || o > ' ' && o != '"'
	before := byte(0) // the octet before o
	if r.at >= 2 {
		before = r.in[r.at-2]
	}
	switch {
	case (o == '/' || o == '\\') && (before == '/' || before == '\\' || before == ':'):
		r.newWord(r.at, sureAuthority)
	case o == '/' || o == '?' || o == '#':
		r.newWord(r.at, noAuthority)
	default:
		r.newWord(r.at, maybeAuthority)
	}
}

// redactUser redacts what precedes "@" in a word that can be the authority of a URL.
func (r *redactor) redactUser() {
	start := max(r.word, r.redacted)
	switch {
	case r.authority == noAuthority:
		return
	case r.authority == maybeAuthority && r.colon < 0:
		return
	case r.authority == maybeAuthority && r.word == r.line:
		start = max(r.colon+1, r.redacted) // a field name may precede the colon
	}
	r.redactURL(start, r.at)
	r.newWord(r.at, sureAuthority) // if another "@" follows, this one is part of the password
}

// endWord redacts an authority without "@" if what follows its colon is not a port. Then it is the
// first part of a password with an octet that separates words. The password ends at the last "@" of
// the line. If the octets end within the line, the "@" may have been cut off.
func (r *redactor) endWord() {
	if r.authority != sureAuthority || r.colon < 0 {
		return
	}
	word, port := r.in[r.word:r.at], r.in[r.colon+1:r.at]
	isIPv6 := bytes.HasPrefix(bytes.TrimPrefix(word, []byte("@")), []byte("["))
	if isIPv6 || len(bytes.Trim(port, "0123456789")) == 0 {
		return
	}
	if end := r.lastAtOfLine(); end > r.at {
		r.redactURL(max(r.word, r.redacted), end)
	} else if r.sought == len(r.in) && !bytes.HasSuffix(r.in, []byte("\n")) {
		r.redactURL(max(r.colon+1, r.redacted), len(r.in))
	}
}

// lastAtOfLine returns the offset of the last "@" in the line, or a negative number. A CR alone may be
// an octet of the password.
func (r *redactor) lastAtOfLine() int {
	if r.at >= r.sought {
		r.sought = r.find(r.at, "\n")
		r.lastAt = -1
		if i := bytes.LastIndexByte(r.in[r.at:r.sought], '@'); i >= 0 {
			r.lastAt = r.at + i
		}
	}
	return r.lastAt
}

// secret redacts a secret if the name of one is next. It does not always read more than the name,
// because the secret may hold the name of another one.
func (r *redactor) secret() bool {
	first, _ := decode(r.in[r.at:])
	for _, i := range byFirst[first] {
		length := nameLength(r.in[r.at:], secrets[i].name)
		if length == 0 {
			continue
		}
		after := r.at + length
		start, found := r.at, false
		switch form := secrets[i].form; form {
		case credentialsForm, fieldForm:
			found = r.field(after, form)
		case parameterForm:
			found = r.parameter(after)
		default:
			found = r.scheme(after, form)
		}
		if found {
			r.text = r.text || r.line <= start
			return true
		}
	}
	return false
}

// nameLength returns the number of octets in the name that octets begin with, or 0 if they begin with
// another one. The case of letters does not count, and each may be percent-encoded.
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

// decode returns the first octet, which may be percent-encoded, and the number of octets that it takes.
func decode(octets []byte) (o byte, n int) {
	switch {
	case len(octets) == 0:
		return 0, 0
	case octets[0] == '%' && len(octets) >= len("%41"):
		var decoded [1]byte
		if _, err := hex.Decode(decoded[:], octets[1:len("%41")]); err == nil {
			return decoded[0], len("%41")
		}
	}
	return octets[0], 1
}

// field redacts the value of the field whose name ends at offset after. At the
// start of a line, and anywhere in the first line, the name is enough. Elsewhere a colon or an
// equals sign must follow it.
func (r *redactor) field(after int, form form) bool {
	if r.at > 0 && (r.in[r.at-1] == '-' || r.in[r.at-1] == '_') {
		return false // the end of another name
	}
	start := r.skip(after, separators)
	if start == after {
		start = r.skipStrange(after)
	}
	separator := r.in[after:start]
	isField := !r.text && bytes.IndexByte(separator, ':') >= 0
	encoded := !isField && start < len(r.in) && r.in[start] == '%'
	switch {
	case bytes.ContainsAny(separator, ":=") || encoded:
	case r.text && r.lines > 0:
		return false
	case start == after && start < len(r.in) && r.in[start] != '\r' && r.in[start] != '\n':
		return false // the beginning of another name
	}
	if encoded { // as part of a URL
		from := max(start, r.redacted)
		r.redactURL(from, r.find(from, blank))
		if r.at = start; start > after {
			r.newWord(start, maybeAuthority)
		}
		return true
	}
	r.fieldValue(start, form)
	return true
}

// fieldValue redacts the value of a field that begins at offset start, with its folds.
func (r *redactor) fieldValue(start int, form form) {
	end := r.nextLine(start)
	for r.continues(end) {
		end = r.nextLine(end)
	}
	if form == credentialsForm {
		start = r.afterScheme(start, end)
	}
	r.redact(start, end)
	r.at, r.line, r.text, r.marked = end, end, false, false
	r.lines++
	r.newWord(end, maybeAuthority)
}

const (
	blank      = " \t\r\n"
	separators = " \t\"'\\:=" // between the name of a field and its value
)

// skipStrange returns the offset of the value that follows a name and octets that no name has, such
// as NUL, a no-break space or, at the start of a line, a semicolon.
func (r *redactor) skipStrange(at int) int {
	end, delimiters := at, "(),;<>@[]{}"
	if r.text {
		delimiters = ""
	}
	for end < len(r.in) {
		o := r.in[end]
		visible := ' ' < o && o < 0x7F
		if o == '\r' || o == '\n' || visible && strings.IndexByte(delimiters, o) < 0 {
			break
		}
		end++
	}
	if end == at {
		return at
	}
	return r.skip(end, separators)
}

// continues reports whether the line at offset at continues the value of a field: it is folded, or it
// is a single word or a pair such as b=c, without a colon. Such a line comes from a value that was
// broken over two lines.
func (r *redactor) continues(at int) bool {
	if at < len(r.in) && (r.in[at] == ' ' || r.in[at] == '\t') {
		return true
	}
	line := r.in[at:r.find(at, "\r\n")]
	return len(line) > 0 && bytes.IndexByte(line, ':') < 0 && !bytes.Contains(line, []byte("HTTP/")) &&
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

// nextLine returns the start of the line that follows the one at offset at. CR LF, CR and LF end a
// line.
func (r *redactor) nextLine(at int) int {
	end := r.find(at, "\r\n")
	if end+1 < len(r.in) && r.in[end] == '\r' && r.in[end+1] == '\n' {
		end++
	}
	return min(end+1, len(r.in))
}

// scheme redacts the credentials that follow the name of a scheme without the name of a field.
func (r *redactor) scheme(after int, form form) bool {
	if r.at > 0 && isWord(r.in[r.at-1]) {
		return false
	}
	start := r.skip(after, " \t")
	if start < r.redacted || start == after {
		return false
	}
	end := r.find(start, blank+"\",;<>")
	token := r.in[start:end]
	if form == bearerForm && len(token) < 16 ||
		form == basicForm && !isPair(token) { // a sentence, or a challenge
		return false
	}
	r.redact(start, end)
	r.at = start
	r.newWord(start, maybeAuthority)
	return true
}

// isPair reports whether the start of a token is base64 of octets that hold a colon.
func isPair(token []byte) bool {
	token = bytes.TrimRight(token, "=")
	pair := make([]byte, base64.RawStdEncoding.DecodedLen(len(token)))
	n, _ := base64.RawStdEncoding.Decode(pair, token)
	return bytes.IndexByte(pair[:n], ':') >= 0
}

func isLetter(o byte) bool { return 'a' <= o|0x20 && o|0x20 <= 'z' }

func isWord(o byte) bool {
	return isLetter(o) || '0' <= o && o <= '9' || o == '-' || o == '_'
}

// skip returns the offset of the first octet from at on that is not in a set.
func (r *redactor) skip(at int, set string) int {
	for at < len(r.in) && bytes.IndexByte([]byte(set), r.in[at]) >= 0 {
		at++
	}
	return at
}

// find returns the offset of the first octet from at on that is in a set.
func (r *redactor) find(at int, set string) int {
	if i := bytes.IndexAny(r.in[at:], set); i >= 0 {
		return at + i
	}
	return len(r.in)
}

// redact replaces the octets from start to end, except white space and controls, with asterisks.
func (r *redactor) redact(start, end int) {
	if r.out == nil {
		r.out = bytes.Clone(r.in)
	}
	for i := start; i < end; i++ {
		if o := r.out[i]; o > ' ' && o != 0x7F {
			r.out[i] = '*'
		}
	}
	r.redacted = max(r.redacted, end)
}

// redactURL does the same in a URL. Octets that a URL must not have, and incomplete escapes, stay.
func (r *redactor) redactURL(start, end int) {
	for i := start; i < end; i++ {
		switch o := r.in[i]; {
		case o == '%' && !(i+2 < len(r.in) && isHex(r.in[i+1]) && isHex(r.in[i+2])):
			i += 2
		case bytes.IndexByte([]byte("\"<>\\^`{|}#&"), o) < 0:
			r.redact(i, i+1)
		}
	}
	r.redacted = max(r.redacted, end)
}

func isHex(o byte) bool { return '0' <= o && o <= '9' || 'a' <= o|0x20 && o|0x20 <= 'f' }
