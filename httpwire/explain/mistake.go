package explain

import (
	"cmp"
	"fmt"
	"strings"

	"rawhttp/httpwire"
)

// A rule alone says that an octet is wrong. The octets around the fault show which mistake the sender
// made. The mistakes of a rule are tried in order, and the last one always fits.

// A mistake is a common way to break a rule.
type mistake struct {
	when  func(*fault) bool // nil means that it fits every fault
	title string            // what happened
	advice
}

// An advice says what to do about a mistake. The zero advice stands for the help of the rule.
type advice struct {
	help    string
	example string // a line to type; "" for none
	ownLine bool   // shows the sender's own line, corrected, instead of the example, if that is possible

	expected    httpwire.Rule  // the rule to show, if not the one that is broken
	requestLine bool           // the production to show is that of the whole request-line
	countBody   bool           // the help tells how many octets the body has
	basis       httpwire.Basis // the grounds for the refusal, if they are not those of the rule
}

// DefaultAddr is the address that examples in texts use. The server of this project listens there, and the
// client connects to it, if no flag says otherwise.
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
	helpPath   = "write only the path: the connection is open already"
	helpStatus = "the server should begin the status-line with the version"
	helpCRLF   = "end each line with CR LF (0D 0A). In an editor, save the file with CRLF; in a " +
		"shell, use  nc -C  or  printf \"...\\r\\n\""
	helpQuotes = "leave out the quotation marks: they are for the shell " +
		"(cmd knows double ones only)"
)

// advise makes an advice with an example.
func advise(help, example string) advice { return advice{help: help, example: example} }

// repair makes an advice that shows the sender's own line, corrected, or else an example.
func repair(help, example string) advice { return advice{help: help, example: example, ownLine: true} }

// Each method below returns the advice with one field set.

func (a advice) expecting(r httpwire.Rule) advice { a.expected = r; return a }
func (a advice) basedOn(b httpwire.Basis) advice  { a.basis = b; return a }
func (a advice) ofRequestLine() advice            { a.requestLine = true; return a }
func (a advice) counting() advice                 { a.countBody = true; return a }

// Advice on more than one mistake.
var (
	ruleHelp         = advice{}
	ruleHelpRepaired = repair("", "")
	leaveOut         = repair("leave it out", getLine)
	leaveOutOfField  = repair("leave it out", "") // of a field
	noQuotes         = repair(helpQuotes, getLine)
	noBackslash      = repair("write slashes as \"/\"; a backslash itself is %5C", getLine)
	noFragment       = repair("leave out \"#\" and what follows it", getLine)
	encodedSpace     = repair("percent-encode a space as %20", "GET /a%20b HTTP/1.0")
	hostPort         = advise("write host and port", tunnelLine)
	onlyHostPort     = repair("write only host and port", tunnelLine).expecting(httpwire.RuleTargetForm)
	noUser           = repair("leave out user name and password", urlLine).basedOn(basisUserInfo)

	chunkCRLF     = advise(helpCRLF, "")
	sendCRLF      = chunkCRLF.basedOn(basisBareLF)
	wholeCRLF     = chunkCRLF.basedOn(basisBareCR)
	noSpace       = repair(helpSpace, getLine).ofRequestLine()
	oneSpace      = noSpace.basedOn(basisWhiteSpace)
	spaceInStatus = repair(helpSpace, statusLine).basedOn(basisStatusSpace)

	afterBody = advise("begin with the request-line; "+
		"was the Content-Length before it too small?", "")
	toTarget       = repair("continue with the path and the version", getLine)
	toVersion      = repair("end the request-line with the version", getLine).ofRequestLine()
	endAtVersion   = repair("end the line right after the version", getLine)
	slashFirst     = repair("begin the path with \"/\"", getLine).expecting(httpwire.RuleRequestTarget)
	pathOnly       = repair(helpPath, getLine).expecting(httpwire.RuleRequestTarget)
	capitals       = repair("write the method in capitals", getLine)
	capitalConnect = repair("write the method in capitals", tunnelLine).
			expecting(httpwire.RuleRequestTarget)
	oneDigit = repair("write one digit on each side of the dot", getLine).
			basedOn(basisManyDigits)

	plainName   = repair("write the name with letters, digits and \"-\"", fieldLine)
	addBrackets = repair("write the address in brackets, and a port after them", "")
	hostAndPort = repair(helpHost, hostLine)
	anyHost     = advise(helpHost, hostLine)
	oneHost     = repair("send one Host field, the right one", hostLine)
	oneLength   = advise("send the right Content-Length once", "").counting()
	countOctets = ruleHelp.counting()
	serverOnce  = advise("the server should send this field once", "")
	nothingElse = advise("send CR LF and nothing else in this line", "")
	codingList  = advise("the server should send a list of codings like gzip, chunked; chunked has no parameters", "")
	plainBody   = advise("the server should send the body without a coding, and give its length or "+
		"close the connection", "")
)

