package explain

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"rawhttp/httpwire"
	"rawhttp/httpwire/visible"
)

// Lines put right. A repair is a guess at what was meant. What is still wrong with the repaired line
// is repaired as well, and the line shows only if the parser accepts it: advice, followed, works.

const (
	someLine     = "GET / HTTP/1.0\r\n"
	someStatus   = "HTTP/1.1 200 OK\r\n"
	anyHostField = "\r\nHost: localhost\r\n\r\n"
	mostFaults   = 8 // in a line that is repaired
)

// exampleFor returns a line to type: the sender's own, put right, or else one that shows the form.
func (m *mistake) exampleFor(f *fault) string {
	if n := f.bodyOctets(); m.countBody && n > 0 {
		return "Content-Length: " + strconv.FormatInt(n, 10)
	}
	if m.repair != nil {
		if line, ok := typeable(f.repaired(m.repair(f))); ok {
			return line
		}
	}
	if m.example == getLine && f.isResponse() {
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

// repaired repairs what is wrong with a line for the place of the faulty one, and returns nil if
// there is no repair.
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

// knownMethod writes the method of a request-line in capitals if it is a known one then.
func (f *fault) knownMethod(line []byte) []byte {
	method, rest, _ := bytes.Cut(line, []byte(" "))
	if name := capitalMethod(method); f.inRequestLine() && name != "" {
		return slices.Concat([]byte(name), []byte(" "), rest)
	}
	return line
}

// accepts reports whether a line would do in the place of the faulty one.
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
	var b []byte
	var err error
	start := 0
	switch first, response := f.inFirstLine(), f.isResponse(); {
	case first && response:
		b = slices.Concat(line, []byte("\r\n\r\n"))
		err = checkResponse(b)
	case first:
		b = slices.Concat(line, []byte(anyHostField))
		err = checkRequest(b)
	case response:
		start = len(someStatus)
		b = slices.Concat([]byte(someStatus), line, []byte("\r\n\r\n"))
		err = checkResponse(b)
	default:
		start = len(someLine)
		b = slices.Concat([]byte(someLine), line, []byte("\r\n\r\n"))
		err = checkRequest(b)
	}
	var e *httpwire.SyntaxError
	if !errors.As(err, &e) || e.Rule == httpwire.RuleLengthRequired || e.Offset < start {
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
	re := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
	return func(f *fault) []byte {
		line, _ := f.text()
		if !re().Match(line) {
			return nil
		}
		return re().ReplaceAll(line, []byte(replacement))
	}
}

var (
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
	withoutUser     = edit(`^([^@]*//)[^@]*@`, "$1")
)

// upToFault leaves out the rest of the line, and white space before it.
func upToFault(f *fault) []byte { return bytes.TrimRight(f.before(), " \t") }

// singleSpaces takes white space for what parts the words, whatever it is.
func singleSpaces(f *fault) []byte {
	line, _ := f.text()
	return bytes.Join(bytes.FieldsFunc(line, isBlank), []byte(" "))
}

// spaceEncoded takes the words between the first and the last for one request-target.
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
	method, rest, ok := bytes.Cut(line, []byte(" "))
	if !ok {
		return nil
	}
	return slices.Concat(bytes.ToUpper(method), []byte(" "), rest)
}

// words splits a request-line into method, target and the rest. A line of one word is a method.
func (f *fault) words() (method, target, rest []byte) {
	line, _ := f.text()
	method, rest, _ = bytes.Cut(line, []byte(" "))
	target, rest, _ = bytes.Cut(rest, []byte(" "))
	return method, target, rest
}

// withRoot takes the line for a method, and goes on with the path "/" and a version.
func withRoot(f *fault) []byte {
	method, _, _ := f.words()
	if httpwire.IsMethod(bytes.ToUpper(method)) {
		return slices.Concat(method, []byte(" / HTTP/1.0"))
	}
	return nil
}

// pathOfTarget leaves the path and the query of a URL.
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

// versionWritten writes the last word of a request-line as a version: the one that it begins with,
// or HTTP/1.0.
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

// unquoted leaves out the quotation marks around the line, and line ends typed as letters.
func unquoted(f *fault) []byte {
	line, _ := f.text()
	line = bytes.Trim(line, "\"'")
	for i := range line {
		if line[i] == '\\' && len(typedLineEnds(line[i:])) == 0 {
			return line[:i]
		}
	}
	return line
}

// withoutControls leaves out the octets that no name, value or target may hold.
func withoutControls(f *fault) []byte {
	line, _ := f.text()
	var fixed []byte
	for _, o := range line {
		if o >= ' ' && o < 0x7F {
			fixed = append(fixed, o)
		}
	}
	return fixed
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

// thisField returns the field as it is.
func thisField(f *fault) []byte {
	line, _ := f.text()
	return line
}

// hostOnly leaves host and port of the value of a Host field.
func hostOnly(f *fault) []byte {
	value := f.value()
	if _, rest, ok := bytes.Cut(value, []byte("://")); ok {
		value = rest
	}
	if i := bytes.IndexAny(value, "/?#, \t"); i >= 0 {
		value = value[:i]
	}
	value = value[bytes.LastIndexByte(value, '@')+1:]
	host, port, _ := bytes.Cut(value, []byte(":"))
	if digits := len(port) - len(bytes.TrimLeft(port, "0123456789")); digits < len(port) && digits > 0 {
		value = slices.Concat(host, []byte(":"), port[:digits])
	}
	return slices.Concat([]byte("Host: "), value)
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

// percentEncoded writes the lone "%" before the fault as %25.
func percentEncoded(f *fault) []byte {
	line, at := f.text()
	i := bytes.LastIndexByte(line[:at], '%')
	if i < 0 {
		return nil
	}
	return slices.Concat(line[:i], []byte("%25"), line[i+1:])
}

// withReason adds the SP, and a reason phrase, that the status-line lacks.
func withReason(f *fault) []byte {
	line, at := f.text()
	if at < len("HTTP/1.0 200") || at != len(line) {
		return nil
	}
	code := 0
	for _, d := range line[at-3 : at] {
		code = code*10 + int(d-'0')
	}
	return slices.Concat(line, []byte(" "), []byte(httpwire.ReasonPhrase(code)))
}

func isBlank(r rune) bool { return strings.ContainsRune(" \t\v\f", r) }
