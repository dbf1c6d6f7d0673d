//go:build !unix

package main

import "os"

// hangup is empty: this system has no SIGHUP.
var hangup []os.Signal
