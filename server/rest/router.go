package rest

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
)

// A Router finds the row that answers a request. Its methods may be called from many goroutines.
type Router struct {
	routes    []Route
	resources []*resource
	allow     []byte // the methods of all resources together

	guard *guard // nil lets everybody do everything
	cors  *cors  // nil leaves pages of other origins alone
}

// New joins tables. A table that cannot be served is a defect of the program, and panics.
func New(tables ...[]Route) *Router {
	now := time.Now()
	r := &Router{routes: slices.Concat(tables...)}
	for i := range r.routes {
		row := &r.routes[i]
		row.Answers = slices.SortedFunc(slices.Values(row.Answers), byCode)
		r.add(row)
	}
	for _, res := range r.resources {
		res.allow = allowOf(res.routes)
	}
	r.allow = r.allowAll()
	for i := range r.routes {
		if row := &r.routes[i]; row.Document != nil {
			row.Handle = serveForms(row.Document(r, row.Path), now)
		}
	}
	return r
}

func byCode(a, b Answer) int { return cmp.Compare(a.Code, b.Code) }

// add puts a row into the resource of its path.
func (r *Router) add(row *Route) {
	if row.Path == "" || row.Path[0] != '/' || strings.Count(row.Path, "/") >= maxSegments ||
		strings.Count(row.Path, variable) > 1 || (row.Handle == nil) == (row.Document == nil) {
		panic("rest: this row cannot be served: " + row.Method + " " + row.Path)
	}
	for _, res := range r.resources {
		if res.path != row.Path {
			continue
		}
		if res.route([]byte(row.Method)) != nil {
			panic("rest: two rows for " + row.Method + " " + row.Path)
		}
		res.routes = append(res.routes, row)
		return
	}
	r.resources = append(r.resources, newResource(row))
}

// Handle answers a checked request. It expects resp empty.
func (r *Router) Handle(req *httpwire.Request, resp *httpwire.Response) {
	if row, id := r.admit(req, resp); row != nil {
		row.Handle(id, req, resp)
	}
}

// HandleHead makes the response to a request whose body has not come, and reports whether it is the
// final one because the head decides. Package httpd calls it before it asks a client for a body.
func (r *Router) HandleHead(req *httpwire.Request, resp *httpwire.Response) (final bool) {
	row, id := r.admit(req, resp)
	return row == nil || row.Head != nil && !row.Head(id, req, resp)
}

// HandleRefusal adds to a response of package httpd the fields that let a page of the allowed
// origin read it.
func (r *Router) HandleRefusal(req *httpwire.Request, resp *httpwire.Response) {
	if r.cors != nil {
		r.cors.add(req, resp)
	}
}

// Quiet reports whether a request is for a row that is hidden. Package httpd logs it only when
// more is asked for.
func (r *Router) Quiet(req *httpwire.Request) bool {
	row := r.Row(req)
	return row != nil && row.Hidden
}

// admit returns the row that a request is for, if the client may use it. If there is none, or it
// may not, admit makes the response.
func (r *Router) admit(req *httpwire.Request, resp *httpwire.Response) (row *Route, id int64) {
	if r.cors != nil {
		r.cors.add(req, resp)
	}
	path := req.Path()
	res, id := r.find(path)
	if row := res.route(req.Method); row != nil {
		if row.Auth && r.guard != nil && !r.guard.admits(req, resp) {
			return nil, 0
		}
		return row, id
	}
	r.refuse(path, res, req, resp)
	return nil, 0
}

// refuse makes the response to a request that no row is for.
func (r *Router) refuse(
	path []byte, res *resource, req *httpwire.Request, resp *httpwire.Response,
) {
	options := string(req.Method) == "OPTIONS"
	switch {
	case !httpwire.IsMethod(req.Method):
		refuseUnknown(req, resp)
	case options && string(path) == "*":
		allow(resp, r.allow)
	case res == nil:
		r.refuseNothing(path, resp)
	case options:
		allow(resp, res.allow)
	default:
		refuseMethod(req, resp, res)
	}
}

