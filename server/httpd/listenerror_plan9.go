package httpd

import "strings"

// Plan 9 has no error numbers: its errors are texts.

// inUse reports whether another program listens on the port.
func inUse(err error) bool { return strings.Contains(err.Error(), "in use") }

// isForbidden reports whether the operating system keeps the port from this user.
func isForbidden(err error) bool { return strings.Contains(err.Error(), "permission denied") }

// passes reports whether Accept may work again although the error is not temporary, which no text says.
func passes(error) bool { return false }

// isLoss reports whether an error of Accept concerns one connection, which no text says either.
func isLoss(error) bool { return false }
