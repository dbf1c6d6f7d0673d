package cli

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"rawhttp/httpwire/commandline"
	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/visible"
)

// options is a command line, taken apart.
type options struct {
	addr, in, body, data, out  string
	ca, pcap, completion       string
	listen, diff, ignore       string
	json                       bool
	explain, color             string
	verbose, hex, blank        bool
	fail, half, wait, decode   bool
	literal, crlf, interactive bool
	tls, insecure, time        bool
	timeout, trickle           time.Duration
	repeat                     int

	given  map[string]bool // the flags on the command line
	before []string        // the arguments that are flags and their values, without a -- after them
	lines  []string        // the arguments after them
}

// The server of this project listens at defaultAddr. An error about -listen proposes another port,
// because both can run at the same time.
const (
	defaultAddr = explain.DefaultAddr
	listenPort  = "8080"
)

var _, serverPort, _ = net.SplitHostPort(defaultAddr)

// command is how to run the client, in every text that says what to type.
var command = commandline.Name("rawclient")

func newOptions() *options {
	return &options{addr: defaultAddr, color: "auto", ignore: "Date", timeout: 10 * time.Second, repeat: 1,
		given: make(map[string]bool)}
}

// table is the table of the flags: where the value goes, the name, the kind of the value, the
// help. The flag set and -h are made from it.
func (o *options) table() []flagRow {
	return []flagRow{
		{&o.addr, "addr", "host:port", "where to connect (localhost:12345). :8080 and 8080 mean a port of " +
			"localhost. With a URL, the client connects here and not to the server in the URL"},
		{&o.tls, "tls", "", "send the request inside TLS, as for an https:// URL. The octets of HTTP are the " +
			"same"},
		{&o.ca, "ca", "FILE", "with TLS: also trust the authority whose certificate, in PEM, is in FILE"},
		{&o.insecure, "insecure", "", "with TLS: accept any certificate. Then the client does not know " +
			"which server it talks to"},
		{&o.body, "body", "FILE", "send the octets of FILE as the body; - is standard input"},
		{&o.data, "data", "TEXT", "send TEXT as the body. -data and -body add Content-Length, unless a " +
			"field line has it"},
		{&o.in, "in", "FILE", "send FILE as the whole request; - is standard input"},
		{&o.crlf, "crlf", "", "with -in: turn LF line ends of the head into CR LF"},
		{&o.literal, "literal", "", "with -in: send the file even if its Content-Length is wrong"},
		{&o.interactive, "i", "", "type the request, even if standard input is not a terminal"},
		{&o.verbose, "v", "", "also show the request and the head of the response with visible line " +
			"ends, > for sent and < for received. Credentials are replaced by *"},
		{o.setListing, "explain", "", "list request and response instead of printing the " +
			"response: each octet with its rule and its meaning"},
		{nil, "explain=html", "", "the same as one page for a browser, a projector or paper"},
		{&o.blank, "blank", "", "with -explain=html: leave out the meanings, so that readers can fill them in"},
		{&o.hex, "hex", "", "list request and response in hexadecimal digits. -explain may be given too"},
		{&o.json, "json", "", "print request and response as one JSON document: the listing, where the " +
			"body ends, notices and times. rawclient/README.md explains its fields"},
		{&o.color, "color", "auto", "use colors in -explain: auto (on a terminal, unless NO_COLOR is " +
			"set), always or never"},
		{&o.out, "o", "FILE", "write the response to FILE, as soon as its first octet is received. With " +
			"-explain=html, write the page to FILE"},
		{&o.time, "time", "", "say when each part of the exchange came. With -explain, the listing says it in " +
			"one line"},
		{&o.pcap, "pcap", "FILE", "write the exchange to FILE as a capture, which Wireshark and tshark " +
			"open. With TLS too, the octets of HTTP in it are not encrypted"},
		{&o.decode, "decode", "", "leave out the framing of a chunked body, and the trailer fields after it"},
		{(*commandline.Duration)(&o.timeout), "timeout", "10s", "limit the whole exchange, which begins " +
			"when -in or -body has been read. A number alone is seconds; 500ms and 1m work too, and 0 means no " +
			"limit. Connecting takes 5s at most"},
		{(*pause)(&o.trickle), "trickle", "100ms", "send the request octet by octet, with this " +
			"pause between two octets: 100ms or 1s. Without -timeout, the time limit grows by all pauses"},
		{&o.repeat, "repeat", "N", "send the request N times, and keep the connection if " +
			"request and response allow it. -timeout limits each exchange. The exit code is the highest of all. " +
			"If a request gets no connection (code 3), it is the last"},
		{&o.half, "half", "", "close the sending side after the request"},
		{&o.wait, "wait", "", "after a complete response, wait for the server to close"},
		{&o.diff, "diff", "OTHER", "send a second request and compare the responses. OTHER is host:port for " +
			"another server, or a request-line or a URL in place of the first argument; with -in, a " +
			"file in place of the first"},
		{&o.ignore, "ignore", "NAMES", "with -diff: fields that may differ, with commas between their " +
			"names (Date)"},
		{&o.listen, "listen", "host:port", "be the server: show what clients send, and respond with what you " +
			"type, with the lines of the command line, or with the file of -in. :0 means a free port"},
		{&o.fail, "fail", "", "exit with 1 if the status is 400 or above"},
		{&o.completion, "completion", "bash", "print a script that completes these flags in bash; zsh, fish " +
			"and powershell work too. A comment at its top says how to load it"},
		{nil, "h", "", "print this help"},
	}
}

