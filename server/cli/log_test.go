package cli

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"
)

// Whatever a client sends, a log entry is one line of visible characters, and its JSON decodes to
// the octets that were sent.
func TestLog(t *testing.T) {
	const sent = "GET /\x00\x1b[31m\x7f\u009b\u202e\U000e0001é\"\\ \n"
	for _, form := range []string{"text", "json"} {
		var out bytes.Buffer
		log, buffer, err := newLog(&out, form, false)
		if err != nil {
			t.Fatal(err)
		}
		log.Info("request", slog.String("line", sent))
		log.Debug("octets")
		buffer.Flush(time.Second)
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
	if _, _, err := newLog(nil, "xml", false); err == nil || !strings.Contains(err.Error(), "-log json") {
		t.Errorf("got %v", err)
	}
}

// The server warns if other machines can reach it, and if -lan has no effect.
func TestWarn(t *testing.T) {
	for _, tt := range []struct {
		ip   string
		lan  bool
		want string // "" is silence
	}{
		{"127.0.0.1", false, ""},
		{"::1", false, ""},
		{"127.0.0.1", true, "-addr 0.0.0.0:80"},
		{"0.0.0.0", true, "nothing is encrypted"},
		{"::", true, "nothing is encrypted"},
		{"192.0.2.1", true, "nothing is encrypted"},
	} {
		var out bytes.Buffer
		log, buffer, err := newLog(&out, "text", false)
		if err != nil {
			t.Fatal(err)
		}
		warn(log, at{IP: net.ParseIP(tt.ip), Port: 80}, tt.lan)
		buffer.Flush(time.Second)
		got := out.String()
		if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) ||
			strings.Contains(got, "level=WARN") != (tt.want != "") {
			t.Errorf("%s, -lan %t: %q", tt.ip, tt.lan, got)
		}
	}
}

// An at is a listener with an address that does not listen.
type at net.TCPAddr

func (a at) Addr() net.Addr          { return (*net.TCPAddr)(&a) }
func (at) Accept() (net.Conn, error) { return nil, net.ErrClosed }
func (at) Close() error              { return nil }
