package main

import (
	"bufio"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"rawhttp/examples/foreign"
	"rawhttp/rawclient/cli"
	"rawhttp/server/addressbook"
)

// Attacks on the real program, in a process of its own, with one client each. TestHostile attacks
// with many clients (hostile_test.go).

const base = addressbook.Path

// asServer is set in the environment of a program that is the server.
const asServer = "RAWHTTP_AS_SERVER"

// The tests start this program again as the server.
func TestMain(m *testing.M) {
	if os.Getenv(asServer) != "" {
		main()
		os.Exit(0)
	}
	os.Setenv(asServer, "yes")
	os.Exit(m.Run())
}

// ownProgram returns the path of this program, which is the server for those that it starts.
func ownProgram(t *testing.T) string {
	t.Helper()
	foreign.Short(t)
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// A program is the server in a process of its own.
type program struct {
	addr string // host:port, as the server says it
	cmd  *exec.Cmd
	log  notes
}

// startProgram starts the server on a free port until the test ends.
func startProgram(t *testing.T, path string, flags ...string) *program {
	t.Helper()
	p := new(program)
	p.start(t, &p.log, path, flags...)
	return p
}

// start starts the server with its log going elsewhere.
func (p *program) start(t *testing.T, log io.Writer, path string, flags ...string) {
	t.Helper()
	p.cmd = exec.Command(path, append([]string{"-addr", "localhost:0"}, flags...)...)
	p.cmd.Stderr = log
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.run(t, stdout)
	go io.Copy(io.Discard, stdout)
}

// run starts the server and reads in its output where it is.
func (p *program) run(t *testing.T, output io.Reader) {
	t.Helper()
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		p.cmd.Wait()
	})
	for lines := bufio.NewScanner(output); lines.Scan(); {
		if m := address.FindStringSubmatch(lines.Text()); m != nil {
			p.addr = m[1]
			return
		}
	}
	t.Fatalf("the server does not say where it is: %s", p.log.String())
}

// send sends octets and returns what comes back until the server closes.
func (p *program) send(t *testing.T, octets string) string {
	t.Helper()
	got, err := exchange(p.addr, octets)
	if err != nil {
		t.Fatalf("%q, %v", got, err)
	}
	return got
}

// exchange sends octets to an address and returns what comes back until the server closes.
func exchange(addr, octets string) (string, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return "", err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(time.Minute))
	io.WriteString(c, octets)
	got, err := io.ReadAll(c)
	return string(got), err
}

