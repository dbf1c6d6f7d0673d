package httpwire_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	. "rawhttp/httpwire"
)

// Each row has the octets that the writer appends. If it refuses the message, they end after the
// octet that breaks the rule, which the mark precedes.

func request(method, target, body string, fields ...string) *Request {
	return &Request{RequestLine: RequestLine{Method: []byte(method), Target: []byte(target)},
		Fields: list(fields), Body: []byte(body)}
}

func response(code int, reason, body string, fields ...string) *Response {
	return &Response{StatusLine: StatusLine{Code: code, Reason: []byte(reason)},
		Fields: list(fields), Body: []byte(body)}
}

// list returns fields, from names and values in turn.
func list(fields []string) (fs Fields) {
	for i := 0; i < len(fields); i += 2 {
		fs = fs.Add([]byte(fields[i]), []byte(fields[i+1]))
	}
	return fs
}

var requestsOut = []struct {
	row
	req *Request
}{
	{row{name: "GET", in: "GET / HTTP/1.0\r\nHost: a\r\n\r\n"},
		request("GET", "/", "", "Host", "a")},
	{row{name: "POST", in: "POST /x HTTP/1.0\r\nContent-Length: 2\r\n\r\nok"},
		request("POST", "/x", "ok", "Content-Length", "2")},
	{row{name: "1945-3.1-e always HTTP/1.0", in: "GET / HTTP/1.0\r\n\r\n"},
		&Request{RequestLine: RequestLine{Method: []byte("GET"), Target: []byte("/"),
			Version: Version{Major: 1, Minor: 1}}}},
	{row{name: "empty value", in: "GET / HTTP/1.0\r\nA:\r\n\r\n"}, request("GET", "/", "", "A", "")},
	{row{name: "obs-text", in: "GET / HTTP/1.0\r\nA: caf\xe9\r\n\r\n"},
		request("GET", "/", "", "A", "caf\xe9")},
	{row{name: "list twice", in: "GET / HTTP/1.0\r\nA: b\r\na: c\r\n\r\n"},
		request("GET", "/", "", "A", "b", "a", "c")},
	{row{name: "CONNECT", in: "CONNECT h:1 HTTP/1.0\r\n\r\n"}, request("CONNECT", "h:1", "")},
	{row{name: "URL", in: "GET http://h HTTP/1.0\r\n\r\n"}, request("GET", "http://h", "")},
	{row{name: "9110-2.3-a what is written can be read, however long",
		in: "GET " + long + " HTTP/1.0\r\nA: " + long + "\r\n\r\n"}, request("GET", long, "", "A", long)},

	{row{name: "no method", in: "‸ /", rule: RuleMethod}, request("", "/", "")},
	{row{name: "space in the method", in: "GET ‸a / ", rule: RuleRequestTarget},
		request("GET a", "/", "")},
	{row{name: "9112-2.2-c CR LF in the method", in: "GET‸\r\n", rule: RuleMethod},
		request("GET\r\nX", "/", "")},
	{row{name: "request in the method", in: "GET / HTTP/1.0\r\n‸X", rule: RuleSurplus},
		request("GET / HTTP/1.0\r\nX", "/", "")},
	{row{name: "no target", in: "GET ‸ ", rule: RuleRequestTarget}, request("GET", "", "")},
	{row{name: "9112-2.2-c space in the target", in: "GET /a ‸b", rule: RuleHTTPVersion},
		request("GET", "/a b", "")},
	{row{name: "9112-2.2-c CR LF in the target", in: "GET /a‸\r\n", rule: RuleRequestTarget},
		request("GET", "/a\r\nb", "")},
	{row{name: "9112-2.2-c version and CR LF in the target", in: "GET / HTTP/1.0\r\n‸X",
		rule: RuleSurplus}, request("GET", "/ HTTP/1.0\r\nX: y", "")},
	{row{name: "9112-2.2-c NUL in the target", in: "GET /a‸\x00", rule: RuleRequestTarget},
		request("GET", "/a\x00", "")},
	{row{name: "obs-text in the target", in: "GET /caf‸\xe9", rule: RuleRequestTarget},
		request("GET", "/caf\xe9", "")},
	{row{name: "POST without a length", in: "POST / HTTP/1.0\r\n‸\r", rule: RuleLengthRequired},
		request("POST", "/", "")},
	{row{name: "9110-8.6-f body without a length", in: "GET / HTTP/1.0\r\n‸\r",
		rule: RuleContentLength}, request("GET", "/", "x")},
	{row{name: "9110-8.6-f body too short", in: "PUT / HTTP/1.0\r\n‸C",
		rule: RuleContentLength}, request("PUT", "/", "ok", "Content-Length", "3")},
	{row{name: "9110-8.6-f body too long", in: "PUT / HTTP/1.0\r\n‸C",
		rule: RuleContentLength}, request("PUT", "/", "ok", "Content-Length", "1")},
	{row{name: "a field after the wrong length", in: "PUT / HTTP/1.0\r\n‸C",
		rule: RuleContentLength}, request("PUT", "/", "ok", "Content-Length", "1", "A", "b")},
	{row{name: "length with a sign", in: "PUT / HTTP/1.0\r\n‸C",
		rule: RuleContentLength}, request("PUT", "/", "ok", "Content-Length", "+2")},
	{row{name: "coding", in: "PUT / HTTP/1.0\r\n‸T",
		rule: RuleTransferEncoding},
		request("PUT", "/", "ok", "Transfer-Encoding", "chunked")},
	{row{name: "9112-6.2-a coding and length",
		in:   "PUT / HTTP/1.0\r\nContent-Length: 2\r\n‸t",
		rule: RuleTransferEncoding},
		request("PUT", "/", "ok", "Content-Length", "2", "transfer-encoding", "chunked")},
}

