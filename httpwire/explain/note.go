package explain

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"rawhttp/httpwire"
)

// An annotator writes a note to each span of a message, in order. Once for each head it decides how
// the body is framed and whether the connection stays open. All notes use that decision, so no two
// of them contradict each other.
type annotator struct {
	b        []byte // with credentials hidden
	unhidden []byte // b with its credentials
	response bool
	method   []byte // of the request, or of the request that the response is for

	field          []byte // the name of the current field
	hasContentType bool
	hasVersion     bool // of HTTP
	framing        framing
	request        *httpwire.Request // that is explained; nil if its head is not complete
	ignored        bool              // servers must ignore the current field
	code           int               // of a response; of no use before its head is complete
	byVersion      bool              // no Connection field decides whether the connection stays open
	connection     string            // the note of the Connection field that decides it
	saidBefore     map[string]bool   // the notes so far
	rest           []httpwire.Span   // after the current one
	finding        finding           // about the value of the current field
}

// line makes the line of a span. A listing says once what a rule or a field is for. It says each
// time what is wrong with a value.
func (n *annotator) line(s httpwire.Span, rest []httpwire.Span) Line {
	n.rest = rest
	l := Line{
		Offset: s.Start, Octets: n.b[s.Start:s.End:s.End],
		Rule: s.Rule, Sections: shortSections(s.Rule.Sections()),
	}
	n.note(&l)
	if f := &n.finding; f.note != "" && s.Start == f.line {
		l.Note, l.Sections, l.IllFormed = f.note, f.sections, f.ill
	}
	said := l.Note
	if l.Rule == httpwire.RuleFieldName && n.ignored {
		said += strings.ToLower(string(n.field)) // the note is about this field only
	}
	if !n.saidBefore[said] {
		n.saidBefore[said] = true
	} else if !l.IllFormed && l.Rule != httpwire.RuleChunkSize && l.Rule != httpwire.RuleChunkData {
		l.Note = ""
	}
	return l
}

// note sets the note of a line. If the line names a method, a code or a field, note also sets the
// sections that define it.
func (n *annotator) note(l *Line) {
	switch l.Rule {
	case httpwire.RuleMethod:
		n.method = l.Octets
		l.use(methodMeaning(l.Octets))
	case httpwire.RuleRequestTarget:
		l.Note = targetNote(l.Octets)
	case httpwire.RuleHTTPVersion:
		n.hasVersion = true
		l.Note = n.versionNote(l)
	case httpwire.RuleStatusCode:
		code := statusNote(l)
		if n.framing.Ending == httpwire.EndsInTunnel {
			l.Note = httpwire.ReasonPhrase(code) + ": the tunnel is open."
		}
	case httpwire.RuleFieldName:
		n.field = l.Octets
		n.hasContentType = n.hasContentType || httpwire.EqualFold(n.field, "Content-Type")
		l.use(fieldMeaning(l.Octets))
		if note := n.unusedFramingNote(); note != "" {
			l.Note = note
		}
		n.noteIgnored(l)
		n.checkField()
	case httpwire.RuleFieldValue:
		l.Note = n.valueNote(l.Octets)
	case httpwire.RuleCRLF:
		l.Note = n.lineEndNote()
	case httpwire.RuleEndOfHead:
		l.Note = n.endOfHead()
	case httpwire.RuleMessageBody, httpwire.RuleChunkSize, httpwire.RuleChunkData,
		httpwire.RuleOtherProtocol, httpwire.RuleSurplus, 0:
		l.Note = n.bodyNote(l)
	default:
		l.Note = ruleNotes[l.Rule]
	}
}

// use sets the note, and the sections if the table has them.
func (l *Line) use(m meaning) {
	l.Note = m.note
	if m.sections != "" {
		l.Sections = m.sections
	}
}

