package explain

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"rawhttp/httpwire"
	"rawhttp/httpwire/visible"
)

// A faulty line is corrected by a guess at what the sender meant: its parts are read without the strict
// rules, and written as the grammar requires. The corrected line is shown only if the parser accepts
// it, so a reader who types it succeeds.

// exampleFor returns a line to type: the sender's own line, corrected, or else an example of a correct line.
func (m *mistake) exampleFor(f *fault) string {
	if n := f.bodyOctets(); m.countBody && n > 0 {
		return "Content-Length: " + strconv.FormatInt(n, 10)
	}
	if m.ownLine {
		if line := f.repaired(); typeable(line) {
			return line
		}
	}
	example := m.example
	if m.help == "" {
		_, example, _ = strings.Cut(m.shownRule(f).Help(), exampleNext)
	}
	switch isGet := strings.HasPrefix(example, "GET "); {
	case isGet && isConnect(f):
		return tunnelLine
	// Only in a request can a method be wrong, even if the request looks like a response.
	case example == getLine && f.isResponse() && f.rule != httpwire.RuleMethod:
		return statusLine
	}
	return example
}

// typeable reports whether a line shows on one row, so that it can be typed.
func typeable(line string) bool {
	shown := visible.Blanks.Append(nil, []byte(line))
	return line != "" && string(shown) == line && len(line) <= visible.LineWidth-len(indent)
}

// repaired returns the corrected line of the fault. It returns "" if the parser does not accept the corrected
// line, or if the end of the faulty line has not come yet.
func (f *fault) repaired() string {
	if len(f.text()) > longestLine || f.more && !bytes.HasSuffix(f.b[f.start:f.end], []byte("\n")) {
		return ""
	}
	text := f.typed()
	switch {
	case f.inFirstLine() && !f.isResponse():
		text = repairedRequestLine(text)
	case f.inFirstLine():
		text = repairedStatusLine(text)
	case f.rule == httpwire.RuleHostField && text == "":
		text = f.hostOfTarget()
	case f.rule == httpwire.RuleObsFold && !isIndentedField(f):
		text = f.joined()
	default:
		text = repairedField(strings.TrimLeft(text, " \t"))
	}
	if !f.accepts(text) {
		return ""
	}
	return text
}

// typed returns the line of the fault as a keyboard would have sent it. It ends before the first CR.
func (f *fault) typed() string {
	line, _, _ := bytes.Cut(f.text(), []byte("\r"))
	return retyped(string(line))
}

// joined returns the line of the fault as the end of the line before it.
func (f *fault) joined() string {
	before, _ := lineAt(f.b, f.start-1)
	first := strings.TrimRight(string(withoutEnd(f.b[before:f.start])), " \t")
	return strings.TrimRight(first+" "+strings.Trim(f.typed(), " \t"), " ")
}

// hostOfTarget returns the Host field that a target with a host needs (RFC 9112 section 3.2), or "".
func (f *fault) hostOfTarget() string {
	var req httpwire.Request
	httpwire.ConsumeRequestHead(f.b, &req)
	if host := req.Authority(); len(host) > 0 {
		return "Host: " + string(host)
	}
	return ""
}

// inFirstLine reports whether the fault is in the first line, or follows an empty line, as the status-line
// after an interim response does.
func (f *fault) inFirstLine() bool {
	before := string(f.b[:f.start])
	return strings.Trim(before, "\r\n") == "" || strings.HasSuffix(before, "\r\n\r\n")
}

// accepts reports whether the parser accepts a line in the place of the faulty one. The line is read
// in a short message of its own.
func (f *fault) accepts(line string) bool {
	before, after := "GET / HTTP/1.0\r\n", "\r\n\r\n"
	switch {
	case f.inFirstLine():
		before, after = "", "\r\nHost: localhost\r\n\r\n"
	case f.isResponse():
		before = "HTTP/1.1 200 OK\r\n"
	}
	short := fault{b: []byte(before + line + after), response: f.isResponse()}
	_, err := short.spans()
	e, broken := errors.AsType[*httpwire.SyntaxError](err)
	return !broken || e.Rule == httpwire.RuleLengthRequired
}

