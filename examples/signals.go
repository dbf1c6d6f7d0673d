//go:build !js

package main

import (
	"os"
	"syscall"
)

// endSignals end the tour and the lessons: Ctrl-C, a request to end, a terminal that is closed.
var endSignals = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}
