package grader

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"rawhttp/httpwire"
)

// Wrong solutions that are easy to write. Each is refused, at the octet where it goes wrong.

var errRefused = errors.New("refused")

// looseLine is a request-line read with as few checks as the arguments say.
func looseLine(
	method, target func(string) bool, version func(string) bool,
) func([]byte) (string, string, string, error) {
	return func(line []byte) (string, string, string, error) {
		text, ended := strings.CutSuffix(string(line), "\r\n")
		parts := strings.Split(text, " ")
		if !ended || len(parts) != 3 || !method(parts[0]) || !strings.HasPrefix(parts[1], "/") ||
			!target(parts[1]) || !version(parts[2]) {
			return "", "", "", errRefused
		}
		return parts[0], parts[1], parts[2], nil
	}
}

func goodMethod(s string) bool { return allIn(s, isNameOctet) }
func goodTarget(s string) bool { return allIn(s, isVisible) }
func goodVersion(s string) bool {
	return len(s) == 8 && s[:5] == "HTTP/" && isDigit(s[5]) && s[6] == '.' && isDigit(s[7])
}

// endsAt is a head that ends after the first of the marks, whatever stands before it.
func endsAt(marks ...string) func([]byte) (int, error) {
	return func(octets []byte) (int, error) {
		for _, mark := range marks {
			if i := bytes.Index(octets, []byte(mark)); i >= 0 {
				return i + len(mark), nil
			}
		}
		return 0, nil
	}
}

// sized is a body whose length is read by a function.
func sized(length func(string) (int64, error)) func(io.Reader, string) ([]byte, error) {
	return func(r io.Reader, value string) ([]byte, error) {
		n, err := length(value)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(io.LimitReader(r, n))
		if int64(len(body)) < n {
			err = io.ErrUnexpectedEOF
		}
		return body, err
	}
}

// looseFields takes lines as the function makes fields of them, if it says that they are.
func looseFields(take func(name, value string) (field, bool)) Check {
	return Fields(func(octets []byte) (fields []field, err error) {
		text, ended := strings.CutSuffix(string(octets), "\r\n")
		for text != "" {
			line, rest, cut := strings.Cut(text, "\r\n")
			name, value, colon := strings.Cut(line, ":")
			f, ok := take(name, value)
			if !ended || !cut || !colon || !ok {
				return nil, errRefused
			}
			fields, text = append(fields, f), rest
		}
		if !ended {
			return nil, errRefused
		}
		return fields, nil
	})
}

// laxStatus is a status-line whose reason is not checked, and whose code as far as good says.
func laxStatus(good func(code string) bool) Check {
	return StatusLine(func(line []byte) (string, int, string, error) {
		text, ended := strings.CutSuffix(string(line), "\r\n")
		version, rest, _ := strings.Cut(text, " ")
		digits, reason, cut := strings.Cut(rest, " ")
		code, err := strconv.Atoi(digits)
		if !ended || !cut || err != nil || !goodVersion(version) || !good(digits) {
			return "", 0, "", errRefused
		}
		return version, code, reason, nil
	})
}

// sizedChunks is a body in chunks whose sizes are read by a function.
func sizedChunks(size func(string) (int64, error)) func(*bufio.Reader) ([]byte, error) {
	return func(r *bufio.Reader) ([]byte, error) {
		return solvedChunked(r, size, limitedRead(r), 4096)
	}
}

func digits(value string) error {
	if !allIn(value, isDigit) {
		return errRefused
	}
	return nil
}

// lax is a response for which the caller's part is refused only if refuse says so.
func lax(
	refuse func(code int, reason string, f field) bool,
) func(int, string, []field, []byte) ([]byte, error) {
	return func(code int, reason string, fields []field, body []byte) ([]byte, error) {
		for _, f := range append(fields, field{"X", "y"}) {
			if refuse(code, reason, f) {
				return nil, errRefused
			}
		}
		return writtenAsGiven(code, reason, fields, body)
	}
}

// laxer refuses all that the solution does, but for what skip says.
func laxer(skip func(code int, reason string, f field) bool) Check {
	return Response(lax(func(code int, reason string, f field) bool {
		_, err := solvedResponse(code, reason, []field{f}, nil)
		return err != nil && !skip(code, reason, f)
	}))
}

