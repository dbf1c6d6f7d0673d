package httpd

import (
	"context"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rawhttp/httpwire"
)

// pipes is a listener of connections in memory, whose time is that of the test.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func newPipes() *pipes { return &pipes{make(chan net.Conn), make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }

func (p *pipes) dial() net.Conn {
	ours, theirs := net.Pipe()
	p.conns <- theirs
	return ours
}

// timed runs a server in a bubble of its own time.
func timed(t *testing.T, s *Server, f func(t *testing.T, p *pipes, stop func())) {
	synctest.Test(t, func(t *testing.T) {
		p := newPipes()
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error)
		if s.Name = "test/1"; s.Handler == nil {
			s.Handler = echo
		}
		if s.Limits.Conns == 0 {
			s.Limits = DefaultLimits
		}
		go func() { ended <- s.Serve(ctx, 10*time.Second, p) }()
		f(t, p, cancel)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// 9112-9.5-a, 9112-8-a: a deadline counts from the first octet of a head, so a client that sends
// slowly gains no time.
func TestSlowHead(t *testing.T) {
	timed(t, &Server{}, func(t *testing.T, p *pipes, _ func()) {
		c := p.dial()
		began := time.Now()
		typed := make(chan struct{})
		go func() {
			defer close(typed)
			for range 1000 {
				if _, err := io.WriteString(c, "A"); err != nil {
					return
				}
				time.Sleep(5 * time.Second)
			}
		}()
		got, _ := io.ReadAll(c)
		if took := time.Since(began); took != DefaultLimits.HeadTime {
			t.Errorf("ended after %v", took)
		}
		if s := string(got); !strings.HasPrefix(s, "HTTP/1.0 408 ") || !strings.Contains(s, "method") ||
			strings.Contains(s, "connections are taken") {
			t.Errorf("got %q", got)
		}
		c.Close()
		<-typed
	})
}

func TestSlowBody(t *testing.T) {
	timed(t, &Server{}, func(t *testing.T, p *pipes, _ func()) {
		c := p.dial()
		began := time.Now()
		io.WriteString(c, "POST / HTTP/1.0\r\nContent-Length: 9\r\n\r\n123")
		got, _ := io.ReadAll(c)
		if took := time.Since(began); took != DefaultLimits.BodyTime {
			t.Errorf("ended after %v", took)
		}
		if s := string(got); !strings.HasPrefix(s, "HTTP/1.0 408 ") || !strings.Contains(s, "6 more") {
			t.Errorf("got %q", got)
		}
	})
}

func TestIdle(t *testing.T) {
	timed(t, &Server{}, func(t *testing.T, p *pipes, _ func()) {
		c := p.dial()
		began := time.Now()
		if got, _ := io.ReadAll(c); len(got) > 0 || time.Since(began) != DefaultLimits.HeadTime {
			t.Errorf("silent from the start: %q after %v", got, time.Since(began))
		}
		c = p.dial()
		began = time.Now()
		io.WriteString(c, "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
		got, _ := io.ReadAll(c)
		if a := responses(t, string(got), "GET"); len(a) != 1 ||
			time.Since(began) != DefaultLimits.IdleTime {
			t.Errorf("silent after a request: %q after %v", got, time.Since(began))
		}
	})
}

func TestClientThatDoesNotRead(t *testing.T) {
	s := &Server{}
	timed(t, s, func(t *testing.T, p *pipes, _ func()) {
		c := p.dial()
		io.WriteString(c, "GET /x HTTP/1.0\r\n\r\n")
		time.Sleep(DefaultLimits.SendTime + time.Second)
		synctest.Wait()
		if n := s.open.Load(); n != 0 {
			t.Errorf("%d connections are held", n)
		}
	})
}

// A response that is cut because the client does not take it ends the connection, even if the client
// could wait longer to send: the next response would be read as the rest of this one.
func TestClientThatDoesNotReadIsNotIdle(t *testing.T) {
	s := &Server{Limits: DefaultLimits}
	s.Limits.SendTime = s.Limits.IdleTime / 2
	timed(t, s, func(t *testing.T, p *pipes, _ func()) {
		c := p.dial()
		io.WriteString(c, "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
		io.ReadFull(c, make([]byte, 10))
		time.Sleep(s.Limits.SendTime + time.Second)
		if _, err := io.WriteString(c, "GET /y HTTP/1.0\r\n\r\n"); err == nil {
			got, _ := io.ReadAll(c)
			t.Errorf("after 10 octets of a response: %q", got)
		}
	})
}

// A stop ends idle connections at once and lets requests under way finish.
func TestStop(t *testing.T) {
	timed(t, &Server{}, func(t *testing.T, p *pipes, stop func()) {
		idle, late := p.dial(), p.dial()
		io.WriteString(late, "POST /x HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\na")
		synctest.Wait()
		began := time.Now()
		stop()
		if got, _ := io.ReadAll(idle); len(got) > 0 || time.Since(began) != lastReadTime {
			t.Errorf("idle: %q after %v", got, time.Since(began))
		}
		time.Sleep(time.Second - lastReadTime)
		io.WriteString(late, "b")
		got, _ := io.ReadAll(late)
		a := responses(t, string(got), "GET")
		if len(a) != 1 || string(a[0].Body) != "POST /x [ab]\n" ||
			!a[0].Fields.Has("Connection", "close") {
			t.Errorf("under way: %q", got)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// A stop does not wait forever. A request that has not come whole gets a response that says so.
func TestStopHasGrace(t *testing.T) {
	for octets, want := range map[string]string{
		"POST /x HTTP/1.0\r\nContent-Length: 2\r\n\r\na":     "HTTP/1.0 503 ",
		"POST /x HTTP/1.0\r\nContent-Length: 90000\r\n\r\na": "HTTP/1.0 503 ",
	} {
		timed(t, &Server{}, func(t *testing.T, p *pipes, stop func()) {
			c := p.dial()
			io.WriteString(c, octets)
			synctest.Wait()
			began := time.Now()
			stop()
			got, _ := io.ReadAll(c)
			if took := time.Since(began); took != 10*time.Second {
				t.Errorf("took %v", took)
			}
			if s := string(got); !strings.HasPrefix(s, want) || !strings.Contains(s, "is stopping") ||
				!strings.Contains(s, "more of ") || !strings.Contains(s, "\r\nRetry-After: ") {
				t.Errorf("got %q", got)
			}
		})
	}
}

// A stop does not wait for people who type: a head has BusyTime then.
func TestStopEndsHeads(t *testing.T) {
	for _, typed := range []time.Duration{0, time.Second, time.Minute / 2} {
		timed(t, &Server{}, func(t *testing.T, p *pipes, stop func()) {
			c := p.dial()
			io.WriteString(c, "GET /x HTT")
			time.Sleep(typed)
			synctest.Wait()
			began := time.Now()
			stop()
			if got, _ := io.ReadAll(c); !strings.HasPrefix(string(got), "HTTP/1.0 408 ") {
				t.Errorf("got %q", got)
			}
			if took, want := time.Since(began), max(0, DefaultLimits.BusyTime-typed); took != want {
				t.Errorf("took %v, want %v", took, want)
			}
		})
	}
}

// A stop ends refused connections like all others.
func TestStopEndsThoseTurnedAway(t *testing.T) {
	s := &Server{Limits: DefaultLimits}
	s.Limits.Conns = 1
	timed(t, s, func(t *testing.T, p *pipes, stop func()) {
		p.dial()
		p.dial() // and does not read its 503
		synctest.Wait()
		stop()
		for _, want := range []int64{1, 0} {
			time.Sleep(5 * time.Second)
			synctest.Wait()
			if n := s.refusing.Load(); n != want {
				t.Errorf("%d are there, want %d", n, want)
			}
		}
	})
}

// A listener that cannot accept does not hold up the stop.
func TestStopWhileBackingOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error)
		s := &Server{Handler: echo, Limits: DefaultLimits}
		l := &flaky{newPipes(), func() bool { return true }}
		go func() { ended <- s.Serve(ctx, time.Second, l) }()
		time.Sleep(time.Minute + time.Second/3)
		began := time.Now()
		cancel()
		if err := <-ended; err != nil || time.Since(began) != 0 {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

// If there are descriptors for a few connections only, silent clients hold up a new one for about twice
// leastSilence each time that they fill the server, because accept pauses longer after each error.
func TestFewDescriptors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const conns, rounds = 5, 4
		s := &Server{Handler: echo, Limits: DefaultLimits}
		l := &flaky{newPipes(), func() bool { return s.open.Load() == conns }}
		go s.Serve(t.Context(), 0, l)
		began := time.Now()
		for range rounds*conns + 1 {
			defer l.Listener.(*pipes).dial().Close()
		}
		if took := time.Since(began); took > rounds*leastSilence*5/2 {
			t.Errorf("the last client waited for %v", took)
		}
	})
}

// A client that sends a request more often than once in leastWait does not keep others out if there is no
// further descriptor: after a connection could not be accepted, the next response ends its connection.
func TestKeepAliveWithoutDescriptors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{Handler: echo, Limits: DefaultLimits}
		l := &flaky{newPipes(), func() bool { return s.open.Load() == 1 }}
		go s.Serve(t.Context(), 0, l)
		busy := l.Listener.(*pipes).dial()
		var client sync.WaitGroup
		defer client.Wait()
		client.Go(func() {
			defer busy.Close()
			response := make([]byte, 4096)
			for range 20 { // the first request at once: a silent client would lose its place (leastSilence)
				io.WriteString(busy, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
				busy.Read(response)
				time.Sleep(leastWait / 2)
			}
		})
		time.Sleep(leastWait * 3 / 4)
		began := time.Now()
		l.Listener.(*pipes).dial().Close()
		if took := time.Since(began); took > 3*leastWait {
			t.Errorf("a new client waited for %v", took)
		}
	})
}

// If all descriptors are taken, one connection ends after its response, and the others stay open: the system has no
// descriptor for a new connection, even if no client waits for one.
func TestOneDescriptorIsFreed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const conns = 5
		s := &Server{Handler: echo, Limits: DefaultLimits}
		l := &flaky{newPipes(), func() bool { return s.open.Load() == conns }}
		go s.Serve(t.Context(), 0, l)
		var clients []net.Conn
		for range conns {
			clients = append(clients, l.Listener.(*pipes).dial())
		}
		ended, response := 0, make([]byte, 4096)
		for range 3 {
			for i, c := range clients {
				if c == nil {
					continue
				}
				io.WriteString(c, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
				n, _ := c.Read(response)
				if !strings.Contains(string(response[:n]), "Connection: keep-alive") {
					clients[i] = nil
					ended++
					c.Close()
				}
			}
			time.Sleep(leastWait / 2)
		}
		if ended != 1 {
			t.Errorf("%d connections have ended, want 1", ended)
		}
		for _, c := range clients {
			if c != nil {
				c.Close()
			}
		}
	})
}

// The time for taking a response begins when it is sent, however long the handler took, and
// Date is the time at which the response was made.
func TestSlowHandler(t *testing.T) {
	t.Run("short", func(t *testing.T) { slowHandler(t, 0) })
	t.Run("long", func(t *testing.T) { slowHandler(t, longBody) })
}

func slowHandler(t *testing.T, size int) {
	synctest.Test(t, func(t *testing.T) {
		p := newPipes()
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error)
		s := &Server{Limits: DefaultLimits, Handler: handlerFunc(
			func(_ *httpwire.Request, resp *httpwire.Response) {
				time.Sleep(DefaultLimits.SendTime + time.Minute)
				resp.Code = 200
				resp.Body = []byte(strings.Repeat("x", size) + "late")
			})}
		go func() { ended <- s.Serve(ctx, time.Second, p) }()
		c := p.dial()
		io.WriteString(c, "GET /x HTTP/1.0\r\n\r\n")
		got, _ := io.ReadAll(c)
		date := "\r\nDate: " + string(httpwire.AppendDate(nil, time.Now())) + "\r\n"
		if !strings.HasSuffix(string(got), "late") || !strings.Contains(string(got), date) {
			t.Errorf("got %q, want %q", got, date)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// The time that a client has for its next request does not run while it waits for the handler of the
// request before.
func TestNextAfterSlowHandler(t *testing.T) {
	log := new(notes)
	slow := handlerFunc(func(req *httpwire.Request, resp *httpwire.Response) {
		if string(req.Target) == "/slow" {
			time.Sleep(DefaultLimits.HeadTime + time.Second)
		}
		echo(req, resp)
	})
	const first = "GET /slow HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
	for _, next := range []string{"‸GET /x HTTP/1.0\r\n\r\n", "GET /x HTTP/1.0‸\r\n\r\n",
		"POST /x HTTP/1.0\r\nContent-Length: 2\r\n\r\na‸b"} {
		s := &Server{Handler: slow, Log: slog.New(slog.NewTextHandler(log, nil))}
		timed(t, s, func(t *testing.T, p *pipes, _ func()) {
			c := p.dial()
			begun, rest, _ := strings.Cut(next, "‸")
			io.WriteString(c, first+begun)
			response := make([]byte, 4096)
			n, _ := c.Read(response)
			time.Sleep(noticeAfter - 1)
			io.WriteString(c, rest)
			more, _ := io.ReadAll(c)
			all := responses(t, string(response[:n])+string(more), "GET")
			if len(all) != 2 || all[1].Code != 200 {
				t.Errorf("%q: %q, and then %q", next, response[:n], more)
			}
		})
	}
	if strings.Contains(log.String(), `msg="#`) {
		t.Errorf("the log says what the server waits for, too early: %s", log)
	}
}

// A handler that returns within half a second after the grace still has its response sent.
func TestStopWaitsForHandler(t *testing.T) {
	const grace = 10 * time.Second
	synctest.Test(t, func(t *testing.T) {
		p := newPipes()
		ctx, cancel := context.WithCancel(t.Context())
		s := &Server{Limits: DefaultLimits, Handler: handlerFunc(
			func(_ *httpwire.Request, resp *httpwire.Response) {
				cancel()
				time.Sleep(grace + time.Second/4)
				resp.Code = 200
			})}
		go s.Serve(ctx, grace, p)
		c := p.dial()
		io.WriteString(c, "GET /x HTTP/1.0\r\n\r\n")
		if got, _ := io.ReadAll(c); !strings.HasPrefix(string(got), "HTTP/1.0 200 ") {
			t.Errorf("got %q", got)
		}
	})
}

// A handler that does not return does not hold up the stop for ever.
func TestStopWhileHandling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPipes()
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error)
		handling, release := make(chan struct{}), make(chan struct{})
		s := &Server{Limits: DefaultLimits, Handler: handlerFunc(
			func(*httpwire.Request, *httpwire.Response) {
				close(handling)
				<-release
			})}
		const grace = 10 * time.Second
		go func() { ended <- s.Serve(ctx, grace, p) }()
		c := p.dial()
		io.WriteString(c, "GET /x HTTP/1.0\r\n\r\n")
		<-handling
		began := time.Now()
		cancel()
		if err := <-ended; err != nil || time.Since(began) != grace+time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		close(release)
	})
}

