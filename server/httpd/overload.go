package httpd

import "time"

// How long connections may wait depends on how many there are.
//
// When more than half of Limits.Conns are taken, or the server is stopping, a head has BusyTime
// instead of HeadTime. The same holds for a connection on which nothing has come, and for a body of
// which nothing has come. Connections that are waiting already compute their deadlines again.
//
// When all of Limits.Conns are taken, a new connection takes the place of the one whose client has
// kept the server waiting longest. A client that does not take its response keeps the server waiting
// too.

const (
	// leastWait is how long a connection has waited before another may take its place. A client that
	// is told to try again after a second finds a place then.
	leastWait = time.Second

	// lastWords is how long an evicted connection may take to send why.
	lastWords = 100 * time.Millisecond
)

// busy reports whether more than half of the connections are taken.
func (s *Server) busy() bool { return s.open.Load() > int64(s.Limits.Conns)/2 }

// hurries reports whether clients have BusyTime.
func (s *Server) hurries() bool { return s.busy() || s.stopping.Load() }

// headTime returns how long a head may take now.
func (s *Server) headTime() time.Duration {
	if s.hurries() {
		return min(s.Limits.BusyTime, s.Limits.HeadTime)
	}
	return s.Limits.HeadTime
}

// hurry makes waiting connections compute their deadlines again, once a second at most, if the server
// is busy. Those that send are interrupted too, because only a write that has ended says how much the
// client has taken.
func (s *Server) hurry() {
	if !s.busy() {
		return
	}
	if now := time.Now().Unix(); s.hurried.Swap(now) != now {
		s.each(func(c *conn) {
			if c.state.Load() != idle {
				c.wake()
			}
		})
	}
}

// wake makes a connection that waits compute its deadline again. The order matters: the connection
// sets its deadline first, and looks at recheck after that.
func (c *conn) wake() {
	past := time.Unix(1, 0)
	ends := c.evicted.Load() || c.srv.graceOver.Load()
	switch s := c.state.Load(); {
	case s == handling:
	case s < sending:
		c.recheck.Store(true)
		c.nc.SetReadDeadline(past)
	case s == sending && (ends || resumable):
		c.recheck.Store(true)
		c.nc.SetWriteDeadline(past)
	case s == closing && ends:
		c.nc.SetReadDeadline(past)
	}
}

// evict ends the connection that has waited longest for its client, and reports whether there is one
// that has waited for leastWait. Connections that lose nothing end first (endsFirst).
func (s *Server) evict() bool {
	var longest *conn
	before := time.Now().Add(-leastWait).UnixNano()
	s.each(func(c *conn) {
		if c.state.Load() == handling || c.refused || c.evicted.Load() || c.since.Load() > before {
			return
		}
		if longest == nil || c.endsBefore(longest) {
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

// endsFirst says in which order connections are evicted. A state that is not here is the last.
var endsFirst = map[state]int{
	closing: 1, // has its response
	idle:    2, // has its response, and may connect again
	fresh:   3, // has sent nothing
	inHead:  4, // can send it again
	inBody:  4,
	sending: 4, // does not take its response
}

// endsBefore reports whether c is evicted before d.
func (c *conn) endsBefore(d *conn) bool {
	if mine, other := endsFirst[c.state.Load()], endsFirst[d.state.Load()]; mine != other {
		return mine < other
	}
	return c.since.Load() < d.since.Load()
}
