package explain

import (
	"bytes"
	"errors"
	"fmt"

	"rawhttp/httpwire"
)

// These functions say how much of an incomplete message has come, and what is missing.

// AppendWaiting appends how much has come of the request at the start of b, and what the server is
// waiting for. The text is ASCII, without a line end, for a log:
//
//	59 octets, in the body, expecting 12 more of 26 octets of body
//
// came is the number of octets that have come. b can lack the end of a long body. If a line that has
// not ended breaks a rule already, the text says that.
func AppendWaiting(dst, b []byte, came int64) []byte {
	_, err := requestSpans(b)
	f := &fault{b: b}
	if !f.locate(err) {
		return append(append(dst, OctetCount(came)...), ", a whole request"...)
	}
	f.came = came
	dst = fmt.Appendf(dst, "%s, in the %s, ", OctetCount(came), f.place())
	if !f.short {
		return fmt.Appendf(dst, "waiting for the end of a line that breaks a rule: %s", ErrorLine(b, err))
	}
	if lacks := f.lacks(); lacks != "" {
		return append(dst, lacks...)
	}
	return append(append(dst, "waiting for "...), f.rule.Want()...)
}

// AppendCutBody appends an explanation of a request whose body ends before it has as many octets as
// Content-Length says. It is for bodies that are too long to be shown: b can lack their end. came is the
// number of octets of the request that have come.
func AppendCutBody(dst, b []byte, came int64) []byte {
	_, err := requestSpans(b)
	f := &fault{b: b}
	f.locate(err)
	f.came = came
	dst = fmt.Appendf(dst, "error: %s\n", unfinished[httpwire.RuleMessageBody][0].title)
	dst = appendEntry(dst, "have", f.have())
	return appendHelp(dst, httpwire.RuleMessageBody.Help(), "")
}

// place names the part of a request that the fault is in.
func (f *fault) place() string {
	before := bytes.TrimPrefix(f.upToHere(), []byte("\r\n"))
	switch {
	case inBody(f):
		return "body"
	case bytes.IndexByte(before, '\n') >= 0:
		return "fields"
	}
	return "request-line"
}

// have says how much of an incomplete message has come.
func (f *fault) have() string {
	have := OctetCount(f.came)
	if lacks := f.lacks(); lacks != "" {
		return have + "; " + lacks
	}
	return have
}

// lacks says how much is missing of the announced body or chunk. It returns "" if there is no announcement, or
// if f.b hides it: a secret such as an object in JSON can take several lines.
func (f *fault) lacks() string {
	spans, err := f.spans()
	if cut, ok := errors.AsType[*httpwire.IncompleteError](err); !ok || cut.Rule != f.rule {
		return ""
	}
	n := annotator{b: f.b, response: f.isResponse(), method: f.method}
	for _, s := range spans {
		l := newLine(f.b, s)
		n.read(&l)
	}
	length, what := n.head.Length, "body"
	if f.rule == httpwire.RuleChunkData {
		length, what = n.chunk, "this chunk"
	} else if f.rule != httpwire.RuleMessageBody {
		return ""
	}
	got := lastOctets(spans, f.rule) + f.came - int64(len(f.b))
	return fmt.Sprintf("expecting %d more of %s of %s", length-got, OctetCount(length), what)
}
