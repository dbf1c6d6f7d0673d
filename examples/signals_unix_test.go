//go:build unix

package main

import (
	"os"
	"testing"

	"rawhttp/examples/foreign"
)

// A tour or a lesson whose output ends, as into head or on a full disk, removes its folder and fails.
func TestLeavesNoFolder(t *testing.T) {
	foreign.Short(t)
	t.Parallel()
	for _, args := range [][]string{nil, {"1"}} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r.Close() // its first write fails
		leavesNoFolder(t, w, args...)
		w.Close()
		if full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0); err == nil {
			leavesNoFolder(t, full, args...)
			full.Close()
		}
	}
}

// leavesNoFolder runs the program with an output that takes nothing.
func leavesNoFolder(t *testing.T, out *os.File, args ...string) {
	t.Helper()
	dir := t.TempDir()
	cmd := program("piped", args...)
	cmd.Stdout = out
	cmd.Env = append(cmd.Env, "TMPDIR="+dir)
	if err := cmd.Run(); err == nil {
		t.Errorf("%q into %s: the exit code is 0", args, out.Name())
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%q into %s: %v is left, %v", args, out.Name(), left, err)
	}
}
