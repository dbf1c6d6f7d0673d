package grader

import (
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// exercises are the directories in examples/exercises, in the order in which they build on each other.
var exercises = []string{"headend", "requestline", "fields", "body", "statusline", "response",
	"accept", "keepalive", "chunked", "client"}

// Summary says how many exercises are begun and how many are done. It runs the test of each as a
// program of its own, so that one that does not compile, or ends the program, hides no other.
func Summary(t *testing.T, dir string) {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("skipped: the command go is not on this machine")
	}
	states := make([]struct{ state, detail string }, len(exercises))
	var all sync.WaitGroup
	atOnce := make(chan struct{}, 2)
	for i, exercise := range exercises {
		all.Go(func() {
			atOnce <- struct{}{}
			states[i].state, states[i].detail = state(dir, exercise)
			<-atOnce
		})
	}
	all.Wait()
	var rows strings.Builder
	begun, done := 0, 0
	for i, s := range states {
		if s.state != notBegun {
			begun++
		}
		if s.state == finished {
			done++
		}
		fmt.Fprintf(&rows, "\n%2d  %-12s %s", i+1, exercises[i], s.state)
		if s.detail != "" {
			fmt.Fprintf(&rows, ": %s", s.detail)
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

// state runs the test of an exercise. A detail is what says most in its output.
func state(dir, exercise string) (state, detail string) {
	cmd := exec.Command("go", "test", "-v", "-timeout", "60s", "./"+exercise)
	cmd.Dir = dir
	text, err := cmd.CombinedOutput()
	const indent = "        " // by which go test moves the rows of a message
	out := strings.ReplaceAll(string(text), "\n"+indent+folded, " ")
	switch {
	case strings.Contains(out, "[build failed]"), strings.Contains(out, "[setup failed]"):
		return notCompiled, lineWith(out, ".go:")
	case strings.Contains(out, "--- SKIP"):
		return notBegun, ""
	case err == nil:
		return finished, ""
	case strings.Contains(out, "--- FAIL"):
		return mistaken, lineWith(out, " rows pass") + "; " + lineWith(out, "your function", "  offset ")
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
