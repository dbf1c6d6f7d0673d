package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"rawhttp/examples/foreign"
	"rawhttp/examples/foreign/webdriver"
)

// A served is a running rawclient -listen. Its output is both streams, as a terminal shows them.
type served struct {
	t     *testing.T
	addr  string
	exit  chan int
	end   context.CancelFunc
	mu    sync.Mutex
	shown bytes.Buffer
	grown chan struct{} // has a value when there is more output
}

func (s *served) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.grown <- struct{}{}:
	default:
	}
	return s.shown.Write(p)
}

func (s *served) output() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown.String()
}

// waitFor waits until the output matches, and returns the match.
func (s *served) waitFor(pattern string) []string {
	s.t.Helper()
	re, limit := regexp.MustCompile(pattern), time.After(time.Minute)
	for {
		if m := re.FindStringSubmatch(unwrapped(s.output())); m != nil {
			return m
		}
		select {
		case <-s.grown:
		case <-limit:
			s.t.Fatalf("no %q in\n%s", pattern, s.output())
		}
	}
}

// listens starts rawclient -listen on a free port.
func listens(t *testing.T, in io.Reader, args ...string) *served {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s := &served{t: t, exit: make(chan int, 1), end: cancel, grown: make(chan struct{}, 1)}
	go func() {
		args = append([]string{"-listen", "127.0.0.1:0"}, args...)
		s.exit <- Run(ctx, args, Stdio{In: in, Out: s, Err: s, InTerminal: in != nil})
	}()
	t.Cleanup(func() { s.stop(0) })
	s.addr = s.waitFor(`listening at http://([^/]*)/`)[1]
	return s
}

// stop ends it as Ctrl-C does, if it has not ended, and checks the exit code.
func (s *served) stop(want int) {
	s.t.Helper()
	s.end()
	exit := <-s.exit
	s.exit <- exit
	if exit != want {
		s.t.Errorf("exit code %d, want %d\n%s", exit, want, s.output())
	}
}

// send sends octets and returns everything that is received.
func (s *served) send(octets string) string {
	s.t.Helper()
	conn := s.dial()
	defer conn.Close()
	io.WriteString(conn, octets)
	got, err := io.ReadAll(conn)
	if err != nil {
		s.t.Error(err)
	}
	return string(got)
}

func (s *served) dial() *net.TCPConn {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(time.Minute))
	return conn.(*net.TCPConn)
}

const asked = "GET /x HTTP/1.0\r\n\r\n"

// A notice ends the line of a prompt, and only that.
func TestListenPrompt(t *testing.T) {
	t.Parallel()
	in, keys := io.Pipe()
	defer keys.Close()
	s := listens(t, in)
	first := s.dial()
	io.WriteString(first, asked)
	s.waitFor("type the response.*>")
	defer s.dial().Close()
	s.waitFor("has connected and waits")
	first.Close()
	s.waitFor("the client closed the connection")
	waits := regexp.MustCompile(`> \n\* 127\.0\.0\.1:\d+ has connected and waits.*\n\* the client closed`)
	if !waits.MatchString(s.output()) {
		t.Errorf("shows\n%s", s.output())
	}
}

