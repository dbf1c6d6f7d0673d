package cli

import (
	"encoding/base64"
	"encoding/json"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/commandline"
	"rawhttp/httpwire/visible"
	"rawhttp/rawclient/wireclient"
)

var scheme = regexp.MustCompile(`^[ \t]*[A-Za-z][A-Za-z0-9+.-]*://`)

// looksLikeURL reports whether s is a URL and not a request-line, which begins with a method and a
// space. A URL may have spaces by mistake.
func looksLikeURL(s string) bool { return scheme.MatchString(s) }

var (
	// otherURL matches a URL whose scheme is missing or misspelled: host:port, host.name/path,
	// http:/host.
	otherURL = regexp.MustCompile(`(?i)^(https?[:/]|//|\\\\|www\.|` +
		`([a-z0-9.-]+:[0-9]+|([a-z0-9-]+\.)+[a-z]+|localhost)(/|$))`)
	misspelled = regexp.MustCompile(`(?i)^(http(s?)[:/])?[/\\]*`) // the scheme of otherURL
	aToken     = regexp.MustCompile("^[A-Za-z]+$")
	version    = regexp.MustCompile(`(?i)[ \t]+HTTP/[0-9.]+$`)

	// escapeOrOther matches an escape, or a character that a path or query must not have.
	escapeOrOther = regexp.MustCompile(`%[0-9A-Fa-f]{2}|[^A-Za-z0-9._~!$&'()*+,;=:@/?-]`)
)

// checkTarget refuses a command line that names a server, but would be sent to the default server.
// With -addr, everything is sent as it is.
func (o *options) checkTarget() error {
	lines := o.lines
	if len(lines) > 1 && looksLikeURL(lines[1]) {
		switch {
		case looksLikeURL(lines[0]):
			return usageError("here are two URLs, but the client sends one request at a time. Run it for each "+
				"of them, or compare the responses:\n\n  %s -diff %s\n", command,
				quoted(lines[1], lines[0]))
		case lines[0] == "GET" && !o.given["addr"]:
			return usageError("write the URL alone; the client adds GET:\n\n  %s %s\n",
				command, quoted(lines[1]))
		case aToken.MatchString(lines[0]) && !o.given["addr"]:
			args, err := requestTo(lines[0], lines[1])
			if err != nil {
				return err
			}
			return usageError("a request-line is one argument, and -addr says where to send it:\n\n"+
				"  %s %s\n", command, args)
		}
	}
	if o.given["listen"] && len(lines) > 0 && looksLikeURL(lines[0]) {
		return usageError("-listen makes rawclient the server, so the arguments are a response, such as  "+
			"\"HTTP/1.0 200 OK\"\nto send a request to %s, leave out -listen", lines[0])
	}
	if len(lines) == 0 || o.given["addr"] || o.given["listen"] || looksLikeURL(lines[0]) ||
		!otherURL.MatchString(lines[0]) || strings.ContainsAny(lines[0], " \t") {
		return nil
	}
	url := misspelled.ReplaceAllString(lines[0], "http${2}://")
	if len(lines) == 2 && commandline.IsPort(lines[1]) { // as nc and telnet take it
		url += ":" + lines[1]
	}
	return usageError("%q names a server, but is neither a URL nor a request-line. A URL begins with "+
		"http://\n\n  %s %s\n\nto send it as it is, say where to:  -addr %s", lines[0], command,
		quoted(url), defaultAddr)
}

// requestTo returns the arguments that send a request with the method to the URL.
func requestTo(method, rawURL string) (string, error) {
	u, err := parseURL(rawURL)
	if err != nil {
		return "", err
	}
	line := method + " " + u.target + " HTTP/1.0"
	addr := "-addr " + u.addr
	if u.tls {
		addr = "-tls " + addr
	}
	return addr + " " + quoted(line, "Host: "+u.authority), nil
}

// checkProgram refuses a command line of curl or wget that was typed after rawclient.
func (o *options) checkProgram() error {
	if len(o.lines) < 2 || o.given["addr"] {
		return nil
	}
	switch o.lines[0] {
	case "curl", "curl.exe", "wget", "wget.exe":
		if i := slices.IndexFunc(o.lines, looksLikeURL); i > 0 {
			own := curlCommand(o.lines[1:])
			if own == "" {
				own = quoted(o.lines[i])
			}
			return usageError("%s is another program; rawclient takes the URL:\n\n  %s %s\n",
				o.lines[0], command, own)
		}
	}
	return nil
}

// A location is an http or https URL, taken apart. The fragment is dropped, because it is never sent.
type location struct {
	authority string // host and port as in the URL
	user      string // name and password, percent-encoded; "" if there is none
	target    string // path and query, as they are sent
	encoded   bool   // octets of target were percent-encoded
	addr      string // host and port to connect to
	tls       bool   // the scheme is https
}

// parseURL reads an http or https URL. It accepts what people type: white space around it, and octets
// that must be percent-encoded. Its errors are sentences for the user.
func parseURL(s string) (*location, error) {
	s = strings.Trim(s, " \t")
	if v := version.FindString(s); v != "" {
		return nil, usageError("write the URL alone, without the version:  %s\n"+
			"a request-line begins with a method, and -addr says where to send it",
			quoted(strings.TrimSuffix(s, v)))
	}
	scheme, rest, _ := strings.Cut(s, "://")
	u := location{tls: strings.EqualFold(scheme, "https")}
	if !u.tls && !strings.EqualFold(scheme, "http") {
		return nil, usageError("%s: rawclient knows only http:// and https:// URLs", safe(s))
	}
	rest, _, _ = strings.Cut(rest, "#")
	u.authority = rest
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		u.authority, u.target = rest[:i], rest[i:]
	}
	if i := strings.LastIndexByte(u.authority, '@'); i >= 0 {
		u.user, u.authority = u.authority[:i], u.authority[i+1:]
	}
	if !strings.HasPrefix(u.target, "/") {
		u.target = "/" + u.target
	}
	given := u.target
	u.target = percentEncode(given)
	u.encoded = u.target != given
	return &u, u.splitAuthority()
}

// safe returns a text from outside on one line that can be printed, with redacted credentials.
func safe(s string) string {
	return string((visible.Blanks | visible.UTF8).Append(nil, basicauth.Redact([]byte(s))))
}

// splitAuthority finds the address to connect to. The port is that of the scheme, 80 or 443, if the
// URL has none.
func (u *location) splitAuthority() error {
	u.authority = strings.TrimSuffix(u.authority, ":")
	begin, host, port := "http://", u.authority, "80"
	if u.tls {
		begin, port = "https://", "443"
	}
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		host, port = host[:i], host[i+1:]
	}
	bare := strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	switch {
	case !isASCII(host):
		rest := u.authority[len(host):] + u.target
		return usageError("%s", adviseOnHost(host, func(ascii string) string {
			return begin + ascii + rest
		}))
	case !commandline.IsPort(port):
		return usageError("%q is not a port: write the URL as  http://localhost:12345/", port)
	case bare == "":
		return usageError("the URL has no host: write it as  http://localhost:12345/")
	case strings.Contains(bare, ":") != strings.HasPrefix(host, "["):
		return usageError("%q is not a host: an IPv6 address, and nothing else, goes in brackets", host)
	}
	u.addr = net.JoinHostPort(bare, port)
	return nil
}

// adviseOnHost says what to type for a host name with letters beyond ASCII.
func adviseOnHost(host string, typed func(host string) string) string {
	if ascii := asciiHost(host); ascii != "" {
		return "the host name " + host + " has letters beyond ASCII; HTTP and DNS use its " +
			"ASCII form (RFC 5890):\n\n  " + typed(ascii) + "\n"
	}
	return "the host name " + host + " is not in UTF-8; write its ASCII " +
		"form, which begins with xn-- (RFC 5890)"
}

// percentEncode encodes the octets that a path or query must not have. Escapes do not change.
func percentEncode(s string) string {
	return escapeOrOther.ReplaceAllStringFunc(s, func(found string) string {
		if strings.HasPrefix(found, "%") && len(found) > 1 {
			return found
		}
		return url.PathEscape(found)
	})
}

