package grader

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"testing/iotest"

	"rawhttp/httpwire"
)

// Chunked returns the check of the body in chunks.
func Chunked(f func(*bufio.Reader) ([]byte, error)) Check {
	var check Check
	for _, tt := range chunkedBodies {
		check = append(check, row{tt.row, chunkedHead + tt.body + tt.after, tt.hint, func() error {
			if err := chunkedMistake(tt.body, tt.after, false, f); err != nil {
				return err
			}
			return chunkedMistake(tt.body, tt.after, true, f)
		}})
	}
	for _, tt := range endlessLines {
		check = append(check, row{tt.row, chunkedHead + tt.start, "say how long a line may be, 4096 octets " +
			"perhaps, and stop there: a peer may send without end",
			func() error { return endlessMistake(tt.start, f) }})
	}
	return check
}

// endlessLines are bodies whose last line goes on and on.
var endlessLines = []struct{ row, start string }{
	{"a size line that does not end", "0"},
	{"an extension that does not end", "5;a="},
	{"a trailer that does not end", "0\r\nX-Note: "},
}

// chunkedBodies are the rows of the body in chunks.
var chunkedBodies = []struct {
	row, body, after string
	hint             string
}{
	{"a chunk", "5\r\nhello\r\n0\r\n\r\n", "",
		"a line with the size, as many octets, CR LF; the last chunk has the size 0"},
	{"two chunks", "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "",
		"go on until a chunk of size 0, and join the chunks"},
	{"no chunk but the last", "0\r\n\r\n", "", "the last chunk may be the first"},
	{"a size in hexadecimal", "1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n", "",
		"a size is hexadecimal: 1a is 26"},
	{"capitals in the size", "A\r\n0123456789\r\n0\r\n\r\n", "", "hexadecimal digits have capitals, too"},
	{"zeros before the size", "0005\r\nhello\r\n000\r\n\r\n", "", "000 is the size 0 as well"},
	{"a line end in a chunk", "6\r\na\r\n\r\nb\r\n0\r\n\r\n", "",
		"count the octets of a chunk; do not look at them"},
	{"an extension", "5;a=b\r\nhello\r\n0\r\n\r\n", "",
		"the size ends at a semicolon; what follows on the line may be ignored"},
	{"a trailer", "5\r\nhello\r\n0\r\nX-Note: a\r\n\r\n", "",
		"after the last chunk fields may follow, up to the empty line: read them, and drop them"},
	{"a response after the body", "5\r\nhello\r\n0\r\n\r\n", "HTTP/1.1 200 OK\r\n",
		"stop after the empty line: the rest is the next response"},
	{"no size", "\r\nhello\r\n0\r\n\r\n", "", "a size has one digit at least"},
	{"no size of the last chunk", "5\r\nhello\r\n\r\n\r\n", "", "no digits are not the size 0"},
	{"a sign", "+5\r\nhello\r\n0\r\n\r\n", "", "strconv.ParseInt takes a sign; look at the octets first"},
	{"a negative size", "-5\r\nhello\r\n0\r\n\r\n", "", "there is no digit for minus"},
	{"0x before the size", "0x5\r\nhello\r\n0\r\n\r\n", "",
		"a size has hexadecimal digits only, and x is not one"},
	{"a letter that is no digit", "5g\r\nhello\r\n0\r\n\r\n", "",
		"fmt.Sscanf stops at the first octet that does not fit, and says nothing"},
	{"a blank after the size", "5 \r\nhello\r\n0\r\n\r\n", "", "do not trim the line"},
	{"LF after the size", "5\nhello\r\n0\r\n\r\n", "",
		"bufio.Scanner and ReadLine take LF alone for a line end; look at both octets"},
	{"more than an int64 holds", "10000000000000005\r\nhello\r\n0\r\n\r\n", "", overflowHint},
	{"a chunk longer than its size", "4\r\nhello\r\n0\r\n\r\n", "",
		"after the octets of a chunk CR LF has to follow: look at both octets"},
	{"LF after a chunk", "5\r\nhello\n0\r\n\r\n", "",
		"after the octets of a chunk CR LF has to follow: look at both octets"},
	{"a chunk cut short", "5\r\nhel", "", halfHint},
	{"no last chunk", "5\r\nhello\r\n", "",
		"the end of the connection does not end the body: only the last chunk does"},
	{"no empty line", "5\r\nhello\r\n0\r\n", "", "the body ends with an empty line"},
	{"a trailer that is not a field", "0\r\nwhat is this\r\n\r\n", "",
		"each line of the trailer is a field: look for its colon"},
	{"announced and not sent", "bebc200\r\nhello", "", memoryHint},
	{"more than an int32 holds", "100000005\r\nhello\r\n0\r\n\r\n", "",
		"it is 2^32 + 5: in an int32 it becomes 5"},
}

const chunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

// chunkedMistake tries one body in chunks, whose octets may come singly.
func chunkedMistake(
	body, after string, singly bool, f func(*bufio.Reader) ([]byte, error),
) error {
	source := io.Reader(strings.NewReader(body + after))
	if singly {
		source = iotest.OneByteReader(source)
	}
	connection := bufio.NewReader(source)
	before := allocated()
	got, err := f(connection)
	m := &mistake{offset: len(chunkedHead), rule: httpwire.RuleChunkData}
	if took := allocated() - before; took > allocLimit {
		m.rule = httpwire.RuleChunkSize
		m.says = fmt.Sprintf("%d octets came, and your function takes %d MB of memory",
			len(body), took>>20)
		return m
	}
	message := chunkedHead + body
	spans, fault := httpwire.ResponseSpans(nil, []byte(message), []byte("GET"))
	if m, done := verdict(message, err, fault, 0); done {
		return m
	}
	if err != nil {
		m.says = refusedBody + err.Error()
		return m
	}
	left, _ := io.ReadAll(connection)
	if m := chunkDataMistake(message, spans, string(got)); m != nil {
		return m
	}
	if string(left) != after {
		m.offset = len(message) + len(after) - len(left)
		m.says = fmt.Sprintf("the body ends at offset %d, and your function has read up to here",
			len(message))
		return m
	}
	return nil
}

// chunkDataMistake compares the octets of the chunks of a message with those that a function returned.
func chunkDataMistake(message string, spans []httpwire.Span, got string) *mistake {
	right := 0 // octets
	for _, s := range spans {
		data := message[s.Start:s.End]
		if s.Rule != httpwire.RuleChunkData {
			continue
		}
		n := same(got[min(right, len(got)):], data)
		if n < len(data) {
			return &mistake{offset: s.Start + n, rule: s.Rule, says: fmt.Sprintf("want %q, your function returns %q",
				excerpt(data, n), excerpt(got, min(right+n, len(got))))}
		}
		right += n
	}
	if len(got) > right {
		return &mistake{offset: len(message), rule: httpwire.RuleChunkData,
			says: fmt.Sprintf("the body ends before this, and your function returns %q more", got[right:])}
	}
	return nil
}

// endlessMistake tries a line that goes on for many octets after its start.
func endlessMistake(start string, f func(*bufio.Reader) ([]byte, error)) error {
	const many = 4 << 20
	source := &io.LimitedReader{R: zeros{}, N: many}
	_, err := f(bufio.NewReader(io.MultiReader(strings.NewReader(start), source)))
	if isNotBegun(err) {
		return err
	}
	if took := many - source.N; err == nil || took > 1<<20 {
		return &mistake{offset: len(chunkedHead + start), rule: httpwire.RuleChunkExt,
			says: fmt.Sprintf("from here \"0\" comes %d times; your function reads %d of them", many, took)}
	}
	return nil
}

// zeros never end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = '0'
	}
	return len(b), nil
}
