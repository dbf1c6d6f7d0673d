package httpwire

import "strconv"

// A Rule is a rule of HTTP/1.0: a production of the grammar, a condition on a whole head, or a
// limit.
//
// The table rules describes each rule once. Errors, listings and the documentation take their words
// from there.
type Rule uint8

// A Level says how strongly the RFCs support the refusal of a message.
type Level string

// The levels. A message that breaks the grammar breaks a MUST (RFC 9110 section 2.2).
const (
	Must      Level = "MUST"       // the message breaks a MUST that is still valid
	Should    Level = "SHOULD"     // the RFCs advise a recipient to refuse the message
	May       Level = "MAY"        // the RFCs allow a recipient to refuse the message
	OurChoice Level = "our choice" // the RFCs allow a recipient to accept it; this package does not
)

// The rules. The productions come first, in the order in which they occur in a message. Rule.ABNF gives
// the grammar of each rule, and Rule.Sections the sections of the RFCs.
const (
	RuleEmptyLine Rule = 1 + iota
	RuleMethod
	RuleSP
	RuleRequestTarget
	RulePctEncoded
	RuleScheme
	RuleHost
	RulePort
	RuleHTTPVersion
	RuleStatusSP
	RuleStatusCode
	RuleReasonPhrase
	RuleCRLF
	RuleFieldName
	RuleColon
	RuleOWS
	RuleFieldValue
	RuleObsFold
	RuleEndOfHead
	RuleMessageBody
	RuleChunkSize
	RuleChunkExt
	RuleChunkData
	RuleOtherProtocol
	RuleHTTPDate
	RuleMediaType

	// Conditions on a whole head.
	RuleMajorVersion
	RuleStatusClass
	RuleTargetForm
	RuleHostField
	RuleSingleton
	RuleContentLength
	RuleLengthRequired
	RuleTransferEncoding
	RuleTransferCoding
	RuleChunkedOnce

	// Conditions that servers check. This package does not check them. They are in the table because
	// refusals, listings and metrics name each fault by its Rule.
	RuleMisdirected
	RuleKnownMethod
	RuleExpect

	// Limits. Package stream checks those of the line and the head, and servers check that of the body.
	RuleLineLimit
	RuleHeadLimit
	RuleFieldLimit
	RuleBodyLimit
	RuleInterimLimit

	// The end of the octets.
	RuleComplete
	RuleSurplus

	numRules
)

type ruleText struct {
	name  string // in the words of RFC 9112 or RFC 9110
	abnf  string
	want  string // what the rule expects, to follow the word "want"
	help  string // what to do if the rule is broken
	basis Basis
}

