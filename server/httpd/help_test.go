package httpd

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rawhttp/httpwire"
)

// handlerFunc is a Handler for tests.
type handlerFunc func(*httpwire.Request, *httpwire.Response)

func (f handlerFunc) Handle(req *httpwire.Request, resp *httpwire.Response) { f(req, resp) }

func (f handlerFunc) Knows(req *httpwire.Request) bool {
	return slices.Contains(strings.Fields("GET HEAD POST PUT DELETE OPTIONS"), string(req.Method))
}

// echo responds with what it was asked, so that a test sees what the handler saw.
var echo = handlerFunc(func(req *httpwire.Request, resp *httpwire.Response) {
	resp.Code = 200
	resp.Fields = resp.Fields.Add([]byte("Content-Type"), []byte("text/plain"))
	resp.Body = []byte(string(req.Method) + " " + string(req.Path()) + " [" + string(req.Body) + "]\n")
})

// start serves on a free port of the loopback until the test ends, and checks that it ends well.
func start(t *testing.T, s *Server) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serve(t, s, l)
	return l.Addr().String()
}

func serve(t *testing.T, s *Server, l net.Listener) {
	if s.Limits.Conns == 0 {
		s.Limits = DefaultLimits
	}
	if s.Name == "" {
		s.Name = "test/1"
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- s.Serve(ctx, time.Second, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
		if n := s.open.Load(); n != 0 {
			t.Errorf("%d connections are left", n)
		}
	})
}

func dial(t *testing.T, addr string) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(2 * time.Minute)) // more than any test needs, even on a busy machine
	return c.(*net.TCPConn)
}

// talk sends octets and returns all that comes back until the server closes.
func talk(t *testing.T, addr, octets string) string {
	t.Helper()
	c := dial(t, addr)
	if _, err := io.WriteString(c, octets); err != nil {
		t.Fatal(err)
	}
	return readAll(t, c)
}

func readAll(t *testing.T, c net.Conn) string {
	t.Helper()
	got, err := io.ReadAll(c)
	if err != nil {
		t.Fatalf("after %q: %v", got, err)
	}
	return string(got)
}

// responses takes octets apart into responses and checks what holds for every one of them.
func responses(t *testing.T, octets, method string) []httpwire.Response {
	t.Helper()
	var all []httpwire.Response
	for b := []byte(octets); len(b) > 0; {
		var resp httpwire.Response
		n, err := httpwire.ConsumeResponseHead(b, &resp)
		if err != nil {
			t.Fatalf("the response does not parse: %v in %q", err, b)
		}
		if resp.Code == 100 {
			b = b[n:]
			continue
		}
		checkHead(t, string(b[:n]), &resp)
		framing, err := resp.Framing([]byte(method))
		length := framing.Length
		if err != nil || length > int64(len(b)-n) {
			t.Fatalf("body of %d octets, %v, in %q", length, err, b)
		}
		if framing.Ending >= httpwire.EndsAfterChunks {
			length = int64(len(b) - n)
		}
		resp.Body = b[n : n+int(length)]
		b = b[n+int(length):]
		all = append(all, resp)
	}
	return all
}

var product = regexp.MustCompile(`^[\w.-]+(/[\w.-]+)?$`)

func checkHead(t *testing.T, head string, resp *httpwire.Response) {
	t.Helper()
	if !strings.HasPrefix(head, "HTTP/1.0 ") || len(resp.Reason) == 0 {
		t.Errorf("1945-3.1-e: status-line of %q", head)
	}
	if strings.Count(head, "\r") != strings.Count(head, "\n") ||
		strings.Count(head, "\r\n") != strings.Count(head, "\n") {
		t.Errorf("1945-2.2-a: line ends of %q", head)
	}
	if _, err := httpwire.ParseDate(resp.Fields.Get("Date"), time.Now()); err != nil {
		t.Errorf("9110-6.6.1-a: Date %q: %v", resp.Fields.Get("Date"), err)
	}
	if server := resp.Fields.Get("Server"); !product.Match(server) || len(server) >= 64 {
		t.Errorf("1945-3.7-a: Server %q", server)
	}
	if resp.Fields.Get("Content-Type") == nil && string(resp.Fields.Get("Content-Length")) != "0" &&
		resp.Code != 204 && resp.Code != 304 {
		t.Errorf("1945-7.2.1-a: no Content-Type in %q", head)
	}
	if resp.Fields.Get("Keep-Alive") != nil && !resp.Fields.Has("Connection", "keep-alive") {
		t.Errorf("2068-19.7.1.1-b: %q", head)
	}
	var order []string
	for _, f := range resp.Fields {
		order = append(order, string(f.Name))
	}
	fields := strings.Join(order, " ")
	if !strings.HasPrefix(fields, "Date Connection Server ") {
		t.Errorf("1945-4.2-e: fields in the order %s", fields)
	}
	switch bodiless := resp.Code == 204 || resp.Code == 304; {
	case bodiless == (string(resp.Fields.Get("X-Content-Type-Options")) == "nosniff"):
		t.Errorf("nosniff in %q", head)
	case bodiless && resp.Fields.Get("Content-Length") != nil:
		t.Errorf("9110-8.6-c: %q", head)
	case !bodiless && resp.Fields.Get("Content-Length") == nil:
		t.Errorf("9112-6.3-g: %q", head)
	}
}

// notes are octets that one goroutine writes and another one reads.
type notes struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.b.Write(p)
}

func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.b.String()
}

// logOf makes s log into what is returned.
func logOf(s *Server) *notes {
	log := new(notes)
	s.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "peer" {
				return slog.Attr{}
			}
			return a
		}}))
	return log
}
