package httpd

import (
	"context"
	"io"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"rawhttp/examples/gallery"
	"rawhttp/httpwire"
)

// FuzzConnection sends any octets to a whole connection, in pieces, by a clock of its own. The server
// sends well-formed responses only, one to each request, and the connection ends. The response to a
// Simple-Request is a body alone, which begins as the handler made it.
func FuzzConnection(f *testing.F) {
	for i, m := range slices.Concat(gallery.Requests(), gallery.Responses) {
		octets := m.Octets()
		f.Add(octets, uint16(i), false)
		if !testing.Short() || i%4 == 0 {
			f.Add(append(octets, octets...), uint16(len(octets)), true)
		}
	}
	const keep = "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
	f.Add([]byte(keep+keep+"GET /b\r\n"+keep), uint16(3), true)
	f.Add([]byte("HEAD /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"+keep), uint16(90), false)
	const expect = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
	f.Add([]byte(expect+"ab"), uint16(len(expect)), false)
	f.Fuzz(func(t *testing.T, octets []byte, piece uint16, silent bool) {
		synctest.Test(t, func(t *testing.T) { converse(t, octets, int(piece), silent) })
	})
}

// converse sends octets in pieces of that size, and then closes or falls silent.
func converse(t *testing.T, octets []byte, piece int, silent bool) {
	var asked []string // the methods of the requests that were handled
	simple := false
	s := &Server{Limits: DefaultLimits, Name: "fuzz/1", Handler: handlerFunc(
		func(req *httpwire.Request, resp *httpwire.Response) {
			asked = append(asked, string(req.Method))
			simple = simple || req.Simple
			echo(req, resp)
		})}
	s.Limits.Line, s.Limits.Head, s.Limits.Fields, s.Limits.Body = 200, 1000, 20, 5000
	p := newPipes()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- s.Serve(ctx, time.Second, p) }()
	c, sent := p.dial(), make(chan struct{})
	go func() {
		defer close(sent)
		for rest := octets; len(rest) > 0; {
			n := min(max(piece, 1), len(rest))
			if _, err := c.Write(rest[:n]); err != nil {
				return
			}
			rest = rest[n:]
			time.Sleep(time.Millisecond)
		}
		if !silent {
			c.SetReadDeadline(time.Now().Add(time.Second)) // net.Pipe has no half-close
		}
	}()
	began := time.Now()
	got, err := io.ReadAll(c)
	if err != nil && !os.IsTimeout(err) {
		t.Errorf("the connection ended with %v", err)
	}
	c.Close()
	<-sent
	if took := time.Since(began); took > time.Hour {
		t.Errorf("it took %v", took)
	}
	checkConversation(t, got, asked, simple)
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// checkConversation takes the responses apart: those to the requests that were handled come first, in
// order, and one more at most says why there are no others.
func checkConversation(t *testing.T, got []byte, asked []string, simple bool) {
	refused := false
	for n := 0; len(got) > 0; n++ {
		if simple && n == len(asked)-1 {
			return // a body, up to the close
		}
		var resp httpwire.Response
		size, err := httpwire.ConsumeResponseHead(got, &resp)
		if err != nil || refused {
			t.Fatalf("no response, or one too many (%v): %q", err, got)
		}
		head := string(got[:size])
		if got = got[size:]; resp.Code == 100 {
			n--
			continue
		}
		checkHead(t, head, &resp)
		method := "GET"
		if n < len(asked) {
			method = asked[n]
		} else {
			refused = true
		}
		framing, err := resp.Framing([]byte(method))
		length := framing.Length
		if refused && len(got) == 0 {
			length = 0 // it was a HEAD, which only the server knows
		} else if framing.Ending >= httpwire.EndsAfterChunks {
			t.Fatalf("a body that ends with %v: %q", framing.Ending, got)
		}
		if err != nil || length > int64(len(got)) {
			t.Fatalf("a body of %d octets, %v: %q", length, err, got)
		}
		if got = got[length:]; !resp.Fields.Has("Connection", "keep-alive") && len(got) > 0 {
			t.Fatalf("after the last response: %q", got)
		}
	}
}
