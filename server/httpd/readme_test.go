package httpd

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

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
		t.Fatalf("the README's table is not that of the flags; go test ./server/httpd -update "+
			"writes it:\n%s%s", head, want)
	}
	if err := os.WriteFile(readme, []byte(before+head+want+"\n\n"+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

func limitRows() string {
	limits := DefaultLimits
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	limits.Flags(fs)
	var rows []string
	for _, row := range limits.table() {
		f := fs.Lookup(row.name)
		_, help := flag.UnquoteUsage(f)
		rows = append(rows, fmt.Sprintf("| `-%s` | %s | %s |", f.Name, help, f.DefValue))
	}
	return strings.Join(rows, "\n")
}
