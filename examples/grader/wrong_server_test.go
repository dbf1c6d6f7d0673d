package grader

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rawhttp/examples/foreign"
	"rawhttp/examples/peer"
)

func TestMain(m *testing.M) { os.Exit(foreign.Waiting(m)) }

// A wire is a connection that changes what goes over it, so that the solution at its end becomes a
// wrong one.
type wire struct {
	net.Conn
	reads, writes *strings.Replacer
	once          bool // the second Read finds the end
	whole         bool // the first Read waits for the end
	stays         bool // Close does nothing
	came          *bytes.Buffer
}

func (w *wire) Read(b []byte) (int, error) {
	if w.came == nil {
		n, err := w.Conn.Read(b)
		came := string(b[:n])
		if w.whole {
			rest, bad := io.ReadAll(w.Conn)
			came, err = came+string(rest), bad
		}
		if w.reads != nil {
			came = w.reads.Replace(came)
		}
		if err != nil {
			return 0, err
		}
		if !w.once && !w.whole && len(came) <= len(b) {
			return copy(b, came), nil
		}
		w.came = bytes.NewBufferString(came)
	}
	return w.came.Read(b)
}

func (w *wire) Write(b []byte) (int, error) {
	changed := string(b)
	if w.writes != nil {
		changed = w.writes.Replace(changed)
	}
	_, err := io.WriteString(w.Conn, changed)
	return len(b), err
}

func (w *wire) Close() error {
	if w.stays {
		kept.Store(w.Conn, nil)
		return nil
	}
	return w.Conn.Close()
}

// kept holds connections that the collector must not close.
var kept sync.Map

// wired is a server whose connections are wires.
func wired(f serve, w wire) serve {
	return func(l net.Listener, pages map[string]string) error { return f(wires{l, w}, pages) }
}

type wires struct {
	net.Listener
	w wire
}

func (l wires) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	w := l.w
	w.Conn = c
	return &w, err
}

// wiredClient is a client whose connection is a wire.
func wiredClient(w wire) func(addr, target string) (int, []byte, error) {
	return func(addr, target string) (int, []byte, error) {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			return 0, nil, err
		}
		defer c.Close()
		w := w
		w.Conn = solvedConn{c}
		return solvedExchange(&w, addr, target)
	}
}

// readsOn is a client that reads for some time whatever has come, and then takes the first octets apart.
func readsOn(addr, target string) (int, []byte, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return 0, nil, err
	}
	fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", target, addr)
	go func() {
		peer.Wait[any](nil, 3*silence/2)
		c.Close()
	}()
	came, _ := io.ReadAll(io.LimitReader(c, headLimit))
	io.Copy(io.Discard, c)
	return solvedExchange(&wire{Conn: c, came: bytes.NewBuffer(came)}, addr, target)
}

func rowOf(check Check, name string) Check {
	i := slices.IndexFunc(check, func(r row) bool { return r.name == name })
	return check[i : i+1]
}

// accepting is a server that does the same with each connection, and returns after some of them.
func accepting(most int, do func(c net.Conn, pages map[string]string)) serve {
	return func(l net.Listener, pages map[string]string) error {
		for range most {
			c, err := l.Accept()
			if err != nil {
				return err
			}
			do(c, pages)
		}
		return nil
	}
}

func replace(pairs ...string) *strings.Replacer { return strings.NewReplacer(pairs...) }

// respondOnce is a connection of exercise 7.
func respondOnce(c net.Conn, r *bufio.Reader, pages map[string]string) {
	defer c.Close()
	var req solvedRequest
	if req.read(r) != nil {
		return
	}
	code, reason, body := req.page(pages)
	octets, _ := solvedResponse(code, reason, nil, []byte(body))
	c.Write(octets)
}

