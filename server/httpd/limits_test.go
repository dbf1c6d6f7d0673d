package httpd

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"net"
	"reflect"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rawhttp/httpwire"
)

// Every limit is a flag (TestReadmeLimits checks the defaults), and is tested below at the limit, one below and
// one above. A client that keeps to them gets what it asks for.

func TestLimitFlags(t *testing.T) {
	limits := DefaultLimits
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	limits.Flags(fs)
	for _, row := range limits.table() {
		if _, help := flag.UnquoteUsage(fs.Lookup(row.name)); help == "" {
			t.Errorf("-%s has no help", row.name)
		}
		value := "77"
		if _, ok := row.value.(*time.Duration); ok {
			value = "77ms"
		}
		if err := fs.Set(row.name, value); err != nil {
			t.Error(err)
		}
	}
	for v, i := reflect.ValueOf(limits), 0; i < v.NumField(); i++ {
		if n := v.Field(i).Int(); n != 77 && n != int64(77*time.Millisecond) {
			t.Errorf("no flag sets %s", v.Type().Field(i).Name)
		}
	}
	if err := limits.Check(); err != nil {
		t.Error(err)
	}
}

// A limit that would let nothing be served is an error, and the error says which value to write. Serve
// returns it.
func TestSillyLimits(t *testing.T) {
	tested := make(map[string]bool)
	most := strconv.Itoa(math.MaxInt) // of this machine: 32 or 64 bits
	for _, tt := range []struct{ flag, bad, good, want string }{
		{"line", "13", "14", "write 14 or more"},
		{"line", "-1", most, "14"},
		{"head", "17", "18", "write 18 or more"},
		{"fields", "0", "1", "write 1 or more"},
		{"fields", "10001", "10000", "write 10000 or less"},
		{"fields", most, "1", "write 10000 or less"},
		{"body", "0", "1", "write 1 or more"},
		{"head-time", "0s", "1ms", "write 1ms or more"},
		{"busy-time", "-1s", "1ms", "write 1ms or more"},
		{"body-time", "999us", "1ms", "-body-time 999µs"},
		{"idle-time", "1ns", "1ms", "write 1ms or more"},
		{"send-time", "1ns", "1ms", "write 1ms or more"},
		{"send-rate", "0", "1", "write 1 or more"},
		{"in-flight", "0", "1", "write 1 or more"},
		{"drain", "0", "1", "write 1 or more"},
		{"drain-time", "0s", "1ms", "write 1ms or more"},
		{"conns", "0", "1", "write 1 or more"},
	} {
		tested[tt.flag] = true
		limits := DefaultLimits
		fs := flag.NewFlagSet("", flag.ContinueOnError)
		limits.Flags(fs)
		if err := fs.Set(tt.flag, tt.bad); err != nil {
			t.Error(err)
		}
		err := limits.Check()
		if err == nil || !strings.Contains(err.Error(), "-"+tt.flag) ||
			!strings.Contains(err.Error(), tt.want) {
			t.Errorf("-%s %s: %v", tt.flag, tt.bad, err)
		}
		fs.Set(tt.flag, tt.good)
		if err := limits.Check(); err != nil {
			t.Errorf("-%s %s: %v", tt.flag, tt.good, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := new(Server).Serve(ctx, 0); err == nil {
		t.Error("a server without limits returns no error")
	}
	for _, row := range new(Limits).table() {
		if !tested[row.name] {
			t.Errorf("no row of this test has -%s", row.name)
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
