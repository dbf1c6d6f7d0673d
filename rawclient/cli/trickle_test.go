package cli

import (
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"rawhttp/examples/foreign"
)

// -trickle sends the same octets, one at a time: with TLS, too, where each is a record.
func TestTrickle(t *testing.T) {
	config, ca := serverConfig(t, nil)
	var reads atomic.Int32
	plain := listen(t, func(conn net.Conn) {
		request, octet := "", make([]byte, 64)
		for len(request) < len("GET / HTTP/1.0\r\n\r\n") {
			n, err := conn.Read(octet)
			if err != nil {
				break
			}
			reads.Add(1)
			request += string(octet[:n])
		}
		io.WriteString(conn, "HTTP/1.0 200 OK\r\n\r\n"+request)
	})
	for name, args := range map[string][]string{
		"plain": {"-addr", "localhost:" + plain},
		"TLS":   {"-timeout", "1m", "-tls", "-ca", ca, "-addr", "localhost:" + listenTLS(t, config)},
	} {
		got := runArgs(t, append(args, "-trickle", "2ms", "GET / HTTP/1.0")...)
		got.check(t, 0, "-trickle sends 18 octets in 34ms")
		if got.stdout != "HTTP/1.0 200 OK\r\n\r\nGET / HTTP/1.0\r\n\r\n" {
			t.Errorf("%s: got %q", name, got.stdout)
		}
	}
	if n := reads.Load(); n < 2 {
		t.Errorf("the server got the request in %d pieces", n)
	}
}

// A server that refuses a request before its end stops the trickle. The response is complete.
func TestTrickleRefused(t *testing.T) {
	port := listen(t, func(conn net.Conn) {
		conn.Read(make([]byte, 1))
		io.WriteString(conn, "HTTP/1.0 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
		io.Copy(io.Discard, conn)
	})
	got := runArgs(t, "-trickle", "1h", "-time", "-addr", "localhost:"+port, "GET / HTTP/1.0")
	got.check(t, 0, "only 1 of 18 octets of the request were sent: the response came first",
		"first octet of the response", "!last octet of the request sent")
}

// A response before the end of the request leaves a connection on which no other request can follow.
func TestTrickleRepeat(t *testing.T) {
	t.Parallel()
	port := listen(t, func(conn net.Conn) {
		conn.Read(make([]byte, 1))
		io.WriteString(conn, kept)
		io.Copy(io.Discard, conn)
	})
	got := runArgs(t, "-trickle", "1h", "-repeat", "2", "-time", "-addr", "localhost:"+port, "GET / HTTP/1.0")
	got.check(t, 0, "on a new connection, because the server did not take the whole request",
		"end of the response", "!the server closed the connection")
}

// The notice of a silence says that the client is not done.
func TestTrickleSilence(t *testing.T) {
	foreign.Short(t)
	t.Parallel()
	port := listen(t, func(conn net.Conn) { io.Copy(io.Discard, conn) })
	withTime(t, time.Second/2, func(timeout string) (result, []string) {
		got := runArgs(t, "-trickle", "25ms", "-timeout", timeout, "-addr", "localhost:"+port, get)
		return got, got.faults(4, "waiting for a response; the request is still being sent")
	})
}
