package httpd

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rawhttp/httpwire"
)

// When the server becomes busy, BusyTime limits heads that have begun, the first octet of a connection,
// and the first octet of a body. Other bodies, and connections that wait for another request, keep
// their time.
func TestBusyTime(t *testing.T) {
	for _, tt := range []struct {
		name, send string
		began      time.Duration // before the server is busy
		left       time.Duration // from then on
		response   string
	}{
		{"a head, just begun", "GET /", 0, DefaultLimits.BusyTime, "HTTP/1.0 408 "},
		{"a head, begun before", "GET /", 3 * time.Second, DefaultLimits.BusyTime - 3*time.Second,
			"HTTP/1.0 408 "},
		{"a head, begun long before", "GET /", 20 * time.Second, 0, "HTTP/1.0 408 "},
		{"nothing yet", "", 20 * time.Second, 0, ""},
		{"nothing, for a short time", "", time.Second, DefaultLimits.BusyTime - time.Second, ""},
		{"a body", "POST / HTTP/1.0\r\nContent-Length: 9\r\n\r\n123", 20 * time.Second,
			DefaultLimits.BodyTime - 20*time.Second, "HTTP/1.0 408 "},
		{"a body of which nothing came", "POST / HTTP/1.0\r\nContent-Length: 9\r\n\r\n",
			time.Second, DefaultLimits.BusyTime - time.Second, "HTTP/1.0 408 "},
		{"a body of which nothing came for long", "POST / HTTP/1.0\r\nContent-Length: 9\r\n\r\n",
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
				var response []byte
				done := make(chan time.Time)
				go func() {
					response, _ = io.ReadAll(c)
					done <- time.Now()
				}()
				time.Sleep(tt.began)
				synctest.Wait()
				busy := time.Now()
				others := []net.Conn{p.dial(), p.dial()}
				left := (<-done).Sub(busy)
				if left != tt.left || !strings.HasPrefix(string(response), tt.response) {
					t.Errorf("ended %v after the server was busy, want %v: %q", left, tt.left, response)
				}
				for _, o := range others {
					o.Close()
				}
			})
		})
	}
}

