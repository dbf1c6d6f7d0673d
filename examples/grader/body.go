package grader

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing/iotest"

	"rawhttp/httpwire"
)

// Body returns the check of the body.
func Body(f func(io.Reader, string) ([]byte, error)) Check {
	var check Check
	for _, tt := range bodies {
		head := "POST / HTTP/1.0\r\nContent-Length: " + tt.length + "\r\n\r\n"
		check = append(check, row{tt.row, head + tt.stream, tt.hint, func() error {
			return bodyMistake(head, tt.length, tt.stream, tt.singly, f)
		}})
	}
	return check
}

// bodies are the rows of the body.
var bodies = []struct {
	row, length, stream string
	singly              bool // the octets come one by one
	hint                string
}{
	{"a body", "5", "hello", false, "make room for as many octets as there are, and fill it"},
	{"octets one by one", "5", "hello", true,
		"one Read returns what has come; io.ReadFull goes on until it has all"},
	{"no body", "0", "", false, "0 is a length: nothing has to be read"},
	{"zeros in front", "005", "hello", false, "zeros in front are digits, too: 005 is 5"},
	{"a line end in the body", "9", "a\r\n\r\nb\r\nc", false, "count octets; do not look at them"},
	{"a request after the body", "5", "helloGET / HTTP/1.0\r\n\r\n", false,
		"never ask for more octets than the body has: the rest is the next request"},
	{"a body cut short", "10", "hello", false, halfHint},
	{"a sign", "+5", "hello", false, "strconv.Atoi takes a sign; look at the octets first"},
	{"a negative number", "-5", "hello", false, "digits only: there is no digit for minus"},
	{"two numbers", "5, 5", "hello", false, "one number, or an error"},
	{"no number", "", "hello", false, "an empty value is not a number, not even 0"},
	{"hexadecimal", "0x5", "hello", false, "decimal digits are from '0' to '9'"},
	{"an underscore", "0_5", "hello", false, "strconv with base 0 takes Go's underscores"},
	{"a space", "5 5", "hello", false, "the value has digits and nothing else: no space"},
	{"digits of another script", "٥", "hello", false,
		"digits are from '0' to '9'; unicode.IsDigit takes more than that"},
	{"announced and not sent", "200000000", "hello", false, memoryHint},
	{"more than an int32 holds", "4294967301", "hello", false,
		"4294967301 is 2^32 + 5: in an int32 it becomes 5"},
	{"more than an int64 holds", "18446744073709551621", "hello", false, overflowHint},
}

// bodyMistake tries one body, the start of a stream.
func bodyMistake(
	head, length, stream string, singly bool, f func(io.Reader, string) ([]byte, error),
) error {
	rest := strings.NewReader(stream)
	connection := io.Reader(rest)
	if singly {
		connection = iotest.OneByteReader(rest)
	}
	before := allocated()
	got, err := f(connection, length)
	m := &mistake{offset: len(head), rule: httpwire.RuleMessageBody}
	if took := allocated() - before; took > allocLimit {
		m.says = fmt.Sprintf("%d octets came, and your function takes %d MB of memory",
			len(stream), took>>20)
		return m
	}
	_, fault := httpwire.RequestSpans(nil, []byte(head+stream))
	if m, done := verdict(head+stream, err, fault, 0); done {
		return m
	}
	want, after := cut(stream, length)
	m.offset += same(string(got), want)
	switch {
	case err != nil:
		m.says = refusedBody + err.Error()
	case string(got) != want:
		m.says = fmt.Sprintf("want %q, your function returns %q", want, got)
	case rest.Len() != len(after):
		m.says = fmt.Sprintf("the body ends here, and your function has read %d octets more",
			len(after)-rest.Len())
	default:
		return nil
	}
	return m
}

// cut returns the body and what follows it.
func cut(stream, length string) (body, after string) {
	var n int
	fmt.Sscan(length, &n)
	return stream[:n], stream[n:]
}

// allocLimit is how much memory a function may take for a few octets.
const allocLimit = 100 << 20

// allocated returns how many octets of memory have been taken since the start of the program.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}