// What is typed is what the client gets, even if Content-Length is wrong.
func TestListenTyped(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, request, typed, want, says string }{
		{"length", asked, "HTTP/1.0 200 OK\nContent-Length: 2\n\nok\n", ok + two, "the response is sent: 40"},
		{"lines", asked, "HTTP/1.0 200 OK\nContent-Length: 3\n\na\nb\n",
			ok + "Content-Length: 3\r\n\r\na\nb", "body: type 1 more of 3 octets"},
		{"the last Enter", asked, "HTTP/1.0 200 OK\nContent-Length: 3\n\nok\n",
			ok + "Content-Length: 3\r\n\r\nok\n", "the response is sent: 41"},
		{"a length twice", asked, "HTTP/1.0 200 OK\nContent-Length: 2\nContent-Length: 2\n\nok\n",
			ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok", "the response breaks a rule"},
		{"too long", asked, "HTTP/1.0 200 OK\nContent-Length: 2\n\nokay\n", ok + two + "ay",
			"Content-Length says 2, but the body .* has 4 octets.* 2 octets follow the end"},
		{"one too long", asked, "HTTP/1.0 200 OK\nContent-Length: 2\n\noka\n", ok + two + "a",
			"1 octet follows the end of the response, which belongs to no message .RFC 9112 section 6.3."},
		{"too short", asked, "HTTP/1.0 200 OK\nContent-Length: 9\n\nok\n.\n",
			ok + "Content-Length: 9\r\n\r\nok\n", "was waiting for more .* expecting 6 more of 9 octets of body"},
		{"until the close", asked, "HTTP/1.0 200 OK\n\na\n\nb\n.\n", ok + "\r\na\n\nb\n",
			`\* body: a period alone ends it (> ){4}\* the response is sent: 24 octets \* the client`},
		{"a period without Enter", asked, "HTTP/1.0 200 OK\n\na\n.", ok + "\r\na\n.", "is sent"},
		{"no body", asked, "HTTP/1.0 204 No Content\n\n", "HTTP/1.0 204 No Content\r\n\r\n", "is sent"},
		{"HEAD", "HEAD / HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\nContent-Length: 2\n\n",
			ok + "Content-Length: 2\r\n\r\n", "is sent"},
		{"no status-line", asked, "hello\n\n.\n", "hello\r\n\r\n", "is sent"},
		{"a broken head", asked, "HTTP/1.0 200 OK\nA : b\n\n.\n", ok + "A : b\r\n\r\n",
			"the response breaks a rule: .*offset 18"},
		{"end in the head", asked, "HTTP/1.0 2", "HTTP/1.0 2",
			"the empty line .* is missing[^>]* was waiting for more"},
		{"end in the body", asked, "HTTP/1.0 200 OK\nContent-Length: 2\n\no",
			ok + "Content-Length: 2\r\n\r\no", "expecting 1 more of 2"},
		{"nothing", asked, "\n", "", `nothing is sent, and the connection is closed \* the client closed`},
		{"listing", asked, "?\n\n", "", `4 2 /x request-target`},
		{"listing at the end of the input", asked, "?", "", `4 2 /x request-target`},
		{"a body is awaited", post + "abc", "HTTP/1.0 200 OK\n\n.\n", ok + "\r\n",
			"< POST / HTTP/1.0.*< abc .* complete: 41 octets"},
		{"a request that breaks a rule", "GET  / HTTP/1.0\r\n\r\n", "HTTP/1.0 400 Bad Request\n\n.\n",
			"HTTP/1.0 400 Bad Request\r\n\r\n", "you may respond now.* two spaces"},
		{"no Host in HTTP/1.1", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.0 400 Bad Request\n\n.\n",
			"HTTP/1.0 400 Bad Request\r\n\r\n", "is complete.* the request breaks a rule.* HTTP/1.1 without a Host field"},
		{"HTTP/0.9", "GET /x\r\n", "HTTP/1.0 200 OK\n\n.\n", ok + "\r\n", "complete: 8 octets"},
		{"chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
			"HTTP/1.0 200 OK\n\n.\n", ok + "\r\n", "Transfer-Encoding.* you may respond now"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := listens(t, iotest.OneByteReader(strings.NewReader(tt.typed)))
			if got := s.send(tt.request); got != tt.want {
				t.Errorf("received %q, want %q", got, tt.want)
			}
			s.waitFor(tt.says)
			if exit := <-s.exit; exit != 0 { // the input has ended
				t.Errorf("exit code %d", exit)
			}
			s.exit <- 0
			s.waitFor("the input has ended")
		})
	}
}

