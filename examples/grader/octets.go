package grader

import "fmt"

// The marks of ASCII may be in a method and in a name, and the delimiters not (RFC 9110 section
// 5.6.2). A colon ends a name.
const (
	marks      = "!#$%&'*+-.^_`|~"
	delimiters = "\"(),/;<=>?@[\\]{}"
	controls   = "\x01\x02\x03\x04\x05\x06\x07\x08\x0B\x0C\x0E\x0F\x10\x11\x12\x13\x14\x15\x16\x17" +
		"\x18\x19\x1A\x1B\x1C\x1D\x1E\x1F" // except NUL, HTAB, LF and CR
)

// withEach returns a text once for each octet of a set.
func withEach(format, octets string) (texts []string) {
	for _, o := range octets {
		texts = append(texts, fmt.Sprintf(format, o))
	}
	return texts
}

// anyOf returns a row with several cases. It passes if all of them do.
func anyOf(name string, cases []string, hint string, try func(octets string) error) row {
	return row{name, cases[0], hint, func() error {
		for _, octets := range cases {
			err := try(octets)
			if m, ok := err.(*mistake); ok && m.octets == "" {
				m.octets = octets
			}
			if err != nil {
				return err
			}
		}
		return nil
	}}
}

// Hints that several rows give.
const (
	octetHint     = "look at each octet: is it a letter, a digit or one of the marks?"
	controlHint   = "refuse each octet below 0x20, except the tab"
	deleteHint    = "refuse 0x7F, too"
	marksHint     = "all marks that the exercise names are allowed"
	letterHint    = "letters are from 'A' to 'Z' and from 'a' to 'z'; unicode.IsLetter takes more than that"
	digitHint     = "a digit is from '0' to '9'"
	capitalsHint  = "capitals make no difference in a name: strings.EqualFold"
	halfHint      = "half a body is an error, not a body"
	pairHint      = "refuse CR alone and LF alone, not only the pair"
	aloneHint     = "some readers take CR alone for a line end: refuse it"
	spaceHint     = "a space separates the parts; bytes.Fields separates at more than that"
	cutHint       = "take off the line end, cut at the first space, then cut the rest at its first space"
	protocolHint  = "compare the first five octets of the version"
	versionHint   = "a version has eight octets"
	dotHint       = "the seventh octet of the version is a dot"
	lineEndHint   = "the line end has two octets: look at both"
	noLineEndHint = "the line end is part of the line: look for it"
	memoryHint    = "take memory for octets that have come, not for those that are announced: io.LimitReader"
	overflowHint  = "it is 2^64 + 5: refuse a number that your type cannot hold"
	closedHint    = "if Accept returns an error, return"
	nameHint      = "a name has one octet at least"
)
