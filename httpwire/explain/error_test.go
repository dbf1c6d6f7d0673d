package explain

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"rawhttp/examples/gallery"
	"rawhttp/httpwire"
)

var long80 = strings.Repeat("x", 80) // too long to be shown as a line to type

const (
	head10 = "GET / HTTP/1.0\r\n"
	head11 = "GET / HTTP/1.1\r\n"
	ok10   = "HTTP/1.0 200 OK\r\n"
)

// A mistakeRow has a message and what its error must say. The mark in the message is where the error
// has to point. The title names the mistake, and help is a part of what to do: the sender's own line,
// corrected, where that is possible.
type mistakeRow struct{ in, title, help string }

// octets returns the message without the mark.
func (row *mistakeRow) octets() string { return strings.Replace(row.in, "‸", "", 1) }

// check checks the text of the error that ended a listing of the message.
func (row *mistakeRow) check(t *testing.T, l Listing, text []byte) {
	t.Helper()
	checkListing(t, l, row.octets())
	title, _, _ := strings.Cut(string(text), "\n")
	_, help, _ := strings.Cut(string(text), "\n  help  ")
	var syntax *httpwire.SyntaxError
	if !errors.As(l.Err, &syntax) || syntax.Offset != strings.Index(row.in, "‸") ||
		title != "error: "+row.title || !strings.Contains(help, row.help) {
		t.Errorf("%q: want %q and %q at the mark, got %v\n%s", row.in, row.title, row.help, l.Err, text)
		return
	}
	checkPrint(t, text)
	checkError(t, text, l.Octets, l.Err)
}

