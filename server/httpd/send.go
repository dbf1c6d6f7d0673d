package httpd

import (
	"errors"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"rawhttp/httpwire"
)

// Responses are sent from here. Short bodies are copied to the output of their connection. A long
// body is sent from where it is, and as long as the client has not taken it, its octets count for
// Limits.InFlight.

const (
	keptOutput   = 16 << 10  // octets of output that a work keeps room for
	longBody     = 16 << 10  // a body from here on is sent from where it is
	partsAtOnce  = 128       // long parts of a body that are sent by one write
	longPart     = 1 << 10   // a part from here on is sent from where it is
	shortOctets  = 64 << 10  // octets of shorter parts that are copied for one write
	octetsAtOnce = 256 << 10 // octets of a body in one piece that are
)

// flush sends the output.
func (c *conn) flush() error {
	if len(c.out) == 0 {
		return nil
	}
	p := c.startSending(int64(len(c.out)))
	c.few[0] = c.out
	return c.sent(c.push(&p, c.few[:1]))
}

// sendLong sends the output and after it the body of the response.
func (c *conn) sendLong() error {
	p := c.startSending(int64(len(c.out)) + c.resp.Len())
	if c.resp.Parts == nil {
		return c.sent(c.sendPieces(&p))
	}
	return c.sent(c.sendParts(&p))
}

// sendPieces sends the output and a body that is in one piece. Pieces of it are sent one after the
// other, so that it is seen what the client takes.
func (c *conn) sendPieces(p *pace) error {
	buffers := append(c.few[:0], c.out)
	for piece := range slices.Chunk(c.resp.Body, octetsAtOnce) {
		if err := c.push(p, append(buffers, piece)); err != nil {
			return err
		}
		buffers = buffers[:0]
	}
	return nil
}

// sendParts sends the output and a body in parts.
func (c *conn) sendParts(p *pace) error {
	left := c.resp.Len()
	m, ok := c.srv.sendStorage.Get().(*sendStorage)
	if !ok {
		m = new(sendStorage)
	}
	defer func() {
		clear(m.parts[:])
		clear(m.all[:])
		c.srv.sendStorage.Put(m)
	}()
	g := gather{all: append(m.all[:0], c.out), short: m.short[:0]}
	parts := m.parts[:]
	for n, at := c.resp.Parts.Fill(parts, 0); n > 0; n, at = c.resp.Parts.Fill(parts, at) {
		for _, part := range parts[:n] {
			if left -= int64(len(part)); left < 0 {
				return errPartsLength
			}
			if g.full(part) {
				if err := c.push(p, g.take()); err != nil {
					return err
				}
			}
			g.add(part)
		}
	}
	if left > 0 {
		return errPartsLength
	}
	return c.push(p, g.take())
}

// A sendStorage is the storage for sending a body in parts.
type sendStorage struct {
	parts, all [partsAtOnce][]byte
	short      [shortOctets]byte
}

// A gather collects parts for one write. Long parts are sent from where they are. Short parts are
// copied into one buffer, because a buffer for each would cost more than the copy.
type gather struct {
	all   [][]byte
	short []byte // the short parts; it never grows
	done  int    // octets of short that are in all
}

// full reports whether there is no room for a part.
func (g *gather) full(part []byte) bool {
	if len(part) >= longPart {
		return len(g.all)+3 > partsAtOnce // short parts before it and after it count, too
	}
	return len(g.short)+len(part) > cap(g.short)
}

// add adds a part.
func (g *gather) add(part []byte) {
	if len(part) < longPart {
		g.short = append(g.short, part...)
		return
	}
	g.addShort()
	g.all = append(g.all, part)
}

// addShort adds the short parts that are not in all yet.
func (g *gather) addShort() {
	if len(g.short) > g.done {
		g.all = append(g.all, g.short[g.done:])
		g.done = len(g.short)
	}
}

// take returns what was added, and makes room for more.
func (g *gather) take() [][]byte {
	g.addShort()
	all := g.all
	g.all, g.short, g.done = g.all[:0], g.short[:0], 0
	return all
}

var errPartsLength = errors.New("the parts of the body do not have the length that was announced")

// startSending notes that so many octets are about to be sent.
func (c *conn) startSending(octets int64) pace {
	c.now = time.Now()
	c.count()
	c.srv.metrics.sent.Add(octets)
	return pace{began: c.now, moved: c.now, waits: c.now,
		last: c.evicted.Load() || c.srv.over.Load()}
}

// sent notes that sending has ended, and returns err.
func (c *conn) sent(err error) error {
	c.out, c.buffers = c.out[:0], nil
	clear(c.few[:])
	c.broken = err != nil
	return err
}

