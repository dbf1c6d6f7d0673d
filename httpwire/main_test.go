package httpwire

import (
	"flag"
	"runtime/debug"
	"testing"
)

// TestMain has the garbage collected less often with -short: these tests make much of it, and keep little.
// Benchmarks measure with the usual collection.
func TestMain(m *testing.M) {
	if flag.Parse(); testing.Short() {
		debug.SetGCPercent(400)
	}
	m.Run()
}
