package rawhttp_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rawhttp/examples/foreign"
	"rawhttp/examples/foreign/probe"
	"rawhttp/examples/replay"
	"rawhttp/httpwire"
	"rawhttp/rawclient/cli"
	"rawhttp/server/addressbook"
	"rawhttp/server/app"
	"rawhttp/server/rest"
)

// These tests run the whole program over real sockets. They replay the documented commands, and
// send requests from other clients, through proxies, and to other servers.

var update = flag.Bool("update", false, "rewrite the transcripts")

const base = "/address_book/api/v1.0/addresses"

// bin is the directory of the programs that the tests build. Its name ends with a separator, because
// go build then makes it.
var bin = filepath.Join(os.TempDir(), fmt.Sprint("rawhttp-bin-", os.Getpid())) + string(filepath.Separator)

func TestMain(m *testing.M) {
	code := foreign.Waiting(m)
	os.RemoveAll(bin)
	os.Exit(code)
}

// serve starts the server with the given flags on a free port and returns host:port. The clock of
// the address book always shows the time of the examples in RFC 9110.
func serve(t *testing.T, args ...string) string {
	t.Helper()
	var o app.Options
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	o.Flags(flags)
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	example := time.Date(1994, 11, 6, 8, 49, 37, 0, time.UTC)
	o.Book.Clock = func() time.Time { return example }
	server, err := replay.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server.Addr
}

// TestForeignClients runs common clients against the server, one feature at a time.
func TestForeignClients(t *testing.T) {
	t.Parallel()
	long := addressFile(t, 900_000)
	words := []string{ // words of a line, and their replacements
		"JSON", `-H "Content-Type: application/json"`,
		"KEEP", `-H "Connection: keep-alive"`,
		"NEW", `-w "new=%{num_connects} "`,
		"EXPECT", `-H "Expect: 100-continue"`,
		"LONG", long,
	}
	tests := []struct {
		name, line, input string
		want              []string // must be in the output; must not be, after "!"
	}{
		{"the article's client", "python3 examples/foreign/clients/socket_client.py PORT", "",
			[]string{"HTTP/1.0 200 OK [1, 2]"}},
		{"curl", "curl -s -i URL", "", []string{"HTTP/1.0 200 OK", "North Street"}},
		{"curl by IPv4", "curl -s -4 URL/1", "", []string{"PY11 0PY"}},
		{"curl by IPv6", "curl -s -6 URL/2", "", []string{"PY12 5PY"}},
		{"curl -0 -I", "curl -s -0 -I URL", "", []string{"Content-Length: 305"}},
		{"curl POST", "curl -s -i JSON -d @examples/new-address.json URL", "",
			[]string{"201 Created", "Location: http://localhost:12345" + base + "/3"}},
		{"S3 curl closes", "curl -s -i NEW URL URL", "", []string{"Connection: close", "!new=0"}},
		{"S3 curl keeps what it asks to keep", "curl -s -i NEW KEEP URL URL", "",
			[]string{"Connection: keep-alive", "new=1", "new=0"}},
		{"S3 curl -0 keeps it as well", "curl -s -0 -i NEW KEEP URL URL", "",
			[]string{"Connection: keep-alive", "new=1", "new=0"}},
		{"S6 curl is asked for the body", "curl -s -v --expect100-timeout 60 EXPECT JSON --data-binary @LONG URL", "",
			[]string{"< HTTP/1.1 100 Continue", "< HTTP/1.0 201 Created", "!Done waiting for 100"}},
		{"S6 curl -0 is not", "curl -s -0 -v EXPECT JSON --data-binary @LONG URL", "",
			[]string{"!100 Continue", "< HTTP/1.0 201 Created"}},
		{"S7 curl sends chunks", "curl -s -i -T - URL", "abc",
			[]string{"HTTP/1.0 501 Not Implemented", "Content-Length"}},
		{"S8 curl offers HTTP/2", "curl -s -i --http2 URL", "", []string{"HTTP/1.0 200 OK"}},
		{"S8 curl accepts compression", "curl -s --compressed URL", "", []string{"North Street"}},
		{"S8 curl takes it for a proxy", "curl -s -x http://localhost:PORT http://localhost:80" + base,
			"", []string{"North Street"}},
		{"curl takes it for a proxy to another host", "curl -s -i -x http://localhost:PORT " +
			"http://example.org" + base, "", []string{"HTTP/1.0 421", "!North Street", "-hosts example.org"}},
		{"S9 nc", "nc -N localhost PORT", "GET / HTTP/1.0\n\n", []string{"HTTP/1.0 400", "nc -C"}},
		{"S9 nc -C", "nc -C -N localhost PORT", "GET " + base + " HTTP/1.0\n\n",
			[]string{"HTTP/1.0 200 OK", "South Street"}},
		{"S9 nc -C that stays", "nc -C localhost PORT", "\nGET " + base + " HTTP/1.0\n\n",
			[]string{"HTTP/1.0 200 OK", "South Street"}},
		{"S9 nc -C that breaks off", "nc -C -N localhost PORT", "GET / HTTP/1.0\n",
			[]string{"HTTP/1.0 400", "empty line"}},
		{"nc -C POST", "nc -C -N localhost PORT", "POST " + base + " HTTP/1.0\nContent-Type: " +
			"application/json\nContent-Length: 41\n\n" + `{"ID": 7, "number": 1, "post_code": "PY"}`,
			[]string{"HTTP/1.0 201 Created"}},
		{"S10 curl speaks TLS", "curl -s -S -k https://localhost:PORT/", "", []string{"curl: (35)"}},
		{"S11 nc -C of 0.9", "nc -C -N localhost PORT", "GET " + base + "/1\n",
			[]string{"PY11 0PY", "!HTTP/1.0"}},
		{"wget", "wget -q -O - URL", "", []string{"South Street"}},
		{"S3 wget keeps the connection", "wget -O - URL URL", "",
			[]string{"South Street", "Reusing existing connection"}},
		{"ab", "ab -q -n 300 -c 4 URL", "", []string{"Complete requests:      300",
			"Failed requests:        0", "!Non-2xx", "!Keep-Alive requests"}},
		{"ab -k", "ab -q -k -n 300 -c 4 URL", "", []string{"Complete requests:      300",
			"Failed requests:        0", "!Non-2xx", "Keep-Alive requests:    300"}},
		{"ab -k POST, refused", "ab -q -k -n 50 -c 4 -T application/json -p LONG URL/1", "",
			[]string{"Complete requests:      50", "Failed requests:        0", "responses:      50"}},
		{"S2 wrk", "wrk -t 1 -c 4 -d 1s URL", "",
			[]string{"requests in", "!Socket errors", "!Non-2xx"}},
		{"S2 wrk with keep-alive", "wrk -t 1 -c 4 -d 1s KEEP URL", "",
			[]string{"requests in", "!Socket errors", "!Non-2xx"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.name == "curl by IPv6" && !hasIPv6() {
				t.Skip("skipped: this machine has no [::1]")
			}
			if strings.HasPrefix(tt.line, "wrk") {
				foreign.Long(t) // it takes all processors for a second
			}
			addr := serve(t)
			_, port, _ := net.SplitHostPort(addr)
			args := arguments(tt.line, append(slices.Clone(words), "URL", "http://"+addr+base, "PORT", port))
			contains(t, foreign.Try(t, tt.input, foreign.Program(t, args[0]), args[1:]...), tt.want)
		})
	}
}

