package httpd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rawhttp/httpwire"
)

// Every limit is tested below at the limit, one below and one above. A client that keeps to them gets what it asks
// for. TestSillyLimits of package cli has what Check refuses.

// Serve returns the error of Check.
func TestServeChecksLimits(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tt := range []struct {
		limits Limits
		want   string
	}{
		{Limits{}, "Line 0 is too little to serve anything: the least is 14"},
		{Limits{Line: 14, Head: 18, Fields: 10001}, "Fields 10001 takes too much memory: the most is 10000"},
	} {
		err := (&Server{Limits: tt.limits}).Serve(ctx, 0)
		if e, ok := errors.AsType[*LimitError](err); !ok || e.Error() != tt.want {
			t.Errorf("%v, want %s", err, tt.want)
		}
	}
}

// Sizes: what fits is handled, one octet or field more is refused, and says what the limit is.
func TestSizeLimits(t *testing.T) {
	limits := DefaultLimits
	limits.Line, limits.Head, limits.Fields, limits.Body = 40, 200, 5, 30
	addr := start(t, &Server{Handler: echo, Limits: limits})
	sized := func(n int, before, fill, after string) string {
		return before + strings.Repeat(fill, n-len(before)-len(after)) + after
	}
	for _, tt := range []struct {
		name    string
		limit   int
		code    int
		request func(n int) string
	}{
		{"request-line", limits.Line, 414, func(n int) string {
			return sized(n, "GET /", "a", " HTTP/1.0") + "\r\n\r\n"
		}},
		{"request-line of a Simple-Request", limits.Line, 414, func(n int) string {
			return sized(n, "GET /", "a", "") + "\r\n"
		}},
		{"head", limits.Head, 431, func(n int) string {
			return sized(n, "GET / HTTP/1.0\r\nA: ", "a", "\r\n\r\n")
		}},
		{"fields", limits.Fields, 431, func(n int) string {
			return "GET / HTTP/1.0\r\n" + strings.Repeat("A: b\r\n", n) + "\r\n"
		}},
		{"body", int(limits.Body), 413, func(n int) string {
			return fmt.Sprintf("POST / HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s", n, strings.Repeat("a", n))
		}},
	} {
		for n := tt.limit - 1; n <= tt.limit+1; n++ {
			want := 200
			if n > tt.limit {
				want = tt.code
			}
			got := talk(t, addr, tt.request(n))
			if want == 200 && strings.HasPrefix(got, "GET /aaa") {
				continue // the response to a Simple-Request has no head
			}
			if !strings.HasPrefix(got, fmt.Sprintf("HTTP/1.0 %d ", want)) ||
				want != 200 && !strings.Contains(got, fmt.Sprintf("limit %d ", tt.limit)) {
				t.Errorf("%s, %d: want %d, got %q", tt.name, n, want, got)
			}
		}
	}
}

// A request that is cut off is not one with too many fields if the server allows more than usual.
func TestCutOffAfterManyFields(t *testing.T) {
	s := &Server{Handler: echo, Limits: DefaultLimits}
	s.Limits.Fields = 2 * httpwire.DefaultFields
	c := dial(t, start(t, s))
	io.WriteString(c, "GET /x HTTP/1.0\r\n"+strings.Repeat("A: b\r\n", s.Limits.Fields)+"\r")
	c.CloseWrite()
	if got := readAll(t, c); !strings.HasPrefix(got, "HTTP/1.0 400 ") || !strings.Contains(got, "has not come") {
		t.Errorf("got %q", got)
	}
}

// The 413 comes before any octet of the body, whether or not the client waits for 100 (Continue).
func TestBodyLimitBeforeTheBody(t *testing.T) {
	limits := DefaultLimits
	limits.Body = 30
	addr := start(t, &Server{Handler: echo, Limits: limits})
	c := dial(t, addr)
	io.WriteString(c, "POST / HTTP/1.0\r\nContent-Length: 31\r\n\r\n")
	if got := readAll(t, c); !strings.HasPrefix(got, "HTTP/1.0 413 ") {
		t.Errorf("got %q", got)
	}
}

// Times: what comes at the last moment is in time, and at the next one it is over.
func TestTimeLimits(t *testing.T) {
	const keep = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
	const post = "POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\n"
	for _, tt := range []struct {
		name          string
		before, after string // the wait
		limit         time.Duration
		late          string // how the response to a late client begins; "" is none
	}{
		{"head", "G", "ET / HTTP/1.0\r\n\r\n", DefaultLimits.HeadTime, "HTTP/1.0 408 "},
		{"empty line", "GET / HTTP/1.0\r\n", "\r\n", DefaultLimits.HeadTime, "HTTP/1.0 408 "},
		{"body", post, "ab", DefaultLimits.BodyTime, "HTTP/1.0 408 "},
		{"last octet of the body", post + "a", "b", DefaultLimits.BodyTime, "HTTP/1.0 408 "},
		{"idle", keep, "GET / HTTP/1.0\r\n\r\n", DefaultLimits.IdleTime, ""},
		{"silent from the start", "", "GET / HTTP/1.0\r\n\r\n", DefaultLimits.HeadTime, ""},
	} {
		for _, after := range []time.Duration{-1, 0, 1} {
			timed(t, &Server{}, func(t *testing.T, p *pipes, _ func()) {
				c := p.dial()
				io.WriteString(c, tt.before)
				if tt.before == keep {
					c.Read(make([]byte, 4096))
				}
				time.Sleep(tt.limit + after)
				synctest.Wait()
				go io.WriteString(c, tt.after)
				got, _ := io.ReadAll(c)
				want := "HTTP/1.0 200 "
				if after >= 0 {
					want = tt.late
				}
				if !strings.HasPrefix(string(got), want) || want == "" && len(got) > 0 {
					t.Errorf("%s, %v after the limit: want %q, got %q", tt.name, after, want, got)
				}
				c.Close()
			})
		}
	}
}

