package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rawhttp/examples/foreign"
	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/stream"
	"rawhttp/rawclient/wireclient"
)

// A closing is how the scripted server ends a connection.
type closing int

const (
	fin  closing = iota // close
	rst                 // break off, once the client has printed everything
	deaf                // close once the client has printed everything
	hold                // wait for the client to go
)

// A script is a server that reads one request and sends literal octets.
type script struct {
	response string
	ending   closing
	octets   bool          // send them one by one
	headOf   bool          // read the head of the request only
	printed  chan struct{} // closed when the client has printed the response

	wg       sync.WaitGroup
	mu       sync.Mutex
	requests []string // one for each connection
}

// start serves on a free port until the test ends.
func (s *script) start(t *testing.T, addr string) string {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Skip("skipped: cannot listen: ", err)
	}
	s.printed = make(chan struct{})
	over, end := context.WithCancel(context.Background())
	t.Cleanup(func() {
		l.Close()
		end()
		s.wg.Wait()
	})
	s.wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			closed := context.AfterFunc(over, func() { conn.Close() })
			s.wg.Go(func() {
				defer closed()
				s.serve(conn.(*net.TCPConn))
			})
		}
	})
	return l.Addr().String()
}

func (s *script) serve(conn *net.TCPConn) {
	defer conn.Close()
	if s.ending == deaf {
		conn.SetReadBuffer(64 << 10)
	}
	request := s.read(conn)
	s.mu.Lock()
	s.requests = append(s.requests, request)
	s.mu.Unlock()
	if s.octets {
		for i := range len(s.response) {
			conn.Write([]byte(s.response[i : i+1]))
		}
	} else {
		io.WriteString(conn, s.response)
	}
	switch s.ending {
	case rst:
		<-s.printed
		conn.SetLinger(0)
	case deaf:
		<-s.printed
	case hold:
		io.Copy(io.Discard, conn)
	}
}

// read takes the request as far as a server would, or everything up to the client's half-close.
func (s *script) read(conn net.Conn) string {
	rd := stream.NewReader(conn)
	var req httpwire.Request
	if rd.RequestHead(&req, true) == nil && !s.headOf {
		if n, err := req.BodyLength(); err == nil {
			rd.Body(n)
		}
	}
	return string(rd.Octets())
}

// seen returns the requests, one for each connection there was.
func (s *script) seen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// A tap is a writer that closes a channel once it has taken a number of octets.
type tap struct {
	bytes.Buffer
	want int
	full chan struct{}
}

func (w *tap) Write(p []byte) (int, error) {
	n, err := w.Buffer.Write(p)
	if w.Len() >= w.want {
		w.release()
	}
	return n, err
}

// release closes the channel if the octets never came.
func (w *tap) release() {
	if w.full != nil {
		close(w.full)
		w.full = nil
	}
}

// ReadFrom hides that of the buffer, which would not be seen.
func (w *tap) ReadFrom(r io.Reader) (int64, error) {
	return io.Copy(struct{ io.Writer }{w}, r)
}

// A result is what one run of the client did.
type result struct {
	exit           int
	stdout, stderr string
}

// run runs the client against a script. Args come after -addr.
func run(t *testing.T, s *script, args ...string) result {
	t.Helper()
	addr := s.start(t, "127.0.0.1:0")
	out := &tap{want: len(s.response), full: s.printed}
	defer out.release()
	got := runWith(t.Context(), Stdio{Out: out}, append([]string{"-addr", addr}, args...)...)
	got.stdout = out.String()
	return got
}

// runArgs runs the client with these arguments.
func runArgs(t *testing.T, args ...string) result { return runWith(t.Context(), Stdio{}, args...) }

// runWith runs the client with the streams of std. The result has what was written to those that are nil.
func runWith(ctx context.Context, std Stdio, args ...string) result {
	var stdout, stderr bytes.Buffer
	if std.In == nil {
		std.In = strings.NewReader("")
	}
	if std.Out == nil {
		std.Out = &stdout
	}
	std.Err = &stderr
	exit := Run(ctx, args, std)
	return result{exit, stdout.String(), stderr.String()}
}

// check reports an exit code or a notice that is not as it must be. What must not be there follows "!".
func (r result) check(t *testing.T, exit int, stderr ...string) {
	t.Helper()
	for _, fault := range r.faults(exit, stderr...) {
		t.Error(fault)
	}
	if t.Failed() {
		t.Logf("standard output:\n%s\nstandard error:\n%s", r.stdout, r.stderr)
	}
}

