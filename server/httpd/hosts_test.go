package httpd

import (
	"io"
	"net"
	"strings"
	"testing"

	"rawhttp/httpwire"
)

// A server responds for its own names, with any port, and for no other.
func TestHosts(t *testing.T) {
	hosts, err := NewHosts("https://Example.org:8443", "printer.local.", "192.0.2.7", "[2001:DB8::7]")
	if err != nil {
		t.Fatal(err)
	}
	lan := &net.TCPAddr{IP: net.IPv4(192, 168, 1, 5), Port: 12345}
	for _, tt := range []struct {
		authority string
		local     net.Addr
		want      bool
	}{
		{"", nil, true},
		{"localhost", nil, true},
		{"localhost:12345", nil, true},
		{"localhost:", nil, true},
		{"LocalHost:80", nil, true},
		{"localhost.", nil, true},
		{"127.0.0.1:8080", nil, true},
		{"[::1]", nil, true},
		{"[::1]:12345", nil, true},
		{"[0:0::0:1]:12345", nil, true},
		{"[::ffff:127.0.0.1]", nil, true},
		{"example.org", nil, true},
		{"EXAMPLE.org.:443", nil, true},
		{"printer.local", nil, true},
		{"192.0.2.7:80", nil, true},
		{"[2001:db8::7]:80", nil, true},
		{"192.168.1.5:12345", lan, true},
		{"[::ffff:192.168.1.5]:12345", lan, true},

		{"evil.example", nil, false},
		{"evil.example:12345", nil, false},
		{"localhost.evil.example", nil, false},
		{"evil.localhost", nil, false},
		{"localhost..", nil, false},
		{".", nil, false},
		{"127.0.0.1.evil.example", nil, false},
		{"2130706433", nil, false},
		{"127.1", nil, false},
		{"192.168.1.5", nil, false},
		{"192.168.1.6", lan, false},
		{"[::2]", nil, false},
		{"[v1.x]", nil, false},
		{"www.example.org", nil, false},
		{"%6cocalhost", nil, false},
		{strings.Repeat("a", 300), nil, false},
		{"localhost:" + strings.Repeat("0", 300), nil, true},
	} {
		if got := hosts.has([]byte(tt.authority), tt.local); got != tt.want {
			t.Errorf("%q: %v, want %v", tt.authority, got, tt.want)
		}
	}
	const want = "localhost, 127.0.0.1, [::1], example.org, printer.local, 192.0.2.7, [2001:db8::7]"
	if got := strings.Join(hosts.names, ", "); got != want {
		t.Errorf("got %s", got)
	}
	for _, bad := range []string{"", "a b", "ftp://a", "http://", "u@a", "http://u@a", "a/b", "a?b", "http://a b",
		"a:x", "*", "*.example.org", "a;b", ".", "bücher.example", "[::1", "a\r\nb"} {
		if h, err := NewHosts(bad); err == nil {
			t.Errorf("%q is taken: %s", bad, h.names)
		}
	}
}

