package explain

import (
	"errors"
	"fmt"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
)

// A Listing is a message as a sequence of lines. Every octet of the message is on exactly one line,
// in order. Credentials are hidden (basicauth.Redact).
type Listing struct {
	Octets   []byte // the message and what came after it
	Response bool   // the message is a response, not a request
	Lines    []Line
	Err      error  // a *httpwire.SyntaxError, a *httpwire.IncompleteError, or nil
	Times    []Time // of the exchange, for the end of the listing on a page

	method []byte // of the request that a response responds to
}

// A Time is when a part of an exchange came, in milliseconds from its start.
type Time struct{ Milliseconds, Part string }

// A Line is a sequence of octets that were read under one rule. Octets is a slice of the Octets of the Listing.
type Line struct {
	Offset    int // of the first octet in the message
	Octets    []byte
	Rule      httpwire.Rule // 0 for octets that were not read, because they follow an error
	Sections  string        // RFC number and section: "1945 10.4, 9110 8.6"; after an error, its level
	Note      string        // what it means, in one or two sentences; "" if the listing said it before
	IllFormed bool          // the value breaks the grammar of its field, and Note says how
}

// Name returns the name of the line's rule, or two words for octets that were not read.
func (l *Line) Name() string {
	switch l.Rule {
	case 0:
		return "not read"
	case httpwire.RuleSurplus:
		return "surplus"
	case httpwire.RuleStatusSP:
		return httpwire.RuleSP.String()
	}
	return l.Rule.String()
}

// Request lists a request, of HTTP/0.9 or HTTP/1, that begins with the first octet of b.
func Request(b []byte) Listing {
	spans, err := httpwire.RequestSpans(nil, b)
	return list(b, spans, err, &annotator{})
}

// Response lists the response at the start of b to a request with the given method, and the interim
// responses before it. b holds all octets until the connection closed. Octets that begin like
// another protocol are listed with an error, and not as a Simple-Response.
func Response(b, method []byte) Listing {
	spans, err := httpwire.ResponseSpans(nil, b, method)
	if foreign(b) != nil {
		err = &httpwire.SyntaxError{Octet: b[0], Rule: httpwire.RuleHTTPVersion}
	}
	return list(b, spans, err, &annotator{response: true, method: method})
}

// list makes a line of each span, and one of the octets after them. Then n writes the notes.
func list(b []byte, spans []httpwire.Span, err error, n *annotator) Listing {
	shown := basicauth.Redact(b)
	l := Listing{Octets: shown, Response: n.response, Err: err, method: n.method,
		Lines: make([]Line, 0, len(spans)+1)}
	end := 0
	for _, s := range spans {
		l.Lines = append(l.Lines, newLine(shown, s))
		end = s.End
	}
	if end < len(b) {
		rest := httpwire.Span{Start: end, End: len(b)}
		if err == nil {
			rest.Rule = httpwire.RuleSurplus
		}
		l.Lines = append(l.Lines, newLine(shown, rest))
	}
	n.b, n.unhidden, n.lines = shown, b, l.Lines
	n.annotate()
	if e, ok := err.(*httpwire.SyntaxError); ok && end < len(b) {
		l.Lines[len(l.Lines)-1].Sections = string(Basis(shown, e).Level)
	}
	return l
}

func newLine(b []byte, s httpwire.Span) Line {
	return Line{Offset: s.Start, Octets: b[s.Start:s.End:s.End], Rule: s.Rule}
}

// mostLines bounds a rendering, because each octet can be on a line of its own. Later lines have no
// notes and no sections.
const mostLines = 2000

// shown returns the lines that a rendering shows, and a clause on those that it leaves out.
func (l *Listing) shown() (lines []Line, more string) {
	if len(l.Lines) <= mostLines {
		return l.Lines, ""
	}
	rest := len(l.Octets) - l.Lines[mostLines].Offset
	return l.Lines[:mostLines], fmt.Sprintf("... %d more runs of octets, %s in all, not shown",
		len(l.Lines)-mostLines, OctetCount(int64(rest)))
}

// Cut is for a listing of the first octets of a message. all is the number of octets of the whole message.
// Cut says at the end of the listing that there are more, removes an error that comes only from the cut,
// and returns the sentence. If the listing has all octets, Cut does nothing and returns "".
func (l *Listing) Cut(message string, all int64) string {
	listed := int64(len(l.Octets))
	if listed == all {
		return ""
	}
	cut := fmt.Sprintf("the listing shows the first %d of %d octets of the %s", listed, all, message)
	if errors.Is(l.Err, httpwire.ErrIncomplete) {
		l.Err = nil
	}
	l.Lines[len(l.Lines)-1].Note = cut
	return cut
}
