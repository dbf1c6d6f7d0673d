package httpd

import (
	"errors"
	"io/fs"
	"strings"
)

// Plan 9 has words instead of numbers for errors.

// inUse reports whether another program listens on the address.
func inUse(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "in use") ||
		strings.Contains(err.Error(), "announced"))
}

// notAllowed reports whether the system does not allow listening on the address.
func notAllowed(err error) bool { return errors.Is(err, fs.ErrPermission) }
