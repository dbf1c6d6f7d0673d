package explain

import (
	"bytes"
	"strings"

	"rawhttp/httpwire"
)

// What people get wrong. A rule alone says that an octet is wrong; which mistake it was shows from
// rule and octet together, now and then from the octets around. The table is read from the top,
// the first entry that fits is taken, and the last entry of a rule fits always.

type mistake struct {
	rule   httpwire.Rule     // that was broken
	octets string            // one of these was found; "" for any, or for the end
	when   func(*fault) bool // holds as well; nil for always
	what   string            // happened: the title
	todo   string            // instead; "" for the help of the rule
	like   string            // an example of that
	repair func(*fault) []byte
	line   bool                // the rule to show is that of the whole request-line
	count  bool                // the help counts the octets of the body
	name   func(*fault) string // of what was found, to stand before what
}

const (
	ctl = "\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f" +
		"\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f"
	getLine   = "GET /path HTTP/1.0"
	fieldLine = "Name: value"
	userURL   = "GET http://localhost:12345/ HTTP/1.0"
	sendCRLF  = "send CR LF (0D 0A) at the end of each line: in a shell  nc -C  or  printf " +
		"\"...\\r\\n\" ; a file that an editor saved with LF only, save with CRLF"
)

var mistakes = [...]mistake{
	{when: isTypography, name: (*fault).typography, what: " where HTTP wants ASCII",
		todo: "type the line anew: that came from a word processor or a web page", repair: retyped},

	// The request-line, from its first octet on.
	{rule: httpwire.RuleEmptyLine, octets: "", what: "CR without the LF that belongs to it",
		todo: sendCRLF},
	{rule: httpwire.RuleMethod, when: (*fault).isForeign},
	{rule: httpwire.RuleMethod, when: atStart, octets: "\r",
		what: "more than one empty line before the request",
		todo: "begin with the request-line", like: getLine},
	{rule: httpwire.RuleMethod, when: atStart, octets: "\n",
		what: "LF without CR, and no request-line before it", todo: sendCRLF},
	{rule: httpwire.RuleMethod, when: atStart, octets: " \t",
		what: "white space before the method",
		todo: "begin the line with the method", like: getLine, repair: singleSpaces},
	{rule: httpwire.RuleMethod, when: isStatusLine,
		what: "a status-line: this is a response, not a request",
		todo: "begin with a request-line", like: getLine},
	{rule: httpwire.RuleMethod, when: atStart, octets: "/",
		what: "the method before the path is missing",
		todo: "begin with the method", like: getLine, repair: getBefore},
	{rule: httpwire.RuleMethod, when: atStart, octets: "{}[]<\"",
		what: "a body, or a quotation mark, where the request-line is expected",
		todo: "begin with the request-line; was the Content-Length before it too small?"},
	{rule: httpwire.RuleMethod, octets: "{}[]\"",
		what: "the rest of a body, it seems, where the request-line is expected",
		todo: "begin with the request-line; was the Content-Length before it too small?"},
	{rule: httpwire.RuleMethod, octets: ":", when: isURL,
		what: "a URL where the request-line is expected",
		todo: "ask for the path, and name the version", like: getLine, repair: pathOfURL},
	{rule: httpwire.RuleMethod, octets: ":", what: "a field where the request-line is expected",
		todo: "send the request-line first", like: getLine},
	{rule: httpwire.RuleMethod, octets: "\r\n", what: "the line ends behind the method",
		todo: "go on with the path and the version", like: getLine},
	{rule: httpwire.RuleMethod, octets: "\t", what: "a tab behind the method", line: true,
		todo: "send exactly one space", like: getLine, repair: singleSpaces},
	{rule: httpwire.RuleMethod, octets: "\x00", what: "NUL in the method"},
	{rule: httpwire.RuleMethod, what: "this octet can be no part of a method"},
	{rule: httpwire.RuleSP, octets: "\r\n", what: "the line ends too early"},
	{rule: httpwire.RuleSP, octets: "\t", what: "a tab instead of the space"},
	{rule: httpwire.RuleSP, what: "no space where one is needed"},

	// The request-target.
	{rule: httpwire.RuleRequestTarget, octets: " ", when: afterSP, line: true,
		what: "two spaces between method and request-target",
		todo: "send exactly one space", like: getLine, repair: singleSpaces},
	{rule: httpwire.RuleRequestTarget, octets: "\r\n", when: afterSP,
		what: "the request-target is missing",
		todo: "go on with the path and the version", like: getLine},
	{rule: httpwire.RuleRequestTarget, octets: "\r\n", what: "the version is missing", line: true,
		todo: "end the request-line with the version", like: getLine, repair: withVersion},
	{rule: httpwire.RuleRequestTarget, octets: "\t", what: "a tab in the request-line", line: true,
		todo: "send exactly one space", like: getLine, repair: singleSpaces},
	{rule: httpwire.RuleRequestTarget, octets: "#",
		what: "a fragment: what follows \"#\" is for the client alone",
		todo: "leave \"#\" and what follows it out", like: getLine, repair: withoutFragment},
	{rule: httpwire.RuleRequestTarget, octets: "\x00", what: "NUL in the request-target"},
	{rule: httpwire.RuleRequestTarget, octets: ctl, what: "a control octet in the request-target"},
	{rule: httpwire.RuleRequestTarget, octets: "\\", what: "a backslash in the request-target",
		todo: "write slashes as \"/\"; a backslash itself is %5C", like: getLine, repair: encoded},
	{rule: httpwire.RuleRequestTarget, when: beyondASCII,
		what: "an octet beyond ASCII in the request-target",
		todo: "percent-encode it", like: "GET /stra%C3%9Fe HTTP/1.0", repair: encoded},
	{rule: httpwire.RuleRequestTarget, when: otherScheme,
		what: "a URI that is not of the scheme http",
		todo: "name the path only", like: getLine},
	{rule: httpwire.RuleRequestTarget, when: isHostPort, what: "host and port, and no path",
		todo: "name the path: the connection has been made already", like: getLine, repair: rootPath},
	{rule: httpwire.RuleRequestTarget, when: afterSP, what: "the path does not begin with \"/\"",
		todo: "begin the path with its slash", like: getLine, repair: slashBefore},
	{rule: httpwire.RuleRequestTarget, what: "an octet that a URI does not allow",
		todo: "percent-encode it", like: "GET /a%7Bb%7D HTTP/1.0", repair: encoded},
	{rule: httpwire.RulePctEncoded, what: "\"%\" without two hexadecimal digits behind it",
		todo: "write a percent sign itself as %25", like: "GET /100%25 HTTP/1.0",
		repair: percentEncoded},
	{rule: httpwire.RuleScheme, when: httpsScheme, what: "an https URL on a plain connection",
		todo: "name the path only, or use http", like: getLine, repair: httpScheme},
	{rule: httpwire.RuleScheme, when: isHostPort, what: "host and port, and no path",
		todo: "name the path: the connection has been made already", like: getLine, repair: rootPath},
	{rule: httpwire.RuleScheme, when: noScheme, what: "the path does not begin with \"/\"",
		todo: "begin the path with its slash", like: getLine, repair: slashBefore},
	{rule: httpwire.RuleScheme, what: "a URL that does not begin with \"http://\""},
	{rule: httpwire.RuleHost, octets: "@", what: "a user name in the URL",
		todo: "leave user name and password out", like: userURL,
		repair: withoutUser},
	{rule: httpwire.RulePort, octets: "@", what: "a user name and a password in the URL",
		todo: "leave user name and password out", like: userURL,
		repair: withoutUser},
	{rule: httpwire.RulePort, when: userInfo, what: "a user name and a password in the URL",
		todo: "leave user name and password out", like: userURL,
		repair: withoutUser},
	{rule: httpwire.RuleHost, octets: "/:? ", when: afterSlashes,
		what: "the host of the URL is missing"},
	{rule: httpwire.RuleHost, what: "an octet that a host name does not allow"},
	{rule: httpwire.RulePort, octets: " \r\n", what: "the port is missing"},
	{rule: httpwire.RulePort, what: "the port is not a number"},

	// The version and the end of the line.
	{rule: httpwire.RuleHTTPVersion, when: foreignResponse},
	{rule: httpwire.RuleHTTPVersion, when: misspelled, name: (*fault).misspelled,
		what: ", but it is none",
		todo: "the server should begin the response with HTTP/ and its version", like: "HTTP/1.0 200 OK"},
	{rule: httpwire.RuleHTTPVersion, octets: "htp/", when: lowerVersion,
		what: "the version is not in capitals",
		todo: "write HTTP in capitals", like: "HTTP/1.0", repair: upperVersion},
	{rule: httpwire.RuleHTTPVersion, octets: " ", when: afterSP, line: true,
		what: "two spaces between request-target and version",
		todo: "send exactly one space", like: getLine, repair: singleSpaces},
	{rule: httpwire.RuleHTTPVersion, octets: "\t", when: afterSP, line: true,
		what: "a tab before the version",
		todo: "send exactly one space", like: getLine, repair: singleSpaces},
	{rule: httpwire.RuleHTTPVersion, octets: "\r\n", when: afterSP, what: "the version is missing",
		line: true,
		todo: "end the request-line with the version", like: getLine, repair: withVersion},
	{rule: httpwire.RuleHTTPVersion, when: versionLater, what: "a space inside the request-target",
		line: true,
		todo: "percent-encode a space as %20", like: "GET /a%20b HTTP/1.0", repair: spaceEncoded},
	{rule: httpwire.RuleHTTPVersion, octets: "\r\n ", what: "the version is not complete",
		todo: "write both numbers of it", like: "HTTP/1.0"},
	{rule: httpwire.RuleHTTPVersion, when: (*fault).isResponse,
		what: "this is not a version of HTTP",
		todo: "the server should begin the status-line with the version", like: "HTTP/1.0 200 OK"},
	{rule: httpwire.RuleHTTPVersion, what: "this is not a version of HTTP"},
	{rule: httpwire.RuleCRLF, octets: "\n", when: notAfterCR, what: "LF where CR LF ends the line",
		todo: sendCRLF},
	{rule: httpwire.RuleCRLF, when: afterCR, what: "CR without the LF that belongs to it",
		todo: sendCRLF},
	{rule: httpwire.RuleCRLF, when: inBody, what: "the chunk is not as long as its size says",
		todo: "send as many octets as the chunk size announces, then CR LF"},
	{rule: httpwire.RuleCRLF, octets: " \t", what: "white space behind the version",
		todo: "end the line right behind the version", like: getLine, repair: versionOnly},
	{rule: httpwire.RuleCRLF, octets: "0123456789",
		what: "a version number of more than one digit",
		todo: "write one digit on each side of the dot", like: "HTTP/1.0"},
	{rule: httpwire.RuleCRLF, what: "something behind the version",
		todo: "end the line right behind the version", like: getLine, repair: versionOnly},
	{rule: httpwire.RuleStatusCode, octets: "\r\n",
		what: "the status-line ends behind the code: a SP is missing",
		todo: "put a SP behind the code, even if no reason follows", like: "HTTP/1.0 200 OK",
		repair: withReason},
	{rule: httpwire.RuleStatusCode, octets: " ", when: afterSP,
		what: "a space too much before the status code",
		todo: "send exactly one space", like: "HTTP/1.0 200 OK", repair: singleSpaces},
	{rule: httpwire.RuleStatusCode, what: "the status code is not three digits"},
	{rule: httpwire.RuleReasonPhrase, octets: "\n", what: "LF where CR LF ends the line",
		todo: sendCRLF},
	{rule: httpwire.RuleReasonPhrase, what: "a control octet in the reason phrase"},

	// Fields.
	{rule: httpwire.RuleFieldName, octets: " \t", when: atStart,
		what: "white space before the first field",
		todo: "begin the line with the name of the field", like: fieldLine, repair: tightColon},
	{rule: httpwire.RuleFieldName, octets: " \t", when: colonNext,
		what: "white space before the colon",
		todo: "put the colon right behind the name", like: fieldLine, repair: tightColon},
	{rule: httpwire.RuleFieldName, octets: ":", when: atStart, what: "a field without a name",
		todo: "write the name before the colon", like: fieldLine},
	{rule: httpwire.RuleFieldName, octets: "{[<\"", when: atStart,
		what: "a body where a field or the empty line is expected",
		todo: "send an empty line, CR LF and nothing else, between the fields and the body"},
	{rule: httpwire.RuleFieldName, octets: "\r\n", what: "a line without a colon is no field",
		todo: "write name, colon and value, or an empty line to end the head", like: fieldLine},
	{rule: httpwire.RuleFieldName, octets: " \t", when: noColon,
		what: "a line without a colon is no field",
		todo: "put a colon behind the name", like: fieldLine, repair: withColon},
	{rule: httpwire.RuleFieldName, octets: " \t", what: "white space in the name of a field",
		todo: "join the words of the name by \"-\"", like: "Content-Type: text/plain"},
	{rule: httpwire.RuleFieldName, octets: "\x00", what: "NUL in the name of a field"},
	{rule: httpwire.RuleFieldName, when: beyondASCII,
		what: "an octet beyond ASCII in the name of a field"},
	{rule: httpwire.RuleFieldName, what: "an octet that the name of a field does not allow"},
	{rule: httpwire.RuleColon, what: "the colon behind the name is missing"},
	{rule: httpwire.RuleOWS, what: "this is no white space"},
	{rule: httpwire.RuleFieldValue, octets: "\n", what: "LF where CR LF ends the line",
		todo: sendCRLF},
	{rule: httpwire.RuleFieldValue, octets: "\x00", what: "NUL in the value of a field"},
	{rule: httpwire.RuleFieldValue, what: "a control octet in the value of a field"},
	{rule: httpwire.RuleObsFold, when: onlyBlanks,
		what: "white space in the line that ought to be empty",
		todo: "send CR LF and nothing else to end the head"},
	{rule: httpwire.RuleObsFold, what: "a folded line: it begins with white space"},
	{rule: httpwire.RuleEndOfHead, octets: "\n", when: notAfterCR,
		what: "LF where CR LF is the empty line", todo: sendCRLF},
	{rule: httpwire.RuleEndOfHead, what: "CR without the LF that belongs to it", todo: sendCRLF},

	// Bodies.
	{rule: httpwire.RuleMessageBody, what: "the body is not as long as Content-Length says"},
	{rule: httpwire.RuleChunkSize, octets: " \t", when: afterDigit,
		what: "white space after the size of a chunk",
		todo: "end the line right after the size, or go on with an extension: ;name=value"},
	{rule: httpwire.RuleChunkSize, what: "this is not the size of a chunk"},
	{rule: httpwire.RuleChunkExt, octets: "\n", what: "LF where CR LF ends the line",
		todo: sendCRLF},
	{rule: httpwire.RuleChunkExt, octets: "\r", when: inQuotes,
		what: "a quotation mark in the extension of a chunk is not closed"},
	{rule: httpwire.RuleChunkExt, octets: "\r", what: "the extension of a chunk ends too early"},
	{rule: httpwire.RuleChunkExt, octets: "\x00" + ctl,
		what: "a control octet in the extension of a chunk"},
	{rule: httpwire.RuleChunkExt, what: "this is not the extension of a chunk"},
	{rule: httpwire.RuleChunkData, what: "the chunk is shorter than its size says"},
	{rule: httpwire.RuleOtherProtocol, what: "octets of another protocol"},
	{rule: httpwire.RuleHTTPDate, what: "this is not a date as HTTP writes it"},
	{rule: httpwire.RuleMediaType, what: "this is not a media type"},

	// Heads that read well, octet by octet.
	{rule: httpwire.RuleMajorVersion, when: (*fault).isResponse,
		what: "a response in a major version of HTTP that is not 1",
		todo: "the server should begin the status-line with HTTP/1.0 or HTTP/1.1",
		like: "HTTP/1.0 200 OK"},
	{rule: httpwire.RuleMajorVersion, when: (*fault).isForeign},
	{rule: httpwire.RuleMajorVersion, what: "a major version of HTTP that is not spoken here"},
	{rule: httpwire.RuleStatusClass, what: "a status code outside 100 to 599, read like a 5xx",
		todo: "the server should send a status code from 100 to 599", like: "HTTP/1.0 200 OK"},
	{rule: httpwire.RuleTargetForm, octets: "*", what: "\"*\" goes with OPTIONS only"},
	{rule: httpwire.RuleTargetForm,
		what: "this form of request-target does not go with the method"},
	{rule: httpwire.RuleHostField, when: endOfHead, what: "HTTP/1.1 without a Host field"},
	{rule: httpwire.RuleHostField, when: atStart, what: "Host is sent twice",
		todo: "send one Host field", like: "Host: localhost:12345"},
	{rule: httpwire.RuleHostField, what: "the value of Host is no host and port"},
	{rule: httpwire.RuleSingleton, when: (*fault).isResponse,
		what: "a field is sent twice that may come once only",
		todo: "the server should send this field once"},
	{rule: httpwire.RuleSingleton, when: inField("Host"), what: "Host is sent twice",
		todo: "send one Host field", like: "Host: localhost:12345"},
	{rule: httpwire.RuleSingleton, when: inField("Content-Length"),
		what: "Content-Length is sent twice", count: true,
		todo: "send one Content-Length, the true one"},
	{rule: httpwire.RuleSingleton, what: "a field is sent twice that may come once only"},
	{rule: httpwire.RuleContentLength, when: atStart, what: "Content-Length is sent twice",
		count: true, todo: "send one Content-Length, the true one"},
	{rule: httpwire.RuleContentLength, octets: "+-", what: "Content-Length has a sign",
		count: true, todo: "write digits only"},
	{rule: httpwire.RuleContentLength, octets: "\r\n", what: "Content-Length has no value",
		count: true},
	{rule: httpwire.RuleContentLength, octets: ",", what: "Content-Length is a list", count: true},
	{rule: httpwire.RuleContentLength, what: "Content-Length is not a number in decimal digits",
		count: true},
	{rule: httpwire.RuleLengthRequired, what: "POST and PUT need a Content-Length", count: true},
	{rule: httpwire.RuleTransferEncoding, when: (*fault).isResponse,
		what: "Transfer-Encoding where the version, or Content-Length, rules it out",
		todo: "the server should send the body as it is, and its length or the close"},
	{rule: httpwire.RuleTransferEncoding,
		what: "Transfer-Encoding where the version, or Content-Length, rules it out"},
	{rule: httpwire.RuleTransferCoding, what: "a body in a transfer coding"},
	{rule: httpwire.RuleChunkedOnce, what: "the transfer coding chunked is applied twice",
		todo: "the server should apply chunked once, as the last coding"},
	{rule: httpwire.RuleKnownMethod, when: lowerMethod,
		what: "the method is not in capitals: case counts",
		todo: "write the method in capitals", like: getLine, repair: upperMethod},
	{rule: httpwire.RuleKnownMethod, what: "a method that this server does not know"},
	{rule: httpwire.RuleExpect, what: "an expectation that cannot be met"},

	// Limits, and the end.
	{rule: httpwire.RuleLineLimit, what: "the request-line is too long"},
	{rule: httpwire.RuleHeadLimit, what: "the head is too long"},
	{rule: httpwire.RuleFieldLimit, what: "too many fields"},
	{rule: httpwire.RuleBodyLimit, what: "the body is too long"},
	{rule: httpwire.RuleInterimLimit, what: "too many interim responses, and no final one",
		todo: "the server should send the final response"},
	{rule: httpwire.RuleComplete, what: "the message ends before it is complete"},
	{rule: httpwire.RuleSurplus, what: "more octets than the message has"},
}

