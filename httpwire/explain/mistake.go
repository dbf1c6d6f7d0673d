package explain

import (
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
	as     httpwire.Rule       // the rule to show: what was expected here, if not rule
	by     httpwire.Case       // what the refusal rests on, if not the rule
}

const (
	ctl = "\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f" +
		"\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f"
	getLine    = "GET /path HTTP/1.0"
	fieldLine  = "Name: value"
	statusLine = "HTTP/1.0 200 OK"
	hostLine   = "Host: localhost:12345"
	userURL    = "GET http://localhost:12345/ HTTP/1.0"
	tunnelLine = "CONNECT localhost:12345 HTTP/1.0"
	oneSpace   = "send exactly one space"
	oneHost    = "send host and port and nothing else"
	sendCRLF   = "send CR LF (0D 0A) at the end of each line: in a shell  nc -C  or  printf " +
		"\"...\\r\\n\" ; a file that an editor saved with LF only, save with CRLF"
	pressEnter = "press Enter at the end of a line: only programs such as printf make a line end of " +
		"a backslash and letters"
	noQuotes = "leave the quotation marks out: they are for the shell, and cmd takes double ones only"
)

var mistakes = [...]mistake{
	// What a keyboard, a shell or a word processor put there, whichever rule it breaks.
	{when: isTypography, name: (*fault).typography, what: " where HTTP wants ASCII",
		todo: "type the line anew: that came from a word processor or a web page", repair: retyped},
	{when: isTypedLineEnd, what: "a line end typed as a backslash and letters",
		todo: pressEnter, repair: withoutTypedLineEnd},
	{rule: httpwire.RuleMethod, octets: "\"", when: isQuotedRequest,
		what: "a quotation mark before the request-line",
		todo: noQuotes, like: getLine, repair: unquoted},
	{rule: httpwire.RuleMethod, when: isSingleQuoted,
		what: "a single quotation mark before the request-line",
		todo: noQuotes, like: getLine, repair: unquoted},
	{rule: httpwire.RuleCRLF, octets: "'", when: isSingleQuoted,
		what: "a single quotation mark before the request-line",
		todo: noQuotes, like: getLine, repair: unquoted},
	{rule: httpwire.RuleKnownMethod, when: isSingleQuoted,
		what: "a single quotation mark before the request-line",
		todo: noQuotes, like: getLine, repair: unquoted},
	{rule: httpwire.RuleFieldName, octets: "\"", when: isQuotedField,
		what: "a field in quotation marks",
		todo: noQuotes, like: fieldLine, repair: unquoted},

	// The request-line, from its first octet on.
	{rule: httpwire.RuleEmptyLine, octets: "", what: "CR without the LF that belongs to it",
		todo: sendCRLF, by: httpwire.CaseBareCR},
	{rule: httpwire.RuleMethod, when: (*fault).isForeign},
	{rule: httpwire.RuleMethod, when: atStart, octets: "\r",
		what: "more than one empty line before the request",
		todo: "begin with the request-line", like: getLine, by: httpwire.CaseEmptyLines},
	{rule: httpwire.RuleMethod, when: atStart, octets: "\n",
		what: "LF without CR, and no request-line before it", todo: sendCRLF,
		by: httpwire.CaseBareLF},
	{rule: httpwire.RuleMethod, when: atStart, octets: " \t",
		what: "white space before the method", line: true,
		todo: "begin the line with the method", like: getLine, repair: singleSpaces,
		by: httpwire.CaseWhiteSpace},
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
		todo: "send the request-line first, and no empty line between it and the fields",
		like: getLine},
	{rule: httpwire.RuleMethod, octets: "\r\n", what: "the line ends after the method",
		todo: "go on with the path and the version", like: getLine, repair: withRoot},
	{rule: httpwire.RuleMethod, octets: "\t", what: "a tab after the method", line: true,
		todo: oneSpace, like: getLine, repair: singleSpaces, by: httpwire.CaseWhiteSpace},
	{rule: httpwire.RuleMethod, octets: "\v\f",
		what: "white space other than SP in the request-line", line: true,
		todo: oneSpace, like: getLine, repair: singleSpaces, by: httpwire.CaseWhiteSpace},
	{rule: httpwire.RuleMethod, octets: "\x00", what: "NUL in the method",
		repair: withoutControls},
	{rule: httpwire.RuleMethod, what: "this octet can be no part of a method"},
	{rule: httpwire.RuleSP, octets: "\r\n", what: "the line ends too early"},
	{rule: httpwire.RuleSP, octets: "\t", what: "a tab instead of the space",
		by: httpwire.CaseWhiteSpace},
	{rule: httpwire.RuleSP, what: "no space where one is needed"},

	// The request-target.
	{rule: httpwire.RuleRequestTarget, octets: " ", when: afterSP, line: true,
		what: "two spaces between method and request-target",
		todo: oneSpace, like: getLine, repair: singleSpaces, by: httpwire.CaseWhiteSpace},
	{rule: httpwire.RuleRequestTarget, octets: "\r\n", when: afterSP,
		what: "the request-target is missing",
		todo: "go on with the path and the version", like: getLine, repair: withRoot},
	{rule: httpwire.RuleRequestTarget, octets: "\r\n", what: "the version is missing", line: true,
		todo: "end the request-line with the version", like: getLine, repair: withVersion,
		as: httpwire.RuleHTTPVersion},
	{rule: httpwire.RuleRequestTarget, octets: "\t", what: "a tab in the request-line", line: true,
		todo: oneSpace, like: getLine, repair: singleSpaces, by: httpwire.CaseWhiteSpace},
	{rule: httpwire.RuleRequestTarget, octets: "\v\f",
		what: "white space other than SP in the request-line", line: true,
		todo: oneSpace, like: getLine, repair: singleSpaces, by: httpwire.CaseWhiteSpace},
	{rule: httpwire.RuleRequestTarget, octets: "#",
		what: "a fragment: what follows \"#\" is for the client alone",
		todo: "leave \"#\" and what follows it out", like: getLine, repair: withoutFragment},
	{rule: httpwire.RuleRequestTarget, octets: "\x00", what: "NUL in the request-target",
		todo: "leave it out", like: getLine, repair: withoutControls},
	{rule: httpwire.RuleRequestTarget, octets: ctl, what: "a control octet in the request-target",
		todo: "leave it out", like: getLine, repair: withoutControls},
	{rule: httpwire.RuleRequestTarget, octets: "\\", what: "a backslash in the request-target",
		todo: "write slashes as \"/\"; a backslash itself is %5C", like: getLine, repair: encoded},
	{rule: httpwire.RuleRequestTarget, when: beyondASCII,
		what: "an octet beyond ASCII in the request-target",
		todo: "percent-encode it", like: "GET /stra%C3%9Fe HTTP/1.0", repair: encoded},
	{rule: httpwire.RuleRequestTarget, when: lowerConnect,
		what: "the method is not in capitals: case counts",
		todo: "write the method in capitals", like: tunnelLine, repair: upperMethod,
		as: httpwire.RuleRequestTarget},
	{rule: httpwire.RuleRequestTarget, when: otherScheme,
		what: "a URI that is not of the scheme http",
		todo: "name the path only", like: getLine, repair: pathOfTarget,
		as: httpwire.RuleScheme},
	{rule: httpwire.RuleRequestTarget, when: isHostPort, what: "host and port, and no path",
		todo: "name the path: the connection has been made already", like: getLine, repair: rootPath},
	{rule: httpwire.RuleRequestTarget, when: afterSP, what: "the path does not begin with \"/\"",
		todo: "begin the path with its slash", like: getLine, repair: slashBefore},
	{rule: httpwire.RuleRequestTarget, what: "an octet that a URI does not allow",
		todo: "percent-encode it", like: "GET /a%7Bb%7D HTTP/1.0", repair: encoded},
	{rule: httpwire.RulePctEncoded, what: "\"%\" without two hexadecimal digits after it",
		todo: "write a percent sign itself as %25", like: "GET /100%25 HTTP/1.0",
		repair: percentEncoded},
	{rule: httpwire.RuleScheme, octets: "/", when: isVersion, what: "the request-target is missing",
		todo: "write the path between method and version", like: getLine, repair: rootInserted,
		as: httpwire.RuleRequestTarget},
	{rule: httpwire.RuleScheme, when: httpsScheme, what: "an https URL on a plain connection",
		todo: "name the path only, or use http", like: getLine, repair: httpScheme},
	{rule: httpwire.RuleScheme, when: lowerConnect,
		what: "the method is not in capitals: case counts",
		todo: "write the method in capitals", like: tunnelLine, repair: upperMethod,
		as: httpwire.RuleRequestTarget},
	{rule: httpwire.RuleScheme, when: isHostPort, what: "host and port, and no path",
		todo: "name the path: the connection has been made already", like: getLine,
		repair: rootPath, as: httpwire.RuleRequestTarget},
	{rule: httpwire.RuleScheme, when: noScheme, what: "the path does not begin with \"/\"",
		todo: "begin the path with its slash", like: getLine, repair: slashBefore,
		as: httpwire.RuleRequestTarget},
	{rule: httpwire.RuleScheme, what: "a URL that does not begin with \"http://\"",
		todo: "begin it so, or name the path only", like: userURL, repair: pathOfTarget},
	{rule: httpwire.RuleHost, octets: "@", what: "a user name in the URL",
		todo: "leave user name and password out", like: userURL,
		repair: withoutUser},
	{rule: httpwire.RulePort, octets: "@", what: "a user name and a password in the URL",
		todo: "leave user name and password out", like: userURL,
		repair: withoutUser},
	{rule: httpwire.RulePort, when: userInfo, what: "a user name and a password in the URL",
		todo: "leave user name and password out", like: userURL,
		repair: withoutUser, by: httpwire.CaseUserInfo},
	{rule: httpwire.RuleHost, octets: "/:? ", when: afterSlashes,
		what: "the host of the URL is missing",
		todo: "write the host after the slashes, or name the path only", like: userURL},
	{rule: httpwire.RuleHost, when: inBrackets, what: "this is no address of IP in brackets",
		todo: "write all groups of the address, or \"::\" once for those that are zero",
		like: "GET http://[::1]:12345/ HTTP/1.0"},
	{rule: httpwire.RuleHost, octets: "#",
		what: "a fragment: what follows \"#\" is for the client alone",
		todo: "leave \"#\" and what follows it out", like: userURL, repair: withoutFragment},
	{rule: httpwire.RuleHost, what: "an octet that a host name does not allow",
		todo: "name the path only", like: userURL, repair: pathOfTarget},
	{rule: httpwire.RulePort, octets: " \r\n", when: isConnect, what: "the port is missing",
		todo: "write host and port", like: tunnelLine, repair: withPort},
	{rule: httpwire.RulePort, when: isConnect, what: "the port is not a number",
		todo: "write host and port, the port in digits", like: tunnelLine},
	{rule: httpwire.RulePort, octets: "#",
		what: "a fragment: what follows \"#\" is for the client alone",
		todo: "leave \"#\" and what follows it out", like: userURL, repair: withoutFragment},
	{rule: httpwire.RulePort, what: "the port is not a number", todo: "write the port in digits",
		like: userURL},

	// The version and the end of the line.
	{rule: httpwire.RuleHTTPVersion, when: foreignResponse},
	{rule: httpwire.RuleHTTPVersion, when: misspelled, name: (*fault).misspelled,
		what: ", but it is none",
		todo: "the server should begin the response with HTTP/ and its version", like: "HTTP/1.0 200 OK"},
	{rule: httpwire.RuleHTTPVersion, octets: "htp/", when: lowerVersion,
		what: "the version is not in capitals",
		todo: "write HTTP in capitals", repair: upperVersion, by: httpwire.CaseSmallVersion},
	{rule: httpwire.RuleHTTPVersion, octets: " ", when: afterSP, line: true,
		what: "two spaces between request-target and version",
		todo: oneSpace, like: getLine, repair: singleSpaces, by: httpwire.CaseWhiteSpace},
	{rule: httpwire.RuleHTTPVersion, octets: "\t\v\f", when: afterSP, line: true,
		what: "a tab before the version",
		todo: oneSpace, like: getLine, repair: singleSpaces, by: httpwire.CaseWhiteSpace},
	{rule: httpwire.RuleHTTPVersion, octets: "\r\n", when: afterSP, what: "the version is missing",
		line: true,
		todo: "end the request-line with the version", like: getLine, repair: withVersion},
	{rule: httpwire.RuleHTTPVersion, when: versionLater, what: "a space inside the request-target",
		line: true,
		todo: "percent-encode a space as %20", like: "GET /a%20b HTTP/1.0", repair: spaceEncoded},
	{rule: httpwire.RuleHTTPVersion, octets: "\r\n ", what: "the version is not complete",
		todo: "write both numbers of it", like: getLine, repair: versionWritten},
	{rule: httpwire.RuleHTTPVersion, octets: "0123456789", when: afterDigit,
		what: "a version number of more than one digit",
		todo: "write one digit on each side of the dot", like: getLine, repair: versionWritten,
		by: httpwire.CaseManyDigits},
	{rule: httpwire.RuleHTTPVersion, when: (*fault).isResponse,
		what: "this is not a version of HTTP",
		todo: "the server should begin the status-line with the version", like: statusLine},
	{rule: httpwire.RuleHTTPVersion, what: "this is not a version of HTTP",
		like: getLine, repair: versionWritten},
	{rule: httpwire.RuleCRLF, when: inChunks, what: "the chunk is not as long as its size says",
		todo: "send as many octets as the chunk size announces, then CR LF",
		as:   httpwire.RuleChunkData},
	{rule: httpwire.RuleCRLF, octets: "\n", when: notAfterCR, what: "LF where CR LF ends the line",
		todo: sendCRLF},
	{rule: httpwire.RuleCRLF, when: afterCR, what: "CR without the LF that belongs to it",
		todo: sendCRLF, by: httpwire.CaseBareCR},
	{rule: httpwire.RuleCRLF, octets: " \t\v\f", what: "white space after the version",
		todo: "end the line right after the version", like: getLine, repair: versionOnly,
		by: httpwire.CaseWhiteSpace},
	{rule: httpwire.RuleCRLF, octets: "0123456789",
		what: "a version number of more than one digit",
		todo: "write one digit on each side of the dot", like: getLine, repair: versionWritten,
		by: httpwire.CaseManyDigits},
	{rule: httpwire.RuleCRLF, what: "something after the version",
		todo: "end the line right after the version", like: getLine, repair: versionOnly},
	{rule: httpwire.RuleStatusSP, octets: "\r\n", what: "the line ends after the version",
		todo: "go on with one space and the status code", like: statusLine},
	{rule: httpwire.RuleStatusSP, octets: "\t", what: "a tab instead of the space",
		todo: oneSpace, like: statusLine, repair: singleSpaces},
	{rule: httpwire.RuleStatusSP, what: "no space where one is needed",
		todo: oneSpace, like: statusLine},
	{rule: httpwire.RuleStatusCode, octets: "\r\n", when: afterDigits,
		what: "the status-line ends after the code: a SP is missing",
		todo: "put a SP after the code, even if no reason follows", like: statusLine,
		repair: withReason, by: httpwire.CaseStatusSpace},
	{rule: httpwire.RuleStatusCode, octets: " ", when: afterSP,
		what: "an extra space before the status code",
		todo: oneSpace, like: statusLine, repair: singleSpaces, by: httpwire.CaseStatusSpace},
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
		todo: "put the colon right after the name", like: fieldLine, repair: tightColon},
	{rule: httpwire.RuleFieldName, octets: ":", when: atStart, what: "a field without a name",
		todo: "write the name before the colon", like: fieldLine},
	{rule: httpwire.RuleFieldName, octets: "{[<\"", when: atStart,
		what: "a body where a field or the empty line is expected",
		todo: "send an empty line, CR LF and nothing else, between the fields and the body"},
	{rule: httpwire.RuleFieldName, octets: "\r\n", what: "a line without a colon is no field",
		todo: "write name, colon and value, or an empty line to end the head", like: fieldLine},
	{rule: httpwire.RuleFieldName, octets: " \t", when: noColon,
		what: "a line without a colon is no field",
		todo: "put a colon after the name", like: fieldLine, repair: withColon},
	{rule: httpwire.RuleFieldName, octets: " \t", what: "white space in the name of a field",
		todo: "join the words of the name by \"-\"", like: "Content-Type: text/plain",
		repair: joinedName},
	{rule: httpwire.RuleFieldName, octets: "\x00", what: "NUL in the name of a field",
		repair: withoutControls},
	{rule: httpwire.RuleFieldName, when: beyondASCII,
		what: "an octet beyond ASCII in the name of a field"},
	{rule: httpwire.RuleFieldName, what: "an octet that the name of a field does not allow",
		repair: withoutControls},
	{rule: httpwire.RuleColon, what: "the colon after the name is missing"},
	{rule: httpwire.RuleOWS, what: "this is no white space"},
	{rule: httpwire.RuleFieldValue, octets: "\n", what: "LF where CR LF ends the line",
		todo: sendCRLF},
	{rule: httpwire.RuleFieldValue, octets: "\x00", what: "NUL in the value of a field",
		todo: "leave it out", repair: withoutControls},
	{rule: httpwire.RuleFieldValue, what: "a control octet in the value of a field",
		todo: "leave it out", repair: withoutControls},
	{rule: httpwire.RuleObsFold, when: onlyBlanks,
		what: "white space in the line that ought to be empty",
		todo: "send CR LF and nothing else to end the head"},
	{rule: httpwire.RuleObsFold, what: "a folded line: it begins with white space",
		repair: unfolded},
	{rule: httpwire.RuleEndOfHead, octets: "\n", when: notAfterCR,
		what: "LF where CR LF is the empty line", todo: sendCRLF},
	{rule: httpwire.RuleEndOfHead, what: "CR without the LF that belongs to it", todo: sendCRLF,
		by: httpwire.CaseBareCR},

	// Bodies.
	{rule: httpwire.RuleMessageBody, what: "the body is not as long as Content-Length says"},
	{rule: httpwire.RuleChunkSize, octets: " \t", when: afterHexDigit,
		what: "white space after the size of a chunk",
		todo: "end the line right after the size", repair: upToFault},
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
	{rule: httpwire.RuleMajorVersion, what: "a major version of HTTP that is not spoken here",
		repair: spokenVersion},
	{rule: httpwire.RuleStatusClass, what: "a status code outside 100 to 599, read like a 5xx",
		todo: "the server should send a status code from 100 to 599", like: "HTTP/1.0 200 OK"},
	{rule: httpwire.RuleTargetForm, octets: "*", what: "\"*\" goes with OPTIONS only",
		repair: rootPath},
	{rule: httpwire.RuleTargetForm, when: isConnect,
		what: "CONNECT goes with host and port, not with a path",
		todo: "name host and port", like: tunnelLine},
	{rule: httpwire.RuleTargetForm,
		what: "this form of request-target does not go with the method"},
	{rule: httpwire.RuleHostField, when: endOfHead, what: "HTTP/1.1 without a Host field",
		todo: "send one Host field, or say HTTP/1.0 in the request-line", like: hostLine},
	{rule: httpwire.RuleHostField, when: atStart, what: "Host is sent twice",
		todo: "send one Host field, the right one", like: hostLine, repair: thisField},
	{rule: httpwire.RuleHostField, when: hasScheme, what: "a URL in the value of Host",
		todo: oneHost, like: hostLine, repair: hostOnly},
	{rule: httpwire.RuleHostField, when: userInField, what: "a user name in the value of Host",
		todo: oneHost, like: hostLine, repair: hostOnly},
	{rule: httpwire.RuleHostField, octets: " \t", when: afterComma,
		what: "a list of hosts in one field",
		todo: oneHost, like: hostLine, repair: hostOnly},
	{rule: httpwire.RuleHostField, octets: " \t", when: notAtEnd,
		what: "white space in the value of Host",
		todo: oneHost, like: hostLine, repair: hostOnly},
	{rule: httpwire.RuleHostField, octets: "/?#", what: "a path in the value of Host",
		todo: oneHost, like: hostLine, repair: hostOnly},
	{rule: httpwire.RuleHostField, octets: ":", when: atValue,
		what: "the host before the port is missing", todo: oneHost, like: hostLine},
	{rule: httpwire.RuleHostField, when: inBrackets, what: "this is no address of IP in brackets",
		todo: oneHost, like: hostLine},
	{rule: httpwire.RuleHostField, when: inPort, what: "the port in Host is not a number",
		todo: "write the port in digits", like: hostLine, repair: hostOnly},
	{rule: httpwire.RuleHostField, what: "the value of Host is no host and port",
		todo: oneHost, like: hostLine, repair: hostOnly},
	{rule: httpwire.RuleSingleton, when: (*fault).isResponse,
		what: "a field is sent twice that may come once only",
		todo: "the server should send this field once"},
	{rule: httpwire.RuleSingleton, when: inField("Host"), what: "Host is sent twice",
		todo: "send one Host field, the right one", like: hostLine, repair: thisField},
	{rule: httpwire.RuleSingleton, when: inField("Content-Length"),
		what: "Content-Length is sent twice", count: true,
		todo: "send one Content-Length, the true one"},
	{rule: httpwire.RuleSingleton, what: "a field is sent twice that may come once only",
		repair: thisField},
	{rule: httpwire.RuleContentLength, when: sameLengthTwice,
		what: "Content-Length is sent twice", count: true, by: httpwire.CaseSameLength,
		todo: "send one Content-Length, the true one"},
	{rule: httpwire.RuleContentLength, when: atStart, what: "Content-Length is sent twice",
		count: true, todo: "send one Content-Length, the true one"},
	{rule: httpwire.RuleContentLength, octets: "+-", what: "Content-Length has a sign",
		count: true, todo: "write digits only"},
	{rule: httpwire.RuleContentLength, octets: "\r\n", what: "Content-Length has no value",
		count: true},
	{rule: httpwire.RuleContentLength, octets: ",", when: sameLengthInList,
		what: "Content-Length is a list", count: true, by: httpwire.CaseSameLength},
	{rule: httpwire.RuleContentLength, octets: ",", what: "Content-Length is a list", count: true},
	{rule: httpwire.RuleContentLength, what: "Content-Length is not a number in decimal digits",
		count: true},
	{rule: httpwire.RuleLengthRequired, when: fieldsInBody, what: "a field after the empty line",
		todo: "delete the empty line before it; the empty line follows the last field"},
	{rule: httpwire.RuleLengthRequired, what: "POST and PUT need a Content-Length", count: true},
	{rule: httpwire.RuleTransferEncoding, when: (*fault).isResponse,
		what: "Transfer-Encoding where the version, or Content-Length, rules it out",
		todo: "the server should send the body as it is, and its length or the close"},
	{rule: httpwire.RuleTransferEncoding, when: isVersion11,
		what: "Transfer-Encoding where the version, or Content-Length, rules it out",
		by:   httpwire.CaseTwoFramings},
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
	if n := f.bodyOctets(); m.count && n == 1 {
		text += "; 1 octet follows the empty line"
	} else if m.count && n > 1 {
		text += "; " + OctetCount(n) + " follow the empty line"
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
		todo, _, _ := strings.Cut(m.shows(f).Help(), exampleNext)
		return todo
	}
	return m.todo
}

// exampleNext stands between what to do and an example of it, in the help of a rule and in print.
const exampleNext = ":  "

// shows returns the rule to show: the one that was broken, or what was expected instead.
func (m *mistake) shows(f *fault) httpwire.Rule {
	if m.as != 0 {
		return m.as
	}
	return f.rule
}

// abnf returns the production to show.
func (m *mistake) abnf(f *fault) string {
	if m.line && !f.isResponse() {
		return httpwire.RuleLineLimit.ABNF()
	}
	return m.shows(f).ABNF()
}

// basis returns what the refusal rests on.
func (m *mistake) basis(f *fault) httpwire.Basis {
	switch {
	case m.by != 0:
		return m.by.Basis()
	case m.line && !f.isResponse():
		return httpwire.RuleSP.Basis()
	case m.as != 0 || f.short:
		return m.shows(f).Basis()
	}
	return (&httpwire.SyntaxError{Octet: f.octet, Rule: f.rule}).Basis()
}