// mistakes has the mistakes of each rule. Those of rule 0 can break any rule and are tried first.
var mistakes = map[httpwire.Rule][]mistake{
	// What a keyboard or a shell put there, whichever rule it breaks.
	0: {
		{has("‸" + typedLineEnd), "a line end typed as a backslash and letters",
			repair("press Enter at the end of a line: only programs such as printf turn a "+
				"backslash and letters into a line end", "")},
		{has(`‸\r[^\n]`), bareCR, wholeCRLF},
	},

	// The request-line and the status-line.
	httpwire.RuleEmptyLine: {{nil, bareCR, wholeCRLF}},
	httpwire.RuleMethod: {
		{has(`^'`), singleQuote, noQuotes},
		{has(`^‸[<>] `), "a mark that a tool puts before each line",
			repair("leave out the mark of each line; it shows who sent the line", getLine)},
		{has(`^‸".*( /|HTTP/)`), "a quotation mark before the request-line", noQuotes},
		{has(`^‸\r`), "more than one empty line before the request",
			advise("begin with the request-line", getLine).basedOn(basisEmptyLines)},
		{has(`^‸\n`), "LF without CR where the request-line is expected",
			sendCRLF},
		{has(`^‸[ \t]`), "white space before the method",
			repair("begin the line with the method",
				getLine).ofRequestLine().basedOn(basisWhiteSpace)},
		{(*fault).isResponse, "a status-line: this is a response, not a request",
			advise("begin with a request-line", getLine)},
		{has(`^‸/`), "the method before the path is missing", repair("begin with the method", getLine)},
		{has(`^‸[][{}<"]`), "a body, or a quotation mark, where the request-line is expected", afterBody},
		{has(`‸[][{}"]`), "what looks like the rest of a body, where the request-line is expected",
			afterBody},
		{afterMethod("/"), "the space after the method is missing", noSpace},
		{afterMethod(":,"), "something after the method", noSpace},
		{has(`‸://`), "a URL where the request-line is expected",
			repair("send method, path and version", getLine)},
		{has(`^[^ ]*‸:[0-9]+/`), "a URL where the request-line is expected",
			advise("send method, path and version", getLine)},
		{has(`‸:`), "a field where the request-line is expected",
			advise("send the request-line first, and no empty line between it and the fields", getLine)},
		{has(`‸[\r\n]`), "the line ends after the method", toTarget.expecting(httpwire.RuleSP).ofRequestLine()},
		{has(`‸\t`), "a tab after the method", oneSpace},
		{has(`‸[\v\f]`), "white space other than SP in the request-line", oneSpace},
		{has(`‸\x00`), "NUL in the method", ruleHelpRepaired},
		{nil, "a method cannot contain this octet", ruleHelp},
	},
	httpwire.RuleSP: {{nil, "a space is missing", ruleHelp}},
	httpwire.RuleRequestTarget: {
		{has(` ‸ `), "two spaces between method and request-target", oneSpace},
		{has(` ‸[\r\n]`), "the request-target is missing", toTarget},
		{has(`‸[\r\n]`), "the version is missing", toVersion.expecting(httpwire.RuleHTTPVersion)},
		{has(`[^ ]‸[\t\v\f]+[^ \t\v\f].*[ \t](?i:http)/`), "white space inside the request-target", encodedSpace},
		{has(`‸\t`), "a tab in the request-line", oneSpace},
		{has(`‸[\v\f]`), "white space other than SP in the request-line", oneSpace},
		{has(`‸#`), fragment, noFragment},
		{has(`‸\x00`), "NUL in the request-target", leaveOut},
		{has(`‸[\x00-\x08\x0B-\x1F\x7F]`), "a control octet in the request-target", leaveOut},
		{has(`‸\\`), backslash, noBackslash},
		{has(`^CONNECT /.*‸`), tunnelToPath, hostPort.expecting(httpwire.RuleTargetForm)},
		{has(`^CONNECT .*‸[/?]`), "a path after host and port", onlyHostPort},
		{has(`^CONNECT .*‸`), "something after host and port", onlyHostPort},
		{has(`‸[^[:ascii:]]`), "an octet beyond ASCII in the request-target",
			repair("percent-encode it", "GET /stra%C3%9Fe HTTP/1.0")},
		{followsWord, "a word before the method", repair("begin the line with the method", getLine)},
		{isLowerConnect, smallMethod, capitalConnect},
		{has(` ‸["'<][^ ]*://`), "a URL in quotation marks or angle brackets", repair("leave them out", urlLine)},
		{has(` ‸[^ ]*://`), "a URI whose scheme is not http",
			repair("write only the path", getLine).expecting(httpwire.RuleScheme)},
		{isHostPort, "host and port instead of a path", pathOnly},
		{hasHostPort, "host and port before the path", pathOnly},
		{isHost, "a host instead of a path", pathOnly},
		{isIPv6Target, "a host instead of a path", pathOnly},
		{has(` ‸`), "the path does not begin with \"/\"", slashFirst},
		{nil, "an octet that a URI does not allow",
			repair("percent-encode it", "GET /a%7Bb%7D HTTP/1.0")},
	},
	httpwire.RulePctEncoded: {
		{nil, "\"%\" without two hexadecimal digits after it",
			repair("write a percent sign itself as %25", "GET /100%25 HTTP/1.0")},
	},
	httpwire.RuleScheme: {
		{isVersion, "the request-target is missing",
			repair("write the path between method and version",
				getLine).expecting(httpwire.RuleRequestTarget)},
		{has(`(?i)^[^ ]* https:`), "an https URL on a plain connection",
			repair("write only the path, or use http", getLine)},
		{isLowerConnect, smallMethod, capitalConnect},
		{isHostPort, "host and port instead of a path", pathOnly},
		{hasHostPort, "host and port before the path", pathOnly},
		{has(`(?i)^[^ ]* ([^ ]*:/|https?(:|//))`), "a URL that does not begin with \"http://\"",
			repair("begin the URL with http://, or write only the path", urlLine)},
		{nil, "the path does not begin with \"/\"", slashFirst},
	},
	httpwire.RuleHost: {
		{has(`^CONNECT ‸[ \t\v\f]`), "extra white space before the host", oneSpace},
		{has(`^CONNECT ‸[\r\n]`), "the host and port are missing", hostPort.expecting(httpwire.RuleTargetForm)},
		{has(`‸\\`), backslash, noBackslash},
		{has(`‸@`), "a user name in the URL", noUser},
		{isBareIPv6, bareIPv6, addBrackets},
		{lacksBracket, "a bracket of the IPv6 address is missing", addBrackets},
		{has(`//‸[/:? ]`), "the host of the URL is missing",
			advise("write the host after the slashes, or write only the path", urlLine)},
		{inBrackets, "the brackets do not hold an IP address",
			advise("write all groups of the address, or \"::\" once for those that are zero",
				"GET http://[::1]:12345/ HTTP/1.0")},
		{has(`‸#`), fragment, noFragment},
		{isConnect, badHost, hostPort},
		{nil, badHost, repair("write only the path", getLine)},
	},
	httpwire.RulePort: {
		{has(`‸@`), "a user name and a password in the URL", noUser},
		{has(`^[^ ]* [^ ]*@`), "a user name and a password in the URL",
			noUser},
		{has(`^CONNECT (?i:https?):‸//`), "a URL instead of host and port",
			onlyHostPort.basedOn(basisConnectPort)},
		{has(`^CONNECT .*‸[ \r\n]`), "the port is missing",
			repair("write host and port", tunnelLine).basedOn(basisConnectPort)},
		{isBareIPv6, bareIPv6, addBrackets},
		{isConnect, "the port is not a number",
			advise("write host and port, the port in digits", tunnelLine).basedOn(basisConnectPort)},
		{has(`‸#`), fragment, noFragment},
		{nil, "the port is not a number", advise("write the port in digits", urlLine)},
	},
	httpwire.RuleHTTPVersion: {
		{has(`^CONNECT [^ ]* [^ ]*‸ *[^ ].* (?i:http)/`), "a space in host and port", onlyHostPort.ofRequestLine()},
		{has(` [^ ]*‸ *[^ ].* (?i:http)/`), "a space inside the request-target", encodedSpace.ofRequestLine()},
		{has(` ‸ `), "two spaces between request-target and version", oneSpace},
		{has(` ‸[\t\v\f]`), "a tab before the version", oneSpace},
		{has(` ‸[\r\n]`), "the version is missing", toVersion},
		{has(`(^| )([Hh][Tt][Tt]p|[Hh][Tt]tP|[Hh]tTP|hTTP)/`), "the version is not in capitals",
			repair("write HTTP in capitals", "").basedOn(basisSmallVersion)},
		{has(`HTTP/[23]‸[\r\n ]`), "HTTP/2 and HTTP/3 are not sent as text",
			repair("if you copied the line from a tool, that tool only displays it; write HTTP/1.0", getLine)},
		{has(`‸[\r\n ]`), "the version is not complete",
			repair("write both numbers of the version", getLine)},
		{has(`[0-9]‸[0-9]`), manyDigits, oneDigit},
		{(*fault).isResponse, "this is not a version of HTTP", advise(helpStatus, statusLine)},
		{has(` H?‸[^0-9HTht]`), "this is not a version of HTTP",
			repair("end the line with the version; a space in the path is %20", getLine)},
		{nil, "this is not a version of HTTP", ruleHelpRepaired},
	},
	httpwire.RuleCRLF: {
		{inChunks, "the chunk is not as long as its size says",
			advise("send as many octets as the chunk size announces, then CR LF",
				"").expecting(httpwire.RuleChunkData)},
		{has(`^'.*‸'`), singleQuote, noQuotes},
		{has(`\r‸`), bareCR, wholeCRLF},
		{has(`‸\n`), bareLF, sendCRLF},
		{has(`‸[ \t\v\f]+\r?(\n|$)`), "white space after the version",
			endAtVersion.basedOn(basisWhiteSpace)},
		{has(`‸[0-9]`), manyDigits, oneDigit},
		{nil, "something after the version", endAtVersion},
	},
	httpwire.RuleStatusSP: {
		{has(`‸[\r\n]`), "the line ends after the version",
			advise("continue with one space and the status code", statusLine)},
		{has(`‸\t`), tabForSpace, spaceInStatus},
		{has(`‸[\v\f]`), otherSpace, spaceInStatus},
		{has(`‸[0-9]+ [0-9]{3}`), manyDigits, oneDigit},
		{nil, "a space is missing", advise(helpSpace, statusLine)},
	},
	httpwire.RuleStatusCode: {
		{has(`^HTTP/... ...‸[\r\n]`), "the status-line has no space after the code",
			repair("write a space after the code, even if no reason follows",
				statusLine).basedOn(basisStatusSpace)},
		{has(`^HTTP/... [0-9]{3}‸\t`), tabForSpace, spaceInStatus},
		{has(`^HTTP/... [0-9]{3}‸[\v\f]`), otherSpace, spaceInStatus},
		{has(`^HTTP/... [0-9]{3}‸[^0-9]`), "a space is missing after the status code",
			advise("write one space after the code", statusLine)},
		{has(` ‸[ \t\v\f]`), "extra white space before the status code", spaceInStatus},
		{nil, "the status code is not three digits", ruleHelp},
	},
	httpwire.RuleReasonPhrase: {
		{has(`‸\n`), bareLF, sendCRLF},
		{nil, "a control octet in the reason phrase", repair("leave it out", statusLine)},
	},

	// Fields.
	httpwire.RuleFieldName: {
		{has(`^‸"[A-Za-z-]+:`), "a field in quotation marks", repair(helpQuotes, fieldLine)},
		{has(`^-H‸ `), "an option of curl before the field", repair("leave out -H: it is for curl", fieldLine)},
		{isBlankLine, blankLine, nothingElse.expecting(httpwire.RuleEndOfHead).basedOn(basisFirstLine)},
		{has(`^‸[ \t]`), "white space before the first field",
			repair("begin the line with the name of the field", fieldLine).basedOn(basisFirstLine)},
		{has(`‸[ \t]+:`), "white space before the colon",
			repair("put the colon right after the name", fieldLine)},
		{has(`^‸:`), "a field without a name", advise("write the name before the colon", fieldLine)},
		{has(`^‸[{[<"]`), "a body where a field or the empty line is expected",
			advise("send an empty line, CR LF and nothing else, between fields and body", "")},
		{has(`‸[\r\n]`), noColonAtAll,
			advise("write name, colon and value, or an empty line to end the head", fieldLine)},
		{has(`‸[ \t][^:]*\n`), noColonAtAll, repair("put a colon after the name", fieldLine)},
		{beginsWithField, "the colon after the name is missing", repair("put a colon after the name", fieldLine)},
		{has(`‸[ \t]`), "white space in the name of a field",
			repair("write the name as one word", "Content-Type: text/plain")},
		{has(`‸\x00`), "NUL in the name of a field", plainName},
		{has(`‸[^[:ascii:]]`), "an octet beyond ASCII in the name of a field", plainName},
		{nil, "an octet that the name of a field does not allow", plainName},
	},
	httpwire.RuleColon: {{nil, "the colon after the name is missing", ruleHelp}},
	httpwire.RuleOWS:   {{nil, "this is not white space", ruleHelp}},
	httpwire.RuleFieldValue: {
		{has(`‸\n`), bareLF, sendCRLF},
		{has(`‸\x00`), "NUL in the value of a field", leaveOutOfField},
		{nil, "a control octet in the value of a field", leaveOutOfField},
	},
	httpwire.RuleObsFold: {
		{isBlankLine, blankLine, nothingElse},
		{isIndentedField, "white space before a field", repair("begin the line with the name of the field", fieldLine)},
		{nil, "a folded line: it begins with white space", ruleHelpRepaired},
	},
	httpwire.RuleEndOfHead: {
		{has(`‸\n`), "LF without CR as the empty line", sendCRLF},
		{nil, bareCR, wholeCRLF},
	},
	httpwire.RuleHTTPDate:  {{nil, "this is not a date in a form that HTTP allows", ruleHelp}},
	httpwire.RuleMediaType: {{nil, "this is not a media type", ruleHelp}},

	// Bodies.
	httpwire.RuleMessageBody: {{nil, "the body is not as long as Content-Length says", ruleHelp}},
	httpwire.RuleChunkSize: {
		{has(`[[:xdigit:]]‸\n`), bareLF, chunkCRLF},
		{has(`[[:xdigit:]]‸[ \t]`), "white space after the size of a chunk",
			advise("end the line right after the size", "")},
		{has(`‸[[:xdigit:]]`), "the size of a chunk is too large",
			advise(fmt.Sprintf("send smaller chunks; a chunk of %X octets is the largest that can be read",
				httpwire.MaxChunk), "").basedOn(basisLargeChunk)},
		{nil, "this is not the size of a chunk", ruleHelp},
	},
	httpwire.RuleChunkExt: {
		{has(`‸\n`), bareLF, chunkCRLF},
		{has(`^[^"]*"([^"]*"[^"]*")*[^"]*‸\r`),
			"a quotation mark in the extension of a chunk is not closed", ruleHelp},
		{has(`‸\r`), "the extension of a chunk ends too early", ruleHelp},
		{has(`‸[\x00-\x08\x0B-\x1F\x7F]`), "a control octet in the extension of a chunk", ruleHelp},
		{nil, "this is not the extension of a chunk", ruleHelp},
	},
	httpwire.RuleChunkData:     {{nil, "the chunk is shorter than its size says", ruleHelp}},
	httpwire.RuleOtherProtocol: {{nil, "octets of another protocol", ruleHelp}},

	// Heads that are well-formed, octet by octet.
	httpwire.RuleMajorVersion: {
		{(*fault).isResponse, "a response in a major version of HTTP other than 1",
			advise("the server should begin the status-line with HTTP/1.0 or HTTP/1.1",
				statusLine).basedOn(basisResponseVersion)},
		{nil, "a major version of HTTP that this server does not speak", ruleHelpRepaired},
	},
	httpwire.RuleStatusClass: {
		{nil, "a status code outside 100 to 599; clients read it like a 5xx",
			advise("the server should send a status code from 100 to 599", statusLine)},
	},
	httpwire.RuleTargetForm: {
		{has(`(?i)^options ‸\*`), otherMethod, capitals},
		{has(`‸\*`), otherMethod, ruleHelpRepaired},
		{isConnect, tunnelToPath, hostPort},
		{nil, "this form of request-target does not go with the method", ruleHelp},
	},
	httpwire.RuleHostField: {
		{has(`^‸\r`), "HTTP/1.1 without a Host field",
			repair("send one Host field, or write HTTP/1.0 in the request-line", hostLine)},
		{has(`^‸`), "Host is sent twice", oneHost},
		{has(`://`), "a URL in the value of Host", hostAndPort},
		{has(`@`), "a user name in the value of Host", hostAndPort},
		{has(`,‸[ \t]`), "a list of hosts in one field", hostAndPort},
		{has(`‸[ \t]+[^ \t\r]`), "white space in the value of Host", hostAndPort},
		{has(`‸[/?#]`), "a path in the value of Host", hostAndPort},
		{isBareIPv6, bareIPv6, addBrackets},
		{lacksBracket, "a bracket of the IPv6 address is missing", addBrackets},
		{has(`^[^:]*:[ \t]*‸:`), "the host before the port is missing", anyHost},
		{inBrackets, "the brackets do not hold an IP address", anyHost},
		{has(`^[^:]*:.*:[^]]*‸`), "the port in Host is not a number",
			repair("write the port in digits", hostLine)},
		{nil, "the value of Host is not a host and port", hostAndPort},
	},
	httpwire.RuleSingleton: {
		{isRequest, twice, ruleHelpRepaired},
		{has(`^‸(?i)age`), twice, serverOnce.basedOn(basisTwoAges)},
		{has(`^‸(?i)expires`), twice, serverOnce.basedOn(basisTwoExpires)},
		{nil, twice, serverOnce},
	},
	httpwire.RuleContentLength: {
		{isSameLengthTwice, twoLengths, oneLength.basedOn(basisSameLength)},
		{has(`^‸`), twoLengths, oneLength},
		{has(`‸[+-]`), "Content-Length has a sign", advise("write digits only", "").counting()},
		{has(`‸[\r\n]`), "Content-Length has no value", countOctets},
		{sameLengths, "Content-Length is a list", countOctets.basedOn(basisSameLength)},
		{has(`‸,`), "Content-Length is a list", countOctets},
		{nil, "Content-Length is not a number in decimal digits", countOctets},
	},
	httpwire.RuleLengthRequired: {
		{hasFieldsInBody, "a field after the empty line",
			advise("delete the empty line before it; send one after the last field", "")},
		{nil, "POST and PUT need a Content-Length", countOctets},
	},
	httpwire.RuleTransferEncoding: {
		{has(`(?i)chunked[ \t]*‸;`), "the coding chunked with a parameter", codingList.basedOn(basisChunkedAlone)},
		{has(`.‸`), "the value of Transfer-Encoding is ill-formed", codingList},
		{isResponse11, twoFramings, plainBody.basedOn(basisResponseFraming)},
		{(*fault).isResponse, codingIn10, plainBody},
		{lacksChunked, "chunked is not the last transfer coding: the body has no known end",
			ruleHelp.basedOn(basisChunkedNotLast)},
		{isVersion11, twoFramings, ruleHelp.basedOn(basisTwoFramings)},
		{nil, codingIn10, ruleHelp},
	},
	httpwire.RuleTransferCoding: {{nil, "a body in a transfer coding: HTTP/1.1 allows it, HTTP/1.0 does not", ruleHelp}},
	httpwire.RuleChunkedOnce: {
		{(*fault).isResponse, chunkedTwice,
			advise("the server should apply chunked once, as the last coding", "")},
		{nil, chunkedTwice, advise(httpwire.RuleTransferCoding.Help(), "")},
	},
	httpwire.RuleMisdirected: {
		{(*fault).inFirstLine, anotherHost, // the Host field would not count
			advise("name a host of this server in the request-target", urlLine)},
		{nil, anotherHost, ruleHelp},
	},
	httpwire.RuleKnownMethod: {
		{has(`^'`), singleQuote, noQuotes},
		{hasLowerMethod, smallMethod, capitals},
		{nil, "a method that this server does not know", ruleHelp},
	},
	httpwire.RuleExpect: {{nil, "an expectation that this server cannot meet", ruleHelp}},

	// Limits, and the end.
	httpwire.RuleLineLimit: {{nil, "the request-line is too long", ruleHelp}},
	httpwire.RuleHeadLimit: {
		{isChunkLine, longFraming,
			advise("send shorter chunk extensions", "").expecting(httpwire.RuleChunkExt).basedOn(basisChunkLimit)},
		{isChunked, longFraming, advise("send fewer or shorter fields after the last chunk", "")},
		{nil, "the head is too long", ruleHelp},
	},
	httpwire.RuleFieldLimit: {{nil, "too many fields", ruleHelp}},
	httpwire.RuleBodyLimit:  {{nil, "the body is too long", ruleHelp}},
	httpwire.RuleInterimLimit: {
		{nil, "too many interim responses without a final one",
			advise("the server should send the final response", "")},
	},
	httpwire.RuleComplete: {{nil, "the message ends before it is complete", ruleHelp}},
	httpwire.RuleSurplus:  {{nil, "octets after the end of the message", ruleHelp}},
}