// awaited are the titles of messages that stop before their end, and the help where that of the
// rule is meant for those that go on.
var awaited = [...]mistake{
	{rule: httpwire.RuleEndOfHead, what: "the empty line that ends the head has not come",
		todo: "send an empty line: CR LF and nothing else (at a keyboard: Enter once more)"},
	{rule: httpwire.RuleMessageBody, count: true,
		what: "the body is shorter than Content-Length says"},
	{rule: httpwire.RuleChunkData, what: "the body ends inside a chunk"},
	{rule: httpwire.RuleChunkSize, what: "the body ends before its last chunk, the one of size 0",
		todo: "end a chunked body with 0 CR LF CR LF"},
	{rule: httpwire.RuleMethod, when: empty, what: "nothing has come yet"},
	{rule: httpwire.RuleHTTPVersion, when: (*fault).isResponse,
		what: "the status-line is not complete: HTTP-version is awaited",
		todo: "the server should begin the status-line with the version", like: "HTTP/1.0 200 OK"},
}

// mistake finds the entry of a fault.
func (f *fault) mistake() *mistake {
	if f.short {
		for i := range awaited {
			if m := &awaited[i]; m.rule == f.rule && (m.when == nil || m.when(f)) {
				return m
			}
		}
		return &mistake{what: "the message is incomplete: " + f.rule.String() + " is awaited"}
	}
	for i := range mistakes {
		if mistakes[i].fits(f) {
			return &mistakes[i]
		}
	}
	return &mistake{what: "the message breaks a rule: " + f.rule.String()}
}

func (m *mistake) fits(f *fault) bool {
	return (m.rule == f.rule || m.rule == 0) &&
		(m.octets == "" || strings.IndexByte(m.octets, f.octet) >= 0) &&
		(m.when == nil || m.when(f))
}

func (m *mistake) title(f *fault) string {
	switch {
	case m.what == "" && f.response:
		return foreign(f.b).serverTitle()
	case m.what == "":
		return foreign(f.b).title()
	case m.name != nil:
		return m.name(f) + m.what
	}
	return m.what
}

func (m *mistake) help(f *fault) string {
	text := m.advice(f)
	if n := f.bodyOctets(); m.count && n > 0 {
		text += "; behind the empty line " + octetsStand(n)
	}
	return text
}

func (m *mistake) advice(f *fault) string {
	switch {
	case m.what == "" && f.response:
		return foreign(f.b).server
	case m.what == "":
		return foreign(f.b).client
	case m.todo == sendCRLF && f.isResponse():
		return "the server should end each line of the head with CR LF (0D 0A)"
	case m.todo == "":
		return f.rule.Help()
	}
	return m.todo
}

// grammar returns the production to show and its sections.
func (m *mistake) grammar(f *fault) (abnf, sections string) {
	if m.line && !f.isResponse() {
		return httpwire.RuleLineLimit.ABNF(), httpwire.RuleSP.Sections()
	}
	return f.rule.ABNF(), f.rule.Sections()
}

