// Package httpd serves HTTP/1.0 over a net.Listener by hand: connections, limits, deadlines and
// closing. A [Handler] decides what to respond. Package httpwire decides what the octets mean.
//
// A connection is one goroutine and one loop: wait for octets, read the head, check it, read the
// body, let the handler fill in a response, write it. Then close, or begin again if the client has
// asked for that. A connection is always in one state:
//
//	            octets             all of the head           all of the body
//	fresh ----------------> head ---------------------> body ---------------+
//	                         ^ \                                            |
//	                  octets |  \ all of the request, and there is no body  |
//	                         |   v                                          |
//	                       idle  handling <---------------------------------+
//	                         ^    |
//	      keep-alive, and no |    | response
//	          request waits  |    v
//	                       sending ------------> closing ------------> closed
//	                                  close               the client
//	                                                      closes too
//
// In fresh, idle, head, body, sending and closing the connection waits for the client. Each of them has a
// time limit. When the time is over, the server responds with 408, or just closes if there is nothing to
// respond to. If more requests have arrived while one was handled, the server handles them too before it sends
// the responses.
//
//	httpd.go      listeners, and how they end
//	conn.go       the loop of one connection, its states, and a close that loses no response
//	deadline.go   how a connection waits for its client to send, how long if there are many, and
//	              which one ends if there are too many
//	respond.go    makes every response; bodies with few fields, and bodies without an end (Brief, Stream)
//	send.go       how responses are sent, what they keep in memory, and when a slow reader is cut off
//	refuse.go     responses to requests that cannot be read
//	hosts.go      the hosts that the server responds for
//	limits.go     what a client may use up
//	log.go        the lines of the log, secrets hidden (basicauth.Redact); responses without one (Quiet)
//	metrics.go    what is counted
//	listen.go     addresses, and what is wrong with them; listenerror_*.go: each system's errors
//	headcache.go  for speed: the head of the last response
//	worker.go     for speed: goroutines that serve one connection after another
//
// Memory is limited to the number of connections, times what one connection may use (limits.go). The
// server allocates memory for octets that have arrived, not for octets that a Content-Length announces.
package httpd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"rawhttp/httpwire"
)

// A Handler responds to requests. Many goroutines call Handle at the same time. The request was checked, and it
// has its body. The response is empty. Handle sets its code, its body, and the fields that only the
// handler knows, such as Content-Type. The server adds Date, Connection, Server, X-Content-Type-Options
// and Content-Length, or only some of them if the body is a Brief. A handler treats HEAD like GET, and
// the server leaves out the body.
//
// The response may contain slices of the request. Nothing else may keep such slices after Handle has
// returned. If Handle panics, the response is a 500, and the connection ends. If it calls runtime.Goexit,
// the connection ends without a response.
//
// The body is sent after Handle has returned, and must not change until then. If a body has 16 KiB or
// more and too many of those are being sent, the server responds with 503 instead. So a handler that
// changes something keeps its response shorter than that.
//
// A Handler may also implement MethodHandler, HeadHandler and RefusalHandler.
type Handler interface {
	Handle(req *httpwire.Request, resp *httpwire.Response)
}

// A MethodHandler says which methods it has. Knows reports whether it has the method of a request. If it
// does not, the server responds with 501 and does not read the body of the request.
type MethodHandler interface {
	Handler
	Knows(req *httpwire.Request) bool
}

// A HeadHandler can decide on a request before the body comes. HandleHead is called if a client waits
// for 100 (Continue) before it sends the body (RFC 9110 section 10.1.1). If the body makes no
// difference, HandleHead fills in the response as Handle does, and reports true. Then that response is
// sent instead of 100 (Continue), and Handle is not called.
type HeadHandler interface {
	Handler
	HandleHead(req *httpwire.Request, resp *httpwire.Response) (final bool)
}

// A RefusalHandler adds fields to the responses that the server makes itself: to requests that cannot
// be read, that are for another host, or that come when the server has no room. In HandleRefusal, the
// request has the fields that could be read, and the response has its code, its Content-Type and its body.
type RefusalHandler interface {
	Handler
	HandleRefusal(req *httpwire.Request, resp *httpwire.Response)
}