// A request for another host gets 421, whatever its method is and whatever else is wrong with it.
func TestMisdirected(t *testing.T) {
	hosts, err := NewHosts()
	if err != nil {
		t.Fatal(err)
	}
	log := &Server{}
	text := logOf(log)
	addr := start(t, &Server{Hosts: hosts, AddHost: "-names", Log: log.Log, Handler: handlerFunc(
		func(req *httpwire.Request, resp *httpwire.Response) {
			if req.Fields.Get("X") == nil {
				t.Errorf("%s is handled", req.Head)
			}
			echo(req, resp)
		})})
	const ours = "X: y\r\n"
	longName := strings.Repeat("evil.", 60) + "example"
	const evil = "Host: evil.example\r\n"
	for _, tt := range []struct {
		name, send string
		code       int
		words      string
	}{
		{"its name", "GET / HTTP/1.0\r\nHost: localhost\r\n" + ours + "\r\n", 200, ""},
		{"no Host", "GET / HTTP/1.0\r\n" + ours + "\r\n", 200, ""},
		{"an empty Host", "GET / HTTP/1.0\r\nHost:\r\n" + ours + "\r\n", 200, ""},
		{"its name in the target", "GET http://localhost/ HTTP/1.0\r\nHost: a\r\n" + ours + "\r\n",
			200, ""},
		{"in 1.1", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421, "offset 22, line 2, column 7\n|" +
			" Host:␠evil.example␍␊\n|hosts localhost, 127.0.0.1, [::1]\n|Host: localhost|-names evil.example\n"},
		{"in 1.0", "GET / HTTP/1.0\r\nHost: evil.example:80\r\n\r\n", 421, "-names evil.example\n"},
		{"an address", "GET / HTTP/1.0\r\nHost: [2001:DB8::1]:80\r\n\r\n", 421, "-names [2001:db8::1]\n"},
		{"in the target", "GET http://evil.example/ HTTP/1.0\r\nHost: localhost\r\n\r\n", 421,
			"offset 4, line 1, column 5\n|in the request-target:\n        GET http://localhost:12345/ HTTP/1.0\n|-names evil.example\n"},
		{"CONNECT", "CONNECT evil.example:80 HTTP/1.0\r\n\r\n", 421, "offset 8, line 1|-names evil.example\n"},
		{"after an empty line", "\r\nGET http://evil.example/ HTTP/1.0\r\n\r\n", 421, "offset 6, line 2, column 5\n"},
		{"before a method is unknown", "BREW / HTTP/1.0\r\nHost: evil.example\r\n\r\n", 421, "evil"},
		{"before a body is read", "POST / HTTP/1.0\r\n" + evil + "Content-Length: 9\r\n\r\n", 421, "evil"},
		{"before 100 (Continue)", "POST / HTTP/1.1\r\nHost: evil.example\r\nExpect: 100-continue\r\n" +
			"Content-Length: 9\r\n\r\n", 421, "evil"},
		{"with a body too long", "POST / HTTP/1.0\r\n" + evil + "Content-Length: 99999999\r\n\r\n", 421,
			"evil"},
		{"without a length", "POST / HTTP/1.0\r\nHost: evil.example\r\n\r\n", 421, "evil"},
		{"with a fault after Host", "GET / HTTP/1.0\r\nHost: evil.example\r\nX : y\r\n\r\n", 421, "evil"},
		{"with a fault before Host", "GET  / HTTP/1.0\r\nHost: evil.example\r\n\r\n", 400, "two spaces"},
		{"in half a target", "GET http://loc", 400, "have  14 octets"},
		{"in half of its field", "GET / HTTP/1.0\r\nHost: loc", 400, "have  25 octets"},
		{"in its field, and half of a head", "GET / HTTP/1.0\r\nHost: evil.example\r\n", 421, "evil"},
		{"in its field, and half of another", "GET / HTTP/1.0\r\n" + evil + "X: y", 421, "evil"},
		{"with two Hosts", "GET / HTTP/1.1\r\n" + evil + "Host: localhost\r\n\r\n", 400, "Host"},
		{"with an octet in Host that is the fault", "GET / HTTP/1.0\r\nHost: evil\x13.example\r\n\r\n",
			400, "octet 0x13"},
		{"with an ill-formed Host and another fault", "GET / HTTP/1.0\r\nHost: a b\r\nX : y\r\n\r\n",
			400, "white space before the colon"},
		{"with a long name", "GET / HTTP/1.0\r\nHost: " + longName + "\r\n\r\n", 421,
			"Host:␠evil.evil.|-names " + longName + "\n"},
		{"with a secret in Host", "GET / HTTP/1.0\r\nHost: token=secret\r\n\r\n", 421,
			"Host:␠token=******␍␊\n|-names token=******\n"},
		{"with an ill-formed Host", "GET / HTTP/1.1\r\nHost: evil.example:x\r\n\r\n", 400, "Host"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := dial(t, addr)
			io.WriteString(c, tt.send)
			c.CloseWrite()
			got := readAll(t, c)
			a := responses(t, got, "GET")
			if len(a) != 1 || a[0].Code != tt.code || !a[0].Fields.Has("Connection", "close") {
				t.Fatalf("want %d, got %q", tt.code, got)
			}
			for word := range strings.SplitSeq(tt.words, "|") {
				if !strings.Contains(string(a[0].Body), word) {
					t.Errorf("no %q in %q", word, a[0].Body)
				}
			}
		})
	}
	if !strings.Contains(text.String(), "status=421") {
		t.Errorf("the log says %s", text)
	}
}

// A server that has no flag for another host gives no advice to add one.
func TestMisdirectedWithoutAdvice(t *testing.T) {
	hosts, err := NewHosts()
	if err != nil {
		t.Fatal(err)
	}
	addr := start(t, &Server{Hosts: hosts, Handler: echo})
	got := talk(t, addr, "GET / HTTP/1.0\r\nHost: evil.example\r\n\r\n")
	if !strings.HasSuffix(got, "a page of another site could reach this server\n") {
		t.Errorf("got %q", got)
	}
}
