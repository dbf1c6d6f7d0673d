package rawhttp_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"rawhttp/examples/foreign"
	"rawhttp/rawclient/exchange"
)

// Attacks on the real program, in a process of its own, that take one client. Those in numbers are
// TestHostile.

// A program is the server in a process of its own.
type program struct {
	addr string // host:port, as the server says it
	cmd  *exec.Cmd
	mu   sync.Mutex
	log  bytes.Buffer
}

// Write makes the program's log.
func (p *program) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

// logged returns the log so far.
func (p *program) logged() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// startProgram starts the server on a free port until the test ends.
func startProgram(t *testing.T, path string, flags ...string) *program {
	t.Helper()
	p := &program{cmd: exec.Command(path, append([]string{"-addr", "localhost:0"}, flags...)...)}
	p.cmd.Stderr = p
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		p.cmd.Wait()
	})
	url := regexp.MustCompile(`http://([^/]+)/`)
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if m := url.FindStringSubmatch(lines.Text()); m != nil {
			p.addr = m[1]
			go io.Copy(io.Discard, stdout)
			return p
		}
	}
	t.Fatalf("the server does not say where it is: %s", p.logged())
	return nil
}

// send sends octets and returns what comes back until the server closes.
func (p *program) send(t *testing.T, octets string) string {
	t.Helper()
	c, err := net.Dial("tcp", p.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(time.Minute))
	io.WriteString(c, octets)
	got, err := io.ReadAll(c)
	if err != nil {
		t.Fatalf("%q, %v", got, err)
	}
	return string(got)
}

// code returns the status code of a response.
func code(response string) string {
	_, rest, _ := strings.Cut(response, " ")
	return rest[:min(len(rest), 3)]
}

// G2: a page of another site whose name is made to resolve to this machine gets nothing and changes
// nothing; the names of this server work.
func TestRebinding(t *testing.T) {
	path := build(t, "./server")
	p := startProgram(t, path, "-base-url", "https://example.org", "-hosts", "printer.local,192.0.2.1")
	const body = `{"ID": 3, "number": 1, "post_code": "PY"}`
	const fields = "Content-Type: application/json\r\nContent-Length: 41\r\n"
	requests := []struct{ line, fields, body, code string }{
		{"GET " + base, "", "", "200"},
		{"GET " + base + "/1", "", "", "200"},
		{"POST " + base, fields, body, "201"},
		{"PUT " + base + "/3", fields, body, "200"},
		{"DELETE " + base + "/3", "", "", "204"},
		{"GET /raw", "", "", "200"},
		{"GET /metrics", "", "", "200"},
		{"GET /healthz", "", "", "200"},
		{"OPTIONS *", "", "", "200"},
		{"GET /nothing", "", "", "404"},
		{"BREW /", "", "", "501"},
		{"POST " + base, "", "", "411"},
		{"POST " + base, "Content-Length: 99999999\r\n", "", "413"},
	}
	ask := func(t *testing.T, host, version, want string) {
		t.Helper()
		for _, r := range requests {
			got := p.send(t, r.line+" HTTP/"+version+"\r\n"+host+r.fields+"\r\n"+r.body)
			expected := want
			if want == "" {
				expected = r.code
			}
			if code(got) != expected {
				t.Errorf("%q, %s: want %s, got %q", host, r.line, expected, got)
			}
		}
	}
	_, port, _ := net.SplitHostPort(p.addr)
	for _, host := range []string{"evil.example", "evil.example:" + port, "localhost.evil.example",
		"192.168.77.77", "www.example.org"} {
		ask(t, "Host: "+host+"\r\n", "1.0", "421")
		ask(t, "Host: "+host+"\r\n", "1.1", "421")
	}
	for _, host := range []string{"localhost", "LOCALHOST:" + port, "127.0.0.1:8080", "[::1]",
		"example.org", "printer.local:" + port, "192.0.2.1", ""} {
		ask(t, "Host: "+host+"\r\n", "1.1", "")
	}
	ask(t, "", "1.0", "")
	for target, want := range map[string]string{"http://evil.example/": "421", "http://localhost/": "200"} {
		if got := p.send(t, "GET "+target+" HTTP/1.0\r\nHost: localhost\r\n\r\n"); code(got) != want {
			t.Errorf("%s: %q", target, got)
		}
	}
	if got := p.send(t, "GET "+base+"\r\n"); !strings.Contains(got, "North Street") {
		t.Errorf("HTTP/0.9 names no host, and got %q", got)
	}
}

// G2, with a browser: the page of evil.example cannot be read where that name is 127.0.0.1.
func TestRebindingInBrowser(t *testing.T) {
	t.Parallel()
	chromium := foreign.Program(t, "chromium")
	p := startProgram(t, build(t, "./server"))
	_, port, _ := net.SplitHostPort(p.addr)
	for host, want := range map[string][]string{
		"evil.example": {"!North Street", "for the host evil.example", "-hosts evil.example"},
		"localhost":    {"North Street", "!-hosts"},
	} {
		flags := append(exchange.Words(foreign.ChromiumFlags), "--user-data-dir="+foreign.Scratch(t),
			"--host-resolver-rules=MAP evil.example 127.0.0.1", "--dump-dom", "http://"+host+":"+port+base)
		contains(t, foreign.Try(t, "", chromium, flags...), want)
	}
}

// G2: the documented proxies pass Host on, so that the public name, which is that of -base-url, works
// and others get a 421.
func TestHostsThroughProxies(t *testing.T) {
	path := build(t, "./server")
	curl := foreign.Program(t, "curl")
	for name, proxy := range map[string]foreign.Proxy{
		"nginx": foreign.Nginx, "HAProxy": foreign.HAProxy,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startProgram(t, path, "-base-url", "https://example.org", "-hosts", "example.net")
			url := proxy(t, p.addr)
			_, port, _ := net.SplitHostPort(strings.TrimPrefix(url, "https://"))
			for host, want := range map[string]string{"example.org": "200", "example.net": "200",
				"evil.example": "421"} {
				got := foreign.Run(t, curl, "-s", "-k", "-o", t.TempDir()+"/body", "-w", "%{http_code}",
					"--resolve", host+":"+port+":127.0.0.1", "https://"+host+":"+port+base)
				if got != want {
					t.Errorf("%s: %s, want %s", host, got, want)
				}
			}
		})
	}
}
