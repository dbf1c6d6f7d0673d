package cli_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rawhttp/examples/foreign"
	"rawhttp/examples/replay"
	"rawhttp/httpwire/visible"
	"rawhttp/rawclient/cli"
	"rawhttp/server/app"
)

// withFiles are the transcripts whose commands read or write files in the current directory.
var withFiles = []string{"pcap.txt", "tls.txt"}

// TestTranscripts runs the commands of each transcript and compares what they print.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "*.txt"))
	if err != nil || len(files) <= len(withFiles) {
		t.Fatalf("too few transcripts: %v", err)
	}
	addr := serveBook(t)
	for _, file := range files {
		if !slices.Contains(withFiles, filepath.Base(file)) {
			compare(t, file, addr)
		}
	}
}

func serveBook(t *testing.T) (addr string) {
	server, err := replay.Start(app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Stop() })
	return server.Addr
}

// TestTranscriptsWithFiles does the same in a directory for the files. The server of tls.txt speaks TLS.
func TestTranscriptsWithFiles(t *testing.T) {
	testdata, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	addr := serveBook(t)
	config, ca := cli.ServerConfig(t, func(c *x509.Certificate) { // a notice shows the date
		c.NotAfter = time.Date(2094, 11, 6, 0, 0, 0, 0, time.UTC)
	})
	config.NextProtos = []string{"http/1.1"}
	secure := "localhost:" + cli.ServeTLS(t, config, func(conn net.Conn) { pass(t, conn.(*tls.Conn), addr) })
	t.Chdir(filepath.Dir(ca))
	for _, file := range withFiles {
		at := addr
		if file == "tls.txt" {
			at = secure
		}
		compare(t, filepath.Join(testdata, file), at)
	}
}

// pass passes one request and its response on.
func pass(t *testing.T, conn *tls.Conn, addr string) {
	server, err := net.Dial("tcp", addr)
	if err != nil {
		t.Error(err)
		return
	}
	defer server.Close()
	if request := cli.ReadHead(conn); request != "" {
		io.WriteString(server, request)
		io.Copy(conn, server)
	}
}

var (
	row      = regexp.MustCompile(`(?m)^ +\d+\.\d  `)
	word     = regexp.MustCompile(`=\d+\.\d`)
	words    = regexp.MustCompile(`time in ms: .*\n(?:[a-z-]+=.*\n)*`) // how it breaks depends on the numbers
	decodeAs = regexp.MustCompile(`tcp\.port==\d+`)
)

// slow matches what a command says only because the machine is busy.
var slow = regexp.MustCompile(`\* waiting|has\s+not\s+closed`)

// compare compares a transcript with what its commands print, or rewrites it. If a command has said that it
// waits, the commands run again. None of them changes what the server has.
func compare(t *testing.T, file, addr string) {
	t.Helper()
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got := transcript(t, string(want), addr)
	for tries := 1; got != string(want) && slow.MatchString(got) && tries < 5 && !*cli.Update; tries++ {
		got = transcript(t, string(want), addr)
	}
	if *cli.Update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if got != string(want) {
		t.Errorf("%s: %s\n(go test ./rawclient/cli -run Transcripts -update rewrites it)", file,
			foreign.Difference(got, string(want)))
	}
}

// transcript returns a transcript with what its commands print now.
func transcript(t *testing.T, old, addr string) string {
	var got bytes.Buffer
	for line := range strings.Lines(old) {
		args, command := strings.CutPrefix(line, "$ rawclient ")
		if !command {
			if strings.HasPrefix(line, "# ") && !strings.HasPrefix(line, "# Load") {
				got.WriteString(line)
			}
			continue
		}
		got.WriteString(line)
		var out bytes.Buffer
		cli.Run(t.Context(), append([]string{"-addr", addr}, cli.Words(strings.TrimSpace(args))...),
			cli.Stdio{In: strings.NewReader(""), Out: &out, Err: &out})
		shown := replay.Mask(out.String(), addr)
		shown = row.ReplaceAllString(shown, "       0.0  ")
		shown = word.ReplaceAllString(shown, "=0.0")
		shown = words.ReplaceAllStringFunc(shown, func(line string) string {
			return string(visible.AppendRows(nil, "", strings.Join(strings.Fields(line), " ")))
		})
		got.WriteString(decodeAs.ReplaceAllString(shown, "tcp.port==12345"))
	}
	return got.String()
}
