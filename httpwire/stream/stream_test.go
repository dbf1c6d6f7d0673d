package stream

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"rawhttp/httpwire"
)

// arrivals are ways in which the same octets can arrive.
var arrivals = map[string]func(io.Reader) io.Reader{
	"at once":          func(r io.Reader) io.Reader { return r },
	"one by one":       iotest.OneByteReader,
	"half by half":     iotest.HalfReader,
	"with the error":   iotest.DataErrReader,
	"with empty reads": func(r io.Reader) io.Reader { return &stutter{r: r} },
}

// A stutter returns no octets from every second Read.
type stutter struct {
	r   io.Reader
	odd bool
}

func (s *stutter) Read(p []byte) (int, error) {
	if s.odd = !s.odd; s.odd {
		return 0, nil
	}
	return s.r.Read(p[:1])
}

func TestRequestsHoweverTheyArrive(t *testing.T) {
	const input = "GET /a HTTP/1.0\r\nX: 1\r\n\r\n" +
		"\r\nPOST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello" +
		"GET /c\r\n"
	for name, arrive := range arrivals {
		t.Run(name, func(t *testing.T) {
			r := NewReader(arrive(strings.NewReader(input)))
			var req httpwire.Request
			var got []string
			for {
				err := r.RequestHead(&req, true)
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatalf("RequestHead: %v", err)
				}
				length, err := req.BodyLength()
				if err != nil {
					t.Fatal(err)
				}
				body, err := r.Body(length)
				if err != nil {
					t.Fatalf("Body: %v", err)
				}
				got = append(got, string(req.Method)+" "+string(req.Target)+" "+string(body))
				_ = append(body, "what a caller appends"...) // not into the buffer
			}
			if g, want := strings.Join(got, "|"), "GET /a |POST /b hello|GET /c "; g != want {
				t.Errorf("got %q, want %q", g, want)
			}
			if r.Count() != int64(len(input)) {
				t.Errorf("Count = %d, want %d", r.Count(), len(input))
			}
		})
	}
}

