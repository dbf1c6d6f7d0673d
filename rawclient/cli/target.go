package cli

import (
	"flag"
	"net/netip"
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
	otherScheme = regexp.MustCompile(`(?i)^(http(s?)[:/])?[/\\]*`) // the scheme of otherURL
	// fileName matches the name of a file with an ending that no domain has.
	fileName    = regexp.MustCompile(`(?i)^[^:/?#]+\.(html?|txt|json|xml|css|js|php|png|jpe?g|gif|ico|svg|http)$`)
	hostAlone   = regexp.MustCompile(`//(\[[^]]+\]|[^/:?#]+)$`) // at the end of a URL
	onlyLetters = regexp.MustCompile("^[A-Za-z]+$")             // as a method has
	// listenFlag matches the flag -l of nc, alone or joined to flags that have no value.
	listenFlag = regexp.MustCompile(`^(--listen|-[46CNdknruvz]*l\w*)$`)
)

// Programs that people type in front of a server, and the method GET.
const (
	gettingURL = "get curl wget http https xh xhs rawclient iwr irm invoke-webrequest invoke-restmethod"
	connecting = netcats + " telnet openssl gnutls-cli" // they send what is typed
	netcats    = "nc ncat netcat"
	usingTLS   = "https xhs openssl gnutls-cli"
)

// isProgram reports whether a word is one of some programs.
func isProgram(word, names string) bool {
	return slices.Contains(strings.Fields(names), strings.TrimSuffix(strings.ToLower(word), ".exe"))
}

// An otherForm is a command line that names a server, in a form that people know from other programs:
//
//	[METHOD | PROGRAM] SERVER [HTTP-VERSION | REQUEST-LINE] [FIELD-LINE ...]
//
// SERVER is a URL, with or without its scheme. If it has none, its port may be an argument of its own, as for
// nc and telnet. A URL and its field lines alone, which the client takes, have this form too.
type otherForm struct {
	word    string   // the method, or the name of a program; "" if there is none
	url     string   // of the server, with its scheme; "" if no server is named
	rest    []string // the arguments after the server
	request []string // rest with its request-line in one argument; nil if it begins with none
	fields  []string // those of rest that are no HTTP-version
}

// otherForm finds out which argument is what.
func (o *options) otherForm() (form otherForm) {
	lines := o.lines
	if len(lines) > 1 && isWord(lines) {
		form.word, lines = lines[0], lines[1:]
	}
	switch {
	case looksLikeURL(lines[0]):
		form.url, form.rest = lines[0], lines[1:]
	case namesServer(lines[0]):
		form.url, form.rest = withScheme(lines, o.tls || isProgram(form.word, usingTLS))
	}
	form.request = withLine(form.rest)
	form.fields = slices.DeleteFunc(slices.Clone(form.rest), isVersion)
	return form
}

// isWord reports whether arguments begin with a method or the name of a program, and the next one is a server.
func isWord(lines []string) bool {
	isMethod, getsURL := onlyLetters.MatchString(lines[0]), isProgram(lines[0], gettingURL)
	if looksLikeURL(lines[1]) {
		return getsURL || isMethod
	}
	isMethod = isMethod && lines[0] == strings.ToUpper(lines[0])
	return (getsURL || isMethod) && namesServer(lines[1]) && withLine(lines) == nil
}

