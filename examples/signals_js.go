package main

import "os"

// endSignals end the tour and the lessons. A browser has no terminal that could be closed.
var endSignals = []os.Signal{os.Interrupt}
