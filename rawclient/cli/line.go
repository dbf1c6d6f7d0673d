package cli

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"time"
)

var aLongTimeAgo = time.Unix(1, 0)

// A line is the receiving side of the connection. It waits as long as its context lasts, and calls
// idle once when nothing came for as long as its patience. When the context ends, the connection
// is closed by whoever made both, and that is the error.
type line struct {
	conn *net.TCPConn
	ctx  context.Context
	idle func()
	told bool // idle was called

	buf       []byte // for copying where the kernel does not
	patience  time.Duration
	impatient bool // a silence of that length is the end
}

// Read waits for octets of the answer.
func (l *line) Read(p []byte) (int, error) {
	n, err := l.patiently(func() (int64, error) {
		n, err := l.conn.Read(p)
		return int64(n), err
	})
	return int(n), err
}

// copy copies n octets to dst; if the connection ends before, it returns io.EOF. Between the
// connection and a file there is nothing, so that the kernel may move the octets by itself.
func (l *line) copy(dst io.Writer, n int64) (done int64, err error) {
	if l.buf == nil {
		l.buf = make([]byte, 64<<10)
	}
	for done < n && err == nil {
		var m int64
		m, err = l.patiently(func() (int64, error) {
			return io.CopyBuffer(dst, io.LimitReader(l.conn, n-done), l.buf)
		})
		if done += m; m == 0 && err == nil {
			err = io.EOF
		}
	}
	return done, err
}

// patiently calls read until it yields octets or fails.
func (l *line) patiently(read func() (int64, error)) (int64, error) {
	for {
		l.conn.SetReadDeadline(time.Now().Add(l.patience))
		n, err := read()
		switch {
		case err != nil && l.ctx.Err() != nil:
			return n, l.ctx.Err()
		case !errors.Is(err, os.ErrDeadlineExceeded):
			return n, err
		case n > 0:
			return n, nil
		case l.impatient:
			return 0, errSilent
		case !l.told:
			l.told = true
			l.idle()
		}
	}
}

// linger reads what may still come once the answer is complete: for so long, or until the end if
// that is zero.
func (l *line) linger(p []byte, until time.Time) (int, error) {
	l.conn.SetReadDeadline(until)
	n, err := l.conn.Read(p)
	if err != nil && l.ctx.Err() != nil {
		err = l.ctx.Err()
	}
	return n, err
}