// What shows from the octets around a fault.

func (f *fault) isForeign() bool { return foreign(f.b) != nil }

func (f *fault) before() []byte {
	line, at := f.text()
	return line[:min(at, len(line))]
}

func atStart(f *fault) bool { return len(f.before()) == 0 }

func afterSP(f *fault) bool { return bytes.HasSuffix(f.before(), []byte(" ")) }

func afterCR(f *fault) bool {
	return f.at > 0 && f.at <= len(f.b) && f.b[f.at-1] == '\r'
}

// afterDigit reports whether a hexadecimal digit stands right before the fault.
func afterDigit(f *fault) bool {
	before := f.before()
	return len(before) > 0 && strings.IndexByte("0123456789ABCDEFabcdef", before[len(before)-1]) >= 0
}

// inQuotes reports whether the last quotation mark of the line so far has no partner.
func inQuotes(f *fault) bool { return bytes.Count(f.before(), []byte(`"`))%2 == 1 }

// foreignResponse reports whether a response begins as another protocol does.
func foreignResponse(f *fault) bool { return f.response && f.at == 0 && f.isForeign() }

// misspelled reports whether a response begins with what looks like a status-line.
func misspelled(f *fault) bool {
	return f.response && httpwire.IsSimpleResponse(f.b) && LikeStatusLine(f.b) != ""
}

