//go:build unix

package httpd

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"rawhttp/server/addressbook"
)

// How near the server is to the limit: a loop over a net.Listener that reads up to the empty line
// and writes a constant answer, parsing nothing. Both run in processes of their own, so that the CPU
// time measured is theirs alone, and are loaded in turn with the same requests.

const childMode = "RAWHTTP_TEST_SERVER" // "ours" or "limit"

func TestMain(m *testing.M) {
	if mode := os.Getenv(childMode); mode != "" {
		runChild(mode)
		return
	}
	os.Exit(m.Run())
}

// runChild serves, says where, and answers each line of its input with the CPU time used so far.
func runChild(mode string) {
	l, err := listen("127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	book, err := addressbook.New("http://localhost:12345")
	if err != nil {
		panic(err)
	}
	s := &Server{Handler: book, Limits: DefaultLimits, Name: "rawhttp/1.0"}
	s.Limits.Conns = 10000
	if mode == "limit" {
		go limit(l, constant(s, "Connection: keep-alive\r\n"), constant(s, ""))
	} else {
		go s.Serve(context.Background(), 0, l)
	}
	fmt.Println(l.Addr())
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var u syscall.Rusage
		syscall.Getrusage(syscall.RUSAGE_SELF, &u)
		fmt.Println(u.Utime.Nano() + u.Stime.Nano())
	}
}

// constant is what the server answers to a request for the list with the given fields.
func constant(s *Server, fields string) (octets []byte) {
	m := newMemory([]byte("GET "+addressbook.Path+" HTTP/1.0\r\n"+fields+"\r\n"), 1)
	newConn(s, &recorder{memory: m, to: &octets}).serve()
	return octets
}

// limit answers whatever ends in an empty line: octets that say keep-alive go on, others close.
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

func startChild(tb testing.TB, mode string) *child {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childMode+"="+mode)
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

// cpu returns the CPU time that the server has used.
func (c *child) cpu(tb testing.TB) time.Duration {
	fmt.Fprintln(c.ask)
	c.told.Scan()
	ns, err := strconv.Atoi(c.told.Text())
	if err != nil {
		tb.Fatal(err)
	}
	return time.Duration(ns)
}

// load is a way to ask for the list: so many connections at a time, so many requests in one write,
// a new connection for each or not.
type load struct {
	name                   string
	conns, together, times int
	closing                bool
}

// run sends the load and reads every answer.
func (l load) run(tb testing.TB, addr string, answer int) {
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
			buf := make([]byte, answer*l.together)
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
	s := bookServer(b)
	keep, last := len(constant(s, "Connection: keep-alive\r\n")), len(constant(s, ""))
	for _, l := range []load{
		{"keep-alive", 1, 1, 2000, false},
		{"256-connections", 256, 1, 20, false},
		{"pipelined", 1, 16, 300, false},
		{"closing", 1, 1, 500, true},
	} {
		b.Run(l.name, func(b *testing.B) {
			answer := keep
			if l.closing {
				answer = last
			}
			servers := []*child{startChild(b, "ours"), startChild(b, "limit")}
			var used [2][]float64
			for b.Loop() {
				for i, s := range servers {
					before := s.cpu(b)
					l.run(b, s.addr, answer)
					used[i] = append(used[i], float64(s.cpu(b)-before))
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
