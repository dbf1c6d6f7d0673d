package httpwire_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	. "rawhttp/httpwire"
)

// The tests are tables. A row's name begins with the ids of the requirements that it pins
// (testdata/conformance.tsv has the rows by id). The mark ‸ in its octets precedes the octet that
// breaks the rule.
//
// Each case is read as a whole, cut at every length, and with more octets at the end. With one
// octet less than up to the mark, the result is ErrIncomplete. Octets that follow the mark do not
// change the result.

type row struct {
	name string
	in   string
	rule Rule   // broken at the mark
	want string // what is read, if no rule is broken
}

const mark = "‸"

// point removes the mark from in, and returns the offset of the mark, or -1.
func point(in string) (b []byte, at int) {
	return []byte(strings.Replace(in, mark, "", 1)), strings.Index(in, mark)
}

// tails are octets to put at the end of a case.
var tails = []string{"", "X", "\r\n", "\n", "\x00", ": y\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"}

// A reading calls a Consume function, and returns a line that describes what was read.
type reading func(t *testing.T, b []byte) (n int, got string, err error)

func runRows(t *testing.T, rows []row, read reading) {
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			b, at := point(r.in)
			if at < 0 {
				checkRead(t, b, r.want, read)
			} else {
				checkFault(t, b, at, r.rule, read)
			}
		})
	}
}

func checkRead(t *testing.T, b []byte, want string, read reading) {
	t.Helper()
	checkIncomplete(t, b, len(b)-1, read)
	for _, tail := range tails {
		n, got, err := read(t, join(b, tail))
		if n != len(b) || got != want || err != nil {
			t.Fatalf("with %q at the end: n = %d, err = %v, read\n\t%s\nwant %d octets,\n\t%s",
				tail, n, err, got, len(b), want)
		}
	}
}

func checkFault(t *testing.T, b []byte, at int, rule Rule, read reading) {
	t.Helper()
	checkIncomplete(t, b, at, read)
	want := SyntaxError{Offset: at, Octet: b[at], Rule: rule}
	for _, in := range append([]string{string(b[at+1:])}, tails...) {
		n, _, err := read(t, join(b[:at+1], in))
		if got, ok := errors.AsType[*SyntaxError](err); !ok || *got != want || n != 0 {
			t.Fatalf("with %q at the end: n = %d, err = %v\nwant %v", in, n, err, &want)
		}
	}
}

// checkIncomplete checks that the first 0 to last octets of b are ErrIncomplete. For a long b it
// skips some of the lengths.
func checkIncomplete(t *testing.T, b []byte, last int, read reading) {
	t.Helper()
	for k := last; k >= 0; k -= 1 + last/2000 {
		if n, _, err := read(t, b[:k:k]); n != 0 || !errors.Is(err, ErrIncomplete) {
			t.Fatalf("first %d octets %q: n = %d, err = %v, want ErrIncomplete", k, b[:k], n, err)
		}
	}
}

// fault checks that err is a SyntaxError of the octet b[at] under rule, or an IncompleteError at the end of b.
func fault(t *testing.T, err error, b []byte, at int, rule Rule) {
	t.Helper()
	if at == len(b) {
		if got, ok := errors.AsType[*IncompleteError](err); !ok || *got != (IncompleteError{at, rule}) {
			t.Errorf("%q\n got %v\nwant the end, under %v", b, err, rule)
		}
		return
	}
	want := SyntaxError{Offset: at, Octet: b[at], Rule: rule}
	if got, ok := errors.AsType[*SyntaxError](err); !ok || *got != want {
		t.Errorf("%q\n got %v\nwant %v", b, err, &want)
	}
}

func join(b []byte, tail string) []byte { return append(bytes.Clone(b), tail...) }

func showFields(fs Fields) string {
	var s strings.Builder
	for _, f := range fs {
		s.WriteString(" [" + string(f.Name) + ": " + string(f.Value) + "]")
	}
	return s.String()
}

// checkViews checks the offsets of fields.
func checkViews(t *testing.T, b []byte, fs Fields) {
	t.Helper()
	for _, f := range fs {
		if !bytes.HasPrefix(b[f.Offset:], f.Name) || !bytes.HasPrefix(b[f.ValueOffset:], f.Value) {
			t.Errorf("offsets %d, %d of %q: %q are wrong", f.Offset, f.ValueOffset, f.Name, f.Value)
		}
	}
}

// head reads a valid request head.
func head(t *testing.T, in []byte) *Request {
	t.Helper()
	var req Request
	if n, err := ConsumeRequestHead(in, &req); n != len(req.Head) || err != nil {
		t.Fatalf("%q: n = %d, err = %v", in, n, err)
	}
	return &req
}
