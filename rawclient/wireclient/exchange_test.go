package wireclient

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"rawhttp/httpwire"
)

const (
	get  = "GET / HTTP/1.0\r\n\r\n"
	head = "HTTP/1.0 200 OK\r\n"
	two  = "Content-Length: 2\r\n\r\nok"
)

// connect returns a connection to a server that calls serve once.
func connect(t *testing.T, serve func(*net.TCPConn)) *net.TCPConn {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("skipped: cannot listen: ", err)
	}
	defer l.Close()
	conn, err := Dial(t.Context(), l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer server.Close()
		serve(server.(*net.TCPConn))
	}()
	t.Cleanup(func() {
		conn.Close()
		<-done
	})
	return conn
}

// readHead reads a request without a body.
func readHead(c net.Conn) {
	for b := make([]byte, 1); !bytes.HasSuffix(b, []byte("\r\n\r\n")); {
		octet := make([]byte, 1)
		if _, err := c.Read(octet); err != nil {
			return
		}
		b = append(b, octet...)
	}
}

// TestEventTypes checks that a case of a type switch that can never be reached does not compile.
func TestEventTypes(t *testing.T) {
	for _, other := range []any{Head{}, Data{}, End{}, io.EOF} {
		if _, ok := other.(Event); ok {
			t.Errorf("%T is an Event, and no event has this type", other)
		}
	}
}

// A record is what the events of an exchange say, a line each, and their octets.
type record struct {
	lines  []string
	octets []byte
	broken bool
	closed Close
}

func (r *record) handle(event Event) error {
	switch e := event.(type) {
	case *Head:
		switch {
		case e.Simple:
			r.add("head: simple, %d octets", len(e.Octets))
		case e.Response == nil:
			r.add("head: cannot be read")
		default:
			r.add("head %d at %d, %d octets, closes %t", e.Response.Code, e.Offset, len(e.Octets), e.Closes)
		}
		for _, repair := range e.Repairs {
			r.add("repair %s", repair)
		}
		if e.Fault != nil {
			r.add("fault %s", e.Fault)
		}
		r.octets = append(r.octets, e.Octets...)
	case *Data: // the data until the next event are one line; after Broken, arrival decides what is data
		r.octets = append(r.octets, e.Octets...)
		if r.broken {
			break
		}
		line := fmt.Sprintf("data %q", e.Octets)
		if e.Framing {
			line = fmt.Sprintf("framing %q", e.Octets)
		}
		last := len(r.lines) - 1
		kind, _, _ := strings.Cut(line, " ")
		if before, ok := strings.CutPrefix(r.lines[last], kind+" "); ok {
			line = kind + " " + strings.TrimSuffix(before, `"`) + strings.TrimPrefix(line, kind+` "`)
			r.lines = r.lines[:last]
		}
		r.add("%s", line)
	case *Broken:
		r.broken = true
		r.add("broken %v", e.Err)
	case *End:
		r.add("end %s %v", e.What, e.Err)
	case *Close:
		r.closed = *e
		r.add("close %v, surplus %d", e.Err, e.Surplus)
	case *Silence:
		r.add("silence after %d octets, in head %t, complete %t", e.Received, e.InHead, e.Complete)
	}
	return nil
}

func (r *record) add(format string, args ...any) {
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
}

// replaced is a connection whose octets come from another reader.
type replaced struct {
	*net.TCPConn
	io.Reader
}

func (r replaced) Read(p []byte) (int, error) { return r.Reader.Read(p) }

