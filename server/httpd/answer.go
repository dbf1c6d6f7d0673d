package httpd

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
)

// Every answer leaves through answer, whoever made it, so that none lacks a Date or a length, and
// none has a body where none may be.

var (
	nameDate          = []byte("Date")
	nameConnection    = []byte("Connection")
	nameServer        = []byte("Server")
	nameContentType   = []byte("Content-Type")
	nameContentLength = []byte("Content-Length")
	valueClose        = []byte("close")
	valueKeepAlive    = []byte("keep-alive")
	valueText         = []byte("text/plain; charset=utf-8")
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
		c.text(500, "The server made an answer that it must not send.\n")
		keep = false
		c.append(keep)
	}
	c.logAnswer(int64(len(c.out) - from))
	return keep
}

// append appends the response with the fields that every answer has: general ones first, then those
// of the response, then those of its body (RFC 1945 section 4.2).
func (c *conn) append(keep bool) error {
	connection := valueClose
	if keep {
		connection = valueKeepAlive
	}
	fs := c.fields[:0]
	fs = fs.Add(nameDate, c.srv.date(c.now))
	fs = fs.Add(nameConnection, connection)
	if c.srv.Name != "" {
		fs = fs.Add(nameServer, append(c.name[:0], c.srv.Name...))
	}
	fs = append(fs, c.resp.Fields...)
	if code := c.resp.Code; code >= 200 && code != 204 && code != 304 {
		fs = fs.Add(nameContentLength, strconv.AppendInt(c.length[:0], int64(len(c.resp.Body)), 10))
	}
	c.fields = fs

	if len(c.resp.Reason) == 0 {
		c.resp.Reason = append(c.reason[:0], httpwire.ReasonPhrase(c.resp.Code)...)
	}
	message := httpwire.Response{StatusLine: c.resp.StatusLine, Fields: fs, Body: c.resp.Body}
	out, err := httpwire.AppendResponse(c.out, &message, c.req.Method)
	c.out = out
	return err
}

// A stamp is the value of a Date field, good for one second.
type stamp struct {
	second int64
	date   [29]byte
}

// date returns the value of a Date field. Making one costs more than all the rest of a head, so
// that is done once a second.
func (s *Server) date(now time.Time) []byte {
	second := now.Unix()
	if st := s.stamp.Load(); st != nil && st.second == second {
		return st.date[:]
	}
	st := &stamp{second: second}
	httpwire.AppendDate(st.date[:0], now)
	s.stamp.Store(st)
	return st.date[:]
}

// text makes the response one of plain text.
func (c *conn) text(code int, body string) {
	c.resp = httpwire.Response{
		StatusLine: httpwire.StatusLine{Code: code},
		Fields:     c.resp.Fields[:0].Add(nameContentType, valueText),
		Body:       []byte(body),
	}
}

// refuse answers a request that could not be read, if there is anybody to answer and anything to
// say, and ends the connection.
func (c *conn) refuse(err error) bool {
	c.linger = true
	octets := c.in.Octets()
	var fault *httpwire.SyntaxError
	switch {
	case errors.As(err, &fault):
		c.text(status(fault.Rule), string(explain.AppendError(nil, octets, err)))
	case isTimeout(err):
		c.text(408, string(explain.AppendError(nil, octets, awaited(octets))))
	case err == io.ErrUnexpectedEOF:
		c.text(400, string(explain.AppendError(nil, octets, awaited(octets))))
	default: // the peer is gone
		c.srv.log(slog.LevelInfo, "gone", slog.Uint64("id", c.id), c.peer(), slog.Any("error", err))
		return false
	}
	return c.answer(false)
}

// awaited returns what an unfinished request is waiting for, as an *httpwire.IncompleteError.
func awaited(octets []byte) error {
	_, err := httpwire.RequestSpans(nil, octets)
	return err
}

// methods are those that a resource may allow; any other is unknown to the whole server.
var methods = []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}

func implemented(method []byte) bool { return slices.Contains(methods, string(method)) }

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
	c.srv.log(slog.LevelInfo, "request",
		slog.Uint64("id", c.id), c.peer(), slog.String("line", string(line[:min(len(line), 200)])),
		slog.Int("status", c.resp.Code), slog.Int64("in", c.in.Count()-c.before),
		slog.Int64("out", n), slog.Duration("took", time.Since(c.began).Round(time.Microsecond)))
}
