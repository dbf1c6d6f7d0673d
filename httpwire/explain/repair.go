package explain

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"rawhttp/httpwire"
)

// Lines put right. A repair is a guess at what was meant; it shows only if the parser accepts it.

// example returns a line to type: the sender's own, put right, if that works.
func (m *mistake) example(f *fault) string {
	if n := f.bodyOctets(); m.count && n > 0 {
		return "Content-Length: " + strconv.FormatInt(n, 10)
	}
	if m.repair == nil {
		return m.like
	}
	fixed := m.repair(f)
	if fixed == nil || !f.accepts(fixed) {
		return m.like
	}
	line := string(appendSafe(nil, string(fixed)))
	if len(line) > LineWidth-len(indent) || strings.Contains(line, "→") ||
		strings.HasSuffix(line, " ") {
		return m.like
	}
	return line
}

// accepts reports whether a line would do in the place of the faulty one.
func (f *fault) accepts(line []byte) bool {
	if bytes.ContainsAny(line, "\r\n") {
		return false
	}
	start, _ := f.line()
	head := slices.Concat(line, []byte("\r\n\r\n"))
	var err error
	switch first := len(bytes.Trim(f.b[:start], "\r\n")) == 0; {
	case first && f.isResponse():
		_, err = httpwire.ConsumeResponseHead(head, new(httpwire.Response))
	case first:
		_, err = httpwire.ConsumeRequestHead(head, new(httpwire.Request))
	default:
		var req httpwire.Request
		head = slices.Concat([]byte("GET / HTTP/1.0\r\n"), head)
		if _, err = httpwire.ConsumeRequestHead(head, &req); err == nil {
			_, err = req.BodyLength()
		}
	}
	return err == nil
}

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

// slashBefore puts the slash where the target begins.
func slashBefore(f *fault) []byte {
	line, _ := f.text()
	method, rest, ok := bytes.Cut(line, []byte(" "))
	if !ok {
		return nil
	}
	return slices.Concat(method, []byte(" /"), rest)
}

// upperVersion puts the name of the protocol in capitals.
func upperVersion(f *fault) []byte {
	line, at := f.text()
	i := bytes.LastIndexByte(line[:at], ' ') + 1
	if f.isResponse() {
		i = 0
	}
	if len(line) < i+len("HTTP") {
		return nil
	}
	return slices.Concat(line[:i], []byte("HTTP"), line[i+len("HTTP"):])
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

// withVersion adds the version to a line that ends early.
func withVersion(f *fault) []byte {
	line, _ := f.text()
	return slices.Concat(bytes.TrimRight(line, " \t"), []byte(" HTTP/1.0"))
}

// versionOnly drops what stands behind the version.
func versionOnly(f *fault) []byte {
	line, at := f.text()
	return bytes.TrimRight(line[:at], " \t")
}

// withoutFragment drops "#" and what stands behind it, up to the version.
func withoutFragment(f *fault) []byte {
	line, at := f.text()
	end := bytes.IndexByte(line[at:], ' ')
	if end < 0 {
		return nil
	}
	return slices.Concat(line[:at], line[at+end:])
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
		fixed = append(fixed, '%', hexDigits[o>>4], hexDigits[o&15])
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

// httpScheme writes http for https.
func httpScheme(f *fault) []byte {
	line, _ := f.text()
	return bytes.Replace(line, []byte("https://"), []byte("http://"), 1)
}

// pathOfURL makes a request-line of a URL.
func pathOfURL(f *fault) []byte {
	line, _ := f.text()
	_, rest, _ := bytes.Cut(line, []byte("://"))
	url, _, _ := bytes.Cut(rest, []byte(" "))
	path := []byte("/")
	if i := bytes.IndexByte(url, '/'); i >= 0 {
		path = url[i:]
	}
	return slices.Concat([]byte("GET "), path, []byte(" HTTP/1.0"))
}

// rootPath puts "/" for the target.
func rootPath(f *fault) []byte {
	line, _ := f.text()
	return bytes.Replace(line, f.target(), []byte("/"), 1)
}

// withColon puts a colon behind the first word.
func withColon(f *fault) []byte {
	line, at := f.text()
	return slices.Concat(line[:at], []byte(": "), bytes.TrimLeft(line[at:], " \t"))
}

// withoutUser drops the user name before "@" in a URL.
func withoutUser(f *fault) []byte {
	line, at := f.text()
	authority := bytes.LastIndex(line[:at], []byte("//"))
	end := bytes.IndexByte(line[at:], '@')
	if authority < 0 || end < 0 {
		return nil
	}
	return slices.Concat(line[:authority+2], line[at+end+1:])
}

// tightColon drops the white space before the first colon of a field.
func tightColon(f *fault) []byte {
	line, _ := f.text()
	name, value, ok := bytes.Cut(line, []byte(":"))
	if !ok {
		return nil
	}
	return slices.Concat(bytes.Trim(name, " \t"), []byte(":"), value)
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

func isBlank(r rune) bool { return strings.ContainsRune(" \t", r) }
