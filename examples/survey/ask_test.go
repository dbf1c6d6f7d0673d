package main

import (
	"bytes"
	"context"
	"flag"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rawhttp/examples/foreign"
	"rawhttp/examples/gallery"
	"rawhttp/httpwire/commandline"
)

// listen starts a server that does the same with each connection, and returns its address.
func listen(t *testing.T, do func(c *net.TCPConn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				do(c.(*net.TCPConn))
			}()
		}
	}()
	return l.Addr().String()
}

// read takes the request, so that closing the connection is no reset.
func read(c *net.TCPConn) { c.Read(make([]byte, 4096)) }

// says writes octets and goes on reading until the client has nothing more to say.
func says(octets string) func(c *net.TCPConn) {
	return func(c *net.TCPConn) {
		read(c)
		io.WriteString(c, octets)
		io.Copy(io.Discard, c)
	}
}

func closes(octets string) func(c *net.TCPConn) {
	return func(c *net.TCPConn) {
		read(c)
		io.WriteString(c, octets)
	}
}

// What comes back is told apart, a response or something else.
func TestAsk(t *testing.T) {
	t.Parallel()
	const ok = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n"
	const bad = "HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n"
	const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nok\n\r\n0\r\n\r\n"
	silence := make(chan struct{})
	defer close(silence)
	for _, tt := range []struct {
		name, want string
		server     func(c *net.TCPConn)
	}{
		{"one response", "200", says(ok)},
		{"one response, until the close", "200", closes("HTTP/1.0 200 OK\r\n\r\n" + ok)},
		{"one response in chunks", "200", says(chunked)},
		{"two responses", "200+400", says(ok + bad)},
		{"two responses, the first in chunks", "200+400", says(chunked + bad)},
		{"three responses", "200+200+400", says(ok + ok + bad)},
		{"an interim response first", "200", says("HTTP/1.1 100 Continue\r\n\r\n" + ok)},
		{"an interim response and nothing else", gallery.Waits, says("HTTP/1.1 100 Continue\r\n\r\n")},
		{"a second response to what follows the close of the sender", "200+400", func(c *net.TCPConn) {
			says(ok)(c)
			io.WriteString(c, bad)
		}},
		{"cut short", "200", closes(ok[:len(ok)-1])},
		{"no status-line", gallery.Simple, closes("<html>")},
		{"a malformed status-line", gallery.IllFormed, closes("HTTP/1.1  200 OK\r\n\r\n")},
		{"the start of a status-line", gallery.IllFormed, closes("HTTP/1")},
		{"a status-line of another protocol", gallery.IllFormed, closes("ICY 200 OK\r\n\r\n")},
		{"one response, and stays open", "200", func(c *net.TCPConn) {
			says(ok)(c)
			<-silence
		}},
		{"closes", gallery.Closed, closes("")},
		{"resets", gallery.Reset, func(c *net.TCPConn) {
			read(c)
			c.SetLinger(0)
		}},
		{"waits", gallery.Waits, func(*net.TCPConn) { <-silence }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			timeout := neverSilent
			if tt.want == gallery.Waits {
				timeout = onlySilent
			} else if strings.HasSuffix(tt.name, "stays open") {
				timeout = silent
			}
			got, err := ask(t.Context(), listen(t, tt.server), gallery.Good[0], timeout)
			if got != tt.want || err != nil {
				t.Errorf("%s, %v; want %s", got, err, tt.want)
			}
		})
	}
}

// A pipe is a connection whose end of sending goes unnoticed.
type pipe struct{ net.Conn }

func (pipe) CloseWrite() error { return nil }

// A server that goes on sending does not keep the survey for ever.
func TestAskEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := net.Pipe()
		var sending sync.WaitGroup
		defer sending.Wait()
		defer client.Close()
		sending.Go(func() {
			_, err := io.WriteString(server, "HTTP/1.0 200 OK\r\n\r\n")
			for tick := time.NewTicker(time.Millisecond); err == nil; <-tick.C {
				_, err = io.WriteString(server, ".")
			}
		})
		start := time.Now()
		r := reply{method: []byte("GET")}
		r.octets, r.end = receive(pipe{client}, r.method, 200*time.Millisecond)
		took := time.Since(start)
		if got := r.outcome(); got != "200" || r.end != io.EOF || took > time.Second+2*time.Millisecond {
			t.Errorf("%s, %v, after %v", got, r.end, took)
		}
	})
}

// A server that reads once does not get all of a request that comes octet by octet, even if it is slow
// to read. The sleep makes it slow. On a busy machine it may be too slow.
func TestOctetsOneByOne(t *testing.T) {
	addr := listen(t, func(c *net.TCPConn) {
		time.Sleep(10 * time.Millisecond)
		b := make([]byte, 4096)
		if n, _ := c.Read(b); bytes.HasSuffix(b[:n], []byte("\r\n\r\n")) {
			io.WriteString(c, "HTTP/1.0 200 OK\r\n\r\n")
		}
	})
	e := &examiner{ctx: t.Context(), addr: addr, timeout: time.Minute}
	times := 10
	if testing.Short() {
		times = 2
	}
	for range 5 { // at once, unless the machine is busy
		told := 0
		for range 2 * times {
			switch wrong := e.octets(); {
			case strings.Contains(wrong, "no response to a request that came octet by octet"):
				told++
			case wrong != "": // "" means that one Read was enough
				t.Fatal(wrong)
			}
			if told == times {
				return
			}
		}
	}
	t.Errorf("one Read is enough in more than %d of %d times", times, 2*times)
}

