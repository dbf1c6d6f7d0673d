package rawhttp_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"rawhttp/examples/foreign"
	"rawhttp/httpwire"
	"rawhttp/rawclient/exchange"
	"rawhttp/server/addressbook"
	"rawhttp/server/httpd"
)

// The whole program over real sockets: what is documented is replayed, what is promised to other
// people's clients is tried with other people's clients.

var update = flag.Bool("update", false, "rewrite the transcripts with what was printed")

const base = "/address_book/api/v1.0/addresses"

// serve starts the address book on a free port, as go run ./server does, and returns host:port.
func serve(t *testing.T) string {
	t.Helper()
	listeners, err := httpd.Listen("localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	book, err := addressbook.New("http://" + httpd.DefaultAddr)
	if err != nil {
		t.Fatal(err)
	}
	server := httpd.Server{Handler: book, Limits: httpd.DefaultLimits, Name: httpd.Product}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- server.Serve(ctx, time.Second, listeners...) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	_, port, _ := net.SplitHostPort(listeners[0].Addr().String())
	return "localhost:" + port
}

// TestForeignClients: what is promised to the clients that people have at hand, one thing at a time.
func TestForeignClients(t *testing.T) {
	const url = "http://localhost:PORT" + base
	long := withBody(t, 900_000)
	tests := []struct {
		name  string
		line  string   // the command; PORT, TEMP and LONG stand for the port, a directory, 900 kB
		input string   // on its standard input
		want  []string // in what it prints; what begins with "!" must not be there
	}{
		{"the article's socket client", "python3 -B examples/foreign/clients/socket_client.py PORT", "",
			[]string{"HTTP/1.0 200 OK [1, 2]"}},
		{"curl", "curl -s -i " + url, "", []string{"HTTP/1.0 200 OK", "North Street"}},
		{"curl by IPv4", "curl -s -4 " + url + "/1", "", []string{"PY11 0PY"}},
		{"curl by IPv6", "curl -s -6 " + url + "/2", "", []string{"PY12 5PY"}},
		{"curl -0 -I", "curl -s -0 -I " + url, "", []string{"Content-Length: 305"}},
		{"curl POST", `curl -s -i -H "Content-Type: application/json" -d @examples/new-address.json ` + url,
			"", []string{"201 Created", "Location: http://localhost:12345" + base + "/3"}},
		{"S3 curl sees the close", "curl -s -v " + url, "",
			[]string{"< Connection: close", "Closing connection", "!left intact"}},
		{"S3 curl of 1.1 keeps what it asks to keep", `curl -s -v -H "Connection: keep-alive" ` + url + " " +
			url, "", []string{"< Connection: keep-alive", "Re-using existing connection"}},
		{"S3 curl of 1.0 keeps it as well", `curl -s -0 -v -H "Connection: keep-alive" ` + url + " " + url,
			"", []string{"< Connection: keep-alive", "Re-using existing connection"}},
		{"S6 curl of 1.1 is asked for the body", `curl -s -v -H "Expect: 100-continue" ` +
			`-H "Content-Type: application/json" --data-binary @LONG ` + url, "",
			[]string{"< HTTP/1.1 100 Continue", "< HTTP/1.0 201 Created", "!Done waiting for 100"}},
		{"S6 curl of 1.0 is not", `curl -s -0 -v -H "Expect: 100-continue" ` +
			`-H "Content-Type: application/json" --data-binary @LONG ` + url, "",
			[]string{"!100 Continue", "< HTTP/1.0 201 Created"}},
		{"S7 curl sends chunks", "curl -s -i -T - " + url, "abc",
			[]string{"HTTP/1.0 501 Not Implemented", "Content-Length"}},
		{"S8 curl offers HTTP/2", "curl -s -i --http2 " + url, "", []string{"HTTP/1.0 200 OK"}},
		{"S8 curl accepts compression", "curl -s --compressed " + url, "", []string{"North Street"}},
		{"S8 curl takes it for a proxy", "curl -s -x http://localhost:PORT http://example.org" + base, "",
			[]string{"North Street"}},
		{"S9 nc", "nc -N localhost PORT", "GET / HTTP/1.0\n\n", []string{"HTTP/1.0 400", "nc -C"}},
		{"S9 nc -C", "nc -C -N localhost PORT", "GET " + base + " HTTP/1.0\n\n",
			[]string{"HTTP/1.0 200 OK", "South Street"}},
		{"S9 nc -C that waits", "nc -C localhost PORT", "\nGET " + base + " HTTP/1.0\n\n",
			[]string{"HTTP/1.0 200 OK", "South Street"}},
		{"S11 nc of 0.9", "nc -C -N localhost PORT", "GET " + base + "/1\n",
			[]string{"PY11 0PY", "!HTTP/1.0"}},
		{"a POST by nc", "nc -C -N localhost PORT", "POST " + base + " HTTP/1.0\n" +
			"Content-Type: application/json\nContent-Length: 41\n\n" +
			`{"ID": 7, "number": 1, "post_code": "PY"}`, []string{"HTTP/1.0 201 Created"}},
		{"wget", "wget -q -O - " + url, "", []string{"South Street"}},
		{"S3 wget keeps the connection", "wget -O - " + url + " " + url, "",
			[]string{"South Street", "Reusing existing connection"}},
		{"S10 curl speaks TLS", "curl -s -S -k https://localhost:PORT/", "", []string{"curl: (35)"}},
		{"S10 curl speaks HTTP/2", "curl -s -S --http2-prior-knowledge " + url, "", []string{"curl: ("}},
		{"ab", "ab -q -n 300 -c 4 http://127.0.0.1:PORT" + base, "", abAll("300", "!Keep-Alive requests")},
		{"ab -k", "ab -q -k -n 300 -c 4 http://127.0.0.1:PORT" + base, "",
			abAll("300", "Keep-Alive requests:    300")},
		{"ab -k POST that is refused", "ab -q -k -n 50 -c 4 -T application/json -p LONG http://127.0.0.1:PORT" +
			base + "/1", "", []string{"Complete requests:      50", "Non-2xx responses:      50"}},
		{"wrk", "wrk -t 1 -c 4 -d 1s " + url, "", []string{"requests in", "!Socket errors", "!Non-2xx"}},
		{"wrk with keep-alive", `wrk -t 1 -c 4 -d 1s -H "Connection: keep-alive" ` + url, "",
			[]string{"requests in", "!Socket errors", "!Non-2xx"}},
		{"S13 a browser", "chromium " + chromium + " --user-data-dir=TEMP --dump-dom " + url, "",
			[]string{"North Street", "South Street"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			args := exchange.Words(tt.line)
			path := foreign.Program(t, args[0])
			if tt.name == "curl by IPv6" && !hasIPv6() {
				t.Skip("skipped: this machine has no [::1]")
			}
			_, port, _ := net.SplitHostPort(serve(t))
			fill := strings.NewReplacer("PORT", port, "TEMP", t.TempDir(), "LONG", long)
			for i := range args {
				args[i] = fill.Replace(args[i])
			}
			r := foreign.Try(t, tt.input, path, args[1:]...)
			for _, want := range tt.want {
				word, not := strings.CutPrefix(want, "!")
				if strings.Contains(r.Out+r.Err, word) == not {
					t.Errorf("%s: want %q in %q\n%s\n%v", args, want, r.Out, r.Err, r.Failed)
				}
			}
		})
	}
}

const chromium = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run " +
	"--disable-background-networking --disable-component-update --disable-sync --no-proxy-server"

// abAll is what ab prints when all went well.
func abAll(n, keepAlive string) []string {
	return []string{"Complete requests:      " + n, "Failed requests:        0", keepAlive, "!Non-2xx"}
}

// withBody writes an address of so many octets, in one long line, and returns the file's name.
func withBody(t *testing.T, size int) string {
	t.Helper()
	const front, back = `{"ID": 4, "number": 1, "post_code": "PY", "line_1": "`, `"}`
	name := filepath.Join(t.TempDir(), fmt.Sprint(size, ".json"))
	text := front + strings.Repeat("a", size-len(front+back)) + back
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// wanted are exchanges that every client can have, one after the other on one server: method, path
// and body, and then the status code.
func wanted(t *testing.T) (all [][4]string) {
	return [][4]string{
		{"GET", base, "-", "200"},
		{"GET", base + "/2", "-", "200"},
		{"GET", base + "/999", "-", "404"},
		{"HEAD", base, "-", "200"},
		{"POST", base, "examples/new-address.json", "201"},
		{"POST", base, "examples/new-address.json", "409"},
		{"POST", base, withBody(t, 900_000), "201"},
		{"POST", base, withBody(t, 5_000_000), "413"},
		{"POST", base + "/1", "examples/new-address.json", "405"},
		{"GET", base, "-", "200"},
		{"OPTIONS", base, "-", "200"},
	}
}

// A having is how a client has exchanges: it returns, of each, the status code and the number of
// octets of the body, as it sees them.
type having func(t *testing.T, url string, exchanges [][4]string) string

// TestSameAnswers has the same exchanges with every client, and all of them see what octets tell.
func TestSameAnswers(t *testing.T) {
	exchanges := wanted(t)
	want := byHand(t, "http://"+serve(t), exchanges)
	for i, line := range strings.Split(strings.TrimSpace(want), "\n") {
		if !strings.HasPrefix(line, exchanges[i][3]+" ") {
			t.Errorf("%s: got %s", exchanges[i], line)
		}
	}
	for name, have := range map[string]having{
		"Go net/http":          byGo,
		"curl":                 byCurl(),
		"curl -0":              byCurl("-0"),
		"curl with Expect":     byCurl("-H", "Expect: 100-continue"),
		"curl, kept alive":     byCurl("-0", "-H", "Connection: keep-alive"),
		"wget":                 byWget,
		"python requests":      byScript("requests", "with_requests.py"),
		"python httpx":         byScript("httpx", "with_httpx.py"),
		"python urllib":        byScript("urllib", "with_urllib.py"),
		"python http.client":   byScript("http", "with_http_client.py"),
		"python, HTTP/1.0":     byScript("http", "with_http10.py"),
		"node fetch":           byScript("", "with_fetch.mjs"),
		"node http":            byScript("", "with_node_http.mjs"),
		"Java HttpClient":      byJava,
		"Chromium's fetch":     byChromium,
		"curl through nginx":   through(nginx, byCurl("-k")),
		"Go through nginx":     through(nginx, byGo),
		"curl through HAProxy": through(haproxy, byCurl("-k")),
		"Go through HAProxy":   through(haproxy, byGo),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := have(t, "http://"+serve(t), exchanges); level(got) != level(want) {
				t.Errorf("status and octets are\n%swant\n%s", got, want)
			}
		})
	}
}

