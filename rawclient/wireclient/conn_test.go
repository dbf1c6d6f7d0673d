package wireclient

import (
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// TestShortRequestIsSentAtOnce checks that a short request has been sent when send returns (C6).
// After that nothing but reading uses the connection: a later Write, even of nothing, would get
// the error of a reset, and reading would get a mere close.
func TestShortRequestIsSentAtOnce(t *testing.T) {
	for _, half := range []bool{false, true} {
		sent := send(connect(t, func(c *net.TCPConn) { readHead(c) }), []byte(get), 0, half)
		select {
		case <-sent.done:
		default:
			t.Error("something is left to be done")
		}
		if sent.n != len(get) || sent.err != nil {
			t.Errorf("%d octets of %d, %v", sent.n, len(get), sent.err)
		}
	}
}

// A lateWrite is a connection that takes a last octet only when a deadline is set.
type lateWrite struct {
	*net.TCPConn
	writing   chan struct{}
	deadlines chan time.Time
}

func (c lateWrite) Write(b []byte) (int, error) {
	if len(b) == 1 {
		close(c.writing)
		<-c.deadlines
	}
	return len(b), nil
}

func (c lateWrite) SetWriteDeadline(at time.Time) error {
	c.deadlines <- at
	return nil
}

// TestStopAtTheEnd checks that a connection takes another request if the last octets were sent while
// the sending was being stopped.
func TestStopAtTheEnd(t *testing.T) {
	conn := lateWrite{&net.TCPConn{}, make(chan struct{}), make(chan time.Time, 2)}
	const size = 16<<10 + 1
	s := send(conn, make([]byte, size), 0, false)
	<-conn.writing
	s.stop()
	close(conn.deadlines)
	if at, ok := <-conn.deadlines; s.n != size || s.err != nil || !ok || !at.IsZero() {
		t.Errorf("%d octets sent, %v, the deadline is %v, %t", s.n, s.err, at, ok)
	}
}

// A brokenWrite is a connection with one Write that fails.
type brokenWrite struct {
	*net.TCPConn
	writes, fails int
}

func (c *brokenWrite) Write(b []byte) (int, error) {
	if c.writes++; c.writes == c.fails {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

func (c *brokenWrite) CloseWrite() error { return nil }

// TestWriteErrorEndsSending checks that nothing is sent after an error, and that it is not forgotten.
func TestWriteErrorEndsSending(t *testing.T) {
	for fails := 1; fails <= 2; fails++ {
		conn := &brokenWrite{&net.TCPConn{}, 0, fails}
		s := send(conn, []byte(get), 1, true)
		if <-s.done; s.n != fails-1 || s.err != io.ErrShortWrite || conn.writes != fails {
			t.Errorf("%d octets sent with %d writes, %v", s.n, conn.writes, s.err)
		}
	}
}

// TestSilences checks that a silence is reported, and that no deadline follows it.
func TestSilences(t *testing.T) {
	octets := &readers{iotest.ErrReader(os.ErrDeadlineExceeded), strings.NewReader("abc")}
	silences := 0
	r := &receiver{conn: replaced{&net.TCPConn{}, octets}, ctx: t.Context(), deadline: within(time.Hour),
		onSilence: func(error) error { silences++; return nil }}
	b := make([]byte, 4)
	if n, err := r.Read(b); n != 3 || err != nil || silences != 1 || !r.deadline().IsZero() {
		t.Errorf("%d octets, %v, %d silences, then the deadline %v", n, err, silences, r.deadline())
	}
	if _, err := r.Read(b); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

// readers read once each.
type readers []io.Reader

func (r *readers) Read(p []byte) (int, error) {
	if len(*r) == 0 {
		return 0, io.EOF
	}
	first := (*r)[0]
	*r = (*r)[1:]
	return first.Read(p)
}
