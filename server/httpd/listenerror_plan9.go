package httpd

import "strings"

// Plan 9 has no error numbers: its errors are texts.

// inUse reports whether another program listens on the port.
func inUse(err error) bool { return strings.Contains(err.Error(), "in use") }

// isForbidden reports whether the operating system keeps the port from this user.
func isForbidden(err error) bool { return strings.Contains(err.Error(), "permission denied") }

// acceptMayWork returns false: no text of an error says that Accept may work again.
func acceptMayWork(error) bool { return false }

// concernsOneConnection returns false: no text of an error says that it concerns one connection only.
func concernsOneConnection(error) bool { return false }
