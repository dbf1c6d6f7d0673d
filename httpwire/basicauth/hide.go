package basicauth

import (
	"bytes"
	"encoding/base64"

	"rawhttp/httpwire"
)

// A form says how a secret follows its name.
type form int

const (
	credentialsForm form = iota + 1 // a field; its first word stays if it is a known scheme
	fieldForm                       // a field; the whole value is the secret
	parameterForm                   // the end of a name in name=value, as in a query or in a form
	basicForm                       // a scheme, then base64 with a colon in it
	bearerForm                      // a scheme, then a token
)

// secrets are the names that announce a secret. Case does not count.
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
	{"apikey", parameterForm},
	{"Basic", basicForm},
	{"Bearer", bearerForm},
}

// byFirst has the indices of secrets whose names begin with a letter, in either case.
var byFirst = func() (rows [256][]int) {
	for i, s := range secrets {
		small := s.name[0] | 0x20
		rows[small] = append(rows[small], i)
		rows[small-0x20] = rows[small]
	}
	return rows
}()

// Hide returns the octets of a message, or of anything that was sent in the place of a message,
// with an asterisk for each octet of a secret. Logs, refusals and listings show what it returns.
//
// These are hidden, wherever they stand, in a head, in a body or on one line with other fields:
//   - what follows the scheme in Authorization and Proxy-Authorization;
//   - the values of Cookie and Set-Cookie;
//   - what follows the word Basic, if it decodes to a name and a password, and a token of 16 octets
//     or more that follows the word Bearer;
//   - user and password before the "@" of a URL, even if its scheme is missing or misspelt;
//   - the value of a parameter in a query or a form, if its name ends in token, password, passwd,
//     pwd, secret, api_key or apikey, as that of access_token does.
//
// Nothing moves: each octet stays at its offset. Octets that may not stand in a value or in a URL
// stay what they are, since a refusal is about them. Without secrets Hide returns octets itself,
// and it never changes them. The time is linear in their number.
func Hide(octets []byte) []byte {
	h := hider{in: octets}
	h.newWord(0, maybeAuthority)
	for h.at < len(h.in) {
		h.step()
	}
	h.endWord()
	if h.out == nil {
		return h.in
	}
	return h.out
}

// The kinds of words, for finding the user and the password of a URL.
const (
	noAuthority    = iota // path, query or fragment: an "@" means nothing here
	maybeAuthority        // a word that is not after "//": needs a colon before its "@"
	sureAuthority         // follows "//"
)

// A hider goes over the octets once, from left to right. A word ends at a blank, a quote, an angle
// bracket, a line end, and at "/", "\", "?" and "#".
type hider struct {
	in, out []byte
	at      int
	hidden  int // end of what was hidden last

	line      int  // where the line began
	lines     int  // line ends so far
	text      bool // the line has something other than blanks and quotes
	word      int  // where the word began
	colon     int  // of the first colon in the word; -1 if there is none
	authority int  // what the word may be
	lastAt    int  // of the last "@" in the line, once sought
	sought    int  // end of the line for which lastAt is known
}

// step passes over one octet, or over a whole secret.
func (h *hider) step() {
	switch o := h.in[h.at]; o {
	case '\r', '\n':
		h.endWord()
		h.newLine()
	case ' ', '\t', '"', '<', '>', '/', '\\', '?', '#':
		h.endWord()
		h.at++
		h.beginWord(o)
	case ':':
		if h.colon < 0 {
			h.colon = h.at
		}
		h.text = true
		h.at++
	case '@':
		h.hideUser()
		h.text = true
		h.at++
	default:
		if rows := byFirst[o]; rows != nil && h.secret(rows) {
			return
		}
		h.text = h.text || o != '\''
		h.at++
	}
}

// newLine passes over one line end: CR LF, CR or LF.
func (h *hider) newLine() {
	if h.in[h.at] == '\r' && h.at+1 < len(h.in) && h.in[h.at+1] == '\n' {
		h.at++
	}
	h.at++
	if h.text {
		h.lines++
	}
	h.line, h.text = h.at, false
	h.newWord(h.at, maybeAuthority)
}

func (h *hider) newWord(at, authority int) { h.word, h.colon, h.authority = at, -1, authority }

