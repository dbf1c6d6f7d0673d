package explain

import (
	"bytes"
	"strconv"
	"strings"

	"rawhttp/httpwire"
)

// A noter goes along the spans of a message and finds something to say to each. What it has to
// remember from one span for the next is little: the name of a field for its value, the start of a
// head for what follows it.
type noter struct {
	b        []byte
	response bool
	method   []byte // that a response answers, or that the request has

	field   []byte // the name of the field at hand
	head    int    // offset of the head at hand
	typed   bool   // there is a Content-Type
	version bool   // an HTTP-version was read
	framing framing
	said    map[string]bool
}

// line makes the line of a span. What a rule or a field is for is said once in a listing.
func (n *noter) line(s httpwire.Span) Line {
	l := Line{
		Offset: s.Start, Octets: n.b[s.Start:s.End:s.End],
		Rule: s.Rule, Sections: shortSections(s.Rule.Sections()),
	}
	n.note(&l)
	if !n.said[l.Note] {
		n.said[l.Note] = true
	} else if l.Rule != httpwire.RuleChunkSize && l.Rule != httpwire.RuleChunkData {
		l.Note = ""
	}
	return l
}

// note fills in the note of a line, and better sections where the thing named has its own.
func (n *noter) note(l *Line) {
	switch l.Rule {
	case httpwire.RuleMethod:
		n.method = l.Octets
		l.know(methodMeaning(l.Octets))
	case httpwire.RuleRequestTarget:
		l.Note = targetNote(l.Octets)
	case httpwire.RuleHTTPVersion:
		n.version = true
		l.Note = n.versionNote(l)
	case httpwire.RuleStatusCode:
		statusNote(l)
	case httpwire.RuleFieldName:
		n.field = l.Octets
		n.typed = n.typed || httpwire.EqualFold(n.field, "Content-Type")
		l.know(fieldMeaning(l.Octets))
	case httpwire.RuleFieldValue:
		l.Note = n.valueNote(l.Octets)
	case httpwire.RuleCRLF:
		l.Note = n.lineEndNote()
	case httpwire.RuleEndOfHead:
		l.Note = n.endOfHead(l)
	case httpwire.RuleMessageBody, httpwire.RuleChunkSize, httpwire.RuleChunkData,
		httpwire.RuleSurplus, 0:
		l.Note = n.bodyNote(l)
	default:
		l.Note = ruleNotes[l.Rule]
	}
}

// know takes over what a table knows about the thing that the line names.
func (l *Line) know(m meaning) {
	l.Note = m.note
	if m.sections != "" {
		l.Sections = m.sections
	}
}

// ruleNotes say what the octets of a rule are for, whichever they are.
var ruleNotes = map[httpwire.Rule]string{
	httpwire.RuleEmptyLine:    "an empty line before the request is skipped",
	httpwire.RuleSP:           "one space, exactly one, parts this line",
	httpwire.RuleStatusSP:     "one space, exactly one, parts this line",
	httpwire.RuleReasonPhrase: "for people: programs go by the code alone",
	httpwire.RuleColon:        "ends the name; no space may stand before it",
	httpwire.RuleOWS:          "white space around a value is no part of it",
	httpwire.RuleObsFold:      "the value goes on in the next line: obsolete, read as one space",
	httpwire.RuleChunkExt:     "an extension of the chunk: ignored by whoever does not know it",
}

func targetNote(target []byte) string {
	_, _, query := bytes.Cut(target, []byte("?"))
	switch {
	case string(target) == "*":
		return "the server as a whole"
	case target[0] != '/' && bytes.Contains(target, []byte("://")):
		return "a whole URI, as a client sends it to a proxy"
	case target[0] != '/':
		return "host and port, for a tunnel"
	case query:
		return "path of the resource on this server, and a query behind \"?\""
	}
	return "path of the resource on this server"
}

func (n *noter) versionNote(l *Line) string {
	if n.response {
		n.head = l.Offset
	}
	switch {
	case n.response && string(l.Octets) == "HTTP/1.0":
		return "the server speaks HTTP/1.0"
	case n.response:
		return "the version that the server speaks; it may answer a 1.0 request so"
	case string(l.Octets) == "HTTP/1.0":
		return "the client speaks HTTP/1.0: it expects the close after the answer"
	case string(l.Octets) == "HTTP/1.1":
		return "the client speaks HTTP/1.1; it understands an answer in 1.0 as well"
	}
	return "the version that the client speaks"
}

func statusNote(l *Line) {
	code, _ := strconv.Atoi(string(l.Octets)) // read as three digits before
	m := statusMeaning(code)
	l.know(m)
	l.Note = httpwire.ReasonPhrase(code) + ": " + m.note
}

// valueNote says what a value means where that decides how the exchange goes on.
func (n *noter) valueNote(value []byte) string {
	is := func(name, v string) bool {
		return httpwire.EqualFold(n.field, name) && httpwire.EqualFold(value, v)
	}
	switch {
	case is("Connection", "close"):
		return "the sender closes the connection after this exchange"
	case is("Connection", "keep-alive"):
		return "the sender would like to use the connection again"
	case is("Transfer-Encoding", "chunked"):
		return "the body comes in chunks, each with its size in front"
	case is("Expect", "100-continue"):
		return "the client holds the body back until it is told 100 Continue"
	case is("Accept", "*/*"):
		return "any media type will do"
	case is("Sec-Fetch-Site", "none"):
		return "no site: typed into the address bar, or a bookmark"
	}
	return ""
}

func (n *noter) lineEndNote() string {
	if !n.response && !n.version {
		return "no version before the line end: a Simple-Request of HTTP/0.9, " +
			"to be answered by a body without a head"
	}
	return "CR LF ends the line"
}

// shortSections turns "RFC 1945 section 5.1, RFC 9112 section 3" into "1945 5.1, 9112 3".
func shortSections(s string) string { return bareSections.Replace(s) }

var bareSections = strings.NewReplacer("RFC ", "", " section ", " ")
