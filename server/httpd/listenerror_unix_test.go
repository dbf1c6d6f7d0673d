//go:build unix

package httpd

import (
	"net"
	"os"
	"syscall"
	"testing"
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
