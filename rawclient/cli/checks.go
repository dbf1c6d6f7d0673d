package cli

import (
	"flag"
	"fmt"
	"maps"
	"net"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"rawhttp/httpwire/commandline"
)

// checkValues refuses a value that is missing or that its flag does not accept. An empty value comes from a
// variable that is not set. If the user forgot the value, the request-line is in its place.
func (o *options) checkValues(fs *flag.FlagSet) (err error) {
	fs.Visit(func(f *flag.Flag) {
		value := f.Value.String()
		empty := value == "" && f.Name != "ignore"
		isLine := strings.Contains(value, " HTTP/") && f.Name != "diff"
		words := wordsOf[f.Name]
		switch {
		case commandline.IsSwitch(f), f.Name == "data":
		case empty, isLine:
			kind, _ := flag.UnquoteUsage(f)
			err = usageError("-%s %q: write  -%[1]s %[3]s", f.Name, value, kind)
		case words != nil && !slices.Contains(words, value):
			last := len(words) - 1
			err = usageError("-%s %s: write %s or %s", f.Name, value, strings.Join(words[:last], ", "), words[last])
		}
	})
	return err
}

// checkOrder refuses a flag after the request-line, where it would be sent as a field line, unless the flags
// have ended with --.
func (o *options) checkOrder(fs *flag.FlagSet, ended bool) error {
	if len(o.lines) == 0 || ended {
		return nil
	}
	late, err := o.findLate(fs)
	if err != nil || late.wrong == "" {
		return err
	}
	lines := late.lines
	if whole := withLine(lines); whole != nil {
		lines = whole
	}
	args := append(late.flags, lines...)
	if _, err := parseFlags(slices.Concat(o.before, args)); err != nil && !late.missing { // it has another fault
		return err
	}
	line := "request-line"
	if o.given["listen"] {
		line = "status-line"
	}
	return o.instead(args, "%s follows the %s, where field lines go. Flags come first:", late.wrong, line)
}

// A lateFlags is the arguments from the request-line on, with the flags and the lines apart.
type lateFlags struct {
	lines, flags []string // the flags have their values
	wrong        string   // the first argument that must come before the request-line; "" if there is none
	missing      bool     // the last flag has no value; its kind is in place of the value
}

// findLate finds the flags that follow the request-line. Those of other programs are an error.
func (o *options) findLate(fs *flag.FlagSet) (lateFlags, error) {
	r := lateFlags{lines: o.lines[:1:1]}
	for i := 1; i < len(o.lines); i++ {
		arg := o.lines[i]
		name := strings.TrimLeft(arg, "-")
		f := known(fs, arg)
		if r.wrong == "" && (f != nil || arg == "--") {
			r.wrong = arg
		}
		switch {
		case arg == "--":
		case name != arg && (name == "h" || name == "help"):
			return r, flag.ErrHelp
		case name != arg && habitOf(name) != nil: // no flag of rawclient is a habit
			return r, unknownFlag(fs, name)
		case f == nil:
			r.lines = append(r.lines, arg)
		case commandline.IsSwitch(f), strings.Contains(arg, "="):
			r.flags = append(r.flags, arg)
		case i+1 == len(o.lines):
			kind, _ := flag.UnquoteUsage(f)
			r.flags, r.missing = append(r.flags, arg, kind), true
		default:
			i++
			r.flags = append(r.flags, arg, o.lines[i])
		}
	}
	return r, nil
}

// known returns the flag that arg is, or nil.
func known(fs *flag.FlagSet, arg string) *flag.Flag {
	name, ok := strings.CutPrefix(arg, "-")
	if !ok {
		return nil
	}
	name, _, _ = strings.Cut(strings.TrimPrefix(name, "-"), "=")
	return fs.Lookup(name)
}

// modes are the flags that change what the command does, what it does then, and the flags that go
// with each.
var modes = []struct{ name, does, with string }{
	{"diff", "compares two responses", withDiff},
	{"listen", "makes rawclient the server", "in body data crlf i explain hex color timeout"},
}

const withDiff = "ignore addr tls ca insecure in body data crlf literal i timeout half"

// flagsWithDiff returns the flags that were given and go with -diff.
func (o *options) flagsWithDiff() (args []string) {
	o.flags().VisitAll(func(f *flag.Flag) {
		switch {
		case !o.given[f.Name] || !slices.Contains(strings.Fields(withDiff), f.Name):
		case commandline.IsSwitch(f):
			args = append(args, "-"+f.Name)
		default:
			args = append(args, "-"+f.Name, f.Value.String())
		}
	})
	return args
}

