//go:build !plan9

package httpd

import (
	"errors"
	"slices"
	"syscall"
)

// On Windows an error of a socket has a number of its own, which the names of package syscall do
// not match.
const (
	wsaEACCES     = syscall.Errno(10013)
	wsaEADDRINUSE = syscall.Errno(10048)
	wsaENOBUFS    = syscall.Errno(10055)
)

// inUse reports whether another program listens on the port.
func inUse(err error) bool {
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, wsaEADDRINUSE)
}

// isForbidden reports whether the operating system keeps the port from this user.
func isForbidden(err error) bool {
	return errors.Is(err, syscall.EACCES) || errors.Is(err, wsaEACCES)
}

// Package syscall does not call these errors of Accept temporary, although Accept may work again (accept(2)).
var (
	shortages = []error{syscall.ENOBUFS, wsaENOBUFS, syscall.ENOMEM}

	// A firewall forbids a connection, or it has failed before it was accepted.
	lostConnections = []error{
		syscall.EPERM, syscall.ECONNABORTED, syscall.ECONNRESET, syscall.EPROTO,
		syscall.ENETDOWN, syscall.ENETUNREACH, syscall.EHOSTUNREACH,
	}
)

// acceptMayWork reports whether Accept may work again after an error that is in one of the two lists.
func acceptMayWork(err error) bool { return isAny(err, shortages) || concernsOneConnection(err) }

// concernsOneConnection reports whether an error of Accept concerns one connection, and nothing is short.
func concernsOneConnection(err error) bool { return isAny(err, lostConnections) }

func isAny(err error, targets []error) bool {
	return slices.ContainsFunc(targets, func(e error) bool { return errors.Is(err, e) })
}
