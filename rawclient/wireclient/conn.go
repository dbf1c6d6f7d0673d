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

var errSilent = errors.New("nothing was received for a while")

// A receiver reads from the connection until its context ends. Then the connection is closed, and
// reading returns the error of the context. An error that ends reading is returned again by each later
// read: a connection itself reports a reset only once, and then looks as if the server had closed it.
type receiver struct {
	conn         Conn
	ctx          context.Context
	silence      time.Duration
	onSilence    func() // called after the first silence; then it is nil
	endOnSilence bool   // a silence is the end: errSilent
	ended        error  // why reading has ended; nil before that
}

// Read waits for octets or an error.
func (r *receiver) Read(p []byte) (int, error) {
	for {
		n, err := r.readUntil(p, deadlineIn(r.silence))
		switch {
		case r.ended != nil, !errors.Is(err, os.ErrDeadlineExceeded):
			return n, err
		case r.endOnSilence:
			return 0, errSilent
		case r.onSilence != nil:
			r.onSilence()
			r.onSilence = nil
		}
	}
}

// deadlineIn returns the time after d. If d is 0, there is no deadline.
func deadlineIn(d time.Duration) time.Time {
	if d == 0 {
		return time.Time{}
	}
	return time.Now().Add(d)
}

// readUntil reads until a deadline. The zero time means that there is no deadline.
func (r *receiver) readUntil(p []byte, deadline time.Time) (int, error) {
	if r.ended != nil {
		return 0, r.ended
	}
	r.conn.SetReadDeadline(deadline)
	n, err := r.conn.Read(p)
	err = cmp.Or(r.ctx.Err(), err)
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		r.ended = err
	}
	return n, err
}
