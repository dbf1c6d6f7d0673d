package httpd

import (
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rawhttp/httpwire"
)

// counting is a Stream of numbers, one a second, until it has sent so many.
type counting struct {
	Streamed
	n, most int
	pause   time.Duration // before each number
}

func (c *counting) Next(stop <-chan struct{}) ([]byte, bool) {
	select {
	case <-time.After(c.pause):
		c.n++
		return fmt.Appendf(nil, "%d\n", c.n), c.n <= c.most
	case <-stop:
		return nil, false
	}
}

func streaming(most int) *Server {
	return &Server{Limits: DefaultLimits, Handler: handlerFunc(
		func(req *httpwire.Request, resp *httpwire.Response) {
			resp.Code = 200
			switch string(req.Target) {
			case "/":
				resp.Parts = &counting{most: most, pause: time.Second}
			case "/slow":
				resp.Parts = &counting{most: most, pause: time.Hour}
			}
		})}
}

// The octets of a Stream are sent as they are made, without a Content-Length, and the close ends them.
// HEAD gets the head alone.
func TestStream(t *testing.T) {
	timed(t, streaming(3), func(t *testing.T, p *pipes, _ func()) {
		c := p.dial()
		defer c.Close()
		io.WriteString(c, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
		start, got := time.Now(), new(strings.Builder)
		for buf := make([]byte, 1000); ; {
			n, err := c.Read(buf)
			if err != nil {
				break
			}
			fmt.Fprintf(got, "%d s: %q\n", int(time.Since(start).Seconds()), last(string(buf[:n])))
		}
		if want := "0 s: \"\"\n1 s: \"1\"\n2 s: \"2\"\n3 s: \"3\"\n"; got.String() != want {
			t.Errorf("got %s want %s", got, want)
		}
	})
	s, w := streaming(1), new(scribe)
	s.Watcher = w
	timed(t, s, func(t *testing.T, p *pipes, _ func()) {
		for _, start := range []string{"GET /", "HEAD /", "GET /slow"} {
			c := p.dial()
			io.WriteString(c, start+" HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
			got, _ := io.ReadAll(c)
			if !strings.Contains(string(got), "\r\nConnection: close\r\n") ||
				strings.Contains(string(got), "Content-Length") ||
				strings.HasSuffix(string(got), "1\n") != (start != "HEAD /") {
				t.Errorf("%s: got %q", start, got)
			}
			c.Close()
		}
		w.Lock()
		defer w.Unlock()
		if told := strings.Join(w.lines, "\n"); strings.Count(told, " -1 200") != 3 {
			t.Errorf("the watch was told %s", told)
		}
	})
}

// A response that must not be sent is a 500, even if its body is a Stream: nothing follows that.
func TestStreamRefused(t *testing.T) {
	for name, mistake := range map[string]func(*httpwire.Response){
		"a Date of its own": func(resp *httpwire.Response) {
			resp.Fields = resp.Fields.Add([]byte("Date"), []byte("today"))
		},
		"a code without a body": func(resp *httpwire.Response) { resp.Code = 204 },
	} {
		s := &Server{Limits: DefaultLimits, Handler: handlerFunc(
			func(_ *httpwire.Request, resp *httpwire.Response) {
				resp.Code, resp.Parts = 200, &counting{most: 3}
				mistake(resp)
			})}
		timed(t, s, func(t *testing.T, p *pipes, _ func()) {
			c := p.dial()
			defer c.Close()
			io.WriteString(c, "GET / HTTP/1.0\r\n\r\n")
			got, _ := io.ReadAll(c)
			if !strings.HasPrefix(string(got), "HTTP/1.0 500 ") ||
				!strings.HasSuffix(string(got), "\r\n\r\nThe server made a response that it must not send.\n") {
				t.Errorf("%s: got %q", name, got)
			}
		})
	}
}

// closings is a Stream that counts how often it is closed.
type closings struct {
	counting
	n atomic.Int32
}

func (c *closings) Close() { c.n.Add(1) }

// early is a handler that needs no body.
type early struct{ handlerFunc }

func (e early) HandleHead(req *httpwire.Request, resp *httpwire.Response) bool {
	e.Handle(req, resp)
	return true
}

// A Stream is closed once, whether it was sent, replaced by a 500, or its handler has not returned.
func TestStreamIsClosed(t *testing.T) {
	for name, after := range map[string]func(*httpwire.Response){
		"sent":     func(*httpwire.Response) {},
		"replaced": func(resp *httpwire.Response) { resp.Code = 99 },
		"panic":    func(*httpwire.Response) { panic("after the Stream was made") },
		"Goexit":   func(*httpwire.Response) { runtime.Goexit() },
	} {
		stream := new(closings)
		addr := start(t, &Server{Handler: early{func(_ *httpwire.Request, resp *httpwire.Response) {
			resp.Code, resp.Parts = 200, stream
			after(resp)
		}}})
		talk(t, addr, "HEAD / HTTP/1.0\r\n\r\n")
		talk(t, addr, "HEAD / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
		if n := stream.n.Load(); n != 2 {
			t.Errorf("%s: closed %d times after two requests", name, n)
		}
	}
}

// last returns the last line of a text, which may have CR LF before it.
func last(s string) string {
	s = strings.TrimSuffix(s, "\n")
	return strings.TrimSuffix(s[strings.LastIndex(s, "\n")+1:], "\r")
}

// A stop ends a Stream.
func TestStreamStops(t *testing.T) {
	timed(t, streaming(1000), func(t *testing.T, p *pipes, stop func()) {
		c := p.dial()
		defer c.Close()
		go io.WriteString(c, "GET / HTTP/1.0\r\n\r\n")
		start := time.Now()
		time.AfterFunc(time.Minute+time.Second/2, stop)
		got, _ := io.ReadAll(c)
		if took := time.Since(start); took != time.Minute+time.Second/2 || last(string(got)) != "60" {
			t.Errorf("ended after %v with %q", took, last(string(got)))
		}
	})
}

// A stop does not wait for the client of a Stream, whether it takes all and does not close, has sent
// more, or takes nothing.
func TestStopDoesNotWaitForStreams(t *testing.T) {
	t.Run("as on this system", stopDoesNotWaitForStreams)
	t.Run("as on Windows", func(t *testing.T) {
		defer func(was bool) { resumable = was }(resumable)
		resumable = false
		stopDoesNotWaitForStreams(t)
	})
}

func stopDoesNotWaitForStreams(t *testing.T) {
	for name, reads := range map[string]bool{"reads": true, "reads and has sent more": true, "takes nothing": false,
		"takes only the heads": false} {
		s := streaming(1000)
		timed(t, s, func(t *testing.T, p *pipes, stop func()) {
			ours, theirs := net.Pipe()
			defer ours.Close()
			p.conns <- &halfCloser{Conn: theirs, closed: make(chan struct{})}
			if strings.HasSuffix(name, "heads") {
				io.WriteString(ours, "GET /plain HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n")
				ours.Read(make([]byte, 4096))
			} else {
				io.WriteString(ours, "GET / HTTP/1.0\r\n\r\n")
			}
			if strings.HasSuffix(name, "more") {
				go io.WriteString(ours, "GET / HTTP/1.0\r\n\r\n")
			}
			if reads {
				go io.Copy(io.Discard, ours)
			}
			time.Sleep(5 * time.Second)
			synctest.Wait()
			stop()
			synctest.Wait() // no time passes
			if n := s.open.Load(); n != 0 {
				t.Errorf("%s: %d connections are open", name, n)
			}
		})
	}
}

// After a Stream the server reads what the client has sent meanwhile. A close with unread input would
// be a reset, which can destroy the last octets of the Stream on their way to the client.
func TestStreamDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		h := &halfCloser{Conn: theirs, closed: make(chan struct{})}
		s := streaming(1)
		s.stop = make(chan struct{})
		go s.ServeConn(h)
		go io.Copy(io.Discard, ours)
		io.WriteString(ours, "GET / HTTP/1.0\r\n\r\n")
		n, err := io.WriteString(ours, "more")
		ours.Close()
		synctest.Wait()
		if n != 4 || h.drained.Load() != 4 {
			t.Errorf("%d octets went away, %v, and %d were drained", n, err, h.drained.Load())
		}
	})
}

