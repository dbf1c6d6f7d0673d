//go:build !unix

package main

import "time"

const measured = "clock time"

var started = time.Now()

// cpuTime returns the time since the start, where the CPU time is not known.
func cpuTime() time.Duration { return time.Since(started) }
