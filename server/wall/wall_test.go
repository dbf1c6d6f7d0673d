package wall

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rawhttp/examples/foreign"
	"rawhttp/httpwire"
	"rawhttp/server/httpd"
	"rawhttp/server/rest"
)

func TestMain(m *testing.M) { os.Exit(foreign.Waiting(m)) }

// serveWall serves a wall, and echoes of requests at /echo, until the test ends.
func serveWall(t *testing.T) (w *Wall, addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveOn(t, l, httpd.DefaultLimits), l.Addr().String()
}

// echo responds with the body of the request.
var echo = rest.Route{Method: "*", Path: "/echo", Rel: "echo", Summary: "an echo",
	Responses: []rest.Response{{Code: 200, Summary: "the body"}},
	Handle: func(_ int64, req *httpwire.Request, resp *httpwire.Response) {
		resp.Code = 200
		resp.Body = bytes.Clone(req.Body)
	}}

func serveOn(t *testing.T, l net.Listener, limits httpd.Limits) *Wall {
	t.Helper()
	w := New()
	s := &httpd.Server{Limits: limits, Watcher: w,
		Handler: rest.New([]rest.Route{echo}, w.Routes())}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, time.Second, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return w
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	c.SetDeadline(time.Now().Add(time.Minute))
	t.Cleanup(func() { c.Close() })
	return c
}

// send returns the response to a request, and closes the connection, for which the server waits.
func send(t *testing.T, addr, octets string) string {
	t.Helper()
	c := dial(t, addr)
	defer c.Close()
	io.WriteString(c, octets)
	got, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

// A screen reads the events of a wall.
type screen struct {
	t     *testing.T
	lines *bufio.Scanner
}

func watch(t *testing.T, addr string) *screen {
	c := dial(t, addr)
	io.WriteString(c, "GET /wall/events HTTP/1.0\r\n\r\n")
	v := &screen{t, bufio.NewScanner(c)}
	v.lines.Buffer(nil, 1<<20)
	for v.lines.Scan() && !strings.HasPrefix(v.lines.Text(), "data: ") { // which wall this is
	}
	return v
}

// until reads events until one has all the words, in this order, and returns its HTML.
func (v *screen) until(words ...string) string {
	v.t.Helper()
	for v.lines.Scan() {
		data, ok := strings.CutPrefix(v.lines.Text(), "data: ")
		if !ok {
			continue
		}
		var event struct {
			ID   int64
			HTML string
		}
		if err := json.Unmarshal([]byte(data), &event); err != nil {
			v.t.Fatalf("%v in %q", err, data)
		}
		rest, found := event.HTML, true
		for _, word := range words {
			_, after, ok := strings.Cut(rest, word)
			rest, found = after, found && ok
		}
		if found {
			return event.HTML
		}
	}
	v.t.Fatalf("no event has %q: %v", words, v.lines.Err())
	return ""
}

// A request appears as its octets arrive, with what the server waits for; then the response does.
func TestEvents(t *testing.T) {
	t.Parallel()
	_, addr := serveWall(t)
	v := watch(t, addr)
	c := dial(t, addr)
	io.WriteString(c, "POST /echo HTTP/1.0\r\nContent-Le")
	v.until("card waits", "31 octets, in the fields", ">POST</span>", "Content-Le")
	io.WriteString(c, "ngth: 5\r\n\r\nab")
	v.until("card waits", "expecting 3 more of 5 octets", "Content-Length", ">ab</span>")
	io.WriteString(c, "cde")
	v.until("card complete", "<b>200</b>", "took ", ">abcde</span>", ">200</span>", ">abcde</span>")
}

// A page knows whether events are those of its own wall. The IDs of another one begin again.
func TestWhichWall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := New()
		time.Sleep(time.Second)
		other := New()
		first, _ := w.newViewer().Next(nil)
		_, started, _ := strings.Cut(string(first), "event: wall\ndata: ")
		known := fmt.Sprintf("wall = %q", strings.TrimSpace(started))
		if started == "" || !bytes.Contains(w.page(""), []byte(known)) || bytes.Contains(other.page(""), []byte(known)) {
			t.Errorf("the first event is %q", first)
		}
	})
}

// A refusal is shown with what is wrong. So is a request without a response, because its client is gone
// or the server has closed the connection after another request.
func TestFaults(t *testing.T) {
	t.Parallel()
	_, addr := serveWall(t)
	v := watch(t, addr)
	send(t, addr, "GET  /echo HTTP/1.0\r\n\r\n")
	v.until("card failed", "<b>400</b>", "error: two spaces between method and request-target")
	c := dial(t, addr)
	io.WriteString(c, "GET /ec")
	v.until("card waits", "GET /ec")
	c.(*net.TCPConn).SetLinger(0) // a reset
	c.Close()
	v.until("card failed", "the connection ended before a response")
	send(t, addr, "GET /echo HTTP/1.0\r\n\r\nGET /second HTTP/1.0\r\n\r\n")
	v.until("card failed", "/second", "the connection ended before a response")
}

