package explain

import (
	"bytes"
	"fmt"

	"rawhttp/httpwire"
)

// What a server that waits is waiting for, on one line of a log:
//
//	27 octets, in the fields, waiting for CR LF (the empty line that ends the head), or one more field
//	59 octets, in the body, expecting 12 more of 26 octets of body
//
// It is said in the words of the rule that the next octet comes under, as AppendError says it at
// greater length when the wait is over.

// AppendWaiting appends how much has come of the request at the start of b, where that ends, and
// what is awaited. Of a long body b may lack the end: came says how many octets there were in all.
// Where a rule is broken already, in a line that has not ended, it is that which is said. It is
// ASCII text without a line end.
func AppendWaiting(dst, b []byte, came int64) []byte {
	_, err := httpwire.RequestSpans(nil, b)
	f, ok := locate(b, err)
	if !ok {
		return append(append(dst, OctetCount(came)...), ", a whole request"...)
	}
	f.came = came
	dst = fmt.Appendf(dst, "%s, in the %s, ", OctetCount(came), f.place())
	if !f.short {
		return fmt.Appendf(dst, "waiting for the end of a line that breaks a rule: %v", err)
	}
	if lacks := f.lacks(); lacks != "" {
		return append(dst, lacks...)
	}
	return append(append(dst, "waiting for "...), f.rule.Want()...)
}

// place names the part of a request that the fault is in.
func (f *fault) place() string {
	before := bytes.TrimPrefix(f.b[:min(f.at, len(f.b))], []byte("\r\n"))
	switch {
	case inBody(f):
		return "body"
	case bytes.IndexByte(before, '\n') >= 0:
		return "fields"
	}
	return "request-line"
}
