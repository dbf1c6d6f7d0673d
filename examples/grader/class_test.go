package grader

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rawhttp/examples/foreign"
)

// What a student sees: two exercises do not end, one does not compile and one is not begun.
// None of them hides another.
func TestStudent(t *testing.T) {
	foreign.Long(t)
	t.Parallel()
	home := t.TempDir()
	copyTree(t, home, "go.mod", "httpwire", "examples/grader", "examples/exercises", "examples/foreign",
		"examples/peer", "examples/cluster/nodes")
	write := func(exercise, old, replacement string) {
		t.Helper()
		file := filepath.Join(home, "examples/exercises", exercise, exercise+".go")
		text, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(text), old) {
			t.Fatalf("%v, or no %q in %s", err, old, text)
		}
		text = []byte(strings.Replace(string(text), old, replacement, 1))
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("headend", "package headend\n", "package headend\n\nimport \"fmt\"\n")
	write("headend", "return 0, errNotBegun",
		"for i := 0; i < len(octets); {\n\t\tfmt.Println(i)\n\t\tn += int(octets[i])\n\t}\n\treturn n, nil")
	write("body", "return nil, errNotBegun", "return nill, nil")
	write("client", "package client\n", "package client\n\nimport _ \"net/http\"\n")
	write("statusline", "return \"\", 0, \"\", errNotBegun", "for {\n\t}")
	write("response", "return nil, errNotBegun",
		"return Response(code, reason, fields, body)") // without end
	cmd := exec.Command("go", strings.Fields(Command)[1:]...)
	cmd.Dir = home
	text, err := cmd.CombinedOutput()
	out := string(text)
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) {
		t.Fatalf("%v\n%s", err, out)
	}
	unfolded := strings.Join(strings.Fields(filepath.ToSlash(out)), " ")
	// Go has a line for one of the instructions of an empty loop, and the goroutine may be at any of them.
	unfolded = strings.ReplaceAll(unfolded, "it is in line 17 hint", "it is in an empty loop hint")
	for _, want := range []string{
		"--- SKIP: TestExercise2RequestLine", "replace the last line of the function",
		"--- FAIL: TestExercise1HeadEnd", "your function does not end: after 3s it is in line ",
		"body.go:15:9: undefined: nill",
		"your function ends the program in line 23: fatal error: stack overflow",
		" 2  requestline  not begun",
		" 1  headend      begun, not right yet: 0 of 10 rows pass, 8 were not tried; your function does not end",
		"your function does not end: after 3s it is in an empty loop",
		"(Your function prints more than 64 KB. The rest is left out.)",
		" 4  body         begun, does not compile: body/body.go:15:9: undefined: nill",
		" 6  response     begun, not right yet: 0 of 31 rows pass",
		"The first that does not: the imports your file client.go imports net/http",
		fmt.Sprintf("5 of %d begun, 0 done", len(exercises)),
	} {
		if !strings.Contains(unfolded, strings.Join(strings.Fields(want), " ")) {
			t.Errorf("no %q in\n%.9000s", want, out)
		}
	}
	if n := strings.Count(out, "\n0\n"); n > printLimit {
		t.Errorf("%d lines that the function has printed are shown", n)
	}
	if n := strings.Count(out, "=== RUN"); n != len(exercises) {
		t.Errorf("%d tests run, want those of all exercises but the one that does not compile, and the summary", n)
	}
	write("fields", "return nil, errNotBegun", "return nil, nil")
	cmd = exec.Command("go", "test", "-v", "./examples/exercises/summary")
	cmd.Dir = home
	want := fmt.Sprintf("6 of %d begun, 0 done", len(exercises))
	if text, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(text), want) {
		t.Errorf("after a change: %v\n%s", err, text)
	}
}