// checkMode refuses flags that do not go with the mode.
func (o *options) checkMode() error {
	for _, m := range modes {
		if !o.given[m.name] {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(o.given)) {
			if name != m.name && !slices.Contains(strings.Fields(m.with), name) {
				return usageError("-%s %s, and -%s does not go with it: leave out one of them\n"+
					"what goes with it:  -%s", m.name, m.does, name,
					strings.ReplaceAll(m.with, " ", " -"))
			}
		}
	}
	return nil
}

// checkMistakes refuses a command line that probably does not mean what the user wants, and values that are
// wrong.
func (o *options) checkMistakes() error {
	first := ""
	if len(o.lines) > 0 {
		first = o.lines[0]
	}
	secure := o.tls || strings.HasPrefix(strings.ToLower(strings.TrimLeft(first, " \t")), "https://")
	switch {
	case o.time && new(commandline.Duration).Set(first) == nil:
		return usageError("-time has no value: leave out %q, or write  -timeout %[1]s  to limit the exchange", first)
	case (o.insecure || o.given["ca"]) && !secure && !o.given["diff"]:
		return usageError("-ca and -insecure are about the certificate of TLS: add  -tls  or write a URL " +
			"that begins with https://")
	case first == "" && !o.given["in"] && o.diffIsLine():
		return usageError("-diff %s: this is what the second request has instead, and the first request is "+
			"missing. To send one request to two servers write\n\n%s",
			o.diff, commandWith(append(o.flagsWithDiff(), "-diff", "localhost:8080", o.diff)...))
	case len(o.data) > 1 && o.data[0] == '@':
		return usageError("-data gives the text itself. To send the octets of the file %s write\n\n"+
			"  -body %s\n\nto send a text that begins with @, put it into a file", o.data[1:],
			quoted(o.data[1:]))
	case first == "" && !o.given["in"] && (o.given["body"] || o.given["data"]):
		return usageError("a body needs a request-line, a URL, or with -listen a status-line, after the flags")
	case o.json && strings.HasPrefix(first, "{"):
		return usageError("-json prints the exchange as JSON. -data sends JSON:\n\n"+
			"  %s -data \"...\" \"POST /raw HTTP/1.0\" \"Content-Type: application/json\"\n", command)
	case len(o.lines) == 1 && namesFile(first) && !o.given["in"] && !o.given["body"] && !o.given["data"]:
		return o.instead([]string{"-in", first}, "%q is a file. To send the file write", first)
	case o.explain == textListing && (first == textListing || first == htmlListing):
		return usageError("%q is where the request-line goes: write  -explain=%s  with \"=\"", first, first)
	case o.repeat < 1 || o.repeat > repeatMost:
		return usageError("-repeat %d: write a number from 1 to %d", o.repeat, repeatMost)
	case o.timeout < 0 || o.trickle < 0:
		return usageError("-timeout and -trickle cannot be negative")
	case o.out == "-" || o.pcap == "-":
		return usageError("-o and -pcap need the name of a file. To get the response on standard output, leave " +
			"out -o")
	}
	return nil
}

// A condition is something that the command line may have. The tables of pairs are about conditions.
type condition struct {
	name  string // as an error names it
	holds func(o *options) bool
}

// given is the condition that a flag is given.
func given(flag string) condition {
	return condition{"-" + flag, func(o *options) bool { return o.given[flag] }}
}

var (
	requestLine = condition{"a request-line", func(o *options) bool { return len(o.lines) > 0 }}
	htmlPage    = condition{"-explain=html", func(o *options) bool { return o.explain == htmlListing }}
)

// listings are the flags that list the messages instead of printing the response.
var listings = []condition{given("explain"), given("hex"), given("json")}

// apart are conditions that do not go together with each of some others, and why not.
var apart = []struct {
	one    condition
	others []condition
	why    string
}{
	{given("body"), []condition{given("data")}, "both give the body"},
	{given("in"), []condition{requestLine, given("body"), given("data")}, "the file is the whole message"},
	{given("i"), []condition{given("in")}, "with -i you type the message"},
	{given("i"), []condition{requestLine}, "with -i you type the message. The head of a response is always shown"},
	{given("completion"), []condition{requestLine}, "-completion prints a script and sends nothing"},
	{given("insecure"), []condition{given("ca")}, "-insecure checks no certificate"},
	{given("json"), []condition{given("explain"), given("hex")}, "-json has the listing"},
	{given("json"), []condition{given("repeat")}, "-json prints a document of one exchange"},
	{htmlPage, []condition{given("hex")}, "they are two kinds of listing"},
	{htmlPage, []condition{given("repeat")}, "a page has one exchange"},
	{htmlPage, []condition{given("listen")}, "-listen lists messages as text, with -explain"},
	{given("decode"), listings, "a listing shows the chunk framing that -decode leaves out"},
}

