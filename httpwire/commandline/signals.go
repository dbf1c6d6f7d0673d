//go:build !js

package commandline

import (
	"os"
	"syscall"
)

// EndSignals are the signals that end a program: Ctrl-C, a request to end, and a terminal that is
// closed. A program that must clean up catches all of them.
var EndSignals = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}

// Hangup is SIGHUP. The system sends it when the terminal of a program is closed. An administrator sends
// it to make a server read its configuration again. On Windows it never comes.
var Hangup = []os.Signal{syscall.SIGHUP}