// A wrong solution, and what is said of it.
type wrong struct {
	name  string
	check Check
	want  string // offset, rule and the octet or the fault
}

func (w wrong) test(t *testing.T, limit time.Duration) {
	t.Helper()
	err := first(w.check, limit)
	if err == nil {
		t.Errorf("%s: passes", w.name)
	} else if !strings.Contains(err.Error(), w.want) || strings.Count(err.Error(), "  hint    ") != 1 {
		t.Errorf("%s: no %q in\n%v", w.name, w.want, err)
	} else {
		for row := range strings.Lines(fitted(err.Error())) {
			if utf8.RuneCountInString(strings.TrimRight(row, "\n")) > testWidth {
				t.Errorf("%s: too wide for a terminal: %s", w.name, row)
			}
		}
	}
}

func TestWrongSolutions(t *testing.T) {
	has := func(f field, octets string) bool { return strings.ContainsAny(f.Name+f.Value, octets) }
	wrongs := []wrong{
		{"requestline: method is not checked", RequestLine(looseLine(func(s string) bool { return true },
			goodTarget, goodVersion)), `offset  1: method: found ":"`},
		{"requestline: method of all but a colon", RequestLine(looseLine(func(s string) bool {
			return s != "" && !strings.Contains(s, ":")
		}, goodTarget, goodVersion)), "offset  1: method: found NUL (0x00)"},
		{"requestline: method of any letter", RequestLine(looseLine(func(s string) bool {
			return s != "" && !strings.ContainsAny(s, ":\x00\t")
		}, goodTarget, goodVersion)), "offset  1: method: found the octet 0xC3"},
		{"requestline: target over 0x20", RequestLine(looseLine(goodMethod, func(s string) bool {
			return !strings.ContainsFunc(s, func(r rune) bool { return r <= 0x20 })
		}, goodVersion)), "offset  5: request-target: found DEL (0x7F), want visible ASCII"},
		{"requestline: target of any letter", RequestLine(looseLine(goodMethod, func(s string) bool {
			return !strings.ContainsFunc(s, func(r rune) bool { return r <= 0x20 || r == 0x7F })
		}, goodVersion)), "offset  5: request-target: found the octet 0xC3, want visible ASCII"},
		{"requestline: target with a NUL", RequestLine(looseLine(goodMethod, func(s string) bool { return true },
			goodVersion)), "offset  5: request-target: found NUL (0x00), want visible ASCII"},
		{"requestline: dot is not checked", RequestLine(looseLine(goodMethod, goodTarget, func(s string) bool {
			return len(s) == 8 && s[:5] == "HTTP/" && isDigit(s[5]) && isDigit(s[7])
		})), `offset  12: HTTP-version: found "x"`},
		{"requestline: minor digit is not checked", RequestLine(looseLine(goodMethod, goodTarget,
			func(s string) bool {
				return len(s) == 8 && s[:5] == "HTTP/" && isDigit(s[5]) && s[6] == '.'
			})), `offset  13: HTTP-version: found "x"`},
		{"requestline: major digit is not checked", RequestLine(looseLine(goodMethod, goodTarget,
			func(s string) bool {
				return len(s) == 8 && s[:5] == "HTTP/" && s[6] == '.' && isDigit(s[7])
			})), `offset  11: HTTP-version: found "x"`},
		{"requestline: white space is trimmed in front", RequestLine(
			func(line []byte) (string, string, string, error) {
				return solvedRequestLine(bytes.TrimLeft(line, " \t"))
			}), "offset  0: method: found SP"},
		{"requestline: query is dropped", RequestLine(func(line []byte) (string, string, string, error) {
			method, target, version, err := solvedRequestLine(line)
			target, _, _ = strings.Cut(target, "?")
			return method, target, version, err
		}), `offset  4: request-target: want "/a?limit=2&x=%41", your function returns "/a"`},
		{"requestline: target is decoded", RequestLine(func(line []byte) (string, string, string, error) {
			method, target, version, err := solvedRequestLine(line)
			return method, strings.ReplaceAll(target, "%41", "A"), version, err
		}), `offset  4: request-target: want "/a?limit=2&x=%41"`},

		{"headend: LF CR LF is the end", HeadEnd(endsAt("\n\r\n")),
			"offset  14: CRLF: found LF (0x0A)"},
		{"headend: LF LF is an end, too", HeadEnd(endsAt("\r\n\r\n", "\n\n")), "found LF (0x0A)"},

		{"body: int32 that wraps", Body(sized(func(value string) (n int64, err error) {
			v, err := strconv.ParseUint(value, 10, 64)
			return int64(int32(v)), errors.Join(err, digits(value))
		})), "offset  52: message-body: nothing is there"},
		{"body: int64 that wraps", Body(sized(func(value string) (n int64, err error) {
			for _, d := range []byte(value) {
				n = n*10 + int64(d-'0')
			}
			return n, digits(value)
		})), "offset  62: message-body: nothing is there"},
		{"body: memory for any length", Body(func(r io.Reader, value string) ([]byte, error) {
			n, err := strconv.ParseInt(value, 10, 32)
			if err := errors.Join(err, digits(value)); err != nil {
				return nil, err
			}
			body := make([]byte, min(n, math.MaxInt32))
			_, err = io.ReadFull(r, body)
			return body, err
		}), "message-body: 5 octets came, and your function takes 190 MB of memory"},
		{"body: digits of any script", Body(sized(func(value string) (int64, error) {
			if value == "٥" {
				return 5, nil
			}
			n, err := strconv.ParseInt(value, 10, 32)
			return n, errors.Join(err, digits(value))
		})), "Content-Length: found the octet 0xD9"},
		{"body: Go's underscores", Body(sized(func(value string) (int64, error) {
			n, err := strconv.ParseInt(value, 0, 32)
			if strings.ContainsAny(value, "+-x") {
				err = errRefused
			}
			return n, err
		})), `Content-Length: found "_"`},
		{"body: a buffered reader", Body(func(r io.Reader, value string) ([]byte, error) {
			return solvedBody(bufio.NewReader(r), value)
		}), "offset  43: message-body: the body ends here, and your function has read 18 octets more"},

		{"response: only the pair CR LF is refused", laxer(func(_ int, reason string, f field) bool {
			return !strings.Contains(f.Value+reason, "\r\n")
		}), "offset  26: field-value: found CR (0x0D): some readers"},
		{"response: LF alone is not refused", laxer(func(_ int, _ string, f field) bool {
			return has(f, "\n") && !has(f, "\r")
		}), "offset  26: field-value: found LF (0x0A): some readers"},
		{"response: NUL is not refused", laxer(func(_ int, _ string, f field) bool { return has(f, "\x00") }),
			"offset  26: field-value: found NUL (0x00): some readers"},
		{"response: NUL in the reason is not refused", laxer(func(_ int, reason string, f field) bool {
			return strings.Contains(reason, "\x00")
		}), "offset  14: reason-phrase: found NUL (0x00): some readers"},
		{"response: nothing is refused", Response(writtenAsGiven),
			"offset  26: field-value: found CR (0x0D): CR LF ends the value"},
		{"response: the caller's length", laxer(func(_ int, _ string, f field) bool {
			return strings.EqualFold(f.Name, "Content-Length")
		}), `offset  17: field-name: found "C": the field says where the body ends`},
		{"response: the caller's length in small letters", laxer(func(_ int, _ string, f field) bool {
			return f.Name == "content-length"
		}), `offset  17: field-name: found "c": the field says where the body ends`},
		{"response: a transfer coding", laxer(func(_ int, _ string, f field) bool {
			return f.Name == "Transfer-Encoding"
		}), `offset  17: field-name: found "T": the field says that the body is in chunks`},
		{"response: any code", laxer(func(code int, reason string, f field) bool { return code != 200 }),
			`offset  9: status-code: found "7": a code is from 100 to 599`},
		{"response: a code of three digits or more", laxer(func(code int, _ string, _ field) bool {
			return code > 599
		}), `offset  9: status-code: found "1": a code is from 100 to 599`},
		{"response: what is refused is repaired", Response(
			func(code int, reason string, fields []field, body []byte) ([]byte, error) {
				var kept []field
				for _, f := range fields {
					kept = append(kept, field{f.Name, strings.NewReplacer("\r", "", "\n", "").Replace(f.Value)})
				}
				return solvedResponse(code, reason, kept, body)
			}), "field-value: CR LF ends the value, and Set-Cookie begins a field of its own; " +
			"your function changes it"},

		{"headend: the line end is enough", HeadEnd(endsAt("\r\n")),
			"offset  18: empty line: the head has 18 octets; your function returns 16 and no error"},
		{"headend: the empty line is not counted", HeadEnd(func(b []byte) (int, error) {
			return max(0, bytes.Index(b, []byte("\r\n\r\n"))), nil
		}), "offset  18: empty line: the head has 18 octets; your function returns 14"},
		{"headend: not there is an error", HeadEnd(func(b []byte) (int, error) {
			n, err := solvedHeadEnd(b)
			if n == 0 {
				err = errRefused
			}
			return n, err
		}), "offset  0: method: nothing is there"},

		{"fields: the name is trimmed", looseFields(func(name, value string) (field, bool) {
			name = strings.TrimSpace(name)
			return field{name, strings.Trim(value, " \t")}, allIn(name, isNameOctet)
		}), "offset  4: field-name: found SP"},
		{"fields: any white space is trimmed", looseFields(func(name, value string) (field, bool) {
			value = strings.TrimSpace(value)
			return field{name, value}, allIn(name, isNameOctet) && allIn(" "+value, isText)
		}), `want the value "\u00a0a", your function returns "a"`},
		{"fields: names in small letters", looseFields(func(name, value string) (field, bool) {
			return field{strings.ToLower(name), strings.Trim(value, " \t")}, true
		}), `offset  0: field-name: want "Host", your function returns "host"`},
		{"fields: the name is not checked", looseFields(func(name, value string) (field, bool) {
			return field{name, strings.Trim(value, " \t")}, true
		}), "offset  4: field-name: found SP"},
		{"fields: the value is not checked", looseFields(func(name, value string) (field, bool) {
			return field{name, strings.Trim(value, " \t")}, allIn(name, isNameOctet)
		}), "offset  10: CRLF: found \"H\""},
		{"fields: a map", Fields(func(octets []byte) (fields []field, err error) {
			all, err := solvedFields(octets)
			seen := make(map[string]bool)
			for _, f := range all {
				if !seen[f.Name] {
					fields = append(fields, f)
				}
				seen[f.Name] = true
			}
			return fields, err
		}), "offset  13: field-name: here is field 2, and your function returns 1"},
		{"fields: cut at the last colon", Fields(func(octets []byte) ([]field, error) {
			all, err := solvedFields(octets)
			for i, f := range all {
				if at := strings.LastIndex(f.Value, ":"); at >= 0 {
					all[i] = field{f.Name + ": " + f.Value[:at], f.Value[at+1:]}
				}
			}
			return all, err
		}), `offset  0: field-name: want "Host", your function returns "Host: localhost"`},
		{"fields: a folded line is joined", Fields(func(octets []byte) ([]field, error) {
			return solvedFields(bytes.ReplaceAll(octets, []byte("\r\n "), []byte(" ")))
		}), "offset  11: obs-fold: found SP"},
		{"fields: the empty line is not looked for", Fields(func(octets []byte) ([]field, error) {
			return solvedFields(append(bytes.TrimRight(octets, "\r\n"), "\r\n\r\n"...))
		}), "offset  17: empty line: nothing is there"},

		{"statusline: fmt.Sscanf", StatusLine(func(line []byte) (v string, c int, r string, err error) {
			_, err = fmt.Sscanf(string(line), "%s %d %s\r\n", &v, &c, &r)
			return v, c, r, err
		}), `offset  0: HTTP-version: the whole line is as it should be; your function says: newline in`},
		{"statusline: three words", StatusLine(func(line []byte) (string, int, string, error) {
			p := strings.Fields(string(line))
			if len(p) < 3 {
				return "", 0, "", errRefused
			}
			c, err := strconv.Atoi(p[1])
			return p[0], c, strings.Join(p[2:], " "), err
		}), `offset  0: HTTP-version: the whole line is as it should be; your function says: refused`},
		{"statusline: strconv.Atoi", laxStatus(func(code string) bool { return code[0] != '-' }),
			`offset  11: status-code: found SP`},
		{"statusline: any three digits", laxStatus(func(code string) bool {
			return len(code) == 3 && allIn(code, isDigit)
		}), `offset  9: class of the status code: found "6"`},
		{"statusline: no check of the reason", laxStatus(func(code string) bool {
			return len(code) == 3 && allIn(code, isDigit) && code[0] > '0' && code[0] < '6'
		}), "offset  14: reason-phrase: found NUL (0x00)"},
		{"statusline: known codes only", StatusLine(func(l []byte) (v string, c int, r string, err error) {
			if v, c, r, err = solvedStatusLine(l); err == nil && strings.HasSuffix(httpwire.ReasonPhrase(c), "xx") {
				err = errRefused
			}
			return v, c, r, err
		}), `offset  0: HTTP-version: the whole line is as it should be; your function says: refused`},
		{"statusline: a list of codes", StatusLine(func(l []byte) (v string, c int, r string, err error) {
			v, c, r, err = solvedStatusLine(l)
			return v, map[int]int{200: 200, 404: 404}[c], r, err
		}), `want "299", your function returns "0"`},

		{"chunked: decimal sizes", Chunked(sizedChunks(func(size string) (int64, error) {
			n, err := strconv.ParseInt(size, 10, 64)
			return n, errors.Join(err, digits(size))
		})), `offset  47: chunk-data: the body is as it should be; your function says: `},
		{"chunked: strconv.ParseInt", Chunked(sizedChunks(func(size string) (int64, error) {
			return strconv.ParseInt(size, 16, 64)
		})), `offset  47: chunk-size: found "+"`},
		{"chunked: the size is trimmed", Chunked(sizedChunks(func(size string) (int64, error) {
			return hexadecimal(strings.TrimSpace(size))
		})), `offset  48: chunk-size: found SP`},
		{"chunked: a size that wraps", Chunked(sizedChunks(func(size string) (n int64, err error) {
			for _, d := range []byte(size) {
				v, bad := strconv.ParseInt(string(d), 16, 64)
				n, err = n<<4|v, errors.Join(err, bad)
			}
			if size == "" {
				err = errRefused
			}
			return n, err
		})), "offset  63: chunk-size: found \"5\""},
		{"chunked: memory for any size", Chunked(func(r *bufio.Reader) ([]byte, error) {
			return solvedChunked(r, hexadecimal, func(n int64) ([]byte, error) {
				chunk := make([]byte, min(n, math.MaxInt32))
				_, err := io.ReadFull(r, chunk)
				return chunk, err
			}, 4096)
		}), "chunk-size: 14 octets came, and your function takes 190 MB of memory"},
		{"chunked: stops at the last size", Chunked(func(r *bufio.Reader) (body []byte, err error) {
			for {
				line, err := r.ReadString('\n')
				n, bad := strconv.ParseInt(strings.TrimSuffix(line, "\r\n"), 16, 64)
				if err = errors.Join(err, bad); err != nil || n == 0 {
					return body, err
				}
				chunk := make([]byte, n+2)
				_, err = io.ReadFull(r, chunk)
				if body = append(body, chunk[:n]...); err != nil {
					return body, err
				}
			}
		}), `the body ends at offset`},
		{"chunked: all there is", Chunked(func(r *bufio.Reader) ([]byte, error) {
			return io.ReadAll(r)
		}), `offset  50: chunk-data: want "hello", your function returns "5\r\nhello\r\n0`},
		{"chunked: one Read", Chunked(func(r *bufio.Reader) ([]byte, error) {
			return solvedChunked(r, hexadecimal, func(n int64) ([]byte, error) {
				chunk := make([]byte, min(n, 4096))
				got, err := r.Read(chunk)
				return chunk[:got], err
			}, 4096)
		}), "offset  47: chunk-data: the body is as it should be; your function says: want CR LF"},
		{"chunked: a larger buffer", Chunked(func(r *bufio.Reader) ([]byte, error) {
			r = bufio.NewReaderSize(r, 8192)
			return solvedChunked(r, hexadecimal, limitedRead(r), 4096)
		}), `the body ends at offset 62, and your function has read up to here`},
		{"chunked: no end of a line", Chunked(func(r *bufio.Reader) ([]byte, error) {
			return solvedChunked(r, hexadecimal, limitedRead(r), math.MaxInt)
		}), `your function reads 4194304 of them`},
	}
	wrongs = append(wrongs, tooLoose()...)
	for _, tt := range wrongs {
		tt.test(t, unhurried)
	}
	for _, exercise := range exercises {
		n := 0
		for _, tt := range slices.Concat(wrongs, wrongServers) {
			if strings.HasPrefix(tt.name, exercise+":") {
				n++
			}
		}
		if n < 5 {
			t.Errorf("the names of only %d wrong solutions begin with \"%s:\", want 5", n, exercise)
		}
	}
}

