package httpd

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"rawhttp/httpwire/explain"
)

// A connection waits in one place for its client to send: in receive. The deadline follows from the state
// (waitEnds). When the client's time is over, receive returns an error. Then exchange (conn.go) responds with
// 408 (refuse.go). Other goroutines can end the wait early (wake).
//
// A server that waits in silence confuses people: they forgot the empty line and wait for the
// response, and the server waits for the line. So after two seconds the log says, once for a head
// and once for a body, what has come and what is missing. The client learns it when its time is over:
// the 408 says the same, and what to type. There is no timer for that. The first deadline for reading
// is the time of the notice, and the second is the end of the client's time.
//
// How long a connection may wait depends on how many there are. When more than half of Limits.Conns are
// taken, or the server is stopping, a head must be complete within BusyTime instead of HeadTime. The first
// octet of a connection must come within BusyTime too, and so must the first octet of a body. Connections
// that are already waiting compute their deadlines again (recheckAll).
//
// When all of Limits.Conns are taken, a new connection takes the place of the one whose client has
// kept the server waiting longest (evict). A client that does not take its response keeps the server waiting
// too. The same happens when the operating system has no descriptor or no memory for a new connection.

const (
	// noticeAfter is how long a request may be incomplete before that is logged.
	noticeAfter = 2 * time.Second

	// keepStorage is how long an idle connection keeps its storage.
	keepStorage = time.Second

	// leastRate is how many octets of a body reduce the wait for a client by one second.
	leastRate = 4 << 10

	// leastWait is how long a connection must have waited before another may take its place. A refused
	// client is told to try again after a second. By then the connections that were waiting have waited
	// that long, or have ended, because the server keeps none alive for two seconds (keepsAlive).
	leastWait = time.Second

	// leastSilence takes the place of leastWait for a connection on which nothing has come, if the system has no
	// descriptor for a new one. It is shorter, because the server cannot tell a client that waits for a descriptor
	// to try again, and because most clients send their request at once.
	leastSilence = 100 * time.Millisecond

	// lastReadTime is how long a connection without a request stays open when the server stops: long
	// enough to read a request that has already arrived.
	lastReadTime = 10 * time.Millisecond

	// lastSendTime is how long a connection that has to end may take to send the response that says why.
	lastSendTime = 100 * time.Millisecond

	// standstill is a number of seconds. If a wait ends later than that after its deadline, the system has
	// stopped the whole process meanwhile.
	standstill = 2

	// mostEnding is how many connections there may be beyond Limits.Conns, because connections that are
	// evicted need a moment to end.
	mostEnding = 64
)

var (
	errStopping = errors.New("the server is stopping")
	errEvicted  = errors.New("another connection needs the place")
)

// Read reads octets of requests: c.in calls it. Before it waits for the client, it sends the responses
// that are ready, because the client may be waiting for them.
func (c *conn) Read(p []byte) (int, error) {
	if len(c.pending) > 0 {
		n := copy(p, c.pending)
		c.pending = c.pending[n:]
		return n, nil
	}
	if len(c.out) > 0 {
		if err := c.flush(); err != nil {
			return 0, err
		}
		c.startWaiting() // until now the client waited for the server, for example for a slow handler
	}
	return c.receive(p, c.reading)
}

// receive waits in a state for octets of the client, and reads them into p. If the system has stopped the
// process for a while, the time of the client begins again.
func (c *conn) receive(p []byte, s state) (int, error) {
	defer c.state.Store(handling)
	for {
		if err := c.enter(s); err != nil {
			return 0, err
		}
		end := c.waitEnds(s)
		c.setReadDeadline(c.readEnds(end, s))
		if c.recheck.Swap(false) {
			continue
		}
		began := c.now.Unix() // not a time.Time, because its room on the stack counts in each idle connection
		n, err := c.nc.Read(p)
		c.now = time.Now()
		if stoodStill(began, c.readDeadline, c.now.Unix()) {
			if c.waitFrom = c.now; s.inRequest() {
				c.startWaiting()
			}
			end = c.waitEnds(s)
		}
		c.filled = n == len(p)
		if n > 0 {
			c.arrived = c.now
			c.srv.metrics.received.Add(int64(n))
			c.watch.Received(p[:n])
		}
		if s == inBody { // octets of a head gain no time
			c.waitFrom = waitingSince(c.waitFrom, c.now, int64(n), leastRate)
		}
		if n > 0 || !isTimeout(err) || !c.now.Before(end) {
			return n, err
		}
		c.readDeadline = 0 // the deadline was earlier than end: for a notice, by wake, or earlier in the same second
	}
}

// stoodStill reports whether the process stood still during a wait: the wait began before its deadline, and has
// ended more than standstill after it. The times are Unix seconds.
func stoodStill(began, end, now int64) bool { return began < end && now-end > standstill }

// enter puts the connection into a state in which it waits for its client. It returns an error if the
// connection must not wait, because it has to end.
func (c *conn) enter(s state) error {
	c.waitFromNano.Store(c.waitFrom.UnixNano())
	c.state.Store(s)
	switch {
	case c.evicted.Load():
		return errEvicted
	case c.srv.graceOver.Load(), s == sending && c.cutsOff():
		return errStopping
	}
	return nil
}

// cutsOff reports whether the server stops and does not wait for the client of a Stream.
func (c *conn) cutsOff() bool { return c.streaming.Load() && c.srv.stopping.Load() }

