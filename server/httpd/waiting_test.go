package httpd

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rawhttp/examples/gallery"
	"rawhttp/httpwire"
)

// After two seconds the log says, once, what the server is waiting for. Nothing is sent to the client.
// On time-out, the 408 says the same.
func TestWaitsAloud(t *testing.T) {
	const post = "POST / HTTP/1.0\r\nContent-Length: 26\r\n\r\n"
	for _, tt := range []struct {
		name     string
		send     string // in pieces that "|" separates
		log      string
		response string // words of it, separated by "|"
		limit    time.Duration
	}{
		{"the empty line", "GET / HTTP/1.0\r\nA: bcde\r\n",
			"#1: 25 octets, in the fields, waiting for CR LF (the empty line that ends the head)",
			"the empty line that ends the head has not come|have  25 octets|Enter once",
			DefaultLimits.HeadTime},
		{"the method", "GE", "#1: 2 octets, in the request-line, waiting for a method",
			"expected method|have  2 octets|GET / HTTP/1.0", DefaultLimits.HeadTime},
		{"an empty line first", "\r\n", "#1: 2 octets, in the request-line, waiting for a method",
			"HTTP/1.0 408 |expected method|have  2 octets", DefaultLimits.HeadTime},
		{"a line that breaks a rule", "GET / HTTP/1.0\r\nHo| st",
			"waiting for the end of a line that breaks",
			"in the name of a field", DefaultLimits.HeadTime},
		{"the body", post + "0123456789abcd",
			"#1: 53 octets, in the body, expecting 12 more of 26 octets",
			"shorter than Content-Length says|expecting 12 more of 26 octets of body|correct the number",
			DefaultLimits.BodyTime},
		{"a long body", "POST / HTTP/1.0\r\nContent-Length: 9000\r\n\r\n" + strings.Repeat("x", 5000),
			"#1: 5041 octets, in the body, expecting 4000 more of 9000 octets", "4000 more of 9000",
			DefaultLimits.BodyTime},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &Server{}
			log := logOf(s)
			timed(t, s, func(t *testing.T, p *pipes, _ func()) {
				c := p.dial()
				var got notes
				began := time.Now()
				for piece := range strings.SplitSeq(tt.send, "|") {
					io.WriteString(c, piece)
				}
				go io.Copy(&got, c)
				time.Sleep(noticeAfter - time.Nanosecond)
				synctest.Wait()
				if log.String() != "" {
					t.Errorf("too early: %s", log)
				}
				time.Sleep(time.Nanosecond)
				synctest.Wait()
				if !strings.Contains(log.String(), tt.log) {
					t.Errorf("want %s, got %s", tt.log, log)
				}
				time.Sleep(time.Until(began.Add(tt.limit - 1)))
				synctest.Wait()
				if n := strings.Count(log.String(), "\n"); n != 1 || got.String() != "" {
					t.Errorf("%d lines, and sent %q", n, got.String())
				}
				time.Sleep(time.Nanosecond)
				synctest.Wait()
				for word := range strings.SplitSeq(tt.response, "|") {
					if !strings.Contains(got.String(), word) {
						t.Errorf("no %q in %q", word, got.String())
					}
				}
			})
		})
	}
}

// A client that sends slowly does not delay the notice. There is one notice for the head and one for the body,
// and none for a request that comes whole or in time.
func TestWaitsAloudOnce(t *testing.T) {
	s := &Server{}
	log := logOf(s)
	timed(t, s, func(t *testing.T, p *pipes, _ func()) {
		c := p.dial()
		go io.Copy(io.Discard, c)
		const keep = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
		io.WriteString(c, keep+keep[:9])
		time.Sleep(noticeAfter - time.Nanosecond)
		io.WriteString(c, keep[9:])
		time.Sleep(5 * noticeAfter) // idle, not unfinished
		synctest.Wait()
		if got := log.String(); strings.Contains(got, "waiting") || strings.Count(got, "\n") != 2 {
			t.Errorf("in time: %s", got)
		}
		for _, octet := range "POST / HTTP/1.0\r\nContent-Length: 9\r\n\r\n12345678" {
			io.WriteString(c, string(octet))
			time.Sleep(noticeAfter / 3)
		}
		synctest.Wait()
		if got := log.String(); strings.Count(got, "#3: ") != 2 ||
			!strings.Contains(got, "4 octets, in the request-line, ") ||
			!strings.Contains(got, "41 octets, in the body, expecting 6 more of 9 octets of body") {
			t.Errorf("octet by octet: %s", got)
		}
		c.Close()
	})
}