// beginWord begins the word that follows the octet o.
func (h *hider) beginWord(o byte) {
	before := byte(0) // the octet before o
	if h.at >= 2 {
		before = h.in[h.at-2]
	}
	switch {
	case (o == '/' || o == '\\') && (before == '/' || before == '\\' || before == ':'):
		h.newWord(h.at, sureAuthority)
	case o == '/' || o == '?' || o == '#':
		h.newWord(h.at, noAuthority)
	default:
		h.newWord(h.at, maybeAuthority)
	}
	h.text = h.text || o > ' ' && o != '"'
}

// hideUser hides what precedes the "@" in a word that is, or may be, the authority of a URL.
func (h *hider) hideUser() {
	start := max(h.word, h.hidden)
	switch {
	case h.authority == noAuthority:
		return
	case h.authority == maybeAuthority && h.colon < 0:
		return
	case h.authority == maybeAuthority && h.word == h.line:
		start = max(h.colon+1, h.hidden) // what precedes may be the name of a field
	}
	h.hideURL(start, h.at)
	h.newWord(h.at, sureAuthority) // an "@" that follows is part of the password
}

// endWord looks at an authority without "@" whose port is none. Then a password has an octet in it
// that ends a word, and goes on up to the last "@" of the line.
func (h *hider) endWord() {
	if h.authority != sureAuthority || h.colon < 0 {
		return
	}
	word, port := h.in[h.word:h.at], h.in[h.colon+1:h.at]
	if bytes.IndexByte(word, '[') >= 0 || len(bytes.Trim(port, "0123456789")) == 0 {
		return
	}
	if end := h.lastAtOfLine(); end > h.at {
		h.hideURL(max(h.word, h.hidden), end)
	}
}

// lastAtOfLine returns the offset of the last "@" in the line, or a negative number.
func (h *hider) lastAtOfLine() int {
	if h.at >= h.sought {
		h.sought = len(h.in)
		if end := bytes.IndexAny(h.in[h.at:], "\r\n"); end >= 0 {
			h.sought = h.at + end
		}
		h.lastAt = -1
		if i := bytes.LastIndexByte(h.in[h.at:h.sought], '@'); i >= 0 {
			h.lastAt = h.at + i
		}
	}
	return h.lastAt
}

// secret hides a secret, if the name of one is next, and passes over its name at least: what is
// hidden may hold the name of another one. The rows are those of the first letter.
func (h *hider) secret(rows []int) bool {
	for _, i := range rows {
		name := secrets[i].name
		after := h.at + len(name)
		if after > len(h.in) || !httpwire.EqualFold(h.in[h.at:after], name) {
			continue
		}
		start, found := h.at, false
		switch form := secrets[i].form; form {
		case credentialsForm, fieldForm:
			found = h.field(after, form)
		case parameterForm:
			found = h.parameter(after)
		default:
			found = h.scheme(after, form)
		}
		if found {
			h.text = h.text || h.line <= start
			return true
		}
	}
	return false
}

// field hides the value of a field whose name ends at an offset, and goes on over folds. At the
// beginning of a line, and anywhere in the first one, the name is enough; elsewhere it has to be
// followed by a colon, or by an equals sign.
func (h *hider) field(after int, form form) bool {
	if h.at > 0 && (h.in[h.at-1] == '-' || h.in[h.at-1] == '_') {
		return false // the end of another name
	}
	start := h.skip(after, " \t\"'\\:=")
	separator := h.in[after:start]
	encoded := start < len(h.in) && h.in[start] == '%'
	switch {
	case bytes.ContainsAny(separator, ":=") || encoded:
	case h.text && h.lines > 0:
		return false
	case start == after && start < len(h.in) && h.in[start] != '\r' && h.in[start] != '\n':
		return false // the beginning of another name
	}
	if encoded { // as part of a URL
		from := max(start, h.hidden)
		h.hideURL(from, h.find(from, blank))
		if h.at = start; start > after {
			h.newWord(start, maybeAuthority)
		}
		return true
	}
	end := h.nextLine(start)
	for end < len(h.in) && (h.in[end] == ' ' || h.in[end] == '\t') {
		end = h.nextLine(end)
	}
	if form == credentialsForm {
		start = h.afterScheme(start, end)
	}
	h.hide(start, end)
	h.at, h.line, h.text = end, end, false
	h.lines++
	h.newWord(end, maybeAuthority)
	return true
}

