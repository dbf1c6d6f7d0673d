package grader

import (
	"errors"
	"fmt"

	"rawhttp/httpwire"
)

// RequestLine returns the check of the request-line.
func RequestLine(f func([]byte) (method, target, version string, err error)) Check {
	try := func(line string) error { return lineMistake(line, f) }
	check := checkEach(try, requestLines)
	return append(check, anyOf("a delimiter in a method", withEach("G%cT / HTTP/1.0\r\n", delimiters),
		octetHint, try))
}

// requestLines are the rows of the request-line.
var requestLines = []octetsRow{
	{"a request-line", "GET /address_book/api/v1.0/addresses HTTP/1.0\r\n", cutHint},
	{"another method", "HEAD / HTTP/1.1\r\n",
		"do not compare with GET: the method is whatever stands before the first space"},
	{"a query", "GET /a?limit=2&x=%41 HTTP/1.0\r\n",
		"the target goes up to the next space: return all of it, as it stands"},
	{"two spaces", "GET  / HTTP/1.0\r\n",
		"after the first space the target begins, and it begins with a slash"},
	{"a tab", "GET\t/ HTTP/1.0\r\n", spaceHint},
	{"a space at the start", " GET / HTTP/1.0\r\n",
		"do not trim: a line that begins with a space has an empty method"},
	{"a method with a colon", "G:T / HTTP/1.0\r\n", octetHint},
	{"a method with a NUL", "G\x00T / HTTP/1.0\r\n", octetHint},
	{"the marks in a method", marks + "0aZ / HTTP/1.0\r\n", marksHint},
	{"a method with é", "GÉT / HTTP/1.0\r\n", letterHint},
	{"no version", "GET /\r\n", "count the parts: there must be three"},
	{"no slash", "GET addresses HTTP/1.0\r\n", "look at the first octet of the target"},
	{"a NUL in the target", "GET /\x00 HTTP/1.0\r\n", "visible ASCII is what lies between 0x21 and 0x7E"},
	{"a DEL in the target", "GET /\x7F HTTP/1.0\r\n",
		"visible ASCII ends at 0x7E: more than 0x20 is not enough"},
	{"é in the target", "GET /é HTTP/1.0\r\n", "visible ASCII ends at 0x7E: more than 0x20 is not enough"},
	{"small letters", "GET / http/1.0\r\n", protocolHint},
	{"a long version", "GET / HTTP/1.10\r\n", versionHint},
	{"no dot", "GET / HTTP/1x0\r\n", dotHint},
	{"a letter before the dot", "GET / HTTP/x.0\r\n", digitHint},
	{"a letter after the dot", "GET / HTTP/1.x\r\n", "there are two digits in a version: look at both"},
	{"a space at the end", "GET / HTTP/1.0 \r\n", "the version goes up to the line end"},
	{"LF alone", "GET / HTTP/1.0\n", lineEndHint},
	{"CR before the line end", "GET / HTTP/1.0\r\r\n",
		"take off the line end once: strings.TrimRight takes off any number of CR and LF"},
	{"no line end", "GET / HTTP/1.0", noLineEndHint},
	{"nothing", "", "an empty line has no parts"},
}

// lineMistake tries one request-line.
func lineMistake(
	line string, f func([]byte) (method, target, version string, err error),
) error {
	method, target, version, err := f([]byte(line))
	req, fault := readLine(line)
	if m, done := verdict(line, err, fault, 0); done {
		return m
	}
	spans, _ := httpwire.RequestSpans(nil, []byte(line))
	return parts{
		{httpwire.RuleMethod, method, string(req.Method)},
		{httpwire.RuleRequestTarget, target, string(req.Target)},
		{httpwire.RuleHTTPVersion, version, req.Version.String()},
	}.compare(spans, err)
}

// parts are what a function has found in a line, and what is there.
type parts []struct {
	rule      httpwire.Rule
	got, want string
}

// compare returns the first difference, or nil. Spans say where each part begins.
func (ps parts) compare(spans []httpwire.Span, err error) error {
	for _, part := range ps {
		if err != nil {
			return mistakeAt(spans, part.rule,
				fmt.Sprintf("the whole line is as it should be; your function says: %v", err))
		}
		if part.got != part.want {
			return mistakeAt(spans, part.rule,
				fmt.Sprintf("want %q, your function returns %q", part.want, part.got))
		}
	}
	return nil
}

// readLine reads a request-line as httpwire does: as the first line of a head, which has to be
// complete with one empty line more.
func readLine(line string) (req httpwire.Request, fault error) {
	_, err := httpwire.ConsumeRequestHead([]byte(line+"\r\n"), &req)
	if errors.Is(err, httpwire.ErrIncomplete) {
		_, err = httpwire.RequestSpans(nil, []byte(line))
	}
	return req, err
}

// HeadEnd returns the check of the end of the head.
func HeadEnd(f func([]byte) (int, error)) Check {
	try := func(octets string) error { return headMistake(octets, f) }
	return checkEach(try, heads)
}

// heads are the rows of the end of the head.
var heads = []octetsRow{
	{"the shortest head", "GET / HTTP/1.0\r\n\r\n",
		"look for CR LF CR LF. The empty line is part of the head: count its two octets"},
	{"fields and a body", "POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi",
		"look for the end of a line with another line end right after it"},
	{"an empty line in the body", "POST / HTTP/1.0\r\nContent-Length: 6\r\n\r\na\r\n\r\nb",
		"the first empty line counts: search from the front"},
	{"nothing yet", "", "what has not come yet is not a mistake: return 0"},
	{"half a line", "GET / HT", "no line end, no head: return 0"},
	{"a line without an empty line", "GET / HTTP/1.0\r\n", "one line end is the end of a line only"},
	{"all but one octet", "GET / HTTP/1.0\r\n\r", "CR is half of the empty line: wait for LF"},
	{"LF before the empty line", "GET / HTTP/1.0\n\r\n",
		"the line before the empty line ends with CR LF as well: look for four octets"},
	{"LF for the empty line", "GET / HTTP/1.0\r\n\n", "the empty line is CR LF: look for four octets"},
	{"LF alone", "GET / HTTP/1.0\n\n", "LF alone ends no line: search for octets, not for lines"},
}

// headMistake tries one head.
func headMistake(octets string, f func([]byte) (int, error)) error {
	got, err := f([]byte(octets))
	var req httpwire.Request
	want, fault := httpwire.ConsumeRequestHead([]byte(octets), &req)
	_, located := httpwire.RequestSpans(nil, []byte(octets))
	returned := fmt.Sprintf("%d and no error", got)
	if err != nil {
		returned = fmt.Sprintf("%d and the error: %v", got, err)
	}
	broken := fault != nil && !errors.Is(fault, httpwire.ErrIncomplete)
	switch {
	case isNotBegun(err):
		return err
	case err == nil && got == want, broken && err != nil:
		return nil
	case fault == nil:
		return &mistake{offset: want, rule: httpwire.RuleEndOfHead,
			says: fmt.Sprintf("the head has %d octets; your function returns %s", want, returned)}
	}
	return missed(octets, located, 0, "returns "+returned)
}