var (
	typedToEnd    = lazy(typedLineEnd + ".*")
	markOfTool    = lazy(`^([<>]|-H) `)
	spaceOctets   = lazy(`[\v\f]`)
	controls      = lazy(`[\x00-\x08\x0E-\x1F\x7F]`)
	notVisible    = lazy(`[^\t -~]`)
	barePercent   = lazy(`%([^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)`)
	wholeVersion  = lazy(`^HTTP/[0-9]\.[0-9]`)
	version1      = lazy(`^HTTP/1\.[0-9]`)
	methodAndPath = lazy(`^([A-Z]+)(/.*)$`)
	absoluteURI   = lazy(`^([A-Za-z][A-Za-z0-9+.-]+://?|(?i:https?)(?::|//))([^/?]*)(.*)$`)
	hostPortPath  = lazy(`^(?:(?:[^]:/?[]*|\[[^/]*\]):[0-9]+|` + // or a host without a port
		`(?i:www\.[^/?:]*|localhost|(?:[0-9]+\.){3}[0-9]+|\[[^/]*\]))((?:[/?].*)?)$`)
	zone        = lazy(`(:[0-9A-Fa-f]*)%[^]:/]*`) // after an IPv6 address; it has a meaning on the sender's machine only
	hostNoPort  = lazy(`^([^][:%]*|\[.*\]):?$`)
	hostInValue = lazy(`^([^ \t]*?://)?([^/?#, \t]*@)?` + // up to the host
		`(\[[^\]]*\]|[^/?#, \t:]*)((:[0-9]+).*|:?([/?#, \t].*)?$)`)
)

