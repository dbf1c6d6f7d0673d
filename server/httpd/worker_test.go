package httpd

import (
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rawhttp/httpwire"
)

// A goroutine that is free takes the next connection. A connection never waits for one, and none is
// left when no connection has come for a while, or when the server stops.
func TestWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{stop: make(chan struct{}), work: make(chan func())}
		free := func() bool {
			synctest.Wait()
			select {
			case s.work <- func() {}:
				return true
			default:
				return false
			}
		}
		release := make(chan struct{})
		running := 0
		for range 3 {
			s.start(func() { running++; <-release })
			synctest.Wait()
		}
		if running != 3 || free() {
			t.Errorf("%d of 3 functions run; a goroutine is free: %v", running, free())
		}
		close(release)
		if !free() {
			t.Error("no goroutine is free after the functions have returned")
		}
		time.Sleep(workTime)
		if free() {
			t.Error("a goroutine is left after workTime")
		}
		s.start(func() {})
		close(s.stop)
		if free() {
			t.Error("a goroutine is left after the stop")
		}
	})
}

// A handler that ends its goroutine ends its own connection only.
func TestGoexit(t *testing.T) {
	s := &Server{Handler: handlerFunc(func(req *httpwire.Request, resp *httpwire.Response) {
		if resp.Code = 200; string(req.Path()) == "/exit" {
			runtime.Goexit()
		}
	})}
	addr := start(t, s) // fails if a connection is left at the end
	for range 3 {
		if got := talk(t, addr, "GET /exit HTTP/1.0\r\n\r\n"); got != "" {
			t.Errorf("got %q", got)
		}
		if got := talk(t, addr, "GET / HTTP/1.0\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.0 200 ") {
			t.Errorf("got %q", got)
		}
	}
}
