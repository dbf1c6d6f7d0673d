package cli

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"rawhttp/httpwire"
)

func writeFile(t *testing.T, name, content string) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

const post = "POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\n"

const okay = "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"

// What is written on the command line is what is sent.
func TestLiteral(t *testing.T) {
	body := writeFile(t, "body", "{}\n")
	for _, tt := range []struct {
		name string
		args []string
		want string
		note string
	}{
		{"request-line", []string{get}, get + "\r\n\r\n", ""},
		{"field lines", []string{get, "A: b", "no colon", "B:c", "json"},
			get + "\r\nA: b\r\nno colon\r\nB:c\r\njson\r\n\r\n", ""},
		{"the name of a listing", []string{"-half", "html"}, "html\r\n\r\n", ""},
		{"JSON without -data", []string{"-half", "{}"}, "{}\r\n\r\n", ""},
		{"rules broken", []string{"G\tET  /", "A : b"}, "G\tET  /\r\nA : b\r\n\r\n", ""},
		{"1945-5-b a Simple-Request is sent if it was typed", []string{"GET /"}, "GET /\r\n\r\n", ""},
		{"9112-2.2-e -data", []string{"-data", "abc", "POST / HTTP/1.0"},
			"POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", ""},
		{"-data of a number", []string{"-data", "1", "POST / HTTP/1.0"},
			"POST / HTTP/1.0\r\nContent-Length: 1\r\n\r\n1", ""},
		{"-data of a word that switches have", []string{"-data", "false", "POST / HTTP/1.0"},
			"POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nfalse", ""},
		{"-data like JSON", []string{"-data", "{a}", "POST / HTTP/1.0"},
			"POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\n{a}", ""},
		{"JSON whose type follows a fault", []string{"-half", "-data", "{}", "POST / HTTP/1.0", "A : b", "Content-Type: a/b"},
			"POST / HTTP/1.0\r\nA : b\r\nContent-Type: a/b\r\nContent-Length: 2\r\n\r\n{}", ""},
		{"-data of nothing", []string{"-data", "", "POST / HTTP/1.0"},
			"POST / HTTP/1.0\r\nContent-Length: 0\r\n\r\n", ""},
		{"-body", []string{"-body", body, "POST / HTTP/1.0", "A: b"},
			"POST / HTTP/1.0\r\nA: b\r\nContent-Length: 3\r\n\r\n{}\n", "the body is valid JSON"},
		{"JSON without a type", []string{"-data", "{}", "POST / HTTP/1.0"},
			"POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}", "add \"Content-Type: application/json\""},
		{"JSON with a type", []string{"-data", "{}", "POST / HTTP/1.0", "content-type: a/b"},
			"POST / HTTP/1.0\r\ncontent-type: a/b\r\nContent-Length: 2\r\n\r\n{}", ""},
		{"-data with a length of its own",
			[]string{"-data", "abc", "POST / HTTP/1.0", "content-length: 3"},
			"POST / HTTP/1.0\r\ncontent-length: 3\r\n\r\nabc", ""},
		{"-data with a wrong length",
			[]string{"-half", "-data", "abc", "POST / HTTP/1.0", "content-length: 2"},
			"POST / HTTP/1.0\r\ncontent-length: 2\r\n\r\nabc", "Content-Length says 2, but the body has 3 octets"},
		{"-data of one octet",
			[]string{"-half", "-data", "a", "POST / HTTP/1.0", "content-length: 2"},
			"POST / HTTP/1.0\r\ncontent-length: 2\r\n\r\na", "Content-Length says 2, but the body has 1 octet."},
		{"words without quotes", []string{"-half", "GET", "/", "HTTP/1.0"},
			"GET\r\n/\r\nHTTP/1.0\r\n\r\n", `write the whole line in quotes:  "GET / HTTP/1.0"`},
		{"the name of a file without quotes", []string{"-half", "GET", "index.html", "HTTP/1.0"},
			"GET\r\nindex.html\r\nHTTP/1.0\r\n\r\n", `write the whole line in quotes:  "GET /index.html HTTP/1.0"`},
		{"words that are no request-line", []string{"-half", "nc", "localhost", "1"}, "nc\r\nlocalhost\r\n1\r\n\r\n",
			`only "nc" is sent as the request-line, and each argument after it as a field line; a request-line is ` +
				`written in quotes, as in  "GET / HTTP/1.0"`},
		{"an empty line first", []string{"", get}, "\r\n" + get + "\r\n\r\n", ""},
		{"switches that are off", []string{"-i=false", "-json=false", "-explain=false", "-hex", "-hex=false", "-decode",
			"-trickle", "0", get}, get + "\r\n\r\n", ""},
		{"words that a shell expands", []string{"-half", "GET", "/$a", "HTTP/1.0"}, "GET\r\n/$a\r\nHTTP/1.0\r\n\r\n",
			"write the whole line in quotes:  " + quoted("GET /$a HTTP/1.0")},
		{"a field line without quotes", []string{"-half", get, "Accept:", "text/html", "A: b"},
			get + "\r\nAccept:\r\ntext/html\r\nA: b\r\n\r\n",
			`write the whole line in quotes:  "Accept: text/html"`},
		{"an empty field and another", []string{get, "Accept:", "A: b"},
			get + "\r\nAccept:\r\nA: b\r\n\r\n", ""},
		{"a value that ends in a colon", []string{get, "A: b:", " c"}, get + "\r\nA: b:\r\n c\r\n\r\n", ""},
		{"a length in place of the request-line", []string{"-half", "-data", "abc", "Content-Length: 9"},
			"Content-Length: 9\r\nContent-Length: 3\r\n\r\nabc", ""},
		{"a URL without its scheme", []string{"-half", "localhost/a"}, "localhost/a\r\n\r\n",
			"a URL begins with http://"},
		{"the same, and where to", []string{"-half", "localhost:1/a"}, "localhost:1/a\r\n\r\n",
			"a URL begins with http://"},
		{"a field line after --", []string{"-fail", "--", get, "-v"}, get + "\r\n-v\r\n\r\n", ""},
		{"a flag that is none", []string{get, "-x: y"}, get + "\r\n-x: y\r\n\r\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) { sends(t, tt.args, tt.want, tt.note) })
	}
}

// sends runs the client and checks the request. What a server would not read it is shown by -v.
func sends(t *testing.T, args []string, want, note string) {
	t.Helper()
	s := &script{response: okay}
	got := run(t, s, args...)
	got.check(t, 0, note)
	if len(s.seen()) != 1 || s.seen()[0] != want {
		t.Errorf("sent %q, want %q", s.seen(), want)
	}
	if note == "" && got.stderr != "" {
		t.Errorf("standard error: %q", got.stderr)
	}
}

func TestFile(t *testing.T) {
	for _, tt := range []struct {
		name, file, flags, want string
		exit                    int
		note                    string
	}{
		{"octet for octet", post + "abc", "", post + "abc", 0, ""},
		{"a line end too many", post + "abc\n", "", "", 2,
			"nothing was sent: Content-Length says 3, but the body after the empty line has 4 octets (did an editor"},
		{"too short", post + "a", "", "", 2, "has 1 octet correct the number, or add -literal"},
		{"-literal", post + "abc\n", "-literal", post + "abc\n", 0, ""},
		{"LF", "GET / HTTP/1.0\nA: b\n\n", "-half", "GET / HTTP/1.0\nA: b\n\n", 0,
			"Add -crlf to send CR LF instead"},
		{"much too long", post + "abcdef", "", "", 2, "has 6 octets correct the number"},
		{"a wrong length in a head that breaks a rule", "POST / HTTP/1.0\r\nContent-Length: 3\r\nA : b\r\n\r\n", "-half",
			"POST / HTTP/1.0\r\nContent-Length: 3\r\nA : b\r\n\r\n", 0, ""},
		{"a length that is no number", "POST / HTTP/1.0\r\nContent-Length: x\r\n\r\nab", "-half",
			"POST / HTTP/1.0\r\nContent-Length: x\r\n\r\nab", 0, ""},
		{"LF -literal", "GET / HTTP/1.0\nA: b\n\n", "-half -literal",
			"GET / HTTP/1.0\nA: b\n\n", 0, ""},
		{"-crlf", "POST / HTTP/1.0\nContent-Length: 3\r\n\na\nb", "-crlf", post + "a\nb", 0,
			"turned LF into CR LF in the head: 2"},
		{"-crlf, one line", get + "\n\r\n", "-crlf", get + "\r\n\r\n", 0, "turned LF into CR LF in the head: 1"},
		{"-crlf after an empty line", "\n" + get + "\n\n\n", "-crlf",
			"\r\n" + get + "\r\n\r\n\n", 0, ""},
		{"-crlf without an empty line", get + "\n", "-crlf -half", get + "\r\n", 0, "LF into CR LF in the head: 1"},
		{"-crlf with nothing to do", get + "\r\n\r\n", "-crlf", get + "\r\n\r\n", 0, "!turned LF"},
		{"no empty line", get + "\r\n", "-half", get + "\r\n", 0,
			"the empty line that ends the head is missing"},
		{"byte order mark", "\xEF\xBB\xBF" + get + "\r\n\r\n", "-half",
			"\xEF\xBB\xBF" + get + "\r\n\r\n", 0,
			"begins with a byte order mark"},
		{"UTF-16", "\xFF\xFEG\x00", "-half", "\xFF\xFEG\x00", 0, "begins with a byte order mark"},
		{"empty", "", "", "", 2, "the file is empty"},
		{"empty and -literal", "", "-literal -half -v -trickle 1ms", "", 0, "!octets in"},
		{"nonsense", "\x00\x01", "-half", "\x00\x01", 0, "!-crlf"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &script{response: okay}
			args := append(strings.Fields(tt.flags), "-in", writeFile(t, "request", tt.file))
			run(t, s, args...).check(t, tt.exit, tt.note)
			if got := strings.Join(s.seen(), ""); !strings.HasPrefix(tt.want, got) ||
				len(got) == 0 && tt.want != "" {
				t.Errorf("sent %q, want %q", got, tt.want)
			}
		})
	}
	t.Run("two requests", func(t *testing.T) {
		s := &script{response: okay + okay}
		name := writeFile(t, "request", get+"\r\n\r\n"+get+"\r\n\r\n")
		run(t, s, "-in", name).check(t, 0, "surplus: 38 octets", "may be another response")
	})
}

