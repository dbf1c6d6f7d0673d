package main

import (
	"context"
	"io"
	"net"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"rawhttp/httpwire"
	"rawhttp/server/httpd"
)

// noDescriptors takes all the descriptors that the server may have. The server waits until some are
// free, and then serves the clients that have waited.
func noDescriptors(a *arena) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		a.Skip("skipped: there is no sh to limit descriptors by")
	}
	a.victim.stops()
	const few = `ulimit -n 40; exec "$0" "$@"`
	a.victim = a.startBy(exec.Command(sh, "-c", few, a.program, "-addr", "127.0.0.1:0"))
	before := a.metrics()
	var conns []net.Conn
	for range 100 {
		conns = append(conns, a.victim.dial())
	}
	a.until("no descriptors", func() bool {
		return strings.Contains(a.victim.log.String(), "cannot accept")
	})
	late := a.victim.dial()
	defer late.Close()
	io.WriteString(late, normal)
	for _, c := range conns {
		c.Close()
	}
	if got, err := io.ReadAll(late); err != nil || !strings.HasPrefix(string(got), "HTTP/1.0 200 ") {
		a.Errorf("a client that waited got %q, %v", got, err)
	}
	a.settles(before)
	a.victim.stops()
}

// stop presses Ctrl-C while requests are under way. The server responds to those and takes no new
// ones. /healthz says that the server is stopping. Then the server ends with exit status 0.
func stop(a *arena) {
	idle, half, health := a.keeper(), a.victim.dial(), a.victim.dial()
	io.WriteString(half, post("/raw", 4)+"ab")
	io.WriteString(health, "GET /healthz HTTP/1.0\r\nHost: loc")
	a.until("three have come", func() bool { a.look(); return a.row.held >= 3 })
	a.victim.interrupt()
	a.victim.says("Stopping")
	if got, err := io.ReadAll(idle); err != nil || len(got) > 0 {
		a.Errorf("an idle connection got %q, %v", got, err)
	}
	if c, err := net.Dial("tcp", a.victim.addr); err == nil {
		c.Close()
		a.Error("a new connection is taken")
	}
	io.WriteString(health, "alhost\r\n\r\n")
	if got, err := io.ReadAll(health); err != nil || !strings.HasPrefix(string(got), "HTTP/1.0 503 ") {
		a.Errorf("/healthz is %q, %v", got, err)
	}
	io.WriteString(half, "cd")
	got, err := io.ReadAll(half)
	codes, bodies := a.responses(string(got), "POST")
	if err != nil || len(codes) != 1 || codes[0] != 200 ||
		!strings.HasSuffix(bodies[0], "\r\n\r\nabcd") ||
		!strings.Contains(string(got), "Connection: close") {
		a.Errorf("a request under way got %q, %v", got, err)
	}
	half.Close()
	a.victim.exits()
}

// stopNow presses Ctrl-C twice. The second one ends the server at once, even
// while clients are connected.
func stopNow(a *arena) {
	half := a.victim.dial()
	io.WriteString(half, "POST /raw HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"+
		"Content-Length: 4\r\n\r\n")
	const asked = "HTTP/1.1 100 Continue\r\n\r\n" // the server waits for the body now
	if _, err := io.ReadFull(half, make([]byte, len(asked))); err != nil {
		a.Error(err)
	}
	io.WriteString(half, "ab")
	a.look()
	a.victim.interrupt()
	a.victim.says("Stopping")
	a.victim.interrupt()
	a.victim.ended = true
	if err := a.victim.cmd.Wait(); err == nil {
		a.Error("it ended as if all were well")
	}
	if got, _ := io.ReadAll(half); len(got) > 0 {
		a.Errorf("a request under way got %q", got)
	}
}

// panics asks a handler that panics. The real one does not, so this server is in
// the test's process.
func panics(t *testing.T) row {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := &httpd.Server{Handler: panicking{}, Limits: httpd.DefaultLimits}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, time.Second, l) }()
	const requests = 100
	for range requests {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
		if got, err := io.ReadAll(c); err != nil || !strings.HasPrefix(string(got), "HTTP/1.0 500 ") {
			t.Errorf("got %q, %v", got, err)
		}
		c.Close()
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if !patiently(func() bool { return runtime.NumGoroutine() <= before }) {
		t.Errorf("%d goroutines before, %d are left", before, runtime.NumGoroutine())
	}
	return row{peer: "a handler that panics", refused: requests}
}

type panicking struct{}

func (panicking) Handle(*httpwire.Request, *httpwire.Response) { panic("on purpose") }