var mistakeRows = []mistakeRow{
	{"‸\r\n", "", ""},
	{"\r\n‸\r\n", "more than one empty line before the request", "GET /path HTTP/1.0"},
	{"\r‸X", "CR without LF", "nc -C"},
	{"\r\n‸\rX", "CR without LF", "nc -C"},
	{"\r\n‸\r", "more than one empty line before the request", "GET /path HTTP/1.0"},
	{"‸\n", "LF without CR where the request-line is expected", "nc -C"},
	{"‸ GET / HTTP/1.0\r\n", "white space before the method", "GET / HTTP/1.0\n"},
	{"GET‸\t/x HTTP/1.0\r\n", "a tab after the method", "GET /x HTTP/1.0"},
	{"GET‸\r\n", "the line ends after the method", "GET / HTTP/1.0"},
	{"HTTP‸/1.0 200 OK\r\n\r\n", "", ""},
	{"‸/x\r\n", "the method before the path is missing", "GET /x HTTP/1.0"},
	{"‸{\"ID\": 1}", "a body, or a quotation mark, where the request-line is expected",
		"Content-Length"},
	{"a‸\": 1}", "what looks like the rest of a body, where the request-line is expected",
		"Content-Length"},
	{"‸}\n", "a body, or a quotation mark, where the request-line is expected", "Content-Length"},
	{"http‸://h:1/a?b\r\n", "a URL where the request-line is expected", "GET /a?b HTTP/1.0\n"},
	{"http‸://h HTTP/1.0\r\n", "a URL where the request-line is expected", "GET / HTTP/1.0\n"},
	{"Host‸: x\r\n", "a field where the request-line is expected", "GET /path HTTP/1.0"},
	{"G‸\x00T / HTTP/1.0\r\n", "NUL in the method", "capitals"},
	{"+OK / HTTP/1.0\r\nA‸ : b\r\n", "white space before the colon", "A: b\n"}, // a method of any token
	{"G‸(T / HTTP/1.0\r\n", "a method cannot contain this octet", "capitals"},

	{"GET ‸ /x HTTP/1.0\r\n", "two spaces between method and request-target", "GET /x HTTP/1.0"},
	{"GET ‸\r\n", "the request-target is missing", "GET / HTTP/1.0"},
	{"GET /x‸\n", "the version is missing", "GET /x HTTP/1.0"},
	{"POST /x‸\r\n", "the version is missing", "POST /x HTTP/1.0"},
	{"GET /x ‸\r\n", "the version is missing", "GET /x HTTP/1.0"},
	{"GET /x‸\tHTTP/1.0\r\n", "a tab in the request-line", "GET /x HTTP/1.0"},
	{"GET /a‸#b HTTP/1.0\r\n", "a fragment: \"#\" and what follows it are for the client only",
		"GET /a HTTP/1.0"},
	{"GET /a‸\x00 HTTP/1.0\r\n", "NUL in the request-target", ""},
	{"GET /stra‸\x00\xC3\x9Fe HTTP/1.0\r\n", "NUL in the request-target", "GET /stra%C3%9Fe HTTP/1.0"},
	{"GET /‸\u201CÓ HTTP/1.0\r\n", "a curly quotation mark (U+201C) where HTTP requires ASCII",
		"GET /%C3%93 HTTP/1.0"},
	{"GET /a‸\x1b[31m HTTP/1.0\r\n", "a control octet in the request-target", ""},
	{"GET /a‸\\b HTTP/1.0\r\n", "a backslash in the request-target", "GET /a/b HTTP/1.0"},
	{"GET ‸\\a\\b HTTP/1.0\r\n", "a backslash in the request-target", "GET /a/b HTTP/1.0"},
	{"GET /stra‸\xC3\x9Fe HTTP/1.0\r\n", "an octet beyond ASCII in the request-target",
		"GET /stra%C3%9Fe HTTP/1.0"},
	{"GET ‸index.html HTTP/1.0\r\n", "the path does not begin with \"/\"",
		"GET /index.html HTTP/1.0"},
	{"GET ‸localhost:80 HTTP/1.0\r\n", "host and port instead of a path", "GET / HTTP/1.0\n"},
	{"GET ‸home:80 HTTP/1.0\r\n", "host and port instead of a path", "GET / HTTP/1.0\n"},
	{"GET ‸localhost:80/a?b HTTP/1.0\r\n", "host and port before the path", "GET /a?b HTTP/1.0\n"},
	{"GET ‸home:80/ HTTP/1.0\r\n", "host and port before the path", "GET / HTTP/1.0\n"},
	{"connect ‸[::1]:80 HTTP/1.0\r\n", "the method is not in capitals; methods are case-sensitive",
		"CONNECT [::1]:80 HTTP/1.0\n"},
	{"GET http‸bin:80 HTTP/1.0\r\n", "host and port instead of a path", "GET / HTTP/1.0\n"},
	{"GET http‸bin:80/ HTTP/1.0\r\n", "host and port before the path", "GET / HTTP/1.0\n"},
	{"Connect http‸bin:443 HTTP/1.0\r\n", "the method is not in capitals; methods are case-sensitive",
		"CONNECT httpbin:443 HTTP/1.0\n"},
	{"Connect ‸h:443 HTTP/1.0\r\n", "the method is not in capitals; methods are case-sensitive",
		"CONNECT h:443 HTTP/1.0\n"},
	{"GET ‸home HTTP/1.0\r\n", "the path does not begin with \"/\"", "GET /home HTTP/1.0"},
	{"GET ‸ftp://h/ HTTP/1.0\r\n", "a URI whose scheme is not http", "write only the path"},
	{"GET /a‸{b} HTTP/1.0\r\n", "an octet that a URI does not allow", "GET /a%7Bb%7D HTTP/1.0"},
	{"OPTIONS /a‸{ HTTP/1.0\r\n", "an octet that a URI does not allow", "OPTIONS /a%7B HTTP/1.0\n"},
	{"GET http://127.0.0.1/a‸{ HTTP/1.0\r\n", "an octet that a URI does not allow",
		"GET http://127.0.0.1/a%7B HTTP/1.0\n"},
	{"GET http://a‸^/x HTTP/1.0\r\n", badHost, "GET /x HTTP/1.0\n"},
	{"GET http‸//h/a HTTP/1.0\r\n", "a URL that does not begin with \"http://\"", "GET /a HTTP/1.0\n"},
	{"GET http:‸h/a HTTP/1.0\r\n", "a URL that does not begin with \"http://\"", "GET /a HTTP/1.0\n"},
	{"GET ‸www.a.b/c HTTP/1.0\r\n", "a host instead of a path", "GET /c HTTP/1.0\n"},
	{"GET ‸localhost HTTP/1.0\r\n", "a host instead of a path", "GET / HTTP/1.0\n"},
	{"GET ‸localhosts HTTP/1.0\r\n", "the path does not begin with \"/\"", "GET /localhosts HTTP/1.0\n"},
	{"localhost‸:80/a\r\n", "a URL where the request-line is expected", "GET /path HTTP/1.0\n"},
	{"GET ‸'/a' HTTP/1.0\r\n", "the path does not begin with \"/\"", "GET /a HTTP/1.0\n"},
	{"GET ‸</a> HTTP/1.0\r\n", "the path does not begin with \"/\"", "GET /a HTTP/1.0\n"},
	{"GET ‸<http://h/a> HTTP/1.0\r\n", "a URL in quotation marks or angle brackets",
		"leave them out:  GET http://h/a HTTP/1.0\n"},
	{"GET http://‸::1:12345/ HTTP/1.0\r\n", bareIPv6, "GET http://[::1]:12345/ HTTP/1.0\n"},
	{head10 + "-H‸ \"A: b\"\r\n", "an option of curl before the field", "A: b\n"},
	{head10 + "Host: ‸::1:12345\r\n\r\n", bareIPv6, "Host: [::1]:12345\n"},
	{"GET‸/a HTTP/1.0\r\n", "the space after the method is missing", "GET /a HTTP/1.0\n"},
	{"GET‸/HTTP/1.0\r\n", "the space after the method is missing", "GET /path HTTP/1.0\n"},
	{"GET‸: / HTTP/1.0\r\n", "something after the method", "GET / HTTP/1.0\n"},
	{"GET http://h‸\\a HTTP/1.0\r\n", backslash, "GET http://h/a HTTP/1.0\n"},
	{"GET ‸127.0.0.1/a HTTP/1.0\r\n", "a host instead of a path", "GET /a HTTP/1.0\n"},
	{"GET ‸[::1]/a HTTP/1.0\r\n", "a host instead of a path", "GET /a HTTP/1.0\n"},
	{head10 + "host‸ h:80\r\n", "the colon after the name is missing", "host: h:80\n"},
	{head10 + "Host‸ = h:80\r\n", "the colon after the name is missing", "Host: h:80\n"},
	{head10 + "Date‸ Sun, 06 Nov 1994 08:49:37 GMT\r\n", "the colon after the name is missing",
		"Date: Sun, 06 Nov 1994 08:49:37 GMT\n"},
	{head10 + "Accept‸ Language: a\r\n", "white space in the name of a field", "Accept-Language: a\n"},
	{head10 + "Content-Length‸=5\r\n", "an octet that the name of a field does not allow", "Content-Length: 5\n"},
	{head10 + "name‸=Bob&town=Bonn\r\n", "an octet that the name of a field does not allow", "Name: value\n"},
	{head10 + "Con‸ tent-Length: 5\r\n", "white space in the name of a field", "write the name as one word:  Content-Length: 5\n"},
	{head10 + "Server‸ Name: a\r\n", "white space in the name of a field", "Server-Name: a\n"},
	{head10 + "Host‸ : h:80\r\n", "white space before the colon", "Host: h:80\n"},
	{"GET http://a‸\tb/x HTTP/1.0\r\n", badHost, "write only the path:  GET /path HTTP/1.0\n"},
	{"GET http://a ‸b/x HTTP/1.0\r\n", "a space inside the request-target", "GET /a%20b HTTP/1.0\n"},
	{"GET /a ‸ b HTTP/1.0\r\n", "a space inside the request-target", "GET /a%20b HTTP/1.0\n"},
	{"GET /a‸\tb HTTP/1.0\r\n", "white space inside the request-target", "as %20:  GET /a%20b HTTP/1.0\n"},
	{"GET ‸\t/a HTTP/1.0\r\n", "a tab in the request-line", "GET /a HTTP/1.0\n"},
	{"GET /a‸\t HTTP/1.0\r\n", "a tab in the request-line", "GET /a HTTP/1.0\n"},
	{"GET ‸\\/a HTTP/1.0\r\n", "a backslash in the request-target", "GET /a HTTP/1.0\n"},
	{"GET ‸\"/a b\" HTTP/1.0\r\n", "the path does not begin with \"/\"", "GET /a%20b HTTP/1.0\n"},
	{"GET ‸a /b HTTP/1.0\r\n", "the path does not begin with \"/\"", "GET /path HTTP/1.0\n"},
	{"G ‸ET /a HTTP/1.0\r\n", "the path does not begin with \"/\"", "GET /path HTTP/1.0\n"},
	{"‸ ONNECT h:1 HTTP/1.0\r\n", "white space before the method", "GET /path HTTP/1.0\n"},
	{"‸/GET http://h/ HTTP/1.0\r\n", "the method before the path is missing", "GET /path HTTP/1.0\n"},
	{"‸/a GET HTTP/1.0\r\n", "the method before the path is missing", "GET /a HTTP/1.0\n"},
	{"‸\"GET http://h HTTP/1.0\"\r\n", "a quotation mark before the request-line", "GET http://h HTTP/1.0\n"},
	{"CONNECT ‸ h:1 HTTP/1.0\r\n", "extra white space before the host", "exactly one space:  CONNECT h:1 HTTP/1.0\n"},
	{"CONNECT ‸\th:1 HTTP/1.0\r\n", "extra white space before the host", "CONNECT h:1 HTTP/1.0\n"},
	{"CONNECT ‸\r\n", "the host and port are missing", "write host and port:  " + tunnelLine + "\n"},
	{"CONNECT /‸[::1]:80 HTTP/1.0\r\n", tunnelToPath, "write host and port:  " + tunnelLine + "\n"},
	{"CONNECT h:4‸:43 HTTP/1.0\r\n", "something after host and port", tunnelLine},
	{"CONNECT h:4‸\xE9 HTTP/1.0\r\n", "something after host and port", tunnelLine},
	{"CONNECT h:4 ‸43 HTTP/1.0\r\n", "a space in host and port", tunnelLine},
	{"CONNECT h‸ :43 HTTP/1.0\r\n", "the port is missing", tunnelLine},
	{"CONNECT h:1‸#a HTTP/1.0\r\n", fragment, "CONNECT h:1 HTTP/1.0\n"},
	{"CONNECT ‸#h:1 HTTP/1.0\r\n", fragment, "leave out \"#\" and what follows it:  " + tunnelLine},
	{"GET /100%‸ HTTP/1.0\r\n", "\"%\" without two hexadecimal digits after it",
		"GET /100%25 HTTP/1.0"},
	{"GET /a%z‸ HTTP/1.0\r\n", "", ""},
	{"GET http‸s://h/ HTTP/1.0\r\n", "an https URL on a plain connection",
		"GET http://h/ HTTP/1.0"},
	{"GET http://bob‸@h/ HTTP/1.0\r\n", "a user name in the URL", "GET http://h/ HTTP/1.0"},
	{"GET http://b:‸pw@h/ HTTP/1.0\r\n", "a user name and a password in the URL",
		"GET http://h/ HTTP/1.0"},
	{"GET http://‸/x HTTP/1.0\r\n", "the host of the URL is missing", "localhost:12345"},
	{"GET http://h:‸x/ HTTP/1.0\r\n", "the port is not a number", "localhost:12345"},
	{"GET http://b:1‸@h/ HTTP/1.0\r\n", "a user name and a password in the URL", "GET http://h/ HTTP/1.0\n"},
	{"GET http://h‸#a HTTP/1.0\r\n", fragment, "GET http://h HTTP/1.0\n"},
	{"GET http://h:1‸#a HTTP/1.0\r\n", fragment, "GET http://h:1 HTTP/1.0\n"},
	{"GET http:/‸h/ HTTP/1.0\r\n", "a URL that does not begin with \"http://\"", "GET / HTTP/1.0\n"},

	{"GET /x ‸http/1.0\r\n", "the version is not in capitals", "GET /x HTTP/1.0"},
	{"GET /x H‸ttp/1.0\r\n", "the version is not in capitals", "GET /x HTTP/1.0"},
	{"GET /x ‸ HTTP/1.0\r\n", "two spaces between request-target and version", "GET /x HTTP/1.0"},
	{"GET /a ‸b c HTTP/1.0\r\n", "a space inside the request-target", "GET /a%20b%20c HTTP/1.0"},
	{"GET /a ‸http/b HTTP/1.0\r\n", "a space inside the request-target", "GET /a%20http/b HTTP/1.0\n"},
	{"GET /a ‸b http/1.0\r\n", "a space inside the request-target", "GET /a%20b HTTP/1.0\n"},
	{"GET /x ‸ http/1.0\r\n", "two spaces between request-target and version", "GET /x HTTP/1.0"},
	{"GET /x ‸\tHTTP/1.0\r\n", "a tab before the version", "GET /x HTTP/1.0\n"},
	{"GET /x HTTP/1.1‸0\r\n", "a version number of more than one digit", "GET /x HTTP/1.1\n"},
	{"GET /x HTTP/1.0‸ \r\n", "white space after the version", "GET /x HTTP/1.0\n"},
	{"GET / HTTP/1.0‸ GET / HTTP/1.0\r\n", "something after the version", "GET / HTTP/1.0\n"},
	{"GET /x HTTP/1.1‸0 HTTP/1.0\r\n", "a version number of more than one digit", "GET /x HTTP/1.1\n"},
	{"GET ‸C:\\a HTTP/1.0\r\n", "the path does not begin with \"/\"", "GET /C:/a HTTP/1.0\n"},
	{"options ‸* HTTP/1.0\r\n\r\n", otherMethod, "write the method in capitals:  OPTIONS * HTTP/1.0\n"},
	{"CONNECT u:‸p@h:1 HTTP/1.0\r\n", "a user name and a password in the URL", "CONNECT h:1 HTTP/1.0\n"},
	{"GET /x HTTP/1.0‸x\r\n", "something after the version", "GET /x HTTP/1.0\n"},
	{"GET /x HTTP/1.0‸\n\n", "LF without CR at the end of the line", "nc -C"},
	{"GET /x HTTP/1.0\r‸\r", "CR without LF", "nc -C"},
	{"GET‸\r/x HTTP/1.0\r\n", "CR without LF", "nc -C"},
	{"GET /x HTTP/‸\r1.0\r\n", "CR without LF", "nc -C"},
	{head10 + "Content‸\rLength: 3\r\n", "CR without LF", "nc -C"},
	{"GET ‸* HTTP/1.0\r\n\r\n", "\"*\" with a method other than OPTIONS", "GET / HTTP/1.0"},

	{head10 + "‸ If-Match: \"a\"\r\n", "white space before the first field", "If-Match: \"a\"\n"},
	{head10 + "caf‸\xC3\xA9\r\n", "an octet beyond ASCII in the name of a field", "Name: value\n"},
	{head10 + "A: b\r\n‸ \x01\r\n", "a folded line: it begins with white space", "A: b\n"},
	{head10 + "‸ A: b\r\n", "white space before the first field", "A: b"},
	{head10 + "Host‸ : x\r\n", "white space before the colon", "Host: x"},
	{head10 + "‸: x\r\n", "a field without a name", "Name: value"},
	{head10 + "‸{\"ID\": 1}", "a body where a field or the empty line is expected", "empty line"},
	{head10 + "hello‸\r\n", "a line without a colon is not a field", "Name: value"},
	{head10 + "Host‸ localhost\r\n", "a line without a colon is not a field", "Host: localhost\n"},
	{head10 + "A: b\r\n‸ \t\r\n", "white space in the line that should be empty", "nothing else"},
	{head10 + "‸\t \r\n\r\n", "white space in the line that should be empty", "nothing else"},
	{ok10 + "‸ \n", "white space in the line that should be empty", "nothing else"},
	{head10 + "Content‸ Type: x\r\n", "white space in the name of a field", "Content-Type"},
	{head10 + "caf‸\xC3\xA9: x\r\n", "an octet beyond ASCII in the name of a field", ""},
	{head10 + "A: b‸\n", "LF without CR at the end of the line", "nc -C"},
	{head10 + "A: b‸\x00\r\n", "NUL in the value of a field", ""},
	{head10 + "A: b‸\x1b[2J\r\n", "a control octet in the value of a field", ""},
	{head10 + "A: b\r\n‸ c\r\n", "a folded line: it begins with white space", "obsolete"},
	{head10 + "‸\n", "LF without CR as the empty line", "nc -C"},
	{head10 + "A: b\r\n\r‸x", "CR without LF", "nc -C"},

	{head11 + "‸\r\n", "HTTP/1.1 without a Host field", "localhost:12345"},
	{"GET http://a:1/ HTTP/1.1\r\n‸\r\n", "HTTP/1.1 without a Host field", "Host: a:1\n"},
	{head11 + "Host: a\r\n‸Host: a\r\n\r\n", "Host is sent twice", "Host: a\n"},
	{head10 + "Date: a\r\n‸Date: b\r\n\r\n", "a field that may be sent only once is sent twice", "once"},
	{head10 + "Content-Length: 1\r\n‸Content-Length: 1\r\n\r\n{}", "Content-Length is sent twice",
		"2 octets follow the empty line:\n        Content-Length: 2\n"},
	{head10 + "Content-Length: 1\r\n‸Content-Length: 1\r\n\r\n", "Content-Length is sent twice",
		"send the right Content-Length once\n"},
	{head10 + "Content-Length: ‸-1\r\n\r\n{", "Content-Length has a sign",
		"write digits only; 1 octet follows the empty line:  Content-Length: 1\n"},
	{head10 + "Content-Length:‸\r\n\r\n{}", "Content-Length has no value", "Content-Length: 2\n"},
	{head10 + "Content-Length: 1‸, 1\r\n\r\n{}", "Content-Length is a list", "Content-Length: 2\n"},
	{head10 + "Content-Length: ‸x\r\n\r\n{}",
		"Content-Length is not a number in decimal digits", "Content-Length: 2\n"},
	{head10 + "‸Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"Transfer-Encoding in HTTP/1.0",
		"send the body as it is, and its length in Content-Length\n"},
	{head10 + "‸Transfer-Encoding: gzip\r\n\r\n", codingIn10, "send the body as it is"},
	{"POST / HTTP/1.0\r\n‸\r\n{}", "POST and PUT need a Content-Length", "Content-Length: 2\n"},
	{"POST / HTTP/1.0\r\n‸\r\n", "POST and PUT need a Content-Length", "0 if there is none\n"},

	{"GET HTTP‸/1.1\r\n", "the request-target is missing", "GET / HTTP/1.1\n"},
	{"get http‸/1.0\r\n", "the request-target is missing", "GET / HTTP/1.0\n"},
	{"POST ‸\r\n", "the request-target is missing", "POST / HTTP/1.0\n"},
	{"GET /x‸\v HTTP/1.0\r\n", "white space other than SP in the request-line", "GET /x HTTP/1.0\n"},
	{"get / ‸http/1.0\r\n", "the version is not in capitals", "GET / HTTP/1.0\n"},
	{"get ‸ a{b http/1.00 \r\n", "two spaces between method and request-target",
		"GET /a%7Bb HTTP/1.0\n"},
	{"GET /x HTTP/1‸\r\n", "the version is not complete", "GET /x HTTP/1.0\n"},
	{"GET /x HTTP/‸/1.0\r\n", "this is not a version of HTTP", "GET /x HTTP/1.0\n"},
	{"GET /x ‸y/", "this is not a version of HTTP", "a space in the path is %20:\n        GET /x HTTP/1.0\n"},
	{"GET /x H‸arry\r\n", "this is not a version of HTTP", "is %20:\n        GET /x HTTP/1.0\n"},
	{"GET /?token=a ‸http/1.0\r\n", "the version is not in capitals", "GET /?token=* HTTP/1.0\n"},
	{"GET /x HT‸P/1.1\r\n", "this is not a version of HTTP", "with the version:  GET /x HTTP/1.0\n"},
	{head11 + "Host: a\r\nTransfer-Encoding: chunked, ‸chunked\r\n\r\n", chunkedTwice, "send the body as it is"},
	{head11 + "Host: a\r\n‸Transfer-Encoding: chunked\r\n\r\n",
		"a body in a transfer coding: HTTP/1.1 allows it, HTTP/1.0 does not", "send the body as it is"},
	{"‸> GET /x HTTP/1.1\r\n> Host: h\r\n", "a mark that a tool puts before each line", "GET /x HTTP/1.1\n"},
	{"‸< HTTP/1.1 200 OK\r\n", "a mark that a tool puts before each line", "GET /path HTTP/1.0\n"},
	{"GET /x HTTP/2‸\r\nHost: h\r\n", "HTTP/2 and HTTP/3 are not sent as text",
		"GET /x HTTP/1.0\n"},
	{"HTTP/2‸ 404 \r\n", "HTTP/2 and HTTP/3 are not sent as text",
		"HTTP/1.0 404 Not Found\n"},
	{"HTTP/2‸ 404 " + long80 + "\r\n", "HTTP/2 and HTTP/3 are not sent as text",
		"HTTP/1.0 200 OK\n"},
	{"GET ‸ /" + long80 + " HTTP/1.0\r\n", "two spaces between method and request-target", "GET /path HTTP/1.0\n"},
	{"GET /x HTTP/4‸\r\n", "the version is not complete", "GET /x HTTP/1.0\n"},
	{"HTTP/3‸ 200 OK\r\n", "HTTP/2 and HTTP/3 are not sent as text",
		"HTTP/1.0 200 OK\n"},
	{"GET / HTTP/‸2.0\r\n\r\n", "a major version of HTTP that this server does not speak",
		"GET / HTTP/1.0\n"},
	{head10 + "Host: a‸ b\r\n\r\nx", "white space in the value of Host",
		"send host and port and nothing else:  Host: a\n"},
	{head10 + "Host: http:‸//h:1/p\r\n\r\n", "a URL in the value of Host", "Host: h:1\n"},
	{head10 + "Host:‸/ h\r\n\r\n", "a path in the value of Host", "Host: localhost:12345\n"},
	{head10 + "Host: h‸/p\r\n\r\n", "a path in the value of Host", "Host: h\n"},
	{head10 + "Host: u‸@h\r\n\r\n", "a user name in the value of Host", "Host: h\n"},
	{head10 + "Host: u‸@h/p\r\n\r\n", "a user name in the value of Host", "Host: h\n"},
	{head10 + "Host: http:‸//u@h/p@q\r\n\r\n", "a URL in the value of Host", "Host: h\n"},
	{head10 + "Host: u:‸p@h:1\r\n\r\n", "a user name in the value of Host", "Host: h:1\n"},
	{head10 + "Host: a,‸ b\r\n\r\n", "a list of hosts in one field", "Host: a\n"},
	{head10 + "Host: h:8‸x\r\n\r\n", "the port in Host is not a number", "Host: h:8\n"},
	{head10 + "Host: ‸:80\r\n\r\n", "the host before the port is missing",
		"Host: localhost:12345\n"},
	{head10 + "Host: [::‸::]\r\n\r\n", "the brackets do not hold an IP address",
		"Host: localhost:12345\n"},
	{head10 + "Host:‸:80\r\n\r\n", "the host before the port is missing",
		"Host: localhost:12345\n"},
	{head10 + "Host: [::1]‸x\r\n\r\n", "the value of Host is not a host and port", "Host: localhost:12345\n"},
	{head10 + "Host: [::1]‸,b\r\n\r\n", "the value of Host is not a host and port", "Host: [::1]\n"},
	{head10 + "Host: [::1]:‸x\r\n\r\n", "the port in Host is not a number", "Host: localhost:12345\n"},
	{head10 + "Host: [1‸]\r\n\r\n", "the brackets do not hold an IP address",
		"Host: localhost:12345\n"},
	{"GET http://[1‸]/ HTTP/1.0\r\n", "the brackets do not hold an IP address", "GET http://[::1]:12345/"},
	{"POST / HTTP/1.0\r\n‸\r\nA: b\r\nContent-Length: 2\r\n\r\n{}",
		"a field after the empty line", "delete the empty line before it; send "},
	{"POST / HTTP/1.0\r\nHost: h\r\n‸\r\nContent-Length: 2\r\n\r\n{}",
		"a field after the empty line", "delete the empty line before it"},
	{"POST / HTTP/1.0\r\n‸\r\nname=a:b", "POST and PUT need a Content-Length",
		"Content-Length: 8\n"},
	{"‸\"GET / HTTP/1.0\\r\\n\\r\\n\"\r\n", "a quotation mark before the request-line",
		"GET / HTTP/1.0\n"},
	{"GET / HTTP/1.0‸\\r\\n\\r\\n\r\n", "a line end typed as a backslash and letters",
		"GET / HTTP/1.0\n"},
	{"GET / HTTP/1.0‸\\nHost: x\r\n\r\n", "a line end typed as a backslash and letters",
		"GET / HTTP/1.0\n"},
	{"GET /‸\\n\r\n", "a line end typed as a backslash and letters", "GET / HTTP/1.0\n"},
	{head10 + "Host: x‸\\r\\n\r\n\r\n", "a line end typed as a backslash and letters", "Host: x\n"},
	{"'GET‸\r\n", "a single quotation mark before the request-line", "GET / HTTP/1.0\n"},
	{"'GET / HTTP/1.0‸'\r\n", "a single quotation mark before the request-line",
		"GET / HTTP/1.0\n"},
	{head10 + "‸\"Host: x\r\n", "a field in quotation marks", "Host: x\n"},
	{head10 + "‸\"Host: x\"\r\n", "a field in quotation marks", "Host: x\n"},
	{"M-SEARCH ‸* HTTP/1.1\r\nHost: h\r\n\r\n", "\"*\" with a method other than OPTIONS",
		"M-SEARCH / HTTP/1.1\n"},
	{"CONNECT ‸/x HTTP/1.0\r\n\r\n", "CONNECT with a path instead of host and port",
		"CONNECT localhost:12345 HTTP/1.0\n"},
	{"CONNECT h‸ HTTP/1.0\r\n", "the port is missing", "CONNECT h:443 HTTP/1.0\n"},
	{"GET / HTTP/1.0‸ x\r\n", "something after the version", "GET / HTTP/1.0\n"},
	{"GET / HTTP/1.0‸ \t\r\n", "white space after the version", "GET / HTTP/1.0\n"},
	{"GET / HTTP/1.0‸ \rx\r\n", "something after the version", "GET / HTTP/1.0\n"},
	{"BREW /x‸\n", "the version is missing", "BREW /x HTTP/1.0\n"},
	{"curl http://h/a‸\r\n", "the version is missing", "GET /path HTTP/1.0\n"},
	{"curl ‸-v http://h/\r\n", "the path does not begin with \"/\"", "GET /path HTTP/1.0\n"},
	{"CONNECT http:‸//h:1/ HTTP/1.0\r\n", "a URL instead of host and port", "CONNECT h:1 HTTP/1.0\n"},
	{"CONNECT HTTPS:‸//h/a HTTP/1.0\r\n", "a URL instead of host and port", "CONNECT h:443 HTTP/1.0\n"},
	{"CONNECT http:‸/h HTTP/1.0\r\n", "the port is not a number", "CONNECT localhost:12345 HTTP/1.0"},
	{"CONNECT http:‸//h HTTP/1.0\r\n", "a URL instead of host and port", "CONNECT h:80 HTTP/1.0\n"},
	{"CONNECT h:1‸/ HTTP/1.0\r\n", "a path after host and port", "CONNECT h:1 HTTP/1.0\n"},
	{"CONNECT [::1]:1‸?a HTTP/1.0\r\n", "a path after host and port", "CONNECT [::1]:1 HTTP/1.0\n"},
	{"CONNECT ‸::1:80 HTTP/1.0\r\n", bareIPv6, "CONNECT [::1]:80 HTTP/1.0\n"},
	{"CONNECT ‸::1 HTTP/1.0\r\n", bareIPv6, "CONNECT [::1]:443 HTTP/1.0\n"},
	{"CONNECT 2001:‸db8::1:443 HTTP/1.0\r\n", bareIPv6, "CONNECT [2001:db8::1]:443 HTTP/1.0\n"},
	{"CONNECT 2001:‸db8::1:4:443 HTTP/1.1\r\n", bareIPv6, "CONNECT [2001:db8::1:4]:443 HTTP/1.1\n"},
	{"CONNECT fe80:‸:1%eth0:80 HTTP/1.0\r\n", bareIPv6, "CONNECT [fe80::1]:80 HTTP/1.0\n"},
	{"CONNECT ‸::1.2.3.4 HTTP/1.0\r\n", bareIPv6, "CONNECT [::1.2.3.4]:443 HTTP/1.0\n"},
	{"CONNECT ‸::1: HTTP/1.0\r\n", bareIPv6, "CONNECT [::1]:443 HTTP/1.0\n"},
	{"CONNECT [::1:80‸ HTTP/1.0\r\n", "a bracket of the IPv6 address is missing", "CONNECT [::1]:80 HTTP/1.0\n"},
	{"CONNECT ‸::1]:80 HTTP/1.0\r\n", "a bracket of the IPv6 address is missing", "CONNECT [::1]:80 HTTP/1.0\n"},
	{"CONNECT ‸::g:80 HTTP/1.0\r\n", badHost, "write host and port:  CONNECT localhost:12345 HTTP/1.0\n"},
	{"connect ‸::1:80 HTTP/1.0\r\n", smallMethod, "CONNECT [::1]:80 HTTP/1.0\n"},
	{"GET http://‸::1:80/ HTTP/1.0\r\n", bareIPv6, "GET http://[::1]:80/ HTTP/1.0\n"},
	{"GET http://2001:‸db8:0:0:0:0:0:1:80/ HTTP/1.0\r\n", bareIPv6, "GET http://[2001:db8:0:0:0:0:0:1]:80/ HTTP/1.0\n"},
	{"GET ‸::1:80 HTTP/1.0\r\n", "a host instead of a path", "GET / HTTP/1.0\n"},
	{head10 + "Host: [::1:80‸\r\n\r\n", "a bracket of the IPv6 address is missing", "Host: [::1]:80\n"},
	{head10 + "Host:\t[::1:80‸\r\n\r\n", "a bracket of the IPv6 address is missing", "Host: [::1]:80\n"},
	{head10 + "Host: \t‸::1\r\n\r\n", bareIPv6, "Host: [::1]\n"},
	{head10 + "A‸ :\tb\r\n\r\n", "white space before the colon", "A: b\n"},
	{head10 + "Host: fe80:‸:1%eth0\r\n\r\n", bareIPv6, "Host: [fe80::1]\n"},
	{"GET ‸[::1]:80 HTTP/1.0\r\n", "host and port instead of a path", "GET / HTTP/1.0\n"},
	{"GET ‸[::1]:80/a?b HTTP/1.0\r\n", "host and port before the path", "GET /a?b HTTP/1.0\n"},
	{"GET http://‸::1/a HTTP/1.0\r\n", bareIPv6, "GET http://[::1]/a HTTP/1.0\n"},
	{"get http://fe80:‸:1 HTTP/1.0\r\n", bareIPv6, "GET http://[fe80::1] HTTP/1.0\n"},
	{"GET http://‸::1/a  HTTP/1.0\r\n", bareIPv6, "GET http://[::1]/a HTTP/1.0\n"},
	{"GET http://a:‸:g/ HTTP/1.0\r\n", "the port is not a number", "localhost:12345"},
	{head10 + "Host: ‸::1\r\n\r\n", bareIPv6, "Host: [::1]\n"},
	{head10 + "host:fe80:‸:1\r\n\r\n", bareIPv6, "host:[fe80::1]\n"},
	{head10 + "Host: a:‸:g\r\n\r\n", "the port in Host is not a number", "Host: localhost:12345\n"},
	{"GET ‸\xff HTTP/1.0\r\n", "an octet beyond ASCII in the request-target",
		"GET /%FF HTTP/1.0\n"},
	{"GET /a‸\x01b HTTP/1.0\r\n", "a control octet in the request-target", "GET /ab HTTP/1.0\n"},
	{"curl ‸GET /a HTTP/1.0\r\n", "a word before the method", "GET /a HTTP/1.0\n"},
	{"-X ‸POST http://h/a\r\n", "a word before the method", "POST http://h/a HTTP/1.0\n"},
	{"x ‸HEAD /a\r\n", "a word before the method", "HEAD /a HTTP/1.0\n"},
	{"GET ‸POST / HTTP/1.0\r\n", "the path does not begin with \"/\"", "GET /path HTTP/1.0\n"},
	{head10 + "A: b\r\n‸ accept: c\r\n\r\n", "white space before a field", "  accept: c\n"},
	{head10 + "Host: b\r\n‸\tX: c\r\n\r\n", "white space before a field", "  X: c\n"},
	{head10 + "A: b\r\n‸ X: c\r\n\r\n", "a folded line: it begins with white space", "  A: b X: c\n"},
	{head10 + "A: b\r\n‸ c\rd\r\n\r\n", "a folded line: it begins with white space", "  A: b c\n"},
	{head10 + "A: b\r\n‸ X: c\rY: d\r\n\r\n", "a folded line: it begins with white space", "  A: b X: c\n"},
	{"GET ‸ftp://h/x?y HTTP/1.0\r\n", "a URI whose scheme is not http",
		"GET /x?y HTTP/1.0\n"},
	{head10 + "Content‸\tLength: 5\r\n", "white space in the name of a field",
		"Content-Length: 5\n"},
	{head10 + "A‸\x00:\r\n", "NUL in the name of a field", "A:\n"},
	{head10 + "A: ‸\x00\r\n", "NUL in the value of a field", "A:\n"},
	{head10 + "A‸  b\r\n", "a line without a colon is not a field", "A: b\n"},
	{head10 + "A‸\tb\r\n", "a line without a colon is not a field", "A: b\n"},
	{head10 + "‸\"If-Match: \"a\"\"\r\n", "a field in quotation marks", "If-Match: \"a\"\n"},
	{head10 + "A: stra‸\x00\xC3\x9Fe\r\n", "NUL in the value of a field", "leave it out\n"},
	{head10 + "A: b‸\x00c\r\n", "NUL in the value of a field", "A: bc\n"},
	{head10 + "A: b\r\n‸ c\r\n", "a folded line: it begins with white space", "A: b c\n"},
	{head10 + "Age: 1\r\n‸Age: 1\r\n\r\n", twice, "send this field once:  Age: 1\n"},
	{head10 + "Date: a\r\n‸date: a\r\n\r\n", "a field that may be sent only once is sent twice",
		"date: a\n"},
	{"HTTP/1.0‸\t200 OK\r\n", "a tab instead of the space", "HTTP/1.0 200 OK\n"},
	{"HTTP/1.0‸\r\n", "the line ends after the version", "HTTP/1.0 200 OK\n"},
	{"‸\u201CGET / HTTP/1.0\u201D\r\n",
		"a curly quotation mark (U+201C) where HTTP requires ASCII",
		"GET / HTTP/1.0\n"},
	{"GET‸\u00A0/ HTTP/1.0\r\n",
		"a no-break space (U+00A0) where HTTP requires ASCII", "GET / HTTP/1.0\n"},
	{"GET ‸\u201C/a\u201D HTTP/1.0\r\n",
		"a curly quotation mark (U+201C) where HTTP requires ASCII",
		"GET /a HTTP/1.0\n"},
	{"GET /a‸\u2013b HTTP/1.0\r\n",
		"an en dash (U+2013) where HTTP requires ASCII", "GET /a-b HTTP/1.0\n"},
	{"GET /a‸\x96b HTTP/1.0\r\n", "an en dash (octet 0x96) where HTTP requires ASCII", "GET /a-b HTTP/1.0\n"},
	{"GET /a HTTP/1.0‸\x94\r\n",
		"a curly quotation mark (octet 0x94) where HTTP requires ASCII",
		"GET /a HTTP/1.0\n"},
	{head10 + "Content‸\u2010Type: a/b\r\n\r\n",
		"a typographic hyphen (U+2010) where HTTP requires ASCII",
		"Content-Type: a/b\n"},
	{head10 + "Content-Length: ‸\u201C26\u201D\r\n\r\n",
		"a curly quotation mark (U+201C) where HTTP requires ASCII",
		"Content-Length: 26\n"},

	{"‸\x16\x03\x01\x02\x00", "the client spoke TLS, not HTTP/1", "http:// rather than https://"},
	{"PRI * HTTP/‸2.0\r\n\r\nSM\r\n\r\n", "the client spoke HTTP/2, not HTTP/1", "--http1.0"},
	{"‸\x80\x2E\x01\x03\x01", "the client spoke TLS, not HTTP/1", "http:// rather than https://"},
	{"‸\x05\x01\x00", "the client spoke SOCKS 5, not HTTP/1", "SOCKS"},
	{"‸\x04\x01\x00", "the client spoke SOCKS 4, not HTTP/1", "SOCKS"},
	{"‸\xFF\xFB\x01", "the client spoke telnet, not HTTP/1", "nc -C"},
	{"SSH-2.0-x‸\r\n", "the client spoke SSH, not HTTP/1", "port number"},
	{"‸\xFF\xFEG\x00", "the message begins with UTF-16, not with a method", "ASCII"},
	{"PROXY ‸TCP4 10.0.0.1 10.0.0.2 56324 80\r\nGET / HTTP/1.0\r\n\r\n", "the client spoke the PROXY protocol, not HTTP/1",
		"send-proxy"},
	{"PROXY ‸UNKNOWN\r\nGET / HTTP/1.0\r\n\r\n", "the client spoke the PROXY protocol, not HTTP/1", "send-proxy"},
	{"\r\n‸\r\n\x00\r\nQUIT\n\x21", "the client spoke the PROXY protocol, not HTTP/1", "send-proxy"},
	{"220 ‸mail ESMTP\r\n", "the client spoke SMTP or FTP, not HTTP/1", "check the port number"},
	{"‸\xEF\xBB\xBFGET", "the message begins with a byte order mark, not with a method", "BOM"},

	{"HTTP/1.0 200‸\r\n", "the status-line has no space after the code",
		"HTTP/1.0 200 OK"},
	{"HTTP/1.1 ‸ 200 OK\r\n", "extra white space before the status code", "HTTP/1.1 200 OK\n"},
	{"HTTP/1.1 ‸\t200 OK\r\n", "extra white space before the status code", "HTTP/1.1 200 OK\n"},
	{"HTTP/1.1 404‸\tx\r\n", "a tab instead of the space", "HTTP/1.1 404 x\n"},
	{"HTTP/1.1‸\v404 x\r\n", otherSpace, "HTTP/1.1 404 x\n"},
	{"HTTP/1.1 404‸\fx\r\n", otherSpace, "HTTP/1.1 404 x\n"},
	{"HTTP/1.1 ‸\v404 x\r\n", "extra white space before the status code", "HTTP/1.1 404 x\n"},
	{"HTTP/1.0 200‸OK\r\n", "a space is missing after the status code", "HTTP/1.0 200 OK"},
	{"HTTP/1.0 200‸0 OK\r\n", "the status code is not three digits", "HTTP/1.0 200 OK"},
	{"HTTP/1.1 404 N‸\x01o\r\n", "a control octet in the reason phrase", "leave it out:  HTTP/1.1 404 No\n"},
	{"HTTP/1.0 20‸ OK\r\n", "the status code is not three digits", "HTTP/1.0 200 OK"},
	{"HTTP/1.0 2‸x0 OK\r\n", "the status code is not three digits", "HTTP/1.0 200 OK"},
	{"http‸/1.0 200 OK\r\n", "the version is not in capitals", "HTTP/1.0 200 OK"},
	{"HTTP/1.0 200 OK‸\n", "LF without CR at the end of the line", "the server should"},
	{ok10 + "A‸ : b\r\n", "white space before the colon", "A: b"},
	{ok10 + "‸Transfer-Encoding: chunked\r\n\r\n",
		"Transfer-Encoding in HTTP/1.0", "the server should"},
	{"HTTP/1.0 200 not HTTP/1.1\r\n‸Transfer-Encoding: chunked\r\n\r\n",
		"Transfer-Encoding in HTTP/1.0", "the server should"},
	{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n‸Transfer-Encoding: chunked\r\n\r\n",
		"Transfer-Encoding together with Content-Length", "the server should"},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked ‸;q=1\r\n\r\n",
		"the coding chunked with a parameter", "like gzip, chunked"},
	{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked‸;q=1\r\n\r\n",
		"the coding chunked with a parameter", "send the body as it is, and its length in Content-Length\n"},
	{"POST / HTTP/1.1\r\nHost: a\r\n‸Transfer-Encoding: chunked ;q=1\r\nContent-Length: 0\r\n\r\n",
		"Transfer-Encoding together with Content-Length", ""},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n ‸=\r\n\r\n",
		"the value of Transfer-Encoding is ill-formed", "like gzip, chunked"},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip;‸\r\n\r\n",
		"the value of Transfer-Encoding is ill-formed", "like gzip, chunked"},
	{"HTTP/1.0‸1 200 OK\r\n", manyDigits, "HTTP/1.0 200 OK\n"},
	{"HTTP/1.0‸200 OK\r\n", "a space is missing", "HTTP/1.0 200 OK\n"},
	{"HTTP/1.0 200‸\rOK\r\n", bareCR, "the server should"},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n‸x\r\n",
		"this is not the size of a chunk", "hexadecimal"},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc‸d\r\n",
		"the chunk is not as long as its size says", "as many octets"},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabc\r‸\n0\r\n\r\n",
		"the chunk is not as long as its size says", "as many octets"},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r‸d\n",
		"CR without LF", "the server should end each line with CR LF (0D 0A)\n"},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3‸\nabc\n",
		"LF without CR at the end of the line", "the server should end each line with CR LF (0D 0A)\n"},
}

