package commandline

import "os"

// EndSignals are the signals that end a program.
var EndSignals = []os.Signal{os.Interrupt}