// TestTwoEditors lets two users of the Python client requests edit the same address.
func TestTwoEditors(t *testing.T) {
	t.Parallel()
	python := foreign.Python(t, "requests")
	addr := serve(t, "-users", "examples/rest/users")
	got := foreign.Run(t, python, "examples/foreign/clients/two_editors.py", "http://"+addr+base+"/1")
	got = strings.ReplaceAll(got, "\r\n", "\n")
	if want := "401 401\n" + base + " 304\n200 412\n204 404\n"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// arguments replaces words in a command line and splits it into arguments.
func arguments(line string, words []string) []string {
	return cli.Words(strings.NewReplacer(words...).Replace(line))
}

// addressFile writes an address of the given size, in one long line, and returns the name of the
// file.
func addressFile(t *testing.T, size int) string {
	t.Helper()
	const front, back = `{"ID": 4, "number": 1, "post_code": "PY", "note": "`, `"}`
	name := filepath.Join(t.TempDir(), fmt.Sprint(size, ".json"))
	text := front + strings.Repeat("a", size-len(front+back)) + back
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// exchanges returns requests that every client can send, one after the other to one server, and the
// status codes of the responses.
func exchanges(t *testing.T) (all []foreign.Exchange, codes []string) {
	const one = "examples/new-address.json"
	for _, x := range []struct{ method, path, file, code string }{
		{"GET", base, "", "200"},
		{"GET", base + "/2", "", "200"},
		{"GET", base + "/999", "", "404"},
		{"HEAD", base, "", "200"},
		{"POST", base, one, "201"},
		{"POST", base, one, "409"},
		{"POST", base, addressFile(t, 900_000), "201"},
		{"POST", base, addressFile(t, 5_000_000), "413"},
		{"POST", base + "/1", one, "405"},
		{"GET", base, "", "200"},
		{"OPTIONS", base, "", "200"},
	} {
		all = append(all, foreign.Exchange{Method: x.method, Path: x.path, File: x.file})
		codes = append(codes, x.code)
	}
	return all, codes
}

// TestSameResponses sends the same requests from each client, directly or through a proxy. Each
// must see the status codes and body lengths that are on the wire.
func TestSameResponses(t *testing.T) {
	t.Parallel()
	all, codes := exchanges(t)
	want := byHand(t, "http://"+serve(t), all)
	for i, line := range strings.Split(strings.TrimSpace(want), "\n") {
		if !strings.HasPrefix(line, codes[i]+" ") {
			t.Errorf("%s: got %s, want %s", all[i], line, codes[i])
		}
	}
	curl := foreign.Curl("-k")
	for name, client := range map[string]foreign.Client{
		"Go net/http":           byGo,
		"curl":                  foreign.Curl(),
		"curl -0":               foreign.Curl("-0"),
		"curl with Expect":      foreign.Curl("-H", "Expect: 100-continue"),
		"curl -0, kept alive":   foreign.Curl("-0", "-H", "Connection: keep-alive"),
		"wget":                  foreign.Wget,
		"python requests":       foreign.PythonScript("requests", "with_requests.py"),
		"python httpx":          foreign.Httpx,
		"python urllib":         foreign.PythonScript("urllib", "with_urllib.py"),
		"python http.client":    foreign.PythonScript("http", "with_http_client.py"),
		"python, HTTP/1.0":      foreign.PythonScript("http", "with_http10.py"),
		"node fetch":            foreign.NodeScript("with_fetch.mjs"),
		"node http":             foreign.NodeScript("with_node_http.mjs"),
		"Java HttpClient":       foreign.Java,
		"Chromium's fetch":      foreign.Chromium,
		"curl, nginx between":   through(foreign.Nginx, curl),
		"Go, nginx between":     through(foreign.Nginx, byGo),
		"curl, HAProxy between": through(foreign.HAProxy, curl),
		"Go, HAProxy between":   through(foreign.HAProxy, byGo),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := client(t, "http://"+serve(t), all)
			if without413(got) != without413(want) {
				t.Errorf("status codes and lengths are\n%swant\n%s", got, want)
			}
		})
	}
}

