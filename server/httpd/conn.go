package httpd

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"sync/atomic"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/stream"
)

// A conn is one connection. While it waits for a request it is hardly more than its goroutine: the
// storage that requests and answers need is borrowed when octets come.
type conn struct {
	srv  *Server
	nc   net.Conn
	park parker
	*work

	phase   atomic.Int32 // what it waits for; see crowd.go
	since   atomic.Int64 // since when, in nanoseconds as Unix counts
	woken   atomic.Bool  // has to work out anew for how long it may wait
	evicted atomic.Bool  // has to end, because another connection needs its place
	turned  bool         // was turned away, and has no place

	readUntil int64     // the deadline of nc for reading, in seconds as Unix counts them
	sendUntil time.Time // the deadline of nc for writing

	served bool   // a request of this connection was answered
	linger bool   // there may be input that nobody will read
	client string // its address, once it was asked for
	broken bool   // answers cannot be sent
}

// work is the storage of one request and its answer.
type work struct {
	in   stream.Reader
	out  []byte // responses not sent yet
	last head   // of the last response
	req  httpwire.Request
	resp httpwire.Response

	now    time.Time // when octets came last
	until  time.Time // how long to wait for octets, and
	word   time.Time // when to say what for; zero if that was said
	id     uint64    // of the request
	began  time.Time // when its first octet was there
	before int64     // octets that had come by then
	part   int32     // what octets are read of: inHead or inBody
	asked  time.Time // when the body began to be read
	waits  time.Time // since when the client keeps the rest of a head or body waiting
	headed int64     // octets that had come by then, without those of the body
	came   int64     // octets of the request

	ready   int   // answers that were not sent yet
	counted int64 // octets that came and were counted

	buffers net.Buffers // what is being sent
	few     [4][]byte   // storage for a few parts

	logged logged // the line of the log
}

func newConn(s *Server, nc net.Conn) *conn {
	c := &conn{srv: s, nc: nc}
	c.park.init(nc)
	return c
}

// borrow gets storage for a request.
func (c *conn) borrow() {
	w, ok := c.srv.works.Get().(*work)
	if !ok {
		w = &work{out: make([]byte, 0, 1<<10)}
		w.req.Fields = make(httpwire.Fields, 0, c.srv.Limits.Fields)
		w.in.MaxLine, w.in.MaxHead = c.srv.Limits.Line, c.srv.Limits.Head
	}
	w.in.Reset(c)
	w.ready, w.counted = 0, 0
	c.work = w
}

// giveBack returns the storage. Nothing in it is needed any more.
func (c *conn) giveBack() {
	w := c.work
	if w == nil {
		return
	}
	c.count()
	c.work = nil
	if cap(w.out) > keptOutput {
		w.out = nil
	}
	w.req.Body = nil
	c.srv.works.Put(w)
}

// Read reads from the peer, and before that sends what is waiting to be sent: nobody waits for
// octets whose answer lies here, and answers to pipelined requests leave together.
func (c *conn) Read(p []byte) (int, error) {
	if err := c.flush(); err != nil {
		return 0, err
	}
	if c.phase.Load() != working { // firstOctets, where it cannot wait without memory
		n, err := c.nc.Read(p)
		c.now = time.Now()
		return n, err
	}
	defer c.phase.Store(working)
	for {
		if err := c.waitFor(c.part, c.waits); err != nil {
			return 0, err
		}
		c.until = c.latest()
		c.setReadDeadline(c.patience())
		if c.woken.Swap(false) {
			continue
		}
		n, err := c.nc.Read(p)
		c.now = time.Now()
		if c.part == inBody { // octets of a head gain no time
			c.waits = progress(c.waits, c.now, int64(n), leastRate)
		}
		if !isTimeout(err) || !c.now.Before(c.until) {
			return n, err
		}
		c.readUntil = 0 // time for a word in the log, or woken
	}
}

// setReadDeadline makes reading end then. Timers cost more than a second is worth.
func (c *conn) setReadDeadline(until time.Time) {
	if second := until.Unix(); second != c.readUntil {
		c.readUntil = second
		c.nc.SetReadDeadline(until)
	}
}

// serve goes on until a request is the last one. A panic here is a defect of the server, and ends
// this connection only.
func (c *conn) serve() {
	c.borrow()
	c.now = time.Now()
	defer c.close()
	defer func() {
		if v := recover(); v != nil {
			c.logPanic("the server panicked", v)
		}
	}()
	for c.wait() && c.exchange() {
	}
}

// wait waits for the first octet of a request.
func (c *conn) wait() bool {
	if c.in.Begin(); len(c.in.Buffered()) == 0 && !c.waitIdle() {
		return false
	}
	c.began = c.now
	c.before = c.in.Count() - int64(len(c.in.Buffered()))
	return true
}

// waitIdle waits when there is nothing at all.
func (c *conn) waitIdle() bool {
	if c.flush() != nil {
		return false
	}
	err := c.firstOctet(c.now)
	c.phase.Store(working)
	if err != nil && !c.served {
		c.srv.log(slog.LevelDebug, "opened, nothing sent (browser preconnect)", c.peer())
	}
	return err == nil
}

// firstOctet waits for the first octet of a request, on a connection that is idle since then.
func (c *conn) firstOctet(since time.Time) error {
	phase := opened
	if c.served {
		phase = kept
	}
	for {
		if err := c.waitFor(phase, since); err != nil {
			return err
		}
		until := since.Add(c.srv.Limits.IdleTime)
		if !c.served {
			until = since.Add(c.srv.headTime()) // a person may be about to type
		}
		c.setReadDeadline(until)
		if c.woken.Swap(false) {
			continue
		}
		if c.work == nil {
			c.borrow()
		}
		if err := c.firstOctets(); !isTimeout(err) || !time.Now().Before(until) {
			return err
		}
		c.readUntil = 0 // woken
	}
}