// An exercise is written with the standard library without net/http, and with the other exercises.
func TestImports(t *testing.T) {
	for _, tt := range []struct{ path, want string }{
		{"net", ""},
		{"net/textproto", ""},
		{"net/httpx", ""},
		{"rawhttp/examples/exercises/headend", ""},
		{"rawhttp/examples/grader", ""}, // of notbegun.go
		{"net/http", "your file own.go imports net/http\n"},
		{"net/http/httputil", "your file own.go imports net/http/httputil\n"},
		{"rawhttp/httpwire", "your file own.go imports rawhttp/httpwire\n"},
		{"rawhttp/server/httpd", "your file own.go imports rawhttp/server/httpd\n"},
	} {
		dir := t.TempDir()
		for name, text := range map[string]string{
			"own.go": fmt.Sprintf("package own\n\nimport _ %q\n", tt.path),
			// The tests of the exercises come with them. A program that tries an exercise is not part of it.
			"own_test.go": "package own\n\nimport _ \"rawhttp/httpwire\"\n",
			"try.go":      "//go:build ignore\n\npackage main\n\nimport _ \"net/http\"\n",
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got := ""
		if err := importsRow(dir).run(); err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, tt.want) || (got == "") != (tt.want == "") {
			t.Errorf("%s: %q, want %q", tt.path, got, tt.want)
		}
	}
}

// Each state of an exercise is seen in the events of go test.
func TestStates(t *testing.T) {
	const dir = "rawhttp/examples/exercises/"
	var events strings.Builder
	event := func(format string, args ...any) { fmt.Fprintf(&events, format+"\n", args...) }
	says := func(exercise, output string) {
		event(`{"Action":"output","Package":"%s","Test":"TestExercise","Output":%q}`, dir+exercise, output)
	}
	says("headend", "--- SKIP: TestExercise1HeadEnd (0.01s)\n")
	event(`{"Action":"pass","Package":"%sheadend"}`, dir)
	says("fields", "    4 of 9 rows pass\n")
	says("fields", "your function does not end\n")
	says("fields", "--- FAIL: TestExercise3Fields (0.01s)\n")
	event(`{"Action":"fail","Package":"%sfields"}`, dir)
	event(`{"Action":"build-output","ImportPath":"%sbody [%[1]sbody.test]","Output":"body/body.go:15:9: undefined: nill\n"}`, dir)
	fails := func(exercise, failed, build string) {
		event(`{"Action":"output","Package":"%s","Output":"FAIL\t%[1]s [%s failed]\n"}`, dir+exercise, failed)
		event(`{"Action":"fail","Package":"%s","FailedBuild":%q}`, dir+exercise, build)
	}
	fails("body", "build", fmt.Sprintf("%sbody [%[1]sbody.test]", dir))
	// The compiler names the package that an exercise imports, and not the exercise.
	event(`{"Action":"build-output","ImportPath":"exercises/body","Output":"# %srequestline\n"}`, dir)
	event(`{"Action":"build-output","ImportPath":"exercises/body","Output":"requestline/requestline.go:3:8: package exercises/body is not in std\n"}`)
	fails("requestline", "setup", "exercises/body")
	event(`{"Action":"build-output","ImportPath":"%sstatusline","Output":"found packages mine (statusline.go) and statusline (statusline_test.go) in /\n"}`, dir)
	fails("statusline", "setup", dir+"statusline")
	event("this is not an event")
	event(`{"Action":"pass","Package":"%sresponse","Test":"TestExercise6Response"}`, dir)
	event(`{"Action":"pass","Package":"%sresponse"}`, dir)
	event(`{"Action":"pass","Package":"%skeepalive"}`, dir) // init calls os.Exit(0)
	event(`{"Action":"pass","Package":"%sclient","Test":"TestAnother"}`, dir)
	says("client", "fatal error: stack overflow\n")
	runs := readRuns([]byte(events.String()))
	for exercise, want := range map[string]string{
		"headend": "not begun, ", "fields": "begun, not right yet, 4 of 9 rows pass; your function does not end",
		"body":     "begun, does not compile, body/body.go:15:9: undefined: nill",
		"response": "done, ", "client": "begun, ends the program, fatal error: stack overflow",
		"chunked":     "begun, ends the program, ",
		"keepalive":   "begun, ends the program, ",
		"requestline": "begun, does not compile, requestline/requestline.go:3:8: package exercises/body is not in std",
		"statusline":  "begun, does not compile, found packages mine (statusline.go) and statusline (statusline_test.go) in /",
	} {
		state, detail := runs[exercise].state()
		if got := state + ", " + detail; got != want {
			t.Errorf("%s: %q, want %q", exercise, got, want)
		}
	}
	runs["fields"] = testRun{output: "4 of 9 rows pass\n  offset  1: method: found \":\"\n--- FAIL"}
	own := testRun{output: "18 of 19 rows pass\n  your file accept.go imports net/http\n--- FAIL"}
	if _, detail := own.state(); !strings.HasSuffix(detail, "pass; your file accept.go imports net/http") {
		t.Error(detail)
	}
	text := summary(runs)
	if !strings.Contains(text, "not right yet: 4 of 9 rows pass; offset 1:") {
		t.Error(text)
	}
	if !strings.HasSuffix(text, fmt.Sprintf("\n%d of %d begun, 1 done", len(exercises)-1, len(exercises))) {
		t.Error(text)
	}
	const first = `
 1  headend      not begun
 2  requestline  begun, does not compile:
                 requestline/requestline.go:3:8: package exercises/body
                 is not in std
 3  fields       begun,`
	if !strings.HasPrefix(text, first) {
		t.Error(text)
	}
	for _, exercise := range exercises {
		runs[exercise] = runs["headend"]
	}
	if got := summary(runs); !strings.HasSuffix(got, " begun, 0 done. Begin with examples/exercises/headend/headend.go") {
		t.Error(got)
	}
	for line := range strings.Lines(text) {
		if len(line) > testWidth+len("\n") {
			t.Errorf("too wide for a terminal: %q", line)
		}
	}
}

