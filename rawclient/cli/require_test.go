package cli

import (
	"strings"
	"testing"

	"rawhttp/examples/foreign"
)

// 9110-15.2-a: the client reads past an interim response. A server must not send one to HTTP/1.0, but
// Flask does.
func TestInterim(t *testing.T) {
	foreign.Short(t)
	t.Parallel()
	const fault = "must not send"
	for request, wrong := range map[string]bool{get: true, "GET / HTTP/1.1": false} {
		s := &script{response: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n" + two, ending: hold}
		got := run(t, s, request)
		got.check(t, 0, "100 Continue is an interim response")
		if strings.Contains(unwrapped(got.stderr), fault) != wrong || got.stdout != s.response {
			t.Errorf("%s: %s", request, got.stderr)
		}
	}
}

// 1945-9.3-b: no redirect is followed, not even one of a GET to where it came from.
func TestRedirect(t *testing.T) {
	s := &script{response: "HTTP/1.0 302 Found\r\nLocation: /\r\n\r\n"}
	run(t, s, get).check(t, 0)
	if n := len(s.seen()); n != 1 {
		t.Errorf("%d requests", n)
	}
}