var responsesOut = []struct {
	row
	resp   *Response
	method string
}{
	{row: row{name: "1945-6.1-a status-line", in: "HTTP/1.0 200 OK\r\n\r\n"},
		resp: response(200, "OK", "")},
	{row: row{name: "9112-4-a empty reason", in: "HTTP/1.0 299 \r\n\r\n"},
		resp: response(299, "", "")},
	{row: row{name: "1945-3.1-e no echo of the version", in: "HTTP/1.0 200 OK\r\n\r\n"},
		resp: &Response{StatusLine: StatusLine{Version: Version{Major: 1, Minor: 1}, Code: 200,
			Reason: []byte("OK")}}},
	{row: row{name: "fields and body", in: "HTTP/1.0 200 OK\r\nA: b\r\nContent-Length: 2\r\n\r\nok"},
		resp: response(200, "OK", "ok", "A", "b", "Content-Length", "2")},
	{row: row{name: "body until close", in: "HTTP/1.0 200 OK\r\n\r\nok"},
		resp: response(200, "OK", "ok")},
	{row: row{name: "HEAD", in: "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n"},
		resp: response(200, "OK", "ok", "Content-Length", "2"), method: "HEAD"},
	{row: row{name: "HEAD with the length alone", in: "HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\n"},
		resp: response(200, "OK", "", "Content-Length", "9"), method: "HEAD"},
	{row: row{name: "205 with the length 0", in: "HTTP/1.0 205 x\r\nContent-Length: 0\r\n\r\n"},
		resp: response(205, "x", "", "Content-Length", "0")},
	{row: row{name: "304 with the length alone", in: "HTTP/1.0 304 x\r\nContent-Length: 9\r\n\r\n"},
		resp: response(304, "x", "", "Content-Length", "9")},
	{row: row{name: "204", in: "HTTP/1.0 204 No Content\r\n\r\n"},
		resp: response(204, "No Content", "")},
	{row: row{name: "lowest code, which HTTP/1.0 does not have", in: "HTTP/1.1 100 \r\n\r\n"}, resp: response(100, "", "")},
	{row: row{name: "highest code of that class", in: "HTTP/1.1 199 \r\n\r\n"}, resp: response(199, "", "")},
	{row: row{name: "highest code", in: "HTTP/1.0 599 \r\n\r\n"}, resp: response(599, "", "")},
	{row: row{name: "Set-Cookie twice",
		in: "HTTP/1.0 200 OK\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n"},
		resp: response(200, "OK", "", "Set-Cookie", "a", "Set-Cookie", "b")},

	{row: row{name: "9110-15-a code 99", in: "HTTP/1.0 99‸ ", rule: RuleStatusCode},
		resp: response(99, "x", "")},
	{row: row{name: "9110-15-a code 600", in: "HTTP/1.0 ‸6", rule: RuleStatusClass},
		resp: response(600, "x", "")},
	{row: row{name: "9110-15-a code 1000", in: "HTTP/1.0 100‸0", rule: RuleStatusCode},
		resp: response(1000, "x", "")},
	{row: row{name: "9110-15-a code -1", in: "HTTP/1.0 ‸-", rule: RuleStatusCode},
		resp: response(-1, "x", "")},
	{row: row{name: "1945-6.1-a CR LF in the reason", in: "HTTP/1.0 200 O\r\n‸K", rule: RuleSurplus},
		resp: response(200, "O\r\nK", "")},
	{row: row{name: "1945-6.1-a CR in the reason", in: "HTTP/1.0 200 O\r‸K", rule: RuleCRLF},
		resp: response(200, "O\rK", "")},
	{row: row{name: "1945-6.1-a LF in the reason", in: "HTTP/1.0 200 O‸\nK", rule: RuleReasonPhrase},
		resp: response(200, "O\nK", "")},
	{row: row{name: "9112-2.2-c NUL in the reason", in: "HTTP/1.0 200 ‸\x00", rule: RuleReasonPhrase},
		resp: response(200, "\x00", "")},
	{row: row{name: "9112-2.2-c second field in a value", in: "HTTP/1.0 200 OK\r\nX: a\r\n‸S",
		rule: RuleSurplus}, resp: response(200, "OK", "", "X", "a\r\nSet-Cookie: x")},
	{row: row{name: "9112-2.2-c body in a value", in: "HTTP/1.0 200 OK\r\nX: a\r\n‸\r\n",
		rule: RuleSurplus}, resp: response(200, "OK", "", "X", "a\r\n\r\n<html>")},
	{row: row{name: "9112-5.2-a fold in a value", in: "HTTP/1.0 200 OK\r\nX: a\r\n‸ b",
		rule: RuleObsFold}, resp: response(200, "OK", "", "X", "a\r\n b")},
	{row: row{name: "9112-2.2-c CR in a value", in: "HTTP/1.0 200 OK\r\nX: a\r‸b", rule: RuleCRLF},
		resp: response(200, "OK", "", "X", "a\rb")},
	{row: row{name: "9112-2.2-c CR at the end of a value", in: "HTTP/1.0 200 OK\r\nX: a\r‸\r",
		rule: RuleCRLF}, resp: response(200, "OK", "", "X", "a\r")},
	{row: row{name: "9112-2.2-c LF in a value", in: "HTTP/1.0 200 OK\r\nX: a‸\nb",
		rule: RuleFieldValue}, resp: response(200, "OK", "", "X", "a\nb")},
	{row: row{name: "9112-2.2-c NUL in a value", in: "HTTP/1.0 200 OK\r\nX: a‸\x00",
		rule: RuleFieldValue}, resp: response(200, "OK", "", "X", "a\x00")},
	{row: row{name: "space before a value", in: "HTTP/1.0 200 OK\r\nX: ‸ a", rule: RuleFieldValue},
		resp: response(200, "OK", "", "X", " a")},
	{row: row{name: "HTAB after a value", in: "HTTP/1.0 200 OK\r\nX: ‸a\t", rule: RuleFieldValue},
		resp: response(200, "OK", "", "X", "a\t")},
	{row: row{name: "value of a blank", in: "HTTP/1.0 200 OK\r\nX: ‸ ", rule: RuleFieldValue},
		resp: response(200, "OK", "", "X", " ")},
	{row: row{name: "9112-2.2-c no name", in: "HTTP/1.0 200 OK\r\n‸:", rule: RuleFieldName},
		resp: response(200, "OK", "", "", "a")},
	{row: row{name: "9112-2.2-c space in a name", in: "HTTP/1.0 200 OK\r\nBad‸ ",
		rule: RuleFieldName}, resp: response(200, "OK", "", "Bad Name", "x")},
	{row: row{name: "9112-2.2-g space before a name", in: "HTTP/1.0 200 OK\r\n‸ X",
		rule: RuleFieldName}, resp: response(200, "OK", "", " X", "x")},
	{row: row{name: "9112-2.2-c CR LF in a name", in: "HTTP/1.0 200 OK\r\na‸\r\n",
		rule: RuleFieldName}, resp: response(200, "OK", "", "a\r\nb", "x")},
	{row: row{name: "colon in a name", in: "HTTP/1.0 200 OK\r\nX‸:y", rule: RuleFieldName},
		resp: response(200, "OK", "", "X:y", "z")},
	{row: row{name: "field in a name", in: "HTTP/1.0 200 OK\r\nX: y\r\n‸Z", rule: RuleSurplus},
		resp: response(200, "OK", "", "X: y\r\nZ", "z")},
	{row: row{name: "9110-5.3-c singleton twice",
		in:   "HTTP/1.0 200 OK\r\nContent-Type: a/b\r\n‸c",
		rule: RuleSingleton},
		resp: response(200, "OK", "", "Content-Type", "a/b", "content-type", "c/d")},
	{row: row{name: "9112-6.1-d coding", in: "HTTP/1.0 200 OK\r\n‸T",
		rule: RuleTransferEncoding}, resp: response(200, "OK", "", "Transfer-Encoding", "chunked")},
	{row: row{name: "9112-6.1-d coding with 204",
		in:   "HTTP/1.0 204 x\r\n‸T",
		rule: RuleTransferEncoding}, resp: response(204, "x", "", "Transfer-Encoding", "chunked")},
	{row: row{name: "9112-6.2-a coding with length",
		in:   "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n‸T",
		rule: RuleTransferEncoding},
		resp: response(200, "OK", "ok", "Content-Length", "2", "Transfer-Encoding", "chunked")},
	{row: row{name: "9110-8.6-f 10 octets declared, 7 there",
		in: "HTTP/1.0 200 OK\r\n‸C", rule: RuleContentLength},
		resp: response(200, "OK", "seven..", "Content-Length", "10")},
	{row: row{name: "9110-8.6-f 10 octets declared, 12 there",
		in: "HTTP/1.0 200 OK\r\n‸C", rule: RuleContentLength},
		resp: response(200, "OK", "twelve......", "Content-Length", "10")},
	{row: row{name: "length of letters", in: "HTTP/1.0 200 OK\r\n‸C",
		rule: RuleContentLength}, resp: response(200, "OK", "ok", "Content-Length", "x")},
	{row: row{name: "empty length", in: "HTTP/1.0 200 OK\r\n‸C",
		rule: RuleContentLength}, resp: response(200, "OK", "", "Content-Length", "")},
	{row: row{name: "length of letters to HEAD", in: "HTTP/1.0 200 OK\r\n‸C",
		rule: RuleContentLength},
		resp: response(200, "OK", "ok", "Content-Length", "x"), method: "HEAD"},
	{row: row{name: "body with 204", in: "HTTP/1.0 204 x\r\n\r\n‸o", rule: RuleSurplus},
		resp: response(204, "x", "ok")},
	{row: row{name: "body with 205", in: "HTTP/1.0 205 x\r\nContent-Length: 2\r\n\r\n‸o", rule: RuleSurplus},
		resp: response(205, "x", "ok", "Content-Length", "2")},
	{row: row{name: "body with 304", in: "HTTP/1.0 304 x\r\n\r\n‸o", rule: RuleSurplus},
		resp: response(304, "x", "ok")},
	{row: row{name: "body with 100", in: "HTTP/1.1 100 x\r\n\r\n‸o", rule: RuleSurplus},
		resp: response(100, "x", "ok")},
	{row: row{name: "length with 204", in: "HTTP/1.0 204 x\r\n‸C",
		rule: RuleContentLength}, resp: response(204, "x", "", "Content-Length", "0")},
	{row: row{name: "length with 204 to HEAD", in: "HTTP/1.0 204 x\r\n‸C",
		rule: RuleContentLength},
		resp: response(204, "x", "", "Content-Length", "0"), method: "HEAD"},
	{row: row{name: "length with 100", in: "HTTP/1.1 100 x\r\n‸C",
		rule: RuleContentLength}, resp: response(100, "x", "", "Content-Length", "0")},
	{row: row{name: "9110-9.3.6-c length to CONNECT",
		in:   "HTTP/1.0 200 OK\r\n‸C",
		rule: RuleContentLength},
		resp: response(200, "OK", "ok", "Content-Length", "2"), method: "CONNECT"},
	{row: row{name: "body to CONNECT", in: "HTTP/1.0 200 OK\r\n\r\n‸o", rule: RuleSurplus},
		resp: response(200, "OK", "ok"), method: "CONNECT"},
	{row: row{name: "tunnel", in: "HTTP/1.0 200 OK\r\n\r\n"},
		resp: response(200, "OK", ""), method: "CONNECT"},
	{row: row{name: "error to CONNECT", in: "HTTP/1.0 501 x\r\nContent-Length: 2\r\n\r\nno"},
		resp: response(501, "x", "no", "Content-Length", "2"), method: "CONNECT"},
	{row: row{name: "parts shorter than they say",
		in: "HTTP/1.0 200 OK\r\n‸C", rule: RuleMessageBody},
		resp: announced(200, 3, "ok")},
	{row: row{name: "parts longer than they say",
		in: "HTTP/1.0 200 OK\r\n‸C", rule: RuleMessageBody},
		resp: announced(200, 1, "ok")},
	{row: row{name: "parts that say they are there, with 304",
		in: "HTTP/1.0 304 OK\r\n‸C", rule: RuleMessageBody}, resp: announced(304, 1, "")},

	{row: row{name: "unknown length", in: "HTTP/1.0 200 OK\r\n\r\nok"}, resp: unknown(200, "ok")},
	{row: row{name: "unknown length to HEAD", in: "HTTP/1.0 200 OK\r\n\r\n"}, resp: unknown(200, "ok"), method: "HEAD"},
	{row: row{name: "unknown length, and a Content-Length",
		in: "HTTP/1.0 200 OK\r\n‸C", rule: RuleContentLength}, resp: unknown(200, "ok", "Content-Length", "2")},
	{row: row{name: "unknown length with 204", in: "HTTP/1.0 204 OK\r\n\r\n‸o", rule: RuleSurplus},
		resp: unknown(204, "ok")},
	{row: row{name: "unknown length with 204, and no octet yet", in: "HTTP/1.0 204 OK\r\n‸\r",
		rule: RuleMessageBody}, resp: unknown(204, "")},
}

