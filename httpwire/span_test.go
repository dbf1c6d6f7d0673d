package httpwire_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"rawhttp/examples/gallery"
	. "rawhttp/httpwire"
)

// spell returns the spans of b, one on each line.
func spell(b []byte, spans []Span) string {
	var s strings.Builder
	for _, sp := range spans {
		fmt.Fprintf(&s, "%d-%d %v %q\n", sp.Start, sp.End, sp.Rule, b[sp.Start:sp.End])
	}
	return s.String()
}

func TestRequestSpansSpelled(t *testing.T) {
	b := []byte("\r\nPOST /a%20b?c HTTP/1.0\r\nHost:localhost\r\nContent-Length: \t2 \r\n" +
		"E:\r\n\r\nokMORE")
	const want = `0-2 leading CRLF "\r\n"
2-6 method "POST"
6-7 SP " "
7-15 request-target "/a%20b?c"
15-16 SP " "
16-24 HTTP-version "HTTP/1.0"
24-26 CRLF "\r\n"
26-30 field-name "Host"
30-31 colon ":"
31-40 field-value "localhost"
40-42 CRLF "\r\n"
42-56 field-name "Content-Length"
56-57 colon ":"
57-59 OWS " \t"
59-60 field-value "2"
60-61 OWS " "
61-63 CRLF "\r\n"
63-64 field-name "E"
64-65 colon ":"
65-67 CRLF "\r\n"
67-69 empty line "\r\n"
69-71 message-body "ok"
`
	spans, err := RequestSpans(nil, b)
	if got := spell(b, spans); got != want || err != nil {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestResponseSpansSpelled(t *testing.T) {
	b := []byte("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: a \r\n b\r\n" +
		"Transfer-Encoding: chunked\r\n\r\n3 ;x\r\nabc\r\n0\r\nT: 1\r\n\r\nMORE")
	const want = `0-8 HTTP-version "HTTP/1.1"
8-9 SP of the status-line " "
9-12 status-code "100"
12-13 SP of the status-line " "
13-21 reason-phrase "Continue"
21-23 CRLF "\r\n"
23-25 empty line "\r\n"
25-33 HTTP-version "HTTP/1.1"
33-34 SP of the status-line " "
34-37 status-code "200"
37-38 SP of the status-line " "
38-40 reason-phrase "OK"
40-42 CRLF "\r\n"
42-43 field-name "X"
43-44 colon ":"
44-45 OWS " "
45-46 field-value "a"
46-47 OWS " "
47-50 obs-fold "\r\n "
50-51 field-value "b"
51-53 CRLF "\r\n"
53-70 field-name "Transfer-Encoding"
70-71 colon ":"
71-72 OWS " "
72-79 field-value "chunked"
79-81 CRLF "\r\n"
81-83 empty line "\r\n"
83-84 chunk-size "3"
84-85 OWS " "
85-87 chunk-ext ";x"
87-89 CRLF "\r\n"
89-92 chunk-data "abc"
92-94 CRLF "\r\n"
94-95 chunk-size "0"
95-97 CRLF "\r\n"
97-98 field-name "T"
98-99 colon ":"
99-100 OWS " "
100-101 field-value "1"
101-103 CRLF "\r\n"
103-105 empty line "\r\n"
`
	spans, err := ResponseSpans(nil, b, []byte("GET"))
	if got := spell(b, spans); got != want || err != nil {
		t.Errorf("%v\n%s", err, got)
	}
}

// tiles checks that spans cover b from the start without gap or overlap and returns their end.
func tiles(t *testing.T, b []byte, spans []Span) (end int) {
	t.Helper()
	for _, sp := range spans {
		if sp.Start != end || sp.End <= sp.Start || sp.End > len(b) || sp.Rule.String() == "" {
			t.Fatalf("%q: span %v after %d", b, sp, end)
		}
		end = sp.End
	}
	return end
}

// verdict checks the result of RequestSpans or ResponseSpans, and returns the end of the spans and
// the error.
func verdict(t *testing.T, b []byte, spans []Span, err error) (end int, fault *SyntaxError) {
	t.Helper()
	end = tiles(t, b, spans)
	if i, ok := errors.AsType[*IncompleteError](err); ok {
		if end != len(b) || i.Offset != len(b) || i.Rule.String() == "" {
			t.Fatalf("%q: %v, though the spans end at %d", b, err, end)
		}
		return end, nil
	}
	fault, ok := errors.AsType[*SyntaxError](err)
	switch {
	case ok && (fault.Offset > end || b[fault.Offset] != fault.Octet):
		t.Fatalf("%q: %v, though the spans end at %d", b, err, end)
	case !ok && err != nil:
		t.Fatal(err)
	}
	return end, fault
}

// Any number of first octets of a valid message is incomplete.
func TestGoodGallery(t *testing.T) {
	for _, m := range gallery.Good {
		t.Run(m.File, func(t *testing.T) {
			b := m.Octets()
			for k := range b {
				spans, err := RequestSpans(nil, b[:k:k])
				if !errors.Is(err, ErrIncomplete) {
					t.Fatalf("first %d octets: %v", k, err)
				}
				verdict(t, b[:k], spans, err)
			}
			for _, tail := range tails {
				spans, err := RequestSpans(nil, join(b, tail))
				if end, _ := verdict(t, join(b, tail), spans, err); end != len(b) || err != nil {
					t.Errorf("with %q at the end: %d of %d octets, %v", tail, end, len(b), err)
				}
			}
		})
	}
}

// An invalid message is incomplete up to the octet in its table, and an error from there on. If it
// breaks a condition on the whole head, it is an error from the end of the head on.
func TestBadGallery(t *testing.T) {
	for _, m := range gallery.Bad {
		t.Run(m.File, func(t *testing.T) {
			checkBad(t, m, func(b []byte) ([]Span, error) { return RequestSpans(nil, b) })
		})
	}
}

func checkBad(t *testing.T, m gallery.Message, read func(b []byte) ([]Span, error)) {
	t.Helper()
	b := m.Octets()
	want := SyntaxError{Offset: m.Offset, Octet: b[m.Offset], Rule: m.Rule}
	decided := 0
	for k := 0; k <= len(b); k++ {
		spans, err := read(b[:k:k])
		_, fault := verdict(t, b[:k], spans, err)
		switch {
		case fault == nil && err != nil && decided == 0:
		case err == nil && decided == 0 && IsSimpleResponse(b[:k]): // a body, until a code follows
		case fault != nil && *fault == want && decided == 0:
			decided = k
		case fault != nil && *fault == want:
		default:
			t.Fatalf("first %d octets: %v, want %v", k, err, &want)
		}
	}
	switch late := headAsAWhole(m.Rule); {
	case decided > 0 && looksLike(b):
	case decided == 0:
		t.Errorf("no fault, want %v", &want)
	case !late && decided != decidedBy(b, want):
		t.Errorf("decided by %d octets, want %d", decided, m.Offset+1)
	case late && !strings.HasSuffix(string(b[:decided]), "\r\n\r\n"):
		t.Errorf("decided by %d octets, want the head", decided)
	}
}

// looksLike reports whether b is refused because its first octets look like a status-line.
func looksLike(b []byte) bool {
	at, err := LooksLikeStatusLine(b)
	return IsSimpleResponse(b) && err == nil && at >= 0
}

// headAsAWhole reports whether a rule is a condition on the whole head.
func headAsAWhole(r Rule) bool { return RuleMajorVersion <= r && r < RuleLineLimit }

// Each response is read as the response to the method in its table.
func TestResponseGallery(t *testing.T) {
	for _, m := range gallery.Responses {
		t.Run(m.File, func(t *testing.T) {
			read := func(b []byte) ([]Span, error) { return ResponseSpans(nil, b, []byte(m.Method)) }
			if m.Rule != 0 {
				checkBad(t, m, read)
				return
			}
			b := m.Octets()
			for k := range len(b) + 1 {
				spans, err := read(b[:k:k])
				_, fault := verdict(t, b[:k], spans, err)
				if fault != nil || k == len(b) && err != nil {
					t.Fatalf("first %d octets: %v", k, err)
				}
			}
		})
	}
}

func TestSurplusHasNoSpan(t *testing.T) {
	b := []byte("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.0 200 OK\r\n\r\n")
	spans, err := ResponseSpans(nil, b, nil)
	if end, _ := verdict(t, b, spans, err); string(b[:end]) != "HTTP/1.0 200 OK\r\n"+
		"Content-Length: 2\r\n\r\nok" {
		t.Errorf("%d octets", end)
	}
}

// 1945-7.2.2-a: the length of the body counts octets, not characters.
func TestBodyCountsOctets(t *testing.T) {
	const body = `{"ID":9,"number":1,"post_code":"é"}`
	in := fmt.Appendf(nil, "POST / HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	for k := range in {
		if _, err := RequestSpans(nil, in[:k]); !errors.Is(err, ErrIncomplete) {
			t.Fatalf("first %d octets: %v", k, err)
		}
	}
	spans, err := RequestSpans(nil, in)
	last := spans[len(spans)-1]
	if err != nil || last.Rule != RuleMessageBody || string(in[last.Start:last.End]) != body {
		t.Errorf("%v, %v", last, err)
	}
}

// Spans are appended to those in dst.
func TestSpansAreAppended(t *testing.T) {
	first := Span{Rule: RuleSurplus, Start: 7, End: 9}
	for _, in := range []string{"GET / HTTP/1.0\r\n\r\n", "GET /\r\n", "GET / HTTP\r\n", "GET /\rx"} {
		dst := append(make([]Span, 0, 100), first)
		spans, _ := RequestSpans(dst, []byte(in))
		if spans[0] != first || tiles(t, []byte(in), spans[1:]) == 0 {
			t.Errorf("%q: %v", in, spans)
		}
	}
}

// Listings and the client have the same limits on the fields of a head or a trailer, on the
// length of a head, and (A13) on interim responses.
func TestResponseLimits(t *testing.T) {
	many := func(n int) string { return strings.Repeat("A: b\r\n", n) }
	const head = "HTTP/1.1 200 OK\r\n"
	const chunks = head + "Transfer-Encoding: chunked\r\n\r\n"
	long := func(n int) string {
		return "X: " + strings.Repeat("y", n-len("X: \r\n\r\n")) + "\r\n\r\n"
	}
	for _, tt := range []struct {
		name, in string
		rule     Rule
		offset   int
	}{
		{"most fields", head + many(MaxResponseFields) + "\r\n", 0, 0},
		{"one field more", head + many(MaxResponseFields+1) + "\r\n", RuleFieldLimit,
			len(head) + len(many(MaxResponseFields))},
		{"most fields of a trailer", chunks + "0\r\n" + many(MaxResponseFields) + "\r\n", 0, 0},
		{"one field more in a trailer", chunks + "0\r\n" + many(MaxResponseFields+1) + "\r\n",
			RuleFieldLimit, len(chunks) + 3 + len(many(MaxResponseFields))},
		{"longest head", head + long(MaxResponseHead-len(head)), 0, 0},
		{"one octet more", head + long(MaxResponseHead+1-len(head)), RuleHeadLimit,
			MaxResponseHead - 1},
		{"head without end", head + long(MaxResponseHead * 2)[:MaxResponseHead*2-2], RuleHeadLimit,
			MaxResponseHead - 1},
		{"chunk line without end", chunks + strings.Repeat("0", MaxResponseHead), RuleHeadLimit,
			len(chunks) + MaxResponseHead - 1},
		{"longest trailer", chunks + "0\r\n" + long(MaxResponseHead), 0, 0},
		{"a longer trailer", chunks + "0\r\n" + long(MaxResponseHead+1), RuleHeadLimit,
			len(chunks) + 3 + MaxResponseHead - 1},
		{"most interim responses", strings.Repeat("HTTP/1.1 100 x\r\n\r\n", MaxInterim) + head + "\r\n",
			0, 0},
		{"one more", strings.Repeat("HTTP/1.1 100 x\r\n\r\n", MaxInterim+1) + head + "\r\n",
			RuleInterimLimit, MaxInterim * len("HTTP/1.1 100 x\r\n\r\n")},
	} {
		b := []byte(tt.in)
		spans, err := ResponseSpans(nil, b, nil)
		end, fault := verdict(t, b, spans, err)
		switch {
		case tt.rule == 0 && err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case tt.rule != 0 && (fault == nil || fault.Rule != tt.rule || fault.Offset != tt.offset):
			t.Errorf("%s: %v, want %v at %d", tt.name, err, tt.rule, tt.offset)
		case tt.rule != 0 && end != tt.offset:
			t.Errorf("%s: the spans end at %d, after %v", tt.name, end, err)
		}
	}
}

// If a fault is of the whole head, the spans are those of the head. If it is of the grammar, they end at
// the fault.
func TestRequestSpansOfFaults(t *testing.T) {
	for in, end := range map[string]int{
		"GET / HTTP/1.1\r\n\r\n":                                           18,
		"POST / HTTP/1.0\r\n\r\nabc":                                       19,
		"GET / HTTP/1.0\r\nContent-Length: x\r\nA: b\r\n\r\n":              43,
		"GET  / HTTP/1.0\r\n\r\n":                                          4,
		"GET / HTTP/1.0\r\nA b\r\n\r\n":                                    17,
		"POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\nab":                   40,
		"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nTransfer-Encoding: x\r\n": 56,
	} {
		spans, err := RequestSpans(nil, []byte(in))
		if err == nil || len(spans) == 0 || spans[len(spans)-1].End != end {
			t.Errorf("%q: %v, %v, want spans up to %d", in, spans, err, end)
		}
	}
}

// What an incomplete response awaits. What a request awaits is in TestWaiting of package explain.
func TestResponseAwaits(t *testing.T) {
	const chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	for in, rule := range map[string]Rule{
		"":                            RuleHTTPVersion,
		"HTTP/1.0":                    RuleStatusSP,
		"HTTP/1.0 ":                   RuleStatusCode,
		"HTTP/1.0 20":                 RuleStatusCode,
		"HTTP/1.0 200":                RuleStatusSP,
		"HTTP/1.0 200 ":               RuleReasonPhrase,
		"HTTP/1.0 200 O":              RuleReasonPhrase,
		"HTTP/1.0 200 OK\r":           RuleCRLF,
		"HTTP/1.0 200 OK\r\n":         RuleEndOfHead,
		"HTTP/1.0 200 OK\r\nA":        RuleFieldName,
		"HTTP/1.0 200 OK\r\nA:":       RuleFieldValue,
		"HTTP/1.0 200 OK\r\nA: b\r\n": RuleEndOfHead,
		chunks:                        RuleChunkSize,
		chunks + "2":                  RuleChunkSize,
		chunks + "2;":                 RuleChunkExt,
		chunks + "2\r":                RuleCRLF,
		chunks + "2\r\na":             RuleChunkData,
		chunks + "2\r\nab":            RuleCRLF,
		chunks + "0\r\n":              RuleEndOfHead,
	} {
		_, err := ResponseSpans(nil, []byte(in), nil)
		if got, ok := errors.AsType[*IncompleteError](err); !ok || got.Rule != rule {
			t.Errorf("%q: %v, want %v", in, err, rule)
		}
	}
}

// After an interim response, a fault of the final one still has its offset in the octets.
func TestFaultAfterInterim(t *testing.T) {
	const interim = "HTTP/1.1 100 Continue\r\n\r\n"
	_, err := ResponseSpans(nil, []byte(interim+"HTTP/1.1 600 x\r\n\r\n"), nil)
	if got, ok := errors.AsType[*SyntaxError](err); !ok || got.Offset != len(interim+"HTTP/1.1 ") {
		t.Errorf("%v", err)
	}
}