// Titles that occur in the table more than once.
const (
	backslash    = "a backslash in the request-target"
	badHost      = "an octet that a host name does not allow"
	bareCR       = "CR without LF"
	bareIPv6     = "an IPv6 address without brackets"
	bareLF       = "LF without CR at the end of the line"
	blankLine    = "white space in the line that should be empty"
	chunkedTwice = "the transfer coding chunked is applied twice"
	codingIn10   = "Transfer-Encoding in HTTP/1.0"
	anotherHost  = "the request is for another host"
	fragment     = "a fragment: \"#\" and what follows it are for the client only"
	longFraming  = "the framing of a chunk is too long"
	manyDigits   = "a version number of more than one digit"
	noColonAtAll = "a line without a colon is not a field"
	otherMethod  = "\"*\" with a method other than OPTIONS"
	otherSpace   = "white space other than SP in the status-line"
	singleQuote  = "a single quotation mark before the request-line"
	smallMethod  = "the method is not in capitals; methods are case-sensitive"
	tabForSpace  = "a tab instead of the space"
	tunnelToPath = "CONNECT with a path instead of host and port"
	twice        = "a field that may be sent only once is sent twice"
	twoFramings  = "Transfer-Encoding together with Content-Length"
	twoLengths   = "Content-Length is sent twice"
)

// unfinished are the mistakes of messages that stop before their end. Those of rule 0 are tried first.
var unfinished = map[httpwire.Rule][]mistake{
	0: {{isHalfLineEnd, "the LF after the CR has not come", advise("continue with LF (0A)", "")}},
	httpwire.RuleEndOfHead: {
		{isChunked, "the empty line that ends the chunked body has not come",
			advise("the server should send an empty line after the last chunk: CR LF and nothing else", "")},
		{nil, "the empty line that ends the head has not come",
			advise("send an empty line: CR LF and nothing else (at a keyboard: Enter once more)", "")},
	},
	httpwire.RuleMessageBody: {{nil, "the body is shorter than Content-Length says", countOctets}},
	httpwire.RuleChunkData:   {{nil, "the body ends inside a chunk", ruleHelp}},
	httpwire.RuleChunkSize: {
		{nil, "the body ends before its last chunk, the one of size 0",
			advise("end a chunked body with 0 CR LF CR LF", "")},
	},
	httpwire.RuleMethod: {{isEmpty, "nothing has come yet", ruleHelp}},
	httpwire.RuleHost: {
		{has(`^CONNECT $`), "the host and port have not come", advise("continue with host and port", tunnelLine)},
	},
	httpwire.RuleScheme: {
		{nil, "the URL is not complete", advise("continue the URL after \"http://\", or write only the path", urlLine)},
	},
	httpwire.RuleFieldValue: {
		{nil, "the line of a field is not complete", advise("end the line with CR LF (0D 0A)", "")},
	},
	httpwire.RuleCRLF: {{nil, "the CR LF that comes next is missing", advise("continue with CR LF (0D 0A)", "")}},
	httpwire.RuleHTTPVersion: {
		{isAfterInterim, "the final response has not come",
			advise("the server should send the final response after the interim one", statusLine)},
		{(*fault).isResponse, "the status-line is not complete: expected HTTP-version",
			advise(helpStatus, statusLine)},
	},
}

