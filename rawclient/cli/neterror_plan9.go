package cli

import "strings"

// Plan 9 has no error numbers: its errors are texts.

// isRefused reports whether nothing listens at the address.
func isRefused(err error) bool { return strings.Contains(err.Error(), "refused") }

// isReset reports whether the other side broke the connection off.
func isReset(err error) bool {
	return strings.Contains(err.Error(), "reset") || strings.Contains(err.Error(), "hungup")
}
