package cli

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"

	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/commandline"
	"rawhttp/httpwire/visible"
)

// keepMost is how many octets of a response, or with -listen of a request, are kept for the listing and the error.
// With -diff, the heads do not count.
const keepMost = 256 << 10

// bodyShown is how many octets of a body are shown before it is sent, or with -listen when it arrives.
const bodyShown = 2 << 10

// An output gets the octets of the response: unchanged for a file or a pipe, readable for a
// terminal. It keeps the first of them.
type output struct {
	raw     io.Writer // io.Discard if there is only a terminal or a listing
	file    *outFile  // nil without -o
	screen  *screen   // nil without a terminal
	listing io.Writer // where the listing goes
	kept    []byte    // the first octets of the response, framing and all
	room    int       // how many more are kept
	rest    hash.Hash // of the octets after them; nil without -diff
	total   int64     // octets received
	start   int64     // how many of them before the response
	left    int64     // octets that -decode left out
	err     error     // the first error of writing
}

// openFiles opens the files of -o and -pcap. There is a connection, and nothing has been sent.
func (c *client) openFiles(ctx context.Context) (err error) {
	o := &output{raw: io.Discard, listing: c.std.Out, room: keepMost}
	switch {
	case c.opt.given["o"]:
		if o.file, err = c.createOutFile(ctx, "-o", c.opt.out); err != nil {
			return err
		}
		if c.opt.explain == htmlListing {
			o.listing = o.file
		} else {
			o.raw = o.file
		}
	case c.opt.lists():
	case c.std.OutTerminal:
		o.screen = &screen{w: c.std.Out, noHeads: c.opt.verbose}
	default:
		o.raw = c.std.Out
	}
	if c.opt.given["diff"] {
		o.rest = sha256.New()
	}
	c.out = o
	if c.opt.given["pcap"] {
		c.room = captureMost
		commandline.IgnoreBrokenPipe() // the capture is written even if the reader of the response has ended
		c.pcapFile, err = c.createOutFile(ctx, "-pcap", c.opt.pcap)
	}
	return err
}

// write takes the octets of a head, or octets after a head.
func (o *output) write(b []byte, head bool) {
	if head && o.rest != nil { // both bodies are cut at the same octet, however long their heads are
		o.room += len(b)
	}
	o.keep(b)
	_, o.err = o.raw.Write(b)
	switch {
	case o.screen == nil:
	case head:
		o.screen.head(b)
	default:
		o.screen.body(b)
	}
}

// keep counts octets and keeps them if there is room.
func (o *output) keep(b []byte) {
	o.total += int64(len(b))
	n := min(len(b), o.room)
	o.room -= n
	if o.kept = append(o.kept, b[:n]...); o.rest != nil {
		o.rest.Write(b[n:])
	}
}

// flush shows what the screen holds of a response.
func (o *output) flush() {
	if o.screen != nil {
		o.screen.finish()
	}
}

// next forgets a response, because another one may follow.
func (o *output) next() {
	o.kept, o.room, o.start = nil, keepMost, o.total
	if o.screen != nil {
		o.screen.forget()
	}
}

// finish ends the output and returns its first error.
func (o *output) finish() error {
	if o.flush(); o.screen != nil {
		o.err = errors.Join(o.err, o.screen.err)
	}
	if o.file != nil {
		o.err = cmp.Or(o.err, o.file.finish())
	}
	return o.err
}

// noteOutput says where to find the octets that are not on the screen.
func (c *client) noteOutput(last bool) {
	s := c.out.screen
	switch {
	case s != nil && s.binary != "" && s.hidden > 0:
		c.sayLater("%s, %d octets, not shown on a terminal: add -o FILE to keep it", s.binary, s.hidden)
	case !last:
	case c.opt.given["o"] && c.out.total == 0:
		c.sayLater("%s was not written, because no octet of a response was received", c.opt.out)
	case c.opt.given["o"] && c.opt.explain == htmlListing:
		c.sayLater("the page is in %s: open it in a browser, or print it", c.opt.out)
	case c.opt.given["o"]:
		c.sayLater("%d octets written to %s", c.out.total-c.out.left, c.opt.out)
	case c.opt.explain == htmlListing && c.std.OutTerminal:
		c.sayLater("this page is for a browser: add  -o page.html  and open that file")
	case s != nil && s.total > s.shown:
		c.sayLater("%d of %d octets shown; add -o FILE to keep them all", s.shown, s.total)
	}
}

// preview prints the request before it is sent, if the client made it from a URL, or with -v.
func (c *client) preview() {
	if !c.opt.verbose && !c.req.fromURL {
		return
	}
	hidden := max(0, len(c.req.Body)-bodyShown)
	c.mark('>', c.req.Octets[:len(c.req.Octets)-hidden])
	if hidden > 0 {
		c.say("and %d more octets of body", hidden)
	}
}

// mark prints octets with visible line ends, a mark before each line, and redacted credentials.
func (c *client) mark(mark byte, b []byte) {
	c.std.Err.Write(visible.AppendMarked(nil, mark, basicauth.Redact(b)))
}
