package explain

import (
	"strings"

	"rawhttp/httpwire"
)

// A rule alone says that an octet is wrong. Which mistake led to it shows from the rule and the
// octet together, and sometimes from the octets around it. The table of mistakes is read from the
// top, and the first entry that fits is taken. The last entry of each rule always fits.

// A mistake is a common way to break a rule.
type mistake struct {
	rule   httpwire.Rule     // that is broken; 0 for any rule
	octets string            // the octet found is one of these; "" for any octet
	when   func(*fault) bool // must hold too; nil always holds
	title  string            // what happened
	advice
}

// An advice says what to do about a mistake. The zero advice is the help of the rule.
type advice struct {
	help    string
	example string              // a line to type; "" for none
	repair  func(*fault) []byte // puts the faulty line right, to be shown instead of the example

	expected    httpwire.Rule // the rule to show, if not the one that is broken
	requestLine bool          // the production to show is that of the whole request-line
	countBody   bool          // the help tells how many octets the body has
	basis       httpwire.Case // what the refusal rests on, if not the rule
}

const (
	getLine    = "GET /path HTTP/1.0"
	fieldLine  = "Name: value"
	statusLine = "HTTP/1.0 200 OK"
	hostLine   = "Host: localhost:12345"
	urlLine    = "GET http://localhost:12345/ HTTP/1.0"
	tunnelLine = "CONNECT localhost:12345 HTTP/1.0"

	helpSpace  = "send exactly one space"
	helpHost   = "send host and port and nothing else"
	helpStatus = "the server should begin the status-line with the version"
	helpCRLF   = "end each line with CR LF (0D 0A). In an editor, save the file with CRLF; in a " +
		"shell, use  nc -C  or  printf \"...\\r\\n\""
	helpQuotes = "leave out the quotation marks: they are for the shell " +
		"(cmd knows double ones only)"
)

// Advice on more than one mistake.
var (
	ofRule     = advice{}
	cleaned    = advice{repair: withoutControls}
	leaveOut   = advice{help: "leave it out", example: getLine, repair: withoutControls}
	leaveOutOf = advice{help: "leave it out", repair: withoutControls} // of a field
	noQuotes   = advice{help: helpQuotes, example: getLine, repair: unquoted}
	noFragment = advice{help: "leave out \"#\" and what follows it", example: getLine,
		repair: withoutFragment}
	noUser = advice{help: "leave out user name and password", example: urlLine, repair: withoutUser}

	sendCRLF = advice{help: helpCRLF}
	bareCR   = advice{help: helpCRLF, basis: httpwire.CaseBareCR}
	oneSpace = advice{help: helpSpace, example: getLine, repair: singleSpaces, requestLine: true,
		basis: httpwire.CaseWhiteSpace}
	spaceInStatus = advice{help: helpSpace, example: statusLine, repair: singleSpaces}

	afterBody = advice{
		help: "begin with the request-line; was the Content-Length before it too small?"}
	toTarget = advice{help: "continue with the path and the version", example: getLine,
		repair: withRoot}
	toVersion = advice{help: "end the request-line with the version", example: getLine,
		repair: withVersion, requestLine: true}
	slashFirst = advice{help: "begin the path with \"/\"", example: getLine, repair: slashBefore,
		expected: httpwire.RuleRequestTarget}
	pathOnly = advice{help: "name the path; the connection is open already", example: getLine,
		repair: rootPath, expected: httpwire.RuleRequestTarget}
	capitalConnect = advice{help: "write the method in capitals", example: tunnelLine,
		repair: upperMethod, expected: httpwire.RuleRequestTarget}
	percentEncode = advice{help: "percent-encode it", example: "GET /a%7Bb%7D HTTP/1.0",
		repair: encoded}
	oneDigit = advice{help: "write one digit on each side of the dot", example: getLine,
		repair: versionWritten, basis: httpwire.CaseManyDigits}

	nameFirst = advice{help: "begin the line with the name of the field", example: fieldLine,
		repair: tightColon}
	hostAndPort = advice{help: helpHost, example: hostLine, repair: hostOnly}
	anyHost     = advice{help: helpHost, example: hostLine}
	oneHost     = advice{help: "send one Host field, the right one", example: hostLine,
		repair: thisField}
	oneLength   = advice{help: "send the right Content-Length once", countBody: true}
	countOctets = advice{countBody: true}
)

