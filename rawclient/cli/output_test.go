package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// onTerminal runs the client with a terminal.
func onTerminal(t *testing.T, response string, octets bool, args ...string) result {
	t.Helper()
	s := &script{response: response, octets: octets}
	addr := s.start(t, "127.0.0.1:0")
	return runWith(t.Context(), Stdio{OutTerminal: true}, append([]string{"-addr", addr}, args...)...)
}

// A terminal is shown text, and nothing that it could act upon.
func TestTerminal(t *testing.T) {
	const head, shown = "HTTP/1.0 200 OK\r\n", "HTTP/1.0 200 OK\n"
	long := strings.Repeat("x", screenMost)
	for _, tt := range []struct{ name, response, want, note string }{
		{"text", head + "\r\nabc\n", shown + "\nabc\n", ""},
		{"no line end at the end", head + "\r\nabc", shown + "\nabc\n", ""},
		{"UTF-8", head + "\r\n\u00e9\u20ac\n", shown + "\n\u00e9\u20ac\n", ""},
		{"symbols", head + "\r\nGET\u2420/\u240d\u240a\u2192\n",
			shown + "\nGET\u2420/\u240d\u240a\u2192\n", ""},
		{"escape sequences", head + "X: \x1b[2J\r\n\r\n\x1b]0;x\x07\r.\u009b\n",
			shown + "X: \\x1B[2J\n\n\\x1B]0;x\\x07\\x0D.\\xC2\\x9B\n", "control octet"},
		{"octets beyond ASCII in the head", head + "X: \xe9\r\n\r\n", shown + "X: \\xE9\n\n", ""},
		{"octets of ISO-8859-1 that do not show", head +
			"Content-Type: text/plain; charset=ISO-8859-1\r\n\r\n\x93\xe9\x94\xad", shown +
			"Content-Type: text/plain; charset=ISO-8859-1\n\n\\x93\u00e9\\x94\\xAD\n", ""},
		{"ISO-8859-1", head + "Content-Type: text/plain; charset=ISO-8859-1\r\n\r\n\xe9", shown +
			"Content-Type: text/plain; charset=ISO-8859-1\n\n\u00e9\n", ""},
		{"gzip", head + "Content-Encoding: gzip\r\n\r\n\x1f\x8bxyz",
			shown + "Content-Encoding: gzip\n\n",
			"the body is encoded, gzip, 5 octets, not shown on a terminal: add -o FILE"},
		{"no encoding", head + "Content-Encoding: identity\r\n\r\nabc", shown + "Content-Encoding: identity\n\nabc\n", ""},
		{"picture", head + "Content-Type: image/png\r\n\r\n\x89PNG\x00",
			shown + "Content-Type: image/png\n\n",
			"the body is image/png, 5 octets"},
		{"archive", head + "Content-Type: Application/ZIP; a=b\r\n\r\nPK",
			shown + "Content-Type: Application/ZIP; a=b\n\n",
			"the body is Application/ZIP, 2 octets"},
		{"drawing", head + "Content-Type: image/svg+xml\r\n\r\n<svg/>",
			shown + "Content-Type: image/svg+xml\n\n<svg/>\n", ""},
		{"zip within a name", head + "Content-Type: application/zipped\r\n\r\nPK",
			shown + "Content-Type: application/zipped\n\nPK\n", ""},
		{"NUL", head + "\r\n\x00\x01", shown + "\n", "the body is binary, 2 octets"},
		{"long", head + "\r\n" + long, shown + "\n" + long[len(head+"\r\n"):] + "\n",
			"65536 of 65555 octets shown"},
		{"cut short", head + "Content-Length: 9\r\n\r\nabc", shown + "Content-Length: 9\n\nabc\n",
			"incomplete: 3 of 9"},
	} {
		for _, octets := range []bool{false, true} {
			if octets && len(tt.response) > 1<<10 {
				continue
			}
			t.Run(fmt.Sprintf("%s/octets=%t", tt.name, octets), func(t *testing.T) {
				got := onTerminal(t, tt.response, octets, get)
				if got.stdout != tt.want {
					t.Errorf("shows %q\nwant  %q", got.stdout, tt.want)
				}
				if !strings.Contains(unwrapped(got.stderr), tt.note) || tt.note == "" && got.stderr != "" {
					t.Errorf("standard error: %q, want %q", got.stderr, tt.note)
				}
			})
		}
	}
	t.Run("each response begins a line", func(t *testing.T) {
		if got := onTerminal(t, head+two, false, "-repeat", "2", get).stdout; strings.Count(got, "\nok\n") != 2 {
			t.Errorf("shows %q", got)
		}
	})
	t.Run("each binary body is named", func(t *testing.T) {
		long := "A: " + strings.Repeat("a", screenMost*3/4) + "\r\n" // the second head is not shown to its end
		got := onTerminal(t, head+long+"\r\n\x00\x01", false, "-repeat", "2", get)
		if strings.Count(unwrapped(got.stderr), "the body is binary, 2 octets, not shown") != 2 {
			t.Errorf("standard error: %q", got.stderr)
		}
	})
	t.Run("-v shows the head once", func(t *testing.T) {
		got := onTerminal(t, head+"\r\nabc\n", false, "-v", get)
		got.check(t, 0, "> GET / HTTP/1.0\u240d\u240a\n> \u240d\u240a\n",
			"< HTTP/1.0 200 OK\u240d\u240a\n< \u240d\u240a\n", "!more octets",
			"200 OK: head 19 octets, body 4 octets (up to the close)")
		if got.stdout != "abc\n" {
			t.Errorf("shows %q", got.stdout)
		}
	})
}

// A screen shows the same however the octets arrive.
func TestScreenOctets(t *testing.T) {
	var out bytes.Buffer
	s := &screen{w: &out}
	for _, o := range []byte("a\r\n\u00e9\r.\r\n\u20ac\xe2\x82") {
		s.body([]byte{o})
	}
	s.finish()
	if want := "a\n\u00e9\\x0D.\n\u20ac\\xE2\\x82\n"; out.String() != want {
		t.Errorf("shows %q, want %q", out.String(), want)
	}
}

// A listing has the first octets of a long response, and the file has all.
func TestListing(t *testing.T) {
	s := &script{response: "HTTP/1.0 200 OK\r\n\r\n" + strings.Repeat("x", keepMost)}
	file := filepath.Join(t.TempDir(), "response")
	got := run(t, s, "-hex", "-o", file, get)
	got.check(t, 0, fmt.Sprintf("the first %d of %d octets", keepMost, len(s.response)))
	if !strings.Contains(got.stdout, "48 54 54 50") {
		t.Error("-hex lacks the digits of HTTP")
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != s.response {
		t.Errorf("-o: %d octets of %d, %v", len(b), len(s.response), err)
	}
}

// -o FILE holds exactly the octets received, and is not touched before there is a connection.
func TestOutputFile(t *testing.T) {
	s := &script{response: "HTTP/1.0 200 OK\nContent-Length: 2\n\nok\x00"}
	file := writeFile(t, "response", "before")
	got := run(t, s, "-o", file, get)
	got.check(t, 5, fmt.Sprintf("%d octets written to %s", len(s.response), file))
	if b, _ := os.ReadFile(file); string(b) != s.response || got.stdout != "" {
		t.Errorf("file %q, standard output %q", b, got.stdout)
	}
	dir := t.TempDir()
	nowhere := filepath.Join(dir, "missing")
	for name, want := range map[string]string{
		filepath.Join(file, "no-directory"): "nothing was sent: -o",
		dir:                                 "is a directory; name a file in it",
		filepath.Join(nowhere, "file"):      "there is no directory " + nowhere,
	} {
		run(t, &script{}, "-o", name, get).check(t, 2, want)
	}
}

// Without an octet of a response the old file stays, and nothing is left beside it; with one
// it is replaced, its permissions kept, even through a symbolic link.
func TestOutputFileStays(t *testing.T) {
	for _, tt := range []struct {
		name, response, flags, want string
		exit                        int
	}{
		{"no response", "", "", "before", 5},
		{"no response, and a page", "", "-explain=html", "before", 5},
		{"no response, and a listing", "", "-explain", "before", 5},
		{"a response cut short", "HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nabc", "",
			"HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nabc", 5},
		{"a shorter one", "HTTP/1.0 204 No Content\r\n\r\n", "", "HTTP/1.0 204 No Content\r\n\r\n", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := writeFile(t, "response", "before")
			if err := os.Chmod(file, 0o666); err != nil { // more than a new file gets
				t.Fatal(err)
			}
			link := file
			if runtime.GOOS != "windows" {
				link = filepath.Join(t.TempDir(), "link")
				if err := os.Symlink(file, link); err != nil {
					t.Fatal(err)
				}
			}
			args := append(strings.Fields(tt.flags), "-o", link, get)
			got := run(t, &script{response: tt.response}, args...)
			got.check(t, tt.exit)
			if b, err := os.ReadFile(file); err != nil || string(b) != tt.want {
				t.Errorf("the file holds %q, %v", b, err)
			}
			if tt.response == "" && !strings.Contains(unwrapped(got.stderr), "was not written") {
				t.Errorf("nothing says so:\n%s", got.stderr)
			}
			if strings.Contains(got.stdout, "request\n") != (tt.flags == "-explain") || strings.Contains(got.stdout, "response\n") {
				t.Errorf("prints\n%s", got.stdout)
			}
			info, err := os.Stat(file)
			if err != nil || info.Mode().Perm() != 0o666 && runtime.GOOS != "windows" {
				t.Errorf("%v, %v", info.Mode(), err)
			}
			all, err := os.ReadDir(filepath.Dir(file))
			if err != nil || len(all) != 1 {
				t.Errorf("beside the file: %v, %v", all, err)
			}
		})
	}
}

