package httpwire_test

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"rawhttp/examples/gallery"
	. "rawhttp/httpwire"
)

// The fuzz targets check three properties. The spans cover what was read, without gaps or overlaps.
// The verdict is known at the octet that it names, and does not depend on later octets. A message
// that was read can be written, and reads the same.

// quadratic is the number of octets up to which inputs are cut at every length.
const quadratic = 400

// seed adds the octets of the tables and of the gallery.
func seed(f *testing.F, tables [][]row, messages []gallery.Message) {
	for _, table := range tables {
		for _, r := range table {
			b, _ := point(r.in)
			f.Add(b)
		}
	}
	for _, m := range messages {
		f.Add(m.Octets())
	}
}

// decidedBy returns the number of octets after which a fault is known: one more than its offset.
// For white space in the line of a chunk it takes the octet that follows. For a target that begins like
// "http" it takes the first octet that differs.
func decidedBy(b []byte, fault SyntaxError) int {
	end := fault.Offset
	switch {
	case end == 0:
	case fault.Rule == RuleChunkSize || fault.Rule == RuleChunkExt:
		for b[end] == ' ' || b[end] == '\t' {
			end++
		}
	case fault.Rule == RuleRequestTarget && b[end-1] == ' ':
		for i := 0; b[end]|0x20 == "http"[i]; i++ {
			end++
		}
	}
	return end + 1
}

// An outcome is the result of a Consume function.
type outcome struct {
	n     int
	err   error
	fault SyntaxError
}

func run(t *testing.T, b []byte, read reading) (o outcome) {
	n, _, err := read(t, b[:len(b):len(b)])
	o = outcome{n: n, err: err}
	if e, ok := errors.AsType[*SyntaxError](err); ok {
		o.err, o.fault = nil, *e
		if n != 0 || e.Rule == 0 || b[e.Offset] != e.Octet {
			t.Fatalf("%q: n = %d, %v", b, n, err)
		}
	} else if err != nil && (n != 0 || !errors.Is(err, ErrIncomplete)) {
		t.Fatalf("%q: n = %d, %v", b, n, err)
	}
	return o
}

// verdictAtOctet checks the second property and returns the verdict.
func verdictAtOctet(t *testing.T, b []byte, read reading) outcome {
	whole := run(t, b, read)
	decided := len(b) + 1
	switch {
	case whole.fault.Rule != 0:
		decided = decidedBy(b, whole.fault)
	case whole.err == nil:
		decided = whole.n
	}
	for k := range min(len(b), quadratic) {
		switch got := run(t, b[:k], read); {
		case k < decided && got.err == nil:
			t.Fatalf("%q: first %d octets: %v, but the whole %v", b, k, got, whole)
		case k >= decided && got != whole:
			t.Fatalf("%q: first %d octets: %v, but the whole %v", b, k, got, whole)
		}
	}
	if whole.err == nil {
		if got := run(t, join(b, "\r\n\r\n"), read); got != whole {
			t.Fatalf("%q: with more octets %v, without %v", b, got, whole)
		}
	}
	return whole
}

func FuzzRequestHead(f *testing.F) {
	seed(f, [][]row{requestHeads, simpleRequests, checks, requestLengths},
		append(gallery.Good, gallery.Bad...))
	for _, target := range []string{"hello", "h:1", "HTtx", "*h", "/ hello"} {
		f.Add([]byte("GET " + target + " HTTP/1.0\r\n\r\n"))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		whole := verdictAtOctet(t, b, readRequest)
		verdictAtOctet(t, b, func(_ *testing.T, b []byte) (int, string, error) {
			var req Request
			n, err := ConsumeRequest(b, &req)
			return n, "", err
		})
		spans, err := RequestSpans(nil, b)
		verdict(t, b, spans, err)
		if whole.n > 0 {
			writeAgain(t, head(t, b))
		}
	})
}

// writeAgain writes a request that was read and compares it. The version becomes 1.0. It leaves out
// what Check or BodyLength refuse.
func writeAgain(t *testing.T, req *Request) {
	t.Helper()
	length, err := req.BodyLength()
	if req.Check() != nil || err != nil || length > 1<<10 {
		return
	}
	req.Body = make([]byte, length)
	b, err := AppendRequest(nil, req)
	if err != nil {
		t.Fatalf("%s %s%s: %v", req.Method, req.Target, showFields(req.Fields), err)
	}
	again := head(t, b)
	if string(again.Method) != string(req.Method) || string(again.Target) != string(req.Target) ||
		showFields(again.Fields) != showFields(req.Fields) || len(again.Head)+len(req.Body) != len(b) {
		t.Fatalf("read %s %s%s, wrote %q", req.Method, req.Target, showFields(req.Fields), b)
	}
}

