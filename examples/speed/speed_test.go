package main

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"rawhttp/examples/foreign"
	"rawhttp/server/httpd"
)

var full = flag.Bool("full", false, "measure as long as the tables of server/README.md need")

func init() {
	kinds = slices.Insert(kinds, len(kinds)-1, kind{"net/http", func(l net.Listener, _ httpd.Handler, body []byte) {
		http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Server", httpd.Product)
			w.Write(body)
		}))
	}})
}

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
	foreign.Short(t)
	run := effort{rounds: 1, divide: 100, most: 1 << 8}
	if *full {
		run = fullRun
	}
	var out strings.Builder
	if err := compare(&out, run); err != nil {
		t.Fatal(err)
	}
	if err := growth(&out, run); err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, k := range kinds {
		want = append(want, k.name)
	}
	for _, l := range loads {
		want = append(want, l.name)
	}
	for _, r := range rows {
		want = append(want, r.name)
	}
	for _, w := range append(want, fmt.Sprint(min(idleConns, run.most), " idle connections")) {
		if !strings.Contains(out.String(), w) {
			t.Errorf("no %q in\n%s", w, out.String())
		}
	}
	t.Log(out.String())
}

// The tables in server/README.md have the same rows, and the columns in the same order.
func TestTablesInReadme(t *testing.T) {
	page, err := os.ReadFile("../../server/README.md")
	if err != nil {
		t.Fatal(err)
	}
	columns := []string{`\| request`}
	for _, k := range kinds {
		columns = append(columns, k.name+`[^|]*`)
	}
	begins := []string{strings.Join(columns, ` \| `)}
	for _, l := range loads {
		begins = append(begins, `\| `+l.name)
	}
	for _, r := range rows {
		begins = append(begins, `\| `+r.name)
	}
	for _, begin := range begins {
		if !regexp.MustCompile(`(?m)^` + begin + ` ?\|`).Match(page) {
			t.Errorf("server/README.md has no row %s | (go test ./examples/speed -run Tables -v -full measures it)",
				strings.ReplaceAll(begin, `\`, ""))
		}
	}
}

// An idle connection takes at most 8 KB, so its stack has become small again.
func TestIdleConnections(t *testing.T) {
	foreign.Short(t)
	var each, left float64
	for _, rest := range []time.Duration{1200 * time.Millisecond, fullRun.rest, 5 * fullRun.rest} {
		var err error
		if each, left, err = idle(1000, rest); err != nil {
			t.Fatal(err)
		}
		if each <= 8<<10 && left <= 2<<10 {
			return // at once, unless the machine is busy
		}
	}
	t.Errorf("an idle connection takes %.0f octets, and %.0f are left when it is closed", each, left)
}

// A server that runs has no file under a name, so a program that is ended leaves none.
func TestNoFileIsLeft(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("skipped: this system keeps the name of an open file")
	}
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	s, err := start("log on", 2)
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

// The command line is explained.
func TestCommandLine(t *testing.T) {
	if err := run([]string{"grow"}); err != errUsage {
		t.Error(err)
	}
	if err := run([]string{"serve", "no log", "2"}); err == nil || err.Error() != `there is no server "no log"` {
		t.Error(err)
	}
	for line := range strings.Lines(usage) {
		if len(line) > 81 {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
}
