//go:build !unix

package cli

import "os"

// This system has neither SIGHUP nor SIGPIPE.
var hangup, brokenPipe []os.Signal