// responseMistakes are the same for responses, which need not begin like one.
var responseMistakes = []mistakeRow{
	{"‸ICY 200 OK\r\n\r\n", "octet 0 looks like the start of a status-line, but is not one",
		"the server should"},
	{"HT‸P/1.1 200 OK\r\n\r\n",
		"octet 0 looks like the start of a status-line, but is not one", "the server should"},
	{"‸\r\nHTTP/1.1 200 OK\r\n\r\n", "a line end precedes the status-line", "HTTP/1.0 200 OK"},
	{"‸\rHTTP/1.1 200 OK\r\n\r\n", "white space precedes the status-line", "HTTP/1.0 200 OK"},
	{"‸ HTTP/1.1 200 OK\r\n\r\n", "white space precedes the status-line", "HTTP/1.0 200 OK"},
	{"‸ ICY 200 OK\r\n\r\n", "octet 1 looks like the start of a status-line, but is not one",
		"HTTP/1.0 200 OK"},
	{"HTTP/1.1 100 x\r\n\r\nHTTP/1.1 ‸ 200 OK\r\n\r\n", "extra white space before the status code",
		"HTTP/1.1 200 OK\n"},
	{"HTTP/1‸ 200 OK\r\n\r\n", "the version is not complete", "HTTP/1.0 200 OK\n"},
	{"‸SSH-2.0-x\r\n", "the server spoke SSH, not HTTP/1", "check the port number"},
	{"‸\xEF\xBB\xBFHTTP/1.1 200 OK\r\n\r\n",
		"the response begins with a byte order mark, not with a status-line", "UTF-8"},
	{"HTTP/1‸x HTTP/1.0 \r\n\r\n", "this is not a version of HTTP", "the server should"},
	{"HTTP/‸2.0 200 OK\r\n\r\n", "a response in a major version of HTTP other than 1",
		"HTTP/1.0 200 OK"},
	{"HTTP/1.0 ‸600 OK\r\n\r\n", "a status code outside 100 to 599; clients read it like a 5xx",
		"100 to 599"},
	{ok10 + "Age: 1\r\n‸Age: 1\r\n\r\n", twice, "the server should"},
	{ok10 + "Expires: 0\r\n‸expires: 0\r\n\r\n", twice, "the server should"},
	{ok10 + "Date: a\r\n‸Date: b\r\n\r\n", "a field that may be sent only once is sent twice",
		"the server should"},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, ‸chunked\r\n\r\n0\r\n\r\n",
		"the transfer coding chunked is applied twice", "as the last coding"},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2‸ \r\n",
		"white space after the size of a chunk", "right after the size"},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n800000000000000‸0\r\n",
		"the size of a chunk is too large", "a chunk of 3FFFFFFFFFFFFFFF octets is the largest"},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;‸\r\n",
		"the extension of a chunk ends too early", ";name=value"},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=\"b‸\r\n",
		"a quotation mark in the extension of a chunk is not closed", ";name=value"},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a‸\n",
		bareLF, "the server should end each line with CR LF"},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a‸,\r\n",
		"this is not the extension of a chunk", ";name=value"},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n‸ \r\n", blankLine, "send CR LF and nothing else in this line"},
	{strings.Repeat("HTTP/1.1 100 x\r\n\r\n", httpwire.MaxInterim) + "‸HTTP/1.1 100 x\r\n\r\n",
		"too many interim responses without a final one", "the final response"},
}