// A limit that is shorter than the silence before a notice still holds.
func TestTimeIsOverBeforeTheNotice(t *testing.T) {
	s := &Server{Limits: DefaultLimits}
	s.Limits.HeadTime = noticeAfter / 2
	logOf(s)
	timed(t, s, func(t *testing.T, p *pipes, _ func()) {
		c := p.dial()
		began := time.Now()
		go io.WriteString(c, "GET")
		io.ReadAll(c)
		if took := time.Since(began); took != noticeAfter/2 {
			t.Errorf("ended after %v", took)
		}
	})
}

// The 408 to each beginning of each good message says how much has come and what is awaited.
func TestEveryPrefixTimesOut(t *testing.T) {
	t.Parallel()
	step := 1
	if testing.Short() {
		step = 5
	}
	for _, m := range gallery.Good {
		b := m.Octets()
		timed(t, &Server{}, func(t *testing.T, p *pipes, _ func()) {
			for i := 3; i < len(b); i += step {
				checkTimeout(t, p, m.File, b[:i])
			}
		})
	}
}

func checkTimeout(t *testing.T, p *pipes, file string, b []byte) {
	t.Helper()
	_, err := httpwire.RequestSpans(nil, b)
	incomplete, ok := err.(*httpwire.IncompleteError)
	if !ok {
		t.Fatalf("%s, first %d octets: %v", file, len(b), err)
	}
	c := p.dial()
	c.Write(b)
	octets, _ := io.ReadAll(c)
	got := string(octets)
	want := []string{"HTTP/1.0 408 ", fmt.Sprintf("  have  %d octets", len(b)),
		"expected " + incomplete.Rule.String(), "  help  "}
	switch {
	case bytes.HasPrefix(b, []byte("HEAD ")):
		want = want[:1] // its response has no body
	case strings.HasPrefix(got, "HTTP/1.0 501 "), strings.HasPrefix(got, "HTTP/1.0 413 "):
		return // refused by its head, without waiting for the body
	}
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%s, first %d octets: no %q in %q", file, len(b), w, got)
		}
	}
}

// Over a real socket: the same, and the connection is closed.
func TestTimeoutOverASocket(t *testing.T) {
	t.Parallel()
	limits, got := DefaultLimits, ""
	for _, limits.HeadTime = range []time.Duration{time.Second / 10, time.Second, 10 * time.Second} {
		got = talk(t, start(t, &Server{Handler: echo, Limits: limits}), "GET / HTTP/1.0\r\n")
		if got != "" {
			break
		}
		// On a busy machine the time can be over before the first octets come. Then there is no response.
	}
	if a := responses(t, got, "GET"); len(a) != 1 || a[0].Code != 408 ||
		!strings.Contains(got, "have  16 octets") {
		t.Errorf("got %q", got)
	}
}

// The response to a long body that was cut off says how much came, and shows none of it: to hide secrets in a
// long body costs more than to receive it.
func TestLongBodyCutOff(t *testing.T) {
	addr := start(t, &Server{Handler: echo})
	for _, tt := range []struct {
		octets int
		want   string
	}{
		{mostExplained, "| ...xxx"},
		{mostExplained + 1, "  have  65580 octets; expecting 34463 more of 100000 octets of body\n"},
		{99_999, "  have  100042 octets; expecting 1 more of 100000 octets of body\n"},
	} {
		c := dial(t, addr)
		io.WriteString(c, "POST / HTTP/1.0\r\nContent-Length: 100000\r\n\r\n"+strings.Repeat("x", tt.octets))
		c.CloseWrite()
		got := readAll(t, c)
		if !strings.HasPrefix(got, "HTTP/1.0 400 ") || !strings.Contains(got, tt.want) ||
			!strings.Contains(got, "\r\n\r\nerror: the body is shorter than Content-Length says\n") ||
			!strings.Contains(got, "  help  send as many octets as Content-Length announces, or correct ") ||
			strings.Contains(got, "xxx") != strings.Contains(tt.want, "xxx") {
			t.Errorf("%d octets: got %q, want %q", tt.octets, got, tt.want)
		}
	}
}