// wrongServers are easy to write, too.
var wrongServers = []wrong{
	{"accept: closes, which is shown", Accept(accepting(1000, func(c net.Conn, _ map[string]string) { c.Close() })),
		"  sent    GET␠/␠HTTP/1.0␍␊\n          ␍␊\n  came\n          ^\n  offset  0: "},
	{"accept: one client after the other", Accept(accepting(1000,
		func(c net.Conn, pages map[string]string) {
			solvedTurn(c, bufio.NewReader(c), pages)
			c.Close()
		})), "offset  0: HTTP-version: nothing is there, want HTTP/1.0, in capitals; your function " +
		"writes nothing for 1s and does not close"},
	{"accept: one Read", Accept(wired(solvedAccept, wire{once: true})),
		"offset  0: HTTP-version: nothing is there, want HTTP/1.0, in capitals; your function closes"},
	{"accept: one client", Accept(accepting(1, func(c net.Conn, pages map[string]string) {
		solvedTurn(c, bufio.NewReader(c), pages)
		c.Close()
	})), "your function has returned while the listener was open"},
	{"accept: Goexit", Accept(func(net.Listener, map[string]string) error {
		runtime.Goexit()
		return nil
	}), "your function calls runtime.Goexit, which ends its goroutine"},
	{"accept: no Content-Length", Accept(wired(solvedAccept, wire{
		writes: replace("Content-Length: ", "X-Length: ")})),
		"Content-Length: before this empty line, a field Content-Length has to say how long the body is"},
	{"accept: a length of letters", Accept(wired(solvedAccept, wire{
		writes: replace("hello, world", "hello, wörld", "Length: 6", "Length: 5")})),
		"Content-Length: want a field Content-Length of 6 octets, your function writes \"5\""},
	{"accept: another page", Accept(wired(solvedAccept, wire{writes: replace("\r\n\r\nhello", "\r\n\r\nhallo")})),
		`offset  39: message-body: want the page "hello\n", your function writes "hallo\n"`},
	{"accept: two lengths", Accept(wired(solvedAccept, wire{
		writes: replace("Content-Length: 6", "Content-Length: 6\r\nContent-Length: 7")})),
		"          Content-Length:␠7␍␊\n          ^\n          ␍␊\n  offset  36: Content-Length: found \"C\", want"},
	{"accept: a length that is too large", Accept(wired(solvedAccept, wire{
		writes: replace("Content-Length: 6", "Content-Length: 9223372036854775807")})),
		"message-body: nothing is there"},
	{"accept: LF", Accept(wired(solvedAccept, wire{writes: replace("\r\n", "\n")})),
		"offset  15: reason-phrase: found LF (0x0A), want text, then CR LF; your function writes this"},
	{"accept: no close", Accept(wired(solvedAccept, wire{stays: true})),
		"offset  44: complete message: the response has ended, and after 1s your function has not closed the connection"},
	{"accept: no close after half a head", rowOf(Accept(accepting(1000, func(c net.Conn, _ map[string]string) {
		if n, _ := c.Read(make([]byte, 1)); n > 0 {
			kept.Store(c, nil)
		} else {
			c.Close()
		}
	})), "a client that goes away"),
		"the client has closed its side, and after 1s your function has not closed the connection"},
	{"accept: writes 400 without end", rowOf(Accept(accepting(1000, func(c net.Conn, _ map[string]string) {
		defer c.Close()
		for err := error(nil); err == nil; {
			_, err = io.WriteString(c, "HTTP/1.0 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
		}
	})), "a client that goes away"),
		"the client has closed its side, and your function writes without end"},
	{"accept: GET in small letters", Accept(wired(solvedAccept, wire{reads: replace("get ", "GET ")})),
		"small letters\n  sent    get␠/␠HTTP/1.0␍␊\n          ␍␊\n  came    HTTP/1.0␠200␠OK␍␊"},
	{"accept: 200 for all", Accept(wired(solvedAccept, wire{writes: replace("404 Not Found", "200 OK")})),
		"offset  9: status-code: want 404, your function writes 200"},
	{"accept: malformed is not refused", Accept(accepting(1000,
		func(c net.Conn, pages map[string]string) { go respondOnce(c, bufio.NewReader(c), pages) })),
		"your function closes the connection"},
	{"accept: a head without limit", Accept(accepting(1000,
		func(c net.Conn, pages map[string]string) {
			go func() {
				defer c.Close()
				r := bufio.NewReader(c)
				head, line, err := "", "", error(nil)
				for err == nil && line != "\r\n" {
					line, err = r.ReadString('\n')
					if len(head) < 1<<10 {
						head += line
					}
				}
				solvedTurn(c, bufio.NewReader(strings.NewReader(head)), pages)
			}()
		})), "length of the head: after "},
	{"accept: does not return", Accept(func(l net.Listener, pages map[string]string) error {
		solvedAccept(l, pages)
		select {}
	}), "the listener is closed, and your function does not return"},
	{"accept: panics when the listener is closed", Accept(func(l net.Listener, pages map[string]string) error {
		panic(solvedAccept(l, pages))
	}), "use of closed network connection\n  hint    if Accept returns an error, return"},
	{"accept: panics", Accept(accepting(1, func(c net.Conn, pages map[string]string) {
		panic("no")
	})), "a page\n  in      GET␠/␠HTTP/1.0␍␊␍␊\n  your function panics in another file: no\n"},

	{"keepalive: closes", KeepAlive(solvedAccept), "your function closes the connection"},
	{"keepalive: never closes", KeepAlive(wired(solvedKeepAlive, wire{stays: true})),
		"the response has ended, and after 1s your function has not closed the connection"},
	{"keepalive: no close after the end", rowOf(KeepAlive(wired(solvedKeepAlive, wire{stays: true})), "a client that goes away"),
		"the client has closed its side, and after 1s your function has not closed the connection"},
	{"keepalive: HEAD with a body", KeepAlive(wired(solvedKeepAlive, wire{
		writes: replace("\r\n\r\nhello\n", "\r\n\r\nhello\n", "\r\n\r\n", "\r\n\r\nhello\n")})),
		"octets after the message: the response has ended, and your function writes more"},
	{"keepalive: a reader for each request", KeepAlive(accepting(1000,
		func(c net.Conn, pages map[string]string) {
			go func() {
				defer c.Close()
				for solvedTurn(c, bufio.NewReader(c), pages) {
				}
			}()
		})), "your function writes nothing for 1s and does not close"},
	{"keepalive: a body is not read", KeepAlive(wired(solvedKeepAlive, wire{
		reads: replace("Content-Length: 8", "X-Length: 8")})), "want 200, your function writes 400"},
	{"keepalive: not in the response", KeepAlive(wired(solvedKeepAlive, wire{
		writes: replace("Connection: keep-alive\r\n", "")})),
		"empty line: before this empty line, want a field Connection: keep-alive"},
	{"keepalive: small letters only", KeepAlive(wired(solvedKeepAlive, wire{
		reads: replace("Keep-Alive", "KEEP")})), "your function closes the connection"},
	{"keepalive: in any field", KeepAlive(wired(solvedKeepAlive, wire{
		reads: replace("X-Note", "Connection")})), "your function has not closed the connection"},
	{"keepalive: 1.1 like 1.0", KeepAlive(wired(solvedKeepAlive, wire{
		reads: replace("HTTP/1.1", "HTTP/1.0")})), "your function closes the connection"},
	{"keepalive: small letters only in close", KeepAlive(wired(solvedKeepAlive, wire{
		reads: replace("CONNECTION: Close", "Connection: x")})),
		"your function has not closed the connection"},
	{"keepalive: no field in 1.1", KeepAlive(wired(solvedKeepAlive, wire{
		reads: replace("HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.0\r\nHost: localhost\r\n\r\n")})),
		"your function closes the connection"},
	{"keepalive: the field before a close", KeepAlive(wired(solvedKeepAlive, wire{
		writes: replace("Content-Length: 6", "Connection: keep-alive\r\nContent-Length: 6")})),
		"before this empty line, want no field Connection: keep-alive"},
	{"keepalive: one of two lengths", KeepAlive(wired(solvedKeepAlive, wire{
		reads: replace("Content-Length: 2\r\nContent-Length: 0\r\n", "Content-Length: 2\r\n")})),
		"want 400, your function writes 501"},
	{"keepalive: codings are ignored", KeepAlive(wired(solvedKeepAlive, wire{
		reads: replace("Transfer-Encoding", "X-Encoding")})), "want 400, your function writes 501"},
	{"client: HTTP/1.0", Client(wiredClient(wire{writes: replace("HTTP/1.1", "HTTP/1.0")})),
		"want HTTP/1.1, your function sends HTTP/1.0"},
	{"client: another address", Client(func(string, string) (int, []byte, error) {
		return solvedClient("127.0.0.1:0", "/")
	}), `method: want a request, and your function sends nothing; it says: dial tcp 127.0.0.1:0`},
	{"client: nothing", Client(func(string, string) (int, []byte, error) { return 0, nil, nil }),
		"method: want a request, and your function sends nothing\n"},
	{"client: no Connection", Client(wiredClient(wire{writes: replace("Connection", "X-Connection")})),
		"before this empty line, want the field Connection: close"},
	{"client: small letters only in a coding", Client(wiredClient(wire{
		reads: replace("Chunked", "cut")})), "nothing is wrong with it"},
	{"keepalive: goes on after 400", KeepAlive(accepting(1000,
		func(c net.Conn, pages map[string]string) {
			go func() {
				defer c.Close()
				r := bufio.NewReader(c)
				for solvedTurn(c, r, pages) || r.Buffered() > 0 {
				}
			}()
		})), "octets after the message: the response has ended, and your function writes more"},

	{"client: waits for the close", Client(wiredClient(wire{whole: true})),
		"offset  0: complete message: nothing is wrong with it; your function says: read tcp"},
	{"client: waits for the close, then takes what has come", Client(readsOn),
		"offset  43: complete message: the response ends here, and your function goes on reading"},
	{"client: a head without limit", rowOf(Client(readsOn), "a head that does not end"),
		"offset  17: length of the head: fields follow without end, and your function goes on reading"},
	{"client: LF", Client(wiredClient(wire{writes: replace("\r\n", "\n")})),
		"offset  22: CRLF: found LF (0x0A), want CR LF, the end of the line; your function sends this"},
	{"client: no Host", Client(wiredClient(wire{writes: replace("Host", "X-Host")})),
		"Host: found "},
	{"client: another Host", Client(wiredClient(wire{writes: replace("Host: 127.", "Host: 128.")})),
		"Host: before this empty line, want the field Host: 127.0.0.1:"},
	{"client: HEAD", Client(wiredClient(wire{writes: replace("GET ", "HEAD ")})),
		`offset  0: method: want GET, your function sends "HEAD"`},
	{"client: HEAD, which is shown", Client(wiredClient(wire{writes: replace("GET ", "HEAD ")})),
		"  in      HEAD␠/news?x=1␠HTTP/1.1␍␊\n          ^\n"},
	{"client: the query is dropped", Client(wiredClient(wire{writes: replace("?x=1", "")})),
		`offset  4: request-target: want the target /news?x=1, your function sends "/news"`},
	{"client: one Read", rowOf(Client(wiredClient(wire{once: true})), "octets one by one"),
		"offset  0: complete message: nothing is wrong with it; your function says: EOF"},
	{"client: no chunks", Client(wiredClient(wire{reads: replace("Transfer-Encoding", "X-Encoding")})),
		"nothing is wrong with it; your function says: read tcp"},
	{"client: an interim response counts", Client(wiredClient(wire{reads: replace("103 Ea", "203 Ea")})),
		"nothing is wrong with it; your function says: read tcp"},
	{"client: waits for the body of 204", Client(wiredClient(wire{reads: replace("204 No", "200 No")})),
		"nothing is wrong with it; your function says: read tcp"},
	{"client: half a body", Client(func(addr, target string) (int, []byte, error) {
		code, body, err := solvedClient(addr, target)
		if err == io.ErrUnexpectedEOF {
			return 200, nil, nil
		}
		return code, body, err
	}), "offset  42: message-body: nothing is there"},
	{"client: the first of two lengths", Client(wiredClient(wire{
		reads: replace("Content-Length: 2\r\n", "")})), "Content-Length: found "},
	{"client: the last octet is dropped", Client(func(addr, target string) (int, []byte, error) {
		code, body, err := solvedClient(addr, target)
		return code, body[:max(0, len(body)-1)], err
	}), `offset  38: message-body: want the body "hello", your function returns "hell"`},
	{"client: 200 for all", Client(func(addr, target string) (int, []byte, error) {
		_, body, err := solvedClient(addr, target)
		return 200, body, err
	}), "offset  9: status-code: want 404, your function returns 200"},
	{"client: no error", Client(func(addr, target string) (int, []byte, error) {
		code, body, _ := solvedClient(addr, target)
		return code, body, nil
	}), "offset  42: message-body: nothing is there"},
	{"client: any 404 is an error", Client(func(addr, target string) (int, []byte, error) {
		code, body, err := solvedClient(addr, target)
		if code == 404 {
			err = errRefused
		}
		return code, body, err
	}), "offset  0: complete message: nothing is wrong with it; your function says: refused"},
	{"client: no deadline", Client(func(addr, target string) (int, []byte, error) {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			return 0, nil, err
		}
		return solvedExchange(c, addr, target)
	}), "silence\n  in      \n  your function does not end: after 3s"},
}

