package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/visible"
	"rawhttp/rawclient/wireclient"
)

// Exit codes. The help prints them.
const (
	exitComplete = 0 // the response is complete and well formed
	exitFailed   = 1 // -fail, and the status is 400 or above
	exitUsage    = 2 // the command line is wrong
	exitConnect  = 3 // no connection, or no TLS on it
	exitTimeout  = 4 // -timeout is over
	exitBroken   = 5 // the response is malformed or was cut short
	exitDiffers  = 6 // -diff, and the responses differ
)

// Stdio is what the client reads and writes besides the connection. The response goes to Out, and
// notices and errors go to Err. A terminal gets nothing but text, and a request is read from In
// without -in or -i only if In is a terminal.
type Stdio struct {
	In                      io.Reader
	Out, Err                io.Writer
	InTerminal, OutTerminal bool
	Color                   bool // Out is a terminal with colours, and NO_COLOR is not set
}

// Standard returns the streams of the process.
func Standard() Stdio {
	terminal := isTerminal(os.Stdout)
	return Stdio{os.Stdin, os.Stdout, os.Stderr, isTerminal(os.Stdin), terminal,
		terminal && wantsColor() && hasColor(os.Stdout)}
}

// wantsColor reports whether NO_COLOR is unset or empty (https://no-color.org).
func wantsColor() bool { return os.Getenv("NO_COLOR") == "" }

// isTerminal reports whether f is a terminal, as far as every system can tell: a character device
// other than the null device.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

// client is the state of one run.
type client struct {
	Stdio
	opt      *options
	req      *request
	out      *output
	exchange *wireclient.Exchange
	notes    []string // notices that are printed after the response
	exit     int      // the exit code of the worst response

	conn        wireclient.Conn // nil if there is none
	connections int             // how many there were
	round       int             // number of the request, of those of -repeat
	whyNew      string          // why the next request needs a new connection; "" if it does not

	trace    *trace   // of the connection, with -time, -json or -pcap
	traces   []*trace // of all connections
	pcapFile *outFile // nil without -pcap
	timing   timing

	response
}

// response is the state of one response.
type response struct {
	final     *wireclient.Head // the head of the final response
	bodyStart int64            // offset of the octet after it
	status    int              // of the final response; 0 if there is none
	irregular bool             // the response breaks a rule
	cut       error            // what cut the response short
	closed    wireclient.Close // what happened to the connection after it
	said      []string         // notices that were printed at once
	differs   bool             // -diff: the responses differ
}

// Run runs the command with the arguments of a command line, and returns the exit code. It prints its
// errors itself. When ctx ends, the exchange ends with the octets received so far.
func Run(ctx context.Context, args []string, std Stdio) int {
	c := &client{Stdio: std}
	err := c.run(ctx, args)
	if err == errHelp {
		err = c.print(usage())
	}
	if err == nil {
		return c.exit
	}
	io.WriteString(std.Err, wrap("", "rawclient: "+err.Error()))
	if failed, ok := errors.AsType[*failure](err); ok {
		return failed.exit
	}
	return exitUsage
}

// Words splits a command line into arguments, at spaces that are not between double quotes. All
// shells agree on that, and the documented command lines need no more.
func Words(line string) (args []string) {
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			args = append(args, part)
		} else {
			args = append(args, strings.Fields(part)...)
		}
	}
	return args
}

// print prints a text that is not part of an exchange.
func (c *client) print(text string) error {
	if _, err := io.WriteString(c.Out, text); err != nil {
		return &failure{exitBroken, err.Error()}
	}
	return nil
}