// 1945-10.10-a: Last-Modified is never later than Date, even if the handler takes long or a clock goes
// back.
func TestNotModifiedLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ahead := time.Duration(0)
		s := &Server{Limits: DefaultLimits, Handler: handlerFunc(
			func(_ *httpwire.Request, resp *httpwire.Response) {
				time.Sleep(3 * time.Second)
				resp.Code = 204
				resp.Fields = resp.Fields.Add([]byte("Last-Modified"),
					httpwire.AppendDate(nil, time.Now().Add(ahead)))
			})}
		for _, ahead = range []time.Duration{-time.Hour, 0, time.Hour} {
			ours, theirs := net.Pipe()
			go newConn(s, theirs).serve()
			go io.WriteString(ours, "GET / HTTP/1.0\r\n\r\n")
			octets, err := io.ReadAll(ours)
			if err != nil {
				t.Fatal(err)
			}
			var resp httpwire.Response
			if _, err := httpwire.ConsumeResponseHead(octets, &resp); err != nil {
				t.Fatal(err)
			}
			now := time.Now()
			date, _ := httpwire.ParseDate(resp.Fields.Get("Date"), now)
			modified, _ := httpwire.ParseDate(resp.Fields.Get("Last-Modified"), now)
			if want := now.Add(min(ahead, 0)); !date.Equal(now) || !modified.Equal(want) {
				t.Errorf("%v ahead: Date %v, Last-Modified %v", ahead, date, modified)
			}
		}
	})
}

