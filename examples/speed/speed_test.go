package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// The test's own program is each server, as start runs it.
func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == "serve" {
		if err := run(os.Args[1:]); err != nil {
			panic(err)
		}
		return
	}
	os.Exit(m.Run())
}

// Both tables have all of their rows, and every response of every server was read to its end.
func TestTables(t *testing.T) {
	short := effort{rounds: 1, divide: 100, most: 1 << 10}
	var out strings.Builder
	if err := compare(&out, short); err != nil {
		t.Fatal(err)
	}
	if err := growth(&out, short); err != nil {
		t.Fatal(err)
	}
	want := slices.Clone(kinds)
	for _, l := range loads {
		want = append(want, l.name)
	}
	for _, r := range rows {
		want = append(want, r.name)
	}
	for _, w := range append(want, "1024 idle connections") {
		if !strings.Contains(out.String(), w) {
			t.Errorf("no %q in\n%s", w, out.String())
		}
	}
}