// unknown returns a response whose body in parts does not say how long it is.
func unknown(code int, body string, fields ...string) *Response {
	resp := response(code, "OK", "", fields...)
	resp.Parts = liar{words{body}, -1}
	return resp
}

// announced returns a response whose body in parts is said to have n octets.
func announced(code, n int, body string) *Response {
	resp := response(code, "OK", "", "Content-Length", fmt.Sprint(n))
	resp.Parts = liar{words{body}, int64(n)}
	return resp
}

type liar struct {
	words
	length int64
}

func (l liar) Len() int64 { return l.length }

// appended checks that an Append function appends want to dst, or returns the fault and dst
// unchanged.
func appended(t *testing.T, r row, add func(dst []byte) ([]byte, error)) {
	t.Helper()
	want, at := point(r.in)
	for _, dst := range [][]byte{nil, []byte("before"), append(make([]byte, 0, 4096), "room"...)} {
		before := string(dst)
		got, err := add(dst)
		if at < 0 {
			if string(got) != before+string(want) || err != nil {
				t.Errorf("%q, %v\nwant %q", got, err, before+string(want))
			}
			continue
		}
		if string(got) != before {
			t.Errorf("dst came back as %q", got)
		}
		e, ok := errors.AsType[*SyntaxError](err)
		if !ok || e.Offset != at || e.Rule != r.rule || e.Octet != want[at] {
			t.Errorf("err = %v, want offset %d, %v", err, at, r.rule)
		}
	}
}

