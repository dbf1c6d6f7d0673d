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

// A conn is one connection and the storage that its requests and answers reuse.
type conn struct {
	srv  *Server
	nc   net.Conn
	in   *stream.Reader
	out  []byte // answers not sent yet
	idle atomic.Bool

	req    httpwire.Request
	resp   httpwire.Response
	fields httpwire.Fields // of the answer, in the order of the wire
	id     uint64          // of the request
	began  time.Time       // when its first octet was there
	before int64           // octets that had come by then
	date   [32]byte
	length [20]byte
	served bool // a request of this connection was answered
	linger bool // there may be input that nobody will read
}

func newConn(s *Server, nc net.Conn) *conn {
	c := &conn{srv: s, nc: nc}
	c.in = stream.NewReader(c)
	c.in.MaxLine, c.in.MaxHead = s.Limits.Line, s.Limits.Head
	c.req.Fields = make(httpwire.Fields, 0, s.Limits.Fields)
	return c
}

// Read reads from the peer, and before that sends what is waiting to be sent: nobody waits for
// octets whose answer lies here, and answers to pipelined requests leave together.
func (c *conn) Read(p []byte) (int, error) {
	if err := c.flush(); err != nil {
		return 0, err
	}
	return c.nc.Read(p)
}

func (c *conn) flush() error {
	if len(c.out) == 0 {
		return nil
	}
	c.nc.SetWriteDeadline(time.Now().Add(c.srv.Limits.SendTime))
	_, err := c.nc.Write(c.out)
	c.out = c.out[:0]
	return err
}

// serve goes on until a request is the last one.
func (c *conn) serve() {
	defer c.close()
	for c.wait() && c.exchange() {
	}
}

// wait waits for the first octet of a request.
func (c *conn) wait() bool {
	if len(c.in.Buffered()) == 0 {
		if err := c.flush(); err != nil {
			return false
		}
		patience := c.srv.Limits.IdleTime
		if !c.served {
			patience = c.headTime() // somebody may be about to type
		}
		c.nc.SetReadDeadline(time.Now().Add(patience))
		c.idle.Store(true)
		if c.srv.stopping.Load() {
			return false
		}
	}
	c.before = c.in.Count() - int64(len(c.in.Buffered()))
	err := c.in.Wait()
	c.idle.Store(false)
	c.began = time.Now()
	if err != nil && !c.served {
		c.srv.log(slog.LevelDebug, "opened, nothing sent (browser preconnect)", c.peer())
	}
	return err == nil
}

func (c *conn) headTime() time.Duration {
	if c.srv.busy() {
		return c.srv.Limits.BusyTime
	}
	return c.srv.Limits.HeadTime
}

// exchange reads one request, answers it, and reports whether another may follow.
func (c *conn) exchange() bool {
	c.id = c.srv.requests.Add(1)
	c.served = true
	c.nc.SetReadDeadline(c.began.Add(c.headTime()))
	if err := c.read(); err != nil {
		return c.refuse(err)
	}
	ok := c.handle()
	return c.answer(ok && c.req.KeepAlive())
}

// read reads a request and checks all that can be checked before anybody acts on it.
func (c *conn) read() error {
	if err := c.in.RequestHead(&c.req, !c.srv.NoSimple); err != nil {
		return err
	}
	c.req.Body = nil
	if c.req.Simple {
		return nil
	}
	if err := c.req.Check(); err != nil {
		return err
	}
	if !implemented(c.req.Method) {
		return &httpwire.SyntaxError{Offset: c.req.Offset, Octet: c.req.Method[0],
			Rule: httpwire.RuleKnownMethod}
	}
	length, err := c.req.BodyLength()
	if err != nil {
		return err
	}
	if length == 0 {
		return nil
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
		switch expect := c.req.Fields.Get("Expect"); {
		case expect == nil:
		case !httpwire.EqualFold(expect, "100-continue"):
			return c.req.Fields.Fault("Expect", httpwire.RuleExpect)
		case len(c.in.Buffered()) == 0:
			c.out = append(c.out, "HTTP/1.1 100 Continue\r\n\r\n"...)
		}
	}
	c.nc.SetReadDeadline(time.Now().Add(c.srv.Limits.BodyTime))
	body, err := c.in.Body(length)
	c.req.Body = body
	return err
}

// handle lets the handler fill in the response. A panic is a 500, ends the connection, and is
// nobody else's business.
func (c *conn) handle() (ok bool) {
	c.resp = httpwire.Response{Fields: c.resp.Fields[:0]}
	defer func() {
		if v := recover(); v != nil {
			c.srv.log(slog.LevelError, "the handler panicked", slog.Uint64("id", c.id),
				slog.Any("panic", v), slog.String("stack", string(debug.Stack())))
			c.text(500, "The server failed while answering this request; it goes on serving others.\n")
		}
	}()
	c.srv.Handler.Handle(&c.req, &c.resp)
	return true
}

// close closes in stages, so that an answer is not lost to a reset: what is still coming is read
// and thrown away for a while, because closing with unread input would destroy what is on its way
// to the peer (RFC 9112 section 9.6).
func (c *conn) close() {
	defer c.nc.Close()
	if c.flush() != nil || !c.linger && len(c.in.Buffered()) == 0 {
		return
	}
	half, ok := c.nc.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	c.nc.SetReadDeadline(time.Now().Add(c.srv.Limits.DrainTime))
	io.CopyBuffer(io.Discard, io.LimitReader(onlyReader{c.nc}, c.srv.Limits.Drain), make([]byte, 8<<10))
}

// onlyReader hides everything but Read, so that copying uses the buffer it was given.
type onlyReader struct{ io.Reader }

// busy tells a connection that there are too many, and ends it.
func (c *conn) busy() {
	defer c.close()
	c.linger = true
	c.began = time.Now()
	c.id = c.srv.requests.Add(1)
	c.text(503, "The server has as many connections as it takes. Try again in a few seconds.\n")
	c.resp.Fields = c.resp.Fields.Add([]byte("Retry-After"), []byte("5"))
	c.answer(false)
}

func (c *conn) peer() slog.Attr { return slog.String("peer", c.nc.RemoteAddr().String()) }

func isTimeout(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }
