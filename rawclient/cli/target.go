package cli

import (
	"regexp"
	"slices"
	"strings"

	"rawhttp/httpwire/commandline"
)

// People name the server where curl, nc or a browser expect it: as a URL without its scheme, after a method
// that is an argument of its own, as host and port in two arguments. Such a command line would send
// something else, and to the default server. It is refused, and the error says what to type.

var (
	// otherURL matches a URL whose scheme is missing or misspelled: host:port, host.name/path,
	// 127.0.0.1, [::1]:80, http:/host.
	otherURL = regexp.MustCompile(`(?i)^(https?[:/]|//|\\\\|www\.|` +
		`([a-z0-9.-]+:[0-9]+|([a-z0-9-]+\.)+[a-z]+|([0-9]+\.){3}[0-9]+|\[[0-9a-f:.]+\](:[0-9]+)?|` +
		`localhost)([/?#]|$))`)
	misspelled = regexp.MustCompile(`(?i)^(http(s?)[:/])?[/\\]*`) // the scheme of otherURL
	// fileName matches the name of a file with an ending that no domain has.
	fileName  = regexp.MustCompile(`(?i)^[^:/?#]+\.(html?|txt|json|xml|css|js|php|png|jpe?g|gif|ico|svg|http)$`)
	hostAlone = regexp.MustCompile(`//(\[[^]]+\]|[^/:?#]+)$`) // at the end of a URL
	// getOrProgram matches GET, and the programs that send it to a URL.
	getOrProgram = regexp.MustCompile(`(?i)^(get|(curl|wget|http)(\.exe)?)$`)
	letters      = regexp.MustCompile("^[A-Za-z]+$")
	capitals     = regexp.MustCompile("^[A-Z]+$") // as a method has
)

// checkTarget refuses a command line that names a server, but would be sent to the default server.
// With -addr, everything is sent as it is.
func (o *options) checkTarget() error {
	switch {
	case len(o.lines) == 0:
		return nil
	case looksLikeURL(o.lines[0]):
		return o.checkURL()
	case o.given["addr"] || o.given["listen"]:
		return nil
	case strings.EqualFold(o.lines[0], "help"):
		return usageError("%q is not a request-line. To print the help write\n\n  %s -h\n\n"+
			"to send it as it is, say where to:  -addr %s", o.lines[0], command, defaultAddr)
	}
	if err := o.checkMethodAndServer(); err != nil || !namesServer(o.lines[0]) {
		return err
	}
	lines := o.withURL(o.lines)
	if request := withLine(lines[1:]); request != nil {
		return o.adviseOnAddr(lines[0], request)
	}
	return usageError("%q names a server, but is neither a URL nor a request-line. A URL begins with "+
		"http://\n\n  %s %s\n\nto send it as it is, say where to:  -addr %s", o.lines[0], command,
		quoted(slices.Concat(o.before, slices.DeleteFunc(lines, isVersion))...), defaultAddr)
}

// checkURL refuses a wrong URL, and what cannot follow one.
func (o *options) checkURL() error {
	url, next := o.lines[0], ""
	if len(o.lines) > 1 {
		next = o.lines[1]
	}
	switch {
	case o.given["listen"]:
		return usageError("-listen makes rawclient the server, so the arguments are a response, such as  "+
			"\"HTTP/1.0 200 OK\"\nto send a request to %s, leave out -listen", url)
	case looksLikeURL(next):
		return usageError("here are two URLs, but the client sends one request at a time. Run it for each "+
			"of them, or compare the responses:\n\n  %s -diff %s\n", command, quoted(next, url))
	case isVersion(next):
		_, err := parseURL(url + " " + next)
		return err
	}
	if request := withLine(o.lines[1:]); request != nil {
		return o.adviseOnAddr(url, request)
	}
	_, err := o.location()
	return err
}

// checkMethodAndServer refuses a method or the name of a program with a URL after it, whose scheme may be
// missing.
func (o *options) checkMethodAndServer() error {
	lines := o.lines
	if len(lines) == 1 {
		return nil
	}
	isProgram := getOrProgram.MatchString(lines[0])
	if !looksLikeURL(lines[1]) {
		if !isProgram && !capitals.MatchString(lines[0]) || !namesServer(lines[1]) || withLine(lines) != nil {
			return nil
		}
		lines = append(lines[:1:1], o.withURL(lines[1:])...)
	}
	fields := slices.DeleteFunc(slices.Clone(lines[2:]), isVersion)
	switch {
	case isProgram:
		return o.instead(append(lines[1:2:2], fields...), "write the URL alone; the client adds GET:")
	case letters.MatchString(lines[0]):
		u, err := parseURL(lines[1])
		if err != nil {
			return err
		}
		own := []string{strings.ToUpper(lines[0]) + " " + u.target + " HTTP/1.0", "Host: " + u.authority}
		return o.adviseOnAddr(lines[1], append(own, fields...))
	}
	return nil
}

// isVersion reports whether an argument is an HTTP-version.
func isVersion(arg string) bool { return version.FindString(" "+arg) == " "+arg }

// namesServer reports whether an argument is a URL whose scheme is missing or misspelled. A status-line, a
// URL with an HTTP-version after it, and the name of a file are none.
func namesServer(arg string) bool {
	first, _, _ := strings.Cut(arg, " ")
	return otherURL.MatchString(arg) && !version.MatchString(arg) && !isVersion(first) && !fileName.MatchString(arg)
}

// withURL returns lines with a URL in place of the server that the first one names. nc and telnet take its
// port as the next argument.
func (o *options) withURL(lines []string) []string {
	scheme := "http${2}://"
	if o.tls {
		scheme = "https://"
	}
	url, rest := misspelled.ReplaceAllString(lines[0], scheme), lines[1:]
	if len(rest) > 0 && commandline.IsPort(rest[0]) && hostAlone.MatchString(url) {
		url, rest = url+":"+rest[0], rest[1:]
	}
	return append([]string{url}, rest...)
}

// adviseOnAddr returns the error for lines to send to the server of a URL.
func (o *options) adviseOnAddr(url string, lines []string) error {
	u, err := parseURL(url)
	if err != nil {
		return err
	}
	var where []string
	if u.tls && !o.tls {
		where = append(where, "-tls")
	}
	if !o.given["addr"] {
		where = append(where, "-addr", u.addr)
	}
	return o.instead(append(where, lines...), "a request-line is one argument, and -addr says where to send it:")
}
