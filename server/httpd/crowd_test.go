package httpd

import (
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A crowd shortens the time of heads that began before it came, and of connections on which nothing
// has come; bodies, and connections that wait for another request, keep theirs.
func TestCrowd(t *testing.T) {
	for _, tt := range []struct {
		name, send string
		began      time.Duration // before the crowd comes
		left       time.Duration // from then on
		answer     string
	}{
		{"a head, just begun", "GET /", 0, DefaultLimits.BusyTime, "HTTP/1.0 408 "},
		{"a head, begun before", "GET /", 3 * time.Second, DefaultLimits.BusyTime - 3*time.Second,
			"HTTP/1.0 408 "},
		{"a head, begun long before", "GET /", 20 * time.Second, 0, "HTTP/1.0 408 "},
		{"nothing yet", "", 20 * time.Second, 0, ""},
		{"nothing, for a short time", "", time.Second, DefaultLimits.BusyTime - time.Second, ""},
		{"a body", "POST / HTTP/1.0\r\nContent-Length: 9\r\n\r\n123", 20 * time.Second,
			DefaultLimits.BodyTime - 20*time.Second, "HTTP/1.0 408 "},
		{"another request", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 20 * time.Second,
			DefaultLimits.IdleTime - 20*time.Second, "HTTP/1.0 200 "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &Server{Limits: DefaultLimits}
			s.Limits.Conns = 4
			timed(t, s, func(t *testing.T, p *pipes, _ func()) {
				c := p.dial()
				io.WriteString(c, tt.send)
				var answer []byte
				done := make(chan time.Time)
				go func() {
					answer, _ = io.ReadAll(c)
					done <- time.Now()
				}()
				time.Sleep(tt.began)
				synctest.Wait()
				crowd := time.Now()
				others := []net.Conn{p.dial(), p.dial()}
				left := (<-done).Sub(crowd)
				if left != tt.left || !strings.HasPrefix(string(answer), tt.answer) {
					t.Errorf("ended %v after the crowd came, want %v: %q", left, tt.left, answer)
				}
				for _, o := range others {
					o.Close()
				}
			})
		})
	}
}

// A crowd that comes and goes does no harm to a head that is in time.
func TestCrowdPasses(t *testing.T) {
	s := &Server{Limits: DefaultLimits}
	s.Limits.Conns = 4
	timed(t, s, func(t *testing.T, p *pipes, _ func()) {
		c := p.dial()
		for _, octet := range "GET / HTTP/1.0\r\n\r\n" {
			time.Sleep(DefaultLimits.BusyTime / 20)
			for range 2 {
				defer p.dial().Close()
			}
			io.WriteString(c, string(octet))
		}
		if got, _ := io.ReadAll(c); !strings.HasPrefix(string(got), "HTTP/1.0 200 ") {
			t.Errorf("got %q", got)
		}
	})
}
