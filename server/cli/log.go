package cli

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"rawhttp/httpwire/visible"
	"rawhttp/server/eventlog"
	"rawhttp/server/httpd"
)

// eventLog is the server's log.
type eventLog struct {
	*slog.Logger
	buffer *eventlog.Buffer // nil if there is no log
}

// newLog returns a log in one of two formats, text for people and JSON for machines, or no log with
// "off". Octets of a client never put a raw control character into it.
func newLog(to io.Writer, format string, verbose bool) (*eventLog, error) {
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	l := new(eventLog)
	l.buffer = eventlog.NewBuffer(to, func(lines int64) {
		l.Warn("the log could not be written, and lines of it were dropped", slog.Int64("lines", lines))
	})
	switch format {
	case "text":
		l.Logger = slog.New(eventlog.NewHandler(l.buffer, level))
	case "json":
		l.Logger = slog.New(slog.NewJSONHandler(escaper{l.buffer}, &slog.HandlerOptions{Level: level}))
	case "off":
		l.Logger, l.buffer = slog.New(slog.DiscardHandler), nil
	default:
		return nil, fmt.Errorf("-log %s: write  -log text,  -log json  or  -log off", format)
	}
	return l, nil
}

// join makes the server write to the log, and count the lines that were dropped.
func (l *eventLog) join(s *httpd.Server) {
	if l.buffer != nil {
		s.Log, s.LogDropped = l.Logger, l.buffer.Dropped
	}
}

// close writes what is in the log. A destination that takes nothing has a second.
func (l *eventLog) close() {
	if l.buffer != nil {
		l.buffer.Close(time.Second)
	}
}

// warn warns if other machines can reach the server, and if -lan has no effect.
func warn(log *slog.Logger, l net.Listener, lan bool) {
	switch {
	case isLoopback(l) && lan:
		log.Warn("-lan has no effect, because only this machine can reach the address of -addr; to let " +
			"other machines reach the server, write -lan -addr 0.0.0.0:" + portOf(l))
	case !isLoopback(l):
		log.Warn("other machines can reach this server: nothing is encrypted, and /raw, /explain, "+
			"/metrics and (with -wall) /wall are open to them",
			slog.String("addr", l.Addr().String()))
	}
}

// An escaper escapes invisible characters, which JSON allows in strings.
type escaper struct{ to io.Writer }

func (e escaper) Write(line []byte) (int, error) {
	_, err := e.to.Write(visible.AppendJSON(nil, line))
	return len(line), err
}