// A file without an end is not read forever.
func TestReadAtMost(t *testing.T) {
	for _, tt := range []struct {
		in   io.Reader
		want string
		fail bool
	}{
		{strings.NewReader("abc"), "abc", false},
		{strings.NewReader("abcd"), "", true},
		{zeros{}, "", true},
		{iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("ab"))), "a", true},
	} {
		if got, err := readAtMost(tt.in, 3); string(got) != tt.want || (err != nil) != tt.fail {
			t.Errorf("%T: %q, %v", tt.in, got, err)
		}
	}
}

// zeros has no end, as /dev/zero.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

func TestURL(t *testing.T) {
	for _, tt := range []struct {
		name string
		args string // separated by |
		want string // but for User-Agent and Connection, which are always there
		note string
	}{
		{"1945-5.1.2-b path and query", "http://%/a/b?q=1", "GET /a/b?q=1 HTTP/1.0\r\nHost: %\r\n", ""},
		{"1945-5.1.2-b no path", "http://%", "GET / HTTP/1.0\r\nHost: %\r\n", ""},
		{"1945-5.1.2-b query alone", "http://%?q=1", "GET /?q=1 HTTP/1.0\r\nHost: %\r\n", ""},
		{"9110-7.1-a fragment", "HTTP://%/a#b?c@d", "GET /a HTTP/1.0\r\nHost: %\r\n", ""},
		{"9110-7.1-a fragment without a path", "http://%#/b", "GET / HTTP/1.0\r\nHost: %\r\n", ""},
		{"percent-encoding", "http://%/%zz%41\"\u00e9[",
			"GET /%25zz%41%22%C3%A9%5B HTTP/1.0\r\nHost: %\r\n",
			"percent-encoded"},
		{"a space in the path", "http://%/a b?c d", "GET /a%20b?c%20d HTTP/1.0\r\nHost: %\r\n",
			"percent-encoded: /a%20b?c%20d"},
		{"blanks around it", " http://%/a ", "GET /a HTTP/1.0\r\nHost: %\r\n", ""},
		{"9110-7.2-a 1945-11.1-c userinfo", "http://a:b@%/",
			"GET / HTTP/1.0\r\nHost: %\r\n+Authorization: Basic YTpi\r\n", "Authorization: Basic"},
		{"no name and no password", "http://@%/", "GET / HTTP/1.0\r\nHost: %\r\n", "!password"},
		{"1945-7.2-b 9112-6.1-e POST", "-data|{}|http://%/", "POST / HTTP/1.0\r\nHost: %\r\n" +
			"+Content-Type: application/json\r\nContent-Length: 2\r\n", "the body is valid JSON"},
		{"1945-7.2-b empty POST", "-data||http://%/", "POST / HTTP/1.0\r\nHost: %\r\n" +
			"+Content-Type: application/octet-stream\r\nContent-Length: 0\r\n", "the body is not JSON"},
		{"fields given", "http://%/|Accept: a|host: h|User-Agent: x|Connection: keep-alive",
			"GET / HTTP/1.0\r\nhost: h\r\nAccept: a\r\nUser-Agent: x\r\nConnection: keep-alive\r\n", ""},
		{"Content-Type given", "-data|{}|http://%/|Content-Type: text/plain",
			"POST / HTTP/1.0\r\nHost: %\r\n" +
				"+Content-Type: text/plain\r\nContent-Length: 2\r\n", "!was added"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &script{response: okay}
			addr := s.start(t, "127.0.0.1:0")
			args := strings.Split(strings.ReplaceAll(tt.args, "://%", "://"+addr), "|")
			args[0] = strings.ReplaceAll(args[0], "@%", "@"+addr)
			runArgs(t, args...).check(t, 0, tt.note, "> "+tt.want[:4])
			want := strings.ReplaceAll(tt.want, "Host: %", "Host: "+addr)
			if strings.Contains(tt.want, "host: h") {
				want += "\r\n"
			} else {
				head, tail, _ := strings.Cut(want, "+")
				want = head + "User-Agent: rawclient/1.0\r\n" + tail + "Connection: close\r\n\r\n"
			}
			if body := strings.Index(tt.args, "{}"); body >= 0 {
				want += "{}"
			}
			if got := strings.Join(s.seen(), ""); got != want {
				t.Errorf("sent %q\nwant %q", got, want)
			}
		})
	}
}

// A given Authorization replaces the name and the password of the URL, and no notice says that they are
// sent.
func TestURLUserReplaced(t *testing.T) {
	s := &script{response: okay}
	addr := s.start(t, "127.0.0.1:0")
	runArgs(t, "http://a:b@"+addr, "Authorization: Bearer c").check(t, 0, "!password")
	sent := strings.Join(s.seen(), "")
	if !strings.Contains(sent, "\r\nAuthorization: Bearer c\r\n") || strings.Contains(sent, "Basic") {
		t.Errorf("sent %q", sent)
	}
}

