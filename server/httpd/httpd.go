// Package httpd serves HTTP/1.0 over a net.Listener by hand: connections, limits, deadlines and
// closing. What to answer is a Handler's business; what the octets say is httpwire's.
//
// A connection is one goroutine and a walk straight down: wait for octets, read the head, check it,
// read the body, let the handler fill in a response, write it, and close, or begin again if the
// client asked for that. Every answer, a refusal as well, is made in one place (answer.go).
//
//	httpd.go     listeners, and how they end
//	conn.go      the walk of one connection, and how to close so that no answer is lost
//	answer.go    every answer
//	send.go      how answers are sent, and what they keep in memory meanwhile
//	refuse.go    what is answered to a request that cannot be read
//	hosts.go     which hosts the server answers for
//	waiting.go   what the log says of a request that does not come
//	crowd.go     how long connections may wait for their client, and which ends first
//	limits.go    what a client may use up
//	log.go       the lines of the log
//	metrics.go   what is counted
//	listen.go    addresses, and advice about them; listenerror_*.go: each system's errors
//	park_*.go    waiting without holding memory
//
// Memory is bounded by connections times limits (limits.go), and is taken for octets that came,
// never for octets that were announced.
package httpd

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"rawhttp/httpwire"
)

// A Handler answers requests. The request was checked and its body is in; it is valid until Handle
// returns. The response comes empty, and Handle sets its code, its body, and the fields that only
// the handler can know, Content-Type among them; Date, Server, Connection and Content-Length are
// added to every answer. A HEAD is handled as a GET whose body will not be sent. Handle is called
// from many goroutines.
//
// The body is sent after Handle has returned, and must not change until then. A response whose body
// has 16 KiB or more is replaced by 503 if too many responses are under way. So a handler that
// changes anything keeps its response shorter than that.
//
// A Handler may be a MethodHandler, a HeadHandler, a RefusalHandler and a QuietHandler as well.
type Handler interface {
	Handle(req *httpwire.Request, resp *httpwire.Response)
}

// A MethodHandler takes other methods than those of httpwire.Methods. Knows reports whether it
// takes the method of a request. A method that is not known is answered 501 before its body is
// read; so are all others than httpwire.Methods if the Handler is no MethodHandler.
type MethodHandler interface {
	Handler
	Knows(req *httpwire.Request) bool
}

// A HeadHandler can decide on a request by its head. HandleHead is called when a client waits to be
// asked for the body (Expect: 100-continue, RFC 9110 section 10.1.1). It fills in the response as
// Handle does and reports true if the body makes no difference to it. Then the response is sent
// instead of 100 (Continue), and Handle is not called.
type HeadHandler interface {
	Handler
	HandleHead(req *httpwire.Request, resp *httpwire.Response) (final bool)
}

// A RefusalHandler adds fields to the responses that the server makes itself: to requests that
// cannot be read, are not for it, or come when it has no room. The request has the fields that
// could be read. The response has its code, its Content-Type and its body.
type RefusalHandler interface {
	Handler
	HandleRefusal(req *httpwire.Request, resp *httpwire.Response)
}

// A QuietHandler says which requests are not worth a line in the log: they are logged at the level
// of debugging.
type QuietHandler interface {
	Handler
	Quiet(req *httpwire.Request) bool
}

// Product is what this server calls itself in the Server field.
const Product = "rawhttp/1.0"

// A Server serves one Handler on any number of listeners. The fields are set before Serve and not
// changed after.
type Server struct {
	Handler  Handler
	Limits   Limits
	Hosts    *Hosts // the hosts that it answers for, 421 for others; every host if nil
	Name     string // product tokens for the Server field; none if empty
	NoSimple bool   // refuse Simple-Requests (HTTP/0.9)
	// Log gets a line for each request; nil is no log. Its handler must not keep a record or its
	// values after Handle, because the storage is used again.
	Log        *slog.Logger
	LogDropped func() int64 // lines that the log has lost, for the metrics; may be nil

	requests    atomic.Uint64 // numbered from 1 in the order in which they begin
	works       sync.Pool     // of *work
	sendStorage sync.Pool     // of *sendStorage
	second      atomic.Pointer[second]
	open        atomic.Int64 // connections
	refusing    atomic.Int64 // connections that are told that there are too many
	stopping    atomic.Bool
	over        atomic.Bool // stopping, and the time for requests under way is over
	metrics     metrics
	inFlight    inFlight
	woken       atomic.Int64 // when crowd woke connections last, as Unix counts

	mu    sync.Mutex
	conns map[*conn]struct{}
	done  sync.WaitGroup
}

