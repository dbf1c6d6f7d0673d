package explain

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"rawhttp/httpwire"
)

// endOfHeadNote says what follows the empty line.
func (n *annotator) endOfHeadNote() string {
	if n.trailer {
		return "The empty line ends the chunked body and the message."
	}
	return "The empty line ends the head. " + sentence(n.head.why)
}

func (n *annotator) chunkSizeNote() string {
	if n.trailer {
		return "A chunk of size 0 is the last one. Fields that follow it are the trailer."
	}
	return "A chunk of " + OctetCount(n.chunk) + " follows. The size is hexadecimal."
}

// OtherProtocol says which protocol the octets after the head of a response belong to.
func OtherProtocol(octets int64, method []byte) string {
	if string(method) == "CONNECT" {
		return OctetCount(octets) + " of the tunnel"
	}
	return OctetCount(octets) + " of another protocol"
}

// surplusNote says what the octets after the end of a message can be.
func (n *annotator) surplusNote(have int64) string {
	const what = "The message has ended. This is the next message, or "
	switch length := n.head.Length; {
	case !n.hasVersion:
		return "A Simple-Request is one line. These octets are not part of it."
	case n.head.hasNoBody():
		return what + "a body that this response must not have."
	case n.head.Ending == httpwire.EndsAfterChunks:
		return what + "octets that belong to no chunk."
	case n.head.given:
		return fmt.Sprintf("%sContent-Length should be %d rather than %d.",
			what, length+have, length)
	case string(n.method) == "CONNECT":
		return "The message has ended. If a tunnel opens, these are its first octets."
	}
	return what + "a body that nothing announces."
}

func (n *annotator) bodyNote(body []byte) string {
	untyped := ""
	if n.head.fields.Get("Content-Type") == nil && looksLikeJSON(body) {
		untyped = " It looks like JSON, but there is no Content-Type: application/json."
	}
	switch {
	case n.head.Length > 0:
		return part("body", len(body), n.head.Length) + untyped
	case n.head.Ending == httpwire.EndsWhenClosed:
		return "This is the body: " + OctetCount(int64(len(body))) +
			", until the connection closes." + untyped
	}
	if err := Foreign(body); err != nil {
		return sentence(err.Error())
	}
	like := cmp.Or(LikeHead(body), "this is a Simple-Response of HTTP/0.9: a body and nothing else")
	return "There is no status-line. " + sentence(like)
}

// LikeHead says in a clause what is wrong with a response that has no status-line, if its first line shows
// that the sender did not mean it as a body. Otherwise it returns "".
func LikeHead(body []byte) string {
	var req httpwire.Request
	httpwire.ConsumeRequestHead(body, &req)
	name, _, hasColon := strings.Cut(string(body), ":")
	switch {
	case hasColon && knownName(name):
		return "the first line looks like a field; a CGI program leaves the status-line to its server"
	case req.Version.AtLeast(1, 0):
		return "this looks like a request, not a response"
	case bytes.HasPrefix(body, []byte("< HTTP/")):
		return "leave out the mark that a tool puts before each line"
	}
	return ""
}

// looksLikeJSON reports whether a body begins and ends as an object or an array of JSON does.
func looksLikeJSON(body []byte) bool {
	b := string(bytes.TrimSpace(body))
	return strings.HasPrefix(b, "{") && strings.HasSuffix(b, "}") ||
		strings.HasPrefix(b, "[") && strings.HasSuffix(b, "]")
}

// part says how many of the announced octets have come.
func part(what string, have int, length int64) string {
	if int64(have) == length {
		return "This is the whole " + what + ": " + OctetCount(length) + "."
	}
	return fmt.Sprintf("The %s has %s. Only %d came.", what, OctetCount(length), have)
}

// sentence begins a clause with a capital and ends it with a full stop.
func sentence(clause string) string { return strings.ToUpper(clause[:1]) + clause[1:] + "." }

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

// Verb returns the form of a verb that agrees with a number of octets.
func Verb(octets int64, one, many string) string {
	if octets == 1 {
		return one
	}
	return many
}