// A card says how far an exchange has come. It shows what is wrong with a message only if the message is whole or
// the connection has ended, and nothing else says it. The explained page has the same messages.
func TestStates(t *testing.T) {
	const (
		get, half     = "GET / HTTP/1.0\r\n\r\n", "GET / HT"
		post          = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n"
		okay, started = "HTTP/1.0 200 OK\r\nContent-Length: 5000\r\n\r\n", "HTTP/1.0 200 OK\r\n"
		ended         = "the connection ended before "
	)
	long := strings.Repeat("x", 5000)
	for _, tt := range []struct {
		name, request       string
		code, octets        int // of the response; the code is 0 if there is none yet
		sent                string
		closed              bool
		class, state, fault string // the fault is of the request or the response
	}{
		{"it waits", half, 0, 0, "", false, "waits", "waiting for HTTP/1.0", ""},
		{"the client goes", half, 0, 0, "", true, "failed", ended + "a response", "request"},
		{"100 (Continue)", post, 0, 0, "HTTP/1.1 100 Continue\r\n\r\n", false, "waits", "5000 octets of body", ""},
		{"it begins to send", get, 200, 19, "", false, "waits", "sending the response", ""},
		{"it sends", get, 200, 19, started, false, "waits", "sending the response", ""},
		{"it stops sending", get, 200, 19, started, true, "failed", ended + "the whole response", "response"},
		{"done", get, 200, 19, started + "\r\n", false, "complete", "done", ""},
		{"closed after it", get, 200, 19, started + "\r\n", true, "complete", "done", ""},
		{"the close ends it", get, 200, -1, started + "\r\n", true, "complete", "done", ""},
		{"refused", "GET  / HTTP/1.0\r\n\r\n", 400, 28, "HTTP/1.0 400 Bad Request\r\n\r\n", false, "failed", "done", ""},
		{"a long request", post + long, 0, 0, "", true, "failed", ended + "a response", ""},
		{"a long response", get, 200, len(okay + long), okay + long, false, "complete", "done", ""},
	} {
		w := New()
		c := w.Opened("peer")
		c.Received([]byte(tt.request))
		w.page("") // makes the card, which is made again when it changes
		if tt.code > 0 {
			c.Responded(tt.code, int64(tt.octets), nil)
		}
		if tt.sent != "" {
			w.page("")
		}
		c.Sent([]byte(tt.sent))
		if tt.closed {
			c.Closed()
		}
		all, _ := w.snapshot()
		got, page := all[0].newCard(), string(all[0].explained())
		if card := all[0].html(); !strings.Contains(card, template.HTMLEscapeString(got.State)) ||
			!strings.Contains(card, string(got.Response)) {
			t.Errorf("%s: it is not %s: %s", tt.name, got.State, card)
		}
		if got.Class != tt.class || !strings.Contains(got.State, tt.state) || (got.Took == "") != (tt.class == "waits") {
			t.Errorf("%s: %s, %s, took %s", tt.name, got.Class, got.State, got.Took)
		}
		for what, html := range map[string]string{"request": string(got.Request), "response": string(got.Response)} {
			if strings.Contains(html, "error:") != (tt.fault == what) {
				t.Errorf("%s: the fault should be of the %s: %s", tt.name, tt.fault, html)
			}
		}
		if responds := tt.sent != ""; (got.Response != "") != responds || strings.Contains(page, "<h2>Response") != responds {
			t.Errorf("%s: the response is %s on the card, and in %s", tt.name, got.Response, page)
		}
		kept := !strings.Contains(tt.request+tt.sent, long)
		for _, html := range []string{string(got.Request + got.Response), page} {
			if kept == strings.Contains(html, "octets more, not shown") || !kept && strings.Contains(html, "error:") {
				t.Errorf("%s: what is kept of it: %s", tt.name, html)
			}
		}
	}
}

// The explained page shows a fault in what is kept of a long request.
func TestLongFault(t *testing.T) {
	w := New()
	c := w.Opened("peer")
	c.Received([]byte("GET  / HTTP/1.0\r\nX: " + strings.Repeat("x", 2*keptOctets)))
	c.Responded(400, 28, nil)
	c.Sent([]byte("HTTP/1.0 400 Bad Request\r\n\r\n"))
	all, _ := w.snapshot()
	page := string(all[0].explained())
	for _, want := range []string{"error: two spaces between method and request-target", "octets more, not shown"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in %s", want, page)
		}
	}
}

