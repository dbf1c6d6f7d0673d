package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
	"rawhttp/rawclient/wireclient"
)

// A request is what to send, and where.
type request struct {
	*wireclient.Request
	addr       string
	where      string // the arguments that say where the server is, as examples
	fromURL    bool   // the client wrote it for a URL
	tls        bool   // TLS is between TCP and HTTP
	serverName string // the name that the certificate must have
}

// compose makes the request in one of four ways.
func (c *console) compose(ctx context.Context) (*request, error) {
	r := &request{addr: c.opt.addr, where: "-addr host:port ...", tls: c.opt.tls}
	r.serverName, _, _ = net.SplitHostPort(r.addr)
	var err error
	switch o := c.opt; {
	case o.given["in"]:
		r.Request, err = c.fromFile(ctx)
	case len(o.lines) == 0 && (c.std.InTerminal || o.interactive):
		r.Request, err = c.typed(ctx)
	case len(o.lines) == 0:
		err = usageError("no request was given. Write it after the flags, or pipe it to -in -\n\n"+
			"  %s \"GET / HTTP/1.0\"\n  %s\n\n%s -h  says more", command, piped(runtime.GOOS), command)
	case looksLikeURL(o.lines[0]):
		err = c.fromURL(ctx, r)
	default:
		r.Request, err = c.fromLines(ctx)
	}
	return r, err
}

// piped returns a command that pipes a request to the client, for the shell of a system.
func piped(system string) string {
	if system == "windows" {
		return `cmd /c "(echo GET / HTTP/1.0& echo.) | ` + command + ` -i"`
	}
	return `printf "GET / HTTP/1.0\r\n\r\n" | ` + command + " -in -"
}

// fromLines makes a request of the request-line and the field lines.
func (c *console) fromLines(ctx context.Context) (*wireclient.Request, error) {
	b, err := c.octetsOfLines(ctx, "request")
	if err != nil {
		return nil, err
	}
	r := wireclient.ParseRequest(b)
	c.adviseOnLine()
	c.adviseOnFields()
	c.adviseOnType(r)
	return r, nil
}

// octetsOfLines makes a message of its lines as they are. It adds the line ends, and the length of
// the body if no field has it.
func (c *console) octetsOfLines(ctx context.Context, message string) ([]byte, error) {
	body, err := c.givenBody(ctx)
	if err != nil {
		return nil, err
	}
	var b []byte
	length := ""
	for i, line := range c.opt.lines {
		b = append(append(b, line...), "\r\n"...)
		name, value, _ := strings.Cut(line, ":")
		if i > 0 && strings.EqualFold(strings.TrimRight(name, " \t"), "Content-Length") {
			length = strings.Trim(value, " \t")
		}
	}
	own := strconv.Itoa(len(body))
	switch {
	case body != nil && length == "":
		b = append(b, "Content-Length: "+own+"\r\n"...)
	case length != "" && length != own:
		c.say("Content-Length says %s, but the body has %s. The %s is sent as it is",
			length, explain.OctetCount(int64(len(body))), message)
	}
	return append(append(b, "\r\n"...), body...), nil
}

// adviseOnType says how to declare JSON. Servers refuse JSON without a type, or read it as a form.
func (c *console) adviseOnType(r *wireclient.Request) {
	if r.Err != nil || r.Fields.Get("Content-Type") != nil {
		return
	}
	if bytes.HasPrefix(bytes.TrimSpace(r.Body), []byte("{")) && json.Valid(r.Body) {
		c.say("the body is valid JSON, but no field says so: add  \"Content-Type: application/json\"")
	}
}

// adviseOnLine prints a notice about a request-line that looks like a mistake, or that names another
// server. The request is sent as it is.
func (c *console) adviseOnLine() {
	lines := c.opt.lines
	if _, rest, ok := strings.Cut(lines[0], " "); ok {
		target, _, _ := strings.Cut(rest, " ")
		if u, err := parseURL(target); err == nil && u.addr != c.opt.addr && !c.opt.given["addr"] {
			tls := ""
			if u.tls && !c.opt.tls {
				tls = "-tls "
			}
			c.say("the URL names %s, but the request goes to %s, as to a proxy: to send it to the "+
				"server in the URL, add  %s-addr %s", u.addr, c.opt.addr, tls, quoted(u.addr))
		}
		return
	}
	if whole := withLine(lines); whole != nil {
		c.say("only %q is sent as the request-line; write the whole line in quotes:  %s", lines[0], quoted(whole[0]))
	} else if strings.ContainsAny(lines[0], ":/.") {
		c.say("%q is sent to %s as the request-line; a URL begins with http://", lines[0], c.opt.addr)
	} else if len(lines) > 1 && lines[0] != "" {
		c.say("only %q is sent as the request-line, and each argument after it as a field line; a request-line is "+
			"written in quotes, as in  \"GET / HTTP/1.0\"", lines[0])
	}
}