// waitEnds returns when the wait in a state ends.
func (c *conn) waitEnds(s state) time.Time {
	l, stopping := &c.srv.Limits, c.srv.stopping.Load()
	usesBusyTime := stopping || c.srv.busy()
	from, limit := c.waitFrom, l.HeadTime // also before the first octet: a person may be about to type
	switch {
	case s.beforeRequest() && stopping:
		return time.Now().Add(lastReadTime)
	case s == idle && c.requestState != nil:
		return from.Add(min(keepStorage, l.IdleTime))
	case s == idle:
		return from.Add(l.IdleTime)
	case s == inBody:
		from, limit = c.bodyFrom, l.BodyTime
		usesBusyTime = usesBusyTime && c.in.Count() == c.bodyStart // nothing of the body has come
	}
	if usesBusyTime {
		limit = min(limit, l.BusyTime)
	}
	return from.Add(limit)
}

// startWaiting begins to wait for the rest of a head or a body. From now on the client keeps the server
// waiting.
func (c *conn) startWaiting() {
	c.waitFrom, c.bodyFrom = c.now, c.now
	if c.srv.Log != nil {
		c.noticeAt = c.now.Add(noticeAfter)
	}
}

// readEnds returns when the next read of a wait ends: with the wait, or before that at the time of the
// notice. If that time has come, readEnds logs the notice.
func (c *conn) readEnds(end time.Time, s state) time.Time {
	switch {
	case !s.inRequest(), c.noticeAt.IsZero(), !c.noticeAt.Before(end):
		return end
	case c.now.Before(c.noticeAt):
		return c.noticeAt
	}
	c.logWaiting()
	return end
}

// logWaiting logs what the server waits for, once in a wait.
func (c *conn) logWaiting() {
	c.noticeAt = time.Time{}
	text := fmt.Appendf(nil, "#%d: ", c.id)
	text = explain.AppendWaiting(text, c.in.Octets(), c.in.Count()-c.requestStart)
	c.srv.log(slog.LevelInfo, string(text), slog.Uint64("id", c.id), c.peer())
}

// setReadDeadline makes a read end at a time. Setting the system's deadline for each read is expensive, so
// setReadDeadline leaves a deadline in the same second as it is. If that deadline is earlier than end,
// receive notices that, and sets it again. If it is later, the read ends less than a second late, and no
// limit has to be more exact than that.
func (c *conn) setReadDeadline(end time.Time) {
	if second := end.Unix(); second != c.readDeadline {
		c.readDeadline = second
		c.nc.SetReadDeadline(end)
	}
}

// waitingSince returns the new value of since, the time from which a client has kept the server waiting, after
// the client has sent or taken octets. For each rate octets, since moves forward by one second, but never
// beyond now. So a client cannot send a lot and then be silent.
func waitingSince(since, now time.Time, octets, rate int64) time.Time {
	seconds := float64(octets) / float64(max(rate, 1))
	if seconds >= now.Sub(since).Seconds() {
		return now
	}
	return since.Add(time.Duration(seconds * float64(time.Second)))
}

// keepsAlive reports whether a connection may stay open after its response. For two seconds after the server has
// refused a connection, because it could evict no other one, it keeps none alive. Otherwise clients that never wait
// for a second between two requests would keep all others out. If the system had no descriptor for a connection,
// only one connection ends: it is not known whether a client waits for its descriptor.
func (s *Server) keepsAlive(now time.Time) bool {
	seconds := now.Unix() - s.refusedAt.Load()
	refusedLately := 0 <= seconds && seconds <= 2 // a client tries again after a second
	return !s.stopping.Load() && !refusedLately && !s.lacksRoom.Swap(false)
}

// busy reports whether more than half of the connections are taken.
func (s *Server) busy() bool { return s.open.Load() > int64(s.Limits.Conns)/2 }

// recheckAll makes waiting connections compute their deadlines again, once a second at most, if the
// server is busy. It interrupts connections that are sending too, because only a write that has ended says how
// much the client has taken.
func (s *Server) recheckAll() {
	if !s.busy() {
		return
	}
	if now := time.Now().Unix(); s.rechecked.Swap(now) != now {
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
	ends := c.evicted.Load() || c.srv.graceOver.Load() || c.cutsOff()
	switch s := c.state.Load(); {
	case s.beforeRequest(), s.inRequest():
		c.recheck.Store(true)
		c.nc.SetReadDeadline(past)
	case s == sending && (ends || resumable):
		c.recheck.Store(true)
		c.nc.SetWriteDeadline(past)
	case s == closing && ends:
		c.nc.SetReadDeadline(past)
	}
}

// evict ends the connection that has waited longest for its client. It reports false if none has waited for
// leastWait, or for silence if nothing has come on it. Connections whose clients lose nothing end first
// (endsFirst). While there are more than mostEnding connections beyond Limits.Conns, evict ends none, because
// that would make room for another one, and memory is limited.
func (s *Server) evict(silence time.Duration) bool {
	if s.open.Load() > int64(s.Limits.Conns)+mostEnding {
		return false
	}
	var longest *conn
	now := time.Now()
	s.each(func(c *conn) {
		least := leastWait
		if c.state.Load() == fresh {
			least = silence
		}
		if c.state.Load() == handling || c.refused || c.evicted.Load() ||
			c.waitFromNano.Load() > now.Add(-least).UnixNano() {
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

// endsFirst says in which order connections are evicted, by what their clients lose. Those with the
// same number end in the order in which they began to wait.
var endsFirst = [...]int{
	closing:  1, // has its response
	idle:     2, // has its response, and may connect again
	fresh:    3, // has sent nothing
	inHead:   4, // can send it again
	inBody:   4,
	sending:  4, // does not take its response
	handling: 5, // has just stopped waiting
}

// endsBefore reports whether c is evicted before d.
func (c *conn) endsBefore(d *conn) bool {
	if mine, other := endsFirst[c.state.Load()], endsFirst[d.state.Load()]; mine != other {
		return mine < other
	}
	return c.waitFromNano.Load() < d.waitFromNano.Load()
}
