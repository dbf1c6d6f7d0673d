//go:build !unix

package main

import "os"

// This system has neither SIGHUP nor SIGPIPE.
var hangup, brokenPipe []os.Signal
