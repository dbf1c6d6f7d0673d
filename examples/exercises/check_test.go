package exercises

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing/iotest"

	"rawhttp/httpwire"
)

// The checkers take the function that they check, so that yours and the one in solution_test.go
// stand the same test. They return the first mistake, with its place and one hint.

// A mistake is one of the function's, seen where httpwire decides otherwise.
type mistake struct {
	row    string // of the table
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

// accepted is the mistake of a function that did not see a fault that httpwire sees; did is what it
// did instead.
func accepted(row, octets string, fault error, did, hint string) error {
	m := &mistake{row: row, octets: octets, hint: hint}
	syntax, short := (*httpwire.SyntaxError)(nil), (*httpwire.IncompleteError)(nil)
	switch {
	case errors.As(fault, &syntax):
		m.offset, m.rule = syntax.Offset, syntax.Rule
		m.says = fmt.Sprintf("found %q, want %s; your function %s",
			string([]byte{syntax.Octet}), m.rule.Want(), did)
	case errors.As(fault, &short):
		m.offset, m.rule = short.Offset, short.Rule
		m.says = fmt.Sprintf("nothing is there, want %s; your function %s", m.rule.Want(), did)
	}
	return m
}

type requestLine = func([]byte) (method, target, version string, err error)

func checkRequestLine(f requestLine) error {
	for _, tt := range []struct{ row, line, hint string }{
		{"a request line", "GET /address_book/api/v1.0/addresses HTTP/1.0\r\n",
			"take off the line end, cut at the first space, then cut the rest at its first space"},
		{"another method", "HEAD / HTTP/1.1\r\n",
			"do not compare with GET: the method is whatever stands before the first space"},
		{"two spaces", "GET  / HTTP/1.0\r\n",
			"behind the first space the target begins, and it begins with a slash"},
		{"a tab", "GET\t/ HTTP/1.0\r\n",
			"parts are separated by a space; bytes.Fields separates at more than that"},
		{"no version", "GET /\r\n", "count the parts: there must be three"},
		{"no slash", "GET addresses HTTP/1.0\r\n", "look at the first octet of the target"},
		{"a NUL in the target", "GET /\x00 HTTP/1.0\r\n",
			"visible ASCII is what lies between 0x21 and 0x7E"},
		{"small letters", "GET / http/1.0\r\n", "compare the first five octets of the version"},
		{"a long version", "GET / HTTP/1.10\r\n", "a version has eight octets"},
		{"a version of letters", "GET / HTTP/x.y\r\n", "a digit is from '0' to '9'"},
		{"a space at the end", "GET / HTTP/1.0 \r\n", "the version goes up to the line end"},
		{"LF alone", "GET / HTTP/1.0\n", "the line end has two octets: look at both"},
		{"no line end", "GET / HTTP/1.0", "the line end is part of the line: look for it"},
	} {
		method, target, version, err := f([]byte(tt.line))
		if errors.Is(err, errNotBegun) {
			return err
		}
		req, fault := readLine(tt.line)
		if fault != nil {
			if err == nil {
				return accepted(tt.row, tt.line, fault, "does not mind", tt.hint)
			}
			continue
		}
		spans, _ := httpwire.RequestSpans(nil, []byte(tt.line))
		for _, part := range []struct {
			rule      httpwire.Rule
			got, want string
		}{
			{httpwire.RuleMethod, method, string(req.Method)},
			{httpwire.RuleRequestTarget, target, string(req.Target)},
			{httpwire.RuleHTTPVersion, version,
				fmt.Sprintf("HTTP/%d.%d", req.Version.Major, req.Version.Minor)},
		} {
			m := &mistake{tt.row, tt.line, begin(spans, part.rule), part.rule, "", tt.hint}
			if err != nil {
				m.says = fmt.Sprintf("%q is as it should be; your function says: %v", part.want, err)
				return m
			}
			if part.got != part.want {
				m.says = fmt.Sprintf("want %q, your function returns %q", part.want, part.got)
				return m
			}
		}
	}
	return nil
}

// readLine reads a request line as httpwire does: as the first line of a head, which has to be
// complete with one empty line more.
func readLine(line string) (req httpwire.Request, fault error) {
	_, err := httpwire.ConsumeRequestHead([]byte(line+"\r\n"), &req)
	if errors.Is(err, httpwire.ErrIncomplete) {
		_, err = httpwire.RequestSpans(nil, []byte(line))
	}
	return req, err
}

// begin returns where the octets of a rule begin.
func begin(spans []httpwire.Span, rule httpwire.Rule) int {
	for _, s := range spans {
		if s.Rule == rule {
			return s.Start
		}
	}
	return 0
}

type headEnd = func([]byte) (int, error)

func checkHeadEnd(f headEnd) error {
	for _, tt := range []struct{ row, octets, hint string }{
		{"the shortest head", "GET / HTTP/1.0\r\n\r\n",
			"the empty line is part of the head: count its two octets"},
		{"fields and a body", "POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi",
			"look for the end of a line with another line end right behind it"},
		{"an empty line in the body", "POST / HTTP/1.0\r\nContent-Length: 6\r\n\r\na\r\n\r\nb",
			"the first empty line counts: search from the front"},
		{"nothing yet", "", "what is not there yet is no mistake: return 0"},
		{"half a line", "GET / HT", "no line end, no head: return 0"},
		{"a line, and no empty line", "GET / HTTP/1.0\r\n", "one line end is the end of a line only"},
		{"all but one octet", "GET / HTTP/1.0\r\n\r", "CR is half of the empty line: wait for LF"},
		{"LF alone", "GET / HTTP/1.0\n\n", "LF alone ends no line: search for octets, not for lines"},
	} {
		got, err := f([]byte(tt.octets))
		if errors.Is(err, errNotBegun) {
			return err
		}
		var req httpwire.Request
		want, fault := httpwire.ConsumeRequestHead([]byte(tt.octets), &req)
		_, located := httpwire.RequestSpans(nil, []byte(tt.octets))
		broken := fault != nil && !errors.Is(fault, httpwire.ErrIncomplete)
		switch {
		case err == nil && got == want, broken && err != nil:
		case fault == nil:
			return &mistake{tt.row, tt.octets, want, httpwire.RuleEndOfHead,
				fmt.Sprintf("the head has %d octets; your function returns %d and the error %v",
					want, got, err), tt.hint}
		default:
			did := fmt.Sprintf("returns %d and the error %v", got, err)
			return accepted(tt.row, tt.octets, located, did, tt.hint)
		}
	}
	return nil
}

type readBody = func(io.Reader, string) ([]byte, error)

func checkBody(f readBody) error {
	for _, tt := range []struct {
		row, length, stream string
		singly              bool // the octets come one by one
		hint                string
	}{
		{"a body", "5", "hello", false, "make room for as many octets as there are, and fill it"},
		{"octets one by one", "5", "hello", true,
			"one Read returns what has come; io.ReadFull goes on until it has all"},
		{"no body", "0", "", false, "0 is a length: nothing has to be read"},
		{"a line end in the body", "9", "a\r\n\r\nb\r\nc", false, "count octets; do not look at them"},
		{"a request behind the body", "5", "helloGET / HTTP/1.0\r\n\r\n", false,
			"never ask for more octets than the body has: the rest is the next request"},
		{"a body cut short", "10", "hello", false, "half a body is an error, not a body"},
		{"a sign", "+5", "hello", false, "strconv.Atoi takes a sign; look at the octets first"},
		{"a negative number", "-5", "hello", false, "digits only: there is no digit for minus"},
		{"two numbers", "5, 5", "hello", false, "one number, or an error"},
		{"no number", "", "hello", false, "an empty value is no number, not even 0"},
		{"hexadecimal", "0x5", "hello", false, "decimal digits are from '0' to '9'"},
	} {
		rest := strings.NewReader(tt.stream)
		connection := io.Reader(rest)
		if tt.singly {
			connection = iotest.OneByteReader(rest)
		}
		got, err := f(connection, tt.length)
		if errors.Is(err, errNotBegun) {
			return err
		}
		head := "POST / HTTP/1.0\r\nContent-Length: " + tt.length + "\r\n\r\n"
		message := head + tt.stream
		_, fault := httpwire.RequestSpans(nil, []byte(message))
		m := &mistake{tt.row, message, len(head), httpwire.RuleMessageBody, "", tt.hint}
		if fault != nil {
			if err == nil {
				return accepted(tt.row, message, fault, "does not mind", tt.hint)
			}
			continue
		}
		want, behind := cut(tt.stream, tt.length)
		m.offset += same(string(got), want)
		switch {
		case err != nil:
			m.says = "the body is as it should be; your function says: " + err.Error()
		case string(got) != want:
			m.says = fmt.Sprintf("want %q, your function returns %q", want, got)
		case rest.Len() != len(behind):
			m.says = fmt.Sprintf("the body ends here, and your function has read %d octets more",
				len(behind)-rest.Len())
		default:
			continue
		}
		return m
	}
	return nil
}

// cut returns the body and what is behind it.
func cut(stream, length string) (body, behind string) {
	var n int
	fmt.Sscan(length, &n)
	return stream[:n], stream[n:]
}

// same returns how many octets a and b have in common before they differ.
func same(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

type writeResponse = func(int, string, []Field, []byte) ([]byte, error)

func checkResponse(f writeResponse) error {
	json := Field{"Content-Type", "application/json"}
	for _, tt := range []struct {
		row    string
		code   int
		reason string
		fields []Field
		body   string
		hint   string
	}{
		{"an answer", 200, "OK", []Field{json}, "{}\n",
			"write the parts in their order, and \"\\r\\n\" behind each line"},
		{"no fields", 200, "OK", nil, "hi", "the empty line stands there also without fields"},
		{"two fields", 404, "Not Found", []Field{json, {"Allow", "GET, HEAD"}}, "?",
			"each field has a line of its own, in the order given"},
		{"an empty body", 200, "OK", []Field{json}, "", "no octets are a length too: 0"},
		{"octets, not letters", 200, "OK", nil, "é",
			"len of a []byte counts octets, which is what is wanted"},
		{"a line end in a value", 200, "OK", []Field{{"X-Note", "a\r\nSet-Cookie: b"}}, "",
			"whoever chooses the value writes a field of theirs: refuse CR and LF in it"},
		{"a line end in the reason", 200, "OK\r\nX: y", nil, "", "look for CR and LF in the reason too"},
		{"a colon in a name", 200, "OK", []Field{{"X: y\r\nX", "z"}}, "",
			"a name holds letters, digits and a few marks such as \"-\": no colon, no line end"},
		{"a space in a name", 200, "OK", []Field{{"Content Type", "text/plain"}}, "",
			"a name has no space in it, and none behind it"},
		{"an empty name", 200, "OK", []Field{{"", "z"}}, "", "a name has one octet at least"},
	} {
		got, err := f(tt.code, tt.reason, tt.fields, []byte(tt.body))
		if errors.Is(err, errNotBegun) {
			return err
		}
		want, fault := appendResponse(tt.code, tt.reason, tt.fields, tt.body)
		if fault != nil {
			if err == nil {
				return accepted(tt.row, string(got), fault, "does not mind", tt.hint)
			}
			continue
		}
		if err == nil && bytes.Equal(got, want) {
			continue
		}
		at := same(string(got), string(want))
		rule, says := ruleAt(want, at), fmt.Sprintf("want %q, your function writes %q",
			piece(string(want), at), piece(string(got), at))
		if err != nil {
			says = "nothing is wrong with it; your function says: " + err.Error()
		}
		return &mistake{tt.row, string(want), at, rule, says, tt.hint}
	}
	return nil
}

// appendResponse is what httpwire writes.
func appendResponse(code int, reason string, fields []Field, body string) ([]byte, error) {
	resp := httpwire.Response{Body: []byte(body)}
	resp.Code, resp.Reason = code, []byte(reason)
	for _, f := range fields {
		resp.Fields = resp.Fields.Add([]byte(f.Name), []byte(f.Value))
	}
	resp.Fields = resp.Fields.Add([]byte("Content-Length"), fmt.Append(nil, len(body)))
	return httpwire.AppendResponse(nil, &resp, []byte("GET"))
}

// ruleAt returns the rule that an octet of an answer comes under.
func ruleAt(answer []byte, at int) httpwire.Rule {
	spans, _ := httpwire.ResponseSpans(nil, answer, []byte("GET"))
	for _, s := range spans {
		if s.Start <= at && at < s.End {
			return s.Rule
		}
	}
	return httpwire.RuleSurplus
}

// piece returns a few octets of a message.
func piece(message string, at int) string {
	return message[at:min(len(message), at+12)]
}
