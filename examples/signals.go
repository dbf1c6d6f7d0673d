//go:build !js

package main

import (
	"os"
	"syscall"
)

// endSignals are the signals that end the tour and the lessons.
var endSignals = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}
