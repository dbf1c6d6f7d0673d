package httpd

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"rawhttp/examples/ratio"
	"rawhttp/server/addressbook"
	"rawhttp/server/eventlog"
	"rawhttp/server/rest"
)

// The connection loop without the kernel: a connection in memory gives the same octets with every
// read, as often as a round of the benchmark asks for, and takes every response.

const perRound = 500 // reads

// memory is such a connection. It ends when the reads of the round are used up.
type memory struct {
	net.Conn
	octets  []byte
	rest    []byte // of octets, for a reader with too little room
	reads   int
	written int64
	closed  chan struct{}
}

func newMemory(octets []byte, reads int) *memory {
	return &memory{octets: octets, reads: reads, closed: make(chan struct{})}
}

func (m *memory) Read(p []byte) (int, error) {
	if len(m.rest) == 0 {
		if m.reads == 0 {
			return 0, io.EOF
		}
		m.reads--
		m.rest = m.octets
	}
	n := copy(p, m.rest)
	m.rest = m.rest[n:]
	return n, nil
}

func (m *memory) Write(p []byte) (int, error) {
	m.written += int64(len(p))
	return len(p), nil
}

func (m *memory) Close() error                     { close(m.closed); return nil }
func (m *memory) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (m *memory) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (m *memory) SetDeadline(time.Time) error      { return nil }
func (m *memory) SetReadDeadline(time.Time) error  { return nil }
func (m *memory) SetWriteDeadline(time.Time) error { return nil }

// bookServer is the server as it is, with the two addresses and with its log.
func bookServer(tb testing.TB) *Server {
	book, err := addressbook.New(addressbook.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	buffer := eventlog.NewBuffer(io.Discard, nil)
	tb.Cleanup(func() { buffer.Flush(time.Second) })
	return &Server{Handler: rest.New(book.Routes()), Limits: DefaultLimits, Name: Product,
		Log: slog.New(eventlog.NewHandler(buffer, slog.LevelInfo))}
}

// list returns the book's response, so that net/http can send the same.
func list(tb testing.TB) []byte {
	m := newMemory([]byte("GET "+addressbook.Path+"\r\n"), 1)
	var octets []byte
	m2 := &recorder{memory: m, to: &octets}
	newConn(bookServer(tb), m2).serve()
	if len(octets) == 0 {
		tb.Fatal("no list")
	}
	return octets
}

type recorder struct {
	*memory
	to *[]byte
}

func (r *recorder) Write(p []byte) (int, error) { *r.to = append(*r.to, p...); return len(p), nil }

// netHTTP is net/http's server of the same octets; the function serves one connection to its end.
func netHTTP(tb testing.TB) func(*memory) {
	body := list(tb)
	l := &oneByOne{conns: make(chan net.Conn)}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Server", Product)
		w.Write(body)
	})}
	go server.Serve(l)
	tb.Cleanup(func() { server.Shutdown(context.Background()) })
	return func(m *memory) {
		l.conns <- m
		<-m.closed
	}
}

type oneByOne struct{ conns chan net.Conn }

func (l *oneByOne) Accept() (net.Conn, error) {
	c, ok := <-l.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (l *oneByOne) Close() error   { close(l.conns); return nil }
func (l *oneByOne) Addr() net.Addr { return &net.TCPAddr{} }

func request(tb testing.TB, name string) []byte {
	b, err := os.ReadFile("../../httpwire/testdata/heads/" + name + ".req")
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// inProcess are the shapes of load: what one read brings, and how many connections a round has.
func inProcess(tb testing.TB) []struct {
	name     string
	octets   []byte
	requests int // in octets
	conns    int // in a round, the reads shared among them
} {
	keep := []byte("GET " + addressbook.Path + " HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
	var pipelined []byte
	for range 16 {
		pipelined = append(pipelined, keep...)
	}
	return []struct {
		name            string
		octets          []byte
		requests, conns int
	}{
		{"keep-alive", keep, 1, 1},
		{"browser", request(tb, "chrome"), 1, 1},
		{"pipelined", pipelined, 16, 1},
		{"closing", request(tb, "minimal"), 1, perRound},
	}
}

// BenchmarkRatioInProcess compares a served request with net/http's.
func BenchmarkRatioInProcess(b *testing.B) {
	ours, theirs := bookServer(b), netHTTP(b)
	for _, load := range inProcess(b) {
		round := func(serve func(*memory)) func() {
			return func() {
				for range load.conns {
					serve(newMemory(load.octets, perRound/load.conns))
				}
			}
		}
		b.Run(load.name, func(b *testing.B) {
			ratio.Report(b, perRound*load.requests, "x-nethttp",
				round(func(m *memory) { newConn(ours, m).serve() }), round(theirs))
		})
	}
}

// BenchmarkServe is one served request of each shape.
func BenchmarkServe(b *testing.B) {
	s := bookServer(b)
	for _, load := range inProcess(b) {
		b.Run(load.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(load.octets)))
			for b.Loop() {
				for range load.conns {
					newConn(s, newMemory(load.octets, perRound/load.conns)).serve()
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*perRound*load.requests),
				"ns/request")
		})
	}
}

// A kept-alive request allocates nothing, from its first octet to the last one of its response.
func TestNoAllocs(t *testing.T) {
	build, _ := debug.ReadBuildInfo()
	if slices.Contains(build.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		t.Skip("skipped: with -race a sync.Pool drops some of what it gets")
	}
	runs := 5
	if testing.Short() {
		runs = 1
	}
	s := bookServer(t)
	for _, load := range inProcess(t) {
		if load.conns > 1 {
			continue
		}
		serve := func(reads int) float64 {
			return testing.AllocsPerRun(runs, func() {
				newConn(s, newMemory(load.octets, reads)).serve()
			})
		}
		began := time.Now()
		few, many := serve(10), serve(1010)
		// Each second has a new head, and storage that the collector took costs a few.
		if most := 50 + 15*time.Since(began).Seconds(); many-few > most {
			t.Errorf("%s: %v allocations for a thousand reads", load.name, many-few)
		}
	}
}