// A client that does not take a Stream is cut off.
func TestStreamUnread(t *testing.T) {
	s := streaming(1 << 30)
	timed(t, s, func(t *testing.T, p *pipes, _ func()) {
		c := p.dial()
		defer c.Close()
		io.WriteString(c, "GET / HTTP/1.0\r\n\r\n")
		time.Sleep(s.Limits.SendTime + 2*time.Second)
		synctest.Wait()
		if n := s.open.Load(); n != 0 {
			t.Errorf("%d connections are open", n)
		}
	})
}

// endless is a Stream of 32 KiB at a time.
type endless struct{ Streamed }

func (endless) Next(<-chan struct{}) ([]byte, bool) { return make([]byte, 32<<10), true }

// What a client does not take of a Stream counts for Limits.InFlight. Without room, another Stream ends.
func TestStreamInFlight(t *testing.T) {
	s := &Server{Limits: DefaultLimits, Handler: handlerFunc(
		func(_ *httpwire.Request, resp *httpwire.Response) { resp.Code, resp.Parts = 200, endless{} })}
	s.Limits.InFlight = 40 << 10
	timed(t, s, func(t *testing.T, p *pipes, _ func()) {
		first, second := p.dial(), p.dial()
		defer second.Close()
		io.WriteString(first, "GET / HTTP/1.0\r\n\r\n")
		first.Read(make([]byte, 1000)) // the head
		synctest.Wait()
		io.WriteString(second, "GET / HTTP/1.0\r\n\r\n")
		second.SetReadDeadline(time.Now().Add(time.Second))
		if got, err := io.ReadAll(io.LimitReader(second, 1<<20)); err != nil || !strings.HasSuffix(string(got), "\r\n\r\n") {
			t.Errorf("%d octets, %v", len(got), err)
		}
		if _, err := io.ReadFull(first, make([]byte, 100<<10)); err != nil {
			t.Errorf("the first Stream: %v", err)
		}
		first.Close()
		synctest.Wait()
		if s.inFlight.octets != 0 {
			t.Errorf("%d octets in flight", s.inFlight.octets)
		}
	})
}

