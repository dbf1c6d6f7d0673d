//go:build unix

package httpd

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"rawhttp/httpwire"
	"rawhttp/server/addressbook"
	"rawhttp/server/rest"
)

// How near the server is to the limit: a loop over a net.Listener that reads up to the empty line
// and writes a constant response, parsing nothing. Both run in processes of their own, so that the
// CPU time measured is theirs alone, and are loaded in turn with the same requests.

const (
	childMode = "RAWHTTP_TEST_SERVER"    // "ours", "limit" or "nethttp"
	childBook = "RAWHTTP_TEST_ADDRESSES" // how many there are
)

func TestMain(m *testing.M) {
	if mode := os.Getenv(childMode); mode != "" {
		runChild(mode)
		return
	}
	if flag.Parse(); testing.Short() { // the tests make much garbage, and keep little; benchmarks measure as usual
		debug.SetGCPercent(400)
	}
	os.Exit(m.Run())
}

// runChild serves and prints its address. To a line "cpu" of its input it prints the CPU time used so
// far, and to a line "memory" the octets of heap and stacks in use.
func runChild(mode string) {
	l, err := listen("127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	n, _ := strconv.Atoi(os.Getenv(childBook))
	s := serverOf(n)
	switch mode {
	case "limit":
		go limit(l, constant(s, "Connection: keep-alive\r\n"), constant(s, ""))
	case "nethttp":
		go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "hello")
		}))
	default:
		go s.Serve(context.Background(), 0, l)
	}
	fmt.Println(l.Addr())
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		if in.Text() == "memory" {
			var m runtime.MemStats
			for range 3 { // so that stacks shrink and pools empty
				runtime.GC()
			}
			runtime.ReadMemStats(&m)
			fmt.Println(m.HeapAlloc + m.StackInuse)
			continue
		}
		var u syscall.Rusage
		syscall.Getrusage(syscall.RUSAGE_SELF, &u)
		fmt.Println(u.Utime.Nano() + u.Stime.Nano())
	}
}

// serverOf is the server of a book with n addresses.
func serverOf(n int) *Server {
	book, err := addressbook.New(addressbook.Options{Max: max(n, 2)})
	if err != nil {
		panic(err)
	}
	router := rest.New(book.Routes())
	for id := 3; id <= n; id++ {
		body := fmt.Sprintf(`{"ID": %d, "number": 7, "line_1": "Street", "post_code": "PY11 0PY"}`, id)
		req := httpwire.Request{
			RequestLine: httpwire.RequestLine{Method: []byte("POST"), Target: []byte(addressbook.Path)},
			Fields:      httpwire.Fields{}.Add([]byte("Content-Type"), []byte("application/json")),
			Body:        []byte(body),
		}
		router.Handle(&req, new(httpwire.Response))
	}
	s := &Server{Handler: router, Limits: DefaultLimits, Name: Product}
	s.Limits.Conns = 10000
	return s
}

// constant returns the server's response to a request for the list with the given fields.
func constant(s *Server, fields string) (octets []byte) {
	m := newMemory([]byte("GET "+addressbook.Path+" HTTP/1.0\r\n"+fields+"\r\n"), 1)
	newConn(s, &recorder{memory: m, to: &octets}).serve()
	return octets
}

// limit responds to everything that ends in an empty line. It keeps the connection open if the octets
// say keep-alive.
func limit(l net.Listener, keep, last []byte) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			in, out, n := make([]byte, 4096), []byte(nil), 0
			for {
				m, err := c.Read(in[n:])
				if err != nil {
					return
				}
				n += m
				out = out[:0]
				goesOn := bytes.Contains(in[:n], []byte("keep-alive"))
				for end := 0; ; n = copy(in, in[end:n]) {
					if end = bytes.Index(in[:n], []byte("\r\n\r\n")); end < 0 {
						break
					}
					end += len("\r\n\r\n")
					if goesOn {
						out = append(out, keep...)
					} else {
						out = append(out, last...)
					}
				}
				if _, err := c.Write(out); err != nil || !goesOn && len(out) > 0 {
					return
				}
			}
		}()
	}
}

// child is a server in a process of its own.
type child struct {
	addr string
	ask  io.Writer
	told *bufio.Scanner
}

func startChild(tb testing.TB, mode string, addresses int) *child {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childMode+"="+mode, childBook+"="+strconv.Itoa(addresses))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { in.Close(); cmd.Wait() })
	c := &child{ask: in, told: bufio.NewScanner(out)}
	if !c.told.Scan() {
		tb.Fatal("the server did not start")
	}
	c.addr = c.told.Text()
	return c
}