// A message that is cut off anywhere is io.ErrUnexpectedEOF, never a message and never io.EOF.
func TestCutOff(t *testing.T) {
	const head = "POST /b HTTP/1.0\r\n\r\n"
	const input = head + "hello"
	for name, arrive := range arrivals {
		for cut := 1; cut < len(input); cut++ {
			r := NewReader(arrive(strings.NewReader(input[:cut])))
			var req httpwire.Request
			err := r.RequestHead(&req, true)
			var body []byte
			if err == nil {
				body, err = r.Body(5)
			}
			if err != io.ErrUnexpectedEOF || len(body) != max(0, cut-len(head)) {
				t.Errorf("%s, cut at %d: got %v and %q", name, cut, err, body)
			}
			if got := string(r.Octets()); got != input[:cut] {
				t.Errorf("%s, cut at %d: octets %q", name, cut, got)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	const line = "GET /aaaa HTTP/1.0" // 18 octets
	const rest = "\r\nX: yyyy\r\n\r\n"
	tests := []struct {
		name          string
		maxLine, head int
		input         string
		rule          httpwire.Rule
		offset        int
	}{
		{"9110-5.4-a one below", 19, len(line+rest) + 1, line + rest, 0, 0},
		{"9112-3-d at the limits", 18, len(line + rest), line + rest, 0, 0},
		{"9112-3-c line one above", 17, 1000, line + rest, httpwire.RuleLineLimit, 17},
		{"9110-5.4-a head one above", 18, len(line+rest) - 1, line + rest,
			httpwire.RuleHeadLimit, len(line+rest) - 2},
		{"no limits", 0, 0, line + rest, 0, 0},
		{"limits below 0 are none", -1, -1, line + rest, 0, 0},
		{"an empty line before is not counted", 18, 1000, "\r\n" + line + rest, 0, 0},
		{"one above after an empty line", 17, 1000, "\r\n" + line + rest, httpwire.RuleLineLimit, 19},
		{"9110-17.5-a a line without end", 40, 1000, "GET /" + strings.Repeat("a", 2000),
			httpwire.RuleLineLimit, 40},
		{"a fault after the limit of the line", 40, 1000,
			"GET /" + strings.Repeat("a", 50) + "\x00 HTTP/1.0\r\n\r\n", httpwire.RuleLineLimit, 40},
		{"a fault at the limit of the line", 7, 1000, "GET /aa\x00 HTTP/1.0\r\n\r\n", httpwire.RuleLineLimit, 7},
		{"a fault that is a CR at the limit of the line", 3, 1000, "abc\rX", httpwire.RuleMethod, 3},
		{"CR without LF at the limit of the line", 14, 1000, "GET / HTTP/1.0\rX", httpwire.RuleLineLimit, 15},
		{"LF at the limit of the line", 18, 1000, line + "\n\n", httpwire.RuleCRLF, 18},
		{"LF one after the limit of the line", 17, 1000, line + "\n\n", httpwire.RuleLineLimit, 17},
		{"the limit of the head one after that of the line", 7, 8, line + rest, httpwire.RuleLineLimit, 7},
		{"a fault before it", 40, 1000, "GET /a\x00" + strings.Repeat("a", 50) + " HTTP/1.0\r\n\r\n",
			httpwire.RuleRequestTarget, 6},
		{"a fault after the limit of the head", 40, 60, line + "\r\nX: " +
			strings.Repeat("y", 100) + "\r\nBad Name: x\r\n\r\n", httpwire.RuleHeadLimit, 59},
		{"a fault in a line that reaches the limit of the head", 40, 100, line + "\r\nX: " +
			strings.Repeat("y", 65) + "\x00" + strings.Repeat("y", 100), httpwire.RuleFieldValue, 88},
		{"a head without end", 40, 1000, line + "\r\n" + strings.Repeat("X: y\r\n", 2000),
			httpwire.RuleHeadLimit, 999},
	}
	for _, tt := range tests {
		for name, arrive := range arrivals {
			t.Run(tt.name+" "+name, func(t *testing.T) {
				r := NewReader(arrive(strings.NewReader(tt.input)))
				r.MaxLine, r.MaxHead = tt.maxLine, tt.head
				req := httpwire.Request{Fields: make(httpwire.Fields, 0, 5000)}
				err := r.RequestHead(&req, false)
				if tt.rule == 0 {
					if err != nil {
						t.Fatal(err)
					}
					return
				}
				var fault *httpwire.SyntaxError
				if !errors.As(err, &fault) || fault.Rule != tt.rule {
					t.Fatalf("got %v, want %v", err, tt.rule)
				}
				if fault.Offset != tt.offset {
					t.Errorf("offset %d, want %d", fault.Offset, tt.offset)
				}
				// A sender that waits after the octets that break a limit gets its response.
				limit := tt.rule == httpwire.RuleLineLimit || tt.rule == httpwire.RuleHeadLimit
				if got := r.Count(); name == "one by one" && limit && got != int64(fault.Offset+1) {
					t.Errorf("%d octets were read, but the one at %d breaks the limit", got, fault.Offset)
				}
				if fault.Octet != tt.input[fault.Offset] {
					t.Errorf("octet %q, want %q", fault.Octet, tt.input[fault.Offset])
				}
			})
		}
	}
}

// A last line without an end is read when the source ends or fails, however its octets arrived.
func TestFaultInTheLastLine(t *testing.T) {
	for _, row := range []struct {
		in   string
		rule httpwire.Rule
	}{
		{"GET / HTTP/1.0\r\nA: b\r\nHost‸ : x", httpwire.RuleFieldName},
		{"GET / HTTP/1.0\r\nA: b‸\x00c", httpwire.RuleFieldValue},
		{"GET ‸ / HTTP/1.0", httpwire.RuleRequestTarget},
		{"POST‸\t/", httpwire.RuleMethod},
	} {
		at := strings.Index(row.in, "‸")
		in := strings.Replace(row.in, "‸", "", 1)
		for name, arrive := range arrivals {
			for _, simple := range []bool{false, true} {
				source := io.Reader(strings.NewReader(in))
				if simple {
					source = io.MultiReader(source, iotest.ErrReader(errBroken))
				}
				r := NewReader(arrive(source))
				err := r.RequestHead(new(httpwire.Request), simple)
				fault, ok := errors.AsType[*httpwire.SyntaxError](err)
				if !ok || fault.Rule != row.rule || fault.Offset != at {
					t.Errorf("%q %s: got %v, want %v at %d", in, name, err, row.rule, at)
				}
			}
		}
	}
}

// 9110-8.6-d: an announced length allocates no memory.
func TestAnnouncedLengthTakesNoMemory(t *testing.T) {
	r := NewReader(io.MultiReader(strings.NewReader("GET / HTTP/1.0\r\n\r\n"),
		strings.NewReader(strings.Repeat("x", 5000))))
	var req httpwire.Request
	if err := r.RequestHead(&req, false); err != nil {
		t.Fatal(err)
	}
	body, err := r.Body(1 << 40)
	if err != io.ErrUnexpectedEOF || len(body) != 5000 || cap(body) > 16<<10 {
		t.Errorf("got %d octets in %d, %v", len(body), cap(body), err)
	}
}

// A body has no negative length. The octets that were read stay read.
func TestNegativeLength(t *testing.T) {
	r := NewReader(strings.NewReader("GET / HTTP/1.0\r\n\r\nbody"))
	var req httpwire.Request
	if err := r.RequestHead(&req, false); err != nil {
		t.Fatal(err)
	}
	if body, err := r.Body(-3); err == nil || len(body) != 0 {
		t.Errorf("read %q, %v", body, err)
	}
	if body, err := r.Body(4); err != nil || string(body) != "body" {
		t.Errorf("then read %q, %v", body, err)
	}
}

// The head stays valid while the body is read, and no octet that follows the body is lost.
func TestLongBody(t *testing.T) {
	long := strings.Repeat("0123456789", 10000)
	for name, arrive := range arrivals {
		r := NewReader(arrive(strings.NewReader("PUT /x HTTP/1.0\r\n\r\n" + long + "GET /y\r\n")))
		var req httpwire.Request
		if err := r.RequestHead(&req, false); err != nil {
			t.Fatal(name, err)
		}
		body, err := r.Body(int64(len(long)))
		if err != nil || string(body) != long {
			t.Fatalf("%s: body of %d octets, %v", name, len(body), err)
		}
		if string(req.Target) != "/x" {
			t.Errorf("%s: the target became %q", name, req.Target)
		}
		if err := r.RequestHead(&req, true); err != nil ||
			string(req.Target) != "/y" {
			t.Errorf("%s: then %q, %v", name, req.Target, err)
		}
	}
}

// A response is read to the end of its body, and no further unless the close ends it.
func TestResponse(t *testing.T) {
	for name, arrive := range arrivals {
		const octets = "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello" +
			"HTTP/1.1 203 In Chunks\r\nTransfer-Encoding: chunked\r\n\r\n" +
			"5;a=b\r\nHello\r\n8\r\n, world!\r\n0\r\nTrailer: x\r\n\r\n" +
			"HTTP/1.0 204 No Content\r\n\r\nHTTP/1.0 404 Not Found\r\n\r\nto the close"
		r := NewReader(arrive(strings.NewReader(octets)))
		for _, want := range []string{"200 OK hello", "203 In Chunks Hello, world!", "204 No Content ",
			"404 Not Found to the close"} {
			var resp httpwire.Response
			err := r.Response(&resp, []byte("GET"))
			if got := fmt.Sprintf("%d %s %s", resp.Code, resp.Reason, resp.Body); err != nil || got != want {
				t.Errorf("%s: got %q, %v, want %q", name, got, err, want)
			}
		}
		if err := r.Response(new(httpwire.Response), nil); err != io.EOF || r.Count() != int64(len(octets)) {
			t.Errorf("%s: at the end: %v after %d octets", name, err, r.Count())
		}
	}
	for _, tt := range []struct{ octets, method, want string }{
		{"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD", "<nil>"},
		{"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhell", "GET", "unexpected EOF"},
		{"HTTP/1.0 200 OK\r\nConte", "GET", "unexpected EOF"},
		{"HTTP/1.0 200 OK\r\n" + strings.Repeat("A: b\r\n", httpwire.MaxResponseFields) + "\r\n", "GET", "<nil>"},
		{"HTTP/1.0  200 OK\r\n\r\n", "GET", "offset 9: status-code"},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "GET", "offset 47: chunk-size"},
		{"HTTP/1.0 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "GET", "Content-Length"},
	} {
		resp := httpwire.Response{Body: []byte("of the last response")}
		r := NewReader(strings.NewReader(tt.octets))
		r.MaxLine = 1 // a response has no request-line
		err := r.Response(&resp, []byte(tt.method))
		if !strings.Contains(fmt.Sprint(err), tt.want) || len(resp.Body) > len("hell") {
			t.Errorf("%q: %v, want %s, body %q", tt.octets, err, tt.want, resp.Body)
		}
	}
}

// A body in chunks that is cut off anywhere is io.ErrUnexpectedEOF, with what has arrived. Chunks
// names the piece that is missing.
func TestChunks(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	const chunks = "3\r\nabc\r\n0\r\nA: b\r\n\r\n"
	for cut := range len(chunks) {
		var resp httpwire.Response
		err := NewReader(strings.NewReader(head+chunks[:cut])).Response(&resp, nil)
		if want := "abc"[:min(max(cut-3, 0), 3)]; err != io.ErrUnexpectedEOF || string(resp.Body) != want {
			t.Errorf("cut at %d: %v and %q, want %q", cut, err, resp.Body, want)
		}
	}
	for sent, piece := range map[string]string{"": "the size of chunk 1", "3\r": "the size of chunk 1",
		"3\r\nabc": "the end of chunk 1", "3\r\nabc\r": "the end of chunk 1", "3\r\nabc\r\n": "the size of chunk 2",
		"3\r\nabc\r\n0\r\n": "the trailer", "3\r\nabc\r\n0\r\nA: b\r\n": "the trailer"} {
		if c, got := readChunks(t, sent); c.String() != piece || c.Err != io.ErrUnexpectedEOF || c.Size != 0 || c.Next() {
			t.Errorf("%q: read %q and waits for %s, %v; want %s", sent, got, c, c.Err, piece)
		}
	}
	want := []string{`the size of chunk 1 "3\r\n" "abc"`, `the end of chunk 1 "\r\n" ""`, `the size of chunk 2 "0\r\n" ""`,
		`the trailer "A: b\r\n\r\n" ""`}
	if c, got := readChunks(t, chunks+"surplus"); !slices.Equal(got, want) || c.Err != nil || c.Next() {
		t.Errorf("read %q, %v", got, c.Err)
	}
	if c, got := readChunks(t, "3\r\nabcd\r\n0\r\n\r\n"); len(got) != 1 || c.String() != "the end of chunk 1" ||
		!strings.HasPrefix(fmt.Sprint(c.Err), `offset 6: CRLF: got "d"`) || c.Next() {
		t.Errorf("read %q and waits for %s, %v", got, c, c.Err)
	}
}

// A piece of the framing has the limit of a head.
func TestChunksLimit(t *testing.T) {
	for _, body := range []string{"1;" + strings.Repeat("x", 8) + "\r\n", "0\r\nA: bcdef\r\n\r\n"} {
		r := NewReader(strings.NewReader(body))
		r.MaxHead = 10
		c := Chunks{Reader: r}
		for c.Next() {
		}
		if fault, _ := c.Err.(*httpwire.SyntaxError); fault == nil || fault.Rule != httpwire.RuleHeadLimit {
			t.Errorf("%q: %v in %s", body, c.Err, &c)
		}
	}
}

// readChunks reads a body in chunks. It returns a line for each piece of the framing, with the data after it.
func readChunks(t *testing.T, body string) (c *Chunks, pieces []string) {
	c = &Chunks{Reader: NewReader(strings.NewReader(body))}
	for c.Next() {
		framing := string(c.Framing)
		data, err := c.Reader.Body(c.Size)
		if pieces = append(pieces, fmt.Sprintf("%s %q %q", c, framing, data)); err != nil {
			t.Error(pieces, err)
		}
	}
	return c, pieces
}

// Any number of messages in a row fit into the buffer that one of them needs.
func TestBufferDoesNotGrow(t *testing.T) {
	const one = "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaa HTTP/1.0\r\n\r\n"
	r := NewReader(bytes.NewReader(bytes.Repeat([]byte(one), 5000)))
	var req httpwire.Request
	for range 5000 {
		if err := r.RequestHead(&req, false); err != nil {
			t.Fatal(err)
		}
	}
	if len(r.buf) != firstBuffer {
		t.Errorf("the buffer has %d octets, want %d", len(r.buf), firstBuffer)
	}
}

// A connection that waits for its next request keeps no large buffer.
func TestResetKeepsNoLargeBuffer(t *testing.T) {
	for _, octets := range []int{firstBuffer, keptBuffer, keptBuffer + 1} {
		r := NewReader(strings.NewReader(strings.Repeat("x", octets)))
		var err error
		for err = r.Fill(); err == nil; err = r.Fill() {
		}
		if r.Reset(strings.NewReader("y")); err != io.ErrUnexpectedEOF || len(r.buf) > keptBuffer {
			t.Errorf("after %d octets the buffer has %d, %v", octets, len(r.buf), err)
		}
	}
}

func TestSourceThatGivesNothing(t *testing.T) {
	r := NewReader(iotest.ErrReader(nil))
	if err := r.Fill(); err != io.ErrNoProgress {
		t.Errorf("got %v", err)
	}
}

var errBroken = errors.New("broken")

// A breaking source returns its last octets and its error together, and the error only once.
type breaking struct{ left string }

func (b *breaking) Read(p []byte) (n int, err error) {
	if b.left == "" {
		return 0, errors.New("read after the error")
	}
	if n = copy(p, b.left); n == len(b.left) {
		err = errBroken
	}
	b.left = b.left[n:]
	return n, err
}

// An error of the source is returned after the octets that it came with.
func TestBrokenSource(t *testing.T) {
	for _, octets := range []string{"HTTP", "HTTP/1.0 200 OK\r\n\r\nto the close",
		"HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nshort",
		"HTTP/1.0 200 OK\r\nContent-Length: 9999\r\n\r\n" + strings.Repeat("long", 1000),
		"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"} {
		for name, source := range map[string]io.Reader{
			"with":  &breaking{octets},
			"after": io.MultiReader(strings.NewReader(octets), iotest.ErrReader(errBroken)),
		} {
			r, resp := NewReader(source), httpwire.Response{}
			err := r.Response(&resp, nil)
			if strings.HasSuffix(octets, "ok") && err == nil {
				_, err = r.Read(make([]byte, 1))
			}
			_, body, _ := strings.Cut(octets, "\r\n\r\n")
			if err != errBroken || string(resp.Body) != body {
				t.Errorf("%s %.40q: %v, body %.20q", name, octets, err, resp.Body)
			}
		}
	}
}

// 9110-17.5-a: a long line in single octets is read a few times only.
func TestTrickleIsLinear(t *testing.T) {
	head := "GET / HTTP/1.0\r\nX: " + strings.Repeat("y", 1<<18) + "\r\n\r\n"
	r := NewReader(iotest.OneByteReader(strings.NewReader(head)))
	r.MaxHead = 1 << 20
	read := 0 // octets, in all readings
	err := r.head(1<<10, func() (int, error) {
		read += len(r.Buffered())
		return httpwire.ConsumeRequestHead(r.Buffered(), new(httpwire.Request))
	})
	if err != nil || read > 4*len(head) {
		t.Errorf("a head of %d octets: %v, after %d were read", len(head), err, read)
	}
}

// A part that arrives octet by octet is read in linear time, and no octet that follows it or its fault is
// waited for. Other octets may have arrived with them.
func TestPart(t *testing.T) {
	const limit = 1 << 12
	const before = "before"
	head := "HTTP/1.0 200 OK\r\nX: " + strings.Repeat("y", limit)
	for _, tt := range []struct{ octets, err string }{
		{head[:limit-4] + "\r\n\r\nnext", "<nil>"},
		{head[:limit-3] + "\r\n\r\n", "offset 4101: length of the head"},
		{head[:limit-4], "unexpected EOF"},
		{head[:limit-4] + "\x00", "offset 4098: field-value"},
		{head[:limit-10] + "\r\nX\r" + head, "offset 4095: field-name"},
		{"", "EOF"},
	} {
		for name, arrive := range arrivals {
			read := 0
			r := NewReader(arrive(strings.NewReader(before + tt.octets)))
			err := r.Fill()
			if b, _ := r.Body(int64(len(before))); err != nil || string(b) != before {
				t.Fatal(string(b), err)
			}
			part, err := r.Part(limit, func(b []byte) (int, error) {
				read += len(b)
				n, err := httpwire.ConsumeResponseHead(b, new(httpwire.Response))
				if err == httpwire.ErrIncomplete {
					err = fmt.Errorf("the head: %w", err) // a caller can say what is incomplete
				}
				return n, err
			})
			if !strings.HasPrefix(fmt.Sprint(err), tt.err) || (err == nil) != (len(part) == limit) ||
				read > eager+4*limit {
				t.Errorf("%s %.10q: %d octets, %v, and %d octets were read", name, tt.octets, len(part), err, read)
			}
			if want := int64(len(before) + len(part)); r.Consumed() != want {
				t.Errorf("%s %.10q: %d octets are consumed, want %d", name, tt.octets, r.Consumed(), want)
			}
			most := min(len(tt.octets), limit)
			got := string(part) + string(r.Buffered())
			if !strings.HasPrefix(tt.octets, got) || got != string(r.Octets()) || name == "one by one" && len(got) > most {
				t.Errorf("%s %.10q: %d octets were read or are in the buffer", name, tt.octets, len(got))
			}
		}
	}
	more := strings.NewReader("more")
	r := NewReader(io.MultiReader(strings.NewReader("HTTP/1.0 20"), strings.NewReader("x OK"), more))
	_, err := r.Part(limit, func(b []byte) (int, error) {
		return httpwire.ConsumeResponseHead(b, new(httpwire.Response))
	})
	if !strings.HasPrefix(fmt.Sprint(err), "offset 11: status-code") || more.Len() < len("more") {
		t.Errorf("a fault in half a line: %v, and %d octets are left", err, more.Len())
	}
	for _, limit := range []int{1, 0, -1} {
		_, err := NewReader(strings.NewReader("\r\n")).Part(limit, httpwire.ConsumeChunkEnd)
		if fault, ok := err.(*httpwire.SyntaxError); !ok || fault.Rule != httpwire.RuleHeadLimit || fault.Offset != 0 {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
}

// An offset that an int cannot hold is not below zero.
func TestLargeOffset(t *testing.T) {
	for before, want := range map[int64]int{10: 10 + 5, math.MaxInt64 - 3: math.MaxInt} {
		r := &Reader{src: strings.NewReader("00000x"), count: before}
		_, err := r.Part(100, func(b []byte) (int, error) {
			_, n, err := httpwire.ConsumeChunkLine(b)
			return n, err
		})
		if fault, ok := err.(*httpwire.SyntaxError); !ok || fault.Offset != want {
			t.Errorf("%d octets before: %v, want %d", before, err, want)
		}
	}
}

// Read keeps the order of the octets, with those in the buffer first.
func TestRead(t *testing.T) {
	const body = "a body that Read reads"
	for name, arrive := range arrivals {
		r := NewReader(arrive(strings.NewReader("GET /a HTTP/1.0\r\n\r\n" + body)))
		var req httpwire.Request
		if err := r.RequestHead(&req, false); err != nil {
			t.Fatal(name, err)
		}
		if err := iotest.TestReader(r, []byte(body)); err != nil || string(req.Target) != "/a" || r.Count() != 41 {
			t.Errorf("%s: %v, the target is %q after %d octets", name, err, req.Target, r.Count())
		}
	}
}

// BenchmarkTrickle reads a head of 64 KiB, the largest that a server takes, in single octets.
func BenchmarkTrickle(b *testing.B) {
	head := "GET /x HTTP/1.0\r\n" + strings.Repeat("X: "+strings.Repeat("y", 650)+"\r\n", 100) + "\r\n"
	req := httpwire.Request{Fields: make(httpwire.Fields, 0, 100)}
	b.ReportAllocs()
	b.SetBytes(int64(len(head)))
	for b.Loop() {
		r := NewReader(iotest.OneByteReader(strings.NewReader(head)))
		r.MaxLine, r.MaxHead = 8<<10, 128<<10
		if err := r.RequestHead(&req, false); err != nil {
			b.Fatal(err)
		}
	}
}

// Memory for a body grows by doubling, but not beyond what is announced.
func TestBodyGrowsNoFurther(t *testing.T) {
	for _, n := range []int64{5000, 40_000, 66_000, 1 << 20} {
		r := NewReader(strings.NewReader(strings.Repeat("x", int(n))))
		body, err := r.Body(n)
		if err != nil || int64(len(body)) != n || int64(cap(body)) > n+n/4 {
			t.Errorf("%d octets in room for %d, announced were %d, %v", len(body), cap(body), n, err)
		}
	}
}
