package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rawhttp/httpwire"
)

// An arena is where one attack takes place.
type arena struct {
	*testing.T
	program string
	process bool // see peer
	victim  *victim
	row     row
}

// A victim is the server under attack.
type victim struct {
	t     *testing.T
	addr  string
	cmd   *exec.Cmd
	said  *bufio.Scanner // its standard output
	log   notes
	ended bool
}

// notes are octets that one goroutine writes and another one reads.
type notes struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.b.Write(p)
}

func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.b.String()
}

var address = regexp.MustCompile(`http://([^/]+)/`)

// start starts the server on a free port.
func (a *arena) start(flags ...string) *victim {
	return a.startBy(exec.Command(a.program, append(flags, "-addr", "127.0.0.1:0")...))
}

func (a *arena) startBy(cmd *exec.Cmd) *victim {
	a.Helper()
	v := &victim{t: a.T, cmd: cmd}
	cmd.Stderr = &v.log
	if !a.process { // with little garbage, the memory in use is little more than what the connections hold
		cmd.Env = append(os.Environ(), "GOGC=25")
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		a.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		a.Fatal(err)
	}
	a.Cleanup(func() {
		if !v.ended {
			cmd.Process.Kill()
			cmd.Wait()
		}
	})
	v.said = bufio.NewScanner(stdout)
	m := address.FindStringSubmatch(v.says("http://"))
	if m == nil {
		a.Fatalf("the server does not say where it is: %s", v.log.String())
	}
	v.addr = m[1]
	v.says("Ctrl-C")
	return v
}

// says waits for a line of the server's output that has the word in it.
func (v *victim) says(word string) string {
	for v.said.Scan() {
		if strings.Contains(v.said.Text(), word) {
			return v.said.Text()
		}
	}
	return ""
}

// interrupt sends Ctrl-C to the server. It skips the rest of the test on Windows, where a program cannot do that.
func (v *victim) interrupt() {
	v.t.Helper()
	if runtime.GOOS == "windows" {
		v.t.Skip("skipped: os.Interrupt cannot be sent on Windows")
	}
	if err := v.cmd.Process.Signal(os.Interrupt); err != nil {
		v.t.Error(err)
	}
}

// stops interrupts the server, and checks that it exits with status 0.
func (v *victim) stops() {
	v.t.Helper()
	v.interrupt()
	v.exits()
}

// exits waits until the server has ended, and checks that its exit status is 0.
func (v *victim) exits() {
	v.t.Helper()
	v.says("Stopped")
	v.ended = true
	if err := v.cmd.Wait(); err != nil {
		v.t.Errorf("the server ended with %v: %s", err, v.log.String())
	}
}

// dial connects to the server. It skips the test if the test itself has no descriptors left.
func (v *victim) dial() *net.TCPConn {
	v.t.Helper()
	c, err := net.Dial("tcp", v.addr)
	if err != nil {
		if strings.Contains(err.Error(), "too many open files") {
			v.t.Skip("skipped: this machine does not allow as many descriptors (ulimit -n)")
		}
		v.t.Fatal(err)
	}
	c.SetDeadline(time.Now().Add(time.Minute))
	return c.(*net.TCPConn)
}

// ask sends octets and returns all that comes back until the server closes.
func (v *victim) ask(octets string) (string, error) {
	c := v.dial()
	defer c.Close()
	if _, err := io.WriteString(c, octets); err != nil {
		return "", err
	}
	got, err := io.ReadAll(c)
	return string(got), err
}

// metrics returns the numbers of /metrics, by their names.
func (a *arena) metrics() map[string]int {
	a.Helper()
	response := ""
	a.until("there are metrics", func() bool {
		response, _ = a.victim.ask("GET /metrics HTTP/1.0\r\n\r\n")
		return strings.HasPrefix(response, "HTTP/1.0 200 ")
	})
	numbers := make(map[string]int)
	_, body, _ := strings.Cut(response, "\r\n\r\n")
	for line := range strings.Lines(body) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			numbers[name] = int(n)
		}
	}
	return numbers
}

// settles waits until the server holds no more than before.
func (a *arena) settles(before map[string]int) {
	a.Helper()
	var left []string
	defer func() {
		if len(left) > 0 {
			a.Errorf("what is left: %v", left)
		}
	}()
	a.until("nothing is left", func() bool {
		now := a.metrics()
		left = nil
		for _, name := range []string{"rawhttp_connections", "go_goroutines", "process_open_fds"} {
			if now[name] > before[name] {
				left = append(left, fmt.Sprintf("%s %d, before %d", name, now[name], before[name]))
			}
		}
		return left == nil
	})
}

// until calls works until it returns true. If that takes more than a minute, the test fails.
func (a *arena) until(what string, works func() bool) {
	a.Helper()
	if !patiently(works) {
		log := a.victim.log.String()
		a.Fatalf("waited in vain until %s; the server's log ends in %s",
			what, log[max(0, len(log)-1000):])
	}
}

// patiently calls works until it returns true, and reports whether that took less than a minute.
func patiently(works func() bool) bool {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for limit := time.Now().Add(time.Minute); !works(); <-tick.C {
		if time.Now().After(limit) {
			return false
		}
	}
	return true
}

// look notes what the server holds now, and what it has refused so far.
func (a *arena) look() map[string]int {
	now := a.metrics()
	a.row.held = max(a.row.held, now["rawhttp_connections"]-1)
	a.row.refused = now["rawhttp_connections_refused_total"]
	for name, n := range now {
		if strings.HasPrefix(name, `rawhttp_requests_total{status="4`) {
			a.row.refused += n
		}
	}
	return now
}

// normal is the request of a normal client.
const normal = "GET " + base + "/1 HTTP/1.0\r\n\r\n"

// normalClient asks for an address, over and over, until it is told to stop. Each of its requests
// must get a response. The longest wait is noted.
func (a *arena) normalClient() (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			began := time.Now()
			c, err := net.Dial("tcp", a.victim.addr)
			var got []byte
			if err == nil {
				c.SetDeadline(began.Add(time.Minute))
				io.WriteString(c, normal)
				got, err = io.ReadAll(c)
				c.Close()
			}
			if err != nil || !bytes.HasPrefix(got, []byte("HTTP/1.0 200 ")) {
				a.Errorf("a normal client got %q, %v", got, err)
				return
			}
			a.row.latencies = append(a.row.latencies, time.Since(began))
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	}()
	return func() { close(done); <-ended }
}

// responses returns the status codes and bodies of the responses in octets, which have to be
// well-formed.
func (a *arena) responses(octets string, method string) (codes []int, bodies []string) {
	a.Helper()
	for b := []byte(octets); len(b) > 0; {
		var resp httpwire.Response
		n, err := httpwire.ConsumeResponseHead(b, &resp)
		if err != nil {
			a.Errorf("a response does not parse: %v in %q", err, b)
			return codes, bodies
		}
		framing, err := resp.Framing([]byte(method))
		length := framing.Length
		if err != nil || framing.Ending >= httpwire.EndsAfterChunks || length > int64(len(b)-n) {
			a.Errorf("a body of %d octets, %v, in %q", length, err, b)
			return codes, bodies
		}
		codes = append(codes, resp.Code)
		bodies = append(bodies, string(b[n:n+int(length)]))
		b = b[n+int(length):]
	}
	return codes, bodies
}

// post is a request whose body is still to come.
func post(path string, length int) string {
	return fmt.Sprintf("POST %s HTTP/1.0\r\nContent-Length: %d\r\n\r\n", path, length)
}
