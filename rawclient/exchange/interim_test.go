package exchange

import (
	"strings"
	"testing"
)

// 9110-15.2-a: an interim answer is passed by; to a request of HTTP/1.0 it is a fault of the server's,
// which Flask makes.
func TestInterim(t *testing.T) {
	const fault = "must not get"
	for request, wrong := range map[string]bool{get: true, "GET / HTTP/1.1": false} {
		s := &script{answer: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n" + two, ending: hold}
		got := run(t, s, request)
		got.check(t, 0, "100 Continue is an interim answer")
		if strings.Contains(got.stderr, fault) != wrong || got.stdout != s.answer {
			t.Errorf("%s: %s", request, got.stderr)
		}
	}
}