var mistakes = [...]mistake{
	// What a keyboard, a shell or a word processor put there, whichever rule it breaks.
	{0, "", isTypedLineEnd, "a line end typed as a backslash and letters",
		advice{help: "press Enter at the end of a line: only programs such as printf turn a " +
			"backslash and letters into a line end", repair: withoutTypedLineEnd}},
	{httpwire.RuleMethod, "\"", isQuotedRequest, "a quotation mark before the request-line", noQuotes},
	{0, "", isSingleQuoted, "a single quotation mark before the request-line", noQuotes},
	{httpwire.RuleFieldName, "\"", isQuotedField, "a field in quotation marks",
		advice{help: helpQuotes, example: fieldLine, repair: unquoted}},

	// The request-line, from its first octet on.
	{httpwire.RuleEmptyLine, "", nil, "CR without LF", bareCR},
	{httpwire.RuleMethod, "\r", atStart, "more than one empty line before the request",
		advice{help: "begin with the request-line", example: getLine, basis: httpwire.CaseEmptyLines}},
	{httpwire.RuleMethod, "\n", atStart, "LF without CR where the request-line is expected",
		advice{help: helpCRLF, basis: httpwire.CaseBareLF}},
	{httpwire.RuleMethod, " \t", atStart, "white space before the method",
		advice{help: "begin the line with the method", example: getLine, repair: singleSpaces,
			requestLine: true, basis: httpwire.CaseWhiteSpace}},
	{httpwire.RuleMethod, "", (*fault).isResponse, "a status-line: this is a response, not a request",
		advice{help: "begin with a request-line", example: getLine}},
	{httpwire.RuleMethod, "/", atStart, "the method before the path is missing",
		advice{help: "begin with the method", example: getLine, repair: getBefore}},
	{httpwire.RuleMethod, "{}[]<\"", atStart,
		"a body, or a quotation mark, where the request-line is expected", afterBody},
	{httpwire.RuleMethod, "{}[]\"", nil,
		"what looks like the rest of a body, where the request-line is expected", afterBody},
	{httpwire.RuleMethod, ":", isURL, "a URL where the request-line is expected",
		advice{help: "send method, path and version", example: getLine, repair: pathOfURL}},
	{httpwire.RuleMethod, ":", nil, "a field where the request-line is expected",
		advice{help: "send the request-line first, and no empty line between it and the fields",
			example: getLine}},
	{httpwire.RuleMethod, "\r\n", nil, "the line ends after the method", toTarget},
	{httpwire.RuleMethod, "\t", nil, "a tab after the method", oneSpace},
	{httpwire.RuleMethod, "\v\f", nil, "white space other than SP in the request-line", oneSpace},
	{httpwire.RuleMethod, "\x00", nil, "NUL in the method", cleaned},
	{httpwire.RuleMethod, "", nil, "a method cannot contain this octet", ofRule},
	{httpwire.RuleSP, "\r\n", nil, "the line ends too early", ofRule},
	{httpwire.RuleSP, "\t", nil, "a tab instead of the space",
		advice{basis: httpwire.CaseWhiteSpace}},
	{httpwire.RuleSP, "", nil, "a space is missing", ofRule},

	// The request-target.
	{httpwire.RuleRequestTarget, " ", afterSP, "two spaces between method and request-target",
		oneSpace},
	{httpwire.RuleRequestTarget, "\r\n", afterSP, "the request-target is missing", toTarget},
	{httpwire.RuleRequestTarget, "\r\n", nil, "the version is missing",
		advice{help: toVersion.help, example: getLine, repair: withVersion, requestLine: true,
			expected: httpwire.RuleHTTPVersion}},
	{httpwire.RuleRequestTarget, "\t", nil, "a tab in the request-line", oneSpace},
	{httpwire.RuleRequestTarget, "\v\f", nil, "white space other than SP in the request-line",
		oneSpace},
	{httpwire.RuleRequestTarget, "#", nil, fragment, noFragment},
	{httpwire.RuleRequestTarget, "\x00", nil, "NUL in the request-target", leaveOut},
	{httpwire.RuleRequestTarget, "", isControl, "a control octet in the request-target", leaveOut},
	{httpwire.RuleRequestTarget, "\\", nil, "a backslash in the request-target",
		advice{help: "write slashes as \"/\"; a backslash itself is %5C", example: getLine,
			repair: encoded}},
	{httpwire.RuleRequestTarget, "", beyondASCII, "an octet beyond ASCII in the request-target",
		advice{help: "percent-encode it", example: "GET /stra%C3%9Fe HTTP/1.0", repair: encoded}},
	{httpwire.RuleRequestTarget, "", isLowerConnect, smallMethod, capitalConnect},
	{httpwire.RuleRequestTarget, "", hasOtherScheme, "a URI whose scheme is not http",
		advice{help: "name the path only", example: getLine, repair: pathOfTarget,
			expected: httpwire.RuleScheme}},
	{httpwire.RuleRequestTarget, "", isHostPort, "host and port instead of a path", pathOnly},
	{httpwire.RuleRequestTarget, "", afterSP, "the path does not begin with \"/\"", slashFirst},
	{httpwire.RuleRequestTarget, "", nil, "an octet that a URI does not allow", percentEncode},
	{httpwire.RulePctEncoded, "", nil, "\"%\" without two hexadecimal digits after it",
		advice{help: "write a percent sign itself as %25", example: "GET /100%25 HTTP/1.0",
			repair: percentEncoded}},
	{httpwire.RuleScheme, "/", isVersion, "the request-target is missing",
		advice{help: "write the path between method and version", example: getLine,
			repair: rootInserted, expected: httpwire.RuleRequestTarget}},
	{httpwire.RuleScheme, "", isHTTPS, "an https URL on a plain connection",
		advice{help: "name the path only, or use http", example: getLine, repair: httpScheme}},
	{httpwire.RuleScheme, "", isLowerConnect, smallMethod, capitalConnect},
	{httpwire.RuleScheme, "", isHostPort, "host and port instead of a path", pathOnly},
	{httpwire.RuleScheme, "", hasNoScheme, "the path does not begin with \"/\"", slashFirst},
	{httpwire.RuleScheme, "", nil, "a URL that does not begin with \"http://\"",
		advice{help: "begin the URL with http://, or name the path only", example: urlLine,
			repair: pathOfTarget}},
	{httpwire.RuleHost, "@", nil, "a user name in the URL", noUser},
	{httpwire.RulePort, "@", nil, "a user name and a password in the URL", noUser},
	{httpwire.RulePort, "", hasUser, "a user name and a password in the URL",
		advice{help: noUser.help, example: urlLine, repair: withoutUser,
			basis: httpwire.CaseUserInfo}},
	{httpwire.RuleHost, "/:? ", afterSlashes, "the host of the URL is missing",
		advice{help: "write the host after the slashes, or name the path only", example: urlLine}},
	{httpwire.RuleHost, "", inBrackets, "the brackets do not hold an IP address",
		advice{help: "write all groups of the address, or \"::\" once for those that are zero",
			example: "GET http://[::1]:12345/ HTTP/1.0"}},
	{httpwire.RuleHost, "#", nil, fragment, noFragment},
	{httpwire.RuleHost, "", nil, "an octet that a host name does not allow",
		advice{help: "name the path only", example: urlLine, repair: pathOfTarget}},
	{httpwire.RulePort, " \r\n", isConnect, "the port is missing",
		advice{help: "write host and port", example: tunnelLine, repair: withPort}},
	{httpwire.RulePort, "", isConnect, "the port is not a number",
		advice{help: "write host and port, the port in digits", example: tunnelLine}},
	{httpwire.RulePort, "#", nil, fragment, noFragment},
	{httpwire.RulePort, "", nil, "the port is not a number",
		advice{help: "write the port in digits", example: urlLine}},

	// The version and the end of the line.
	{httpwire.RuleHTTPVersion, "htp/", isLowerVersion, "the version is not in capitals",
		advice{help: "write HTTP in capitals", repair: upperVersion,
			basis: httpwire.CaseSmallVersion}},
	{httpwire.RuleHTTPVersion, " ", afterSP, "two spaces between request-target and version",
		oneSpace},
	{httpwire.RuleHTTPVersion, "\t\v\f", afterSP, "a tab before the version", oneSpace},
	{httpwire.RuleHTTPVersion, "\r\n", afterSP, "the version is missing", toVersion},
	{httpwire.RuleHTTPVersion, "", isVersionLater, "a space inside the request-target",
		advice{help: "percent-encode a space as %20", example: "GET /a%20b HTTP/1.0",
			repair: spaceEncoded, requestLine: true}},
	{httpwire.RuleHTTPVersion, "\r\n ", nil, "the version is not complete",
		advice{help: "write both numbers of the version", example: getLine,
			repair: versionWritten}},
	{httpwire.RuleHTTPVersion, "0123456789", afterDigit, manyDigits, oneDigit},
	{httpwire.RuleHTTPVersion, "", (*fault).isResponse, "this is not a version of HTTP",
		advice{help: helpStatus, example: statusLine}},
	{httpwire.RuleHTTPVersion, "", nil, "this is not a version of HTTP",
		advice{example: getLine, repair: versionWritten}},
	{httpwire.RuleCRLF, "", inChunks, "the chunk is not as long as its size says",
		advice{help: "send as many octets as the chunk size announces, then CR LF",
			expected: httpwire.RuleChunkData}},
	{httpwire.RuleCRLF, "\n", notAfterCR, bareLF, sendCRLF},
	{httpwire.RuleCRLF, "", afterCR, "CR without LF", bareCR},
	{httpwire.RuleCRLF, " \t\v\f", nil, "white space after the version",
		advice{help: "end the line right after the version", example: getLine,
			repair: versionOnly, basis: httpwire.CaseWhiteSpace}},
	{httpwire.RuleCRLF, "0123456789", nil, manyDigits, oneDigit},
	{httpwire.RuleCRLF, "", nil, "something after the version",
		advice{help: "end the line right after the version", example: getLine,
			repair: versionOnly}},
	{httpwire.RuleStatusSP, "\r\n", nil, "the line ends after the version",
		advice{help: "continue with one space and the status code", example: statusLine}},
	{httpwire.RuleStatusSP, "\t", nil, "a tab instead of the space", spaceInStatus},
	{httpwire.RuleStatusSP, "", nil, "a space is missing",
		advice{help: helpSpace, example: statusLine}},
	{httpwire.RuleStatusCode, "\r\n", afterStatus, "the status-line has no space after the code",
		advice{help: "write a space after the code, even if no reason follows",
			example: statusLine, repair: withReason, basis: httpwire.CaseStatusSpace}},
	{httpwire.RuleStatusCode, " ", afterSP, "an extra space before the status code",
		advice{help: helpSpace, example: statusLine, repair: singleSpaces,
			basis: httpwire.CaseStatusSpace}},
	{httpwire.RuleStatusCode, "", nil, "the status code is not three digits", ofRule},
	{httpwire.RuleReasonPhrase, "\n", nil, bareLF, sendCRLF},
	{httpwire.RuleReasonPhrase, "", nil, "a control octet in the reason phrase", ofRule},

	// Fields.
	{httpwire.RuleFieldName, " \t", atStart, "white space before the first field", nameFirst},
	{httpwire.RuleFieldName, " \t", isColonNext, "white space before the colon",
		advice{help: "put the colon right after the name", example: fieldLine, repair: tightColon}},
	{httpwire.RuleFieldName, ":", atStart, "a field without a name",
		advice{help: "write the name before the colon", example: fieldLine}},
	{httpwire.RuleFieldName, "{[<\"", atStart,
		"a body where a field or the empty line is expected",
		advice{help: "send an empty line, CR LF and nothing else, between fields and body"}},
	{httpwire.RuleFieldName, "\r\n", nil, noColonAtAll,
		advice{help: "write name, colon and value, or an empty line to end the head",
			example: fieldLine}},
	{httpwire.RuleFieldName, " \t", hasNoColon, noColonAtAll,
		advice{help: "put a colon after the name", example: fieldLine, repair: withColon}},
	{httpwire.RuleFieldName, " \t", nil, "white space in the name of a field",
		advice{help: "join the words of the name by \"-\"", example: "Content-Type: text/plain",
			repair: joinedName}},
	{httpwire.RuleFieldName, "\x00", nil, "NUL in the name of a field", cleaned},
	{httpwire.RuleFieldName, "", beyondASCII, "an octet beyond ASCII in the name of a field",
		ofRule},
	{httpwire.RuleFieldName, "", nil, "an octet that the name of a field does not allow", cleaned},
	{httpwire.RuleColon, "", nil, "the colon after the name is missing", ofRule},
	{httpwire.RuleOWS, "", nil, "this is not white space", ofRule},
	{httpwire.RuleFieldValue, "\n", nil, bareLF, sendCRLF},
	{httpwire.RuleFieldValue, "\x00", nil, "NUL in the value of a field", leaveOutOf},
	{httpwire.RuleFieldValue, "", nil, "a control octet in the value of a field", leaveOutOf},
	{httpwire.RuleObsFold, "", isBlankLine, "white space in the line that should be empty",
		advice{help: "send CR LF and nothing else to end the head"}},
	{httpwire.RuleObsFold, "", nil, "a folded line: it begins with white space",
		advice{repair: unfolded}},
	{httpwire.RuleEndOfHead, "\n", notAfterCR, "LF without CR as the empty line", sendCRLF},
	{httpwire.RuleEndOfHead, "", nil, "CR without LF", bareCR},

	// Bodies.
	{httpwire.RuleMessageBody, "", nil, "the body is not as long as Content-Length says", ofRule},
	{httpwire.RuleChunkSize, " \t", afterHexDigit, "white space after the size of a chunk",
		advice{help: "end the line right after the size", repair: upToFault}},
	{httpwire.RuleChunkSize, "", nil, "this is not the size of a chunk", ofRule},
	{httpwire.RuleChunkExt, "\n", nil, bareLF, sendCRLF},
	{httpwire.RuleChunkExt, "\r", inQuotes,
		"a quotation mark in the extension of a chunk is not closed", ofRule},
	{httpwire.RuleChunkExt, "\r", nil, "the extension of a chunk ends too early", ofRule},
	{httpwire.RuleChunkExt, "", isControl, "a control octet in the extension of a chunk", ofRule},
	{httpwire.RuleChunkExt, "", nil, "this is not the extension of a chunk", ofRule},
	{httpwire.RuleChunkData, "", nil, "the chunk is shorter than its size says", ofRule},
	{httpwire.RuleOtherProtocol, "", nil, "octets of another protocol", ofRule},
	{httpwire.RuleHTTPDate, "", nil, "this is not a date as HTTP writes it", ofRule},
	{httpwire.RuleMediaType, "", nil, "this is not a media type", ofRule},

	// Heads that are well-formed, octet by octet.
	{httpwire.RuleMajorVersion, "", (*fault).isResponse,
		"a response in a major version of HTTP other than 1",
		advice{help: "the server should begin the status-line with HTTP/1.0 or HTTP/1.1",
			example: statusLine}},
	{httpwire.RuleMajorVersion, "", nil,
		"a major version of HTTP that this server does not speak", advice{repair: spokenVersion}},
	{httpwire.RuleStatusClass, "", nil,
		"a status code outside 100 to 599; clients read it like a 5xx",
		advice{help: "the server should send a status code from 100 to 599", example: statusLine}},
	{httpwire.RuleTargetForm, "*", nil, "\"*\" with a method other than OPTIONS",
		advice{repair: rootPath}},
	{httpwire.RuleTargetForm, "", isConnect, "CONNECT with a path instead of host and port",
		advice{help: "name host and port", example: tunnelLine}},
	{httpwire.RuleTargetForm, "", nil,
		"this form of request-target does not go with the method", ofRule},
	{httpwire.RuleHostField, "", atEndOfHead, "HTTP/1.1 without a Host field",
		advice{help: "send one Host field, or write HTTP/1.0 in the request-line",
			example: hostLine}},
	{httpwire.RuleHostField, "", atStart, "Host is sent twice", oneHost},
	{httpwire.RuleHostField, "", hasURL, "a URL in the value of Host", hostAndPort},
	{httpwire.RuleHostField, "", hasUserInField, "a user name in the value of Host", hostAndPort},
	{httpwire.RuleHostField, " \t", afterComma, "a list of hosts in one field", hostAndPort},
	{httpwire.RuleHostField, " \t", notAtEnd, "white space in the value of Host", hostAndPort},
	{httpwire.RuleHostField, "/?#", nil, "a path in the value of Host", hostAndPort},
	{httpwire.RuleHostField, ":", atValue, "the host before the port is missing", anyHost},
	{httpwire.RuleHostField, "", inBrackets, "the brackets do not hold an IP address", anyHost},
	{httpwire.RuleHostField, "", inPort, "the port in Host is not a number",
		advice{help: "write the port in digits", example: hostLine, repair: hostOnly}},
	{httpwire.RuleHostField, "", nil, "the value of Host is not a host and port", hostAndPort},
	{httpwire.RuleSingleton, "", (*fault).isResponse, twice,
		advice{help: "the server should send this field once"}},
	{httpwire.RuleSingleton, "", inField("Host"), "Host is sent twice", oneHost},
	{httpwire.RuleSingleton, "", inField("Content-Length"), "Content-Length is sent twice",
		oneLength},
	{httpwire.RuleSingleton, "", nil, twice, advice{repair: thisField}},
	{httpwire.RuleContentLength, "", isSameLengthTwice, "Content-Length is sent twice",
		advice{help: oneLength.help, countBody: true, basis: httpwire.CaseSameLength}},
	{httpwire.RuleContentLength, "", atStart, "Content-Length is sent twice", oneLength},
	{httpwire.RuleContentLength, "+-", nil, "Content-Length has a sign",
		advice{help: "write digits only", countBody: true}},
	{httpwire.RuleContentLength, "\r\n", nil, "Content-Length has no value", countOctets},
	{httpwire.RuleContentLength, ",", (*fault).sameLengths, "Content-Length is a list",
		advice{countBody: true, basis: httpwire.CaseSameLength}},
	{httpwire.RuleContentLength, ",", nil, "Content-Length is a list", countOctets},
	{httpwire.RuleContentLength, "", nil,
		"Content-Length is not a number in decimal digits", countOctets},
	{httpwire.RuleLengthRequired, "", hasFieldsInBody, "a field after the empty line",
		advice{help: "delete the empty line before it; send one after the last field"}},
	{httpwire.RuleLengthRequired, "", nil, "POST and PUT need a Content-Length", countOctets},
	{httpwire.RuleTransferEncoding, "", (*fault).isResponse, twoFramings,
		advice{help: "the server should send the body without a coding, and give its length or " +
			"close the connection"}},
	{httpwire.RuleTransferEncoding, "", isVersion11, twoFramings,
		advice{basis: httpwire.CaseTwoFramings}},
	{httpwire.RuleTransferEncoding, "", nil, twoFramings, ofRule},
	{httpwire.RuleTransferCoding, "", nil, "a body in a transfer coding", ofRule},
	{httpwire.RuleChunkedOnce, "", nil, "the transfer coding chunked is applied twice",
		advice{help: "the server should apply chunked once, as the last coding"}},
	{httpwire.RuleKnownMethod, "", hasLowerMethod, smallMethod,
		advice{help: "write the method in capitals", example: getLine, repair: upperMethod}},
	{httpwire.RuleKnownMethod, "", nil, "a method that this server does not know", ofRule},
	{httpwire.RuleExpect, "", nil, "an expectation that this server cannot meet", ofRule},

	// Limits, and the end.
	{httpwire.RuleLineLimit, "", nil, "the request-line is too long", ofRule},
	{httpwire.RuleHeadLimit, "", nil, "the head is too long", ofRule},
	{httpwire.RuleFieldLimit, "", nil, "too many fields", ofRule},
	{httpwire.RuleBodyLimit, "", nil, "the body is too long", ofRule},
	{httpwire.RuleInterimLimit, "", nil, "too many interim responses without a final one",
		advice{help: "the server should send the final response"}},
	{httpwire.RuleComplete, "", nil, "the message ends before it is complete", ofRule},
	{httpwire.RuleSurplus, "", nil, "octets after the end of the message", ofRule},
}

