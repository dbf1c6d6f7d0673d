//go:build !unix

package cli

import "os"

// This system has no SIGHUP.
var hangup []os.Signal
