package commandline

import "os"

// EndSignals are the signals that end a program.
var EndSignals = []os.Signal{os.Interrupt}

// Hangup is empty, because this system has no SIGHUP.
var Hangup []os.Signal