func FuzzResponseHead(f *testing.F) {
	seed(f, [][]row{responseHeads}, gallery.Responses)
	for _, r := range framings {
		b, _ := point(r.in)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var resp Response
		whole := verdictAtOctet(t, b, func(t *testing.T, b []byte) (int, string, error) {
			n, err := ConsumeResponseHead(b, &resp)
			if err == nil {
				checkViews(t, b, resp.Fields)
			}
			return n, "", err
		})
		for _, method := range []string{"GET", "HEAD"} {
			spans, err := ResponseSpans(nil, b, []byte(method))
			verdict(t, b, spans, err)
		}
		if whole.n == 0 {
			return
		}
		_, err := ConsumeResponseHead(b, &resp)
		if err != nil {
			t.Fatal(err)
		}
		if f, _ := resp.Framing(nil); f.Length < 0 || f.Length > 0 &&
			resp.Fields.Get("Content-Length") == nil {
			t.Errorf("%q: length %d", b, f.Length)
		}
		writeResponseAgain(t, &resp)
	})
}

// writeResponseAgain writes a response that was read, without folds, and compares it. It leaves out
// the version, codes that do not exist, and fields about a body.
func writeResponseAgain(t *testing.T, resp *Response) {
	t.Helper()
	var kept Fields
	for _, f := range resp.Fields {
		if kept.Get(string(f.Name)) == nil && !EqualFold(f.Name, "Content-Length") &&
			!EqualFold(f.Name, "Transfer-Encoding") {
			kept = kept.Add(f.Name, AppendUnfolded([]byte{}, f.Value))
		}
	}
	resp.Fields, resp.Body = kept, nil
	b, err := AppendResponse(nil, resp, nil)
	if resp.Code < 100 || resp.Code > 599 {
		if err == nil {
			t.Fatalf("code %d was written", resp.Code)
		}
		return
	}
	var again Response
	n, readErr := ConsumeResponseHead(b, &again)
	if err != nil || readErr != nil || n != len(b) || again.Code != resp.Code ||
		!bytes.Equal(again.Reason, resp.Reason) || showFields(again.Fields) != showFields(kept) {
		t.Fatalf("%q, %v: reads %d %s%s, %v", b, err, again.Code, again.Reason,
			showFields(again.Fields), readErr)
	}
}

func FuzzChunked(f *testing.F) {
	seed(f, [][]row{chunkLines, chunkBlanks}, nil)
	for _, s := range []string{"5\r\nhello\r\n0\r\n\r\n", "1;a\r\nx\r\n0\r\nT: u\r\n\r\n",
		"2\r\nxyz"} {
		f.Add([]byte(s))
	}
	const before = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	f.Fuzz(func(t *testing.T, b []byte) {
		verdictAtOctet(t, b, func(t *testing.T, b []byte) (int, string, error) {
			size, n, err := ConsumeChunkLine(b)
			if size < 0 || err == nil && hexValue(b) != size {
				t.Errorf("%q: size %d", b, size)
			}
			return n, "", err
		})
		verdictAtOctet(t, b, func(_ *testing.T, b []byte) (int, string, error) {
			n, err := ConsumeChunkEnd(b)
			return n, "", err
		})
		fs := make(Fields, 0, 4)
		verdictAtOctet(t, b, func(_ *testing.T, b []byte) (int, string, error) {
			n, err := ConsumeTrailer(b, &fs)
			return n, "", err
		})
		whole := []byte(before + string(b))
		spans, err := ResponseSpans(nil, whole, nil)
		verdict(t, whole, spans, err)
	})
}

// hexValue returns the size in a chunk line as strconv reads it.
func hexValue(line []byte) int64 {
	end := bytes.IndexAny(line, "; \t\r")
	n, err := strconv.ParseInt(string(line[:end]), 16, 64)
	if err != nil {
		return -1
	}
	return n
}

func FuzzBodyLength(f *testing.F) {
	for _, v := range []string{"0", "5", "+5", "5, 5", "", "0x5", "99999999999999999999", "5\r\n ",
		"9223372036854775807", "9223372036854775808"} {
		f.Add(v, "", "", true)
		f.Add("", v, "chunked", false)
		f.Add(v, "7", "gzip, chunked", true)
	}
	f.Fuzz(func(t *testing.T, first, second, coding string, minor bool) {
		var fs Fields
		for _, v := range []string{first, second} {
			if v != "" {
				fs = fs.Add([]byte("Content-Length"), []byte(v))
			}
		}
		if coding != "" {
			fs = fs.Add([]byte("Transfer-Encoding"), []byte(coding))
		}
		version := Version{Major: 1}
		if minor {
			version.Minor = 1
		}
		req := Request{RequestLine: RequestLine{Version: version}, Fields: fs}
		length, err := req.BodyLength()
		if want, ok := plainLength(fs); (err == nil) != ok || ok && length != want {
			t.Errorf("%s: %d, %v, want %d %v", showFields(fs), length, err, want, ok)
		}
		resp := Response{StatusLine: StatusLine{Version: version, Code: 200}, Fields: fs}
		framing, err := resp.Framing(nil)
		if framing.Length < 0 || framing.Ending == EndsAfterChunks && !minor || coding == "" &&
			second == "" && first != "" && err == nil && framing.Ending != EndsAfterLength {
			t.Errorf("%s: %v, %v", showFields(fs), framing, err)
		}
	})
}