// The requests of viewers are not shown, because each event would cause the next.
func TestViewersAreHidden(t *testing.T) {
	t.Parallel()
	w, addr := serveWall(t)
	v := watch(t, addr)
	send(t, addr, "GET /wall HTTP/1.0\r\n\r\n")
	send(t, addr, "GET /wall?filter=x HTTP/1.0\r\n\r\n")
	send(t, addr, "GET http://localhost/wall HTTP/1.0\r\n\r\n")
	send(t, addr, "GET /%77all/1 HTTP/1.0\r\n\r\n")
	send(t, addr, "GET /wall\r\n")                // HTTP/0.9
	send(t, addr, "/wall/paper HTTP/1.0\r\n\r\n") // has no method
	send(t, addr, "GET /wallpaper HTTP/1.0\r\n\r\n")
	v.until("/wall/paper")
	v.until("GET /wallpaper")
	for _, e := range w.exchanges {
		if !strings.Contains(string(e.request.octets), "paper") {
			t.Errorf("%q is shown", e.request.octets)
		}
	}
}

// A request of a viewer that comes in parts does not stay on the wall as one that waits.
func TestHiddenLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := New()
		v := w.newViewer()
		v.Next(nil)
		c := w.Opened("peer")
		c.Received([]byte("GET /wa"))
		v.Next(nil)
		c.Received([]byte("ll HTTP/1.0\r\n"))
		c.Received([]byte("\r\n"))
		if octets, _ := v.Next(nil); string(octets) != "event: gone\ndata: 1\n\n" {
			t.Errorf("the viewer is sent %q", octets)
		}
		c.Responded(200, 17, nil)
		c.Sent([]byte("HTTP/1.0 200 OK\r\n"))
		if octets, _ := v.Next(nil); string(octets) != ":\n\n" {
			t.Errorf("then %q", octets)
		}
		if w.hidden != 1 {
			t.Errorf("%d exchanges are hidden", w.hidden)
		}
	})
}

// A request-line that has come is not read again with each further octet.
func TestLineIsReadOnce(t *testing.T) {
	allocs := func(target string) float64 {
		c := New().Opened("peer")
		c.Received([]byte("GET " + target + " HTTP/1.0\r\n"))
		return testing.AllocsPerRun(100, func() { c.Received([]byte("x")) })
	}
	if short, long := allocs("/"), allocs("/"+strings.Repeat("%20", 1000)); short != long {
		t.Errorf("an octet after a short line takes %v allocations, and %v after a long one", short, long)
	}
}

// Requests of other viewers do not wake a viewer, and do not put its heartbeat off: without that, a viewer
// that is gone would keep its place.
func TestViewersDoNotDisturb(t *testing.T) {
	for _, parts := range [][]string{{"GET /wall HTTP/1.0\r\n\r\n"}, {"GET /wa", "ll HTTP/1.0\r\n\r\n"}} {
		synctest.Test(t, func(t *testing.T) {
			w := New()
			v := w.newViewer()
			v.Next(nil)
			before := w.version
			var others sync.WaitGroup
			defer others.Wait()
			others.Go(func() {
				for range 10 {
					time.Sleep(heartbeat / 5 * 2)
					c := w.Opened("peer")
					for _, part := range parts {
						c.Received([]byte(part))
					}
					c.Responded(200, 0, nil)
					c.Closed()
				}
			})
			start := time.Now()
			octets, _ := v.Next(nil)
			if took := time.Since(start); took != heartbeat || string(octets) != ":\n\n" {
				t.Errorf("%q: after %v a viewer is sent %q", parts, took, octets)
			}
			if len(parts) == 1 && w.version != before {
				t.Errorf("%q: the wall has changed", parts)
			}
		})
	}
}

// Viewers who load the page again and again do not push exchanges off the wall.
func TestViewersPushNothingOff(t *testing.T) {
	_, addr := serveWall(t)
	send(t, addr, "GET /echo?first HTTP/1.0\r\n\r\n")
	for range keptExchanges - 1 {
		send(t, addr, "GET /echo HTTP/1.0\r\n\r\n")
	}
	for range 3 {
		send(t, addr, "GET /wall HTTP/1.0\r\n\r\n")
	}
	if page := send(t, addr, "GET /wall HTTP/1.0\r\n\r\n"); !strings.Contains(page, "/echo?first") {
		t.Error("the wall has lost an exchange")
	}
}

// Connections that last do not keep the HTML of exchanges that the wall does not keep.
func TestTrimmedHTML(t *testing.T) {
	w, addr := serveWall(t)
	for range keptExchanges {
		c := dial(t, addr)
		io.WriteString(c, "POST /echo HTTP/1.0\r\nContent-Length: 2\r\n\r\nx")
	}
	waitFor(t, func() bool { w.mu.Lock(); defer w.mu.Unlock(); return w.last == keptExchanges })
	w.page("")
	w.mu.Lock()
	first := w.exchanges[0]
	if first.card.text == "" {
		t.Error("the page has no exchange")
	}
	w.mu.Unlock()
	send(t, addr, "GET /echo HTTP/1.0\r\n\r\n")
	w.mu.Lock()
	defer w.mu.Unlock()
	if first.card.text != "" {
		t.Errorf("%d octets of HTML are kept", len(first.card.text))
	}
}