// withLine returns lines with their request-line in one argument, because its quotes may be missing. A name of
// a file becomes a path. It returns nil if the lines do not begin with a request-line.
func withLine(lines []string) []string {
	for n := min(len(lines), 3); n > 0; n-- {
		words := slices.Clone(lines[:n])
		if n > 1 && fileName.MatchString(words[1]) {
			words[1] = "/" + words[1]
		}
		line := strings.Join(words, " ")
		if wireclient.ParseRequest([]byte(line+"\r\n\r\n")).Err == nil {
			return append([]string{line}, lines[n:]...)
		}
	}
	return nil
}

// adviseOnFields prints a notice about a field line that is two arguments because its quotes are
// missing. Both are sent as they are.
func (c *console) adviseOnFields() {
	fields := c.opt.lines[1:]
	for i := 1; i < len(fields); i++ {
		name, colon := strings.CutSuffix(fields[i-1], ":")
		if colon && !strings.Contains(name, ":") && !strings.Contains(fields[i], ":") {
			c.say("only %q is sent as a field line; write the whole line in quotes:  %s", fields[i-1],
				quoted(fields[i-1]+" "+fields[i]))
		}
	}
}

// givenBody returns the body that the flags give, or nil.
func (c *console) givenBody(ctx context.Context) ([]byte, error) {
	switch {
	case c.opt.given["data"]:
		return []byte(c.opt.data), nil
	case c.opt.given["body"]:
		return c.readFile(ctx, "-body", c.opt.body)
	}
	return nil, nil
}

// fromFile makes a request of a file as it is. Editors change line ends and add one at the end of a
// file, so it checks for the mistakes that this makes.
func (c *console) fromFile(ctx context.Context) (*wireclient.Request, error) {
	b, err := c.readFile(ctx, "-in", c.opt.in)
	if err != nil {
		return nil, err
	}
	r := wireclient.ParseRequest(c.crlf(b))
	if c.opt.literal {
		return r, nil
	}
	c.adviseOnType(r)
	return r, c.checkFile(r)
}

// endOfHead matches an empty line and the end of the line before it, or else the end of the file.
var endOfHead = regexp.MustCompile(`\n\r?\n|\z`)

// crlf does what -crlf says: it adds the missing CR before each LF of the head. The head ends with
// the first empty line; what follows does not change.
func (c *console) crlf(b []byte) []byte {
	if !c.opt.crlf {
		return b
	}
	end := endOfHead.FindIndex(b)[1]
	lf := bytes.ReplaceAll(b[:end], []byte("\r\n"), []byte("\n"))
	crlf := bytes.ReplaceAll(lf, []byte("\n"), []byte("\r\n"))
	if added := len(crlf) - end; added > 0 {
		c.say("-crlf turned LF into CR LF in the head: %d", added)
	}
	return append(crlf, b[end:]...)
}

// checkFile refuses a wrong Content-Length, and names what else may be a mistake. Other rules may
// be broken: the client is for that.
func (c *console) checkFile(r *wireclient.Request) error {
	var fault *httpwire.SyntaxError
	switch {
	case len(r.Octets) == 0:
		return usageError("-in %s: the file is empty", c.opt.in)
	case bytes.HasPrefix(r.Octets, []byte("\xEF\xBB\xBF")),
		bytes.HasPrefix(r.Octets, []byte("\xFF\xFE")):
		c.say("the file begins with a byte order mark, which is sent too: save it as plain ASCII")
	case errors.As(r.Err, &fault) && fault.Octet == '\n': // printed after the response, which says why
		c.sayLater("offset %d of the file: the line ends in LF alone. Add  -crlf  to send CR LF "+
			"instead. The file does not change", fault.Offset)
	case errors.Is(r.Err, httpwire.ErrIncomplete):
		c.say("the empty line that ends the head is missing: the server will wait for it")
	case r.Err == nil && r.Fields.Get("Content-Length") != nil:
		return checkLength(r)
	}
	return nil
}

func checkLength(r *wireclient.Request) error {
	length, err := r.BodyLength()
	have := int64(len(r.Body))
	if err != nil || length == have {
		return nil
	}
	hint := ""
	if length < have && have <= length+2 {
		hint = " (did an editor add a line end?)"
	}
	return usageError("nothing was sent: Content-Length says %d, but the body after the empty line has "+
		"%s%s\ncorrect the number, or add -literal to send the file as it is", length,
		explain.OctetCount(have), hint)
}
