package grader

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"rawhttp/httpwire"
	"rawhttp/httpwire/visible"
)

// A mistake is what a function gets wrong, and where.
type mistake struct {
	row    string
	sent   string // to a server, if octets are its response
	octets string // of the message; those of the row if empty
	offset int
	rule   httpwire.Rule
	says   string
	hint   string
}

func (m *mistake) Error() string {
	sent, label := "", "in"
	if m.sent != "" {
		label = "came"
		begin := "  sent    "
		for line := range strings.Lines(m.sent) {
			sent += begin + shown(line) + "\n"
			begin = folded
		}
	}
	return fmt.Sprintf("%s\n%s%s  offset  %d: %s: %s\n  rule    %s  (%s)\n  hint    %s", m.row, sent,
		marked(label, m.octets, m.offset), m.offset, m.rule, m.says, m.rule.ABNF(), m.rule.Sections(), m.hint)
}

// mistakeAt returns the mistake in what a rule has read. If it has read nothing, the offset is 0.
func mistakeAt(spans []httpwire.Span, rule httpwire.Rule, says string) *mistake {
	m := &mistake{rule: rule, says: says}
	if i := slices.IndexFunc(spans, func(s httpwire.Span) bool { return s.Rule == rule }); i >= 0 {
		m.offset = spans[i].Start
	}
	return m
}

// missed returns the mistake of a function that did not see a fault that httpwire sees. The function
// was given the octets; httpwire read them after shift octets of its own. What the function did
// instead is said by did.
func missed(octets string, fault error, shift int, did string) *mistake {
	syntax, short := (*httpwire.SyntaxError)(nil), (*httpwire.IncompleteError)(nil)
	switch {
	case errors.As(fault, &syntax):
		return &mistake{offset: syntax.Offset - shift, rule: syntax.Rule,
			says: fmt.Sprintf("found %s, want %s; your function %s",
				octetName(syntax.Octet), wanted(octets, syntax.Rule, syntax.Offset-shift), did)}
	case errors.As(fault, &short):
		return &mistake{offset: short.Offset - shift, rule: short.Rule,
			says: fmt.Sprintf("nothing is there, want %s; your function %s", short.Rule.Want(), did)}
	}
	return &mistake{rule: httpwire.RuleComplete, says: fault.Error()} // the table is wrong
}

// These begin what is said of a function that refuses what is well formed.
const (
	refused     = "nothing is wrong with it; your function says: "
	refusedBody = "the body is as it should be; your function says: "
)

// verdict compares whether a function and httpwire refuse what the function was given. Httpwire read it
// after shift octets of its own. If there is no more to compare, done is true, and m is the mistake, nil
// or a NotBegun.
func verdict(octets string, err, fault error, shift int) (m error, done bool) {
	switch {
	case isNotBegun(err):
		return err, true
	case fault != nil && err != nil:
		return nil, true
	case fault != nil:
		return missed(octets, fault, shift, "accepts it"), true
	}
	return nil, false
}

// marked shows a message line by line, with a caret under the octet at the offset. If the message is
// long, it shows the lines around that octet. If a line is long, it shows the octets around it.
func marked(label, octets string, offset int) string {
	const around, width = 2, 60 // lines; octets of a line
	lines, before := strings.SplitAfter(octets, "\n"), octets[:min(offset, len(octets))]
	at, caret := strings.Count(before, "\n"), offset-(strings.LastIndexByte(before, '\n')+1)
	var b strings.Builder
	for i := max(0, at-around); i < min(len(lines), at+around); i++ {
		line := lines[i]
		if i == at {
			cut := max(0, caret-width/2)
			before := shown(line[cut:min(caret, len(line))])
			after := shown(line[min(caret, len(line)):min(len(line), cut+width)])
			b.WriteString(strings.TrimRight(fmt.Sprintf("  %-7s %s%s", label, before, after), " "))
			fmt.Fprintf(&b, "\n%*s^\n", 10+utf8.RuneCountInString(before), "")
		} else if line != "" {
			fmt.Fprintf(&b, "  %-7s %s\n", label, shown(line[:min(len(line), width)]))
		}
		label = ""
	}
	return b.String()
}

// shown shows octets on one line.
func shown(octets string) string { return string(visible.Append(nil, []byte(octets))) }

// wanted says what a rule wants at an offset. What a rule wants first is not what it wants later.
func wanted(octets string, rule httpwire.Rule, offset int) string {
	if rule == httpwire.RuleRequestTarget && octets[offset-1] != ' ' {
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
