package explain

import (
	"bytes"
	"cmp"
	"strconv"
	"strings"

	"rawhttp/httpwire"
)

// An annotator writes the notes of a listing, line by line in order. From some lines it keeps what later
// notes depend on (method read). At the version of each head it reads the whole head (readHead in head.go), so
// that no two notes contradict each other.
type annotator struct {
	b        []byte // with credentials hidden
	unhidden []byte // b with its credentials
	lines    []Line // of b
	response bool
	method   []byte // of the request, or of the request that the response is for

	head       head    // the current one
	hasVersion bool    // of HTTP: the message is not a Simple-Request
	field      []byte  // the name of the current field
	unused     meaning // why it has no effect where it is; zero if it may have one
	chunk      int64   // size of the current chunk
	trailer    bool    // the chunk of size 0 has come, and the trailer follows
}

// annotate sets the notes of the lines that renderings show. A listing says once what a rule or a field
// is for. It says each time what is wrong with a value.
func (n *annotator) annotate() {
	saidBefore := make(map[string]bool)
	for i := range min(len(n.lines), mostLines) {
		l := &n.lines[i]
		n.read(l)
		if l.Rule == httpwire.RuleFieldName {
			n.checkField(n.lines[i+1:])
		}
		if l.Note == "" { // checkField has no remark on this line
			l.Sections = shortSections(l.Rule.Sections())
			n.note(l)
		}
		if i == len(n.lines)-1 && l.mayGoOn() {
			l.Note = "The message ends here. More of this part may be missing."
		}
		if secret := n.unhidden[l.Offset:][:len(l.Octets)]; !bytes.Equal(l.Octets, secret) {
			l.Note = strings.TrimPrefix(l.Note+" Credentials are shown as *.", " ")
		}
		said := l.Note
		if l.Rule == httpwire.RuleFieldName && n.unused.note != "" {
			said += strings.ToLower(string(n.field)) // the note is about this field only
		}
		if !saidBefore[said] {
			saidBefore[said] = true
		} else if !l.IllFormed && l.Rule != httpwire.RuleChunkSize && l.Rule != httpwire.RuleChunkData {
			l.Note = ""
		}
	}
}

// read keeps what later notes depend on.
func (n *annotator) read(l *Line) {
	switch l.Rule {
	case httpwire.RuleMethod:
		n.method = l.Octets
	case httpwire.RuleHTTPVersion:
		n.readHead(l.Offset)
	case httpwire.RuleFieldName:
		n.field = l.Octets
		n.unused = n.whyUnused()
	case httpwire.RuleChunkSize:
		n.chunk, _ = strconv.ParseInt(string(l.Octets), 16, 64) // 0 for no digits
		n.trailer = n.chunk == 0
	}
}

// note sets the note of a line. If the line names a method, a code or a field, note also sets the
// sections that define it. The notes of fields are in field.go, and those of what follows a head are in
// body.go.
func (n *annotator) note(l *Line) {
	switch l.Rule {
	case httpwire.RuleMethod:
		l.use(methodMeaning(l.Octets))
	case httpwire.RuleRequestTarget:
		l.Note = n.targetNote(l.Octets)
	case httpwire.RuleHTTPVersion:
		l.Note = n.versionNote(string(l.Octets))
	case httpwire.RuleStatusCode:
		l.use(n.statusNote(l.Octets))
	case httpwire.RuleFieldName:
		l.use(n.fieldNote())
	case httpwire.RuleFieldValue:
		l.Note = n.valueNote(l.Octets)
	case httpwire.RuleCRLF:
		l.Note = n.lineEndNote()
	case httpwire.RuleEndOfHead:
		l.Note = n.endOfHeadNote()
	case httpwire.RuleMessageBody:
		l.Note = n.bodyNote(l.Octets)
	case httpwire.RuleChunkSize:
		l.Note = n.chunkSizeNote()
	case httpwire.RuleChunkData:
		l.Note = part("chunk", len(l.Octets), n.chunk)
	case httpwire.RuleOtherProtocol:
		l.Note = "After the head: " + OtherProtocol(int64(len(l.Octets)), n.method) + "."
	case httpwire.RuleSurplus:
		l.Note = n.surplusNote(int64(len(l.Octets)))
	default:
		l.Note = ruleNotes[l.Rule]
	}
}

// mayGoOn reports whether the octets of a line can be the beginning of a longer part. Then nothing is
// known about what they mean.
func (l *Line) mayGoOn() bool {
	switch l.Rule {
	case httpwire.RuleMethod, httpwire.RuleRequestTarget, httpwire.RuleFieldName, httpwire.RuleOWS,
		httpwire.RuleFieldValue, httpwire.RuleChunkSize:
		return true
	case httpwire.RuleStatusCode:
		return len(l.Octets) < len("200")
	case httpwire.RuleCRLF, httpwire.RuleEndOfHead, httpwire.RuleEmptyLine:
		return len(l.Octets) < len("\r\n")
	}
	return false
}

// use sets the note, and the sections if the table has them.
func (l *Line) use(m meaning) {
	l.Note, l.Sections = m.note, cmp.Or(m.sections, l.Sections)
}

// ruleNotes are the notes that depend on the rule alone.
var ruleNotes = map[httpwire.Rule]string{
	httpwire.RuleEmptyLine:    "The server skips one empty line before the request.",
	httpwire.RuleSP:           "Exactly one space separates the parts of this line.",
	httpwire.RuleStatusSP:     "Exactly one space separates the parts of this line.",
	httpwire.RuleReasonPhrase: "This text is for people. Programs use the code alone.",
	httpwire.RuleColon:        "The colon ends the name. No space may stand before it.",
	httpwire.RuleOWS:          "White space around a value is not part of the value.",
	httpwire.RuleObsFold:      "The value continues on the next line. This is obsolete, and read as one space.",
	httpwire.RuleChunkExt:     "This says more about the chunk. Recipients ignore extensions that they do not know.",
	0:                         "The parser stopped before these octets. The error says why.",
}

func (n *annotator) targetNote(target []byte) string {
	_, _, query := bytes.Cut(target, []byte("?"))
	switch isPath := target[0] == '/'; {
	case string(target) == "*":
		return "This stands for the server as a whole. Only OPTIONS has this form."
	case isPath && query:
		return "This is the path of the resource on the server, and a query after \"?\"."
	case isPath:
		return "This is the path of the resource on the server."
	case bytes.Contains(target, []byte("://")):
		return "This is a whole URI, as a client sends it to a proxy."
	case string(n.method) == "CONNECT":
		return "This is the host and port for a tunnel."
	}
	return `A path begins with "/", and a URI with "http://". This does neither.`
}

func (n *annotator) versionNote(version string) string {
	switch {
	case len(version) < len("HTTP/1.0"):
		return "This is the beginning of a version."
	case !strings.HasPrefix(version, "HTTP/1"):
		return "This is not a version of HTTP/1."
	case n.response:
		return "The server speaks " + version + "."
	case version == "HTTP/1.0" && n.head.byVersion:
		return "The client speaks HTTP/1.0. The connection closes after the response."
	case version == "HTTP/1.1" && n.head.byVersion:
		return "The client speaks HTTP/1.1. The connection stays open unless one side closes it."
	}
	return "The client speaks " + version + "."
}

func (n *annotator) statusNote(digits []byte) meaning {
	code, _ := strconv.Atoi(string(digits)) // read as three digits before
	m := statusMeaning(digits)
	switch {
	case code < 100 || code > 599:
		m = meaning{sections: "9110 15",
			note: "This is not a status code from 100 to 599. Clients read it like a 5xx."}
	case n.head.Ending == httpwire.EndsInTunnel:
		m = meaning{sections: "9110 9.3.6", note: httpwire.ReasonPhrase(code) + ": the tunnel is open."}
	default:
		m.note = httpwire.ReasonPhrase(code) + ": " + m.note
	}
	if name, level := fieldFor(code); name != "" && n.head.complete && n.head.fields.Get(name) == nil &&
		!n.head.hasParts() && n.head.Ending != httpwire.EndsInTunnel {
		first, _, _ := strings.Cut(m.note, ". ")
		m.note = strings.TrimSuffix(first, ".") + ". This response " + level + " have " + name + ", which is missing."
	}
	return m
}

func (n *annotator) lineEndNote() string {
	if !n.hasVersion {
		return "The line ends without a version. This is a Simple-Request of HTTP/0.9: " +
			"the response is a body without a head."
	}
	return "CR LF ends the line."
}

// shortSections turns "RFC 1945 section 5.1, RFC 9112 section 3" into "1945 5.1, 9112 3".
func shortSections(s string) string { return bareSections.Replace(s) }

var bareSections = strings.NewReplacer("RFC ", "", " section ", " ")