// ruleNotes are the notes that depend on the rule alone.
var ruleNotes = map[httpwire.Rule]string{
	httpwire.RuleEmptyLine:    "The server skips one empty line before the request.",
	httpwire.RuleSP:           "Exactly one space separates the parts of this line.",
	httpwire.RuleStatusSP:     "Exactly one space separates the parts of this line.",
	httpwire.RuleReasonPhrase: "This text is for people. Programs use the code alone.",
	httpwire.RuleColon:        "The colon ends the name. No space may stand before it.",
	httpwire.RuleOWS:          "White space around a value is not part of the value.",
	httpwire.RuleObsFold:      "The value continues on the next line. Obsolete; read as one space.",
	httpwire.RuleChunkExt:     "This extends the chunk. Recipients ignore unknown extensions.",
}

// unusedFramingNote is the note of a Content-Length or Transfer-Encoding that does not frame a body. For
// any other field it is "".
func (n *annotator) unusedFramingNote() string {
	isLength := httpwire.EqualFold(n.field, "Content-Length")
	switch {
	case !isLength && !httpwire.EqualFold(n.field, "Transfer-Encoding"):
		return ""
	case n.framing.last:
		return "The body has ended. Recipients ignore this field in a trailer."
	case n.framing.none() && (n.framing.Ending != httpwire.EndsWithHead || n.code == 204):
		return "This response must not have this field, because no body can follow."
	case n.framing.none() && isLength:
		return "The representation has this length in octets. It is not sent here."
	case isLength && (n.framing.Ending != httpwire.EndsAfterLength ||
		n.request != nil && !n.framing.given):
		return "This length does not count: it is invalid, or there is a Transfer-Encoding."
	}
	return ""
}

// noteIgnored sets the note of a field that servers must ignore in this request.
func (n *annotator) noteIgnored(l *Line) {
	m := meaning{}
	if n.request != nil {
		m = n.whyIgnored(n.request)
	}
	if n.ignored = m.note != ""; n.ignored {
		m.note = "Servers ignore this field" + m.note
		l.use(m)
	}
}

// whyIgnored continues the sentence that servers ignore the current field (RFC 9110 and RFC 9112). The
// zero meaning is that they do not. The sections are "" if the section that defines the field says so.
func (n *annotator) whyIgnored(r *httpwire.Request) meaning {
	old, method := !r.Version.AtLeast(1, 1), string(r.Method)
	is := func(name string) bool { return httpwire.EqualFold(n.field, name) }
	has := func(name string) bool { return r.Fields.Get(name) != nil }
	isDate := is("If-Modified-Since") || is("If-Unmodified-Since")
	isCondition := isDate || is("If-Match") || is("If-None-Match")
	switch {
	case is("Expect") && old && r.Fields.Has("Expect", "100-continue"):
		return meaning{note: " in HTTP/1.0, which has no 100 Continue."}
	case is("Host") && method != "CONNECT" && r.Authority() != nil:
		return meaning{note: ", because the request-target names the host.", sections: "9112 3.2.2"}
	case isCondition && (method == "CONNECT" || method == "OPTIONS" || method == "TRACE"):
		return meaning{note: " with " + method + ".", sections: "9110 13.2.1"}
	case is("If-Modified-Since") && method != "GET" && method != "HEAD":
		return meaning{note: " unless the method is GET or HEAD."}
	case is("If-Modified-Since") && has("If-None-Match"):
		return meaning{note: " beside If-None-Match."}
	case is("If-Unmodified-Since") && has("If-Match"):
		return meaning{note: " beside If-Match."}
	case isDate && len(slices.Collect(r.Fields.Values(string(n.field)))) > 1:
		return meaning{note: ", because it is sent more than once."}
	case is("If-Range") && !has("Range"):
		return meaning{note: ", because there is no Range."}
	case (is("If-Range") || is("Range")) && method != "GET":
		return meaning{note: " unless the method is GET.", sections: "9110 14.2"}
	case is("Upgrade") && old:
		return meaning{note: " in HTTP/1.0."}
	}
	return meaning{}
}

