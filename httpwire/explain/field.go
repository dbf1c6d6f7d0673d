package explain

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"rawhttp/httpwire"
)

// is reports whether the current field has a name.
func (n *annotator) is(name string) bool { return httpwire.EqualFold(n.field, name) }

// fieldNote says what the current field is for in this message.
func (n *annotator) fieldNote() meaning {
	m, _ := fieldMeaning(n.field, n.response)
	m.sections = cmp.Or(m.sections, "1945 7.1, 9110 5.1") // on fields that are not known
	switch r := n.head.request; {
	case n.unused.note != "":
		m.note, m.sections = n.unused.note, cmp.Or(n.unused.sections, m.sections)
	case r != nil && string(r.Method) == "HEAD" && n.is("If-Modified-Since"):
		return meaning{sections: "1945 8.2, 9110 13.1.3",
			note: "HTTP/1.0 servers ignore this field with HEAD. HTTP/1.1 servers may send 304."}
	case n.head.bodiless:
		m.note = withoutBody.Replace(m.note)
	}
	return m
}

// withoutBody changes the note of a field that describes the body, for a message that has none.
var withoutBody = strings.NewReplacer("The body is ", "A body would be ", "The body represents ", "A body would represent ")

// whyUnused says why the current field has no effect where it is. The zero meaning means that it may have
// one. The sections are "" if the section that defines the field says it.
func (n *annotator) whyUnused() meaning {
	_, misplaced := fieldMeaning(n.field, n.response)
	isFraming := n.is("Content-Length") || n.is("Transfer-Encoding")
	switch {
	case n.trailer && knownName(string(n.field)) && !slices.ContainsFunc(trailerFields, n.is):
		return meaning{sections: "9110 6.5.1",
			note: "The body has ended. Recipients ignore this field in a trailer."}
	case isFraming && n.head.hasNoBody() && (n.head.Ending != httpwire.EndsWithHead || n.head.code == 204):
		return meaning{note: "This response must not have this field, because no body can follow."}
	case n.is("Content-Length") && n.head.hasNoBody():
		return meaning{note: "The representation has this length in octets. It is not sent here."}
	case n.is("Content-Length") && n.head.complete && !n.head.given:
		return meaning{note: "No recipient uses this length: it is invalid, or there is a Transfer-Encoding."}
	case misplaced && n.response:
		return meaning{note: "This field is for requests only."}
	case misplaced:
		return meaning{note: "This field is for responses only."}
	case n.response && n.head.complete && n.head.code != 206 && n.head.code != 416 && n.is("Content-Range"):
		return meaning{note: "This field has a meaning with the status codes 206 and 416 only."}
	}
	ignored := n.whyIgnored()
	if ignored.note != "" {
		ignored.note = "Servers ignore this field" + ignored.note
	}
	return ignored
}

// whyIgnored says why servers ignore the current field: it is the end of the sentence "Servers ignore
// this field" (RFC 9110 and RFC 9112). The zero meaning means that servers do not ignore it.
func (n *annotator) whyIgnored() meaning {
	r := n.head.request
	if r == nil {
		return meaning{}
	}
	old, method := !r.Version.AtLeast(1, 1), string(r.Method)
	has := func(name string) bool { return r.Fields.Get(name) != nil }
	isDate := n.is("If-Modified-Since") || n.is("If-Unmodified-Since")
	isCondition := isDate || n.is("If-Match") || n.is("If-None-Match")
	switch {
	case n.is("Expect") && old && r.Fields.Has("Expect", "100-continue"):
		return meaning{note: " in HTTP/1.0, which has no 100 Continue."}
	case n.is("Host") && method != "CONNECT" && r.Authority() != nil:
		return meaning{note: ", because the request-target names the host.", sections: "9112 3.2.2"}
	case isCondition && (method == "CONNECT" || method == "OPTIONS" || method == "TRACE"):
		return meaning{note: " with " + method + ".", sections: "9110 13.2.1"}
	case n.is("If-Modified-Since") && method != "GET" && method != "HEAD":
		return meaning{note: " unless the method is GET or HEAD."}
	case n.is("If-Modified-Since") && has("If-None-Match"):
		return meaning{note: " if the request has If-None-Match."}
	case n.is("If-Unmodified-Since") && has("If-Match"):
		return meaning{note: " if the request has If-Match."}
	case isDate && n.isRepeated(r.Fields):
		return meaning{note: ", because it is sent more than once."}
	case n.is("If-Range") && !has("Range"):
		return meaning{note: ", because there is no Range."}
	case (n.is("If-Range") || n.is("Range")) && method != "GET":
		return meaning{note: " unless the method is GET.", sections: "9110 14.2"}
	case n.is("Upgrade") && old:
		return meaning{note: " in HTTP/1.0."}
	}
	return meaning{}
}

