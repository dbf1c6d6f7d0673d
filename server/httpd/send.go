package httpd

import (
	"errors"
	"os"
	"runtime"
	"sync"
	"time"

	"rawhttp/httpwire"
)

// A connection collects the octets of its responses in c.out. It sends them before it waits for its client,
// before it closes, and when there are many of them. It sends a long body immediately, with a larger buffer
// in the place of c.out. The middle of such a body is sent from where it is, without a copy. Until the
// client has taken a long body, the octets that the body keeps in memory count for Limits.InFlight.

const (
	mostOutput   = 64 << 10  // octets in c.out while a long body is sent
	longBody     = 16 << 10  // octets of a body that counts for Limits.InFlight
	octetsAtOnce = 256 << 10 // octets for one write; only the end of a write says how much the client has taken
)

// flush sends c.out.
func (c *conn) flush() error {
	if len(c.out) == 0 {
		return nil
	}
	c.startSending()
	return c.sendOut()
}

// sendBody sends c.out and the body of the response. After an error nothing more is sent, because the
// client must not think that the body is complete.
func (c *conn) sendBody() error {
	c.startSending()
	large, ok := c.srv.outputs.Get().(*[mostOutput]byte)
	if !ok {
		large = new([mostOutput]byte)
	}
	small := c.out
	c.out = append(large[:0], small...)
	defer func() { // even after a panic
		c.out = small[:0]
		c.srv.outputs.Put(large)
	}()
	err := c.writeBody(true)
	if err == nil {
		err = c.sendOut()
	}
	return err
}

// sendStream sends c.out and a Stream. It does not copy the octets of the Stream, because many clients may
// get the same ones. When the server stops, it does not wait for the client to take them, or to close: that
// may take hours.
func (c *conn) sendStream(s Stream) {
	c.unreadInput = true             // nothing is read until the Stream ends
	c.streaming.Store(c.unsent == 1) // a stop must not lose responses to earlier requests
	for err := c.flush(); err == nil; {
		c.streaming.Store(true)
		octets, ok := s.Next(c.srv.stop)
		if !ok {
			c.broken = c.srv.stopping.Load() // close does not wait for the client then
			return
		}
		c.now = time.Now()
		err = c.sendPiece(octets)
	}
}

// sendPiece sends octets of a Stream. Long ones count for Limits.InFlight until the client has taken them. If
// there is no room for them, the Stream ends.
func (c *conn) sendPiece(octets []byte) error {
	if n := int64(len(octets)); n >= longBody {
		data := keptData{c, n}
		if !c.srv.inFlight.take(data, c.srv.Limits.InFlight) {
			return errNoRoom
		}
		defer c.srv.inFlight.giveBack(data)
	}
	c.startSending()
	return c.send(octets)
}

var errNoRoom = errors.New("too many octets wait for other clients")

// startSending prepares to send responses. From now on the client keeps the server waiting.
func (c *conn) startSending() {
	c.countUnsent()
	c.waitFrom = c.now
	c.forced = c.evicted.Load() || c.srv.graceOver.Load()
}

// countUnsent adds the times of the responses that are sent next to the metrics.
func (c *conn) countUnsent() {
	if c.unsent > 0 {
		c.srv.metrics.times.Observe(c.unsent, c.now.Sub(c.beganAt))
		c.unsent = 0
	}
}

// sendOut sends c.out and empties it, even if sending fails.
func (c *conn) sendOut() error {
	err := c.send(c.out)
	c.out = c.out[:0]
	return err
}

// send sends octets. Octets count as taken when the operating system has accepted them. Sending ends when
// the client has kept the server waiting for SendTime (see waitingSince). A write is interrupted several
// times within SendTime, and within leastWait if the server is busy, because only the end of a write says
// how much the client has taken. The connection is broken until send returns without an error: after a
// panic in a Watch it is not known what was sent.
func (c *conn) send(octets []byte) error {
	c.broken = true
	defer c.state.Store(handling)
	l := &c.srv.Limits
	for len(octets) > 0 {
		end := c.waitFrom.Add(l.SendTime)
		if c.forced {
			end = c.waitFrom.Add(min(lastSendTime, l.SendTime))
		}
		if !c.now.Before(end) {
			return os.ErrDeadlineExceeded
		}
		if !c.forced {
			if err := c.enter(sending); err != nil {
				return err
			}
		}
		c.setWriteDeadline(end)
		if c.recheck.Swap(false) {
			c.writeDeadline = time.Time{}
			continue
		}
		began, until := c.now, c.writeDeadline
		n, err := c.nc.Write(octets)
		c.now = time.Now()
		if stoodStill(began.Unix(), until.Unix(), c.now.Unix()) {
			c.waitFrom = c.now // the client could not take anything
		}
		if n > 0 {
			c.watch.Sent(octets[:n])
			c.srv.metrics.sent.Add(int64(n))
		}
		if !c.forced {
			c.waitFrom = waitingSince(c.waitFrom, c.now, int64(n), l.SendRate)
		}
		if err != nil && (!isTimeout(err) || !resumable) {
			return err
		}
		if octets = octets[n:]; err != nil {
			c.writeDeadline = time.Time{}
		}
	}
	c.broken = false
	return nil
}