func TestResponseMistakes(t *testing.T) {
	for _, row := range responseMistakes {
		l := Response([]byte(row.octets()), []byte("GET"))
		row.check(t, l, l.AppendError(nil))
	}
}

// A chunk of the size that the help names is read, and a chunk of one octet more is not.
func TestLargestChunk(t *testing.T) {
	read := func(size int64) error {
		_, _, err := httpwire.ConsumeChunkLine(fmt.Appendf(nil, "%X\r\n", size))
		return err
	}
	if err := read(httpwire.MaxChunk); err != nil {
		t.Error(err)
	}
	if read(httpwire.MaxChunk+1) == nil {
		t.Errorf("a chunk of %X octets is read", httpwire.MaxChunk+1)
	}
}

// If the start of a response was cut short, the error says so, however short it is.
func TestInterruptedStart(t *testing.T) {
	for _, in := range []string{"H", "HTTP", "HTTP/", "HTTP/1.", "http", "HTTP/1.1 2"} {
		l := Response([]byte(in), []byte("GET"))
		text := string(l.AppendError(nil))
		if !errors.Is(l.Err, httpwire.ErrIncomplete) || strings.Contains(text, "request-line") {
			t.Errorf("%q: %v\n%s", in, l.Err, text)
		}
		checkPrint(t, []byte(text))
	}
	if text := Response([]byte("HT"), nil).String(); !strings.Contains(text,
		"help  the server should begin the status-line with the version:\n        HTTP/1.0 200 OK\n") {
		t.Error(text)
	}
	if text := AppendError(nil, []byte("HT"), Response([]byte("HT"), nil).Err); !bytes.Contains(text,
		[]byte("expected HTTP-version")) {
		t.Errorf("the error of a response:\n%s", text)
	}
	const interim, title = "HTTP/1.1 100 \r\n\r\n", "error: the final response has not come\n"
	for in, want := range map[string]bool{"": false, interim: true, interim + interim: true, interim + "HT": false} {
		if text := Response([]byte(in), nil).String(); strings.Contains(text, title) != want {
			t.Errorf("%q: the title is the one of a missing response, %v:\n%s", in, !want, text)
		}
	}
}