func TestAppendRequest(t *testing.T) {
	for _, r := range requestsOut {
		t.Run(r.name, func(t *testing.T) {
			appended(t, r.row, func(dst []byte) ([]byte, error) { return AppendRequest(dst, r.req) })
		})
	}
}

func TestAppendResponse(t *testing.T) {
	for _, r := range responsesOut {
		t.Run(r.name, func(t *testing.T) {
			appended(t, r.row, func(dst []byte) ([]byte, error) {
				return AppendResponse(dst, r.resp, []byte(r.method))
			})
		})
	}
}

// The head that AppendResponseHead appends is that of AppendResponse, and so is its error, except that it does
// not see how many octets Parts has.
func TestAppendResponseHead(t *testing.T) {
	for _, r := range responsesOut {
		for _, method := range []string{"", "GET", "HEAD", "CONNECT"} {
			all, wantErr := AppendResponse([]byte("dst"), r.resp, []byte(method))
			want, _, _ := strings.Cut(string(all), "\r\n\r\n")
			if wantErr == nil {
				want += "\r\n\r\n"
			}
			got, err := AppendResponseHead([]byte("dst"), r.resp, []byte(method))
			if e, ok := errors.AsType[*SyntaxError](wantErr); ok && e.Rule == RuleMessageBody && err == nil {
				continue
			}
			if string(got) != want || fmt.Sprint(err) != fmt.Sprint(wantErr) {
				t.Errorf("%s, %s: %q, %v\nwant %q, %v", r.name, method, got, err, want, wantErr)
			}
		}
	}
}

