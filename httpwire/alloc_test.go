package httpwire_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	. "rawhttp/httpwire"
)

var sink int64 // keeps results from being optimised away

// No function allocates if the caller provides the storage. RequestSpans and ResponseSpans allocate
// storage for the fields, which the caller does not see.
func TestNoAllocs(t *testing.T) {
	in := []byte("POST http://h/a?b HTTP/1.0\r\nHost: h\r\nConnection: a, keep-alive\r\n" +
		"Content-Length: 2\r\n\r\nok")
	bare := []byte("GET http://h HTTP/1.0\r\n\r\n")
	response := []byte("HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\nok")
	chunks := []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")
	simple, line := []byte("GET /\r\n"), []byte("FF;a=b\r\n")
	trailer, date := []byte("A: b\r\n\r\n"), []byte("Sunday, 06-Nov-94 08:49:37 GMT")
	media := []byte("application/json; charset=utf-8")
	now, method := time.Now(), []byte("GET")

	req, resp, other := Request{Fields: make(Fields, 0, 10)}, Response{Fields: make(Fields, 0, 10)},
		Request{Fields: make(Fields, 0, 10)}
	fs, dst, spans := make(Fields, 0, 10), make([]byte, 0, 1000), make([]Span, 0, 100)
	ConsumeRequestHead(bare, &other)
	add := func(n int, err error) { sink += int64(n) }
	out := func(b []byte, err error) { sink += int64(len(b)) }

	steps := []struct {
		name string
		call func()
	}{
		{"ConsumeRequestHead", func() { add(ConsumeRequestHead(in, &req)) }},
		{"ConsumeRequestHead, incomplete", func() { add(ConsumeRequestHead(in[:50], &other)) }},
		{"ConsumeRequest, simple", func() { add(ConsumeRequest(simple, &other)) }},
		{"ConsumeRequest", func() { add(ConsumeRequest(bare, &other)) }},
		{"ConsumeResponseHead, chunked", func() { add(ConsumeResponseHead(chunks, &resp)) }},
		{"Framing, chunked", func() { f, _ := resp.Framing(method); sink += f.Length }},
		{"ConsumeResponseHead", func() { add(ConsumeResponseHead(response, &resp)) }},
		{"ConsumeChunkLine", func() { size, _, err := ConsumeChunkLine(line); add(int(size), err) }},
		{"ConsumeChunkEnd", func() { add(ConsumeChunkEnd(trailer[6:])) }},
		{"ConsumeTrailer", func() { add(ConsumeTrailer(trailer, &fs)) }},
		{"Check", func() { add(0, req.Check()) }},
		{"Request.BodyLength", func() { n, err := req.BodyLength(); add(int(n), err) }},
		{"Framing", func() { f, err := resp.Framing(method); add(int(f.Length), err) }},
		{"KeepAlive", func() { req.KeepAlive() }},
		{"Get", func() { out(req.Fields.Get("content-length"), nil) }},
		{"Has", func() { req.Fields.Has("connection", "close") }},
		{"Named", func() {
			for f := range req.Fields.Named("connection") {
				sink += int64(len(f.Value))
			}
		}},
		{"Add", func() { sink += int64(len(fs[:0].Add(method, media))) }},
		{"Authority", func() { out(req.Authority(), nil) }},
		{"Path", func() { out(req.Path(), nil) }},
		{"Path, left out", func() { out(other.Path(), nil) }},
		{"Query", func() { out(req.Query(), nil) }},
		{"AppendRequest", func() { req.Body = in[:2]; out(AppendRequest(dst, &req)) }},
		{"AppendResponse, AppendResponseHead", func() {
			resp.Fields, resp.Body = resp.Fields[1:], in[:2]
			out(AppendResponse(dst, &resp, method))
			out(AppendResponseHead(dst, &resp, method))
			resp.Fields = fs[:0]
			add(ConsumeResponseHead(response, &resp))
		}},
		{"AppendUnfolded", func() { out(AppendUnfolded(dst, resp.Fields.Get("X")), nil) }},
		{"AppendDate", func() { out(AppendDate(dst, now), nil) }},
		{"ParseDate", func() { d, err := ParseDate(date, now); add(d.Day(), err) }},
		{"ParseMediaType", func() { m, err := ParseMediaType(media); add(len(m.Type), err) }},
		{"ValueFault", func() { sink += int64(ValueFault("Content-Type", media)) }},
		{"ValueFault, long name", func() { sink += int64(ValueFault("Strict-Transport-Security", media)) }},
		{"IsSimpleResponse", func() { IsSimpleResponse(response) }},
		{"ReasonPhrase", func() { sink += int64(len(ReasonPhrase(200))) }},
		{"EqualFold", func() { EqualFold(media, "APPLICATION") }},
		{"RequestSpans, 1 for the fields", func() {
			s, err := RequestSpans(spans, in)
			add(len(s), err)
		}},
		{"ResponseSpans, 1 for the fields", func() {
			s, err := ResponseSpans(spans, response, method)
			add(len(s), err)
		}},
	}
	for _, s := range steps {
		want := float64(strings.Count(s.name, "1 for"))
		if n := testing.AllocsPerRun(100, s.call); n != want {
			t.Errorf("%s: %v allocations", s.name, n)
		}
	}
}

// The package imports these packages only, and so does no I/O.
func TestImports(t *testing.T) {
	allowed := []string{"bytes", "errors", "iter", "math/bits", "slices", "strconv", "time"}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			if path, _ := strconv.Unquote(i.Path.Value); !slices.Contains(allowed, path) {
				t.Errorf("%s imports %s", name, path)
			}
		}
	}
}