// The octets of the file arrive, all of them and no others.
func TestAskSendsTheFile(t *testing.T) {
	t.Parallel()
	for _, m := range gallery.Requests() {
		want := m.Octets()
		sent := make(chan []byte, 1)
		addr := listen(t, func(c *net.TCPConn) {
			b := make([]byte, len(want))
			io.ReadFull(c, b)
			io.WriteString(c, "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")
			rest, _ := io.ReadAll(c)
			sent <- append(b, rest...)
		})
		if _, err := ask(t.Context(), addr, m, time.Minute); err != nil {
			t.Fatal(err)
		}
		if got := <-sent; !bytes.Equal(got, want) {
			t.Errorf("%s: sent %q, want %q", m.File, got, want)
		}
	}
}

// The command prints a line for each message, why the server should think again, and where a
// request could be smuggled. It agrees on one message: after the 200 to CONNECT a tunnel begins, so
// what follows is no second response.
func TestReport(t *testing.T) {
	t.Parallel()
	addr := listen(t, says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 400 Bad\r\n"+
		"Content-Length: 0\r\n\r\n"))
	var out bytes.Buffer
	if err := run(t.Context(), []string{"-timeout", "1m", addr}, &out); err != nil {
		t.Fatal(err)
	}
	said := strings.Join(strings.Fields(out.String()), " ") // as if no line were broken
	if want := "could be smuggled: good/get-all.http, good/get-one.http, "; !strings.Contains(said, want) {
		t.Errorf("no %q in %s", want, out.String())
	}
	for _, want := range []string{"\nbad/bare-lf.http                     200+400     DIFFERS\n",
		"  " + gallery.Bad[0].Why + "\n", " agrees on 1 of ", "; 0 are unclear\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %s", want, out.String())
		}
	}
	if strings.Count(out.String(), "DIFFERS\n    ") != strings.Count(out.String(), "\n    ") {
		t.Errorf("a line says why a message that does not differ is in the gallery:\n%s", out.String())
	}
	if _, smuggled, _ := strings.Cut(said, "could be smuggled"); strings.Contains(smuggled, "good/connect.http") {
		t.Errorf("one response is several: %s", smuggled)
	}
	var alone bytes.Buffer
	if report(&alone, addr, map[string]string{"good/get-all.http": "200"}); strings.Contains(alone.String(), "smuggled") {
		t.Error(alone.String())
	}
	if counted(1)+counted(2) != "1 is2 are" {
		t.Errorf("%s, %s", counted(1), counted(2))
	}
	for line := range strings.Lines(out.String() + usage) {
		if len(line) > 80 {
			t.Errorf("too wide for a terminal: %q", line)
		}
	}
}

// A mistake on the command line, or a server that is not there, is explained in a sentence.
func TestCommandLine(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		args       []string
	}{
		{"no server", "which server?", nil},
		{"two servers", "one server at a time: leave out localhost:81", []string{"localhost:80", "localhost:81"}},
		{"a flag last", "go run ./examples/survey -teach localhost:80", []string{"localhost:80", "-teach"}},
		{"a flag after the server", "flags come before", []string{"localhost:80", "-timeout", "1s"}},
		{"a URL", "no URL", []string{"http://localhost:80/"}},
		{"no port", "the port is missing in \"localhost\",\nfor example:  go run ./examples/survey localhost:12345", []string{"localhost"}},
		{"a port in a URL", "go run ./examples/survey localhost:8080", []string{"http://localhost:8080/"}},
		{"no number", `"localhost:http" is not host:port`, []string{"localhost:http"}},
		{"IPv6", `"::1" is not host:port,` + "\nfor example:  go run ./examples/survey [::1]:12345", []string{"::1"}},
		{"no such flag", "-verbose", []string{"-verbose", "localhost:80"}},
		{"no timeout", "-timeout is how long", []string{"-timeout", "0s", "localhost:80"}},
		{"not a duration", "-timeout", []string{"-timeout", "2", "localhost:80"}},
		{"no server there", "Start the server, or write where it listens:  go run ./examples/survey host:port", []string{foreign.FreeAddr(t)}},
	} {
		var out bytes.Buffer
		err := run(t.Context(), tt.args, &out)
		if err == nil || !strings.Contains(err.Error(), tt.want) || out.Len() > 0 {
			t.Errorf("%s: %v, want %q; %s", tt.name, err, tt.want, out.String())
		}
		code := map[bool]int{true: 1, false: 2}[tt.name == "no server there"]
		if got := commandline.ExitCode(err); got != code {
			t.Errorf("%s: exit code %d, want %d", tt.name, got, code)
		}
	}
	if err := run(t.Context(), []string{"-h"}, io.Discard); err != flag.ErrHelp {
		t.Errorf("-h: %v", err)
	}
	for _, port := range []string{"8080", ":8080"} {
		if addr, err := address([]string{port}); addr != "localhost:8080" || err != nil {
			t.Errorf("%s: %s, %v", port, addr, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := run(ctx, []string{listen(t, closes(""))}, io.Discard); err == nil {
		t.Error("an interrupted survey has no results")
	}
	if err := run(ctx, []string{"-teach", listen(t, closes(""))}, io.Discard); err != context.Canceled {
		t.Errorf("an interrupted judgement: %v", err)
	}
}
