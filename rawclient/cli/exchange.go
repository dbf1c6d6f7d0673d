package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/stream"
	"rawhttp/httpwire/visible"
)

// Exit codes. The help prints them.
const (
	exitComplete = 0 // the answer is complete and well formed
	exitFailed   = 1 // -fail, and the status is 400 or above
	exitUsage    = 2 // the command line
	exitConnect  = 3 // no connection
	exitTimeout  = 4 // -timeout ran out
	exitBroken   = 5 // the answer is malformed, or was cut short
)

// Stdio is what an exchange has besides its command line. The answer goes to Out, everything said
// about it to Err. A terminal is treated with care: nothing but text is sent to it, and only from
// a terminal is a request read that nobody asked for.
type Stdio struct {
	In                      io.Reader
	Out, Err                io.Writer
	InTerminal, OutTerminal bool
	Color                   bool // Out is a terminal with colours, and nobody minds them
}

// Standard returns the streams of the process.
func Standard() Stdio {
	terminal := isTerminal(os.Stdout)
	return Stdio{os.Stdin, os.Stdout, os.Stderr, isTerminal(os.Stdin), terminal,
		terminal && wantsColor() && hasColor(os.Stdout)}
}

// wantsColor asks the environment, as no-color.org has it.
func wantsColor() bool { return os.Getenv("NO_COLOR") == "" }

// isTerminal reports whether f is a terminal, as far as that can be told on every system: a
// character device other than the null device.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

// exchange is the state of one exchange.
type exchange struct {
	Stdio
	opt  *options
	req  *request
	line *line
	rd   *stream.Reader
	out  *output
	sent *sending

	notes     []string // about the answer, to be said once it is printed
	irregular bool     // some rule was broken
	cut       error    // what ended the answer before its time; nil if it is whole
	status    int      // of the final answer; 0 if none came
}

// Run does one exchange, as the command line args says, and returns the exit code. When ctx ends,
// the exchange does, with what has come until then.
func Run(ctx context.Context, args []string, std Stdio) int {
	x := &exchange{Stdio: std}
	var err error
	if x.opt, err = parseFlags(args); err == nil {
		x.req, err = x.compose(ctx)
	}
	if err == nil {
		err = x.run(ctx)
	}
	switch failed := (*failure)(nil); {
	case err == nil:
		return x.exitCode()
	case errors.Is(err, errHelp):
		io.WriteString(std.Out, usage)
		return exitComplete
	case errors.As(err, &failed):
		io.WriteString(std.Err, wrap("rawclient: ", "", failed.says))
		return failed.exit
	default:
		io.WriteString(std.Err, wrap("rawclient: ", "", err.Error()))
		return exitUsage
	}
}

// Words splits a command line into arguments, in the way that the documented command lines need and
// every shell has in common: at spaces, except between double quotes.
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

// run sends the request and receives the answer.
func (x *exchange) run(ctx context.Context) error {
	if x.opt.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, x.opt.timeout)
		defer cancel()
	}
	conn, err := dial(ctx, x.req.addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if x.opt.verbose {
		x.say("connected to %s", conn.RemoteAddr())
	}
	if x.out, err = x.newOutput(); err != nil {
		return err
	}
	x.preview()
	x.line = &line{conn: conn, ctx: ctx, idle: x.tellIdle}
	x.line.patience = share(x.opt.timeout, 2, 2*time.Second)
	x.rd = stream.NewReader(x.line)
	x.sent = send(conn, x.req.octets, x.opt.half)
	x.receive()
	x.sent.stop()
	return x.report()
}

// share returns a part of the time there is for the whole exchange, most at most.
func share(timeout time.Duration, part int64, most time.Duration) time.Duration {
	if timeout == 0 {
		return most
	}
	return min(most, timeout/time.Duration(part))
}

// report finishes the output, then says what there is to say about the answer.
func (x *exchange) report() error {
	var err error
	if x.opt.lists() {
		err = x.list()
	}
	err = errors.Join(err, x.out.finish())
	x.noteSent()
	x.adviseOnStatus()
	if err == nil {
		x.noteOutput()
	}
	if errors.Is(x.cut, context.Canceled) {
		x.newLine() // behind the ^C of a terminal
	}
	for _, note := range x.notes {
		x.say("%s", note)
	}
	if (x.irregular || x.cut != nil) && !x.opt.lists() { // a listing ends with it
		x.Err.Write(x.located())
	}
	if err != nil {
		return &failure{exitBroken, "cannot write the answer: " + err.Error()}
	}
	return nil
}

