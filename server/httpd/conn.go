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

// A state says what a connection does. A connection has one state at a time, and only the goroutine
// of the connection changes it. The package comment has a drawing.
type state int32

const (
	handling state = iota // the server works: it reads what has come, or runs the handler
	fresh                 // waits for the first octet of the first request
	idle                  // waits for the first octet of another request
	inHead                // waits for the rest of a head
	inBody                // waits for the rest of a body
	sending               // waits until the client takes a response
	closing               // has sent its last response and waits for the client's close
)

// beforeRequest reports whether the connection waits for the first octet of a request.
func (s state) beforeRequest() bool { return s == fresh || s == idle }

// inRequest reports whether the connection waits for the rest of a request.
func (s state) inRequest() bool { return s == inHead || s == inBody }

// An atomicState is a state that other goroutines may load.
type atomicState struct{ value atomic.Int32 }

func (a *atomicState) Load() state   { return state(a.value.Load()) }
func (a *atomicState) Store(s state) { a.value.Store(int32(s)) }

// A conn is one connection. While it is idle it has little more than its goroutine: the storage for
// a request is borrowed when octets have come.
type conn struct {
	srv *Server
	nc  net.Conn
	*requestState

	// What other goroutines need to know, and what they tell this one (deadline.go).
	state        atomicState
	waitFromNano atomic.Int64 // waitFrom in Unix nanoseconds, for evict; enter stores it
	streaming    atomic.Bool  // only a Stream is being sent, and the server may cut it off when it stops
	recheck      atomic.Bool  // the deadline has to be computed again
	evicted      atomic.Bool  // the connection has to end, because another one needs its place
	refused      bool         // it has no place, and gets a 503

	now     time.Time // when the clock was read last: after each read, handler and write
	arrived time.Time // when octets came last

	// The client has kept the server waiting since waitFrom. This time moves forward when octets of a body come,
	// and when the client takes octets of a response (waitingSince).
	waitFrom time.Time

	readDeadline  int64     // of nc, as a Unix second
	writeDeadline time.Time // of nc

	served      bool   // a request of this connection has had its response
	unreadInput bool   // octets may come that belong to no request
	broken      bool   // nothing more can be sent
	filled      bool   // the last read filled its buffer, so more octets have probably arrived
	peerAddr    string // the client's address, once it was needed
	watch       Watch  // of the Watcher

	// What came while the connection had no storage, and the part of it that was not read yet. A longer
	// first would bring conn to the allocator's size class of requestState. Then freed storage leaves holes
	// between idle connections, and each of them costs 300 octets more (TestIdleSize).
	first   [384]byte
	pending []byte
}

// requestState is the storage for one request and its response.
type requestState struct {
	in   stream.Reader
	out  []byte // responses that were not sent yet
	head headCache
	req  httpwire.Request
	resp httpwire.Response

	id           uint64    // of the request
	beganAt      time.Time // when its first octet had come
	requestStart int64     // octets of the connection that precede the request
	length       int64     // octets of the request
	reading      state     // the state in which Read waits: idle, inHead or inBody
	bodyFrom     time.Time // when the client could begin to send the body; octets that come do not move it
	bodyStart    int64     // octets of the connection that precede the body
	noticeAt     time.Time // when to log what the server waits for; zero if there is no log, or if that was done

	unsent int        // responses that were not sent yet
	forced bool       // the connection has to end, and its last response says why
	body   bodyWriter // takes the body of the response
	logged logged     // the line of the log
}

func newConn(s *Server, nc net.Conn) *conn { return &conn{srv: s, nc: nc, watch: unwatched{}} }

// borrow gets storage for requests.
func (c *conn) borrow() {
	r, ok := c.srv.requestStates.Get().(*requestState)
	if !ok {
		r = &requestState{out: make([]byte, 0, 1<<10)}
		r.req.Fields = make(httpwire.Fields, 0, c.srv.Limits.Fields)
		r.in.MaxLine, r.in.MaxHead = c.srv.Limits.Line, c.srv.Limits.Head
	}
	r.in.Reset(c)
	r.out, r.unsent, r.requestStart, r.length = r.out[:0], 0, 0, 0
	c.requestState = r
}

// giveBack returns the storage.
func (c *conn) giveBack() {
	r := c.requestState
	c.countUnsent()
	c.requestState = nil
	r.req.Body = nil
	c.srv.requestStates.Put(r)
}

