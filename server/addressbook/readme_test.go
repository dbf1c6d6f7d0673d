package addressbook

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of routes into the README, and the links into testdata")

// The table in the README is the table of routes.
func TestReadmeTable(t *testing.T) {
	const readme = "../README.md"
	const head = "| request | what it does | responses |\n| --- | --- | --- |\n"
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
	want := rows()
	if strings.TrimSpace(table) == want {
		return
	}
	if !*update {
		t.Fatalf("the README's table is not that of the routes; go test ./server/addressbook -update "+
			"writes it:\n%s%s", head, want)
	}
	after = strings.TrimLeft(after, "\n")
	if err := os.WriteFile(readme, []byte(before+head+want+"\n\n"+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The entry point has the links in testdata.
func TestLinks(t *testing.T) {
	const golden = "testdata/links.json"
	got := send(t, newBook(t), get("/")).Body
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s: the links differ (%v); go test ./server/addressbook -update writes it; got\n%s", golden, err, got)
	}
}

func rows() string {
	var lines []string
	for _, r := range new(Book).Routes() {
		var codes []string
		for _, a := range r.Responses {
			codes = append(codes, fmt.Sprint(a.Code))
		}
		slices.Sort(codes)
		requests := []string{"`" + r.Method + " " + r.Path + "`"}
		for _, p := range r.Query {
			requests = append(requests, "`?"+p.Name+"=`")
		}
		request := strings.Join(requests, ", ")
		if r.Auth {
			request += " *(key)*"
		}
		lines = append(lines, fmt.Sprintf("| %s | %s | %s |",
			request, r.Summary, strings.Join(codes, " ")))
	}
	return strings.Join(lines, "\n")
}
