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

	"rawhttp/examples/peer"
	"rawhttp/httpwire/visible"
)

// A NotBegun is the name of an exercise. Its function returns it until you have written the function.
type NotBegun string

func (n NotBegun) Error() string { return "exercise " + string(n) + " is not begun" }

func isNotBegun(err error) bool { return errors.As(err, new(NotBegun)) }

// Command checks all exercises.
const Command = "go test -v ./examples/exercises/..."

// Limits of a function. They are much more than an exercise needs. Time is counted in turns, as package
// peer does, and not by the clock.
const (
	timeLimit   = 3 * time.Second  // for one row
	wholeLimit  = 10 * time.Second // for all rows
	stuckLimit  = 2                // rows that do not end, if no row passes
	memoryLimit = 256 << 20        // octets taken at a time
	stackLimit  = 16 << 20         // octets for calls of calls
	printLimit  = 64 << 10         // octets that are shown of what it prints
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
	run    func() error // calls the function; it returns a *mistake, a *crash, a NotBegun or nil
}

// An octetsRow is a row of a table whose function is given octets and nothing else.
type octetsRow struct{ name, octets, hint string }

// checkEach returns the check that tries the octets of each row.
func checkEach(try func(octets string) error, rows []octetsRow) (check Check) {
	for _, r := range rows {
		check = append(check, row{r.name, r.octets, r.hint, func() error { return try(r.octets) }})
	}
	return check
}

// Report checks an exercise. A row that does not pass fails the test. An exercise that is not begun
// skips the test, which then says how to begin.
func Report(t *testing.T, exercise string, check Check) {
	t.Helper()
	file := exercise + "/" + exercise + ".go"
	if imports := importsRow("."); imports.run() != nil { // that of most passes, whatever the function does
		check = append(Check{imports}, check...)
	}
	check.runTask(file)
	result := gradeApart(t, check, file)
	switch {
	case result.notBegun:
		begin := fmt.Sprintf("Open examples/exercises/%s, replace the last line of the function, "+
			"and type this again:  %s", file, Command)
		t.Skip("skipped: not begun\n" + strings.Join(visible.Wrap(begin, testWidth), "\n"))
	case result.first != nil:
		t.Fatalf("in examples/exercises/%s\n%v", file, result)
	}
	t.Log(result)
}

// A result counts the rows that pass.
type result struct {
	notBegun    bool // the first row says so
	passed, all int
	first       error    // what is wrong in the first row that does not pass
	others      []string // the names of the other rows that do not pass
	left        int      // rows that were not tried
}

func (r result) String() string {
	says := fmt.Sprintf("%d of %d rows pass", r.passed, r.all)
	switch {
	case r.left == 1:
		says += ", 1 was not tried"
	case r.left > 1:
		says += fmt.Sprintf(", %d were not tried", r.left)
	}
	if r.first != nil {
		says += fmt.Sprintf("\n\nThe first that does not: %s\n", fitted(r.first.Error()))
	}
	if r.others != nil {
		others := visible.Wrap("Also wrong: "+strings.Join(r.others, ", "), testWidth)
		says += "\n" + strings.Join(others, "\n") + "\n"
	}
	return says
}

// folded begins a row that continues the one before it. It is as wide as "  hint    ".
const folded = "          "

// fitted breaks the sentences of a mistake that are too wide for a terminal. Rows of octets stay as
// they are, because a caret counts their columns.
func fitted(mistake string) string {
	var rows []string
	for line := range strings.SplitSeq(mistake, "\n") {
		begin := ""
		for _, label := range []string{"  your ", "  a goroutine ", "  offset  ", "  rule    ", "  hint    "} {
			if strings.HasPrefix(line, label) {
				begin = label
			}
		}
		if begin == "" {
			rows = append(rows, line)
			continue
		}
		for _, row := range visible.Wrap(line[len(begin):], testWidth-max(len(begin), len(folded))) {
			rows = append(rows, begin+row)
			begin = folded
		}
	}
	return strings.Join(rows, "\n")
}

// add counts the outcome of a row.
func (r *result) add(row row, o outcome) {
	switch {
	case o.Mistake == "":
		r.passed++
	case r.first == nil:
		r.first, r.notBegun = errors.New(o.Mistake), o.NotBegun
	default:
		r.others = append(r.others, row.name)
	}
}

// leave counts the rows that are not tried. An exercise is not done before all rows pass.
func (r *result) leave(rows Check) {
	if r.left = len(rows); r.left > 0 && r.first == nil {
		r.first = rows[0].fails(fmt.Sprintf("your function takes more than %v for the rows before this one", wholeLimit),
			"does it wait when there is nothing to wait for?")
	}
}

// grade tries the rows in this process.
func grade(check Check, file string, limit time.Duration) result {
	r := result{all: len(check)}
	n := 0
	check.tryFrom(0, file, limit, func(o outcome) {
		r.add(check[n], o)
		n++
	})
	r.leave(check[n:])
	return r
}

// tryFrom tries the rows one by one, beginning with the index from, and tells the outcome of each. A function that
// panics fails its row. After one that takes more time or memory than the limits, the rest is not tried, because
// Go cannot end a function from outside: it runs until the process ends.
func (c Check) tryFrom(from int, file string, limit time.Duration, tell func(outcome)) {
	debug.SetMaxStack(stackLimit) // a function that calls itself without end ends the process
	// The collector closes connections that a function has forgotten. It runs when memory is short.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(memoryLimit))
	left := wholeLimit
	for i := from; i < len(c); i++ {
		took, stuck, err := c[i].tryWithin(file, limit)
		left -= took
		says, notBegun := c[i].saidOf(err, file)
		o := outcome{Mistake: says, NotBegun: notBegun && i == 0, Stuck: stuck, Took: took}
		o.Last = o.NotBegun || stuck || i == len(c)-1 || left <= 0
		if tell(o); o.Last {
			return
		}
	}
}

