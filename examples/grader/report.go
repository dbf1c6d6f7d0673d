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

	"rawhttp/httpwire/visible"
)

// ErrNotBegun is what the function of an exercise returns until you have written it.
var ErrNotBegun = errors.New("this exercise is not begun")

// Command checks all exercises.
const Command = "go test -v ./examples/exercises/..."

// Limits of a function. They are much more than an exercise needs.
const (
	timeLimit   = 3 * time.Second // for one row
	wholeLimit  = 10 * time.Second
	memoryLimit = 256 << 20 // octets taken at a time
	stackLimit  = 64 << 20  // octets for calls of calls
)

// testWidth is how wide a line of a test's message is on a terminal of 80 columns.
const testWidth = 71

// A Check is the table of an exercise: the cases that its function is given, in order.
type Check []row

// A row is one case.
type row struct {
	name   string
	octets string       // that the function is given
	hint   string       // that is given if the function gets it wrong
	run    func() error // calls the function; it returns a *mistake, ErrNotBegun or nil
}

// Report checks an exercise. A row that does not pass fails the test. An exercise that is not begun
// skips the test, which then says how to begin.
func Report(t *testing.T, exercise string, check Check) {
	t.Helper()
	file := "examples/exercises/" + exercise + "/" + exercise + ".go"
	check.work(exercise + ".go")
	result := gradeApart(t, check, exercise+".go")
	switch {
	case errors.Is(result.first, ErrNotBegun):
		t.Skipf("skipped: not begun. Open %s, replace the last line of the function, and type "+
			"this again:  %s", file, Command)
	case result.first != nil:
		t.Fatalf("in %s\n%v", file, result)
	}
	t.Log(result)
}

// A result counts the rows that pass.
type result struct {
	passed, all int
	first       error    // what is wrong in the first row that does not pass
	others      []string // the names of the other rows that do not pass
	left        int      // rows that were not tried
}

func (r result) String() string {
	says := fmt.Sprintf("%d of %d rows pass", r.passed, r.all)
	if r.left > 0 {
		says += fmt.Sprintf(", %d were not tried", r.left)
	}
	if r.first != nil {
		says += fmt.Sprintf("\n\nThe first that does not: %v\n", r.first)
	}
	if r.others != nil {
		others := visible.Wrap("Also wrong: "+strings.Join(r.others, ", "), testWidth)
		says += "\n" + strings.Join(others, "\n") + "\n"
	}
	return says
}

// add counts the outcome of a row.
func (r *result) add(row row, o outcome) {
	switch {
	case o.NotBegun:
		r.first = ErrNotBegun
	case o.Mistake == "":
		r.passed++
	case r.first == nil:
		r.first = errors.New(o.Mistake)
	default:
		r.others = append(r.others, row.name)
	}
}

// grade tries the rows in this process.
func grade(check Check, file string, limit time.Duration) result {
	r := result{all: len(check)}
	n := 0
	check.try(0, file, limit, func(o outcome) {
		r.add(check[n], o)
		n++
	})
	r.left = len(check) - n
	return r
}

// try tries the rows one by one, and tells the outcome of each. A function that panics fails its row.
// After one that takes more time or memory than the limits the rest is not tried, because Go cannot
// end a function from outside: it runs until the process ends.
func (c Check) try(from int, file string, limit time.Duration, tell func(outcome)) {
	debug.SetMaxStack(stackLimit) // a function that calls itself without end ends the process
	// The collector closes connections that a function has forgotten. It runs when memory is short.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(memoryLimit))
	end := time.Now().Add(wholeLimit)
	for i := from; i < len(c); i++ {
		err, stuck := c[i].try(file, limit)
		o := outcome{NotBegun: errors.Is(err, ErrNotBegun)}
		o.Last = o.NotBegun || stuck || i == len(c)-1 || time.Now().After(end)
		if err != nil {
			o.Mistake = err.Error()
		}
		if tell(o); o.Last {
			return
		}
	}
}

// try calls the function, and gives up if it takes too much time or memory: then it is stuck.
func (r row) try(file string, limit time.Duration) (err error, stuck bool) {
	result := make(chan error, 1)
	go func() {
		defer func() {
			if cause := recover(); cause != nil {
				result <- fmt.Errorf("%s\n  your function panics in line %s: %v\n  hint    the octets "+
					"may be fewer than you expect: look at the length before you take a part",
					r, lineIn(file), cause)
			}
		}()
		result <- r.told(r.run())
	}()
	tooLate := time.After(limit)
	memory := time.NewTicker(20 * time.Millisecond)
	defer memory.Stop()
	for {
		select {
		case err := <-result:
			return err, false
		case <-memory.C:
			if tooMuchMemory() {
				return fmt.Errorf("%s\n  your function takes more than %d MB of memory; it is in line %s\n"+
					"  hint    does a loop append without end?", r, memoryLimit>>20, lineIn(file)), true
			}
		case <-tooLate:
			return fmt.Errorf("%s\n  your function does not end: after %v it is in line %s\n  hint    "+
				"look at the loop there: does each turn bring it closer to its end?",
				r, limit, lineIn(file)), true
		}
	}
}

// told completes a mistake with what the row knows.
func (r row) told(err error) error {
	if m, ok := err.(*mistake); ok {
		m.row, m.hint = r.name, r.hint
		if m.octets == "" && m.sent == "" {
			m.octets = r.octets
		}
	}
	return err
}

func (r row) String() string {
	return r.name + "\n  in      " + shown(r.octets)
}

// collecting lets one collection end before the next begins: what it frees counts only then.
var collecting sync.Mutex

// tooMuchMemory reports whether the heap is over its limit without what the collector can free.
func tooMuchMemory() bool {
	collecting.Lock()
	defer collecting.Unlock()
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
	return lineOf(string(stacks[:runtime.Stack(stacks, true)]), file)
}

// lineOf returns the first line of a file that is on stacks, "?" if none is.
func lineOf(stacks, file string) string {
	line := regexp.MustCompile(`[/\\]` + regexp.QuoteMeta(file) + `:(\d+)`)
	if found := line.FindStringSubmatch(stacks); found != nil {
		return found[1]
	}
	return "?"
}
