package grader

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A panic in a goroutine ends its program, and so does a stack that overflows. So the rows run in a
// process of their own: the program of the test calls itself. The child tries row after row, and
// writes an outcome of each into a file. If it ends early, the row after the last outcome has ended
// it, and a new child goes on with the next row.

// childLimit is for a child that cannot even end itself.
const childLimit = time.Minute

// childEnv is the variable of the environment that tells a child what to do, as JSON.
const childEnv = "RAWHTTP_GRADER"

// A task is what a child does.
type task struct {
	From int    // the first row to try
	File string // to write the outcomes into
}

// An outcome is the result of one row. Its JSON is one line.
type outcome struct {
	Mistake  string // empty if the row passes
	NotBegun bool
	Stuck    bool // the function takes too much time or memory
	Took     time.Duration
	Last     bool // the process tries no other row
}

// runTask does the task of a child and ends the process. In other processes it returns.
func (c Check) runTask(file string) {
	var t task
	if json.Unmarshal([]byte(os.Getenv(childEnv)), &t) != nil {
		return
	}
	f, err := os.OpenFile(t.File, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		os.Exit(1)
	}
	encoder := json.NewEncoder(f)
	c.tryFrom(t.From, file, timeLimit, func(o outcome) { encoder.Encode(o) })
	os.Exit(0)
}

// gradeApart grades an exercise in processes of its own. The test is the one that calls it.
func gradeApart(t *testing.T, check Check, file string) result {
	r := result{all: len(check)}
	left := wholeLimit
	out, errOut := &capped{os.Stdout, printLimit}, &capped{os.Stderr, printLimit}
	stuck := 0
	for done := 0; done < len(check) && !r.notBegun; {
		if left <= 0 || stuck >= stuckLimit && r.passed == 0 {
			r.leave(check[done:])
			return r
		}
		begun := time.Now()
		outcomes, died, err := child(t, done, out, errOut)
		if err != nil { // this machine cannot start it
			return grade(check, file, timeLimit)
		}
		for _, o := range outcomes {
			r.add(check[done], o)
			done++
			left -= o.Took
			if o.Stuck {
				stuck++
			}
		}
		if died != nil {
			r.add(check[done], outcome{Mistake: check[done].died(died, file).Error()})
			done++
			left -= min(time.Since(begun), timeLimit)
		}
	}
	return r
}

// A death is how a child ended that did not end its work.
type death struct {
	state string // of the process, such as "exit status 1"
	trace string // that Go printed; empty if it did not end the process
}

// child starts a child that begins with a row, and waits for its end. What the function prints goes to
// out and errOut. It returns the outcomes, and how the child died, nil if it did not. The error says
// that it could not be started.
func child(
	t *testing.T, from int, out, errOut io.Writer,
) (outcomes []outcome, died *death, err error) {
	program, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	file := filepath.Join(t.TempDir(), "outcomes")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		return nil, nil, err
	}
	env, _ := json.Marshal(task{from, file})
	ctx, cancel := context.WithTimeout(t.Context(), childLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "-test.run=^"+regexp.QuoteMeta(t.Name())+"$")
	cmd.Env = append(os.Environ(), childEnv+"="+string(env))
	said := new(tail)
	cmd.Stdout, cmd.Stderr = out, said
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	cmd.Wait()
	printed, trace := said.split()
	io.WriteString(errOut, printed)
	outcomes = readOutcomes(file)
	if len(outcomes) == 0 || !outcomes[len(outcomes)-1].Last {
		died = &death{cmd.ProcessState.String(), trace}
	}
	return outcomes, died, nil
}

// readOutcomes returns those that a child has written. The last may be half an outcome if the child has died.
func readOutcomes(file string) (outcomes []outcome) {
	text, _ := os.ReadFile(file)
	for d := json.NewDecoder(bytes.NewReader(text)); ; {
		var o outcome
		if d.Decode(&o) != nil {
			return outcomes
		}
		outcomes = append(outcomes, o)
	}
}

// died says how the function ended its process.
func (r row) died(d *death, file string) error {
	place := placeOf(d.trace, file)
	if cause, ok := strings.CutPrefix(d.trace, "panic: "); ok {
		cause, _, _ = strings.Cut(cause, "\n")
		return r.fails(fmt.Sprintf("a goroutine of your function panics %s: %s", place, cause),
			"a panic in a goroutine ends the whole program: "+panicHint(cause))
	}
	if cause, _, _ := strings.Cut(d.trace, "\n"); cause != "" {
		return r.fails(fmt.Sprintf("your function ends the program %s: %s", place, cause),
			"does a function call itself without end, or do two goroutines use a map?")
	}
	return r.fails("your function ends the program: "+d.state,
		"return an error instead: os.Exit and log.Fatal end the whole program")
}

// A capped passes on what is written to it, until left octets have come.
type capped struct {
	w    io.Writer
	left int // -1 after the first octet that is left out
}

func (c *capped) Write(b []byte) (int, error) {
	if len(b) <= c.left {
		c.left -= len(b)
		return c.w.Write(b)
	}
	if c.left >= 0 {
		fmt.Fprintf(c.w, "%s\n(Your function prints more than %d KB. The rest is left out.)\n", b[:c.left],
			printLimit>>10)
		c.left = -1
	}
	return len(b), nil
}

// A tail keeps the end of what is written to it.
type tail struct{ octets []byte }

func (t *tail) Write(b []byte) (int, error) {
	const most = 1 << 20
	t.octets = append(t.octets, b...)
	if len(t.octets) > 2*most {
		t.octets = bytes.Clone(t.octets[len(t.octets)-most:])
	}
	return len(b), nil
}

// lastWords is where the trace of a program that ends begins.
var lastWords = regexp.MustCompile(`(?m)^(?:runtime: .*\n)*((?:panic|fatal error): )`)

// split returns what the program printed, and the trace of its end.
func (t *tail) split() (printed, trace string) {
	text := strings.ReplaceAll(string(t.octets), "\r", "")
	if at := lastWords.FindStringSubmatchIndex(text); at != nil {
		return text[:at[0]], text[at[2]:]
	}
	return text, ""
}
