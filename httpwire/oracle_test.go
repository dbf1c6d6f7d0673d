package httpwire_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"net/netip"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rawhttp/examples/gallery"
	. "rawhttp/httpwire"
)

// These tests compare this package with net/http. Messages that both accept must mean the same to
// both. The table has the known disagreements with the reasons. A test fails if a disagreement in
// the table is gone.

var disagreements = map[string]struct{ in, reason string }{
	"bare LF": {"GET / HTTP/1.0\n\n",
		"it takes LF for a line end"},
	"LF after a field": {"GET / HTTP/1.0\r\nA: b\n\r\n",
		"it takes LF for a line end"},
	"folding": {"GET / HTTP/1.0\r\nA: b\r\n c\r\n\r\n",
		"it joins the lines of a request"},
	"empty line first": {"\r\nGET / HTTP/1.0\r\n\r\n",
		"it skips none; RFC 9112 section 2.2 wants one skipped"},
	"fragment": {"GET /a#b HTTP/1.0\r\n\r\n",
		"url.ParseRequestURI takes it for part of the path"},
	"obs-text in the target": {"GET /caf\xe9 HTTP/1.0\r\n\r\n",
		"url.ParseRequestURI takes any octet above 7F"},
	"quote in the target": {"GET /\"a\" HTTP/1.0\r\n\r\n",
		"url.ParseRequestURI takes most octets"},
	"bad escape in a query": {"GET /?%zz HTTP/1.0\r\n\r\n",
		"it leaves the query unread"},
	"user name in the target": {"GET http://u@h/ HTTP/1.0\r\n\r\n",
		"RFC 9110 section 4.2.4 takes it for an error"},
	"empty host": {"GET http:///a HTTP/1.0\r\n\r\n",
		"RFC 9110 section 4.2.1 forbids it"},
	"https target": {"GET https://h/ HTTP/1.0\r\n\r\n",
		"it leaves the scheme to the handler"},
	"asterisk with GET": {"GET * HTTP/1.0\r\n\r\n",
		"it leaves the form to the handler"},
	"HTTP/2 preface": {"PRI * HTTP/2.0\r\n\r\n",
		"it hands the preface on to HTTP/2"},
	"HTTP/0.9 in words": {"GET / HTTP/0.9\r\n\r\n",
		"it leaves the version to the server"},
	"POST without a length": {"POST / HTTP/1.0\r\n\r\n",
		"it takes the body for empty; RFC 1945 section 8.3 wants a length"},
	"the same length twice": {"GET / HTTP/1.0\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
		"it makes one of them, as RFC 9112 section 6.3 allows"},
	"a singleton twice": {"GET / HTTP/1.0\r\nContent-Type: a/b\r\nContent-Type: a/b\r\n\r\n",
		"it keeps all values"},
	"no Host in 1.1": {"GET / HTTP/1.1\r\n\r\n",
		"ReadRequest leaves that to the server"},
	"ill-formed Host": {"GET / HTTP/1.0\r\nHost: a b\r\n\r\n",
		"ReadRequest leaves that to the server"},
	"coding in 1.0": {"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
		"it ignores the coding"},
	"chunked in 1.1": {"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"it speaks HTTP/1.1"},
	"coding and length": {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n" +
		"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"it drops the length; RFC 9112 section 6.1 allows refusing"},
	"length over 63 bits": {"GET / HTTP/1.0\r\nContent-Length: 9223372036854775808\r\n\r\n",
		"it calls the length bad, here it is over any limit"},
	"no cache": {"GET / HTTP/1.0\r\nPragma: no-cache\r\n\r\n",
		"it adds Cache-Control: no-cache"},
	"fold with nothing in it": {"HTTP/1.0 200 OK\r\nA: b\r\n \r\n\r\n",
		"it leaves a space at the end of the value"},
	"status-line without a reason": {"HTTP/1.0 200\r\n\r\n",
		"it takes the space for optional"},
	"percent-encoded host": {"GET http://%80/ HTTP/1.0\r\n\r\n",
		"it decodes the host of a target"},
	"CONNECT without port": {"CONNECT h HTTP/1.0\r\n\r\n",
		"it leaves the form to the handler"},
}

// ours reads a request and describes it in a line, or returns "" if it is refused. With a target in
// absolute-form, the Host field does not count.
func ours(b []byte) string {
	var req Request
	if _, err := ConsumeRequestHead(b, &req); err != nil || req.Check() != nil {
		return ""
	}
	length, err := req.BodyLength()
	if err != nil {
		return ""
	}
	host := string(req.Fields.Get("Host"))
	if authority := req.Authority(); authority != nil {
		host = string(authority)
	}
	h := http.Header{}
	for _, f := range req.Fields {
		if name := textproto.CanonicalMIMEHeaderKey(string(f.Name)); name != "Host" {
			h[name] = append(h[name], string(f.Value))
		}
	}
	return meaning(string(req.Method), string(req.Target), req.Version.Minor, host, h, length)
}

func theirs(b []byte) string {
	req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(b)))
	if err != nil {
		return ""
	}
	return meaning(req.Method, req.RequestURI, uint8(req.ProtoMinor), req.Host, req.Header,
		req.ContentLength)
}