// TestEvents receives each response at once, with the end of the connection in the same read as the
// last octets (as in TLS 1.2), and octet by octet, and compares the events.
func TestEvents(t *testing.T) {
	const whole, endInLastRead = 1 << 20, 1<<20 + 1
	long := strings.Repeat("x", 2000)
	const interim = "HTTP/1.1 100 x\r\n\r\n"
	var interims strings.Builder
	for i := range httpwire.MaxInterim + 1 {
		fmt.Fprintf(&interims, "head 100 at %d, %d octets, closes true\n", i*len(interim), len(interim))
	}
	for _, tt := range []struct{ name, request, response, events string }{
		{"length", get, head + two, `head 200 at 0, 38 octets, closes true
			data "ok"
			end  <nil>
			close EOF, surplus 0`},
		{"long body", get, head + "Content-Length: 2000\r\n\r\n" + long, `head 200 at 0, 41 octets, closes true
			data "` + long + `"
			end  <nil>
			close EOF, surplus 0`},
		{"until the close", get, head + "\r\nabc", `head 200 at 0, 19 octets, closes true
			data "abc"
			end  <nil>`},
		{"interim", get, "HTTP/1.1 100 Continue\r\n\r\n" + head + two,
			`head 100 at 0, 25 octets, closes true
			head 200 at 25, 38 octets, closes true
			data "ok"
			end  <nil>
			close EOF, surplus 0`},
		{"a simple response does not follow an interim one", get, "HTTP/1.1 100 Continue\r\n\r\nhello",
			`head 100 at 0, 25 octets, closes true
			head: cannot be read
			broken the head cannot be read, so the response is everything up to the close
			end  <nil>`},
		{"too many interim responses", get, strings.Repeat(interim, httpwire.MaxInterim+1), interims.String() +
			`broken more than 16 interim responses, and no final one
			end  <nil>`},
		{"the server keeps the connection open", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
			"HTTP/1.1 204 No Content\r\n\r\n", `head 204 at 0, 27 octets, closes false
			end  <nil>
			close EOF, surplus 0`},
		{"the server of HTTP/1.1 closes the connection", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
			"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", `head 204 at 0, 46 octets, closes true
			end  <nil>
			close EOF, surplus 0`},
		{"the server of HTTP/1.0 closes the connection", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
			"HTTP/1.0 204 No Content\r\n\r\n", `head 204 at 0, 27 octets, closes true
			end  <nil>
			close EOF, surplus 0`},
		{"chunks", get, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
			`head 200 at 0, 47 octets, closes true
			framing "3\r\n"
			data "abc"
			framing "\r\n0\r\n\r\n"
			end  <nil>
			close EOF, surplus 0`},
		{"chunk size", get, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
			`head 200 at 0, 47 octets, closes true
			broken the size of chunk 1 cannot be read, so the rest is everything up to the close: ` +
				`offset 47: chunk-size: got "x", want the size of the chunk in hexadecimal ` +
				`digits, then CR LF (RFC 9112 section 7.1)
			end  <nil>`},
		{"cut in a chunk", get, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
			`head 200 at 0, 47 octets, closes true
			framing "3\r\n"
			data "ab"
			end incomplete: 2 of 3 octets of chunk 1 EOF`},
		{"cut in the framing", get, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1",
			`head 200 at 0, 47 octets, closes true
			framing "3\r\n"
			data "abc"
			framing "\r\n1"
			end incomplete: the body ends in the size of chunk 2 unexpected EOF`},
		{"surplus", get, head + two + "!", `head 200 at 0, 38 octets, closes true
			data "ok"
			end  <nil>
			data "!"
			close EOF, surplus 1`},
		{"repair", get, "HTTP/1.0 200\r\n" + two,
			`head 200 at 0, 35 octets, closes true
			repair offset 12: no space and no reason phrase after the code (RFC 1945 section 6.1.1, RFC 9112 section 4)
			data "ok"
			end  <nil>
			close EOF, surplus 0`},
		{"a fault after a repair", get, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200\r\nContent-Length: x\r\n\r\n",
			`head 100 at 0, 25 octets, closes true
			head 200 at 25, 35 octets, closes true
			repair offset 37: no space and no reason phrase after the code (RFC 1945 section 6.1.1, RFC 9112 section 4)
			fault offset 55: Content-Length: got "x", want one number of octets, in decimal digits, in one field ` +
				`(RFC 1945 section 10.4, RFC 9112 section 6.3)
			end  <nil>`},
		{"no head", get, "HTTP/1.0 x\r\n\r\n", `head: cannot be read
			broken the head cannot be read, so the response is everything up to the close
			end  <nil>`},
		{"simple", "GET /\r\n", "hello", `head: simple, 0 octets
			data "hello"
			end  <nil>`},
		{"a simple response of many octets", "GET /\r\n", "hello, hello, hello", `head: simple, 0 octets
			data "hello, hello, hello"
			end  <nil>`},
		{"another protocol", get, "\x15\x03\x01\x00\x02\x02\x28",
			`broken this looks like TLS: the server speaks TLS at this port; use its port for plain HTTP
			end  <nil>`},
		{"line ends before the status-line", get, "\r\n\r\n\r\n\r\n" + head + "\r\n",
			`broken a line end precedes the status-line, so the response is everything up to the close
			end  <nil>`},
		{"nothing", get, "", `end no response came EOF`},
		{"cut in the head", get, head, `head: cannot be read
			end incomplete: 17 octets of the head, without the empty line that ends it unexpected EOF`},
		{"cut in the body", get, head + "Content-Length: 9\r\n\r\nok",
			`head 200 at 0, 38 octets, closes true
			data "ok"
			end incomplete: 2 of 9 octets of the body EOF`},
	} {
		x := &Exchange{Request: ParseRequest([]byte(tt.request)), Silence: time.Minute} // Do begins anew each time
		for _, size := range []int{1, whole, endInLastRead} {
			t.Run(fmt.Sprintf("%s/%d", tt.name, size), func(t *testing.T) {
				conn := connect(t, func(c *net.TCPConn) {
					io.ReadFull(c, make([]byte, len(tt.request)))
					for rest := tt.response; rest != ""; rest = rest[min(size, len(rest)):] {
						io.WriteString(c, rest[:min(size, len(rest))])
					}
				})
				var got record
				switch x.Conn = conn; size {
				case 1:
					x.Conn = replaced{conn, iotest.OneByteReader(conn)}
				case endInLastRead:
					x.Conn = replaced{conn, iotest.DataErrReader(conn)}
				}
				if err := x.Do(t.Context(), got.handle); err != nil {
					t.Error(err)
				}
				var want []string
				for line := range strings.SplitSeq(tt.events, "\n") {
					want = append(want, strings.TrimSpace(line))
				}
				events := strings.Join(got.lines, "\n")
				if events != strings.Join(want, "\n") {
					t.Errorf("events:\n%s\nwant:\n%s", events, strings.Join(want, "\n"))
				}
				if string(got.octets) != tt.response {
					t.Errorf("octets %q", got.octets)
				}
				if n, err := x.Sent(); n != len(tt.request) || err != nil {
					t.Errorf("%d octets of the request were sent, %v", n, err)
				}
			})
		}
	}
}

