package httpd

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"rawhttp/httpwire"
)

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
		{"another expectation after an empty one",
			"POST /x HTTP/1.1\r\nHost: x\r\nExpect: , pizza=\"100-continue\", 100-continue\r\n" +
				"Content-Length: 2\r\n\r\nab", 417, "pizza"},
		{"a body that came with an expectation of 100",
			"POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue,\r\nContent-Length: 2\r\n\r\nab", 200, "[ab]"},
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

// A panic in a method of a Watcher or a RefusalHandler ends its connection only, even one that is
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

// Expect is a list. An expectation of 100-continue gets 100 (Continue), even next to empty members, which mean
// nothing (RFC 9110 section 5.6.1).
func TestExpectContinue(t *testing.T) {
	const interim = "HTTP/1.1 100 Continue\r\n\r\n"
	addr := start(t, &Server{Handler: echo})
	for _, tt := range []struct{ fields, want string }{
		{"Expect: 100-Continue\r\n", interim},
		{"Expect: 100-continue,\r\n", interim},
		{"Expect: , 100-continue\r\n", interim},
		{"Expect:\r\nExpect: 100-continue\r\n", interim},
		{"Expect: 100-continue, 100-continue\r\n", interim},
		{"", ""},
		{"Expect:\r\n", ""},
		{"Expect: ,\r\n", ""},
	} {
		c := dial(t, addr)
		io.WriteString(c, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"+tt.fields+"\r\n")
		if tt.want == "" { // then no octet comes before the body
			c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		}
		b := make([]byte, len(interim))
		if n, err := io.ReadFull(c, b); string(b[:n]) != tt.want || (err != nil) != isTimeout(err) {
			t.Errorf("%q: got %q, %v", tt.fields, b[:n], err)
			continue
		}
		c.SetReadDeadline(time.Now().Add(time.Minute))
		io.WriteString(c, "ab")
		if got := readAll(t, c); !strings.Contains(got, "[ab]") {
			t.Errorf("%q: got %q", tt.fields, got)
		}
	}
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
