package cli

import (
	"encoding/binary"
	"encoding/hex"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"rawhttp/examples/foreign"
	"rawhttp/rawclient/pcap"
	"rawhttp/rawclient/wireclient"
)

func TestMain(m *testing.M) { os.Exit(foreign.Waiting(m)) }

// tshark reads in a capture what was sent and received, with TLS the octets of HTTP in clear, and
// finds nothing to warn of.
func TestCapture(t *testing.T) {
	t.Parallel()
	const request = "GET /a HTTP/1.0\r\nHost: h\r\n\r\n"
	config, ca := serverConfig(t, nil)
	for name, tt := range map[string]struct {
		port string
		args []string
		want []string
	}{
		"plain": {listen(t, func(conn net.Conn) {
			readHead(conn)
			io.WriteString(conn, ok+two)
		}), nil, []string{"!without encryption"}},
		"TLS": {listenTLS(t, config), []string{"-tls", "-ca", ca}, []string{"without encryption"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "exchange.pcap")
			args := append(tt.args, "-pcap", file, "-addr", "localhost:"+tt.port, "GET /a HTTP/1.0", "Host: h")
			got := runArgs(t, args...)
			got.check(t, 0, append(tt.want, "wireshark -d tcp.port=="+tt.port+",http "+file)...)
			shark := func(args ...string) string {
				args = append([]string{"-n", "-r", file, "-d", "tcp.port==" + tt.port + ",http"}, args...)
				return foreign.Run(t, foreign.Program(t, "tshark"), args...)
			}
			shown := shark("-Y", "http", "-T", "fields", "-E", "separator=|", "-e", "http.request.method",
				"-e", "http.request.uri", "-e", "http.host", "-e", "http.response.code", "-z", "follow,tcp,raw,0")
			if want := "GET|/a|h|\n|||200\n\n="; !strings.HasPrefix(shown, want) {
				t.Errorf("tshark reads %q, want %q first", shown, want)
			}
			sent, received := follow(t, shown)
			if sent != request || received != got.stdout {
				t.Errorf("tshark reads %q and %q, want %q and %q", sent, received, request, got.stdout)
			}
			if got := shark("-Y", `_ws.expert.severity >= "Warning"`); got != "" {
				t.Errorf("tshark warns of\n%s", got)
			}
		})
	}
}

// follow returns the octets of both directions of a stream that tshark shows in hexadecimal digits.
// Those of the server are indented.
func follow(t *testing.T, shown string) (sent, received string) {
	t.Helper()
	for line := range strings.Lines(shown) {
		octets, err := hex.DecodeString(strings.TrimSpace(line))
		switch {
		case err != nil:
		case strings.HasPrefix(line, "\t"):
			received += string(octets)
		default:
			sent += string(octets)
		}
	}
	return sent, received
}

// With -half a capture has the FIN of the client before the response.
func TestCaptureOfHalfClose(t *testing.T) {
	t.Parallel()
	port := listen(t, func(conn net.Conn) {
		io.Copy(io.Discard, conn)
		io.WriteString(conn, ok+two)
	})
	file := filepath.Join(t.TempDir(), "exchange.pcap")
	got := runArgs(t, "-half", "-pcap", file, "-addr", "127.0.0.1:"+port, "GET / HTTP/1.0")
	got.check(t, 0)
	capture, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const fin, flagsAt, recordHeader = 1, 20 + 13, 16
	var finished bool
	for rest := capture[24:]; len(rest) > 0; {
		packet := rest[recordHeader : recordHeader+int(binary.LittleEndian.Uint32(rest[8:]))]
		if strings.Contains(string(packet), ok+two) {
			break
		}
		finished = finished || packet[flagsAt]&fin != 0
		rest = rest[recordHeader+len(packet):]
	}
	if !finished {
		t.Errorf("no FIN before the response in %x", capture)
	}
}

// Nothing is left in the directory if there is no place for the capture.
func TestCaptureNowhere(t *testing.T) {
	dir := t.TempDir()
	port := listen(t, func(conn net.Conn) { io.Copy(io.Discard, conn) })
	got := runArgs(t, "-addr", "localhost:"+port, "-o", filepath.Join(dir, "o"), "-pcap",
		filepath.Join(dir, "missing", "a.pcap"), "GET / HTTP/1.0")
	got.check(t, 2, "nothing was sent: -pcap:")
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}