// waitFor waits until a condition holds, or fails after some time.
func waitFor(t *testing.T, what string, works func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for limit := time.Now().Add(time.Minute); !works(); <-tick.C {
		if time.Now().After(limit) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// code returns the status code of a response.
func code(response string) string {
	_, rest, _ := strings.Cut(response, " ")
	return rest[:min(len(rest), 3)]
}

// A page of another site, whose host name resolves to this machine, reads and changes nothing.
// The names of this server work.
func TestRebinding(t *testing.T) {
	path := ownProgram(t)
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
	for target, want := range map[string]string{
		"http://evil.example/": "421", "http://localhost/": "200",
	} {
		if got := p.send(t, "GET "+target+" HTTP/1.0\r\nHost: localhost\r\n\r\n"); code(got) != want {
			t.Errorf("%s: %q", target, got)
		}
	}
	lan := startProgram(t, path, "-addr", "0.0.0.0:0", "-lan")
	address, _, _ := net.SplitHostPort(lan.addr) // an address of this machine, if it has a network
	for host, want := range map[string]string{
		address: "200", "127.0.0.1": "200", "evil.example": "421", "192.0.2.1": "421",
	} {
		if got := lan.send(t, "GET / HTTP/1.0\r\nHost: "+host+"\r\n\r\n"); code(got) != want {
			t.Errorf("with -lan, at %s: %s: %q", lan.addr, host, got)
		}
	}
	waitFor(t, "-lan gets a warning", func() bool { return strings.Contains(lan.log.String(), "nothing is encrypted") })
	if got := p.send(t, "GET "+base+"\r\n"); !strings.Contains(got, "North Street") {
		t.Errorf("HTTP/0.9 names no host, and got %q", got)
	}
}

// A page of evil.example cannot be read although that name resolves to 127.0.0.1.
func TestRebindingInBrowser(t *testing.T) {
	t.Parallel()
	chromium := foreign.Program(t, "chromium")
	p := startProgram(t, ownProgram(t))
	_, port, _ := net.SplitHostPort(p.addr)
	for host, want := range map[string][]string{
		"evil.example": {"!North Street", "Host:␠evil.example:", "-hosts evil.example"},
		"localhost":    {"North Street", "!-hosts"},
	} {
		flags := append(cli.Words(foreign.ChromiumFlags), "--user-data-dir="+foreign.Scratch(t),
			"--host-resolver-rules=MAP evil.example 127.0.0.1", "--dump-dom", "http://"+host+":"+port+base)
		r := foreign.Try(t, "", chromium, flags...)
		for _, word := range want {
			word, not := strings.CutPrefix(word, "!")
			if strings.Contains(r.Out+r.Err, word) == not {
				t.Errorf("%s: want %q in %q\n%s\n%v", host, word, r.Out, r.Err, r.Failed)
			}
		}
	}
}

// The documented proxies pass on the Host field. So requests for the public name, which is the
// host of -base-url, work, and requests for other hosts get 421.
func TestHostsThroughProxies(t *testing.T) {
	path := ownProgram(t)
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

// A page of the allowed origin can read the errors that the server makes itself, if the Origin
// field could be read. Vary tells caches that the response depends on it.
func TestRefusalsToAnOrigin(t *testing.T) {
	t.Parallel()
	const page = "http://localhost:8000"
	p := startProgram(t, ownProgram(t), "-cors", page, "-body", "1000", "-head", "2000",
		"-line", "200", "-fields", "10", "-head-time", "1s", "-body-time", "1s")
	const origin = "Origin: " + page + "\r\n"
	for _, tt := range []struct {
		name, send, code string
		allowed          bool
	}{
		{"200", "GET / HTTP/1.0\r\n" + origin + "\r\n", "200", true},
		{"400", "GET / HTTP/1.0\r\n" + origin + "X : y\r\n\r\n", "400", true},
		{"408 of a head", "GET / HTTP/1.0\r\n" + origin, "408", true},
		{"408 of a body", "POST /raw HTTP/1.0\r\n" + origin + "Content-Length: 9\r\n\r\n1", "408", true},
		{"411", "POST /raw HTTP/1.0\r\n" + origin + "\r\n", "411", true},
		{"413", "POST /raw HTTP/1.0\r\n" + origin + "Content-Length: 1001\r\n\r\n", "413", true},
		{"417", "POST /raw HTTP/1.1\r\nHost: localhost\r\n" + origin +
			"Expect: x\r\nContent-Length: 1\r\n\r\n1", "417", true},
		{"421", "GET / HTTP/1.0\r\nHost: evil.example\r\n" + origin + "\r\n", "421", true},
		{"431 for a long field", "GET / HTTP/1.0\r\n" + origin +
			"X: " + strings.Repeat("x", 2000) + "\r\n\r\n", "431", true},
		{"431 for many fields", "GET / HTTP/1.0\r\n" + origin +
			strings.Repeat("X: y\r\n", 10) + "\r\n", "431", true},
		{"501", "BREW / HTTP/1.0\r\n" + origin + "\r\n", "501", true},
		{"505", "GET / HTTP/2.0\r\n" + origin + "\r\n", "505", true},
		{"400 before its Origin", "GET / HTTP/1.0\r\nX : y\r\n" + origin + "\r\n", "400", false},
		{"414", "GET /" + strings.Repeat("x", 200) + " HTTP/1.0\r\n" + origin + "\r\n", "414", true},
		{"413 to another page", "POST /raw HTTP/1.0\r\nOrigin: http://evil.example\r\n" +
			"Content-Length: 1001\r\n\r\n", "413", false},
		{"413 to no page", "POST /raw HTTP/1.0\r\nContent-Length: 1001\r\n\r\n", "413", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := p.send(t, tt.send)
			head, _, _ := strings.Cut(got, "\r\n\r\n")
			allowed := strings.Contains(head, "\r\nAccess-Control-Allow-Origin: "+page+"\r\n")
			if code(got) != tt.code || allowed != tt.allowed ||
				!strings.Contains(head, "\r\nVary: Origin\r\n") {
				t.Errorf("want %s, allowed %v, got %q", tt.code, tt.allowed, head)
			}
		})
	}
}

// If the head decides, a client that waits for 100 (Continue) gets the response at once. If
// not, it gets the 100.
func TestHeadDecides(t *testing.T) {
	path := ownProgram(t)
	open := startProgram(t, path)
	guarded := startProgram(t, path, "-users", "../examples/rest/users")
	const json = "Content-Type: application/json\r\n"
	for _, tt := range []struct {
		name   string
		server *program
		line   string
		fields string
		code   string
	}{
		{"asked", open, "POST " + base, json, "100"},
		{"asked, PUT", open, "PUT " + base + "/1", json, "100"},
		{"asked, a condition that holds", open, "PUT " + base + "/1", json + "If-Match: *\r\n", "100"},
		{"asked, whatever the method", open, "BREW /raw", "", "100"},
		{"asked, and let in", guarded, "POST " + base, json +
			"Authorization: Basic YWxpY2U6b3BlbiBzZXNhbWU=\r\n", "100"},
		{"400", open, "POST " + base, "X : y\r\n", "400"},
		{"401", guarded, "POST " + base, json, "401"},
		{"401, wrong", guarded, "POST " + base, json + "Authorization: Basic YWxpY2U6eA==\r\n", "401"},
		{"404", open, "POST /nothing", json, "404"},
		{"405", open, "POST " + base + "/1", json, "405"},
		{"412", open, "PUT " + base + "/1", json + "If-None-Match: *\r\n", "412"},
		{"412, POST", open, "POST " + base, json + "If-None-Match: *\r\n", "412"},
		{"413", open, "POST " + base, json + "X: y\r\n", "413"},
		{"415", open, "POST " + base, "Content-Type: text/plain\r\n", "415"},
		{"415, PUT", open, "PUT " + base + "/1", "", "415"},
		{"415, coded", open, "POST " + base, json + "Content-Encoding: gzip\r\n", "415"},
		{"421", open, "POST " + base, json + "X: y\r\n", "421"},
		{"501", open, "BREW /", "", "501"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			host, length := "localhost", "9"
			switch tt.code {
			case "413":
				length = "99999999"
			case "421":
				host = "evil.example"
			}
			c, err := net.Dial("tcp", tt.server.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			c.SetDeadline(time.Now().Add(time.Minute))
			io.WriteString(c, tt.line+" HTTP/1.1\r\nHost: "+host+"\r\nExpect: 100-continue\r\n"+
				"Content-Length: "+length+"\r\nConnection: keep-alive\r\n"+tt.fields+"\r\n")
			first, err := bufio.NewReader(c).ReadString('\n')
			if err != nil || code(first) != tt.code {
				t.Errorf("%q, %v, want %s", first, err, tt.code)
			}
			if tt.code == "100" {
				return
			}
			io.WriteString(c, "123456789") // which clients may send anyway
			if rest, err := io.ReadAll(c); err != nil || strings.Count(string(rest), "HTTP/1.0") != 0 {
				t.Errorf("%q, %v", rest, err)
			}
		})
	}
}

// Requests that browsers send on their own get a response, and are logged only with -v. The
// links do not have these paths.
func TestIcon(t *testing.T) {
	path := ownProgram(t)
	for _, flags := range [][]string{nil, {"-v"}} {
		p := startProgram(t, path, flags...)
		if got := p.send(t, "GET /favicon.ico HTTP/1.0\r\n\r\n"); code(got) != "204" || !strings.Contains(got, ": max-age=") {
			t.Errorf("got %q", got)
		}
		const api = "/address_book/api/v1.0"
		for _, where := range []string{"/", api + "/docs", api + "/openapi.json"} {
			if got := p.send(t, "GET "+where+" HTTP/1.0\r\n\r\n"); strings.Contains(got, "favicon") {
				t.Errorf("%s lists it", where)
			}
		}
		put := p.send(t, "PUT /favicon.ico HTTP/1.0\r\nContent-Length: 0\r\n\r\n")
		if code(put) != "405" {
			t.Errorf("PUT: %q", put)
		}
		p.send(t, "GET /raw HTTP/1.0\r\n\r\n")
		waitFor(t, "its line is there", func() bool {
			return strings.Contains(p.log.String(), `line="GET /raw `)
		})
		log := p.log.String()
		if strings.Contains(log, `line="GET /favicon.ico HTTP/1.0"`) != (flags != nil) ||
			!strings.Contains(log, `line="PUT /favicon.ico HTTP/1.0"`) {
			t.Errorf("%v: the log says %s", flags, log)
		}
	}
}