// saidOf returns what a student is told of an error. It reports whether the error says that the exercise in
// this file is not begun. The function of another exercise may say the same of that one.
func (r row) saidOf(err error, file string) (says string, notBegun bool) {
	var exercise NotBegun
	switch {
	case err == nil:
		return "", false
	case !errors.As(err, &exercise):
		return err.Error(), false
	case strings.HasPrefix(file, string(exercise)+"/"):
		return r.fails("your function returns errNotBegun", "replace the line that does so").Error(), true
	}
	return r.fails(fmt.Sprintf("your function calls that of exercise %s, which is not begun", string(exercise)),
		fmt.Sprintf("write examples/exercises/%s/%[1]s.go first", string(exercise))).Error(), false
}

// tryWithin calls the function, and returns the time that it took. It gives up if the function takes too much
// time or memory: then the function is stuck.
func (r row) tryWithin(file string, limit time.Duration) (took time.Duration, stuck bool, err error) {
	result := make(chan error, 1)
	go func() {
		err := error(goexit())
		defer func() {
			if cause := recover(); cause != nil {
				err = crashOf(cause, file)
			}
			result <- r.complete(err)
		}()
		err = r.run()
	}()
	for ; ; took += peer.Turn {
		if err, has := peer.Wait(result, peer.Turn); has {
			return took, false, err
		}
		if tooMuchMemory() {
			return took, true, r.fails(fmt.Sprintf("your function takes more than %d MB of memory; it is %s",
				memoryLimit>>20, placeIn(file)), "does a loop append without end?")
		}
		if took >= limit {
			return took, true, r.endless(limit, allStacks(), file)
		}
	}
}

// endless says of a function that does not end where it is, and whether it waits there. The hint of the row
// is for a function that waits for the other side of a connection.
func (r row) endless(limit time.Duration, stacks, file string) error {
	stack := stackIn(stacks, file)
	does, hint := "waits", "look at what it waits for there: does that ever come?"
	switch {
	case strings.Contains(stack, "[IO wait"):
		hint = r.hint
	case stack == "", working.MatchString(stack):
		does, hint = "is", "look at the loop there: does each turn bring it closer to its end?"
	}
	return r.fails(fmt.Sprintf("your function does not end: after %v it %s %s", limit, does, placeOf(stack, file)), hint)
}

// working matches the states of a goroutine that waits for nothing but the processor, the collector, or what it
// prints.
var working = regexp.MustCompile(`\[(run|preempted|syscall|GC )`)

// complete adds to a mistake or a crash what the row knows.
func (r row) complete(err error) error {
	switch err := err.(type) {
	case *mistake:
		err.row, err.hint = r.name, r.hint
		if err.octets == "" && err.sent == "" {
			err.octets = r.octets
		}
	case *crash:
		return r.fails("your function "+err.how, err.hint)
	}
	return err
}

// A crash is how a function ended that did not return.
type crash struct{ how, hint string }

func (c *crash) Error() string { return c.how }

// goexit returns the crash of a function that neither returned nor panicked.
func goexit() *crash {
	return &crash{"calls runtime.Goexit, which ends its goroutine", "return an error instead"}
}

// crashOf returns the crash of a function in a file that panicked. The cause is what recover returned.
func crashOf(cause any, file string) *crash {
	return &crash{fmt.Sprintf("panics %s: %v", placeIn(file), cause), panicHint(fmt.Sprint(cause))}
}

// panicHint says what to do about a panic.
func panicHint(cause string) string {
	switch {
	case strings.HasPrefix(cause, "runtime error: ") && strings.Contains(cause, " out of range"):
		return "the octets may be fewer than you expect: look at the length before you take a part"
	case strings.Contains(cause, " nil "):
		return "something in that line is nil: make it first, and look at the error of the call that returns it"
	}
	return "return an error instead"
}

// fails returns the error of a function that got no further with this row.
func (r row) fails(says, hint string) error {
	return fmt.Errorf("%s\n  in      %s\n  %s\n  hint    %s", r.name, shown(r.octets), says, hint)
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

// placeIn says in which line of a file a goroutine runs now. The file has its directory with it: the
// grader has files of the same names.
func placeIn(file string) string { return placeOf(allStacks(), file) }

// allStacks returns the stacks of all goroutines.
func allStacks() string {
	stacks := make([]byte, 1<<20)
	return string(stacks[:runtime.Stack(stacks, true)])
}

// stackIn returns the first stack with a function of a file, or nothing.
func stackIn(stacks, file string) string {
	for stack := range strings.SplitSeq(stacks, "\n\n") {
		if placeOf(stack, file) != elsewhere {
			return stack
		}
	}
	return ""
}

const elsewhere = "in another file"

// placeOf says which line of a file comes first on stacks, such as "in line 12".
func placeOf(stacks, file string) string {
	line := regexp.MustCompile(`[/\\]` + regexp.QuoteMeta(file) + `:(\d+)`)
	switch found := line.FindStringSubmatch(stacks); {
	case found == nil:
		return elsewhere
	case found[1] == "1": // Go compiles for {} to an instruction of line 1
		return "in an empty loop"
	default:
		return "in line " + found[1]
	}
}