// Titles that stand in the table more than once.
const (
	bareLF       = "LF without CR at the end of the line"
	fragment     = "a fragment: \"#\" and what follows it are for the client only"
	manyDigits   = "a version number of more than one digit"
	noColonAtAll = "a line without a colon is not a field"
	smallMethod  = "the method is not in capitals; methods are case-sensitive"
	twice        = "a field is sent twice that may be sent only once"
	twoFramings  = "Transfer-Encoding in HTTP/1.0, or together with Content-Length"
)

// unfinished are the mistakes of messages that stop before their end.
var unfinished = [...]mistake{
	{httpwire.RuleEndOfHead, "", nil, "the empty line that ends the head has not come",
		advice{help: "send an empty line: CR LF and nothing else (at a keyboard: Enter once more)"}},
	{httpwire.RuleMessageBody, "", nil, "the body is shorter than Content-Length says", countOctets},
	{httpwire.RuleChunkData, "", nil, "the body ends inside a chunk", ofRule},
	{httpwire.RuleChunkSize, "", nil, "the body ends before its last chunk, the one of size 0",
		advice{help: "end a chunked body with 0 CR LF CR LF"}},
	{httpwire.RuleMethod, "", isEmpty, "nothing has come yet", ofRule},
	{httpwire.RuleHTTPVersion, "", (*fault).isResponse,
		"the status-line is not complete: expected HTTP-version",
		advice{help: helpStatus, example: statusLine}},
}

