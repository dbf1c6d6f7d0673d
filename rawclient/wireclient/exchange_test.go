package wireclient

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"strings"
	"testing"
	"testing/iotest"
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

// A record is what the events of an exchange say, a line each, and their octets.
type record struct {
	lines  []string
	octets []byte
	broken bool
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
	case Data: // the data until the next event are one line; after Broken, arrival decides what is data
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
	case Broken:
		r.broken = true
		r.add("broken %v", e.Err)
	case End:
		r.add("end %s %v", e.What, e.Err)
	case Close:
		r.add("close %v, surplus %d", e.Err, e.Surplus)
	case Silence:
		r.add("silence after %d octets, complete %t", e.Received, e.Complete)
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
		{"the server keeps the connection open", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
			"HTTP/1.1 204 No Content\r\n\r\n", `head 204 at 0, 27 octets, closes false
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
				`digits, then CR LF (MUST: RFC 9112 section 7.1)
			end  <nil>`},
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
		{"no head", get, "HTTP/1.0 x\r\n\r\n", `head: cannot be read
			broken the head cannot be read, so the response is everything up to the close
			end  <nil>`},
		{"simple", "GET /\r\n", "hello", `head: simple, 0 octets
			data "hello"
			end  <nil>`},
		{"nothing", get, "", `end no response came EOF`},
		{"cut in the head", get, head, `head: cannot be read
			end incomplete: 17 octets of the head, without the empty line that ends it unexpected EOF`},
		{"cut in the body", get, head + "Content-Length: 9\r\n\r\nok",
			`head 200 at 0, 38 octets, closes true
			data "ok"
			end incomplete: 2 of 9 octets of the body EOF`},
	} {
		for _, size := range []int{1, whole, endInLastRead} {
			t.Run(fmt.Sprintf("%s/%d", tt.name, size), func(t *testing.T) {
				conn := connect(t, func(c *net.TCPConn) {
					io.ReadFull(c, make([]byte, len(tt.request)))
					for rest := tt.response; rest != ""; rest = rest[min(size, len(rest)):] {
						io.WriteString(c, rest[:min(size, len(rest))])
					}
				})
				var got record
				x := &Exchange{Conn: conn, Request: ParseRequest([]byte(tt.request)), Silence: time.Minute}
				if size == endInLastRead {
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

// TestErrorIsNotForgotten checks that a short Simple-Response that a reset has cut is not complete. The
// connection reports the reset once, while the client finds out what the octets are.
func TestErrorIsNotForgotten(t *testing.T) {
	conn := connect(t, func(c *net.TCPConn) { readHead(c) })
	reset := errors.New("reset")
	octets := io.MultiReader(strings.NewReader("hello"), &once{reset})
	var got record
	x := &Exchange{Conn: replaced{conn, octets}, Request: ParseRequest([]byte("GET /\r\n")), Silence: time.Minute}
	if err := x.Do(t.Context(), got.handle); err != nil {
		t.Error(err)
	}
	const want = "end incomplete: 5 octets of a body that ends with the close reset"
	if last := got.lines[len(got.lines)-1]; last != want {
		t.Errorf("the last event is %q, want %q", last, want)
	}
}

// once is a reader that returns an error, and after that io.EOF.
type once struct{ err error }

func (o *once) Read([]byte) (n int, err error) {
	err, o.err = o.err, io.EOF
	return 0, err
}

// TestSilence checks that a silence is reported once, and ends a response that is not HTTP.
func TestSilence(t *testing.T) {
	for response, want := range map[string]string{
		"": "silence after 0 octets, complete false\nend no response came context canceled",
		"SSH-2.0-OpenSSH_9.2\r\n": "broken this looks like SSH: an SSH server listens at this port: check the " +
			"port number\nend  <nil>",
		head + two: "head 200 at 0, 38 octets, closes true\ndata \"ok\"\nend  <nil>\n" +
			"silence after 40 octets, complete true\nclose context canceled, surplus 0",
	} {
		events := ""
		for silence := 50 * time.Millisecond; events != want && silence < time.Minute; silence *= 5 {
			events = untilSilence(t, response, silence) // on a busy machine, a short one can come too early
		}
		if events != want {
			t.Errorf("events:\n%s\nwant:\n%s", events, want)
		}
	}
}

// untilSilence returns the events of a response that is followed by a silence. The first silence that is
// reported ends the exchange.
func untilSilence(t *testing.T, response string, silence time.Duration) string {
	conn := connect(t, func(c *net.TCPConn) {
		io.WriteString(c, response)
		io.Copy(io.Discard, c)
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got record
	x := &Exchange{Conn: conn, Request: ParseRequest([]byte(get)), Silence: silence}
	x.Do(ctx, func(e Event) error {
		if _, ok := e.(Silence); ok {
			cancel()
		}
		return got.handle(e)
	})
	return strings.Join(got.lines, "\n")
}

// TestHandlerError checks that an error of the handler ends the exchange, and that no event
// follows.
func TestHandlerError(t *testing.T) {
	full := errors.New("the disk is full")
	for _, response := range []string{head + two, head + "\r\nabc", "HTTP/1.1 200 OK\r\n" +
		"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "hello"} {
		for stop := range 2 {
			conn := connect(t, func(c *net.TCPConn) {
				readHead(c)
				io.WriteString(c, response)
			})
			events := 0
			x := &Exchange{Conn: conn, Request: ParseRequest([]byte(get)), Silence: time.Minute}
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
		if _, ok := e.(End); ok {
			close(ended)
		}
		return got.handle(e)
	})
	if last := got.lines[len(got.lines)-1]; last != "close EOF, surplus 1" {
		t.Errorf("the last event is %q", last)
	}
}

// TestEarlyResponse checks that a request is not sent to its end after it is refused, and that
// the server sees the end then. The server reads no octet of the body before the client has the
// response.
func TestEarlyResponse(t *testing.T) {
	ended := make(chan struct{})
	conn := connect(t, func(c *net.TCPConn) {
		readHead(c)
		io.WriteString(c, "HTTP/1.0 413 Too Large\r\nContent-Length: 4\r\n\r\nstop")
		<-ended
		io.Copy(io.Discard, c)
	})
	request := "POST / HTTP/1.0\r\nContent-Length: 16777216\r\n\r\n" + strings.Repeat("x", 16<<20)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var got record
	x := &Exchange{Conn: conn, Request: ParseRequest([]byte(request)), Silence: time.Minute}
	x.Do(ctx, func(e Event) error {
		if _, ok := e.(End); ok {
			close(ended)
		}
		return got.handle(e)
	})
	if n, err := x.Sent(); n == len(request) || err == nil || !strings.HasSuffix(
		strings.Join(got.lines, "\n"), "data \"stop\"\nend  <nil>\nclose EOF, surplus 0") {
		t.Errorf("%d octets sent, %v, events %q", n, err, got.lines)
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
		ok, closes, more     bool
	}{
		{get, "GET", "", true, false, false},
		{"POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nabc", "POST", "abc", true, false, true},
		{"HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "HEAD", "", true, true, false},
		{"\r\nHEAD  / HTTP/1.0\r\n\r\nabc", "HEAD", "abc", false, false, false},
		{"GET /\r\n", "GET", "", true, false, false},
		{"", "", "", false, false, false},
	} {
		r := ParseRequest([]byte(tt.octets))
		if string(r.Method) != tt.method || string(r.Body) != tt.body || (r.Err == nil) != tt.ok ||
			r.Closes() != tt.closes || r.HasMore() != tt.more {
			t.Errorf("%q: method %q, body %q, error %v, closes %t, more %t", tt.octets, r.Method, r.Body,
				r.Err, r.Closes(), r.HasMore())
		}
	}
}

// FuzzRepairer checks that reading ends, that a valid head is not edited, and that a head is the
// same however its octets arrive.
func FuzzRepairer(f *testing.F) {
	for _, head := range []string{
		"HTTP/1.0 200 OK\r\n" + two, "http/1.0 200 OK\r\n" + two, "HTTP/1.0\t200 OK\r\n\r\n",
		"HTTP/1.0   200   OK\r\n\r\n", "HTTP/1.0 200\r\n\r\n", "HTTP/1.0 200\nA : b\nContent-Length: 2\n\nok",
		"HTTP/1.0 200 O\x00K\r\nX: a\x01b\r\rc\r\n\r\n", "HTTP/1.0 200 OK\r\ngarbage here\r\n goes on\r\n\r\n",
		"HTTP/1.0 200 OK\r\n A: b\r\n\r\n", "HTTP/1.0 200 OK\r\nA: b\r\n: x\r\n y\r\n\r\n",
		"HTTP/1.0 200 OK\r\nX: a\r\n b\r\n\r\n", "HTTP/1.0 20 x\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\r\n",
	} {
		f.Add([]byte(head))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var whole, resp httpwire.Response
		var r repairer
		n, err := r.consume(b, &whole)
		if n < 0 || n > len(b) || err == nil && n == 0 {
			t.Fatalf("%d octets of %d, %v", n, len(b), err)
		}
		if len(r.edits) == 0 {
			strict, strictErr := httpwire.ConsumeResponseHead(b, &resp)
			if strict != n || (err == nil) != (strictErr == nil) {
				t.Fatalf("%d %v, but without repairs %d %v", n, err, strict, strictErr)
			}
		}
		if fault := (*httpwire.SyntaxError)(nil); errors.As(err, &fault) && fault.Offset >= len(b) {
			t.Fatalf("%v, but there are %d octets", err, len(b))
		}
		if err != nil || len(b) > 200 {
			return
		}
		var slow repairer
		for i := range n {
			if got, err := slow.consume(b[:i], &resp); got != 0 || !errors.Is(err, httpwire.ErrIncomplete) {
				t.Fatalf("%d octets of the head are enough: %d, %v", i, got, err)
			}
		}
		if got, err := slow.consume(b[:n], &resp); got != n || err != nil ||
			len(slow.edits) != len(r.edits) {
			t.Fatalf("octet by octet %d %v %v, whole %d %v", got, err, slow.edits, n, r.edits)
		}
	})
}

// An offset that an int cannot hold is not below zero.
func TestMove(t *testing.T) {
	for n, want := range map[int64]int{0: 5, 10: 15, math.MaxInt64: math.MaxInt} {
		fault := &httpwire.SyntaxError{Offset: 5}
		if move(fault, n); fault.Offset != want {
			t.Errorf("5 and %d: %d, want %d", n, fault.Offset, want)
		}
	}
}
