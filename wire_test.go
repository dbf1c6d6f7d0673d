package rawhttp_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

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

// program finds somebody else's program, or skips the test by name; .ci/run installs what it tests
// with, and there nothing may be skipped.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		skip(t, name+" is not on this machine")
	}
	return path
}

func skip(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("RAWHTTP_SKIP_NOTHING") != "" {
		t.Fatalf("must not be skipped here, but %s", why)
	}
	t.Skip("skipped: " + why)
}

// run runs a program and returns what it printed.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %q: %v\n%s%s", name, args, err, out.String(), errs.String())
	}
	return out.String()
}

// The clients of the article, and the ones that people have at hand, work unchanged.
func TestForeignClients(t *testing.T) {
	const socketClient = `
import socket, sys
s = socket.create_connection(("localhost", int(sys.argv[1])))
s.sendall(b"GET ` + base + ` HTTP/1.0\r\n\r\n")
answer = b""
while True:
    octets = s.recv(4096)
    if not octets: break
    answer += octets
head, body = answer.split(b"\r\n\r\n", 1)
length = [l for l in head.split(b"\r\n") if l.startswith(b"Content-Length: ")][0]
assert int(length[16:]) == len(body), (length, len(body))
import json; print(head.split(b"\r\n")[0].decode(), [a["ID"] for a in json.loads(body)["addresses"]])
`
	const requests = `
import requests, sys
url = "http://localhost:%s` + base + `" % sys.argv[1]
r = requests.post(url, json={"ID": 7, "number": 1, "post_code": "PY"})
print(r.status_code, r.json()["added"]["post_code"])
print(requests.get(url + "/7").json()["address"][0]["ID"])
`
	tests := []struct {
		name    string
		program string
		args    []string // PORT stands for the port
		want    []string
	}{
		{"the article's socket client", "python3", []string{"-c", socketClient, "PORT"},
			[]string{"HTTP/1.0 200 OK [1, 2]"}},
		{"requests", "python3", []string{"-c", requests, "PORT"}, []string{"201 PY\n7\n"}},
		{"curl", "curl", []string{"-s", "-i", "http://localhost:PORT" + base},
			[]string{"HTTP/1.0 200 OK", "North Street"}},
		{"curl by IPv4", "curl", []string{"-s", "-4", "http://localhost:PORT" + base + "/1"}, []string{"PY11 0PY"}},
		{"curl by IPv6", "curl", []string{"-s", "-6", "http://localhost:PORT" + base + "/2"}, []string{"PY12 5PY"}},
		{"curl -0 -I", "curl", []string{"-s", "-0", "-I", "http://localhost:PORT" + base}, []string{"Content-Length: 305"}},
		{"curl POST", "curl", []string{"-s", "-i", "-H", "Content-Type: application/json", "-d",
			`{"ID": 8, "number": 1, "post_code": "PY"}`, "http://localhost:PORT" + base},
			[]string{"201 Created", "Location: http://localhost:12345" + base + "/8"}},
		{"wget", "wget", []string{"-q", "-O", "-", "http://localhost:PORT" + base}, []string{"South Street"}},
		{"a browser", "chromium", []string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
			"--no-first-run", "--disable-background-networking", "--disable-component-update",
			"--disable-sync", "--user-data-dir=TEMP", "--dump-dom", "http://localhost:PORT" + base},
			[]string{"North Street", "South Street"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := program(t, tt.program)
			if tt.name == "requests" && exec.Command(path, "-c", "import requests").Run() != nil {
				skip(t, "python3 has no requests")
			}
			if tt.name == "curl by IPv6" && !hasIPv6() {
				t.Skip("skipped: this machine has no [::1]")
			}
			_, port, _ := net.SplitHostPort(serve(t))
			fill := strings.NewReplacer("PORT", port, "TEMP", t.TempDir())
			var args []string
			for _, a := range tt.args {
				args = append(args, fill.Replace(a))
			}
			got := run(t, path, args...)
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in %q", want, got)
				}
			}
		})
	}
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
				got = mask(run(t, examples, exchange.Words(args)...), addr)
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
	got := run(t, build(t, "./examples"))
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
