package httpd

import (
	"fmt"
	"io"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"rawhttp/httpwire"
)

var sample = regexp.MustCompile(
	`^(rawhttp_[a-z_]+(?:\{[a-z]+="[^"\\]*"(?:,[a-z]+="[^"\\]*")*\})?) (\d[0-9.e+-]*)$`)

// samples reads the text format of Prometheus: each name announced once, each sample there once.
func samples(t *testing.T, text string) map[string]string {
	t.Helper()
	got, family := make(map[string]string), ""
	announced := make(map[string]bool)
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if rest, ok := strings.CutPrefix(line, "# HELP "); ok {
			if family, _, _ = strings.Cut(rest, " "); announced[family] {
				t.Errorf("%s is announced twice", family)
			}
			announced[family] = true
			continue
		}
		if rest, ok := strings.CutPrefix(line, "# TYPE "); ok {
			if !strings.HasPrefix(rest, family+" ") {
				t.Errorf("type of another family: %s", line)
			}
			continue
		}
		m := sample.FindStringSubmatch(line)
		if m == nil || !strings.HasPrefix(m[1], family) || got[m[1]] != "" {
			t.Fatalf("ill-formed, under another name, or there twice: %q", line)
		}
		got[m[1]] = m[2]
	}
	return got
}

// What is counted is what happened.
func TestMetrics(t *testing.T) {
	s := &Server{Handler: echo}
	addr := start(t, s)
	const keep = "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
	sent, received := 0, 0
	for _, octets := range []string{
		"GET /x\r\n",
		keep + keep + "POST /x HTTP/1.0\r\nContent-Length: 2\r\n\r\nab",
		"GET  /x HTTP/1.0\r\n\r\n",
		"BREW /x HTTP/1.0\r\n\r\n",
		"POST /x HTTP/1.0\r\n\r\n",
		"GET /x HTTP/1.0\r\nContent-Length: x\r\n\r\n",
	} {
		received += len(octets)
		sent += len(talk(t, addr, octets))
	}
	held := dial(t, addr)
	io.WriteString(held, keep)
	received += len(keep)
	b := make([]byte, 4096)
	n, err := held.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	sent += n
	for s.metrics.sent.Load() < int64(sent) { // is counted after the write
		runtime.Gosched()
	}
	got := samples(t, string(s.AppendMetrics(nil)))
	for name, want := range map[string]any{
		`requests_total{status="200"}`:                      5,
		`requests_total{status="400"}`:                      2,
		`requests_total{status="411"}`:                      1,
		`requests_total{status="501"}`:                      1,
		`refused_total{rule="request-target",status="400"}`: 1,
		`refused_total{rule="method",status="501"}`:         1,
		`refused_total{rule="Content-Length",status="411"}`: 1,
		`refused_total{rule="Content-Length",status="400"}`: 1,
		`request_duration_seconds_count`:                    9,
		`request_duration_seconds_bucket{le="+Inf"}`:        9,
		`request_duration_seconds_bucket{le="60"}`:          9,
		`received_bytes_total`:                              received,
		`sent_bytes_total`:                                  sent,
		`connections_refused_total`:                         0,
		`connections_evicted_total`:                         0,
	} {
		if got["rawhttp_"+name] != fmt.Sprint(want) {
			t.Errorf("%s is %s, want %v", name, got["rawhttp_"+name], want)
		}
		delete(got, "rawhttp_"+name)
	}
	if got["rawhttp_connections"] == "0" {
		t.Error("no connection is open")
	}
	delete(got, "rawhttp_connections")
	for name := range got {
		if !strings.HasPrefix(name, "rawhttp_request_duration_seconds") {
			t.Errorf("no row of this test has %s", name)
		}
	}
}

// Octets that the client does not take are not counted as sent.
func TestMetricsOfUnread(t *testing.T) {
	s := &Server{Handler: inParts(&pieces{part: "x", count: 100_000_000, length: 100_000_000})}
	addr := start(t, s)
	c := dial(t, addr)
	io.WriteString(c, "GET / HTTP/1.0\r\n\r\n")
	io.ReadFull(c, make([]byte, 1000))
	c.SetLinger(0)
	c.Close()
	for s.open.Load() > 0 {
		runtime.Gosched()
	}
	if n := s.metrics.sent.Load(); n < 1000 || n >= 100_000_000 {
		t.Errorf("%d octets are counted", n)
	}
}

// A request for another host is counted as such, whatever other rule it breaks.
func TestMetricsOfMisdirected(t *testing.T) {
	hosts, err := NewHosts()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Handler: echo, Hosts: hosts}
	talk(t, start(t, s), "POST / HTTP/1.0\r\nHost: evil.example\r\nTransfer-Encoding: chunked\r\n\r\n")
	const refused = `rawhttp_refused_total{rule="Host",status="421"}`
	got := samples(t, string(s.AppendMetrics(nil)))
	for name := range got {
		if strings.HasPrefix(name, "rawhttp_refused_total") && name != refused {
			t.Errorf("%s is counted", name)
		}
	}
	if got[`rawhttp_requests_total{status="421"}`] != "1" || got[refused] != "1" {
		t.Errorf("got %v", got)
	}
}

// No two rules have the same labels.
func TestMetricsOfEveryRule(t *testing.T) {
	s := new(Server)
	n := 0
	for r := httpwire.Rule(1); r.String() != httpwire.Rule(0).String(); r++ {
		s.metrics.brokenRules[r].Add(1)
		n++
	}
	refused := 0
	for name := range samples(t, string(s.AppendMetrics(nil))) {
		if strings.HasPrefix(name, "rawhttp_refused_total") {
			refused++
		}
	}
	if n < 40 || refused != n {
		t.Errorf("%d of %d rules", refused, n)
	}
}