// The notice names -half if the request is not complete, and has not ended.
func TestAdviseHalf(t *testing.T) {
	t.Parallel()
	addr := "localhost:" + listen(t, func(net.Conn) { <-t.Context().Done() })
	for args, want := range map[string]string{
		"POST / HTTP/1.0|Content-Length: 5":       "add -half to end the request, so that the server says what is missing",
		"-half|POST / HTTP/1.0|Content-Length: 5": "!add -half",
		get: "!add -half",
	} {
		runArgs(t, append([]string{"-timeout", "100ms", "-addr", addr}, strings.Split(args, "|")...)...).check(t, 4, want)
	}
}

// faults returns what check reports.
func (r result) faults(exit int, stderr ...string) (list []string) {
	if r.exit != exit {
		list = append(list, fmt.Sprintf("exit code %d, want %d", r.exit, exit))
	}
	for _, want := range stderr {
		text, unwanted := strings.CutPrefix(unwrapped(want), "!")
		if strings.Contains(unwrapped(r.stderr), text) == unwanted {
			list = append(list, fmt.Sprintf("want %q in standard error", want))
		}
	}
	return list
}

// waited matches what the client says when it has waited, or when a time was over.
var waited = regexp.MustCompile(`waiting|the time|in time|has not closed the connection|connection is closed`)

// withTime calls try with a value of -timeout, and reports the faults of the result. It tries again with
// a longer time if there are faults and the client has waited: on a busy machine, a short time can be over
// too early. Other faults have nothing to do with time.
func withTime(t *testing.T, timeout time.Duration, try func(timeout string) (result, []string)) {
	t.Helper()
	var got result
	var faults []string
	for range 4 {
		if got, faults = try(timeout.String()); len(faults) == 0 {
			return
		}
		if !waited.MatchString(unwrapped(got.stderr)) {
			break
		}
		t.Logf("with -timeout %s the client has waited: %s", timeout, strings.Join(faults, "\n"))
		timeout *= 4
	}
	t.Errorf("%s\nstandard output:\n%s\nstandard error:\n%s", strings.Join(faults, "\n"), got.stdout, got.stderr)
}

// unwrapped is a text that does not depend on where its lines are broken.
func unwrapped(s string) string { return strings.Join(strings.Fields(s), " ") }

const (
	get     = "GET / HTTP/1.0"
	ok      = "HTTP/1.0 200 OK\r\n"
	two     = "Content-Length: 2\r\n\r\nok"
	chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
)