// mistake finds the entry of a fault.
func (f *fault) mistake() *mistake {
	if f.short {
		for i := range unfinished {
			if unfinished[i].fits(f) {
				return &unfinished[i]
			}
		}
		return &mistake{title: "the message is incomplete: expected " + f.rule.String()}
	}
	if m := f.notHTTP(); m != nil {
		return m
	}
	for i := range mistakes {
		if mistakes[i].fits(f) {
			return &mistakes[i]
		}
	}
	return &mistake{title: "the message breaks a rule: " + f.rule.String()}
}

func (m *mistake) fits(f *fault) bool {
	return (m.rule == f.rule || m.rule == 0) &&
		(m.octets == "" || strings.IndexByte(m.octets, f.octet) >= 0) &&
		(m.when == nil || m.when(f))
}

// helpFor returns what to do about the fault.
func (m *mistake) helpFor(f *fault) string {
	help := m.help
	switch {
	case help == helpCRLF && f.isResponse():
		help = "the server should end each line of the head with CR LF (0D 0A)"
	case help == "":
		help, _, _ = strings.Cut(m.shows(f).Help(), exampleNext)
	}
	if n := f.bodyOctets(); m.countBody && n == 1 {
		help += "; 1 octet follows the empty line"
	} else if m.countBody && n > 1 {
		help += "; " + OctetCount(n) + " follow the empty line"
	}
	return help
}

// exampleNext stands between what to do and an example of it, in the help of a rule and in print.
const exampleNext = ":  "

// shows returns the rule to show: the one that is broken, or what is expected instead.
func (m *mistake) shows(f *fault) httpwire.Rule {
	if m.expected != 0 {
		return m.expected
	}
	return f.rule
}

// production returns the ABNF to show.
func (m *mistake) production(f *fault) string {
	if m.requestLine && !f.isResponse() {
		return httpwire.RuleLineLimit.ABNF()
	}
	return m.shows(f).ABNF()
}

// basisFor returns what the refusal rests on.
func (m *mistake) basisFor(f *fault) httpwire.Basis {
	switch {
	case m.basis != 0:
		return m.basis.Basis()
	case m.requestLine && !f.isResponse():
		return httpwire.RuleSP.Basis()
	case m.expected != 0 || f.short:
		return m.shows(f).Basis()
	}
	return (&httpwire.SyntaxError{Octet: f.octet, Rule: f.rule}).Basis()
}
