package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rawhttp/httpwire"
	"rawhttp/rawclient/wireclient"
)

// A client sends a request as often as -repeat says, and shows each response.
type client struct {
	*console
	req   *request
	round int // number of the request, of those of -repeat
	exit  int // the exit code of the worst response so far

	conn     *trace   // nil if there is none
	conns    []*trace // all connections, that one too
	room     int      // octets that -pcap may still keep
	whyNew   string   // why the next request needs a new connection; "" if it does not
	out      *output  // nil before the first connection
	pcapFile *outFile // nil without -pcap

	exchange *wireclient.Exchange
	timing   timing
	response response
}

// A response is what is known of the response that is being received, or was received last.
type response struct {
	final     *wireclient.Head // the head of the final response
	bodyStart int64            // offset of the octet after it
	status    int              // of the final response; 0 if there is none
	simple    bool             // HTTP/0.9: there is no head
	data      int64            // octets after the heads, without the framing of chunks
	irregular bool             // the response breaks a rule
	cut       error            // what cut the response short
	closed    wireclient.Close // what happened to the connection after it
}

// exchangeAll sends the request as often as -repeat says. The exit code is that of the worst response.
func (c *console) exchangeAll(ctx context.Context, req *request) error {
	x := &client{console: c, req: req}
	err := x.allowTrickle()
	if err != nil {
		return err
	}
	for last := false; err == nil && !last; {
		if last, err = x.exchangeOnce(ctx); err == nil {
			err = x.conclude(last)
		}
	}
	return withExit(x.exit, x.finish(err))
}

// exchangeOnce sends the request and shows the response. It reports whether no other request follows.
func (c *client) exchangeOnce(ctx context.Context) (last bool, err error) {
	c.round++
	c.response = response{}
	c.sayRound()
	limited, cancel := context.WithTimeout(ctx, c.opt.timeout)
	defer cancel()
	if err := c.connect(limited); err != nil {
		return true, err
	}
	if c.round == 1 {
		if err := c.openFiles(limited); err != nil {
			return true, err
		}
		c.preview()
	}
	c.exchange = &wireclient.Exchange{Conn: c.conn, Request: c.req.Request, HalfClose: c.opt.half,
		Trickle: c.opt.trickle, Silence: c.opt.partOfTimeout(2, 2*time.Second), Watch: c.watched()}
	c.exchange.Do(limited, func(event wireclient.Event) error {
		if ctx.Err() != nil {
			c.interrupted(c.out.screen)
		}
		return c.handle(event)
	})
	c.timing.add(c.conn, c.sentAll())
	c.noteSent()
	last = c.round == c.opt.repeat || ctx.Err() != nil || c.out.err != nil
	if c.whyNew = c.needsConnection(); c.whyNew != "" || last {
		c.disconnect()
	}
	return last, nil
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
	case !c.opt.given["timeout"]:
		c.opt.timeout += takes
	case c.opt.timeout <= takes:
		return usageError("-trickle %s takes %s for %d octets, and -timeout %s ends the exchange before "+
			"that: leave out -timeout, or make it longer", c.opt.trickle, takes, n, c.opt.timeout)
	}
	c.say("-trickle sends %d octets in %s", n, takes)
	return nil
}

// watched is how long the connection is watched after the response: long enough for octets that are on
// their way. With -wait it is 0, which means until the close.
func (c *client) watched() time.Duration {
	switch {
	case c.opt.wait:
		return 0
	case c.round < c.opt.repeat:
		return 10 * time.Millisecond
	}
	return c.opt.partOfTimeout(20, 500*time.Millisecond)
}

// conclude prints the listing and the notices about the response. After the last response it finishes
// the output. If the file of -o cannot be written, the client has stopped reading, so a listing would find
// a fault that the response does not have.
func (c *client) conclude(last bool) (err error) {
	c.adviseOnStatus()
	if c.opt.lists() && c.out.err == nil {
		err = c.writeListing()
	}
	if c.out.flush(); last {
		err = errors.Join(err, c.out.finish())
	}
	if err == nil {
		c.noteOutput(last)
	}
	c.sayVerdict("")
	if c.opt.time {
		c.say("%s", c.timing.table())
	}
	c.out.next()
	if err != nil {
		return &failure{exitBroken, "cannot write the response: " + err.Error()}
	}
	c.exit = max(c.exit, c.response.exitCode(c.opt))
	return nil
}

// sayVerdict prints the notices that were kept, and where the response breaks a rule. Both begin with
// number, which is "" unless there are two responses.
func (c *client) sayVerdict(number string) {
	for _, note := range c.later {
		c.notice("%s%s", number, note)
	}
	c.later = nil
	listed := c.opt.lists() && !c.opt.given["diff"] // a listing ends with the fault
	if located := c.located(); len(located) > 0 && !listed {
		fmt.Fprintf(c.std.Err, "%s%s", number, located)
	}
}

// exitCode returns the code for what is worst: a time that is over, a response that is cut short, one
// that breaks a rule, then the status.
func (r *response) exitCode(opt *options) int {
	switch {
	case errors.Is(r.cut, context.DeadlineExceeded):
		return exitTimeout
	case r.cut != nil, r.irregular:
		return exitBroken
	case opt.fail && httpwire.Class(r.status) >= 4:
		return exitFailed
	}
	return exitComplete
}

// finish ends the run, after an error if err is not nil, and writes the capture.
func (c *client) finish(err error) error {
	c.disconnect()
	switch {
	case err == nil && c.opt.repeat > 1:
		c.say("requests: %d, connections: %d", c.round, len(c.conns))
	case err != nil && c.out != nil:
		c.out.finish()
	}
	if c.pcapFile == nil {
		return err
	}
	if failed := c.capture(); failed != nil && err == nil {
		err = &failure{exitBroken, "cannot write the capture: " + failed.Error()}
	}
	return err
}

// fault keeps a notice about a rule that the response breaks.
func (c *client) fault(format string, args ...any) {
	c.response.irregular = true
	c.sayLater(format, args...)
}