func TestWrongServers(t *testing.T) {
	foreign.Short(t)
	t.Parallel()
	var all sync.WaitGroup
	atOnce := make(chan struct{}, 8) // most of the time is silence
	for _, tt := range wrongServers {
		all.Go(func() {
			atOnce <- struct{}{}
			tt.test(t, timeLimit)
			<-atOnce
		})
	}
	all.Wait()
}

// A server that goes on when its listener is closed does not take the time of the rows that follow.
func TestGoesOnAfterError(t *testing.T) {
	foreign.Short(t)
	t.Parallel()
	var failed atomic.Int64
	check := Accept(func(l net.Listener, pages map[string]string) error {
		for {
			c, err := l.Accept()
			if err != nil {
				failed.Add(1)
				continue
			}
			go respondOnce(c, bufio.NewReader(c), pages)
		}
	})
	check = Check{check[0], check[len(check)-1]}
	r := grade(check, "wrong_server_test.go", timeLimit)
	if r.passed != 1 || !strings.Contains(r.first.Error(), "your function does not return") {
		t.Errorf("%v", r)
	}
	if n := failed.Load(); n > int64(3*len(check)) {
		t.Errorf("Accept fails %d times", n)
	}
}

// A client whose deadline passes because the machine is busy is tried again. One that fails before, or waits
// for more than the response, is not.
func TestDeadlineOfClient(t *testing.T) {
	foreign.Short(t)
	t.Parallel()
	busy := func() (int, []byte, error) {
		<-time.After(silence)
		return 0, nil, os.ErrDeadlineExceeded
	}
	for _, tt := range []struct {
		name, row string
		call      func(n int, addr, target string) (int, []byte, error)
		first     string
		calls     int
	}{
		{"in time", "a response", func(_ int, addr, target string) (int, []byte, error) {
			return solvedClient(addr, target)
		}, "", 1},
		{"busy once", "a response", func(n int, addr, target string) (int, []byte, error) {
			if code, body, err := solvedClient(addr, target); n > 1 {
				return code, body, err
			}
			return busy()
		}, "", 2},
		{"busy always", "a response", func(_ int, addr, target string) (int, []byte, error) {
			solvedClient(addr, target)
			return busy()
		}, "nothing is wrong with it; your function says: i/o timeout", 2},
		{"fails", "a response", func(_ int, addr, target string) (int, []byte, error) {
			solvedClient(addr, target)
			return 0, nil, errRefused
		}, "nothing is wrong with it; your function says: refused", 1},
		{"waits for the close", "the connection stays open", func(_ int, addr, target string) (int, []byte, error) {
			return wiredClient(wire{whole: true})(addr, target)
		}, "your function says: ", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			r := grade(rowOf(Client(func(addr, target string) (int, []byte, error) {
				calls++
				return tt.call(calls, addr, target)
			}), tt.row), "wrong_server_test.go", timeLimit)
			if calls != tt.calls || (r.first == nil) != (tt.first == "") || r.first != nil && !strings.Contains(r.first.Error(), tt.first) {
				t.Errorf("%d calls: %v", calls, r)
			}
		})
	}
}