// run does what the command line says. Without -completion, -listen or -diff it composes the request,
// and sends it as often as -repeat says.
func (c *client) run(ctx context.Context, args []string) (err error) {
	if c.opt, err = parseFlags(args); err != nil {
		return err
	}
	if c.opt.given["completion"] {
		script, err := completionFor(c.opt.completion)
		if err != nil {
			return err
		}
		return c.print(script)
	}
	if c.opt.given["listen"] {
		return c.listen(ctx)
	}
	if c.opt.given["diff"] {
		return c.diff(ctx)
	}
	if c.req, err = c.compose(ctx); err != nil {
		return err
	}
	if err = c.allowTrickle(); err != nil {
		return err
	}
	defer c.disconnect()
	for c.round = 1; ; c.round++ {
		err := c.exchangeOnce(ctx)
		if err == nil {
			err = c.conclude(c.isLast(ctx))
		}
		if err != nil || c.isLast(ctx) {
			return c.finish(err)
		}
	}
}

// exchangeOnce sends the request and receives the response.
func (c *client) exchangeOnce(ctx context.Context) error {
	run := ctx
	if c.opt.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.opt.timeout)
		defer cancel()
	}
	if err := c.prepare(ctx); err != nil {
		return err
	}
	c.exchange = &wireclient.Exchange{Conn: c.conn, Request: c.req.Request, HalfClose: c.opt.half,
		Trickle: c.opt.trickle, Silence: c.share(2, 2*time.Second)}
	if !c.opt.wait {
		c.exchange.Watch = c.watched()
	}
	if err := c.exchange.Do(ctx, c.handle); c.out.err == nil {
		c.out.err = err
	}
	if c.whyNew = c.needsConnection(); c.whyNew != "" || c.isLast(run) {
		c.disconnect()
	}
	return nil
}

// isLast reports whether no request follows this one.
func (c *client) isLast(ctx context.Context) bool {
	return c.round == c.opt.repeat || ctx.Err() != nil || c.out.err != nil
}

// prepare connects if there is no connection. Before the first request it opens the files.
func (c *client) prepare(ctx context.Context) (err error) {
	c.response = response{}
	c.sayRound()
	if c.conn == nil {
		c.conn, err = c.connect(ctx)
	} else {
		c.timing = timing{start: time.Now()}
		if c.trace != nil {
			c.trace.first = time.Time{}
		}
	}
	if err != nil || c.round > 1 {
		return err
	}
	if c.out, err = c.newOutput(); err != nil {
		return err
	}
	if c.opt.given["pcap"] {
		if c.pcapFile, err = c.opt.createOutFile("-pcap", c.opt.pcap); err != nil {
			return err
		}
	}
	c.preview()
	return nil
}

// finish ends the run, after an error if err is not nil.
func (c *client) finish(err error) error {
	if c.disconnect(); err != nil {
		if c.out != nil {
			c.out.finish()
		}
	} else if c.opt.repeat > 1 {
		c.say("requests: %d, connections: %d", c.round, c.connections)
	}
	if c.pcapFile == nil {
		return err
	}
	if failed := c.capture(); failed != nil && err == nil {
		err = &failure{exitBroken, "cannot write the capture: " + failed.Error()}
	}
	return err
}

func (c *client) disconnect() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

// allowTrickle gives the exchange the time that -trickle takes.
func (c *client) allowTrickle() error {
	n := len(c.req.Octets)
	if c.opt.trickle == 0 || n == 0 {
		return nil
	}
	const most = 1000 * time.Hour
	takes := c.opt.trickle * time.Duration(n-1)
	switch {
	case c.opt.trickle > most/time.Duration(n):
		return usageError("-trickle %s takes more than %d hours for %d octets: make the pause shorter",
			c.opt.trickle, most/time.Hour, n)
	case c.opt.timeout == 0:
	case !c.opt.given["timeout"]:
		c.opt.timeout += takes
	case c.opt.timeout <= takes:
		return usageError("-trickle %s takes %s for %d octets, and -timeout %s ends the exchange before "+
			"that: leave out -timeout, or make it longer", c.opt.trickle, takes, n, c.opt.timeout)
	}
	c.say("-trickle sends %d octets in %s", n, takes)
	return nil
}

