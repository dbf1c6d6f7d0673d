package cli

import (
	"fmt"
	"io"
	"log/slog"
	"net"

	"rawhttp/httpwire/visible"
	"rawhttp/server/eventlog"
)

// newLog returns a log in one of two formats, text for people and JSON for machines, or one without lines
// with "off". Control characters that a client sends are escaped in it. The caller flushes the buffer.
func newLog(to io.Writer, format string, verbose bool) (log *slog.Logger, b *eventlog.Buffer, err error) {
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	b = eventlog.NewBuffer(to, func(lines int64) {
		log.Warn("the log could not be written, so lines were dropped", slog.Int64("lines", lines))
	})
	switch format {
	case "text":
		log = slog.New(eventlog.NewHandler(b, level))
	case "json":
		log = slog.New(slog.NewJSONHandler(escaper{b}, &slog.HandlerOptions{Level: level}))
	case "off":
		log = slog.New(slog.DiscardHandler)
	default:
		err = fmt.Errorf("-log %s: write  -log text,  -log json  or  -log off", format)
	}
	return log, b, err
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
