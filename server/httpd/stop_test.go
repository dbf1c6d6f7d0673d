package httpd

import (
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

// A stop loses no response to a pipelined request: not by a reset, because the client has sent another
// request that the server does not read any more, and not because a Stream follows, which the stop ends.
func TestStopWithPipelining(t *testing.T) {
	const keep = " HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
	for _, tt := range []struct {
		name, send string
		more       string // sent while the last request is handled
		responses  int
	}{
		{"a request that comes late", "GET /1" + keep + "GET /stop" + keep, "GET /2" + keep, 2},
		{"the same after a panic", "GET /1" + keep + "GET /panic" + keep, "GET /2" + keep, 2},
		{"a Stream", "GET /1" + keep + "GET /2" + keep + "GET /stream" + keep, "", 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var stop func()
			stopping := make(chan struct{})
			s := &Server{Limits: DefaultLimits, Handler: handlerFunc(
				func(req *httpwire.Request, resp *httpwire.Response) {
					switch resp.Code = 200; string(req.Path()) {
					case "/stream":
						resp.Parts = &counting{most: 3}
						fallthrough
					case "/stop", "/panic":
						close(stopping)
						stop()
						time.Sleep(time.Second) // so that the server has begun to stop
					}
					if string(req.Path()) == "/panic" {
						panic("in the handler")
					}
				})}
			timed(t, s, func(t *testing.T, p *pipes, cancel func()) {
				stop = cancel
				ours, theirs := net.Pipe()
				defer ours.Close()
				h := &halfCloser{Conn: theirs, closed: make(chan struct{})}
				p.conns <- h
				io.WriteString(ours, tt.send)
				go func() {
					<-stopping
					io.WriteString(ours, tt.more)
				}()
				got, _ := io.ReadAll(ours)
				if n := strings.Count(string(got), "HTTP/1.0 "); n != tt.responses {
					t.Errorf("%d responses, want %d: %q", n, tt.responses, got)
				}
				if n := int(h.drained.Load()); n != len(tt.more) {
					t.Errorf("%d octets were drained, want %d", n, len(tt.more))
				}
			})
		})
	}
}

// A client that is sending when the grace is over gets a 503. A reset could destroy it, so the server reads on
// for half a second.
func TestDrainAfterGrace(t *testing.T) {
	timed(t, &Server{}, func(t *testing.T, p *pipes, stop func()) {
		ours, theirs := net.Pipe()
		defer ours.Close()
		p.conns <- &halfCloser{Conn: theirs, closed: make(chan struct{})}
		io.WriteString(ours, "POST / HTTP/1.0\r\nContent-Length: 100\r\n\r\n12345")
		stop()
		stopped := time.Now()
		got := make([]byte, len("HTTP/1.0 503"))
		io.ReadFull(ours, got)
		go io.Copy(io.Discard, ours)
		synctest.Wait()
		time.Sleep(time.Second / 4)
		_, err := io.WriteString(ours, "67890")
		if string(got) != "HTTP/1.0 503" || err != nil {
			t.Errorf("got %q, then %v", got, err)
		}
		for err == nil {
			_, err = io.WriteString(ours, "1")
			time.Sleep(time.Millisecond)
		}
		if took := time.Since(stopped); took.Round(time.Second/10) != 10*time.Second+time.Second/2 {
			t.Errorf("ended after %v", took)
		}
	})
}

// A wokenLate is a connection that is woken when it is closing already.
type wokenLate struct {
	halfCloser
	woken atomic.Bool
}

func (c *wokenLate) Read(p []byte) (int, error) {
	select {
	case <-c.closed:
		if !c.woken.Swap(true) {
			c.SetReadDeadline(time.Unix(1, 0))
		}
	default:
	}
	return c.halfCloser.Read(p)
}

// A wake of a connection that reads a request can come when the connection is closing already. It does not
// end the drain, which would lose the response. It ends the drain of a connection that is evicted, and of all
// connections when the grace of a stop is over.
func TestWakeWhileClosing(t *testing.T) {
	for name, end := range map[string]func(c *conn){
		"":           nil,
		"evicted":    func(c *conn) { c.evicted.Store(true) },
		"grace over": func(c *conn) { c.srv.graceOver.Store(true) },
	} {
		synctest.Test(t, func(t *testing.T) {
			ours, theirs := net.Pipe()
			defer ours.Close()
			h := &wokenLate{halfCloser: halfCloser{Conn: theirs, closed: make(chan struct{})}}
			c := newConn(&Server{Limits: DefaultLimits, Handler: echo}, h)
			began := time.Now()
			go c.serve()
			io.WriteString(ours, "wrong\r\n\r\n")
			go func() {
				<-h.closed
				synctest.Wait()
				time.Sleep(time.Second)
				if end != nil {
					end(c)
					c.wake()
				}
			}()
			io.ReadAll(ours)
			want := DefaultLimits.DrainTime
			if end != nil {
				want = time.Second
			}
			if took := time.Since(began); took != want || !h.woken.Load() {
				t.Errorf("%s: ended after %v, want %v", name, took, want)
			}
		})
	}
}

// A request that has come when the server stops has its response, although nothing was read of it yet.
func TestStopServesWhatHasCome(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c := dial(t, l.Addr().String())
	io.WriteString(c, "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
	nc, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Handler: echo, Limits: DefaultLimits, Name: "test/1"}
	s.stopping.Store(true)
	var served sync.WaitGroup
	defer served.Wait()
	served.Go(func() { s.ServeConn(nc) })
	got := readAll(t, c)
	c.Close() // ends the lingering close
	if a := responses(t, got, "GET"); len(a) != 1 || a[0].Code != 200 || !a[0].Fields.Has("Connection", "close") {
		t.Errorf("got %q", got)
	}
}
