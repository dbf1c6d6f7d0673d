package grader

import (
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"
)

// ErrNotBegun is what the function of an exercise returns until you have written it.
var ErrNotBegun = errors.New("this exercise is not begun")

// Command checks all exercises.
const Command = "go test -v ./examples/exercises/..."

// Limits of a function. They are much more than an exercise needs.
const (
	timeLimit   = 3 * time.Second // for all checks of one exercise
	memoryLimit = 256 << 20       // octets taken at a time
	stackLimit  = 64 << 20        // octets for calls of calls
)

// A Check holds one function against all rows of its table and returns the first mistake. It tells
// the watch which row is next.
type Check func(*watch) error

// A watch knows which row is being checked, for the case that the function does not come back.
type watch struct {
	mu          sync.Mutex
	row, octets string
}

func (w *watch) next(row, octets string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.row, w.octets = row, octets
}

// at says which row is being checked.
func (w *watch) at() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return fmt.Sprintf("%s\n  in      %q", w.row, w.octets)
}

// Report checks an exercise. Its first mistake fails the test; an exercise that is not begun skips
// the test, which then says how to begin.
func Report(t *testing.T, exercise string, check Check) {
	t.Helper()
	file := "examples/exercises/" + exercise + "/" + exercise + ".go"
	err := try(check, exercise+".go", timeLimit)
	if errors.Is(err, ErrNotBegun) {
		t.Skipf("skipped: not begun. Open %s, replace the last line of the function, and type "+
			"this again:  %s", file, Command)
	}
	if err != nil {
		t.Fatalf("in %s\n%v", file, err)
	}
}

// try runs a check, and gives up if the function takes too much time or memory. Go cannot end a
// function from outside; it ends with the test.
func try(check Check, file string, limit time.Duration) error {
	debug.SetMaxStack(stackLimit) // a function that calls itself without end ends the program
	w := new(watch)
	result := make(chan error, 1)
	go func() {
		defer func() {
			if cause := recover(); cause != nil {
				result <- fmt.Errorf("%s\n  your function panics in line %s: %v\n  hint    the octets "+
					"may be fewer than you expect: look at the length before you take a part",
					w.at(), lineIn(file), cause)
			}
		}()
		result <- check(w)
	}()
	tooLate := time.After(limit)
	for memory := time.NewTicker(20 * time.Millisecond); ; {
		select {
		case err := <-result:
			return err
		case <-memory.C:
			if tooMuchMemory() {
				return fmt.Errorf("%s\n  your function takes more than %d MB of memory; it is in line %s\n"+
					"  hint    does a loop append without end?", w.at(), memoryLimit>>20, lineIn(file))
			}
		case <-tooLate:
			return fmt.Errorf("%s\n  your function does not end: after %v it is in line %s\n  hint    "+
				"look at the loop there: does each turn bring it closer to its end?",
				w.at(), limit, lineIn(file))
		}
	}
}

// tooMuchMemory reports whether the heap is over its limit without what the collector can free.
func tooMuchMemory() bool {
	var used runtime.MemStats
	if runtime.ReadMemStats(&used); used.HeapAlloc <= memoryLimit {
		return false
	}
	runtime.GC()
	runtime.ReadMemStats(&used)
	return used.HeapAlloc > memoryLimit
}

// lineIn returns the line of a file that runs now, in whatever goroutine.
func lineIn(file string) string {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	line := regexp.MustCompile(`[/\\]` + regexp.QuoteMeta(file) + `:(\d+)`)
	if found := line.FindStringSubmatch(strings.ReplaceAll(string(stacks), "\r", "")); found != nil {
		return found[1]
	}
	return "?"
}
