package httpd

import (
	"log/slog"
	"regexp"
	"strings"
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

// A response whose body is Quiet is logged only if the log is verbose.
func TestQuiet(t *testing.T) {
	for level, lines := range map[slog.Level]int{slog.LevelInfo: 1, slog.LevelDebug: 2} {
		log := new(notes)
		addr := start(t, &Server{
			Handler: handlerFunc(func(req *httpwire.Request, resp *httpwire.Response) {
				if resp.Code = 200; string(req.Path()) == "/quiet" {
					resp.Code, resp.Parts = 204, Quiet{}
				}
			}),
			Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: level}))})
		got := talk(t, addr, "GET /quiet HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /other HTTP/1.0\r\n\r\n")
		if !strings.HasPrefix(got, "HTTP/1.0 204 ") || strings.Count(log.String(), "msg=request ") != lines ||
			!strings.Contains(log.String(), "/other") {
			t.Errorf("%v: %q, and the log says %s", level, got, log)
		}
	}
}
