package wireclient

import "strings"

// Plan 9 has no error numbers: its errors are texts.

// IsRefused reports whether nothing listens at the address.
func IsRefused(err error) bool { return strings.Contains(err.Error(), "refused") }

// IsInUse reports whether another program listens at the address.
func IsInUse(err error) bool { return strings.Contains(err.Error(), "in use") }

// IsReset reports whether the other side reset the connection.
func IsReset(err error) bool {
	return strings.Contains(err.Error(), "reset") || strings.Contains(err.Error(), "hungup")
}
