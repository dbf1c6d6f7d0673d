package cli

import (
	"flag"
	"fmt"
	"math"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"rawhttp/server/httpd"
)

// limitNames returns the names of the flags for the fields of httpd.Limits, in their order.
func limitNames() (names []string) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[httpd.Limits]()) {
		names = append(names, flagOf(f.Name))
	}
	return names
}

// Every limit has a flag of its name, with a help text. TestReadmeLimits checks the defaults.
func TestLimitFlags(t *testing.T) {
	limits := httpd.DefaultLimits
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	limitFlags(fs, &limits)
	for i, name := range limitNames() {
		f := fs.Lookup(name)
		if f == nil {
			t.Fatalf("there is no -%s", name)
		}
		if _, help := flag.UnquoteUsage(f); help == "" {
			t.Errorf("-%s has no help", name)
		}
		field := reflect.ValueOf(limits).Field(i)
		value, want := "77", int64(77)
		if field.Type() == reflect.TypeFor[time.Duration]() {
			value, want = "77ms", int64(77*time.Millisecond)
		}
		if err := fs.Set(name, value); err != nil {
			t.Error(err)
		}
		if n := reflect.ValueOf(limits).Field(i).Int(); n != want {
			t.Errorf("-%s %s makes the limit %d", name, value, n)
		}
	}
	if err := checkLimits(&limits); err != nil {
		t.Error(err)
	}
}

// A limit that would let nothing be served is an error, and the error says which value to write.
func TestSillyLimits(t *testing.T) {
	tested := make(map[string]bool)
	most := strconv.Itoa(math.MaxInt) // of this machine: 32 or 64 bits
	for _, tt := range []struct{ flag, bad, good, want string }{
		{"line", "13", "14", "write 14 or more"},
		{"line", "-1", most, "14"},
		{"head", "17", "18", "write 18 or more"},
		{"fields", "0", "1", "write 1 or more"},
		{"fields", "10001", "10000", "write 10000 or less"},
		{"fields", most, "1", "write 10000 or less"},
		{"body", "0", "1", "write 1 or more"},
		{"head-time", "0s", "1ms", "write 1ms or more"},
		{"busy-time", "-1s", "1ms", "write 1ms or more"},
		{"body-time", "999us", "1ms", "-body-time 999µs"},
		{"idle-time", "1ns", "1ms", "write 1ms or more"},
		{"send-time", "1ns", "1ms", "write 1ms or more"},
		{"send-rate", "0", "1", "write 1 or more"},
		{"in-flight", "0", "1", "write 1 or more"},
		{"drain", "0", "1", "write 1 or more"},
		{"drain-time", "0s", "1ms", "write 1ms or more"},
		{"conns", "0", "1", "write 1 or more"},
	} {
		tested[tt.flag] = true
		limits := httpd.DefaultLimits
		fs := flag.NewFlagSet("", flag.ContinueOnError)
		limitFlags(fs, &limits)
		if err := fs.Set(tt.flag, tt.bad); err != nil {
			t.Error(err)
		}
		err := checkLimits(&limits)
		if err == nil || !strings.Contains(err.Error(), "-"+tt.flag) ||
			!strings.Contains(err.Error(), tt.want) {
			t.Errorf("-%s %s: %v", tt.flag, tt.bad, err)
		}
		fs.Set(tt.flag, tt.good)
		if err := checkLimits(&limits); err != nil {
			t.Errorf("-%s %s: %v", tt.flag, tt.good, err)
		}
	}
	for _, name := range limitNames() {
		if !tested[name] {
			t.Errorf("no row of this test has -%s", name)
		}
	}
}

var update = flag.Bool("update", false, "write the table of limits into the README")

// The README's table of limits is that of the flags.
func TestReadmeLimits(t *testing.T) {
	const readme, head = "../README.md", "| flag | limits | default |\n| --- | --- | --- |\n"
	page, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(page), "\r\n", "\n")
	before, rest, ok := strings.Cut(text, head)
	table, after, ok2 := strings.Cut(rest, "\n\n")
	if !ok || !ok2 {
		t.Fatalf("%s has no table that begins with\n%s", readme, head)
	}
	want := limitRows()
	if table == want {
		return
	}
	if !*update {
		t.Fatalf("the README's table is not that of the flags; go test ./server/cli -update "+
			"writes it:\n%s%s", head, want)
	}
	if err := os.WriteFile(readme, []byte(before+head+want+"\n\n"+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

func limitRows() string {
	limits := httpd.DefaultLimits
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	limitFlags(fs, &limits)
	var rows []string
	for _, name := range limitNames() {
		f := fs.Lookup(name)
		_, help := flag.UnquoteUsage(f)
		rows = append(rows, fmt.Sprintf("| `-%s` | %s | %s |", f.Name, help, f.DefValue))
	}
	return strings.Join(rows, "\n")
}
