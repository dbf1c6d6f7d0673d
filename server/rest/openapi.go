package rest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rawhttp/httpwire"
)

// An object is a JSON object. Its members are written in alphabetical order.
type object = map[string]any

// OpenAPI returns the Document of a route that describes the API for programs, in OpenAPI 3.1.
func OpenAPI(title, version string) func(*Router, string) []Variant {
	return func(r *Router, _ string) []Variant {
		paths := object{}
		for _, res := range r.resources {
			if !res.hidden() {
				paths[res.path] = res.describe()
			}
		}
		return []Variant{{"application/json", JSON(object{
			"openapi": "3.1.0",
			"info": object{"title": title, "version": version,
				"description": "Every path with GET has HEAD, and every path has OPTIONS.",
				"license":     object{"name": "none stated", "identifier": "LicenseRef-none-stated"}},
			"servers":  []object{{"url": "/"}},
			"security": []object{}, // no operation needs a password unless it says so
			"paths":    paths,
			"components": object{
				"securitySchemes": object{"basic": object{"type": "http", "scheme": "basic"}},
				"responses":       object{"refusal": refusals},
			},
		})}}
	}
}

// refusals describes the errors that any request can get before a row is found: the message is
// malformed, or no row has its method.
var refusals = object{
	"description": "The message is malformed, too long or too late (text/plain), or the path does " +
		"not have the method (application/problem+json). The body says what to do.",
	"content": object{"text/plain": object{}, "application/problem+json": object{}},
}

// describe returns the path item of a resource. OpenAPI cannot say "any method", so a row for any
// method is described as a GET.
func (res *resource) describe() object {
	item := object{}
	for _, row := range res.routes {
		method, operation := strings.ToLower(row.method()), row.describe()
		if row.Method == "*" {
			operation["description"] = "Any method may be used."
		}
		operation["operationId"] = method + notName.ReplaceAllString(row.Path, "_")
		item[method] = operation
	}
	if res.hasID {
		item["parameters"] = []object{{
			"name": strings.Trim(idSegment, "{}"), "in": "path", "required": true,
			"schema": object{"type": "integer", "minimum": 1, "maximum": int64(MaxInteger)},
		}}
	}
	return item
}

var notName = regexp.MustCompile(`[^A-Za-z0-9]+`)

// describe returns the operation of a row.
func (row *Route) describe() object {
	responses := object{}
	for _, r := range row.Responses {
		response := object{"description": httpwire.ReasonPhrase(r.Code) + ": " + r.Summary}
		if len(r.Content) > 0 {
			response["content"] = contents(r.Content...)
		}
		if headers := r.headers(); len(headers) > 0 {
			response["headers"] = headers
		}
		responses[strconv.Itoa(r.Code)] = response
	}
	responses["4XX"] = object{"$ref": "#/components/responses/refusal"}
	operation := object{"summary": row.Summary, "responses": responses}
	if row.Body != nil {
		operation["requestBody"] = object{"required": true, "content": contents(*row.Body)}
	}
	if parameters := row.parameters(); parameters != nil {
		operation["parameters"] = parameters
	}
	if row.Auth { // optional, because a server without a list of users needs no password
		operation["security"] = []object{{"basic": []string{}}, {}}
	}
	return operation
}

// has reports whether a response of the row has a code.
func (row *Route) has(code int) bool {
	return slices.ContainsFunc(row.Responses, func(r Response) bool { return r.Code == code })
}

// conditions are the precondition fields that a row with 304 or 412 evaluates.
var conditions = []struct {
	code int
	name string
}{{412, "If-Match"}, {412, "If-Unmodified-Since"}, {412, "If-None-Match"}, {304, "If-Modified-Since"}}

// parameters returns the parameters of the query, and the precondition fields.
func (row *Route) parameters() (all []object) {
	for _, p := range row.Query {
		all = append(all,
			object{"name": p.Name, "in": "query", "description": p.Summary, "schema": p.Schema})
	}
	for _, c := range conditions {
		if row.has(c.code) {
			all = append(all, object{"name": c.name, "in": "header", "schema": object{"type": "string"}})
		}
	}
	return all
}

// fieldsOf are the fields that every response with a code has.
var fieldsOf = map[int][]string{201: {"Location"}, 304: {"ETag"}, 401: {"WWW-Authenticate"},
	503: {"Retry-After"}}

// headers describes the fields of a response.
func (r *Response) headers() object {
	described := object{}
	for _, name := range slices.Concat(fieldsOf[r.Code], r.Fields) {
		described[name] = object{"schema": object{"type": "string"}}
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
			described[typ] = media
		}
	}
	return described
}