// TestEndOfReading checks what the client reports for octets that were received before an error of the
// connection. The connection reports a reset once, while the client may still find out what the octets
// are.
func TestEndOfReading(t *testing.T) {
	const last = httpwire.MaxResponseHead
	for _, tt := range []struct{ request, response, events string }{
		{"GET /\r\n", "hello", "end incomplete: 5 octets of a body that ends with the close reset"},
		{get, "HTTP/1.0 x\r\n\r\n", "broken the head cannot be read, so the response is everything up to the close\n" +
			"end no more came reset"},
		{get, head + "X: " + strings.Repeat("x", last), "broken the head has no end within 65536 octets, so the " +
			"response is everything up to the close\nend no more came reset"},
		{get, head + two + strings.Repeat("x", maxSurplus-1), "close reset, surplus 1048575"},
		{get, head + two + strings.Repeat("x", maxSurplus), "close <nil>, surplus 1048576"},
	} {
		conn := connect(t, func(c *net.TCPConn) { readHead(c) })
		octets := io.MultiReader(strings.NewReader(tt.response), &once{errors.New("reset")})
		var got record
		x := &Exchange{Conn: replaced{conn, octets}, Request: ParseRequest([]byte(tt.request)), Silence: time.Minute}
		err := x.Do(t.Context(), func(e Event) error {
			if _, ok := e.(*Data); ok {
				return nil
			}
			return got.handle(e)
		})
		if err != nil {
			t.Error(err)
		}
		if events := strings.Join(got.lines, "\n"); !strings.HasSuffix(events, tt.events) {
			t.Errorf("the last events are not %q: %q", tt.events, got.lines[max(0, len(got.lines)-2):])
		}
	}
}

// once is a reader that returns an error, and after that io.EOF.
type once struct{ err error }

func (o *once) Read([]byte) (n int, err error) {
	err, o.err = o.err, io.EOF
	return 0, err
}

// A pipe is a connection whose octets and whose time are within a test.
type pipe struct{ net.Conn }

func (pipe) CloseWrite() error { return nil }