// The client adds no field that was not asked for (1945-10.8-a, C5), except a name (1945-10.15-a,
// in TestURL).
func TestURLUnasked(t *testing.T) {
	s := &script{response: okay}
	addr := s.start(t, "127.0.0.1:0")
	runArgs(t, "http://"+addr)
	unasked := []string{"Referer", "From", "Date", "Proxy-Connection", "Accept-Encoding", "keep-alive"}
	for _, name := range unasked {
		if strings.Contains(strings.Join(s.seen(), ""), name) {
			t.Errorf("%s was sent", name)
		}
	}
}

// How many fields a server accepts is its own choice.
func TestURLManyFields(t *testing.T) {
	lines := slices.Repeat([]string{"A: b"}, 2*httpwire.DefaultFields)
	if got := works(t, append([]string{"http://localhost/"}, lines...), ""); strings.Count(string(got), "A: b\r\n") != len(lines) {
		t.Errorf("sends %q", got)
	}
}

func TestParseURL(t *testing.T) {
	for _, tt := range []struct{ url, addr, host string }{
		{"http://h/", "h:80", "h"},
		{"http://h:/", "h:80", "h"}, // 1945-3.2.2-a
		{"http://h:80/", "h:80", "h:80"},
		{"http://u:p@h:8080/", "h:8080", "h:8080"}, // 9110-7.2-a
		{"http://[::1]", "[::1]:80", "[::1]"},
		{"https://xn--bcher-kva.example", "xn--bcher-kva.example:443", "xn--bcher-kva.example"},
		{"http://[::1]:8080/x", "[::1]:8080", "[::1]:8080"},
	} {
		u, err := parseURL(tt.url)
		if err != nil || u.addr != tt.addr || u.authority != tt.host {
			t.Errorf("%s: connects to %q with Host %q, error %v", tt.url, u.addr, u.authority, err)
		}
	}
}