// A response that is taken at the last moment is sent, and a moment later it is cut off.
func TestSendTime(t *testing.T) {
	for _, after := range []time.Duration{-1, 1} {
		timed(t, &Server{}, func(t *testing.T, p *pipes, _ func()) {
			c := p.dial()
			io.WriteString(c, "GET / HTTP/1.0\r\n\r\n")
			time.Sleep(DefaultLimits.SendTime + after)
			synctest.Wait()
			if got, _ := io.ReadAll(c); len(got) > 0 != (after < 0) {
				t.Errorf("%v after the limit: %q", after, got)
			}
		})
	}
}

// halfCloser is a connection in memory that can close its half, and counts what is read after that.
type halfCloser struct {
	net.Conn
	closed  chan struct{}
	drained atomic.Int64
}

func (h *halfCloser) CloseWrite() error { close(h.closed); return nil }

func (h *halfCloser) Read(p []byte) (int, error) {
	n, err := h.Conn.Read(p)
	select {
	case <-h.closed:
		h.drained.Add(int64(n))
	default:
	}
	return n, err
}

// What the server drops after a response is bounded in octets and in time.
func TestDrain(t *testing.T) {
	const post = "POST / HTTP/1.0\r\nContent-Length: 99999999999\r\n\r\n"
	for _, sent := range []int64{-1, 0, 1, 1 << 20} {
		synctest.Test(t, func(t *testing.T) {
			ours, theirs := net.Pipe()
			h := &halfCloser{Conn: theirs, closed: make(chan struct{})}
			s := &Server{Limits: DefaultLimits, Handler: echo}
			s.Limits.Drain = 100_000
			go newConn(s, h).serve()
			io.WriteString(ours, post)
			go io.Copy(io.Discard, ours)
			<-h.closed
			began := time.Now()
			n, err := ours.Write(make([]byte, s.Limits.Drain+sent))
			if over := sent > 0; int64(n) != s.Limits.Drain+min(sent, 0) || (err != nil) != over {
				t.Errorf("%d octets of %d went away, %v", n, s.Limits.Drain+sent, err)
			}
			ours.SetDeadline(began.Add(time.Hour))
			ours.Read(make([]byte, 1)) // until it is closed
			synctest.Wait()
			took, want := time.Since(began), time.Duration(0)
			if sent < 0 { // there might be more
				want = s.Limits.DrainTime
			}
			if took != want || h.drained.Load() != int64(n) {
				t.Errorf("%d octets: ended after %v, %d drained", n, took, h.drained.Load())
			}
		})
	}
}

// As many connections as the limit allows are served. Each further one gets a 503 with Retry-After, and
// the open ones go on.
func TestConnectionLimit(t *testing.T) {
	s := &Server{Handler: echo, Limits: DefaultLimits}
	s.Limits.Conns = 3
	const keep = "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
	timed(t, s, func(t *testing.T, p *pipes, _ func()) { // a connection that waits for long loses its place
		var held []net.Conn
		for n := 1; n <= 5; n++ {
			c := p.dial()
			go io.WriteString(c, keep)
			b := make([]byte, 4096)
			size, err := c.Read(b)
			want := "HTTP/1.0 200 "
			if n > s.Limits.Conns {
				want = "HTTP/1.0 503 "
			}
			if got := string(b[:size]); !strings.HasPrefix(got, want) ||
				strings.Contains(got, "\r\nRetry-After: ") != (n > s.Limits.Conns) {
				t.Errorf("connection %d: %q, %v", n, got, err)
			}
			held = append(held, c)
		}
		for _, c := range held[:s.Limits.Conns] {
			io.WriteString(c, keep)
			if _, err := c.Read(make([]byte, 4096)); err != nil {
				t.Error(err)
			}
		}
		for _, c := range held {
			c.Close()
		}
	})
}

// A request-line may be as long as the limit and no longer, whatever its version and however it
// comes.
func TestLineLimit(t *testing.T) {
	s := &Server{Handler: echo, Limits: DefaultLimits}
	s.Limits.Line = 40
	addr := start(t, s)
	for _, version := range []string{"", " HTTP/1.0"} {
		for n := 25; n < 50; n++ {
			line := "GET /" + strings.Repeat("a", n-len("GET /"+version)) + version
			end := "\r\n"
			if version != "" {
				end = "\r\n\r\n"
			}
			got := talk(t, addr, line+end)
			switch {
			case n > 40 && !strings.HasPrefix(got, "HTTP/1.0 414 "):
				t.Errorf("%d octets, %q: %q", n, version, got)
			case n <= 40 && !strings.Contains(got, "GET /aaa"):
				t.Errorf("%d octets, %q: %q", n, version, got)
			}
		}
	}
}
