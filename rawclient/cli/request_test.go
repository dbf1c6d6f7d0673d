package cli

import (
	"bytes"
	"flag"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
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
		{"request line", []string{get}, get + "\r\n\r\n", ""},
		{"field lines", []string{get, "A: b", "no colon", "B:c"},
			get + "\r\nA: b\r\nno colon\r\nB:c\r\n\r\n", ""},
		{"rules broken", []string{"G\tET  /", "A : b"}, "G\tET  /\r\nA : b\r\n\r\n", ""},
		{"1945-5-b a Simple-Request is sent if it was typed", []string{"GET /"}, "GET /\r\n\r\n", ""},
		{"9112-2.2-e -data", []string{"-data", "abc", "POST / HTTP/1.0"},
			"POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", ""},
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
			"GET\r\n/\r\nHTTP/1.0\r\n\r\n", `quotes keep it together:  "GET / HTTP/1.0"`},
		{"a field line without quotes", []string{"-half", get, "Accept:", "text/html", "A: b"},
			get + "\r\nAccept:\r\ntext/html\r\nA: b\r\n\r\n",
			`quotes keep it together:  "Accept: text/html"`},
		{"an empty field and another", []string{get, "Accept:", "A: b"},
			get + "\r\nAccept:\r\nA: b\r\n\r\n", ""},
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
		{"LF -literal", "GET / HTTP/1.0\nA: b\n\n", "-half -literal",
			"GET / HTTP/1.0\nA: b\n\n", 0, ""},
		{"-crlf", "POST / HTTP/1.0\nContent-Length: 3\r\n\na\nb", "-crlf", post + "a\nb", 0,
			"turned 2 line ends of the head"},
		{"-crlf, one line", get + "\n\r\n", "-crlf", get + "\r\n\r\n", 0, "turned 1 line end of the head"},
		{"-crlf after an empty line", "\n" + get + "\n\n\n", "-crlf",
			"\r\n" + get + "\r\n\r\n\n", 0, ""},
		{"no empty line", get + "\r\n", "-half", get + "\r\n", 0,
			"the empty line that ends the head is missing"},
		{"byte order mark", "\xEF\xBB\xBF" + get + "\r\n\r\n", "-half",
			"\xEF\xBB\xBF" + get + "\r\n\r\n", 0,
			"begins with a byte order mark"},
		{"empty", "", "", "", 2, "is empty"},
		{"nonsense", "\x00\x01", "-half", "\x00\x01", 0, ""},
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
		{"1945-7.2-b 9112-6.1-e POST", "-data|{}|http://%/", "POST / HTTP/1.0\r\nHost: %\r\n" +
			"+Content-Type: application/json\r\nContent-Length: 2\r\n", "the body is valid JSON"},
		{"1945-7.2-b empty POST", "-data||http://%/", "POST / HTTP/1.0\r\nHost: %\r\n" +
			"+Content-Type: application/octet-stream\r\nContent-Length: 0\r\n", "the body is not JSON"},
		{"fields given", "http://%/|Accept: a|host: h|User-Agent: x|Connection: keep-alive",
			"GET / HTTP/1.0\r\nhost: h\r\nAccept: a\r\nUser-Agent: x\r\nConnection: keep-alive\r\n", ""},
		{"Content-Type given", "-data|{}|http://%/|Content-Type: text/plain",
			"POST / HTTP/1.0\r\nHost: %\r\n" +
				"+Content-Type: text/plain\r\nContent-Length: 2\r\n", ""},
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

