package grader

import (
	"errors"
	"fmt"

	"rawhttp/httpwire"
)

// A mistake is one that a function makes, seen where httpwire decides otherwise.
type mistake struct {
	row    string // of the table of checks
	octets string // of the message
	offset int
	rule   httpwire.Rule
	says   string
	hint   string
}

func (m *mistake) Error() string {
	return fmt.Sprintf("%s\n  in      %q\n  offset  %d: %s: %s\n  rule    %s  (%s)\n  hint    %s",
		m.row, m.octets, m.offset, m.rule, m.says, m.rule.ABNF(), m.rule.Sections(), m.hint)
}

// accepted returns the mistake of a function that did not see a fault that httpwire sees. What the
// function did instead is said by did.
func accepted(row, octets string, fault error, did, hint string) error {
	m := &mistake{row: row, octets: octets, hint: hint}
	syntax, short := (*httpwire.SyntaxError)(nil), (*httpwire.IncompleteError)(nil)
	switch {
	case errors.As(fault, &syntax):
		m.offset, m.rule = syntax.Offset, syntax.Rule
		m.says = fmt.Sprintf("found %s, want %s; your function %s",
			octetName(syntax.Octet), wanted(octets, m.rule, m.offset), did)
	case errors.As(fault, &short):
		m.offset, m.rule = short.Offset, short.Rule
		m.says = fmt.Sprintf("nothing is there, want %s; your function %s", m.rule.Want(), did)
	}
	return m
}

// wanted says what a rule wants at an offset. What a rule wants first is not what it wants later.
func wanted(octets string, rule httpwire.Rule, offset int) string {
	if rule == httpwire.RuleRequestTarget && offset > 0 && octets[offset-1] != ' ' {
		return "visible ASCII, 0x21 to 0x7E"
	}
	return rule.Want()
}

// octetName names an octet as the hints do.
func octetName(o byte) string {
	names := map[byte]string{
		0: "NUL", '\t': "HTAB", '\n': "LF", '\r': "CR", ' ': "SP", 0x7F: "DEL"}
	switch name := names[o]; {
	case name != "":
		return fmt.Sprintf("%s (0x%02X)", name, o)
	case o < ' ' || o > '~':
		return fmt.Sprintf("the octet 0x%02X", o)
	}
	return fmt.Sprintf("%q", string(o))
}

// same returns how many octets a and b have in common before they differ.
func same(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
