package cli

import (
	"cmp"
	"flag"
	"slices"
	"strings"

	"rawhttp/httpwire/commandline"
)

// A translation is a command line of curl or wget that is turned into one of rawclient.
type translation struct {
	fs     *flag.FlagSet // of rawclient
	args   []string      // those that have not been read
	joined string        // the value that is in the same argument as its flag, until it is used
	failed bool          // something has no translation

	flags, fields  []string
	method, server string // server is a URL, or else a request-line
	bodies         int    // how many flags give a body
}

// translate returns the arguments of rawclient that do what a command line of curl or wget does, or nil if it
// cannot tell.
func translate(fs *flag.FlagSet, args []string) []string {
	t := &translation{fs: fs, args: args}
	for len(t.args) > 0 && !t.failed {
		t.read()
	}
	if t.failed || t.bodies > 1 || t.server == "" || slices.ContainsFunc(t.fields, isNoField) {
		return nil
	}
	return t.arguments()
}

// isNoField reports whether an argument would not be sent as a field line.
func isNoField(arg string) bool { return strings.HasPrefix(arg, "-") || !strings.Contains(arg, ":") }

// read reads an argument, and its value if it is a flag that has one.
func (t *translation) read() {
	arg := t.args[0]
	t.args = t.args[1:]
	name := strings.TrimLeft(arg, "-")
	switch f := known(t.fs, arg); {
	case f != nil:
		_, t.joined, _ = strings.Cut(arg, "=")
		t.own(f)
	case name != arg:
		h, joined := habitFor(t.fs, name)
		if name, t.joined, _ = strings.Cut(name, "="); joined {
			name, t.joined = arg[1:2], arg[2:]
		}
		t.failed = h == nil
		t.other(name)
	case t.server == "":
		t.server = arg
	default:
		t.fields = append(t.fields, arg)
	}
	t.failed = t.failed || t.joined != ""
}

// value returns the value of the flag that is being read.
func (t *translation) value() (v string) {
	switch {
	case t.joined != "":
		v, t.joined = t.joined, ""
	case len(t.args) > 0:
		v, t.args = t.args[0], t.args[1:]
	default:
		t.failed = true
	}
	return v
}

// own reads a flag that rawclient has too.
func (t *translation) own(f *flag.Flag) {
	switch {
	case f.Name == "i": // curl shows the head of the response, as rawclient always does
	case commandline.IsSwitch(f):
		t.flags = append(t.flags, "-"+f.Name)
	case f.Name == "data":
		t.body(t.value())
	default:
		if f.Name == "body" {
			t.bodies++
		}
		t.flags = append(t.flags, "-"+f.Name, t.value())
	}
}

// other reads a flag that rawclient does not have.
func (t *translation) other(name string) {
	switch name {
	case "H", "header":
		t.fields = append(t.fields, t.value())
	case "A", "user-agent", "U":
		t.fields = append(t.fields, "User-Agent: "+t.value())
	case "e", "referer":
		t.fields = append(t.fields, "Referer: "+t.value())
	case "b", "cookie":
		t.fields = append(t.fields, "Cookie: "+t.value())
	case "r", "range":
		t.fields = append(t.fields, "Range: bytes="+t.value())
	case "X", "request", "method":
		t.method = t.value()
	case "I", "head", "spider":
		t.method = cmp.Or(t.method, "HEAD")
	case "d", "data-ascii", "data-binary":
		t.body(t.value())
	case "data-raw", "post-data": // here @ has no meaning
		t.bodies++
		t.flags = append(t.flags, "-data", t.value())
	case "post-file", "body-file":
		t.body("@" + t.value())
	case "T", "upload-file":
		t.method = cmp.Or(t.method, "PUT")
		t.body("@" + t.value())
	case "k", "no-check-certificate":
		t.flags = append(t.flags, "-insecure")
	case "cacert", "ca-certificate":
		t.flags = append(t.flags, "-ca", t.value())
	case "f", "fail-with-body":
		t.flags = append(t.flags, "-fail")
	case "s", "silent", "S", "show-error", "q", "quiet", "no-verbose", "show-headers", "include", "server-response":
	default:
		t.failed = true
	}
}

// body adds a flag for the body: its text, or the name of its file after @.
func (t *translation) body(text string) {
	t.bodies++
	if file, ok := strings.CutPrefix(text, "@"); ok {
		t.flags = append(t.flags, "-body", file)
	} else {
		t.flags = append(t.flags, "-data", text)
	}
}

// arguments returns the arguments of rawclient, or nil if they are wrong.
func (t *translation) arguments() []string {
	url := t.server
	if namesServer(url) {
		url, _ = newOptions().withScheme([]string{url})
	}
	usual := "GET" // what rawclient sends to a URL
	switch {
	case t.bodies > 0:
		usual = "POST"
	case t.method == "POST": // a body of no octets
		t.flags, usual = append(t.flags, "-data", ""), "POST"
	}
	args := slices.Concat(t.flags, []string{url}, t.fields)
	o, err := parseFlags(args)
	switch {
	case err != nil:
		return nil
	case cmp.Or(t.method, usual) == usual && (looksLikeURL(url) || strings.Contains(url, " ")):
		return args
	}
	u, err := parseURL(url)
	if err != nil || u.user != nil || !letters.MatchString(t.method) {
		return nil
	}
	return slices.Concat(t.flags, u.where(o), u.lines(t.method, t.fields))
}