// The words for where a message ends.
func TestEnding(t *testing.T) {
	const chunked = "Transfer-Encoding: chunked\r\n"
	const post, unclear = "POST / HTTP/1.1\r\nHost: a\r\n", "The length of the body is not clear, because "
	for _, tt := range []struct{ in, method, end, octets string }{
		{"HTTP/1.0 200 x\r\nContent-Length: 5\r\n\r\nhello", "CONNECT",
			"A tunnel begins after the empty line (RFC 9110 section 9.3.6); Content-Length is ignored",
			"5 octets of the tunnel"},
		{"HTTP/1.1 101 x\r\n\r\n\x81\x00", "GET", "Another protocol begins after the empty line",
			"2 octets of another protocol"},
		{"HTTP/1.0 200 x\r\n\r\n", "CONNECT", "A tunnel begins after the empty line (RFC 9110 section 9.3.6).", ""},
		{"HTTP/1.1 304 x\r\n" + chunked + "\r\n", "GET", "No body follows a 304, whatever", ""},
		{"HTTP/1.1 200 x\r\n" + chunked + "\r\n", "HEAD", "No body follows the response to HEAD", ""},
		{"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked, gzip\r\n\r\nbody", "GET",
			"when the connection closes, because chunked is not the last transfer coding", "4 octets"},
		{"HTTP/1.0 200 x\r\n" + chunked + "\r\nbody", "GET",
			"when the connection closes, because HTTP/1.0 has no Transfer-Encoding", "4 octets"},
		{"HTTP/1.0 200 x\r\nContent-Length: x\r\n\r\nbody", "GET",
			"when the connection closes, because Content-Length is not one number", "4 octets"},
		{"HTTP/1.0 099 x\r\n\r\nbody", "GET", "The body ends when the connection closes",
			"This is the body: 4 octets, until the connection closes"},
		{"HTTP/1.0 999 x\r\nContent-Length: 4\r\n\r\nbody", "GET", "4 octets of body follow",
			"This is the whole body: 4 octets."},
		{post + chunked + "\r\n", "", "The body follows in chunks.", ""},
		{post + chunked + chunked + "\r\n", "", "The body follows in chunks.", ""},
		{post + chunked + "Content-Length: 1\r\n\r\na", "", unclear + "Content-Length and Transfer-Encoding both give it.", ""},
		{post + "Transfer-Encoding: chunked, x\r\n\r\n", "", unclear + "chunked is not the last transfer coding.", ""},
		{post + "Transfer-Encoding: x;, chunked\r\n\r\n", "", unclear + "the value of Transfer-Encoding is ill-formed.", ""},
		{head10 + chunked + "\r\n", "", unclear + "HTTP/1.0 has no Transfer-Encoding.", ""},
		{head10 + "Content-Length: 1, 1\r\n\r\na", "", unclear + "Content-Length is not one number.", ""},
		{"POST / HTTP/1.1\r\n\r\n", "", unclear + "no length is given.", ""}, // the error is about Host
	} {
		l := listOf(tt.in, tt.method != "", tt.method)
		if bodyless := strings.HasPrefix(tt.end, "No body"); bodyless &&
			strings.Contains(l.String(), "The body comes in chunks") {
			t.Errorf("%q: two notes contradict each other:\n%s", tt.in, l)
		}
		end, last := "", l.Lines[len(l.Lines)-1]
		for _, line := range l.Lines {
			if line.Rule == httpwire.RuleEndOfHead {
				end = line.Note
			}
		}
		if !strings.Contains(end, tt.end) || !strings.Contains(last.Note, tt.octets) ||
			last.Rule == httpwire.RuleSurplus {
			t.Errorf("%q: %q, then %v %q", tt.in, end, last.Rule, last.Note)
		}
	}
}

