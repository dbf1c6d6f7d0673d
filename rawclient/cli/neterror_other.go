//go:build !plan9

package cli

import (
	"errors"
	"syscall"
)

// isRefused reports whether nothing listens at the address.
func isRefused(err error) bool { return isErrno(err, syscall.ECONNREFUSED, 10061) }

// isReset reports whether the other side broke the connection off: an RST came instead of a FIN.
func isReset(err error) bool {
	return isErrno(err, syscall.ECONNRESET, 10054) || isErrno(err, syscall.EPIPE, 10053) ||
		isErrno(err, syscall.ECONNABORTED, 10053)
}

// isErrno reports whether err is the given error of the operating system. Package syscall has the
// same names everywhere. On Windows an error of a socket has another number than its name, and
// errors.Is does not find it, so the number is given as well.
func isErrno(err error, unix, windows syscall.Errno) bool {
	var errno syscall.Errno
	return errors.As(err, &errno) && (errno == unix || errno == windows)
}
