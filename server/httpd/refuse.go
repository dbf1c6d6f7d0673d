package httpd

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
)

// Responses to requests that cannot be read. Package httpwire says which rule a message breaks. It does
// not say which status code follows, because it reads responses too. That is decided here.

// refuseRequest responds to a request that could not be read, unless the client is gone, and ends the
// connection. The cause says why reading has ended.
func (c *conn) refuseRequest(cause error) bool {
	c.unreadInput = true
	c.length = c.in.Count() - c.requestStart
	code := statusOfEnd(cause)
	if _, isFault := errors.AsType[*httpwire.SyntaxError](cause); c.broken || code == 0 && !isFault {
		c.srv.log(slog.LevelInfo, "the client is gone", slog.Uint64("id", c.id), c.peer(), slog.Any("error", cause))
		return false
	}
	if code != 0 && c.served && len(bytes.Trim(c.in.Octets(), "\r\n")) == 0 {
		return false // an empty line after the last request is not a request
	}
	r := c.diagnose(cause, code)
	if r.fault != nil {
		c.srv.metrics.brokenRules[r.fault.Rule].Add(1)
	}
	c.makeRefusal(r.code, c.explain(&r))
	return c.respond(false)
}

// A refusal says why a request is refused.
type refusal struct {
	code   int                   // the status code of the response
	cause  error                 // why reading has ended
	err    error                 // what is wrong with the request: the cause, or what is missing if it ended early
	fault  *httpwire.SyntaxError // err, if the request breaks a rule; otherwise nil
	octets []byte                // of the request; of a long body that has not come as a whole, only the beginning
}

// endsAtFault reports whether reading ended at the fault, so that more octets of the request can be on the way.
func (r *refusal) endsAtFault() bool { return r.err == r.cause }

// diagnose returns why the request is refused. If reading ended before the end of the request, code is the status
// code for that, and the error is what is missing, or the rule that the last line breaks. A request for another host
// is refused for that, unless the host is ill-formed. diagnose reads c.req again, because the response depends on the
// method, and the octets may have moved.
func (c *conn) diagnose(cause error, code int) refusal {
	r := refusal{code: code, cause: cause, err: cause, octets: c.received()}
	if code != 0 {
		_, r.err = c.req.Spans(nil, r.octets)
	}
	r.fault, _ = errors.AsType[*httpwire.SyntaxError](r.err)
	head, _ := httpwire.ConsumeRequest(r.octets, &c.req)
	c.req.Simple = false
	if head == 0 {
		c.req.Fields = wholeLines(c.req.Fields, r.octets, r.fault)
	} else if r.endsAtFault() && c.filled {
		r.octets = r.octets[:head] // the explanation counts the octets of the body, and more are to come
	}
	if other := c.misdirected(); other != nil && (r.fault == nil || r.fault.Rule != httpwire.RuleHostField) {
		r.err, r.fault = other, other
	}
	if r.fault != nil {
		r.code = statusOfRule(r.fault.Rule)
	}
	return r
}

// mostExplained is the length of the longest body that is part of an explanation. An explanation hides
// secrets, and looking for them takes up to 11 ms of CPU for each MiB.
const mostExplained = 64 << 10

// received returns the octets of the request that came, without a body that is longer than mostExplained.
func (c *conn) received() []byte {
	octets := c.in.Octets()
	if n := len(c.req.Body); 0 < n && n <= mostExplained { // a body too long for the buffer has memory of its own
		octets = append(octets[:len(c.req.Head):len(c.req.Head)], c.req.Body...)
	}
	return octets
}

// wholeLines leaves out the last field if the end of its line has not come, or if the fault is in that
// line. Half of a value can mean something else than the whole.
func wholeLines(fs httpwire.Fields, octets []byte, fault *httpwire.SyntaxError) httpwire.Fields {
	if len(fs) == 0 {
		return fs
	}
	last := len(fs) - 1
	start := fs[last].Offset
	length := bytes.IndexByte(octets[start:], '\n')
	if length < 0 || fault != nil && start <= fault.Offset && fault.Offset <= start+length {
		return fs[:last]
	}
	return fs
}

// statusOfEnd returns the status code for a request that ended early. It returns 0 for a request that breaks a
// rule, and for a client that is gone.
func statusOfEnd(err error) int {
	switch {
	case isTimeout(err), err == errEvicted:
		return 408
	case err == errStopping:
		return 503
	case err == io.ErrUnexpectedEOF:
		return 400
	}
	return 0
}

// statuses are the status codes for rules that do not lead to a 400.
var statuses = map[httpwire.Rule]int{
	httpwire.RuleLineLimit:      414,
	httpwire.RuleHeadLimit:      431,
	httpwire.RuleFieldLimit:     431,
	httpwire.RuleBodyLimit:      413,
	httpwire.RuleLengthRequired: 411,
	httpwire.RuleExpect:         417,
	httpwire.RuleMisdirected:    421,
	httpwire.RuleKnownMethod:    501,
	httpwire.RuleTransferCoding: 501,
	httpwire.RuleMajorVersion:   505,
}

// statusOfRule returns the status code for a rule that a client broke.
func statusOfRule(r httpwire.Rule) int { return cmp.Or(statuses[r], 400) }

// reasonOf returns a note on why the server stopped waiting, if that is not the client's fault.
func reasonOf(cause error) string {
	switch cause {
	case errStopping:
		return "  note  the server is stopping: send the whole request again, in a few seconds\n"
	case errEvicted:
		return "  note  all connections are taken, and this one had waited longest\n"
	}
	return ""
}

// A client that gets a 503 should try again after one second. Then a connection that waits now has waited for
// leastWait, and can be evicted.
var (
	nameRetryAfter  = []byte("Retry-After")
	valueRetryAfter = []byte("1")
)

// makeRefusal makes the response a plain text with the fields that a RefusalHandler adds.
func (c *conn) makeRefusal(code int, text string) {
	c.makeText(code, text)
	if code == 503 {
		c.resp.Fields = c.resp.Fields.Add(nameRetryAfter, valueRetryAfter)
	}
	if h, ok := c.srv.Handler.(RefusalHandler); ok {
		h.HandleRefusal(&c.req, &c.resp)
	}
}

// explain says what is wrong with a request, the limit that it exceeds or the hosts that it may be for, and why the
// server stopped waiting.
func (c *conn) explain(r *refusal) string {
	var text []byte
	switch {
	case r.fault == nil && c.length > int64(len(r.octets)):
		text = explain.AppendCutBody(nil, r.octets, c.length)
	case r.endsAtFault():
		text = explain.AppendErrorSoFar(nil, r.octets, r.err)
	default:
		text = explain.AppendError(nil, r.octets, r.err)
	}
	return string(text) + c.explainRule(r.fault) + reasonOf(r.cause)
}

// explainRule says which limit a request exceeds, or which hosts it may be for.
func (c *conn) explainRule(fault *httpwire.SyntaxError) string {
	if fault == nil {
		return ""
	}
	l := &c.srv.Limits
	switch fault.Rule {
	case httpwire.RuleLineLimit:
		return fmt.Sprintf("  limit %d octets\n", l.Line)
	case httpwire.RuleHeadLimit:
		return fmt.Sprintf("  limit %d octets\n", l.Head)
	case httpwire.RuleFieldLimit:
		return fmt.Sprintf("  limit %d fields\n", l.Fields)
	case httpwire.RuleBodyLimit:
		return fmt.Sprintf("  limit %d octets\n", l.Body)
	case httpwire.RuleMisdirected:
		return c.explainHosts()
	}
	return ""
}
