package explain

import (
	"bytes"
	"errors"
	"strconv"

	"rawhttp/httpwire"
)

// A head has what the whole head of a message says about its body and about the connection (RFC 9112
// section 9.3). An incomplete head says nothing about them.
type head struct {
	complete bool
	request  *httpwire.Request // nil for a response
	code     int               // of a response
	fields   httpwire.Fields

	httpwire.Framing        // of the body; a request in chunks has EndsAfterChunks, any other EndsAfterLength
	why              string // says in a clause how the body ends
	given            bool   // Content-Length gives the length
	bodiless         bool   // no octet of a body follows

	byVersion  bool   // no Connection field decides whether the connection stays open
	connection string // the note of the Connection field that decides it
}

// readHead reads the head whose first line begins at an offset.
func (n *annotator) readHead(start int) {
	n.hasVersion = true
	n.head = head{why: "the head is not complete"}
	n.head.Ending = httpwire.EndsAfterLength
	if n.response {
		n.readResponseHead(n.b[start:])
		return
	}
	req := roomyRequest(n.b)
	if _, err := httpwire.ConsumeRequestHead(n.b, req); err != nil {
		return
	}
	h := &n.head
	h.complete, h.request, h.fields = true, req, req.Fields
	length, err := req.BodyLength()
	switch {
	case isChunkedRequest(err):
		h.Ending, h.why = httpwire.EndsAfterChunks, "the body follows in chunks"
	case err != nil:
		h.why = "the length of the body is not clear, because " + noLength(req.Version, req.Fields)
	case req.Fields.Get("Content-Length") == nil:
		h.why, h.bodiless = "no body follows, because there is no Content-Length", true
	default:
		h.Length, h.why, h.given, h.bodiless = length, announced(length), true, length == 0
	}
	if string(req.Method) != "CONNECT" { // a tunnel has its own end
		h.readConnection()
	}
}

func (n *annotator) readResponseHead(b []byte) {
	var resp httpwire.Response
	if _, err := httpwire.ConsumeResponseHead(b, &resp); err != nil {
		return
	}
	f, _ := resp.Framing(n.method)
	n.head = head{complete: true, code: resp.Code, fields: resp.Fields, Framing: f,
		why: WhatFollows(f, &resp, n.method), given: f.Ending == httpwire.EndsAfterLength}
	n.head.bodiless = n.head.hasNoBody() || n.head.given && f.Length == 0
	if httpwire.Class(resp.Code) != 1 && !f.Ending.OtherProtocol() {
		n.head.readConnection()
	}
}

// readConnection reads whether the connection stays open. If the Connection fields say both, close
// wins. If they say neither, the version decides.
func (h *head) readConnection() {
	closes, stays := h.fields.Has("Connection", "close"), h.fields.Has("Connection", "keep-alive")
	switch isResponse := h.request == nil; {
	case closes && isResponse:
		h.connection = "The server closes the connection after this response."
	case closes:
		h.connection = "The client asks to close the connection after the response."
	case !stays:
		h.byVersion = true
	case h.Ending == httpwire.EndsWhenClosed:
		h.connection = "keep-alive has no effect here: the body ends when the connection closes."
	case isResponse:
		h.connection = "The server offers to keep the connection open after this response."
	default:
		h.connection = "The client asks to keep the connection open after the response."
	}
}

// hasParts reports whether the body is several parts of a representation, each with its own Content-Range
// (RFC 9110 section 15.3.7.2).
func (h *head) hasParts() bool {
	const parts = "multipart/byteranges"
	value := h.fields.Get("Content-Type")
	return h.code == 206 && httpwire.EqualFold(value[:min(len(value), len(parts))], parts)
}

// hasNoBody reports whether no body can follow, whatever the fields say.
func (h *head) hasNoBody() bool { return h.Ending < httpwire.EndsAfterLength }

// WhatFollows says in a clause what follows the head of a response to a request with the given method.
func WhatFollows(f httpwire.Framing, resp *httpwire.Response, method []byte) string {
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
		return "the body ends when the connection closes, because " + noLength(resp.Version, resp.Fields)
	case httpwire.EndsAfterLength:
		return announced(f.Length)
	}
	what := "a " + strconv.Itoa(resp.Code)
	if string(method) == "HEAD" {
		what = "the response to HEAD"
	}
	return "no body follows " + what + ", whatever the fields say"
}

// isChunkedRequest reports whether an error of BodyLength means that the body is in chunks.
func isChunkedRequest(err error) bool {
	e, ok := errors.AsType[*httpwire.SyntaxError](err)
	return ok && (e.Rule == httpwire.RuleTransferCoding || e.Rule == httpwire.RuleChunkedOnce)
}

// lastCoding returns the transfer coding that was applied last, or nil.
func lastCoding(fs httpwire.Fields) (last []byte) {
	for _, last = range fs.Members("Transfer-Encoding") {
	}
	return last
}

// lastIsChunked reports whether the last transfer coding is chunked, even with parameters.
func lastIsChunked(fs httpwire.Fields) bool {
	name, _, _ := bytes.Cut(lastCoding(fs), []byte(";"))
	return httpwire.EqualFold(bytes.TrimRight(name, " \t"), "chunked")
}

// hasIllCoding reports whether the value of a Transfer-Encoding field is ill-formed.
func hasIllCoding(fs httpwire.Fields) bool {
	for f := range fs.Named("Transfer-Encoding") {
		if httpwire.ValueFault("Transfer-Encoding", httpwire.AppendUnfolded(nil, f.Value)) >= 0 {
			return true
		}
	}
	return false
}

// noLength says why no length ends the body.
func noLength(version httpwire.Version, fs httpwire.Fields) string {
	switch {
	case fs.Get("Transfer-Encoding") != nil && !version.AtLeast(1, 1):
		return "HTTP/1.0 has no Transfer-Encoding"
	case hasIllCoding(fs):
		return "the value of Transfer-Encoding is ill-formed"
	case httpwire.EqualFold(lastCoding(fs), "chunked"): // in a request
		return "Content-Length and Transfer-Encoding both give it"
	case fs.Get("Transfer-Encoding") != nil:
		return "chunked is not the last transfer coding"
	case fs.Get("Content-Length") != nil:
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