// exchange reads one request, answers it, and reports whether another may follow.
func (c *conn) exchange() bool {
	c.id = c.srv.requests.Add(1)
	c.part, c.waits = inHead, c.began
	c.remind(c.began)
	err := c.read()
	if err != nil && err != errDecided {
		return c.refuse(err)
	}
	c.came = c.in.Count() - int64(len(c.in.Buffered())) - c.before
	ok := err == nil && c.handle()
	c.served = true
	return c.answer(ok && c.req.KeepAlive())
}

// read reads a request and checks all that can be checked before anybody acts on it.
func (c *conn) read() error {
	c.req.Body = nil
	if err := c.in.RequestHead(&c.req, !c.srv.NoSimple); err != nil {
		return err
	}
	if c.req.Simple {
		return nil
	}
	if err := c.req.Check(); err != nil {
		return err
	}
	if err := c.misdirected(); err != nil {
		return err
	}
	if !c.knows() {
		return &httpwire.SyntaxError{Offset: c.req.Offset, Octet: c.req.Method[0],
			Rule: httpwire.RuleKnownMethod}
	}
	length, err := c.req.BodyLength()
	if err != nil || length == 0 {
		return err
	}
	c.linger = true // clients have been seen to send a CR LF behind a body
	return c.readBody(length)
}

// readBody reads the body, which a client may want to be asked for.
func (c *conn) readBody(length int64) error {
	if length > c.srv.Limits.Body {
		return c.req.Fields.Fault("Content-Length", httpwire.RuleBodyLimit)
	}
	if c.req.Version.AtLeast(1, 1) {
		asked, err := expectsContinue(c.req.Fields)
		if err != nil {
			return err
		}
		if asked && len(c.in.Buffered()) == 0 {
			if c.decide() {
				return errDecided
			}
			c.out = append(c.out, "HTTP/1.1 100 Continue\r\n\r\n"...)
		}
	}
	c.part = inBody
	c.asked, c.waits = c.now, c.now
	c.headed = c.in.Count() - int64(len(c.in.Buffered()))
	c.remind(c.now)
	body, err := c.in.Body(length)
	c.req.Body = body
	return err
}

// expectsContinue reports whether a client wants to be asked for the body. It may not expect
// anything else, be it in a second field.
func expectsContinue(fs httpwire.Fields) (asked bool, err error) {
	for i := range fs {
		if !httpwire.EqualFold(fs[i].Name, "Expect") {
			continue
		}
		if !httpwire.EqualFold(fs[i].Value, "100-continue") {
			return false, fs[i:].Fault("Expect", httpwire.RuleExpect)
		}
		asked = true
	}
	return asked, nil
}

// handle lets the handler fill in the response. A panic is a 500, ends the connection, and is
// nobody else's business.
func (c *conn) handle() (ok bool) {
	c.resp = httpwire.Response{Fields: c.resp.Fields[:0]}
	defer c.recoverHandler()
	c.srv.Handler.Handle(&c.req, &c.resp)
	return true
}

// errDecided says that the response is made, and that the body will not be read.
var errDecided = errors.New("the head decides")

// decide lets a HeadHandler make the response without the body, and reports whether it did. If it
// panics, that is a 500.
func (c *conn) decide() (final bool) {
	h, ok := c.srv.Handler.(HeadHandler)
	if !ok {
		return false
	}
	c.resp = httpwire.Response{Fields: c.resp.Fields[:0]}
	final = true
	defer c.recoverHandler()
	final = h.HandleHead(&c.req, &c.resp)
	return final
}

// recoverHandler is deferred around calls of the handler.
func (c *conn) recoverHandler() {
	if v := recover(); v != nil {
		c.logPanic("the handler panicked", v)
		c.refusal(500, []byte("The server failed while answering this request. It serves others.\n"))
	}
}

func (c *conn) logPanic(what string, v any) {
	c.srv.log(slog.LevelError, what, slog.Any("panic", v), slog.String("stack", string(debug.Stack())))
}

// close closes in stages, so that an answer is not lost to a reset: what is still coming is read
// and thrown away for a while, because closing with unread input would destroy what is on its way
// to the peer (RFC 9112 section 9.6).
func (c *conn) close() {
	defer c.nc.Close()
	if c.work == nil {
		return
	}
	defer c.giveBack()
	if c.flush() != nil || c.evicted.Load() || !c.linger && len(c.in.Buffered()) == 0 {
		return
	}
	half, ok := c.nc.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	now := time.Now()
	c.waitFor(draining, now)
	c.nc.SetReadDeadline(now.Add(c.srv.Limits.DrainTime))
	if c.evicted.Load() {
		return // the deadline for that is lost
	}
	rest := io.LimitReader(onlyReader{c.nc}, c.srv.Limits.Drain)
	io.CopyBuffer(io.Discard, rest, make([]byte, 8<<10))
}

// onlyReader hides everything but Read, so that copying uses the buffer it was given.
type onlyReader struct{ io.Reader }

// tooMany tells a connection that there are too many, and ends it.
func (c *conn) tooMany() {
	c.borrow()
	c.now = time.Now()
	defer c.close()
	c.linger = true
	c.began = c.now
	c.id = c.srv.requests.Add(1)
	c.req = httpwire.Request{Fields: c.req.Fields[:0]}
	c.refusal(503, []byte("The server has all the connections it takes. Try again in a second.\n"))
	c.answer(false)
}

func isTimeout(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }
