package httpd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"rawhttp/httpwire"
	"rawhttp/server/eventlog"
)

// handlerFunc is a Handler for tests.
type handlerFunc func(*httpwire.Request, *httpwire.Response)

func (f handlerFunc) Handle(req *httpwire.Request, resp *httpwire.Response) { f(req, resp) }

func (f handlerFunc) Knows(req *httpwire.Request) bool {
	return slices.Contains(strings.Fields("GET HEAD POST PUT DELETE OPTIONS"), string(req.Method))
}

// echo responds with what it was asked, so that a test sees what the handler saw.
var echo = handlerFunc(func(req *httpwire.Request, resp *httpwire.Response) {
	resp.Code = 200
	resp.Fields = resp.Fields.Add([]byte("Content-Type"), []byte("text/plain"))
	resp.Body = []byte(string(req.Method) + " " + string(req.Path()) + " [" + string(req.Body) + "]\n")
})

// start serves on a free port of the loopback until the test ends, and checks that it ends well.
func start(t *testing.T, s *Server) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serve(t, s, l)
	return l.Addr().String()
}

func serve(t *testing.T, s *Server, l net.Listener) {
	if s.Limits.Conns == 0 {
		s.Limits = DefaultLimits
	}
	if s.Name == "" {
		s.Name = "test/1"
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- s.Serve(ctx, time.Second, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
		if n := s.open.Load(); n != 0 {
			t.Errorf("%d connections are left", n)
		}
	})
}

func dial(t *testing.T, addr string) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(2 * time.Minute)) // more than any test needs, even on a busy machine
	return c.(*net.TCPConn)
}

// talk sends octets and returns all that comes back until the server closes.
func talk(t *testing.T, addr, octets string) string {
	t.Helper()
	c := dial(t, addr)
	if _, err := io.WriteString(c, octets); err != nil {
		t.Fatal(err)
	}
	return readAll(t, c)
}

func readAll(t *testing.T, c net.Conn) string {
	t.Helper()
	got, err := io.ReadAll(c)
	if err != nil {
		t.Fatalf("after %q: %v", got, err)
	}
	return string(got)
}

// responses takes octets apart into responses and checks what holds for every one of them.
func responses(t *testing.T, octets, method string) []httpwire.Response {
	t.Helper()
	var all []httpwire.Response
	for b := []byte(octets); len(b) > 0; {
		var resp httpwire.Response
		n, err := httpwire.ConsumeResponseHead(b, &resp)
		if err != nil {
			t.Fatalf("the response does not parse: %v in %q", err, b)
		}
		if resp.Code == 100 {
			b = b[n:]
			continue
		}
		checkHead(t, string(b[:n]), &resp)
		framing, err := resp.Framing([]byte(method))
		length := framing.Length
		if err != nil || length > int64(len(b)-n) {
			t.Fatalf("body of %d octets, %v, in %q", length, err, b)
		}
		if framing.Ending >= httpwire.EndsAfterChunks {
			length = int64(len(b) - n)
		}
		resp.Body = b[n : n+int(length)]
		b = b[n+int(length):]
		all = append(all, resp)
	}
	return all
}

var product = regexp.MustCompile(`^[\w.-]+(/[\w.-]+)?$`)

func checkHead(t *testing.T, head string, resp *httpwire.Response) {
	t.Helper()
	if !strings.HasPrefix(head, "HTTP/1.0 ") || len(resp.Reason) == 0 {
		t.Errorf("1945-3.1-e: status-line of %q", head)
	}
	if strings.Count(head, "\r") != strings.Count(head, "\n") ||
		strings.Count(head, "\r\n") != strings.Count(head, "\n") {
		t.Errorf("1945-2.2-a: line ends of %q", head)
	}
	if _, err := httpwire.ParseDate(resp.Fields.Get("Date"), time.Now()); err != nil {
		t.Errorf("9110-6.6.1-a: Date %q: %v", resp.Fields.Get("Date"), err)
	}
	if server := resp.Fields.Get("Server"); !product.Match(server) || len(server) >= 64 {
		t.Errorf("1945-3.7-a: Server %q", server)
	}
	if resp.Fields.Get("Content-Type") == nil && string(resp.Fields.Get("Content-Length")) != "0" &&
		resp.Code != 204 && resp.Code != 304 {
		t.Errorf("1945-7.2.1-a: no Content-Type in %q", head)
	}
	if resp.Fields.Get("Keep-Alive") != nil && !resp.Fields.Has("Connection", "keep-alive") {
		t.Errorf("2068-19.7.1.1-b: %q", head)
	}
	var order []string
	for _, f := range resp.Fields {
		order = append(order, string(f.Name))
	}
	fields := strings.Join(order, " ")
	if !strings.HasPrefix(fields, "Date Connection Server ") {
		t.Errorf("1945-4.2-e: fields in the order %s", fields)
	}
	switch bodiless := resp.Code == 204 || resp.Code == 304; {
	case bodiless == (string(resp.Fields.Get("X-Content-Type-Options")) == "nosniff"):
		t.Errorf("nosniff in %q", head)
	case bodiless && resp.Fields.Get("Content-Length") != nil:
		t.Errorf("9110-8.6-c: %q", head)
	case !bodiless && resp.Fields.Get("Content-Length") == nil:
		t.Errorf("9112-6.3-g: %q", head)
	}
}

const base = "GET /address_book/api/v1.0/addresses"

// Every request here gets one response, and then the connection ends.
func TestResponses(t *testing.T) {
	tests := []struct {
		name  string
		send  string
		code  int
		words string // in the response, separated by "|"
	}{
		{"1945-1.3-a 1945-8.1-a a request", base + " HTTP/1.0\r\n\r\n", 200,
			"Connection: close|GET /address_book/api/v1.0/addresses []"},
		{"1945-3.1-g any field", "GET /x HTTP/1.0\r\nX-Anything: 1\r\nFrom: a@b\r\n\r\n", 200, "/x"},
		{"9110-6.2-b HTTP/1.1", "GET /x HTTP/1.1\r\nHost: x\r\n\r\n", 200, "Connection: close"},
		{"9110-6.2-b HTTP/1.9", "GET /x HTTP/1.9\r\nHost: x\r\n\r\n", 200, ""},
		{"9110-6.2-c HTTP/2.0", "GET /x HTTP/2.0\r\n\r\n", 505, "HTTP/1.0"},
		{"9110-6.2-c HTTP/0.9 spelt out", "GET /x HTTP/0.9\r\n\r\n", 505, "HTTP/1.0"},
		{"9110-6.2-c preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "HTTP/1.0"},
		{"9112-2.2-f one empty line before", "\r\nGET /x HTTP/1.0\r\n\r\n", 200, "/x"},
		{"9112-2.2-f a thousand of them", strings.Repeat("\r\n", 1000), 400, "offset 2"},
		{"9112-2.2-i no HTTP", "HELLO\r\n", 400, ""},
		{"9112-2.2-i no target", "GET\r\n", 400, ""},
		{"9112-2.2-i TLS", "\x16\x03\x01\x02\x00\r\n", 400, "TLS"},
		{"9112-2.2-b bare LF", "GET /x HTTP/1.0\n\n", 400, "offset 15|CR LF|nc -C"},
		{"9112-2.2-d bare CR", "GET /x HTTP/1.0\r\nX: a\rb\r\n\r\n", 400, "offset 22"},
		{"9112-3-b long method", strings.Repeat("A", 40) + " /x HTTP/1.0\r\n\r\n", 501, ""},
		{"1945-5.1.1-b unknown method", "BREW /x HTTP/1.0\r\n\r\n", 501, "GET"},
		{"9110-9.3.8-a TRACE", "TRACE /x HTTP/1.0\r\n\r\n", 501, ""},
		{"9110-9.3.6-a CONNECT", "CONNECT h:80 HTTP/1.0\r\n\r\n", 501, ""},
		{"9110-9.3.6-a CONNECT without port", "CONNECT h: HTTP/1.0\r\n\r\n", 400, "port"},
		{"9112-3-c line too long", "GET /" + strings.Repeat("a", 9000) + " HTTP/1.0\r\n\r\n", 414,
			"limit 8192 octets"},
		{"9112-3-d line of 8000", "GET /" + strings.Repeat("a", 7986) + " HTTP/1.0\r\n\r\n", 200, ""},
		{"9112-3.2-b space in the target", base + "/1 2 HTTP/1.0\r\n\r\n", 400, ""},
		{"9112-3.2-d 1.1 without Host", "GET /x HTTP/1.1\r\n\r\n", 400, "Host"},
		{"9112-3.2-e two Hosts", "GET /x HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400, "Host"},
		{"9112-3.2-e a bad Host", "GET /x HTTP/1.0\r\nHost: a b\r\n\r\n", 400, "Host"},
		{"9112-3.2.2-a absolute-form", "GET http://localhost:8080/x HTTP/1.0\r\n\r\n", 200, "GET /x "},
		{"9110-7.4-a https target", "GET https://localhost/x HTTP/1.0\r\n\r\n", 400, ""},
		{"9112-5.1-a space before colon", "GET /x HTTP/1.0\r\nContent-Length : 5\r\n\r\n", 400, "colon"},
		{"9112-5.2-b folding", "GET /x HTTP/1.0\r\nX: a\r\n b\r\n\r\n", 400, "line folding"},
		{"9112-6-a GET with a body", "GET /x HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello", 200, "[hello]"},
		{"9112-6.1-a Transfer-Encoding",
			"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" +
				"5\r\nhello\r\n0\r\n\r\n", 501, "Content-Length"},
		{"9112-6.1-b Transfer-Encoding in 1.0",
			"POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "Transfer-Encoding"},
		{"9112-6.1-f both, and a second request", "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n" +
			"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n", 400, ""},
		{"9112-6.3-b chunked is not last",
			"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", 400,
			"chunked is not the last transfer coding"},
		{"9112-6.3-c two lengths",
			"POST /x HTTP/1.0\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
			400, "twice"},
		{"9112-6.3-f octets after the request", "GET /x HTTP/1.0\r\n\r\nJUNK", 200, "GET /x []"},
		{"1945-7.2.2-c 411", "POST /x HTTP/1.0\r\n\r\n{}", 411, "say in Content-Length how many"},
		{"9110-15.5.14-a 413 before the body", "POST /x HTTP/1.0\r\nContent-Length: 1048577\r\n\r\n", 413,
			"limit 1048576 octets"},
		{"9110-8.6-d a huge length",
			"POST /x HTTP/1.0\r\nContent-Length: 18446744073709551617\r\n\r\n", 413, ""},
		{"1945-9.1-a Expect in 1.0",
			"POST /x HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab",
			200, "[ab]"},
		{"9110-10.1.1-b another expectation",
			"POST /x HTTP/1.1\r\nHost: x\r\nExpect: pizza\r\nContent-Length: 2\r\n\r\nab", 417, "Expect"},
		{"another expectation in a second field",
			"POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n" +
				"Expect: pizza\r\nContent-Length: 2\r\n\r\nab", 417, "pizza"},
		{"an empty expectation",
			"POST /x HTTP/1.1\r\nHost: x\r\nExpect:\r\nContent-Length: 2\r\n\r\nab", 417, ""},
		{"9110-7.8-a Upgrade",
			"GET /x HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", 200, ""},
		{"9112-9.3-a keep-alive and close", "GET /x HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
			200,
			"Connection: close"},
		{"2068-19.7.1.1-a Keep-Alive alone", "GET /x HTTP/1.0\r\nKeep-Alive: timeout=60\r\n\r\n", 200,
			"Connection: close"},
		{"9112-9.6-b nothing after close", "GET /x HTTP/1.0\r\nConnection: close\r\n\r\n" +
			"POST /x HTTP/1.0\r\nContent-Length: 0\r\n\r\n", 200, "GET /x []"},
		{"9110-5.4-a too many fields", "GET /x HTTP/1.0\r\n" + strings.Repeat("X: y\r\n", 101) + "\r\n",
			431,
			"limit 100 fields"},
		{"as many as may be", "GET /x HTTP/1.0\r\n" + strings.Repeat("X: y\r\n", 100) + "\r\n", 200, ""},
		{"9110-5.4-a head too long",
			"GET /x HTTP/1.0\r\nX: " + strings.Repeat("y", 66000) + "\r\n\r\n", 431, "limit 65536 octets"},
		{"1945-4.1-b POST without version", "POST /x\r\n", 400, "HTTP/1.0"},
	}
	addr := start(t, &Server{Handler: echo})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := talk(t, addr, tt.send)
			all := responses(t, got, "GET")
			if len(all) != 1 || all[0].Code != tt.code {
				t.Fatalf("want one response with %d, got %q", tt.code, got)
			}
			for word := range strings.SplitSeq(tt.words, "|") {
				if !strings.Contains(got, word) {
					t.Errorf("no %q in %q", word, got)
				}
			}
			if tt.code >= 400 && (len(all[0].Body) == 0 || !strings.Contains(got, "text/plain")) {
				t.Errorf("1945-9.4-b: no explanation in %q", got)
			}
			if tt.code >= 400 && !strings.Contains(got, "Content-Type: text/plain; charset=utf-8\r\n") {
				t.Errorf("1945-3.6.1-b: %q", got)
			}
			if !all[0].Fields.Has("Connection", "close") {
				t.Errorf("9112-9.3-b: no close in %q", got)
			}
		})
	}
}

func TestSimpleRequest(t *testing.T) {
	addr := start(t, &Server{Handler: echo})
	if got := talk(t, addr, "GET /x\r\n"); got != "GET /x []\n" {
		t.Errorf("1945-5-a: got %q", got)
	}
	addr = start(t, &Server{Handler: echo, NoSimple: true})
	if got := responses(t, talk(t, addr, "GET /x\r\n"), "GET"); got[0].Code != 400 {
		t.Errorf("9112-C.1-a: got %d", got[0].Code)
	}
}

func TestHead(t *testing.T) {
	addr := start(t, &Server{Handler: echo})
	for _, tail := range []string{"", "Bad Name: x\r\n", "Content-Length: x\r\n"} {
		head := talk(t, addr, "HEAD /xyz HTTP/1.0\r\n"+tail+"\r\n")
		if !strings.HasSuffix(head, "\r\n\r\n") || strings.Count(head, "\r\n\r\n") != 1 {
			t.Errorf("1945-7.2-c: %q", head)
		}
	}
	get, head := talk(t, addr, "GET /xyz HTTP/1.0\r\n\r\n"), talk(t, addr, "HEAD /xy HTTP/1.0\r\n\r\n")
	g, h := responses(t, get, "GET")[0], responses(t, head, "HEAD")[0]
	for i := range g.Fields {
		same := bytes.Equal(g.Fields[i].Value, h.Fields[i].Value)
		if !same && string(g.Fields[i].Name) != "Date" {
			t.Errorf("1945-8.2-a 9110-8.6-b: %s: %q and %q", g.Fields[i].Name,
				g.Fields[i].Value, h.Fields[i].Value)
		}
	}
}

// panicky panics in one of its methods.
type panicky struct {
	handlerFunc
	unwatched
	in string
}

func (p *panicky) panicIn(method string) {
	if p.in == method {
		panic(method)
	}
}

func (p *panicky) Opened(string) Watch { p.panicIn("Opened"); return p }
func (p *panicky) Sent([]byte)         { p.panicIn("Sent") }
func (p *panicky) Closed()             { p.panicIn("Closed") }
func (p *panicky) HandleRefusal(*httpwire.Request, *httpwire.Response) {
	p.panicIn("HandleRefusal")
}