var responses = []struct {
	name     string
	args     string // separated by |; get if empty
	response string
	ending   closing
	exit     int
	stderr   string // separated by |; "" is silence, and TIMEOUT stands for the value of -timeout
}{
	{"complete by Content-Length", "", ok + two, fin, 0, ""},
	{"1945-7.2.2-b until close", "", ok + "\r\nabc", fin, 0, ""},
	{"1945-6.1.1-c unusual status", "",
		"HTTP/1.0 418 I'm a teapot\r\n\r\nshort and stout", fin, 0, ""},
	{"1945-10.16-a challenges", "",
		"HTTP/1.0 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"a\"," +
			" Digest realm=\"b\"\r\nWWW-Authenticate: Basic realm=\"c\"\r\n\r\n", fin, 0, ""},
	{"complete but open", "", "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n" + two,
		hold, 0, "keeps the connection open"},
	{"9112-9.3-c open in spite of close", "", ok + "Connection: close\r\n" +
		two, hold, 0, "has not closed the connection"},
	{"9112-6.3-a HEAD", "HEAD / HTTP/1.0", ok + "Content-Length: 99\r\n\r\n", hold, 0, ""},
	{"9112-6.3-a 204", "", "HTTP/1.0 204 No Content\r\nContent-Length: 9\r\n\r\n", hold, 0, ""},
	{"9112-6.3-a 304", "", "HTTP/1.0 304 Not Modified\r\nContent-Length: 9\r\n\r\n", hold, 0, ""},
	{"wait", "-wait|" + get, ok + two, fin, 0,
		"the server closed the connection after"},
	{"wait on a connection kept open", "-wait|" + get,
		"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n" +
			two, fin, 0, "the server closed the connection after"},
	{"wait until time is out", "-wait|" + get, ok + two,
		hold, 0, "waiting for the server to close|has not closed the connection after "},
	{"half-close", "-half|GET /", "body", fin, 0, "HTTP/0.9 response|the request-line has no version"},
	{"surplus after a Simple-Request, which the empty line follows", "GET /", "HTTP/1.0 204 No Content\r\n\r\nx", fin, 5,
		"surplus: 1 octet after the end of the response, which belongs to no message"},
	{"cut in a line that breaks a rule", "", ok + "a b", fin, 5, "incomplete: 20 octets of the head"},

	{"9110-15.2-a interim", "",
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" +
			ok + two, fin, 0, "100 Continue is an interim response|103 Early"},
	{"interim, the class is that of the final one", "-fail|" + get,
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 404 Not Found\r\n\r\n", fin, 1, "100 Continue"},
	{"interim without end", "", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 17), hold, 5,
		"more than 16 interim responses|must follow (RFC 9110 section 15.2), 17 times|!15.2) *"},
	{"interim and no more", "", "HTTP/1.1 100 Continue\r\n\r\n", fin, 5, "no final response came: the server closed"},

	{"9112-6.1-g chunked", "GET / HTTP/1.1|Host: a", chunked +
		"3;x=y\r\nabc\r\n0\r\nA: b\r\n\r\n", hold, 0,
		"the body is in chunks; they are shown as received"},
	{"chunked to a 1.0 client", "", chunked +
		"3\r\nabc\r\n0\r\n\r\n", fin, 0, "a client of HTTP/1.0 does not know"},
	{"chunk cut short", "", chunked + "5\r\nabc", fin, 5,
		"incomplete: 3 of 5 octets of chunk 1: the server closed the connection"},
	{"last chunk missing", "", chunked + "3\r\nabc\r\n", fin, 5,
		"incomplete: the body ends in the size of chunk 2"},
	{"chunk size malformed", "", chunked + "xyz\r\n", fin, 5,
		"the size of chunk 1 cannot be read|offset 47: chunk-size: got \"x\""},
	{"chunk longer than its size", "", chunked + "2\r\nabc\r\n", fin, 5,
		"the end of chunk 1 cannot be read"},
	{"9112-6.1-c Transfer-Encoding in 1.0", "", ok + "Transfer-Encoding: chunked\r\n\r\n" +
		"3\r\nabc\r\n0\r\n\r\n", fin, 5,
		"offset 17: Transfer-Encoding|shown as received|only the close"},

	{"1945-6-b Simple-Response", "", "hello", fin, 0, "HTTP/0.9 response"},
	{"1945-6-b short Simple-Response", "-v|" + get, "hi", fin, 0, "HTTP/0.9 response"},
	{"fields of a CGI program", "", "Status: 200 OK\r\n\r\n", fin, 0,
		"HTTP/0.9 response|the first line looks like a field; a CGI program leaves the status-line to its server"},
	{"205 and a body", "", "HTTP/1.0 205 x\r\n" + two, fin, 0, "a server must not send 2 octets of body with 205"},
	{"205 and no body", "-half|" + get, "HTTP/1.1 205 x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", fin, 0, "!with 205"},
	{"1945-6.1-b HTTP is fun", "", "HTTP is fun", fin, 0, "HTTP/0.9 response|!a server of HTTP/1.1"},
	{"1945-6.1-b two digits", "", "HTTP/1.0 20 x\r\n\r\n", fin, 5,
		"the head cannot be read|offset 11"},
	{"TLS", "", "\x15\x03\x01\x00\x02\x02\x46", fin, 5, "this looks like TLS|add -tls"},
	{"SSH", "", "SSH-2.0-OpenSSH_9.2\r\n", fin, 5, "this looks like SSH|!add -tls"},
	{"HTTP/2", "", "\x00\x00\x00\x04\x00\x00\x00\x00\x00", fin, 5, "this looks like HTTP/2"},

	{"9112-8-b short body", "", ok + "Content-Length: 10\r\n\r\nfour", fin, 5,
		"incomplete: 4 of 10 octets of the body: the server closed the connection"},
	{"a body of more octets than can be counted", "", ok + "Content-Length: 99999999999999999999\r\n\r\nfour", fin, 5,
		"incomplete: 4 of 9223372036854775807 octets or more of the body: the server closed the connection"},
	{"9112-8-b cut inside the head", "", ok + "Content-Length: 10\r\n", fin, 5,
		"incomplete: 37 octets of the head"},
	{"9110-9.2.2-a no response", "POST / HTTP/1.0|Content-Length: 0", "", fin, 5,
		"no response came: the server closed the connection"},
	{"reset", "", ok + "Content-Length: 10\r\n\r\nfour", rst, 5,
		"incomplete: 4 of 10 octets of the body: the server reset the connection"},
	{"one octet until close", "-v|" + get, ok + "\r\na", fin, 0, "head 19 octets, body 1 octet (up to"},
	{"reset after one octet until close", "", ok + "\r\na", rst, 5,
		"incomplete: 1 octet of a body that ends with the close: the server reset"},
	{"complete, then a reset", "-wait|" + get, ok + two, rst, 0, "the response is complete; then the server reset the " +
		"connection after"},
	{"reset until close", "-time|" + get, ok + "\r\nfour", rst, 5,
		"incomplete: 4 octets of a body that ends with the close: the server reset|the server closed the connection"},
	{"time-out", "", ok + "Content-Length: 10\r\n\r\nfour", hold, 4,
		"incomplete: 4 of 10 octets of the body: the time is over (-timeout TIMEOUT)"},
	{"time-out without a response", "", "", hold, 4,
		"no response came: the time is over"},
	{"time-out in the head", "", "HTTP/1.0 200", hold, 4,
		"incomplete: 12 octets of the head"},

	{"9112-6.3-d invalid Content-Length", "", ok + "Content-Length: 5x\r\n\r\nhello", fin, 5,
		"offset 34: Content-Length: got \"x\""},
	{"offsets count from the first octet of the response", "",
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n" +
			"Content-Length: 5x\r\n\r\nhello", fin, 5, "offset 59: Content-Length: got \"x\""},
	{"offsets count what came, not what was mended", "", "HTTP/1.0 200\r\nX: a\r\n b\r\n" + two,
		hold, 5, "offset 14: a folded field"},
	{"equal Content-Lengths", "", ok + "Content-Length: 2\r\n" + two,
		hold, 5, "offset 36: Content-Length"},
	{"different Content-Lengths", "", ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nok",
		fin, 5, "offset 36: Content-Length"},
	{"the same length twice, after an interim response", "", "HTTP/1.1 100 Continue\r\n\r\n" + ok +
		"Content-Length: 2, 2\r\n\r\nok", hold, 5, "in one field (MAY: RFC 9110 section 8.6; RFC 9112"},
	{"9112-6.3-i surplus", "", ok + "Content-Length: 2\r\n\r\nokHTTP/1.0 200 OK\r\n\r\n", fin, 5,
		"surplus: 19 octets after the end of the response|!error:"},
	{"surplus without end", "-wait|" + get, ok + two + strings.Repeat("x", 1<<20), hold, 5,
		"surplus: 1048576 octets|the client reads only about 1 MiB after a response, and has closed the connection|!server has not closed"},
	{"9112-6.3-i surplus after HEAD", "HEAD / HTTP/1.0", ok + two, fin, 5,
		"surplus: 2 octets after the end of the response, which belong to no message: no body follows the response to HEAD"},
	{"9112-4-b several spaces", "", "HTTP/1.0   200   OK\r\n\r\n", fin, 5,
		"offset 9, and once more: more than one space before the status code"},
	{"9112-4-b no reason phrase", "-fail|" + get, "HTTP/1.0 200\r\n\r\n", fin, 5,
		"offset 12: no space and no reason phrase after the code"},
	{"bare LF", "", "HTTP/1.0 200 OK\nContent-Length: 2\n\nok", hold, 5,
		"offset 15, and 2 times more: the line ends in LF alone (RFC 9112 section 2.2)"},
	{"nothing but LF", "", "HTTP/1.0 200\nA : b\nContent-Length: 2\n\nok", hold, 5,
		"offset 12: no space|offset 14: white space before the colon"},
	{"space before the colon", "", ok + "Content-Length : 2\r\n\r\nok", hold, 5,
		"offset 31: white space before the colon (RFC 1945 section 4.2"},
	{"no field line", "", ok + "garbage here\r\n goes on\r\n" + two, hold, 5,
		"offset 17: not a field line, ignored"},
	{"9112-2.2 white space before the first field", "", ok + " A: b\r\n" + two,
		hold, 5, "offset 17: not a field line, ignored"},
	{"field line without a name", "", ok + "A: b\r\n: x\r\n y\r\n" + two, hold, 5,
		"offset 23: not a field line"},
	{"a fault, then the end of the head", "", "HTTP/1.0  200", fin, 5,
		"offset 9: more than one space before the status code|incomplete: 13 octets of the head"},
	{"small letters", "", "http/1.0 200 OK\r\n" + two, hold, 5,
		"offset 0: HTTP in lower-case letters"},
	{"controls", "", "HTTP/1.0 200 O\x00K\r\nX: a\x01b\r\rc\r\n" + two, hold, 5,
		"offset 14: a control octet|offset 22: a control octet|" +
			"offset 24, and once more: a CR without LF"},
	{"a folded secret", "", ok + "Set-Cookie: a=\r\n open-sesame\r\n" + two, hold, 0,
		`read as "Set-Cookie: *`},
	{"9112-5.2-c obs-fold", "", ok + "X: a\r\n b\r\n" + two, hold, 0,
		`offset 17: a folded field, read as "X: a b"`},
	{"a long folded field", "", ok + "X: a\r\n " + strings.Repeat("b", 999) + "\r\n" + two, hold, 0, `bbb..." (RFC 1945`},
	{"a long reason phrase", "-v|" + get, "HTTP/1.0 200 " + strings.Repeat("O", 999) + "\r\n" + two, hold, 0,
		"OOO...: head 1035 octets"},
	{"obs-text", "", ok + "X: \xe9\xff\r\n" + two, hold, 0, ""},
	{"a head without end", "", ok + "X: " + strings.Repeat("a", 70<<10), fin, 5,
		"the head has no end within 65536 octets"},
	{"too much to repair", "", ok + "A: " + strings.Repeat("\x01", 1101) + "\r\n\r\n", fin, 5,
		"the head breaks rules at more than 1100 octets"},

	{"1945-6.1.1-a -fail, unknown code", "-fail|" + get, "HTTP/1.0 431 OK\r\n\r\n", fin, 1, ""},
	{"1945-6.1.1-a -fail, unknown success", "-fail|" + get, "HTTP/1.0 299 Bad\r\n\r\n", fin, 0, ""},
	{"9110-15-b -fail, 999", "-fail|" + get, "HTTP/1.0 999 x\r\n\r\n", fin, 5, "read like a 5xx"},
	{"1945-9.3-b redirect of a POST", "POST / HTTP/1.0|Content-Length: 0",
		"HTTP/1.0 302 Found\r\nLocation: /\r\n\r\n", fin, 0, ""},

	{"9110-9.3.6-b CONNECT with a length", "CONNECT a:1 HTTP/1.0",
		ok + "Content-Length: 5\r\n\r\n", hold, 0,
		"a tunnel begins after the empty line|Content-Length is ignored"},
	{"CONNECT with chunks", "CONNECT a:1 HTTP/1.1|Host: a:1", chunked + "\x16\x03\x01", hold, 0,
		"Transfer-Encoding is ignored|3 octets of the tunnel"},
	{"CONNECT with neither", "CONNECT a:1 HTTP/1.0", ok + "\r\nSSH-2.0-x\r\n", fin, 0,
		"11 octets of the tunnel"},
	{"CONNECT with two lengths", "CONNECT a:1 HTTP/1.0",
		ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", hold, 0, "Content-Length is ignored"},
	{"CONNECT that is refused", "CONNECT a:1 HTTP/1.0", "HTTP/1.0 403 No\r\n" + two, fin, 0, ""},
	{"connect in small letters", "connect a:1 HTTP/1.0", ok + two, fin, 0, ""},
	{"9110-7.8-b 101", "GET / HTTP/1.1|Host: a|Upgrade: x|Connection: upgrade, close",
		"HTTP/1.1 101 Go\r\nUpgrade: x\r\n\r\n\x81\x02hi", fin, 0, "4 octets of another protocol"},
	{"101 and nothing more", "", "HTTP/1.1 101 Go\r\nUpgrade: x\r\n\r\n", hold, 0,
		"another protocol begins after the empty line"},
	{"9112-6.1-h chunked twice", "",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n" +
			"0\r\n\r\n", fin, 5, "offset 45: chunked once"},
	{"chunked twice, on two lines", "", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" +
		"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", fin, 5, "offset 64: chunked once"},
	{"Content-Type twice", "", ok + "Content-Type: a/b\r\nContent-Type: c/d\r\n" + two, fin, 5,
		"offset 36: single field"},
	{"ETag twice", "", ok + "ETag: \"a\"\r\netag: \"a\"\r\n" + two, fin, 5,
		"offset 28: single field"},
	{"a list twice", "", ok + "Vary: A\r\nVary: B\r\n" + two, fin, 0, ""},
	{"099", "", "HTTP/1.0 099 x\r\n" + two, fin, 5, "offset 9: class of the status code"},
	{"600", "", "HTTP/1.0 600 x\r\n" + two, fin, 5, "offset 9: class of the status code"},
	{"099 until the close", "", "HTTP/1.0 099 x\r\n\r\nbody", fin, 5,
		"any other is read like a 5xx"},
	{"HTTP/5.6", "", "HTTP/5.6 200 OK\r\n" + two, fin, 5, "offset 5: major version"},
	{"HTTP/2.0", "", "HTTP/2.0 200 OK\r\n" + two, fin, 5, "offset 5: major version"},
	{"HTTP/0.9", "", "HTTP/0.9 200 OK\r\n" + two, fin, 5, "offset 5: major version"},
	{"HTTP/1.9", "", "HTTP/1.9 200 OK\r\nConnection: close\r\n" + two, fin, 0, ""},
	{"304 with chunked", "", "HTTP/1.1 304 x\r\nConnection: close\r\n" +
		"Transfer-Encoding: chunked\r\n\r\n", fin, 0, "no body follows a 304, whatever"},
	{"HEAD with chunked", "HEAD / HTTP/1.1|Host: a|Connection: close", chunked, fin, 0,
		"no body follows the response to HEAD, whatever"},
	{"204 with two lengths", "",
		"HTTP/1.0 204 x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
		fin, 5, "offset 35: Content-Length"},
	{"304 with letters", "", "HTTP/1.0 304 x\r\nContent-Length: x\r\n\r\n", fin, 5,
		"offset 32: Content-Length"},
	{"HEAD with two lengths", "HEAD / HTTP/1.0",
		ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
		fin, 5, "offset 36: Content-Length"},
	{"H", "", "H", fin, 5, "incomplete: 1 octet of the head"},
	{"HTTP", "", "HTTP", fin, 5, "incomplete: 4 octets of the head"},
	{"HTTP/", "", "HTTP/", fin, 5, "incomplete: 5 octets of the head"},
	{"small letters", "", "ht", fin, 5, "incomplete: 2 octets of the head"},
	{"after an interim response", "", "HTTP/1.1 100 Continue\r\n\r\nHT", fin, 5,
		"incomplete: 2 octets of the head"},
	{"a letter is missing", "", "HTP/1.1 200 OK\r\n\r\nbody", fin, 5,
		"octet 0 looks like the start of a status-line"},
	{"another name", "", "ICY 200 OK\r\n\r\nbody", fin, 5,
		"octet 0 looks like the start of a status-line"},
	{"an empty line first", "", "\r\n" + ok + two, fin, 5,
		"a line end precedes the status-line, so the response is"},
	{"a space first", "", " HTTP/1.1 200 OK\r\n\r\nbody", fin, 5,
		"white space precedes the status-line, so the response is"},
	{"a number in a sentence", "", "room 101 is free\n", fin, 0, "HTTP/0.9 response"},
	{"to a request of HTTP/1.1", "GET / HTTP/1.1|Host: a", "hello", fin, 0,
		"a server of HTTP/1.1 sends a status-line"},
	{"the server closes nevertheless", "GET / HTTP/1.1|Host: a", "HTTP/1.1 200 OK\r\n" + two,
		fin, 0, "the server closed the connection"},
	{"9112-6.3-i surplus on a connection kept open", "GET / HTTP/1.1|Host: a",
		"HTTP/1.1 200 OK\r\n" + two +
			"!", hold, 5, "surplus: 1 octet after the end of the response, which belongs to no message (RFC 9112"},
	{"the request said close", "GET / HTTP/1.1|Host: a|Connection: close",
		"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n" + two, hold, 0,
		"the server has not closed the connection"},
	{"extension without a name", "", chunked + "2;\r\nok\r\n0\r\n\r\n", fin, 5,
		"offset 49: chunk-ext: got \"\\r\""},
	{"quotation mark without its end", "", chunked + "2;a=\"b\r\nok\r\n0\r\n\r\n", fin, 5,
		"offset 53: chunk-ext: got \"\\r\""},
	{"white space after the size", "", chunked + "2 \r\nok\r\n0\r\n\r\n", fin, 5,
		"offset 48: chunk-size: got \" \""},
}

// located is what is said last of a response that breaks a rule.
func located(response, method string) string {
	l := explain.Response([]byte(response), []byte(method))
	if fault := (*httpwire.SyntaxError)(nil); !errors.As(l.Err, &fault) {
		return ""
	}
	return string(l.AppendError(nil))
}

// methodOf returns the method of the request in the arguments of one of the responses.
func methodOf(args string) string {
	for strings.HasPrefix(args, "-") {
		_, args, _ = strings.Cut(args, "|")
	}
	method, _, _ := strings.Cut(cmp.Or(args, get), " ")
	return method
}

func TestResponses(t *testing.T) {
	foreign.Short(t)
	t.Parallel()
	for _, tt := range responses {
		for _, octets := range []bool{false, true} {
			if octets && len(tt.response) > 10<<10 {
				continue
			}
			name := tt.name + "/whole"
			if octets {
				name = tt.name + "/octets"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				timeout := 10 * time.Second
				if tt.ending == hold {
					timeout = time.Second
				}
				withTime(t, timeout, func(timeout string) (result, []string) {
					s := &script{response: tt.response, ending: tt.ending, octets: octets}
					args := append([]string{"-timeout", timeout}, strings.Split(cmp.Or(tt.args, get), "|")...)
					got := run(t, s, args...)
					faults := got.faults(tt.exit, strings.Split(strings.ReplaceAll(tt.stderr, "TIMEOUT", timeout), "|")...)
					if got.stdout != tt.response && !strings.HasPrefix(tt.name, "interim without") {
						faults = append(faults, "standard output is not what was sent")
					}
					if tt.stderr == "" && tt.ending == fin && got.stderr != "" {
						faults = append(faults, "standard error is not empty")
					}
					if want := located(tt.response, methodOf(tt.args)); !strings.HasSuffix(got.stderr, want) {
						faults = append(faults, "standard error does not end with "+want)
					}
					if n := len(s.seen()); n != 1 {
						faults = append(faults, fmt.Sprintf("%d connections", n))
					}
					return got, faults
				})
			})
		}
	}
}

