//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"rawhttp/examples/foreign"
)

// A tour or a lesson whose output ends, as into head or on a full disk, removes its folder and fails.
func TestLeavesNoFolder(t *testing.T) {
	foreign.Short(t)
	t.Parallel()
	program := filepath.Join(t.TempDir(), "examples")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, args := range [][]string{nil, {"1"}} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r.Close() // its first write fails
		leavesNoFolder(t, w, program, args...)
		w.Close()
		if full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0); err == nil {
			leavesNoFolder(t, full, program, args...)
			full.Close()
		}
	}
}

// leavesNoFolder runs a program whose output takes nothing.
func leavesNoFolder(t *testing.T, out *os.File, program string, args ...string) {
	dir := t.TempDir()
	cmd := exec.Command(program, args...)
	cmd.Stdout = out
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	if err := cmd.Run(); err == nil {
		t.Errorf("%q into %s: the exit code is 0", args, out.Name())
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%q into %s: %v is left, %v", args, out.Name(), left, err)
	}
}