// level leaves out what differs from client to client: how long the refusal of a body is, since it
// says at which offset of the client's own head the length was.
func level(got string) string { return regexp.MustCompile(`(?m)^413 .*`).ReplaceAllString(got, "413") }

// byHand sends literal octets.
func byHand(t *testing.T, url string, exchanges [][4]string) (got string) {
	for _, x := range exchanges {
		var body []byte
		head := x[0] + " " + x[1] + " HTTP/1.0\r\n"
		if x[2] != "-" {
			body, _ = os.ReadFile(x[2])
			head += fmt.Sprintf("Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
		}
		c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		c.Write(append([]byte(head+"\r\n"), body...))
		answer, err := io.ReadAll(c)
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		var resp httpwire.Response
		n, err := httpwire.ConsumeResponseHead(answer, &resp)
		if err != nil {
			t.Fatal(err)
		}
		got += fmt.Sprintln(resp.Code, len(answer)-n)
	}
	return got
}

func byGo(t *testing.T, url string, exchanges [][4]string) (got string) {
	client := http.Client{Timeout: time.Minute, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	defer client.CloseIdleConnections()
	for _, x := range exchanges {
		var body io.Reader
		if x[2] != "-" {
			b, _ := os.ReadFile(x[2])
			body = bytes.NewReader(b)
		}
		req, err := http.NewRequest(x[0], url+x[1], body)
		if err != nil {
			t.Fatal(err)
		}
		if body != nil {
			req.Header.Set("Content-Type", "application/json")
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		got += fmt.Sprintln(resp.StatusCode, len(b))
	}
	return got
}

func byCurl(flags ...string) having {
	return func(t *testing.T, url string, exchanges [][4]string) string {
		path := foreign.Program(t, "curl")
		args := []string{}
		for _, x := range exchanges {
			args = append(args, "--next", "-s", "-S", "-o", os.DevNull, "-w", "%{http_code} %{size_download}\n")
			args = append(args, flags...)
			if x[2] != "-" {
				args = append(args, "-H", "Content-Type: application/json", "--data-binary", "@"+x[2])
			}
			if x[0] == "HEAD" {
				args = append(args, "-I")
			} else {
				args = append(args, "-X", x[0])
			}
			args = append(args, url+x[1])
		}
		return foreign.Run(t, path, args[1:]...)
	}
}

func byWget(t *testing.T, url string, exchanges [][4]string) (got string) {
	path := foreign.Program(t, "wget")
	for _, x := range exchanges {
		args := []string{"-q", "-S", "-O", "-", "--content-on-error", "--tries=1", "--no-proxy", "--method", x[0]}
		if x[2] != "-" {
			args = append(args, "--header", "Content-Type: application/json", "--body-file", x[2])
		}
		r := foreign.Try(t, "", path, append(args, url+x[1])...)
		_, code, ok := strings.Cut(r.Err, "HTTP/1.0 ")
		if !ok {
			t.Fatalf("%s: %v %s", x, r.Failed, r.Err)
		}
		got += fmt.Sprintln(code[:3], len(r.Out))
	}
	return got
}

// flat is the command line of the clients in examples/foreign/clients.
func flat(url string, exchanges [][4]string) []string {
	args := []string{url}
	for _, x := range exchanges {
		args = append(args, x[:3]...)
	}
	return args
}

// byScript runs a client of examples/foreign/clients.
func byScript(module, file string) having {
	return func(t *testing.T, url string, exchanges [][4]string) string {
		args := append([]string{filepath.Join("examples", "foreign", "clients", file)}, flat(url, exchanges)...)
		if module == "" {
			return foreign.Run(t, foreign.Program(t, "node"), args...)
		}
		return foreign.Run(t, foreign.Python(t, module), append([]string{"-B"}, args...)...)
	}
}

func byJava(t *testing.T, url string, exchanges [][4]string) string {
	path, err := exec.LookPath("java")
	if err != nil {
		t.Skip("skipped: java is not on this machine")
	}
	args := append([]string{"examples/foreign/clients/WithJava.java"}, flat(url, exchanges)...)
	return foreign.Run(t, path, args...)
}

func byChromium(t *testing.T, url string, exchanges [][4]string) string {
	driver, python := foreign.Program(t, "chromedriver"), foreign.Python(t, "urllib")
	browser := foreign.Program(t, "chromium")
	addr := foreign.FreeAddr(t)
	_, port, _ := net.SplitHostPort(addr)
	foreign.Start(t, []string{addr}, driver, "--port="+port)
	args := append([]string{"-B", "examples/foreign/clients/with_chromium.py", "http://" + addr, browser,
		chromium + " --user-data-dir=" + t.TempDir()}, flat(url, exchanges)...)
	return foreign.Run(t, python, args...)
}

// through puts a proxy between, which speaks TLS to the client.
func through(proxy func(t *testing.T, addr string) string, have having) having {
	return func(t *testing.T, url string, exchanges [][4]string) string {
		return have(t, proxy(t, strings.TrimPrefix(url, "http://")), exchanges)
	}
}

// nginx runs the configuration in examples/proxy in front of addr and returns its URL.
func nginx(t *testing.T, addr string) string {
	program, dir, at := foreign.Program(t, "nginx"), foreign.Dir(t), foreign.FreeAddr(t)
	cert, key, _ := foreign.Certificate(t, dir)
	conf := foreign.Fill(t, dir, "examples/proxy/nginx.conf", "listen 443", "listen "+at,
		"localhost:12345", addr, "/etc/ssl/certs/example.org.pem", cert, "/etc/ssl/private/example.org.key", key)
	foreign.Start(t, []string{at}, program, "-p", dir, "-e", "stderr", "-c", conf,
		"-g", "daemon off; master_process off; pid nginx.pid;")
	return "https://" + at
}

// haproxy does the same.
func haproxy(t *testing.T, addr string) string {
	program, dir, at := foreign.Program(t, "haproxy"), foreign.Dir(t), foreign.FreeAddr(t)
	_, _, both := foreign.Certificate(t, dir)
	conf := foreign.Fill(t, dir, "examples/proxy/haproxy.cfg", "bind :443", "bind "+at,
		"localhost:12345", addr, "/etc/ssl/private/example.org.both.pem", both)
	foreign.Start(t, []string{at}, program, "-db", "-f", conf)
	return "https://" + at
}

func hasIPv6() bool {
	l, err := net.Listen("tcp", "[::1]:0")
	if err == nil {
		l.Close()
	}
	return err == nil
}

// build builds one of the programs.
func build(t *testing.T, pkg string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), filepath.Base(pkg))
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", path, pkg).CombinedOutput(); err != nil {
		t.Fatalf("go build %s: %v\n%s", pkg, err, out)
	}
	return path
}