// Knows reports whether the method of a request is known, to everybody or to the resource that it
// was sent to. Package httpd asks before it reads a body.
func (r *Router) Knows(req *httpwire.Request) bool {
	return httpwire.IsMethod(req.Method) || r.Row(req) != nil
}

// Row returns the row that a request is for, nil if there is none.
func (r *Router) Row(req *httpwire.Request) *Route {
	res, _ := r.find(req.Path())
	return res.route(req.Method)
}

// Rows returns the joined tables.
func (r *Router) Rows() []*Route {
	var rows []*Route
	for _, res := range r.resources {
		rows = append(rows, res.routes...)
	}
	return rows
}

// A resource is what is at one path.
type resource struct {
	path     string
	before   string   // path up to the {ID} that it ends in; empty if it does not
	segments []string // of path
	routes   []*Route
	allow    []byte
}

func newResource(row *Route) *resource {
	res := &resource{
		path:     row.Path,
		segments: strings.Split(row.Path[1:], "/"),
		routes:   []*Route{row},
	}
	if before, ok := strings.CutSuffix(row.Path, "/"+variable); ok {
		res.before = before + "/"
	}
	return res
}

// route returns the row for a method, nil if there is none, or no resource.
func (res *resource) route(method []byte) *Route {
	if res == nil {
		return nil
	}
	for _, row := range res.routes {
		if row.answers(string(method)) {
			return row
		}
	}
	return nil
}

// methods are those of a resource.
func (res *resource) methods() []string { return strings.Split(string(res.allow), ", ") }

// summary says what each method of a resource is for.
func (res *resource) summary() string {
	var parts []string
	for _, row := range res.routes {
		method := strings.Replace(row.Method, "*", "any method", 1)
		parts = append(parts, method+": "+row.Summary)
	}
	return strings.Join(parts, "; ")
}

// allowOf returns the methods of rows as the value of an Allow field (RFC 9110 section 10.2.1).
func allowOf(rows []*Route) []byte {
	var allowed []string
	for _, m := range httpwire.Methods {
		answers := func(row *Route) bool { return row.answers(m) }
		if m == "OPTIONS" || slices.ContainsFunc(rows, answers) {
			allowed = append(allowed, m)
		}
	}
	return []byte(strings.Join(allowed, ", "))
}

// allowAll returns the methods of all resources together.
func (r *Router) allowAll() []byte {
	var rows []*Route
	for i := range r.routes {
		if r.routes[i].Method != "*" { // which would say nothing
			rows = append(rows, &r.routes[i])
		}
	}
	return allowOf(rows)
}

// Names and values of fields. Nobody writes to them.
var (
	acceptName   = []byte("Accept")
	allowName    = []byte("Allow")
	cacheControl = []byte("Cache-Control")
	contentType  = []byte("Content-Type")
	etagName     = []byte("ETag")
	lastModified = []byte("Last-Modified")
	linkName     = []byte("Link")
	varyName     = []byte("Vary")
	authenticate = []byte("WWW-Authenticate")
	retryAfter   = []byte("Retry-After")

	noCache     = []byte("no-cache")
	problemType = []byte("application/problem+json")
)

// allow answers OPTIONS (RFC 9110 section 9.3.7).
func allow(resp *httpwire.Response, methods []byte) {
	resp.Code = 200
	resp.Fields = resp.Fields.Add(allowName, methods)
}

func (r *Router) refuseNothing(path []byte, resp *httpwire.Response) {
	shown := basicauth.Redact(path)
	if shorter, ok := bytes.CutSuffix(path, []byte("/")); ok {
		if res, _ := r.find(shorter); res != nil {
			Refuse(resp, 404, fmt.Sprintf("There is nothing at %s, but there is without the slash "+
				"at the end: send %s.", shown, basicauth.Redact(shorter)))
			return
		}
	}
	first := &r.routes[0]
	Refuse(resp, 404, fmt.Sprintf("There is nothing at %s. %s %s answers with %s.",
		shown, first.Method, first.Path, first.Summary))
}