func TestMistakes(t *testing.T) {
	for _, row := range mistakeRows {
		if in := row.octets(); row.title != "" {
			l := listOf(in, strings.HasPrefix(strings.ToUpper(in), "HTTP/"), "GET")
			row.check(t, l, AppendError(nil, []byte(in), l.Err))
		}
	}
}

// For each mistake of the tables there is a message that gets it, so no earlier mistake hides it. Mistakes
// without a condition are not checked: they are the last of their rule.
func TestEveryMistake(t *testing.T) {
	seen := make(map[*mistake]bool)
	see := func(octets string) {
		for _, response := range []bool{false, true} {
			l := listOf(octets, response, "GET")
			f := &fault{b: l.Octets, response: response, method: l.method}
			if f.locate(l.Err) {
				seen[f.mistake()] = true
			}
		}
	}
	for _, row := range slices.Concat(mistakeRows, responseMistakes) {
		see(row.octets())
	}
	for _, octets := range inGallery(slices.Concat(gallery.Requests(), gallery.Responses)) {
		see(octets)
	}
	const lastChunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
	for _, octets := range []string{"", "\r", "H", "CONNECT ", "HTTP/1.1 100 \r\n\r\n", lastChunk} { // incomplete
		see(octets)
	}
	missing := func(table map[httpwire.Rule][]mistake) {
		for rule, ms := range table {
			// TestErrorOfServer and TestChunkLimits have the faults that the parser does not find.
			ofServer := rule == httpwire.RuleKnownMethod || rule == httpwire.RuleMisdirected || rule == httpwire.RuleHeadLimit
			for i := range ms {
				if ms[i].when != nil && !seen[&ms[i]] && !ofServer {
					t.Errorf("%v: add a row with the title %q to mistakeRows", rule, ms[i].title)
				}
			}
		}
	}
	missing(mistakes)
	missing(unfinished)
}