// The server's own command line: what it prints, how it ends, and what it says of a port in use.
func TestServerCommand(t *testing.T) {
	server := build(t, "./server")
	cmd := exec.Command(server, "-addr", "localhost:0")
	var log bytes.Buffer
	cmd.Stderr = &log
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	greeting := ""
	for lines := bufio.NewScanner(stdout); !strings.Contains(greeting, "Ctrl-C") && lines.Scan(); {
		greeting += lines.Text() + "\n"
	}
	url := regexp.MustCompile(`http://(localhost:\d+)\S+`).FindStringSubmatch(greeting)
	if url == nil || !strings.Contains(greeting, "go run ./rawclient -addr "+url[1]) {
		t.Fatalf("it says %q", greeting)
	}
	addr := url[1]

	for _, tt := range []struct {
		name string
		args []string
		want string
	}{
		{"port in use", []string{"-addr", addr}, "is in use"},
		{"not an address", []string{"-addr", "12345x"}, "write host:port"},
		{"leaves the machine", []string{"-addr", "0.0.0.0:0"}, "-lan"},
		{"an argument too many", []string{"localhost:0"}, "behind the flags"},
	} {
		out, err := exec.Command(server, tt.args...).CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || !bytes.Contains(out, []byte(tt.want)) {
			t.Errorf("%s: %v, %s", tt.name, err, out)
		}
	}
	if runtime.GOOS == "windows" {
		t.Skip("skipped: os.Interrupt cannot be sent on Windows")
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("ended with %v, %s", err, log.String())
	}
}