// tooLoose are solutions that accept a little too much, or refuse it.
func tooLoose() []wrong {
	name := func(s string, more, less string) bool {
		return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
			return !(r < 0x80 && isNameOctet(byte(r)) || strings.ContainsRune(more, r)) ||
				strings.ContainsRune(less, r)
		})
	}
	fields := func(good func(name, value string) bool) Check {
		return Fields(func(octets []byte) (fs []field, err error) {
			text, ended := strings.CutSuffix(string(octets), "\r\n")
			for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
				name, value, colon := strings.Cut(line, ":")
				value = strings.Trim(value, " \t")
				if text == "" && ended {
					return nil, nil
				}
				if !ended || !strings.HasSuffix(text, "\r\n") || !colon || !good(name, value) {
					return nil, errRefused
				}
				fs = append(fs, field{name, value})
			}
			return fs, nil
		})
	}
	return []wrong{
		{"requestline: method with a bracket", RequestLine(looseLine(func(s string) bool {
			return name(s, "[", "")
		}, goodTarget, goodVersion)), `offset  1: method: found "["`},
		{"requestline: method without an apostrophe", RequestLine(looseLine(func(s string) bool {
			return name(s, "", "'")
		}, goodTarget, goodVersion)), "is as it should be"},
		{"requestline: any number of line ends", RequestLine(
			func(line []byte) (string, string, string, error) {
				if text := strings.TrimRight(string(line), "\r\n"); bytes.HasSuffix(line, []byte("\r\n")) {
					line = []byte(text + "\r\n")
				}
				return solvedRequestLine(line)
			}), "offset  15: CRLF: found CR"},
		{"fields: name with a brace", fields(func(n, v string) bool {
			return name(n, "}", "") && allIn(" "+v, isText)
		}), `offset  2: field-name: found "}"`},
		{"fields: name without a bar", fields(func(n, v string) bool {
			return name(n, "", "|") && allIn(" "+v, isText)
		}), "nothing is wrong with it"},
		{"fields: value with ESC", fields(func(n, v string) bool {
			return name(n, "", "") && allIn(" "+strings.ReplaceAll(v, "\x1B", ""), isText)
		}), "found the octet 0x1B"},
		{"fields: value with ESC, which is shown", fields(func(n, v string) bool {
			return name(n, "", "") && allIn(" "+strings.ReplaceAll(v, "\x1B", ""), isText)
		}), `  in      X-Note:␠a\x1Bb␍␊`},
		{"requestline: no line end", RequestLine(func(line []byte) (string, string, string, error) {
			return solvedRequestLine(append(bytes.TrimSuffix(line, []byte("\r\n")), "\r\n"...))
		}), "offset  14: CRLF: nothing is there"},
		{"requestline: no slash", RequestLine(func(line []byte) (string, string, string, error) {
			return solvedRequestLine(bytes.Replace(line, []byte(" a"), []byte(" /a"), 1))
		}), "offset  4: request-target: found \"a\", want a path that begins with"},
		{"requestline: a DEL", RequestLine(func(line []byte) (string, string, string, error) {
			return solvedRequestLine(bytes.Replace(line, []byte("\x7F"), []byte("a"), 1))
		}), "request-target: found DEL (0x7F), want visible ASCII, 0x21 to 0x7E"},
		{"statusline: no line end", StatusLine(func(l []byte) (v string, c int, r string, err error) {
			return solvedStatusLine(append(bytes.TrimSuffix(l, []byte("\r\n")), "\r\n"...))
		}), "offset  15: reason-phrase: nothing is there"},
		{"statusline: nothing", StatusLine(func(l []byte) (v string, c int, r string, err error) {
			if len(l) == 0 {
				return "", 0, "", nil
			}
			return solvedStatusLine(l)
		}), "offset  0: HTTP-version: nothing is there"},
		{"statusline: a zero in front", StatusLine(
			func(l []byte) (v string, c int, r string, err error) {
				return solvedStatusLine(bytes.Replace(l, []byte(" 0200 "), []byte(" 200 "), 1))
			}), `offset  12: status-code: found "0"`},
		{"statusline: reason is trimmed", StatusLine(func(l []byte) (v string, c int, r string, err error) {
			v, c, r, err = solvedStatusLine(l)
			return v, c, strings.TrimSpace(r), err
		}), `reason-phrase: want "OK ", your function returns "OK"`},
		{"body: zeros in front are refused", Body(sized(func(s string) (int64, error) {
			if len(s) > 1 && s[0] == '0' {
				return 0, errRefused
			}
			return strconv.ParseInt(s, 10, 64)
		})), "the body is as it should be"},
		{"response: capitals of a coding", laxer(func(_ int, _ string, f field) bool {
			return f.Name == "transfer-encoding"
		}), "offset  17: field-name: found "},
		{"response: a control octet, in the octets that the function writes", laxer(func(_ int, _ string, f field) bool {
			return strings.Contains(f.Value, "\x01")
		}), "  in      HTTP/1.0␠200␠OK␍␊\n          X-Note:␠a\\x01b␍␊\n                   ^\n"},
		{"chunked: no digits are 0", Chunked(func(r *bufio.Reader) ([]byte, error) {
			return solvedChunked(r, func(s string) (int64, error) {
				if s == "" {
					return 0, nil
				}
				return hexadecimal(s)
			}, limitedRead(r), 4096)
		}), "chunk-size: found CR"},
	}
}

