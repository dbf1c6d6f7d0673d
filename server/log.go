package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"
	"unicode"
	"unicode/utf16"

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
		l.Warn("the log was too slow, and lines of it were dropped", slog.Int64("lines", lines))
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

// warn warns if other machines can reach the server.
func warn(log *slog.Logger, l net.Listener) {
	if !isLoopback(l) {
		log.Warn("other machines can reach this server: nothing is encrypted, and /raw, /explain, "+
			"/metrics and (with -wall) /wall are open to them",
			slog.String("addr", l.Addr().String()))
	}
}

// An escaper escapes invisible characters that JSON allows in strings: DEL, the control characters
// from 80 on, and characters that change the direction of writing.
type escaper struct{ to io.Writer }

func (e escaper) Write(line []byte) (int, error) {
	shown := make([]byte, 0, len(line))
	for _, r := range string(bytes.TrimSuffix(line, []byte("\n"))) {
		if unicode.IsPrint(r) {
			shown = append(shown, string(r)...)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			shown = fmt.Appendf(shown, "\\u%04x", unit)
		}
	}
	if _, err := e.to.Write(append(shown, '\n')); err != nil {
		return 0, err
	}
	return len(line), nil
}
