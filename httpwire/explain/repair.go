package explain

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rawhttp/httpwire"
	"rawhttp/httpwire/visible"
)

// A repair puts a faulty line right. It is a guess at what the sender meant. What is still wrong
// with the repaired line is repaired too. The line is shown only if the parser accepts it, so advice
// that is followed works.

// mostFaults bounds the repairs of a line. A line longer than longestLine is not repaired.
const mostFaults = 8

// exampleFor returns a line to type: the sender's own line with its faults repaired, or else an example
// of a correct line.
func (m *mistake) exampleFor(f *fault) string {
	if n := f.bodyOctets(); m.countBody && n > 0 {
		return "Content-Length: " + strconv.FormatInt(n, 10)
	}
	if line, _ := f.text(); m.repair != nil && len(line) <= longestLine {
		if line, ok := typeable(f.repaired(m.repair(f))); ok {
			return line
		}
	}
	// Only in a request can a method be wrong, even if the request looks like a response.
	if m.example == getLine && f.isResponse() && f.rule != httpwire.RuleMethod {
		return statusLine
	}
	if m.example != "" || m.help != "" {
		return m.example
	}
	_, example, _ := strings.Cut(m.shows(f).Help(), exampleNext)
	return example
}

// typeable returns a line as text, and whether it shows on one row, so that it can be typed.
func typeable(line []byte) (string, bool) {
	text := string(visible.Blanks.Append(nil, line))
	return text, len(line) > 0 && text == string(line) && len(text) <= visible.LineWidth-len(indent) &&
		!strings.HasSuffix(text, " ")
}

// repaired repairs a line that is to replace the faulty one, and returns nil if there is no repair for
// one of its faults.
func (f *fault) repaired(line []byte) []byte {
	for range mostFaults {
		if line == nil || bytes.ContainsAny(line, "\r\n") {
			return nil
		}
		next := f.faultIn(line)
		if next == nil {
			known := f.knownMethod(line)
			if bytes.Equal(known, line) {
				return line
			}
			line = known // for which another form of target may be right
			continue
		}
		m := next.mistake()
		if m.repair == nil {
			return nil
		}
		line = m.repair(next)
	}
	return nil
}

// knownMethod writes the method of a request-line in capitals if that makes it a known method.
func (f *fault) knownMethod(line []byte) []byte {
	method, rest, _ := bytes.Cut(line, []byte(" "))
	if name := capitalMethod(method); f.inRequestLine() && name != "" {
		return slices.Concat([]byte(name), []byte(" "), rest)
	}
	return line
}

// accepts reports whether the parser accepts a line in the place of the faulty one.
func (f *fault) accepts(line []byte) bool {
	return !bytes.ContainsAny(line, "\r\n") && f.faultIn(line) == nil
}

// inFirstLine reports whether the fault is in the request-line, or in a status-line, which may
// follow an interim response.
func (f *fault) inFirstLine() bool {
	start, _ := f.line()
	before := f.b[:start]
	return len(bytes.Trim(before, "\r\n")) == 0 ||
		f.isResponse() && bytes.HasSuffix(before, []byte("\r\n\r\n"))
}

func (f *fault) inRequestLine() bool { return f.inFirstLine() && !f.isResponse() }

// faultIn returns what is wrong with a line in the place of the faulty one, nil if nothing is. The
// line is read in a short message of its own, so that a long one is not read again for each repair.
func (f *fault) faultIn(line []byte) *fault {
	before, after, check := "GET / HTTP/1.0\r\n", "\r\n\r\n", checkRequest
	if f.isResponse() {
		before, check = "HTTP/1.1 200 OK\r\n", checkResponse
	}
	if f.inFirstLine() {
		before = ""
	}
	if f.inRequestLine() {
		after = "\r\nHost: localhost\r\n\r\n"
	}
	b := slices.Concat([]byte(before), line, []byte(after))
	err := check(b)
	var e *httpwire.SyntaxError
	if !errors.As(err, &e) || e.Rule == httpwire.RuleLengthRequired || e.Offset < len(before) {
		return nil
	}
	return &fault{b: b, came: int64(len(b)), at: e.Offset, octet: e.Octet, rule: e.Rule}
}

