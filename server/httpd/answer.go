package httpd

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"maps"
	"strconv"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
)

// Every answer leaves through answer, whoever made it, so that none lacks a Date or a length, and
// none has a body where none may be.

var (
	nameContentType = []byte("Content-Type")
	valueText       = []byte("text/plain; charset=utf-8")
)

// answer appends the response to what is to be sent, logs it, and reports whether the connection
// goes on. A long body is sent at once, or if too many are on their way, 503 is.
func (c *conn) answer(keep bool) bool {
	keep = keep && !c.srv.stopping.Load() && !c.req.Simple
	c.ready++
	h, from := c.hold(), len(c.out)
	if c.srv.inFlight.take(h, c.srv.Limits.InFlight) {
		defer c.srv.inFlight.giveBack(h)
	} else {
		c.refusal(503, []byte("The server has as many responses under way as it has memory for. "+
			"Try again in a second.\n"))
	}
	if err := c.append(keep); err != nil {
		c.srv.log(slog.LevelError, "the handler's response cannot be sent",
			slog.Uint64("id", c.id), slog.Any("error", err))
		c.text(500, []byte("The server made an answer that it must not send.\n"))
		keep = false
		c.append(keep)
	}
	c.srv.metrics.answered(c.resp.Code)
	long, n := c.isLong(), int64(len(c.out)-from)
	if long {
		n += c.resp.Len()
	}
	c.logAnswer(n)
	if long {
		keep = c.sendLong() == nil && keep
	}
	c.resp.Body, c.resp.Parts = nil, nil // flush may wait for the client
	if len(c.out) >= keptOutput {        // responses to pipelined requests must not pile up
		keep = c.flush() == nil && keep
	}
	return keep
}

// append appends the head of the response, with the fields that every response has, and the body
// unless it is long. A Simple-Response has no head. What must not be sent is an error, and nothing
// is appended.
func (c *conn) append(keep bool) error {
	resp := &c.resp
	if !c.req.Simple {
		k := kind{resp.Code, keep, resp.Len()}
		if !c.last.is(c.now, k, resp.Fields) {
			if err := c.makeHead(&c.last, k); err != nil {
				return err
			}
		}
		c.out = append(c.out, c.last.octets...)
	}
	if string(c.req.Method) != "HEAD" && !c.isLong() {
		c.appendBody()
	}
	return nil
}

// appendBody appends the body.
func (c *conn) appendBody() {
	if c.resp.Parts == nil {
		c.out = append(c.out, c.resp.Body...)
		return
	}
	parts := c.few[:]
	for n, at := c.resp.Parts.Fill(parts, 0); n > 0; n, at = c.resp.Parts.Fill(parts, at) {
		for _, part := range parts[:n] {
			c.out = append(c.out, part...)
		}
	}
	clear(parts)
}

// A head is that of an answer, kept because the next answer often begins with the same octets: to
// check fields costs ten times what it costs to see that they are those of the last answer.
type head struct {
	octets []byte
	unix   int64 // the second of its Date
	kind   kind
	fields httpwire.Fields // of the response, in memory of their own
	memory []byte
}

// A kind of answer has a head that depends on the time and the response's fields alone.
type kind struct {
	code   int
	keep   bool
	length int64 // of the body
}

// is reports whether the head is right for an answer.
func (h *head) is(now time.Time, k kind, fs httpwire.Fields) bool {
	if h.kind != k || h.unix != now.Unix() || len(h.fields) != len(fs) {
		return false
	}
	for i := range fs {
		if !bytes.Equal(h.fields[i].Name, fs[i].Name) || !bytes.Equal(h.fields[i].Value, fs[i].Value) {
			return false
		}
	}
	return true
}

// makeHead makes the head of the response: general fields first, then those of the response, then
// that of its body (RFC 1945 section 4.2).
func (c *conn) makeHead(h *head, k kind) error {
	resp := &c.resp
	h.kind = kind{} // until all of it is there
	if err := check(resp); err != nil {
		return err
	}
	c.date(resp.Fields)
	start, err := c.srv.start(c.now, k.code, k.keep)
	if err != nil {
		return err
	}
	octets, err := httpwire.AppendFields(append(h.octets[:0], start...), resp.Fields)
	if err != nil {
		return err
	}
	if httpwire.BodyAllowed(k.code) {
		octets = append(octets, nosniff+"Content-Length: "...)
		octets = strconv.AppendInt(octets, k.length, 10)
		octets = append(octets, "\r\n"...)
	}
	h.octets = append(octets, "\r\n"...)
	h.keep(resp.Fields)
	h.unix, h.kind = c.now.Unix(), k
	return nil
}

