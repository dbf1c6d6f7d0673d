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

// newLog returns the log: text for a person who watches it, JSON for machines. Neither has a raw
// control octet in it, whatever a client sent.
func newLog(to io.Writer, form string, verbose bool) (*slog.Logger, error) {
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	switch form {
	case "text":
		options := slog.HandlerOptions{Level: level, ReplaceAttr: brief}
		return slog.New(slog.NewTextHandler(to, &options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(escaper{to}, &slog.HandlerOptions{Level: level})), nil
	}
	return nil, fmt.Errorf("the log is not written as %q: say  -log text  or  -log json", form)
}

// warn says what it means that other machines can reach the server, if they can.
func warn(log *slog.Logger, l net.Listener) {
	if !loopback(l) {
		log.Warn("other machines can reach this server: nothing that it says or hears is encrypted, "+
			"and what it shows of itself is shown to them as well",
			slog.String("addr", l.Addr().String()))
	}
}

// brief leaves out of the log what says nothing to a person who watches it: the date, and the level
// of what is no trouble.
func brief(_ []string, a slog.Attr) slog.Attr {
	switch {
	case a.Key == slog.TimeKey:
		return slog.String(a.Key, a.Value.Time().Format(time.TimeOnly))
	case a.Key == slog.LevelKey && a.Value.Any() == slog.LevelInfo:
		return slog.Attr{}
	}
	return a
}

// escaper escapes in lines of JSON what does not show and JSON may have as it is: DEL, the controls
// from 80 on, and characters that turn the direction of writing.
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