func (f *fault) misspelled() string { return LikeStatusLine(f.b) }

func notAfterCR(f *fault) bool { return !afterCR(f) }

func beyondASCII(f *fault) bool { return f.octet >= 0x80 }

func empty(f *fault) bool { return len(f.b) == 0 }

func octetsStand(n int64) string {
	if n == 1 {
		return "stands 1 octet"
	}
	return "stand " + OctetCount(n)
}

// bodyOctets counts what stands behind the empty line: as much of a body as has come.
func (f *fault) bodyOctets() int64 {
	_, body, _ := bytes.Cut(f.b, []byte("\r\n\r\n"))
	return int64(len(body))
}

// lowerMethod reports whether the line begins with a method in small letters.
func lowerMethod(f *fault) bool {
	line, _ := f.text()
	method, _, _ := bytes.Cut(line, []byte(" "))
	return capitalMethod(method) != ""
}

func isStatusLine(f *fault) bool { return f.isResponse() }

// getBefore takes the line for a path.
func getBefore(f *fault) []byte {
	line, _ := f.text()
	if bytes.Contains(line, []byte(" HTTP/")) {
		return append([]byte("GET "), line...)
	}
	return append(append([]byte("GET "), line...), " HTTP/1.0"...)
}

// rest returns the line from the fault on.
func (f *fault) rest() []byte {
	line, at := f.text()
	return line[min(at, len(line)):]
}

