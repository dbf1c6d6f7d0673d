package rest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rawhttp/httpwire"
)

// object is one of JSON. Its members are written in the order of their names.
type object = map[string]any

// OpenAPI returns the Document that describes the API for programs, in OpenAPI 3.1.
func OpenAPI(title, version string) func(*Router, string) []Form {
	return func(r *Router, _ string) []Form {
		paths := object{}
		for _, res := range r.resources {
			if res.routes[0].Hidden {
				continue
			}
			paths[res.path] = res.describe()
		}
		return []Form{{"application/json", JSON(object{
			"openapi": "3.1.0",
			"info": object{"title": title, "version": version,
				"description": "HEAD goes with every GET, and OPTIONS with everything.",
				"license":     object{"name": "none stated", "identifier": "LicenseRef-none-stated"}},
			"servers":  []object{{"url": "/"}},
			"security": []object{}, // nobody is asked, unless the operation says so
			"paths":    paths,
			"components": object{
				"securitySchemes": object{"basic": object{"type": "http", "scheme": "basic"}},
				"responses":       object{"refusal": refusals},
			},
		})}}
	}
}

// refusals describes what may come of any request, whatever the row: the server reads the wire
// before it looks for a row, and refuses methods that have none.
var refusals = object{
	"description": "The message is malformed, too long or late (text/plain), or the method is not " +
		"allowed here (application/problem+json). The body says what to do.",
	"content": object{"text/plain": object{}, "application/problem+json": object{}},
}

// describe returns the path item of a resource. A row for any method is described as its GET, since
// OpenAPI has no word for it.
func (res *resource) describe() object {
	item := object{}
	for _, row := range res.routes {
		method, operation := strings.ToLower(row.Method), row.describe()
		if row.Method == "*" {
			method, operation["description"] = "get", "Any method will do."
		}
		operation["operationId"] = method + notName.ReplaceAllString(row.Path, "_")
		item[method] = operation
	}
	if strings.Contains(res.path, variable) {
		item["parameters"] = []object{{
			"name": strings.Trim(variable, "{}"), "in": "path", "required": true,
			"schema": Schema{"type": "integer", "minimum": 1, "maximum": int64(MaxInteger)},
		}}
	}
	return item
}

var notName = regexp.MustCompile(`[^A-Za-z0-9]+`)

// describe returns the operation of a row.
func (row *Route) describe() object {
	responses := object{}
	for _, a := range row.Answers {
		answer := object{"description": httpwire.ReasonPhrase(a.Code) + ": " + a.Summary}
		if len(a.Content) > 0 {
			answer["content"] = contents(a.Content...)
		}
		if names := row.fieldsOf(a.Code); names != nil {
			answer["headers"] = headers(names)
		}
		responses[strconv.Itoa(a.Code)] = answer
	}
	responses["4XX"] = object{"$ref": "#/components/responses/refusal"}
	operation := object{"summary": row.Summary, "responses": responses}
	if row.Body != nil {
		operation["requestBody"] = object{"required": true, "content": contents(*row.Body)}
	}
	if parameters := row.parameters(); parameters != nil {
		operation["parameters"] = parameters
	}
	if row.Auth { // a server without a list of users asks nobody
		operation["security"] = []object{{"basic": []string{}}, {}}
	}
	return operation
}

// has reports whether a row may answer with a code.
func (row *Route) has(code int) bool {
	return slices.ContainsFunc(row.Answers, func(a Answer) bool { return a.Code == code })
}

// parameters are those of the query, and the conditions that a row with a 304 or 412 looks at.
func (row *Route) parameters() (all []object) {
	for _, p := range row.Query {
		all = append(all,
			object{"name": p.Name, "in": "query", "description": p.Summary, "schema": p.Schema})
	}
	var conditions []string
	if row.has(412) {
		conditions = append(conditions, "If-Match", "If-Unmodified-Since", "If-None-Match")
	}
	if row.has(304) {
		conditions = append(conditions, "If-Modified-Since")
	}
	for _, name := range conditions {
		all = append(all, object{"name": name, "in": "header", "schema": Schema{"type": "string"}})
	}
	return all
}

// fieldsOf names the fields that an answer with a code has for certain, besides those of every one.
func (row *Route) fieldsOf(code int) []string {
	switch {
	case code == 200 && row.has(304):
		return []string{"ETag", "Last-Modified"}
	case code == 304:
		return []string{"ETag"}
	case code == 201:
		return []string{"Location"}
	case code == 401:
		return []string{"WWW-Authenticate"}
	case code == 503 && row.Auth:
		return []string{"Retry-After"}
	}
	return nil
}

func headers(names []string) object {
	described := object{}
	for _, name := range names {
		described[name] = object{"schema": Schema{"type": "string"}}
	}
	return described
}

func contents(all ...Content) object {
	described := object{}
	for _, c := range all {
		media := object{}
		if c.Schema != nil {
			media["schema"] = c.Schema
		}
		for _, typ := range append([]string{c.Type}, c.Also...) {
			typ, _, _ = strings.Cut(typ, ";")
			described[typ] = media
		}
	}
	return described
}
