package cli

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/commandline"
	"rawhttp/httpwire/visible"
	"rawhttp/rawclient/wireclient"
)

var (
	urlStart      = regexp.MustCompile(`^[ \t]*[A-Za-z][A-Za-z0-9+.-]*://`)
	versionsAtEnd = regexp.MustCompile(`(?i)([ \t]+HTTP/[0-9.]+)+$`)
	// escapeOrOther matches an escape, or a character that a path or query must not have.
	escapeOrOther = regexp.MustCompile(`%[0-9A-Fa-f]{2}|[^A-Za-z0-9._~!$&'()*+,;=:@/?-]`)
)

// looksLikeURL reports whether s is a URL and not a request-line, which begins with a method and a
// space. A URL may have spaces by mistake.
func looksLikeURL(s string) bool { return urlStart.MatchString(s) }

// A location is an http or https URL, taken apart. The fragment is dropped, because it is never sent.
type location struct {
	authority string        // host and port as in the URL
	user      *url.Userinfo // name and password; nil if there are none
	target    string        // path and query, as they are sent
	encoded   bool          // octets of target were percent-encoded
	addr      string        // host and port to connect to
	tls       bool          // the scheme is https
}

// parseURL reads an http or https URL. It accepts what people type: white space around it, and octets
// that must be percent-encoded. The port is that of the scheme, 80 or 443, if the URL has none. Its errors
// are sentences for the user.
func parseURL(s string) (*location, error) {
	s = strings.Trim(s, " \t")
	if v := versionsAtEnd.FindString(s); v != "" {
		return nil, usageError("write the URL alone, without the version:  %s\n"+
			"a request-line begins with a method, and -addr says where to send it",
			quoted(strings.TrimSuffix(s, v)))
	}
	scheme, rest, _ := strings.Cut(s, "://")
	port := map[string]string{"http": "80", "https": "443"}[strings.ToLower(scheme)]
	if port == "" {
		return nil, usageError("%s: rawclient knows only http:// and https:// URLs", safe(s))
	}
	rest, _, _ = strings.Cut(rest, "#")
	end := strings.IndexAny(rest+"/", "/?")
	target := rest[end:]
	if !strings.HasPrefix(target, "/") {
		target = "/" + target
	}
	u, err := url.Parse(scheme + "://" + rest[:end])
	if err != nil {
		return nil, wrongURL(s, err)
	}
	port = cmp.Or(u.Port(), port)
	switch {
	case !isASCII(u.Host):
		return nil, usageError("%s: %s", u.Host, useASCII)
	case !commandline.IsPort(port):
		return nil, usageError("%q is not a port: write the URL as  http://localhost:12345/", port)
	case u.Hostname() == "":
		return nil, usageError("the URL has no host: write it as  http://localhost:12345/")
	}
	encoded := percentEncode(target)
	return &location{authority: strings.TrimSuffix(u.Host, ":"), user: u.User,
		target: encoded, encoded: encoded != target,
		addr: net.JoinHostPort(u.Hostname(), port), tls: u.Scheme == "https"}, nil
}

// wrongURL says how to write a URL that package url cannot read.
func wrongURL(s string, err error) error {
	if strings.Contains(s, "@") { // err may have a part of the password
		return usageError("the URL is wrong: write it as  http://name:password@localhost:12345/  and in the " +
			"name and the password %%25 for %%, %%2F for /, %%23 for # and %%20 for a space")
	}
	return usageError("the URL is wrong: %v. Write it as  http://localhost:12345/  or  http://[::1]:12345/",
		errors.Unwrap(err))
}

// where returns the flags that say where the server of the URL is, except those that were given.
func (u *location) where(o *options) (flags []string) {
	if u.tls && !o.tls {
		flags = append(flags, "-tls")
	}
	if !o.given["addr"] {
		flags = append(flags, "-addr", u.addr)
	}
	return flags
}

// lines returns the request-line and the field lines of a request for the URL. Host is added if it is not a field.
func (u *location) lines(method string, fields []string) []string {
	lines := []string{method + " " + u.target + " HTTP/1.0"}
	if given, err := parseFields(fields); err != nil || given.Get("Host") == nil {
		lines = append(lines, "Host: "+u.authority)
	}
	return append(lines, fields...)
}

// useASCII is what to do about a host name beyond ASCII.
const useASCII = "HTTP and DNS use the ASCII form of this host name, in which a part beyond ASCII begins with " +
	"xn-- (RFC 5890): write that"

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// safeMost limits the characters of a text from outside in a notice.
const safeMost = 5 * visible.LineWidth

// safe returns a text from outside on one line that can be printed, with redacted credentials. The end of
// a long text is left out: all octets of the response are shown elsewhere.
func safe(s string) string {
	text := []rune(string((visible.Blanks | visible.UTF8).Append(nil, basicauth.Redact([]byte(s)))))
	if len(text) > safeMost {
		text = append(text[:safeMost], []rune("...")...)
	}
	return string(text)
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

// location reads the URL that is the first line.
func (o *options) location() (*location, error) {
	u, err := parseURL(o.lines[0])
	if err == nil && o.tls && !u.tls {
		err = usageError("-tls sends the request inside TLS, but the URL begins with http://. Begin it " +
			"with https://, or leave out -tls")
	}
	return u, err
}

// fromURL writes a conforming HTTP/1.0 request for a URL: GET, or POST if there is a body. A field
// line of the command line replaces the client's field of that name.
func (c *console) fromURL(ctx context.Context, r *request) error {
	u, err := c.opt.location()
	if err != nil {
		return err
	}
	body, err := c.givenBody(ctx)
	if err != nil {
		return err
	}
	if !c.opt.given["addr"] {
		r.addr, r.where = u.addr, "http://host:port/"
	}
	r.fromURL, r.tls = true, u.tls
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
		err = r.Check() // as a server does
	}
	if err != nil {
		return usageError("this does not make a conforming request: %v\n"+
			"to send it anyway, write the request-line and the fields yourself", err)
	}
	return nil
}

// fieldsFor returns the fields of the request: Host first, then those of the command line, and
// Connection last.
func (c *console) fieldsFor(u *location, body []byte) (httpwire.Fields, error) {
	given, err := parseFields(c.opt.lines[1:])
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
	if u.user.String() != "" && given.Get("Authorization") == nil {
		password, _ := u.user.Password()
		plain := u.user.Username() + ":" + password // RFC 7617
		add("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(plain)))
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

func (c *console) addBodyFields(add func(name, value string), given httpwire.Fields, body []byte) {
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
func parseFields(lines []string) (fs httpwire.Fields, err error) {
	for _, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, usageError("%q is not a field line: write it as  \"Name: value\"  in quotes. If it is "+
				"part of the URL, write %%20 for a space", line)
		}
		fs = fs.Add([]byte(name), []byte(strings.Trim(value, " \t")))
	}
	return fs, nil
}
