package quiz

import (
	"runtime/debug"
	"testing"
)

// TestMain has the garbage collected less often than usual: these tests make much of it, and keep little.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	m.Run()
}
