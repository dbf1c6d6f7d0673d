package commandline

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Each error of package flag says what is wrong and what to write.
func TestFlagError(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		want string
	}{
		{"a switch", []string{"-wall=maybe"}, "-wall=maybe: write  -wall  or  -wall=false"},
		{"a number", []string{"-max", "x"}, "-max x: write it as in  -max 10"},
		{"a large number", []string{"-max", "99999999999999999999"}, "-max 99999999999999999999: " +
			"the number is too large or too small; write it as in  -max 10"},
		{"a time", []string{"-idle", "5 s"}, `-idle "5 s": write it as 10s, 500ms or 2m`},
		{"a time that is too large", []string{"-idle", "99999999h"}, "-idle 99999999h: write it as 10s, 500ms or 2m"},
		{"an own kind", []string{"-own", "5"}, "-own 5: write it differently"},
		{"no value", []string{"-addr"}, "-addr has no value: write  -addr host:port"},
		{"nothing", []string{"-max", ""}, `-max "": write it as in  -max 10`},
		{"a request", []string{"-max", "GET / HTTP/1.0"}, `-max "GET / HTTP/1.0": write it as in  -max 10`},
		{"control octets", []string{"-max", "\x1b\n"}, `-max "\x1b\n": write it as in  -max 10`},
		{"an error in a value", []string{"-max", `" for flag -addr: x`},
			`-max "\" for flag -addr: x": write it as in  -max 10`},
		{"an error that quotes the value", []string{"-quoting", `" for flag -x: y`},
			`-quoting "\" for flag -x: y": "\" for flag -x: y" is not a kind`},
		{"dashes", []string{"---max"}, "bad flag syntax: ---max"},
		{"no name", []string{"-=1"}, "bad flag syntax: -=1"},
		{"unknown", []string{"-x"}, `"-x" is not a flag`},
	} {
		fs := flag.NewFlagSet("", flag.ContinueOnError)
		fs.SetOutput(io.Discard)
		fs.String("addr", "", "listen on `host:port`")
		fs.Bool("wall", false, "")
		fs.Int("max", 10, "")
		fs.Var(new(Duration), "idle", "")
		fs.Func("own", "", func(string) error { return errors.New("write it differently") })
		fs.Func("quoting", "", func(v string) error { return fmt.Errorf("%q is not a kind", v) })
		if got := FlagError(fs, fs.Parse(tt.args)); got != tt.want {
			t.Errorf("%s: got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// A number alone is seconds.
func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0": 0, "5": 5 * time.Second, "5s": 5 * time.Second, "1m30s": 90 * time.Second, "500ms": time.Second / 2, "-1s": -time.Second,
	} {
		var d Duration
		if err := d.Set(text); time.Duration(d) != want || err != nil {
			t.Errorf("%s: %v, %v", text, &d, err)
		}
	}
}

// The address that an error shows is like the one that was typed.
func TestAddress(t *testing.T) {
	const local = "localhost:12345"
	for typed, want := range map[string]string{
		"8080": "localhost:8080", ":8080": "localhost:8080", "localhost": "localhost:12345", "": local,
		"http://localhost:8080/": "localhost:8080", "https://example.org": "example.org:443", "http://example.org/": "example.org:80",
		"::1": "[::1]:12345", "[::1]:8080": "[::1]:8080", "127.0.0.1": "127.0.0.1:12345",
		"example.org:": "example.org:12345", "http": "http:12345", "https": "https:12345", "ftp://example.org": "example.org:12345",
		"HTTPS://example.org:8443": "example.org:8443", "https://example.org:0": "example.org:443",
		"127.0.0.1:8080:3": local, "localhost:99999": local, "my host": local, "localhost:8080 ": "localhost:8080", "0": local,
		"localhost:8080/": "localhost:8080", "[::1]:8080/a": "[::1]:8080", "example.org/a:b": "example.org:12345",
		"host;rm:80": "localhost:80", "GET / HTTP/1.0": local, "-x": "localhost:12345",
		"me@example.org": "example.org:12345", "http://me:secret@example.org:80/": "example.org:80", "me:secret@h": "h:12345",
		"example.org?a:b": "example.org:12345", "http://example.org:8080#a": "example.org:8080", "unix:/x": local,
		"example.org:80/a:/b": "example.org:80", "::1:80": "[::1]:80", "::1:x": local, "2001:db8::1:80": "[2001:db8::1:80]:12345",
		"//example.org:80": "example.org:80", "//example.org/a": "example.org:12345", "example.org:/a": "example.org:12345",
		"http:/example.org:8080/": "example.org:8080", "https:/example.org": "example.org:443",
		"example.org:80/a://b": "example.org:80", "file:/x": local, "C:/x": local, "/x": local, "localhost:1/a b": "localhost:1",
	} {
		if got := Address(typed); got != want {
			t.Errorf("%q: %s, want %s", typed, got, want)
		}
	}
}

// Nearest finds the flag that was meant, and none for a word that is not like one.
func TestNearest(t *testing.T) {
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	for _, name := range []string{"addr", "book", "max", "users", "v", "wall"} {
		fs.String(name, "", "")
	}
	for name, want := range map[string]string{"bok": "book", "adr": "addr", "user": "users", "walls": "wall",
		"MAX": "max", "V": "v", "usres": "users", "mll": "max", "vx": "", "version": "", "quiet": "", "b": "", "": ""} {
		if got := Nearest(fs, name); got != want {
			t.Errorf("-%s: -%s, want -%s", name, got, want)
		}
	}
}

func TestName(t *testing.T) {
	for _, tt := range []struct {
		path      string
		isCommand bool
		want      string
	}{
		{"/tmp/go-build123/b001/exe/server", true, "go run ./server"},
		{`C:\Temp\go-build123\b001\exe\server.exe`, true, "go run ./server"},
		{"/cache/54/" + strings.Repeat("5c", 32) + "-d/server", true, "go run ./server"}, // a second time
		{`C:\cache\54\` + strings.Repeat("5c", 32) + `-d\server.exe`, true, "go run ./server"},
		{"rawhttpd", true, "rawhttpd"},
		{"./rawhttpd", true, "./rawhttpd"},
		{`C:\My programs\rawhttpd.exe`, true, `"C:\My programs\rawhttpd.exe"`},
		{"./examples", false, "go run ./server"},
	} {
		if got := nameOf("server", tt.path, tt.isCommand); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.path, got, tt.want)
		}
	}
	if got := Name("server"); got != "go run ./server" {
		t.Errorf("in a test: %s", got)
	}
}

// Beside returns the path of the other program only if that is in the same folder as this one.
func TestBeside(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	client, server := filepath.Join(dir, "rawclient"), filepath.Join(dir, "rawhttpd")
	command := `"` + server + `"`
	if got := Beside(command, "rawclient"); got != "go run ./rawclient" {
		t.Errorf("without a client: %s", got)
	}
	for _, name := range []string{client, client + ".exe"} {
		if err := os.WriteFile(name, nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if got := Beside(command, "rawclient"); got != `"`+client+`"` {
		t.Errorf("with a client: %s", got)
	}
	if got := Beside(`"`+client+`"`, "server", "server/rawhttpd"); got != "go run ./server" {
		t.Errorf("without a server: %s", got)
	}
	for _, name := range []string{server, server + ".exe"} {
		if err := os.WriteFile(name, nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if got := Beside(`"`+client+`"`, "server", "server/rawhttpd"); got != command {
		t.Errorf("with a server: %s", got)
	}
	if got := Beside("go run ./server", "rawclient"); got != "go run ./rawclient" {
		t.Errorf("with go run: %s", got)
	}
}

func TestExitCode(t *testing.T) {
	wrong := UsageError("what is wrong")
	for _, tt := range []struct {
		err  error
		want int
	}{{nil, 0}, {wrong, 2}, {fmt.Errorf("examples: %w", wrong), 2}, {io.EOF, 1}} {
		if got := ExitCode(tt.err); got != tt.want {
			t.Errorf("%v: %d, want %d", tt.err, got, tt.want)
		}
	}
}
