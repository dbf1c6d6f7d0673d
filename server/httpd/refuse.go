package httpd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/explain"
)

// What is answered to a request that cannot be read. The wire format knows no status codes: the
// same rule, broken by a client, is a 400 here, and broken by a server, a finding of the client's.

// refuse answers a request that could not be read, if there is anybody to answer and anything to
// say, and ends the connection.
func (c *conn) refuse(err error) bool {
	c.linger = true
	c.came = c.in.Count() - c.before
	octets, cause, code := c.in.Octets(), err, 0
	if c.req.Body != nil { // what came of a body that is too long for the buffer
		octets = append(octets[:len(c.req.Head):len(c.req.Head)], c.req.Body...)
	}
	if !c.broken {
		code = unfinished(err)
	}
	if code != 0 && c.served && len(bytes.Trim(octets, "\r\n")) == 0 {
		return false // an empty line behind the last request is no request
	}
	if code != 0 { // what is missing? or was a rule broken in a line that never ended?
		_, err = httpwire.RequestSpans(nil, octets)
	}
	fault := (*httpwire.SyntaxError)(nil)
	if errors.As(err, &fault) && !c.broken {
		code = status(fault.Rule)
		c.srv.metrics.broken[fault.Rule].Add(1)
	}
	if code == 0 { // the peer is gone
		c.srv.log(slog.LevelInfo, "gone", slog.Uint64("id", c.id), c.peer(), slog.Any("error", err))
		return false
	}
	// The method counts for the answer, and octets may have moved since it was read.
	httpwire.ConsumeRequest(octets, &c.req)
	c.req.Simple = false
	c.req.Fields = wholeLines(c.req.Fields, octets)
	text := append(c.explain(octets, err, fault), c.reason(cause)...)
	if other := c.misdirected(); other != nil && (fault == nil || !namesHost(fault.Rule)) {
		code, text = 421, []byte(other.Error())
	}
	c.refusal(code, text)
	return c.answer(false)
}

// wholeLines leaves out the last field if the end of its line has not come: half of a value says
// something else than all of it.
func wholeLines(fs httpwire.Fields, octets []byte) httpwire.Fields {
	if n := len(fs); n > 0 && bytes.IndexByte(octets[fs[n-1].ValueOffset:], '\n') < 0 {
		return fs[:n-1]
	}
	return fs
}

// unfinished returns the status code for a request that did not come whole, or whose head says that
// it is for another server, and 0 for one that breaks a rule and for a client that is gone.
func unfinished(err error) int {
	other := (*misdirected)(nil)
	switch {
	case isTimeout(err):
		return 408
	case err == errStopping:
		return 503
	case err == io.ErrUnexpectedEOF:
		return 400
	case errors.As(err, &other):
		return 421
	}
	return 0
}

// reason says why the server did not wait for longer, where that is not the client's doing.
func (c *conn) reason(cause error) string {
	switch {
	case cause == errStopping:
		return "  note  the server is stopping: send the whole request again, in a few seconds\n"
	case isTimeout(cause) && c.evicted.Load():
		return "  note  all connections are taken, and this one had waited longest\n"
	}
	return ""
}

// refusal makes the response one of plain text, with the fields that the handler adds to it.
func (c *conn) refusal(code int, text []byte) {
	c.text(code, text)
	if code == 503 {
		c.resp.Fields = c.resp.Fields.Add(nameRetryAfter, valueRetryAfter)
	}
	if h, ok := c.srv.Handler.(RefusalHandler); ok {
		h.HandleRefusal(&c.req, &c.resp)
	}
}

// A client that comes back after a second finds a place, because leastWait is no longer.
var (
	nameRetryAfter  = []byte("Retry-After")
	valueRetryAfter = []byte("1")
)

// explain says what is wrong, and what the limit is if one was passed.
func (c *conn) explain(octets []byte, err error, fault *httpwire.SyntaxError) []byte {
	text := explain.AppendError(nil, basicauth.Redact(octets), err)
	if fault == nil {
		return text
	}
	l := &c.srv.Limits
	switch fault.Rule {
	case httpwire.RuleLineLimit:
		text = fmt.Appendf(text, "  limit %d octets\n", l.Line)
	case httpwire.RuleHeadLimit:
		text = fmt.Appendf(text, "  limit %d octets\n", l.Head)
	case httpwire.RuleFieldLimit:
		text = fmt.Appendf(text, "  limit %d fields\n", l.Fields)
	case httpwire.RuleBodyLimit:
		text = fmt.Appendf(text, "  limit %d octets\n", l.Body)
	}
	return text
}

// knows reports whether the method of the request is known, to everybody or to the handler.
func (c *conn) knows() bool {
	if httpwire.IsMethod(c.req.Method) {
		return true
	}
	h, ok := c.srv.Handler.(MethodHandler)
	return ok && h.Knows(&c.req)
}

// statuses are the codes for rules whose breach is not simply a 400.
var statuses = map[httpwire.Rule]int{
	httpwire.RuleLineLimit:      414,
	httpwire.RuleHeadLimit:      431,
	httpwire.RuleFieldLimit:     431,
	httpwire.RuleBodyLimit:      413,
	httpwire.RuleLengthRequired: 411,
	httpwire.RuleExpect:         417,
	httpwire.RuleKnownMethod:    501,
	httpwire.RuleTransferCoding: 501,
	httpwire.RuleMajorVersion:   505,
}

// status maps the rule that a client broke to a status code.
func status(r httpwire.Rule) int {
	if code, ok := statuses[r]; ok {
		return code
	}
	return 400
}
