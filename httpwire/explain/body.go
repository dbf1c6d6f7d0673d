package explain

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"rawhttp/httpwire"
)

// A framing says where the body after a head ends. That of a request has a length.
type framing struct {
	httpwire.Framing
	why   string // for the empty line
	given bool   // Content-Length gives the length
	chunk int64  // size of the current chunk
	last  bool   // the current chunk is the last one, and the trailer follows
}

// ofLength returns the framing of a body of so many octets.
func ofLength(n int64, why string) framing {
	return framing{Framing: httpwire.Framing{Ending: httpwire.EndsAfterLength, Length: n}, why: why}
}

// none reports whether no body can follow, whatever the fields say.
func (f *framing) none() bool { return f.Ending < httpwire.EndsAfterLength }

// decide reads the head at an offset, and decides what the notes say about the body and the
// connection (RFC 9112 section 9.3). If the head is incomplete, they say nothing.
func (n *annotator) decide(start int) {
	n.framing, n.byVersion, n.connection = ofLength(0, "the head is not complete"), false, ""
	if !n.response {
		var req httpwire.Request
		if _, err := httpwire.ConsumeRequestHead(n.b, &req); err != nil {
			return
		}
		n.request = &req
		n.framing = requestFraming(&req)
		if string(req.Method) != "CONNECT" { // a tunnel has its own end
			n.decideConnection(req.Fields)
		}
		return
	}
	resp := httpwire.Response{Fields: make(httpwire.Fields, 0, httpwire.MaxResponseFields)}
	if _, err := httpwire.ConsumeResponseHead(n.b[start:], &resp); err != nil {
		return
	}
	f, _ := resp.Framing(n.method)
	n.code = resp.Code
	n.framing = framing{Framing: f, why: Ending(f, &resp, n.method),
		given: f.Ending == httpwire.EndsAfterLength}
	if httpwire.Class(resp.Code) != 1 && !f.OtherProtocol() {
		n.decideConnection(resp.Fields)
	}
}

// decideConnection decides whether the connection stays open. If the Connection fields say both, close
// wins. If they say neither, the version decides.
func (n *annotator) decideConnection(fs httpwire.Fields) {
	closes, stays := fs.Has("Connection", "close"), fs.Has("Connection", "keep-alive")
	switch {
	case closes && n.response:
		n.connection = "The server closes the connection after this response."
	case closes:
		n.connection = "The client asks to close the connection after the response."
	case stays && n.framing.Ending == httpwire.EndsWhenClosed:
		n.connection = "keep-alive has no effect here: the body ends when the connection closes."
	case stays && n.response:
		n.connection = "The server offers to keep the connection open after this response."
	case stays:
		n.connection = "The client asks to keep the connection open after the response."
	default:
		n.byVersion = true
	}
}

// endOfHead says what follows the empty line.
func (n *annotator) endOfHead() string {
	if n.framing.last {
		return "The empty line ends the chunked body and the message."
	}
	return "The empty line ends the head. " + sentence(n.framing.why)
}

func requestFraming(req *httpwire.Request) framing {
	length, err := req.BodyLength()
	switch {
	case err != nil:
		return ofLength(0, "the length of the body is not clear; see the error")
	case req.Fields.Get("Content-Length") == nil:
		return ofLength(0, "no body follows, because there is no Content-Length")
	}
	f := ofLength(length, announced(length))
	f.given = true
	return f
}

// Ending says in a clause what follows the head of a response to a request with the given method.
func Ending(f httpwire.Framing, resp *httpwire.Response, method []byte) string {
	switch f.Ending {
	case httpwire.EndsInProtocol:
		return "another protocol begins after the empty line (RFC 9110 section 7.8)"
	case httpwire.EndsInTunnel:
		return "a tunnel begins after the empty line (RFC 9110 section 9.3.6)" +
			ignoredFields(resp.Fields)
	case httpwire.EndsInterim:
		return "this is an interim response: another response follows"
	case httpwire.EndsAfterChunks:
		return "the body follows in chunks"
	case httpwire.EndsWhenClosed:
		return "the body ends when the connection closes, because " + noLength(resp)
	case httpwire.EndsAfterLength:
		return announced(f.Length)
	}
	what := "a " + strconv.Itoa(resp.Code)
	if string(method) == "HEAD" {
		what = "the response to HEAD"
	}
	return "no body follows " + what + ", whatever the fields say"
}

// noLength says why no length ends the body.
func noLength(resp *httpwire.Response) string {
	switch {
	case resp.Fields.Get("Transfer-Encoding") != nil && !resp.Version.AtLeast(1, 1):
		return "HTTP/1.0 has no Transfer-Encoding"
	case resp.Fields.Get("Transfer-Encoding") != nil:
		return "chunked is not the last transfer coding"
	case resp.Fields.Get("Content-Length") != nil:
		return "Content-Length is not one number"
	}
	return "no length is given"
}

