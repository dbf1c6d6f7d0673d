package app

import (
	"context"
	"io"
	"net"
	"regexp"
	"sync"
	"time"

	"rawhttp/server/addressbook"
	"rawhttp/server/httpd"
)

// The documentation shows what the server really sends: it asks a server of its own, in memory, with
// a new book.

// exampleDate is the date of the examples in RFC 9110. It takes the place of all others, so that the
// page does not change.
const exampleDate = "Sun, 06 Nov 1994 08:49:37 GMT"

var anyDate = regexp.MustCompile(`[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT`)

// sampleResponses returns the responses of a new server, whose clients reach it at origin, to requests.
func sampleResponses(origin string, requests [][]byte) (responses [][]byte) {
	clock := func() time.Time { return time.Unix(784111777, 0) }
	server := &httpd.Server{Limits: httpd.DefaultLimits, Name: httpd.Product}
	service, err := New(Options{Book: addressbook.Options{BaseURL: origin, Clock: clock}}, server)
	if err != nil {
		return nil
	}
	defer service.Close()
	server.Handler = service
	ctx, stop := context.WithCancel(context.Background())
	l := &memory{conns: make(chan net.Conn), done: make(chan struct{})}
	var running sync.WaitGroup
	running.Go(func() { server.Serve(ctx, time.Second, l) })
	for _, request := range requests {
		responses = append(responses, anyDate.ReplaceAll(l.exchange(request), []byte(exampleDate)))
	}
	stop()
	running.Wait()
	return responses
}

// memory is a listener for connections within the program.
type memory struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (m *memory) Accept() (net.Conn, error) {
	select {
	case c := <-m.conns:
		return c, nil
	case <-m.done:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error   { m.once.Do(func() { close(m.done) }); return nil }
func (m *memory) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }

// exchange sends a request on a new connection and returns what comes until the server closes it.
func (m *memory) exchange(request []byte) []byte {
	ours, theirs := net.Pipe()
	defer ours.Close()
	m.conns <- theirs
	ours.SetDeadline(time.Now().Add(5 * time.Second))
	go ours.Write(request)
	response, _ := io.ReadAll(ours)
	return response
}