func TestUsage(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		args string // separated by |
		want string
	}{
		{"flag after the request-line", "-hex|GET / HTTP/1.0|-timeout|5s|A: b|-v",
			`rawclient -hex -timeout 5s -v "GET / HTTP/1.0" "A: b"`},
		{"flag without a value after the request-line", "-data||GET / HTTP/1.0|-v|A: b",
			`rawclient -data "" -v "GET / HTTP/1.0" "A: b"`},
		{"flag whose value is missing after the request-line", "GET / HTTP/1.0|-v|-o",
			`rawclient -v -o FILE "GET / HTTP/1.0"`},
		{"flag after a request-line without quotes", "GET|/|HTTP/1.0|A: b|-v",
			`rawclient -v "GET / HTTP/1.0" "A: b"`},
		{"flag with = after the request-line", "GET / HTTP/1.0|--data=x", "--data=x follows the request-line, where " +
			"field lines go. Flags come first: " + command + ` --data=x "GET / HTTP/1.0"`},
		{"flag that does not go with -listen after the status-line", "-listen|:0|HTTP/1.0 200 OK|-v",
			"-listen makes rawclient the server, and -v does not go with it"},
		{"flag after a method and a URL", "POST|http://localhost:1/a|-data|x",
			command + ` -data x -addr localhost:1 "POST /a HTTP/1.0"`},
		{"curl -v", "curl|-v|http://localhost:1/a", command + " -v http://localhost:1/a"},
		{"curl and a request-line", "curl|localhost:1|POST / HTTP/1.0|A: b", command + ` -addr localhost:1 "POST / HTTP/1.0" "A: b"`},
		{"a method and a request-line", "PUT|http://localhost:1/a|POST / HTTP/1.0", command + ` -addr localhost:1 "POST / HTTP/1.0"`},
		{"a number that is missing after the request-line", get + "|-repeat", command + ` -repeat N "` + get + `"`},
		{"-- after the request-line", get + "|A: b|--|-v", "-- follows the request-line, where field lines go. " +
			"Flags come first: " + command + ` -v "` + get + `" "A: b"`},
		{"-- alone after the request-line", "-v|" + get + "|--|A: b", command + ` -v "` + get + `" "A: b"`},
		{"a host that begins like a scheme", "httpbin.example/get", "rawclient http://httpbin.example/get"},
		{"a host and a port", "localhost|8080", "rawclient http://localhost:8080\n"},
		{"a host that begins like https", "https.example:1/", "rawclient http://https.example:1/"},
		{"a slip", "-explian|" + get, "Did you mean -explain ?"},
		{"two letters short", "-expl|" + get, "Did you mean -explain ?"},
		{"another slip", "--timout=2|" + get, "Did you mean -timeout ?"},
		{"capitals", "-HEX|" + get, "Did you mean -hex ?"},
		{"nothing like it", "-zzzzzz|" + get, "-zzzzzz is not a flag of rawclient\ngo run ./rawclient -h"},
		{"curl -X", "-X|POST|http://localhost/", "is GET, or POST if there is a body. For example:"},
		{"no value", "-repeat", "-repeat has no value: write -repeat N"},
		{"a wrong value", "-timeout|abc|x", "-timeout abc: write it as 10s, 500ms or 2m"},
		{"no flag", "---x", "bad flag syntax: ---x"},
		{"curl itself", "curl|http://localhost:1/a", `rawclient http://localhost:1/a`},
		{"curl, a URL and the version", "curl|http://localhost:1/a HTTP/1.0", command + " http://localhost:1/a\n"},
		{"a URL and the version twice", "http://localhost:1/a HTTP/1.0|HTTP/1.0", "without the version: http://localhost:1/a\n"},
		{"HTTPie and TLS", "https|localhost:1/a", command + " https://localhost:1/a"},
		{"PowerShell", "iwr|http://localhost:1/a", command + " http://localhost:1/a"},
		{"rawclient twice", "rawclient|http://localhost:1/a", command + " http://localhost:1/a"},
		{"nc itself", "-v|nc|localhost|8080", "rawclient itself connects to the server. Leave out nc, and write the " +
			"address and the request: " + command + ` -v -addr localhost:8080 "GET / HTTP/1.0" "Host: localhost:8080"`},
		{"nc and its flags", "nc|-C|-w|5|myhost|80", command + ` -addr myhost:80 "GET / HTTP/1.0" "Host: myhost:80"`},
		{"nc as the server", "nc|-lk|8080", "-listen makes rawclient the server"},
		{"nc as the server, with flags before l", "nc|-nvlp8080", "-listen makes rawclient the server"},
		{"ncat as the server", "ncat|-v|--listen|8080", "-listen makes rawclient the server"},
		{"nc and IPv6", "nc|-6|::1|8080", command + ` -addr "[::1]:8080" "GET / HTTP/1.0" "Host: [::1]:8080"`},
		{"ncat and TLS", "ncat|--ssl|example.org|443", command + ` -tls -addr example.org:443 "GET / HTTP/1.0"`},
		{"telnet and a name", "telnet|-l|me|example.org|80", command + ` -addr example.org:80 "GET / HTTP/1.0"`},
		{"openssl and other flags", "openssl|s_client|-legacy_server_connect|-CAfile|my.pem|-connect|localhost:8443",
			command + ` -tls -addr localhost:8443 "GET / HTTP/1.0" "Host: localhost:8443"`},
		{"telnet", "telnet.exe|example.org|80", command + ` -addr example.org:80 "GET / HTTP/1.0"`},
		{"telnet alone", "telnet", command + ` -addr localhost:12345 "GET / HTTP/1.0"`},
		{"openssl", "openssl|s_client|-connect|example.org:443|-quiet",
			command + ` -tls -addr example.org:443 "GET / HTTP/1.0" "Host: example.org:443"`},
		{"gnutls-cli", "gnutls-cli|example.org", command + ` -tls -addr example.org:443 "GET / HTTP/1.0" "Host: example.org"`},
		{"telnet with a wrong port", "telnet|localhost:99999", "is not a port"},
		{"curl -vv", "-vv|http://localhost/", "-v shows request and response"},
		{"-host", "-host|localhost|" + get, "-addr says where to connect"},
		{"curl -XPOST", "-XPOST|http://localhost/", "the method is the first word"},
		{"curl -sS", "-sS|http://localhost/", "the head of the response is always shown"},
		{"curl -ua:b", "-ua:b|http://localhost/", "are part of the URL"},
		{"curl -H", "-H|A: b|http://localhost/", `rawclient "GET / HTTP/1.0" "Accept: text/html"`},
		{"curl --header=", "--header=A: b|http://localhost/", "a field line is an argument"},
		{"curl -H after the URL", "http://localhost/|-H|A: b", "a field line is an argument that follows the request-line or the URL"},
		{"curl -I", "-I|http://localhost/", `"HEAD / HTTP/1.0"`},
		{"curl -d", "-d|a=b|http://localhost/", "-data gives the text"},
		{"curl -F", "-F|a=b|http://localhost/", `rawclient encodes no forms; -data gives the text of an encoded one. For example: ` +
			command + ` -data "name=Anna%20B" "POST /raw HTTP/1.0"`},
		{"curl -data @file", "-data|@new.json|http://localhost/", "-body new.json"},
		{"curl -i", "-i|http://localhost/", "The head of a response is always shown"},
		{"curl -u", "-u|a:b|http://localhost/", "http://name:password@localhost:12345/"},
		{"nc -C", "-C|localhost|12345", "lines always end in CR LF"},
		{"a URL and the version", "http://localhost:1/a HTTP/1.0", "write the URL alone"},
		{"no scheme", "localhost:1/a", `rawclient http://localhost:1/a`},
		{"no scheme, a name", "example.com/a", `rawclient http://example.com/a`},
		{"one slash", "http:/localhost:1/a", `rawclient http://localhost:1/a`},
		{"no colon", "http//localhost:1/a", `rawclient http://localhost:1/a`},
		{"backslashes", `http:\\localhost:1/a`, `rawclient http://localhost:1/a`},
		{"slashes only", "//localhost:1/a", `rawclient http://localhost:1/a`},
		{"a method in front", "GET|http://localhost:1/a", `rawclient http://localhost:1/a`},
		{"another method in front", "DELETE|http://localhost:1/a?b",
			`rawclient -addr localhost:1 "DELETE /a?b HTTP/1.0" "Host: localhost:1"`},
		{"a small method in front", "post|http://localhost:1/a",
			`rawclient -addr localhost:1 "POST /a HTTP/1.0" "Host: localhost:1"`},
		{"a method, a URL and what else is sent", "-data|b|PUT|https://localhost:1/a|HTTP/1.0|A: b",
			`rawclient -data b -tls -addr localhost:1 "PUT /a HTTP/1.0" "Host: localhost:1" "A: b"`},
		{"another program, and what it sends", "-v|curl.exe|http://localhost:1/a|A: b",
			`rawclient -v http://localhost:1/a "A: b"`},
		{"a URL and the version, without quotes", "http://localhost:1/a|HTTP/1.0", "write the URL alone"},
		{"a request-line for the file", "-o|" + get, `-o "GET / HTTP/1.0": write -o FILE`},
		{"a request-line for a file to read", "-in|" + get, `-in "GET / HTTP/1.0": write -in FILE`},
		{"a request-line for an address", "-addr|" + get, `-addr "GET / HTTP/1.0": write -addr host:port`},
		{"a value after a switch", "-time|5s|" + get, `-time has no value: leave out "5s", or write -timeout 5s`},
		{"-ca, and nothing to send", "-i|-ca|ca.pem", "add -tls or write a URL that begins with https://"},
		{"-diff with a directory", "-diff|testdata|" + get, "-diff testdata: write host:port"},
		{"a password with a space", "http://a:secret b@localhost/", "!secret"},
		{"a password with a slash", "http://a:secret/b@localhost/",
			"write it as http://name:password@localhost:12345/ and in the name and the password %25 for %, %2F for /"},
		{"a port that ends in a colon", "http://localhost:1:/", "the URL is wrong: invalid port"},
		{"two URLs", "http://localhost:1/|http://localhost:2/",
			"rawclient -diff http://localhost:2/ http://localhost:1/"},
		{"two URLs and flags", "-v|-insecure|-timeout|3|-data=a b|https://localhost:1/|https://localhost:2/|A: b",
			`rawclient -data "a b" -insecure -timeout 3s -diff https://localhost:2/ https://localhost:1/ "A: b"`},
		{"-diff and a listing", "-diff|:1|-explain|" + get,
			"-diff compares two responses, and -explain does not go with it"},
		{"-diff with a name", "-diff|localhost|" + get, "-diff localhost: write host:port"},
		{"-diff and one request-line", "-diff|" + get, "the first request is missing"},
		{"-diff, one request-line and flags", "-timeout=3|-half|-diff|" + get,
			`rawclient -half -timeout 3s -diff localhost:8080 "GET / HTTP/1.0"`},
		{"-diff and one URL", "-diff|http://localhost:1/", `rawclient -diff localhost:8080 http://localhost:1/`},
		{"-diff with a file that is missing", "-diff|nothing-here|-in|request_test.go|-literal",
			"request 2 of 2: -in nothing-here: there is no such file"},
		{"-diff with a request-line for a file", "-diff|" + get + "|-in|request_test.go|-literal",
			`-diff "GET / HTTP/1.0": with -in, this is the file of the second request`},
		{"no switch", "-hex=maybe|" + get, "-hex=maybe: write -hex or -hex=false"},
		{"-trickle for months", "-trickle|1000000h|" + get, "more than 1000 hours"},
		{"-completion and a request", "-completion|bash|" + get, "prints a script and sends nothing"},
		{"-ignore alone", "-ignore|Date|" + get, "-ignore goes with -diff"},
		{"a space in the host", "http://local host/", `invalid character " " in host name`},
		{"a host beyond ASCII", "http://b\u00fccher.example:80/a",
			"the ASCII form of this host name, in which a part beyond ASCII begins with xn--"},
		{"another encoding", "http://b\xfccher.example/", `rawclient: b\xFCcher.example: HTTP and DNS use the ASCII form`},
		{"-addr beyond ASCII", "-addr|b\u00fccher.example:80|" + get,
			"begins with xn-- (RFC 5890): write that"},
		{"time-out", "-timeout|soon|" + get, "write it as 10s"},
		{"missing file", "-in|nothing-here", "there is no such file"},
		{"a file in another directory", "-in|cli/request_test.go", "there is no such file in " + filepath.Join(here, "cli")},
		{"directory", "-in|.", "-in .: this is a directory; name a file in it"},
		{"a file that is no directory", "-in|request_test.go/a", "!this is a directory"},
		{"missing body", "-body|nothing-here|" + get, "there is no such file"},
		{"missing body of a URL", "-body|nothing-here|http://localhost:1/", "there is no such file"},
		{"another scheme", "ftp://example.com/", "only http:// and https://"},
		{"an https URL without its colon", "https//example.com/a", "go run ./rawclient https://example.com/a"},
		{"-ca without TLS", "-ca|ca.pem|" + get, "add -tls or write a URL that begins with https://"},
		{"-insecure without TLS", "-insecure|http://localhost:1/", "add -tls"},
		{"-ca and -insecure", "-ca|ca.pem|-insecure|https://localhost:1/", "-insecure checks no certificate"},
		{"-tls and a URL without", "-tls|http://localhost:1/", "Begin it with https://"},
		{"-tls after a URL without", "http://localhost:1/|-tls", "Begin it with https://"},
		{"a flag after a wrong URL", "http://localhost:99999/|-v", `"99999" is not a port`},
		{"-tls and a URL of -diff without", "-tls|-diff|http://localhost:1/|https://localhost:1/", "Begin it with https://"},
		{"-ca without a file", "-ca|nothing-here|https://localhost:1/", "there is no such file"},
		{"-ca with another file", "-ca|url.go|https://localhost:1/", "!openssl"},
		{"-ca with a key in PEM", "-ca|" + writeFile(t, "key.pem", "-----BEGIN PRIVATE KEY-----\n") + "|https://localhost:1/",
			"A certificate in PEM begins with -----BEGIN CERTIFICATE-----"},
		{"-o to standard output", "-o|-|" + get, "leave out -o"},
		{"-pcap to standard output", "-pcap|-|" + get, "-o and -pcap need the name of a file"},
		{"-timeout back in time", "-timeout|-1s|" + get, "-timeout and -trickle cannot be negative"},
		{"-json and -repeat", "-json|-repeat|2|" + get, "a document of one exchange"},
		{"-addr 0", "-addr|0|" + get, "is not a port; write a number from 1 to 65535"},
		{"-trickle without a unit", "-trickle|100|" + get,
			"-trickle 100: the unit is missing: write -trickle 100ms or -trickle 100s"},
		{"-trickle that is no time", "-trickle|0.1|" + get, "-trickle 0.1: write it as 10s, 500ms or 2m"},
		{"-trickle back in time", "-trickle|-1s|" + get, "-timeout and -trickle cannot be negative"},
		{"-trickle longer than -timeout", "-trickle|1s|-timeout|3s|" + get,
			"-trickle 1s takes 17s for 18 octets, and -timeout 3s ends the exchange before that"},
		{"-repeat of nothing", "-repeat|0|" + get, "write a number from 1 to 1000"},
		{"-repeat too often", "-repeat|1001|" + get, "write a number from 1 to 1000"},
		{"-repeat and a page", "-repeat|2|-explain=html|" + get, "a page has one exchange"},
		{"a shell that is not known", "-completion|ksh", "write bash, zsh, fish or powershell"},
		{"a method and an https URL", "HEAD|https://localhost:1/a",
			`-tls -addr localhost:1 "HEAD /a HTTP/1.0" "Host: localhost:1"`},
		{"an address and a port", "127.0.0.1|8080", "A URL begins with http:// " + command + " http://127.0.0.1:8080"},
		{"a method and another scheme", "PUT|ftp://localhost/a", "only http:// and https://"},
		{"no scheme, and a space", "localhost:1/a b", command + ` "http://localhost:1/a b"`},
		{"IPv6 without a scheme", "[::1]:8080/a", command + ` "http://[::1]:8080/a"`},
		{"a method and a URL without a scheme", "PUT|localhost:1/a|A: b",
			`-addr localhost:1 "PUT /a HTTP/1.0" "Host: localhost:1" "A: b"`},
		{"GET, a server and its port", "GET|[::1]|8080|HTTP/1.0|A: b", command + ` "http://[::1]:8080" "A: b"`},
		{"a port twice", "localhost:80|8080", "!localhost:80:8080"},
		{"curl and a query without a path", "curl|localhost:1?a=b", command + ` "http://localhost:1?a=b"`},
		{"a server and flags", "-v|localhost:1/a", command + " -v http://localhost:1/a"},
		{"-tls and a server", "-tls|GET|localhost:1/a", command + " -tls https://localhost:1/a"},
		{"-tls, a method and a server", "-tls|PUT|localhost:1/a", command + ` -tls -addr localhost:1 "PUT /a`},
		{"-tls spelled otherwise", "-tls=true|PUT|localhost:1/a", command + ` -tls=true -addr localhost:1 "PUT /a`},
		{"a server and a field line", "localhost:1/a|HTTP/1.0|A: b", command + ` http://localhost:1/a "A: b"`},
		{"a server, its port and a request-line", "-v|localhost|8080|GET /a HTTP/1.0|A: b",
			"-addr says where to send it: " + command + ` -v -addr localhost:8080 "GET /a HTTP/1.0" "A: b"`},
		{"a URL and a request-line", "https://localhost:1/|GET / HTTP/1.0", command + ` -tls -addr localhost:1 "GET / HTTP/1.0"`},
		{"a URL and a request-line without quotes", "http://localhost:1/|GET|/a|HTTP/1.0|A: b",
			command + ` -addr localhost:1 "GET /a HTTP/1.0" "A: b"`},
		{"a server and a short request-line without quotes", "localhost|8080|GET|/|A: b",
			command + ` -addr localhost:8080 "GET /" "A: b"`},
		{"-addr, a URL and a request-line", "-addr|localhost:2|http://localhost:1/|" + get,
			command + ` -addr localhost:2 "GET / HTTP/1.0"`},
		{"--, a URL and a request-line", "-v|--|http://localhost:1/|" + get, command + ` -v -addr localhost:1 "GET`},
		{"a file without -in", "testdata/time.txt", command + " -in testdata/time.txt"},
		{"GET and a URL without a scheme", "GET|www.a.example|HTTP/1.0", command + " http://www.a.example"},
		{"GET, a server and a field line", "GET|www.a.example|A: b", command + ` http://www.a.example "A: b"`},
		{"port of a URL", "http://localhost:http/", `invalid port ":http" after host`},
		{"port of a URL out of range", "http://localhost:99999/", `"99999" is not a port`},
		{"URL without a host", "http:///a", "has no host"},
		{"IPv6 without brackets", "http://::1/", "or http://[::1]:12345/"},
		{"host with a bad octet", "http://a^b/", `invalid character "^"`},
		{"field line of a URL", "http://localhost/|nonsense", "is not a field line"},
		{"a URL with a space, without quotes", "http://localhost:1/a?b=c|d",
			"If it is part of the URL, write %20 for a space"},
		{"another field line of a URL", "http://localhost/|A: b|nonsense", "write it as \"Name: value\""},
		{"a field line of a URL, without quotes", "http://localhost/|Accept:|text/html",
			`write it as "Name: value" in quotes`},
		{"bad field line of a URL", "http://localhost/|A b: c", "not make a conforming request: offset 61: field-name"},
		{"-addr without port", "-addr|localhost|" + get, "-addr localhost:12345"},
		{"-addr without port, another server", "-addr|nohost|" + get, "-addr nohost:12345"},
		{"-addr IPv6 without brackets", "-addr|::1|" + get, `-addr "[::1]:12345"`},
		{"-addr URL", "-addr|http://localhost:80/|" + get, "write host:port, as in -addr localhost:80"},
		{"-addr port", "-addr|localhost:99999|" + get, "1 to 65535"},
		{"-in and a line", "-in|f|" + get, "the file is the whole message"},
		{"-in and a body", "-in|f|-data|x", "the file is the whole message"},
		{"two bodies", "-data|x|-body|f|" + get, "-body and -data do not go together: both give the body"},
		{"a body alone", "-data|x", "needs a request-line"},
		{"the file of a body alone", "-body|f", "needs a request-line"},
		{"two listings", "-hex|-explain=html|" + get, "-explain=html and -hex do not go together"},
		{"a listing of another kind", "-explain=pdf|" + get, "-explain=pdf: write -explain for text"},
		{"JSON as a listing", "-explain=json|" + get, "or -json for JSON"},
		{"html without =", "-explain|html|" + get, "write -explain=html with"},
		{"text without =", "-explain|text|" + get, "write -explain=text with"},
		{"-blank alone", "-explain|-blank|" + get, "-blank goes with -explain=html"},
		{"a colour that is empty", "-color||" + get, `-color "": write -color auto`},
		{"a colour", "-color|red|" + get, "-color red: write auto, always or never"},
		{"-json and a listing", "-json|-hex|" + get, "-json has the listing. Leave out one of them"},
		{"curl --json", "--json|{}|http://localhost/", "-data sends JSON"},
		{"-decode and a listing", "-decode|-hex|" + get, "-decode and -hex do not go together"},
		{"-crlf alone", "-crlf|" + get, "-crlf goes with -in FILE"},
		{"-crlf and a file", "-crlf|--|testdata/time.txt", command + " -crlf -in testdata/time.txt"},
		{"a file for -addr", "-addr|:1|testdata/time.txt", command + " -addr :1 -in testdata/time.txt"},
		{"a file for -listen", "-listen|192.0.2.1:1|testdata/time.txt", command + " -listen 192.0.2.1:1 -in testdata/time.txt"},
		{"-i and a line", "-i|" + get, "with -i you type the message"},
		{"two URLs without a limit", "-timeout|0|http://a/|http://b/", command + " -timeout 0s -diff http://b/ http://a/"},
		{"a server alone", "localhost:8080", "to send this text as a request-line, add -addr localhost:12345"},
		{"help as a word", "help", `"help" is not a request-line. To print the help write ` + command + " -h"},
		{"colors without a listing", "-color|always|" + get, "-color goes with -explain"},
		{"the same, and where to", "-addr|:1|-diff|testdata/time.txt|" + get, command + " -addr :1 -diff testdata/time.txt -in FILE"},
		{"a file for the second request alone", "-diff|" + writeFile(t, "a&b", "") + "|" + get, `a&b" -in FILE`},
		{"nothing, and no terminal", "", "no request was given"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var args []string
			if tt.args != "" {
				args = strings.Split(tt.args, "|")
			}
			runWith(t.Context(), Stdio{In: neverReader{t}, Out: io.Discard}, args...).check(t, 2, tt.want)
		})
	}
}

// A shell passes on an argument that a command proposes as it is.
func TestQuoted(t *testing.T) {
	for arg, want := range map[string][2]string{
		"":                 {`""`, `""`},
		"http://a/b?c=%20": {`"http://a/b?c=%20"`, `"http://a/b?c=%20"`},
		"a/b:c=-%":         {"a/b:c=-%", "a/b:c=-%"},
		"it's":             {`"it's"`, `"it's"`},
		"it's $HOME":       {`'it'\''s $HOME'`, `"it's $HOME"`},
		`{"a": 1}`:         {`'{"a": 1}'`, `"{\"a\": 1}"`},
		"`id`":             {"'`id`'", "\"`id`\""},
		"!!":               {"'!!'", `"!!"`},
		`C:\new`:           {`'C:\new'`, `"C:\new"`},
		"~":                {`"~"`, `"~"`},
		"=ls":              {`"=ls"`, `"=ls"`}, // zsh
		"a=b":              {"a=b", "a=b"},
		"-explain=html":    {"-explain=html", "-explain=html"},
		"-timeout=1.5s":    {`"-timeout=1.5s"`, `"-timeout=1.5s"`}, // PowerShell
		`C:\my dir\`:       {`'C:\my dir\'`, `"C:\my dir\\"`},
		`a\" \b`:           {`'a\" \b'`, `"a\\\" \b"`},
	} {
		if got := [2]string{quotedFor("linux", []string{arg}), quotedFor("windows", []string{arg})}; got != want {
			t.Errorf("%s: %s, want %s", arg, got, want)
		}
		if shell, err := exec.LookPath("sh"); err == nil {
			if got, err := exec.Command(shell, "-c", "printf %s "+quotedFor("linux", []string{arg})).Output(); string(got) != arg {
				t.Errorf("sh makes %q of %q, error %v", got, arg, err)
			}
		}
	}
}

