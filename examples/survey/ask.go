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
	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
)

const (
	atOnce         = 16 // messages under way
	connectTimeout = 5 * time.Second
	mostOctets     = 1 << 20 // of a response
	mostPatience   = 5       // times the patience for one silence, for a server that goes on sending
)

// surveyed sends the messages, several at once, and returns what the server made of each file. The
// error is that of the first message that could not be sent.
func surveyed(ctx context.Context, addr string, messages []gallery.Message,
	patience func(gallery.Message) time.Duration) (map[string]string, error) {
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
			result, err := ask(ctx, addr, m, patience(m))
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

// ask sends a message on a connection of its own and says what the server made of it.
func ask(
	ctx context.Context, addr string, m gallery.Message, patience time.Duration,
) (string, error) {
	octets, err := m.Octets()
	if err != nil {
		return "", err
	}
	response, end, err := exchange(ctx, addr, octets, patience)
	if err != nil {
		return "", err
	}
	var req httpwire.Request
	httpwire.ConsumeRequest(octets, &req)
	return outcome(response, req.Method, end), nil
}

// exchange sends octets on a connection of its own. It returns all that comes back, and how the
// connection ended.
func exchange(
	ctx context.Context, addr string, octets []byte, patience time.Duration,
) (response []byte, end, err error) {
	dialer := net.Dialer{Timeout: connectTimeout}
	c, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, nil, fmt.Errorf("no connection to %s: is a server running there?\n(%w)", addr, err)
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	// A server may refuse and close before all octets are sent. What it has said can still be read.
	c.SetDeadline(time.Now().Add(patience))
	c.Write(octets)

	var req httpwire.Request
	httpwire.ConsumeRequest(octets, &req)
	response, end = receive(c.(*net.TCPConn), req.Method, patience)
	if ctx.Err() != nil {
		return nil, nil, context.Cause(ctx)
	}
	return response, end, nil
}

// receive returns all that comes, and how it ended. After a complete response the sending side is
// closed: a server that has nothing more to say closes then, and need not be waited for. One that
// takes the rest of the message for another request responds to it first. Patience is the time for one
// silence.
func receive(c *net.TCPConn, method []byte, patience time.Duration) (octets []byte, end error) {
	buf := make([]byte, 64<<10)
	last := time.Now().Add(mostPatience * patience)
	for closed := false; len(octets) < mostOctets && time.Now().Before(last); {
		c.SetReadDeadline(time.Now().Add(patience))
		n, err := c.Read(buf)
		octets = append(octets, buf[:n]...)
		if err != nil {
			return octets, err
		}
		if _, err := httpwire.ResponseSpans(nil, octets, method); err == nil && !closed {
			c.CloseWrite()
			closed = true
		}
	}
	return octets, io.EOF
}

// outcome reads the responses, one after the other.
func outcome(b, method []byte, end error) string {
	switch {
	case len(b) > 0 && httpwire.IsSimpleResponse(b) && explain.LikeStatusLine(b) == "":
		return gallery.Simple
	case len(b) == 0 && end == io.EOF:
		return gallery.Closed
	case len(b) == 0 && errors.Is(end, os.ErrDeadlineExceeded):
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
	case codes == nil && errors.Is(end, os.ErrDeadlineExceeded): // after 100 Continue, say
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