// Credentials are shown nowhere.
func TestSecrets(t *testing.T) {
	t.Parallel()
	_, addr := serveWall(t)
	v := watch(t, addr)
	const secret = "dTpzZWNyZXQ="
	send(t, addr, "GET /echo?password=sesame HTTP/1.0\r\nAuthorization: Basic "+secret+
		"\r\nUser-Agent: http://u:sesame@h/\r\n\r\n")
	html := v.until("card complete")
	page := send(t, addr, "GET /wall HTTP/1.0\r\n\r\n")
	one := send(t, addr, "GET /wall/2 HTTP/1.0\r\n\r\n")
	for name, text := range map[string]string{"event": html, "page": page, "explained": one} {
		if strings.Contains(text, secret) || strings.Contains(text, "sesame") || !strings.Contains(text, "****") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// What a client sends is never an element of the page.
func TestMarkupIsText(t *testing.T) {
	_, addr := serveWall(t)
	const markup = "<img src=x onerror=alert(1)>"
	send(t, addr, "POST /echo HTTP/1.0\r\nX: "+markup+"\r\nContent-Length: 28\r\n\r\n"+markup)
	send(t, addr, markup+"\r\n\r\n")
	for _, target := range []string{"/wall", "/wall?filter=" + strings.ReplaceAll(markup, " ", "+"),
		"/wall/1", "/wall/2"} {
		got := send(t, addr, "GET "+strings.NewReplacer("<", "%3C", ">", "%3E").Replace(target)+" HTTP/1.0\r\n\r\n")
		if !strings.HasPrefix(got, "HTTP/1.0 200 ") || !strings.Contains(got, ": no-store\r\n") || strings.Contains(got, "<img") {
			t.Errorf("%s: %s", target, got)
		}
	}
}

// Pipelined requests are exchanges of their own, with their own octets, even if one read brings more
// octets than the wall keeps of a request.
func TestPipelined(t *testing.T) {
	w, addr := serveWall(t)
	request := func(i int) string {
		long := strings.Repeat("x", 2*keptOctets) // makes the server read many octets at once
		if i > 0 {
			long = long[:keptOctets/10]
		}
		return fmt.Sprintf("POST /echo?%02d HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\nX: %s\r\n\r\n%02[1]d",
			i, long)
	}
	const n = 20
	c := dial(t, addr)
	var all strings.Builder
	for i := range n {
		all.WriteString(request(i))
	}
	io.WriteString(c, all.String()+"GET /echo HTTP/1.0\r\n\r\n")
	if _, err := io.ReadAll(c); err != nil {
		t.Fatal(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.exchanges) != n+1 {
		t.Fatalf("%d exchanges", len(w.exchanges))
	}
	for i, e := range w.exchanges[:n] {
		if want := request(i); string(e.request.octets) != want[:min(len(want), keptOctets)] ||
			e.request.length != int64(len(want)) ||
			!strings.HasSuffix(string(e.response.octets), fmt.Sprintf("\r\n\r\n%02d", i)) ||
			e.left != 0 || e.ended.IsZero() {
			t.Errorf("exchange %d: %q\n%q, %d octets left", i, e.request.octets, e.response.octets, e.left)
		}
	}
}

// Memory is bounded: for a wall that has seen much, and for one long message.
func TestBounds(t *testing.T) {
	foreign.Short(t)
	w, addr := serveWall(t)
	for range 3 * keptExchanges {
		send(t, addr, "GET /echo HTTP/1.0\r\n\r\n")
	}
	send(t, addr, "POST /echo HTTP/1.0\r\nContent-Length: 1000000\r\n\r\n"+strings.Repeat("x", 1_000_000))
	w.mu.Lock()
	last := w.exchanges[len(w.exchanges)-1]
	if len(w.exchanges) != keptExchanges || len(last.request.octets) != keptOctets ||
		len(last.response.octets) != keptOctets || last.request.length < 1_000_000 {
		t.Errorf("%d exchanges; %d and %d octets of %d", len(w.exchanges), len(last.request.octets),
			len(last.response.octets), last.request.length)
	}
	w.mu.Unlock()
	if page := send(t, addr, "GET /wall HTTP/1.0\r\n\r\n"); !strings.Contains(page, "octets more, not shown") {
		t.Error("the page does not say that octets are missing")
	}
}

// Responses to connections on which nothing was received are bounded too.
func TestNothingReceived(t *testing.T) {
	w := New()
	for range 2 * keptExchanges {
		c := w.Opened("peer")
		c.Responded(503, 10, nil)
		c.Closed()
	}
	if n := len(w.exchanges); n != keptExchanges {
		t.Errorf("%d exchanges are kept", n)
	}
}

// waitFor waits until a condition holds.
func waitFor(t *testing.T, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for limit := time.Now().Add(time.Minute); !holds(); <-tick.C {
		if time.Now().After(limit) {
			t.Fatal("it never happened")
		}
	}
}

// A viewer beyond the last takes the place of the oldest one, whose stream ends, and which comes again after a
// while. The place of a viewer that is gone is free.
func TestViewersAreLimited(t *testing.T) {
	t.Parallel()
	w, addr := serveWall(t)
	var streams []*bufio.Reader
	var conns []net.Conn
	for range maxViewers + 1 {
		c := dial(t, addr)
		io.WriteString(c, "GET /wall/events HTTP/1.0\r\n\r\n")
		stream := bufio.NewReader(c)
		if line, err := stream.ReadString('\n'); !strings.Contains(line, " 200 ") {
			t.Fatal(line, err)
		}
		conns, streams = append(conns, c), append(streams, stream)
	}
	if rest, err := io.ReadAll(streams[0]); err != nil || !strings.HasSuffix(string(rest), "\n\nretry: 30000\n\n") {
		t.Errorf("the stream of the oldest: %q, %v", rest, err)
	}
	w.mu.Lock()
	viewers := len(w.viewers)
	w.mu.Unlock()
	if viewers != maxViewers {
		t.Errorf("%d viewers", viewers)
	}
	for _, c := range conns {
		c.Close()
	}
	waitFor(t, func() bool { // the server notices when it sends the next event
		send(t, addr, "GET /echo HTTP/1.0\r\n\r\n")
		w.mu.Lock()
		defer w.mu.Unlock()
		return len(w.viewers) == 0
	})
}

// Few pages are made at the same time, because a page can take much memory. If too many clients wait for theirs,
// the next one gets 503.
func TestPagesAreLimited(t *testing.T) {
	_, addr := serveWall(t)
	release := make(chan struct{})
	var all sync.WaitGroup
	for range pages.Cap() {
		all.Go(func() { pages.Do(func() { <-release }) })
	}
	waitFor(t, func() bool { return pages.Len() == pages.Cap() })
	for _, path := range []string{"/wall", "/wall/1"} {
		if got := send(t, addr, "GET "+path+" HTTP/1.0\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.0 503 ") {
			t.Errorf("%s: %s", path, got)
		}
	}
	close(release)
	all.Wait()
	if got := send(t, addr, "GET /wall HTTP/1.0\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.0 200 ") {
		t.Errorf("afterwards: %.100s", got)
	}
}

// An event comes soon after its cause, and events of one viewer have a pause between them.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := New()
		e := w.newViewer()
		e.Next(nil)
		c := w.Opened("peer")
		start := time.Now()
		time.AfterFunc(time.Second, func() { c.Received([]byte("GET")) })
		octets, ok := e.Next(nil)
		if took := time.Since(start) - time.Second; !ok || took > 50*time.Millisecond || !bytes.Contains(octets, []byte("GET")) {
			t.Errorf("%v later: %q", took, octets)
		}
		start = time.Now()
		for range 100 {
			c.Received([]byte("x"))
		}
		octets, _ = e.Next(nil)
		if took := time.Since(start); took != pause || bytes.Count(octets, []byte("data: ")) != 1 {
			t.Errorf("%v later: %q", took, octets)
		}
		start = time.Now()
		octets, _ = e.Next(nil)
		if took := time.Since(start); took != heartbeat || string(octets) != ":\n\n" {
			t.Errorf("%v later: %q", took, octets)
		}
		stop := make(chan struct{})
		time.AfterFunc(time.Second, func() { close(stop) })
		if _, ok := e.Next(stop); ok {
			t.Error("a stop does not end the stream")
		}
	})
}