// words is a body in parts. Each part is a word.
type words []string

func (w words) Len() int64 { return int64(len(strings.Join(w, ""))) }

func (w words) WriteParts(to PartWriter) error {
	for _, word := range w {
		to.WritePart([]byte(word))
	}
	return nil
}

// A body in parts and the same body in one piece are written alike.
func TestAppendParts(t *testing.T) {
	for _, parts := range []words{{}, {"a"}, {"a", "", "b"}, {"one", "two", "three", "four", "five"}} {
		for _, code := range []int{200, 204, 304} {
			for _, method := range []string{"GET", "HEAD"} {
				for _, length := range []string{"0", "1", "2", "19"} {
					whole := response(code, "x", strings.Join(parts, ""), "Content-Length", length)
					inParts := *whole
					inParts.Body, inParts.Parts = nil, parts
					if inParts.Len() != whole.Len() {
						t.Errorf("%q have %d octets", parts, inParts.Len())
					}
					want, wantErr := AppendResponse(nil, whole, []byte(method))
					got, err := AppendResponse(nil, &inParts, []byte(method))
					if !bytes.Equal(got, want) || fmt.Sprint(err) != fmt.Sprint(wantErr) {
						t.Errorf("%q, %d to %s: %q, %v\nwant %q, %v", parts, code, method, got, err,
							want, wantErr)
					}
				}
			}
		}
	}
}

