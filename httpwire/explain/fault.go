package explain

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"rawhttp/httpwire"
)

// A fault is an error together with the octets that it is about.
type fault struct {
	b        []byte // with credentials hidden, if texts are made of it
	unhidden []byte // b with its credentials, if the reader of the error sees no listing; or nil
	came     int64  // number of octets of the message, including those that b lacks
	at       int    // offset of the error, which may be beyond the end of b
	start    int    // of the line that holds the fault
	end      int    // of that line, after its LF
	octet    byte   // found there, unless short
	short    bool   // the message ends at the fault
	more     bool   // more octets of the message can follow those of b
	rule     httpwire.Rule

	response bool   // the message was read as a response
	method   []byte // of the request that it responds to
}

// locate takes rule and offset from an error about f.b, and reports whether it has them. For an
// ErrIncomplete without an offset it parses f.b again.
func (f *fault) locate(err error) bool {
	f.came = int64(len(f.b))
	if syntax, ok := errors.AsType[*httpwire.SyntaxError](err); ok {
		f.at, f.octet, f.rule = max(0, syntax.Offset), syntax.Octet, syntax.Rule
	} else if errors.Is(err, httpwire.ErrIncomplete) {
		f.at, f.short, f.rule = len(f.b), true, httpwire.RuleComplete
		_, again := f.spans()
		var incomplete *httpwire.IncompleteError
		if errors.As(err, &incomplete) || errors.As(again, &incomplete) {
			f.at, f.rule = max(0, incomplete.Offset), incomplete.Rule
		}
	} else {
		return false
	}
	f.start, f.end = lineAt(f.b, f.at)
	return true
}

// isResponse reports whether the message is a response rather than a request.
func (f *fault) isResponse() bool {
	const start = "http/"
	return f.response || len(f.b) >= len(start) && httpwire.EqualFold(f.b[:len(start)], start)
}

// spans parses the message again.
func (f *fault) spans() ([]httpwire.Span, error) {
	if f.isResponse() {
		return httpwire.ResponseSpans(nil, f.b, f.method)
	}
	return requestSpans(f.b)
}

// requestSpans does what httpwire.RequestSpans does, for a request with any number of fields.
func requestSpans(b []byte) ([]httpwire.Span, error) {
	return roomyRequest(b).Spans(nil, b)
}

// roomyRequest returns a Request with room for all fields of the head at the start of b: a server has a limit of
// its own.
func roomyRequest(b []byte) *httpwire.Request {
	head, _, _ := bytes.Cut(b, []byte("\r\n\r\n"))
	return &httpwire.Request{Fields: make(httpwire.Fields, 0, bytes.Count(head, []byte("\n"))+1)}
}

// lineAt returns where the line that holds the octet at an index starts, and where it ends after its
// LF. The index may be outside the octets.
func lineAt(b []byte, at int) (start, end int) {
	at = max(0, min(at, len(b)))
	start = bytes.LastIndexByte(b[:at], '\n') + 1
	if i := bytes.IndexByte(b[at:], '\n'); i >= 0 {
		return start, at + i + 1
	}
	return start, len(b)
}

// withoutEnd returns a line without its CR LF.
func withoutEnd(line []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
}

// upToHere returns the octets before the fault.
func (f *fault) upToHere() []byte { return f.b[:min(f.at, len(f.b))] }

// text returns the line that holds the fault, without CR LF.
func (f *fault) text() []byte { return withoutEnd(f.b[f.start:f.end]) }

// longestLine is how many octets of a line are looked at, so that a long line costs no more time.
const longestLine = 1024

// words returns the words of the line, as far as it is looked at.
func (f *fault) words() []string {
	line := f.text()
	return strings.Fields(string(line[:min(len(line), longestLine)]))
}

// before returns the line up to the fault.
func (f *fault) before() []byte {
	before := f.upToHere()[f.start:]
	return before[max(0, len(before)-longestLine):]
}

// rest returns the line from the octet of the fault on.
func (f *fault) rest() []byte {
	after := f.b[min(f.at+1, f.end):f.end]
	return slices.Concat([]byte{f.octet}, after[:min(len(after), longestLine)])
}
