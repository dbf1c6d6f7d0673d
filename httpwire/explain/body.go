package explain

import (
	"bytes"
	"fmt"
	"strconv"

	"rawhttp/httpwire"
)

// framing is how the length of the body behind a head was known.
type framing struct {
	length int64  // or httpwire.UntilClose, httpwire.Chunked
	why    string // for the empty line
	chunk  int64  // size of the chunk at hand
	last   bool   // it is the last one: what follows is the trailer
}

// endOfHead says what the empty line brings. How the body is framed is for httpwire to say, which
// is asked once more, about this head alone.
func (n *noter) endOfHead(l *Line) string {
	if n.framing.last {
		return "the empty line ends the message: no fields, or no more, behind the last chunk"
	}
	head := n.b[n.head : l.Offset+len(l.Octets)]
	if n.response {
		n.framing = responseFraming(head, n.method)
		n.head = l.Offset + len(l.Octets)
	} else {
		n.framing = requestFraming(head)
	}
	return "the empty line ends the head; " + n.framing.why
}

func requestFraming(head []byte) framing {
	var req httpwire.Request
	if _, err := httpwire.ConsumeRequestHead(head, &req); err != nil {
		return framing{why: "what follows cannot be told"}
	}
	length, err := req.BodyLength()
	switch {
	case err != nil:
		return framing{why: "the length of the body is not clear: see the error"}
	case length > 0:
		return counted(length)
	case req.Fields.Get("Content-Length") != nil:
		return framing{why: "Content-Length says that no body follows"}
	}
	return framing{why: "no body follows: there is no Content-Length"}
}

func responseFraming(head, method []byte) framing {
	resp := httpwire.Response{Fields: make(httpwire.Fields, 0, httpwire.MaxResponseFields)}
	if _, err := httpwire.ConsumeResponseHead(head, &resp); err != nil {
		return framing{why: "what follows cannot be told"}
	}
	f, _ := resp.Framing(method)
	length := f.Length
	if f.Ending == httpwire.EndsWhenClosed {
		length = httpwire.UntilClose
	}
	return framing{length: length, why: Ending(f, &resp, method)}
}

// Ending says in words what follows the head of a response to a request with the given method.
func Ending(f httpwire.Framing, resp *httpwire.Response, method []byte) string {
	switch f.Ending {
	case httpwire.EndsInProtocol:
		return "another protocol begins after the empty line (RFC 9110 section 7.8)"
	case httpwire.EndsInTunnel:
		return "a tunnel begins after the empty line (RFC 9110 section 9.3.6)" +
			ignoredFields(resp.Fields)
	case httpwire.EndsInterim:
		return "this was an interim response: another one follows"
	case httpwire.EndsAfterChunks:
		return "the body follows in chunks"
	case httpwire.EndsWhenClosed:
		return "the body goes on until the close, as " + noLength(resp)
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

func counted(length int64) framing {
	return framing{length: length, why: announced(length)}
}

// bodyNote is for octets behind a head, read or not.
func (n *noter) bodyNote(l *Line) string {
	have := int64(len(l.Octets))
	switch l.Rule {
	case httpwire.RuleChunkSize:
		n.framing.chunk = chunkSize(l.Octets)
		n.framing.last = n.framing.chunk == 0
		if n.framing.last {
			return "a size of 0: this was the last chunk"
		}
		return "hexadecimal: a chunk of " + OctetCount(n.framing.chunk) + " follows"
	case httpwire.RuleChunkData:
		return part("the chunk", have, n.framing.chunk)
	case httpwire.RuleSurplus:
		return n.surplus(have)
	case httpwire.RuleOtherProtocol:
		return OtherProtocol(have, n.method)
	case httpwire.RuleMessageBody:
		return n.messageBody(l.Octets)
	}
	return "the reading ended before these octets: see the error below"
}

// OtherProtocol says of octets after the head of a response what they belong to, in the words of
// Ending.
func OtherProtocol(octets int64, method []byte) string {
	if string(method) == "CONNECT" {
		return OctetCount(octets) + " of the tunnel"
	}
	return OctetCount(octets) + " of another protocol"
}

// surplus says what octets behind the end of a message may be.
func (n *noter) surplus(have int64) string {
	const what = "behind the end of the message: the next message, or "
	length := n.framing.length
	switch {
	case !n.response && !n.version:
		return "behind the one line that a Simple-Request is: no part of it"
	case length <= 0:
		return what + "a body that nothing announces"
	}
	return fmt.Sprintf("%sa Content-Length that should be %d rather than %d",
		what, length+have, length)
}

func (n *noter) messageBody(body []byte) string {
	untyped := ""
	if !n.typed && looksLikeJSON(body) {
		untyped = "; it looks like JSON, and no Content-Type: application/json says so"
	}
	switch {
	case n.framing.length > 0:
		return part("the body", int64(len(body)), n.framing.length) + untyped
	case n.framing.length == httpwire.UntilClose:
		return "the body: " + OctetCount(int64(len(body))) + ", up to the close of the connection" +
			untyped
	}
	if p := Foreign(body); p != "" {
		return p
	}
	return "no status-line: a Simple-Response of HTTP/0.9, a body and nothing else"
}

// looksLikeJSON reports whether a body begins and ends as an object or an array of JSON does.
func looksLikeJSON(body []byte) bool {
	b := bytes.TrimSpace(body)
	if len(b) < 2 {
		return false
	}
	switch ends := string([]byte{b[0], b[len(b)-1]}); ends {
	case "{}", "[]":
		return true
	}
	return false
}

// part says how much of an announced number of octets is there.
func part(what string, have, length int64) string {
	if have == length {
		return what + ", all " + OctetCount(length)
	}
	are := "are"
	if length-have == 1 {
		are = "is"
	}
	return fmt.Sprintf("%s, %d of %s: %d %s missing", what, have, OctetCount(length), length-have, are)
}

// OctetCount writes a number of octets with its noun.
func OctetCount(n int64) string {
	if n == 1 {
		return "1 octet"
	}
	return strconv.FormatInt(n, 10) + " octets"
}

// chunkSize returns the number that httpwire read from these digits.
func chunkSize(digits []byte) int64 {
	size, err := strconv.ParseInt(string(digits), 16, 64)
	if err != nil {
		return 0
	}
	return size
}
