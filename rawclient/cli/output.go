package cli

import (
	"errors"
	"io"
	"os"

	"rawhttp/httpwire"
)

// keepMost is how much of an answer is kept, for the listing or for saying what is wrong with it.
const keepMost = 256 << 10

// An output is where the octets of the answer go: unchanged to a file or a pipe, readable to a
// terminal, and the first of them to memory.
type output struct {
	raw     io.Writer // io.Discard if there is only a terminal or a listing
	file    *outFile  // nil without -o
	screen  *screen   // nil without a terminal
	listing io.Writer // where the listing goes
	kept    []byte    // the first keepMost octets of the answer, framing and all
	total   int64     // octets received
	left    int64     // of them, those that -decode left out
	err     error     // the first one in writing
}

// newOutput opens the file of -o, now that there is a connection and before anything is sent.
func (x *exchange) newOutput() (*output, error) {
	o := &output{raw: io.Discard, listing: x.Out}
	switch {
	case x.opt.given["o"]:
		f, err := createOutFile(x.opt.out)
		if err != nil {
			return nil, usageError("nothing was sent: -o: %v", err)
		}
		if o.file = f; x.opt.explain == htmlListing {
			o.listing = f.File
		} else {
			o.raw = f.File
		}
	case x.opt.lists():
	case x.OutTerminal:
		o.screen = newScreen(x.Out, x.opt.verbose)
	default:
		o.raw = x.Out
	}
	return o, nil
}

// head takes octets of a head as it came.
func (o *output) head(b []byte) {
	o.write(b)
	if o.screen != nil {
		o.screen.head(b)
	}
}

// body takes octets of a body, or of anything else behind a head.
func (o *output) body(b []byte) {
	o.write(b)
	if o.screen != nil {
		o.screen.body(b)
	}
}

func (o *output) write(b []byte) {
	o.keep(b)
	if o.err == nil {
		_, o.err = o.raw.Write(b)
	}
}

// keep counts octets, and keeps them if they are among the first.
func (o *output) keep(b []byte) {
	if o.total == 0 && len(b) > 0 && o.file != nil {
		o.file.begin()
	}
	o.total += int64(len(b))
	o.kept = append(o.kept, b[:min(len(b), keepMost-len(o.kept))]...)
}

// leaveOut takes octets that are not to be shown.
func (o *output) leaveOut(b []byte) {
	o.keep(b)
	o.left += int64(len(b))
}

// direct reports whether the octets to come go to raw only, so that they need not pass through
// here.
func (o *output) direct() bool {
	return len(o.kept) == keepMost && (o.screen == nil || o.screen.full())
}

// passed counts octets that went to raw directly.
func (o *output) passed(n int64) {
	o.total += n
	if o.screen != nil {
		o.screen.total += n
	}
}

// failed notes an error of a direct copy that is not the connection's but the file's.
func (o *output) failed(err error) error {
	if path := (*os.PathError)(nil); errors.As(err, &path) {
		o.err = err
	}
	return err
}

// finish ends the output and returns the first error in writing it.
func (o *output) finish() error {
	if o.screen != nil {
		o.screen.finish()
		o.err = errors.Join(o.err, o.screen.err)
	}
	if o.file != nil {
		if err := o.file.finish(o.total > 0); o.err == nil {
			o.err = err
		}
	}
	return o.err
}

// noteOutput tells where the octets are that are not on the screen.
func (x *exchange) noteOutput() {
	s := x.out.screen
	switch {
	case x.opt.given["o"] && x.out.total == 0:
		x.note("%s was not written, since no octet of a response came", x.opt.out)
	case x.opt.given["o"] && x.opt.explain == htmlListing:
		x.note("the page is in %s: open it in a browser, or print it", x.opt.out)
	case x.opt.given["o"]:
		x.note("%d octets written to %s", x.out.total-x.out.left, x.opt.out)
	case s != nil && s.binary != "":
		x.note("%s, %d octets, not shown on a terminal: add -o FILE to keep it",
			s.binary, s.total-s.shown)
	case s != nil && s.total > s.shown:
		x.note("%d of %d octets shown; add -o FILE to keep them all", s.shown, s.total)
	}
}

// describe tells the output what the body will be.
func (o *output) describe(resp *httpwire.Response) {
	if o.screen != nil {
		o.screen.describe(resp)
	}
}