// wordsOf are the values of the flags that have only a few.
var wordsOf = map[string][]string{
	"color":      {"auto", "always", "never"},
	"completion": {"bash", "zsh", "fish", "powershell"},
}

// A flagRow is a flag. A row without a value is in the help only.
type flagRow struct {
	value            any
	Name, Kind, Help string // the templates of -completion have them
}

// FirstSentence returns the first sentence of the help.
func (r flagRow) FirstSentence() string {
	first, _, _ := strings.Cut(r.Help, ". ")
	return first
}

// IsFile reports whether the value is the name of a file that is read or written.
func (r flagRow) IsFile() bool { return r.Kind == "FILE" }

// Words returns the values that the flag accepts, separated by spaces, or "" if the table wordsOf does not list
// them.
func (r flagRow) Words() string { return strings.Join(wordsOf[r.Name], " ") }

// A pause is the value of -trickle, a time with its unit. A number alone would be seconds, as for
// -timeout, but is likely meant as milliseconds.
type pause time.Duration

func (p *pause) Set(text string) error {
	if _, err := strconv.ParseUint(text, 10, 64); err == nil && text != "0" {
		return fmt.Errorf("the unit is missing: write  -trickle %sms  or  -trickle %[1]ss", text)
	}
	return (*commandline.Duration)(p).Set(text)
}

func (p *pause) String() string { return time.Duration(*p).String() }