// A scribe is a Watcher and a Watch that writes down what it sees.
type scribe struct {
	sync.Mutex
	lines   []string
	request int // octets that were received of it
}

func (s *scribe) add(format string, args ...any) {
	s.Lock()
	s.lines = append(s.lines, fmt.Sprintf(format, args...))
	s.Unlock()
}

func (s *scribe) Opened(peer string) Watch { s.add("opened"); return s }
func (s *scribe) Sent(octets []byte)       { s.add("sent %d", len(octets)) }
func (s *scribe) Closed()                  { s.add("closed") }
func (s *scribe) Received(octets []byte) {
	s.request += len(octets)
	s.add("received %d", len(octets))
}
func (s *scribe) Responded(code int, octets int64, next []byte) {
	s.add("responded %d %d %d", s.request-len(next), octets, code)
	s.request = len(next)
}

// A Watcher sees each octet in the order in which things happen, and the octets of a response are as
// many as it was told.
func TestWatcher(t *testing.T) {
	const get, post = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
	w := new(scribe)
	s := &Server{Limits: DefaultLimits, Watcher: w, Handler: handlerFunc(
		func(req *httpwire.Request, resp *httpwire.Response) {
			resp.Code = 200
			if string(req.Method) == "GET" {
				resp.Body = make([]byte, longBody)
			}
		})}
	timed(t, s, func(t *testing.T, p *pipes, _ func()) {
		c := p.dial()
		var got int
		done := make(chan struct{})
		go func() {
			defer close(done)
			n, _ := io.Copy(io.Discard, c)
			got = int(n)
		}()
		send := func(octets string) { io.WriteString(c, octets); synctest.Wait() }
		send(get[:3])
		send(get[3:])
		send(post)
		send("abc")
		<-done
		c.Close()
		synctest.Wait()
		w.Lock()
		defer w.Unlock()
		var sent, told int64
		var order []string
		for _, line := range w.lines {
			word, rest, _ := strings.Cut(line, " ")
			var n, m int64
			switch fmt.Sscan(rest, &n, &m); word {
			case "sent":
				sent += n
			case "responded":
				told += m
				word += fmt.Sprint(" ", n)
			case "received":
				word = line
			}
			if len(order) == 0 || order[len(order)-1] != word {
				order = append(order, word)
			}
		}
		want := fmt.Sprintf("opened, received 3, received %d, responded %d, sent, received %d, sent, received 3, "+
			"responded %d, sent, closed", len(get)-3, len(get), len(post), len(post)+3)
		if g := strings.Join(order, ", "); g != want {
			t.Errorf("got  %s\nwant %s", g, want)
		}
		told += int64(len("HTTP/1.1 100 Continue\r\n\r\n"))
		if sent != int64(got) || told != sent {
			t.Errorf("%d octets were sent, %d told, %d came", sent, told, got)
		}
	})
}