// serve serves requests until one of them is the last.
func (c *conn) serve() {
	defer c.recoverServer()
	defer c.close()
	c.now = time.Now()
	if w := c.srv.Watcher; w != nil {
		c.watch = w.Opened(c.peerName())
	}
	for c.awaitRequest() && c.exchange() {
	}
}

// awaitRequest waits for the first octet of a request, and reports whether it came.
func (c *conn) awaitRequest() bool {
	if c.requestState != nil {
		c.in.Begin()
	}
	if (c.requestState == nil || len(c.in.Buffered()) == 0) && c.awaitOctets() != nil {
		if !c.served {
			c.logUnused()
		}
		return false
	}
	c.beganAt = c.arrived
	c.requestStart = c.in.Consumed()
	return true
}

// awaitOctets waits for octets when none have come. After a response, a connection first keeps its
// storage, because the next request often comes soon. After that, and before the first request, it
// waits without storage, and the octets go to a small buffer.
func (c *conn) awaitOctets() error {
	c.waitFrom = c.now
	if c.requestState != nil {
		c.reading = idle
		err := c.in.Fill() // sends the responses that are ready first
		if !isTimeout(err) || c.broken {
			return err
		}
		c.giveBack()
	}
	s := fresh
	if c.served {
		s = idle
	}
	for {
		n, err := c.receive(c.first[:], s)
		if n > 0 { // an error that comes with octets comes again
			c.borrow()
			c.pending = c.first[:n]
			return c.in.Fill()
		}
		if err != nil {
			return err
		}
	}
}

// exchange reads one request, sends the response, and reports whether another request may follow.
func (c *conn) exchange() bool {
	c.id = c.srv.requests.Add(1)
	c.reading = inHead
	c.startWaiting()
	decided, err := c.read()
	if err != nil {
		return c.refuseRequest(err)
	}
	c.length = c.in.Consumed() - c.requestStart
	ok := !decided && c.handle()
	c.served = true
	keepAlive := c.req.KeepAlive()
	goesOn := c.respond(ok && keepAlive)
	if keepAlive && !goesOn {
		c.unreadInput = true // the client may have sent another request
	}
	return goesOn
}

// read reads a request and makes all checks that need no handler. It reports whether the head alone has decided the
// response: then the response is made, and the body is not read.
func (c *conn) read() (decided bool, err error) {
	c.req.Body = nil
	if err := c.in.RequestHead(&c.req, !c.srv.NoSimple); err != nil {
		return false, err
	}
	if err := c.req.Check(); err != nil {
		return false, err
	}
	if fault := c.misdirected(); fault != nil {
		return false, fault
	}
	if h, ok := c.srv.Handler.(MethodHandler); ok && !h.Knows(&c.req) {
		return false, c.req.MethodFault(httpwire.RuleKnownMethod)
	}
	length, err := c.req.BodyLength()
	if err != nil || length == 0 {
		return false, err
	}
	c.unreadInput = true // some clients send CR LF after a body
	return c.readBody(length)
}

// readBody reads the body. If the client waits for 100 (Continue), readBody sends that first, unless the head alone
// decides the response (RFC 9110 section 10.1.1).
func (c *conn) readBody(length int64) (decided bool, err error) {
	if length > c.srv.Limits.Body {
		return false, c.req.Fields.Find("Content-Length").Fault(httpwire.RuleBodyLimit)
	}
	if c.req.Version.AtLeast(1, 1) {
		expected, err := expectsContinue(c.req.Fields)
		if err != nil {
			return false, err
		}
		if expected && len(c.in.Buffered()) == 0 {
			if c.decide() {
				return true, nil
			}
			c.out, err = httpwire.AppendResponseHead(c.out, &interim, nil)
			if err != nil {
				return false, err
			}
		}
	}
	c.reading, c.bodyStart = inBody, c.in.Consumed()
	c.startWaiting()
	c.req.Body, err = c.in.Body(length)
	return false, err
}

// interim is the response that makes a client send the body.
var interim = httpwire.Response{
	StatusLine: httpwire.StatusLine{Code: 100, Reason: []byte(httpwire.ReasonPhrase(100))}}

// expectsContinue reports whether the client expects 100 (Continue). Any other expectation is an error, even if
// the client expects 100 too.
func expectsContinue(fs httpwire.Fields) (expected bool, err error) {
	for f, expectation := range fs.Members("Expect") {
		if !httpwire.EqualFold(expectation, "100-continue") {
			return false, f.Fault(httpwire.RuleExpect)
		}
		expected = true
	}
	return expected, nil
}