// checkTarget refuses a command line that names a server, but would be sent to the default server, and what
// cannot follow a URL. With -addr, everything but a URL is sent as it is.
func (o *options) checkTarget() error {
	if len(o.lines) == 0 {
		return nil
	}
	isURL := looksLikeURL(o.lines[0])
	form, next := o.otherForm(), "" // the argument after the server
	if len(form.rest) > 0 {
		next = form.rest[0]
	}
	switch {
	case !isURL && (o.given["addr"] || o.given["listen"]):
		return nil
	case o.given["listen"]:
		return usageError("-listen makes rawclient the server, so the arguments are a response, such as  "+
			"\"HTTP/1.0 200 OK\"\nto send a request to %s, leave out -listen", form.url)
	case strings.EqualFold(o.lines[0], "help"):
		return usageError("%q is not a request-line. To print the help write\n\n  %s -h\n\n"+
			"to send this text as a request-line, add  -addr %s", o.lines[0], command, defaultAddr)
	case form.url == "":
		return nil
	case isURL && looksLikeURL(next):
		args := slices.Concat(o.flagsWithDiff(), []string{"-diff", next, form.url}, form.rest[1:])
		return usageError("here are two URLs, but the client sends one request at a time. Run it for each "+
			"of them, or compare the responses:\n\n%s", commandWith(args...))
	case isURL && isVersion(next):
		_, err := parseURL(form.url + " " + next)
		return err
	case isProgram(form.word, gettingURL) && form.request == nil:
		url := versionsAtEnd.ReplaceAllString(form.url, "")
		return o.instead(append([]string{url}, form.fields...), "write the URL alone; the client adds GET:")
	case form.word != "", form.request != nil:
		return o.adviseOnAddr(form)
	case !isURL:
		return usageError("%q names a server, but is neither a URL nor a request-line. A URL begins with "+
			"http://\n\n%s\nto send this text as a request-line, add  -addr %s", o.lines[0],
			commandWith(slices.Concat(o.before, []string{form.url}, form.fields)...), defaultAddr)
	}
	_, err := o.location()
	return err
}

// checkConnector refuses nc, telnet and similar programs as the request-line, and their flags after it.
func (o *options) checkConnector(fs *flag.FlagSet) error {
	switch {
	case len(o.lines) == 0, !isProgram(o.lines[0], connecting), o.given["addr"], o.given["listen"]:
		return nil
	case isProgram(o.lines[0], netcats) && slices.ContainsFunc(o.lines, listenFlag.MatchString):
		return unknownFlag(fs, "l")
	}
	u, err := parseURL(o.serverOf(o.lines[0], o.lines[1:]))
	if err != nil {
		return err
	}
	return o.instead(append(u.where(o), u.lines("GET", nil)...),
		"rawclient itself connects to the server. Leave out %s, and write the address and the request:", o.lines[0])
}

// serverOf returns a URL for the server in the arguments of a program such as nc, or for the default server.
// The server of openssl follows -connect, and other flags may name another host or a file.
func (o *options) serverOf(program string, args []string) (url string) {
	args = slices.Clone(args[slices.Index(args, "-connect")+1:])
	tls := o.tls || isProgram(program, usingTLS) || slices.Contains(args, "--ssl")
	for i, arg := range args {
		if ip, err := netip.ParseAddr(arg); err == nil && ip.Is6() { // a URL needs brackets
			arg = "[" + arg + "]"
			args[i] = arg
		}
		hasPort := i+1 < len(args) && commandline.IsPort(args[i+1])
		if namesServer(arg) || hasPort && !strings.HasPrefix(arg, "-") {
			url, _ = withScheme(args[i:], tls)
			return url
		}
	}
	return "http://" + defaultAddr
}

// isVersion reports whether an argument is an HTTP-version.
func isVersion(arg string) bool { return versionsAtEnd.FindString(" "+arg) == " "+arg }

// namesServer reports whether an argument is a URL whose scheme is missing or misspelled. A status-line, a
// URL with an HTTP-version after it, and the name of a file are none.
func namesServer(arg string) bool {
	first, _, _ := strings.Cut(arg, " ")
	return otherURL.MatchString(arg) && !versionsAtEnd.MatchString(arg) && !isVersion(first) &&
		!fileName.MatchString(arg)
}

// withScheme returns a URL for the server that the first argument names, and the arguments after it. nc and
// telnet take the port of the server as the next argument.
func withScheme(lines []string, tls bool) (url string, rest []string) {
	scheme := "http${2}://"
	if tls {
		scheme = "https://"
	}
	url, rest = otherScheme.ReplaceAllString(lines[0], scheme), lines[1:]
	if len(rest) > 0 && commandline.IsPort(rest[0]) && hostAlone.MatchString(url) {
		url, rest = url+":"+rest[0], rest[1:]
	}
	return url, rest
}

// adviseOnAddr returns an error that says how to send a request to the server of a URL: with -addr. The request
// is the request-line and the fields after the URL, or else one made of the method and the URL.
func (o *options) adviseOnAddr(form otherForm) error {
	u, err := parseURL(form.url)
	if err != nil {
		return err
	}
	lines := form.request
	if lines == nil {
		lines = u.lines(strings.ToUpper(form.word), form.fields)
	}
	return o.instead(append(u.where(o), lines...), "a request-line is one argument, and -addr says where to send it:")
}