// If a server refuses a body before it has arrived, the client shows the response (1945-9.4-a). This
// one reads no octet of the body, so the client cannot get rid of it.
func TestEarlyResponse(t *testing.T) {
	s := &script{response: "HTTP/1.0 413 Too Large\r\nContent-Length: 4\r\n\r\nstop", headOf: true,
		ending: deaf}
	got := run(t, s, "-data", strings.Repeat("x", 16<<20), "POST / HTTP/1.0")
	got.check(t, 0, "octets of the request were sent: the response came first")
	if got.stdout != s.response {
		t.Errorf("standard output: %q", got.stdout)
	}
}

// Ctrl-C ends with what has come, and no other request follows.
func TestInterrupt(t *testing.T) {
	for _, tt := range []struct {
		response string
		exit     int
		want     string
	}{
		{ok + "\r\nabc", 5, "incomplete: 3 octets of a body that ends with the close: interrupted"},
		{ok + two, 0, "the response is complete; waiting for the close was interrupted"},
	} {
		s := &script{response: tt.response, ending: hold}
		addr := s.start(t, "127.0.0.1:0")
		ctx, cancel := context.WithCancel(t.Context())
		out := &tap{want: len(s.response), full: s.printed}
		go func() {
			<-s.printed
			cancel()
		}()
		got := runWith(ctx, Stdio{Out: out}, "-repeat", "2", "-wait", "-addr", addr, get)
		got.check(t, tt.exit, tt.want, "!request 2")
		if out.release(); out.String() != s.response {
			t.Errorf("standard output: %q", out.String())
		}
	}
}