func meaning(method, target string, minor uint8, host string, h http.Header, length int64) string {
	return fmt.Sprintf("%q %q 1.%d host %q %q length %d", method, target, minor, host, h, length)
}

// oddity matches messages that both accept and may read differently: "no cache", "fold with nothing
// in it" and "percent-encoded host" in the table.
var oddity = regexp.MustCompile(`(?i)pragma|\r\n[ \t]+\r|://[^/? ]*%`)

func TestDisagreements(t *testing.T) {
	for name, d := range disagreements {
		we, they := ours([]byte(d.in)), theirs([]byte(d.in))
		if strings.HasPrefix(d.in, "HTTP/") {
			we, they = ourResponse([]byte(d.in)), theirAnswer([]byte(d.in))
		}
		if we == they {
			t.Errorf("%s: no disagreement any more (%s): %s", name, d.reason, we)
		}
	}
}

func FuzzOracle(f *testing.F) {
	seed(f, [][]row{requestHeads, checks, requestLengths, responseHeads},
		slices.Concat(gallery.Good, gallery.Bad, gallery.Responses))
	for _, d := range disagreements {
		f.Add([]byte(d.in))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if oddity.Match(b) {
			return
		}
		if we, they := ours(b), theirs(b); we != they && we != "" && they != "" {
			t.Errorf("%q\nhere  %s\nthere %s", b, we, they)
		}
		if we, they := ourResponse(b), theirAnswer(b); we != they && we != "" && they != "" {
			t.Errorf("%q\nhere  %s\nthere %s", b, we, they)
		}
	})
}

// ourResponse reads the response to a GET and describes it in a line, without folds.
func ourResponse(b []byte) string {
	var resp Response
	if _, err := ConsumeResponseHead(b, &resp); err != nil {
		return ""
	}
	framing, err := resp.Framing(nil)
	if err != nil {
		return ""
	}
	length := framing.Length
	if framing.Ending == EndsWhenClosed || framing.Ending == EndsAfterChunks {
		length = -1 // as in net/http
	}
	h := http.Header{}
	for _, f := range resp.Fields {
		name := textproto.CanonicalMIMEHeaderKey(string(f.Name))
		h[name] = append(h[name], string(AppendUnfolded(nil, f.Value)))
	}
	return describe(resp.Code, string(resp.Reason), h, length)
}

func theirAnswer(b []byte) string {
	resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(b)), nil)
	if err != nil {
		return ""
	}
	return describe(resp.StatusCode, strings.TrimPrefix(resp.Status[3:], " "), resp.Header,
		resp.ContentLength)
}

func describe(code int, reason string, h http.Header, length int64) string {
	delete(h, "Transfer-Encoding") // which net/http takes out
	delete(h, "Trailer")
	return fmt.Sprintf("%d %q %q length %d", code, strings.TrimSpace(reason), h, length)
}

// An IPv6 address is valid if package netip can read it: any number of groups, "::" between any two of
// them, and an IPv4 address as the last.
func TestAddressOracle(t *testing.T) {
	groups := func(n int) string { return strings.TrimSuffix(strings.Repeat("a:", n), ":") }
	for before := range 10 {
		for after := range 10 {
			for _, between := range []string{":", "::", ":::"} {
				address := groups(before) + between + groups(after)
				for _, address := range []string{address, strings.TrimSuffix(address, "a") + "1.2.3.4"} {
					_, err := netip.ParseAddr(address)
					if at := ValueFault("Host", []byte("["+address+"]")); at < 0 != (err == nil) {
						t.Errorf("%s: fault at %d, netip says %v", address, at, err)
					}
				}
			}
		}
	}
}