const blank = " \t\r\n"

// schemes are the first words of credentials that stay visible. A word that is none of them may be
// the secret itself.
var schemes = []string{"Basic", "Bearer", "Digest", "DPoP", "HOBA", "Mutual", "Negotiate", "NTLM",
	"OAuth", "PrivateToken", "SCRAM-SHA-1", "SCRAM-SHA-256", "Token", "vapid"}

// afterScheme returns where the credentials in a value begin: after a scheme that is followed by
// something.
func (h *hider) afterScheme(start, end int) int {
	value := bytes.TrimLeft(h.in[start:end], blank)
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

// nextLine returns where the line after the one at an offset begins. LF ends a line, and so does a
// CR without LF.
func (h *hider) nextLine(at int) int {
	end := h.find(at, "\r\n")
	if end+1 < len(h.in) && h.in[end] == '\r' && h.in[end+1] == '\n' {
		end++
	}
	return min(end+1, len(h.in))
}

// parameter hides what follows the "=" after the name of a parameter.
func (h *hider) parameter(after int) bool {
	if after == len(h.in) || h.in[after] != '=' {
		return false
	}
	start := max(after+1, h.hidden)
	h.hideURL(start, h.find(start, "&"+blank))
	h.at = after
	return true
}

// scheme hides the credentials that follow the name of a scheme without the name of a field.
func (h *hider) scheme(after int, form form) bool {
	if h.at > 0 && isWord(h.in[h.at-1]) {
		return false
	}
	start := h.skip(after, " \t")
	if start < h.hidden {
		return false
	}
	end := h.find(start, blank+"\",;<>")
	token := h.in[start:end]
	if start == after || form == bearerForm && len(token) < 16 ||
		form == basicForm && !isPair(token) { // words, or a challenge
		return false
	}
	h.hide(start, end)
	h.at = start
	h.newWord(start, maybeAuthority)
	return true
}

// isPair reports whether the beginning of a token decodes to octets with a colon among them.
func isPair(token []byte) bool {
	token = bytes.TrimRight(token, "=")
	pair := make([]byte, base64.RawStdEncoding.DecodedLen(len(token)))
	n, _ := base64.RawStdEncoding.Decode(pair, token)
	return bytes.IndexByte(pair[:n], ':') >= 0
}

func isWord(o byte) bool {
	return 'a' <= o|0x20 && o|0x20 <= 'z' || '0' <= o && o <= '9' || o == '-' || o == '_'
}

// skip returns the offset of the first octet from at on that is not in a set.
func (h *hider) skip(at int, set string) int {
	for at < len(h.in) && bytes.IndexByte([]byte(set), h.in[at]) >= 0 {
		at++
	}
	return at
}

// find returns the offset of the first octet from at on that is in a set.
func (h *hider) find(at int, set string) int {
	if i := bytes.IndexAny(h.in[at:], set); i >= 0 {
		return at + i
	}
	return len(h.in)
}

// hide puts asterisks for what could be read, from start to end.
func (h *hider) hide(start, end int) {
	if h.out == nil {
		h.out = bytes.Clone(h.in)
	}
	for i := start; i < end; i++ {
		if o := h.out[i]; o > ' ' && o != 0x7F {
			h.out[i] = '*'
		}
	}
	h.hidden = max(h.hidden, end)
}

// hideURL does the same in a URL, where some octets and incomplete escapes are faults.
func (h *hider) hideURL(start, end int) {
	for i := start; i < end; i++ {
		switch o := h.in[i]; {
		case o == '%' && !(i+2 < len(h.in) && isHex(h.in[i+1]) && isHex(h.in[i+2])):
			i += 2
		case bytes.IndexByte([]byte("\"<>\\^`{|}#&"), o) < 0:
			h.hide(i, i+1)
		}
	}
	h.hidden = max(h.hidden, end)
}

func isHex(o byte) bool { return '0' <= o && o <= '9' || 'a' <= o|0x20 && o|0x20 <= 'f' }
