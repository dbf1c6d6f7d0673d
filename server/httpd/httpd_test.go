package httpd

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// 1945-9.5-b: a connection beyond the limit gets a 503. When another one has ended, the next is served.
func TestTooManyConnections(t *testing.T) {
	s := &Server{Handler: echo, Limits: DefaultLimits}
	s.Limits.Conns = 1
	timed(t, s, func(t *testing.T, p *pipes, _ func()) { // a connection that waits for long loses its place
		ask := func(c net.Conn) string {
			go io.WriteString(c, "GET /x HTTP/1.0\r\n\r\n")
			got, _ := io.ReadAll(c)
			return string(got)
		}
		first := p.dial()
		io.WriteString(first, "GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
		if _, err := first.Read(make([]byte, 4096)); err != nil {
			t.Fatal(err)
		}
		got := ask(p.dial())
		if a := responses(t, got, "GET"); len(a) != 1 || a[0].Code != 503 || a[0].Fields.Get("Retry-After") == nil {
			t.Errorf("got %q", got)
		}
		s.refusing.Add(64)
		if got := ask(p.dial()); got != "" {
			t.Errorf("the 65th at a time got %q", got)
		}
		s.refusing.Add(-64)
		if got := ask(first); !strings.Contains(got, "200 OK") {
			t.Errorf("the first one got %q", got)
		}
		synctest.Wait() // until the first one is counted off
		if got := ask(p.dial()); !strings.Contains(got, "200 OK") {
			t.Errorf("the next one got %q", got)
		}
	})
}

// Accept that fails for a while does not end the server.
func TestAcceptBacksOff(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	failures := 3
	serve(t, &Server{Handler: echo}, &flaky{inner, func() bool { failures--; return failures >= 0 }})
	got := talk(t, inner.Addr().String(), "GET /x HTTP/1.0\r\n\r\n")
	if !strings.Contains(got, "200 OK") {
		t.Errorf("got %q", got)
	}
}

// Accept that fails for good ends the server with its error.
func TestAcceptFails(t *testing.T) {
	failed := errors.New("the listener is broken")
	s := &Server{Handler: echo, Limits: DefaultLimits}
	if err := s.Serve(t.Context(), time.Second, broken{newPipes(), failed}); err != failed {
		t.Errorf("got %v", err)
	}
}

// broken is a listener that cannot accept.
type broken struct {
	net.Listener
	err error
}

func (b broken) Accept() (net.Conn, error) { return nil, b.err }

// flaky is a listener that has no descriptor for a connection as long as fails returns true.
type flaky struct {
	net.Listener
	fails func() bool
}

type tooManyFiles struct{ error }

func (tooManyFiles) Temporary() bool { return true }

func (f *flaky) Accept() (net.Conn, error) {
	if f.fails() {
		return nil, tooManyFiles{errors.New("too many open files")}
	}
	return f.Listener.Accept()
}