// mistake finds the entry of a fault.
func (f *fault) mistake() *mistake {
	var m *mistake
	title := "the message breaks a rule: "
	if f.short {
		m, title = cmp.Or(f.firstOf(unfinished[0]), f.firstOf(unfinished[f.rule])), "the message is incomplete: expected "
	} else {
		m = cmp.Or(f.notHTTP(), f.firstOf(mistakes[0]), f.firstOf(mistakes[f.rule]))
	}
	if m == nil {
		return &mistake{title: title + f.rule.String()}
	}
	return m
}

// shownRule returns the rule to show: what is expected, or else the one that is broken.
func (m *mistake) shownRule(f *fault) httpwire.Rule { return cmp.Or(m.expected, f.rule) }

// firstOf returns the first mistake that fits, or nil.
func (f *fault) firstOf(ms []mistake) *mistake {
	for i := range ms {
		if ms[i].when == nil || ms[i].when(f) {
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
	case help == codingList.help && !f.isResponse(): // codingList tells a server
		help = httpwire.RuleTransferCoding.Help()
	case help == "":
		help, _, _ = strings.Cut(m.shownRule(f).Help(), exampleNext)
	}
	if n := f.bodyOctets(); m.countBody && n == 1 {
		help += "; 1 octet follows the empty line"
	} else if m.countBody && n > 1 {
		help += "; " + OctetCount(n) + " follow the empty line"
	}
	return help
}

// exampleNext comes between the help and an example, in the table of rules and in print.
const exampleNext = ":  "

// production returns the ABNF to show.
func (m *mistake) production(f *fault) string {
	if m.requestLine {
		return httpwire.RuleLineLimit.ABNF()
	}
	return m.shownRule(f).ABNF()
}