// In a rush a viewer is sent a few exchanges a second, and is told how many are missing. After it all
// are shown again.
func TestRush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := New()
		v := w.newViewer()
		v.Next(nil)
		c := w.Opened("peer")
		exchange := func() {
			c.Received([]byte("GET / HTTP/1.0\r\n\r\n"))
			c.Responded(200, 17, nil)
			c.Sent([]byte("HTTP/1.0 200 OK\r\n"))
		}
		end := time.Now().Add(10 * time.Second)
		go func() {
			for ; time.Now().Before(end); time.Sleep(time.Millisecond) {
				exchange()
			}
		}()
		shown, missing := 0, 0
		for time.Now().Before(end) {
			octets, _ := v.Next(nil)
			shown += bytes.Count(octets, []byte("data: {"))
			if _, after, ok := bytes.Cut(octets, []byte("event: skipped\ndata: ")); ok {
				n, _ := strconv.Atoi(string(after[:bytes.IndexByte(after, '\n')]))
				missing += n
			}
		}
		if shown > 150 || missing < 9000 {
			t.Errorf("%d of 10000 shown, %d missing", shown, missing)
		}
		time.Sleep(3 * rushPause)
		v.Next(nil)
		for range 3 {
			exchange()
		}
		octets, _ := v.Next(nil)
		if n := bytes.Count(octets, []byte("data: {")); n != 3 {
			t.Errorf("%d of 3 shown after the rush", n)
		}
	})
}

