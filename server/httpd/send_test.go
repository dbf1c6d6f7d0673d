package httpd

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"math"
	"math/rand/v2"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"rawhttp/examples/foreign"
	"rawhttp/httpwire"
)

// pieces is a body in parts, all of them alike, that says what it holds.
type pieces struct {
	part   string
	count  int
	length int64 // announced
	key    any
}

func (p *pieces) Len() int64 { return p.length }

func (p *pieces) WriteParts(w httpwire.PartWriter) (err error) {
	part := []byte(p.part)
	for i := 0; i < p.count && err == nil; i++ {
		err = w.WritePart(part)
	}
	return err
}

// careless is a body that does not look at the errors of WritePart.
type careless struct{ pieces }

func (p *careless) WriteParts(w httpwire.PartWriter) error {
	for range p.count {
		w.WritePart([]byte(p.part))
	}
	return nil
}

// gone is a connection whose client takes nothing.
type gone struct{ *memory }

func (gone) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// A body that was not sent ends the connection, even if its WriteParts returns no error.
func TestCarelessParts(t *testing.T) {
	handled := 0
	p := &careless{pieces{part: strings.Repeat("x", mostOutput), count: 1, length: mostOutput}}
	s := &Server{Limits: DefaultLimits, Handler: handlerFunc(func(_ *httpwire.Request, resp *httpwire.Response) {
		handled++
		resp.Code, resp.Parts = 200, p
	})}
	newConn(s, gone{newMemory([]byte("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), 2)}).serve()
	if handled != 1 {
		t.Errorf("%d requests are handled", handled)
	}
}

func (p *pieces) SharedData() (key any, octets int64) { return p.key, p.length }

// inParts responds with a body in parts.
func inParts(p *pieces) handlerFunc {
	return func(_ *httpwire.Request, resp *httpwire.Response) {
		resp.Code = 200
		resp.Fields = resp.Fields.Add([]byte("Content-Type"), []byte("text/plain"))
		resp.Parts = p
	}
}

// A body in parts arrives as if it were in one piece, whether it is short or long, over TCP.
func TestParts(t *testing.T) {
	for _, count := range []int{0, 1, 2, 3, 4, 5, 1000, longBody - 1, longBody, longBody + 1, 100_000} {
		p := &pieces{part: "x", count: count, length: int64(count)}
		addr := start(t, &Server{Handler: inParts(p)})
		const keep = " /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
		got := talk(t, addr, strings.Repeat("GET"+keep, 2)+"GET / HTTP/1.0\r\n\r\n")
		all := responses(t, got, "GET")
		if len(all) != 3 {
			t.Fatalf("%d octets: %d responses", count, len(all))
		}
		for _, resp := range all {
			if string(resp.Body) != strings.Repeat("x", count) {
				t.Errorf("%d octets: got %d", count, len(resp.Body))
			}
		}
		if got := talk(t, addr, "GET /x\r\n"); got != strings.Repeat("x", count) {
			t.Errorf("%d octets: a Simple-Response has %d", count, len(got))
		}
		head := talk(t, addr, "HEAD / HTTP/1.0\r\n\r\n")
		if !strings.HasSuffix(head, fmt.Sprintf("\r\nContent-Length: %d\r\n\r\n", count)) {
			t.Errorf("%d octets: HEAD gets %q", count, head)
		}
	}
}

// A body whose parts have another length than was announced is an error of the handler: a short body
// becomes a 500, and a long one ends the connection. Octets beyond the announced length are never sent,
// since the client would read them as the next response.
func TestPartsOfAnotherLength(t *testing.T) {
	for _, count := range []int{5, 50_000} {
		for _, by := range []int64{-1, 1} {
			p, log := &pieces{part: "x", count: count, length: int64(count) + by}, new(notes)
			addr := start(t, &Server{Handler: inParts(p), Log: slog.New(slog.NewTextHandler(log, nil))})
			got := talk(t, addr, strings.Repeat("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 2))
			head, body, _ := strings.Cut(got, "\r\n\r\n")
			if count < longBody && !strings.Contains(head, " 500 ") || count > longBody && int64(len(body)) >= p.length {
				t.Errorf("%d%+d: %s, %d octets", count, by, head, len(body))
			}
			if n := strings.Count(log.String(), errPartsLength.Error()); n != 1 {
				t.Errorf("%d%+d: %d lines in the log", count, by, n)
			}
		}
	}
}

// The time to send a response counts from the last octets that were taken. A client that takes
// octets steadily gets all of them, however long that takes. A client that takes too few is cut off.
func TestSendRate(t *testing.T) {
	const length = 20_000_000
	body, limits := make([]byte, length), DefaultLimits
	for _, tt := range []struct {
		name  string
		octet int // taken at a time
		every time.Duration
		whole bool
		ends  time.Duration // at the latest
	}{
		{"400 KB a second", 400_000, time.Second, true, 51 * time.Second},
		{"20 KB a second", 20_000, time.Second, true, 1001 * time.Second},
		{"1 MB at the last moment of each -send-time", 1_000_000, limits.SendTime - 1, true,
			10 * time.Minute},
		{"an octet now and then", 1, time.Second, false, limits.SendTime + 2*time.Second},
		{"10 KB a second, less than the rate", 10_000, time.Second, false, 80 * time.Second},
		{"1 MB, and then nothing", 1_000_000, time.Hour, false, time.Hour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &Server{Handler: handlerFunc(func(_ *httpwire.Request, resp *httpwire.Response) {
				resp.Code, resp.Body = 200, body
			})}
			log := logOf(s)
			timed(t, s, func(t *testing.T, p *pipes, _ func()) {
				c, began, got, taken := p.dial(), time.Now(), 0, make([]byte, tt.octet)
				io.WriteString(c, "GET / HTTP/1.0\r\n\r\n")
				for err := error(nil); err == nil; time.Sleep(tt.every) {
					var n int
					n, err = io.ReadFull(c, taken)
					got += n
				}
				if took := time.Since(began); (got > length) != tt.whole || took > tt.ends+tt.every {
					t.Errorf("%d octets after %v", got, took)
				}
				synctest.Wait()
				if n := s.open.Load(); n != 0 {
					t.Errorf("%d connections are held", n)
				}
			})
			got := log.String()
			if strings.Contains(got, "level=ERROR") {
				t.Errorf("the handler is blamed: %s", got)
			}
			if strings.Contains(got, `msg="the client did not get the whole response" id=1 error=`) == tt.whole {
				t.Errorf("whole %v, but the log says %s", tt.whole, got)
			}
		})
	}
}

// A response may refer to its request, whatever the requests that follow it are.
func TestResponseRefersToRequest(t *testing.T) {
	addr := start(t, &Server{Handler: handlerFunc(func(req *httpwire.Request, resp *httpwire.Response) {
		resp.Code, resp.Body = 200, req.Body
		resp.Fields = resp.Fields.Add(nameContentType, valueText).Add([]byte("Path"), req.Path())
	})})
	var requests strings.Builder
	lengths := []int{5, longBody, 1, 100_000, 7, 2000, 3}
	for i, n := range lengths {
		fmt.Fprintf(&requests, "POST /%d HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: %d\r\n\r\n%s", i, n,
			strings.Repeat(string(rune('a'+i)), n))
	}
	all := responses(t, talk(t, addr, requests.String()+"GET / HTTP/1.0\r\n\r\n"), "GET")
	if len(all) != len(lengths)+1 {
		t.Fatalf("%d responses", len(all))
	}
	for i, n := range lengths {
		if string(all[i].Fields.Get("Path")) != fmt.Sprint("/", i) ||
			string(all[i].Body) != strings.Repeat(string(rune('a'+i)), n) {
			t.Errorf("%d: %s, %d octets", i, all[i].Fields.Get("Path"), len(all[i].Body))
		}
	}
}

// With the largest times there is no limit: a slow client gets a response of several writes.
func TestLargestTimes(t *testing.T) {
	s := &Server{Limits: DefaultLimits, Handler: handlerFunc(func(_ *httpwire.Request, resp *httpwire.Response) {
		resp.Code, resp.Body = 200, make([]byte, 3*octetsAtOnce)
	})}
	l := &s.Limits
	for _, v := range []*time.Duration{&l.HeadTime, &l.BusyTime, &l.BodyTime, &l.IdleTime, &l.SendTime, &l.DrainTime} {
		*v = math.MaxInt64
	}
	timed(t, s, func(t *testing.T, p *pipes, _ func()) {
		c := p.dial()
		time.Sleep(time.Hour)
		io.WriteString(c, "GET / HTTP/1.0\r\n\r\n")
		time.Sleep(time.Hour)
		if n, err := io.Copy(io.Discard, c); n < 3*octetsAtOnce || err != nil {
			t.Errorf("%d octets, %v", n, err)
		}
	})
}

// Long responses that clients do not read have InFlight octets together, and the next gets 503.
// Short responses and those to HEAD need none of it; what responses share counts once; and a single
// response may be as long as it is.
func TestInFlight(t *testing.T) {
	const long = 100_000
	one, other := new(int), new(int)
	for _, tt := range []struct {
		name     string
		inFlight int64
		held     []any // by connections that do not read; nil is a body in one piece
		request  string
		body     any
		want     string
	}{
		{"nothing is held", long, nil, "GET", nil, "200"},
		{"room for one more", 2 * long, []any{nil}, "GET", nil, "200"},
		{"an octet too few", 2*long - 1, []any{nil}, "GET", nil, "503"},
		{"HEAD", 1, []any{nil}, "HEAD", nil, "200"},
		{"a short one", 1, []any{nil}, "GET", "short", "200"},
		{"longer than all, and alone", 1, nil, "GET", nil, "200"},
		{"shared", long, []any{one, one, one}, "GET", one, "200"},
		{"shared, and another", 2*long - 1, []any{one, one, one}, "GET", other, "503"},
		{"shared, and room for another", 2 * long, []any{one, one, one}, "GET", other, "200"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var body any
			s := &Server{Limits: DefaultLimits, Handler: handlerFunc(
				func(_ *httpwire.Request, resp *httpwire.Response) {
					switch resp.Code = 200; body {
					case nil:
						resp.Body = make([]byte, long)
					case "short":
						resp.Body = make([]byte, longBody-1)
					default:
						resp.Parts = &pieces{strings.Repeat("x", 100), long / 100, long, body}
					}
				})}
			s.Limits.InFlight = tt.inFlight
			timed(t, s, func(t *testing.T, p *pipes, _ func()) {
				ask := func(method string, of any) net.Conn {
					c := p.dial()
					body = of
					io.WriteString(c, method+" / HTTP/1.0\r\n\r\n")
					synctest.Wait() // until the server waits for the client to read
					return c
				}
				var held []net.Conn
				for _, of := range tt.held {
					held = append(held, ask("GET", of))
				}
				got, _ := io.ReadAll(ask(tt.request, tt.body))
				if !bytes.HasPrefix(got, []byte("HTTP/1.0 "+tt.want)) ||
					tt.want == "503" != bytes.Contains(got, []byte("\r\nRetry-After: 1\r\n")) {
					t.Errorf("got %.200q", got)
				}
				for _, c := range held {
					if got, _ := io.ReadAll(c); len(got) < long {
						t.Errorf("a response that is held has %d octets", len(got))
					}
				}
				synctest.Wait()
				if n, m := s.inFlight.octets, len(s.inFlight.responses); n != 0 || m != 0 {
					t.Errorf("%d octets are left, %d shared", n, m)
				}
				if got, _ := io.ReadAll(ask("GET", nil)); len(got) < long {
					t.Errorf("afterwards: %.200q", got)
				}
			})
		})
	}
}

// A body that is not sent, and one that was copied, stay in memory for no client. A client that
// asks for many and never reads would keep one list for each connection otherwise.
func TestShortResponsesHoldNothing(t *testing.T) {
	for _, tt := range []struct {
		method string
		count  int
	}{{"HEAD", 1 << 20}, {"GET", longBody - 1}, {"GET", 10}} {
		var mu sync.Mutex
		var made []weak.Pointer[pieces]
		s := &Server{Handler: handlerFunc(func(_ *httpwire.Request, resp *httpwire.Response) {
			p := &pieces{part: "x", count: tt.count, length: int64(tt.count)}
			mu.Lock()
			defer mu.Unlock()
			made = append(made, weak.Make(p))
			resp.Code, resp.Parts = 200, p
		})}
		timed(t, s, func(t *testing.T, p *pipes, _ func()) {
			c := p.dial()
			defer c.Close()
			go io.WriteString(c, strings.Repeat(tt.method+" / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
				1000))
			synctest.Wait() // until the server waits for the client to read
			runtime.GC()
			mu.Lock()
			defer mu.Unlock()
			for i := range made {
				if made[i].Value() != nil {
					t.Errorf("%s of %d octets: body %d of %d is kept", tt.method, tt.count, i, len(made))
				}
			}
		})
	}
}

// Over TCP as well, a client that reads steadily gets the whole response, each octet once, although
// that takes longer than -send-time.
func TestSteadyReaderOverASocket(t *testing.T) {
	t.Parallel()
	foreign.Short(t)
	const part, count = 1000, 8000
	p := &numbered{}
	for i := range count { // most are short, some are long
		p.parts = append(p.parts, fmt.Appendf(nil, "%0*d", part<<(i%7/6), i))
	}
	want, got := bytes.Join(p.parts, nil), []byte(nil)
	read := func(sendTime time.Duration) (body []byte) {
		s := &Server{Limits: DefaultLimits, Handler: handlerFunc(
			func(_ *httpwire.Request, resp *httpwire.Response) { resp.Code, resp.Parts = 200, p })}
		s.Limits.SendTime = sendTime
		c := dial(t, start(t, s))
		c.SetReadBuffer(64 << 10)
		io.WriteString(c, "GET / HTTP/1.0\r\n\r\n")
		tick := time.NewTicker(sendTime / 8)
		defer tick.Stop()
		for err := error(nil); err == nil; <-tick.C {
			some := make([]byte, part*count/20)
			var n int
			n, err = io.ReadFull(c, some)
			body = append(body, some[:n]...)
		}
		_, body, _ = bytes.Cut(body, []byte("\r\n\r\n"))
		return body
	}
	for _, sendTime := range []time.Duration{200 * time.Millisecond, time.Second, 5 * time.Second} {
		got = read(sendTime)
		if cutOff := len(got) < len(want) && bytes.HasPrefix(want, got); !cutOff {
			break
		}
		// On a busy machine the client does not read steadily, and is cut off.
	}
	if !bytes.Equal(got, want) {
		t.Errorf("got %d octets of %d, or others", len(got), len(want))
	}
}

// numbered is a body in parts that differ.
type numbered struct{ parts [][]byte }

func (p *numbered) Len() (n int64) {
	for _, part := range p.parts {
		n += int64(len(part))
	}
	return n
}

func (p *numbered) WriteParts(w httpwire.PartWriter) (err error) {
	for i := 0; i < len(p.parts) && err == nil; i++ {
		err = w.WritePart(p.parts[i])
	}
	return err
}

// A body in parts of any lengths arrives as it is.
func TestPartsOfAllLengths(t *testing.T) {
	t.Parallel()
	rounds := 50
	if testing.Short() {
		rounds = 20
	}
	chance := rand.New(rand.NewPCG(1, 2))
	for round := range rounds {
		p := &numbered{}
		for i := range 1 + chance.IntN(1000) {
			length := chance.IntN(1 << (1 + chance.IntN(13)))
			p.parts = append(p.parts, bytes.Repeat([]byte{byte('a' + i%26)}, length))
		}
		addr := start(t, &Server{Handler: handlerFunc(
			func(_ *httpwire.Request, resp *httpwire.Response) { resp.Code, resp.Parts = 200, p })})
		got := talk(t, addr, strings.Repeat("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 2)+
			"GET / HTTP/1.0\r\n\r\n")
		want := string(bytes.Join(p.parts, nil))
		for range 3 {
			_, body, _ := strings.Cut(got, "\r\n\r\n")
			if !strings.HasPrefix(body, want) {
				t.Fatalf("round %d: a body of %d octets in %d parts differs", round, len(want), len(p.parts))
			}
			got = body[len(want):]
		}
		if got != "" {
			t.Fatalf("round %d: %d octets too many", round, len(got))
		}
	}
}

// panickyParts is a body that panics when a part of it was sent.
type panickyParts struct{ pieces }

func (p *panickyParts) WriteParts(w httpwire.PartWriter) error {
	w.WritePart([]byte(p.part))
	panic("WriteParts")
}

// A panic in a body in parts ends the connection. What was sent is not sent again: the client would
// read it as a part of the body.
func TestPanicInParts(t *testing.T) {
	const part = 100_000
	addr := start(t, &Server{Handler: handlerFunc(func(_ *httpwire.Request, resp *httpwire.Response) {
		resp.Code = 200
		resp.Parts = &panickyParts{pieces{part: strings.Repeat("x", part), count: 2, length: 2 * part}}
	})})
	got := talk(t, addr, "GET / HTTP/1.0\r\n\r\n")
	_, body, _ := strings.Cut(got, "\r\n\r\n")
	if len(body) == 0 || strings.Trim(body, "x") != "" {
		t.Errorf("a body of %d octets with %q", len(body), strings.Trim(body, "x"))
	}
}

// 9112-9.6-d: a client that sends another request before it has read a long response gets all of the
// response, although it has not asked to keep the connection open.
func TestLongResponseIsWhole(t *testing.T) {
	const size = 1 << 20
	s := &Server{Handler: handlerFunc(func(_ *httpwire.Request, resp *httpwire.Response) {
		resp.Code, resp.Body = 200, make([]byte, size)
	})}
	c := dial(t, start(t, s))
	const get = "GET /x HTTP/1.0\r\n\r\n"
	io.WriteString(c, get)
	// The fault needs a system that takes all of the response before the client reads.
	for end := time.Now().Add(2 * time.Second); s.metrics.sent.Load() < size && time.Now().Before(end); {
		runtime.Gosched()
	}
	io.WriteString(c, get)
	if _, body, _ := strings.Cut(readAll(t, c), "\r\n\r\n"); len(body) != size {
		t.Errorf("got a body of %d octets", len(body))
	}
}

// Responses to pipelined requests do not pile up in memory.
func TestPipelinedAnswersDoNotPileUp(t *testing.T) {
	const keep = "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
	m := newMemory([]byte(strings.Repeat(keep, 1000)), 1)
	largest := 0
	c := newConn(&Server{Limits: DefaultLimits, Handler: handlerFunc(
		func(_ *httpwire.Request, resp *httpwire.Response) {
			resp.Code = 200
			resp.Body = make([]byte, longBody-1)
		})}, &sizes{memory: m, largest: &largest})
	c.serve()
	if m.written < 1000*(longBody-1) || largest > mostOutput {
		t.Errorf("%d octets in all, %d at once", m.written, largest)
	}
}

// A connection keeps no large storage after a long response. After a panic in a body nothing more of that
// is sent, and nothing is kept.
func TestOutputIsGivenBack(t *testing.T) {
	const keep = "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
	for _, bodies := range []struct {
		name    string
		body    httpwire.Parts
		written int64 // at the most
	}{
		{"whole", &pieces{part: "abc", count: 100_000, length: 300_000}, 2*300_000 + 1000},
		{"panic", &panicking{pieces{part: "abc", count: 30_000, length: 90_000}}, 0},
	} {
		m := newMemory([]byte(keep), 2)
		s := &Server{Limits: DefaultLimits}
		c := newConn(s, m)
		var kept []int
		s.Handler = handlerFunc(func(_ *httpwire.Request, resp *httpwire.Response) {
			kept = append(kept, cap(c.out))
			resp.Code, resp.Parts = 200, bodies.body
		})
		c.serve()
		if largest := slices.Max(kept); largest >= longBody || m.written > bodies.written {
			t.Errorf("%s: before each response %d octets of storage, and %d were sent", bodies.name, kept, m.written)
		}
		if n := s.inFlight.octets; n != 0 {
			t.Errorf("%s: %d octets are counted as being sent", bodies.name, n)
		}
	}
}

// A panicking body panics when half of it was made.
type panicking struct{ pieces }

func (p *panicking) WriteParts(w httpwire.PartWriter) error {
	half := p.pieces
	half.count /= 2
	half.WriteParts(w)
	panic("in a body")
}

// sizes notes the largest write.
type sizes struct {
	*memory
	largest *int
}

func (s *sizes) Write(p []byte) (int, error) {
	*s.largest = max(*s.largest, len(p))
	return s.memory.Write(p)
}
