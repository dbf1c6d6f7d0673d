package grader

import (
	"fmt"

	"rawhttp/httpwire"
)

// Fields returns the check of the fields. F is the exercise's own type of a field.
func Fields[F ~struct{ Name, Value string }](f func([]byte) ([]F, error)) Check {
	plain := func(octets []byte) (fields []field, err error) {
		own, err := f(octets)
		for _, each := range own {
			fields = append(fields, field(each))
		}
		return fields, err
	}
	try := func(octets string) error { return fieldsMistake(octets, plain) }
	check := checkEach(try, fieldBlocks)
	return append(check,
		anyOf("a delimiter in a name", withEach("Ho%cst: a\r\n\r\n", delimiters),
			octetHint, try),
		anyOf("a control octet in a value", withEach("X-Note: a%cb\r\n\r\n", controls),
			controlHint, try))
}

// fieldBlocks are the rows of the fields.
var fieldBlocks = []octetsRow{
	{"a field", "Host: localhost\r\n\r\n",
		"cut the line at its first colon, and take off the blanks around the value"},
	{"two fields", "Host: localhost\r\nAccept: */*\r\n\r\n", "go on until the empty line"},
	{"no fields", "\r\n", "the empty line alone: no fields, and no error"},
	{"one name twice", "Accept: a/b\r\nAccept: c/d\r\n\r\n", "keep both, in their order: a map keeps one"},
	{"capitals", "hOST: Localhost\r\n\r\n", "return names and values as they stand"},
	{"no blank after the colon", "Host:localhost\r\n\r\n", "the colon separates, not a blank"},
	{"a colon in the value", "Host: localhost:80\r\n\r\n", "only the first colon separates"},
	{"blanks around the value", "X-Note: \t a b \t\r\n\r\n",
		"spaces and tabs around a value are not part of it; those inside are"},
	{"an empty value", "X-Note: \r\n\r\n", "a value may be empty"},
	{"a value in UTF-8", "X-Note: é\r\n\r\n", "octets from 0x80 are allowed in a value"},
	{"a blank before the colon", "Host : localhost\r\n\r\n",
		"the colon follows the name directly: do not trim the name"},
	{"no colon", "Host localhost\r\n\r\n", "a line without a colon is not a field"},
	{"no name", ": localhost\r\n\r\n", nameHint},
	{"a name with é", "Hést: a\r\n\r\n", letterHint},
	{"a name with a slash", "Ho/st: a\r\n\r\n", octetHint},
	{"the marks in a name", marks + "0aZ: a\r\n\r\n", marksHint},
	{"a folded line", "X-Note: a\r\n b\r\n\r\n",
		"in old HTTP, a line that begins with a blank continued the line before it: refuse it"},
	{"CR in a value", "X-Note: a\rHost: b\r\n\r\n", aloneHint},
	{"LF in a value", "X-Note: a\nHost: b\r\n\r\n",
		"a line ends with CR LF: split there, then refuse LF in what is left"},
	{"NUL in a value", "X-Note: a\x00b\r\n\r\n", controlHint},
	{"DEL in a value", "X-Note: a\x7Fb\r\n\r\n", deleteHint},
	{"a no-break space", "X-Note: \u00A0a\r\n\r\n",
		"strings.TrimSpace takes off more than space and tab; strings.Trim takes what you say"},
	{"no empty line", "Host: localhost\r\n", "the last two octets are the empty line: look for it"},
	{"no line end", "Host: localhost", "a field ends with CR LF"},
	{"nothing", "", "not even the empty line is there"},
}

// fieldsMistake tries one block of fields.
func fieldsMistake(octets string, f func([]byte) ([]field, error)) error {
	const line = "GET / HTTP/1.0\r\n" // before the fields, for httpwire
	got, err := f([]byte(octets))
	var req httpwire.Request
	_, fault := httpwire.ConsumeRequestHead([]byte(line+octets), &req)
	spans, located := httpwire.RequestSpans(nil, []byte(line+octets))
	if fault != nil {
		fault = located
	}
	if m, done := verdict(octets, err, fault, len(line)); done {
		return m
	}
	if err != nil {
		return &mistake{rule: httpwire.RuleFieldName, says: refused + err.Error()}
	}
	return compareFields(got, req.Fields, spans, len(line))
}

// compareFields returns the first difference of fields, or nil. Spans say where each begins; shift is the
// offset of the first.
func compareFields(got []field, want httpwire.Fields, spans []httpwire.Span, shift int) error {
	i := -1 // of the field
	for _, s := range spans {
		m := &mistake{offset: s.Start - shift, rule: s.Rule}
		switch {
		case s.Rule == httpwire.RuleFieldName:
			i++
			if i == len(got) {
				m.says = fmt.Sprintf("here is field %d, and your function returns %d", i+1, len(got))
			} else if name := string(want[i].Name); got[i].Name != name {
				m.says = fmt.Sprintf("want %q, your function returns %q", name, got[i].Name)
			}
		case s.Rule == httpwire.RuleColon:
			if value := string(want[i].Value); got[i].Value != value {
				m.offset, m.rule = m.offset+1, httpwire.RuleFieldValue
				m.says = fmt.Sprintf("want the value %q, your function returns %q", value, got[i].Value)
			}
		case s.Rule == httpwire.RuleEndOfHead && i+1 < len(got):
			m.says = fmt.Sprintf("the fields end here, and your function returns one more: %q", got[i+1])
		}
		if m.says != "" {
			return m
		}
	}
	return nil
}