// used returns the nanoseconds of "cpu" or the octets of "memory" that the server has used.
func (c *child) used(tb testing.TB, what string) float64 {
	fmt.Fprintln(c.ask, what)
	c.told.Scan()
	n, err := strconv.Atoi(c.told.Text())
	if err != nil {
		tb.Fatal(err)
	}
	return float64(n)
}

// load is a way to ask for the list: so many connections at a time, so many requests in one write,
// a new connection for each or not, so many addresses in the list.
type load struct {
	name                   string
	conns, together, times int
	closing                bool
	addresses              int
}

// run sends the load and reads every response.
func (l load) run(tb testing.TB, addr string, response int) {
	request := "GET " + addressbook.Path + " HTTP/1.0\r\n\r\n"
	if !l.closing {
		request = "GET " + addressbook.Path + " HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
	}
	octets := []byte(strings.Repeat(request, l.together))
	var all sync.WaitGroup
	for range l.conns {
		all.Go(func() {
			var c net.Conn
			var err error
			buf := make([]byte, response*l.together)
			for range l.times {
				if c == nil {
					if c, err = net.Dial("tcp", addr); err != nil {
						tb.Error(err)
						return
					}
				}
				c.Write(octets)
				if _, err := io.ReadFull(c, buf); err != nil {
					tb.Error(err)
				}
				if l.closing {
					c.Close()
					c = nil
				}
			}
			if c != nil {
				c.Close()
			}
		})
	}
	all.Wait()
}

// BenchmarkRatioLimit reports CPU time per request, as a multiple of the limit's.
func BenchmarkRatioLimit(b *testing.B) {
	for _, l := range []load{
		{"keep-alive", 1, 1, 2000, false, 2},
		{"256-connections", 256, 1, 20, false, 2},
		{"pipelined", 1, 16, 300, false, 2},
		{"closing", 1, 1, 500, true, 2},
		{"1000-addresses", 1, 1, 200, false, 1000},
		{"100000-addresses", 1, 1, 4, false, 100000},
	} {
		b.Run(l.name, func(b *testing.B) {
			fields := "Connection: keep-alive\r\n"
			if l.closing {
				fields = ""
			}
			response := len(constant(serverOf(l.addresses), fields))
			servers := []*child{startChild(b, "ours", l.addresses), startChild(b, "limit", l.addresses)}
			var used [2][]float64
			for b.Loop() {
				for i, s := range servers {
					before := s.used(b, "cpu")
					l.run(b, s.addr, response)
					used[i] = append(used[i], s.used(b, "cpu")-before)
				}
			}
			slices.Sort(used[0])
			slices.Sort(used[1])
			ours, limit := used[0][len(used[0])/2], used[1][len(used[1])/2]
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(ours/float64(l.conns*l.together*l.times), "cpu-ns/ours")
			b.ReportMetric(ours/limit, "x-limit")
		})
	}
}

// TestIdleSize keeps conn out of the allocator's size class of requestState: with first at 512 octets,
// 19,000 idle connections took 6.24 KB each instead of 5.93.
func TestIdleSize(t *testing.T) {
	if size := unsafe.Sizeof(conn{}); size > 640 {
		t.Errorf("a conn has %d octets, more than the size class of 640", size)
	}
	if size := unsafe.Sizeof(requestState{}); strconv.IntSize == 64 && size <= 640 {
		t.Errorf("a requestState has %d octets, and shares the size class of a conn", size)
	}
}

// BenchmarkIdle holds thousands of connections that have asked once and may ask again, and reports
// what the server's process holds for each.
func BenchmarkIdle(b *testing.B) {
	const conns = 5000
	for _, mode := range []string{"ours", "nethttp"} {
		b.Run(mode, func(b *testing.B) {
			s := startChild(b, mode, 2)
			for b.Loop() {
				before := s.used(b, "memory")
				held := make([]net.Conn, conns)
				for i := range held {
					c, err := net.Dial("tcp", s.addr)
					if err != nil {
						b.Fatal(err)
					}
					io.WriteString(c, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
					if _, err := c.Read(make([]byte, 4096)); err != nil {
						b.Fatal(err)
					}
					held[i] = c
				}
				time.Sleep(2 * keepStorage) // a connection keeps its storage so long after a response
				b.ReportMetric((s.used(b, "memory")-before)/conns, "B/idle")
				for _, c := range held {
					c.Close()
				}
			}
		})
	}
}
