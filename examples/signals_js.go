package main

import "os"

// endSignals are the signals that end the tour and the lessons.
var endSignals = []os.Signal{os.Interrupt}