// TestNoRequestIsLost sends many POST requests from clients that keep connections open. None is
// lost, whether the server keeps the connection open or closes it. Some clients have sent a POST on
// a connection that closed without notice.
func TestNoRequestIsLost(t *testing.T) {
	t.Parallel()
	many := 100
	if foreign.IsLong() {
		many = 500
	}
	one := foreign.Exchange{Method: "POST", Path: base, File: "examples/new-address.json"}
	for name, client := range map[string]foreign.Client{
		"Go net/http":         byGo,
		"curl -0, kept alive": foreign.Curl("-0", "-H", "Connection: keep-alive"),
		"python requests":     foreign.PythonScript("requests", "with_requests.py"),
		"python http.client":  foreign.PythonScript("http", "with_http_client.py"),
		"node fetch":          foreign.NodeScript("with_fetch.mjs"),
		"node http":           foreign.NodeScript("with_node_http.mjs"),
		"Java HttpClient":     foreign.Java,
		"Go, nginx between":   through(foreign.Nginx, byGo),
		"Go, HAProxy between": through(foreign.HAProxy, byGo),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := client(t, "http://"+serve(t), slices.Repeat([]foreign.Exchange{one}, many))
			if created, refused := strings.Count(got, "201 "), strings.Count(got, "409 "); created != 1 ||
				refused != many-1 {
				t.Errorf("%d created, %d refused of %d", created, refused, many)
			}
		})
	}
}

// through returns a client that connects through a proxy, with TLS between client and proxy.
func through(proxy foreign.Proxy, client foreign.Client) foreign.Client {
	return func(t *testing.T, url string, all []foreign.Exchange) string {
		return client(t, proxy(t, strings.TrimPrefix(url, "http://")), all)
	}
}

// without413 removes the length of a 413. It differs from client to client, because the response
// quotes an offset in the head of the request.
func without413(got string) string {
	return regexp.MustCompile(`(?m)^413 .*`).ReplaceAllString(got, "413")
}

// byHand sends the requests as literal octets.
func byHand(t *testing.T, url string, all []foreign.Exchange) (got string) {
	for _, x := range all {
		body := ""
		head := x.Method + " " + x.Path + " HTTP/1.0\r\n"
		if x.File != "" {
			body = readFile(t, x.File)
			head += fmt.Sprintf("Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
		}
		c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, head+"\r\n"+body)
		octets, err := io.ReadAll(c)
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		var resp httpwire.Response
		n, err := httpwire.ConsumeResponseHead(octets, &resp)
		if err != nil {
			t.Fatal(err)
		}
		got += fmt.Sprintln(resp.Code, len(octets)-n)
	}
	return got
}

