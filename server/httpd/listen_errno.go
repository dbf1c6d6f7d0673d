//go:build !plan9

package httpd

import (
	"errors"
	"syscall"
)

// Windows has numbers of its own, which the names in package syscall do not match.
const (
	wsaEACCES     = syscall.Errno(10013)
	wsaEADDRINUSE = syscall.Errno(10048)
)

// inUse reports whether another program listens on the address.
func inUse(err error) bool {
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, wsaEADDRINUSE)
}

// notAllowed reports whether the system does not allow listening on the address.
func notAllowed(err error) bool {
	return errors.Is(err, syscall.EACCES) || errors.Is(err, wsaEACCES)
}