// plainLength is another implementation of Request.BodyLength.
func plainLength(fs Fields) (int64, bool) {
	if len(fs) == 0 {
		return 0, true
	}
	if len(fs) > 1 || string(fs[0].Name) != "Content-Length" {
		return 0, false
	}
	v := strings.Trim(string(fs[0].Value), " \t\r\n")
	n, err := strconv.ParseUint(v, 10, 63) // in a range error, the largest
	return int64(n), strings.Trim(v, "0123456789") == "" && (err == nil || v != "")
}

func FuzzAppend(f *testing.F) {
	for _, r := range requestsOut {
		name, value := []byte("A"), []byte("b")
		if len(r.req.Fields) > 0 {
			name, value = r.req.Fields[0].Name, r.req.Fields[0].Value
		}
		f.Add(r.req.Method, r.req.Target, name, value, 200, r.req.Body)
	}
	for _, r := range responsesOut {
		name, value := []byte("A"), []byte("b")
		if len(r.resp.Fields) > 0 {
			name, value = r.resp.Fields[0].Name, r.resp.Fields[0].Value
		}
		f.Add([]byte("HEAD"), r.resp.Reason, name, value, r.resp.Code, r.resp.Body)
	}
	f.Fuzz(func(t *testing.T, method, text, name, value []byte, code int, body []byte) {
		fs := Fields{{Name: name, Value: value}}
		if !EqualFold(name, "Content-Length") {
			fs = fs.Add([]byte("Content-Length"), []byte(strconv.Itoa(len(body))))
		}
		appendRequest(t, &Request{RequestLine: RequestLine{Method: method, Target: text},
			Fields: fs, Body: body})
		appendResponse(t, &Response{StatusLine: StatusLine{Code: code, Reason: text},
			Fields: fs, Body: body}, method)
	})
}

// refused reports whether an Append function returned an error and left "dst" unchanged.
func refused(t *testing.T, b []byte, err error) bool {
	t.Helper()
	e, ok := errors.AsType[*SyntaxError](err)
	if err != nil && (!ok || e.Rule == 0 || e.Offset < 0 || string(b) != "dst") ||
		!bytes.HasPrefix(b, []byte("dst")) {
		t.Fatalf("%v, and dst is %q", err, b)
	}
	return err != nil
}

func appendRequest(t *testing.T, req *Request) {
	t.Helper()
	b, err := AppendRequest([]byte("dst"), req)
	if refused(t, b, err) {
		return
	}
	var got Request
	n, err := ConsumeRequestHead(b[3:], &got)
	if err != nil || !bytes.Equal(got.Method, req.Method) || !bytes.Equal(got.Target, req.Target) ||
		showFields(got.Fields) != showFields(req.Fields) || !bytes.Equal(b[3+n:], req.Body) {
		t.Fatalf("%q: reads %s %s%s, %v", b, got.Method, got.Target, showFields(got.Fields), err)
	}
	if length, err := got.BodyLength(); length != int64(len(req.Body)) || err != nil {
		t.Fatalf("%q: length %d, %v", b, length, err)
	}
}

func appendResponse(t *testing.T, resp *Response, method []byte) {
	t.Helper()
	b, err := AppendResponse([]byte("dst"), resp, method)
	if refused(t, b, err) {
		return
	}
	var got Response
	n, err := ConsumeResponseHead(b[3:], &got)
	body := resp.Body
	if string(method) == "HEAD" {
		body = nil
	}
	if err != nil || got.Code != resp.Code || !bytes.Equal(got.Reason, resp.Reason) ||
		showFields(got.Fields) != showFields(resp.Fields) || !bytes.Equal(b[3+n:], body) {
		t.Fatalf("%q: reads %d %s%s, %v", b, got.Code, got.Reason, showFields(got.Fields), err)
	}
}

func FuzzDate(f *testing.F) {
	for _, d := range dates {
		b, _ := point(d.in)
		f.Add(b, int64(1762387200))
	}
	f.Fuzz(func(t *testing.T, b []byte, unix int64) {
		now := time.Unix(unix%250000000000, 0)
		got, err := ParseDate(b, now)
		if errors.Is(err, ErrIncomplete) {
			fault(t, err, b, len(b), RuleHTTPDate)
			return
		}
		if e, ok := errors.AsType[*SyntaxError](err); ok {
			fault(t, err, b, e.Offset, RuleHTTPDate)
			return
		}
		again, err := ParseDate(AppendDate(nil, got), now)
		if err != nil || !again.Equal(got) {
			t.Errorf("%q: %v, again %v, %v", b, got, again, err)
		}
		if bytes.ContainsRune(b, '-') && got.After(now.AddDate(50, 0, 1)) {
			t.Errorf("%q is %v, at %v", b, got, now)
		}
	})
}
