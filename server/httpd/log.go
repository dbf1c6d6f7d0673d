package httpd

import (
	"bytes"
	"context"
	"log/slog"
	"time"

	"rawhttp/httpwire/basicauth"
)

// Each request has a line in the log, so that line is part of what a request costs. Nothing is
// allocated for it: the attributes are in the storage of the request, and the request-line stays a
// slice of octets. Every slog.Handler can read them. The record does not say where in the program it
// was made, because finding that out takes longer than all the rest.

// logged has the attributes of the line of one request.
type logged struct {
	line  textOctets
	attrs [7]slog.Attr
}

// textOctets is text in a slice, as encoding.TextAppender and TextMarshaler have it.
type textOctets []byte

func (t *textOctets) AppendText(b []byte) ([]byte, error) { return append(b, *t...), nil }
func (t *textOctets) MarshalText() ([]byte, error)        { return *t, nil }

// longestLine is how many octets of a request-line are logged at most.
const longestLine = 200

// log logs an event that is rare.
func (s *Server) log(level slog.Level, msg string, attrs ...slog.Attr) {
	if s.Log != nil {
		s.Log.LogAttrs(context.Background(), level, msg, attrs...)
	}
}

// peer is the attribute that has the address of the client.
func (c *conn) peer() slog.Attr { return slog.String("peer", c.peerName()) }

func (c *conn) peerName() string {
	if c.peerAddr == "" {
		c.peerAddr = c.nc.RemoteAddr().String()
	}
	return c.peerAddr
}

// logRequest logs a request and its response of n octets.
func (c *conn) logRequest(n int64) {
	if c.srv.Log == nil {
		return
	}
	ctx, handler, level := context.Background(), c.srv.Log.Handler(), c.level()
	if handler.Enabled(ctx, slog.LevelDebug) {
		c.logOctets()
	}
	if !handler.Enabled(ctx, level) {
		return
	}
	l := &c.logged
	l.line = c.requestLine()
	l.attrs = [...]slog.Attr{
		slog.Uint64("id", c.id), c.peer(), slog.Any("line", &l.line),
		slog.Int("status", c.resp.Code), slog.Int64("in", c.length), slog.Int64("out", n),
		slog.Duration("took", c.now.Sub(c.began).Round(time.Microsecond)),
	}
	r := slog.NewRecord(c.now, level, "request", 0)
	r.AddAttrs(slog.Attr{Value: slog.GroupValue(l.attrs[:]...)}) // without a name its members stand in the line
	handler.Handle(ctx, r)
}

// level returns the level of the line about a request.
func (c *conn) level() slog.Level {
	if h, ok := c.srv.Handler.(QuietHandler); ok && c.resp.Code < 400 && h.Quiet(&c.req) {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// requestLine returns the beginning of the request-line as it came, credentials hidden.
func (c *conn) requestLine() []byte {
	line := c.in.Octets()
	line = line[min(c.req.Offset, len(line)):]
	line, _, _ = bytes.Cut(line, []byte("\n"))
	line, _, _ = bytes.Cut(line, []byte("\r"))
	line = basicauth.Redact(line)
	return line[:min(len(line), longestLine)]
}

// logOctets logs what came of a request, credentials hidden.
func (c *conn) logOctets() {
	octets := c.in.Octets()
	octets = basicauth.Redact(octets[:min(int64(len(octets)), c.length)])
	c.srv.log(slog.LevelDebug, "octets", slog.Uint64("id", c.id), slog.String("in", string(octets)))
}
