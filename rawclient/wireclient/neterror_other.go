//go:build !plan9

package wireclient

import (
	"errors"
	"syscall"
)

// IsRefused reports whether nothing listens at the address.
func IsRefused(err error) bool { return isErrno(err, syscall.ECONNREFUSED, 10061) }

// IsInUse reports whether another program listens at the address.
func IsInUse(err error) bool { return isErrno(err, syscall.EADDRINUSE, 10048) }

// IsReset reports whether the other side reset the connection: it sent RST instead of FIN. A side that
// closes its half after a reset is told that there is no connection.
func IsReset(err error) bool {
	return isErrno(err, syscall.ECONNRESET, 10054) || isErrno(err, syscall.EPIPE, 10053) ||
		isErrno(err, syscall.ECONNABORTED, 10053) || isErrno(err, syscall.ENOTCONN, 10057)
}

// isErrno reports whether err is an error of the operating system. Package syscall has the same
// names everywhere, but on Windows the error of a socket has another number than its name has.
func isErrno(err error, unix, windows syscall.Errno) bool {
	errno, ok := errors.AsType[syscall.Errno](err)
	return ok && (errno == unix || errno == windows)
}
