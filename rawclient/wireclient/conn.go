package wireclient

import (
	"cmp"
	"context"
	"errors"
	"net"
	"os"
	"slices"
	"time"
)

// A Conn is a connection to a server: a *net.TCPConn, or a *tls.Conn, beneath which the octets are
// encrypted.
type Conn interface {
	net.Conn
	CloseWrite() error
}

// Dial connects to host:port within 5 seconds. If the host has addresses of both families, it
// tries both.
func Dial(ctx context.Context, addr string) (*net.TCPConn, error) {
	dialer := net.Dialer{Timeout: 5 * time.Second, KeepAlive: -1}
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return conn.(*net.TCPConn), nil
}

// A sending is a request that is being sent. The response may arrive meanwhile: a server can
// refuse a long request before it has read all of it.
type sending struct {
	conn Conn
	done chan struct{}
	halt chan struct{} // ends the pauses between octets
	n    int           // octets sent, once done
	err  error         // once done
}

// send sends b. What the system takes at once is sent before send returns, so that an early response
// does not stop a short request. With a pause, b is sent octet by octet.
func send(conn Conn, b []byte, pause time.Duration, halfClose bool) *sending {
	s := &sending{conn: conn, done: make(chan struct{}), halt: make(chan struct{})}
	first, piece := min(len(b), 16<<10), len(b)
	if pause > 0 {
		first, piece = min(len(b), 1), 1
	}
	s.write(b[:first])
	if first == len(b) {
		s.end(halfClose)
		return s
	}
	go func() {
		defer s.end(halfClose)
		for rest := range slices.Chunk(b[first:], piece) {
			if s.err != nil {
				return
			}
			select {
			case <-time.After(pause):
				s.write(rest)
			case <-s.halt:
				s.err = os.ErrDeadlineExceeded
			}
		}
	}()
	return s
}

func (s *sending) write(b []byte) {
	var n int
	n, s.err = s.conn.Write(b)
	s.n += n
}

func (s *sending) end(halfClose bool) {
	if s.err == nil && halfClose {
		s.err = s.conn.CloseWrite()
	}
	close(s.done)
}

// active reports whether octets are left to be sent.
func (s *sending) active() bool {
	select {
	case <-s.done:
		return false
	default:
		return true
	}
}

// stop stops sending, even in the middle of the request, and waits until nothing more is sent.
func (s *sending) stop() {
	if !s.active() {
		return
	}
	close(s.halt)
	s.conn.SetWriteDeadline(time.Unix(1, 0)) // long ago
	<-s.done
	s.conn.SetWriteDeadline(time.Time{}) // if the last octets were sent after all, another request can follow
}

// A receiver reads from the connection until its context ends. Then the connection is closed, and
// reading returns the error of the context. An error that ends reading is returned again by each later
// read: a connection itself reports a reset only once, and then looks as if the server had closed it.
type receiver struct {
	conn      Conn
	ctx       context.Context
	deadline  func() time.Time      // of the next read; the zero time means that there is none
	onSilence func(err error) error // called with the error of the deadline; an error ends reading
	ended     error                 // why reading has ended; nil before that
}

// Read waits for octets or an error. After a silence that does not end reading, there is no deadline any more.
func (r *receiver) Read(p []byte) (int, error) {
	for r.ended == nil {
		r.conn.SetReadDeadline(r.deadline())
		n, err := r.conn.Read(p)
		if err = cmp.Or(r.ctx.Err(), err); !errors.Is(err, os.ErrDeadlineExceeded) {
			r.end(err)
			return n, err
		}
		r.deadline = within(0)
		r.end(r.onSilence(err))
	}
	return 0, r.ended
}

// end ends reading with err, unless err is nil.
func (r *receiver) end(err error) {
	if err != nil {
		r.ended = err
	}
}

// within returns a function that returns the time after d, counted from its call. If d is 0, there is no deadline.
func within(d time.Duration) func() time.Time {
	return func() time.Time {
		if d == 0 {
			return time.Time{}
		}
		return time.Now().Add(d)
	}
}
