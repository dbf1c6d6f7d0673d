package cli

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"rawhttp/examples/foreign"
)

// What the tests of package cli_test need.
var ServeTLS, ServerConfig, ReadHead = serveTLS, serverConfig, readHead

// Update is -update.
var Update = flag.Bool("update", false, "rewrite testdata with what the commands print")

// varying is what differs from run to run, and what the transcripts have instead.
var varying = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "127.0.0.1:12345"},
	{regexp.MustCompile(`after [0-9.]+m?s`), "after 1ms"},
	{regexp.MustCompile(`("(?:connected|secured|sent|first|head|end|closed)": )[0-9.]+(,?\n)`), "${1}1${2}"},
}

// golden compares a transcript with the file of that name.
func golden(t *testing.T, name, transcript string) {
	t.Helper()
	for _, v := range varying {
		transcript = v.pattern.ReplaceAllString(transcript, v.instead)
	}
	name = "testdata/golden/" + name
	if *Update {
		if err := os.WriteFile(name, []byte(transcript), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Error(err)
	} else if string(want) != transcript {
		t.Errorf("%s: %s\n(go test ./rawclient/cli -run Golden -update rewrites it)", name,
			foreign.Difference(transcript, string(want)))
	}
}

// The transcripts have what a terminal shows: the command and both streams.
func TestGolden(t *testing.T) {
	t.Parallel()
	const date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
	first := &script{response: ok + date + "Content-Type: text/plain\r\nSet-Cookie: a=b\r\n" +
		"Content-Length: 8\r\n\r\none\ntwo\n"}
	second := &script{response: "HTTP/1.1 200 OK\r\nServer: another\r\nContent-Type: text/html\r\n" +
		"Connection: close\r\nContent-Length: 8\r\n\r\none\nTWO\n"}
	broken := &script{response: ok + "Content-Length: 9\r\n\r\n\xff\xfe"}
	shown := func(exitWanted int, s *script, command string) string {
		addr := s.start(t, "127.0.0.1:0")
		var out bytes.Buffer
		exit := Run(t.Context(), append([]string{"-addr", addr}, Words(command)...),
			Stdio{Out: &out, Err: &out})
		if exit != exitWanted {
			t.Errorf("%s: exit code %d", command, exit)
		}
		return "$ rawclient " + command + "\n" + out.String()
	}
	golden(t, "json.txt", shown(0, first, `-json "GET /?token=secret HTTP/1.0"`)+"\n"+
		shown(5, broken, `-json "GET / HTTP/1.0"`))
	other := second.start(t, "127.0.0.1:0")
	first = &script{response: first.response}
	golden(t, "diff.txt", shown(6, first, "-diff "+other+` "GET / HTTP/1.0"`))
}

// The transcript of a listening client has what its terminal shows.
func TestGoldenListen(t *testing.T) {
	t.Parallel()
	s := listens(t, strings.NewReader("HTTP/1.0 200 OK\nContent-Length: 9\n\nhello\n.\n"))
	s.send("GET / HTTP/1.0\r\nHost: localhost\r\nAuthorization: Basic YTpi\r\n\r\n")
	<-s.exit
	s.exit <- 0
	golden(t, "listen.txt", "$ rawclient -listen 127.0.0.1:12345\n"+s.output())
}