// target returns the request-target as far as it goes without a space.
func (f *fault) target() []byte {
	line, _ := f.text()
	_, rest, _ := bytes.Cut(line, []byte(" "))
	target, _, _ := bytes.Cut(rest, []byte(" "))
	return target
}

func otherScheme(f *fault) bool { return afterSP(f) && bytes.Contains(f.target(), []byte("://")) }

func httpsScheme(f *fault) bool {
	t := f.target()
	return len(t) >= len("https:") && httpwire.EqualFold(t[:len("https:")], "https:")
}

// noScheme reports whether the target is no URL at all, although it begins with h.
func noScheme(f *fault) bool { return !bytes.Contains(f.target(), []byte(":/")) }

func userInfo(f *fault) bool { return bytes.IndexByte(f.target(), '@') >= 0 }

func afterSlashes(f *fault) bool { return bytes.HasSuffix(f.before(), []byte("//")) }

func lowerVersion(f *fault) bool {
	line, at := f.text()
	i := bytes.LastIndexByte(line[:min(at, len(line))], ' ') + 1
	if f.isResponse() {
		i = 0
	}
	v := line[i:]
	return len(v) >= len("http/") && httpwire.EqualFold(v[:len("http/")], "http/")
}

// versionLater reports whether the version stands further on in the line.
func versionLater(f *fault) bool { return bytes.Contains(f.rest(), []byte(" HTTP/")) }

