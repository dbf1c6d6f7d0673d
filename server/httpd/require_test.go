package httpd

import (
	"context"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"rawhttp/httpwire"
)

// Requirements of the RFCs that are about every server, one by one.

// 1945-7.2-e, 9110-8.6-c: a response without a body says so, and says nothing if its code has none.
func TestEmptyAnswer(t *testing.T) {
	for code, want := range map[int]bool{200: true, 201: true, 404: true, 503: true, 204: false} {
		addr := start(t, &Server{Handler: handlerFunc(
			func(_ *httpwire.Request, resp *httpwire.Response) { resp.Code = code })})
		got := talk(t, addr, "GET /x HTTP/1.0\r\n\r\n")
		says := strings.Contains(got, "\r\nContent-Length: 0\r\n")
		if says != want || !strings.HasSuffix(got, "\r\n\r\n") {
			t.Errorf("%d: got %q", code, got)
		}
	}
}

// 1945-7.2.2-d: without a length there is no body to wait for, though the connection is open. The response says
// how many octets came, because that is most likely the length.
func TestNoLength(t *testing.T) {
	addr := start(t, &Server{Handler: echo})
	for _, method := range []string{"POST", "PUT"} {
		got := talk(t, addr, method+" /x HTTP/1.0\r\nContent-Type: application/json\r\n\r\n{\"ID\":3}")
		all := responses(t, got, method)
		if len(all) != 1 || all[0].Code != 411 ||
			!strings.Contains(string(all[0].Body), "Content-Length: 8") {
			t.Errorf("%s: got %q", method, got)
		}
		got = talk(t, addr, method+" /x HTTP/1.0\r\n\r\n"+strings.Repeat("a", 8<<10)) // more than one read
		if strings.Count(got, "Content-Length: ") != 1 {
			t.Errorf("%s: the response counts a part of the body: %q", method, got)
		}
	}
}

// A client can send a line in pieces. If a fault comes before the end of the line, the advice is not half of
// the line put right.
func TestHalfLine(t *testing.T) {
	addr := start(t, &Server{Handler: echo})
	for _, row := range []struct{ line, half string }{
		{"GET  /address", "GET /address HTTP/1.0\n"},
		{"GET /a HTTP/1.0\r\nContent-Length 1", "Content-Length: 1\n"},
		{"GET /a HTTP/1.0\r\n Host: local", "Host: local\n"},
	} {
		got := talk(t, addr, row.line)
		if !strings.HasPrefix(got, "HTTP/1.0 400 ") || strings.Contains(got, row.half) {
			t.Errorf("%q: got %q", row.line, got)
		}
	}
}

