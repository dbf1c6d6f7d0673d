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
//	waiting.go   what the log says of a request that does not come
//	crowd.go     where patience ends
//	limits.go    what a client may use up
//	metrics.go   what is counted
//	listen.go    addresses, and advice about them
//	park_*.go    waiting without holding memory
//	hostile      peers that mean no good, as a test
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
// A handler that takes other methods than httpwire.Methods says so with a method
// Knows(req *httpwire.Request) bool; without, they are answered 501 before their body is read.
type Handler interface {
	Handle(req *httpwire.Request, resp *httpwire.Response)
}

// Product is what this server calls itself in the Server field.
const Product = "rawhttp/1.0"

// A Server serves one Handler on any number of listeners. The fields are set before Serve and not
// changed after.
type Server struct {
	Handler  Handler
	Limits   Limits
	Name     string       // product tokens for the Server field; none if empty
	NoSimple bool         // refuse Simple-Requests (HTTP/0.9)
	Log      *slog.Logger // one line per request; none if nil

	requests    atomic.Uint64 // numbered from 1 in the order in which they begin
	works       sync.Pool     // of *work
	sendStorage sync.Pool     // of *sendStorage
	second      atomic.Pointer[second]
	open        atomic.Int64 // connections
	refusing    atomic.Int64 // connections that are told that there are too many
	stopping    atomic.Bool
	metrics     metrics
	inFlight    inFlight
	woken       atomic.Int64 // when crowd did so last, as Unix counts

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
	s.endIdle()
	s.wake()
	s.end(grace)
	return err
}

// end waits for the connections to end, and ends them when grace is over.
func (s *Server) end(grace time.Duration) {
	stop := time.AfterFunc(grace, s.endAll)
	defer stop.Stop()
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

// admit starts a connection, or refuses it if there are too many.
func (s *Server) admit(nc net.Conn) {
	c := newConn(s, nc)
	if s.open.Add(1) > int64(s.Limits.Conns) {
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

// endIdle ends the connections that wait for a request. One that is about to wait sees stopping.
func (s *Server) endIdle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		if c.idle.Load() {
			c.nc.SetReadDeadline(time.Unix(1, 0))
		}
	}
}

// endAll ends every connection, whatever it is doing.
func (s *Server) endAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.nc.Close()
	}
}

func (s *Server) log(level slog.Level, msg string, attrs ...slog.Attr) {
	if s.Log != nil {
		s.Log.LogAttrs(context.Background(), level, msg, attrs...)
	}
}