// handle calls the handler, and reports whether it returned. If it panics, the response is a 500 and
// the connection ends.
func (c *conn) handle() (ok bool) {
	c.resp = httpwire.Response{Fields: c.resp.Fields[:0]}
	defer c.recoverHandler(&ok)
	c.srv.Handler.Handle(&c.req, &c.resp)
	return true
}

// decide lets a HeadHandler make the response before the body comes, and reports whether it did. If it
// panics, the response is a 500.
func (c *conn) decide() (final bool) {
	h, ok := c.srv.Handler.(HeadHandler)
	if !ok {
		return false
	}
	c.resp = httpwire.Response{Fields: c.resp.Fields[:0]}
	final, returned := true, false
	defer c.recoverHandler(&returned)
	final = h.HandleHead(&c.req, &c.resp)
	returned = true
	c.now = time.Now()
	return final
}

// recoverHandler is deferred around calls of the handler. A handler that did not return has panicked, or
// has called runtime.Goexit.
func (c *conn) recoverHandler(returned *bool) {
	if stream, ok := c.resp.Parts.(Stream); ok && !*returned {
		defer stream.Close()
	}
	if v := recover(); v != nil {
		c.logPanic("the handler panicked", v, slog.Uint64("id", c.id))
		c.makeRefusal(500, "The server failed while it handled this request. It still serves other requests.\n")
	}
}

// recoverServer is deferred in the goroutine of a connection. A panic that reaches it is a defect of the
// server, of a Watcher, or of a handler outside Handle and HandleHead. It ends this connection only.
func (c *conn) recoverServer() {
	if v := recover(); v != nil {
		c.logPanic("the server panicked", v)
	}
}

func (c *conn) logPanic(what string, v any, attrs ...slog.Attr) {
	attrs = append(attrs, c.peer(), slog.Any("panic", v), slog.String("stack", string(debug.Stack())))
	c.srv.log(slog.LevelError, what, attrs...)
}

// close sends what is left and closes the connection. A close with unread input makes the system
// send a reset, which can destroy a response on its way to the client. So the server closes its half
// first, and reads and drops input for a limited time (RFC 9112 section 9.6). After a short response to
// a request without a body, it closes at once if there is no input. The client normally sends nothing
// more then, and waiting for the close of each client makes a request take 15% longer.
func (c *conn) close() {
	defer c.watch.Closed()
	defer c.nc.Close()
	if c.requestState == nil {
		return
	}
	defer c.giveBack()
	if c.broken || c.flush() != nil || !c.unreadInput && len(c.in.Buffered()) == 0 {
		return
	}
	half, ok := c.nc.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	c.drain()
}

// drain reads and drops input until the client closes, Limits.Drain octets have come, Limits.DrainTime is over,
// the connection is evicted, or the grace of a stop is over. If the last response says why the connection has to
// end, drain does not stop at the end of the grace, so that this response arrives; endAll ends it. A read can end
// early, because wake sets a deadline in the past.
func (c *conn) drain() {
	c.waitFrom = time.Now()
	end, left := c.waitFrom.Add(c.srv.Limits.DrainTime), c.srv.Limits.Drain
	for {
		c.nc.SetReadDeadline(end) // before enter, because evict sets another one from then on
		if err := c.enter(closing); err == errEvicted || err != nil && !c.forced {
			return
		}
		n, err := io.CopyN(io.Discard, c.nc, left)
		if left -= n; !isTimeout(err) || !time.Now().Before(end) {
			return
		}
	}
}

// serveRefusal responds with 503 and ends the connection, because there are too many connections. It reads
// no request, because the client may not send one. So it does not know whether the method is HEAD, and
// always sends a body: the text helps people. A client that has sent HEAD ignores the body, and no other
// response follows.
func (c *conn) serveRefusal() {
	defer c.recoverServer()
	c.borrow()
	c.now = time.Now()
	defer c.close()
	c.unreadInput = true
	c.beganAt = c.now
	c.id = c.srv.requests.Add(1)
	c.req = httpwire.Request{Fields: c.req.Fields[:0]}
	c.makeRefusal(503, "All connections of the server are taken. Try again in a second.\n")
	c.respond(false)
}

func isTimeout(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }
