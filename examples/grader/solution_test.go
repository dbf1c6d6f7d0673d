package grader

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// One solution of each exercise. There are others: write yours first.

func solvedRequestLine(line []byte) (method, target, version string, err error) {
	text, ended := strings.CutSuffix(string(line), "\r\n")
	parts := strings.Split(text, " ")
	if !ended || len(parts) != 3 {
		return "", "", "", errors.New("want three parts, one space between them, and CR LF")
	}
	method, target, version = parts[0], parts[1], parts[2]
	digits, isHTTP := strings.CutPrefix(version, "HTTP/")
	major, minor, dot := strings.Cut(digits, ".")
	switch {
	case !allIn(method, isNameOctet):
		err = errors.New("want a method such as GET")
	case !strings.HasPrefix(target, "/") || !allIn(target, isVisible):
		err = errors.New("want a target of visible ASCII that begins with a slash")
	case !isHTTP || !dot || len(digits) != 3 || !allIn(major+minor, isDigit):
		err = errors.New("want a version such as HTTP/1.0")
	}
	return method, target, version, err
}

func solvedHeadEnd(octets []byte) (n int, err error) {
	before, _, ended := strings.Cut(string(octets), "\r\n\r\n")
	if !ended {
		return 0, nil
	}
	return len(before) + len("\r\n\r\n"), nil
}

func solvedFields(octets []byte) (fields []field, err error) {
	text := string(octets)
	for !strings.HasPrefix(text, "\r\n") {
		line, rest, ended := strings.Cut(text, "\r\n")
		name, value, colon := strings.Cut(line, ":")
		value = strings.Trim(value, " \t")
		if !ended || !colon || !allIn(name, isNameOctet) || !allIn(" "+value, isText) {
			return nil, fmt.Errorf("%q is not a field", line)
		}
		fields, text = append(fields, field{name, value}), rest
	}
	return fields, nil
}

func solvedBody(connection io.Reader, contentLength string) (body []byte, err error) {
	n := int64(0)
	if contentLength == "" || len(contentLength) > 9 || !allIn(contentLength, isDigit) {
		return nil, fmt.Errorf("want a number of octets, got %q", contentLength)
	}
	for _, digit := range []byte(contentLength) {
		n = 10*n + int64(digit-'0')
	}
	return limitedRead(connection)(n)
}

func solvedStatusLine(line []byte) (version string, code int, reason string, err error) {
	text, ended := strings.CutSuffix(string(line), "\r\n")
	version, rest, _ := strings.Cut(text, " ")
	digits, reason, hasReason := strings.Cut(rest, " ")
	code, err = strconv.Atoi(digits)
	switch {
	case !ended || !hasReason:
		err = errors.New("want three parts, one space between them, and CR LF")
	case !goodVersion(version):
		err = errors.New("want a version such as HTTP/1.0")
	case len(digits) != 3 || !allIn(digits, isDigit) || code < 100 || code > 599:
		err = errors.New("want a code from 100 to 599")
	case !allIn(" "+reason, isText):
		err = errors.New("want a reason of one line")
	}
	return version, code, reason, err
}

func solvedResponse(
	code int, reason string, fields []field, body []byte,
) (octets []byte, err error) {
	if code < 100 || code > 599 || !allIn(" "+reason, isText) {
		return nil, errors.New("want a code from 100 to 599 and a reason of one line")
	}
	octets = fmt.Appendf(nil, "HTTP/1.0 %d %s\r\n", code, reason)
	for _, f := range fields {
		switch {
		case !allIn(f.Name, isNameOctet) || !allIn(" "+f.Value, isText):
			return nil, fmt.Errorf("%q: %q is not a field", f.Name, f.Value)
		case strings.EqualFold(f.Name, "Content-Length"), strings.EqualFold(f.Name, "Transfer-Encoding"):
			return nil, fmt.Errorf("the field %s is not for the caller to write", f.Name)
		}
		octets = fmt.Appendf(octets, "%s: %s\r\n", f.Name, f.Value)
	}
	octets = fmt.Appendf(octets, "Content-Length: %d\r\n\r\n", len(body))
	return append(octets, body...), nil
}

// solvedChunked reads sizes and chunks by the functions given: hexadecimal and limitedRead.
func solvedChunked(
	r *bufio.Reader, size func(string) (int64, error), read func(n int64) ([]byte, error), limit int,
) (body []byte, err error) {
	for {
		line, err := readLineOf(r, limit)
		digits, _, _ := strings.Cut(line, ";")
		n, bad := size(digits)
		if err = errors.Join(err, bad); err != nil {
			return nil, err
		}
		if n == 0 {
			break
		}
		chunk, err := read(n)
		if err != nil {
			return nil, err
		}
		body = append(body, chunk...)
		if end, err := readLineOf(r, 2); err != nil || end != "" {
			return nil, errors.New("want CR LF after the chunk")
		}
	}
	for {
		line, err := readLineOf(r, limit)
		if err != nil || line == "" {
			return body, err
		}
		if _, err := solvedFields([]byte(line + "\r\n\r\n")); err != nil {
			return nil, err
		}
	}
}

// readLineOf reads a line without its CR LF. It has the limit in octets.
func readLineOf(r *bufio.Reader, limit int) (string, error) {
	var line []byte
	for !bytes.HasSuffix(line, []byte("\n")) {
		octet, err := r.ReadByte()
		if err != nil || len(line) == limit {
			return "", fmt.Errorf("a line of %d octets has no end: %w", len(line), err)
		}
		line = append(line, octet)
	}
	text, ended := strings.CutSuffix(string(line), "\r\n")
	if !ended {
		return "", errors.New("want CR before LF")
	}
	return text, nil
}

func hexadecimal(size string) (int64, error) {
	if !allIn(size, func(o byte) bool { return strings.IndexByte("0123456789abcdefABCDEF", o) >= 0 }) {
		return 0, fmt.Errorf("%q is not a size", size)
	}
	return strconv.ParseInt(size, 16, 64)
}

// limitedRead reads n octets and takes memory for those that come.
func limitedRead(r io.Reader) func(n int64) ([]byte, error) {
	return func(n int64) ([]byte, error) {
		b, err := io.ReadAll(io.LimitReader(r, n))
		if err == nil && int64(len(b)) < n {
			err = io.ErrUnexpectedEOF
		}
		return b, err
	}
}

// allIn reports whether s is not empty and all its octets are of a class.
func allIn(s string, class func(byte) bool) bool {
	for i := range len(s) {
		if !class(s[i]) {
			return false
		}
	}
	return s != ""
}

func isDigit(o byte) bool   { return '0' <= o && o <= '9' }
func isVisible(o byte) bool { return 0x21 <= o && o <= 0x7E }
func isText(o byte) bool    { return o >= 0x20 && o != 0x7F || o == '\t' }

func isNameOctet(o byte) bool {
	return isVisible(o) && !strings.ContainsRune("\"(),/:;<=>?@[\\]{}", rune(o))
}

// writtenAsGiven looks at nothing.
func writtenAsGiven(code int, reason string, fields []field, body []byte) ([]byte, error) {
	b := fmt.Appendf(nil, "HTTP/1.0 %d %s\r\n", code, reason)
	for _, f := range fields {
		b = fmt.Appendf(b, "%s: %s\r\n", f.Name, f.Value)
	}
	b = fmt.Appendf(b, "Content-Length: %d\r\n\r\n", len(body))
	return append(b, body...), nil
}

// solved are the checks of the solutions without connections, and solvedServers those of the others, which
// wait for time.
var (
	solved = map[string]Check{
		"headend":     HeadEnd(solvedHeadEnd),
		"requestline": RequestLine(solvedRequestLine),
		"fields":      Fields(solvedFields),
		"body":        Body(solvedBody),
		"statusline":  StatusLine(solvedStatusLine),
		"chunked":     Chunked(sizedChunks(hexadecimal)),
		"response":    Response(solvedResponse),
	}
	solvedServers = map[string]Check{
		"accept":    Accept(solvedAccept),
		"keepalive": KeepAlive(solvedKeepAlive),
		"client":    Client(solvedClient),
	}
)

// The folders in examples/exercises are the exercises of the list, and each has a solution, a test with its
// number, and a row in the table of examples/README.md.
func TestEveryExercise(t *testing.T) {
	read := func(file string) string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
		}
		return string(text)
	}
	folders, err := os.ReadDir("../exercises")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if name := f.Name(); name != "summary" && !slices.Contains(exercises, name) {
			t.Errorf("the list in summary.go has no %q", name)
		}
	}
	course := read("../README.md")
	for i, name := range exercises {
		if solved[name] == nil && solvedServers[name] == nil {
			t.Errorf("solution_test.go has no solution of %q", name)
		}
		test := "../exercises/" + name + "/" + name + "_test.go"
		if begin := fmt.Sprintf("\nfunc TestExercise%d", i+1); !regexp.MustCompile(begin + `[A-Z]`).MatchString(read(test)) {
			t.Errorf("exercise %d is %q, and %s has no test that begins %s", i+1, name, test, begin[1:])
		}
		row := regexp.MustCompile(fmt.Sprintf(`(?m)^\| \[%d\. .*\]\(exercises/%s/%[2]s\.go\) \|`, i+1, name))
		if !row.MatchString(course) {
			t.Errorf("the table of exercises in examples/README.md has no row  | [%d. ...](exercises/%s/%[2]s.go) |", i+1, name)
		}
	}
}

// A solution passes.
func TestSolutions(t *testing.T) {
	for name, check := range solved {
		if err := first(check, unhurried); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// So do those with connections. The others measure memory, and so they run alone.
func TestSolutionsWithConnections(t *testing.T) {
	t.Parallel()
	for name, check := range solvedServers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() { // this row takes a second
				check = slices.DeleteFunc(slices.Clone(check), func(r row) bool { return r.name == "silence" })
			}
			if err := first(check, unhurried); err != nil {
				t.Error(err)
			}
		})
	}
}

// A solution that is nearly right does not pass. It is told where it goes wrong, by which rule, and
// one hint.
func TestNearMisses(t *testing.T) {
	for _, tt := range []struct {
		name  string
		check Check
		want  string // offset and rule
		hint  string
	}{
		{"a request-line cut at white space", RequestLine(
			func(line []byte) (string, string, string, error) {
				p := strings.Fields(string(line))
				if len(p) != 3 {
					return "", "", "", errors.New("not three parts")
				}
				return p[0], p[1], p[2], nil
			}), "offset  4: request-target: ", "the target begins"},
		{"a method that is always GET", RequestLine(
			func(line []byte) (string, string, string, error) {
				_, target, version, err := solvedRequestLine(line)
				return "GET", target, version, err
			}), `offset  0: method: want "HEAD", your function returns "GET"`, "do not compare"},
		{"a version that keeps its line end", RequestLine(
			func(line []byte) (string, string, string, error) {
				method, target, version, err := solvedRequestLine(line)
				return method, target, version + "\r\n", err
			}), "offset  37: HTTP-version: ", "take off the line end"},
		{"a line refused", RequestLine(
			func([]byte) (string, string, string, error) {
				return "", "", "", errors.New("what is this?")
			}), "offset  0: method: ", "take off the line end"},
		{"a head without its empty line", HeadEnd(
			func(b []byte) (int, error) { n, _ := solvedHeadEnd(b); return max(0, n-2), nil }),
			"offset  18: empty line: the head has 18 octets; your function returns 16", "count its two"},
		{"the last empty line", HeadEnd(
			func(b []byte) (int, error) { return strings.LastIndex(string(b), "\r\n\r\n") + 4, nil }),
			"offset  38: empty line: ", "search from the front"},
		{"the end of a line", HeadEnd(
			func(b []byte) (int, error) {
				if strings.HasSuffix(string(b), "HTTP/1.0\r\n") {
					return len(b), nil
				}
				return solvedHeadEnd(b)
			}), "offset  16: empty line: nothing is there", "end of a line only"},
		{"one read", Body(
			func(r io.Reader, length string) ([]byte, error) {
				b := make([]byte, len(length)*5)
				n, err := r.Read(b)
				return b[:n], err
			}), "offset  39: message-body: want \"hello\", your function returns \"h\"", "io.ReadFull"},
		{"all there is", Body(
			func(r io.Reader, length string) ([]byte, error) {
				b, err := io.ReadAll(r)
				return b, err
			}), "offset  43: message-body: want \"hello\"", "the next request"},
		{"half a body", Body(
			func(r io.Reader, length string) ([]byte, error) {
				b, err := solvedBody(r, length)
				if errors.Is(err, io.ErrUnexpectedEOF) {
					err = nil
				}
				return b, err
			}), "offset  44: message-body: nothing is there", "half a body"},
		{"a length with a sign", Body(
			func(r io.Reader, length string) ([]byte, error) {
				return solvedBody(r, strings.TrimPrefix(length, "+"))
			}), "offset  33: Content-Length: ", "takes a sign"},
		{"LF for CR LF", Response(
			func(code int, reason string, fields []field, body []byte) ([]byte, error) {
				b, err := solvedResponse(code, reason, fields, body)
				return []byte(strings.ReplaceAll(string(b), "\r", "")), err
			}), "offset  15: CRLF: ", "after each line"},
		{"whatever is given", Response(writtenAsGiven), "offset  26: field-value: found CR (0x0D): " +
			"CR LF ends the value", "can add fields"},
	} {
		err := first(tt.check, unhurried)
		if err == nil {
			t.Errorf("%s passes", tt.name)
			continue
		}
		says := err.Error()
		if !strings.Contains(says, tt.want) || !strings.Contains(says, tt.hint) ||
			strings.Count(says, "  hint    ") != 1 {
			t.Errorf("%s: no %q and %q in\n%s", tt.name, tt.want, tt.hint, says)
		}
	}
}

