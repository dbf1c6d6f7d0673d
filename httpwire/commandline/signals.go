//go:build !js

package commandline

import (
	"os"
	"syscall"
)

// EndSignals are the signals that end a program: Ctrl-C, a request to end, and a terminal that is
// closed. A program that must clean up catches all of them.
var EndSignals = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}
