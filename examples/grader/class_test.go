package grader

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rawhttp/examples/foreign"
)

// What a student sees: two exercises do not end, one ends the program, one is wrong and the others are
// not begun. None of them hides another.
func TestStudent(t *testing.T) {
	foreign.Long(t)
	t.Parallel()
	home := t.TempDir()
	copyTree(t, home, "go.mod", "httpwire", "examples/grader", "examples/exercises", "examples/foreign", "examples/cluster/nodes")
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
	write("body", "return nil, errNotBegun", "return nil, nil")
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
	for _, want := range []string{
		"--- SKIP: TestExercise2RequestLine", "replace the last line of the function",
		"--- FAIL: TestExercise1HeadEnd", "your function does not end: after 3s it is in line ",
		"your function ends the program in line 23: fatal error: stack overflow",
		" 2  requestline  not begun",
		" 1  headend      begun, 0 of 10 rows pass, 8 were not tried",
		"your function does not end: after 3s it is in an empty loop",
		"(Your function prints more than 64 KB. The rest is left out.)",
		" 4  body         begun, ",
		" 6  response     begun, 0 of 31 rows pass",
		"4 of 10 begun, 0 done",
	} {
		if !strings.Contains(unfolded, strings.Join(strings.Fields(want), " ")) {
			t.Errorf("no %q in\n%.9000s", want, out)
		}
	}
	if n := strings.Count(out, "\n0\n"); n > printLimit {
		t.Errorf("%d lines that the function has printed are shown", n)
	}
	if n := strings.Count(out, "=== RUN"); n != 10 {
		t.Errorf("%d tests run, want one for each exercise", n)
	}
}

// The summary has a row for each exercise that was checked.
func TestSummary(t *testing.T) {
	for _, tt := range []struct {
		results map[string]result
		want    string
	}{
		{nil, ""},
		{map[string]result{"headend": {first: ErrNotBegun, all: 10}},
			" 1  headend      not begun\n0 of 1 begun, 0 done. Begin with examples/exercises/headend/headend.go\n"},
		{map[string]result{"client": {passed: 9, all: 9}, "headend": {first: ErrNotBegun},
			"fields": {passed: 4, all: 10, left: 5, first: errRefused}},
			" 1  headend      not begun\n 3  fields       begun, 4 of 10 rows pass, 5 were not tried\n" +
				"10  client       done\n2 of 3 begun, 1 done\n"},
	} {
		if got := summary(tt.results); got != tt.want {
			t.Errorf("%s\nwant\n%s", got, tt.want)
		}
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
