package basicauth

import "rawhttp/httpwire"

// The log redacts each request-line, and most of them hold no secret. mayHoldSecret finds that out
// in a tenth of the time that redact takes. FuzzRedact compares Redact with redact, its definition.

// seconds has, for each first letter of a name, the second letters of these names: the last five bits
// of a letter, in either case, are the number of a bit.
var seconds = func() (letters [256]uint32) {
	for _, s := range secrets {
		small := s.name[0] | 0x20
		letters[small] |= 1 << (s.name[1] & 31)
		letters[small-0x20] = letters[small]
	}
	return letters
}()

// mayHoldSecret reports whether octets hold a colon or an "@", as a URL with a password does, a name
// that precedes a secret, or a "%", which may be part of such a name.
func mayHoldSecret(octets []byte) bool {
	for i, o := range octets {
		if o == ':' || o == '@' || o == '%' {
			return true
		}
		if next := i + 1; next == len(octets) || seconds[o]>>(octets[next]&31)&1 == 0 {
			continue
		}
		for _, row := range byFirst[o] {
			name := secrets[row].name
			if end := i + len(name); end <= len(octets) && httpwire.EqualFold(octets[i:end], name) {
				return true
			}
		}
	}
	return false
}