// together are conditions that have no effect without another one.
var together = []struct {
	one, needs condition
	why        string
}{
	{given("crlf"), condition{"-in FILE", given("in").holds}, "lines of the command line always end in CR LF"},
	{given("literal"), condition{"-in FILE", given("in").holds}, "lines of the command line are always sent as they are"},
	{given("ignore"), condition{"-diff OTHER", given("diff").holds}, "it names fields that may differ"},
	{given("blank"), htmlPage, "it leaves the meanings out of the page"},
	{given("color"), given("explain"), "it is about the colors of that listing"},
}

// checkPairs refuses flags that contradict each other or have no effect.
func (o *options) checkPairs() error {
	for _, p := range apart {
		for _, other := range p.others {
			if p.one.holds(o) && other.holds(o) {
				return usageError("%s and %s do not go together: %s. Leave out one of them",
					p.one.name, other.name, p.why)
			}
		}
	}
	for _, p := range together {
		if p.one.holds(o) && !p.needs.holds(o) {
			return usageError("%s goes with %s: %s", p.one.name, p.needs.name, p.why)
		}
	}
	return nil
}

// dialAddress completes an address: :8080 and 8080 are ports of localhost. With -listen, 0 means
// that the system chooses the port. The errors name the flag.
func dialAddress(flag, addr string) (string, error) {
	if commandline.IsPort(addr) || addr == "0" {
		addr = ":" + addr
	}
	host, port, err := net.SplitHostPort(addr)
	switch {
	case err != nil, strings.ContainsAny(addr, " /"):
		example := commandline.Address(addr)
		if flag == "-listen" && !strings.Contains(addr, serverPort) {
			example = strings.Replace(example, serverPort, listenPort, 1)
		}
		return "", usageError("%s %s: write host:port, as in  %[1]s %[3]s", flag, quoted(addr), quoted(example))
	case !isASCII(host):
		return "", usageError("%s %s: %s", flag, addr, useASCII)
	case !commandline.IsPort(port) && !(port == "0" && flag == "-listen"):
		return "", usageError("%s %s: %q is not a port; write a number from 1 to 65535", flag, addr, port)
	case host == "":
		host = "localhost"
	}
	return net.JoinHostPort(host, port), nil
}

// instead returns an error that ends with a command to type: the flags that were given, and args.
func (o *options) instead(args []string, format string, a ...any) error {
	return usageError("%s\n\n%s", fmt.Sprintf(format, a...), commandWith(slices.Concat(o.before, args)...))
}

// commandWith returns a command to type, as lines of their own.
func commandWith(args ...string) string { return commandFor(runtime.GOOS, args) }

// commandFor returns the command for the shells of a system. On Windows these are cmd and PowerShell, and no form
// of $ and ` is right in both.
func commandFor(system string, args []string) string {
	line := quotedFor(system, args)
	if system == "windows" && strings.ContainsAny(line, "$`") {
		line += "\n\nthis is for cmd; in PowerShell, write a backtick before each $ and each backtick"
	}
	return "  " + command + " " + line + "\n"
}

var (
	// sameUnquoted matches an argument that has the same meaning in every shell, even without quotes. zsh replaces
	// = at the start, and PowerShell splits a flag before a period.
	sameUnquoted = regexp.MustCompile(`^(-[A-Za-z0-9=-]+|[A-Za-z0-9_./:+%][A-Za-z0-9_./:=+%-]*)$`)
	// beforeQuote matches the backslashes that a program on Windows reads as half as many.
	beforeQuote = regexp.MustCompile(`(\\+)"`)
)

// quoted joins arguments to a command for the shells of this system.
func quoted(args ...string) string { return quotedFor(runtime.GOOS, args) }

// quotedFor puts arguments into double quotes if they need quotes. In bash and zsh some characters have a
// meaning even there, so an argument with one of them is in single quotes, which cmd does not know. On Windows the
// quotes are right for cmd, unless the name of a variable is between two percent signs.
func quotedFor(system string, args []string) string {
	line := make([]string, len(args))
	for i, a := range args {
		switch {
		case sameUnquoted.MatchString(a):
			line[i] = a
		case system != "windows" && strings.ContainsAny(a, "\"$`\\!"):
			line[i] = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		case system != "windows":
			line[i] = `"` + a + `"`
		default:
			a = strings.TrimSuffix(beforeQuote.ReplaceAllString(a+`"`, `$1$1"`), `"`)
			line[i] = `"` + strings.ReplaceAll(a, `"`, `\"`) + `"`
		}
	}
	return strings.Join(line, " ")
}