// 1945-12.4-a: the Server field has the name of the options, or there is none.
func TestServerName(t *testing.T) {
	for _, name := range []string{"", "a", "a/1.0 b"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		s := &Server{Handler: echo, Limits: DefaultLimits, Name: name}
		go func() { ended <- s.Serve(ctx, time.Second, l) }()
		got := talk(t, l.Addr().String(), "GET /x HTTP/1.0\r\n\r\n")
		want := "\r\nServer: " + name + "\r\n"
		if name == "" && strings.Contains(got, "Server") || name != "" && !strings.Contains(got, want) {
			t.Errorf("called %q: got %q", name, got)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// A name that no Server field can have is an error of Serve. ServeConn does not check it: then no response can be
// sent, so the connection ends, and neither the log nor the metrics say that a response was sent.
func TestInvalidServerName(t *testing.T) {
	for _, name := range []string{"a\r\nSet-Cookie: x", " a", "a ", "a\x00"} {
		s := &Server{Handler: echo, Limits: DefaultLimits, Name: name}
		log := logOf(s)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.Serve(ctx, time.Second); err == nil || !strings.Contains(err.Error(), strconv.Quote(name)) {
			t.Errorf("Serve with the name %q: %v", name, err)
		}
		m := newMemory([]byte("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), 2)
		s.ServeConn(m)
		if n := s.metrics.responses[500].Load(); n != 0 || m.written != 0 || m.reads != 1 {
			t.Errorf("name %q: %d responses of %d octets are counted, and %d requests are left",
				name, n, m.written, m.reads)
		}
		if got := log.String(); strings.Contains(got, "status=") || !strings.Contains(got, "level=ERROR") {
			t.Errorf("name %q: the log says %s", name, got)
		}
	}
}

// 9112-3.2.2-b: the host of the target counts. The Host field must be valid, and is ignored otherwise.
func TestAuthorityWins(t *testing.T) {
	addr := start(t, &Server{Handler: handlerFunc(
		func(req *httpwire.Request, resp *httpwire.Response) {
			resp.Code = 200
			resp.Fields = resp.Fields.Add([]byte("Content-Type"), []byte("text/plain"))
			resp.Body = []byte(string(req.Authority()) + " " + string(req.Path()))
		})})
	for _, tt := range []struct{ name, send, want string }{
		{"another host", "GET http://a/x HTTP/1.0\r\nHost: b\r\n\r\n", "\r\n\r\na /x"},
		{"with a port", "GET http://a:81/x HTTP/1.0\r\nHost: a\r\n\r\n", "\r\n\r\na:81 /x"},
		{"in 1.1", "GET http://a/x HTTP/1.1\r\nHost: b\r\n\r\n", "\r\n\r\na /x"},
		{"in 1.1 without Host", "GET http://a/x HTTP/1.1\r\n\r\n", "400 Bad Request"},
		{"ill-formed Host", "GET http://a/x HTTP/1.0\r\nHost: a b\r\n\r\n", "400 Bad Request"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := talk(t, addr, tt.send); !strings.Contains(got, tt.want) {
				t.Errorf("got %q", got)
			}
		})
	}
}

// 9110-17.5-a: a part without an end is refused at its limit, and the refusal arrives while the client
// still sends.
func TestEndless(t *testing.T) {
	addr := start(t, &Server{Handler: echo})
	const much = 4 << 20 // more than any limit, less than is read and thrown away before closing
	for _, tt := range []struct{ name, send, more, want string }{
		{"method", "", "A", "414"},
		{"target", "GET /", "a", "414"},
		{"version", "GET / HTTP/1.0", " ", "400"},
		{"name", "GET / HTTP/1.0\r\n", "A", "431"},
		{"value", "GET / HTTP/1.0\r\nX: ", "a", "431"},
		{"fields", "GET / HTTP/1.0\r\n", "X: y\r\n", "431"},
		{"body", "POST / HTTP/1.0\r\nContent-Length: 4194304\r\n\r\n", "a", "413"},
		{"empty lines", "", "\r\n", "400"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := dial(t, addr)
			sent := make(chan error)
			go func() {
				_, err := io.WriteString(c, tt.send+strings.Repeat(tt.more, much/len(tt.more)))
				sent <- err
			}()
			if got := readAll(t, c); !strings.HasPrefix(got, "HTTP/1.0 "+tt.want+" ") {
				t.Errorf("got %.200q", got)
			}
			if err := <-sent; err != nil {
				t.Error(err)
			}
		})
	}
}

// 9112-6.1-b, 9112-3.2-e, 9112-5.1-a, 9112-5.2-b: a head that could be read in two ways is refused,
// and nothing after it is read, though the client asks to go on.
func TestTwoReadings(t *testing.T) {
	addr := start(t, &Server{Handler: handlerFunc(func(*httpwire.Request, *httpwire.Response) {
		t.Error("handled")
	})})
	const length, keep = "Content-Length: 4\r\n", "Connection: keep-alive\r\n"
	for _, version := range []string{"1.0", "1.1"} {
		for name, fields := range map[string]string{
			"coding and length":         "Transfer-Encoding: chunked\r\n" + length,
			"length and coding":         length + "Transfer-Encoding: chunked\r\n",
			"capitals":                  length + "TRANSFER-ENCODING: CHUNKED\r\n",
			"identity":                  length + "Transfer-Encoding: identity\r\n",
			"coding without a name":     length + "Transfer-Encoding:\r\n",
			"vertical tab":              length + "Transfer-Encoding: \vchunked\r\n",
			"space before the colon":    length + "Transfer-Encoding : chunked\r\n",
			"fold":                      length + "Transfer-Encoding:\r\n chunked\r\n",
			"fold that hides a length":  "X: a\r\n " + length,
			"length with a space":       "Content-Length : 4\r\n" + length,
			"length with a tab":         "Content-Length\t: 4\r\n",
			"two lengths":               length + "Content-Length: 44\r\n",
			"the same length twice":     length + length,
			"list of lengths":           "Content-Length: 4, 4\r\n",
			"length with a sign":        "Content-Length: +4\r\n",
			"hexadecimal length":        "Content-Length: 0x4\r\n",
			"two Hosts":                 length + "Host: b\r\n",
			"Host with a space":         length + "Host: a b\r\n",
			"Host with a path":          length + "Host: a/b\r\n",
			"Host with a user":          length + "Host: u@a\r\n",
			"Host with a port too many": length + "Host: a:99999x\r\n",
			"NUL":                       length + "X: a\x00b\r\n",
			"bare CR":                   length + "X: a\rTransfer-Encoding: chunked\r\n",
			"bare LF":                   "X: a\n" + length,
		} {
			t.Run(version+" "+name, func(t *testing.T) {
				host := ""
				if version == "1.1" || name == "two Hosts" {
					host = "Host: a\r\n"
				}
				got := talk(t, addr, "POST /x HTTP/"+version+"\r\n"+host+keep+fields+"\r\n"+
					"0\r\n\r\nGET /smuggled HTTP/1.0\r\n\r\n")
				all := responses(t, got, "POST")
				if len(all) != 1 || all[0].Code != 400 || !all[0].Fields.Has("Connection", "close") {
					t.Errorf("got %q", got)
				}
			})
		}
	}
}