// A function that is wrong about one row only, whichever it is, does not pass.
func TestEveryRowCounts(t *testing.T) {
	opposite := func(err error) error {
		if err != nil {
			return nil
		}
		return errRefused
	}
	wrong := false
	oppositeOf := map[string]Check{
		"requestline": RequestLine(func(line []byte) (m, tg, v string, err error) {
			if m, tg, v, err = solvedRequestLine(line); wrong {
				err = opposite(err)
			}
			return m, tg, v, err
		}),
		"headend": HeadEnd(func(b []byte) (n int, err error) {
			if n, err = solvedHeadEnd(b); wrong {
				n++
			}
			return n, err
		}),
		"fields": Fields(func(octets []byte) (fs []field, err error) {
			if fs, err = solvedFields(octets); wrong {
				err = opposite(err)
			}
			return fs, err
		}),
		"statusline": StatusLine(func(line []byte) (v string, c int, r string, err error) {
			if v, c, r, err = solvedStatusLine(line); wrong {
				err = opposite(err)
			}
			return v, c, r, err
		}),
		"chunked": Chunked(func(r *bufio.Reader) (body []byte, err error) {
			if body, err = sizedChunks(hexadecimal)(r); wrong {
				err = opposite(err)
			}
			return body, err
		}),
		"body": Body(func(r io.Reader, length string) (b []byte, err error) {
			if b, err = solvedBody(r, length); wrong {
				err = opposite(err)
			}
			return b, err
		}),
		"response": Response(func(c int, r string, fs []field, body []byte) (b []byte, err error) {
			if b, err = solvedResponse(c, r, fs, body); wrong {
				err = opposite(err)
			}
			return b, err
		}),
	}
	for name := range solved {
		if oppositeOf[name] == nil {
			t.Errorf("%s: no function here is wrong about one row", name)
		}
		for _, row := range oppositeOf[name] {
			for _, wrong = range []bool{false, true} {
				if _, _, err := row.tryWithin("", unhurried); (err != nil) != wrong {
					t.Errorf("%s: %s: wrong is %t: %v", name, row.name, wrong, err)
				}
			}
		}
	}
}

// unhurried is the time for a row that ends by itself, on a machine that does many other things.
const unhurried = time.Minute

// first returns what is wrong in the first row that does not pass.
func first(check Check, limit time.Duration) error {
	for _, row := range check {
		if _, _, err := row.tryWithin("wrong_test.go", limit); err != nil {
			return err
		}
	}
	return nil
}