// Without a response, a link to a file that is not there stays, and no file is left.
func TestOutputLink(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink("missing", filepath.Join(dir, "link")); err != nil {
		t.Skip(err)
	}
	run(t, &script{}, "-o", filepath.Join(dir, "link"), get).check(t, 5, "link was not written")
	all, err := os.ReadDir(dir)
	if err != nil || len(all) != 1 || all[0].Name() != "link" {
		t.Errorf("in the directory: %v, %v", all, err)
	}
}

// No connection leaves the old file, and makes no new one; a device is written to directly.
func TestOutputNowhere(t *testing.T) {
	file := writeFile(t, "response", "before")
	fresh := filepath.Join(filepath.Dir(file), "new")
	for _, name := range []string{file, fresh} {
		runArgs(t, "-addr", closedPort(t), "-o", name, get).check(t, 3)
		if b, _ := os.ReadFile(file); string(b) != "before" {
			t.Errorf("the file holds %q", b)
		}
	}
	if _, err := os.Stat(fresh); err == nil {
		t.Error("a file was made")
	}
	run(t, &script{response: okay}, "-o", os.DevNull, get).check(t, 0, "octets written to")
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("the null device is now %v, %v", info.Mode(), err)
	}
}

// Each output needs a file of its own, whatever the path to it, and none may be the file of an input.
// Nothing is sent, the old octets stay, and no new file is left.
func TestOutputSameFile(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile("old", []byte(get+"\r\n\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Link("old", "hard"); err != nil {
		t.Skip("skipped: no hard links: ", err)
	}
	for _, tt := range []struct{ args, want string }{
		{"-o|new|-pcap|new|" + get, "-o and -pcap are the same file"},
		{"-o|new|-pcap|./new|" + get, "-o and -pcap are the same file"},
		{"-o|old|-pcap|hard|" + get, "-o and -pcap are the same file"},
		{"-explain=html|-o|new|-pcap|" + filepath.Join(dir, "new") + "|" + get, "-o and -pcap are the same file"},
		{"-in|old|-o|old", "-o and -in are the same file"},
		{"-in|old|-o|hard", "-o and -in are the same file"},
		{"-in|old|-pcap|./old", "-pcap and -in are the same file"},
		{"-body|old|-o|./old|POST / HTTP/1.0", "-o and -body are the same file"},
	} {
		s := &script{response: okay}
		run(t, s, strings.Split(tt.args, "|")...).check(t, 2, "nothing was sent: "+tt.want+": write another name")
		if seen := strings.Join(s.seen(), ""); seen != "" {
			t.Errorf("%s: %q was sent", tt.args, seen)
		}
		if b, err := os.ReadFile("old"); string(b) != get+"\r\n\r\n" || err != nil {
			t.Errorf("%s: the old file holds %q, %v", tt.args, b, err)
		}
		if _, err := os.Stat("new"); err == nil {
			t.Errorf("%s: a new file is left", tt.args)
		}
	}
	run(t, &script{response: okay}, "-o", os.DevNull, "-pcap", os.DevNull, get).check(t, 0)
	run(t, &script{response: okay}, "-body", os.DevNull, "-o", os.DevNull, "POST / HTTP/1.0").check(t, 0)
}

// An output is not the file of a stream of the process either: -o and -pcap would destroy what it holds.
func TestOutputStream(t *testing.T) {
	const request = get + "\r\n\r\n"
	name := writeFile(t, "used", request)
	file, err := os.OpenFile(name, os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	input, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer input.Close()
	addr := (&script{response: okay}).start(t, "127.0.0.1:0")
	for _, tt := range []struct {
		want string
		std  Stdio
		args []string
	}{
		{"-o and standard output", Stdio{Out: file}, []string{"-explain", "-o", name, get}},
		{"-pcap and standard output", Stdio{Out: file}, []string{"-pcap", name, get}},
		{"-o and standard input", Stdio{In: input}, []string{"-in", "-", "-o", name}},
	} {
		runWith(t.Context(), tt.std, append([]string{"-addr", addr}, tt.args...)...).check(t, 2,
			"nothing was sent: "+tt.want+" are the same file: write another name")
		if b, err := os.ReadFile(name); string(b) != request {
			t.Errorf("%s: the file holds %q, %v", tt.want, b, err)
		}
	}
	exit := Run(t.Context(), []string{"-addr", addr, "-pcap", name, get}, Stdio{Out: io.Discard, Err: file})
	if b, _ := os.ReadFile(name); exit != 2 || !strings.HasPrefix(string(b), request+"rawclient: nothing was sent") {
		t.Errorf("standard error: exit code %d, the file holds %q", exit, b)
	}
}

// A namedPipe is made in a folder of its own.
func namedPipe(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "pipe")
	if err := exec.Command("mkfifo", name).Run(); err != nil {
		t.Skip("skipped: no named pipes: ", err)
	}
	return name
}

// A named pipe without a reader does not open. One Ctrl-C ends that, and so does the time that is over.
func TestOutputPipeWithoutReader(t *testing.T) {
	for _, flag := range []string{"-o", "-pcap"} {
		name := namedPipe(t)
		addr := "127.0.0.1:" + listen(t, func(conn net.Conn) { io.Copy(io.Discard, conn) })
		ctx, cancel := context.WithCancel(t.Context())
		said := &canceler{cancel: cancel, at: "connected to"}
		exit := Run(ctx, []string{"-v", flag, name, "-addr", addr, get}, Stdio{Out: io.Discard, Err: said})
		result{exit: exit, stderr: said.written.String()}.check(t, 5, "interrupted, nothing was sent")
		withTime(t, 50*time.Millisecond, func(timeout string) (result, []string) {
			got := runArgs(t, "-timeout", timeout, flag, name, "-addr", addr, get)
			return got, got.faults(4, "nothing was sent: "+flag+": the time is over (-timeout "+timeout+
				"), and no program reads the pipe "+name)
		})
		reader, err := os.OpenFile(name, os.O_RDWR, 0) // ends all that wait for it
		if err != nil {
			t.Fatal(err)
		}
		reader.Close()
	}
}

// A canceler calls cancel when a text is written.
type canceler struct {
	written bytes.Buffer
	at      string
	cancel  func()
}

func (c *canceler) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte(c.at)) {
		c.cancel()
	}
	return c.written.Write(b)
}

