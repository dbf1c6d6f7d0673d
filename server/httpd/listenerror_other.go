//go:build !plan9

package httpd

import (
	"errors"
	"syscall"
)

// On Windows an error of a socket has a number of its own, which the names of package syscall do
// not match.
const (
	wsaEACCES     = syscall.Errno(10013)
	wsaEADDRINUSE = syscall.Errno(10048)
)

// inUse reports whether another program listens on the port.
func inUse(err error) bool {
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, wsaEADDRINUSE)
}

// isForbidden reports whether the operating system keeps the port from this user.
func isForbidden(err error) bool {
	return errors.Is(err, syscall.EACCES) || errors.Is(err, wsaEACCES)
}
