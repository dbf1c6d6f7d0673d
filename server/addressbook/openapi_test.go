package addressbook

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The page for people has the literal request of each row, and loads nothing.
func TestDocs(t *testing.T) {
	b := newBook(t)
	page := string(send(t, b, get(Root+"/docs")).Body)
	text := regexp.MustCompile("<[^>]+>").ReplaceAllString(page, "")
	for _, row := range b.Rows() {
		path := strings.Replace(row.Path, "{ID}", "1", 1)
		want := row.Method + "\u2420" + path + "\u2420HTTP/1.0\u240d\u240a"
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	for _, word := range []string{"<script", "src=", "href=\"http", "action=", "@import", "url("} {
		if strings.Contains(page, word) {
			t.Errorf("the page has %s", word)
		}
	}
}

// A client that knows only "/" finds the list, creates an address, finds it through Location and
// Link fields, and finds its way back.
func TestLinksLead(t *testing.T) {
	b := newBook(t)
	before := listText(t, b)
	var index struct {
		Links []struct {
			Rel, Href string
			Templated bool
			Methods   []string
		}
	}
	if err := json.Unmarshal(send(t, b, get("/")).Body, &index); err != nil {
		t.Fatal(err)
	}
	list := ""
	for _, l := range index.Links {
		if l.Rel == "collection" && slices.Contains(l.Methods, "POST") {
			list = l.Href
		}
		if !l.Templated && send(t, b, get(l.Href)).Code != 200 {
			t.Errorf("nothing at %s", l.Href)
		}
	}
	made := send(t, b, strings.Replace(postJSON(valid), base, list, 1))
	path := strings.TrimPrefix(field(made, "Location"), "http://localhost:12345")
	one := send(t, b, get(path))
	links := make(map[string]string)
	for part := range strings.SplitSeq(field(one, "Link"), ", ") {
		href, rel, _ := strings.Cut(part, `>; rel="`)
		links[strings.TrimSuffix(rel, `"`)] = strings.TrimPrefix(href, "<")
	}
	if links["self"] != path || links["collection"] != list || links["edit"] == "" {
		t.Fatalf("links %v of %s", links, path)
	}
	if code := send(t, b, bare("DELETE", links["edit"])).Code; code != 204 {
		t.Errorf("DELETE %s: %d", links["edit"], code)
	}
	if got := string(send(t, b, get(links["collection"])).Body); got != before {
		t.Errorf("in the end\n%s", got)
	}
}
