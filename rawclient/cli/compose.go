package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"

	"rawhttp/httpwire"
)

// A request is what will be sent, and where to.
type request struct {
	octets   []byte
	addr     string
	composed bool // from a URL, not literal

	method  []byte
	version httpwire.Version // 0.9 if there is none
	more    bool             // octets follow the end of the request
	closes  bool             // it asks the server to close the connection
}

// compose makes the request in whichever of the four ways was asked for.
func (x *exchange) compose(ctx context.Context) (*request, error) {
	r := &request{addr: x.opt.addr}
	var err error
	switch o := x.opt; {
	case o.given["in"]:
		err = x.fromFile(r)
	case len(o.lines) == 0 && (x.InTerminal || o.interactive):
		err = x.typed(ctx, r)
	case len(o.lines) == 0:
		err = usageError("no request was given: write it after the flags, or pipe it to -in -, which "+
			"reads it octet for octet\n\n  %s \"GET / HTTP/1.0\"\n  %s\n\n%s -h  says more",
			command, piped(runtime.GOOS), command)
	case looksLikeURL(o.lines[0]):
		err = x.fromURL(r)
	default:
		err = x.fromLines(r)
	}
	if err != nil {
		return nil, err
	}
	r.classify()
	return r, nil
}

// piped is a command that pipes a request to the client, in the shell that a system has.
func piped(system string) string {
	if system == "windows" {
		return `cmd /c "(echo GET / HTTP/1.0& echo.) | ` + command + ` -i"`
	}
	return `printf "GET / HTTP/1.0\r\n\r\n" | ` + command + " -in -"
}

// adviseOnStatus tells of the flags that do what the server asks for. The server knows nothing of
// them.
func (x *exchange) adviseOnStatus() {
	_, body, _ := bytes.Cut(x.req.octets, []byte("\r\n\r\n"))
	if x.status == 411 && len(body) == 0 {
		x.note("to send a body, and its length with it, add  -data TEXT  or  -body FILE  before the " +
			"request line;  -data \"\"  is a body of no octets")
	}
}

// classify finds in the octets what decides how the answer is to be read.
func (r *request) classify() {
	start := bytes.TrimPrefix(r.octets, []byte("\r\n"))
	first, _, _ := bytes.Cut(start, []byte("\n"))
	r.method, _, _ = bytes.Cut(bytes.TrimSuffix(first, []byte("\r")), []byte(" "))
	var req httpwire.Request
	n, err := httpwire.ConsumeRequest(r.octets, &req)
	r.version = req.Version
	r.closes = err == nil && req.Fields.Has("Connection", "close")
	if length, lengthErr := req.BodyLength(); err == nil && lengthErr == nil {
		r.more = !req.Simple && int64(len(r.octets)-n) > length
	}
}

// fromLines takes request line and field lines as they stand, and adds the line ends.
func (x *exchange) fromLines(r *request) error {
	body, err := x.givenBody()
	if err != nil {
		return err
	}
	length := ""
	for i, line := range x.opt.lines {
		r.octets = append(append(r.octets, line...), "\r\n"...)
		name, value, _ := strings.Cut(line, ":")
		if i > 0 && httpwire.EqualFold([]byte(strings.TrimRight(name, " \t")), "Content-Length") {
			length = strings.Trim(value, " \t")
		}
	}
	own := strconv.Itoa(len(body))
	switch {
	case body != nil && length == "":
		r.octets = append(r.octets, "Content-Length: "+own+"\r\n"...)
	case length != "" && length != own:
		x.say("Content-Length says %s and the body has %d octets: sent as it stands",
			safe(length), len(body))
	}
	r.octets = append(append(r.octets, "\r\n"...), body...)
	x.adviseOnLine()
	x.adviseOnFields()
	x.adviseOnType(r.octets)
	return nil
}

// adviseOnType tells of JSON that does not say so: servers refuse it, or take it for a form.
func (x *exchange) adviseOnType(b []byte) {
	var req httpwire.Request
	n, err := httpwire.ConsumeRequestHead(b, &req)
	if err != nil || req.Fields.Get("Content-Type") != nil {
		return
	}
	if body := bytes.TrimSpace(b[n:]); len(body) > 1 && body[0] == '{' && json.Valid(body) {
		x.say("the body is valid JSON, and no field says so: add  \"Content-Type: application/json\"")
	}
}