// Serve accepts connections on all the listeners until ctx is done. Then it closes the listeners
// and the idle connections and waits for the requests under way, no longer than grace. It returns
// the first error of a listener, and nil when it ended because of ctx. An unfinished head has
// BusyTime then, so that people who type do not hold up the stop; a handler that does not return
// holds it up for a second more than grace.
func (s *Server) Serve(ctx context.Context, grace time.Duration, listeners ...net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failed := make(chan error, len(listeners))
	for _, l := range listeners {
		s.done.Go(func() {
			if err := s.accept(ctx, l); err != nil {
				failed <- err
			}
		})
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	s.stopping.Store(true)
	cancel()
	for _, l := range listeners {
		l.Close()
	}
	s.each((*conn).wake)
	s.end(grace)
	return err
}

// end waits for the connections to end. When grace is over it ends them: those that wait for the
// rest of a request have half a second more to send their 503.
func (s *Server) end(grace time.Duration) {
	stop := time.AfterFunc(grace, func() {
		s.over.Store(true)
		s.each(func(c *conn) {
			if phase := c.phase.Load(); phase == working || phase >= sending {
				c.nc.Close()
			} else {
				c.wake()
			}
		})
	})
	defer stop.Stop()
	last := time.AfterFunc(grace+time.Second/2, func() { s.each(func(c *conn) { c.nc.Close() }) })
	defer last.Stop()
	ended := make(chan struct{})
	go func() {
		s.done.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(grace + time.Second):
		s.log(slog.LevelWarn, "stopped, and some requests are still being handled")
	}
}

// accept returns nil once the server is stopping.
func (s *Server) accept(ctx context.Context, l net.Listener) error {
	const shortest, longest = 5 * time.Millisecond, time.Second
	pause := shortest
	for {
		nc, err := l.Accept()
		switch {
		case err == nil:
			pause = shortest
			s.admit(nc)
		case s.stopping.Load():
			return nil
		case temporary(err): // no descriptors left, say: wait for connections to end
			s.log(slog.LevelWarn, "cannot accept", slog.Any("error", err), slog.Duration("retry", pause))
			select {
			case <-time.After(pause):
			case <-ctx.Done():
			}
			pause = min(2*pause, longest)
		default:
			return err
		}
	}
}

// temporary reports whether Accept may work again later.
func temporary(err error) bool {
	var t interface{ Temporary() bool }
	return errors.As(err, &t) && t.Temporary()
}

// admit starts a connection. If there are too many, another one that has only waited ends for it,
// or it is refused.
func (s *Server) admit(nc net.Conn) {
	c := newConn(s, nc)
	if s.open.Add(1) > int64(s.Limits.Conns) && !s.evict() {
		s.open.Add(-1)
		s.turnAway(c)
	} else {
		s.run(c, &s.open, c.serve)
	}
	s.crowd()
}

// turnAway answers 503, to a bounded number of connections at a time; the others are just closed.
func (s *Server) turnAway(c *conn) {
	s.metrics.turned.Add(1)
	c.turned = true
	if s.refusing.Add(1) > 64 {
		s.refusing.Add(-1)
		c.nc.Close()
		return
	}
	s.run(c, &s.refusing, c.tooMany)
}

// run lets a connection run, known to the server until it ends and is no longer counted.
func (s *Server) run(c *conn, count *atomic.Int64, serve func()) {
	s.mu.Lock()
	if s.conns == nil {
		s.conns = make(map[*conn]struct{})
	}
	s.conns[c] = struct{}{}
	s.mu.Unlock()
	s.done.Go(func() {
		defer s.forget(c, count)
		serve()
	})
}

func (s *Server) forget(c *conn, count *atomic.Int64) {
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
	count.Add(-1)
}

// each calls f for every connection.
func (s *Server) each(f func(*conn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		f(c)
	}
}
