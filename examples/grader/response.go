package grader

import (
	"bytes"
	"fmt"
	"strings"

	"rawhttp/httpwire"
)

// A field is one line of a head.
type field struct{ Name, Value string }

// Response returns the check of the response. F is the exercise's own type of a field.
func Response[F ~struct{ Name, Value string }](
	f func(code int, reason string, fields []F, body []byte) ([]byte, error),
) Check {
	plain := func(code int, reason string, fields []field, body []byte) ([]byte, error) {
		var own []F
		for _, each := range fields {
			own = append(own, F(each))
		}
		return f(code, reason, own, body)
	}
	return checkResponse(plain)
}

// A flaw is what has to be refused: the octet marked by ‸ in a part of the response.
type flaw struct {
	rule httpwire.Rule // of the part
	part string
	says string
}

func inValue(part, says string) flaw  { return flaw{httpwire.RuleFieldValue, part, says} }
func inName(part, says string) flaw   { return flaw{httpwire.RuleFieldName, part, says} }
func inReason(part, says string) flaw { return flaw{httpwire.RuleReasonPhrase, part, says} }
func inCode(part string) flaw {
	return flaw{httpwire.RuleStatusCode, part, "a code is from 100 to 599"}
}

// good is the flaw of a response that has none.
var good flaw

// A responseRow is what the function is given, and what it has to refuse, if anything.
type responseRow struct {
	row    string
	code   int
	reason string
	fields []field
	body   string
	flaw   flaw
	hint   string
}

var jsonType = field{"Content-Type", "application/json"}

// one returns one field.
func one(name, value string) []field { return []field{{name, value}} }

func checkResponse(f func(int, string, []field, []byte) ([]byte, error)) (check Check) {
	for _, tt := range responseRows {
		arguments := fmt.Sprintf("%d %s %q %s", tt.code, tt.reason, tt.fields, tt.body)
		check = append(check, row{tt.row, arguments, tt.hint, func() error { return responseMistake(f, tt) }})
	}
	withOctet := func(row func(octet string) responseRow) func(string) error {
		return func(octet string) error { return responseMistake(f, row(octet)) }
	}
	return append(check,
		anyOf("a control octet in a value", withEach("%c", controls), controlHint,
			withOctet(func(octet string) responseRow {
				return responseRow{code: 200, reason: "OK", fields: one("X-Note", "a"+octet+"b"),
					flaw: inValue("a‸"+octet+"b", "it is a control octet")}
			})),
		anyOf("a control octet in the reason", withEach("%c", controls), controlHint,
			withOctet(func(octet string) responseRow {
				return responseRow{code: 200, reason: "O" + octet + "K",
					flaw: inReason("O‸"+octet+"K", "it is a control octet")}
			})),
		anyOf("a delimiter in a name", withEach("%c", delimiters), octetHint,
			withOctet(func(octet string) responseRow {
				return responseRow{code: 200, reason: "OK", fields: one("Ho"+octet+"st", "a"),
					flaw: inName("Ho‸"+octet+"st", "a delimiter is not part of a name")}
			})))
}

