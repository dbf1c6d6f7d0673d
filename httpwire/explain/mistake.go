package explain

import (
	"cmp"
	"fmt"
	"strings"

	"rawhttp/httpwire"
)

// A rule alone says that an octet is wrong. Which mistake led to it shows from the rule and the
// octet together, and sometimes from the octets around it. The mistakes of a rule are tried in
// order, and the last one always fits.

// A mistake is a common way to break a rule.
type mistake struct {
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

// DefaultAddr is the server in the examples of texts: where the server of this project listens, and
// where the client looks for it, if no flag says otherwise.
const DefaultAddr = "localhost:12345"

const (
	getLine    = "GET /path HTTP/1.0"
	fieldLine  = "Name: value"
	statusLine = "HTTP/1.0 200 OK"
	hostLine   = "Host: " + DefaultAddr
	urlLine    = "GET http://" + DefaultAddr + "/ HTTP/1.0"
	tunnelLine = "CONNECT " + DefaultAddr + " HTTP/1.0"

	helpSpace  = "send exactly one space"
	helpHost   = "send host and port and nothing else"
	helpStatus = "the server should begin the status-line with the version"
	helpCRLF   = "end each line with CR LF (0D 0A). In an editor, save the file with CRLF; in a " +
		"shell, use  nc -C  or  printf \"...\\r\\n\""
	helpQuotes = "leave out the quotation marks: they are for the shell " +
		"(cmd knows double ones only)"
)

// largestChunk is the size of the largest chunk that package httpwire reads.
const largestChunk int64 = 1<<62 - 1

// advise makes an advice that changes nothing else.
func advise(help, example string, repair func(*fault) []byte) advice {
	return advice{help: help, example: example, repair: repair}
}

func (a advice) expecting(r httpwire.Rule) advice { a.expected = r; return a }
func (a advice) basedOn(c httpwire.Case) advice   { a.basis = c; return a }
func (a advice) inLine() advice                   { a.requestLine = true; return a }
func (a advice) counting() advice                 { a.countBody = true; return a }

// Advice on more than one mistake.
var (
	ofRule     = advice{}
	leaveOut   = advise("leave it out", getLine, withoutControls)
	leaveOutOf = advise("leave it out", "", withoutControls) // of a field
	noQuotes   = advise(helpQuotes, getLine, unquoted)
	noFragment = advise("leave out \"#\" and what follows it", getLine, withoutFragment)
	noUser     = advise("leave out user name and password", urlLine, withoutUser)

	sendCRLF      = advise(helpCRLF, "", nil)
	bareCR        = sendCRLF.basedOn(httpwire.CaseBareCR)
	oneSpace      = advise(helpSpace, getLine, singleSpaces).inLine().basedOn(httpwire.CaseWhiteSpace)
	spaceInStatus = advise(helpSpace, statusLine, singleSpaces)

	afterBody = advise("begin with the request-line; "+
		"was the Content-Length before it too small?", "", nil)
	toTarget   = advise("continue with the path and the version", getLine, withRoot)
	toVersion  = advise("end the request-line with the version", getLine, withVersion).inLine()
	slashFirst = advise("begin the path with \"/\"", getLine, slashBefore).
			expecting(httpwire.RuleRequestTarget)
	pathOnly = advise("name the path; the connection is open already", getLine, rootPath).
			expecting(httpwire.RuleRequestTarget)
	hostLeftOut = advise("name the path; the connection is open already", getLine, pathOfTarget).
			expecting(httpwire.RuleRequestTarget)
	capitalConnect = advise("write the method in capitals", tunnelLine, upperMethod).
			expecting(httpwire.RuleRequestTarget)
	oneDigit = advise("write one digit on each side of the dot", getLine, versionWritten).
			basedOn(httpwire.CaseManyDigits)

	plainName   = advise("write the name with letters, digits and \"-\"", fieldLine, visibleASCII)
	addBrackets = advise("write the address in brackets", "", bracketed)
	hostAndPort = advise(helpHost, hostLine, hostOnly)
	anyHost     = advise(helpHost, hostLine, nil)
	oneHost     = advise("send one Host field, the right one", hostLine, thisField)
	oneLength   = advise("send the right Content-Length once", "", nil).counting()
	countOctets = ofRule.counting()
	plainBody   = advise("the server should send the body without a coding, and give its length or "+
		"close the connection", "", nil)
)

// mistakes has the mistakes of each rule. Those of rule 0 can break any rule and are tried first.
var mistakes = map[httpwire.Rule][]mistake{
	// What a keyboard or a shell put there, whichever rule it breaks.
	0: {
		{"", isTypedLineEnd, "a line end typed as a backslash and letters",
			advise("press Enter at the end of a line: only programs such as printf turn a "+
				"backslash and letters into a line end", "", upToFault)},
		{"", isSingleQuoted, "a single quotation mark before the request-line", noQuotes},
	},

	// The request-line and the status-line.
	httpwire.RuleEmptyLine: {{"", nil, "CR without LF", bareCR}},
	httpwire.RuleMethod: {
		{"\"", isQuotedRequest, "a quotation mark before the request-line", noQuotes},
		{"\r", atStart, "more than one empty line before the request",
			advise("begin with the request-line", getLine, nil).basedOn(httpwire.CaseEmptyLines)},
		{"\n", atStart, "LF without CR where the request-line is expected",
			sendCRLF.basedOn(httpwire.CaseBareLF)},
		{" \t", atStart, "white space before the method",
			advise("begin the line with the method",
				getLine, singleSpaces).inLine().basedOn(httpwire.CaseWhiteSpace)},
		{"", (*fault).isResponse, "a status-line: this is a response, not a request",
			advise("begin with a request-line", getLine, nil)},
		{"/", atStart, "the method before the path is missing",
			advise("begin with the method", getLine, getBefore)},
		{"{}[]<\"", atStart, "a body, or a quotation mark, where the request-line is expected",
			afterBody},
		{"{}[]\"", nil, "what looks like the rest of a body, where the request-line is expected",
			afterBody},
		{":", isURL, "a URL where the request-line is expected",
			advise("send method, path and version", getLine, pathOfURL)},
		{":", nil, "a field where the request-line is expected",
			advise("send the request-line first, and no empty line between it and the fields",
				getLine, nil)},
		{"\r\n", nil, "the line ends after the method", toTarget},
		{"\t", nil, "a tab after the method", oneSpace},
		{"\v\f", nil, "white space other than SP in the request-line", oneSpace},
		{"\x00", nil, "NUL in the method", advise("", "", withoutControls)},
		{"", nil, "a method cannot contain this octet", ofRule},
	},
	httpwire.RuleSP: {
		{"\r\n", nil, "the line ends too early", ofRule},
		{"\t", nil, "a tab instead of the space", ofRule.basedOn(httpwire.CaseWhiteSpace)},
		{"", nil, "a space is missing", ofRule},
	},
	httpwire.RuleRequestTarget: {
		{" ", afterSP, "two spaces between method and request-target", oneSpace},
		{"\r\n", afterSP, "the request-target is missing", toTarget},
		{"\r\n", nil, "the version is missing", toVersion.expecting(httpwire.RuleHTTPVersion)},
		{"\t", nil, "a tab in the request-line", oneSpace},
		{"\v\f", nil, "white space other than SP in the request-line", oneSpace},
		{"#", nil, fragment, noFragment},
		{"\x00", nil, "NUL in the request-target", leaveOut},
		{"", isControl, "a control octet in the request-target", leaveOut},
		{"\\", nil, "a backslash in the request-target",
			advise("write slashes as \"/\"; a backslash itself is %5C", getLine, slashed)},
		{"", beyondASCII, "an octet beyond ASCII in the request-target",
			advise("percent-encode it", "GET /stra%C3%9Fe HTTP/1.0", encoded)},
		{"", isLowerConnect, smallMethod, capitalConnect},
		{"", hasOtherScheme, "a URI whose scheme is not http",
			advise("name the path only", getLine, pathOfTarget).expecting(httpwire.RuleScheme)},
		{"/?", isConnect, "a path after host and port",
			advise("name host and port only", tunnelLine, hostPortOnly)},
		{"", isHostPort, "host and port instead of a path", pathOnly},
		{"", hasHostPort, "host and port before the path", hostLeftOut},
		{"", afterSP, "the path does not begin with \"/\"", slashFirst},
		{"", nil, "an octet that a URI does not allow",
			advise("percent-encode it", "GET /a%7Bb%7D HTTP/1.0", encoded)},
	},
	httpwire.RulePctEncoded: {
		{"", nil, "\"%\" without two hexadecimal digits after it",
			advise("write a percent sign itself as %25", "GET /100%25 HTTP/1.0", percentEncoded)},
	},
	httpwire.RuleScheme: {
		{"/", isVersion, "the request-target is missing",
			advise("write the path between method and version",
				getLine, rootInserted).expecting(httpwire.RuleRequestTarget)},
		{"", isHTTPS, "an https URL on a plain connection",
			advise("name the path only, or use http", getLine, httpScheme)},
		{"", isLowerConnect, smallMethod, capitalConnect},
		{"", isHostPort, "host and port instead of a path", pathOnly},
		{"", hasHostPort, "host and port before the path", hostLeftOut},
		{"", hasNoScheme, "the path does not begin with \"/\"", slashFirst},
		{"", nil, "a URL that does not begin with \"http://\"",
			advise("begin the URL with http://, or name the path only", urlLine, pathOfTarget)},
	},
	httpwire.RuleHost: {
		{"@", nil, "a user name in the URL", noUser},
		{":", isBareIPv6, bareIPv6, addBrackets},
		{"/:? ", afterSlashes, "the host of the URL is missing",
			advise("write the host after the slashes, or name the path only", urlLine, nil)},
		{"", inBrackets, "the brackets do not hold an IP address",
			advise("write all groups of the address, or \"::\" once for those that are zero",
				"GET http://[::1]:12345/ HTTP/1.0", nil)},
		{"#", nil, fragment, noFragment},
		{"", isConnect, badHost, advise("write host and port", tunnelLine, nil)},
		{"", nil, badHost, advise("name the path only", urlLine, pathOfTarget)},
	},
	httpwire.RulePort: {
		{"@", nil, "a user name and a password in the URL", noUser},
		{"", hasUser, "a user name and a password in the URL", noUser.basedOn(httpwire.CaseUserInfo)},
		{" \r\n", isConnect, "the port is missing",
			advise("write host and port", tunnelLine, withPort).basedOn(httpwire.CaseConnectPort)},
		{"", isConnect, "the port is not a number",
			advise("write host and port, the port in digits",
				tunnelLine, nil).basedOn(httpwire.CaseConnectPort)},
		{"#", nil, fragment, noFragment},
		{":", isBareIPv6, bareIPv6, addBrackets},
		{"", nil, "the port is not a number", advise("write the port in digits", urlLine, nil)},
	},
	httpwire.RuleHTTPVersion: {
		{"htp/", isLowerVersion, "the version is not in capitals",
			advise("write HTTP in capitals", "", upperVersion).basedOn(httpwire.CaseSmallVersion)},
		{" ", afterSP, "two spaces between request-target and version", oneSpace},
		{"\t\v\f", afterSP, "a tab before the version", oneSpace},
		{"\r\n", afterSP, "the version is missing", toVersion},
		{"", hasSpaceInTarget, "a space inside the request-target",
			advise("percent-encode a space as %20", "GET /a%20b HTTP/1.0", spaceEncoded).inLine()},
		{"\r\n ", nil, "the version is not complete",
			advise("write both numbers of the version", getLine, versionWritten)},
		{"0123456789", afterDigit, manyDigits, oneDigit},
		{"", (*fault).isResponse, "this is not a version of HTTP", advise(helpStatus, statusLine, nil)},
		{"", nil, "this is not a version of HTTP", advise("", getLine, versionWritten)},
	},
	httpwire.RuleCRLF: {
		{"", inChunks, "the chunk is not as long as its size says",
			advise("send as many octets as the chunk size announces, then CR LF",
				"", nil).expecting(httpwire.RuleChunkData)},
		{"\n", notAfterCR, bareLF, sendCRLF},
		{"", afterCR, "CR without LF", bareCR},
		{" \t\v\f", nil, "white space after the version",
			advise("end the line right after the version",
				getLine, upToFault).basedOn(httpwire.CaseWhiteSpace)},
		{"0123456789", nil, manyDigits, oneDigit},
		{"", nil, "something after the version",
			advise("end the line right after the version", getLine, upToFault)},
	},
	httpwire.RuleStatusSP: {
		{"\r\n", nil, "the line ends after the version",
			advise("continue with one space and the status code", statusLine, nil)},
		{"\t", nil, "a tab instead of the space", spaceInStatus},
		{"", nil, "a space is missing", advise(helpSpace, statusLine, nil)},
	},
	httpwire.RuleStatusCode: {
		{"\r\n", afterStatus, "the status-line has no space after the code",
			advise("write a space after the code, even if no reason follows",
				statusLine, withReason).basedOn(httpwire.CaseStatusSpace)},
		{" ", afterSP, "an extra space before the status code",
			spaceInStatus.basedOn(httpwire.CaseStatusSpace)},
		{"", nil, "the status code is not three digits", ofRule},
	},
	httpwire.RuleReasonPhrase: {
		{"\n", nil, bareLF, sendCRLF},
		{"", nil, "a control octet in the reason phrase", ofRule},
	},

	// Fields.
	httpwire.RuleFieldName: {
		{"\"", isQuotedField, "a field in quotation marks", advise(helpQuotes, fieldLine, unquoted)},
		{" \t", atStart, "white space before the first field",
			advise("begin the line with the name of the field",
				fieldLine, tightColon).basedOn(httpwire.CaseFirstLine)},
		{" \t", isColonNext, "white space before the colon",
			advise("put the colon right after the name", fieldLine, tightColon)},
		{":", atStart, "a field without a name",
			advise("write the name before the colon", fieldLine, nil)},
		{"{[<\"", atStart, "a body where a field or the empty line is expected",
			advise("send an empty line, CR LF and nothing else, between fields and body", "", nil)},
		{"\r\n", nil, noColonAtAll,
			advise("write name, colon and value, or an empty line to end the head", fieldLine, nil)},
		{" \t", hasNoColon, noColonAtAll, advise("put a colon after the name", fieldLine, withColon)},
		{" \t", nil, "white space in the name of a field",
			advise("join the words of the name by \"-\"", "Content-Type: text/plain", joinedName)},
		{"\x00", nil, "NUL in the name of a field", plainName},
		{"", beyondASCII, "an octet beyond ASCII in the name of a field", plainName},
		{"", nil, "an octet that the name of a field does not allow", plainName},
	},
	httpwire.RuleColon: {{"", nil, "the colon after the name is missing", ofRule}},
	httpwire.RuleOWS:   {{"", nil, "this is not white space", ofRule}},
	httpwire.RuleFieldValue: {
		{"\n", nil, bareLF, sendCRLF},
		{"\x00", nil, "NUL in the value of a field", leaveOutOf},
		{"", nil, "a control octet in the value of a field", leaveOutOf},
	},
	httpwire.RuleObsFold: {
		{"", isBlankLine, "white space in the line that should be empty",
			advise("send CR LF and nothing else to end the head", "", nil)},
		{"", nil, "a folded line: it begins with white space", advise("", "", unfolded)},
	},
	httpwire.RuleEndOfHead: {
		{"\n", notAfterCR, "LF without CR as the empty line", sendCRLF},
		{"", nil, "CR without LF", bareCR},
	},
	httpwire.RuleHTTPDate:  {{"", nil, "this is not a date as HTTP writes it", ofRule}},
	httpwire.RuleMediaType: {{"", nil, "this is not a media type", ofRule}},

	// Bodies.
	httpwire.RuleMessageBody: {{"", nil, "the body is not as long as Content-Length says", ofRule}},
	httpwire.RuleChunkSize: {
		{"\n", afterHexDigit, bareLF, sendCRLF},
		{" \t", afterHexDigit, "white space after the size of a chunk",
			advise("end the line right after the size", "", upToFault)},
		{"0123456789abcdefABCDEF", nil, "the size of a chunk is too large",
			advise(fmt.Sprintf("send smaller chunks; a chunk of %X octets is the largest that can be read",
				largestChunk), "", nil).basedOn(httpwire.CaseLargeChunk)},
		{"", nil, "this is not the size of a chunk", ofRule},
	},
	httpwire.RuleChunkExt: {
		{"\n", nil, bareLF, sendCRLF},
		{"\r", inQuotes, "a quotation mark in the extension of a chunk is not closed", ofRule},
		{"\r", nil, "the extension of a chunk ends too early", ofRule},
		{"", isControl, "a control octet in the extension of a chunk", ofRule},
		{"", nil, "this is not the extension of a chunk", ofRule},
	},
	httpwire.RuleChunkData:     {{"", nil, "the chunk is shorter than its size says", ofRule}},
	httpwire.RuleOtherProtocol: {{"", nil, "octets of another protocol", ofRule}},

	// Heads that are well-formed, octet by octet.
	httpwire.RuleMajorVersion: {
		{"", (*fault).isResponse, "a response in a major version of HTTP other than 1",
			advise("the server should begin the status-line with HTTP/1.0 or HTTP/1.1",
				statusLine, nil).basedOn(httpwire.CaseResponseVersion)},
		{"", nil, "a major version of HTTP that this server does not speak",
			advise("", "", spokenVersion)},
	},
	httpwire.RuleStatusClass: {
		{"", nil, "a status code outside 100 to 599; clients read it like a 5xx",
			advise("the server should send a status code from 100 to 599", statusLine, nil)},
	},
	httpwire.RuleTargetForm: {
		{"*", nil, "\"*\" with a method other than OPTIONS", advise("", "", rootPath)},
		{"", isConnect, "CONNECT with a path instead of host and port",
			advise("name host and port", tunnelLine, nil)},
		{"", nil, "this form of request-target does not go with the method", ofRule},
	},
	httpwire.RuleHostField: {
		{"", atEndOfHead, "HTTP/1.1 without a Host field",
			advise("send one Host field, or write HTTP/1.0 in the request-line", hostLine, nil)},
		{"", atStart, "Host is sent twice", oneHost},
		{"", hasURL, "a URL in the value of Host", hostAndPort},
		{"", hasUserInField, "a user name in the value of Host", hostAndPort},
		{" \t", afterComma, "a list of hosts in one field", hostAndPort},
		{" \t", notAtEnd, "white space in the value of Host", hostAndPort},
		{"/?#", nil, "a path in the value of Host", hostAndPort},
		{":", isBareIPv6, bareIPv6, addBrackets},
		{":", atValue, "the host before the port is missing", anyHost},
		{"", inBrackets, "the brackets do not hold an IP address", anyHost},
		{"", inPort, "the port in Host is not a number",
			advise("write the port in digits", hostLine, hostOnly)},
		{"", nil, "the value of Host is not a host and port", hostAndPort},
	},
	httpwire.RuleSingleton: {
		{"", (*fault).isResponse, twice, advise("the server should send this field once", "", nil)},
		{"", inHost, "Host is sent twice", oneHost},
		{"", inLength, "Content-Length is sent twice", oneLength},
		{"", nil, twice, advise("", "", thisField)},
	},
	httpwire.RuleContentLength: {
		{"", isSameLengthTwice, "Content-Length is sent twice",
			oneLength.basedOn(httpwire.CaseSameLength)},
		{"", atStart, "Content-Length is sent twice", oneLength},
		{"+-", nil, "Content-Length has a sign", advise("write digits only", "", nil).counting()},
		{"\r\n", nil, "Content-Length has no value", countOctets},
		{",", (*fault).sameLengths, "Content-Length is a list",
			ofRule.counting().basedOn(httpwire.CaseSameLength)},
		{",", nil, "Content-Length is a list", countOctets},
		{"", nil, "Content-Length is not a number in decimal digits", countOctets},
	},
	httpwire.RuleLengthRequired: {
		{"", hasFieldsInBody, "a field after the empty line",
			advise("delete the empty line before it; send one after the last field", "", nil)},
		{"", nil, "POST and PUT need a Content-Length", countOctets},
	},
	httpwire.RuleTransferEncoding: {
		{"", isResponse11, twoFramings,
			plainBody.basedOn(httpwire.CaseResponseFramings)},
		{"", (*fault).isResponse, twoFramings, plainBody},
		{"", lacksChunked, "chunked is not the last transfer coding: the body has no known end",
			ofRule.basedOn(httpwire.CaseChunkedNotLast)},
		{"", isRequest11, twoFramings, ofRule.basedOn(httpwire.CaseTwoFramings)},
		{"", nil, twoFramings, ofRule},
	},
	httpwire.RuleTransferCoding: {{"", nil, "a body in a transfer coding", ofRule}},
	httpwire.RuleChunkedOnce: {
		{"", nil, "the transfer coding chunked is applied twice",
			advise("the server should apply chunked once, as the last coding", "", nil)},
	},
	httpwire.RuleKnownMethod: {
		{"", hasLowerMethod, smallMethod, advise("write the method in capitals", getLine, upperMethod)},
		{"", nil, "a method that this server does not know", ofRule},
	},
	httpwire.RuleExpect: {{"", nil, "an expectation that this server cannot meet", ofRule}},

	// Limits, and the end.
	httpwire.RuleLineLimit:  {{"", nil, "the request-line is too long", ofRule}},
	httpwire.RuleHeadLimit:  {{"", nil, "the head is too long", ofRule}},
	httpwire.RuleFieldLimit: {{"", nil, "too many fields", ofRule}},
	httpwire.RuleBodyLimit:  {{"", nil, "the body is too long", ofRule}},
	httpwire.RuleInterimLimit: {
		{"", nil, "too many interim responses without a final one",
			advise("the server should send the final response", "", nil)},
	},
	httpwire.RuleComplete: {{"", nil, "the message ends before it is complete", ofRule}},
	httpwire.RuleSurplus:  {{"", nil, "octets after the end of the message", ofRule}},
}

// Titles that stand in the table more than once.
const (
	bareIPv6     = "an IPv6 address without brackets"
	badHost      = "an octet that a host name does not allow"
	bareLF       = "LF without CR at the end of the line"
	fragment     = "a fragment: \"#\" and what follows it are for the client only"
	manyDigits   = "a version number of more than one digit"
	noColonAtAll = "a line without a colon is not a field"
	smallMethod  = "the method is not in capitals; methods are case-sensitive"
	twice        = "a field is sent twice that may be sent only once"
	twoFramings  = "Transfer-Encoding in HTTP/1.0, or together with Content-Length"
)

// unfinished are the mistakes of messages that stop before their end.
var unfinished = map[httpwire.Rule][]mistake{
	httpwire.RuleEndOfHead: {
		{"", nil, "the empty line that ends the head has not come",
			advise("send an empty line: CR LF and nothing else (at a keyboard: Enter once more)", "", nil)},
	},
	httpwire.RuleMessageBody: {{"", nil, "the body is shorter than Content-Length says", countOctets}},
	httpwire.RuleChunkData:   {{"", nil, "the body ends inside a chunk", ofRule}},
	httpwire.RuleChunkSize: {
		{"", nil, "the body ends before its last chunk, the one of size 0",
			advise("end a chunked body with 0 CR LF CR LF", "", nil)},
	},
	httpwire.RuleMethod: {{"", isEmpty, "nothing has come yet", ofRule}},
	httpwire.RuleHTTPVersion: {
		{"", (*fault).isResponse, "the status-line is not complete: expected HTTP-version",
			advise(helpStatus, statusLine, nil)},
	},
}

// mistake finds the entry of a fault.
func (f *fault) mistake() *mistake {
	if f.short {
		if m := f.firstOf(unfinished[f.rule]); m != nil {
			return m
		}
		return &mistake{title: "the message is incomplete: expected " + f.rule.String()}
	}
	if m := cmp.Or(f.notHTTP(), f.firstOf(mistakes[0]), f.firstOf(mistakes[f.rule])); m != nil {
		return m
	}
	return &mistake{title: "the message breaks a rule: " + f.rule.String()}
}

// firstOf returns the first mistake that fits, or nil.
func (f *fault) firstOf(ms []mistake) *mistake {
	for i, m := range ms {
		if (m.octets == "" || strings.IndexByte(m.octets, f.octet) >= 0) &&
			(m.when == nil || m.when(f)) {
			return &ms[i]
		}
	}
	return nil
}

// helpFor returns what to do about the fault.
func (m *mistake) helpFor(f *fault) string {
	help := m.help
	switch {
	case help == helpCRLF && f.isResponse() && inBody(f):
		help = "the server should end each line with CR LF (0D 0A)"
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
