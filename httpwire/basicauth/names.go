package basicauth

import "strings"

// The names that precede a secret, and the classes of octets around them. Redact finds all names in one pass
// over a message: each octet takes it from one state to the next.

// A kind says what follows a name.
type kind int

const (
	none            kind = iota // it is not the name of a secret
	parameterKind               // "=" or ":", and the value of a parameter, a field or a member in JSON
	fieldKind                   // the value of a field; in an invalid one the colon may be missing
	credentialsKind             // the same, with a scheme that stays visible if it is known
	basicKind                   // white space, and base64 of octets that have a colon
	bearerKind                  // white space, and a token of at least 16 octets
)

type secret struct {
	name string
	kind kind
}

// secrets are the ends of the names that precede a secret. The case of letters is ignored.
var secrets = []secret{
	{"Authorization", credentialsKind},
	{"Authorisation", credentialsKind}, // a frequent mistake
	{"Proxy-Authorization", credentialsKind},
	{"Cookie", fieldKind},
	{"Set-Cookie", fieldKind},
	{"Set-Cookie2", fieldKind},
	{"Cookie2", fieldKind},
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

// A state says how much of a name has been read.
type state struct {
	next [256]uint8 // the number of the state after one more octet, or 0 if no name has that octet there
	kind kind       // what follows the name if it is complete, or none
}

// states holds the states of all names. In state 0, no octet of a name has been read.
var states = func() (t [256]state) {
	last := uint8(0)
	for _, s := range secrets {
		at := &t[0]
		for i := range s.name {
			lower, upper := strings.ToLower(s.name)[i], strings.ToUpper(s.name)[i]
			if at.next[lower] == 0 {
				last++
				at.next[lower], at.next[upper] = last, last
			}
			at = &t[at.next[lower]]
		}
		at.kind = s.kind
	}
	return t
}()

// secondOctets says which octets may follow an octet that begins a name or ends a line.
var secondOctets = func() (t [256][256]bool) {
	for o, first := range states[0].next {
		for second, next := range states[first].next {
			inName := first != 0 && (next != 0 || (escape | filler).has(byte(second)))
			t[o][second] = inName || (escape | lineEnd).has(byte(o))
		}
	}
	return t
}()

// A class is a set of octets. Classes can be combined with "|".
type class uint16

const (
	space   class = 1 << iota // SP and HTAB
	lineEnd                   // CR and LF
	slash                     // what may be meant as a slash
	colon
	escape // the first octet of an encoded one
	quote
	delimiter    // what separates the names in a list
	invisible    // neither visible ASCII nor part of a line end
	filler       // what may stand in a misspelled name, and between a name and its sign
	wordChar     // what can be part of the same word as the name of a scheme after it
	authorityEnd // what ends an authority, in addition to white space
	tokenEnd     // what ends a token, in addition to white space
	parameterEnd // what ends a parameter
	memberEnd    // what ends a value in JSON, in addition to white space

	blank = space | lineEnd
)

// classes holds, for each octet, the classes that it is in.
var classes = func() (t [256]class) {
	for c, set := range map[class]string{
		space: " \t", lineEnd: "\r\n", slash: `/\`, colon: ":", escape: `%\`, quote: `"'`,
		delimiter: "(),;<>@[]{}", authorityEnd: `"<>/\?#`, tokenEnd: `",;<>`, parameterEnd: "&\r\n",
		memberEnd: ",]}", filler: "!\"#$'()*+,-./;<>?@[\\]^_`{|}~",
		wordChar: "0123456789-_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
	} {
		for i := range len(set) {
			t[set[i]] |= c
		}
	}
	for o := range t {
		if o <= ' ' && t[o]&lineEnd == 0 || o >= 0x7F {
			t[o] |= invisible | filler
		}
	}
	return t
}()

// has reports whether an octet is in the class.
func (c class) has(o byte) bool { return classes[o]&c != 0 }