// checkRequest reads a request head and returns what is wrong with it.
func checkRequest(b []byte) error {
	var req httpwire.Request
	if _, err := httpwire.ConsumeRequestHead(b, &req); err != nil {
		return err
	}
	if err := req.Check(); err != nil {
		return err
	}
	_, err := req.BodyLength()
	return err
}

// checkResponse reads a response head and returns what is wrong with it.
func checkResponse(b []byte) error {
	var resp httpwire.Response
	if _, err := httpwire.ConsumeResponseHead(b, &resp); err != nil {
		return err
	}
	_, err := resp.Framing(nil)
	return err
}

// edit makes a repair that replaces what a regular expression finds in the line.
func edit(pattern, replacement string) func(*fault) []byte {
	re := lazy(pattern)
	return func(f *fault) []byte {
		line, _ := f.text()
		if !re().Match(line) {
			return nil
		}
		return re().ReplaceAll(line, []byte(replacement))
	}
}

var (
	slashed         = edit(`\\`, "/")
	slashBefore     = edit(`^([^ ]*) `, "$1 /")
	withVersion     = edit(`^(.*?)[ \t]*$`, "$1 HTTP/1.0")
	httpScheme      = edit(`^(.*?)https://`, "${1}http://")
	tightColon      = edit(`^[ \t]*([^:]*?)[ \t]*:`, "$1:")
	withoutFragment = edit(`^([^ ]* [^#]*)#[^ ]* `, "$1 ")
	getBefore       = edit(`^`, "GET ")
	rootPath        = edit(`^([^ ]*) [^ ]* ?`, "$1 / ")
	rootInserted    = edit(`^([^ ]*) ([^ ]*).*`, "$1 / $2")
	pathOfURL       = edit(`^.*?://[^/ ]*([^ ]*).*`, "GET $1 HTTP/1.0")
	withPort        = edit(`^([^ ]* [^ ]*?):?( .*)?$`, "${1}:443$2")
	upperVersion    = edit(`(?i)(^| )http/`, "${1}HTTP/")
	spokenVersion   = edit(`^([^ ]* [^ ]*).*`, "$1 HTTP/1.0")
	withColon       = edit(`^([^ \t]*)[ \t]+`, "$1: ")
	unquoted        = edit(`^["']*(.*?)(\\[rn])*["']*$`, "$1")
	thisField       = edit(`^`, "")
	withoutControls = edit(`[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]+`, "")
	visibleASCII    = edit(`[^ -~]+`, "")
	percentEncoded  = edit(`%([^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)`, "%25$1")
	hostOnly        = edit(`^[^:]*:[ \t]*([^ \t]*?://)?([^/?#, \t]*@)?`+ // up to the host
		`(\[[^\]]*\]|[^/?#, \t:]*)((:[0-9]+).*|:?([/?#, \t].*)?$)`, "Host: $3$5")
	bracketed    = edit(`(?i)^(Host:[ \t]*|[^ ]* http://)([0-9a-f:.]+)`, "$1[$2]")
	hostPortOnly = edit(`^([^ ]* [^ /?]*)[^ ]*`, "$1")
	withoutUser  = edit(`^([^@]*//)[^@]*@`, "$1")
)

// upToFault leaves out the rest of the line, and white space before it.
func upToFault(f *fault) []byte { return bytes.TrimRight(f.before(), " \t") }

// singleSpaces puts one SP in the place of each run of white space, and leaves out white space at the ends.
func singleSpaces(f *fault) []byte {
	line, _ := f.text()
	return bytes.Join(bytes.FieldsFunc(line, isBlank), []byte(" "))
}

// spaceEncoded writes %20 for each space within the request-target, which is all between the first word
// and the last.
func spaceEncoded(f *fault) []byte {
	line, _ := f.text()
	method, rest, _ := bytes.Cut(line, []byte(" "))
	end := bytes.LastIndexByte(rest, ' ')
	if end < 0 {
		return nil
	}
	target := bytes.ReplaceAll(rest[:end], []byte(" "), []byte("%20"))
	return slices.Concat(method, []byte(" "), target, rest[end:])
}

// upperMethod puts the method in capitals.
func upperMethod(f *fault) []byte {
	line, _ := f.text()
	return f.knownMethod(line)
}

// words splits a request-line into method, target and the rest. A line of one word is a method.
func (f *fault) words() (method, target, rest []byte) {
	line, _ := f.text()
	method, rest, _ = bytes.Cut(line, []byte(" "))
	target, rest, _ = bytes.Cut(rest, []byte(" "))
	return method, target, rest
}

// withRoot returns the first word with the path "/" and a version after it, if it is a known method.
func withRoot(f *fault) []byte {
	method, _, _ := f.words()
	if methodMeaning(bytes.ToUpper(method)).sections != "" {
		return slices.Concat(method, []byte(" / HTTP/1.0"))
	}
	return nil
}

// pathOfTarget puts the path and the query of a URL in the place of the URL.
func pathOfTarget(f *fault) []byte {
	method, target, version := f.words()
	_, rest, ok := bytes.Cut(target, []byte("://"))
	if !ok {
		_, rest, ok = bytes.Cut(target, []byte(":"))
		rest = bytes.TrimLeft(rest, "/")
	}
	if !ok {
		return nil
	}
	path := []byte("/")
	if i := bytes.IndexByte(rest, '/'); i >= 0 {
		path = rest[i:]
	}
	return bytes.Join([][]byte{method, path, version}, []byte(" "))
}

// versionWritten puts a version in the place of the last word of a request-line: the version that the word
// begins with, or HTTP/1.0.
func versionWritten(f *fault) []byte {
	const length = len("HTTP/1.0")
	line, at := f.text()
	i := bytes.LastIndexByte(line[:at], ' ') + 1
	if i == 0 {
		return nil
	}
	version := line[i:]
	if len(version) < length || !bytes.HasPrefix(version, []byte("HTTP/1.")) ||
		version[length-1] < '0' || version[length-1] > '9' {
		version = []byte("HTTP/1.0")
	}
	return slices.Concat(line[:i], version[:length])
}

// joinedName joins the words before the colon by "-".
func joinedName(f *fault) []byte {
	line, _ := f.text()
	name, value, ok := bytes.Cut(line, []byte(":"))
	if !ok {
		return nil
	}
	return slices.Concat(bytes.Join(bytes.FieldsFunc(name, isBlank), []byte("-")), []byte(":"), value)
}

// unfolded joins a folded line to the one before it.
func unfolded(f *fault) []byte {
	start, _ := f.line()
	if start == 0 {
		return nil
	}
	before := fault{b: f.b[:start], at: start - 1}
	name, _ := before.text()
	line, _ := f.text()
	return slices.Concat(bytes.TrimRight(name, " \t"), []byte(" "), bytes.Trim(line, " \t"))
}

// encoded writes every octet that a URI does not allow as %HH.
func encoded(f *fault) []byte {
	line, _ := f.text()
	var fixed []byte
	for _, o := range line {
		if o > ' ' && o < 0x7F && strings.IndexByte("\"<>[\\]^`{|}", o) < 0 || o == ' ' {
			fixed = append(fixed, o)
			continue
		}
		fixed = fmt.Appendf(fixed, "%%%02X", o)
	}
	return fixed
}

// withReason adds the SP, and a reason phrase, that the status-line lacks.
func withReason(f *fault) []byte {
	line, at := f.text()
	if at < len("HTTP/1.0 200") || at != len(line) {
		return nil
	}
	code, _ := strconv.Atoi(string(line[at-3:]))
	return slices.Concat(line, []byte(" "), []byte(httpwire.ReasonPhrase(code)))
}

func isBlank(r rune) bool { return strings.ContainsRune(" \t\v\f", r) }