var responseRows = []responseRow{
	{"a response", 200, "OK", []field{jsonType}, "{}\n", good,
		"write the parts in their order, and \"\\r\\n\" after each line"},
	{"no fields", 200, "OK", nil, "hi", good, "the empty line is there without fields, too"},
	{"two fields", 404, "Not Found", []field{jsonType, {"Allow", "GET, HEAD"}}, "?", good,
		"each field has a line of its own, in the order given"},
	{"an empty body", 200, "OK", []field{jsonType}, "", good, "no octets are a length, too: 0"},
	{"a letter of two octets", 200, "OK", nil, "é", good,
		"len of a []byte counts octets, as Content-Length does"},
	{"a tab in a value", 200, "OK", one("X-Note", "a\tb"), "", good, "a tab is allowed in a value"},
	{"the marks in a name", 200, "OK", one(marks+"0aZ", "a"), "", good, marksHint},

	{"a line end in a value", 200, "OK", one("X-Note", "a\r\nSet-Cookie: b"), "",
		inValue("a‸\r\nSet-Cookie: b",
			"CR LF ends the value, and Set-Cookie begins a field of its own"),
		"a caller that can put CR LF into a value can add fields: refuse both octets"},
	{"CR in a value", 200, "OK", one("X-Note", "a\rSet-Cookie: b"), "",
		inValue("a‸\rSet-Cookie: b", "some readers take CR alone for a line end"),
		pairHint},
	{"LF in a value", 200, "OK", one("X-Note", "a\nSet-Cookie: b"), "",
		inValue("a‸\nSet-Cookie: b", "some readers take LF alone for a line end"),
		pairHint},
	{"NUL in a value", 200, "OK", one("X-Note", "a\x00b"), "",
		inValue("a‸\x00b", "some readers end the value at NUL"),
		controlHint},
	{"DEL in a value", 200, "OK", one("X-Note", "a\x7Fb"), "",
		inValue("a‸\x7Fb", "DEL is a control octet"), deleteHint},
	{"a line end in the reason", 200, "OK\r\nX: y", nil, "",
		inReason("OK‸\r\nX: y", "CR LF ends the status-line, and X begins a field"),
		"look for CR and LF in the reason, too"},
	{"LF in the reason", 200, "OK\nX: y", nil, "",
		inReason("OK‸\nX: y", "some readers take LF alone for a line end"),
		pairHint},
	{"NUL in the reason", 200, "O\x00K", nil, "",
		inReason("O‸\x00K", "some readers end the reason at NUL"),
		controlHint},
	{"a colon in a name", 200, "OK", one("X: y\r\nX", "z"), "",
		inName("X‸: y\r\nX", "the colon ends the name"),
		"a name has letters, digits and a few marks such as \"-\": no colon, no line end"},
	{"LF in a name", 200, "OK", one("X\nY", "z"), "",
		inName("X‸\nY", "some readers take LF alone for a line end"),
		"a name has letters, digits and a few marks such as \"-\": no colon, no line end"},
	{"a space in a name", 200, "OK", one("Content Type", "text/plain"), "",
		inName("Content‸ Type", "a space is not part of a name"),
		"a name has no space in it, and none after it"},
	{"an empty name", 200, "OK", one("", "z"), "",
		inName("‸: z", nameHint), nameHint},
	{"a length of the caller", 200, "OK", one("Content-Length", "3"), "hi",
		inName("‸Content-Length: 3", "the field says where the body ends, and you write it"),
		"two lengths let two readers see two messages: refuse a field Content-Length"},
	{"a length in small letters", 200, "OK", one("content-length", "2"), "hi",
		inName("‸content-length: 2", "the field says where the body ends, and you write it"),
		capitalsHint},
	{"a transfer coding", 200, "OK", one("Transfer-Encoding", "chunked"), "hi",
		inName("‸Transfer-Encoding: chunked", "the field says that the body is in chunks"),
		"beside Content-Length it is a second way to find the end of the body: refuse it"},
	{"a transfer coding in small letters", 200, "OK", one("transfer-encoding", "gzip"), "hi",
		inName("‸transfer-encoding: gzip", "the field says that the body is coded"),
		capitalsHint},
	{"one digit", 7, "OK", nil, "", inCode(" ‸7 OK"), "look at the code: it has three digits"},
	{"99", 99, "OK", nil, "", inCode(" ‸99 OK"), "look at the code: it has three digits"},
	{"four digits", 1000, "OK", nil, "", inCode(" ‸1000 OK"), "look at the code: it has three digits"},
	{"a negative code", -20, "OK", nil, "", inCode(" ‸-20 OK"), "look at the code: it has no sign"},
	{"600", 600, "OK", nil, "", inCode(" ‸600 OK"), "the first digit of a code is from 1 to 5"},
}

// responseMistake tries one response.
func responseMistake(f func(int, string, []field, []byte) ([]byte, error), r responseRow) error {
	got, err := f(r.code, r.reason, r.fields, []byte(r.body))
	switch {
	case isNotBegun(err):
		return err
	case r.flaw != good && err != nil:
		return nil
	case r.flaw != good:
		return r.flaw.passed(string(got))
	}
	want, fault := r.written()
	if fault != nil || err == nil && bytes.Equal(got, want) {
		return fault // the table is wrong, or nothing is
	}
	at := same(string(got), string(want))
	m := &mistake{octets: string(want), offset: at, rule: ruleAt(want, at),
		says: fmt.Sprintf("want %q, your function writes %q",
			excerpt(string(want), at), excerpt(string(got), at))}
	if err != nil {
		m.says = refused + err.Error()
	}
	return m
}

// passed returns the mistake of a function that writes a flaw instead of refusing it.
func (f flaw) passed(octets string) error {
	before, after, _ := strings.Cut(f.part, "‸")
	m := &mistake{octets: octets, rule: f.rule}
	at := strings.Index(octets, before+after)
	if at < 0 {
		m.says = fmt.Sprintf("%s; your function changes it and returns no error", f.says)
		return m
	}
	m.offset = at + len(before)
	m.says = fmt.Sprintf("found %s: %s; your function writes it and returns no error",
		octetName(octets[m.offset]), f.says)
	return m
}

// written is what httpwire writes.
func (r responseRow) written() ([]byte, error) {
	resp := httpwire.Response{Body: []byte(r.body)}
	resp.Code, resp.Reason = r.code, []byte(r.reason)
	for _, f := range r.fields {
		resp.Fields = resp.Fields.Add([]byte(f.Name), []byte(f.Value))
	}
	resp.Fields = resp.Fields.Add([]byte("Content-Length"), fmt.Append(nil, len(r.body)))
	return httpwire.AppendResponse(nil, &resp, []byte("GET"))
}

// ruleAt returns the rule that an octet of a response belongs to.
func ruleAt(response []byte, at int) httpwire.Rule {
	spans, _ := httpwire.ResponseSpans(nil, response, []byte("GET"))
	for _, s := range spans {
		if s.Start <= at && at < s.End {
			return s.Rule
		}
	}
	return httpwire.RuleSurplus
}

// excerpt returns a few octets of a message.
func excerpt(message string, at int) string {
	return message[at:min(len(message), at+12)]
}
