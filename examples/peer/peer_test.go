package peer

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// connect returns the client's side of a connection to a server that does this.
func connect(t *testing.T, serve func(c net.Conn)) net.Conn {
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
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
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

func TestSendEndless(t *testing.T) {
	const head = "GET / HTTP/1.0\r\nX-Note: a\r\n"
	start := func(c net.Conn) bool {
		b := make([]byte, len(head))
		_, err := io.ReadFull(c, b)
		return err == nil && string(b) == head
	}
	for _, tt := range []struct {
		name  string
		limit time.Duration
		stops bool
		serve func(t *testing.T, c net.Conn)
	}{
		{"closes", time.Minute, true, func(t *testing.T, c net.Conn) { start(c) }},
		{"responds", time.Second, true, func(t *testing.T, c net.Conn) {
			if start(c) {
				io.WriteString(c, "HTTP/1.0 400 Bad Request\r\n\r\n")
				<-t.Context().Done()
			}
		}},
		{"reads on", time.Minute, false, func(t *testing.T, c net.Conn) { io.Copy(io.Discard, c) }},
		{"reads no more and says nothing", 200 * time.Millisecond, false,
			func(t *testing.T, c net.Conn) { start(c); <-t.Context().Done() }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sent, stops := SendEndless(connect(t, func(c net.Conn) { tt.serve(t, c) }), tt.limit)
			if stops != tt.stops || sent < len(strings.TrimSuffix(head, "X-Note: a\r\n")) {
				t.Errorf("%d octets are sent and it stops: %v, want %v", sent, stops, tt.stops)
			}
		})
	}
}