// The reader of a named pipe could not tell a response from a capture.
func TestOutputSamePipe(t *testing.T) {
	name := namedPipe(t)
	reader, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	s := &script{response: okay}
	run(t, s, "-o", name, "-pcap", name, get).check(t, 2,
		"nothing was sent: -o and -pcap are the same file: write another name")
	if seen := strings.Join(s.seen(), ""); seen != "" {
		t.Errorf("%q was sent", seen)
	}
	addr := (&script{response: okay}).start(t, "127.0.0.1:0")
	runWith(t.Context(), Stdio{Out: reader}, "-addr", addr, "-o", name, get).check(t, 0, "octets written to") // as /dev/stdout
}

// closedPort returns an address where nothing listens. It is that of a client's connection, which holds it
// until the test ends, so that no other test listens there.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); server.Close() })
	return client.LocalAddr().String()
}

// -v shows the beginning of a body.
func TestVerboseBody(t *testing.T) {
	run(t, &script{response: okay}, "-v", "-data", strings.Repeat("x", bodyShown+2), "POST / HTTP/1.0").check(t, 0,
		"and 2 more octets of body")
}

// -v tells what happens in the order in which it happens.
func TestVerboseOrder(t *testing.T) {
	got := run(t, &script{response: okay}, "-v", get)
	rest := got.stderr
	for _, want := range []string{"* connected to", "> GET / HTTP/1.0", "< HTTP/1.0 200 OK",
		"* 200 OK", "* the server closed the connection"} {
		_, after, ok := strings.Cut(rest, want)
		if !ok {
			t.Fatalf("%q does not follow what was before it:\n%s", want, got.stderr)
		}
		rest = after
	}
}