// byGo sends the requests with net/http. It sends Expect before a long body.
func byGo(t *testing.T, url string, all []foreign.Exchange) (got string) {
	client := http.Client{Timeout: time.Minute, Transport: &http.Transport{
		ExpectContinueTimeout: time.Minute,
		TLSClientConfig:       &tls.Config{InsecureSkipVerify: true}}}
	defer client.CloseIdleConnections()
	for _, x := range all {
		var body io.Reader
		if x.File != "" {
			body = strings.NewReader(readFile(t, x.File))
		}
		req, err := http.NewRequest(x.Method, url+x.Path, body)
		if err != nil {
			t.Fatal(err)
		}
		if body != nil {
			req.Header.Set("Content-Type", "application/json")
		}
		if req.ContentLength > 100_000 {
			req.Header.Set("Expect", "100-continue")
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

// TestProxies sends requests through nginx and HAProxy. PROXY stands for their URL.
func TestProxies(t *testing.T) {
	t.Parallel()
	words := []string{"JSON", `-H "Content-Type: application/json"`,
		"LONG", addressFile(t, 900_000), "HUGE", addressFile(t, 5_000_000),
		"FORWARDED", `-H "X-Forwarded-Host: evil.example" -H "X-Forwarded-Proto: gopher"`}
	const chunks = `{"ID": 7, "number": 1, "post_code": "PY"}`
	tests := []struct {
		name, line, input string
		want              []string // must be in the output of curl; must not be, after "!"
	}{
		{"a client is kept alive", `-w "new=%{num_connects} " PROXY PROXY`, "",
			[]string{"North Street", "new=1", "new=0"}},
		{"HTTP/1.0", "-0 PROXY/1", "", []string{"PY11 0PY"}},
		{"HEAD", "-I PROXY", "", []string{" 200", "ength: 305"}},
		{"404 of the service", "PROXY/999", "", []string{"GET " + base}},
		{"405, with Allow", "-i -X DELETE PROXY", "", []string{" 405", "llow: GET, HEAD, POST, OPTIONS"}},
		{"400 of the wire", "PROXY/|", "", []string{"rule", "RFC 1945"}},
		{"400 of the service", "JSON -d nonsense PROXY", "", []string{"JSON"}},
		{"413 of the wire", "-i JSON --data-binary @HUGE PROXY", "",
			[]string{" 413", "limit 1048576 octets"}},
		{"501 of the wire", "-X BREW PROXY", "", []string{"GET, HEAD, POST"}},
		{"X-Forwarded-* has no effect", "-i JSON FORWARDED -d @examples/new-address.json PROXY", "",
			[]string{" 201", "ocation: http://localhost:12345" + base + "/3", "!evil", "!gopher"}},
		{"900 kB", "-i JSON --data-binary @LONG PROXY", "", []string{" 201"}},
		{"nginx: chunks; the proxy sends the length", "-i JSON -X POST -T - PROXY", chunks,
			[]string{" 201"}},
		{"HAProxy: chunks are passed on", "-i JSON -X POST -T - PROXY", chunks,
			[]string{" 501", "Content-Length"}},
	}
	proxies := map[string]foreign.Proxy{"nginx": foreign.Nginx, "HAProxy": foreign.HAProxy}
	for name, proxy := range proxies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			curl, url := foreign.Program(t, "curl"), proxy(t, serve(t))+base
			for _, tt := range tests {
				if only, _, ok := strings.Cut(tt.name, ": "); ok && only != name {
					continue
				}
				t.Run(tt.name, func(t *testing.T) {
					args := arguments("-s -S -k "+tt.line, append(slices.Clone(words), "PROXY", url))
					contains(t, foreign.Try(t, tt.input, curl, args...), tt.want)
				})
			}
		})
	}
}

// probes are requests of the raw client and the responses of other servers: nginx 1.22, Apache 2.4,
// lighttpd 1.4, http.server of Python 3.11, Node 20, Flask 2.2 and 3.1, and Go. probe.Kind
// explains the words. Each has a part for each server of probed, in that order; "-" means that the request is
// not sent to the server.
const probed = "nginx | Apache | lighttpd | http.server | Node | Flask | Go"

var probes = []struct{ name, how, request, want string }{
	{"GET, 1.0", "", "GET / HTTP/1.0\n\n",
		"1.1 200 | 1.1 200 | 1.0 200 | 1.0 200 | 1.1 200 until close | 1.1 200 | 1.0 200"},
	{"1.0 + keep-alive", "", "GET / HTTP/1.0\nConnection: keep-alive\n\n",
		"1.1 200 open | 1.1 200 open | 1.0 200 open | 1.0 200 | " +
			"1.1 200 until close | 1.1 200 | 1.0 200 open"},
	{"1.1", "", "GET / HTTP/1.1\nHost: a\n\n",
		"1.1 200 open | 1.1 200 open | 1.1 200 open | 1.0 200 | 1.1 200 open | 1.1 200 | 1.1 200 open"},
	{"1.1, no Host", "", "GET / HTTP/1.1\n\n",
		"1.1 400 | 1.1 400 | 1.1 400 | 1.0 200 | 1.1 400 chunked | 1.1 200 | 1.1 400 until close"},
	{"bare LF", "literal", "GET / HTTP/1.0\n\n",
		"1.1 200 | 1.1 400 | 1.0 400 | 1.0 200 | 1.1 400 until close | 1.1 200 | 1.0 200"},
	{"Simple-Request", "", "GET /\n",
		"0.9 | 0.9 | waits | waits | waits | waits | 1.1 400 until close"},
	{"HTTP/9.9", "", "GET / HTTP/9.9\n\n",
		"1.1 505 | 1.1 400 | 1.0 505 | 0.9 | 1.1 400 until close | 0.9 | 1.1 505 until close"},
	{"leading CR LF", "", "\nGET / HTTP/1.0\n\n",
		"1.1 200 | 1.1 200 | 1.0 400 | empty | 1.1 200 until close | empty | 1.1 400 until close"},
	{"streamed, 1.0", "", "GET /stream HTTP/1.0\n\n",
		"- | - | - | - | 1.1 200 until close | 1.1 200 chunked | 1.0 200 until close"},
	{"Expect, 1.0", "", "POST / HTTP/1.0\nExpect: 100-continue\nContent-Length: 3\n\nabc",
		"1.1 405 | 1.1 200 | 1.0 200 | 1.0 501 | 1.1 200 until close | 100 1.1 200 | 1.0 200"},
	{"Expect, 1.1", "", "POST / HTTP/1.1\nHost: a\nExpect: 100-continue\nContent-Length: 3\n\nabc",
		"1.1 405 open | 100 1.1 200 open | 1.1 200 | 1.0 501 | " +
			"100 1.1 200 open | 100 100 1.1 200 | 100 1.1 200 open"},
	{"early hints", "", "GET /hints HTTP/1.0\n\n",
		"- | - | - | - | 103 1.1 200 until close | - | -"},
	{"POST, no length", "", "POST / HTTP/1.0\n\n",
		"1.1 405 | 1.1 200 | 1.0 411 | 1.0 501 | 1.1 200 until close | 1.1 200 | 1.0 200"},
	{"plain to TLS", "tls", "GET / HTTP/1.0\n\n",
		"1.1 400 | - | - | - | empty | - | 1.0 400 until close"},
	{"half-close", "half", "GET / HTTP/1.0\n\n",
		"1.1 200 | 1.1 200 | 1.0 200 | 1.0 200 | 1.1 200 until close | 1.1 200 | 1.0 200"},
	{"1.1, and how long it is kept", "wait", "GET / HTTP/1.1\nHost: a\n\n",
		"- | 1.1 200 closed later | - | - | 1.1 200 closed later | - | -"},
	{"HEAD", "", "HEAD / HTTP/1.0\n\n",
		"1.1 200 | 1.1 200 | 1.0 200 | 1.0 200 | 1.1 200 | 1.1 200 | 1.0 200"},
	{"not there", "", "GET /nope HTTP/1.0\n\n",
		"1.1 404 | 1.1 404 | 1.0 404 | 1.0 404 | 1.1 200 until close | 1.1 404 | 1.0 404"},
	{"space before the colon", "", "GET / HTTP/1.0\nX : y\n\n",
		"1.1 400 | 1.1 400 | 1.0 400 | 1.0 200 | 1.1 400 until close | 1.1 200 | 1.1 400 until close"},
}

// TestForeignServers sends each probe to each server, with the raw client.
func TestForeignServers(t *testing.T) {
	t.Parallel()
	names := strings.Split(probed, " | ")
	for _, p := range probes {
		if n := strings.Count(p.want, " | ") + 1; n != len(names) {
			t.Fatalf("%s: want one part for each of %s, got %d", p.name, probed, n)
		}
	}
	for _, server := range append(slices.Clone(foreign.Servers), foreign.Server{Name: "Go", Start: goServer}) {
		column := slices.Index(names, server.Name)
		if column < 0 {
			t.Errorf("probed has no %s: add it, and what the server does to each of probes, or \"-\"", server.Name)
			continue
		}
		t.Run(server.Name, func(t *testing.T) {
			t.Parallel()
			plain, tls := server.Start(t)
			for _, p := range probes {
				want := strings.Split(p.want, " | ")
				if want[column] == "-" {
					continue
				}
				t.Run(p.name, func(t *testing.T) {
					t.Parallel()
					addr := plain
					if p.how == "tls" {
						addr = tls
					}
					kept, open := strings.CutSuffix(want[column], " open")
					for tries := 1; ; tries++ {
						got := probe.Kind(t, addr, p.how, p.request, want[column])
						if got == want[column] {
							return
						}
						// On a busy machine, Node can close what it keeps open for a second before the client looks.
						if closed := open && got == kept; !closed || tries == 3 {
							t.Fatalf("got %q, want %q", got, want[column])
						}
					}
				})
			}
		})
	}
}

// goServer starts a server of net/http.
func goServer(t *testing.T) (plain, tls string) {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, "hello\n")
	})
	mux.HandleFunc("/stream", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "hel")
		w.(http.Flusher).Flush()
		io.WriteString(w, "lo\n")
	})
	cert, key, _ := foreign.Certificate(t, t.TempDir())
	listen := func(serve func(*http.Server, net.Listener) error) string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		s := &http.Server{Handler: mux, ErrorLog: log.New(io.Discard, "", 0)}
		go serve(s, l)
		t.Cleanup(func() { s.Close() })
		return l.Addr().String()
	}
	return listen((*http.Server).Serve), listen(func(s *http.Server, l net.Listener) error {
		return s.ServeTLS(l, cert, key)
	})
}

// contains checks the output of a program. It must hold each word, and must not hold a word after
// "!".
func contains(t *testing.T, r foreign.Result, words []string) {
	t.Helper()
	for _, want := range words {
		word, not := strings.CutPrefix(want, "!")
		if strings.Contains(r.Out+r.Err, word) == not {
			t.Errorf("want %q in %q\n%s\n%v", want, r.Out, r.Err, r.Failed)
		}
	}
}

func hasIPv6() bool {
	l, err := net.Listen("tcp", "[::1]:0")
	if err == nil {
		l.Close()
	}
	return err == nil
}