var notMade map[string]int

// A function that does not return or panics is a mistake like another, with its line and the row
// that it was given.
func TestRunaways(t *testing.T) {
	var ended atomic.Bool
	stop := make(chan struct{})
	defer func() { ended.Store(true); close(stop) }()
	for _, tt := range []struct {
		name string
		f    func([]byte) (int, error)
		want []string
	}{
		{"panics", func(octets []byte) (int, error) { return int(octets[99]), nil },
			[]string{"the shortest head", "panics in line ", "out of range [99]", "  hint    the octets may be fewer"}},
		{"writes into a map that was not made", func(octets []byte) (int, error) {
			notMade[string(octets)] = len(octets)
			return 0, nil
		}, []string{"the shortest head", "panics in line ", "entry in nil map", "  hint    something in that line is nil"}},
		{"panics with an error that is out of range", func([]byte) (int, error) {
			_, err := strconv.Atoi("99999999999999999999")
			panic(err)
		}, []string{"the shortest head", "value out of range\n", "  hint    return an error instead"}},
		{"panics by itself", func([]byte) (int, error) { panic(errRefused) },
			[]string{"the shortest head", "panics in line ", ": refused\n", "  hint    return an error instead"}},
		{"ends its goroutine", func([]byte) (int, error) {
			runtime.Goexit()
			return 0, nil
		}, []string{"the shortest head", "your function calls runtime.Goexit", "  hint    return an error"}},
		{"does not end", func(octets []byte) (int, error) {
			n := 0
			for !ended.Load() {
				n++
			}
			return n, nil
		}, []string{"the shortest head", "does not end: after 50ms it is in line ", "  hint    "}},
		{"waits for ever", func(octets []byte) (int, error) {
			<-stop
			return 0, nil
		}, []string{"the shortest head", "does not end: after 50ms it is in line "}},
	} {
		limit := time.Minute
		if strings.Contains(tt.want[1], "after 50ms") {
			limit = 50 * time.Millisecond
		}
		r := grade(HeadEnd(tt.f), "wrong_test.go", limit)
		err := r.first
		if isStuck := limit != time.Minute; (r.left > 0) != isStuck {
			t.Errorf("%s: %d rows are left: %v", tt.name, r.left, err)
		}
		for _, want := range tt.want {
			if err == nil || !strings.Contains(err.Error(), want) ||
				strings.Contains(err.Error(), "another file") {
				t.Errorf("%s: no %q in\n%v", tt.name, want, err)
			}
		}
	}
}