func isURL(f *fault) bool { return bytes.HasPrefix(f.rest(), []byte("://")) }

// isHostPort reports whether the target is a host and a port in digits.
func isHostPort(f *fault) bool {
	_, port, ok := bytes.Cut(f.target(), []byte(":"))
	return ok && len(port) > 0 && len(bytes.Trim(port, "0123456789")) == 0
}

// noColon reports whether the line is complete, and has no colon.
func noColon(f *fault) bool {
	_, end := f.line()
	return bytes.HasSuffix(f.b[:end], []byte("\n")) && bytes.IndexByte(f.rest(), ':') < 0
}

func onlyBlanks(f *fault) bool {
	line, _ := f.text()
	return len(bytes.Trim(line, " \t")) == 0
}

func colonNext(f *fault) bool {
	return bytes.HasPrefix(bytes.TrimLeft(f.rest(), " \t"), []byte(":"))
}

// inBody reports whether an empty line came before.
func inBody(f *fault) bool {
	return bytes.Contains(f.b[:min(f.at, len(f.b))], []byte("\r\n\r\n"))
}

func endOfHead(f *fault) bool { return atStart(f) && f.octet == '\r' }

// inField holds for a fault in the field of that name.
func inField(name string) func(*fault) bool {
	return func(f *fault) bool {
		line, _ := f.text()
		field, _, _ := bytes.Cut(line, []byte(":"))
		return httpwire.EqualFold(field, name)
	}
}