// buildPrograms builds all commands into bin, once for all tests. It does what the README says, with two
// directories more, and without the tables for debuggers, which take a third of the time.
var buildPrograms = sync.OnceValue(func() error {
	args := append([]string{"build", "-ldflags=-w", "-o", bin, "./server", "./examples"}, readmePrograms()...)
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("go %s: %w\n%s", args, err, out)
	}
	return nil
})

// readmePrograms returns the directories of the commands that the README builds.
func readmePrograms() []string {
	readme, _ := os.ReadFile("README.md")
	m := regexp.MustCompile(`(?m)^    go build -o bin/ (.+)$`).FindSubmatch(readme)
	if m == nil {
		return nil
	}
	return strings.Fields(string(m[1]))
}

// program returns the path of the program that was built of a directory.
func program(t *testing.T, dir string) string {
	t.Helper()
	foreign.Short(t)
	if err := buildPrograms(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(bin, path.Base(dir))
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return name
}

// TestServerCommand checks what the server prints, how it stops, and its errors for wrong
// arguments.
func TestServerCommand(t *testing.T) {
	t.Parallel()
	built := program(t, "./server")
	server := filepath.Join(t.TempDir(), filepath.Base(built)) // in a directory without rawclient
	if err := os.Link(built, server); err != nil {
		t.Fatal(err)
	}
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

	// The server that the lessons use must offer the same resources as this one.
	lessons, err := replay.Start(app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lessons.Stop()
	const root = `"GET / HTTP/1.0"`
	if got, want := client(t, lessons.Addr, root), client(t, addr, root); got != want {
		t.Errorf("the server of the lessons offers\n%s\nand this one\n%s", got, want)
	}

	for _, tt := range []struct {
		name string
		args []string
		want string
	}{
		{"port in use", []string{"-addr", addr}, "is in use"},
		{"port in use, without a host", []string{"-addr", addr[strings.LastIndexByte(addr, ':')+1:]}, "is in use"},
		{"not an address", []string{"-addr", "12345x"}, "write host:port"},
		{"leaves the machine", []string{"-addr", "0.0.0.0:0"}, "-lan"},
		{"an argument too many", []string{"localhost:0"}, "is not a flag. Set the address with -addr:\n\n  "},
		{"two names", []string{"-hash", "a", "b"}, "in quotes, as in\n-hash \"a b\"\n"}, // wrapped for a terminal
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

func readFile(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// client runs rawclient in this process against the server at addr, and returns its output with the
// usual address in place of addr.
func client(t *testing.T, addr, arguments string) string {
	t.Helper()
	args := append([]string{"-addr", addr}, cli.Words(arguments)...)
	var out bytes.Buffer
	cli.Run(t.Context(), args, cli.Stdio{In: strings.NewReader(""), Out: &out, Err: &out})
	return replay.Mask(out.String(), addr)
}

// TestTranscripts runs the commands of each transcript and compares the output. The transcripts of
// the tour share one server. Each transcript of the service has a server of its own, with the flags
// in its first line.
func TestTranscripts(t *testing.T) {
	addr := serve(t)
	for _, file := range transcripts(t, "examples/*.txt") {
		replayTranscript(t, file, addr)
	}
	for _, file := range transcripts(t, "examples/rest/*.txt") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			_, rest, _ := strings.Cut("\n"+readFile(t, file), "\n$ server")
			args, _, _ := strings.Cut(rest, "\n")
			replayTranscript(t, file, serve(t, cli.Words(args)...))
		})
	}
}

func transcripts(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	return files
}

// replayTranscript runs the commands of a transcript and compares the output, or rewrites it.
func replayTranscript(t *testing.T, file, addr string) {
	t.Helper()
	want := readFile(t, file)
	var got strings.Builder
	commands := 0
	for line := range strings.Lines(want) {
		if strings.HasPrefix(line, "# ") || strings.HasPrefix(line, "$ server") {
			got.WriteString(line)
		}
		if args, ok := strings.CutPrefix(line, "$ rawclient "); ok {
			commands++
			got.WriteString(line)
			got.WriteString(client(t, addr, strings.TrimSpace(args)))
		}
	}
	if commands == 0 {
		t.Fatalf("%s has no line that begins  $ rawclient", file)
	}
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if got.String() != want {
		t.Errorf("%s: %s\n(go test . -run Transcripts -update rewrites it)", file, foreign.Difference(got.String(), want))
	}
}

// TestEveryStatusIsShown checks that the transcripts show each status code in the table of routes,
// and no other. A 503 needs many clients at once: packages rest and httpd test it. A 504, and
// the 507 of DELETE, need a store that fails: TestStoreFails in package addressbook has one.
func TestEveryStatusIsShown(t *testing.T) {
	book, err := addressbook.New(addressbook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	router := rest.New(book.Routes())
	shown := make(map[*rest.Route]map[int]bool)
	for _, file := range transcripts(t, "examples/rest/*.txt") {
		for _, part := range strings.Split("\n"+readFile(t, file), "\n$ rawclient ")[1:] {
			command, _, _ := strings.Cut(part, "\n")
			_, response, _ := strings.Cut(part, "\nHTTP/1.0 ")
			digits, _, _ := strings.Cut(response, " ")
			code, err := strconv.Atoi(digits)
			if err != nil {
				t.Fatalf("%s: %s: no response", file, command)
			}
			row := router.Row(requestOf(t, cli.Words(command)))
			if row == nil {
				continue
			}
			if shown[row] == nil {
				shown[row] = make(map[int]bool)
			}
			shown[row][code] = true
		}
	}
	for _, row := range router.Rows() {
		for _, a := range row.Responses {
			fails := a.Code == 503 || a.Code == 504 || a.Code == 507 && row.Method == "DELETE"
			if !shown[row][a.Code] && !fails {
				t.Errorf("%s %s: no transcript shows %d", row.Method, row.Path, a.Code)
			}
			delete(shown[row], a.Code)
		}
		for code := range shown[row] {
			t.Errorf("%s %s: a transcript shows %d, the table does not", row.Method, row.Path, code)
		}
	}
}

// requestOf returns the head of the request that a rawclient command sends.
func requestOf(t *testing.T, args []string) *httpwire.Request {
	t.Helper()
	octets := ""
	for i, arg := range args {
		if arg == "-in" {
			octets = readFile(t, args[i+1])
		} else if octets == "" && strings.HasSuffix(arg, " HTTP/1.0") {
			octets = arg + "\r\n\r\n"
		}
	}
	req := new(httpwire.Request)
	if _, err := httpwire.ConsumeRequestHead([]byte(octets), req); err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return req
}

// TestReadmePrograms runs the programs that the README builds. What they tell a person to type begins
// with what that person has typed.
func TestReadmePrograms(t *testing.T) {
	t.Parallel()
	dirs := readmePrograms()
	if dirs == nil {
		t.Fatal("README builds nothing")
	}
	for _, dir := range dirs {
		program := program(t, dir)
		help := foreign.Run(t, program, "-h")
		if !strings.Contains(help, "\n  "+program+" ") || strings.Contains(help, "go run ./") {
			t.Errorf("%s says\n%s", program, help)
		}
		wrong, _ := exec.Command(program, "-qwerty").CombinedOutput()
		if !bytes.Contains(wrong, []byte(program+" -h  lists the flags")) ||
			!bytes.HasPrefix(wrong, []byte(path.Base(dir))) {
			t.Errorf("%s -qwerty says\n%s", program, wrong)
		}
	}
}

// TestReadme runs the commands of the README and compares the output. A line "..." in the README
// stands for lines that were left out.
func TestReadme(t *testing.T) {
	t.Parallel()
	readme := readFile(t, "README.md")
	addr := serve(t)
	examples := program(t, "./examples")
	shown := 0
	for _, step := range replay.Steps(readme) {
		if step.Command == "" {
			continue
		}
		var got string
		switch name, args, _ := strings.Cut(step.Command, " "); name {
		case "rawclient":
			got = client(t, addr, args)
		case "examples":
			got = replay.Mask(foreign.Run(t, examples, cli.Words(args)...), addr)
		default:
			t.Errorf("this test does not know the command %q", step.Command)
			continue
		}
		shown++
		if got = strings.ReplaceAll(got, "\r\n", "\n"); !replay.Fits(got, step.Shown) {
			t.Errorf("%s: the README has\n%s\nbut it prints\n%s", step.Command, step.Shown, got)
		}
	}
	if shown < 3 {
		t.Errorf("the README shows %d commands", shown)
	}
	_, after, dated := strings.Cut(readme, "\nDate: ")
	if paragraphs := strings.SplitN(after, "\n\n", 4); dated && !strings.Contains(paragraphs[2], "dates") {
		t.Errorf("the README does not say that dates differ: %q", paragraphs[2])
	}
}

// TestReadmeModule uses the parser in another module, with the commands of the README.
func TestReadmeModule(t *testing.T) {
	foreign.Short(t)
	readme := readFile(t, "README.md")
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(readme, "\n## Use the parser")
	section, _, _ = strings.Cut(section, "\n## ")
	dir, commands := t.TempDir(), 0
	run := func(command string) string {
		words := strings.Fields(command)
		for i := range words {
			words[i] = strings.ReplaceAll(words[i], "../rawhttp", here)
		}
		cmd := exec.Command(words[0], words[1:]...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", command, err, out)
		}
		return string(out)
	}
	for line := range strings.Lines(section) {
		if command, ok := strings.CutPrefix(line, "    "); ok {
			run(command)
			commands++
		}
	}
	const program = "package main\n\nimport \"rawhttp/httpwire\"\n\n" +
		"func main() { println(httpwire.ReasonPhrase(404)) }\n"
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(program), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := run("go run ."); got != "Not Found\n" || commands != 3 {
		t.Errorf("%d commands, and then %q", commands, got)
	}
}

// TestReadmesNameEveryPackage checks that each package is in a table of README.md, or in that of the
// packages of the server, the client or the course, and that the paths in these tables are there. The
// exercises have one name together.
func TestReadmesNameEveryPackage(t *testing.T) {
	named := map[string]bool{".": true, "httpwire": true}
	for _, dir := range []string{".", "server", "rawclient", "examples"} {
		named[dir] = true
		readme := readFile(t, path.Join(dir, "README.md"))
		for _, table := range regexp.MustCompile(`(?m)^\| (read|package) \|.*\n(\| .+\n)+`).FindAllString(readme, -1) {
			for _, name := range namesOfTable(table, dir) {
				named[name] = true
				if _, err := os.Stat(name); err != nil {
					t.Errorf("%s/README.md: %v", dir, err)
				}
			}
		}
	}
	missing := make(map[string]bool)
	filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		dir := filepath.ToSlash(filepath.Dir(path))
		if strings.HasPrefix(dir, "examples/exercises/") {
			dir = "examples/exercises"
		}
		if filepath.Ext(path) == ".go" && !named[dir] {
			missing[dir] = true
		}
		return err
	})
	for dir := range missing {
		top, _, _ := strings.Cut(dir, "/")
		t.Errorf("the table of packages in %s/README.md does not name %s (for httpwire, that in README.md)", top, dir)
	}
}

// TestReadmeCountsCorePath checks how many lines of code the README says that the core path has. Empty
// lines, lines with nothing but a comment, and tests do not count.
func TestReadmeCountsCorePath(t *testing.T) {
	_, rest, _ := strings.Cut(readFile(t, "README.md"), "**core path** is about ")
	stated, rest, _ := strings.Cut(rest, " lines of code")
	table, _, _ := strings.Cut(rest, "The rest builds on")
	want, err := strconv.Atoi(strings.ReplaceAll(stated, ",", ""))
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, file := range filesOfTable(table) {
		lines += linesOfCode(readFile(t, file))
	}
	if lines < want-50 || lines > want+50 {
		t.Errorf("the core path has %d lines of code, and the README says about %d", lines, want)
	}
}

// filesOfTable returns the files that the first column of a table names, without tests. A directory
// stands for its files.
func filesOfTable(table string) (files []string) {
	for _, name := range namesOfTable(table, ".") {
		if path.Ext(name) != "" {
			files = append(files, name)
			continue
		}
		all, _ := filepath.Glob(name + "/*.go")
		files = append(files, all...)
	}
	isTest := func(file string) bool { return strings.HasSuffix(file, "_test.go") }
	return slices.DeleteFunc(files, isTest)
}

// namesOfTable returns the paths in the first column of a table, which are relative to a directory. A
// name without a slash is in the directory of the name before it in its row.
func namesOfTable(table, dir string) (names []string) {
	for line := range strings.Lines(table) {
		first, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
		at := dir
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(first, -1) {
			if strings.Contains(m[1], "/") {
				at = path.Join(dir, path.Dir(m[1]))
			}
			names = append(names, path.Join(at, path.Base(m[1])))
		}
	}
	return names
}

// linesOfCode counts the lines of a program that are not empty and not a comment alone.
func linesOfCode(program string) (n int) {
	for line := range strings.Lines(program) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			n++
		}
	}
	return n
}