// A terminal prints ^C where the cursor is. What follows begins on a new line, and no line is empty.
func TestInterruptedLine(t *testing.T) {
	for _, tt := range []struct {
		response, shown, then string
		terminal              bool
	}{
		{ok + "\r\nabc", "HTTP/1.0 200 OK\n\nabc", "\n* incomplete: 3 octets", true},
		{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 2", "HTTP/1.1 100 Continue\n\n", "\nHTTP/1.0 2\n* 100 Continue", true},
		{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 2", "HTTP/1.1 100 Continue\r\n\r\n", "\nHTTP/1.0 2* 100 Continue", false},
	} {
		s := &script{response: tt.response, ending: hold}
		addr := s.start(t, "127.0.0.1:0")
		ctx, cancel := context.WithCancel(t.Context())
		out := &tap{want: len(tt.shown), full: s.printed}
		go func() {
			<-s.printed
			cancel()
		}()
		Run(ctx, []string{"-addr", addr, get}, Stdio{Out: out, Err: out, OutTerminal: tt.terminal})
		out.release()
		if !strings.HasPrefix(out.String(), tt.shown+tt.then) {
			t.Errorf("the terminal has %q\nwant             %q", out.String(), tt.shown+tt.then)
		}
	}
}

// Ctrl-C during the first of two requests ends the comparison. During the second, it ends that response.
func TestInterruptDiff(t *testing.T) {
	okay := (&script{response: okay}).start(t, "127.0.0.1:0")
	for _, tt := range []struct {
		first bool
		exit  int
		want  string
	}{
		{true, 5, "rawclient: request 1 of 2: interrupted\n"},
		{false, 6, "* 2: no response came: interrupted\n"},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		silent := "127.0.0.1:" + listen(t, func(conn net.Conn) {
			readHead(conn)
			cancel()
			io.Copy(io.Discard, conn)
		})
		one, two := okay, silent
		if tt.first {
			one, two = silent, okay
		}
		got := runWith(ctx, Stdio{}, "-diff", two, "-addr", one, get)
		if got.check(t, tt.exit, tt.want); !strings.HasPrefix(got.stderr, "\n") {
			t.Errorf("standard error: %q", got.stderr)
		}
	}
}

// Ctrl-C before there is a connection is said as it is without -diff.
func TestInterruptDiffConnect(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	runWith(ctx, Stdio{}, "-diff", "localhost:1", "-addr", "127.0.0.1:1", get).check(t, 3,
		"request 1 of 2: interrupted before there was a connection to 127.0.0.1:1")
}

// The framing of chunks has the limit of a head.
func TestLongFraming(t *testing.T) {
	long := strings.Repeat("a", httpwire.MaxResponseHead)
	for piece, want := range map[string]string{
		"1;" + long:       "the size of chunk 1 has no end within 65536 octets, so the rest is everything up to",
		"0\r\nA: " + long: "the trailer has no end within 65536 octets, so the rest is everything up to the close",
	} {
		s := &script{response: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + piece}
		run(t, s, get).check(t, 5, want, "error: the framing of a chunk is too long", "!httpwire:")
	}
}

// Ctrl-C while the input of a flag is awaited.
func TestInterruptInput(t *testing.T) {
	for _, args := range []string{"-in|-", "-body|-|POST / HTTP/1.0", "-diff|localhost:1|-in|-", "-listen|:0|-in|-"} {
		ctx, cancel := context.WithCancel(t.Context())
		in, typed := io.Pipe()
		t.Cleanup(func() { typed.Close() })
		go func() {
			io.WriteString(typed, "G") // returns when it is read
			cancel()
		}()
		got := runWith(ctx, Stdio{In: in}, strings.Split(args, "|")...)
		if got.check(t, 5); got.stderr != "\nrawclient: interrupted, nothing was sent\n" {
			t.Errorf("%s: standard error: %q", args, got.stderr)
		}
	}
}

// Ctrl-C while the request is being sent: no response is said to have come first.
func TestInterruptTrickle(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	port := listen(t, func(conn net.Conn) {
		conn.Read(make([]byte, 1))
		cancel()
		io.Copy(io.Discard, conn)
	})
	got := runWith(ctx, Stdio{}, "-trickle", "1h", "-addr", "127.0.0.1:"+port, get)
	got.check(t, 5, "no response came: interrupted",
		"only 1 of 18 octets of the request were sent: the exchange ended")
}

// After two seconds of silence, or half of -timeout, the client says what it is waiting for (C4).
func TestIdle(t *testing.T) {
	foreign.Short(t)
	t.Parallel()
	for _, tt := range []struct{ request, response, want string }{
		{"GET / HTTP/1.0\r\n\r\n", "", "waiting for a response; the request is complete"},
		{"GET / HTTP/1.0\r\n", "",
			"the request is not complete, and the server waits for CR LF (the empty line"},
		{"GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\nab",
			"waiting: 21 octets have been received, and the response is not complete"},
		{"GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n",
			"waiting: 42 octets have been received, and the empty line that ends the head is missing"},
		{"GET  / HTTP/1.0\r\n\r\n", "", "waiting for a response; the request breaks a rule: offset 4"},
	} {
		t.Run(tt.want, func(t *testing.T) {
			t.Parallel()
			request := writeFile(t, "request", tt.request)
			withTime(t, time.Second/2, func(timeout string) (result, []string) {
				var shown bytes.Buffer
				addr := (&script{response: tt.response, ending: hold}).start(t, "127.0.0.1:0")
				exit := Run(t.Context(), []string{"-addr", addr, "-timeout", timeout, "-in", request},
					Stdio{Out: &shown, Err: &shown, OutTerminal: true})
				got := result{exit: exit, stderr: shown.String()}
				faults := got.faults(4, tt.want)
				if before, _, _ := strings.Cut(shown.String(), "* waiting"); before != "" && !strings.HasSuffix(before, "\n") {
					faults = append(faults, "the notice is not on a line of its own")
				}
				return got, faults
			})
		})
	}
	t.Run("another protocol does not keep us", func(t *testing.T) {
		t.Parallel()
		withTime(t, time.Second/2, func(timeout string) (result, []string) {
			got := run(t, &script{response: "SSH-2.0-OpenSSH_9.2\r\n", ending: hold}, "-timeout", timeout, get)
			return got, got.faults(5, "this looks like SSH")
		})
	})
}

func TestConnect(t *testing.T) {
	addr := closedPort(t)
	runArgs(t, "-addr", addr, get).check(t, 3, "nothing listens at "+addr, "go run ./server", "-addr")
	runArgs(t, "-timeout", "1ns", get).check(t, 3, "no connection to "+defaultAddr+": the time of -timeout was over")
	t.Run("IPv6", func(t *testing.T) {
		s := &script{response: "HTTP/1.0 200 OK\r\n\r\n"}
		addr := s.start(t, "[::1]:0")
		runArgs(t, "-v", "http://"+addr).check(t, 0, "connected to "+addr, "> Host: "+addr)
	})
	t.Run("localhost has two families", func(t *testing.T) {
		families, _ := net.LookupHost("localhost")
		for _, host := range []string{"127.0.0.1", "[::1]"} {
			if !slices.Contains(families, strings.Trim(host, "[]")) {
				continue
			}
			s := &script{response: "HTTP/1.0 200 OK\r\n\r\n"}
			_, port, _ := net.SplitHostPort(s.start(t, host+":0"))
			runArgs(t, "-v", "-addr", port, get).check(t, 0, "connected to "+host)
		}
	})
}

func TestHasMore(t *testing.T) {
	for octets, want := range map[string]bool{
		"GET / HTTP/1.0\r\n\r\n":                             false,
		"POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nabc":    true,
		"HEAD  / HTTP/1.0\r\n\r\nabc":                        false,
		"POST / HTTP/1.0\r\nContent-Length: x\r\n\r\nabc":    false,
		"GET /\r\n\r\n":                                      false,
		"POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nab\r\n": false,
		"GET /\r\nHost: a\r\n\r\n":                           true,
	} {
		if got := hasMore(wireclient.ParseRequest([]byte(octets))); got != want {
			t.Errorf("%q: %t", octets, got)
		}
	}
}
