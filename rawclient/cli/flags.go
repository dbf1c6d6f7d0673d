package cli

import (
	"errors"
	"flag"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// options is a command line, taken apart.
type options struct {
	addr, in, body, data, out  string
	explain, color             string
	verbose, hex, blank        bool
	fail, half, wait, decode   bool
	literal, crlf, interactive bool
	timeout                    time.Duration

	given map[string]bool // the flags that were there
	lines []string        // what stands behind them
}

var errHelp = errors.New("help was asked for")

const defaultAddr = "localhost:12345"

// command is what is typed to run the client, wherever a text tells what to type.
const command = "go run ./rawclient"

func (o *options) flags() *flag.FlagSet {
	fs := flag.NewFlagSet("rawclient", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&o.addr, "addr", defaultAddr, "")
	fs.StringVar(&o.in, "in", "", "")
	fs.StringVar(&o.body, "body", "", "")
	fs.StringVar(&o.data, "data", "", "")
	fs.StringVar(&o.out, "o", "", "")
	fs.BoolVar(&o.verbose, "v", false, "")
	fs.Var((*listingFlag)(&o.explain), "explain", "")
	fs.BoolVar(&o.blank, "blank", false, "")
	fs.BoolVar(&o.hex, "hex", false, "")
	fs.StringVar(&o.color, "color", "auto", "")
	fs.BoolVar(&o.decode, "decode", false, "")
	fs.BoolVar(&o.fail, "fail", false, "")
	fs.BoolVar(&o.half, "half", false, "")
	fs.BoolVar(&o.wait, "wait", false, "")
	fs.BoolVar(&o.literal, "literal", false, "")
	fs.BoolVar(&o.crlf, "crlf", false, "")
	fs.BoolVar(&o.interactive, "i", false, "")
	o.timeout = 10 * time.Second
	fs.Func("timeout", "", o.setTimeout)
	return fs
}

// The forms of the listing that -explain makes; "" for none.
const (
	textListing = "text"
	htmlListing = "html"
)

// A listingFlag is a flag without a value, -explain, or with one, -explain=html. What it may not be
// is told by check, in words of its own.
type listingFlag string

func (l *listingFlag) String() string   { return string(*l) }
func (l *listingFlag) IsBoolFlag() bool { return true }

func (l *listingFlag) Set(value string) error {
	switch value {
	case "true":
		value = textListing
	case "false":
		value = ""
	}
	*l = listingFlag(value)
	return nil
}

// lists reports whether a listing takes the place of the answer.
func (o *options) lists() bool { return o.explain != "" || o.hex }

// setTimeout reads a duration; a number alone means seconds.
func (o *options) setTimeout(value string) error {
	if n, err := strconv.ParseUint(value, 10, 31); err == nil {
		o.timeout = time.Duration(n) * time.Second
		return nil
	}
	d, err := time.ParseDuration(value)
	if err != nil || d < 0 {
		return errors.New("write it as 10s, 500ms or 2m; 0 means no limit")
	}
	o.timeout = d
	return nil
}

// parseFlags takes the command line apart. Its errors are sentences for the user.
func parseFlags(args []string) (*options, error) {
	o := &options{given: make(map[string]bool)}
	fs := o.flags()
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil, errHelp
	case err != nil:
		if _, name, ok := strings.Cut(err.Error(), "not defined: -"); ok {
			return nil, unknownFlag(fs, name)
		}
		return nil, usageError("%v\n%s -h  lists the flags", err, command)
	}
	fs.Visit(func(f *flag.Flag) { o.given[f.Name] = true })
	o.lines = fs.Args()
	if err := o.checkProgram(); err != nil {
		return nil, err
	}
	if err := checkOrder(fs, args, len(args)-len(o.lines)); err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	if err := o.checkTarget(); err != nil {
		return nil, err
	}
	var err error
	o.addr, err = dialAddress(o.addr)
	return o, err
}

// checkOrder refuses a flag behind the request line, where it would be sent as a field line. The
// request line is args[first].
func checkOrder(fs *flag.FlagSet, args []string, first int) error {
	var flags, lines []string
	for i := first; i < len(args); i++ {
		f := known(fs, args[i])
		if name := strings.TrimLeft(args[i], "-"); f == nil && i > first && name != args[i] {
			if advice, _ := habit(name); advice != "" {
				return unknownFlag(fs, name)
			}
		}
		if f == nil || i == first {
			lines = append(lines, args[i])
			continue
		}
		flags = append(flags, args[i])
		if !isBool(f) && !strings.Contains(args[i], "=") && i+1 < len(args) {
			i++
			flags = append(flags, args[i])
		}
	}
	if flags == nil {
		return nil
	}
	right := append(append(append([]string(nil), args[:first]...), flags...), lines...)
	return usageError("%s follows the request line, where field lines go; flags come first:\n\n"+
		"  %s %s\n", flags[0], command, quoted(right))
}

