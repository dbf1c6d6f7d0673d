package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/explain"
	"rawhttp/rawclient/wireclient"
)

// handle shows an event of the response. It returns the first error of the output.
func (c *client) handle(event wireclient.Event) error {
	switch e := event.(type) {
	case *wireclient.Silence:
		c.saySilence(e)
	case *wireclient.Head:
		if e.Response != nil && e.Framing.Ending != httpwire.EndsInterim { // that of the final response, and complete
			c.timing.head = time.Now()
		}
		c.showHead(e)
	case *wireclient.Data:
		c.showData(e)
	case *wireclient.Broken:
		if c.response.final != nil { // chunks cannot be read, and the rest is everything up to the close
			h := *c.response.final
			h.Framing = httpwire.Framing{Ending: httpwire.EndsWhenClosed}
			c.response.final = &h
		}
		c.fault("%v", e.Err)
		if foreign, ok := errors.AsType[*explain.ForeignError](e.Err); ok && foreign.Protocol == explain.TLS {
			c.adviseTLS()
		}
	case *wireclient.End:
		if e.Err == nil {
			c.timing.body = time.Now()
		}
		c.noteEnd(e)
	case *wireclient.Close:
		c.response.closed = *e
		c.noteSurplus(e)
		c.noteClose(e)
	}
	return c.out.err
}

// saySilence says what the client waits for.
func (c *client) saySilence(e *wireclient.Silence) {
	if c.out.screen != nil {
		c.out.screen.endLine()
	}
	received := fmt.Sprintf("waiting: %s %s been received, and ", explain.OctetCount(e.Received),
		explain.Verb(e.Received, "has", "have"))
	switch {
	case e.Complete:
		c.say("waiting for the server to close the connection (-wait)")
	case e.InHead:
		c.say("%sthe empty line that ends the head is missing", received)
	case e.Received > 0:
		c.say("%sthe response is not complete", received)
	case e.Sending:
		c.say("waiting for a response; the request is still being sent")
	default:
		c.say("waiting for a response; %s", c.req.state())
	}
}

// fault returns why the request cannot be read to its end, or nil.
func (r *request) fault() error {
	_, err := httpwire.RequestSpans(nil, r.Octets)
	return err
}

// state says whether the server waits for more of the request or has to respond.
func (r *request) state() string {
	err, short := r.fault(), (*httpwire.IncompleteError)(nil)
	switch {
	case errors.As(err, &short):
		return "the request is not complete, and the server waits for " + short.Rule.Want()
	case err != nil:
		return "the request breaks a rule: " + explain.ErrorLine(r.Octets, err)
	}
	return "the request is complete, so it is the server's turn"
}

// showHead shows a head and keeps the notices about it. Only a final one is kept.
func (c *client) showHead(h *wireclient.Head) {
	c.out.write(h.Octets, true)
	if c.opt.verbose {
		c.mark('<', h.Octets)
	}
	for _, repair := range h.Repairs {
		c.fault("%s", repair)
	}
	c.response.simple = h.Simple
	if resp := h.Response; resp != nil {
		for i := range resp.Fields {
			c.noteFold(h, &resp.Fields[i])
		}
		if h.Fault != nil {
			c.fault("%s", explain.ErrorLine(c.out.kept, h.Fault))
		}
		c.noteFraming(h.Framing, resp)
		if c.out.screen != nil {
			c.out.screen.describe(resp)
		}
		if h.Framing.Ending == httpwire.EndsInterim {
			c.noteInterim(resp)
		} else {
			c.response.final, c.response.status, c.response.bodyStart = h, resp.Code, c.out.total
		}
	}
}

// noteSimple says what a response without a status-line is.
func (c *client) noteSimple() {
	why := ""
	switch like := explain.LikeHead(c.out.kept); {
	case like != "":
		why = "; " + like
	case c.req.Simple:
		why = "; the request-line has no version: write HTTP/1.0 at its end to get a status-line and fields"
	case c.req.Version.AtLeast(1, 1):
		why = "; a server of HTTP/1.1 sends a status-line"
	}
	c.sayLater("HTTP/0.9 response: there is no status-line, and all octets are the body "+
		"(RFC 1945 section 6)%s", why)
}

// noteFold says how a field that continues on other lines is read. HTTP/1.0 allows it.
func (c *client) noteFold(h *wireclient.Head, f *httpwire.Field) {
	if !bytes.Contains(f.Value, []byte("\r\n")) {
		return
	}
	line := append(append([]byte(nil), f.Name...), ": "...)
	line = httpwire.AppendUnfolded(line, f.Value)
	const start = "HTTP/1.0 200 OK\r\n" // a field is redacted in a message
	line = basicauth.Redact(append([]byte(start), line...))[len(start):]
	c.sayLater("offset %d: a folded field, read as %q (%s)", h.FieldOffset(f),
		safe(string(line)), httpwire.RuleObsFold.Sections())
}