// isRepeated reports whether the current field occurs more than once. It does not read on after the second
// one, because a head can have thousands of fields with one name, and each of them is asked about.
func (n *annotator) isRepeated(fs httpwire.Fields) bool {
	times := 0
	for range fs.Named(string(n.field)) {
		if times++; times > 1 {
			return true
		}
	}
	return false
}

// valueNote says what a value means if the note of its field does not.
func (n *annotator) valueNote(value []byte) string {
	if n.unused.note != "" {
		return ""
	}
	isList := n.isRepeated(n.head.fields)
	for _, v := range values {
		if !isList && v.response == n.response && n.is(v.field) && httpwire.EqualFold(value, v.value) {
			return v.note
		}
	}
	accepts := n.is("Accept") || n.is("Accept-Charset") || n.is("Accept-Encoding") || n.is("Accept-Language") || n.is("TE")
	scheme, _, _ := bytes.Cut(value, []byte(" "))
	switch {
	case accepts && weightZero().Match(value):
		return "The client does not accept what has q=0."
	case n.is("Connection"):
		return n.connectionNote(value)
	case (n.is("Authorization") || n.is("Proxy-Authorization")) && httpwire.EqualFold(scheme, "Basic"):
		return "On the wire, base64 hides nothing."
	case n.is("Vary") && httpwire.Fields{}.Add([]byte("Vary"), value).Has("Vary", "*"):
		return "Because of *, anything may decide, so a cache asks the server each time."
	case n.is("Transfer-Encoding"):
		return n.chunkedNote(value)
	case n.is("Expect") && httpwire.EqualFold(value, "100-continue") && n.head.bodiless:
		return "A request without a body must not ask for 100 Continue."
	case n.is("Expect") && httpwire.EqualFold(value, "100-continue") && n.head.complete:
		return "The client may wait for 100 Continue before it sends the body."
	case n.is("Content-Range") && bytes.HasPrefix(value, []byte("bytes */")):
		return "No part is sent. The whole representation has this many octets."
	}
	return ""
}

// weightZero finds the weight of what is not acceptable (RFC 9110 section 12.4.2).
var weightZero = lazy(`(?i);[ \t]*q=0(\.0*)?[ \t]*(,|$)`)

// connectionNote says at a Connection field whether the connection stays open.
func (n *annotator) connectionNote(value []byte) string {
	fs := httpwire.Fields{}.Add([]byte("Connection"), value)
	if fs.Has("Connection", "close") || fs.Has("Connection", "keep-alive") {
		return n.head.connection
	}
	return ""
}

// chunkedNote says at the coding chunked whether there are chunks. Transfer-Encoding alone does not decide
// that.
func (n *annotator) chunkedNote(value []byte) string {
	fs := httpwire.Fields{}.Add([]byte("Transfer-Encoding"), value)
	switch {
	case !fs.Has("Transfer-Encoding", "chunked"):
	case n.head.Ending == httpwire.EndsAfterChunks:
		return "The body comes in chunks. The size of each chunk comes first."
	case n.head.hasNoBody():
		return "There are no chunks, because no body follows."
	}
	return ""
}
