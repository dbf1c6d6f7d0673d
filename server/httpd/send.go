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

// How responses are sent. They leave in two ways. Heads and short bodies are copied to c.out, and
// flush sends that: before the connection waits for its client, before it closes, and when much has
// collected. A long body is not copied as a whole: sendLong sends it from where it is. As long as the
// client has not taken it, its octets count for Limits.InFlight.

const (
	keptOutput   = 16 << 10  // octets of storage for c.out that a requestState keeps
	longBody     = 16 << 10  // octets of a body that is sent from where it is
	octetsAtOnce = 256 << 10 // octets of a body in one piece for one write
)

// flush sends c.out.
func (c *conn) flush() error {
	if len(c.out) == 0 {
		return nil
	}
	p := c.startSending()
	c.few[0] = c.out
	return c.sent(c.push(&p, c.few[:1]))
}

// sendLong sends c.out and after it the body of the response.
func (c *conn) sendLong() error {
	p := c.startSending()
	if c.resp.Parts == nil {
		return c.sent(c.sendPieces(&p))
	}
	return c.sent(c.sendParts(&p))
}

// sendPieces sends c.out and a body that is in one piece. A write has a limited number of octets,
// because only its end says how much the client has taken.
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

// sendParts sends c.out and a body in parts. The parts are copied to a buffer, because a write of many
// short parts takes longer than the copy.
func (c *conn) sendParts(p *pace) error {
	m, ok := c.srv.sendStorage.Get().(*sendStorage)
	if !ok {
		m = new(sendStorage)
	}
	defer func() {
		clear(m.parts[:])
		c.srv.sendStorage.Put(m)
	}()
	left, ready := c.resp.Len(), m.octets[:0]
	buffers := append(c.few[:0], c.out)
	for n, at := c.resp.Parts.Fill(m.parts[:], 0); n > 0; n, at = c.resp.Parts.Fill(m.parts[:], at) {
		for _, part := range m.parts[:n] {
			if left -= int64(len(part)); left < 0 {
				return errPartsLength
			}
			for len(ready)+len(part) > cap(ready) {
				room := cap(ready) - len(ready)
				if err := c.push(p, append(buffers, append(ready, part[:room]...))); err != nil {
					return err
				}
				buffers, ready, part = buffers[:0], ready[:0], part[room:]
			}
			ready = append(ready, part...)
		}
	}
	if left > 0 {
		return errPartsLength
	}
	return c.push(p, append(buffers, ready))
}

// sendStream sends what is ready and after it a Stream. Its octets are not copied, because many
// clients may be sent the same.
func (c *conn) sendStream(s Stream) error {
	err := c.flush()
	for err == nil {
		octets, ok := s.Next(c.srv.stop)
		if !ok {
			return nil
		}
		p := c.startSending()
		c.few[0] = octets
		err = c.sent(c.push(&p, c.few[:1]))
	}
	return err
}

// A sendStorage is the storage for sending a body in parts.
type sendStorage struct {
	parts  [128][]byte
	octets [64 << 10]byte
}

var errPartsLength = errors.New("the parts of the body do not have the length that was announced")

// startSending begins to send. The connection is broken until sent is called: after a panic in
// between, it is not known what was sent.
func (c *conn) startSending() pace {
	c.now = time.Now()
	c.countUnsent()
	c.broken = true
	return pace{began: c.now, moved: c.now, waiting: c.now,
		last: c.evicted.Load() || c.srv.graceOver.Load()}
}

// countUnsent counts the responses that are sent next.
func (c *conn) countUnsent() {
	if c.unsent > 0 {
		c.srv.metrics.times.Observe(c.unsent, c.now.Sub(c.began))
		c.unsent = 0
	}
}

// sent ends sending, and returns its error.
func (c *conn) sent(err error) error {
	c.out, c.buffers = c.out[:0], nil
	clear(c.few[:])
	c.broken = err != nil
	return err
}

// A pace says how fast a client takes what is sent. Octets count as taken when the operating system
// has accepted them.
type pace struct {
	began   time.Time
	moved   time.Time // when octets were taken last
	waiting time.Time // since when the client keeps the server waiting; see progress
	taken   int64
	last    bool // the connection has to end, and this says why
}