func (c *client) noteInterim(resp *httpwire.Response) {
	allowed := ""
	if !c.req.Version.AtLeast(1, 1) {
		allowed = ", which a server must not send to a client of HTTP/1.0"
	}
	c.sayLater("%d %s is an interim response%s; a final response must follow (RFC 9110 section 15.2)",
		resp.Code, safe(string(resp.Reason)), allowed)
}

// noteFraming says where the body ends if the fields alone do not show it.
func (c *client) noteFraming(f httpwire.Framing, resp *httpwire.Response) {
	coded := resp.Fields.Get("Transfer-Encoding") != nil
	switch {
	case f.Ending.OtherProtocol(), f.Ending == httpwire.EndsWithHead && coded:
		c.sayLater("%s", explain.WhatFollows(f, resp, c.req.Method))
		return
	case resp.Fields.Has("Transfer-Encoding", "chunked"):
		c.noteChunked(f)
	}
	if left := codingsLeft(resp.Fields); c.opt.decode && len(left) > 0 {
		c.sayLater("the transfer coding %s is left: -decode removes chunks and no other coding "+
			"(RFC 9112 section 7)", safe(strings.Join(left, ", ")))
	}
}

// codingsLeft returns the transfer codings that remain when the chunks are removed.
func codingsLeft(fs httpwire.Fields) (left []string) {
	for _, coding := range fs.Members("Transfer-Encoding") {
		if !httpwire.EqualFold(coding, "chunked") {
			left = append(left, string(httpwire.AppendUnfolded(nil, coding)))
		}
	}
	return left
}

func (c *client) noteChunked(f httpwire.Framing) {
	version := ""
	if !c.req.Version.AtLeast(1, 1) {
		version = ", which a client of HTTP/1.0 does not know"
	}
	shown, end := "they are shown as received", "the last chunk ends it"
	if c.opt.decode {
		shown = "-decode leaves their framing out"
	}
	if f.Ending == httpwire.EndsWhenClosed {
		shown, end = "they are shown as received", "only the close ends it"
	}
	c.sayLater("the body is in chunks%s; %s, and %s (RFC 9112 section 6.3)", version, shown, end)
}

// showData shows octets of the body, or the framing of its chunks unless -decode leaves it out.
func (c *client) showData(d *wireclient.Data) {
	if d.Framing && c.opt.decode {
		c.out.keep(d.Octets)
		c.out.left += int64(len(d.Octets))
	} else {
		c.out.write(d.Octets, false)
	}
	if !d.Framing {
		c.response.data += int64(len(d.Octets))
	}
}

// noteEnd says what the body shows, what cut the response short, or with -v how long its parts were.
func (c *client) noteEnd(e *wireclient.End) {
	switch {
	case c.response.simple:
		c.noteSimple()
	case c.response.status == 205 && c.response.data > 0:
		c.sayLater("a server must not send %s of body with 205: the body must be empty (RFC 9110 section 15.3.6)",
			explain.OctetCount(c.response.data))
	}
	if e.Err != nil {
		c.response.cut = e.Err
		c.sayLater("%s: %s", e.What, c.reason(e.Err))
		switch {
		case c.out.total > c.out.start:
		case errors.Is(e.Err, context.DeadlineExceeded) && errors.Is(c.req.fault(), httpwire.ErrIncomplete) && !c.opt.half:
			c.sayLater("add  -half  to end the request, so that the server says what is missing")
		case alertOf(e.Err) != "": // with TLS 1.3, that of a missing certificate follows the handshake
			c.sayLater("the server may require a certificate of the client, which rawclient does not have")
		case strings.HasSuffix(c.req.addr, "443"): // a usual port of TLS
			c.adviseTLS()
		}
	} else if h := c.response.final; h != nil && c.opt.verbose {
		head, body := int64(len(h.Octets)), c.out.total-c.response.bodyStart
		c.sayLater("%d %s: head %s, body %s (%s)", h.Response.Code, safe(string(h.Response.Reason)),
			explain.OctetCount(head), explain.OctetCount(body), h.Framing.Ending)
	}
}

