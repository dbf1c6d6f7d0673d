package foreign

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rawhttp/examples/cluster/nodes"
)

// Program finds a program that is not part of this project. If it is missing, Program skips the test
// by name. .ci/run installs the programs that it tests with, and there no test may be skipped. With
// -short, no other program runs.
func Program(t *testing.T, name string) string {
	t.Helper()
	Short(t)
	path, err := nodes.Find(name)
	if err != nil {
		Skip(t, name+" is not on this machine")
	}
	return path
}

// Python finds a Python that has the module, or skips the test.
func Python(t *testing.T, module string) string {
	t.Helper()
	Short(t)
	path := pythonWith(module)
	if path == "" {
		Skip(t, "no python3 with "+module+" is on this machine")
	}
	return path
}

// pythons has the path of the Python of each module that was asked for.
var pythons sync.Map

// pythonWith returns the path of a Python that has the module, or "".
func pythonWith(module string) string {
	path, _ := pythons.LoadOrStore(module, sync.OnceValue(func() string { return findPython(module) }))
	return path.(func() string)()
}

func findPython(module string) string {
	for _, path := range interpreters() {
		if exec.Command(path, "-c", "import "+module).Run() == nil {
			return path
		}
	}
	return ""
}

// interpreters returns the path of each Python on this machine. What is in PATH may be a script, as that of
// pyenv is, which takes longer to find its Python than the Python then runs.
var interpreters = sync.OnceValue(func() (paths []string) {
	for _, name := range []string{"python3", "/usr/bin/python3", "python"} {
		out, err := exec.Command(name, "-c", "import sys; print(sys.executable)").Output()
		path := strings.TrimSpace(string(out))
		if err == nil && path != "" && !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	return paths
})

// Skip skips a test, and says why.
func Skip(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("RAWHTTP_SKIP_NOTHING") != "" {
		t.Fatalf("must not be skipped here, but %s", why)
	}
	t.Skip("skipped: " + why)
}

// Short skips a test that takes a second or more, or needs another program, if -short is given.
func Short(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped: -short")
	}
}

// Waiting runs the tests of a package, more of them at a time than there are processors, because most
// of them wait for time or for other programs. Garbage is collected less often than usual, because the tests
// make much of it, and keep little.
func Waiting(m *testing.M) int {
	flag.Set("test.parallel", "8") // the command line still overrides it
	debug.SetGCPercent(400)
	return m.Run()
}

// Long skips a test that takes many seconds, unless RAWHTTP_LONG is set, as it is in .ci/run.
func Long(t testing.TB) {
	t.Helper()
	if !IsLong() {
		t.Skip("skipped: it takes many seconds; RAWHTTP_LONG=1 runs it")
	}
}

// IsLong reports whether RAWHTTP_LONG is set, for a test that then tries more.
func IsLong() bool { return os.Getenv("RAWHTTP_LONG") != "" }

// Difference says where what was printed first differs from its file: in which line, and what each has
// from at most 40 octets before.
func Difference(printed, file string) string {
	got, want := strings.SplitAfter(printed, "\n"), strings.SplitAfter(file, "\n")
	n := 0
	for n < min(len(got), len(want))-1 && got[n] == want[n] {
		n++
	}
	at := 0
	for at < min(len(got[n]), len(want[n])) && got[n][at] == want[n][at] {
		at++
	}
	at = max(0, at-40)
	return fmt.Sprintf("line %d, from octet %d: printed is %.160q, the file has %.160q", n+1, at, got[n][at:], want[n][at:])
}

// A Result is what a program printed, and how it ended.
type Result struct {
	Out, Err string
	Failed   error
}

// Try runs a program with the input given. If it does not end, it is ended after more time than any needs
// on a busy machine.
func Try(t *testing.T, input, name string, args ...string) Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.WaitDelay = time.Minute // its children may hold on to the pipes, and this machine may be busy
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &errs
	err := cmd.Run()
	return Result{out.String(), errs.String(), err}
}

// Run runs a program that must not fail and returns what it printed.
func Run(t *testing.T, name string, args ...string) string {
	t.Helper()
	r := Try(t, "", name, args...)
	if r.Failed != nil {
		t.Fatalf("%s %.300q: %v\n%s%s", name, strings.Join(args, " "), r.Failed, r.Out, r.Err)
	}
	return r.Out
}
