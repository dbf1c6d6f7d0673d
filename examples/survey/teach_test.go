package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rawhttp/examples/foreign"
	"rawhttp/examples/gallery"
	"rawhttp/examples/peer"
	"rawhttp/httpwire"
)

// The limit of one silence. On a busy machine a response can take longer than a short limit. So the limit is short
// only where a server is silent, because the test takes that long.
const (
	neverSilent = time.Minute            // the server responds to everything, or closes
	silent      = 200 * time.Millisecond // it responds to some messages only
	onlySilent  = 2 * peer.Turn          // it never responds
)

func judged(t *testing.T, addr string, timeout time.Duration) string {
	t.Helper()
	foreign.Short(t)
	t.Parallel()
	var out bytes.Buffer
	if err := teach(t.Context(), &out, addr, timeout, teachTime); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if len([]rune(line)) > 80 && !strings.HasPrefix(line, "  go run ") { // a command stays whole
			t.Errorf("too wide for a terminal: %q", line)
		}
	}
	return out.String()
}

func wants(t *testing.T, out string, wants ...string) {
	t.Helper()
	plain := strings.Join(strings.Fields(out), " ")
	for _, want := range wants {
		if !strings.Contains(plain, strings.Join(strings.Fields(want), " ")) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// inGroup counts the questions of a group whose name begins with a prefix.
func inGroup(group, prefix string) (n int) {
	for _, q := range questions() {
		if q.group == group && strings.HasPrefix(q.name, prefix) {
			n++
		}
	}
	return n
}

// marksOf is the row of a group in the score, where all questions count.
func marksOf(group string, right int) string {
	return fmt.Sprintf("%s %d of %d", group, right, inGroup(group, ""))
}

// marksLeftOut is the row of a group in the score, where some questions count and the others are left out.
func marksLeftOut(group string, right, count int) string {
	return fmt.Sprintf("%s %d of %d %d left out", group, right, count, inGroup(group, "")-count)
}

// The server of this project does all that the gallery wants of it.
func TestTeachOwnServer(t *testing.T) {
	out := judged(t, startOwn(t), time.Second/2)
	n := len(questions())
	wants(t, out, fmt.Sprintf("%d of %d questions asked", n, n), fmt.Sprintf("  total         %d of %d", n, n))
	if strings.Contains(out, "difference") || strings.Contains(out, "left out") || strings.Contains(out, "not asked") || strings.Contains(out, "To send one") {
		t.Error(out)
	}
}

// What is wrong with a response itself is told, and nothing else. A second response is no fault of the first.
func TestFaultOfReply(t *testing.T) {
	const ok = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"
	for _, tt := range []struct {
		octets, method string
		noHead         bool
		want           string
	}{
		{"<html>", "GET", false, ""},
		{"<html>", "GET", true, "a response without a status-line: <html>"},
		{ok, "GET", false, ""},
		{ok + ok, "GET", false, ""},
		{ok + "!", "GET", false, "offset 40: the response ends here, and octets follow"},
		{strings.TrimSuffix(ok, "ok"), "HEAD", false, ""},
		{ok, "HEAD", false, "offset 38: the response to HEAD ends with its head"},
		{"HTTP/1.0  200 OK\r\n\r\n", "GET", false, errorBegins},
		{"\r\n" + ok, "GET", false, errorBegins + "a line end precedes the status-line"},
		{"", "GET", false, ""},
	} {
		e := &examiner{noHead: tt.noHead}
		if got := e.fault(reply{octets: []byte(tt.octets), method: []byte(tt.method)}); (got == "") != (tt.want == "") ||
			!strings.Contains(got, tt.want) {
			t.Errorf("%q: %q, want %q", tt.octets, got, tt.want)
		}
	}
}

func TestExpected(t *testing.T) {
	for want, m := range map[string]gallery.Message{"a response: ": gallery.Good[0], "400 or ": gallery.Bad[0],
		"waits ": gallery.Ends[0], "one response": {File: "ends/x", Rule: httpwire.RuleSurplus}} {
		if got := expected(m); !strings.HasPrefix(got, want) {
			t.Errorf("%s: expected is %q, want %q", m.File, got, want)
		}
	}
}

// A server that reads more than the gallery allows is told what it must refuse before it is told
// what it may.
func TestTeachGo(t *testing.T) {
	foreign.Long(t)
	out := judged(t, startGo(t), time.Second)
	wants(t, out, marksOf(robustness, inGroup(robustness, "")), "request-line, the first difference: good/empty-line-first.http",
		"also different, where a server may choose", "bad/bare-lf.http",
		"responses, the first difference: good/simple.http\n  your server  400")
	if strings.Contains(out, "STOPPED") {
		t.Error(out)
	}
}

// naive starts a server as a beginner writes it: it reads lines up to an empty one, and responds to
// all with GET and HEAD alike. It looks at the head in the function given, which may say to stop.
func naive(t *testing.T, alone bool, look func(head string) (stop bool)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	serve := func(c net.Conn) {
		defer c.Close()
		var all strings.Builder
		for r, line := bufio.NewReader(c), ""; line != "\r\n" || all.Len() == len(line); {
			var err error
			if line, err = r.ReadString('\n'); err != nil {
				return
			}
			all.WriteString(line)
		}
		head := all.String()
		if look(head) {
			l.Close()
			return
		}
		if !strings.HasPrefix(head, "GET ") && !strings.HasPrefix(head, "HEAD ") {
			io.WriteString(c, "HTTP/1.0 501 No\r\nContent-Length: 0\r\n\r\n")
			return
		}
		io.WriteString(c, "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nok\n")
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if alone {
				serve(c)
			} else {
				go serve(c)
			}
		}
	}()
	return l.Addr().String()
}

// The message that ends a server is named, and how to send it again; what was not asked is counted.
func TestTeachCrash(t *testing.T) {
	out := judged(t, naive(t, false, func(head string) bool { return strings.Contains(head, "\x00") }),
		silent)
	wants(t, out, "The others were not asked, because it no longer responds. They count as wrong.\n",
		"To send one to your server:\n  go run ./rawclient -literal -addr 127.0.0.1:", " -in examples/good/head.http\n",
		"\nIT STOPPED. bad/nul-in-path.http: after it the server accepts no connection:\nit has ended\n",
		" -in examples/bad/nul-in-path.http\n",
		"bad/nul-in-path.http\n  also different, where a server may choose (7): bad/bare-lf.http, ",
		marksOf(gallery.Head, 0)+fmt.Sprintf(" %d not asked\n", inGroup(gallery.Head, "")))
}

// A difference that is no choice of the server is shown before one that is. The other messages are named, and
// all that went wrong with a probe is shown.
func TestScorePage(t *testing.T) {
	s, again := newScore(), labelled("your server", "no response")
	*s.marks[gallery.Head] = mark{right: 1, all: 7, notAsked: 1, wrong: []difference{
		{"bad/choice.http", differs("200", "400"), true},
		{"bad/first.http", differs("200", "400"), false},
		{"bad/second.http", differs("200", "400"), false},
		{"HEAD", again, false},
		{"GET", again, false},
	}}
	*s.marks[robustness] = mark{right: 1, all: 2, wrong: []difference{{"flood", "  your server  waits\n", false}}}
	s.stops = []string{"bad/second.http: after it all ended", "HEAD: after it all ended"}
	var out bytes.Buffer
	s.print(&out, "localhost:80")
	const want = `
head, the first difference: bad/first.http
  your server  200
  expected     400
head, also wrong: HEAD
  your server  no response
head, also wrong: GET
  your server  the same as above
  also wrong (1): bad/second.http
  also different, where a server may choose (1): bad/choice.http

robustness, the first difference: flood
  your server  waits

examples/GALLERY.md explains the messages. To send one to your server:
  go run ./rawclient -literal -addr localhost:80 -in examples/bad/choice.http

IT STOPPED. bad/second.http: after it all ended
Start your server again and send that message alone:
  go run ./rawclient -literal -addr localhost:80 -in examples/bad/second.http

IT STOPPED. HEAD: after it all ended

  responses       0 of   0
  request-line    0 of   0
  head            1 of   7   1 not asked
  framing         0 of   0
  robustness      1 of   2
  total           2 of   9
`
	if out.String() != want {
		t.Error(foreign.Difference(out.String(), want))
	}
}

// A message is judged by how the server treats it. An ill-formed response is a fault of its own.
func TestMessage(t *testing.T) {
	const bad, surplus = "bad/two-spaces.http", "ends/second-request.http"
	status := func(code string) string { return "HTTP/1.0 " + code + " X\r\nContent-Length: 0\r\n\r\n" }
	for _, tt := range []struct {
		file, response string
		want           string // is wrong
		leftOut        bool
		faulty         string
	}{
		{"good/get-all.http", status("200"), "", false, ""},
		{"good/get-all.http", status("501"), "your server 501 expected a response: the message is well formed", false, ""},
		{"good/get-all.http", status("200") + "!", "your server offset 37: the response ends here", false, "sent good/get-all.http"},
		{bad, status("200"), "your server 200 expected 400 or another refusal, or a close", false, ""},
		{bad, status("400"), "", true, ""},
		{bad, status("501"), "", true, ""},
		{bad, status("400") + "!", "", true, "sent bad/two-spaces.http"},
		{bad, status(" 400"), "your server a response that is not well formed error: ", false, "sent bad/two-spaces.http"},
		{bad, "hello\n", "your server a response without a status-line: hello", false, "sent bad/two-spaces.http"},
		{surplus, status("200"), "", false, ""},
		{surplus, status("501"), "", true, ""},
	} {
		e := &examiner{ctx: t.Context(), timeout: time.Minute, usual: make(map[string]string), noHead: true,
			addr: listen(t, closes(tt.response))}
		all := gallery.Requests()
		m := all[slices.IndexFunc(all, func(m gallery.Message) bool { return m.File == tt.file })]
		got := strings.Join(strings.Fields(e.message(m)), " ")
		if !strings.HasPrefix(got, tt.want) || (got == "") != (tt.want == "") || e.leftOut != tt.leftOut {
			t.Errorf("%s, %q: %t, %q, want %q", tt.file, tt.response, e.leftOut, got, tt.want)
		}
		if faulty := strings.Join(strings.Fields(e.faulty), " "); !strings.HasPrefix(faulty, tt.faulty) ||
			(faulty == "") != (tt.faulty == "") {
			t.Errorf("%s, %q: %q, want %q", tt.file, tt.response, faulty, tt.faulty)
		}
	}
}

// The responses to GET and HEAD have the same head, and the connection is closed after them.
func TestHeadProbe(t *testing.T) {
	t.Parallel()
	const ok = "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"
	for _, tt := range []struct{ get, head, want string }{
		{ok, ok, ""},
		{"", ok, "no response (EOF)"},
		{ok, "", "no response (EOF)"},
		{ok, "HTTP/1.0 405 No\r\n\r\n", "405 expected the head of"},
		{ok, "HTTP/1.0 501 No\r\n\r\n", "501 expected the head of"},
		{ok, "HTTP/1.0 404 No\r\n\r\n", `status code "404" for HEAD, and "200" for GET expected the same`},
		{ok, "HTTP/1.0 200 OK\r\n\r\n", `Content-Length "" for HEAD, and "0" for GET`},
	} {
		e := &examiner{ctx: t.Context(), timeout: time.Minute, addr: listen(t, func(c *net.TCPConn) {
			request := make([]byte, 4096)
			if n, _ := c.Read(request); strings.HasPrefix(string(request[:n]), "GET") {
				io.WriteString(c, tt.get)
			} else {
				io.WriteString(c, tt.head)
			}
		})}
		if got := strings.Join(strings.Fields(e.head()), " "); !strings.Contains(got, tt.want) || (got == "") != (tt.want == "") {
			t.Errorf("GET %q, HEAD %q: %q, want %q", tt.get, tt.head, got, tt.want)
		}
	}
	silence := make(chan struct{})
	defer close(silence)
	e := &examiner{ctx: t.Context(), timeout: silent, addr: listen(t, func(c *net.TCPConn) {
		says(ok)(c)
		<-silence
	})}
	wants(t, e.response("GET", "/"), "leaves the connection open after the response expected a close")
}

// A client that leaves or waits sends what its probe says, and ends the connection.
func TestIncompleteProbes(t *testing.T) {
	type end struct {
		octets string
		err    error
	}
	ends := make(chan end, 2)
	addr := listen(t, func(c *net.TCPConn) {
		octets, err := io.ReadAll(c)
		ends <- end{string(octets), err}
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	e := &examiner{ctx: ctx, addr: addr, timeout: peer.Turn}
	for _, tt := range []struct {
		octets string
		reset  bool
	}{{"", false}, {"GET / HT", false}, {"GET / HTTP/1.0\r\n", true}} {
		wrong := e.leaves(tt.octets, tt.reset)
		if got := <-ends; wrong != "" || got.octets != tt.octets && !tt.reset || (got.err != nil) != tt.reset {
			t.Errorf("%q: %q; the server got %q, %v", tt.octets, wrong, got.octets, got.err)
		}
	}
	wants(t, e.waits(1, "POST"), `no response while a client has sent "POST" and waits`)
	if first, second := <-ends, <-ends; first.octets != "POST" && second.octets != "POST" {
		t.Errorf("the server got %q and %q", first.octets, second.octets)
	}
}

// A question counts as right, wrong, left out or not asked. One after which the server needs a new start is
// wrong. One that the time did not suffice for is none of these.
func TestAskAll(t *testing.T) {
	t.Parallel()
	breaks := new(atomic.Int64) // connections that end without a response
	addr := listen(t, func(c *net.TCPConn) {
		if read(c); breaks.Add(-1) < 0 {
			io.WriteString(c, "HTTP/1.0 200 OK\r\n\r\n")
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	e := &examiner{ctx: ctx, addr: addr, timeout: 5 * peer.Turn}
	asks := func(name, wrong string, stops int64, leftOut bool) question {
		return question{responses, name, func(e *examiner) string {
			breaks.Store(stops)
			e.leftOut = leftOut
			return wrong
		}}
	}
	all := []question{asks("right", "", 0, false), asks("wrong", "no", 0, false), asks("left out", "", 0, true),
		asks("stops", "", 1, true), asks("right again", "", 0, false)}
	late := question{responses, "late", func(*examiner) string { cancel(); return "no response" }}
	for _, tt := range []struct {
		last []question
		want mark
		gone bool
	}{
		{[]question{asks("ends", "", 99, false), asks("not asked", "", 0, false)},
			mark{right: 2, all: 6, leftOut: 1, notAsked: 1}, true},
		{[]question{late, asks("not asked", "", 0, false)}, mark{right: 2, all: 6, leftOut: 1, notAsked: 1}, false},
	} {
		breaks.Store(0)
		s := newScore()
		gone := e.askAll(append(slices.Clone(all), tt.last...), s)
		got := *s.marks[responses]
		var wrong []string
		for _, d := range got.wrong {
			wrong = append(wrong, d.name)
		}
		wants := []string{"wrong", "stops"}
		if tt.gone {
			wants = append(wants, "ends")
		}
		if got.wrong = nil; fmt.Sprint(got) != fmt.Sprint(tt.want) || gone != tt.gone || !slices.Equal(wrong, wants) {
			t.Errorf("%+v, %t, wrong: %q", got, gone, wrong)
		}
	}
}

func TestIsChoice(t *testing.T) {
	for name, want := range map[string]bool{"bad/bare-lf.http": true, "bad/version-2.0.http": true,
		"bad/no-slash.http": false, "HEAD": false} {
		if isChoice(name) != want {
			t.Errorf("%s is a choice: %t, want %t", name, !want, want)
		}
	}
}

// A question to a server that has ended goes wrong.
func TestQuestionsWithoutServer(t *testing.T) {
	e := &examiner{ctx: t.Context(), timeout: time.Minute, addr: foreign.FreeAddr(t)}
	all := questions()
	for _, q := range all[:len(all)-1] { // the last is about the others
		if wrong := q.ask(e); !strings.Contains(wrong, "connect") {
			t.Errorf("%s: %q says nothing of the connection", q.name, wrong)
		}
	}
}

// A server that hangs after a message is found as well.
func TestTeachHang(t *testing.T) {
	silence := make(chan struct{})
	t.Cleanup(func() { close(silence) })
	hangs := false
	out := judged(t, naive(t, true, func(head string) bool {
		if hangs = hangs || strings.Contains(head, "GET  /"); hangs {
			<-silence
		}
		return false
	}), silent)
	wants(t, out, "\nIT STOPPED. bad/two-spaces.http: after it the server does not respond to\nGET /: "+
		"it is blocked\n")
}

// A server accepts everything, serves one client at a time, and writes a body after HEAD. The output
// says each of these, with the offset and the rule.
func TestTeachNaive(t *testing.T) {
	out := judged(t, naive(t, true, func(string) bool { return false }), silent)
	wants(t, out, "request-line, the first difference: good/empty-line-first.http\n  your server  501\n",
		"head, the first difference: bad/", "  your server  200\n",
		"  expected     400 or another refusal, or a close\n", "\n  offset ", "\n  rule  ",
		marksLeftOut(gallery.Framing, 5, 8),
		"Left out are malformed requests whose refusal shows nothing",
		"robustness, the first difference: a client that says nothing\n",
		"expected     each connection is served at once",
		"robustness, also wrong: a head that does not end", "responses, also wrong: HEAD\n",
		"offset 38: the response to HEAD ends with its head, and a body\n               follows: ok␊\n")
}

// A server that refuses everything has seen no fault.
func TestTeachRefusesAll(t *testing.T) {
	addr := listen(t, closes("HTTP/1.0 400 No\r\nContent-Length: 0\r\n\r\n"))
	out := judged(t, addr, neverSilent)
	wants(t, out, marksLeftOut(gallery.RequestLine, 0, inGroup(gallery.RequestLine, "good/")),
		marksLeftOut(gallery.Head, 0, inGroup(gallery.Head, "good/")),
		"good/get-all.http\n  your server  400")
}

// A server that knows no method, not even GET, has got no well-formed GET right.
func TestTeachKnowsNothing(t *testing.T) {
	addr := listen(t, closes("HTTP/1.0 501 No\r\nContent-Length: 0\r\n\r\n"))
	out := judged(t, addr, neverSilent)
	wants(t, out, "responses, the first difference: good/get-all.http\n  your server  501\n",
		marksOf(responses, 10))
}

// A server that was down when it was asked about its methods is asked again.
func TestUsualAfterRestart(t *testing.T) {
	addr := listen(t, closes("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"))
	e := &examiner{ctx: t.Context(), timeout: neverSilent, usual: make(map[string]string)}
	for _, e.addr = range []string{"127.0.0.1:0", addr} {
		if e.isUsual(gallery.Reset, "GET") {
			t.Errorf("%s: a connection that is broken off is said to be usual", e.addr)
		}
	}
}

// A server that takes its time does not keep the class waiting. The sleep makes the server slow.
func TestTeachLimit(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	slow := naive(t, false, func(string) bool { time.Sleep(20 * time.Millisecond); return false })
	if err := teach(t.Context(), &out, slow, time.Second, 100*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	wants(t, out.String(), "The others were not asked, after 100ms: each took ", "ms on average.\nThey count as wrong.")
	if strings.Contains(out.String(), "STOPPED") {
		t.Error(out.String())
	}
}

// A Content-Length that counts letters leaves octets over.
func TestTeachLetters(t *testing.T) {
	addr := listen(t, closes("HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nCafé"))
	out := judged(t, addr, neverSilent)
	if i := strings.LastIndex(out, "\n\n"); !strings.HasPrefix(out[i+2:], "  responses  ") {
		t.Errorf("the score does not come last:\n%s", out)
	}
	wants(t, out, "responses, the first difference: good/get-all.http\n"+
		"  your server  offset 42: the response ends here, and octets follow that belong to no message: \\xA9\n"+
		"  expected     nothing after the body; Content-Length counts its octets, not its letters\n",
		marksOf(responses, 0), "responses, also wrong: GET\n  sent         GET / HTTP/1.0\n"+
			"  your server  the same as above\n")
}

// A response that is not well formed is shown with the octet, once, and named where it comes again.
func TestTeachIllFormed(t *testing.T) {
	out := judged(t, listen(t, closes("HTTP/1.0 200 OK\nContent-Length: 0\r\n\r\n")), neverSilent)
	const mark = "| HTTP/1.0␠200␠OK␊"
	wants(t, out, "responses, the first difference: good/get-all.http\n"+
		"your server  a response that is not well formed\n", "offset 15, line 1, column 16\n", mark,
		"\nresponses, also wrong: GET\n"+
			"  sent         GET / HTTP/1.0\n"+
			"               the same error as above: LF without CR at the end of the line\n",
		"all messages of the gallery\n  sent         good/get-all.http\n")
	if n := strings.Count(out, mark); n != 1 {
		t.Errorf("%q is shown %d times:\n%s", mark, n, out)
	}
}

// A server that forgets the head passes only where it has to send none, or may close.
func TestTeachNoHead(t *testing.T) {
	out := judged(t, listen(t, closes("hello\n")), neverSilent)
	wants(t, out, "responses, the first difference: good/get-all.http\n"+
		"  your server  a response without a status-line: hello␊\n"+
		"  expected     a status-line such as HTTP/1.0 200 OK, fields, and an empty line\n"+
		"               before the body\n",
		"responses, also wrong: GET\n  your server  the same as above\n",
		marksOf(responses, 1), marksOf(gallery.RequestLine, 0), marksOf(gallery.Head, 0), marksOf(gallery.Framing, 0))
}

// Each request of the gallery is asked once.
func TestTeachAsksAll(t *testing.T) {
	var files []string
	for _, q := range questions() {
		if strings.HasSuffix(q.name, ".http") {
			files = append(files, q.name)
		}
	}
	var want []string
	for _, m := range gallery.Requests() {
		want = append(want, m.File)
	}
	slices.Sort(files)
	slices.Sort(want)
	if !slices.Equal(files, want) {
		t.Errorf("asks %d messages, want %d", len(files), len(want))
	}
}

// Without a server there is no score.
func TestTeachNoServer(t *testing.T) {
	t.Parallel()
	err := run(t.Context(), []string{"-teach", foreign.FreeAddr(t)}, io.Discard)
	if err == nil || !strings.HasPrefix(err.Error(), "nothing accepts a connection at ") ||
		!strings.HasSuffix(err.Error(), "Start your server, or write where it listens:  go run ./examples/survey -teach host:port") {
		t.Error(err)
	}
	resets := func(c *net.TCPConn) {
		read(c)
		c.SetLinger(0)
	}
	silence := make(chan struct{})
	defer close(silence)
	const before = ".\nIt must respond to GET / before the first question"
	for _, tt := range []struct {
		want    string
		serve   func(c *net.TCPConn)
		timeout time.Duration
	}{
		{"the server closes every connection without a response", closes(""), neverSilent},
		{"the server closes every connection without a response", resets, neverSilent},
		{"the server does not respond to GET /: it is blocked", func(*net.TCPConn) { <-silence }, onlySilent},
	} {
		err = run(t.Context(), []string{"-timeout", tt.timeout.String(), "-teach", listen(t, tt.serve)}, io.Discard)
		if err == nil || !strings.HasSuffix(err.Error(), ": "+tt.want+before) {
			t.Error(err)
		}
	}
}