// share returns a part of -timeout, but at most most.
func (c *client) share(part int64, most time.Duration) time.Duration {
	if c.opt.timeout == 0 {
		return most
	}
	return min(most, c.opt.timeout/time.Duration(part))
}

// watched is how long the connection is watched after the response: long enough for octets that
// are on their way.
func (c *client) watched() time.Duration {
	if c.round < c.opt.repeat {
		return 10 * time.Millisecond
	}
	return c.share(20, 500*time.Millisecond)
}

// conclude prints the listing and the notices about the response. After the last response it finishes
// the output.
func (c *client) conclude(last bool) error {
	var err error
	if c.trace != nil {
		c.timing.add(c.trace)
	}
	if n, _ := c.exchange.Sent(); n < len(c.req.Octets) {
		c.timing.sent = time.Time{}
	}
	c.noteSent()
	c.adviseOnStatus()
	if c.opt.lists() {
		err = c.writeListing()
	}
	if last {
		err = errors.Join(err, c.out.finish())
	} else {
		c.out.next()
	}
	if err == nil && last {
		c.noteOutput()
	}
	if errors.Is(c.cut, context.Canceled) {
		c.newLine() // a terminal has printed ^C
	}
	c.sayVerdict("")
	if c.opt.time {
		c.say("%s", c.timing.table())
	}
	if err != nil {
		return &failure{exitBroken, "cannot write the response: " + err.Error()}
	}
	c.exit = max(c.exit, c.exitCode())
	return nil
}

// sayVerdict prints the notices that were kept, and where the response breaks a rule. Both begin with
// number, which is "" unless there are two responses.
func (c *client) sayVerdict(number string) {
	for _, note := range c.notes {
		c.prompt("%s%s", number, note)
	}
	c.notes = nil
	listed := c.opt.lists() && !c.opt.given["diff"] // a listing ends with the fault
	if located := c.located(); len(located) > 0 && !listed {
		fmt.Fprintf(c.Err, "%s%s", number, located)
	}
}

// exitCode returns the code for what is worst: a time that is over, responses that differ, a
// response that is cut short, one that breaks a rule, then the status.
func (c *client) exitCode() int {
	switch {
	case errors.Is(c.cut, context.DeadlineExceeded):
		return exitTimeout
	case c.differs:
		return exitDiffers
	case c.cut != nil, c.irregular:
		return exitBroken
	case c.opt.fail && httpwire.Class(c.status) >= 4:
		return exitFailed
	}
	return exitComplete
}

// say prints a notice now.
func (c *client) say(format string, args ...any) {
	c.said = append(c.said, fmt.Sprintf(format, args...))
	c.prompt(format, args...)
}

// prompt prints what a person is to do now.
func (c *client) prompt(format string, args ...any) {
	io.WriteString(c.Err, wrap("* ", fmt.Sprintf(format, args...)))
}

// wrap breaks the first line of a text into rows, the first of which begins with begin. The other
// lines stay as they are: they are commands or excerpts. What a terminal would act upon is escaped.
func wrap(begin, text string) string {
	text = string(visible.AppendText(nil, []byte(text)))
	text, rest, more := strings.Cut(strings.TrimSuffix(text, "\n"), "\n")
	page := string(visible.AppendRows(nil, begin, text))
	if page == "" {
		page = begin + "\n"
	}
	if more {
		page += rest + "\n"
	}
	return page
}

// note keeps a notice until the response is printed.
func (c *client) note(format string, args ...any) {
	c.notes = append(c.notes, fmt.Sprintf(format, args...))
}

// fault is a note about a rule that the response breaks.
func (c *client) fault(format string, args ...any) {
	c.irregular = true
	c.note(format, args...)
}

// A failure ends the client with a sentence and an exit code.
type failure struct {
	exit int
	says string
}

func (f *failure) Error() string { return f.says }

func usageError(format string, args ...any) error {
	return &failure{exitUsage, fmt.Sprintf(format, args...)}
}
