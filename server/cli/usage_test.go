package cli

import (
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"rawhttp/server/app"
	"rawhttp/server/httpd"
)

// For a flag of other servers, the error names the flag that does the same here.
func TestUnknownFlag(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"a port", []string{"-port", "8080"}, "go run ./server -addr localhost:8080"},
		{"a port after =", []string{"--port=8080"}, "go run ./server -addr localhost:"},
		{"one letter", []string{"-p", "8080"}, "go run ./server -addr localhost:8080"},
		{"a host", []string{"-host", "localhost"}, "go run ./server -addr localhost:12346"},
		{"no port", []string{"-port", "http"}, "go run ./server -addr localhost:12346"},
		{"another flag", []string{"-zzz"}, "-zzz is not a flag of the server\ngo run ./server -h"},
		{"misspelled", []string{"-adr", "x"}, "-adr is not a flag of the server. Did you mean  -addr ?\ngo run"},
		{"misspelled, with =", []string{"-idletime=5s"}, "-idletime is not a flag of the server. Did you mean  -idle-time ?"},
		{"no switch", []string{"-wall=maybe"}, "-wall=maybe: write  -wall  or  -wall=false"},
		{"no unit", []string{"-idle-time", "5"}, "-idle-time 5: write it as in  -idle-time 30s"},
		{"no value", []string{"-addr"}, "-addr has no value: write  -addr host:port\ngo run ./server -h"},
	} {
		fs := flag.NewFlagSet("", flag.ContinueOnError)
		fs.SetOutput(io.Discard)
		fs.String("addr", "", "listen on `host:port`")
		fs.Bool("wall", false, "")
		fs.Duration("idle-time", 30*time.Second, "")
		if got := flagError(fs, fs.Parse(c.args)); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q lacks %q", c.name, got, c.want)
		}
	}
}

// The help has each flag with its default, in its group, and fits a terminal.
func TestUsage(t *testing.T) {
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	fs.String("addr", "localhost:1", "listen on `host:port`, and then on many other ports as well, "+
		"one after the other")
	fs.Bool("v", false, "say more")
	limits := httpd.DefaultLimits
	limitFlags(fs, &limits)
	page := usage(fs)
	general, limit, _ := strings.Cut(page, "Limits")
	for name, group := range map[string]string{"addr host:port": general, "v": general,
		"body octets": limit} {
		if !strings.Contains(group, "\n  -"+name+" ") {
			t.Errorf("-%s is not where it belongs", name)
		}
	}
	fs.VisitAll(func(f *flag.Flag) {
		if f.DefValue != "false" && !strings.Contains(strings.Join(strings.Fields(page), " "),
			"(default "+f.DefValue+")") {
			t.Errorf("the default of -%s is missing", f.Name)
		}
	})
	all := flag.NewFlagSet("", flag.ContinueOnError)
	new(config).flags(all)
	for line := range strings.Lines(page + usage(all)) {
		if len(line) > 80 {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
}

// An argument that is not a flag, or a number out of range, is an error that says what to write.
func TestCheck(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{"", ""},
		{"-max 1", ""},
		{"-max 0", "-max 0: write a number of 1 or more"},
		{"-max -1", "-max -1: write"},
		{"-v -log off", "leave out one of them"},
		{"8080", "\"8080\" is not a flag. Set the address with -addr:\n\n  go run ./server -addr localhost:8080"},
		{"localhost:8080", "  go run ./server -addr localhost:8080"},
		{"[::1]:8080", "  go run ./server -addr [::1]:8080"},
		{":8080", "  go run ./server -addr localhost:8080"},
		{"http://localhost:8080/", "  go run ./server -addr localhost:8080"},
		{"localhost", "  go run ./server -addr localhost:12345"},
		{"99999", "  go run ./server -addr localhost:12345"},
		{"help", "\"help\" is not a flag\ngo run ./server -h  lists the flags"},
		{"-http09 false", `write "=" before false:  -http09=false`},
		{"-wall true", `"true" is not a flag. To turn a switch on, write  -wall  alone`},
		{"-conns 0", "-conns 0"},
		{"-addr a -lan -base-url u -hosts h -v -log json -hash -class", ""}, // what no other row has
	} {
		var c config
		fs := flag.NewFlagSet("", flag.ContinueOnError)
		c.flags(fs)
		if err := fs.Parse(strings.Fields(tt.line)); err != nil {
			t.Fatal(err)
		}
		err := c.check(fs.Args())
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.line, err, tt.want)
		}
	}
}

// The address that serves this machine only has the port that was typed.
func TestReachable(t *testing.T) {
	for addr, want := range map[string]string{":0": "-addr localhost:0", "0.0.0.0:80": "-addr localhost:80"} {
		if got := reachable(addr); !strings.HasSuffix(got, want) {
			t.Errorf("%s: %s", addr, got)
		}
	}
}

// The commands reach the server, even if it listens at one address of several. A student's command names
// the machine of the server, if other machines reach it.
func TestGreet(t *testing.T) {
	for _, tt := range []struct{ ip, url, here, student string }{
		{"0.0.0.0", "http://192.0.2.1:8080", "-addr localhost:8080 ", "-addr 192.0.2.1:8080 "},
		{"::", "http://192.0.2.1:12345", "", "-addr 192.0.2.1:12345 "},
		{"192.0.2.1", "http://192.0.2.1:8080", "-addr 192.0.2.1:8080 ", "-addr 192.0.2.1:8080 "},
		{"192.0.2.1", "http://192.0.2.1:12345", "-addr 192.0.2.1:12345 ", "-addr 192.0.2.1:12345 "},
		{"127.0.0.1", "http://localhost:8080", "-addr localhost:8080 ", "-addr localhost:8080 "},
		{"127.0.0.1", "http://localhost:12345", "", ""},
		{"127.0.0.2", "http://127.0.0.2:12345", "-addr 127.0.0.2:12345 ", "-addr 127.0.0.2:12345 "},
	} {
		var out strings.Builder
		_, port, _ := net.SplitHostPort(strings.TrimPrefix(tt.url, "http://"))
		n, _ := strconv.Atoi(port)
		greet(&out, tt.url, at{IP: net.ParseIP(tt.ip), Port: n}, &app.Options{Class: true})
		for _, want := range []string{tt.here + "\"GET /hello HTTP/1.0\"\n",
			tt.student + "\"GET /hello HTTP/1.0\" \"User-Agent: anna\"\n"} {
			if !strings.Contains(out.String(), "  go run ./rawclient "+want) {
				t.Errorf("at %s, %s: no %s in %s", tt.ip, tt.url, want, out.String())
			}
		}
		if strings.Contains(out.String(), "/addresses/") {
			t.Errorf("a book without that address would respond with 404:\n%s", out.String())
		}
	}
	const want = `The address book is at http://localhost:1/address_book/api/v1.0/addresses

Try this in a second terminal:
  go run ./rawclient -addr localhost:1 "GET /hello HTTP/1.0"
  go run ./rawclient -addr localhost:1 "GET /address_book/api/v1.0/addresses HTTP/1.0"
  go run ./rawclient -addr localhost:1 -explain "GET /hello HTTP/1.0"

Every exchange is shown at http://localhost:1/wall

Ctrl-C stops the server.

`
	for _, wall := range []bool{true, false} {
		var out strings.Builder
		greet(&out, "http://localhost:1", at{IP: net.IPv4(127, 0, 0, 1), Port: 1}, &app.Options{Wall: wall})
		want := want
		if !wall {
			want = strings.Replace(want, "Every exchange is shown at http://localhost:1/wall\n\n", "", 1)
		}
		if out.String() != want {
			t.Errorf("got %s\nwant %s", out.String(), want)
		}
	}
}

// On this machine a student types the program that is beside the server. It need not be in the folder of the
// module, where go run works.
func TestGreetOfPrograms(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"rawclient", "rawclient.exe"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	defer func(typed string) { command = typed }(command)
	command = filepath.Join(dir, "rawhttpd")
	for ip, want := range map[string]string{
		"127.0.0.1": filepath.Join(dir, "rawclient"), "192.0.2.1": "go run ./rawclient -addr h:80"} {
		var out strings.Builder
		greet(&out, "http://h:80", at{IP: net.ParseIP(ip), Port: 80}, &app.Options{Class: true})
		if _, student, _ := strings.Cut(out.String(), "of their own:\n  "); !strings.HasPrefix(student, want+" ") {
			t.Errorf("at %s: %s does not begin with %s", ip, student, want)
		}
	}
}

// The URL of a server has the host of -addr, without a zone, which URLs do not have.
func TestAuthority(t *testing.T) {
	for addr, want := range map[string]string{
		"localhost:0": "localhost:80", "[::1]:0": "[::1]:80", "[fe80::1%eth0]:0": "[fe80::1]:80",
	} {
		if got := authority(addr, at{Port: 80}); got != want {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
	}
	own, _, _ := net.SplitHostPort(authority("0.0.0.0:0", at{IP: net.IPv4zero, Port: 80}))
	if net.ParseIP(own).IsUnspecified() {
		t.Errorf("clients cannot reach %s", own)
	}
	if l, err := net.Listen("tcp", net.JoinHostPort(own, "0")); err != nil {
		t.Errorf("%s is not an address of this machine: %v", own, err)
	} else {
		l.Close()
	}
}

// The base URL is an origin, perhaps with a slash at its end.
func TestBaseURL(t *testing.T) {
	if origin, err := parseBaseURL("https://Example.org/"); err != nil || origin != "https://example.org" {
		t.Errorf("%q, %v", origin, err)
	}
	for _, bad := range []string{"localhost:12345", "ftp://h", "http://", "http://:80", "/path",
		"http://u:p@h", "http://h/?", "http://h/#f", "http://h\r\nX: y", "http://h:port", "http://h:99999",
		"http://h/book", "http://h/%62/", "http://h//", "/"} {
		if _, err := parseBaseURL(bad); err == nil || !strings.HasPrefix(err.Error(), fmt.Sprintf("-base-url %q is not an origin", bad)) {
			t.Errorf("the base URL %q: %v", bad, err)
		}
	}
}

// An error about the host of the server names the flag that is wrong, and leaves no new book.
func TestHostErrors(t *testing.T) {
	for _, tt := range []struct{ baseURL, hosts, want string }{
		{"example.org/", "", `-base-url "example.org/" is not an origin`},
		{"", "a,b c/d", `-hosts: "c/d" is not a host name`},
	} {
		c := config{baseURL: tt.baseURL, hosts: tt.hosts}
		c.app.Book.File = filepath.Join(t.TempDir(), "book")
		if _, _, err := c.newServer("http://localhost:1"); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%v, want %s", err, tt.want)
		}
		if _, err := os.Stat(c.app.Book.File); err == nil {
			t.Errorf("%s: there is a new book", tt.want)
		}
	}
}