// Where a busy machine keeps the grader waiting, the function has as much time more.
func TestBusyMachine(t *testing.T) {
	const limit = 100 * time.Millisecond
	free := make(chan struct{})
	collecting.Lock() // the grader waits for it, as for a processor
	time.AfterFunc(2*limit, func() {
		close(free)
		collecting.Unlock()
	})
	slow := row{run: func() error { <-free; return nil }}
	if _, stuck, err := slow.tryWithin("", limit); err != nil || stuck {
		t.Error(err)
	}
}

// An exercise whose rows take too much time is not done, though all rows that are tried pass.
func TestSlowRows(t *testing.T) {
	slow := row{name: "slow", run: func() error { <-time.After(wholeLimit / 3); return nil }}
	check := Check{slow, slow, slow, slow, slow}
	synctest.Test(t, func(t *testing.T) {
		r := grade(check, "", timeLimit*2)
		if r.passed == len(check) || r.left == 0 || !strings.Contains(r.String(), "takes more than 10s") {
			t.Errorf("%v", r)
		}
	})
}

// The lines around a mistake are shown, and the caret is under its octet, also at the end of the message.
func TestMarked(t *testing.T) {
	const head = "GET / HTTP/1.0\r\nA: b\r\nC : d\r\nE: f\r\n\r\n"
	for _, tt := range []struct {
		octets string
		offset int
		want   string
	}{
		{head, 23, "  in      GET␠/␠HTTP/1.0␍␊\n          A:␠b␍␊\n          C␠:␠d␍␊\n           ^\n          E:␠f␍␊\n"},
		{head, len(head), "  in      E:␠f␍␊\n          ␍␊\n\n          ^\n"},
		{"GET /", 5, "  in      GET␠/\n               ^\n"},
		{"GET /\r\n", 0, "  in      GET␠/␍␊\n          ^\n"},
		{"", 0, "  in\n          ^\n"},
	} {
		if got := marked("in", tt.octets, tt.offset); got != tt.want {
			t.Errorf("%q, offset %d:\n%s\nwant\n%s", tt.octets, tt.offset, got, tt.want)
		}
	}
	if octets := "  in      " + strings.Repeat("a ", 50); fitted(octets) != octets {
		t.Errorf("octets are broken into rows: %s", fitted(octets))
	}
	m := &mistake{row: "a row", octets: "GET /", rule: httpwire.RuleMethod}
	for sent, want := range map[string]string{"": "a row\n  in ", "A\r\nB": "a row\n  sent    A␍␊\n          B\n  came "} {
		if m.sent = sent; !strings.HasPrefix(m.Error(), want) {
			t.Errorf("%q was sent: %q, want %q", sent, m, want)
		}
	}
}