// The parser does not find these faults, but a server does. So the test makes the errors by hand.
func TestErrorOfServer(t *testing.T) {
	b := []byte("get /x HTTP/1.0\r\n\r\n")
	for _, row := range []struct {
		at   int
		rule httpwire.Rule
		want string
	}{
		{0, httpwire.RuleKnownMethod, "help  write the method in capitals:  GET /x HTTP/1.0"},
		{0, httpwire.RuleKnownMethod, "^ expected another method\n"},
		{4, httpwire.RuleMisdirected, "^ expected another host\n"},
		{8192, httpwire.RuleLineLimit, "the limit is reached here"},
		{5, httpwire.RuleSurplus, "^ expected the end of the message, found \"x\"\n"},
		{17, httpwire.RuleFieldLimit, "error: too many fields\n  offset 17, line 2, column 1"},
	} {
		err := &httpwire.SyntaxError{Offset: row.at, Octet: 'x', Rule: row.rule}
		text := AppendError(nil, b, err)
		checkPrint(t, text)
		if !bytes.Contains(text, []byte(row.want)) {
			t.Errorf("no %q in\n%s", row.want, text)
		}
	}
	if got := AppendError(nil, b, errors.New("a\x1b[2J\nb")); string(got) != "error: a\\x1B[2J␊b\n" {
		t.Errorf("another error: %q", got)
	}
	if got := Basis(b, errors.New("a")); got != (httpwire.Basis{}) {
		t.Errorf("another error rests on %q", got)
	}
	if got := AppendError(nil, b, nil); len(got) != 0 {
		t.Errorf("no error: %q", got)
	}
}

// TestIncomplete: for each prefix of a message, the error names what must come next.
func TestIncomplete(t *testing.T) {
	const octets = "POST /a HTTP/1.0\r\nContent-Length: 26\r\n\r\n{\"ID\": 1, \"number\": \"two\"}"
	for n := range len(octets) {
		text := AppendError(nil, []byte(octets[:n]), httpwire.ErrIncomplete)
		checkError(t, text, []byte(octets[:n]), httpwire.ErrIncomplete)
		if !bytes.Contains(text, []byte("have  "+OctetCount(int64(n)))) {
			t.Errorf("%q: does not say what arrived:\n%s", octets[:n], text)
		}
	}
	for _, row := range []struct{ in, want string }{
		{octets[:len(octets)-12], "expecting 12 more of 26 octets of body"},
		{octets[:len(octets)-26], "expecting 26 more of 26 octets of body"},
		{"GET / HTTP/1.0\r\n", "the empty line that ends the head has not come"},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "the empty line that ends the chunked body has not come"},
		{"HTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\n", "the empty line that ends the head has not come"},
		{"", "nothing has come yet"},
		{"CONNECT ", "want  a host name, or an address"},
		{"CONNECT ", "help  continue with host and port:  CONNECT localhost:12345 HTTP/1.0\n"},
		{"GET htt", "help  continue the URL after \"http://\", or write only the path:"},
		{head10 + "Host: a", "help  end the line with CR LF (0D 0A)\n"},
		{"GET / HTTP/1.0\r", "help  continue with LF (0A)\n"},
		{head10 + "Host: a\r", "help  continue with LF (0A)\n"},
		{head10 + "\r", "help  continue with LF (0A)\n"},
		{"\r", "help  continue with LF (0A)\n"},
		{"POST / HTTP/1.0\r\nContent-Length: 9\r\n\r\na\r", "error: the body is shorter than Content-Length says\n"},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n12\r", "error: the body ends inside a chunk\n"},
		{"GET / HTTP/1.0\r\n\r\n", "error: the message is incomplete: expected complete message\n"},
		{"GET / HTTP/1.0", "help  continue with CR LF (0D 0A)\n"},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc", "help  continue with CR LF (0D 0A)\n"},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n123",
			"expecting 7 more of 10 octets of this chunk"},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
			"the body ends before its last chunk"},
	} {
		text := AppendError(nil, []byte(row.in), httpwire.ErrIncomplete)
		if !bytes.Contains(text, []byte(row.want)) {
			t.Errorf("%q: no %q in\n%s", row.in, row.want, text)
		}
	}
}