// client is the command line that a documented command runs: rawclient, in this process, against a
// server that is not at its usual address.
func client(t *testing.T, addr, arguments string) string {
	t.Helper()
	args := append([]string{"-addr", addr}, exchange.Words(arguments)...)
	var out bytes.Buffer
	exchange.Run(t.Context(), args, exchange.Stdio{In: strings.NewReader(""), Out: &out, Err: &out})
	return mask(out.String(), addr)
}

var (
	day     = regexp.MustCompile(`[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4}`)
	time24  = regexp.MustCompile(`\d{2}:\d{2}:\d{2} GMT`)
	someone = regexp.MustCompile(`(127\.0\.0\.1|\[::1\]):\d+`)
)

// mask replaces what differs from run to run: times, and the port.
func mask(s, addr string) string {
	s = strings.ReplaceAll(s, addr, httpd.DefaultAddr)
	s = someone.ReplaceAllString(s, "$1:12345")
	s = day.ReplaceAllString(s, "Sun, 06 Nov 1994")
	return time24.ReplaceAllString(s, "08:49:37 GMT")
}

// Each transcript is what its commands print, one after the other on one server, octet for octet.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("examples/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	addr := serve(t)
	for _, file := range files {
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		commands := 0
		for line := range strings.Lines(string(want)) {
			if strings.HasPrefix(line, "# ") {
				got.WriteString(line)
			}
			if args, ok := strings.CutPrefix(line, "$ rawclient "); ok {
				commands++
				got.WriteString(line)
				got.WriteString(client(t, addr, strings.TrimSpace(args)))
			}
		}
		if *update {
			if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if got.String() != string(want) || commands == 0 {
			t.Errorf("%s differs (go test -update . rewrites it); got\n%s", file, got.String())
		}
	}
}