// A line that is like no status-line is refused, and not taken for a response without a head.
func TestReadStatus(t *testing.T) {
	for _, line := range []string{"200 OK\r\n", "<html>\r\n"} {
		if _, _, fault := readStatus(line); fault == nil {
			t.Errorf("%q is taken", line)
		}
	}
}

func TestResult(t *testing.T) {
	for left, want := range []string{"1 of 9 rows pass", "1 of 9 rows pass, 1 was not tried", "1 of 9 rows pass, 2 were not tried"} {
		if got := (result{passed: 1, all: 9, left: left}).String(); got != want {
			t.Errorf("%d are left: %q, want %q", left, got, want)
		}
	}
	const want = "1 of 4 rows pass\n\nThe first that does not: a row\n\nAlso wrong: b, c\n"
	if got := (result{passed: 1, all: 4, first: errors.New("a row"), others: []string{"b", "c"}}).String(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A function that takes memory without end is stopped before the machine is in trouble.
func TestTooMuchMemory(t *testing.T) {
	stop, ended := make(chan struct{}), make(chan struct{})
	defer runtime.GC() // other tests count memory as well
	defer func() { close(stop); <-ended }()
	err := grade(HeadEnd(func([]byte) (int, error) {
		defer close(ended)
		var held [][]byte // in pieces: Go clears the whole of a slice if a part of its memory was used before
		for range 9 {
			held = append(held, make([]byte, memoryLimit/8))
		}
		<-stop
		runtime.KeepAlive(held)
		return 0, nil
	}), "wrong_test.go", 10*time.Second).first
	if err == nil || !strings.Contains(err.Error(), "takes more than 256 MB of memory") {
		t.Errorf("%v", err)
	}
}
