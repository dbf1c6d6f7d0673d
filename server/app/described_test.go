package app

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"rawhttp/httpwire"
	"rawhttp/server/addressbook"
	"rawhttp/server/httpd"
	"rawhttp/server/rest"
)

// Each row of the table is an operation with its responses, and there are no other operations.
func TestOpenAPI(t *testing.T) {
	service, err := New(Options{Wall: true, Class: true}, &httpd.Server{Limits: httpd.DefaultLimits})
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	doc := decoded(t, send(service, "GET", addressbook.Root+"/openapi.json").Body)
	if memberAt(doc, "openapi") != "3.1.0" || memberAt(doc, "info", "title") == nil ||
		memberAt(doc, "info", "version") == nil || memberAt(doc, "info", "license", "name") == nil ||
		memberAt(doc, "components", "responses", "refusal", "description") == nil {
		t.Errorf("%v, %v", memberAt(doc, "openapi"), memberAt(doc, "info"))
	}
	operations, ids := 0, make(map[any]bool)
	for _, row := range service.router.Rows() {
		if row.Hidden {
			continue
		}
		operations++
		operation := memberAt(doc, "paths", row.Path, strings.ToLower(strings.Replace(row.Method, "*", "GET", 1)))
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
	paths, _ := memberAt(doc, "paths").(map[string]any)
	for path, item := range paths {
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

// Each route gives the responses that the description of the API has, and no others: the code, the media type,
// the fields, and the members of JSON.
func TestServedAsDescribed(t *testing.T) {
	service, err := New(Options{Wall: true, Class: true}, &httpd.Server{Limits: httpd.DefaultLimits})
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	doc := decoded(t, send(service, "GET", addressbook.Root+"/openapi.json").Body)
	reported := make(map[string]bool)
	for _, row := range service.router.Rows() {
		if row.Hidden {
			continue
		}
		method := strings.ToLower(strings.Replace(row.Method, "*", "GET", 1))
		operation := memberAt(doc, "paths", row.Path, method)
		checkBody(t, row, operation)
		for _, p := range probes(row) {
			resp := sendBody(service, strings.Replace(row.Method, "*", "BREW", 1), p.path, p.body, p.fields...)
			fault := undescribed(t, operation, resp)
			what := fmt.Sprintf("%s %s: %s", row.Method, row.Path, fault)
			if fault != "" && !reported[what] {
				t.Errorf("%s. Correct the row or the response: %s with %q and the body %q gets %d %q",
					what, p.path, p.fields, p.body, resp.Code, resp.Fields.Get("Content-Type"))
			}
			reported[what] = true
		}
	}
}

// checkBody checks what a row says of the body of its request: it needs a length, and the example of JSON fits
// its schema.
func checkBody(t *testing.T, row *rest.Route, operation any) {
	t.Helper()
	if row.Body == nil {
		return
	}
	noLength := httpwire.Request{RequestLine: httpwire.RequestLine{Method: []byte(row.Method)}, Head: []byte("\r\n")}
	if _, err := noLength.BodyLength(); err == nil {
		t.Errorf("%s %s has a body, and httpwire.Request.BodyLength does not require its length", row.Method, row.Path)
	}
	schema := memberAt(operation, "requestBody", "content", row.Body.Type, "schema")
	if schema == nil {
		return
	}
	if fault := mismatch("the example", schema, decoded(t, []byte(row.Body.Example))); fault != "" {
		t.Errorf("%s %s: %s", row.Method, row.Path, fault)
	}
}

// A probe is a request for a row.
type probe struct {
	path, body string
	fields     []string
}

// probes returns requests that the row serves, and others that are wrong.
func probes(row *rest.Route) (all []probe) {
	var paths []string
	for _, id := range []string{"1", "0", "999"} {
		path := strings.Replace(row.Path, "{ID}", id, 1)
		paths = append(paths, path, path+"?%")
		for _, p := range row.Query {
			paths = append(paths, path+"?"+p.Name+"=-")
		}
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	bodies := []rest.Content{{Type: "text/csv"}}
	if row.Body != nil {
		bodies = []rest.Content{*row.Body, {Type: row.Body.Type, Example: "{"}, {Type: "text/csv", Example: row.Body.Example}}
	}
	for _, fields := range [][]string{{}, {"If-None-Match", "*"}, {"If-Match", `"x"`}, {"If-Match", "x"},
		{"Accept", "text/html"}, {"Accept", "text/plain"}, {"Accept", "text/csv"}, {"Accept", "application/xml"}} {
		for _, path := range paths {
			for _, b := range bodies {
				all = append(all, probe{path, b.Example, slices.Concat(fields, []string{"Content-Type", b.Type})})
			}
		}
	}
	return all
}

// undescribed says how a response differs from the description of its operation, or "".
func undescribed(t *testing.T, operation any, resp *httpwire.Response) string {
	response := memberAt(operation, "responses", fmt.Sprint(resp.Code))
	if response == nil {
		return fmt.Sprintf("no %d is described", resp.Code)
	}
	content, _ := memberAt(response, "content").(map[string]any)
	typ, _, _ := strings.Cut(string(resp.Fields.Get("Content-Type")), ";")
	switch types := slices.Sorted(maps.Keys(content)); {
	case typ == "" && len(types) > 0:
		return fmt.Sprintf("the %d has no body", resp.Code)
	case typ != "" && content[typ] == nil:
		return fmt.Sprintf("the %d has the type %s, and is described as %q", resp.Code, typ, types)
	case len(types) > 1 && !resp.Fields.Has("Vary", "Accept") && !resp.Fields.Has("Vary", "*"): // * includes Accept
		return "the type depends on Accept, and there is no Vary: Accept"
	}
	fields, _ := memberAt(response, "headers").(map[string]any)
	for name := range fields {
		if resp.Fields.Get(name) == nil {
			return fmt.Sprintf("the %d has no %s", resp.Code, name)
		}
	}
	for _, name := range []string{"ETag", "Last-Modified", "Link", "Location"} {
		if fields[name] == nil && resp.Fields.Get(name) != nil {
			return fmt.Sprintf("the %d has %s, which is not described", resp.Code, name)
		}
	}
	if schema := memberAt(content[typ], "schema"); schema != nil {
		return mismatch("the body", schema, decoded(t, resp.AppendBody(nil)))
	}
	return ""
}

func decoded(t *testing.T, octets []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(octets, &v); err != nil {
		t.Fatalf("%v: %s", err, octets)
	}
	return v
}

// memberAt returns the value at a path of member names, nil if there is none.
func memberAt(v any, names ...string) any {
	for _, name := range names {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

// mismatch says where a value differs from its schema, by the keywords of JSON Schema that the tables use, or
// "".
func mismatch(where string, schema, v any) (fault string) {
	ok := false
	switch v := v.(type) {
	case map[string]any:
		ok = memberAt(schema, "type") == "object"
		fault = mismatchOfObject(where, schema, v)
	case []any:
		ok = memberAt(schema, "type") == "array"
		for i, item := range v {
			fault = cmp.Or(fault, mismatch(fmt.Sprintf("%s[%d]", where, i), memberAt(schema, "items"), item))
		}
	case float64:
		least, bounded := memberAt(schema, "minimum").(float64)
		ok = memberAt(schema, "type") == "integer" && (!bounded || v >= least)
	case string:
		ok = memberAt(schema, "type") == "string"
	case bool:
		ok = memberAt(schema, "type") == "boolean"
	}
	if !ok {
		return fmt.Sprintf("%s is %v, and its schema is %v", where, v, schema)
	}
	return fault
}

// mismatchOfObject does what mismatch does for an object. A member that the schema does not have is a difference,
// if it has any.
func mismatchOfObject(where string, schema any, members map[string]any) (fault string) {
	required, _ := memberAt(schema, "required").([]any)
	for _, name := range required {
		if _, ok := members[name.(string)]; !ok {
			return fmt.Sprintf("%s has no %s", where, name)
		}
	}
	properties, ok := memberAt(schema, "properties").(map[string]any)
	for name, value := range members {
		switch {
		case !ok:
		case properties[name] == nil:
			return fmt.Sprintf("%s has the member %s, which its schema does not have", where, name)
		default:
			fault = cmp.Or(fault, mismatch(where+"."+name, properties[name], value))
		}
	}
	return fault
}
