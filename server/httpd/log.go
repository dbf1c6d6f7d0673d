package httpd

import (
	"bytes"
	"context"
	"log/slog"
	"strconv"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/server/eventlog"
)

// Each request has a line in the log, so that line is part of what a request costs. Nothing is
// allocated for it: what it says is in the storage of the request, and the request-line stays a slice of
// octets. The record does not say where in the program it was made, because finding that out takes
// longer than all the rest.

// logged is what the line of one request says. Every slog.Handler can read it, and that of package eventlog
// writes it fast.
type logged struct {
	id      uint64
	peer    string
	line    []byte // the request-line
	status  int
	in, out int64 // octets
	took    time.Duration
}

// LogValue returns the attributes of the line.
func (l *logged) LogValue() slog.Value {
	return slog.GroupValue(slog.Uint64("id", l.id), slog.String("peer", l.peer),
		slog.String("line", string(l.line)), slog.Int("status", l.status),
		slog.Int64("in", l.in), slog.Int64("out", l.out), slog.Duration("took", l.took))
}

// AppendAttrs appends the same attributes, as eventlog.Attrs describes it.
func (l *logged) AppendAttrs(b []byte) []byte {
	b = strconv.AppendUint(append(b, " id="...), l.id, 10)
	b = eventlog.AppendString(append(b, " peer="...), l.peer)
	b = eventlog.AppendString(append(b, " line="...), l.line)
	b = strconv.AppendInt(append(b, " status="...), int64(l.status), 10)
	b = strconv.AppendInt(append(b, " in="...), l.in, 10)
	b = strconv.AppendInt(append(b, " out="...), l.out, 10)
	return append(append(b, " took="...), l.took.String()...)
}

// longestLine is the largest number of octets of a request-line that are logged.
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
	c.logged = logged{c.id, c.peerName(), c.requestLine(), c.resp.Code, c.length, n,
		c.now.Sub(c.beganAt).Round(time.Microsecond)}
	r := slog.NewRecord(c.now, level, "request", 0)
	r.AddAttrs(slog.Any("", &c.logged)) // without a key, its attributes become those of the line
	handler.Handle(ctx, r)
}

// level returns the level of the line about a request.
func (c *conn) level() slog.Level {
	if _, quiet := c.resp.Parts.(Quiet); quiet {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// Quiet is the body of a response that has no octets and is logged at the level DEBUG only, because its request
// says little and comes often. A handler sets it as the Parts of a response.
type Quiet struct{}

func (Quiet) Len() int64                           { return 0 }
func (Quiet) WriteParts(httpwire.PartWriter) error { return nil }

// requestLine returns the beginning of the request-line as it came, credentials hidden.
func (c *conn) requestLine() []byte {
	line := c.in.Octets()
	line = line[min(c.req.Offset, len(line)):]
	line, _, _ = bytes.Cut(line, []byte("\n"))
	line, _, _ = bytes.Cut(line, []byte("\r"))
	line = basicauth.Redact(line)
	return line[:min(len(line), longestLine)]
}

// logUnused logs that no octet came on the connection. It is not a part of awaitRequest, because its variables
// would then take room on the stack of each idle connection.
func (c *conn) logUnused() {
	c.srv.log(slog.LevelDebug, "opened, and nothing was sent (browsers do that in advance)", c.peer())
}

// logOctets logs what came of a request, credentials hidden. It leaves out a body that was not read or is longer
// than mostExplained, and says how many octets of it came. The beginning of such a body is not logged, because a
// password whose end is cut off cannot always be found.
func (c *conn) logOctets() {
	octets, n := c.received(), len(c.req.Body)
	head := octets[:len(c.req.Head)]
	if (n == 0 || n > mostExplained) && (c.req.Simple || bytes.HasSuffix(head, []byte("\r\n\r\n"))) {
		octets = head // the whole head has come
	}
	attrs := []slog.Attr{slog.Uint64("id", c.id), slog.String("in", string(basicauth.Redact(octets)))}
	if more := c.length - int64(len(octets)); more > 0 {
		attrs = append(attrs, slog.Int64("more", more))
	}
	c.srv.log(slog.LevelDebug, "octets", attrs...)
}