// date sees to it that Last-Modified is not later than the Date of the answer: what was modified
// after the request came is dated anew, and a clock that went back is not shown
// (RFC 9110 section 8.8.2.1).
func (c *conn) date(fs httpwire.Fields) {
	for i := range fs {
		if !httpwire.EqualFold(fs[i].Name, "Last-Modified") {
			continue
		}
		c.now = time.Now()
		modified, err := httpwire.ParseDate(fs[i].Value, c.now)
		if err == nil && modified.After(c.now) {
			fs[i].Value = httpwire.AppendDate(nil, c.now)
		}
	}
}

// keep copies the fields.
func (h *head) keep(fs httpwire.Fields) {
	h.fields, h.memory = h.fields[:0], h.memory[:0]
	for i := range fs {
		h.memory = append(append(h.memory, fs[i].Name...), fs[i].Value...)
	}
	rest := h.memory
	for i := range fs {
		name, value := len(fs[i].Name), len(fs[i].Name)+len(fs[i].Value)
		h.fields = h.fields.Add(rest[:name], rest[name:value])
		rest = rest[value:]
	}
}

// check refuses what the fields cannot show: a body where there is none, and fields that every
// answer has already.
func check(resp *httpwire.Response) error {
	if resp.Code < 200 {
		return errors.New("a final answer with a status code that is none")
	}
	if resp.Len() > 0 && !httpwire.BodyAllowed(resp.Code) {
		return errors.New("a body with a status code that has none")
	}
	for i := range resp.Fields {
		for _, name := range everyAnswers {
			if httpwire.EqualFold(resp.Fields[i].Name, name) {
				return errors.New("a second " + name)
			}
		}
	}
	return nil
}

// everyAnswers are the fields that every answer has, or every one that may have a body.
var everyAnswers = [...]string{"Date", "Connection", "Server", "Content-Length",
	"X-Content-Type-Options"}

// nosniff keeps browsers from taking a body for something else than its Content-Type says, such as
// an echo in plain text for a page with a script (the Fetch standard).
const nosniff = "X-Content-Type-Options: nosniff\r\n"

// A second holds how answers of one second begin: making a date costs more than all the rest of a
// head, and checking a field costs more than copying it.
type second struct {
	unix   int64
	starts map[beginning][]byte
}

// A beginning is what the start of an answer says besides the date.
type beginning struct {
	code int
	keep bool
}

// start returns the status-line of an answer and the fields that all answers have.
func (s *Server) start(now time.Time, code int, keep bool) ([]byte, error) {
	k := beginning{code, keep}
	current := s.second.Load()
	if current == nil || current.unix != now.Unix() {
		current = &second{unix: now.Unix()}
	}
	if start, ok := current.starts[k]; ok {
		return start, nil
	}
	start, err := s.makeStart(now, k)
	if err != nil {
		return nil, err
	}
	starts := map[beginning][]byte{k: start}
	maps.Copy(starts, current.starts)
	s.second.Store(&second{current.unix, starts})
	return start, nil
}

func (s *Server) makeStart(now time.Time, k beginning) ([]byte, error) {
	connection := "close"
	if k.keep {
		connection = "keep-alive"
	}
	fs := httpwire.Fields{}.
		Add([]byte("Date"), httpwire.AppendDate(nil, now)).
		Add([]byte("Connection"), []byte(connection))
	if s.Name != "" {
		fs = fs.Add([]byte("Server"), []byte(s.Name))
	}
	b, err := httpwire.AppendStatusLine(nil, &httpwire.StatusLine{
		Code: k.code, Reason: []byte(httpwire.ReasonPhrase(k.code))})
	if err != nil {
		return nil, err
	}
	return httpwire.AppendFields(b, fs)
}

// text makes the response one of plain text.
func (c *conn) text(code int, body []byte) {
	c.resp = httpwire.Response{
		StatusLine: httpwire.StatusLine{Code: code},
		Fields:     c.resp.Fields[:0].Add(nameContentType, valueText),
		Body:       body,
	}
}

// logAnswer logs a request and its answer of n octets.
func (c *conn) logAnswer(n int64) {
	if c.srv.Log == nil {
		return
	}
	line := c.in.Octets()
	line = line[min(c.req.Offset, len(line)):]
	if end := bytes.IndexAny(line, "\r\n"); end >= 0 {
		line = line[:end]
	}
	line = basicauth.Redact(line)
	if c.srv.Log.Enabled(context.Background(), slog.LevelDebug) {
		octets := c.in.Octets()
		octets = octets[:min(int64(len(octets)), c.came)]
		octets = basicauth.Redact(octets)
		c.srv.log(slog.LevelDebug, "octets", slog.Uint64("id", c.id), slog.String("in", string(octets)))
	}
	c.srv.log(c.level(), "request",
		slog.Uint64("id", c.id), c.peer(), slog.String("line", string(line[:min(len(line), 200)])),
		slog.Int("status", c.resp.Code), slog.Int64("in", c.came),
		slog.Int64("out", n), slog.Duration("took", time.Since(c.began).Round(time.Microsecond)))
}