// ends returns when sending ends if the client takes no more until then: SendTime after it took the
// last octets, and SendTime after the moment at which SendRate would have sent what it took.
func (p *pace) ends(l *Limits) time.Time {
	if p.last {
		return p.began.Add(min(lastSendTime, l.SendTime))
	}
	const most = 1e9 // seconds; more would overflow a time.Duration, and so would a sum with SendTime
	seconds := min(float64(p.taken)/float64(max(l.SendRate, 1)), most)
	tooSlow := p.began.Add(l.SendTime).Add(time.Duration(seconds * float64(time.Second)))
	if silent := p.moved.Add(l.SendTime); silent.Before(tooSlow) {
		return silent
	}
	return tooSlow
}

// push sends the buffers. A write is interrupted several times within SendTime, and within leastWait
// if the server is busy, because only the end of a write says how much the client has taken.
func (c *conn) push(p *pace, buffers [][]byte) error {
	c.buffers = buffers
	defer c.state.Store(handling)
	for {
		end := p.ends(&c.srv.Limits)
		if !c.now.Before(end) {
			return os.ErrDeadlineExceeded
		}
		if !p.last {
			if err := c.enter(sending, p.waiting); err != nil {
				return err
			}
		}
		c.setWriteDeadline(end)
		if c.recheck.Swap(false) {
			c.writeDeadline = time.Time{}
			continue
		}
		n, err := c.write()
		c.now = time.Now()
		p.waiting = progress(p.waiting, c.now, n, c.srv.Limits.SendRate)
		c.srv.metrics.sent.Add(n)
		if p.taken += n; n > 0 {
			p.moved = c.now
		}
		if err == nil || !isTimeout(err) || !resumable {
			return err
		}
		c.writeDeadline = time.Time{}
	}
}

// resumable reports whether an interrupted write says how much was taken, so that sending can go on.
// On Windows it does not, and there each write has SendTime.
const resumable = runtime.GOOS != "windows"

// setWriteDeadline makes the next write end at a time, or earlier. The system's deadline is left as it
// is for a while, because to set one for each response is expensive.
func (c *conn) setWriteDeadline(end time.Time) {
	piece := c.srv.Limits.SendTime / 4
	if c.srv.busy() {
		piece = min(piece, leastWait/2)
	}
	until := c.now.Add(piece)
	if !resumable || end.Before(until) {
		until = end
	}
	if c.writeDeadline.Before(until.Add(-piece/2)) || c.writeDeadline.After(until) {
		c.writeDeadline = until
		c.nc.SetWriteDeadline(until)
	}
}

// write sends the buffers, with one system call if that is possible, and removes what was sent from
// them.
func (c *conn) write() (sent int64, err error) {
	if c.srv.Watcher == nil && len(c.buffers) > 1 {
		return c.buffers.WriteTo(c.nc)
	}
	for err == nil && len(c.buffers) > 0 {
		var n int
		n, err = c.nc.Write(c.buffers[0])
		if n > 0 {
			c.watch.Sent(c.buffers[0][:n])
		}
		sent += int64(n)
		if c.buffers[0] = c.buffers[0][n:]; len(c.buffers[0]) == 0 {
			c.buffers = c.buffers[1:]
		}
	}
	return sent, err
}

// A Holder is a body in parts that keeps something in memory until it is sent: what, and how many
// octets that has. If several responses keep the same what, its octets count once. A body that is not
// a Holder keeps its own octets.
type Holder interface {
	httpwire.Parts
	Holds() (what any, octets int64)
}

// holds returns what the response keeps in memory while it is sent. A response that is copied keeps
// nothing.
func (c *conn) holds() (what any, octets int64) {
	if !c.isLong() {
		return nil, 0
	}
	if h, ok := c.resp.Parts.(Holder); ok {
		return h.Holds()
	}
	return c, c.resp.Len() // no other response keeps the same
}

// isLong reports whether the body of the response is sent from where it is.
func (c *conn) isLong() bool {
	return string(c.req.Method) != "HEAD" && c.resp.Len() >= longBody
}

// inFlight counts what responses keep in memory while they are sent.
type inFlight struct {
	mu      sync.Mutex
	octets  int64
	holders map[any]int // how many responses hold something
}

// take counts what a response keeps. It returns false, and counts nothing, if the sum would be more
// than most. A response that is alone may always be sent.
func (f *inFlight) take(what any, octets, most int64) bool {
	if octets == 0 {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.holders[what] == 0 {
		if f.octets > 0 && octets > most-f.octets {
			return false
		}
		f.octets += octets
	}
	if f.holders == nil {
		f.holders = make(map[any]int)
	}
	f.holders[what]++
	return true
}

// giveBack reverses take.
func (f *inFlight) giveBack(what any, octets int64) {
	if octets == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.holders[what]--; f.holders[what] == 0 {
		delete(f.holders, what)
		f.octets -= octets
	}
}
