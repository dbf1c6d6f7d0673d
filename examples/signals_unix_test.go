//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"rawhttp/examples/foreign"
)

// A tour or a lesson whose output ends, as into head, removes its folder.
func TestLeavesNoFolder(t *testing.T) {
	foreign.Short(t)
	t.Parallel()
	program := filepath.Join(t.TempDir(), "examples")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, args := range [][]string{nil, {"1"}} {
		dir := t.TempDir()
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r.Close() // its first write fails
		cmd := exec.Command(program, args...)
		cmd.Stdout = w
		cmd.Env = append(os.Environ(), "TMPDIR="+dir)
		cmd.WaitDelay = 30 * time.Second
		if err := cmd.Run(); err == nil {
			t.Errorf("%q: the exit code is 0", args)
		}
		w.Close()
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("%q: %v is left, %v", args, left, err)
		}
	}
}