var rules = [numRules]ruleText{
	RuleEmptyLine: {"leading CRLF", "[ CRLF ] request-line",
		"CR LF, or the request-line",
		"one empty line before a request is skipped; send the request-line next",
		Basis{Must, "RFC 9112 section 2.2", ""}},
	RuleMethod: {"method", "method = token",
		"a method such as GET, then one SP",
		"begin with a method in capitals and exactly one space:  GET / HTTP/1.0",
		Basis{Must, "RFC 1945 section 5.1.1, RFC 9112 section 3.1", ""}},
	RuleSP: {"SP", "SP = %x20",
		"one SP",
		"separate the parts of the line by exactly one space",
		Basis{Must, "RFC 1945 section 5.1, RFC 9112 section 3", ""}},
	RuleRequestTarget: {"request-target",
		"request-target = origin-form / absolute-form / authority-form / asterisk-form",
		"a path that begins with \"/\", then one SP and the version",
		"begin the path with \"/\", percent-encode what a URI does not allow, " +
			"and end the line with the version:  GET /path HTTP/1.0",
		Basis{Must, "RFC 1945 section 5.1.2, RFC 9112 section 3.2", ""}},
	RulePctEncoded: {"pct-encoded", `pct-encoded = "%" HEXDIG HEXDIG`,
		"two hexadecimal digits after \"%\"",
		"write a percent sign itself as %25",
		Basis{Must, "RFC 1945 section 3.2.1, RFC 3986 section 2.1", ""}},
	RuleScheme: {"scheme", `absolute-form = "http://" authority path-abempty [ "?" query ]`,
		"\"http://\"",
		"send only the path, which begins with \"/\": a URL here must begin with http://",
		Basis{Must, "RFC 9110 section 4.2.1, RFC 9110 section 7.4", ""}},
	RuleHost: {"uri-host", "uri-host = IP-literal / IPv4address / reg-name",
		"a host name, or an address as in 127.0.0.1 or [::1], without user name",
		"write the host as in http://localhost:12345/",
		Basis{Must, "RFC 9110 section 4.2.1, RFC 3986 section 3.2.2", ""}},
	RulePort: {"port", "port = *DIGIT",
		"a port in decimal digits",
		"write the port as digits after the colon, as in localhost:12345",
		Basis{Must, "RFC 9110 section 4.2.1, RFC 3986 section 3.2.3", ""}},
	RuleHTTPVersion: {"HTTP-version", `HTTP-version = %s"HTTP/" DIGIT "." DIGIT`,
		"HTTP/1.0, in capitals",
		"end the request-line with the version:  GET /path HTTP/1.0",
		Basis{Must, "RFC 1945 section 3.1, RFC 9112 section 2.3", ""}},
	RuleStatusSP: {"SP of the status-line",
		"status-line = HTTP-version SP status-code SP [ reason-phrase ]",
		"one SP",
		"write one space between the parts of the status-line:  HTTP/1.0 200 OK",
		Basis{Must, "RFC 1945 section 6.1, RFC 9112 section 4", ""}},
	RuleStatusCode: {"status-code", "status-code = 3DIGIT",
		"a status code of three digits, 100 to 599, then one SP",
		"write three digits after the version:  HTTP/1.0 200 OK",
		Basis{Must, "RFC 1945 section 6.1.1, RFC 9112 section 4", ""}},
	RuleReasonPhrase: {"reason-phrase", "reason-phrase = 1*( HTAB / SP / VCHAR / obs-text )",
		"text, then CR LF",
		"end the status-line with CR LF",
		Basis{Must, "RFC 1945 section 6.1.1, RFC 9112 section 4", ""}},
	RuleCRLF: {"CRLF", "CRLF = %x0D %x0A",
		"CR LF, the end of the line",
		"end each line of the head with the two octets CR LF (0D 0A)",
		Basis{Must, "RFC 1945 section 2.2, RFC 9112 section 2.2", ""}},
	RuleFieldName: {"field-name", "field-name = token",
		"a field name, then \":\"",
		"write the colon right after the name, without a space:  Name: value",
		Basis{Must, "RFC 1945 section 4.2, RFC 9112 section 5.1", ""}},
	RuleColon: {"colon", `field-line = field-name ":" OWS field-value OWS`,
		"\":\" right after the field name",
		"write name, colon and value:  Name: value",
		Basis{Must, "RFC 1945 section 4.2, RFC 9112 section 5", ""}},
	RuleOWS: {"OWS", "OWS = *( SP / HTAB )",
		"optional white space",
		"one space after the colon is the common form",
		Basis{Should, "RFC 9110 section 5.6.3, RFC 9112 section 5", ""}},
	RuleFieldValue: {"field-value", "field-value = *( VCHAR / obs-text / SP / HTAB )",
		"text, then CR LF",
		"remove control octets other than HTAB from the value; end the line with CR LF",
		Basis{Must, "RFC 1945 section 4.2, RFC 9110 section 5.5", ""}},
	RuleObsFold: {"obs-fold", "obs-fold = OWS CRLF RWS",
		"a field on one line: no line of the head begins with white space",
		"line folding is obsolete: write the whole value on the line of its name",
		Basis{Must, "RFC 9112 section 5.2", "RFC 1945 section 2.2"}},
	RuleEndOfHead: {"empty line", "*( field-line CRLF ) CRLF",
		"CR LF (the empty line that ends the head), or one more field",
		"send an empty line: CR LF and nothing else",
		Basis{Must, "RFC 1945 section 4.1, RFC 9112 section 2.1", ""}},
	RuleMessageBody: {"message-body", "message-body = *OCTET",
		"the octets of the body, as many as Content-Length says",
		"send as many octets as Content-Length announces, or correct the number",
		Basis{Must, "RFC 1945 section 7.2, RFC 9112 section 6", ""}},
	RuleChunkSize: {"chunk-size", "chunk-size = 1*HEXDIG",
		"the size of the chunk in hexadecimal digits, then CR LF",
		"write each chunk as its size in hexadecimal, CR LF, the octets, CR LF",
		Basis{Must, "RFC 9112 section 7.1", ""}},
	RuleChunkExt: {"chunk-ext", `chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )`,
		"\";\" with a name and possibly \"=\" with a value, then CR LF",
		"write each extension as in 5;name=value and end the line with CR LF",
		Basis{Must, "RFC 9112 section 7.1.1", ""}},
	RuleChunkData: {"chunk-data", "chunk-data = 1*OCTET",
		"the octets of the chunk",
		"send as many octets as the chunk size announces",
		Basis{Must, "RFC 9112 section 7.1", ""}},
	RuleOtherProtocol: {"other protocol", "*OCTET",
		"the octets of another protocol",
		"use a program that speaks the other protocol",
		Basis{May, "RFC 9110 section 7.8, RFC 9110 section 9.3.6", ""}},
	RuleHTTPDate: {"HTTP-date", "HTTP-date = IMF-fixdate / rfc850-date / asctime-date",
		"a date such as Sun, 06 Nov 1994 08:49:37 GMT",
		"write dates in GMT, as in Sun, 06 Nov 1994 08:49:37 GMT",
		Basis{Must, "RFC 1945 section 3.3, RFC 9110 section 5.6.7", ""}},
	RuleMediaType: {"media-type", `media-type = type "/" subtype *( OWS ";" OWS [ parameter ] )`,
		"a media type such as application/json; charset=utf-8",
		"write the media type without white space around \"/\" and \"=\"",
		Basis{Must, "RFC 1945 section 3.6, RFC 9110 section 8.3.1", ""}},

	RuleMajorVersion: {"major version", `HTTP-version = %s"HTTP/" DIGIT "." DIGIT`,
		"a version of HTTP/1",
		"this server speaks HTTP/1.0; end the request-line with it:  GET / HTTP/1.0",
		Basis{May, "RFC 9110 section 6.2, RFC 9110 section 15.6.6", ""}},
	RuleStatusClass: {"class of the status code", "status-code = 3DIGIT",
		"a status code from 100 to 599; any other is read like a 5xx",
		"send a status code from 100 to 599:  HTTP/1.0 200 OK",
		Basis{OurChoice, "RFC 1945 section 6.1.1", "RFC 9110 section 15"}},
	RuleTargetForm: {"form of the request-target",
		"request-target = origin-form / absolute-form / authority-form / asterisk-form",
		"\"*\" with OPTIONS only; host:port with CONNECT, and with no other method",
		"write a path:  GET / HTTP/1.0",
		Basis{Must, "RFC 9112 section 3.2.3, RFC 9112 section 3.2.4", ""}},
	RuleHostField: {"Host", "Host = uri-host [ \":\" port ]",
		"one valid Host field, at least in HTTP/1.1",
		"send one Host field, with host and port and nothing else",
		Basis{Must, "RFC 9110 section 7.2, RFC 9112 section 3.2", ""}},
	RuleSingleton: {"single field", "field-line",
		"this field at most once: its value is not a list",
		"send this field once",
		Basis{Must, "RFC 1945 section 4.2, RFC 9110 section 5.3", ""}},
	RuleContentLength: {"Content-Length", "Content-Length = 1*DIGIT",
		"one number of octets, in decimal digits, in one field",
		"count the octets of the body and send the number once, in decimal digits",
		Basis{Must, "RFC 1945 section 10.4, RFC 9112 section 6.3", ""}},
	RuleLengthRequired: {"Content-Length", "Content-Length = 1*DIGIT",
		"a Content-Length before the empty line",
		"say in Content-Length how many octets the body has, 0 if there is none",
		Basis{Should, "RFC 1945 section 7.2.2, RFC 9110 section 15.5.12", "RFC 9112 section 6.3"}},
	RuleTransferEncoding: {"Transfer-Encoding", "Transfer-Encoding = #transfer-coding",
		"a list of codings with chunked as the last, not in HTTP/1.0, and not with Content-Length",
		"send the body as it is, and its length in Content-Length",
		Basis{Must, "RFC 9112 section 6.1", ""}},
	RuleTransferCoding: {"transfer-coding",
		"transfer-coding = token *( OWS \";\" OWS transfer-parameter )",
		"a body with Content-Length: no transfer coding is implemented",
		"send the body as it is, and its length in Content-Length",
		Basis{Should, "RFC 9112 section 6.1", ""}},
	RuleChunkedOnce: {"chunked once", "Transfer-Encoding = #transfer-coding",
		"the coding chunked at most once",
		"apply chunked once, as the last coding",
		Basis{Must, "RFC 9112 section 6.1", ""}},
	RuleMisdirected: {"Host", "Host = uri-host [ \":\" port ]",
		"a host of this server",
		"send a host of this server:  Host: localhost",
		Basis{May, "RFC 9110 section 7.4, RFC 9110 section 15.5.20", ""}},
	RuleKnownMethod: {"method", "method = token",
		"a method that this server implements",
		"use GET, HEAD, POST, PUT, DELETE or OPTIONS",
		Basis{Should, "RFC 1945 section 5.1.1, RFC 9110 section 9.1", ""}},
	RuleExpect: {"Expect", "Expect = #expectation",
		"100-continue, or no Expect field",
		"leave the Expect field out",
		Basis{May, "RFC 9110 section 10.1.1", ""}},

	RuleLineLimit: {"length of the request-line",
		"request-line = method SP request-target SP HTTP-version",
		"the end of the request-line within the limit",
		"shorten the request-target",
		Basis{May, "RFC 9110 section 15.5.15, RFC 9112 section 3", ""}},
	RuleHeadLimit: {"length of the head", "*( field-line CRLF ) CRLF",
		"the empty line within the limit",
		"send fewer or shorter fields",
		Basis{May, "RFC 6585 section 5, RFC 9110 section 5.4", ""}},
	RuleFieldLimit: {"number of fields", "*( field-line CRLF ) CRLF",
		"the empty line: there is no room for one more field",
		"send fewer fields",
		Basis{May, "RFC 6585 section 5, RFC 9110 section 5.4", ""}},
	RuleBodyLimit: {"length of the body", "Content-Length = 1*DIGIT",
		"a body within the limit",
		"send a shorter body",
		Basis{May, "RFC 9110 section 15.5.14", ""}},
	RuleInterimLimit: {"number of interim responses", "*( interim-response ) final-response",
		"the final response, after at most " + strconv.Itoa(MaxInterim) + " interim responses",
		"send the final response",
		Basis{OurChoice, "RFC 9110 section 17.5", "RFC 9110 section 15.2"}},

	RuleComplete: {"complete message", "start-line CRLF *( field-line CRLF ) CRLF [ message-body ]",
		"the rest of the message",
		"send the whole message before closing",
		Basis{Must, "RFC 9112 section 8", ""}},
	RuleSurplus: {"octets after the message", "*OCTET",
		"the end of the message",
		"send nothing after the body that Content-Length announces",
		Basis{Must, "RFC 9112 section 6.3", ""}},
}