// The capture is written even if the program that reads the response has ended. The test runs itself as
// the client, because the system ends a process for that only if the pipe is its own standard output.
func TestCaptureBrokenPipe(t *testing.T) {
	const server, file = "RAWCLIENT_TEST_SERVER", "RAWCLIENT_TEST_CAPTURE"
	if addr := os.Getenv(server); addr != "" {
		os.Exit(Run(t.Context(), []string{"-addr", addr, "-pcap", os.Getenv(file), get}, Standard()))
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Skip("skipped: no pipes: ", err)
	}
	defer w.Close()
	r.Close()
	name := filepath.Join(t.TempDir(), "pcap")
	client := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	client.Env = append(os.Environ(), server+"="+(&script{response: okay}).start(t, "127.0.0.1:0"), file+"="+name)
	client.Stdout = w
	client.Run()
	b, _ := os.ReadFile(name)
	if exit := client.ProcessState.ExitCode(); exit != 5 || len(b) == 0 {
		t.Errorf("exit code %d, and a capture of %d octets", exit, len(b))
	}
}

// With -repeat a capture has each connection, and -time says when each response came.
func TestCaptureOfSeveral(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		response    string
		connections int
	}{"one connection": {kept, 1}, "two connections": {ok + two, 2}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			port := listen(t, func(conn net.Conn) {
				for range 3 - tt.connections {
					readHead(conn)
					io.WriteString(conn, tt.response)
				}
			})
			file := filepath.Join(t.TempDir(), "exchanges.pcap")
			got := runArgs(t, "-repeat", "2", "-time", "-pcap", file, "-addr", "localhost:"+port,
				"GET / HTTP/1.0")
			got.check(t, 0, "requests: 2, connections: "+strconv.Itoa(tt.connections))
			if n := strings.Count(unwrapped(got.stderr), "first octet of the response"); n != 2 {
				t.Errorf("%d tables with a first octet\n%s", n, unwrapped(got.stderr))
			}
			capture, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(capture), tt.response); n != 2 {
				t.Errorf("%d responses in the capture", n)
			}
		})
	}
}

