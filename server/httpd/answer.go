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
)

// Every answer leaves through answer, whoever made it, so that none lacks a Date or a length, and
// none has a body where none may be.

var (
	nameContentType = []byte("Content-Type")
	valueText       = []byte("text/plain; charset=utf-8")
)

// answer appends the response to what is to be sent, logs it, and reports whether the connection
// goes on.
func (c *conn) answer(keep bool) bool {
	keep = keep && !c.srv.stopping.Load()
	if c.req.Simple {
		c.out = append(c.out, c.resp.Body...)
		c.logAnswer(int64(len(c.resp.Body)))
		return false
	}
	from := len(c.out)
	if err := c.append(keep); err != nil {
		c.srv.log(slog.LevelError, "the handler's response cannot be sent",
			slog.Uint64("id", c.id), slog.Any("error", err))
		c.text(500, []byte("The server made an answer that it must not send.\n"))
		keep = false
		c.append(keep)
	}
	c.logAnswer(int64(len(c.out) - from + len(c.body)))
	if c.body != nil || len(c.out) >= keptOutput { // answers to pipelined requests must not pile up
		keep = c.flush() == nil && keep
	}
	return keep
}

// append appends the response with the fields that every answer has: general ones first, then those
// of the response, then that of its body (RFC 1945 section 4.2). What must not be sent is an error,
// and nothing is appended.
func (c *conn) append(keep bool) error {
	resp := &c.resp
	if err := check(resp); err != nil {
		return err
	}
	start, err := c.srv.start(c.now, resp.Code, keep)
	if err != nil {
		return err
	}
	from := len(c.out)
	out, err := httpwire.AppendFields(append(c.out, start...), resp.Fields)
	if err != nil {
		c.out = out[:from]
		return err
	}
	if httpwire.BodyAllowed(resp.Code) {
		out = append(out, "Content-Length: "...)
		out = strconv.AppendInt(out, int64(len(resp.Body)), 10)
		out = append(out, "\r\n"...)
	}
	c.out = append(out, "\r\n"...)
	switch {
	case string(c.req.Method) == "HEAD":
	case len(resp.Body) >= longBody:
		c.body = resp.Body
	default:
		c.out = append(c.out, resp.Body...)
	}
	return nil
}

// check refuses what the fields cannot show: a body where there is none, and fields that every answer
// has already.
func check(resp *httpwire.Response) error {
	if resp.Code < 200 {
		return errors.New("a final answer with a status code that is none")
	}
	if len(resp.Body) > 0 && !httpwire.BodyAllowed(resp.Code) {
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

// everyAnswers are the fields that every answer has.
var everyAnswers = [...]string{"Date", "Connection", "Server", "Content-Length"}

// A second holds how answers of one second begin: making a date costs more than all the rest of a
// head, and checking a field costs more than copying it.
type second struct {
	unix   int64
	starts map[kind][]byte
}

// A kind of answer begins in its own way.
type kind struct {
	code int
	keep bool
}

// start returns the status-line of an answer and the fields that all answers have.
func (s *Server) start(now time.Time, code int, keep bool) ([]byte, error) {
	k := kind{code, keep}
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
	starts := map[kind][]byte{k: start}
	maps.Copy(starts, current.starts)
	s.second.Store(&second{current.unix, starts})
	return start, nil
}

func (s *Server) makeStart(now time.Time, k kind) ([]byte, error) {
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
	if c.srv.Log.Enabled(context.Background(), slog.LevelDebug) {
		octets := c.in.Octets()
		octets = octets[:min(int64(len(octets)), c.came)]
		c.srv.log(slog.LevelDebug, "octets", slog.Uint64("id", c.id), slog.String("in", string(octets)))
	}
	c.srv.log(slog.LevelInfo, "request",
		slog.Uint64("id", c.id), c.peer(), slog.String("line", string(line[:min(len(line), 200)])),
		slog.Int("status", c.resp.Code), slog.Int64("in", c.came),
		slog.Int64("out", n), slog.Duration("took", time.Since(c.began).Round(time.Microsecond)))
}
