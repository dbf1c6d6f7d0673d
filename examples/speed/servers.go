package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"slices"
	"strconv"
	"time"

	"rawhttp/httpwire"
	"rawhttp/server/addressbook"
	"rawhttp/server/eventlog"
	"rawhttp/server/httpd"
	"rawhttp/server/rest"
)

// A kind of server has a column in the table. It serves the book, or responds to each request with body.
type kind struct {
	name  string
	serve func(l net.Listener, book httpd.Handler, body []byte)
}

// kinds are in the order of the table, which divides the figure of the first by that of the last. The tests
// add net/http.
var kinds = []kind{{"log on", ours(true)}, {"log off", ours(false)}, {"limit", limit}}

// serve is the process of one server. It writes its address, and ends when its input ends.
func serve(name, addresses string) error {
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
	if i < 0 {
		return fmt.Errorf("there is no server %q", name)
	}
	n, err := strconv.Atoi(addresses)
	if err != nil {
		return err
	}
	book, err := newBook(n)
	if err != nil {
		return err
	}
	listeners, err := httpd.Listen("127.0.0.1:0")
	if err != nil {
		return err
	}
	l := listeners[0]
	list := new(httpwire.Response)
	book.Handle(getRequest(addressbook.Path), list)
	go kinds[i].serve(l, book, list.AppendBody(nil))
	fmt.Println(l.Addr())
	replyToReports(os.Stdin, os.Stdout)
	return nil
}

// ours is the server of this project, with limits that the table of growth stays below.
func ours(log bool) func(l net.Listener, book httpd.Handler, body []byte) {
	return func(l net.Listener, book httpd.Handler, _ []byte) {
		s := &httpd.Server{Handler: sink{book}, Limits: httpd.DefaultLimits, Name: httpd.Product}
		s.Limits.Conns, s.Limits.Fields, s.Limits.Body = 30_000, 200, 1<<30
		s.Limits.BusyTime, s.Limits.IdleTime = time.Minute, time.Minute
		if log {
			buffer := eventlog.NewBuffer(os.Stderr, nil)
			s.Log = slog.New(eventlog.NewHandler(buffer, slog.LevelInfo))
			s.LogDropped = buffer.Dropped
		}
		s.Serve(context.Background(), 0, l)
	}
}

// sinkPath takes a body of any kind.
const sinkPath = "/sink"

type sink struct{ httpd.Handler }

func (s sink) Handle(req *httpwire.Request, resp *httpwire.Response) {
	if string(req.Target) == sinkPath {
		resp.Code = 200
		return
	}
	s.Handler.Handle(req, resp)
}

// newBook returns an address book with n addresses, and at least the two that each book begins with.
func newBook(n int) (httpd.Handler, error) {
	book, err := addressbook.New(addressbook.Options{Max: max(n, 2)})
	if err != nil {
		return nil, err
	}
	router := rest.New(book.Routes())
	for id := 3; id <= n; id++ {
		req := getRequest(addressbook.Path)
		req.Method = []byte("POST")
		req.Fields = req.Fields.Add([]byte("Content-Type"), []byte("application/json"))
		req.Body = fmt.Appendf(nil, `{"ID": %d, "number": 7, "line_1": "Street", "post_code": "PY11 0PY"}`, id)
		resp := new(httpwire.Response)
		if router.Handle(req, resp); resp.Code != 201 {
			return nil, fmt.Errorf("address %d: status code %d", id, resp.Code)
		}
	}
	return router, nil
}

func getRequest(target string) *httpwire.Request {
	line := httpwire.RequestLine{Method: []byte("GET"), Target: []byte(target)}
	return &httpwire.Request{RequestLine: line}
}

// limit sends a constant response for each empty line. It parses nothing.
func limit(l net.Listener, _ httpd.Handler, body []byte) {
	const head = "HTTP/1.0 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nConnection: %s\r\n" +
		"Server: rawhttp/1.0\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
	keep := fmt.Appendf(nil, head, "keep-alive", len(body), body)
	last := fmt.Appendf(nil, head, "close", len(body), body)
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			limitConn(c, keep, last)
			c.Close()
		}()
	}
}

// limitConn sends keep for each empty line, or last if the client does not keep the connection.
func limitConn(c net.Conn, keep, last []byte) {
	in, out := make([]byte, 4096), []byte(nil)
	for n := 0; ; {
		m, err := c.Read(in[n:])
		if err != nil {
			return
		}
		n += m
		stays := bytes.Contains(in[:n], []byte("keep-alive"))
		out = out[:0]
		for {
			_, rest, found := bytes.Cut(in[:n], []byte("\r\n\r\n"))
			if !found {
				break
			}
			n = copy(in, rest)
			if out = append(out, keep...); !stays {
				out = append(out[:0], last...)
			}
		}
		if _, err := c.Write(out); err != nil || !stays && len(out) > 0 {
			return
		}
	}
}
