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
)

// newLog returns a log in one of two formats: text for people, JSON for machines. Octets of a
// client never put a raw control character into it.
func newLog(to io.Writer, format string, verbose bool) (*slog.Logger, error) {
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	switch format {
	case "text":
		options := slog.HandlerOptions{Level: level, ReplaceAttr: shorten}
		return slog.New(slog.NewTextHandler(to, &options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(escaper{to}, &slog.HandlerOptions{Level: level})), nil
	}
	return nil, fmt.Errorf("-log %s: write  -log text  or  -log json", format)
}

// warn warns if other machines can reach the server.
func warn(log *slog.Logger, l net.Listener) {
	if !isLoopback(l) {
		log.Warn("other machines can reach this server: nothing is encrypted, and /raw, /explain and "+
			"/metrics are open to them",
			slog.String("addr", l.Addr().String()))
	}
}

// shorten leaves out the date, and the level unless it is a warning or an error.
func shorten(_ []string, a slog.Attr) slog.Attr {
	switch {
	case a.Key == slog.TimeKey:
		return slog.String(a.Key, a.Value.Time().Format(time.TimeOnly))
	case a.Key == slog.LevelKey && a.Value.Any() == slog.LevelInfo:
		return slog.Attr{}
	}
	return a
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
