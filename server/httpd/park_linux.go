package httpd

import (
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// Waiting without holding memory. A plain Read holds its buffer for as long as it blocks. Here the
// connection reads as far as that goes without blocking, and if there is nothing, gives its storage
// back before the goroutine is parked, and borrows again when octets are there. It costs no system
// call that a Read would not make.
type parker struct {
	raw  syscall.RawConn // nil if the connection is no socket
	read func(fd uintptr) bool
	n    int // octets read, or
	err  syscall.Errno
}

func (p *parker) init(nc net.Conn) {
	if sc, ok := nc.(syscall.Conn); ok {
		p.raw, _ = sc.SyscallConn()
	}
}

// firstOctets waits until some octets are in c.in.
func (c *conn) firstOctets() error {
	p := &c.park
	if p.raw == nil {
		return c.in.Fill()
	}
	if p.read == nil {
		p.read = c.readOrPark
	}
	p.n, p.err = 0, 0
	if err := p.raw.Read(p.read); err != nil {
		return err
	}
	c.now = time.Now()
	switch {
	case p.err != 0:
		return os.NewSyscallError("read", p.err)
	case p.n == 0:
		return io.EOF
	}
	c.in.Came(p.n)
	return nil
}

// readOrPark is called when octets may be there. If there are none it returns false, and is called
// again later.
func (c *conn) readOrPark(fd uintptr) (done bool) {
	if c.work == nil {
		c.borrow()
	}
	n, err := syscall.Read(int(fd), c.in.Room())
	for err == syscall.EINTR {
		n, err = syscall.Read(int(fd), c.in.Room())
	}
	if err == syscall.EAGAIN {
		c.giveBack()
		return false
	}
	c.park.n = max(n, 0)
	c.park.err, _ = err.(syscall.Errno)
	return true
}
