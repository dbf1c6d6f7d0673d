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
	octets, code := c.in.Octets(), 0
	if c.req.Body != nil { // what came of a body that is too long for the buffer
		octets = append(octets[:len(c.req.Head):len(c.req.Head)], c.req.Body...)
	}
	switch {
	case c.broken: // nobody listens
	case isTimeout(err):
		code = 408
	case err == io.ErrUnexpectedEOF:
		code = 400
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
	c.text(code, c.explain(octets, err, fault))
	return c.answer(false)
}

// explain says what is wrong, and what the limit is if one was passed.
func (c *conn) explain(octets []byte, err error, fault *httpwire.SyntaxError) []byte {
	text := explain.AppendError(nil, basicauth.Hide(octets), err)
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
	h, ok := c.srv.Handler.(interface{ Knows(*httpwire.Request) bool })
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