// retyped returns a line as a keyboard would have sent it: without control octets, the mark of a tool,
// quotation marks around it and a line end typed as letters, and with plain characters for the lookalikes.
func retyped(line string) string {
	line = controls().ReplaceAllString(line, "") // NUL too, the octet of a lookalike that has none
	inWindows1252 := !utf8.ValidString(line)
	for _, c := range lookalikes {
		line = strings.ReplaceAll(line, string(c.char), c.plain)
	}
	for _, c := range lookalikes {
		if inWindows1252 {
			line = strings.ReplaceAll(line, string([]byte{c.octet}), c.plain)
		}
	}
	line = spaceOctets().ReplaceAllString(line, " ")
	line = markOfTool().ReplaceAllString(line, "")
	line = typedToEnd().ReplaceAllString(line, "")
	for _, quote := range []string{`"`, "'"} {
		if rest, quoted := strings.CutPrefix(line, quote); quoted {
			line = strings.TrimSuffix(rest, quote)
		}
	}
	return line
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' }

// repairedRequestLine makes a request-line of the words of a line. It returns "" if it is not certain what the
// sender meant: if the method is not known and no path follows it, if another word precedes the path, or if the
// version is part of the path.
func repairedRequestLine(line string) string {
	words := strings.FieldsFunc(line, isBlank)
	if len(words) == 0 {
		return ""
	}
	words = beginWithMethod(words)
	method, version, end := words[0], "", min(len(words), 2)
	if name := capitalMethod([]byte(method)); name != "" {
		method = name
	}
	for i := len(words) - 1; i > 0; i-- { // the first whole version, or else the last word that is like one
		w := strings.ToUpper(words[i])
		if version == "" && strings.HasPrefix(w, "HTTP/") || wholeVersion().MatchString(words[i]) {
			version, end = w, i
		}
	}
	target := strings.Join(words[1:end], "%20") // between method and version
	isUsual := strings.HasPrefix(target, "/") || version != "" && (target == "*" || absoluteURI().MatchString(target))
	if !isUsual && (!isMethod(method) || strings.Contains(target, "%20/")) ||
		strings.Contains(target, "%20http://") || strings.Contains(target, "HTTP/") {
		return ""
	}
	return method + " " + repairedTarget(method, target) + " " + repairedVersion(version)
}

// beginWithMethod returns the words with a method at the start. It puts GET before a path or a URI, separates a
// method from the path that follows it directly, exchanges a path and the method after it, and leaves out a
// word before the method and a mark after it.
func beginWithMethod(words []string) []string {
	if hasWordBeforeMethod(words) {
		words = words[1:]
	}
	if method := strings.TrimRight(words[0], ":,"); isMethod(method) {
		words[0] = method
	}
	if uri := absoluteURI().FindStringSubmatch(words[0]); uri != nil {
		words[0] = "/" + strings.TrimPrefix(uri[3], "/")
	}
	if m := methodAndPath().FindStringSubmatch(words[0]); m != nil && isMethod(m[1]) {
		words = append(m[1:], words[1:]...)
	}
	if words[0][0] == '/' && len(words) > 1 && isMethod(words[1]) {
		words[0], words[1] = words[1], words[0]
	} else if words[0][0] == '/' {
		return append([]string{"GET"}, words...)
	}
	return words
}

// hasWordBeforeMethod reports whether a word such as curl or -X precedes the method.
func hasWordBeforeMethod(words []string) bool {
	return len(words) > 1 && words[0][0] != '/' && !isMethod(words[0]) && isMethod(words[1])
}

// isMethod reports whether a word is a known method.
func isMethod(word string) bool { return methodMeaning([]byte(word)).sections != "" }

// repairedVersion returns the version of HTTP/1 that v begins with, or HTTP/1.0.
func repairedVersion(v string) string { return cmp.Or(version1().FindString(v), "HTTP/1.0") }

// repairedTarget corrects a target for the method. It removes a fragment and quotation marks around the target,
// and percent-encodes octets.
func repairedTarget(method, target string) string {
	target, _, _ = strings.Cut(slashes.Replace(target), "#")
	for _, quotes := range []string{`""`, "''", "<>"} {
		if quoted, ok := strings.CutPrefix(target, quotes[:1]); ok {
			target = strings.TrimSuffix(quoted, quotes[1:])
		}
	}
	switch {
	case method == "CONNECT":
		return repairedHostPort(target)
	case target == "*" && method == "OPTIONS":
		return target
	case target == "*":
		return "/"
	}
	path := target
	if uri := absoluteURI().FindStringSubmatch(target); uri != nil {
		path = uri[3]
		if strings.Contains(uri[2], "%20") {
			return ""
		}
		scheme, host := strings.ToLower(uri[1]), bracketed(uri[2][strings.LastIndexByte(uri[2], '@')+1:])
		if (scheme == "http://" || scheme == "https://") && httpwire.ValueFault("Host", []byte(host)) < 0 {
			return "http://" + host + encoded(path)
		}
	} else if m := hostPortPath().FindStringSubmatch(target); m != nil {
		path = m[1]
	} else if bracketed(target) != target {
		path = ""
	}
	return "/" + encoded(strings.TrimPrefix(path, "/"))
}

// repairedHostPort leaves out everything but host and port, and adds the port of the scheme if there is none.
func repairedHostPort(target string) string {
	if strings.Contains(target, "%20") {
		return ""
	}
	port := "443"
	if scheme, rest, isURL := strings.Cut(target, "://"); isURL {
		target = rest
		if strings.EqualFold(scheme, "http") {
			port = "80"
		}
	}
	target = target[strings.LastIndexByte(target, '@')+1:]
	if i := strings.IndexAny(target, "/?"); i > 0 {
		target = target[:i]
	}
	// CONNECT needs a port. So the last number is the port, even if it could be a group of the address.
	if host, last := cutPort(withoutZone(target)); isIPv6(host) && len(last) > 1 {
		return "[" + host + "]" + last
	}
	return hostNoPort().ReplaceAllString(bracketed(target), "${1}:"+port)
}

// bracketed puts an IPv6 address into brackets, without its zone. A port may follow the address. bracketed
// returns any other host unchanged. ::1:80 as a whole is an address, but 80 is meant as the port.
func bracketed(host string) string {
	bare := withoutZone(host)
	address, port := cutPort(bare)
	switch {
	case isIPv6(address) && (address == "::1" || !isIPv6(bare)):
		return "[" + address + "]" + port
	case isIPv6(bare):
		return "[" + bare + "]"
	}
	return host
}

// withoutZone leaves out the zone of an IPv6 address, and a bracket that is alone.
func withoutZone(host string) string {
	host = zone().ReplaceAllString(host, "$1")
	if strings.Contains(host, "[") != strings.Contains(host, "]") {
		host = strings.NewReplacer("[", "", "]", "").Replace(host)
	}
	return host
}

// cutPort cuts the port, with its colon, off the end of a host.
func cutPort(host string) (name, port string) {
	i := strings.LastIndexByte(host, ':')
	if i < 0 || strings.Trim(host[i+1:], "0123456789") != "" {
		return host, ""
	}
	return host[:i], host[i:]
}

func isIPv6(host string) bool {
	ip, _ := netip.ParseAddr(host)
	return ip.Is6()
}

// slashes replaces each backslash by a slash. It removes a backslash before a slash, as JSON has it.
var slashes = strings.NewReplacer(`\/`, "/", `\`, "/")

// encoded writes every octet that a URI does not allow as %HH.
func encoded(path string) string {
	var fixed []byte
	for _, o := range []byte(barePercent().ReplaceAllString(path, "%25$1")) {
		if o < 0x7F && strings.IndexByte("\"<>[\\]^`{|}", o) < 0 {
			fixed = append(fixed, o)
			continue
		}
		fixed = fmt.Appendf(fixed, "%%%02X", o)
	}
	return string(fixed)
}

