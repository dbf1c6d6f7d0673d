package grader

import (
	"errors"
	"fmt"

	"rawhttp/httpwire"
)

// StatusLine returns the check of the status-line.
func StatusLine(f func([]byte) (version string, code int, reason string, err error)) Check {
	try := func(line string) error { return statusMistake(line, f) }
	check := checkEach(try, statusLines)
	return append(check, anyOf("a control octet in the reason",
		withEach("HTTP/1.0 200 O%cK\r\n", controls), controlHint, try))
}

// statusLines are the rows of the status-line.
var statusLines = []octetsRow{
	{"a status-line", "HTTP/1.0 200 OK\r\n", cutHint},
	{"a reason of two words", "HTTP/1.1 404 Not Found\r\n",
		"the reason goes up to the line end, with its spaces"},
	{"a code without a name", "HTTP/1.0 299 Fine\r\n",
		"do not look the code up in a list: there are new ones"},
	{"no reason", "HTTP/1.0 204 \r\n", "a reason may be empty; the space before it is there"},
	{"a reason in UTF-8", "HTTP/1.0 200 Ça va\r\n", "octets from 0x80 are allowed in a reason"},
	{"a space at the end", "HTTP/1.0 200 OK \r\n", "the reason goes up to the line end: do not trim it"},
	{"a tab in the reason", "HTTP/1.0 200 all\tright\r\n", "a tab is allowed in a reason"},
	{"no space after the code", "HTTP/1.0 200\r\n",
		"two spaces separate three parts, even if the last is empty"},
	{"two spaces", "HTTP/1.0  200 OK\r\n", "after the first space the code begins at once"},
	{"a tab for a space", "HTTP/1.0\t200 OK\r\n", spaceHint},
	{"two digits", "HTTP/1.0 20 OK\r\n", "a code has three digits"},
	{"four digits", "HTTP/1.0 2000 OK\r\n", "a code has three digits"},
	{"a sign", "HTTP/1.0 +20 OK\r\n", "strconv.Atoi takes a sign; look at the octets first"},
	{"a sign and three digits", "HTTP/1.0 +200 OK\r\n", "a code has three octets: no sign"},
	{"a zero in front", "HTTP/1.0 0200 OK\r\n", "a code has three digits"},
	{"a letter in the code", "HTTP/1.0 2O0 OK\r\n", digitHint},
	{"a code of 600", "HTTP/1.0 600 OK\r\n", "the first digit of a code is from 1 to 5"},
	{"a code of 099", "HTTP/1.0 099 OK\r\n", "the first digit of a code is from 1 to 5"},
	{"small letters", "http/1.0 200 OK\r\n", protocolHint},
	{"a long version", "HTTP/1.10 200 OK\r\n", versionHint},
	{"no dot", "HTTP/1x0 200 OK\r\n", dotHint},
	{"another protocol", "ICY 200 OK\r\n", "look at the version before you look at the code"},
	{"NUL in the reason", "HTTP/1.0 200 O\x00K\r\n", controlHint},
	{"CR in the reason", "HTTP/1.0 200 O\rK\r\n", aloneHint},
	{"DEL in the reason", "HTTP/1.0 200 O\x7FK\r\n", deleteHint},
	{"LF alone", "HTTP/1.0 200 OK\n", lineEndHint},
	{"no line end", "HTTP/1.0 200 OK", noLineEndHint},
	{"nothing", "", "an empty line has no parts"},
}

// statusMistake tries one status-line.
func statusMistake(
	line string, f func([]byte) (version string, code int, reason string, err error),
) error {
	version, code, reason, err := f([]byte(line))
	resp, spans, fault := readStatus(line)
	if m, done := verdict(line, err, fault, 0); done {
		return m
	}
	return parts{
		{httpwire.RuleHTTPVersion, version, resp.Version.String()},
		{httpwire.RuleStatusCode, fmt.Sprint(code), fmt.Sprint(resp.Code)},
		{httpwire.RuleReasonPhrase, reason, string(resp.Reason)},
	}.compare(spans, err)
}

// readStatus reads a status-line as httpwire does: as the first line of a head, which has to be
// complete with one empty line more.
func readStatus(line string) (resp httpwire.Response, spans []httpwire.Span, fault error) {
	get := []byte("GET")
	_, fault = httpwire.ConsumeResponseHead([]byte(line+"\r\n"), &resp)
	switch {
	case line == "":
		fault = &httpwire.IncompleteError{Rule: httpwire.RuleHTTPVersion}
	case errors.Is(fault, httpwire.ErrIncomplete):
		spans, fault = httpwire.ResponseSpans(nil, []byte(line), get)
	case fault == nil:
		spans, fault = httpwire.ResponseSpans(nil, []byte(line+"\r\n"), get)
	}
	return resp, spans, fault
}
