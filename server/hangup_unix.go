//go:build unix

package main

import (
	"os"
	"syscall"
)

// The system sends SIGHUP when the terminal of the server is closed. An administrator sends it to
// make a server read its configuration anew.
var hangup = []os.Signal{syscall.SIGHUP}
