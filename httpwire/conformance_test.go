package httpwire_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// testdata/conformance.tsv has a line for each requirement of the RFCs: id, sections, role, level,
// the requirement in a sentence, and its test: a directory, a dot, the name of the function and,
// after a slash, the name of a row. If the requirement has no test, "left out:" and the reason
// follow instead. This test looks in the sources: the function, the functions that it calls or the
// tables that it uses must hold the row and the id.

var update = flag.Bool("update", false, "rewrite CONFORMANCE.md from testdata/conformance.tsv")

// The reasons why a MUST may be left out: it is about a feature that the server does not have. The
// sources must not match the pattern, which they would with that feature.
var notThere = map[string]*regexp.Regexp{
	"no redirects": regexp.MustCompile(`\b30[12378]\b`),
}

type requirement struct {
	id, sections, role, level, text, test string
}

// leftOut returns the reason why a requirement is left out, or "" if it has a test.
func (r *requirement) leftOut() string {
	why, out := strings.CutPrefix(r.test, "left out: ")
	if !out {
		return ""
	}
	return why
}

func readRequirements(t *testing.T) (all []requirement) {
	t.Helper()
	table, err := os.ReadFile(filepath.Join("testdata", "conformance.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(table), "\n"), "\n")
	if lines[0] != "id\tsections\trole\tlevel\trequirement\ttest" {
		t.Fatalf("columns %q", lines[0])
	}
	for _, line := range lines[1:] {
		c := strings.Split(line, "\t")
		if len(c) != 6 || c[0] == "" || c[4] == "" {
			t.Fatalf("line %q: want six columns, with a tab between them", line)
		}
		all = append(all, requirement{c[0], c[1], c[2], c[3], c[4], c[5]})
	}
	return all
}

func TestConformance(t *testing.T) {
	ids := map[string]bool{}
	packages := map[string]declarations{}
	for _, r := range readRequirements(t) {
		t.Run(r.id, func(t *testing.T) {
			if ids[r.id] {
				t.Error("there twice")
			}
			ids[r.id] = true
			if rfc, _, _ := strings.Cut(r.sections, " "); rfcs[rfc] == "" {
				t.Errorf("%q does not begin with an RFC that the table rfcs in conformance_test.go names", r.sections)
			}
			if !slices.Contains(levels, r.level) {
				t.Errorf("the level %q is none of %q", r.level, levels)
			}
			if why := r.leftOut(); why != "" {
				checkLeftOut(t, &r, why)
			} else {
				checkPinned(t, &r, packages)
			}
		})
	}
}

// TestDecisions checks that the numbers in DECISIONS.md are unique and that each row names a
// requirement.
func TestDecisions(t *testing.T) {
	page, err := os.ReadFile("DECISIONS.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, r := range readRequirements(t) {
		known[r.id] = true
	}
	n, numbers := 0, map[string]bool{}
	row := regexp.MustCompile(`(?m)^\| (\d+) \|.*\| ([^|]*) \|\r?$`)
	for _, m := range row.FindAllStringSubmatch(string(page), -1) {
		if n++; numbers[m[1]] {
			t.Errorf("two decisions have the number %s", m[1])
		}
		numbers[m[1]] = true
		for id := range strings.SplitSeq(m[2], ", ") {
			if !known[id] {
				t.Errorf("decision %s settles %q, which is no requirement", m[1], id)
			}
		}
	}
	if n < 40 {
		t.Errorf("%d decisions", n)
	}
}

func checkLeftOut(t *testing.T, r *requirement, why string) {
	pattern := notThere[why]
	if pattern == nil {
		if r.level == "MUST" {
			t.Errorf("a MUST is left out, and %q is no reason", why)
		}
		return
	}
	look := func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		if found := pattern.Find(b); found != nil {
			t.Errorf("left out as there are %s, but %s has %s: name the test for it", why, path, found)
		}
		return err
	}
	if err := filepath.WalkDir(filepath.Join("..", "server"), look); err != nil {
		t.Error(err)
	}
}

// checkPinned checks that the test is there and names the id.
func checkPinned(t *testing.T, r *requirement, packages map[string]declarations) {
	dir, name, ok := strings.Cut(r.test, ".")
	if !ok {
		t.Fatalf("%q names no test", r.test)
	}
	name, row, _ := strings.Cut(name, "/")
	if packages[dir] == nil {
		packages[dir] = declare(t, filepath.Join("..", filepath.FromSlash(dir)))
	}
	if packages[dir][name] == nil || !strings.HasPrefix(name, "Test") {
		t.Fatalf("no %s in %s", name, dir)
	}
	text, words := packages[dir].reach(name)
	switch {
	case row != "" && (!words[row] || !strings.Contains(row, r.id)):
		t.Errorf("no row %q with the id in %s of %s", row, name, dir)
	case !strings.Contains(text, r.id):
		t.Errorf("the id is nowhere in %s of %s", name, dir)
	}
}

// declarations are the declarations in the tests of one package, by name.
type declarations map[string][]declaration

type declaration struct {
	text    string   // with the comment above it
	strings []string // literals in it
	names   []string // of what it uses
}

func declare(t *testing.T, dir string) declarations {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	all := declarations{}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, src, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		end := parsed.Name.End()
		for _, d := range parsed.Decls {
			all.add(d, string(src[set.Position(end).Offset:set.Position(d.End()).Offset]))
			end = d.End()
		}
	}
	return all
}

