//go:build unix

package commandline

import (
	"os"
	"syscall"
)

// EndSignals are the signals that end a program: Ctrl-C, a request to end, a terminal that is
// closed, and a pipe whose reader has ended, such as head. A program that must clean up catches all
// of them.
var EndSignals = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE}
