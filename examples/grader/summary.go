package grader

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"rawhttp/httpwire/visible"
)

// exercises are the directories in examples/exercises, in the order in which they build on each other.
var exercises = []string{"headend", "requestline", "fields", "body", "statusline", "response",
	"accept", "keepalive", "chunked", "client"}

// Summary says how many exercises are begun and how many are done. The test of each is a program of its
// own, so that one that does not compile, or ends the program, hides no other.
func Summary(t *testing.T, dir string) {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("skipped: the command go is not on this machine")
	}
	t.Log(summary(runAll(dir)))
}

// summary returns a row for each exercise, and counts them.
func summary(runs map[string]testRun) string {
	const column = 17 // of the state
	var rows strings.Builder
	begun, done := 0, 0
	for i, exercise := range exercises {
		state, detail := runs[exercise].state()
		if state != notBegun {
			begun++
		}
		if state == finished {
			done++
		}
		if detail != "" {
			state += ": " + strings.Join(strings.Fields(detail), " ")
		}
		head := fmt.Sprintf("%2d  %-12s ", i+1, exercise)
		for _, line := range visible.Wrap(state, testWidth-column) {
			fmt.Fprintf(&rows, "\n%-*s%s", column, head, line)
			head = ""
		}
	}
	next := ""
	if begun == 0 {
		next = ". Begin with examples/exercises/" + exercises[0] + "/" + exercises[0] + ".go"
	}
	return fmt.Sprintf("%s\n%d of %d begun, %d done%s", rows.String(), begun, len(exercises), done, next)
}

// A testRun is what go test said of one exercise.
type testRun struct {
	output string
	tested bool // a test has passed; none has if the program ends before
	passed bool // the program says so
}

// runAll runs the tests of all exercises. It also reads their directories: go test repeats an old result
// unless what the test has read is changed.
func runAll(dir string) map[string]testRun {
	cmd := exec.Command("go", "test", "-json", "-timeout", "60s")
	for _, exercise := range exercises {
		cmd.Args = append(cmd.Args, "./"+exercise)
		os.ReadDir(filepath.Join(dir, exercise))
	}
	cmd.Dir = dir
	text, _ := cmd.Output() // the error says that a test has failed, as the events do
	return readRuns(text)
}

// readRuns reads the events of go test -json. What the compiler says comes first, and has an import path.
// The test that fails for it names that path: it may be that of a package that the exercise imports.
func readRuns(events []byte) map[string]testRun {
	runs, builds := make(map[string]testRun), make(map[string]string)
	for line := range bytes.Lines(events) {
		var event struct{ Action, Package, ImportPath, FailedBuild, Test, Output string }
		json.Unmarshal(line, &event) // what is no event stays empty
		if event.Package == "" {
			builds[event.ImportPath] += event.Output
			continue
		}
		run := runs[path.Base(event.Package)]
		run.output += event.Output + builds[event.FailedBuild]
		passes := event.Action == "pass"
		run.tested = run.tested || passes && event.Test != ""
		run.passed = passes && event.Test == ""
		runs[path.Base(event.Package)] = run
	}
	return runs
}

// States of an exercise.
const (
	notBegun    = "not begun"
	finished    = "done"
	mistaken    = "begun, not right yet"
	notCompiled = "begun, does not compile"
	crashed     = "begun, ends the program"
)

// state returns the state of an exercise, and as a detail what says most in the output of its test.
func (r testRun) state() (state, detail string) {
	const indent = "        " // by which go test moves the rows of a message
	out := strings.ReplaceAll(r.output, "\n"+indent+folded, " ")
	switch {
	case strings.Contains(out, "[build failed]"), strings.Contains(out, "[setup failed]"):
		return notCompiled, lineWith(out, ".go:", ".go")
	case strings.Contains(out, "--- SKIP"):
		return notBegun, ""
	case r.tested && r.passed:
		return finished, ""
	case strings.Contains(out, "--- FAIL"):
		return mistaken, lineWith(out, " rows pass") + "; " + lineWith(out, "your function", "your file", "  offset ")
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