// A Watcher sees every connection, except those that are refused because there are too many. The
// server waits until a method of a Watcher or of a Watch returns.
type Watcher interface {
	// Opened returns the Watch of a connection with a client. It is called by many goroutines.
	Opened(peer string) Watch
}

// A Watch sees what happens on one connection. Its methods are called one after the other. Octets
// belong to the server, and are valid until the method returns.
type Watch interface {
	// Received is called with the octets of the client, right after they were read.
	Received(octets []byte)
	// Responded is called before a final response is sent, with its status code and the number of its
	// octets, which is -1 if the close ends it. next has the octets that were received after its
	// request: the next request begins with them.
	Responded(code int, octets int64, next []byte)
	// Sent is called with octets, after the operating system has accepted them.
	Sent(octets []byte)
	// Closed is called last, when the connection is closed.
	Closed()
}

// unwatched is the Watch of a server without a Watcher.
type unwatched struct{}

func (unwatched) Received([]byte)              {}
func (unwatched) Responded(int, int64, []byte) {}
func (unwatched) Sent([]byte)                  {}
func (unwatched) Closed()                      {}

// Product is the value of this server's Server field.
const Product = "rawhttp/1.0"

// A Server serves one Handler on any number of listeners. Set the fields before you call Serve or ServeConn,
// and do not change them afterwards. Call Serve once.
type Server struct {
	Handler  Handler
	Limits   Limits // use DefaultLimits, or change some of them: zero Limits would refuse every request
	Hosts    *Hosts // requests for other hosts get 421; nil means every host
	AddHost  string // the flag that adds a name to Hosts, for the text of a 421; may be empty
	Name     string // product tokens for the Server field; none if empty
	NoSimple bool   // refuse Simple-Requests (HTTP/0.9)
	// Log gets a line for each request; nil means no log. Its slog.Handler must not keep a record or its
	// values after Handle has returned, because the storage is used again.
	Log        *slog.Logger
	LogDropped func() int64 // lines that the log has lost, for the metrics; may be nil
	Watcher    Watcher      // sees every connection; may be nil

	requests      atomic.Uint64 // numbered from 1 in the order in which they begin
	requestStates sync.Pool     // of *requestState
	outputs       sync.Pool     // of *[mostOutput]byte, for long bodies
	open          atomic.Int64  // connections
	refusing      atomic.Int64  // connections that get a 503, because there are too many
	stopping      atomic.Bool
	stop          chan struct{} // closed when the server begins to stop; nil before Serve
	work          chan func()   // to goroutines that are free; see start
	graceOver     atomic.Bool   // stopping, and the time for requests that have begun is over
	metrics       counters
	inFlight      inFlight
	rechecked     atomic.Int64 // when recheckAll woke connections last, in Unix seconds
	refusedAt     atomic.Int64 // when a connection was refused last, in Unix seconds
	lacksRoom     atomic.Bool  // the system had no descriptor for a connection, and evict ended no other one

	mu    sync.Mutex
	conns map[*conn]struct{}
	done  sync.WaitGroup
}