// ignoredFields names the fields that frame a body and are ignored in a tunnel.
func ignoredFields(fs httpwire.Fields) (says string) {
	for _, name := range []string{"Content-Length", "Transfer-Encoding"} {
		if fs.Get(name) != nil {
			says += "; " + name + " is ignored"
		}
	}
	return says
}

// announced says what Content-Length says.
func announced(length int64) string {
	follows := OctetCount(length) + " of body follow"
	switch length {
	case 0:
		follows = "no body follows"
	case 1:
		follows += "s"
	}
	return "Content-Length says that " + follows
}

// bodyNote is the note of octets after a head, or of octets that the parser did not read.
func (n *annotator) bodyNote(l *Line) string {
	have := int64(len(l.Octets))
	switch l.Rule {
	case httpwire.RuleChunkSize:
		n.framing.chunk, _ = strconv.ParseInt(string(l.Octets), 16, 64) // 0 for no digits
		n.framing.last = n.framing.chunk == 0
		if n.framing.last {
			return "A chunk of size 0 is the last one."
		}
		return "A chunk of " + OctetCount(n.framing.chunk) + " follows. The size is hexadecimal."
	case httpwire.RuleChunkData:
		return part("chunk", have, n.framing.chunk)
	case httpwire.RuleSurplus:
		return n.surplus(have)
	case httpwire.RuleOtherProtocol:
		return "After the head: " + OtherProtocol(have, n.method) + "."
	case httpwire.RuleMessageBody:
		return n.messageBody(l.Octets)
	}
	return "The parser stopped before these octets. The error says why."
}

// OtherProtocol says which protocol the octets after the head of a response belong to.
func OtherProtocol(octets int64, method []byte) string {
	if string(method) == "CONNECT" {
		return OctetCount(octets) + " of the tunnel"
	}
	return OctetCount(octets) + " of another protocol"
}

// surplus says what the octets after the end of a message can be.
func (n *annotator) surplus(have int64) string {
	const what = "The message has ended. This is the next message, or "
	length := n.framing.Length
	switch {
	case !n.response && !n.hasVersion:
		return "A Simple-Request is one line. These octets are not part of it."
	case n.framing.none():
		return what + "a body that this response must not have."
	case n.framing.Ending == httpwire.EndsAfterChunks:
		return what + "octets that belong to no chunk."
	case n.framing.given:
		return fmt.Sprintf("%sContent-Length should be %d rather than %d.",
			what, length+have, length)
	case !n.response && string(n.method) == "CONNECT":
		return "The message has ended. If a tunnel opens, these are its first octets."
	}
	return what + "a body that nothing announces."
}

func (n *annotator) messageBody(body []byte) string {
	untyped := ""
	if !n.hasContentType && looksLikeJSON(body) {
		untyped = " It looks like JSON, but there is no Content-Type: application/json."
	}
	switch {
	case n.framing.Length > 0:
		return part("body", int64(len(body)), n.framing.Length) + untyped
	case n.framing.Ending == httpwire.EndsWhenClosed:
		return "This is the body: " + OctetCount(int64(len(body))) +
			", until the connection closes." + untyped
	}
	if p := Foreign(body); p != "" {
		return sentence(p)
	}
	return "There is no status-line. This is a Simple-Response of HTTP/0.9: a body and nothing else."
}

// looksLikeJSON reports whether a body begins and ends as an object or an array of JSON does.
func looksLikeJSON(body []byte) bool {
	b := bytes.TrimSpace(body)
	if len(b) < 2 {
		return false
	}
	ends := string([]byte{b[0], b[len(b)-1]})
	return ends == "{}" || ends == "[]"
}

// part says how much of an announced number of octets is there.
func part(what string, have, length int64) string {
	if have == length {
		return "This is the whole " + what + ": " + OctetCount(length) + "."
	}
	return fmt.Sprintf("The %s has %s. Only %d came.", what, OctetCount(length), have)
}

// sentence begins a clause with a capital and ends it with a full stop. A question is left as it is.
func sentence(clause string) string {
	end := "."
	if strings.HasSuffix(clause, "?") {
		end = ""
	}
	return strings.ToUpper(clause[:1]) + clause[1:] + end
}

// OctetCount writes a number of octets with its noun. The largest int64 stands for every number that
// is too large, as in httpwire.
func OctetCount(n int64) string {
	switch n {
	case 1:
		return "1 octet"
	case math.MaxInt64:
		return "9223372036854775807 octets or more"
	}
	return strconv.FormatInt(n, 10) + " octets"
}
