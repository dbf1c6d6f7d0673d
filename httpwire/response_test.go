package httpwire_test

import (
	"fmt"
	"strings"
	"testing"

	. "rawhttp/httpwire"
)

var responseHeads = []row{
	{name: "OK", in: "HTTP/1.0 200 OK\r\n\r\n", want: "1.0 200 OK"},
	{name: "1.1", in: "HTTP/1.1 200 OK\r\nA: b\r\n\r\n", want: "1.1 200 OK [A: b]"},
	{name: "empty reason", in: "HTTP/1.0 299 \r\n\r\n", want: "1.0 299 "},
	{name: "reason with blanks", in: "HTTP/1.0 404  Not\tFound \r\n\r\n",
		want: "1.0 404  Not\tFound "},
	{name: "obs-text", in: "HTTP/1.0 200 Tr\xe8s bien\r\n\r\n", want: "1.0 200 Tr\xe8s bien"},
	{name: "code 999", in: "HTTP/1.0 999 x\r\n\r\n", want: "1.0 999 x"},
	{name: "code 000", in: "HTTP/1.0 000 x\r\n\r\n", want: "1.0 0 x"},
	{name: "fold", in: "HTTP/1.0 200 OK\r\nX: a \r\n\t b \r\n\r\n",
		want: "1.0 200 OK [X: a \r\n\t b]"},
	{name: "two folds and a field", in: "HTTP/1.0 200 OK\r\nX: a\r\n b\r\n c\r\nY: d\r\n\r\n",
		want: "1.0 200 OK [X: a\r\n b\r\n c] [Y: d]"},
	{name: "fold before the value", in: "HTTP/1.0 200 OK\r\nX:\r\n a\r\n\r\n",
		want: "1.0 200 OK [X: \r\n a]"},

	{name: "http/1.0", in: "http‸/1.0 200 OK\r\n\r\n", rule: RuleHTTPVersion},
	{name: "no minor", in: "HTTP/1‸ 200 OK\r\n\r\n", rule: RuleHTTPVersion},
	{name: "only a version", in: "HTTP/1.0‸\r\n\r\n", rule: RuleStatusSP},
	{name: "two minor digits", in: "HTTP/1.0‸0 200 OK\r\n\r\n", rule: RuleStatusSP},
	{name: "HTAB", in: "HTTP/1.0‸\t200 OK\r\n\r\n", rule: RuleStatusSP},
	{name: "two spaces", in: "HTTP/1.0 ‸ 200 OK\r\n\r\n", rule: RuleStatusCode},
	{name: "two digits", in: "HTTP/1.0 20‸ x\r\n\r\n", rule: RuleStatusCode},
	{name: "four digits", in: "HTTP/1.0 200‸0 x\r\n\r\n", rule: RuleStatusCode},
	{name: "minus", in: "HTTP/1.0 ‸-20 x\r\n\r\n", rule: RuleStatusCode},
	{name: "no space after the code", in: "HTTP/1.0 200‸\r\n\r\n", rule: RuleStatusCode},
	{name: "NUL in the reason", in: "HTTP/1.0 200 O‸\x00K\r\n\r\n", rule: RuleReasonPhrase},
	{name: "LF", in: "HTTP/1.0 200 OK‸\n\n", rule: RuleReasonPhrase},
	{name: "CR", in: "HTTP/1.0 200 O\r‸K\r\n\r\n", rule: RuleCRLF},
	{name: "empty line first", in: "‸\r\nHTTP/1.0 200 OK\r\n\r\n", rule: RuleHTTPVersion},
	{name: "fold before any field", in: "HTTP/1.0 200 OK\r\n‸ X: y\r\n\r\n", rule: RuleFieldName},
	{name: "NUL after a fold", in: "HTTP/1.0 200 OK\r\nX: a\r\n b‸\x00\r\n\r\n",
		rule: RuleFieldValue},
	{name: "LF after a fold", in: "HTTP/1.0 200 OK\r\nX: a\r\n b‸\n\r\n", rule: RuleFieldValue},
	{name: "space before the colon", in: "HTTP/1.0 200 OK\r\nX‸ : y\r\n\r\n", rule: RuleFieldName},
	{name: "most fields", in: "HTTP/1.0 200 OK\r\n" + responseFields + "\r\n",
		want: "1.0 200 OK" + strings.Repeat(" [A: b]", MaxResponseFields)},
	{name: "too many fields", in: "HTTP/1.0 200 OK\r\n" + responseFields + "‸A: b\r\n\r\n",
		rule: RuleFieldLimit},
}

// responseFields are as many fields as a response may have.
var responseFields = strings.Repeat("A: b\r\n", MaxResponseFields)

func TestResponseHead(t *testing.T) {
	runRows(t, responseHeads, func(t *testing.T, b []byte) (int, string, error) {
		var resp Response
		n, err := ConsumeResponseHead(b, &resp)
		if err != nil {
			return n, "", err
		}
		checkViews(t, b, resp.Fields)
		v := resp.Version
		return n, fmt.Sprintf("%d.%d %d %s", v.Major, v.Minor, resp.Code, resp.Reason) +
			showFields(resp.Fields), nil
	})
}

func TestIsSimpleResponse(t *testing.T) {
	for in, want := range map[string]bool{
		"": false, "H": false, "hTTp": false, "HTTP/": false, "HTTP/1.0 200 OK": false,
		"http/x": false, "h<": true, "HTTP is fun": true, "<html>": true, "\r\n": true, " HTTP/": true,
	} {
		if got := IsSimpleResponse([]byte(in)); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}

// LooksLikeStatusLine finds what looks like a status-line, and nothing else.
func TestLooksLikeStatusLine(t *testing.T) {
	for in, want := range map[string]int{
		"HTP/1.1 200 OK\r\n": 0, "ICY 200 OK": 0, "\r\nHTTP/1.0 200 OK": 2, " HTTP/1.1 404 x": 1,
		"HTTP 200 OK": 0, "HTTP1.1 200 OK": 0, "http1.1 200\r\n": 0, "RTSP/1.0 200 OK": 0,
		"HTTPS/1.1  200\n": 0,
		"":                 -2, "HT": -2, "HTP/1.1": -2, "\r\n": -2, "ICY 20": -2, "ICY 200": -2, "room 101": -2,
		"hello": -2, "room 101 is free": -1, "ICY 2000": -1, "H 200 OK": -1, "ICY  OK": -1,
		"HTTP is fun": -1, "<html>": -1, "PROTOCOL/1.0 200 OK": -1, "HTTP-1.0 200 OK": -1,
		"\r\n\r\n\r\n\r\n\r\nHTTP/1.0 200 OK": -1, "\x16\x03": -1, "200 OK": -1,
	} {
		at, err := LooksLikeStatusLine([]byte(in))
		if err != nil {
			at = -2
		}
		if at != want {
			t.Errorf("%q: %d, want %d", in, at, want)
		}
		for k := range in {
			if at, err := LooksLikeStatusLine([]byte(in[:k])); err == nil && at != want {
				t.Errorf("%q: %d, but %d after %d octets", in, want, at, k)
			}
		}
	}
}

func TestUnfolded(t *testing.T) {
	for in, want := range map[string]string{
		"":                  "",
		"a b":               "a b",
		"a\r\n b":           "a b",
		"a \t\r\n\t b":      "a b",
		"a\r\n b\r\n c":     "a b c",
		"\r\n b":            "b",
		"a\r\n ":            "a",
		"a\r\n \r\n\t\r\nb": "a   b",
		"caf\xe9\r\n \xa0":  "caf\xe9 \xa0",
	} {
		if got := AppendUnfolded([]byte(">"), []byte(in)); string(got) != ">"+want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestReasonPhrase(t *testing.T) {
	for code := -1; code <= 1000; code++ {
		b, err := AppendResponse(nil, &Response{StatusLine: StatusLine{Code: code,
			Reason: []byte(ReasonPhrase(code))}}, nil)
		if ok := 100 <= code && code <= 599; ok != (err == nil) || len(ReasonPhrase(code)) < 2 {
			t.Errorf("%d %q: %q, %v", code, ReasonPhrase(code), b, err)
		}
	}
	for code, want := range map[int]string{200: "OK", 299: "Status 2xx", 404: "Not Found",
		499: "Status 4xx", 600: "Status 5xx", -1: "Status 5xx", 99: "Status 5xx"} {
		if got := ReasonPhrase(code); got != want {
			t.Errorf("%d: %q, want %q", code, got, want)
		}
	}
}

func TestClass(t *testing.T) {
	for code, want := range map[int]int{-1: 5, 0: 5, 99: 5, 100: 1, 199: 1, 200: 2, 299: 2,
		304: 3, 431: 4, 599: 5, 600: 5, 999: 5} {
		if got := Class(code); got != want {
			t.Errorf("%d: %d, want %d", code, got, want)
		}
	}
}