// Many requests that change all the time are a rush too, though none begins: a viewer is sent a few of them each
// second. A request of another host is among these.
func TestRushOfChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := New()
		var slow []httpd.Watch
		for i := range keptExchanges - 1 {
			slow = append(slow, w.Opened(fmt.Sprint("192.0.2.1:", i+1)))
		}
		slow = append(slow, w.Opened("[2001:db8::2]:1"))
		v := w.newViewer()
		v.Next(nil)
		end := time.Now().Add(10 * time.Second)
		go func() {
			for ; time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
				for _, c := range slow {
					c.Received([]byte("x"))
				}
			}
		}()
		shown, quiet := 0, 0
		for time.Now().Before(end) {
			octets, _ := v.Next(nil)
			shown += bytes.Count(octets, []byte("data: {"))
			quiet += bytes.Count(octets, []byte("data-find=\\\"[2001:db8::2]"))
		}
		if most := 2*keptExchanges + 10*mostInARush; shown > most || quiet < 10 {
			t.Errorf("%d shown, at most %d are right; %d of the other host", shown, most, quiet)
		}
	})
}

// A new viewer that gets all exchanges is not in a rush.
func TestFirstNews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := New()
		for range keptExchanges {
			w.Opened("peer").Received([]byte("GET"))
		}
		v := w.newViewer()
		v.Next(nil)
		v.Next(nil)
		for range 2 * mostInARush {
			w.Opened("peer").Received([]byte("GET"))
		}
		octets, _ := v.Next(nil)
		if n := bytes.Count(octets, []byte("data: {")); n != 2*mostInARush {
			t.Errorf("%d of %d shown", n, 2*mostInARush)
		}
	})
}

// A client that floods the server does not push the exchange of another host off the wall, and does not hide it in
// a rush.
func TestFlood(t *testing.T) {
	w := New()
	v := w.newViewer()
	for i := range 10 * keptExchanges {
		peer, request := fmt.Sprint("192.0.2.1:", i+1), fmt.Sprintf("GET /flood/%d HTTP/1.0\r\n\r\n", i)
		if i == keptExchanges {
			peer, request = "[2001:db8::2]:1", "GET /quiet HTTP/1.0\r\n\r\n"
		}
		w.Opened(peer).Received([]byte(request))
	}
	last := fmt.Sprintf("GET /flood/%d ", 10*keptExchanges-1)
	for _, page := range []string{string(w.page("")), string(w.newest(v.lastSent.version, mostInARush).events)} {
		if strings.Count(page, "GET /quiet ") == 0 || !strings.Contains(page, last) {
			t.Errorf("the exchange of the other host, or the last one, is missing in %.300s", page)
		}
	}
	if len(w.exchanges) != keptExchanges || len(w.newest(0, mostInARush).ids) != mostInARush {
		t.Errorf("%d exchanges are kept, and %d are shown in a rush", len(w.exchanges), len(w.newest(0, mostInARush).ids))
	}
}

// In a rush, all viewers are sent what was made for the first of them.
func TestViewersShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := New()
		a, b := w.newViewer(), w.newViewer()
		a.rush, b.rush = true, true
		take := func(v *viewer) string {
			w.Opened("peer").Received([]byte("GET"))
			w.Opened("peer").Received([]byte("GET /wall HTTP/1.0\r\n")) // is not missing: it is hidden
			time.Sleep(rushPause / 4)
			return string(v.nextEvents())
		}
		first, second, third := take(a), take(b), take(a)
		if n := strings.Count(first, "data: {"); n != 1 || second != first || third == first ||
			strings.Contains(first+third, "skipped") {
			t.Errorf("the first viewer was sent %s\nthe second %s\nand the first again %s", first, second, third)
		}
	})
}

// News are made for one viewer at a time, because they can take 10 MiB and more. The next viewer does not wait until
// they are sent.
func TestNewsOneAtATime(t *testing.T) {
	w := New()
	v := w.newViewer()
	w.Opened("peer").Received([]byte("GET"))
	others := func() bool { // whether news can be made for another viewer
		free := w.making.TryLock()
		if free {
			w.making.Unlock()
		}
		return free
	}
	begun, release, taken := make(chan struct{}), make(chan struct{}), make(chan struct{})
	card := w.exchanges[0].card
	go card.once.Do(func() { close(begun); <-release })
	<-begun
	go func() { v.nextEvents(); close(taken) }() // the news need the card
	waitFor(t, func() bool { return !others() })
	close(release)
	<-taken
	if !others() {
		t.Error("the next viewer has to wait")
	}
}