// A Basis is the grounds for refusing a message: how strongly the RFCs support the refusal, and where.
type Basis struct {
	Level    Level
	Sections string // the sections that support the refusal
	Allowed  string // a section that allows a recipient to accept the message, or ""
}

// allSections lists Sections and Allowed, those of older RFCs first.
func (b Basis) allSections() string {
	switch {
	case b.Allowed == "" || b.Sections == "":
		return b.Sections + b.Allowed
	case b.Allowed < b.Sections:
		return b.Allowed + ", " + b.Sections
	}
	return b.Sections + ", " + b.Allowed
}

// String returns the level and the sections, such as "MUST: RFC 9112 section 5.2".
func (b Basis) String() string {
	s := string(b.Level)
	if b.Sections != "" {
		s += ": " + b.Sections
	}
	if b.Allowed == "" {
		return s
	}
	return s + "; " + b.Allowed + " allows it"
}

// Basis returns the usual grounds for refusing a message that breaks the rule. Some octets, or some messages,
// have other grounds: package explain knows them (explain.Basis).
func (r Rule) Basis() Basis { return r.text().basis }

// String returns the name of the rule, in the words of RFC 9112.
func (r Rule) String() string { return r.text().name }

// ABNF returns the production in the notation of RFC 5234, with the lists of RFC 9110 (#element). A
// literal matches in any case of its letters, unless %s precedes it (RFC 7405).
func (r Rule) ABNF() string { return r.text().abnf }

// Want says what the rule expects, to follow the word "want": "one SP".
func (r Rule) Want() string { return r.text().want }

// Help says what to do if the rule is broken.
func (r Rule) Help() string { return r.text().help }

// Sections lists the sections of the RFCs about the rule, those of older RFCs first. Basis says
// which of them support a refusal.
func (r Rule) Sections() string { return r.Basis().allSections() }

func (r Rule) text() *ruleText {
	if r >= numRules {
		r = 0
	}
	return &rules[r]
}
