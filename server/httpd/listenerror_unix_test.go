//go:build unix

package httpd

import (
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// Errors of Accept that do not concern the listener do not end the server.
func TestTemporary(t *testing.T) {
	for errno, want := range map[syscall.Errno]bool{
		syscall.EMFILE: true, syscall.ENFILE: true, syscall.ECONNABORTED: true, syscall.ECONNRESET: true,
		syscall.ENOBUFS: true, syscall.ENOMEM: true, syscall.EPERM: true, syscall.EPROTO: true,
		syscall.ENETDOWN: true, syscall.ENETUNREACH: true, syscall.EHOSTUNREACH: true,
		syscall.EBADF: false, syscall.EINVAL: false, syscall.ENOTSOCK: false,
	} {
		err := &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", errno)}
		if temporary(err) != want {
			t.Errorf("%v: want %t", err, want)
		}
	}
}

// lossy is a listener whose Accept can return errors.
type lossy struct {
	*pipes
	errs chan error
}

func (l lossy) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case err := <-l.errs:
		return nil, err
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// A waiting connection ends if descriptors are short, and not if another connection could not be accepted.
func TestAcceptEvicts(t *testing.T) {
	for errno, want := range map[syscall.Errno]int64{
		syscall.EMFILE: 1, syscall.ENFILE: 1, syscall.ENOMEM: 1, syscall.ENOBUFS: 1,
		syscall.EPERM: 0, syscall.ECONNABORTED: 0, syscall.EPROTO: 0, syscall.ENETDOWN: 0,
	} {
		synctest.Test(t, func(t *testing.T) {
			l := lossy{newPipes(), make(chan error)}
			s := &Server{Handler: echo, Limits: DefaultLimits}
			go s.Serve(t.Context(), time.Second, l)
			defer l.dial().Close()
			time.Sleep(2 * leastWait)
			l.errs <- os.NewSyscallError("accept4", errno)
			synctest.Wait()
			if got := s.metrics.evicted.Load(); got != want {
				t.Errorf("%v: %d connections are evicted, want %d", errno, got, want)
			}
		})
	}
}