// A mistake after the end of a response shows the response, too.
func TestSurplusOfServer(t *testing.T) {
	s, err := start(accepting(1, func(c net.Conn, _ map[string]string) {
		io.WriteString(c, "HTTP/1.0 404 No\r\nContent-Length: 0\r\n\r\nHTTP/1.0 200 OK\r\n\r\n")
		c.Close()
	}), "wrong_server_test.go")
	if err != nil {
		t.Fatal(err)
	}
	m := s.talk([]step{expect(404, "GET /no HTTP/1.0\r\n\r\n")}, 0)
	const want = "" +
		"          ␍␊\n" +
		"          HTTP/1.0␠200␠OK␍␊\n" +
		"          ^\n"
	if m == nil || m.offset != 38 || !strings.Contains(m.Error(), want) {
		t.Errorf("%v", m)
	}
}

// A server that panics leaves no client waiting.
func TestPanicHangsUp(t *testing.T) {
	s, err := start(func(l net.Listener, _ map[string]string) error {
		l.Accept()
		panic("no")
	}, "wrong_server_test.go")
	if err != nil {
		t.Fatal(err)
	}
	m := s.talk([]step{{"GET / HTTP/1.0\r\n\r\n", "GET", 200, "hello\n"}}, 0)
	if m == nil || !strings.Contains(m.says, "your function closes the connection") {
		t.Errorf("%v", m)
	}
}

// Octets that have come after the end of a response are a mistake at once: closed does not read on.
func TestSurplusThatHasCome(t *testing.T) {
	c := &conversation{Conn: nil, came: []byte("more")}
	if m := c.closed(); m == nil || !strings.Contains(m.says, "your function writes more") {
		t.Errorf("%v", m)
	}
}

// A server that closes at once passes in no row: no row is passed by chance.
func TestRowsWithConnections(t *testing.T) {
	foreign.Short(t)
	t.Parallel()
	closes := accepting(1000, func(c net.Conn, _ map[string]string) { c.Close() })
	var all sync.WaitGroup
	for name, check := range map[string]Check{
		"accept": Accept(closes), "keepalive": KeepAlive(closes),
	} {
		for _, row := range check {
			all.Go(func() {
				ended := row.name == "a head that does not end" && name == "accept"
				if _, _, err := row.tryWithin("", timeLimit); (err == nil) != ended {
					t.Errorf("%s: %s: %v", name, row.name, err)
				}
			})
		}
	}
	all.Wait()
}