// A server that is busy for a short time does no harm to a head that is in time.
func TestBusyTimeEnds(t *testing.T) {
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

// A new connection takes the place of the one that has waited longest, if that is a second. A connection
// in the middle of a request ends only if there is no other.
func TestEvict(t *testing.T) {
	const (
		get  = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
		post = "POST / HTTP/1.0\r\nContent-Length: 90000\r\n\r\n"
		on   = "..." // and so on, with leastRate octets a second
	)
	much := strings.Repeat("x", 9*leastRate)
	for _, tt := range []struct {
		name     string
		send     []string      // on one connection each, a tenth of a second apart
		wait     time.Duration // until the new one comes
		ends     int           // which of them; -1 if the new one is refused
		response string        // what that one gets at the end
	}{
		{"none has waited for long", []string{get, get, get}, leastWait / 2, -1, ""},
		{"idle, the longest", []string{get, get, get}, leastWait, 0, "/ []\n"},
		{"idle before nothing", []string{"", "", get}, leastWait, 2, "/ []\n"},
		{"nothing before a head", []string{"GET", "", "GE"}, leastWait, 1, ""},
		{"a head", []string{"GET", "GET", "GE"}, leastWait, 0, "waited longest\n"},
		{"a body of which nothing came", []string{post, "GET", post}, leastWait, 0, "waited longest\n"},
		{"a body of which an octet came", []string{post + "x", "GET", post}, leastWait, 0,
			"waited longest\n"},
		{"a body that comes", []string{post + on, "GET", post + on}, 2 * leastWait, 1,
			"waited longest\n"},
		{"bodies that come", []string{post + on, post + on, post + on}, 2 * leastWait, -1, ""},
		{"bodies of which much came at once", []string{post + much, post + much + on, post + much},
			2 * leastWait, 0, "waited longest\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &Server{Limits: DefaultLimits}
			s.Limits.Conns = len(tt.send)
			timed(t, s, func(t *testing.T, p *pipes, _ func()) {
				var trickles sync.WaitGroup
				defer trickles.Wait()
				got := make([]notes, len(tt.send))
				ended := make([]chan struct{}, len(tt.send))
				for i, octets := range tt.send {
					c := p.dial()
					defer c.Close()
					ended[i] = make(chan struct{})
					go func() { io.Copy(&got[i], c); close(ended[i]) }()
					octets, goesOn := strings.CutSuffix(octets, on)
					io.WriteString(c, octets)
					if goesOn {
						trickles.Go(func() { trickle(c) })
					}
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
				if response, _ := io.ReadAll(c); !strings.HasPrefix(string(response), want) {
					t.Errorf("the new one got %q, want %s", response, want)
				}
				synctest.Wait()
				for i := range ended {
					select {
					case <-ended[i]:
						if i != tt.ends || !strings.HasSuffix(got[i].String(), tt.response) {
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

// A connection that is evicted has a moment to say why, and ends even if its client does not read that.
func TestEvictUnreadRefusal(t *testing.T) {
	s := &Server{Limits: DefaultLimits}
	s.Limits.Conns = 1
	timed(t, s, func(t *testing.T, p *pipes, _ func()) {
		io.WriteString(p.dial(), "GET")
		time.Sleep(leastWait)
		io.WriteString(p.dial(), "GET")
		for _, want := range []int64{2, 1} {
			synctest.Wait()
			if n := s.open.Load(); n != want {
				t.Errorf("%d connections are open, want %d", n, want)
			}
			time.Sleep(lastSendTime)
		}
	})
}

// Silent clients do not keep others out if there are fewer descriptors than Limits.Conns.
func TestEvictWithoutDescriptors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		s, p, ended := &Server{Handler: echo, Limits: DefaultLimits}, newPipes(), make(chan error)
		go func() { ended <- s.Serve(ctx, 0, &flaky{p, func() bool { return s.open.Load() >= 2 }}) }()
		for range 4 {
			c := p.dial() // blocks until there is a descriptor
			defer c.Close()
			go io.Copy(io.Discard, c)
			io.WriteString(c, "GET")
		}
		began := time.Now()
		c := p.dial()
		defer c.Close()
		go io.WriteString(c, "GET /new HTTP/1.0\r\n\r\n")
		response, _ := io.ReadAll(c)
		if !strings.HasPrefix(string(response), "HTTP/1.0 200 ") || time.Since(began) > 3*time.Second {
			t.Errorf("after %v it got %q", time.Since(began), response)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// Clients that send a request more often than once in leastWait do not keep others out: after a client was
// refused, no connection is kept alive for a while, and so the client finds a place.
func TestKeepAliveMakesRoom(t *testing.T) {
	s := &Server{Limits: DefaultLimits}
	s.Limits.Conns = 1
	timed(t, s, func(t *testing.T, p *pipes, _ func()) {
		get := func(c net.Conn, want string) {
			t.Helper()
			go io.WriteString(c, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
			b := make([]byte, 4096)
			n, _ := c.Read(b)
			if got := string(b[:n]); !strings.Contains(got, want) {
				t.Errorf("got %q, want %s", got, want)
			}
			time.Sleep(leastWait * 2 / 3)
		}
		c := p.dial()
		get(c, "Connection: keep-alive")
		get(c, "Connection: keep-alive")
		get(p.dial(), "HTTP/1.0 503 ")
		get(c, "Connection: close")
		get(p.dial(), "HTTP/1.0 200 ")
		time.Sleep(3 * time.Second)
		get(p.dial(), "Connection: keep-alive")
	})
}

// TestEvictOrder checks which of two connections is evicted: what its client loses counts before how
// long it has waited. A connection that stops waiting while evict looks at it is the last.
func TestEvictOrder(t *testing.T) {
	order := []state{closing, idle, fresh, inHead, handling}
	for i, first := range order {
		for _, second := range order[i+1:] {
			c, d := new(conn), new(conn)
			c.state.Store(first)
			d.state.Store(second)
			c.waitFromNano.Store(2)
			d.waitFromNano.Store(1)
			if !c.endsBefore(d) || d.endsBefore(c) {
				t.Errorf("state %d does not end before state %d", first, second)
			}
		}
	}
}

// TestEvictNone checks which connections are not evicted, however long they have waited.
func TestEvictNone(t *testing.T) {
	refused, evicted, handles := new(conn), new(conn), new(conn)
	refused.refused = true
	refused.state.Store(closing)
	evicted.evicted.Store(true)
	evicted.state.Store(closing)
	handles.state.Store(handling)
	s := &Server{Limits: DefaultLimits, conns: map[*conn]struct{}{refused: {}, evicted: {}, handles: {}}}
	if s.evict(leastWait) {
		t.Error("a connection that ends anyway was evicted, or one that waits for the server")
	}
}

// trickle sends leastRate octets a second, as long as there is a receiver.
func trickle(c net.Conn) {
	for err := error(nil); err == nil; time.Sleep(time.Second / 8) {
		_, err = io.WriteString(c, strings.Repeat("x", leastRate/8))
	}
}

// A connection whose client does not take the response waits for its client as well, so that a
// new one takes its place. A client that takes the response at -send-rate keeps it waiting for no
// time, and what a client took earlier does not count.
func TestEvictUnread(t *testing.T) {
	rate := int(DefaultLimits.SendRate)
	for _, tt := range []struct {
		name  string
		first int           // octets taken at once
		taken []int         // by each of the clients, octets in an eighth of a second
		wait  time.Duration // until the new one comes
		ends  int           // which of them; -1 if the new one is refused
	}{
		{"not read for a short time", 0, []int{0, 0, 0}, leastWait / 2, -1},
		{"not read", 0, []int{0, 0, 0}, leastWait, 0},
		{"two are read", 0, []int{rate / 8, 0, rate / 8}, 3 * leastWait, 1},
		{"all are read", 0, []int{rate / 8, rate / 8, rate / 8}, 3 * leastWait, -1},
		{"much was read, and then nothing", 40 * rate, []int{0, 0, 0}, 2 * leastWait, 0},
		{"much was read, and then an octet now and then", 40 * rate, []int{1, 1, 1}, 2 * leastWait, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &Server{Limits: DefaultLimits, Handler: handlerFunc(
				func(req *httpwire.Request, resp *httpwire.Response) {
					resp.Code = 200
					if string(req.Target) != "/new" {
						resp.Body = make([]byte, 100*rate)
					}
				})}
			s.Limits.Conns = len(tt.taken)
			log := logOf(s)
			timed(t, s, func(t *testing.T, p *pipes, _ func()) {
				var ended [3]atomic.Bool
				var over atomic.Bool
				var readers sync.WaitGroup
				defer readers.Wait()
				defer over.Store(true)
				for i, n := range tt.taken {
					c := p.dial()
					defer c.Close()
					synctest.Wait() // recheckAll must not interrupt this connection when it has just sent much
					io.WriteString(c, "GET / HTTP/1.0\r\n\r\n")
					io.CopyN(io.Discard, c, int64(tt.first))
					readers.Go(func() {
						for err := error(nil); err == nil && !over.Load(); time.Sleep(time.Second / 8) {
							if n > 0 {
								_, err = io.CopyN(io.Discard, c, int64(n))
							}
						}
						ended[i].Store(true)
					})
					time.Sleep(time.Second / 10)
				}
				time.Sleep(tt.wait)
				want := "HTTP/1.0 200 "
				if tt.ends < 0 {
					want = "HTTP/1.0 503 "
				}
				c := p.dial()
				defer c.Close()
				go io.WriteString(c, "GET /new HTTP/1.0\r\n\r\n")
				if got, _ := io.ReadAll(c); !strings.HasPrefix(string(got), want) {
					t.Errorf("the new one got %q, want %s", got, want)
				}
				time.Sleep(time.Second / 4)
				synctest.Wait()
				if says := strings.Contains(log.String(), "another connection needs the place"); says != (tt.ends >= 0) {
					t.Errorf("the log says %s", log)
				}
				for i := range tt.taken {
					if tt.taken[i] > 0 && ended[i].Load() != (i == tt.ends) {
						t.Errorf("%d ended: %v", i, ended[i].Load())
					}
				}
			})
		})
	}
}

// A twoPipes is an end of a connection in memory whose sending side can be closed alone.
type twoPipes struct {
	net.Conn          // reads, and has the deadlines of reading
	out      net.Conn // writes
}

func (p twoPipes) Write(b []byte) (int, error)        { return p.out.Write(b) }
func (p twoPipes) SetWriteDeadline(t time.Time) error { return p.out.SetWriteDeadline(t) }
func (p twoPipes) CloseWrite() error                  { return p.out.Close() }
func (p twoPipes) Close() error                       { p.out.Close(); return p.Conn.Close() }

// A connection that was refused and is not closed by its client takes no place.
func TestEvictDraining(t *testing.T) {
	s := &Server{Limits: DefaultLimits}
	s.Limits.Conns, s.Limits.DrainTime = 3, time.Minute
	timed(t, s, func(t *testing.T, p *pipes, _ func()) {
		ask := func(request string) (c net.Conn, response string) {
			toServer, fromClient := net.Pipe()
			toClient, fromServer := net.Pipe()
			p.conns <- twoPipes{toServer, fromServer}
			c = twoPipes{toClient, fromClient}
			go io.WriteString(c, request)
			return c, readAll(t, c)
		}
		for range s.Limits.Conns {
			c, got := ask("GET\r\n\r\n")
			defer c.Close()
			if !strings.HasPrefix(got, "HTTP/1.0 400 ") {
				t.Fatalf("got %q", got)
			}
		}
		c, got := ask("GET / HTTP/1.0\r\n\r\n")
		c.Close()
		if !strings.HasPrefix(got, "HTTP/1.0 503 ") {
			t.Errorf("at once: got %q", got)
		}
		time.Sleep(leastWait)
		c, got = ask("GET / HTTP/1.0\r\n\r\n")
		c.Close()
		if !strings.HasPrefix(got, "HTTP/1.0 200 ") {
			t.Errorf("after %v: got %q", leastWait, got)
		}
	})
}

// If descriptors are short, leastSilence is enough for a connection on which nothing has come, and for no other one.
func TestEvictSilent(t *testing.T) {
	for s := fresh; s <= closing; s++ {
		for _, silence := range []time.Duration{leastWait, leastSilence} {
			for _, waited := range []time.Duration{leastSilence / 2, leastWait / 2, leastWait} {
				least := leastWait
				if s == fresh {
					least = silence
				}
				nc, other := net.Pipe()
				defer other.Close()
				srv := &Server{Limits: DefaultLimits}
				c := newConn(srv, nc)
				c.state.Store(s)
				c.waitFromNano.Store(time.Now().Add(-waited).UnixNano())
				srv.conns = map[*conn]struct{}{c: {}}
				if got := srv.evict(silence); got != (waited >= least) {
					t.Errorf("state %d after %v, and silence may last %v: evict returns %v", s, waited, silence, got)
				}
			}
		}
	}
}

// If all of Limits.Conns are taken, a connection on which nothing has come keeps its place for leastWait.
func TestSilentKeepsItsPlace(t *testing.T) {
	s := &Server{Limits: DefaultLimits}
	s.Limits.Conns = 1
	timed(t, s, func(t *testing.T, p *pipes, _ func()) {
		defer p.dial().Close()
		time.Sleep(leastSilence * 2)
		c := p.dial()
		defer c.Close()
		if got := readAll(t, c); !strings.HasPrefix(got, "HTTP/1.0 503 ") {
			t.Errorf("got %q", got)
		}
	})
}

// Connections that are evicted need a moment to end. Those that are there meanwhile have a bound.
func TestEvictMany(t *testing.T) {
	for ending, want := range map[int64]bool{1: true, mostEnding: true, mostEnding + 1: false} {
		nc, other := net.Pipe()
		defer other.Close()
		s := &Server{Limits: DefaultLimits}
		c := newConn(s, nc) // which has waited since 1970
		c.state.Store(inHead)
		s.conns = map[*conn]struct{}{c: {}}
		s.open.Store(int64(s.Limits.Conns) + ending) // with the new one, which has no place yet
		if got := s.evict(leastWait); got != want || c.evicted.Load() != want {
			t.Errorf("%d connections too many: evict returns %v, want %v", ending, got, want)
		}
	}
}