// Serve accepts connections on all listeners until ctx is done. Then it closes the listeners, and the
// connections on which no request has come. It waits for requests that have begun, no longer than grace.
// An incomplete head has BusyTime then, so that a person who types does not delay the stop. A Stream ends at
// once. A handler that does not return delays the stop by a second more than grace. Serve returns nil if it
// ended because of ctx, and otherwise the first error of a listener. If Limits.Check returns an error, or if no
// Server field can have Name, Serve returns the error immediately, and does not close the listeners.
func (s *Server) Serve(ctx context.Context, grace time.Duration, listeners ...net.Listener) error {
	if err := cmp.Or(s.Limits.Check(), s.checkName()); err != nil {
		return err
	}
	s.stop, s.work, s.conns = make(chan struct{}), make(chan func()), make(map[*conn]struct{})
	failed := make(chan error, len(listeners))
	for _, l := range listeners {
		s.done.Go(func() { failed <- s.accept(l) })
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	s.stopping.Store(true)
	close(s.stop)
	for _, l := range listeners {
		l.Close()
	}
	s.each((*conn).wake)
	s.endAll(grace)
	return err
}

// checkName returns an error if no response can be sent, because it would have a Server field with Name.
func (s *Server) checkName() error {
	if _, err := s.appendHead(nil, headFacts{code: 200}, nil); err != nil {
		return fmt.Errorf("the name %q cannot be in a Server field: %w", s.Name, err)
	}
	return nil
}

// ServeConn serves one connection until it ends. The connection does not count for Limits.Conns. When
// Serve stops, it does not wait for this connection, and does not end it. ServeConn checks neither Limits nor
// Name.
func (s *Server) ServeConn(nc net.Conn) { newConn(s, nc).serve() }

// endAll waits until the connections have ended. When grace is over it ends them. Those that are waiting for
// the rest of a request, or for their handler, have half a second more to send a response.
func (s *Server) endAll(grace time.Duration) {
	ended := make(chan struct{})
	go func() {
		s.done.Wait()
		close(ended)
	}()
	haveEnded := func(within time.Duration) bool {
		select {
		case <-ended:
			return true
		case <-time.After(within):
			return false
		}
	}
	if haveEnded(grace) {
		return
	}
	s.graceOver.Store(true)
	s.each((*conn).wake)
	if haveEnded(time.Second / 2) {
		return
	}
	s.each(func(c *conn) { c.nc.Close() })
	if !haveEnded(time.Second / 2) {
		s.log(slog.LevelWarn, "stopped, and some requests are still being handled")
	}
}

// accept accepts connections until the server stops, and then returns nil. If the listener fails, it returns
// the error. After an error that passes, it tries again.
func (s *Server) accept(l net.Listener) error {
	const shortest, longest = 5 * time.Millisecond, time.Second
	pause := shortest
	for {
		nc, err := l.Accept()
		switch {
		case err == nil:
			pause = shortest
			s.lacksRoom.Store(false)
			s.admit(nc)
		case s.stopping.Load():
			return nil
		case temporary(err): // for example no descriptors or no memory is left: wait until a connection ends
			switch {
			case concernsOneConnection(err):
			case s.evict(leastSilence):
				pause = shortest
			default:
				s.lacksRoom.Store(true)
			}
			s.log(slog.LevelWarn, "cannot accept", slog.Any("error", err), slog.Duration("retry", pause))
			select {
			case <-time.After(pause):
			case <-s.stop:
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
	return errors.As(err, &t) && t.Temporary() || acceptMayWork(err)
}

// admit serves a new connection. If there are too many, it ends another one (evict), or refuses this
// one.
func (s *Server) admit(nc net.Conn) {
	c := newConn(s, nc)
	if s.open.Add(1) > int64(s.Limits.Conns) && !s.evict(leastWait) {
		s.open.Add(-1)
		s.refuseConnection(c)
	} else {
		s.run(c, &s.open, c.serve)
	}
	s.recheckAll()
}

// refuseConnection responds with 503 to a limited number of connections at a time. It just closes the
// others.
func (s *Server) refuseConnection(c *conn) {
	const most = 64
	s.metrics.refused.Add(1)
	s.refusedAt.Store(time.Now().Unix())
	c.refused = true
	if s.refusing.Add(1) > most {
		s.refusing.Add(-1)
		c.nc.Close()
		return
	}
	s.run(c, &s.refusing, c.serveRefusal)
}

// run serves a connection in a goroutine. Until the connection ends, it is in s.conns, and count
// includes it.
func (s *Server) run(c *conn, count *atomic.Int64, serve func()) {
	s.mu.Lock()
	s.conns[c] = struct{}{}
	s.mu.Unlock()
	s.done.Add(1)
	s.start(func() {
		defer func() {
			s.mu.Lock()
			delete(s.conns, c)
			s.mu.Unlock()
			count.Add(-1)
			s.done.Done()
		}()
		serve()
	})
}

// each calls f for every connection.
func (s *Server) each(f func(*conn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		f(c)
	}
}