func TestParseURL(t *testing.T) {
	for _, tt := range []struct{ url, addr, host string }{
		{"http://h/", "h:80", "h"},
		{"http://h:/", "h:80", "h"}, // 1945-3.2.2-a
		{"http://h:80/", "h:80", "h:80"},
		{"http://u:p@h:8080/", "h:8080", "h:8080"}, // 9110-7.2-a
		{"http://[::1]", "[::1]:80", "[::1]"},
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
		{"flag after the request line", "-hex|GET / HTTP/1.0|-timeout|5s|A: b|-v",
			`rawclient -hex -timeout 5s -v "GET / HTTP/1.0" "A: b"`},
		{"flag without a value after the request line", "GET / HTTP/1.0|-v|A: b",
			`rawclient -v "GET / HTTP/1.0" "A: b"`},
		{"flag with = after the request line", "GET / HTTP/1.0|--data=x",
			`rawclient --data=x "GET / HTTP/1.0"`},
		{"a host that begins like a scheme", "httpbin.example/get", "rawclient http://httpbin.example/get"},
		{"a host and a port", "localhost|8080", "rawclient http://localhost:8080\n"},
		{"a host that begins like https", "https.example:1/", "rawclient http://https.example:1/"},
		{"a slip", "-explian|" + get, "Did you mean -explain ?"},
		{"two letters short", "-expl|" + get, "Did you mean -explain ?"},
		{"another slip", "--timout=2|" + get, "Did you mean -timeout ?"},
		{"capitals", "-HEX|" + get, "Did you mean -hex ?"},
		{"nothing like it", "-zzzzzz|" + get, "-zzzzzz is not a flag of rawclient\ngo run ./rawclient -h"},
		{"curl -X", "-X|POST|http://localhost/", "the method is the first word of the request-line:"},
		{"curl -X and its URL", "-X|DELETE|http://localhost:1/a?b",
			`rawclient -addr localhost:1 "DELETE /a?b HTTP/1.0" "Host: localhost:1"`},
		{"curl -X and no method", "-X|http://localhost:1/a", `rawclient -data "a=b" "POST /raw HTTP/1.0"`},
		{"curl -X and a method", "-X|DELETE", `rawclient "DELETE / HTTP/1.0"`},
		{"curl -X and a method with a body", "-XPUT", `rawclient -data "a=b" "PUT /raw HTTP/1.0"`},
		{"curl -X alone", "-X", `rawclient -data "a=b" "POST /raw HTTP/1.0"`},
		{"no value", "-repeat", "-repeat has no value: write -repeat N"},
		{"a wrong value", "-timeout|abc|x", "-timeout abc: write it as 10s, 500ms or 2m"},
		{"no flag", "---x", `"---x" is not a flag`},
		{"curl itself", "curl|http://localhost:1/a", `rawclient http://localhost:1/a`},
		{"curl itself with flags", "wget|-q|http://localhost:1/a", `rawclient http://localhost:1/a`},
		{"curl itself with a body", "curl|-d|a=b|http://localhost:1/a", `rawclient -data a=b http://localhost:1/a`},
		{"curl -vv", "-vv|http://localhost/", "-v shows request and response"},
		{"-host", "-host|localhost|" + get, "-addr says where to connect"},
		{"curl -XPOST", "-XPOST|http://localhost/", "the method is the first word"},
		{"curl -H", "-H|A: b|http://localhost/", `rawclient http://localhost/ "A: b"`},
		{"curl -X, -H and -d", `--request=POST|-H|A: b|-d|{"a":1}|http://localhost/x`,
			`-data "{\"a\":1}" -addr localhost:80 "POST /x HTTP/1.0" "Host: localhost" "A: b"`},
		{"curl -XPUT and a file", "-XPUT|-d|@a.json|http://localhost:1/x|-H|A: b",
			`rawclient -body a.json -addr localhost:1 "PUT /x HTTP/1.0" "Host: localhost:1" "A: b"`},
		{"curl -d", "-d|x|http://localhost:1/", `rawclient -data x http://localhost:1/`},
		{"curl -X and flags of output", "-v|-X|DELETE|http://localhost:1/|-s|-i",
			`rawclient -addr localhost:1 "DELETE / HTTP/1.0" "Host: localhost:1"`},
		{"curl -X and another flag", "-X|GET|--ssl|http://localhost:1/", `rawclient "GET / HTTP/1.0"`},
		{"curl -H without a URL", "-H|A: b", `rawclient "GET / HTTP/1.0" "Accept: text/html"`},
		{"curl --header=", "--header=A: b|http://localhost/", "a field line is an argument"},
		{"curl -H after the URL", "http://localhost/|-H|A: b", `rawclient http://localhost/ "A: b"`},
		{"curl -I", "-I|http://localhost/", `"HEAD / HTTP/1.0"`},
		{"curl -d", "-d|a=b|http://localhost/", "-data gives the text"},
		{"curl -data @file", "-data|@new.json|http://localhost/", "-body new.json"},
		{"curl -i", "-i|http://localhost/", "the head is always shown"},
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
		{"two URLs", "http://localhost:1/|http://localhost:2/",
			"rawclient -diff http://localhost:2/ http://localhost:1/"},
		{"-diff and a listing", "-diff|:1|-explain|" + get,
			"-diff compares two responses, and -explain does not go with it"},
		{"-diff with a name", "-diff|localhost|" + get, "-diff localhost: the port is missing"},
		{"-diff and one request-line", "-diff|" + get, "the first request is missing"},
		{"-diff and one URL", "-diff|http://localhost:1/", `rawclient -diff localhost:8080 http://localhost:1/`},
		{"-diff with a file that is missing", "-diff|nothing-here|-in|request_test.go|-literal",
			"-in nothing-here: there is no such file"},
		{"no switch", "-hex=maybe|" + get, "-hex=maybe: write -hex or -hex=false"},
		{"a value after a switch", "-time|5s|" + get, `"5s" stands before the request-line: leave it out`},
		{"-ignore without a comma", "-diff|HEAD / HTTP/1.0|-ignore|Da te|" + get, "names of fields with commas"},
		{"-trickle for months", "-trickle|1000000h|" + get, "more than 1000 hours"},
		{"-completion and a request", "-completion|bash|" + get, "prints a script and sends nothing"},
		{"-ignore alone", "-ignore|Date|" + get, "-ignore goes with -diff"},
		{"a space in the host", "http://local host/", "not make a conforming request"},
		{"a host beyond ASCII", "http://b\u00fccher.example:80/a",
			"http://xn--bcher-kva.example:80/a"},
		{"capitals beyond ASCII", "http://u@B\u00dcCHER.example/", "http://xn--bcher-kva.example/"},
		{"another encoding", "http://b\xfccher.example/", "is not in UTF-8"},
		{"-addr beyond ASCII", "-addr|b\u00fccher.example:80|" + get,
			"-addr xn--bcher-kva.example:80"},
		{"time-out", "-timeout|soon|" + get, "write it as 10s"},
		{"missing file", "-in|nothing-here", "there is no such file"},
		{"a file in another directory", "-in|cli/request_test.go", "there is no such file in this directory, " + here},
		{"directory", "-in|.", "-in .: this is a directory; name a file in it"},
		{"missing body", "-body|nothing-here|" + get, "there is no such file"},
		{"another scheme", "ftp://example.com/", "only http:// and https://"},
		{"an https URL without its colon", "https//example.com/a", "go run ./rawclient https://example.com/a"},
		{"-ca without TLS", "-ca|ca.pem|" + get, "add -tls or write a URL that begins with https://"},
		{"-insecure without TLS", "-insecure|http://localhost:1/", "add -tls"},
		{"-ca and -insecure", "-ca|ca.pem|-insecure|https://localhost:1/", "use one of them"},
		{"-tls and a URL without", "-tls|http://localhost:1/", "Begin it with https://"},
		{"-tls and a URL of -diff without", "-tls|-diff|http://localhost:1/|https://localhost:1/", "Begin it with https://"},
		{"-ca without a file", "-ca|nothing-here|https://localhost:1/", "there is no such file"},
		{"-ca with another file", "-ca|tls.go|https://localhost:1/", "-----BEGIN CERTIFICATE-----"},
		{"-o to standard output", "-o|-|" + get, "leave out -o"},
		{"-o and -pcap", "-o|a|-pcap|a|" + get, "need one each"},
		{"-pcap without its value", "-pcap|" + get + "|A: b", "write the name of a file"},
		{"-json and -repeat", "-json|-repeat|2|" + get, "a document of one exchange"},
		{"-addr 0", "-addr|0|" + get, "is not a port; write a number from 1 to 65535"},
		{"-trickle without a unit", "-trickle|100|" + get, "as 100ms or 1s"},
		{"-trickle longer than -timeout", "-trickle|1s|-timeout|3s|" + get,
			"-trickle 1s takes 17s for 18 octets, and -timeout 3s ends the exchange before that"},
		{"-repeat of nothing", "-repeat|0|" + get, "write a number from 1 to 1000"},
		{"-repeat and a page", "-repeat|2|-explain=html|" + get, "a page of one exchange"},
		{"a shell that is not known", "-completion|ksh", "write bash, zsh, fish or powershell"},
		{"a method and an https URL", "HEAD|https://localhost:1/a",
			`-tls -addr localhost:1 "HEAD /a HTTP/1.0" "Host: localhost:1"`},
		{"port of a URL", "http://localhost:http/", `"http" is not a port`},
		{"URL without a host", "http:///a", "has no host"},
		{"IPv6 without brackets", "http://::1/", "brackets"},
		{"host with a bad octet", "http://a^b/", "not make a conforming request"},
		{"field line of a URL", "http://localhost/|nonsense", "is not a field line"},
		{"a URL with a space, without quotes", "http://localhost:1/a?b=c|d",
			`write the URL in quotes, with %20 for a space: go run ./rawclient "http://localhost:1/a?b=c%20d"`},
		{"another field line of a URL", "http://localhost/|A: b|nonsense", "write it as \"Name: value\""},
		{"a field line of a URL, without quotes", "http://localhost/|Accept:|text/html",
			`quotes keep it together: "Accept: text/html"`},
		{"bad field line of a URL", "http://localhost/|A b: c", "not make a conforming request"},
		{"-addr without port", "-addr|localhost|" + get, "-addr localhost:12345"},
		{"-addr without port, another server", "-addr|nohost|" + get, "-addr nohost:80"},
		{"-addr IPv6 without brackets", "-addr|::1|" + get, "-addr [::1]:12345"},
		{"-addr URL", "-addr|http://localhost:80/|" + get, "not a URL"},
		{"-addr port", "-addr|localhost:99999|" + get, "1 to 65535"},
		{"-in and a line", "-in|f|" + get, "leave out"},
		{"-in and a body", "-in|f|-data|x", "leave out"},
		{"two bodies", "-data|x|-body|f|" + get, "use one"},
		{"a body alone", "-data|x", "needs a request-line"},
		{"two listings", "-hex|-explain=html|" + get, "use one"},
		{"a listing of another kind", "-explain=pdf|" + get, "-explain=pdf: write -explain for text"},
		{"JSON as a listing", "-explain=json|" + get, "or -json for JSON"},
		{"html without =", "-explain|html|" + get, "write -explain=html with"},
		{"-blank alone", "-explain|-blank|" + get, "add -explain=html"},
		{"a colour", "-color|red|" + get, "-color red: write auto, always or never"},
		{"-json and a listing", "-json|-hex|" + get, "-json has the listing: leave out"},
		{"curl --json", "--json|{}|http://localhost/", "-data sends JSON"},
		{"-decode and a listing", "-decode|-hex|" + get, "use one"},
		{"-crlf alone", "-crlf|" + get, "go with -in"},
		{"-i and a line", "-i|" + get, "leave out"},
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

// A neverReader fails the test when it is read.
type neverReader struct{ t *testing.T }

func (r neverReader) Read([]byte) (int, error) {
	r.t.Error("standard input was read")
	return 0, io.EOF
}

func TestHelp(t *testing.T) {
	help := runArgs(t, "-h")
	help.check(t, 0)
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
}

func TestDialAddress(t *testing.T) {
	for in, want := range map[string]string{
		":8080": "localhost:8080", "8080": "localhost:8080", "[::1]:8080": "[::1]:8080", "a:1": "a:1",
	} {
		if got, err := dialAddress("-addr", in); got != want || err != nil {
			t.Errorf("%s: %s, %v", in, got, err)
		}
	}
}

// An empty value comes from a variable that is not set, and has no effect that a person can want.
func TestEmptyValue(t *testing.T) {
	for _, row := range new(options).table() {
		if _, ok := row.value.(*string); !ok {
			continue
		}
		_, err := parseFlags([]string{"-" + row.name, "", get})
		refused := err != nil && strings.HasPrefix(err.Error(), "-"+row.name+` "": write  -`+row.name+" "+row.kind)
		if refused == (row.name == "data" || row.name == "ignore") {
			t.Errorf("-%s: %v", row.name, err)
		}
	}
}

// The advice for a server that is not there can be followed.
func TestRefusedAdvises(t *testing.T) {
	_, refused := net.Dial("tcp", closedPort(t))
	for _, tt := range []struct {
		addr string
		tls  bool
		want string
	}{
		{"localhost:8080", false, "go run ./server -addr localhost:8080"},
		{"127.0.0.1:8080", false, "go run ./server -addr 127.0.0.1:8080"},
		{"localhost:80", false, "a URL without a port means port 80"},
		{"localhost:8443", true, "check that the server is running there"},
		{"a.example:8080", false, "check that the server is running there"},
		{"192.0.2.1:12345", false, "check that the server is running there"},
	} {
		got := dialError(&request{addr: tt.addr, tls: tt.tls}, refused)
		if !strings.Contains(got, tt.want) || strings.Contains(got, "go run ./server") != strings.HasPrefix(tt.want, "go run") {
			t.Errorf("%s: %s", tt.addr, got)
		}
	}
}

// What an error about an address proposes is an address.
func TestDialAddressAdvises(t *testing.T) {
	for in, want := range map[string]string{
		"::1":                    "brackets, and then the port:  -addr [::1]:12345",
		"[::1]":                  "brackets, and then the port:  -addr [::1]:12345",
		"127.0.0.1:80:3":         "-addr 127.0.0.1:80:3: write host:port, as in  -addr localhost:12345",
		"http://localhost:8080/": "takes host:port, such as localhost:8080, and not a URL",
		"http://a.example/":      "takes host:port, such as a.example:80, and not a URL",
		"localhost/":             "takes host:port, such as localhost:12345, and not \"localhost/\"",
		"a.example":              "-addr a.example:80  for most others",
	} {
		_, err := dialAddress("-addr", in)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", in, err, want)
			continue
		}
		_, advised, _ := strings.Cut(err.Error(), "-addr "+in+":  ")
		if advised, ok := strings.CutPrefix(advised, "-addr "); ok {
			if _, err := dialAddress("-addr", advised); err != nil {
				t.Errorf("%q: its advice %q: %v", in, advised, err)
			}
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
			"body: 3 of 3 octets to go"},
		{"body too long", "POST / HTTP/1.0\nContent-Length: 3\n\nabcde\n",
			post + "abc", 0, "not sent: 2 octets after those that Content-Length announces"},
		{"body too short", "POST / HTTP/1.0\nContent-Length: 3\n\nab", post + "ab", 0,
			"the body that was typed has 2 octets"},
		{"one octet of a body", "POST / HTTP/1.0\nContent-Length: 3\n\na", post + "a", 0,
			"the body that was typed has 1 octet."},
		{"head cut short", "GET / HT", "GET / HT", 0, "\n> \n* the empty line that ends the head is missing"},
		{"Enter first", "\nGET / HTTP/1.0\n\n", "\r\nGET / HTTP/1.0\r\n\r\n", 0,
			"the request-line follows it"},
		{"nothing", "", "", 2, "nothing was typed"},
		{"a URL", "http://localhost:1/a b\n", "", 2, `rawclient "http://localhost:1/a b"`},
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

// What is said of the flags of other programs works as it stands, and no flag is there twice
// or one of ours.
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
		if err == nil || !strings.Contains(err.Error(), h.example) {
			t.Errorf("%s: %v", args[0], err)
		}
		works(t, Words(h.example), "")
	}
}

// works checks that a command line makes a request. A file that is only an example may be missing.
func works(t *testing.T, args []string, in string) []byte {
	t.Helper()
	c := &client{Stdio: Stdio{In: strings.NewReader(in), Out: io.Discard, Err: io.Discard}}
	var err error
	if c.opt, err = parseFlags(args); err == nil {
		c.req, err = c.compose(t.Context())
	}
	if err != nil && err != errHelp && !strings.Contains(err.Error(), "there is no such file") {
		t.Errorf("%q: %v", args, err)
	}
	if err != nil {
		return nil
	}
	return c.req.Octets
}

// The piped commands that are suggested send a request.
func TestPiped(t *testing.T) {
	const want = "GET / HTTP/1.0\r\n\r\n"
	text, args, _ := strings.Cut(piped("linux"), " | "+command+" ")
	in := strings.NewReplacer(`printf "`, "", `"`, "", `\r`, "\r", `\n`, "\n").Replace(text)
	if got := works(t, Words(args), in); string(got) != want {
		t.Errorf("printf sends %q", got)
	}
	_, args, _ = strings.Cut(strings.TrimSuffix(piped("windows"), `"`), " | "+command+" ")
	if got := works(t, Words(args), "GET / HTTP/1.0\r\n\r\n"); string(got) != want {
		t.Errorf("echo of Windows sends %q", got)
	}
	says := runWith(t.Context(), Stdio{In: neverReader{t}}).stderr
	if !strings.Contains(says, piped(runtime.GOOS)+"\n") {
		t.Errorf("the command is not in\n%s", says)
	}
}

// RFC 3492 section 7.1 (A, B, L, S), and a name in use.
func TestPunycode(t *testing.T) {
	for in, want := range map[string]string{
		"\u0644\u064a\u0647\u0645\u0627\u0628\u062a\u0643\u0644\u0645\u0648\u0634\u0639" +
			"\u0631\u0628\u064a\u061f": "egbpdaj6bu4bxfgehfvwxn",
		"\u4ed6\u4eec\u4e3a\u4ec0\u4e48\u4e0d\u8bf4\u4e2d\u6587": "ihqwcrb4cv8a8dqg056pqjye",
		"3\u5e74b\u7d44\u91d1\u516b\u5148\u751f":                 "3b-ww4c5e180e575a65lsy2b",
		"b\u00fccher":                                            "bcher-kva",
	} {
		if got := punycode([]rune(in)); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	if got, want := asciiHost("M\u00fcnchen.DE"), "xn--mnchen-3ya.de"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// An absolute URL in a request line is sent as it stands, and the user is told if its server
// is another one.
func TestAbsoluteForm(t *testing.T) {
	for args, told := range map[string]bool{
		"GET http://localhost:1/ HTTP/1.0":                       true,
		"GET http://localhost:12345/ HTTP/1.0":                   false,
		"-addr|localhost:12345|GET http://localhost:1/ HTTP/1.0": false,
		"GET /?u=http://localhost:1/ HTTP/1.0":                   false,
	} {
		var stderr bytes.Buffer
		c := &client{Stdio: Stdio{Err: &stderr}}
		var err error
		if c.opt, err = parseFlags(strings.Split(args, "|")); err == nil {
			c.req, err = c.compose(t.Context())
		}
		says := unwrapped(stderr.String())
		if err != nil || strings.Contains(says, "-addr localhost:1 sends it there") != told {
			t.Errorf("%s: %v, %s", args, err, says)
		}
	}
}