// TestSilence checks that a silence is reported once, that it ends a response that is not HTTP, and that
// Watch bounds the wait for the close. The first silence that is reported ends the exchange. Without Silence
// none is reported, and ctx ends it after 10 hours.
func TestSilence(t *testing.T) {
	long := strings.Repeat("x", 2000)
	for _, tt := range []struct {
		response       string
		silence, watch time.Duration
		events         string
		after          time.Duration // of Close
	}{
		{"", time.Hour, 0, "silence after 0 octets, in head false, complete false\nend no response came context canceled", 0},
		{head, time.Hour, 0, "silence after 17 octets, in head true, complete false\nhead: cannot be read\n" +
			"end incomplete: 17 octets of the head, without the empty line that ends it context canceled", 0},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1", time.Hour, 0, "head 200 at 0, 47 octets, closes true\n" +
			"silence after 48 octets, in head false, complete false\nframing \"1\"\n" +
			"end incomplete: the body ends in the size of chunk 1 context canceled", 0},
		{head + "Content-Length: 3000\r\n\r\n" + long, time.Hour, 0, "head 200 at 0, 41 octets, closes true\ndata \"" + long + "\"\n" +
			"silence after 2041 octets, in head false, complete false\n" +
			"end incomplete: 2000 of 3000 octets of the body context canceled", 0},
		{"SSH-2.0-OpenSSH_9.2\r\n", time.Hour, 0, "broken this looks like SSH: an SSH server listens at this port: check the " +
			"port number\nend  <nil>", 0},
		{head + two, time.Hour, 0, "head 200 at 0, 38 octets, closes true\ndata \"ok\"\nend  <nil>\n" +
			"silence after 40 octets, in head false, complete true\nclose context canceled, surplus 0", time.Second},
		{head + two, time.Hour, 5 * time.Hour, "head 200 at 0, 38 octets, closes true\ndata \"ok\"\nend  <nil>\n" +
			"close read pipe: i/o timeout, surplus 0", 5 * time.Hour},
		{head, 0, 0, "head: cannot be read\n" +
			"end incomplete: 17 octets of the head, without the empty line that ends it context deadline exceeded", 0},
		{head + two, 0, 0, "head 200 at 0, 38 octets, closes true\ndata \"ok\"\nend  <nil>\n" +
			"close context deadline exceeded, surplus 0", 10 * time.Hour},
		{head + two, 0, 5 * time.Hour, "head 200 at 0, 38 octets, closes true\ndata \"ok\"\nend  <nil>\n" +
			"close read pipe: i/o timeout, surplus 0", 5 * time.Hour},
	} {
		synctest.Test(t, func(t *testing.T) {
			client, server := net.Pipe()
			go func() {
				defer server.Close()
				readHead(server)
				io.WriteString(server, tt.response)
				io.Copy(io.Discard, server)
			}()
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Hour)
			var got record
			x := &Exchange{Conn: pipe{client}, Request: ParseRequest([]byte(get)), Silence: tt.silence, Watch: tt.watch}
			x.Do(ctx, func(e Event) error {
				if _, ok := e.(*Silence); ok {
					cancel()
				}
				return got.handle(e)
			})
			cancel()
			client.Close()
			if events := strings.Join(got.lines, "\n"); events != tt.events || got.closed.After != tt.after {
				t.Errorf("events, the last after %v:\n%s\nwant, after %v:\n%s", got.closed.After, events, tt.after, tt.events)
			}
		})
	}
}

// TestHandlerError checks that an error of the handler ends the exchange, and that no event
// follows.
func TestHandlerError(t *testing.T) {
	full := errors.New("the disk is full")
	for _, response := range []string{head + two, head + "\r\nabc", "HTTP/1.1 200 OK\r\n" +
		"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "hello"} {
		x := &Exchange{Request: ParseRequest([]byte(get)), Silence: time.Minute}
		for stop := range 2 {
			conn := connect(t, func(c *net.TCPConn) {
				readHead(c)
				io.WriteString(c, response)
			})
			events := 0
			x.Conn = conn
			err := x.Do(t.Context(), func(Event) error {
				if events++; events > stop {
					return full
				}
				return nil
			})
			if err != full || events != stop+1 {
				t.Errorf("%q: %d events, %v", response, events, err)
			}
			conn.Close()
		}
	}
}