// On Windows a command says what to change for PowerShell, if its form for cmd means something else there.
func TestCommandFor(t *testing.T) {
	for arg, want := range map[string]bool{"a b": false, "a%20b": false, "a$b": true, "a`b": true} {
		if got := commandFor("windows", []string{arg}); strings.Contains(got, "PowerShell") != want {
			t.Errorf("%s: %s", arg, got)
		}
		if got := commandFor("linux", []string{arg}); strings.Contains(got, "PowerShell") {
			t.Errorf("%s: %s", arg, got)
		}
	}
}

// A request-line without quotes is no URL, even if its target begins like one or is missing.
func TestNoServer(t *testing.T) {
	for _, args := range []string{"GET|//a.example/b|HTTP/1.0", "CONNECT|localhost:1|HTTP/1.0", "GET|HTTP/1.0",
		"HTTP/1.0|200|OK", "HTTP/1.0 200 OK", "localhost/ HTTP/1.0",
		"GET|index.html|HTTP/1.0", "robots.TXT", "GET|photo.jpeg", get + "|http://a.example/", "-data|x|testdata/time.txt"} {
		if _, err := parseFlags(strings.Split(args, "|")); err != nil {
			t.Errorf("%s: %v", args, err)
		}
	}
}

// A neverReader fails the test when it is read.
type neverReader struct{ t *testing.T }

func (r neverReader) Read([]byte) (int, error) {
	r.t.Error("standard input was read")
	return 0, io.EOF
}

// A read from the terminal that fails is no end of the input.
func TestTypedUnreadable(t *testing.T) {
	in := iotest.ErrReader(errors.New("no terminal"))
	runWith(t.Context(), Stdio{In: io.MultiReader(strings.NewReader(get+"\n"), in)}, "-i").check(t, 2,
		"cannot read what is typed: no terminal")
}

func TestHelp(t *testing.T) {
	help := runArgs(t, "-h")
	help.check(t, 0)
	if late := runArgs(t, get, "A: b", "--help"); late != help {
		t.Errorf("after the request-line: %v", late)
	}
	for line := range strings.Lines(help.stdout) {
		if len(line) > len("\n")+80 {
			t.Errorf("wider than 80 columns: %s", line)
		}
		if strings.ContainsAny(line, "'`") {
			t.Errorf("quotes that not every shell knows: %s", line)
		}
	}
	newOptions().flags().VisitAll(func(f *flag.Flag) {
		if !strings.Contains(help.stdout, " -"+f.Name+" ") {
			t.Errorf("-%s is missing", f.Name)
		}
	})
	for code, means := range exitMeans {
		if means == "" {
			t.Errorf("exitMeans in cli.go does not say what exit code %d means", code)
		}
	}
}

// The flags in the help and in rawclient/README.md are those there are, and their commands work.
func TestDocumentedCommands(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join("..", ".."))
	page := strings.ReplaceAll(usage()+string(readme), command, "go run ./rawclient")
	page = regexp.MustCompile(`(?m)( \||^    wireshark) .*`).ReplaceAllString(page, "") // other programs
	ours := newOptions().table()
	for _, m := range regexp.MustCompile(`[ (\x60]-([a-z][a-z=-]*)`).FindAllStringSubmatch(page, -1) {
		if !slices.ContainsFunc(ours, func(row flagRow) bool { return row.Name == m[1] }) {
			t.Errorf("the help or rawclient/README.md has -%s, which is not a flag", m[1])
		}
	}
	commands := regexp.MustCompile(`(?m)^ +go run ./rawclient (.*)$`).FindAllStringSubmatch(page, -1)
	for _, m := range commands {
		args := Words(m[1])
		if args[0] != "-listen" {
			works(t, args, "")
		} else if _, err := parseFlags(args); err != nil {
			t.Errorf("%q: %v", args, err)
		}
	}
	if len(commands) < 20 {
		t.Errorf("only %d commands", len(commands))
	}
}

func TestDialAddress(t *testing.T) {
	for in, want := range map[string]string{
		":8080": "localhost:8080", "8080": "localhost:8080", "[::1]:8080": "[::1]:8080", "a:1": "a:1",
		"xn--bcher-kva.example:80": "xn--bcher-kva.example:80",
	} {
		if got, err := dialAddress("-addr", in); got != want || err != nil {
			t.Errorf("%s: %s, %v", in, got, err)
		}
	}
}

// An empty value comes from a variable that is not set, so it is an error.
func TestEmptyValue(t *testing.T) {
	for _, row := range new(options).table() {
		if _, ok := row.value.(*string); !ok {
			continue
		}
		_, err := parseFlags([]string{"-" + row.Name, "", get})
		refused := err != nil && strings.HasPrefix(err.Error(), "-"+row.Name+` "": write  -`+row.Name+" "+row.Kind)
		if refused == (row.Name == "data" || row.Name == "ignore") {
			t.Errorf("-%s: %v", row.Name, err)
		}
	}
}

// The advice for a server that is not there can be followed.
func TestRefusedAdvises(t *testing.T) {
	_, refused := net.Dial("tcp", closedPort(t))
	for _, tt := range []struct {
		addr, where string
		tls         bool
		want        string
	}{
		{"localhost:8080", "", false, "go run ./server -addr localhost:8080"},
		{"127.0.0.1:8080", "", false, "go run ./server -addr 127.0.0.1:8080"},
		{"[::1]:8080", "", false, "go run ./server -addr \"[::1]:8080\""},
		{defaultAddr, "", false, "go run ./server\nor say"},
		{"localhost:80", "", false, "the server of this project is at another port:  -addr localhost:12345"},
		{"localhost:80", "http://host:port/", false, "a URL without a port means port 80"},
		{"a.example:80", "", false, "check that the server is running there"},
		{"localhost:8443", "", true, "check that the server is running there"},
		{"a.example:8080", "", false, "check that the server is running there"},
		{"192.0.2.1:12345", "", false, "check that the server is running there"},
	} {
		got := dialError(&request{addr: tt.addr, where: tt.where, tls: tt.tls}, refused)
		if !strings.Contains(got, tt.want) || strings.Contains(got, "go run ./server") != strings.HasPrefix(tt.want, "go run") {
			t.Errorf("%s: %s", tt.addr, got)
		}
	}
}

// Other reasons than a server that is not there have advice of their own.
func TestDialError(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{context.Canceled, "interrupted before there was a connection to a.example:80"},
		{&net.DNSError{Name: "a.example", IsNotFound: true}, "there is no host a.example"},
		{&net.DNSError{Name: "a.example", IsTimeout: true},
			"the address of a.example cannot be looked up: no name server responded in time\ncheck the network"},
		{&net.OpError{Op: "dial", Err: &net.DNSError{Name: "a.example", Server: "192.0.2.1:53", Err: "server misbehaving"}},
			"the address of a.example cannot be looked up: server misbehaving\ncheck the network"},
		{&net.OpError{Op: "dial", Addr: &net.TCPAddr{Port: 80}, Err: os.ErrPermission},
			"cannot connect to a.example:80: permission denied"},
		{&net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}, "no connection to a.example:80 in time"},
		{errors.New("no network"), "cannot connect to a.example:80: no network"},
	} {
		if got := dialError(&request{addr: "a.example:80"}, tt.err); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%v: %s, want %s", tt.err, got, tt.want)
		}
	}
}

// A built client names the server that was built beside it.
func TestRefusedBuilt(t *testing.T) {
	_, refused := net.Dial("tcp", closedPort(t))
	dir := t.TempDir()
	for _, name := range []string{"rawhttpd", "rawhttpd.exe"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	defer func(typed string) { command = typed }(command)
	command = filepath.Join(dir, "rawclient")
	want := "start the server in another terminal:  " + filepath.Join(dir, "rawhttpd") + " -addr localhost:8080\n"
	if got := dialError(&request{addr: "localhost:8080"}, refused); !strings.Contains(got, want) {
		t.Errorf("want %q in %s", want, got)
	}
}

// The advice names what the command line has: a URL, -addr or -diff.
func TestRefusedWhere(t *testing.T) {
	closed, open := closedPort(t), "http://"+(&script{response: okay}).start(t, "127.0.0.1:0")+"/"
	for args, want := range map[string]string{
		"http://" + closed + "/":                 "http://host:port/",
		"-addr|" + closed + "|http://localhost/": "-addr host:port ...",
		"-addr|" + closed + "|" + get:            "-addr host:port ...",
		"-diff|" + closed + "|" + open:           "-diff host:port ...",
		"-diff|http://" + closed + "/|" + open:   "-diff http://host:port/ ...",
	} {
		runArgs(t, strings.Split(args, "|")...).check(t, 3, "or say where it is: "+command+" "+want)
	}
	runArgs(t, "-addr", respondOnce(t, okay), "-diff", "HEAD / HTTP/1.0", get).check(t, 3, "request 2 of 2", "-addr host:port ...")
}

// What an error about an address proposes is an address, with the quotes that a shell needs.
func TestDialAddressAdvises(t *testing.T) {
	for in, want := range map[string]string{
		"::1":                    "[::1]:12345",
		"[::1]":                  "[::1]:12345",
		"127.0.0.1:80:3":         "localhost:12345",
		"http://localhost:8080/": "localhost:8080",
		"http://a.example/":      "a.example:80",
		"localhost/":             "localhost:12345",
		"a.example":              "a.example:12345",
	} {
		_, err := dialAddress("-addr", in)
		if err == nil || !strings.HasSuffix(err.Error(), ": write host:port, as in  -addr "+quoted(want)) {
			t.Errorf("%q: %v, want %q", in, err, want)
		}
		if _, err := dialAddress("-addr", want); err != nil {
			t.Errorf("%q: its advice %q: %v", in, want, err)
		}
	}
}

func TestTyped(t *testing.T) {
	for _, tt := range []struct {
		name, typed, want string
		exit              int
		note              string
	}{
		{"GET", "GET / HTTP/1.0\nA: b\n\nnot read\n", "GET / HTTP/1.0\r\nA: b\r\n\r\n", 0, "> "},
		{"a terminal of Windows", "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", 0, ""},
		{"body", "POST / HTTP/1.0\nContent-Length: 3\n\na\nb\n", post + "a\nb", 0,
			"body: type 3 more of 3 octets"},
		{"body too long", "POST / HTTP/1.0\nContent-Length: 3\n\nabcde\n",
			post + "abcde", 0, "Content-Length says 3, but the body that was typed has 5 octets"},
		{"body ended early", "POST / HTTP/1.0\nContent-Length: 3\n\na\n.\n", post + "a\n", 0,
			"Content-Length says 3, but the body that was typed has 2 octets"},
		{"body too long without Enter", "POST / HTTP/1.0\nContent-Length: 3\n\nabcd",
			post + "abcd", 0, "Content-Length says 3, but the body that was typed has 4 octets"},
		{"a period without Enter", "POST / HTTP/1.0\nContent-Length: 3\n\na\n.", post + "a\n.", 0, "!Content-Length says"},
		{"body too short", "POST / HTTP/1.0\nContent-Length: 3\n\nab", post + "ab", 0,
			"the body that was typed has 2 octets"},
		{"body of a head that breaks a rule", "POST / HTTP/1.0\nContent-Length: 3\nA : b\n\na\nb\n",
			"POST / HTTP/1.0\r\nContent-Length: 3\r\nA : b\r\n\r\na\nb", 0, "body: type 3 more of 3 octets"},
		{"one octet of a body", "POST / HTTP/1.0\nContent-Length: 3\n\na", post + "a", 0,
			"the body that was typed has 1 octet."},
		{"head cut short", "GET / HT", "GET / HT", 0, "\n> \n* the empty line that ends the head is missing"},
		{"Enter first", "\nGET / HTTP/1.0\n\n", "\r\nGET / HTTP/1.0\r\n\r\n", 0,
			"the request-line follows it"},
		{"nothing", "", "", 2, "nothing was typed"},
		{"a URL", "http://localhost:1/a b\n", "", 2, `rawclient "http://localhost:1/a b"`},
		{"a URL for -addr", "http://localhost:1/a b\n\n", "http://localhost:1/a b\r\n\r\n", 0, ""},
		{"head with a length cut short", "POST / HTTP/1.0\nContent-Length: 3\n", "POST / HTTP/1.0\r\nContent-Length: 3\r\n", 0,
			"!body"},
		{"a length that is no number", "POST / HTTP/1.0\nContent-Length: x\n\nabc\n",
			"POST / HTTP/1.0\r\nContent-Length: x\r\n\r\n", 0, "!body"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &script{response: okay}
			addr := s.start(t, "127.0.0.1:0")
			std := Stdio{In: strings.NewReader(tt.typed), InTerminal: tt.name == "GET"}
			args := []string{"-half", "-addr", addr}
			if tt.name == "a URL" { // nothing is sent to the server of no flag
				args = nil
			}
			if !std.InTerminal {
				args = append(args, "-i")
			}
			runWith(t.Context(), std, args...).check(t, tt.exit, tt.note)
			if got := strings.Join(s.seen(), ""); got != tt.want {
				t.Errorf("sent %q, want %q", got, tt.want)
			}
		})
	}
}

// The examples for flags of other programs work as they are. No flag is in the table twice, and none is
// a flag of rawclient.
func TestHabits(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	seen := make(map[string]bool)
	ours := newOptions().flags()
	for _, h := range habits {
		for name := range strings.FieldsSeq(h.flags) {
			if seen[name] || ours.Lookup(name) != nil {
				t.Errorf("-%s is there twice, or is one of ours", name)
			}
			seen[name] = true
		}
		args := strings.Fields(h.flags)[:1]
		args[0] = "-" + args[0]
		_, err := parseFlags(append(args, get))
		if err == nil || !strings.Contains(err.Error(), h.example) || h.advice == "" {
			t.Errorf("%s: %v", args[0], err)
		}
		if works(t, Words(h.example), "") == nil && h.example != "-h" {
			t.Errorf("%s: a file of the example is missing", h.example)
		}
	}
}

// Of the flags that list messages, only -explain and -hex go together, and none goes with -decode.
func TestListingsApart(t *testing.T) {
	for i, one := range listings {
		for _, condition := range append(listings[i+1:len(listings):len(listings)], given("decode")) {
			one, other := one.name, condition.name
			_, err := parseFlags([]string{one, other, get})
			if together := one == "-explain" && other == "-hex"; (err == nil) != together {
				t.Errorf("%s and %s: error %v (apart in checks.go has flags that do not go together)", one, other, err)
			}
		}
	}
}

// Each flag is in a test, or in a transcript other than those that list all flags. The tables of checks name
// flags only.
func TestEveryFlag(t *testing.T) {
	files, _ := filepath.Glob("*_test.go")
	shown, _ := filepath.Glob("testdata/*.txt")
	var tests []byte
	for _, file := range slices.Concat(files, shown) {
		if filepath.Base(file) != "completion.txt" {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			tests = append(tests, text...)
		}
	}
	for _, row := range newOptions().table() {
		if !regexp.MustCompile(`["|\x60 ]--?` + row.Name + `["|=\s]`).Match(tests) {
			t.Errorf("no test and no transcript in testdata gives -%s", row.Name)
		}
	}
	var named []string
	for _, m := range modes {
		named = append(append(named, m.name), strings.Fields(m.with)...)
	}
	for _, p := range apart {
		named = append(named, p.one.name)
		for _, other := range p.others {
			named = append(named, other.name)
		}
	}
	for _, p := range together {
		named = append(named, p.one.name, p.needs.name)
	}
	ours := newOptions().flags()
	for _, name := range named {
		word, _, _ := strings.Cut(strings.TrimPrefix(name, "-"), " ")
		if name != requestLine.name && name != htmlPage.name && ours.Lookup(word) == nil {
			t.Errorf("checks.go is about %q, which is not a flag", name)
		}
	}
}

// works checks that a command line makes a request. A file that is only an example may be missing.
func works(t *testing.T, args []string, in string) []byte {
	t.Helper()
	c := &console{std: Stdio{In: strings.NewReader(in), Out: io.Discard, Err: io.Discard}}
	var err error
	if c.opt, err = parseFlags(args); err == nil {
		var req *request
		if req, err = c.compose(t.Context()); err == nil {
			return req.Octets
		}
	}
	if err != flag.ErrHelp && !strings.Contains(err.Error(), "there is no such file") {
		t.Errorf("%q: %v", args, err)
	}
	return nil
}

// The piped commands that are suggested send a request.
func TestPiped(t *testing.T) {
	const want = "GET / HTTP/1.0\r\n\r\n"
	text, args, _ := strings.Cut(piped("linux"), " | "+command+" ")
	in := strings.NewReplacer(`printf "`, "", `"`, "", `\r`, "\r", `\n`, "\n").Replace(text)
	if got := works(t, Words(args), in); string(got) != want {
		t.Errorf("printf sends %q", got)
	}
	text, args, _ = strings.Cut(strings.TrimSuffix(piped("windows"), `"`), " | "+command+" ")
	if got := works(t, Words(args), "GET / HTTP/1.0\r\n\r\n"); string(got) != want || strings.Contains(text, "printf") {
		t.Errorf("%s of Windows sends %q", text, got)
	}
	says := runWith(t.Context(), Stdio{In: neverReader{t}}).stderr
	if !strings.Contains(says, piped(runtime.GOOS)+"\n") {
		t.Errorf("the command is not in\n%s", says)
	}
}

// An absolute URL in a request-line is sent as it stands, and the user is told if its server
// is another one.
func TestAbsoluteForm(t *testing.T) {
	for args, told := range map[string]string{
		"GET http://localhost:1/ HTTP/1.0":                       "to the server in the URL, add -addr localhost:1",
		"GET https://localhost:1/ HTTP/1.0":                      "add -tls -addr localhost:1",
		"-tls|GET https://localhost:1/ HTTP/1.0":                 "add -addr localhost:1",
		"GET http://localhost:12345/ HTTP/1.0":                   "",
		"-tls|https://localhost:1/":                              "",
		"-addr|localhost:12345|GET http://localhost:1/ HTTP/1.0": "",
		"GET /?u=http://localhost:1/ HTTP/1.0":                   "",
	} {
		var stderr bytes.Buffer
		c := &console{std: Stdio{Err: &stderr}}
		var err error
		if c.opt, err = parseFlags(strings.Split(args, "|")); err == nil {
			_, err = c.compose(t.Context())
		}
		says := unwrapped(stderr.String())
		if err != nil || !strings.Contains(says, told) || told == "" && says != "" {
			t.Errorf("%s: %v, %s", args, err, says)
		}
	}
}