// The form of what is written: 1945-2.2-a CR and LF only as a pair, 1945-4.2-b one SP after the
// colon, 9112-2.2-g nothing before the first name, 9112-5.2-a no folds, 1945-6.1-a.
func TestAppendedForm(t *testing.T) {
	for _, r := range requestsOut {
		if out, err := AppendRequest(nil, r.req); err == nil {
			checkForm(t, out[:len(out)-len(r.req.Body)])
		}
	}
	for _, r := range responsesOut {
		out, err := AppendResponse(nil, r.resp, []byte("HEAD"))
		if err == nil {
			checkForm(t, out)
			if isInterim := r.resp.Code < 200; bytes.HasPrefix(out, []byte("HTTP/1.0 ")) == isInterim {
				t.Errorf("%q", out)
			}
		}
	}
}

func checkForm(t *testing.T, head []byte) {
	t.Helper()
	lines := strings.Split(string(head), "\r\n")
	for i, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		switch {
		case strings.ContainsAny(line, "\r\n"):
			t.Errorf("%q: half a line end", head)
		case i == 0 || i >= len(lines)-2:
		case !ok || strings.Trim(name, " \t") != name:
			t.Errorf("%q: %q is not a field", head, line)
		case value != "" && (value[0] != ' ' || strings.Trim(value[1:], " \t") != value[1:] || value == " "):
			t.Errorf("%q: not one SP and the value", line)
		}
	}
}
