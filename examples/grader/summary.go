package grader

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// exercises are the directories in examples/exercises, in the order of the lessons.
var exercises = []string{"requestline", "headend", "body", "response"}

// Summary says how many exercises are begun and how many are done. It runs the test of each as a
// program of its own, so that one that does not compile, or ends the program, hides no other.
func Summary(t *testing.T, dir string) {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("skipped: the command go is not on this machine")
	}
	var rows strings.Builder
	begun, done := 0, 0
	for i, exercise := range exercises {
		state, detail := state(dir, exercise)
		if state != notBegun {
			begun++
		}
		if state == finished {
			done++
		}
		fmt.Fprintf(&rows, "\n%d  %-12s %s", i+1, exercise, state)
		if detail != "" {
			fmt.Fprintf(&rows, ": %s", detail)
		}
	}
	next := ""
	if begun == 0 {
		next = ". Begin with examples/exercises/" + exercises[0] + "/" + exercises[0] + ".go"
	}
	t.Logf("%s\n%d of %d begun, %d done%s", rows.String(), begun, len(exercises), done, next)
}

// States of an exercise.
const (
	notBegun    = "not begun"
	finished    = "done"
	mistaken    = "begun, not right yet"
	notCompiled = "begun, does not compile"
	crashed     = "begun, ends the program"
)

// state runs the test of an exercise. A detail is the line that says most.
func state(dir, exercise string) (state, detail string) {
	cmd := exec.Command("go", "test", "-v", "-timeout", "60s", "./"+exercise)
	cmd.Dir = dir
	text, err := cmd.CombinedOutput()
	out := string(text)
	switch {
	case strings.Contains(out, "[build failed]"), strings.Contains(out, "[setup failed]"):
		return notCompiled, lineWith(out, ".go:")
	case strings.Contains(out, "--- SKIP"):
		return notBegun, ""
	case err == nil:
		return finished, ""
	case strings.Contains(out, "--- FAIL"):
		return mistaken, lineWith(out, "your function")
	}
	return crashed, lineWith(out, "fatal error", "panic:", "FAIL")
}

// lineWith returns the first line that has one of the words in it, the first word preferred.
func lineWith(text string, words ...string) string {
	for _, word := range words {
		for line := range strings.Lines(text) {
			if strings.Contains(line, word) {
				return strings.TrimSpace(line)
			}
		}
	}
	return ""
}