// TestMapsNameEveryFile checks the maps of files in the comments of packages: each file is on the
// map, and each file on the map is there.
func TestMapsNameEveryFile(t *testing.T) {
	on := make(map[string]string)    // map by directory
	names := make(map[string]string) // names of the files by directory, each after a space
	filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		dir, name := filepath.Split(filepath.ToSlash(path))
		names[dir] += " " + name
		text, err := os.ReadFile(path)
		comment, _, _ := strings.Cut(string(text), "\npackage ")
		for line := range strings.Lines(comment) {
			if row, ok := strings.CutPrefix(line, "//\t"); ok {
				on[dir] += row
			}
		}
		return err
	})
	maps := 0
	for dir, rows := range on {
		if strings.Count(rows, ".go") < 2 {
			continue
		}
		maps++
		mapped := regexp.MustCompile(`[a-z0-9_*]+\.go\b`).FindAllString(rows, -1)
		for name := range strings.FieldsSeq(names[dir]) {
			system := regexp.MustCompile(`_[a-z0-9]+\.go$`).ReplaceAllString(name, "_*.go")
			if name != "doc.go" && !slices.Contains(mapped, name) && !slices.Contains(mapped, system) {
				t.Errorf("%s%s is not on the map of its package", dir, name)
			}
		}
		for _, name := range mapped {
			if found, err := filepath.Glob(dir + name); err != nil || found == nil {
				t.Errorf("%s is on the map of %s, and not in its folder", name, dir)
			}
		}
	}
	if maps < 8 {
		t.Errorf("%d packages have a map", maps)
	}
}

// TestCheckoutKeptTheOctets fails if git replaced CR LF with LF, which breaks all literal messages.
func TestCheckoutKeptTheOctets(t *testing.T) {
	if !strings.Contains(readFile(t, "examples/good/get-all.http"), "\r\n") {
		t.Fatal("examples/good/get-all.http has lost its CR LF: git was told to change line ends. " +
			"Type  git config core.autocrlf false  and check the files out again.")
	}
}