// resumable reports whether an interrupted write says how many octets were sent, so that sending can go
// on after it. On Windows it does not: more octets may be sent than the system reports
// (github.com/chriskohlhoff/asio, issue 1263). So a write is interrupted there only to end the
// connection, and its deadline is the end of the client's time. Tests change it.
var resumable = runtime.GOOS != "windows"

// setWriteDeadline makes the next write end at a time, or earlier. The system's deadline is left as it
// is for a while, because setting one for each response is expensive.
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

// writeBody adds the body of the response to c.out. If flushes is set, it sends c.out whenever that is full.
func (c *conn) writeBody(flushes bool) error {
	w := &c.body
	*w = bodyWriter{conn: c, remaining: c.resp.Len(), flushes: flushes}
	var err error
	if c.resp.Parts == nil {
		err = w.WritePart(c.resp.Body)
	} else {
		err = c.resp.Parts.WriteParts(w)
	}
	if err == nil && w.remaining != 0 {
		return errPartsLength
	}
	return err
}

// A bodyWriter is the PartWriter of a connection. After an error it takes nothing more.
type bodyWriter struct {
	conn      *conn
	remaining int64 // octets of the body that did not come yet; negative after an error
	flushes   bool  // send the output of conn when it is full
}

// WritePart adds octets of the body to the output. Octets that fill an empty output are sent without a copy.
func (w *bodyWriter) WritePart(part []byte) error {
	if w.remaining -= int64(len(part)); w.remaining < 0 {
		w.remaining = -1
		return errPartsLength
	}
	c := w.conn
	for w.flushes && len(c.out)+len(part) >= mostOutput {
		n, err := min(len(part), octetsAtOnce), error(nil)
		if len(c.out) == 0 {
			err = c.send(part[:n])
		} else {
			n = min(n, max(mostOutput-len(c.out), 0))
			c.out = append(c.out, part[:n]...)
			err = c.sendOut()
		}
		if err != nil {
			w.remaining = -1
			return err
		}
		part = part[n:]
	}
	c.out = append(c.out, part...)
	return nil
}

var errPartsLength = errors.New("the parts of the body do not have the length that was announced")

// A SharedBody is a body in parts that keeps data in memory until it is sent, which other bodies may keep too.
// SharedData returns a key for these data, and how many octets they have. If several responses have the same
// key, the octets count once. A body that is not a SharedBody keeps its own octets.
type SharedBody interface {
	httpwire.Parts
	SharedData() (key any, octets int64)
}

// A keptData is what a response keeps in memory while it is sent: a key for the data, and how many octets they
// have.
type keptData struct {
	key    any
	octets int64
}

// keptData returns what a long response keeps in memory while it is sent.
func (c *conn) keptData() keptData {
	if body, ok := c.resp.Parts.(SharedBody); ok {
		key, octets := body.SharedData()
		return keptData{key, octets}
	}
	return keptData{c, c.resp.Len()} // no other response keeps the same
}

// inFlight counts what responses keep in memory while they are sent.
type inFlight struct {
	mu        sync.Mutex
	octets    int64
	responses map[any]int // how many responses keep the data with a key
}

// take counts what a response keeps. If the sum would be more than most, it returns false and counts nothing.
// If no other response is counted, it accepts any size.
func (f *inFlight) take(d keptData, most int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.responses[d.key] == 0 {
		if f.octets > 0 && d.octets > most-f.octets {
			return false
		}
		f.octets += d.octets
	}
	if f.responses == nil {
		f.responses = make(map[any]int)
	}
	f.responses[d.key]++
	return true
}

// giveBack reverses take.
func (f *inFlight) giveBack(d keptData) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.responses[d.key]--; f.responses[d.key] == 0 {
		delete(f.responses, d.key)
		f.octets -= d.octets
	}
}