// repairedStatusLine separates the words by single spaces, and adds the reason phrase if there is none.
func repairedStatusLine(line string) string {
	version, rest, _ := strings.Cut(strings.Join(strings.FieldsFunc(line, isBlank), " "), " ")
	if code, err := strconv.Atoi(rest); err == nil {
		rest += " " + httpwire.ReasonPhrase(code)
	}
	return repairedVersion(strings.ToUpper(version)) + " " + rest
}

// repairedField joins the words of the name, and puts a colon after the name, instead of "=" if that is there.
// A line such as a=b&c=d without a known name may be the body.
func repairedField(line string) string {
	name, value, ok := strings.Cut(line, ":")
	end := strings.IndexAny(line, " \t=")
	if end >= 0 && (!ok || lacksColon(line)) && (line[end] != '=' || knownName(line[:end])) {
		name, value, ok = line[:end], " "+strings.TrimLeft(line[end:], " \t="), true
	}
	if !ok {
		return ""
	}
	if strings.HasPrefix(strings.TrimLeft(value, " "), "\t") { // a tab cannot be shown as it is typed
		value = " " + strings.TrimLeft(value, " \t")
	}
	name = oneWord(name)
	if strings.EqualFold(name, "Host") {
		if value = repairedHostValue(value); strings.Trim(value, " \t") == "" {
			return ""
		}
	}
	return name + ":" + strings.TrimRight(value, " \t")
}

// oneWord joins the words of a name. It puts "-" between them, unless they make a known name without it.
func oneWord(name string) string {
	words := strings.FieldsFunc(notVisible().ReplaceAllString(name, ""), isBlank)
	if known := strings.Join(words, ""); knownName(known) {
		return known
	}
	return strings.Join(words, "-")
}

// lacksColon reports whether the first word of a line is a known name, and more words precede the colon, as in
// Host localhost:80. Words that make a known name together lack hyphens instead, and so do words before a colon
// that white space follows.
func lacksColon(line string) bool {
	name, value, _ := strings.Cut(line, ":")
	words := strings.FieldsFunc(name, isBlank)
	return len(words) > 1 && knownName(words[0]) && !knownName(oneWord(name)) &&
		strings.TrimLeft(value, " \t") == value
}

// knownName reports whether the table of fields has a name.
func knownName(name string) bool {
	_, ok := find(fields, []byte(name))
	return ok
}

// repairedHostValue leaves out everything except host and port.
func repairedHostValue(value string) string {
	host := strings.Trim(value, " \t")
	fixed := bracketed(host)
	if fixed == host {
		fixed = hostInValue().ReplaceAllString(host, "$3$5")
	}
	return strings.Replace(value, host, fixed, 1)
}
