package httpd

import (
	"io"
	"strings"
	"testing"

	"rawhttp/httpwire"
)

// A request that ends too early is refused, and the response says what is missing. It is never handled.
func TestCutOff(t *testing.T) {
	addr := start(t, &Server{Handler: handlerFunc(func(
		req *httpwire.Request, resp *httpwire.Response,
	) {
		t.Error("handled")
	})})
	for _, tt := range []struct{ name, send, words string }{
		{"9112-8-a in the head", "GET / HTTP/1.0\r\nHost: x", "field-value"},
		{"9110-5.3-b before the empty line", "GET / HTTP/1.0\r\n", "empty line"},
		{"9112-6.3-e in the body", "POST / HTTP/1.0\r\nContent-Length: 100\r\n\r\n12345678901234567890",
			"80 more"},
		{"9112-6.3-e in a long body", "POST / HTTP/1.0\r\nContent-Length: 9000\r\n\r\n" +
			strings.Repeat("x", 5000), "4000 more"},
		{"in a line that breaks a rule", "GET / HTTP/1.0\r\nHo st", "in the name of a field"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := dial(t, addr)
			io.WriteString(c, tt.send)
			c.CloseWrite()
			got := readAll(t, c)
			if !strings.HasPrefix(got, "HTTP/1.0 400 ") || !strings.Contains(got, tt.words) {
				t.Errorf("got %q", got)
			}
		})
	}
}

// 1945-4.1-b: what is nearly a Simple-Request is refused with a status-line, in any segmentation.
func TestNearlySimple(t *testing.T) {
	addr := start(t, &Server{Handler: echo})
	for _, send := range []string{"GET /x\rX", "GET /x\r", "HEAD /x\r\n", "GET  /x\r\n"} {
		c := dial(t, addr)
		io.WriteString(c, send)
		c.CloseWrite()
		if got := readAll(t, c); !strings.HasPrefix(got, "HTTP/1.0 400 ") {
			t.Errorf("%q: %q", send, got)
		}
	}
}

// 1945-7.2-c: a HEAD that breaks off has no body in its response, wherever its octets lie by then.
func TestBrokenHead(t *testing.T) {
	addr := start(t, &Server{Handler: echo})
	c := dial(t, addr)
	io.WriteString(c, "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
	first := make([]byte, 4096)
	n, err := c.Read(first)
	if err != nil {
		t.Fatal(err)
	}
	responses(t, string(first[:n]), "GET")
	io.WriteString(c, "HEAD / HTTP/1.0\r\nX: "+strings.Repeat("a", 3000))
	c.CloseWrite()
	if got := readAll(t, c); !strings.HasPrefix(got, "HTTP/1.0 400 ") ||
		!strings.HasSuffix(got, "\r\n\r\n") {
		t.Errorf("got %q", got)
	}
}

// An empty line after the last request, as some clients send it, gets no response.
func TestStrayCRLF(t *testing.T) {
	addr := start(t, &Server{Handler: echo})
	c := dial(t, addr)
	io.WriteString(c, "POST /x HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nab\r\n")
	c.CloseWrite()
	if got := responses(t, readAll(t, c), "GET"); len(got) != 1 || got[0].Code != 200 {
		t.Errorf("%d responses", len(got))
	}
}