// A standing is a connection whose process stands still in one of its reads and writes, from before the
// deadline until a minute after it.
type standing struct {
	net.Conn
	call     int // how many reads and writes come before that one
	deadline time.Time
}

func (s *standing) SetReadDeadline(t time.Time) error {
	s.deadline = t
	return s.Conn.SetReadDeadline(t)
}

func (s *standing) SetWriteDeadline(t time.Time) error {
	s.deadline = t
	return s.Conn.SetWriteDeadline(t)
}

func (s *standing) Read(p []byte) (int, error) {
	if s.stands() {
		return 0, os.ErrDeadlineExceeded
	}
	return s.Conn.Read(p)
}

func (s *standing) Write(p []byte) (int, error) {
	if s.stands() {
		return 0, os.ErrDeadlineExceeded
	}
	return s.Conn.Write(p)
}

func (s *standing) stands() bool {
	s.call--
	if s.call == -1 {
		time.Sleep(time.Until(s.deadline.Add(time.Minute)))
	}
	return s.call == -1
}

// A client loses nothing while the system has stopped the process. What it sent meanwhile was in time, and it
// could not take more of a response.
func TestStandstill(t *testing.T) {
	const get = "GET / HTTP/1.0\r\n\r\n"
	for _, tt := range []struct {
		name            string
		sent            []string // the second and later ones while the process stands still
		call, responses int
		reads           time.Duration // when the client begins to read
	}{
		{"fresh", []string{get}, 0, 1, 0},
		{"idle", []string{"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", get}, 2, 2, 0},
		{"head", []string{"GET /", " HTTP/1.0\r\n\r\n"}, 1, 1, 0},
		{"body", []string{"POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\na", "bc"}, 1, 1, 0},
		{"body in two reads", []string{"POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\na", "b", "c"}, 1, 1, 0},
		{"sending", []string{get}, 1, 1, 0},
		{"sending, last write", []string{get}, 4, 1, DefaultLimits.SendTime - 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ours, theirs := net.Pipe()
				s := &Server{Handler: echo, Limits: DefaultLimits, Log: slog.New(slog.DiscardHandler)}
				go s.ServeConn(&standing{Conn: theirs, call: tt.call})
				go func() {
					for _, octets := range tt.sent {
						io.WriteString(ours, octets)
					}
				}()
				time.Sleep(tt.reads)
				got, _ := io.ReadAll(ours)
				if n := strings.Count(string(got), "HTTP/1.0 200 "); n != tt.responses {
					t.Errorf("%d responses, want %d: %q", n, tt.responses, got)
				}
			})
		})
	}
}