// A pace is how far a client has come with what is sent to it. Octets count as taken when the
// operating system has accepted them.
type pace struct {
	began time.Time
	moved time.Time // when octets were taken last
	waits time.Time // since when the client keeps the connection waiting; see progress
	taken int64
	last  bool // the connection was ended before, and this says so
}

// end returns when sending ends unless the client takes more until then: SendTime after the last
// octet was taken, or SendTime after the client should have taken what it took at SendRate.
func (p *pace) end(l *Limits) time.Time {
	if p.last {
		return p.began.Add(min(lastWords, l.SendTime))
	}
	const most = 1e9 // seconds; more would overflow a time.Duration
	seconds := min(float64(p.taken)/float64(max(l.SendRate, 1)), most)
	tooSlow := p.began.Add(l.SendTime + time.Duration(seconds*float64(time.Second)))
	if silent := p.moved.Add(l.SendTime); silent.Before(tooSlow) {
		return silent
	}
	return tooSlow
}

// push sends the buffers. A write is interrupted several times within SendTime, and within leastWait
// when there are many connections, because only the result of a write says how much was taken.
func (c *conn) push(p *pace, buffers [][]byte) error {
	c.buffers = buffers
	defer c.phase.Store(working)
	for {
		end := p.end(&c.srv.Limits)
		if !c.now.Before(end) {
			return os.ErrDeadlineExceeded
		}
		if !p.last {
			if err := c.waitFor(sending, p.waits); err != nil {
				return err
			}
		}
		c.setWriteDeadline(end)
		if c.woken.Swap(false) {
			c.sendUntil = time.Time{}
			continue
		}
		n, err := c.write()
		c.now = time.Now()
		p.waits = progress(p.waits, c.now, n, c.srv.Limits.SendRate)
		if p.taken += n; n > 0 {
			p.moved = c.now
		}
		if err == nil || !isTimeout(err) || !resumable {
			return err
		}
		c.sendUntil = time.Time{}
	}
}

// resumable says that a write that was interrupted tells how much was taken, so that it can go on.
// On Windows it does not, and SendTime is that of each write.
const resumable = runtime.GOOS != "windows"

// setWriteDeadline sets the deadline of the next write to end, or earlier. A deadline that was set
// is kept for a while, because to set one for each response is expensive.
func (c *conn) setWriteDeadline(end time.Time) {
	piece := c.srv.Limits.SendTime / 4
	if c.srv.busy() {
		piece = min(piece, leastWait/2)
	}
	until := c.now.Add(piece)
	if !resumable || end.Before(until) {
		until = end
	}
	if c.sendUntil.Before(until.Add(-piece/2)) || c.sendUntil.After(until) {
		c.sendUntil = until
		c.nc.SetWriteDeadline(until)
	}
}

// write sends the buffers by one call and takes what was sent away from them.
func (c *conn) write() (int64, error) {
	if len(c.buffers) > 1 {
		return c.buffers.WriteTo(c.nc)
	}
	n, err := c.nc.Write(c.buffers[0])
	c.buffers[0] = c.buffers[0][n:]
	return int64(n), err
}

// A Holder is a body in parts that says what it keeps in memory until it is sent. What may be the
// same for many responses; its octets then count once. Other bodies keep their own octets.
type Holder interface {
	httpwire.Parts
	Holds() (what any, octets int64)
}

// A hold is what one response keeps in memory.
type hold struct {
	what   any // nil if no other response can have the same
	octets int64
}

// hold returns what the response keeps in memory while it is sent; nothing if it is copied.
func (c *conn) hold() hold {
	switch h, ok := c.resp.Parts.(Holder); {
	case !c.isLong():
		return hold{}
	case ok:
		what, octets := h.Holds()
		return hold{what, octets}
	default:
		return hold{nil, c.resp.Len()}
	}
}

// isLong reports whether the response has a body that is sent from where it is.
func (c *conn) isLong() bool {
	return string(c.req.Method) != "HEAD" && c.resp.Len() >= longBody
}

// inFlight counts what responses on their way keep in memory.
type inFlight struct {
	mu     sync.Mutex
	octets int64
	shared map[any]int // how many responses hold it
}

// take counts what a response keeps. It reports false, and counts nothing, if that would be more
// than most. A response that is alone always may be sent, so that none is too long for ever.
func (f *inFlight) take(h hold, most int64) bool {
	if h.octets == 0 {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.shared[h.what] == 0 {
		if f.octets > 0 && h.octets > most-f.octets {
			return false
		}
		f.octets += h.octets
	}
	if h.what != nil {
		if f.shared == nil {
			f.shared = make(map[any]int)
		}
		f.shared[h.what]++
	}
	return true
}

// giveBack ends what take began.
func (f *inFlight) giveBack(h hold) {
	if h.octets == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if h.what != nil {
		if f.shared[h.what]--; f.shared[h.what] > 0 {
			return
		}
		delete(f.shared, h.what)
	}
	f.octets -= h.octets
}
