package httpwire_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// testdata/conformance.tsv has a line for each requirement of the RFCs: id, sections, role, level,
// the requirement in a sentence, and the test that pins it: a directory, a dot, the function, and
// behind a slash the name of a row; or "left out:" and why, which no MUST may be. The rows of the
// parser and of the writer have one each.
func TestConformance(t *testing.T) {
	table, err := os.ReadFile(filepath.Join("testdata", "conformance.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(table), "\n"), "\n")
	if lines[0] != "id\tsections\trole\tlevel\trequirement\ttest" {
		t.Fatalf("columns %q", lines[0])
	}
	ids := map[string]bool{}
	for _, line := range lines[1:] {
		c := strings.Split(line, "\t")
		if len(c) != 6 || c[0] == "" || c[4] == "" || ids[c[0]] {
			t.Fatalf("line %q", line)
		}
		ids[c[0]] = true
		if why, out := strings.CutPrefix(c[5], "left out: "); out {
			if why == "" || c[3] == "MUST" {
				t.Errorf("%s: a %s is left out: %q", c[0], c[3], why)
			}
			continue
		}
		if c[5] != "" || c[2] == "parser" || c[2] == "writer" {
			t.Run(c[0], func(t *testing.T) { checkPinned(t, c[0], c[5]) })
		}
	}
	if len(ids) < 211 {
		t.Errorf("%d requirements", len(ids))
	}
}

// checkPinned checks that the test is there and names the id.
func checkPinned(t *testing.T, id, test string) {
	dir, name, ok := strings.Cut(test, ".")
	if !ok {
		t.Fatalf("%q names no test", test)
	}
	name, row, _ := strings.Cut(name, "/")
	files, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(dir), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(file) != "conformance_test.go" {
			source.Write(b)
		}
	}
	s := source.String()
	switch {
	case !strings.Contains(s, "func "+name+"("):
		t.Errorf("no %s in %s", name, dir)
	case row != "" && (!strings.Contains(s, `"`+row+`"`) || !strings.Contains(row, id)):
		t.Errorf("no row %q with the id in %s", row, dir)
	case !strings.Contains(s, id):
		t.Errorf("the id is nowhere in the tests of %s", dir)
	}
}