// TestHandlerErrorEndsWaiting checks that Do does not wait for the server after an error of the handler,
// even if that looks like a silence.
func TestHandlerErrorEndsWaiting(t *testing.T) {
	full := fmt.Errorf("the disk is slow: %w", os.ErrDeadlineExceeded)
	for _, response := range []string{"", "HTTP/1.1 100 Continue\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"} {
		conn := connect(t, func(c *net.TCPConn) {
			readHead(c)
			io.WriteString(c, response)
			io.Copy(io.Discard, c)
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		x := &Exchange{Conn: conn, Request: ParseRequest([]byte(get)), Silence: 10 * time.Millisecond}
		err := x.Do(ctx, func(Event) error { return full })
		if err != full || ctx.Err() != nil {
			t.Errorf("%q: %v, %v", response, err, ctx.Err())
		}
		cancel()
		conn.Close()
	}
}

// TestSurplus checks that octets are surplus if they arrive long after the response.
func TestSurplus(t *testing.T) {
	ended := make(chan struct{})
	conn := connect(t, func(c *net.TCPConn) {
		readHead(c)
		io.WriteString(c, head+two)
		<-ended
		io.WriteString(c, "!")
	})
	var got record
	x := &Exchange{Conn: conn, Request: ParseRequest([]byte(get)), Silence: time.Minute}
	x.Do(t.Context(), func(e Event) error {
		if _, ok := e.(*End); ok {
			close(ended)
		}
		return got.handle(e)
	})
	if last := got.lines[len(got.lines)-1]; last != "close EOF, surplus 1" {
		t.Errorf("the last event is %q", last)
	}
}

// TestEarlyResponse checks that a request is not sent to its end after it is refused, that the server
// sees the end then, and that any other request is sent. The server reads no octet of the body before
// the client has the response.
func TestEarlyResponse(t *testing.T) {
	const size = 16 << 20
	long := fmt.Sprintf("POST / HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s", size, strings.Repeat("x", size))
	for _, tt := range []struct {
		request, status string
		all             bool // the client sends the whole request, and can send more
	}{
		{long, "413 Too Large", false},
		{long, "200 OK", true},
		{get, "404 Not Found", true},
	} {
		ended := make(chan struct{})
		conn := connect(t, func(c *net.TCPConn) {
			readHead(c)
			io.WriteString(c, "HTTP/1.0 "+tt.status+"\r\nContent-Length: 4\r\n\r\nstop")
			<-ended
			io.CopyN(io.Discard, c, int64(len(tt.request)-strings.Index(tt.request, "\r\n\r\n")-4))
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var got record
		x := &Exchange{Conn: conn, Request: ParseRequest([]byte(tt.request)), Silence: time.Minute}
		x.Do(ctx, func(e Event) error {
			if _, ok := e.(*End); ok {
				close(ended)
			}
			return got.handle(e)
		})
		n, err := x.Sent()
		if (n == len(tt.request)) != tt.all || (err == nil) != tt.all || !strings.HasSuffix(
			strings.Join(got.lines, "\n"), "data \"stop\"\nend  <nil>\nclose EOF, surplus 0") {
			t.Errorf("%s: %d octets sent, %v, events %q", tt.status, n, err, got.lines)
		}
		if _, err := conn.Write([]byte("x")); (err == nil) != tt.all {
			t.Errorf("%s: another octet: %v", tt.status, err)
		}
	}
}

// TestEndStopsSending checks that nothing is sent after the exchange.
func TestEndStopsSending(t *testing.T) {
	conn := connect(t, func(c *net.TCPConn) {
		io.ReadFull(c, make([]byte, 1))
		io.WriteString(c, head+two)
	})
	x := &Exchange{Conn: conn, Request: ParseRequest([]byte(get)), Trickle: time.Hour, Silence: time.Minute}
	x.Do(t.Context(), new(record).handle)
	if n, err := x.Sent(); n != 1 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%d octets sent, %v", n, err)
	}
}

// TestHalfClose checks that the server sees the end of the request, and the client the response.
func TestHalfClose(t *testing.T) {
	conn := connect(t, func(c *net.TCPConn) {
		b, _ := io.ReadAll(c)
		fmt.Fprintf(c, "HTTP/1.0 200 OK\r\n\r\n%d", len(b))
	})
	var got record
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	x := &Exchange{Conn: conn, Request: ParseRequest([]byte("GET")), HalfClose: true, Silence: time.Minute}
	x.Do(ctx, got.handle)
	if string(got.octets) != "HTTP/1.0 200 OK\r\n\r\n3" {
		t.Errorf("received %q", got.octets)
	}
}

func TestParseRequest(t *testing.T) {
	for _, tt := range []struct {
		octets, method, body string
		ok, closes           bool
	}{
		{get, "GET", "", true, false},
		{"POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nabc", "POST", "abc", true, false},
		{"HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "HEAD", "", true, true},
		{"\r\nHEAD  / HTTP/1.0\r\n\r\nabc", "HEAD", "abc", false, false},
		{"GET / HTTP/1.1\r\nConnection: close\r\nbad\r\n\r\n", "GET", "", false, true},
		{"POST / HTTP/1.0\r\nContent-Length: x\r\n\r\nabc", "POST", "abc", true, false},
		{"GET /\r\n", "GET", "", true, false},
		{"GET /\r\n\r\n", "GET", "\r\n", true, false},
		{"POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nab\r\n", "POST", "ab\r\n", true, false},
		{"GET /\r\nHost: a\r\n\r\n", "GET", "Host: a\r\n\r\n", true, false},
		{"HEAD\r\n\r\n", "HEAD", "", false, false},
		{"", "", "", false, false},
	} {
		r := ParseRequest([]byte(tt.octets))
		if string(r.Method) != tt.method || string(r.Body) != tt.body || (r.Err == nil) != tt.ok ||
			r.Closes() != tt.closes {
			t.Errorf("%q: method %q, body %q, error %v, closes %t", tt.octets, r.Method, r.Body, r.Err, r.Closes())
		}
	}
}
