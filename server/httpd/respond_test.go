package httpd

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"rawhttp/httpwire"
)

// A headCache appends what appendHead appends, whatever the responses before were.
func TestHeadCache(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	srv := &Server{Limits: DefaultLimits, Name: Product}
	c := newConn(srv, newMemory(nil, 0))
	c.borrow()
	c.now = time.Unix(784111777, 0)
	values := []string{"a", "b", "aa", ""}
	hits := 0
	for range 20_000 {
		if random.IntN(10) == 0 {
			c.now = c.now.Add(time.Duration(random.IntN(2)) * time.Second)
		}
		c.resp = httpwire.Response{Body: make([]byte, random.IntN(2))}
		if random.IntN(4) == 0 {
			c.resp = httpwire.Response{Parts: Brief(c.resp.Body)}
		}
		c.resp.Code = []int{200, 404, 204, 304, 199}[random.IntN(5)]
		for range random.IntN(3) {
			name := []string{"X", "XY", "Date", "ETag"}[min(3, random.IntN(20)%4)]
			c.resp.Fields = c.resp.Fields.Add([]byte(name), []byte(values[random.IntN(len(values))]))
		}
		keep := random.IntN(2) == 0
		facts := c.headFacts(keep)
		want, wantErr := srv.appendHead([]byte("before "), facts, c.resp.Fields)
		before := string(c.head.octets)
		got, err := c.head.appendHead([]byte("before "), srv, facts, c.resp.Fields)
		if string(got) != string(want) || (err == nil) != (wantErr == nil) {
			t.Fatalf("got %q, %v, want %q, %v", got, err, want, wantErr)
		}
		if err == nil && before == string(c.head.octets) {
			hits++
		}
	}
	if hits < 10 {
		t.Errorf("the same head followed only %d times", hits)
	}
}

// A tunneler responds with its code to every method. It is not a MethodHandler, so it gets CONNECT too.
type tunneler int

func (code tunneler) Handle(_ *httpwire.Request, resp *httpwire.Response) { resp.Code = int(code) }

// 9110-9.3.6-c: a handler that responds with 2xx to CONNECT does not make the client believe that what follows is a
// tunnel. The head of the response to GET is the same.
func TestNoTunnel(t *testing.T) {
	for _, code := range []int{200, 204, 299} {
		addr := start(t, &Server{Handler: tunneler(code)})
		got := talk(t, addr, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"+
			"CONNECT h:1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
		first, second, _ := strings.Cut(got, "\r\n\r\n")
		if !strings.HasPrefix(first, fmt.Sprintf("HTTP/1.0 %d ", code)) || !strings.HasPrefix(second, "HTTP/1.0 500 ") {
			t.Errorf("got %q", got)
		}
	}
}

func BenchmarkHead(b *testing.B) {
	srv := &Server{Limits: DefaultLimits, Name: Product}
	c := newConn(srv, newMemory(nil, 0))
	c.borrow()
	c.now = time.Unix(784111777, 0)
	c.resp.Code = 200
	c.resp.Fields = c.resp.Fields.Add(nameContentType, valueText).Add([]byte("ETag"), []byte(`"x"`))
	var dst []byte
	b.Run("plain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			dst, _ = srv.appendHead(dst[:0], c.headFacts(true), c.resp.Fields)
		}
	})
	b.Run("cached", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			dst, _ = c.head.appendHead(dst[:0], srv, c.headFacts(true), c.resp.Fields)
		}
	})
}

// A response that a handler makes wrongly is never sent.
func TestHandlersMistakes(t *testing.T) {
	field := func(name, value string) func(*httpwire.Request, *httpwire.Response) {
		return func(_ *httpwire.Request, resp *httpwire.Response) {
			resp.Code = 200
			resp.Fields = resp.Fields.Add([]byte(name), []byte(value))
			resp.Body = []byte("secret")
		}
	}
	tests := []struct {
		name   string
		handle handlerFunc
	}{
		{"1945-9.5-a panic", func(*httpwire.Request, *httpwire.Response) { panic("secret") }},
		{"no code", func(*httpwire.Request, *httpwire.Response) {}},
		{"an interim code", func(_ *httpwire.Request, r *httpwire.Response) { r.Code = 103 }},
		{"9110-15-a code 99", func(_ *httpwire.Request, r *httpwire.Response) { r.Code = 99 }},
		{"1945-7.2-d body with 204", func(_ *httpwire.Request, r *httpwire.Response) {
			r.Code, r.Body = 204, []byte("secret")
		}},
		{"9112-2.2-c CR LF in a value", field("X", "a\r\nSet-Cookie: secret")},
		{"9112-2.2-c space in a name", field("Bad Name", "secret")},
		{"9110-8.6-f a length of its own", field("Content-Length", "10")},
		{"9112-6.2-a a coding of its own", field("Transfer-Encoding", "chunked")},
		{"9110-5.3-c a Date of its own", field("Date", "today")},
		{"sniffing allowed", field("X-Content-Type-Options", "")},
		{"an unknown length without a Stream", func(_ *httpwire.Request, r *httpwire.Response) {
			r.Code, r.Parts = 200, &pieces{part: "secret", count: 1, length: -1}
		}},
	}
	var handle handlerFunc
	log := new(notes)
	addr := start(t, &Server{
		Handler: handlerFunc(func(req *httpwire.Request, resp *httpwire.Response) { handle(req, resp) }),
		Log:     slog.New(slog.NewTextHandler(log, nil)),
	})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			handle = tt.handle
			got := talk(t, addr, "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
			all := responses(t, got, "GET")
			if len(all) != 1 || all[0].Code != 500 || strings.Contains(got, "secret") {
				t.Errorf("got %q", got)
			}
			handle = echo
			if got := talk(t, addr, "GET /x HTTP/1.0\r\n\r\n"); !strings.Contains(got, "200 OK") {
				t.Errorf("then %q", got)
			}
		})
	}
	if !strings.Contains(log.String(), "level=ERROR") {
		t.Error("nothing is in the log")
	}
	for _, code := range []int{-1, 0, 204, 700} { // a Simple-Response has no status code, and the log has one
		handle = func(_ *httpwire.Request, resp *httpwire.Response) { resp.Code, resp.Body = code, []byte("x") }
		if got := talk(t, addr, "GET /x\r\n"); got != "The server made a response that it must not send.\n" {
			t.Errorf("code %d: got %q", code, got)
		}
	}
	if strings.Contains(log.String(), "the server panicked") {
		t.Error(log)
	}
}