// exitCode weighs how the exchange went: what cut it short counts first, then what was irregular,
// then the status.
func (x *exchange) exitCode() int {
	switch {
	case errors.Is(x.cut, context.DeadlineExceeded):
		return exitTimeout
	case x.cut != nil, x.irregular:
		return exitBroken
	case x.opt.fail && httpwire.Class(x.status) >= 4:
		return exitFailed
	}
	return exitComplete
}

// preview shows the request before it is sent: one made from a URL always, any other with -v.
func (x *exchange) preview() {
	const most = 2 << 10 // octets of body shown
	if !x.opt.verbose && !x.req.composed {
		return
	}
	b := x.req.octets
	shown := b
	if _, body, ok := bytes.Cut(b, []byte("\r\n\r\n")); ok && len(body) > most {
		shown = b[:len(b)-len(body)+most]
	}
	x.mark('>', shown)
	if rest := len(b) - len(shown); rest > 0 {
		x.say("and %d more octets of body", rest)
	}
}

// mark prints octets with their line ends visible, a mark before each line. Credentials are hidden:
// what is shown here gets into reports and onto projectors.
func (x *exchange) mark(mark byte, b []byte) {
	if len(b) == 0 {
		return
	}
	var page []byte
	for line := range bytes.Lines(visible.AppendHead(nil, basicauth.Redact(b))) {
		page = append(page, mark, ' ')
		page = append(page, line...)
	}
	if page[len(page)-1] != '\n' {
		page = append(page, '\n')
	}
	x.Err.Write(page)
}

// say prints a notice now.
func (x *exchange) say(format string, args ...any) {
	io.WriteString(x.Err, wrap("* ", "  ", fmt.Sprintf(format, args...)))
}

// note keeps a notice about the answer until the answer is printed.
func (x *exchange) note(format string, args ...any) {
	x.notes = append(x.notes, fmt.Sprintf(format, args...))
}

// fault is a note about a rule that was broken.
func (x *exchange) fault(format string, args ...any) {
	x.irregular = true
	x.note(format, args...)
}

// A failure ends the exchange with a sentence and an exit code.
type failure struct {
	exit int
	says string
}

func (f *failure) Error() string { return f.says }

func usageError(format string, args ...any) error {
	return &failure{exitUsage, fmt.Sprintf(format, args...)}
}

// A sending is a request on its way out, while the answer may already be coming in: a server that
// does not like the head of a long request says so before it has read the rest.
type sending struct {
	conn *net.TCPConn
	all  int
	done chan struct{}
	n    int   // octets sent, once done
	err  error // once done
}

func send(conn *net.TCPConn, b []byte, half bool) *sending {
	s := &sending{conn: conn, all: len(b), done: make(chan struct{})}
	// What the system surely takes at once goes out before anything is read: an answer that comes too
	// early must not keep a short request from being sent.
	const atOnce = 16 << 10
	first := min(len(b), atOnce)
	s.n, s.err = conn.Write(b[:first])
	if s.err != nil || first == len(b) { // to write nothing would take a reset away from reading
		s.end(half)
		return s
	}
	go func() {
		var n int
		n, s.err = conn.Write(b[first:])
		s.n += n
		s.end(half)
	}()
	return s
}

func (s *sending) end(half bool) {
	if s.err == nil && half {
		s.err = s.conn.CloseWrite()
	}
	close(s.done)
}

// stop ends the sending where it is; it returns once nothing is sent any more.
func (s *sending) stop() {
	select {
	case <-s.done:
	default:
		s.conn.SetWriteDeadline(aLongTimeAgo)
		<-s.done
	}
}

// noteSent tells of a request that was not sent whole.
func (x *exchange) noteSent() {
	if s := x.sent; s.n < s.all {
		x.note("only %d of %d octets of the request were sent: %s", s.n, s.all, s.why())
	}
}

func (s *sending) why() string {
	switch {
	case errors.Is(s.err, os.ErrDeadlineExceeded):
		return "the answer came first"
	case isReset(s.err):
		return "the server took no more"
	case errors.Is(s.err, net.ErrClosed):
		return "the exchange ended"
	}
	return s.err.Error()
}
