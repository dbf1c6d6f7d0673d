package httpd

import (
	"regexp"
	"testing"

	"rawhttp/httpwire"
)

// A Brief has a Date, the handler's fields and a length, and nothing else unless the connection stays
// open.
func TestBrief(t *testing.T) {
	t.Parallel()
	addr := start(t, &Server{Limits: DefaultLimits, Name: Product, Handler: handlerFunc(
		func(_ *httpwire.Request, resp *httpwire.Response) {
			resp.Code, resp.Parts = 200, Brief("Hello!\n")
			resp.Fields = resp.Fields.Add([]byte("Content-Type"), []byte("text/plain"))
		})})
	date := regexp.MustCompile(`Date: [^\r]+ GMT\r\n`)
	const rest = "Content-Type: text/plain\r\nContent-Length: 7\r\n\r\n"
	const closing = "HTTP/1.0 200 OK\r\n<Date>" + rest
	const keeping = "HTTP/1.0 200 OK\r\n<Date>Connection: keep-alive\r\n" + rest
	for _, tt := range []struct{ name, send, want string }{
		{"GET", "GET / HTTP/1.0\r\n\r\n", closing + "Hello!\n"},
		{"HEAD", "HEAD / HTTP/1.0\r\n\r\n", closing},
		{"HTTP/1.1", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", closing + "Hello!\n"},
		{"HTTP/0.9", "GET /\r\n", "Hello!\n"},
		{"a connection that stays open",
			"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n",
			keeping + "Hello!\n" + closing + "Hello!\n"},
	} {
		if got := date.ReplaceAllString(talk(t, addr, tt.send), "<Date>"); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