// pipes is a listener whose connections have no buffers, so that a client that does not read is
// noticed at once.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error   { close(p.closed); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// A viewer that does not read loses its place.
func TestDeafViewer(t *testing.T) {
	t.Parallel()
	l := pipes{make(chan net.Conn), make(chan struct{})}
	limits := httpd.DefaultLimits
	limits.SendTime = 100 * time.Millisecond
	w := serveOn(t, l, limits)
	deaf, server := net.Pipe()
	defer deaf.Close()
	l.conns <- server
	io.WriteString(deaf, "GET /wall/events HTTP/1.0\r\n\r\n")
	if line, err := bufio.NewReader(deaf).ReadString('\n'); !strings.Contains(line, " 200 ") {
		t.Fatal(line, err)
	}
	viewers := func() int { w.mu.Lock(); defer w.mu.Unlock(); return len(w.viewers) }
	if n := viewers(); n != 1 {
		t.Errorf("%d viewers", n)
	}
	waitFor(t, func() bool { return viewers() == 0 })
}

// The filter finds the name of a student, which is the User-Agent, even if another line is wrong.
func TestFilter(t *testing.T) {
	_, addr := serveWall(t)
	send(t, addr, "GET /echo HTTP/1.0\r\nUser-Agent: anna\r\n\r\n")
	send(t, addr, "GET /echo HTTP/1.0\r\nUser-Agent: carl\r\nA B: c\r\n\r\n")
	send(t, addr, "GET  /echo HTTP/1.0\r\nHost: h\r\nuser-agent:dora \r\n\r\n")
	send(t, addr, "\r\nGET /echo HTTP/1.0\nUser-Agent: emil\n\n")
	send(t, addr, "POST /echo HTTP/1.0\r\nContent-Length: 20\r\n\r\n\nUser-Agent: nobody\n")
	for filter, shown := range map[string]string{"anna": "anna", "carl": "carl", "dora": "dora", "Emil": "emil",
		"GET": "anna, carl, dora, emil", "/ECHO": "anna, carl, dora, emil", "127.0.0.1": "anna, carl, dora, emil", "ben": ""} {
		page := send(t, addr, "GET /wall?filter="+filter+" HTTP/1.0\r\n\r\n")
		for _, name := range []string{"anna", "carl", "dora", "emil", "nobody"} {
			if got := strings.Contains(page, "("+name+")"); got != strings.Contains(shown, name) {
				t.Errorf("filter %s: %s is shown: %v", filter, name, got)
			}
		}
	}
}

// A card stays on the screen as long as its exchange waits and is kept, while others come. The script removes the cards
// of exchanges that have ended.
func TestCardsStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := New()
		v := w.newViewer()
		v.Next(nil)
		w.Opened("slow").Received([]byte("GET /slow"))
		v.Next(nil)
		for i := range keptExchanges {
			c := w.Opened("fast")
			c.Received([]byte("GET /fast HTTP/1.0\r\n\r\n"))
			c.Closed()
			octets, _ := v.Next(nil)
			want := "" // the slow one is not kept after the last
			if i == keptExchanges-1 {
				want = "event: gone\ndata: 1\n\n"
			}
			if _, end, _ := bytes.Cut(octets, []byte("}\n\n")); string(end) != want {
				t.Errorf("after %d others: %q, want %q", i+1, end, want)
			}
		}
		c := w.Opened("peer")
		c.Received([]byte("GET"))
		if octets, _ := v.Next(nil); bytes.Contains(octets, []byte("gone")) {
			t.Errorf("an exchange that has ended is gone: %q", octets)
		}
		gone := fmt.Appendf(nil, "event: gone\ndata: %d\n\n", w.last)
		c.Closed() // which is not among the newest changes
		for range mostInARush {
			w.Opened("fast").Received([]byte("GET"))
		}
		v.rush = true
		if octets, _ := v.Next(nil); !bytes.Contains(octets, gone) {
			t.Errorf("in a rush: %q lacks %q", octets, gone)
		}
	})
}

// A card whose exchange has changed after the news were made for another viewer stays until the next news.
func TestSharedNewsAreOlder(t *testing.T) {
	w := New()
	v, first := w.newViewer(), w.newViewer()
	slow := w.Opened("slow")
	slow.Received([]byte("GET"))
	v.nextEvents()
	first.nextEvents()
	w.Opened("fast").Received([]byte("GET"))
	v.rush, first.rush = true, true
	first.nextEvents()
	slow.Received([]byte(" /"))
	if events := v.nextEvents(); bytes.Contains(events, []byte("event: gone")) {
		t.Errorf("the card is gone: %q", events)
	}
	if events := v.nextEvents(); !bytes.Contains(events, []byte(`"id":1`)) {
		t.Errorf("the change is not sent: %q", events)
	}
}