// If the redacted octets lack the announcement of a body or of a chunk, the error does not count what is
// missing: an object in JSON takes the lines up to its last bracket.
func TestHiddenAnnouncement(t *testing.T) {
	const object = "\"password\":{\r\n"
	for _, tt := range []struct {
		l    Listing
		want string
	}{
		{Request([]byte("POST / HTTP/1.0\r\nX: " + object + "Content-Length: 5\r\n\r\nab")), "  have  57 octets\n"},
		{Response([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc\r\n"+object+"5\r\nab"), nil),
			"  have  69 octets\n"},
	} {
		if text := string(tt.l.AppendError(nil)); !strings.Contains(text, tt.want) {
			t.Errorf("no %q in\n%s", tt.want, text)
		}
	}
}

// The error for a limit in the framing of chunks names the limit, and no wrong octet.
func TestChunkLimits(t *testing.T) {
	const limit = "the limit is reached here"
	long := strings.Repeat("x", httpwire.MaxResponseHead)
	for framing, want := range map[string]string{
		"3;a=" + long:                           "rule  chunk-ext = ",
		"3" + strings.Repeat(" ", len(long)):    "rule  chunk-ext = ",
		"0;a=" + long:                           "rule  chunk-ext = ",
		"3\r\nabc\r\n0\r\nA: " + long:           "rule  *( field-line CRLF ) CRLF\n",
		"0\r\n" + strings.Repeat("A: b\r\n", 3): "",
	} {
		l := Response([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"+framing), nil)
		text := string(l.AppendError(nil))
		if strings.Contains(text, limit) != (want != "") || !strings.Contains(text, want) ||
			want != "" && !strings.Contains(text, "MAY: ") {
			t.Errorf("%.20q: no %q in\n%s", framing, want, text)
		}
	}
	b := []byte("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;" + long)
	text := AppendError(nil, b, &httpwire.SyntaxError{Offset: len(b) - 1, Octet: 'x', Rule: httpwire.RuleHeadLimit})
	if !bytes.Contains(text, []byte(limit)) || !bytes.Contains(text, []byte("rule  chunk-ext = ")) {
		t.Errorf("a request:\n%s", text)
	}
	for _, head := range []string{head10 + "abc", "HTTP/1.1 100 x\r\n\r\n" + ok10 + "Abc: x"} {
		err := &httpwire.SyntaxError{Offset: len(head) - 1, Octet: head[len(head)-1], Rule: httpwire.RuleHeadLimit}
		if text := AppendError(nil, []byte(head), err); !bytes.HasPrefix(text, []byte("error: the head is too long\n")) {
			t.Errorf("a head and no chunk:\n%s", text)
		}
	}
	b = []byte("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\n")
	text = AppendError(nil, b, &httpwire.SyntaxError{Offset: len(b) - 1, Octet: '\n', Rule: httpwire.RuleChunkSize})
	if !bytes.Contains(text, []byte("help  end each line with CR LF (0D 0A).")) {
		t.Errorf("a request:\n%s", text)
	}
}

// TestEveryRule: a rule has all its words, and an error of any rule shows them.
func TestEveryRule(t *testing.T) {
	b := []byte(head10 + "Content-Length: x\r\n\r\n")
	r := httpwire.Rule(1)
	for ; r.String() != ""; r++ {
		for part, word := range map[string]string{
			"ABNF": r.ABNF(), "want": r.Want(), "help": r.Help(), "sections": r.Sections(),
		} {
			if word == "" {
				t.Errorf("%v has no %s", r, part)
			}
		}
		err := &httpwire.SyntaxError{Offset: 32, Octet: 'x', Rule: r}
		f := &fault{b: b}
		f.locate(err)
		if m := f.mistake(); m.title == "" || strings.HasPrefix(m.title, "the message breaks") {
			t.Errorf("%v: add its mistake to the table mistakes (mistake.go)", r)
		}
		text := AppendError(nil, b, err)
		checkPrint(t, text)
		checkError(t, text, b, err)
		for row := range strings.SplitSeq(f.mistake().shownRule(f).Want(), " ") {
			if !bytes.Contains(text, []byte(row)) {
				t.Errorf("%v: no %q in\n%s", r, row, text)
			}
		}
	}
	if r <= httpwire.RuleSurplus {
		t.Errorf("only %d rules have a name", r-1)
	}
}

// The caret has what was expected and found after it or, if there is no room, before it.
func TestCaret(t *testing.T) {
	for _, row := range []struct{ in, want string }{
		{"GET http://h:80 1.0\r\n", "^ expected HTTP-version, found \"1\"\n"},
		{"GET HTTP/1.1\r\n", "^ expected request-target, found HTTP-version\n"},
		{"CONNECT HTTP/1.1\r\n", "^ expected port, found \"/\"\n"},
		{head10 + "A: b\r\n c\r\n", "^ expected field-name, found SP\n"},
		{head10 + "Content-Length:\r\n\r\n", "^ Content-Length: found CR\n"},
		{head10 + "Content-Length: -1\r\n\r\n", "^ Content-Length: found \"-\"\n"},
		{head10 + "Date: a\r\nDate: b\r\n\r\n", "  | Date:␠b␍␊\n  | ^ single field: found this field\n"},
		{head11 + "\r\n", "^ Host is missing, found the end of the head\n"},
		{head10 + long80 + "\x07" + long80, "  | ..." + long80[:36] + `\x07` + long80[:29] + "...\n"},
		{head10 + "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT",
			"  | Last-Modified:␠Sun,␠06␠Nov␠1994␠08:49:37␠GMT\n" +
				"  |      expected field-value, nothing here yet ^\n"},
	} {
		text := AppendError(nil, []byte(row.in), Request([]byte(row.in)).Err)
		if !bytes.Contains(text, []byte(row.want)) {
			t.Errorf("%q: no %q in\n%s", row.in, row.want, text)
		}
	}
}

// What is wrong with a long line is found in its first octets, and so takes no memory for words or corrections of
// the whole line.
func TestLongLine(t *testing.T) {
	for _, line := range []string{"GET a ", "GET [:", head10 + "A: b\r\n X: ", "GET / HTTP/1.0\r\nHost: 1:"} {
		b := []byte(line + strings.Repeat(line[len(line)-2:], 30_000) + "\r\n\r\n")
		_, err := httpwire.RequestSpans(nil, b)
		AppendError(nil, b, err) // compiles the regular expressions
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		AppendError(nil, b, err)
		runtime.ReadMemStats(&after)
		if octets := after.TotalAlloc - before.TotalAlloc; octets > 5*uint64(len(b)) {
			t.Errorf("%q: %d octets of memory for a line of %d octets", line, octets, len(b))
		}
	}
}

// TestExcerpt: a long line is cut around the caret, on either side.
func TestExcerpt(t *testing.T) {
	step := 1
	if testing.Short() {
		step = 7
	}
	long := strings.Repeat("0123456789", 40)
	for _, fill := range []string{long, strings.Repeat("\x80", 400), strings.Repeat("\x80", 40)} {
		for at := 0; at < len(fill); at += step {
			b := []byte("A: " + fill[:at] + "\x07" + fill[at:] + "\r\n")
			err := &httpwire.SyntaxError{Offset: 3 + at, Octet: 7, Rule: httpwire.RuleFieldValue}
			text := AppendError(nil, b, err)
			checkPrint(t, text)
			checkError(t, text, b, err)
		}
	}
}
