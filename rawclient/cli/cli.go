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
	exitConnect  = 3 // no connection
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

	final     *wireclient.Head // the head of the final response
	bodyStart int64            // offset of the octet after it
	status    int              // of the final response; 0 if there is none
	notes     []string         // notices about the response, printed after it
	irregular bool             // the response breaks a rule
	cut       error            // what cut the response short
	said      []string         // notices that were printed at once
	surplus   int64            // octets after the response
	moments   moments
	differs   bool // -diff: the responses differ
}

// Run sends one request as the command line args says, and returns the exit code. When ctx ends,
// the exchange ends with the octets received so far.
func Run(ctx context.Context, args []string, std Stdio) int {
	c := &client{Stdio: std}
	err := c.run(ctx, args)
	switch {
	case err == nil:
		return c.exitCode()
	case err == errHelp:
		io.WriteString(std.Out, usage())
		return exitComplete
	}
	io.WriteString(std.Err, wrap("rawclient: ", "", err.Error()))
	if failed := (*failure)(nil); errors.As(err, &failed) {
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

// run composes the request, sends it and receives the response.
func (c *client) run(ctx context.Context, args []string) (err error) {
	if c.opt, err = parseFlags(args); err != nil {
		return err
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
	if err := c.exchangeOnce(ctx); err != nil {
		return err
	}
	return c.report()
}

// exchangeOnce connects, sends the request and receives the response.
func (c *client) exchangeOnce(ctx context.Context) error {
	if c.opt.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.opt.timeout)
		defer cancel()
	}
	c.moments.began = time.Now()
	conn, err := wireclient.Dial(ctx, c.req.addr)
	if err != nil {
		return &failure{exitConnect, dialError(c.req.addr, err)}
	}
	defer conn.Close()
	c.moments.connected = time.Now()
	if c.opt.verbose {
		c.say("connected to %s", conn.RemoteAddr())
	}
	if c.out, err = c.newOutput(); err != nil {
		return err
	}
	c.preview()
	c.exchange = &wireclient.Exchange{Conn: conn, Request: c.req.Request, HalfClose: c.opt.half,
		Silence: c.share(2, 2*time.Second)}
	if !c.opt.wait {
		c.exchange.Watch = c.watched()
	}
	if err := c.exchange.Do(ctx, c.handle); c.out.err == nil {
		c.out.err = err
	}
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
func (c *client) watched() time.Duration { return c.share(20, 500*time.Millisecond) }

// report finishes the output, then prints the notices about the response.
func (c *client) report() error {
	var err error
	c.noteSent()
	c.adviseOnStatus()
	if c.opt.lists() {
		err = c.list()
	}
	err = errors.Join(err, c.out.finish())
	if err == nil {
		c.noteOutput()
	}
	if errors.Is(c.cut, context.Canceled) {
		c.newLine() // a terminal has printed ^C
	}
	for _, note := range c.notes {
		c.prompt("%s", note)
	}
	if (c.irregular || c.cut != nil) && !c.opt.lists() { // a listing ends with it
		c.Err.Write(c.located())
	}
	if err != nil {
		return &failure{exitBroken, "cannot write the response: " + err.Error()}
	}
	return nil
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
	io.WriteString(c.Err, wrap("* ", "  ", fmt.Sprintf(format, args...)))
}

// wrap breaks the first line of a text into rows. The first row begins with begin and the others
// with indent, which is not longer. The other lines stay as they are: they are commands or
// excerpts.
func wrap(begin, indent, text string) string {
	text, rest, more := strings.Cut(strings.TrimSuffix(text, "\n"), "\n")
	begin, text = begin[:len(indent)], begin[len(indent):]+text
	var page strings.Builder
	for _, row := range visible.Wrap(text, visible.LineWidth-len(indent)) {
		page.WriteString(begin + row + "\n")
		begin = indent
	}
	if page.Len() == 0 {
		page.WriteString(begin + "\n")
	}
	if more {
		page.WriteString(rest + "\n")
	}
	return page.String()
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