func targetNote(target []byte) string {
	_, _, query := bytes.Cut(target, []byte("?"))
	switch {
	case string(target) == "*":
		return "The client asks about the server as a whole."
	case target[0] != '/' && bytes.Contains(target, []byte("://")):
		return "This is a whole URI, as a client sends it to a proxy."
	case target[0] != '/':
		return "This is the host and port for a tunnel."
	case query:
		return "This is the path of the resource on the server, and a query after \"?\"."
	}
	return "This is the path of the resource on the server."
}

func (n *annotator) versionNote(l *Line) string {
	n.decide(l.Offset)
	version := string(l.Octets)
	switch {
	case len(version) < len("HTTP/1.0"):
		return "This is the beginning of a version."
	case n.response && !strings.HasPrefix(version, "HTTP/1"):
		return "This is not a version of HTTP/1. The error says what is one."
	case n.response:
		return "The server speaks " + version + "."
	case version == "HTTP/1.0" && n.byVersion:
		return "The client speaks HTTP/1.0. The connection closes after the response."
	case version == "HTTP/1.1" && n.byVersion:
		return "The client speaks HTTP/1.1. The connection stays open unless one side closes it."
	}
	return "The client speaks " + version + "."
}

// statusNote sets the note of a status code, and returns the code.
func statusNote(l *Line) int {
	code, _ := strconv.Atoi(string(l.Octets)) // read as three digits before
	m := statusMeaning(l.Octets)
	l.use(m)
	l.Note = httpwire.ReasonPhrase(code) + ": " + m.note
	if code < 100 || code > 599 {
		l.Note = "This is not a status code from 100 to 599. Clients read it like a 5xx."
	}
	return code
}

// valueNote says what a value means if that decides how the exchange continues.
func (n *annotator) valueNote(value []byte) string {
	is := func(name, v string) bool {
		return httpwire.EqualFold(n.field, name) && httpwire.EqualFold(value, v)
	}
	switch {
	case n.ignored:
		return ""
	case httpwire.EqualFold(n.field, "Connection"):
		return n.connectionNote(value)
	case is("Transfer-Encoding", "chunked"):
		return n.chunkedNote()
	case is("Expect", "100-continue") && !n.response && n.framing.Length > 0:
		return "The client may wait for 100 Continue before it sends the body."
	case is("If-Match", "*"):
		return "The server acts only if there is a current representation, whatever its ETag."
	case is("If-None-Match", "*"):
		return "The server acts only if there is no current representation."
	case httpwire.EqualFold(n.field, "Content-Range") && bytes.HasPrefix(value, []byte("bytes */")):
		return "No part is sent. The whole representation has this many octets."
	case is("Accept", "*/*"):
		return "The client accepts any media type."
	case is("Sec-Fetch-Site", "none"):
		return "No site makes the request. The user has typed the address or opened a bookmark."
	}
	return ""
}

// connectionNote says at a Connection field whether the connection stays open.
func (n *annotator) connectionNote(value []byte) string {
	fs := httpwire.Fields{}.Add([]byte("Connection"), value)
	if fs.Has("Connection", "close") || fs.Has("Connection", "keep-alive") {
		return n.connection
	}
	return ""
}

// chunkedNote says whether there are chunks. Transfer-Encoding alone does not decide that.
func (n *annotator) chunkedNote() string {
	switch {
	case n.framing.Ending == httpwire.EndsAfterChunks:
		return "The body comes in chunks. The size of each chunk comes first."
	case n.framing.none():
		return "There are no chunks, because no body follows."
	}
	return ""
}

func (n *annotator) lineEndNote() string {
	if !n.response && !n.hasVersion {
		return "The line ends without a version. This is a Simple-Request of HTTP/0.9: " +
			"the response is a body without a head."
	}
	return "CR LF ends the line."
}

// shortSections turns "RFC 1945 section 5.1, RFC 9112 section 3" into "1945 5.1, 9112 3".
func shortSections(s string) string { return bareSections.Replace(s) }

var bareSections = strings.NewReplacer("RFC ", "", " section ", " ")