// fromURL writes a conforming HTTP/1.0 request for a URL: GET, or POST if there is a body. A field
// line of the command line replaces the client's field of that name.
func (c *client) fromURL(r *request) error {
	u, err := parseURL(c.opt.lines[0])
	if err != nil {
		return err
	}
	body, err := c.givenBody()
	if err != nil {
		return err
	}
	if !c.opt.given["addr"] {
		r.addr = u.addr
	}
	r.fromURL, r.tls = true, u.tls || c.opt.tls
	r.serverName, _, _ = net.SplitHostPort(u.addr)
	req := httpwire.Request{Body: body}
	req.Method, req.Target = []byte("GET"), []byte(u.target)
	if body != nil {
		req.Method = []byte("POST")
	}
	if req.Fields, err = c.fieldsFor(u, body); err != nil {
		return err
	}
	octets, err := httpwire.AppendRequest(nil, &req)
	if err == nil {
		r.Request = wireclient.ParseRequest(octets)
		if err = r.Err; err == nil {
			err = r.Head.Check() // as a server does
		}
	}
	if err != nil {
		return usageError("this does not make a conforming request: %v\n"+
			"to send it anyway, write the request-line and the fields yourself", err)
	}
	return nil
}

// fieldsFor returns the fields of the request: Host first, then those of the command line, and
// Connection last.
func (c *client) fieldsFor(u *location, body []byte) (httpwire.Fields, error) {
	given, err := parseFields(c.opt.lines[0], c.opt.lines[1:])
	if err != nil {
		return nil, err
	}
	var fs httpwire.Fields
	add := func(name, value string) {
		if given.Get(name) == nil {
			fs = fs.Add([]byte(name), []byte(value))
		}
	}
	add("Host", u.authority)
	add("User-Agent", "rawclient/1.0")
	if u.user != "" && given.Get("Authorization") == nil {
		add("Authorization", "Basic "+basic(u.user))
		c.say("the name and the password of the URL are sent as Authorization: Basic, which " +
			"everyone on the way can read")
	}
	for _, f := range given {
		if httpwire.EqualFold(f.Name, "Host") {
			fs = append(httpwire.Fields{f}, fs...) // Host stays first
			continue
		}
		fs = fs.Add(f.Name, f.Value)
	}
	if body != nil {
		c.addBodyFields(add, given, body)
	}
	connection := "close"
	if c.opt.repeat > 1 {
		connection = "keep-alive"
	}
	add("Connection", connection)
	if u.encoded {
		c.say("the URL had octets that are not allowed; they are percent-encoded: %s", u.target)
	}
	return fs, nil
}

func (c *client) addBodyFields(add func(name, value string), given httpwire.Fields, body []byte) {
	media, why := "application/octet-stream", "the body is not JSON"
	if json.Valid(body) {
		media, why = "application/json", "the body is valid JSON"
	}
	if given.Get("Content-Type") == nil {
		c.say("Content-Type: %s was added, because %s", media, why)
	}
	add("Content-Type", media)
	add("Content-Length", strconv.Itoa(len(body)))
}

// parseFields splits the field lines that follow a URL. The writer checks them later.
func parseFields(rawURL string, lines []string) (fs httpwire.Fields, err error) {
	for i, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		switch {
		case !ok && i > 0 && splitField(lines[i-1], line):
			return nil, usageError("%q is not a field line; quotes keep it together:  %q", line,
				lines[i-1]+" "+line)
		case !ok && i == 0:
			return nil, usageError("%q is not a field line: write it as  \"Name: value\"\n"+
				"if it is part of the URL, write the URL in quotes, with %%20 for a space:\n\n  %s %q\n",
				line, command, rawURL+"%20"+line)
		case !ok:
			return nil, usageError("%q is not a field line: write it as  \"Name: value\"", line)
		}
		fs = fs.Add([]byte(name), []byte(strings.Trim(value, " \t")))
	}
	return fs, nil
}

// splitField reports whether two arguments seem to be one field line without quotes.
func splitField(line, next string) bool {
	name, ok := strings.CutSuffix(line, ":")
	return ok && !strings.ContainsAny(name, ": ") && !strings.Contains(next, ":")
}

// basic encodes the name and the password of a URL (RFC 7617).
func basic(user string) string {
	name, password, _ := strings.Cut(user, ":")
	return base64.StdEncoding.EncodeToString([]byte(unescape(name) + ":" + unescape(password)))
}

func unescape(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}