// The response of the command line or of a file goes to one client after the other.
func TestListenGiven(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		args []string
		want string
		says string
	}{
		{"lines", []string{"-data", "hello", "HTTP/1.0 200 OK", "X: y"},
			ok + "X: y\r\nContent-Length: 5\r\n\r\nhello", `> hello \* the response is sent: \d+ octets \* the client closed`},
		{"a wrong length", []string{"-data", "hello", "HTTP/1.0 200 OK", "Content-Length: 9"},
			ok + "Content-Length: 9\r\n\r\nhello", ""},
		{"file", []string{"-in", writeFile(t, "response", "no\x00thing\n")}, "no\x00thing\n", ""},
		{"-crlf", []string{"-crlf", "-in", writeFile(t, "response", "HTTP/1.0 200 OK\n\nok\n")},
			ok + "\r\nok\n", ""},
		{"listings", []string{"-explain", "-data", "ok", "HTTP/1.0 200 OK"}, ok + two,
			"request offset len .*response offset len"},
		{"no status-line", []string{"hello"}, "hello\r\n\r\n",
			`"hello" is sent as the status-line; a status-line is like HTTP/1.0 200 OK`},
		{"long", []string{"-data", strings.Repeat("x", 2*bodyShown), "HTTP/1.0 200 OK"},
			fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", ok, 2*bodyShown, strings.Repeat("x", 2*bodyShown)),
			fmt.Sprintf(`xxx \* and %d more octets .*is sent`, bodyShown+4)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := listens(t, nil, tt.args...)
			for range 3 {
				if got := s.send(asked); got != tt.want {
					t.Errorf("received %q, want %q", got, tt.want)
				}
			}
			s.waitFor("connection 3, from .*closed the connection after")
			s.waitFor(tt.says)
			if told := strings.Contains(s.output(), "is sent as the status-line"); told != (tt.name == "no status-line") {
				t.Errorf("says that the first line is no status-line: %t", told)
			}
			s.stop(0)
			s.waitFor("interrupted: rawclient no longer listens")
		})
	}
}

const chunkedPost = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

// A chunked body is read to its end, however its octets are cut, and what follows is not part of it.
func TestListenChunks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, codings, body, says string }{
		{"none", "chunked", "0\r\n\r\n", "complete: 61 octets .* chunks have 0 octets of data"},
		{"two", "chunked", "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nA: b\r\n\r\n",
			"< 3.* < abc.* < A: b.*complete: 94 octets .* chunks have 13 octets of data"},
		{"two codings", "gzip, Chunked", "1\r\na\r\n0\r\n\r\n", "chunks have 1 octet of data"},
		{"surplus", "chunked", "0\r\n\r\nGET /", "complete: 61 octets .* 5 octets followed the request"},
		{"another coding is last", "chunked, gzip", "",
			"you may respond now error: chunked is not the last transfer coding"},
		{"no size", "chunked", "x\r\n", "not the size of a chunk offset 56, line 5, column 1"},
		{"too long", "chunked", "1\r\nab\r\n0\r\n\r\n", "the chunk is not as long as its size says"},
		{"endless", "chunked", "1;" + strings.Repeat("x", 64<<10), "the framing of a chunk is too long"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := listens(t, nil, "HTTP/1.0 200 OK")
			request := strings.Replace(chunkedPost, "chunked", tt.codings, 1) + tt.body
			conn := s.dial()
			defer conn.Close()
			for _, piece := range []string{request[:len(request)/2], request[len(request)/2:]} {
				io.WriteString(conn, piece)
			}
			if got, err := io.ReadAll(conn); string(got) != ok+"\r\n" || err != nil {
				t.Errorf("received %q, %v", got, err)
			}
			conn.Close()
			s.waitFor(tt.says)
		})
	}
}

// A large chunk is counted to its end. A fault after the octets that are kept is named.
func TestListenLargeChunk(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	for end, says := range map[string]string{
		"\r\n0\r\n\r\n": fmt.Sprintf("chunks have %d octets of data", size),
		"0\r\n\r\n":     fmt.Sprintf("offset %d", size+64),
	} {
		s := listens(t, nil, "HTTP/1.0 200 OK")
		if got := s.send(chunkedPost + "100000\r\n" + strings.Repeat("x", size) + end); got != ok+"\r\n" {
			t.Errorf("received %q", got)
		}
		s.waitFor(says)
		if strings.Contains(s.output(), "column") {
			t.Errorf("shows an excerpt of other octets:\n%s", s.output())
		}
	}
}

// The limit of a trailer is the same, however it arrives.
func TestListenLongTrailer(t *testing.T) {
	t.Parallel()
	s := listens(t, nil, "HTTP/1.0 200 OK")
	trailer := strings.Repeat("A: "+strings.Repeat("b", 1000)+"\r\n", 100)
	if got := s.send(chunkedPost + "0\r\n" + trailer + "\r\n"); got != ok+"\r\n" {
		t.Errorf("received %q", got)
	}
	s.waitFor(fmt.Sprintf("offset %d", len(chunkedPost+"0\r\n")+64<<10-1))
}

// If a chunked body stops early, the notice says what was awaited.
func TestListenChunksStop(t *testing.T) {
	t.Parallel()
	for sent, says := range map[string]string{
		"":                    "56 octets, in the chunked body, waiting for the size of chunk 1",
		"5":                   "waiting for the size of chunk 1",
		"5\r\nab":             "waiting for 3 more of 5 octets of chunk 1",
		"1\r\na":              "waiting for the end of chunk 1$",
		"1\r\na\r\n0\r\n":     "waiting for the trailer, or the empty line",
		"1\r\na\r\n0\r\nA: b": "waiting for the trailer",
	} {
		s := listens(t, nil, "HTTP/1.0 200 OK")
		conn := s.dial()
		io.WriteString(conn, chunkedPost+sent)
		conn.CloseWrite()
		s.waitFor("within its request. Received: .*" + says)
		conn.Close()
	}
}

// Octets are shown by lines as they arrive, with secrets hidden, however they are cut.
func TestListenShows(t *testing.T) {
	t.Parallel()
	s := listens(t, nil, "HTTP/1.0 200 OK")
	conn := s.dial()
	defer conn.Close()
	for _, o := range []byte("GET /?token=secret HTTP/1.0\r\nCookie: secret\r\nA: \xe9\r") {
		conn.Write([]byte{o})
	}
	s.waitFor("< GET /\\?token=\\*+ HTTP/1.0\u240d\u240a < Cookie: \\*+\u240d\u240a")
	if strings.Contains(s.output(), "A: ") {
		t.Error("a line that has not ended is shown")
	}
	io.WriteString(conn, "\n\r\n")
	s.waitFor("< A: \\\\xE9\u240d\u240a")
	if strings.Contains(s.output(), "secret") {
		t.Errorf("shows a secret:\n%s", s.output())
	}
}

// A request of any size is counted to its end, and its first octets are shown.
func TestListenLarge(t *testing.T) {
	t.Parallel()
	const size = 3 << 20
	s := listens(t, nil, "HTTP/1.0 200 OK")
	got := s.send(fmt.Sprintf("POST / HTTP/1.0\r\nContent-Length: %d\r\n\r\n", size) +
		strings.Repeat("x\n", size/2))
	if got != ok+"\r\n" {
		t.Errorf("received %q", got)
	}
	s.waitFor(fmt.Sprintf("and %d more octets.*complete: %d octets", size-bodyShown+4, size+44))
	if n := len(s.output()); n > 5*bodyShown+1000 {
		t.Errorf("%d octets of output", n)
	}
}

// The listing of a large request shows its first octets, and no error.
func TestListenLargeListing(t *testing.T) {
	t.Parallel()
	s := listens(t, nil, "-explain", "HTTP/1.0 200 OK")
	s.send("POST / HTTP/1.0\r\nContent-Length: 300000\r\n\r\n" + strings.Repeat("x", 300000))
	s.waitFor("the listing shows the first 262144 of 300043 octets of the request.* the response is sent")
	if strings.Contains(s.output(), "error: ") {
		t.Errorf("shows an error:\n%s", s.output()[:1000])
	}
}

// A body with the largest possible Content-Length is never complete.
func TestListenGreatestLength(t *testing.T) {
	t.Parallel()
	s := listens(t, nil, "HTTP/1.0 200 OK")
	conn := s.dial()
	defer conn.Close()
	io.WriteString(conn, "POST / HTTP/1.0\r\nContent-Length: 9223372036854775807\r\n\r\nabc")
	conn.CloseWrite()
	s.waitFor("within its request. Received: 59 octets, in the body, expecting 9223372036854775804 more")
}

// A request that breaks a rule and whose body is cut short: both are said.
func TestListenFaultAndCut(t *testing.T) {
	t.Parallel()
	s := listens(t, nil, "HTTP/1.0 200 OK")
	conn := s.dial()
	defer conn.Close()
	io.WriteString(conn, "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\na")
	conn.CloseWrite()
	s.waitFor("Received: 39 octets, in the body, expecting 2 more octets of body. The request breaks a rule: offset 36: Host")
}

// A client that does not send its request is cut, and the notice says what was awaited.
func TestListenDeadline(t *testing.T) {
	foreign.Short(t)
	t.Parallel()
	for _, tt := range []struct{ sent, says string }{
		{"", "the client sent nothing, and the connection is closed|!waiting:"},
		{"GET / HT", "waiting: 8 octets, in the request-line|the time is over (-timeout TIMEOUT), and the connection is " +
			"closed. Received: 8 octets, in the request-line"},
		{post + "a", "Received: 39 octets, in the body, expecting 2 more of 3 octets of body"},
	} {
		withTime(t, 100*time.Millisecond, func(timeout string) (got result, faults []string) {
			s := listens(t, nil, "-timeout", timeout, "HTTP/1.0 200 OK")
			conn := s.dial()
			defer conn.Close()
			io.WriteString(conn, tt.sent)
			if octets, _ := io.ReadAll(conn); len(octets) > 0 {
				t.Errorf("received %q", octets)
			}
			s.waitFor("the connection is closed")
			got.stderr = s.output()
			return got, got.faults(0, strings.Split(strings.ReplaceAll(tt.says, "TIMEOUT", timeout), "|")...)
		})
	}
	t.Run("trickle", func(t *testing.T) {
		withTime(t, 100*time.Millisecond, func(timeout string) (got result, faults []string) {
			s := listens(t, nil, "-timeout", timeout, "HTTP/1.0 200 OK")
			conn := s.dial()
			defer conn.Close()
			pace, _ := time.ParseDuration(timeout)
			_, err := io.WriteString(conn, "GET / HTTP/1.0\r\n")
			for i := 0; err == nil; i++ { // until it is cut, though octets keep coming
				_, err = fmt.Fprintf(conn, "A%d: b\r\n", i)
				time.Sleep(pace / 10) // a slow client; synctest does not know the time of sockets
			}
			s.waitFor("the connection is closed")
			got.stderr = s.output()
			return got, got.faults(0, "the time is over")
		})
	})
}

// What the client was waiting for is said when it closes.
func TestListenClientCloses(t *testing.T) {
	t.Parallel()
	in, keys := io.Pipe()
	s := listens(t, in)
	conn := s.dial()
	conn.Close()
	s.waitFor("connection 1, .*closed the connection and sent nothing")
	conn = s.dial()
	s.waitFor("connection 2, ")
	conn.SetLinger(0)
	conn.Close()
	s.waitFor("the client reset the connection and sent nothing")
	conn = s.dial()
	io.WriteString(conn, post)
	conn.Close()
	s.waitFor("within its request. Received: 38 octets, in the body, expecting 3 more")
	conn = s.dial()
	io.WriteString(conn, post)
	s.waitFor("connection 3, .*connection 4, .*Content-Length: 3")
	conn.SetLinger(0)
	conn.Close()
	s.waitFor("the client reset the connection. Received: 38 octets, in the body, expecting 3 more")
	conn = s.dial()
	io.WriteString(conn, asked)
	s.waitFor("connection 5, .*type the response")
	io.WriteString(conn, "more")
	conn.Close()
	s.waitFor("the client closed the connection, or its sending side, while it waited for the first octet")
	io.WriteString(keys, "HTTP/1.0 200 OK\nContent-Length: 0\n\n")
	s.waitFor("38 octets were sent: the client has closed the connection|the response is sent")
	s.waitFor("4 octets followed the request")
	conn = s.dial()
	io.WriteString(conn, asked)
	s.waitFor("connection 6, .*type the response")
	conn.SetLinger(0)
	conn.Close()
	s.waitFor("the client reset the connection while it waited for the first octet")
	io.WriteString(keys, "HTTP/1.0 200 OK\nContent-Length: 0\n\n")
	s.waitFor("0 of 38 octets were sent: .* the client reset the connection after")
	if n := strings.Count(s.output(), "question mark"); n != 1 {
		t.Errorf("says %d times how to type", n)
	}
}

// Ctrl-C ends the typing, and nothing is sent. It begins no line, because a terminal prints ^C after the
// prompt.
func TestListenInterrupt(t *testing.T) {
	t.Parallel()
	for typed, says := range map[string]string{
		"":                            "question mark.*> ?$",
		"HTTP/1.0 204 No Content\n\n": "is sent",
		"HTTP/1.0 200 OK\nContent-Length: 9\n\nok\n": "type 6 more.*> ?$",
	} {
		in, keys := io.Pipe()
		s := listens(t, in)
		conn := s.dial()
		io.WriteString(conn, asked)
		io.WriteString(keys, typed)
		s.waitFor(says)
		s.stop(0)
		if _, said, _ := strings.Cut(s.output(), "\n> "); !strings.HasSuffix(said, "\n* interrupted: rawclient no longer "+
			"listens\n") || strings.Contains(said, "failed") || strings.Contains(said, "nothing is sent") ||
			says != "is sent" && strings.Contains(said, "\n\n") {
			t.Errorf("shows\n%s", s.output())
		}
		conn.Close()
	}
}

// Ctrl-C during a request says nothing of the client.
func TestListenInterruptRequest(t *testing.T) {
	t.Parallel()
	for _, sent := range []string{"", "GET / HTTP/1.0\r\n"} {
		s := listens(t, nil, "HTTP/1.0 200 OK")
		conn := s.dial()
		defer conn.Close()
		io.WriteString(conn, sent)
		s.waitFor("connection 1, from .*" + strings.Fields(sent + " .")[0])
		s.stop(0)
		if said := s.output(); strings.Contains(said, "* the client") || strings.Contains(said, "failed") {
			t.Errorf("shows\n%s", said)
		}
	}
}

// A client that reads nothing is given the time of -timeout. Ctrl-C in it is no fault.
func TestListenNotRead(t *testing.T) {
	t.Parallel()
	large := writeFile(t, "large", strings.Repeat("x", 20<<20)) // more than the buffers of the system
	for timeout, want := range map[string]string{
		"1s": `octets were sent: the time is over \(-timeout 1s\)`, "1m": "and [0-9]+ more octets",
	} {
		s := listens(t, nil, "-timeout", timeout, "-in", large)
		conn := s.dial()
		defer conn.Close()
		io.WriteString(conn, asked)
		s.waitFor(want)
		s.stop(0)
		if said := s.output(); timeout == "1m" && strings.Contains(said, "were sent") || strings.Contains(said, "write tcp") {
			t.Errorf("shows\n%s", said)
		}
	}
}

// When the output cannot be written, rawclient says so and ends.
func TestListenFullDisk(t *testing.T) {
	t.Parallel()
	s := &served{t: t, exit: make(chan int, 1), grown: make(chan struct{}, 1)}
	go func() {
		s.exit <- Run(t.Context(), []string{"-listen", "127.0.0.1:0", "HTTP/1.0 200 OK"}, Stdio{Out: fullDisk{}, Err: s})
	}()
	s.addr = s.waitFor(`listening at http://([^/]*)/`)[1]
	conn := s.dial()
	defer conn.Close()
	io.WriteString(conn, asked)
	if exit := <-s.exit; exit != 5 || !strings.HasSuffix(s.output(), "rawclient: cannot write the output: the disk is full\n") {
		t.Errorf("exit code %d, shows\n%s", exit, s.output())
	}
}

// When the input cannot be read, rawclient says so.
func TestListenUnreadable(t *testing.T) {
	t.Parallel()
	in := iotest.ErrReader(errors.New("no terminal"))
	s := listens(t, io.MultiReader(strings.NewReader("HTTP/1.0 200 OK\n"), in))
	s.send(asked)
	s.waitFor("cannot read what is typed: no terminal")
	if exit := <-s.exit; exit != 2 {
		t.Errorf("exit code %d", exit)
	}
	s.exit <- 0
}

// A client that keeps the connection open is given two seconds.
func TestListenNotClosed(t *testing.T) {
	foreign.Short(t)
	t.Parallel()
	s := listens(t, nil, "HTTP/1.0 200 OK")
	conn := s.dial()
	defer conn.Close()
	io.WriteString(conn, asked)
	s.waitFor("has not closed the connection after 2s: it is closed now")
}

// A client that closes when rawclient has closed its side did not wait for a response.
func TestListenNothingSent(t *testing.T) {
	t.Parallel()
	clients := 1000
	if testing.Short() {
		clients = 200
	}
	s := listens(t, strings.NewReader(strings.Repeat("\n", clients)))
	for range clients {
		s.send(asked)
	}
	s.waitFor("no longer listens")
	if strings.Contains(s.output(), "while it waited") {
		t.Errorf("a client waited:\n%s", s.output())
	}
}

// A client that sends on and on has not closed the connection.
func TestListenClientGoesOn(t *testing.T) {
	t.Parallel()
	s := listens(t, nil, "HTTP/1.0 400 No", "Content-Length: 0")
	conn := s.dial()
	defer conn.Close()
	go io.WriteString(conn, "GET / HTTP/1.0\r\n\r\n"+strings.Repeat("x", 4<<20))
	s.waitFor("the client did not stop sending: the connection is closed now")
	if strings.Contains(s.output(), "the client closed") {
		t.Errorf("the client has not closed the connection:\n%s", s.output())
	}
}

// A client that is silent gives way to one that waits.
func TestListenGivesWay(t *testing.T) {
	t.Parallel()
	s := listens(t, nil, "HTTP/1.0 200 OK")
	silent := s.dial()
	defer silent.Close()
	s.waitFor("connection 1, from")
	if got := s.send(asked); got != ok+"\r\n" {
		t.Errorf("received %q", got)
	}
	s.waitFor("has connected and waits: .* sent nothing, and the connection is closed .*connection 2")
}

// The same holds if both connect at the same moment, as the connections of a browser do.
func TestListenGivesWayAtOnce(t *testing.T) {
	t.Parallel()
	times := 10
	if testing.Short() {
		times = 3
	}
	for i := range times {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			s := listens(t, nil, "-timeout", "0", "HTTP/1.0 200 OK")
			silent, other := s.dial(), s.dial()
			defer silent.Close()
			defer other.Close()
			io.WriteString(other, asked)
			s.waitFor("connection 2, .* the response is sent")
		})
	}
}

func TestListenUsage(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("skipped: cannot listen: ", err)
	}
	defer taken.Close()
	_, inUse := net.Listen("tcp", taken.Addr().String())
	if why := listenError(defaultAddr, inUse); !strings.Contains(why, "uses this port, perhaps the server of this project") {
		t.Error(why)
	}
	for _, tt := range []struct {
		name, args string // separated by |
		exit       int
		want       string
	}{
		{"no response", "", 2, "Write it after the flags, name a file, or type it"},
		{"a URL", "http://localhost/", 2, "to send a request to http://localhost/, leave out -listen"},
		{"a body alone", "-data|x", 2, "with -listen a status-line, after the flags"},
		{"-in and a line", "-in|f|HTTP/1.0 200 OK", 2, "the file is the whole message"},
		{"another mode", "-addr|localhost:1|HTTP/1.0 200 OK", 2,
			"-listen makes rawclient the server, and -addr does not go with it"},
		{"a page", "-explain=html|HTTP/1.0 200 OK", 2, "-listen lists messages as text, with -explain"},
		{"a port that is taken", "-listen|" + taken.Addr().String() + "|HTTP/1.0 200 OK", 3,
			"another program uses this port use an address of this machine, and a port that is free: -listen localhost:0"},
		{"an address of another machine", "-listen|192.0.2.1:8080|HTTP/1.0 200 OK", 3,
			"use an address of this machine, and a port that is free: -listen localhost:0"},
		{"another reason", "-listen|192.0.2.1:8080|HTTP/1.0 200 OK", 3, "!another program"},
		{"no port", "-listen|localhost|HTTP/1.0 200 OK", 2, "write host:port, as in -listen localhost:8080"},
		{"no value", "-listen|HTTP/1.0 200 OK", 2, `-listen "HTTP/1.0 200 OK": write host:port, as in -listen localhost:8080`},
		{"a URL of the server's port", "-listen|http://localhost:12345|HTTP/1.0 200 OK", 2, "as in -listen localhost:12345"},
		{"a flag at the end", "HTTP/1.0 200 OK|-data|x", 2, "-data follows the status-line, where field lines go"},
		{"missing file", "-in|nothing-here", 2, "there is no such file"},
		{"empty file", "-in|" + writeFile(t, "empty", ""), 2, "empty: the file is empty"},
		{"port 0 of another flag", "-listen|:00|HTTP/1.0 200 OK", 2, "is not a port"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			args := []string{"-listen", "127.0.0.1:0"}
			if tt.args != "" {
				args = append(args, strings.Split(tt.args, "|")...)
			}
			runWith(t.Context(), Stdio{In: neverReader{t}, Out: io.Discard}, args...).check(t, tt.exit, tt.want)
		})
	}
	runArgs(t, "-listen", "127.0.0.1:0", "-i").check(t, 0, "the input has ended") // without a terminal
}

// A real client (curl) notices a wrong Content-Length.
func TestListenCurl(t *testing.T) {
	t.Parallel()
	curl := foreign.Program(t, "curl")
	for _, tt := range []struct {
		length string
		exit   int
		want   string
	}{{"5", 0, "hello"}, {"9", 18, "hello"}, {"3", 0, "hel"}} {
		s := listens(t, nil, "-data", "hello", "HTTP/1.0 200 OK", "Content-Length: "+tt.length)
		out, err := exec.CommandContext(t.Context(), curl, "-sd", "a=b", "http://"+s.addr+"/f").Output()
		exit := 0
		if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
			exit = failed.ExitCode()
		}
		if exit != tt.exit || string(out) != tt.want {
			t.Errorf("length %s: curl printed %q and ended with %d, want %d", tt.length, out, exit, tt.exit)
		}
		s.waitFor("< POST /f HTTP/1.1.*< a=b")
	}
	for _, chunked := range [][]string{
		{"-H", "Transfer-Encoding: chunked", "-d", "a=b"},
		{"-H", "Expect:", "-T", "-"},
	} {
		s := listens(t, nil, "-data", "hello", "HTTP/1.0 200 OK")
		cmd := exec.CommandContext(t.Context(), curl, append(chunked, "-s", "http://"+s.addr+"/f")...)
		cmd.Stdin = strings.NewReader("a=b")
		if out, err := cmd.Output(); string(out) != "hello" || err != nil {
			t.Errorf("%s: curl printed %q, %v", chunked, out, err)
		}
		s.waitFor("< Transfer-Encoding: chunked.*< 3.*< a=b.*< 0.* chunks have 3 octets of data")
	}
}

// A real browser shows what is served, and fails to load what is cut short.
func testListenInBrowser(t *testing.T, b *webdriver.Browser) {
	page := "<!doctype html><title>by hand</title><link rel=icon href=data:,><p>hello</p>"
	file := writeFile(t, "page.html", page)
	s := listens(t, nil, "-body", file, "HTTP/1.0 200 OK", "Content-Type: text/html")
	if console := b.Open("http://" + s.addr + "/"); console != nil {
		t.Errorf("the console says %q", console)
	}
	var text string
	if b.Eval(&text, `document.title + ": " + document.body.textContent`); text != "by hand: hello" {
		t.Errorf("shows %q", text)
	}
	s.waitFor("< GET / HTTP/1.1.*< User-Agent: Mozilla.*complete")
	cut := listens(t, nil, "-data", "hello", "HTTP/1.0 200 OK", "Content-Length: 9",
		"Access-Control-Allow-Origin: *")
	b.Eval(&text, `fetch("http://`+cut.addr+`/").then(r => r.text()).catch(e => e.message)`)
	if text != "Failed to fetch" && text != "network error" {
		t.Errorf("a body cut short: %q", text)
	}
	cut.waitFor("expecting 4 more of 9 octets of body")
}
