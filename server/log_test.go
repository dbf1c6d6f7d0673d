package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
)

// Whatever a client sent, a line of the log is one line, of characters that show, and in JSON it
// says what was sent.
func TestLog(t *testing.T) {
	const sent = "GET /\x00\x1b[31m\x7f\u009b\u202e\U000e0001é\"\\ \n"
	for _, form := range []string{"text", "json"} {
		var out bytes.Buffer
		log, err := newLog(&out, form, false)
		if err != nil {
			t.Fatal(err)
		}
		log.Info("request", slog.String("line", sent))
		log.Debug("octets")
		line, ok := strings.CutSuffix(out.String(), "\n")
		if !ok || strings.ContainsAny(line, "\x00\x1b\x7f\u009b\u202e\U000e0001\n") {
			t.Errorf("%s: %q", form, out.String())
		}
		if form != "json" {
			continue
		}
		var read struct{ Time, Level, Msg, Line string }
		if err := json.Unmarshal(out.Bytes(), &read); err != nil || read.Line != sent ||
			read.Msg != "request" || read.Level != "INFO" || read.Time == "" {
			t.Errorf("%+v, %v in %s", read, err, out.String())
		}
	}
	if _, err := newLog(nil, "xml", false); err == nil || !strings.Contains(err.Error(), "-log json") {
		t.Errorf("got %v", err)
	}
}
