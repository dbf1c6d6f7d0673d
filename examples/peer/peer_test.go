package peer

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// listen returns the address of a server that does this on its first connection.
func listen(t *testing.T, serve func(c net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		if c, err := l.Accept(); err == nil {
			defer c.Close()
			serve(c)
		}
	}()
	return l.Addr().String()
}

// connect returns the client's side of a connection to a server that does this.
func connect(t *testing.T, serve func(c net.Conn)) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", listen(t, serve))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// The response belongs to the method of the request: that to HEAD has no body.
func TestExchange(t *testing.T) {
	for request, body := range map[string]string{"GET / HTTP/1.0\r\n\r\n": "hello", "HEAD / HTTP/1.0\r\n\r\n": ""} {
		came := make([]byte, len(request))
		addr := listen(t, func(c net.Conn) {
			io.ReadFull(c, came)
			io.WriteString(c, "HTTP/1.0 299 Fine\r\nContent-Length: 5\r\n\r\nhello")
		})
		resp, err := Exchange(addr, request, 0)
		if err != nil || resp.Code != 299 || string(resp.Body) != body || string(came) != request {
			t.Errorf("%q came, %d %q, %v", came, resp.Code, resp.Body, err)
		}
	}
}

// A server that sends nothing is given up when the limit is over.
func TestExchangeLimit(t *testing.T) {
	addr := listen(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	if _, err := Exchange(addr, "GET / HTTP/1.0\r\n\r\n", Turn); err == nil {
		t.Error("there is a response")
	}
}

func TestSendSingly(t *testing.T) {
	const request = "GET / HTTP/1.0\r\n\r\n"
	came := make(chan string)
	c := connect(t, func(c net.Conn) {
		b, _ := io.ReadAll(c)
		came <- string(b)
	})
	SendSingly(c, request, time.Minute)
	c.Close()
	if got := <-came; got != request {
		t.Errorf("%q came, want %q", got, request)
	}
}

// A busy machine lengthens each pause. The octets come in time nevertheless.
func TestSendSinglyBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const busy = 100 * time.Millisecond
		const octets = 100
		c, other := net.Pipe()
		go func() {
			SendSingly(slowConn{c, busy}, strings.Repeat("a", octets), 200*time.Millisecond)
			c.Close()
		}()
		other.SetReadDeadline(time.Now().Add(time.Second))
		if b, err := io.ReadAll(other); len(b) != octets || err != nil {
			t.Errorf("%d octets, %v", len(b), err)
		}
	})
}

// A slowConn is a connection on a busy machine. Its sleeps take the time of synctest.
type slowConn struct {
	net.Conn
	busy time.Duration
}

func (c slowConn) Write(b []byte) (int, error) {
	time.Sleep(c.busy)
	return c.Conn.Write(b)
}

func (c slowConn) SetReadDeadline(t time.Time) error {
	time.Sleep(c.busy)
	return c.Conn.SetReadDeadline(time.Now().Add(time.Until(t) + c.busy))
}

// The limit is counted in turns: a machine that is busy ten times as long leaves the other side its time.
func TestReadBusy(t *testing.T) {
	for _, tt := range []struct {
		busy, after time.Duration
		in          bool
	}{
		{0, 900 * time.Millisecond, true}, {0, 1100 * time.Millisecond, false},
		{10 * Turn, 5 * time.Second, true}, {10 * Turn, time.Minute, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			c, other := net.Pipe()
			time.AfterFunc(tt.after, func() { io.WriteString(other, "a") })
			n, err := Read(slowConn{c, tt.busy}, make([]byte, 2), time.Second)
			if in := n == 1 && err == nil; in != tt.in || !in && !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("busy for %v, after %v: %d octets, %v", tt.busy, tt.after, n, err)
			}
			c.Close()
		})
	}
}

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from := make(chan int, 1)
		if _, has := Wait(from, time.Second); has {
			t.Error("a value from an empty channel")
		}
		time.AfterFunc(900*time.Millisecond, func() { from <- 1 })
		if value, has := Wait(from, time.Second); value != 1 || !has {
			t.Errorf("%d, %v", value, has)
		}
	})
}

func TestSendEndless(t *testing.T) {
	const head = "GET / HTTP/1.0\r\nX-Note: a\r\n"
	start := func(c net.Conn) bool {
		b := make([]byte, len(head))
		_, err := io.ReadFull(c, b)
		return err == nil && string(b) == head
	}
	for _, tt := range []struct {
		name  string
		waits bool // until the limit is over
		stops bool
		serve func(t *testing.T, c net.Conn)
	}{
		{"closes", false, true, func(t *testing.T, c net.Conn) { start(c) }},
		{"responds", true, true, func(t *testing.T, c net.Conn) {
			if start(c) {
				io.WriteString(c, "HTTP/1.0 400 Bad Request\r\n\r\n")
				<-t.Context().Done()
			}
		}},
		{"reads on", false, false, func(t *testing.T, c net.Conn) { io.Copy(io.Discard, c) }},
		{"reads no more and says nothing", true, false,
			func(t *testing.T, c net.Conn) { start(c); <-t.Context().Done() }},
	} {
		check := func(t *testing.T, c net.Conn) {
			sent, stops := SendEndless(c, "GET / HTTP/1.0\r\n", time.Minute)
			if stops != tt.stops || sent < len(strings.TrimSuffix(head, "X-Note: a\r\n")) {
				t.Errorf("%d octets are sent and it stops: %v, want %v", sent, stops, tt.stops)
			}
		}
		t.Run(tt.name, func(t *testing.T) {
			if !tt.waits {
				check(t, connect(t, func(c net.Conn) { tt.serve(t, c) }))
				return
			}
			synctest.Test(t, func(t *testing.T) {
				c, other := net.Pipe()
				defer c.Close()
				go tt.serve(t, other)
				check(t, c)
			})
		})
	}
}