// An exercise is not begun if its first row says so. A line that was left, or a function of another
// exercise, is a mistake, and the other rows count.
func TestNotBegun(t *testing.T) {
	for _, tt := range []struct {
		name     string
		err      NotBegun
		from     int // the row that returns it
		notBegun bool
		first    string
	}{
		{"not begun", "headend", 0, true, "your function returns errNotBegun\n"},
		{"a line is left", "headend", 3, false, "nothing yet\n  in      \n  your function returns errNotBegun\n"},
		{"another exercise", "fields", 0, false, "your function calls that of exercise fields, which is not begun\n" +
			"  hint    write examples/exercises/fields/fields.go first"},
	} {
		row := -1
		r := grade(HeadEnd(func(octets []byte) (int, error) {
			if row++; row >= tt.from && row < tt.from+2 {
				return 0, tt.err
			}
			return solvedHeadEnd(octets)
		}), "headend/headend.go", timeLimit)
		if r.notBegun != tt.notBegun || r.first == nil || !strings.Contains(r.first.Error(), tt.first) {
			t.Errorf("%s: %+v", tt.name, r)
		}
		if tt.notBegun && r.left != r.all-1 || !tt.notBegun && (r.passed != r.all-2 || len(r.others) != 1) {
			t.Errorf("%s: %+v", tt.name, r)
		}
	}
	for name, check := range map[string]Check{
		"accept": Accept(func(net.Listener, map[string]string) error { return NotBegun("accept") }),
		"client": Client(func(string, string) (int, []byte, error) { return 0, nil, NotBegun("client") }),
	} {
		if r := grade(check, name+"/"+name+".go", timeLimit); !r.notBegun {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if got := NotBegun("fields").Error(); got != "exercise fields is not begun" {
		t.Error(got)
	}
}

// copyTree copies files of this module.
func copyTree(t *testing.T, to string, names ...string) {
	t.Helper()
	const root = "../.."
	for _, name := range names {
		from := filepath.Join(root, name)
		err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			relative, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			copied := filepath.Join(to, relative)
			if err := os.MkdirAll(filepath.Dir(copied), 0o755); err != nil {
				return err
			}
			return os.WriteFile(copied, text, 0o644)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