// -time says when each part came, in the order in which they came.
func TestTime(t *testing.T) {
	config, ca := serverConfig(t, nil)
	addr := "localhost:" + listenTLS(t, config)
	got := runArgs(t, "-tls", "-ca", ca, "-addr", addr, "-explain", "-time", "GET / HTTP/1.0")
	got.check(t, 0)
	var shape []string
	var times []float64
	number := regexp.MustCompile(`\b(\d+\.\d) `)
	_, table, _ := strings.Cut(unwrapped(got.stderr), "milliseconds from the start: ")
	for _, found := range number.FindAllStringSubmatch(table, -1) {
		ms, err := strconv.ParseFloat(found[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		times = append(times, ms)
	}
	for _, part := range number.Split(table, -1)[1:] {
		shape = append(shape, strings.TrimSpace(part))
	}
	want := []string{"connected", "handshake of TLS complete", "last octet of the request sent",
		"first octet of the response", "end of the head", "end of the response", "the server closed the connection"}
	if !slices.Equal(shape, want) || !slices.IsSorted(times) {
		t.Errorf("%q at %v", shape, times)
	}
	line := regexp.MustCompile(`\ntime in ms: connect=[\d.]+, TLS=[\d.]+, sent=[\d.]+, first-octet=[\d.]+,\s+` +
		`head=[\d.]+,\s+end=[\d.]+,\s+close=[\d.]+\n$`)
	if !line.MatchString(got.stdout) {
		t.Errorf("no line of time in\n%s", got.stdout)
	}
	page := runArgs(t, "-tls", "-ca", ca, "-addr", addr, "-explain=html", "-time", "GET / HTTP/1.0").stdout
	rows := regexp.MustCompile(`<h2>Time, in milliseconds from the start</h2>\n<ul class="notes">\n` +
		`<li><b>[\d.]+</b><q>connected</q></li>\n<li><b>[\d.]+</b><q>handshake of TLS complete</q></li>\n`)
	if !rows.MatchString(page) {
		t.Error("no times on the page")
	}
}

// The last octets and the close can come in one read. Then no part follows the close.
func TestTimeOfOneRead(t *testing.T) {
	start := time.Now()
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	tm := timing{start: start, connected: at(1), head: at(5), body: at(6)}
	tm.add(&trace{sent: at(2), first: at(3), captured: pcap.Connection{Closed: at(4), ByServer: true}}, true)
	const want = "time in ms: connect=1.0, sent=2.0, first-octet=3.0, head=4.0, end=4.0, close=4.0"
	if got := tm.line(); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// An octet is sent before the response to it, even if the sender is told so later.
func TestTimeOfTrickle(t *testing.T) {
	tr := &trace{room: new(int)}
	tr.Conn = writer{during: func() { tr.first = time.Now() }}
	if tr.Write([]byte("x")); tr.sent.After(tr.first) {
		t.Errorf("sent %v after the response", tr.sent.Sub(tr.first))
	}
}

// The first octet and the close are noted once.
func TestTimeOfReads(t *testing.T) {
	tr := &trace{room: new(int), Conn: reader{from: iotest.OneByteReader(strings.NewReader("ab"))}}
	var first, closed time.Time
	for i := range 4 {
		tr.Read(make([]byte, 2))
		switch i {
		case 0:
			first = tr.first
		case 2:
			closed = tr.captured.Closed
		}
		if tr.captured.Closed.IsZero() != (i < 2) {
			t.Errorf("closed after %d octets", i)
		}
	}
	if tr.Close(); first.IsZero() || tr.first != first || tr.captured.Closed != closed {
		t.Errorf("first %v and %v, closed %v and %v", first, tr.first, closed, tr.captured.Closed)
	}
	if tr := (&trace{Conn: reader{}}); tr.Close() != nil || tr.captured.Closed.IsZero() {
		t.Error("the client did not close")
	}
}

// A reader is a connection from which octets are read.
type reader struct {
	wireclient.Conn
	from io.Reader
}

func (r reader) Read(b []byte) (int, error) { return r.from.Read(b) }

func (reader) Close() error { return nil }

// A capture that is full has the octets until then, and no end.
func TestCaptureFull(t *testing.T) {
	var stderr strings.Builder
	room, file := 3, filepath.Join(t.TempDir(), "full.pcap")
	tr := &trace{room: &room, Conn: reader{}}
	for _, d := range []pcap.Data{{Octets: []byte("abcd")}, {Ends: true}, {Octets: []byte("e")}} {
		tr.keep(d)
	}
	tr.Close()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	c := &client{console: &console{std: Stdio{Err: &stderr}, opt: newOptions()}, req: new(request), conns: []*trace{tr},
		pcapFile: &outFile{file: f}}
	err = c.capture()
	want := pcap.Append(nil, pcap.Connection{Data: []pcap.Data{{Octets: []byte("abc")}}})
	if got, _ := os.ReadFile(file); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, the file has %q, want %q", err, got, want)
	}
	if !strings.Contains(unwrapped(stderr.String()), "only the first 67108864 octets") {
		t.Errorf("says\n%s", stderr.String())
	}
}

// A writer is a connection to which something happens while octets are written.
type writer struct {
	wireclient.Conn
	during func()
}

func (w writer) Write(b []byte) (int, error) {
	w.during()
	return len(b), nil
}

// What did not come has no row.
func TestTimeOfNothing(t *testing.T) {
	port := listen(t, func(conn net.Conn) { readHead(conn) })
	got := runArgs(t, "-time", "-addr", "localhost:"+port, "GET / HTTP/1.0")
	got.check(t, 5, "connected", "request sent", "the server closed", "!handshake", "!first octet",
		"!end of the")
	for _, tt := range []struct {
		response string
		exit     int
		end      string
	}{
		{"a Simple-Response", 0, "end of the response"},
		{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 O", 5, "!end of the response"},
	} {
		port := listen(t, func(conn net.Conn) {
			readHead(conn)
			io.WriteString(conn, tt.response)
		})
		got := runArgs(t, "-time", "-addr", "localhost:"+port, "GET /")
		got.check(t, tt.exit, "first octet", tt.end, "!end of the head")
	}
}
