//go:build !unix

package main

import "os"

// This system has no SIGHUP.
var hangup []os.Signal
