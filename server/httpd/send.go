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
	partsAtOnce  = 512       // parts of a body that are sent by one call
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
	window := append(make([][]byte, 0, partsAtOnce), c.out)
	if c.resp.Parts == nil {
		return c.sent(c.sendPieces(&p, window))
	}
	return c.sent(c.sendParts(&p, window))
}

// sendPieces sends the window and a body that is in one piece. Pieces of it are sent one after the
// other, so that it is seen what the client takes.
func (c *conn) sendPieces(p *pace, window [][]byte) error {
	for piece := range slices.Chunk(c.resp.Body, octetsAtOnce) {
		if err := c.push(p, append(window, piece)); err != nil {
			return err
		}
		window = window[:0]
	}
	return nil
}

// sendParts sends the window and a body in parts.
func (c *conn) sendParts(p *pace, window [][]byte) error {
	left := c.resp.Len()
	for at := 0; ; window = window[:0] {
		n, next := c.resp.Parts.Fill(window[len(window):cap(window)], at)
		for _, part := range window[len(window) : len(window)+n] {
			left -= int64(len(part))
		}
		if left < 0 || n == 0 && left > 0 {
			return errPartsLength
		}
		if n == 0 {
			return nil
		}
		if err := c.push(p, window[:len(window)+n]); err != nil {
			return err
		}
		at = next
	}
}

var errPartsLength = errors.New("the parts of the body do not have the length that was announced")

// startSending notes that so many octets are about to be sent.
func (c *conn) startSending(octets int64) pace {
	c.now = time.Now()
	c.count()
	c.srv.metrics.sent.Add(octets)
	return pace{began: c.now, moved: c.now}
}

// sent notes that sending has ended, and returns err.
func (c *conn) sent(err error) error {
	c.out, c.buffers = c.out[:0], nil
	c.broken = err != nil
	return err
}

// A pace is how far a client has come with what is sent to it. Octets count as taken when the
// operating system has accepted them.
type pace struct {
	began time.Time
	moved time.Time // when octets were taken last
	taken int64
}

// end returns when sending ends unless the client takes more until then: SendTime after the last
// octet was taken, or SendTime after the client should have taken what it took at SendRate.
func (p *pace) end(l *Limits) time.Time {
	const most = 1e9 // seconds; more would overflow a time.Duration
	seconds := min(float64(p.taken)/float64(max(l.SendRate, 1)), most)
	tooSlow := p.began.Add(l.SendTime + time.Duration(seconds*float64(time.Second)))
	if silent := p.moved.Add(l.SendTime); silent.Before(tooSlow) {
		return silent
	}
	return tooSlow
}

// push sends the buffers. A write is interrupted several times within SendTime, because only the
// result of a write says how much was taken.
func (c *conn) push(p *pace, buffers [][]byte) error {
	c.buffers = buffers
	for {
		end := p.end(&c.srv.Limits)
		if !c.now.Before(end) {
			return os.ErrDeadlineExceeded
		}
		c.setWriteDeadline(end)
		n, err := c.write()
		c.now = time.Now()
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
