package grader

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// exercises are the directories in examples/exercises, in the order in which they build on each other.
var exercises = []string{"headend", "requestline", "fields", "body", "statusline", "response",
	"accept", "keepalive", "chunked", "client"}

// reported has the result of each exercise that was checked.
var reported = make(map[string]result)

// Run runs the tests of the exercises and prints how many are begun and how many are done. It returns
// the exit code.
func Run(m *testing.M) (code int) {
	code = m.Run()
	fmt.Print(summary(reported))
	return code
}

// summary has a row for each exercise that was checked, and their number.
func summary(results map[string]result) string {
	if len(results) == 0 {
		return "" // another flag of go test, such as -list, or a child
	}
	var rows strings.Builder
	begun, done := 0, 0
	for i, exercise := range exercises {
		r, checked := results[exercise]
		if !checked {
			continue
		}
		state := "not begun"
		switch {
		case r.first == nil:
			begun, done, state = begun+1, done+1, "done"
		case !errors.Is(r.first, ErrNotBegun):
			begun, state = begun+1, "begun, "+r.counts()
		}
		fmt.Fprintf(&rows, "%2d  %-12s %s\n", i+1, exercise, state)
	}
	fmt.Fprintf(&rows, "%d of %d begun, %d done", begun, len(results), done)
	if begun == 0 {
		fmt.Fprintf(&rows, ". Begin with examples/exercises/%s/%[1]s.go", exercises[0])
	}
	return rows.String() + "\n"
}