// A panic in a method of a Watcher or a RefusalHandler ends its connection only, also one that is
// refused, and octets of that connection are not sent to another one.
func TestPanics(t *testing.T) {
	for _, method := range []string{"Opened", "Sent", "Closed", "HandleRefusal"} {
		p, log := &panicky{handlerFunc: echo, in: method}, new(notes)
		s := &Server{Handler: p, Watcher: p, Limits: DefaultLimits}
		s.Log = slog.New(slog.NewTextHandler(log, nil))
		s.Limits.Conns = 1
		timed(t, s, func(t *testing.T, pipe *pipes, _ func()) {
			first, second := pipe.dial(), pipe.dial() // the second one is refused
			for _, c := range []net.Conn{second, first} {
				go io.WriteString(c, "GET /secret HTTP/1.0\r\n\r\n")
				io.ReadAll(c)
				c.Close()
				synctest.Wait()
			}
			p.in = ""
			third := pipe.dial()
			io.WriteString(third, "GET /x HTTP/1.0\r\n\r\n")
			got, _ := io.ReadAll(third)
			if !strings.HasPrefix(string(got), "HTTP/1.0 200 ") || strings.Contains(string(got), "secret") {
				t.Errorf("%s: then %q", method, got)
			}
			if !strings.Contains(log.String(), "peer=pipe panic="+method) {
				t.Errorf("%s: the log is %q", method, log)
			}
		})
	}
}

// panickyParts is a body that panics when a part of it was sent.
type panickyParts struct{ pieces }

func (p *panickyParts) WriteParts(w httpwire.PartWriter) error {
	w.WritePart([]byte(p.part))
	panic("WriteParts")
}

// A panic in a body in parts ends the connection. What was sent is not sent again: the client would
// read it as a part of the body.
func TestPanicInParts(t *testing.T) {
	const part = 100_000
	addr := start(t, &Server{Handler: handlerFunc(func(_ *httpwire.Request, resp *httpwire.Response) {
		resp.Code = 200
		resp.Parts = &panickyParts{pieces{part: strings.Repeat("x", part), count: 2, length: 2 * part}}
	})})
	got := talk(t, addr, "GET / HTTP/1.0\r\n\r\n")
	_, body, _ := strings.Cut(got, "\r\n\r\n")
	if len(body) == 0 || strings.Trim(body, "x") != "" {
		t.Errorf("a body of %d octets with %q", len(body), strings.Trim(body, "x"))
	}
}

// What a connection leaves in its storage is not there for the next one.
func TestBorrow(t *testing.T) {
	s := &Server{Limits: DefaultLimits}
	for range 10 {
		c := newConn(s, nil)
		c.borrow()
		if c.length != 0 || c.unsent != 0 || len(c.out) != 0 {
			t.Fatalf("%d octets, %d unsent, %q", c.length, c.unsent, c.out)
		}
		c.length, c.out = 7, append(c.out, "left"...)
		c.giveBack()
	}
}

// lastRead is a connection whose last octets come in the same read as its end, as in TLS 1.2.
type lastRead struct {
	net.Conn
	io.Reader
}

func (l lastRead) Read(p []byte) (int, error) { return l.Reader.Read(p) }

// A request that comes in the same read as the end of the connection has its response.
func TestEndInLastRead(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c := dial(t, l.Addr().String())
	nc, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(c, "GET /x HTTP/1.0\r\n\r\n")
	c.CloseWrite()
	(&Server{Handler: echo, Limits: DefaultLimits}).ServeConn(lastRead{nc, iotest.DataErrReader(nc)})
	if got := readAll(t, c); !strings.HasPrefix(got, "HTTP/1.0 200 ") {
		t.Errorf("got %q", got)
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

func TestKeepAlive(t *testing.T) {
	addr := start(t, &Server{Handler: echo})
	const keep = "Connection: Keep-Alive\r\n"
	t.Run("2068-19.7.1-a 2068-19.7.1-b 9112-9.3-d a body is no request", func(t *testing.T) {
		got := responses(t, talk(t, addr, "POST /1 HTTP/1.0\r\n"+keep+"Content-Length: 5\r\n\r\nGET /"+
			"GET /2 HTTP/1.0\r\n"+keep+"\r\nGET /3 HTTP/1.0\r\n\r\nGET /4 HTTP/1.0\r\n\r\n"), "GET")
		var all []string
		for i, a := range got {
			all = append(all, string(a.Body))
			if want := i < 2; a.Fields.Has("Connection", "keep-alive") != want {
				t.Errorf("response %d: keep-alive is %v", i, !want)
			}
		}
		want := "POST /1 [GET /]\nGET /2 []\nGET /3 []\n"
		if g := strings.Join(all, ""); g != want {
			t.Errorf("got %q, want %q", g, want)
		}
	})
	t.Run("one after the other", func(t *testing.T) {
		c := dial(t, addr)
		for range 3 {
			io.WriteString(c, "GET /x HTTP/1.0\r\n"+keep+"\r\n")
			b := make([]byte, 4096)
			n, err := c.Read(b)
			if err != nil || responses(t, string(b[:n]), "GET")[0].Code != 200 {
				t.Fatalf("%q, %v", b[:n], err)
			}
		}
	})
	t.Run("an error of the wire ends it", func(t *testing.T) {
		got := responses(t, talk(t, addr, "BREW /1 HTTP/1.0\r\n"+keep+"\r\nGET /2 HTTP/1.0\r\n\r\n"), "GET")
		if len(got) != 1 || got[0].Code != 501 {
			t.Errorf("got %v", got)
		}
	})
}

// 9112-9.3.2-a: responses to pipelined requests come in order, HEAD among them.
func TestPipelinedHead(t *testing.T) {
	addr := start(t, &Server{Handler: echo})
	got := talk(t, addr, "HEAD /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\n")
	first, rest, _ := strings.Cut(got, "\r\n\r\n")
	if all := responses(t, rest, "GET"); !strings.Contains(first, "200 OK") || len(all) != 1 ||
		string(all[0].Body) != "GET /2 []\n" {
		t.Errorf("got %q", got)
	}
}

func TestExpectContinue(t *testing.T) {
	addr := start(t, &Server{Handler: echo})
	c := dial(t, addr)
	io.WriteString(c, "POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\n"+
		"Content-Length: 2\r\n\r\n")
	const interim = "HTTP/1.1 100 Continue\r\n\r\n"
	b := make([]byte, len(interim))
	if _, err := io.ReadFull(c, b); err != nil || string(b) != interim {
		t.Fatalf("got %q, %v", b, err)
	}
	io.WriteString(c, "ab")
	if got := readAll(t, c); !strings.Contains(got, "[ab]") {
		t.Errorf("got %q", got)
	}
	c = dial(t, addr) // without Expect, no octet comes before the body
	io.WriteString(c, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n")
	c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if n, err := c.Read(b); !isTimeout(err) {
		t.Errorf("got %q, %v", b[:n], err)
	}
	c.Close()
	got := talk(t, addr, "POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"+
		"Content-Length: 1048577\r\n\r\n")
	if !strings.HasPrefix(got, "HTTP/1.0 413 ") {
		t.Errorf("9110-10.1.1-c: got %q", got)
	}
}

// byHead is a handler that decides by the head, or panics there.
type byHead struct{ handlerFunc }

func (byHead) HandleHead(req *httpwire.Request, resp *httpwire.Response) bool {
	switch string(req.Path()) {
	case "/panic":
		panic("secret")
	case "/final":
		resp.Code = 403
		return true
	}
	resp.Fields = resp.Fields.Add([]byte("X-Left-Over"), []byte("y"))
	return false
}

// A handler may decide by the head, and then the client is not asked for the body. The
// connection ends, because the client may send the body anyway.
func TestHeadHandler(t *testing.T) {
	log := new(Server)
	text := logOf(log)
	addr := start(t, &Server{Handler: byHead{echo}, Log: log.Log})
	for path, want := range map[string]string{"/final": "HTTP/1.0 403 ", "/panic": "HTTP/1.0 500 "} {
		got := talk(t, addr, "POST "+path+" HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n"+
			"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n")
		if a := responses(t, got, "POST"); !strings.HasPrefix(got, want) || len(a) != 1 ||
			!a[0].Fields.Has("Connection", "close") || strings.Contains(got, "secret") {
			t.Errorf("%s: got %q", path, got)
		}
	}
	for _, send := range []string{
		"POST /final HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na",
		"POST /final HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na",
		"POST /final HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na",
	} {
		if got := talk(t, addr, send); !strings.Contains(got, "POST /final [a]") ||
			strings.Contains(got, "Left-Over") {
			t.Errorf("%q: got %q", send, got)
		}
	}
	line := regexp.MustCompile(`msg="the handler panicked" id=[12] panic=`)
	if got := text.String(); !line.MatchString(got) {
		t.Errorf("the log says %s", got)
	}
}

// A request that ends too early is refused, and the response says what is missing. It is never handled.
func TestCutOff(t *testing.T) {
	addr := start(t, &Server{Handler: handlerFunc(func(
		req *httpwire.Request, resp *httpwire.Response,
	) {
		t.Error("handled")
	})})
	for _, tt := range []struct{ name, send, words string }{
		{"9112-8-a in the head", "GET / HTTP/1.0\r\nHost: x", "field-value"},
		{"9110-5.3-b before the empty line", "GET / HTTP/1.0\r\n", "empty line"},
		{"9112-6.3-e in the body", "POST / HTTP/1.0\r\nContent-Length: 100\r\n\r\n12345678901234567890",
			"80 more"},
		{"9112-6.3-e in a long body", "POST / HTTP/1.0\r\nContent-Length: 9000\r\n\r\n" +
			strings.Repeat("x", 5000), "4000 more"},
		{"in a line that breaks a rule", "GET / HTTP/1.0\r\nHo st", "in the name of a field"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := dial(t, addr)
			io.WriteString(c, tt.send)
			c.CloseWrite()
			got := readAll(t, c)
			if !strings.HasPrefix(got, "HTTP/1.0 400 ") || !strings.Contains(got, tt.words) {
				t.Errorf("got %q", got)
			}
		})
	}
}

// 9112-9.6-e: a client that closes its half after the request gets its response.
func TestHalfClose(t *testing.T) {
	addr := start(t, &Server{Handler: echo})
	c := dial(t, addr)
	io.WriteString(c, "GET /x HTTP/1.0\r\n\r\n")
	c.CloseWrite()
	if got := readAll(t, c); !strings.Contains(got, "GET /x []") {
		t.Errorf("got %q", got)
	}
}

// 9112-9.6-d: a client that is still sending sees the response.
func TestLingeringClose(t *testing.T) {
	addr := start(t, &Server{Handler: echo})
	for head, status := range map[string]string{
		"POST /x HTTP/1.0\r\nContent-Length: 5000000\r\n\r\n": "413 ",
		"GET /x HTTP/1.0\r\n\r\n":                             "200 ",
	} {
		c := dial(t, addr)
		sent := make(chan struct{})
		go func() {
			defer close(sent)
			c.Write(append([]byte(head), make([]byte, 5_000_000)...))
		}()
		if got := readAll(t, c); !strings.HasPrefix(got, "HTTP/1.0 "+status) {
			t.Errorf("got %q", got)
		}
		<-sent
	}
}

// 9112-9.6-d: a client that sends another request before it has read a long response gets all of the
// response, although it has not asked to keep the connection open.
func TestLongResponseIsWhole(t *testing.T) {
	const size = 1 << 20
	s := &Server{Handler: handlerFunc(func(_ *httpwire.Request, resp *httpwire.Response) {
		resp.Code, resp.Body = 200, make([]byte, size)
	})}
	c := dial(t, start(t, s))
	const get = "GET /x HTTP/1.0\r\n\r\n"
	io.WriteString(c, get)
	// The fault needs a system that takes all of the response before the client reads.
	for end := time.Now().Add(2 * time.Second); s.metrics.sent.Load() < size && time.Now().Before(end); {
		runtime.Gosched()
	}
	io.WriteString(c, get)
	if _, body, _ := strings.Cut(readAll(t, c), "\r\n\r\n"); len(body) != size {
		t.Errorf("got a body of %d octets", len(body))
	}
}

// 1945-1.3-b: a reset harms no other client.
func TestReset(t *testing.T) {
	addr := start(t, &Server{Handler: echo})
	for _, send := range []string{"", "GET /x", "POST /x HTTP/1.0\r\nContent-Length: 9\r\n\r\n123",
		"GET /x HTTP/1.0\r\n\r\n"} {
		c := dial(t, addr)
		io.WriteString(c, send)
		c.SetLinger(0)
		c.Close()
	}
	if got := talk(t, addr, "GET /x HTTP/1.0\r\n\r\n"); !strings.Contains(got, "200 OK") {
		t.Errorf("got %q", got)
	}
}

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

// 9110-17.4-a: what a client sends stays on one line of the log, quoted.
func TestLog(t *testing.T) {
	log := new(notes)
	addr := start(t, &Server{Handler: echo,
		Log: slog.New(slog.NewTextHandler(log, nil))})
	talk(t, addr, "GET /\x1b[31m\x9b HTTP/1.0\r\n\r\n")
	talk(t, addr, "\r\nGET /x HTTP/1.0\r\n\r\n")
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines: %q", len(lines), lines)
	}
	for i, want := range []string{`line="GET /\x1b[31m\x9b HTTP/1.0" status=400 in=24 out=`,
		`line="GET /x HTTP/1.0" status=200 in=21 out=`} {
		if !strings.Contains(lines[i], want) {
			t.Errorf("got %s, want %s", lines[i], want)
		}
	}
}

// A request-line may be as long as the limit and no longer, whatever its version and however it
// comes.
func TestLineLimit(t *testing.T) {
	s := &Server{Handler: echo, Limits: DefaultLimits}
	s.Limits.Line = 40
	addr := start(t, s)
	for _, version := range []string{"", " HTTP/1.0"} {
		for n := 25; n < 50; n++ {
			line := "GET /" + strings.Repeat("a", n-len("GET /"+version)) + version
			end := "\r\n"
			if version != "" {
				end = "\r\n\r\n"
			}
			got := talk(t, addr, line+end)
			switch {
			case n > 40 && !strings.HasPrefix(got, "HTTP/1.0 414 "):
				t.Errorf("%d octets, %q: %q", n, version, got)
			case n <= 40 && !strings.Contains(got, "GET /aaa"):
				t.Errorf("%d octets, %q: %q", n, version, got)
			}
		}
	}
}

// 1945-4.1-b: what is nearly a Simple-Request is refused with a status-line, in any segmentation.
func TestNearlySimple(t *testing.T) {
	addr := start(t, &Server{Handler: echo})
	for _, send := range []string{"GET /x\rX", "GET /x\r", "HEAD /x\r\n", "GET  /x\r\n"} {
		c := dial(t, addr)
		io.WriteString(c, send)
		c.CloseWrite()
		if got := readAll(t, c); !strings.HasPrefix(got, "HTTP/1.0 400 ") {
			t.Errorf("%q: %q", send, got)
		}
	}
}

// 1945-7.2-c: a HEAD that breaks off has no body in its response, wherever its octets lie by then.
func TestBrokenHead(t *testing.T) {
	addr := start(t, &Server{Handler: echo})
	c := dial(t, addr)
	io.WriteString(c, "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
	first := make([]byte, 4096)
	n, err := c.Read(first)
	if err != nil {
		t.Fatal(err)
	}
	responses(t, string(first[:n]), "GET")
	io.WriteString(c, "HEAD / HTTP/1.0\r\nX: "+strings.Repeat("a", 3000))
	c.CloseWrite()
	if got := readAll(t, c); !strings.HasPrefix(got, "HTTP/1.0 400 ") ||
		!strings.HasSuffix(got, "\r\n\r\n") {
		t.Errorf("got %q", got)
	}
}

// An empty line after the last request, as some clients send it, gets no response.
func TestStrayCRLF(t *testing.T) {
	addr := start(t, &Server{Handler: echo})
	c := dial(t, addr)
	io.WriteString(c, "POST /x HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nab\r\n")
	c.CloseWrite()
	if got := responses(t, readAll(t, c), "GET"); len(got) != 1 || got[0].Code != 200 {
		t.Errorf("%d responses", len(got))
	}
}

// Responses to pipelined requests do not pile up in memory.
func TestPipelinedAnswersDoNotPileUp(t *testing.T) {
	const keep = "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
	m := newMemory([]byte(strings.Repeat(keep, 1000)), 1)
	largest := 0
	c := newConn(&Server{Limits: DefaultLimits, Handler: handlerFunc(
		func(_ *httpwire.Request, resp *httpwire.Response) {
			resp.Code = 200
			resp.Body = make([]byte, longBody-1)
		})}, &sizes{memory: m, largest: &largest})
	c.serve()
	if m.written < 1000*(longBody-1) || largest > mostOutput {
		t.Errorf("%d octets in all, %d at once", m.written, largest)
	}
}

// A connection keeps no large storage after a long response. After a panic in a body nothing more of that
// is sent, and nothing is kept.
func TestOutputIsGivenBack(t *testing.T) {
	const keep = "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
	for _, bodies := range []struct {
		name    string
		body    httpwire.Parts
		written int64 // at the most
	}{
		{"whole", &pieces{part: "abc", count: 100_000, length: 300_000}, 2*300_000 + 1000},
		{"panic", &panicking{pieces{part: "abc", count: 30_000, length: 90_000}}, 0},
	} {
		m := newMemory([]byte(keep), 2)
		s := &Server{Limits: DefaultLimits}
		c := newConn(s, m)
		var kept []int
		s.Handler = handlerFunc(func(_ *httpwire.Request, resp *httpwire.Response) {
			kept = append(kept, cap(c.out))
			resp.Code, resp.Parts = 200, bodies.body
		})
		c.serve()
		if largest := slices.Max(kept); largest >= longBody || m.written > bodies.written {
			t.Errorf("%s: before each response %d octets of storage, and %d were sent", bodies.name, kept, m.written)
		}
		if n := s.inFlight.octets; n != 0 {
			t.Errorf("%s: %d octets are counted as being sent", bodies.name, n)
		}
	}
}

// A panicking body panics when half of it was made.
type panicking struct{ pieces }

func (p *panicking) WriteParts(w httpwire.PartWriter) error {
	half := p.pieces
	half.count /= 2
	half.WriteParts(w)
	panic("in a body")
}

// sizes notes the largest write.
type sizes struct {
	*memory
	largest *int
}

func (s *sizes) Write(p []byte) (int, error) {
	*s.largest = max(*s.largest, len(p))
	return s.memory.Write(p)
}

// Both loopback addresses are listened on, and a port that another program has on either is in use.
func TestListen(t *testing.T) {
	other, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("skipped: this machine has no [::1]")
	}
	defer other.Close()
	_, port, _ := net.SplitHostPort(other.Addr().String())
	if _, err := Listen("localhost:" + port); err == nil || !strings.Contains(err.Error(), "stop it") {
		t.Errorf("got %v", err)
	}
	first, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatalf("the port is still taken on 127.0.0.1: %v", err)
	}
	defer first.Close()
	if _, err := Listen("localhost:" + port); err == nil || !strings.Contains(err.Error(), "stop it") {
		t.Errorf("got %v", err)
	}
	both, err := Listen("LOCALHOST:0")
	if err != nil || len(both) != 2 {
		t.Fatalf("%d listeners, %v", len(both), err)
	}
	for _, l := range both {
		l.Close()
	}
}

// If -addr is not an address, the error shows what an address looks like.
func TestListenAdvises(t *testing.T) {
	for _, tt := range []struct{ addr, want string }{
		{"12345", "write host:port"},
		{"localhost:99999", `"99999" is not a port`},
		{"localhost:-1", `"-1" is not a port`},
		{"localhost:my port", `"my port" is not a port`},
		{"192.0.2.1:0", "use an address of this machine"},
	} {
		_, err := Listen(tt.addr)
		if err == nil || !strings.Contains(err.Error(), tt.want) ||
			!strings.Contains(err.Error(), "-addr "+DefaultAddr) {
			t.Errorf("%s: got %v", tt.addr, err)
		}
	}
	for addr, want := range map[string]string{"h:80": "h:12345", "h:1023": "h:1024", "h:8080": "h:8081", "h:65535": "h:12345"} {
		if got := next(addr); got != want {
			t.Errorf("after %s comes %s, want %s", addr, got, want)
		}
	}
}

// The attributes that a line of the log appends are those of its LogValue.
func TestLogged(t *testing.T) {
	for _, line := range []string{"GET / HTTP/1.0", "GET /", "", "a\x00\x9b\"\\", "é"} {
		l := &logged{1<<64 - 1, "127.0.0.1:1", []byte(line), 404, 18, -1, 1234567}
		var got, want bytes.Buffer
		for to, value := range map[*bytes.Buffer]slog.Value{&got: slog.AnyValue(l), &want: l.LogValue()} {
			r := slog.NewRecord(time.Time{}, slog.LevelInfo, "request", 0)
			r.AddAttrs(slog.Attr{Value: value})
			eventlog.NewHandler(to, slog.LevelInfo).Handle(t.Context(), r)
		}
		if got.String() != want.String() || !strings.HasSuffix(got.String(), " took=1.234567ms\n") {
			t.Errorf("got  %swant %s", &got, &want)
		}
	}
}

// With the level of debugging, the log has the octets of each request, and its own only. It says how many
// are left out.
func TestLogOfOctets(t *testing.T) {
	log := new(notes)
	addr := start(t, &Server{Handler: echo, Log: slog.New(slog.NewTextHandler(log,
		&slog.HandlerOptions{Level: slog.LevelDebug}))})
	post := func(n int) string { // with a body that has memory of its own if n is large
		return fmt.Sprintf("\r\nPOST / HTTP/1.0\r\nContent-Length: %d\r\nConnection: keep-alive\r\n\r\n", n) +
			strings.Repeat("x", n)
	}
	sends := []string{"GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", post(10), post(20_000),
		post(mostExplained), post(mostExplained + 1), "GET /2 HTTP/1.0\r\nX: y\r\n\r\n"}
	talk(t, addr, strings.Join(sends, ""))
	for i, octets := range sends {
		wants := []string{fmt.Sprintf("msg=octets id=%d in=%q\n", i+1, octets),
			fmt.Sprintf(" status=200 in=%d out=", len(octets))}
		if len(octets) > mostExplained+len(post(0)) {
			wants[0] = " more="
		}
		for _, want := range wants {
			if !strings.Contains(log.String(), want) {
				t.Errorf("no %.200s in %.2000s", want, log.String())
			}
		}
	}
	const wrong = "GET  / HTTP/1.0\r\nA: b\r\n\r\n"
	talk(t, addr, wrong)
	if want := fmt.Sprintf(" in=%q\n", wrong); !strings.Contains(log.String(), want) {
		t.Errorf("no %s in %.2000s", want, log.String())
	}
}

