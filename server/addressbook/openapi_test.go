package addressbook

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// description returns the OpenAPI document, decoded.
func description(t *testing.T, b *service) map[string]any {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(send(t, b, get(Root+"/openapi.json")).Body, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// memberAt returns the value at a path of member names.
func memberAt(v any, names ...string) any {
	for _, name := range names {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

// Each row of the table is an operation with its responses, and there are no other operations.
func TestOpenAPI(t *testing.T) {
	b := newBook(t)
	doc := description(t, b)
	if doc["openapi"] != "3.1.0" || memberAt(doc, "info", "title") == nil ||
		memberAt(doc, "info", "version") == nil || memberAt(doc, "info", "license", "name") == nil ||
		memberAt(doc, "components", "responses", "refusal", "description") == nil {
		t.Errorf("%v, %v", doc["openapi"], doc["info"])
	}
	operations, ids := 0, make(map[any]bool)
	for _, row := range b.Rows() {
		operations++
		operation := memberAt(doc, "paths", row.Path, strings.ToLower(row.Method))
		name := row.Method + " " + row.Path
		id := memberAt(operation, "operationId")
		if id == nil || ids[id] || memberAt(operation, "summary") != row.Summary {
			t.Errorf("%s: %v", name, operation)
		}
		ids[id] = true
		responses, _ := memberAt(operation, "responses").(map[string]any)
		if len(responses) != len(row.Responses)+1 || responses["4XX"] == nil { // Any refusal
			t.Errorf("%s: %d responses, want %d and 4XX", name, len(responses), len(row.Responses))
		}
		for _, a := range row.Responses {
			if memberAt(responses[fmt.Sprint(a.Code)], "description") == nil {
				t.Errorf("%s: no %d with a description", name, a.Code)
			}
		}
		if security := memberAt(operation, "security"); (security != nil) != row.Auth {
			t.Errorf("%s: security %v", name, security)
		}
		parameters, _ := memberAt(doc, "paths", row.Path, "parameters").([]any)
		if strings.Contains(row.Path, "{ID}") != (len(parameters) == 1) {
			t.Errorf("%s: parameters of the path %v", name, parameters)
		}
		query := 0
		all, _ := memberAt(operation, "parameters").([]any)
		for _, p := range all {
			if memberAt(p, "in") == "query" {
				query++
			}
		}
		if query != len(row.Query) {
			t.Errorf("%s: %d parameters of the query in %v", name, query, all)
		}
		if (memberAt(operation, "requestBody") != nil) != (row.Body != nil) {
			t.Errorf("%s: request body %v", name, memberAt(operation, "requestBody"))
		}
	}
	for path, item := range doc["paths"].(map[string]any) {
		for method := range item.(map[string]any) {
			if method != "parameters" {
				operations--
			} else if !strings.Contains(path, "{") {
				t.Errorf("%s has parameters", path)
			}
		}
	}
	if operations != 0 {
		t.Errorf("%d rows more than operations", operations)
	}
}

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