// add adds a declaration under each of its names.
func (all declarations) add(d ast.Decl, text string) {
	says := declaration{text: text}
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			says.names = append(says.names, n.Name)
		case *ast.BasicLit:
			if s, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
				says.strings = append(says.strings, s)
			}
		}
		return true
	})
	switch d := d.(type) {
	case *ast.FuncDecl:
		all[d.Name.Name] = append(all[d.Name.Name], says)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok {
				for _, name := range v.Names {
					all[name.Name] = append(all[name.Name], says)
				}
			}
		}
	}
}

// reach returns the source and the strings of a function and of all declarations that it uses.
func (all declarations) reach(name string) (text string, words map[string]bool) {
	words = map[string]bool{}
	seen := map[string]bool{name: true}
	var said strings.Builder
	for names := []string{name}; len(names) > 0; names = names[1:] {
		for _, d := range all[names[0]] {
			said.WriteString(d.text)
			for _, s := range d.strings {
				words[s] = true
			}
			for _, n := range d.names {
				if !seen[n] && !strings.HasPrefix(n, "Test") {
					names = append(names, n)
				}
				seen[n] = true
			}
		}
	}
	return said.String(), words
}

// TestConformancePage makes CONFORMANCE.md from the table: the number of requirements with a test, by
// section.
func TestConformancePage(t *testing.T) {
	want := conformancePage(readRequirements(t))
	if *update {
		if err := os.WriteFile("CONFORMANCE.md", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("CONFORMANCE.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("CONFORMANCE.md is not what testdata/conformance.tsv says: " +
			"go test ./httpwire -run Conformance -update rewrites it")
	}
}

var levels = []string{"MUST", "SHOULD", "MAY"}

// A count is one line of the page: for each level, how many requirements have a test and how many
// are left out.
type count map[string]*[2]int

func (c count) add(r *requirement) {
	if c[r.level] == nil {
		c[r.level] = new([2]int)
	}
	if r.leftOut() == "" {
		c[r.level][0]++
	} else {
		c[r.level][1]++
	}
}

func (c count) String() string {
	var s strings.Builder
	for _, level := range levels {
		for i := range 2 {
			if n := c[level]; n == nil || n[i] == 0 {
				s.WriteString(" |")
			} else {
				fmt.Fprintf(&s, " %d |", n[i])
			}
		}
	}
	return s.String()
}

var rfcs = map[string]string{
	"1945": "HTTP/1.0", "2068": "keep-alive as HTTP/1.0 had it", "9110": "semantics",
	"9112": "HTTP/1.1", "3986": "URIs", "7617": "Basic", "8259": "JSON",
}

// sectionOf returns the first section of a requirement, up to the first dot.
func sectionOf(r *requirement) string {
	rfc, section, _ := strings.Cut(r.sections, " ")
	section, _, _ = strings.Cut(section, ".")
	section, _, _ = strings.Cut(section, ";")
	section, _, _ = strings.Cut(section, ",")
	section, _, _ = strings.Cut(section, " ")
	return fmt.Sprintf("RFC %s (%s) section %s", rfc, rfcs[rfc], section)
}

func conformancePage(all []requirement) []byte {
	var page, left bytes.Buffer
	page.WriteString(`# Conformance

Each line of "testdata/conformance.tsv" is a requirement of the RFCs, with the test for it or with
the reason why it is left out. This page counts the requirements by section. To write it again, run
"go test ./httpwire -run Conformance -update".

RFC 1945 writes must, should and may in small letters. Where an RFC says that something ought to be
done, or describes what is usual, the level here is SHOULD.

| section | MUST tested | left out | SHOULD tested | left out | MAY tested | left out |
| --- | --- | --- | --- | --- | --- | --- |
`)
	sums, roles := map[string]count{}, map[string]count{}
	var order, orderOfRoles []string
	sum := count{}
	for _, r := range all {
		section := sectionOf(&r)
		if sums[section] == nil {
			sums[section] = count{}
			order = append(order, section)
		}
		if roles[r.role] == nil {
			roles[r.role] = count{}
			orderOfRoles = append(orderOfRoles, r.role)
		}
		for _, c := range []count{sum, sums[section], roles[r.role]} {
			c.add(&r)
		}
		if why := r.leftOut(); why != "" {
			fmt.Fprintf(&left, "| %s | %s | %s | %s |\n", r.id, r.level, r.text, why)
		}
	}
	for _, section := range order {
		fmt.Fprintf(&page, "| %s |%s\n", section, sums[section])
	}
	for _, role := range orderOfRoles {
		fmt.Fprintf(&page, "| *%s* |%s\n", role, roles[role])
	}
	fmt.Fprintf(&page, "| **all** |%s\n\n## Left out\n\n", sum)
	page.WriteString("| requirement | level | what it says | why |\n| --- | --- | --- | --- |\n")
	page.Write(left.Bytes())
	return page.Bytes()
}