// known returns the flag that arg is, nil if it is none.
func known(fs *flag.FlagSet, arg string) *flag.Flag {
	name, ok := strings.CutPrefix(arg, "-")
	if !ok {
		return nil
	}
	name, _, _ = strings.Cut(strings.TrimPrefix(name, "-"), "=")
	return fs.Lookup(name)
}

func isBool(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

// quoted joins arguments to a command, in the quotes that every shell knows.
func quoted(args []string) string {
	line := make([]string, len(args))
	for i, a := range args {
		if a == "" || strings.ContainsAny(a, " \t\"'`$&|;<>()*?[]{}!#\\") {
			a = `"` + strings.ReplaceAll(a, `"`, `\"`) + `"`
		}
		line[i] = a
	}
	return strings.Join(line, " ")
}

// check refuses flags that do not go together.
func (o *options) check() error {
	switch {
	case o.given["body"] && o.given["data"]:
		return usageError("-body and -data both give the body: use one of them")
	case o.given["in"] && len(o.lines) > 0:
		return usageError("-in FILE is the whole request: leave out %q", o.lines[0])
	case o.given["in"] && (o.given["body"] || o.given["data"]):
		return usageError("-in FILE is the whole request: leave out -body and -data")
	case !o.given["in"] && (o.crlf || o.literal):
		return usageError("-crlf and -literal go with -in FILE; lines of the command line are " +
			"literal anyway, and end in CR LF")
	case o.interactive && (o.given["in"] || len(o.lines) > 0):
		return usageError("-i reads the request from the keyboard: leave out the request line and -in\n" +
			"if -i was to show the head of the response: leave it out, the head is always shown")
	case len(o.data) > 1 && o.data[0] == '@':
		return usageError("-data gives the text itself; for the octets of the file %s write\n\n"+
			"  -body %s\n\nto send a text that begins with @, put it into a file", safe(o.data[1:]),
			quoted([]string{o.data[1:]}))
	case len(o.lines) == 0 && (o.given["body"] || o.given["data"]):
		return usageError("a body needs a request line, or a URL, after the flags")
	}
	return o.checkListing()
}

// checkListing refuses what makes no listing.
func (o *options) checkListing() error {
	first := ""
	if len(o.lines) > 0 {
		first = o.lines[0]
	}
	switch {
	case o.explain == htmlListing && o.hex:
		return usageError("-explain=html and -hex are two forms of the listing: use one of them")
	case o.explain != "" && o.explain != textListing && o.explain != htmlListing:
		return usageError("-explain=%s: write  -explain  for text, or  -explain=html  for a page",
			safe(o.explain))
	case o.explain == textListing && (first == textListing || first == htmlListing):
		return usageError("\"%s\" stands where the request line goes: write  -explain=%s  with \"=\"",
			first, first)
	case o.blank && o.explain != htmlListing:
		return usageError("-blank leaves the meanings out of the page: add  -explain=html")
	case o.color != "auto" && o.color != "always" && o.color != "never":
		return usageError("-color %s: write auto, always or never", safe(o.color))
	case o.decode && o.lists():
		return usageError("-decode takes away the chunk framing that a listing shows: " +
			"use one of them")
	}
	return nil
}

// dialAddress completes the address that a person gives: :8080 and 8080 are ports of localhost.
func dialAddress(addr string) (string, error) {
	if isPort(addr) {
		addr = ":" + addr
	}
	host, port, err := net.SplitHostPort(addr)
	switch {
	case strings.Contains(addr, "/"):
		return "", usageError("-addr takes host:port, such as %s, and no URL: %q", defaultAddr, addr)
	case err != nil && strings.Count(addr, ":") > 1 && !strings.HasPrefix(addr, "["):
		return "", usageError("-addr %s: an IPv6 address stands in brackets:  -addr [%s]:12345",
			addr, addr)
	case err != nil:
		return "", usageError("-addr %s: the port is missing:  -addr %s:12345  for the server of this "+
			"project,  -addr %s:80  for most others", addr, addr, addr)
	case !isASCII(host):
		return "", usageError("-addr %s: %s", safe(addr), adviseOnHost(host, func(ascii string) string {
			return "-addr " + net.JoinHostPort(ascii, port)
		}))
	case !isPort(port):
		return "", usageError("-addr %s: %q is no port; write a number from 1 to 65535", addr, port)
	case host == "":
		host = "localhost"
	}
	return net.JoinHostPort(host, port), nil
}

func isPort(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	n, err := strconv.Atoi(s)
	return err == nil && 0 < n && n < 1<<16
}
