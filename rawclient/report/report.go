// Package report is an exchange as one JSON document, for programs. It is what rawclient -json
// prints.
//
// Every field is always there. A field that does not apply is null. rawclient/README.md lists the
// fields. A new field may be added at any time; if a field changes its meaning or is removed, Version
// changes.
//
// The document is text that is safe on a terminal: characters that do not print are escaped. Octets
// that are text in UTF-8 are in a field "text", other octets in "base64" (RFC 4648 section 4), and
// the one that is not used is null. So no octet is lost, except that an asterisk replaces each octet of
// a credential, as in the listing.
package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/visible"
)

// Version is the number of this format.
const Version = 1

// An Exchange is one request and its response.
type Exchange struct {
	Version  int      `json:"version"`  // 1
	Server   string   `json:"server"`   // IP address and port of the server
	Exit     int      `json:"exit"`     // exit code of rawclient
	Request  Message  `json:"request"`  // the request
	Response *Message `json:"response"` // all octets that were received; null if there were none
	Framing  *Framing `json:"framing"`  // where the final response ends; null if it has no head that can be read
	Notices  []string `json:"notices"`  // what is irregular, and what happened, in sentences
	Timing   Timing   `json:"timing"`   // milliseconds since the client began to connect
}

// A Message is the octets of one direction, as the listing has them.
type Message struct {
	Size  int64  `json:"size"`  // octets; more than those of the lines if only the first are listed
	Lines []Line `json:"lines"` // the octets, in their order
	Fault *Fault `json:"fault"` // the rule that is broken, or what is missing; null if nothing is
}

// A Line is a run of octets that were read under one rule.
type Line struct {
	Offset    int     `json:"offset"`    // of the first octet
	Length    int     `json:"length"`    // octets
	Text      *string `json:"text"`      // the octets, if they are UTF-8
	Base64    []byte  `json:"base64"`    // the octets, if they are not
	Rule      string  `json:"rule"`      // name of the rule
	Sections  string  `json:"sections"`  // RFC number and section, or the level of a requirement
	Note      string  `json:"note"`      // what the octets mean; empty if that was said before
	IllFormed bool    `json:"illFormed"` // the value breaks the grammar of its field
}

// A Fault is what ended a message before its end.
type Fault struct {
	Error       string `json:"error"`       // one line: offset, rule, what was found and expected
	Explanation string `json:"explanation"` // several lines, with the place and what to do
}

// A Framing says where the final response ends.
type Framing struct {
	Status   int    `json:"status"`   // status code
	Ending   string `json:"ending"`   // what marks the end of the body
	Head     int64  `json:"head"`     // octets of the head
	Body     int64  `json:"body"`     // octets of the body, the framing of chunks included
	Surplus  int64  `json:"surplus"`  // octets after the end of the response
	Complete bool   `json:"complete"` // the response was not cut short
}

// Timing is milliseconds since the client began to connect. A time is null if that did not happen.
type Timing struct {
	Connected *float64 `json:"connected"` // the connection was open
	Secured   *float64 `json:"secured"`   // the handshake of TLS was complete
	Sent      *float64 `json:"sent"`      // the last octet of the request was sent
	First     *float64 `json:"first"`     // the first octet of the response arrived
	Head      *float64 `json:"head"`      // the head of the final response was complete
	End       *float64 `json:"end"`       // the response was complete
	Closed    *float64 `json:"closed"`    // the server closed the connection
}

// NewMessage returns the message of a listing. size is how many octets there were.
func NewMessage(l explain.Listing, size int64) *Message {
	m := &Message{Size: size, Lines: make([]Line, 0, len(l.Lines))}
	for i := range l.Lines {
		m.Lines = append(m.Lines, newLine(&l.Lines[i]))
	}
	if l.Err != nil {
		m.Fault = &Fault{oneLine(&l), string(l.AppendError(nil))}
	}
	return m
}

// oneLine returns the error of a listing without what it rests on. The explanation says that.
func oneLine(l *explain.Listing) string {
	text := explain.ErrorLine(l.Octets, l.Err)
	return strings.TrimSuffix(text, " ("+explain.Basis(l.Octets, l.Err).String()+")")
}

func newLine(l *explain.Line) Line {
	line := Line{Offset: l.Offset, Length: len(l.Octets), Rule: l.Name(), Sections: l.Sections,
		Note: l.Note, IllFormed: l.IllFormed}
	if utf8.Valid(l.Octets) {
		text := string(l.Octets)
		line.Text = &text
	} else {
		line.Base64 = l.Octets
	}
	return line
}

// Milliseconds returns the time from begin to t, or nil if t is zero.
func Milliseconds(begin, t time.Time) *float64 {
	if t.IsZero() {
		return nil
	}
	ms := float64(t.Sub(begin).Microseconds()) / 1000
	return &ms
}

// Append appends the document and a line end.
func (x *Exchange) Append(dst []byte) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	encoder.Encode(x) // without an error: a Buffer returns none, and each value of an Exchange can be encoded
	return visible.AppendJSON(dst, b.Bytes())
}