// adviseOnStatus says how to do what the server asks for. A file has no advice: no flag changes it.
func (c *client) adviseOnStatus() {
	switch {
	case c.response.status != 411 || len(c.req.Body) > 0 || c.opt.given["in"]:
	case len(c.opt.lines) == 0:
		c.sayLater("to send a body, type  Content-Length:  and its number of octets before the empty line, and " +
			"the body after it")
	default:
		c.sayLater("to send a body and its length, add  -data TEXT  or  -body FILE  before the " +
			"request-line;  -data \"\"  is a body of no octets")
	}
}

// adviseTLS names the flag for a server that speaks TLS and got HTTP without it.
func (c *client) adviseTLS() {
	if !c.req.tls {
		c.sayLater("to send the request inside TLS, add  -tls  or write a URL that begins with https://")
	}
}

// reason says what cut a response short.
func (c *client) reason(err error) string {
	switch {
	case err == io.EOF, errors.Is(err, io.ErrUnexpectedEOF):
		return "the server closed the connection"
	case wireclient.IsReset(err):
		return "the server reset the connection"
	case errors.Is(err, context.DeadlineExceeded):
		return c.opt.timeIsOver()
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case alertOf(err) != "":
		return fmt.Sprintf("the server ended TLS with the alert %q", alertOf(err))
	}
	return cause(err)
}

// noteSurplus says what the octets after a complete response are.
func (c *client) noteSurplus(e *wireclient.Close) {
	switch octets := explain.OctetCount(e.Surplus); {
	case e.Surplus == 0:
	case c.response.final.Framing.Ending.OtherProtocol():
		c.sayLater("%s %s shown", explain.OtherProtocol(e.Surplus, c.req.Method),
			explain.Verb(e.Surplus, "was received and is", "were received and are"))
	case hasMore(c.req.Request):
		c.sayLater("surplus: %s after the end of the response; the request had octets after its end "+
			"too, so this may be another response", octets)
	default:
		why := ""
		if f := c.response.final.Framing; f.Ending == httpwire.EndsWithHead {
			why = ": " + explain.WhatFollows(f, c.response.final.Response, c.req.Method)
		}
		c.fault("surplus: %s after the end of the response, which %s to no message%s (%s)",
			octets, explain.Verb(e.Surplus, "belongs", "belong"), why, httpwire.RuleSurplus.Sections())
	}
}

// hasMore reports whether octets follow the end of a request. Empty lines are none: a server ignores them before a
// request.
func hasMore(r *wireclient.Request) bool {
	length, err := r.BodyLength()
	return r.Err == nil && err == nil && int64(len(bytes.TrimRight(r.Body, "\r\n"))) > length
}

// noteClose says what happened to the connection after a complete response.
func (c *client) noteClose(e *wireclient.Close) {
	took, watched := "", fmt.Sprintf(" (watched for %s)", c.watched())
	if c.opt.wait {
		took = fmt.Sprintf(" after %s", e.After.Round(time.Millisecond))
		watched = took
	}
	switch {
	case e.Err == nil:
		c.sayLater("the client reads only about 1 MiB after a response, and has closed the connection")
	case c.round < c.opt.repeat && errors.Is(e.Err, os.ErrDeadlineExceeded): // the next notice says more
	case e.Err == io.EOF && (c.opt.wait || c.opt.verbose || !c.response.final.Closes):
		c.sayLater("the server closed the connection%s", took)
	case e.Err == io.EOF:
	case wireclient.IsReset(e.Err):
		c.sayLater("the response is complete; then the server reset the connection%s", took)
	case errors.Is(e.Err, context.Canceled):
		c.sayLater("the response is complete; waiting for the close was interrupted%s", took)
	case c.response.final.Closes && !c.response.final.Framing.Ending.OtherProtocol():
		c.sayLater("the response is complete, and the server has not closed the connection%s", took)
	default:
		c.sayLater("the response is complete; the server keeps the connection open%s", watched)
	}
}

// sentAll reports whether the whole request was sent.
func (c *client) sentAll() bool {
	n, _ := c.exchange.Sent()
	return n == len(c.req.Octets)
}

// noteSent says why only a part of the request was sent.
func (c *client) noteSent() {
	if c.sentAll() {
		return
	}
	n, err := c.exchange.Sent()
	why := "the response came first"
	switch {
	case wireclient.IsReset(err):
		why = "the server did not read the rest"
	case errors.Is(err, net.ErrClosed), c.out.total == c.out.start: // a notice says why no response came
		why = "the exchange ended"
	case errors.Is(err, os.ErrDeadlineExceeded):
	default:
		why = cause(err)
	}
	c.sayLater("only %d of %d octets of the request were sent: %s", n, len(c.req.Octets), why)
}
