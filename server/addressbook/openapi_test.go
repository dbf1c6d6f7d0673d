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

// Responses are as described, also errors. The examples of bodies fit their schemas and are
// accepted.
func TestServedAsDescribed(t *testing.T) {
	b := newBook(t)
	doc := description(t, b)
	for _, tt := range []struct{ request, path, method string }{
		{get("/"), "/", "get"},
		{get(base), base, "get"},
		{get(base + "?limit=x"), base, "get"},
		{bare("GET", base, "If-None-Match: *"), base, "get"},
		{postJSON(newAddress.Example), base, "post"},
		{postJSON(newAddress.Example), base, "post"}, // there already
		{get(base + "/1"), base + "/{ID}", "get"},
		{with("PUT", base+"/1", sameAddress.Example), base + "/{ID}", "put"},
		{with("PUT", base+"/9", sameAddress.Example), base + "/{ID}", "put"},
		{with("PUT", base+"/9", "{"), base + "/{ID}", "put"},
		{bare("DELETE", base+"/9"), base + "/{ID}", "delete"},
		{bare("DELETE", base+"/9"), base + "/{ID}", "delete"},
	} {
		resp := send(t, b, tt.request)
		line, _, _ := strings.Cut(tt.request, "\r\n")
		response := memberAt(doc, "paths", tt.path, tt.method, "responses", fmt.Sprint(resp.Code))
		if response == nil {
			t.Errorf("%s: %d is not described", line, resp.Code)
			continue
		}
		described, _ := memberAt(response, "headers").(map[string]any)
		for name := range described {
			if field(resp, name) == "" {
				t.Errorf("%s: %d has no %s", line, resp.Code, name)
			}
		}
		for _, name := range []string{"ETag", "Last-Modified", "Link", "Location"} {
			if described[name] == nil && field(resp, name) != "" {
				t.Errorf("%s: %d has %s, which is not described", line, resp.Code, name)
			}
		}
		schema := memberAt(response, "content", field(resp, "Content-Type"), "schema")
		if resp.Body == nil {
			if memberAt(response, "content") != nil {
				t.Errorf("%s: %d has no body", line, resp.Code)
			}
			continue
		}
		if schema == nil {
			t.Errorf("%s: %d has the type %s", line, resp.Code, field(resp, "Content-Type"))
			continue
		}
		conforms(t, line, schema, decoded(t, resp.Body))
	}
	for _, row := range b.Rows() {
		if row.Body != nil {
			schema := memberAt(doc, "paths", row.Path, strings.ToLower(row.Method), "requestBody",
				"content", row.Body.Type, "schema")
			conforms(t, row.Method, schema, decoded(t, []byte(row.Body.Example)))
		}
	}
}

func decoded(t *testing.T, octets []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(octets, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// conforms checks a value against the keywords of JSON Schema that the table uses. A member that
// the schema does not have is an error.
func conforms(t *testing.T, where string, schema, v any) {
	t.Helper()
	var ok bool
	switch memberAt(schema, "type") {
	case "object":
		var members map[string]any
		members, ok = v.(map[string]any)
		required, _ := memberAt(schema, "required").([]any)
		for _, name := range required {
			if _, there := members[name.(string)]; !there {
				t.Errorf("%s has no %s", where, name)
			}
		}
		for name, value := range members {
			if s := memberAt(schema, "properties", name); s != nil {
				conforms(t, where+"."+name, s, value)
			} else {
				t.Errorf("%s.%s is not described by the schema in routes.go", where, name)
			}
		}
	case "array":
		var items []any
		items, ok = v.([]any)
		for i, item := range items {
			conforms(t, fmt.Sprintf("%s[%d]", where, i), memberAt(schema, "items"), item)
		}
	case "integer":
		var n float64
		n, ok = v.(float64)
		if least, bounded := memberAt(schema, "minimum").(float64); bounded && n < least {
			t.Errorf("%s is %v", where, n)
		}
	case "string":
		_, ok = v.(string)
	case "boolean":
		_, ok = v.(bool)
	}
	if !ok {
		t.Errorf("%s is %v, want %v", where, v, schema)
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