// What the README shows is what its commands print. A line "..." stands for lines left out.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	addr := serve(t)
	examples := build(t, "./examples")
	shown := 0
	for _, block := range consoleBlocks(string(readme)) {
		for _, part := range strings.Split("\n"+block, "\n$ go run ./")[1:] {
			command, want, _ := strings.Cut(part, "\n")
			var got string
			switch name, args, _ := strings.Cut(command, " "); name {
			case "rawclient":
				got = client(t, addr, args)
			case "examples":
				got = mask(foreign.Run(t, examples, exchange.Words(args)...), addr)
			default:
				t.Errorf("nobody checks the command %q", command)
				continue
			}
			shown++
			if got = strings.ReplaceAll(got, "\r\n", "\n"); !fits(got, want) {
				t.Errorf("%s: the README has\n%s\nbut it prints\n%s", command, want, got)
			}
		}
	}
	if shown < 3 {
		t.Errorf("the README shows %d commands", shown)
	}
}

func consoleBlocks(page string) (blocks []string) {
	for _, part := range strings.Split(page, "\n```console\n")[1:] {
		block, _, _ := strings.Cut(part, "\n```")
		blocks = append(blocks, block)
	}
	return blocks
}

// fits reports whether got is want, whose "..." lines stand for any lines.
func fits(got, want string) bool {
	got, pieces := strings.TrimSpace(got), strings.Split("\n"+strings.TrimSpace(want)+"\n", "\n...\n")
	rest := "\n" + got + "\n"
	for i, piece := range pieces {
		at := strings.Index(rest, piece)
		if at < 0 || i == 0 && at > 0 {
			return false
		}
		rest = rest[at+len(piece):]
		if i == len(pieces)-1 {
			return rest == "" || piece == ""
		}
	}
	return false
}

// The tour ends well and shows the three answers that the README promises.
func TestTour(t *testing.T) {
	got := foreign.Run(t, build(t, "./examples"))
	for _, want := range []string{"\nHTTP/1.0 200 OK\n", "\nHTTP/1.0 201 Created\n",
		"\nHTTP/1.0 404 Not Found\n", "go run ./server\n"} {
		_, rest, ok := strings.Cut(got, want)
		if !ok {
			t.Fatalf("no %q in what is left: %q", want, got)
		}
		got = rest
	}
}

// A checkout that turned CR LF into LF breaks every literal message; say so by name.
func TestCheckoutKeptTheOctets(t *testing.T) {
	b, err := os.ReadFile("examples/good/get-all.http")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b, []byte("\r\n")) {
		t.Fatal("examples/good/get-all.http has lost its CR LF: git was told to change line ends. " +
			"Type  git config core.autocrlf false  and check the files out again.")
	}
}
