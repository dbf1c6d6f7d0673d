package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"rawhttp/examples/gallery"
	"rawhttp/examples/peer"
	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
)

const (
	atOnce         = 16 // messages under way
	connectTimeout = 5 * time.Second
	sendTimeout    = 5 * time.Second
	mostOctets     = 1 << 20 // of a response
	mostTimeouts   = 5       // times the limit of one silence, for a server that goes on sending
)

// surveyed sends the messages, several at once, and returns how the server treated each file. The
// error is that of the first message that could not be sent.
func surveyed(ctx context.Context, addr string, messages []gallery.Message,
	timeout func(gallery.Message) time.Duration) (map[string]string, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var mu sync.Mutex
	var all sync.WaitGroup
	results := make(map[string]string)
	room := make(chan struct{}, atOnce)
	for _, m := range messages {
		room <- struct{}{}
		all.Go(func() {
			defer func() { <-room }()
			result, err := ask(ctx, addr, m, timeout(m))
			if err != nil {
				cancel(err)
			}
			mu.Lock()
			defer mu.Unlock()
			results[m.File] = result
		})
	}
	all.Wait()
	return results, context.Cause(ctx)
}

// ask sends a message on a connection of its own and says how the server treated it.
func ask(
	ctx context.Context, addr string, m gallery.Message, timeout time.Duration,
) (string, error) {
	r, err := exchange(ctx, addr, m.Octets(), timeout)
	if err != nil {
		return "", err
	}
	return r.outcome(), nil
}

// A reply is all that came back on a connection.
type reply struct {
	octets []byte
	method []byte // of the request
	simple bool   // the request is a Simple-Request, whose response has no head
	end    error  // how the connection ended
}

// exchange sends octets on a connection of its own, and returns the reply.
func exchange(
	ctx context.Context, addr string, octets []byte, timeout time.Duration,
) (r reply, err error) {
	dialer := net.Dialer{Timeout: connectTimeout}
	c, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return r, fmt.Errorf("no connection to %s (%w).\n"+
			"Start the server, or write where it listens:  go run ./examples/survey host:port", addr, err)
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	// A server may refuse and close before all octets are sent. What it has said can still be read.
	c.SetWriteDeadline(time.Now().Add(sendTimeout))
	c.Write(octets)

	var req httpwire.Request
	httpwire.ConsumeRequest(octets, &req)
	r.method, r.simple = req.Method, req.Simple
	r.octets, r.end = receive(c.(halfConn), r.method, timeout)
	return r, nil
}

// A halfConn is a connection whose sending side can be closed alone.
type halfConn interface {
	net.Conn
	CloseWrite() error
}

// receive returns all that comes, and how it ended. After a complete response it closes the sending
// side: a server that has nothing more to send closes the connection then, and receive need not wait
// for it. A server that takes the rest of the message for another request responds to that first.
// Timeout is the limit of one silence, counted as package peer counts it.
func receive(c halfConn, method []byte, timeout time.Duration) (octets []byte, end error) {
	buf := make([]byte, 64<<10)
	last := time.Now().Add(mostTimeouts * timeout)
	for len(octets) < mostOctets && time.Now().Before(last) {
		n, err := peer.Read(c, buf, timeout)
		octets = append(octets, buf[:n]...)
		if err != nil {
			return octets, err
		}
		if _, err := httpwire.ResponseSpans(nil, octets, method); err == nil {
			c.CloseWrite()
		}
	}
	return octets, io.EOF
}

// outcome reads the responses, one after the other.
func (r reply) outcome() string {
	b, method, late := r.octets, r.method, errors.Is(r.end, os.ErrDeadlineExceeded)
	switch {
	case httpwire.IsSimpleResponse(b) && explain.LikeStatusLine(b) == "":
		return gallery.Simple
	case len(b) == 0 && r.end == io.EOF:
		return gallery.Closed
	case len(b) == 0 && late:
		return gallery.Waits
	case len(b) == 0:
		return gallery.Reset
	}
	var codes []string
	for len(b) > 0 {
		spans, _ := httpwire.ResponseSpans(nil, b, method)
		code, n := final(b, spans)
		if code == "" {
			break
		}
		codes, b, method = append(codes, code), b[n:], nil
	}
	switch {
	case codes == nil && late: // after 100 Continue, say
		return gallery.Waits
	case codes == nil:
		return gallery.IllFormed
	}
	return strings.Join(codes, "+")
}

// final returns the status code that follows those of interim responses, and where the response ends.
func final(b []byte, spans []httpwire.Span) (code string, n int) {
	for _, span := range spans {
		digits := string(b[span.Start:span.End])
		if status, _ := strconv.Atoi(digits); span.Rule == httpwire.RuleStatusCode && status >= 200 {
			code = digits
		}
		n = span.End
	}
	return code, n
}
