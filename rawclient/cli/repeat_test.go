package cli

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const kept = "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok"

// -repeat keeps the connection where request and response allow it, and says why it connects again.
func TestRepeat(t *testing.T) {
	t.Parallel()
	const again = "request 2 of 3, on a new connection, because "
	config, ca := serverConfig(t, nil)
	file := writeFile(t, "requests", get+"\r\n\r\n"+get+"\r\n\r\n")
	for _, tt := range []struct {
		name, args string // separated by |
		responses  string // of each connection, separated by |; then the server closes
		exit       int
		want       []string
	}{
		{"kept", "", kept + "|" + kept + "|" + kept, 0, []string{"request 1 of 3", "request 2 of 3, on the " +
			"same connection", "request 3 of 3, on the same", "requests: 3, connections: 1"}},
		{"HTTP/1.1", "GET / HTTP/1.1|Host: h", strings.Repeat("|HTTP/1.1 204 No Content\r\n\r\n", 3)[1:], 0,
			[]string{"connections: 1"}},
		{"not agreed", "", ok + two, 0, []string{again + "the response did not agree", "connections: 3"}},
		{"not asked for", "GET / HTTP/1.0|Connection: close", kept, 0, []string{again + "the request asked"}},
		{"closed", "-wait|GET / HTTP/1.0", kept, 0, []string{again + "the server closed the connection"}},
		{"until the close", "", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nok", 0,
			[]string{again + "the close ended"}},
		{"cut short", "", kept[:len(kept)-1], 5, []string{again + "the response was cut short"}},
		{"surplus", "", kept + "more", 5, []string{again + "the end of the response is not certain"}},
		{"a fault in each response", "", "HTTP/1.0 200\r\n" + two, 5,
			[]string{"even if no reason follows: HTTP/1.0 200 OK * request 2 of 3", "HTTP/1.0 200 OK * requests: 3"}},
		{"two requests in a file", "-in|" + file, kept + kept + "|", 0, []string{again + "octets followed the response"}},
		{"tunnel", "CONNECT a:1 HTTP/1.0", ok + "Connection: keep-alive\r\n\r\n", 0,
			[]string{again + "another protocol follows"}},
		{"no response", "", "", 5, []string{again + "the response was cut short"}},
		{"-half", "-half|GET / HTTP/1.0", kept + "|" + kept, 0, []string{again + "-half closed"}},
		{"-fail", "-fail|GET / HTTP/1.0", "HTTP/1.0 404 Not Found\r\n\r\n", 1, []string{"connections: 3"}},
		{"TLS", "-tls|-ca|" + ca + "|GET / HTTP/1.0", kept + "|" + kept + "|" + kept, 0,
			[]string{"connections: 1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			serve := func(conn net.Conn) {
				for response := range strings.SplitSeq(tt.responses, "|") {
					if readHead(conn) != "" {
						io.WriteString(conn, response)
					}
				}
				if strings.HasPrefix(tt.args, "-half") {
					io.Copy(io.Discard, conn)
				}
			}
			port := ""
			if tt.name == "TLS" {
				port = serveTLS(t, config, serve)
			} else {
				port = listen(t, serve)
			}
			args := "-repeat|3|-addr|localhost:" + port + "|" + tt.args
			if tt.args == "" {
				args += "GET / HTTP/1.0"
			}
			got := runArgs(t, strings.Split(args, "|")...)
			got.check(t, tt.exit, tt.want...)
			first, _, _ := strings.Cut(tt.responses, "|")
			if want := strings.Repeat(first, 3); got.stdout != want {
				t.Errorf("got %q, want %q", got.stdout, want)
			}
		})
	}
}

// A server that does not close the connection is given the time of -timeout.
func TestRepeatNotClosed(t *testing.T) {
	t.Parallel()
	withTime(t, 200*time.Millisecond, func(timeout string) (result, []string) {
		var connections atomic.Int32
		port := listen(t, func(conn net.Conn) {
			readHead(conn)
			io.WriteString(conn, kept)
			if connections.Add(1) == 1 {
				io.Copy(io.Discard, conn)
			}
		})
		got := runArgs(t, "-repeat", "3", "-wait", "-timeout", timeout, "-addr", "localhost:"+port, get)
		faults := got.faults(0, "request 2 of 3, on a new connection, because the time of -timeout was over")
		if got.stdout != kept+kept+kept {
			faults = append(faults, "the output is not the three responses")
		}
		return got, faults
	})
}

// A URL asks to keep the connection, and the listing has each exchange. One file has all responses.
func TestRepeatURL(t *testing.T) {
	t.Parallel()
	port := listen(t, func(conn net.Conn) {
		for request := readHead(conn); request != ""; request = readHead(conn) {
			if strings.Contains(request, "Connection: keep-alive\r\n") {
				io.WriteString(conn, kept)
			}
		}
	})
	file := filepath.Join(t.TempDir(), "responses")
	got := runArgs(t, "-repeat", "2", "-explain", "-o", file, "http://localhost:"+port+"/")
	got.check(t, 0, "connections: 1", fmt.Sprint(2*len(kept), " octets written to"))
	if b, err := os.ReadFile(file); string(b) != kept+kept || strings.Count(got.stderr, "written to") != 1 {
		t.Errorf("the file has %q, %v\n%s", b, err, got.stderr)
	}
	if n := strings.Count(got.stdout, "\nresponse\n\noffset"); n != 2 || strings.Count(got.stdout, "request\n\noffset") != 2 {
		t.Errorf("the listing has %d responses:\n%s", n, got.stdout)
	}
}

// respondOnce returns the address of a server that responds to one request, and then is gone.
func respondOnce(t *testing.T, response string) string {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Skip("skipped: cannot listen: ", err)
	}
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		readHead(conn)
		l.Close()
		io.WriteString(conn, response)
		conn.Close()
	}()
	return l.Addr().String()
}

// When no connection is made again, the responses until then are there.
func TestRepeatServerGone(t *testing.T) {
	addr := respondOnce(t, ok+two)
	got := runArgs(t, "-repeat", "3", "-addr", addr, "GET / HTTP/1.0")
	got.check(t, 3, "request 2 of 3, on a new connection", "nothing listens at", "!request 3", "!requests:")
	if got.stdout != ok+two {
		t.Errorf("got %q", got.stdout)
	}
}

// A connection that fails does not hide what was worse before it.
func TestRepeatHighestCode(t *testing.T) {
	addr := respondOnce(t, "HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\n")
	runArgs(t, "-repeat", "3", "-addr", addr, "GET / HTTP/1.0").check(t, 5,
		"request 2 of 3", "nothing listens at", "!request 3")
}