// When a rush is over, no card says that a request waits which has ended.
func TestOvertaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := New()
		v := w.newViewer()
		v.Next(nil)
		waits := make(map[int64]bool) // whether a card on the screen says so
		take := func() {
			octets, _ := v.Next(nil)
			for _, event := range strings.SplitAfter(string(octets), "\n\n") {
				var shown struct {
					ID   int64
					HTML string
				}
				if data, ok := strings.CutPrefix(event, "data: "); ok && json.Unmarshal([]byte(data), &shown) == nil {
					waits[shown.ID] = strings.Contains(shown.HTML, "card waits")
				} else if id, ok := strings.CutPrefix(event, "event: gone\ndata: "); ok {
					n, _ := strconv.ParseInt(strings.TrimSpace(id), 10, 64)
					delete(waits, n)
				}
			}
		}
		slow, last := w.Opened("slow"), w.Opened("last")
		slow.Received([]byte("GET / HTTP/1.0\r\n"))
		take()
		end := time.Now().Add(5 * time.Second)
		go func() {
			for ; time.Now().Before(end); time.Sleep(time.Millisecond) {
				c := w.Opened("fast")
				c.Received([]byte("GET / HTTP/1.0\r\n\r\n"))
				time.AfterFunc(5*time.Millisecond, c.Closed)
			}
			last.Received([]byte("GET / HTTP/1.0\r\n"))
		}()
		time.AfterFunc(2*time.Second, slow.Closed)
		for time.Now().Before(end.Add(3 * rushPause)) {
			take()
		}
		for id, waiting := range waits {
			if waiting != (id == w.last) {
				t.Errorf("the card of %d waits: %v", id, waiting)
			}
		}
		if !waits[w.last] {
			t.Error("the last one waits, and has no card that says so")
		}
	})
}

// The README has the limits of the wall.
func TestReadmeHasLimits(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := strings.Join(strings.Fields(string(text)), " ")
	for _, want := range []string{
		fmt.Sprintf("It keeps %d exchanges and %d KiB of each message, and has %d viewers at most:",
			keptExchanges, keptOctets>>10, maxViewers),
		fmt.Sprintf("A viewer that closes the page keeps its place for %.0f s at most.", 2*heartbeat.Seconds()),
		fmt.Sprintf("the page has the last %d exchanges", keptExchanges),
		fmt.Sprintf("When more than %d requests a second come", rushRate),
	} {
		if !strings.Contains(readme, want) {
			t.Errorf("the README does not say: %s", want)
		}
	}
}

// An eager conn reports the end of its input together with the last octets, as crypto/tls does.
type eager struct {
	net.Conn
	reads []string
	sent  bytes.Buffer
}

func (e *eager) Read(p []byte) (n int, err error) {
	n = copy(p, e.reads[0])
	if e.reads = e.reads[1:]; len(e.reads) == 0 {
		e.reads, err = []string{""}, io.EOF
	}
	return n, err
}

func (e *eager) Write(p []byte) (int, error) { return e.sent.Write(p) }

// 100 (Continue) can be sent together with the response, when the body cannot come any more.
func TestContinueLate(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	c := &eager{Conn: theirs, reads: []string{"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
		"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"}}
	w := New()
	var log bytes.Buffer
	s := &httpd.Server{Limits: httpd.DefaultLimits, Watcher: w, Handler: rest.New([]rest.Route{echo}),
		Log: slog.New(slog.NewTextHandler(&log, nil))}
	s.ServeConn(c)
	if got := c.sent.String(); !strings.Contains(got, "100 Continue") || !strings.Contains(got, " 400 ") ||
		strings.Contains(log.String(), "panic") {
		t.Errorf("sent %q, log %s", got, log.String())
	}
}

// A message whose octets take many elements each does not make a card that a browser cannot show. The explained
// page has all that is kept of it.
func TestCardsAreShort(t *testing.T) {
	for name, body := range map[string]string{"line ends": strings.Repeat("\r\n", 2000), "tabs": strings.Repeat("\t", 4000),
		"fields": strings.Repeat("A:b\r\n", 90) + "\r\n", "NUL": strings.Repeat("\x00", 4000)} {
		w := New()
		c := w.Opened("peer")
		c.Received([]byte("POST / HTTP/1.0\r\nContent-Length: 4000\r\n\r\n" + body))
		c.Responded(200, -1, nil)
		c.Sent([]byte("HTTP/1.0 200 OK\r\n" + body))
		c.Closed()
		all, _ := w.snapshot()
		if card := all[0].html(); len(card) > 2*mostHTML+4<<10 || !strings.Contains(card, "HTTP/1.0") {
			t.Errorf("%s: a card of %d octets: %.500s", name, len(card), card)
		}
		if page := string(all[0].explained()); strings.Contains(page, "not shown") != (name == "NUL") {
			t.Errorf("%s: the explained page leaves octets out: %s", name, page)
		}
	}
}
