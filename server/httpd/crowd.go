package httpd

import (
	"errors"
	"os"
	"time"
)

// A connection that waits for its client may do so for a time that depends on how many connections
// there are. Once more than half of -conns are taken, or when the server is stopping, a head has
// BusyTime instead of HeadTime. So has a connection on which nothing has come, and so has a body of
// which nothing has come. Connections that wait already are woken then, and work out anew for how
// long they may wait. That happens as connections come, once a second at most.
//
// When all of -conns are taken, a new connection takes the place of the one that has waited longest
// for its client. A connection that sends a response waits for its client as well: the client has to
// take it.

// The phases of a connection say what it waits for.
const (
	working  int32 = iota // nothing: it handles a request
	opened                // the first octet of its first request
	kept                  // the first octet of another request
	inHead                // the rest of a head
	inBody                // the rest of a body
	sending               // that the client takes a response
	draining              // the close, after the last response
)

const (
	// leastWait is how long a connection has waited before another one may take its place. A client
	// that is told to try again in a second finds a place then.
	leastWait = time.Second

	// leastRate is how many octets of a body make up for a second of waiting.
	leastRate = 4 << 10

	// lastWords is the time that an ended connection has to send what it was ended for.
	lastWords = 100 * time.Millisecond
)

var (
	errStopping = errors.New("the server is stopping")
	errEvicted  = os.ErrDeadlineExceeded // its time is over, because others want it
)

// waitFor says what the connection is about to wait for and since when, so that it is found by wake
// and evict. The error says that it must not wait.
func (c *conn) waitFor(phase int32, since time.Time) error {
	c.since.Store(since.UnixNano())
	c.phase.Store(phase)
	switch {
	case c.evicted.Load():
		return errEvicted
	case c.srv.over.Load(), c.srv.stopping.Load() && phase <= kept:
		return errStopping
	}
	return nil
}

// progress returns since when a client keeps the connection waiting that did so since then, and now
// has sent or taken so many octets. Each second of waiting costs rate octets. Octets make up for
// time that has passed, and not for time to come: a client cannot send a lot and then be silent.
func progress(since, now time.Time, octets, rate int64) time.Time {
	seconds := float64(octets) / float64(max(rate, 1))
	if seconds >= now.Sub(since).Seconds() {
		return now
	}
	return since.Add(time.Duration(seconds * float64(time.Second)))
}

// latest returns until when the connection may wait for the rest of a head or body.
func (c *conn) latest() time.Time {
	switch {
	case c.part == inHead:
		return c.began.Add(c.srv.headTime())
	case c.in.Count() == c.headed && c.srv.hurries():
		return c.asked.Add(min(c.srv.Limits.BusyTime, c.srv.Limits.BodyTime))
	}
	return c.asked.Add(c.srv.Limits.BodyTime)
}

// busy reports whether more than half of the connections are taken.
func (s *Server) busy() bool { return s.open.Load() > int64(s.Limits.Conns)/2 }

// hurries reports whether clients have BusyTime.
func (s *Server) hurries() bool { return s.busy() || s.stopping.Load() }

func (s *Server) headTime() time.Duration {
	if s.hurries() {
		return min(s.Limits.BusyTime, s.Limits.HeadTime)
	}
	return s.Limits.HeadTime
}

// crowd wakes the connections that wait for longer than they may when there are many, and those that
// send, because only a write that has ended says how much the client took.
func (s *Server) crowd() {
	if !s.busy() {
		return
	}
	if now := time.Now().Unix(); s.woken.Swap(now) != now {
		s.each(func(c *conn) {
			if c.phase.Load() != kept {
				c.wake()
			}
		})
	}
}

// wake makes a connection that waits work out anew for how long it may. The order matters: a
// connection sets its own deadline first and looks at woken then.
func (c *conn) wake() {
	past := time.Unix(1, 0)
	ends := c.evicted.Load() || c.srv.over.Load()
	switch phase := c.phase.Load(); {
	case phase == working:
	case phase < sending:
		c.woken.Store(true)
		c.nc.SetReadDeadline(past)
	case phase < draining && (ends || resumable):
		c.woken.Store(true)
		c.nc.SetWriteDeadline(past)
	case phase == draining && ends:
		c.nc.SetReadDeadline(past)
	}
}

// evict ends the connection that has waited longest for its client, and reports whether there is
// one that has waited for long enough. Those of which no request has begun lose nothing and end
// first, and of those first the ones that were served.
func (s *Server) evict() bool {
	var longest *conn
	before := time.Now().Add(-leastWait).UnixNano()
	s.each(func(c *conn) {
		if c.phase.Load() == working || c.turned || c.evicted.Load() || c.since.Load() > before {
			return
		}
		if longest == nil || c.goesBefore(longest) {
			longest = c
		}
	})
	if longest == nil {
		return false
	}
	longest.evicted.Store(true)
	longest.wake()
	s.metrics.evicted.Add(1)
	return true
}

// goesBefore reports whether c ends before d when one of them has to.
func (c *conn) goesBefore(d *conn) bool {
	if mine, other := rank(c.phase.Load()), rank(d.phase.Load()); mine != other {
		return mine < other
	}
	return c.since.Load() < d.since.Load()
}

// rank orders the phases: connections of the lowest one end first.
func rank(phase int32) int {
	switch phase {
	case draining:
		return 0
	case kept:
		return 1
	case opened:
		return 2
	}
	return 3
}