// 9110-17.8-a: credentials are in no line of the log, and not in what a refusal shows, well-formed or not.
func TestCredentialsAreHidden(t *testing.T) {
	log := new(notes)
	addr := start(t, &Server{Handler: echo, Log: slog.New(slog.NewTextHandler(log,
		&slog.HandlerOptions{Level: slog.LevelDebug}))})
	long := strings.Repeat("c2VjcmV0", 10_000) // of the body that has it, only the beginning is kept for the log
	for _, send := range []string{
		fmt.Sprintf("POST /x HTTP/1.0\r\nContent-Length: %d\r\n\r\nme:%s@h", len(long)+5, long),
		"POST /x HTTP/1.0\r\nContent-Length: 999999999\r\n\r\nme:" + long[:4000] + "@h",
		"GET /x HTTP/1.0\r\nAuthorization: Basic c2VjcmV0\r\n\r\n",
		"GET /x HTTP/1.0\r\nAuthorization: Basic c2Vj\x01cmV0c2VjcmV0\r\n\r\n",
		"GET /x HTTP/1.0\r\nAuthorization : Basic c2VjcmV0\r\n\r\n",
		"GET /x HTTP/1.0\r\nAuthorization: Basic\r\n c2VjcmV0\r\n\r\n",
		"GET http://me:c2VjcmV0@host/ HTTP/1.0\r\n\r\n",
		"GET / HTTP/1.0 Authorization: Basic c2VjcmV0\r\n\r\n",
		"GET //a:c2VjcmV0@h/ HTTP/1.0\r\n\r\n",
		"GET  http:/a:c2VjcmV0@h/ HTTP/1.0\r\n\r\n",
		"GET /x HTTP/1.0\r\n\"Authorization: Basic c2VjcmV0\"\r\n\r\n",
		"GET /x?access_token=c2VjcmV0 HTTP/1.0\r\n\r\n",
		"GET /x HTTP/1.0\r\nCookie: a=c2VjcmV0\x01\r\n\r\n",
		"POST /x HTTP/1.0\r\nContent-Length: 29\r\n\r\nAuthorization: Basic c2VjcmV0",
		"POST /x HTTP/1.0\r\nAuthorization: Basic c2VjcmV0\r\nContent-Length: 2\r\n\r\nab",
		"POST /x HTTP/1.0\r\nAuthorization: Basic c2VjcmV0\r\n\r\n",
	} {
		got := talk(t, addr, send)
		echoed := strings.HasPrefix(got, "HTTP/1.0 200 ") // by the handler of this test
		if !echoed && strings.Contains(got, "cmV0") {
			t.Errorf("echoed to %q: %q", send, got)
		}
	}
	if got := log.String(); strings.Contains(got, "cmV0") || strings.Count(got, "***") < 7 {
		t.Errorf("logged: %s", got)
	}
}
