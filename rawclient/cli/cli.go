package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"time"

	"rawhttp/httpwire/visible"
)

// Exit codes.
const (
	exitComplete = iota
	exitFailed
	exitUsage
	ExitConnect // no connection
	exitTimeout
	exitBroken
	exitDiffers
	exitCodes // how many there are
)

// exitMeans is what each exit code means, as the help prints it.
var exitMeans = [exitCodes]string{
	exitComplete: "the response is complete and well formed, or you have ended -listen",
	exitFailed:   "-fail, and the status is 400 or above",
	exitUsage:    "the command line is wrong",
	ExitConnect:  "no connection, or no TLS on it, or -listen cannot use the address",
	exitTimeout:  "the time of -timeout is over",
	exitBroken: "the response is malformed, was cut short (by Ctrl-C, for example), or could not be " +
		"written",
	exitDiffers: "-diff, and the responses differ",
}

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
	null, _ := os.Stat(os.DevNull)
	return !os.SameFile(info, null)
}

// stuckTime is how long the client may take to end after Ctrl-C. Only a write to a
// pipe that is not read takes longer.
var stuckTime = time.Second

// Main is Run in a process: Ctrl-C ends the exchange, and after stuckTime the process, even in a write. A second
// Ctrl-C ends the process at once.
func Main(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, func() {
		stop()
		time.AfterFunc(stuckTime, func() {
			time.AfterFunc(stuckTime, func() { os.Exit(exitBroken) }) // standard error may be that pipe, too
			io.WriteString(os.Stderr, "\n* rawclient ends, although its output has not been read\n")
			os.Exit(exitBroken)
		})
	})
	return Run(ctx, args, Standard())
}

// Run runs the command with the arguments of a command line, and returns the exit code. It prints its
// errors itself. When ctx ends, the exchange ends with the octets received so far.
func Run(ctx context.Context, args []string, std Stdio) int {
	c := &console{std: std, stdin: std.In}
	err := c.run(ctx, args)
	if err == nil {
		return exitComplete
	}
	failed := err.(*failure)
	if failed.says != "" {
		if ctx.Err() != nil {
			c.interrupted(nil)
		}
		io.WriteString(std.Err, wrap("", "rawclient: "+failed.says))
	}
	return failed.exit
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

// run does what the command line says. Each error is a *failure.
func (c *console) run(ctx context.Context, args []string) error {
	opt, err := parseFlags(args)
	switch c.opt = opt; {
	case err == flag.ErrHelp:
		return c.print(usage())
	case err != nil:
		return err
	case opt.given["completion"]:
		return c.print(completionFor(opt.completion))
	case opt.given["listen"]:
		return c.listen(ctx)
	}
	req, err := c.compose(ctx)
	switch {
	case err != nil:
		return err
	case opt.given["diff"]:
		return c.diff(ctx, req)
	}
	return c.exchangeAll(ctx, req)
}

// A console is the streams and the flags of one run, and the notices in it.
type console struct {
	std   Stdio
	stdin io.Reader // std.In before -in or -body has read it
	opt   *options
	said  []string // notices that were printed at once
	later []note   // notices that are printed after the response

	interruptShown bool        // interrupted has ended the line of ^C
	prompted       atomic.Bool // the cursor is after a prompt; with -listen, a notice can come then
}

// A note is a notice, and how often it was said.
type note struct {
	text  string
	times int
}

func (n note) String() string {
	if n.times == 1 {
		return n.text
	}
	return fmt.Sprintf("%s, %d times", n.text, n.times)
}

// print prints a text that is not part of an exchange.
func (c *console) print(text string) error {
	if _, err := io.WriteString(c.std.Out, text); err != nil {
		return &failure{exitBroken, err.Error()}
	}
	return nil
}

// interrupted ends the line on which a terminal has printed ^C, before anything else is printed. The
// screen may have printed the start of that line.
func (c *console) interrupted(s *screen) {
	switch {
	case c.interruptShown:
	case s != nil && s.midLine:
		s.endLine()
	default:
		c.newLine()
	}
	c.interruptShown = true
}

// say prints a notice now, and keeps it for the document of -json.
func (c *console) say(format string, args ...any) {
	c.said = append(c.said, fmt.Sprintf(format, args...))
	c.notice(format, args...)
}

// notice prints a notice that is not in the document of -json, such as what to type.
func (c *console) notice(format string, args ...any) {
	if c.prompted.Swap(false) {
		c.newLine()
	}
	io.WriteString(c.std.Err, wrap("* ", fmt.Sprintf(format, args...)))
}

// wrap breaks the first line of a text into rows. The first row begins with begin. The other lines of
// the text stay as they are: they are commands or excerpts. What a terminal would act upon is escaped.
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

// sayLater keeps a notice until the response is printed. One that repeats the last one is counted: a
// server can send the same interim response many times.
func (c *console) sayLater(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if n := len(c.later); n > 0 && c.later[n-1].text == text {
		c.later[n-1].times++
		return
	}
	c.later = append(c.later, note{text, 1})
}

// A failure ends the client with an exit code, and with a sentence unless what was printed says enough.
type failure struct {
	exit int
	says string
}

func (f *failure) Error() string { return f.says }

// withExit returns err with an exit code of at least exit. It returns nil if the code is exitComplete.
func withExit(exit int, err error) error {
	var failed failure
	if err != nil {
		failed = *err.(*failure)
	}
	if failed.exit = max(failed.exit, exit); failed.exit == exitComplete {
		return nil
	}
	return &failed
}

func usageError(format string, args ...any) error {
	return &failure{exitUsage, fmt.Sprintf(format, args...)}
}