// The client tells how to send what a 411 asks for: by its flags, or at the keyboard, where they come
// too late. They do not go with -in.
func TestLengthRequired(t *testing.T) {
	const response = "HTTP/1.0 411 Length Required\r\n\r\n"
	run(t, &script{response: response}, "POST / HTTP/1.0").check(t, 0, "-data TEXT or -body FILE")
	run(t, &script{response: response}, "-data", "x", "POST / HTTP/1.0").check(t, 0, "!to send a body")
	addr := (&script{response: response}).start(t, "127.0.0.1:0")
	typed := Stdio{In: strings.NewReader("POST / HTTP/1.0\n\n")}
	runWith(t.Context(), typed, "-addr", addr, "-i").check(t, 0, "type Content-Length: and its number of octets")
	file := filepath.Join(t.TempDir(), "post.http")
	if err := os.WriteFile(file, []byte("POST / HTTP/1.0\r\n\r\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	got := run(t, &script{response: response}, "-in", file)
	if got.check(t, 0, ""); strings.Contains(got.stderr, "to send a body") {
		t.Errorf("advice that does not go with -in: %s", got.stderr)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

// oneFault has room after the first write.
type oneFault struct{ bytes.Buffer }

func (w *oneFault) Write(p []byte) (int, error) {
	if w.Buffer.Write(p); w.Len() == len(p) {
		return fullDisk{}.Write(p)
	}
	return len(p), nil
}

// Output that cannot be written is an error, whatever it is.
func TestCannotWrite(t *testing.T) {
	addr := (&script{response: "HTTP/1.0 200 OK\r\n\r\nabc"}).start(t, "127.0.0.1:0")
	const response = "cannot write the response: the disk is full"
	for _, tt := range []struct {
		args     []string
		terminal bool
		want     string
	}{
		{[]string{"-addr", addr, get}, false, response},
		{[]string{"-addr", addr, get}, true, response},
		{[]string{"-addr", addr, "-explain", get}, true, response},
		{[]string{"-addr", addr, "-hex", get}, true, response},
		{[]string{"-addr", addr, "-json", get}, false, response},
		{[]string{"-addr", addr, "-explain=html", get}, true, response},
		{[]string{"-addr", addr, "-repeat", "3", get}, false, response},
		{[]string{"-addr", addr, "-diff", addr, get}, false, "cannot write the comparison: the disk is full"},
		{[]string{"-h"}, false, "rawclient: the disk is full"},
		{[]string{"-completion", "bash"}, false, "rawclient: the disk is full"},
	} {
		runWith(t.Context(), Stdio{Out: fullDisk{}, OutTerminal: tt.terminal}, tt.args...).check(t, 5, tt.want,
			"!open that file", "!request 2")
	}
	runWith(t.Context(), Stdio{Out: new(oneFault), OutTerminal: true}, "-addr", addr, get).check(t, 5, response)
}

// The same holds for the files of -o and -pcap. The first error is shown. A response that the client has
// not read to its end is not listed.
func TestCannotWriteFile(t *testing.T) {
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip("skipped: ", err)
	}
	for args, want := range map[string]string{
		"-o|" + full:                    "cannot write the response",
		"-json|-o|" + full:              "cannot write the response",
		"-explain|-o|" + full:           "cannot write the response",
		"-pcap|" + full:                 "cannot write the capture",
		"-o|" + full + "|-pcap|" + full: "cannot write the response",
	} {
		got := run(t, &script{response: okay}, append(strings.Split(args, "|"), get)...)
		got.check(t, 5, want, "!written", "!the capture is in")
		if strings.Contains(args, "-o|") && got.stdout != "" {
			t.Errorf("%s: standard output has %q", args, got.stdout)
		}
	}
}

// A file is no terminal, and neither are the null device and a stream that is closed.
func TestIsTerminal(t *testing.T) {
	for _, name := range []string{os.DevNull, "cli.go"} {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		open := isTerminal(f)
		if f.Close(); open || isTerminal(f) {
			t.Errorf("%s is a terminal", name)
		}
	}
}

// counter counts what it is given, in memory of its own.
type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// Memory stays flat however long the response is: all that is ever allocated is counted.
func TestMemory(t *testing.T) {
	const sized = "HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n"
	for _, tt := range []struct {
		name, head string
		size       int64
		args       []string
		terminal   bool
	}{
		{"file", sized, 1 << 30, []string{"-o", os.DevNull}, false},
		{"file and listing, until close", ok + "\r\n", 64 << 20,
			[]string{"-explain", "-o", os.DevNull}, false},
		{"pipe", sized, 64 << 20, nil, false},
		{"terminal", sized, 64 << 20, nil, true},
		{"chunked", chunked, 64 << 20, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			size := tt.size
			if testing.Short() {
				size = 20 << 20
			}
			addr := generate(t, strings.ReplaceAll(tt.head, "%d", fmt.Sprint(size)), size, func(*net.TCPConn) {})
			var out counter
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got := runWith(t.Context(), Stdio{Out: &out, OutTerminal: tt.terminal},
				append(tt.args, "-timeout", "60s", "-addr", addr, get)...)
			runtime.ReadMemStats(&after)
			got.check(t, 0)
			if size := after.TotalAlloc - before.TotalAlloc; size > 16<<20 {
				t.Errorf("%d MB allocated", size>>20)
			}
			if tt.args == nil && !tt.terminal && out.n < size {
				t.Errorf("%d octets of %d", out.n, size)
			}
		})
	}
}

// A reset after a long part of a response is a fault of the server, and not of the file.
func TestResetOfLongResponse(t *testing.T) {
	addr := generate(t, "HTTP/1.0 200 OK\r\n\r\n", 32<<20, func(conn *net.TCPConn) { conn.SetLinger(0) })
	runArgs(t, "-o", os.DevNull, "-addr", addr, get).check(t, 5, "the server reset the connection", "octets written to")
}

// generate serves one response of so many octets, which are never in memory all at once. Before
// it closes the connection it calls finish.
func generate(t *testing.T, head string, size int64, finish func(*net.TCPConn)) string {
	t.Helper()
	piece := bytes.Repeat([]byte("x"), 1<<20)
	return "127.0.0.1:" + listen(t, func(conn net.Conn) {
		readHead(conn)
		chunked := strings.Contains(head, "chunked")
		io.WriteString(conn, head)
		for range size / int64(len(piece)) {
			if chunked {
				fmt.Fprintf(conn, "%x\r\n", len(piece))
			}
			conn.Write(piece)
			if chunked {
				io.WriteString(conn, "\r\n")
			}
		}
		if chunked {
			io.WriteString(conn, "0\r\n\r\n")
		}
		finish(conn.(*net.TCPConn))
	})
}

// A server that responds before it has read anything, and closes, still gets the request.
func TestResponseBeforeTheRequest(t *testing.T) {
	got := make(chan string)
	addr := "127.0.0.1:" + listen(t, func(conn net.Conn) {
		io.WriteString(conn, "HTTP/1.0 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
		conn.(*net.TCPConn).CloseWrite()
		b, _ := io.ReadAll(conn)
		conn.Close()
		got <- string(b)
	})
	for range 20 {
		ran := runArgs(t, "-addr", addr, get)
		if b := <-got; b != get+"\r\n\r\n" || ran.exit != 0 || ran.stderr != "" {
			t.Fatalf("exit code %d, sent %q, said %q", ran.exit, b, ran.stderr)
		}
	}
}

// -v shows neither credentials nor cookies. What is sent, and the octets on standard output, stay
// as they are.
func TestVerboseHides(t *testing.T) {
	s := &script{response: "HTTP/1.0 200 OK\r\nSet-Cookie: a=secret\r\n\r\n"}
	got := run(t, s, "-v", get, "Authorization: Basic c2VjcmV0", "Cookie: a=secret")
	got.check(t, 0, "> Authorization: Basic ********", "> Cookie: ********", "< Set-Cookie: ********")
	if sent := s.seen()[0]; !strings.Contains(sent, "Basic c2VjcmV0\r\nCookie: a=secret\r\n") {
		t.Errorf("sent %q", sent)
	}
	if got.stdout != s.response {
		t.Errorf("standard output: %q", got.stdout)
	}
}

// Notices quote parts of a response, and show no secret of them.
func TestNoticesRedact(t *testing.T) {
	const final = "HTTP/1.1 200 OK\r\n" + two
	for name, tt := range map[string]struct{ response, redacted string }{
		"a field on the status-line": {"HTTP/1.0 200 OK Set-Cookie: abc\r\n" + two,
			"200 OK Set-Cookie: ***:"},
		"an interim response": {"HTTP/1.1 103 token=abc\r\n\r\n" + final,
			"103 token=*** is an interim"},
		"a transfer coding": {"HTTP/1.1 200 OK\r\nTransfer-Encoding: token=abc\r\n\r\n",
			"the transfer coding token=*** is left"},
	} {
		got := run(t, &script{response: tt.response}, "-v", "-decode", get)
		stderr := unwrapped(got.stderr)
		if strings.Contains(stderr, "abc") || !strings.Contains(stderr, tt.redacted) {
			t.Errorf("%s: no %q in %s", name, tt.redacted, got.stderr)
		}
	}
}