// adviseOnLine tells of a request line that looks like a slip, or that names another server. It
// is sent all the same.
func (x *exchange) adviseOnLine() {
	lines := x.opt.lines
	if _, rest, ok := strings.Cut(lines[0], " "); ok {
		target, _, _ := strings.Cut(rest, " ")
		if u, err := parseURL(target); looksLikeURL(target) && err == nil && u.addr != x.opt.addr &&
			!x.opt.given["addr"] {
			x.say("the URL names %s, and the request goes to %s, as to a proxy: -addr %s sends it there",
				u.addr, x.opt.addr, u.addr)
		}
		return
	}
	var line httpwire.Request
	joined := strings.Join(lines[:min(len(lines), 3)], " ")
	if _, err := httpwire.ConsumeRequest([]byte(joined+"\r\n\r\n"), &line); err == nil {
		x.say("%q alone is sent as the request line; quotes keep it together:  %q", lines[0], joined)
	} else if strings.ContainsAny(lines[0], ":/.") {
		x.say("%q is sent to %s as the request line; a URL begins with http://", lines[0], x.opt.addr)
	}
}

// adviseOnFields tells of a field line that came as two arguments, because it lacks its quotes. Both
// are sent all the same.
func (x *exchange) adviseOnFields() {
	fields := x.opt.lines[1:]
	for i := 1; i < len(fields); i++ {
		if splitField(fields[i-1], fields[i]) {
			x.say("%q alone is sent as a field line; quotes keep it together:  %q", fields[i-1],
				fields[i-1]+" "+fields[i])
		}
	}
}

// givenBody returns the body that the flags give, nil if there is none.
func (x *exchange) givenBody() ([]byte, error) {
	switch {
	case x.opt.given["data"]:
		return []byte(x.opt.data), nil
	case x.opt.given["body"]:
		b, err := x.readFile("-body", x.opt.body)
		return append([]byte{}, b...), err
	}
	return nil, nil
}

func (x *exchange) readFile(flag, name string) (b []byte, err error) {
	if name == "-" {
		b, err = io.ReadAll(x.In)
	} else {
		b, err = os.ReadFile(name)
	}
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, usageError("%s %s: there is no such file in this directory", flag, name)
	case err != nil && isDirectory(name):
		return nil, usageError("%s %s: this is a directory; name a file in it", flag, name)
	case err != nil:
		return nil, usageError("%s: %v", flag, err)
	}
	return b, nil
}

func isDirectory(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// fromFile takes a file as it is. Editors change line ends and add one at the end, so what such a
// change would spoil is looked at first.
func (x *exchange) fromFile(r *request) (err error) {
	if r.octets, err = x.readFile("-in", x.opt.in); err != nil {
		return err
	}
	if x.opt.crlf {
		var changed int
		if r.octets, changed = withCRLF(r.octets); changed > 0 {
			x.say("-crlf turned %d line ends of the head from LF into CR LF", changed)
		}
	}
	if x.opt.literal {
		return nil
	}
	x.adviseOnType(r.octets)
	return x.inspect(r.octets)
}

// inspect refuses a wrong Content-Length, and tells of what else may not be meant. A message that
// breaks a rule is not its business: to send those is what the tool is for.
func (x *exchange) inspect(b []byte) error {
	var req httpwire.Request
	var fault *httpwire.SyntaxError
	n, err := httpwire.ConsumeRequest(b, &req)
	switch {
	case len(b) == 0:
		return usageError("%s is empty", x.opt.in)
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")), bytes.HasPrefix(b, []byte("\xFF\xFE")):
		x.say("the file begins with a byte order mark, which is sent too: save it as plain ASCII")
	case errors.As(err, &fault) && fault.Octet == '\n': // after the response, which has other advice
		x.note("offset %d of the file: the line ends in LF alone. Add  -crlf  and CR LF is sent "+
			"instead; the file can stay as it is", fault.Offset)
	case errors.Is(err, httpwire.ErrIncomplete):
		x.say("the empty line that ends the head is missing: the server will wait for it")
	case err == nil && req.Fields.Get("Content-Length") != nil:
		return checkLength(&req, len(b)-n)
	}
	return nil
}

func checkLength(req *httpwire.Request, have int) error {
	length, err := req.BodyLength()
	if err != nil || length == int64(have) {
		return nil
	}
	hint := ""
	if length < int64(have) && int64(have) <= length+2 {
		hint = " (did an editor add a line end?)"
	}
	return usageError("nothing was sent: Content-Length says %d, and %d octets follow the empty "+
		"line%s\nput the number right, or add -literal to send the file as it is", length, have, hint)
}

// withCRLF puts a CR before each LF of the head that has none. The head goes up to the first empty
// line; what follows is left alone.
func withCRLF(b []byte) (out []byte, changed int) {
	read := 0
	for line := range bytes.Lines(b) {
		read += len(line)
		text, ended := bytes.CutSuffix(line, []byte("\n"))
		text, good := bytes.CutSuffix(text, []byte("\r"))
		if ended && !good {
			out = append(append(out, text...), "\r\n"...)
			changed++
		} else {
			out = append(out, line...)
		}
		if ended && len(text) == 0 && len(out) > len("\r\n") {
			break
		}
	}
	return append(out, b[read:]...), changed
}