func (o *options) flags() *flag.FlagSet {
	fs := flag.NewFlagSet("rawclient", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	for _, row := range o.table() {
		kind := "`" + row.Kind + "`" // for errors; the help is made from the table
		switch value := row.value.(type) {
		case *string:
			fs.StringVar(value, row.Name, *value, kind)
		case *bool:
			fs.BoolVar(value, row.Name, *value, kind)
		case *int:
			fs.IntVar(value, row.Name, *value, kind)
		case flag.Value:
			fs.Var(value, row.Name, kind)
		case func(string) error:
			fs.BoolFunc(row.Name, "", value)
		}
	}
	return fs
}

// usage returns the help.
func usage() string {
	text := []byte(strings.ReplaceAll(usageBefore, "go run ./rawclient", command))
	for _, row := range new(options).table() {
		text = visible.AppendRows(text, fmt.Sprintf("%-20s", "  -"+row.Name+" "+row.Kind), row.Help)
	}
	text = append(text, usageAfter...)
	for code, means := range exitMeans {
		text = visible.AppendRows(text, fmt.Sprintf("  %d  ", code), means)
	}
	return string(text)
}

const usageBefore = `rawclient sends exactly the request that you type, and shows every octet (byte)
of the response.

  rawclient [flags] REQUEST-LINE [FIELD-LINE ...]  adds CR LF to each line and
                                                   the empty line, nothing else
  rawclient [flags] http://host:port/path          sends a conforming GET, or
                                                   POST if there is a body, and
                                                   shows it first; https:// too
  rawclient [flags] -in FILE                       sends a file as it is
  rawclient [flags]                                on a terminal: type it
  rawclient -listen host:port [flags] [STATUS-LINE [FIELD-LINE ...]]
                                                   is the server: shows each
                                                   request, and sends this
                                                   response, or what you type

Examples:
  go run ./rawclient "GET / HTTP/1.0"
  go run ./rawclient -explain "GET /address_book/api/v1.0/addresses HTTP/1.0"
  go run ./rawclient -explain=html -o page.html "GET / HTTP/1.0"
  go run ./rawclient -addr localhost:8080 "HEAD / HTTP/1.0" "Host: localhost"
  go run ./rawclient -body examples/new-address.json http://localhost:12345/raw
  go run ./rawclient -v http://localhost:12345/
  go run ./rawclient -diff localhost:8080 "GET / HTTP/1.0"
  go run ./rawclient -listen localhost:8080 -data hello "HTTP/1.0 200 OK"

Flags come before the request-line. A value follows after a space:
`

const usageAfter = `
Standard output gets the octets of the response, head and all, exactly as they
were received. On a terminal, control octets are escaped, at most 64 KiB are
shown, and a binary body is not shown: use -o FILE to keep all octets. Notices
(*) and errors go to standard error. The client does not follow redirects, does
not retry, and does not use a proxy.

When you type a request, Enter sends CR LF, and an empty line ends the head. If
there is a Content-Length, you type that many octets of body, in which Enter is
one LF. A line with a period alone ends the body early. The request is sent when
it is complete, so take your time. End of file (Ctrl-D, on Windows Ctrl-Z and
Enter) sends what you have typed.

With -listen you type the response in the same way. Without a Content-Length, a
line with a period alone ends the body. Clients are served one after the other,
the connection is closed after each response, and Ctrl-C or end of file ends it.

Exit codes (go run turns every code but 0 into 1, and prints the real one):
`

// The listings that -explain makes; "" for none.
const (
	textListing = "text"
	htmlListing = "html"
)

// setListing sets -explain or -explain=html.
func (o *options) setListing(value string) error {
	switch value {
	case "true", textListing:
		o.explain = textListing
	case "false":
		o.explain = ""
	case htmlListing:
		o.explain = htmlListing
	default:
		return errors.New("write  -explain  for text,  -explain=html  for a page, or  -json  for JSON")
	}
	return nil
}

// lists reports whether a listing replaces the response.
func (o *options) lists() bool {
	return o.given["diff"] || slices.ContainsFunc(listings, func(c condition) bool { return c.holds(o) })
}

// partOfTimeout returns the time of -timeout divided by part, but at most most.
func (o *options) partOfTimeout(part int64, most time.Duration) time.Duration {
	return min(most, o.timeout/time.Duration(part))
}

func (o *options) timeIsOver() string {
	return fmt.Sprintf("the time is over (-timeout %s)", o.timeout)
}

// noLimit is the time of -timeout 0, longer than any exchange.
const noLimit = 100 * 365 * 24 * time.Hour

// repeatMost is how often a request is sent at most. To measure a server, use another program.
const repeatMost = 1000

// parseFlags takes the command line apart. Its errors are sentences for the user.
func parseFlags(args []string) (*options, error) {
	o := newOptions()
	fs := o.flags()
	switch err := fs.Parse(args); {
	case err == flag.ErrHelp:
		return nil, err
	case err != nil && strings.Contains(err.Error(), "not defined: -"):
		return nil, unknownFlag(fs, strings.TrimLeft(args[len(args)-fs.NArg()-1], "-"))
	case err != nil:
		return nil, usageError("%s\n%s -h  lists the flags", commandline.FlagError(fs, err), command)
	}
	fs.Visit(func(f *flag.Flag) {
		off := commandline.IsSwitch(f) && f.Value.String() == "false" || f.Name == "explain" && o.explain == ""
		if !off {
			o.given[f.Name] = true
		}
	})
	o.lines = fs.Args()
	o.before = args[:len(args)-len(o.lines)]
	last := len(o.before) - 1
	ended := last >= 0 && o.before[last] == "--" // no argument after it is a flag
	if ended {
		o.before = o.before[:last]
	}
	addr, wrongAddr := dialAddress("-addr", o.addr)
	err := cmp.Or(o.check(fs, ended), wrongAddr)
	o.addr = addr // the checks show the values that were typed
	if o.timeout == 0 {
		o.timeout = noLimit
	}
	return o, err
}

// check refuses what is wrong with a command line. ended says that -- has ended the flags. The first error is
// shown. A mistake often has others as its consequence, so its check comes first.
func (o *options) check(fs *flag.FlagSet, ended bool) error {
	return cmp.Or(
		o.checkValues(fs),       // a flag without its value has taken the request-line as its value
		o.checkConnector(fs),    // the flags after nc are those of nc
		o.checkOrder(fs, ended), // a flag after the request-line is not set yet
		o.checkMode(),           // -diff and -listen decide what the other flags mean
		o.checkMistakes(),       // what was meant says more than that two flags do not go together
		o.checkPairs(),
		o.checkTarget(), // with the right flags, the lines may still be for another server
	)
}
