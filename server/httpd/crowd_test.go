package httpd

import (
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A crowd shortens the time of heads that began before it came, of connections on which nothing
// has come, and of bodies of which nothing has come. Other bodies, and connections that wait for
// another request, keep theirs.
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
		{"G4 a body of which nothing came", "POST / HTTP/1.0\r\nContent-Length: 9\r\n\r\n",
			time.Second, DefaultLimits.BusyTime - time.Second, "HTTP/1.0 408 "},
		{"G4 a body of which nothing came for long", "POST / HTTP/1.0\r\nContent-Length: 9\r\n\r\n",
			20 * time.Second, 0, "HTTP/1.0 408 "},
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
			others := []net.Conn{p.dial(), p.dial()}
			io.WriteString(c, string(octet))
			synctest.Wait()
			for _, o := range others {
				o.Close()
			}
		}
		if got, _ := io.ReadAll(c); !strings.HasPrefix(string(got), "HTTP/1.0 200 ") {
			t.Errorf("got %q", got)
		}
	})
}

// G4: a new connection takes the place of the one that has waited longest, if that is a second, and
// of those that are in the middle of a request only when there is no other.
func TestEvict(t *testing.T) {
	const (
		get  = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
		post = "POST / HTTP/1.0\r\nContent-Length: 30000\r\n\r\n"
	)
	long := strings.Repeat("x", 3*leastRate)
	for _, tt := range []struct {
		name   string
		send   []string      // on one connection each, a tenth of a second apart
		wait   time.Duration // until the new one comes
		ends   int           // which of them; -1 if the new one is refused
		answer string        // what that one gets at the end
	}{
		{"none has waited for long", []string{get, get, get}, leastWait / 2, -1, ""},
		{"idle, the longest", []string{get, get, get}, leastWait, 0, "/ []\n"},
		{"idle before nothing", []string{"", "", get}, leastWait, 2, "/ []\n"},
		{"nothing before a head", []string{"GET", "", "GE"}, leastWait, 1, ""},
		{"a head", []string{"GET", "GET", "GE"}, leastWait, 0, "waited longest\n"},
		{"a body of which nothing came", []string{post, "GET", post}, leastWait, 0, "waited longest\n"},
		{"a body of which an octet came", []string{post + "x", "GET", post}, leastWait, 0,
			"waited longest\n"},
		{"a body that comes", []string{post + long, "GET", post + long}, 2 * leastWait, 1,
			"waited longest\n"},
		{"bodies that come", []string{post + long, post + long, post + long}, 2 * leastWait, -1, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &Server{Limits: DefaultLimits}
			s.Limits.Conns = len(tt.send)
			timed(t, s, func(t *testing.T, p *pipes, _ func()) {
				got := make([]notes, len(tt.send))
				ended := make([]chan struct{}, len(tt.send))
				for i, octets := range tt.send {
					c := p.dial()
					defer c.Close()
					ended[i] = make(chan struct{})
					go func() { io.Copy(&got[i], c); close(ended[i]) }()
					io.WriteString(c, octets)
					time.Sleep(time.Second / 10)
				}
				time.Sleep(tt.wait)
				c := p.dial()
				defer c.Close()
				go io.WriteString(c, "GET /new HTTP/1.0\r\n\r\n")
				want := "HTTP/1.0 200 "
				if tt.ends < 0 {
					want = "HTTP/1.0 503 "
				}
				if answer, _ := io.ReadAll(c); !strings.HasPrefix(string(answer), want) {
					t.Errorf("the new one got %q, want %s", answer, want)
				}
				synctest.Wait()
				for i := range ended {
					select {
					case <-ended[i]:
						if i != tt.ends || !strings.HasSuffix(got[i].String(), tt.answer) {
							t.Errorf("%d ended with %q", i, got[i].String())
						}
					default:
						if i == tt.ends {
							t.Errorf("%d goes on", i)
						}
					}
				}
			})
		})
	}
}
