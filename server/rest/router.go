package rest

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/explain"
)

// A Router finds the row for each request. Its methods may be called from many goroutines, except
// that Protect, AllowOrigin and ShowExamples are called before it serves.
type Router struct {
	routes    []*Route
	resources []*resource
	allow     []byte // the methods of all resources together

	origin string                      // where clients reach the service
	sample func(request []byte) []byte // for the documentation; nil if it has no responses

	check     func(name, password string) (bool, error) // nil if no request needs a name and a password
	challenge []byte                                    // the value of WWW-Authenticate

	allowed string // the origin whose pages may read responses; empty if there is none
}

// A resource is the rows of one path.
type resource struct {
	path          string
	before, after []byte // what is before and after {ID} in the path
	hasID         bool
	routes        []*Route
	allow         []byte // the value of its Allow field
}

const idSegment = "{ID}"

// methods are those that a row may have, and OPTIONS, in the order of an Allow field. If you add one,
// add it to the help of httpwire.RuleKnownMethod too, and to httpwire.Request.BodyLength if a request with it
// needs a Content-Length.
var methods = [...]string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}

// isMethod reports whether method is one of methods. Methods are case-sensitive.
func isMethod(method []byte) bool { return slices.Contains(methods[:], string(method)) }

// MaxInteger is the largest ID, and the largest integer that every JSON parser reads exactly (RFC
// 8259 section 6).
const MaxInteger = 1<<53 - 1

// New joins tables. It panics if a row is incomplete, and says what is missing.
func New(tables ...[]Route) *Router {
	now := time.Now()
	r := &Router{origin: "http://" + explain.DefaultAddr}
	for _, row := range slices.Concat(tables...) {
		byCode := func(a, b Response) int { return cmp.Compare(a.Code, b.Code) }
		row.Responses = slices.SortedFunc(slices.Values(row.Responses), byCode)
		r.add(&row)
	}
	for _, res := range r.resources {
		res.allow = allowOf(res.routes)
	}
	anyMethod := func(row *Route) bool { return row.Method == "*" }
	r.allow = allowOf(slices.DeleteFunc(slices.Clone(r.routes), anyMethod))
	for _, row := range r.routes {
		if row.Document != nil {
			row.Handle = serveVariants(func() []Variant { return row.Document(r, row.Path) }, now)
		}
	}
	return r
}

// add adds a row to the resource of its path.
func (r *Router) add(row *Route) {
	i := slices.IndexFunc(r.resources, func(res *resource) bool { return res.path == row.Path })
	if i < 0 {
		i = len(r.resources)
		before, after, hasID := strings.Cut(row.Path, idSegment)
		r.resources = append(r.resources,
			&resource{path: row.Path, before: []byte(before), after: []byte(after), hasID: hasID})
	}
	res := r.resources[i]
	if fault := res.fault(row); fault != "" {
		panic("rest: the row " + row.Method + " " + row.Path + ": " + fault)
	}
	res.routes = append(res.routes, row)
	r.routes = append(r.routes, row)
}

// fault says what is wrong with a row that is about to be added to a resource, or "".
func (res *resource) fault(row *Route) string {
	switch {
	case row.Method != "*" && !isMethod([]byte(row.Method)):
		return "the method is not one of methods in server/rest/router.go"
	case !strings.HasPrefix(row.Path, "/") || strings.Count(row.Path, idSegment) > 1:
		return "the path needs a slash at its start, and at most one {ID}"
	case (row.Handle == nil) == (row.Document == nil):
		return "it needs either Handle or Document"
	case row.Summary == "":
		return "it needs a Summary"
	case row.Rel == "" && len(res.routes) == 0:
		return "the first row of a path needs a Rel"
	case res.route([]byte(row.Method)) != nil:
		return "another row has its method and path"
	}
	return ""
}

// allowOf returns the value of an Allow field for rows (RFC 9110 section 10.2.1).
func allowOf(rows []*Route) []byte {
	var allowed []string
	for _, m := range methods {
		serves := func(row *Route) bool { return row.serves(m) }
		if m == "OPTIONS" || slices.ContainsFunc(rows, serves) {
			allowed = append(allowed, m)
		}
	}
	return []byte(strings.Join(allowed, ", "))
}

// Handle fills in the response to a checked request. resp must be empty.
func (r *Router) Handle(req *httpwire.Request, resp *httpwire.Response) {
	if row, id := r.admit(req, resp); row != nil {
		row.Handle(id, req, resp)
	}
}

// HandleHead is called before the body of a request has arrived, when the client waits for 100
// (Continue). If the head alone decides, HandleHead fills in the response and returns true.
func (r *Router) HandleHead(req *httpwire.Request, resp *httpwire.Response) (final bool) {
	row, id := r.admit(req, resp)
	return row == nil || row.Head != nil && !row.Head(id, req, resp)
}

// HandleRefusal adds fields to a response that the router did not make, such as those of package httpd: those
// that tell a browser which pages may read it.
func (r *Router) HandleRefusal(req *httpwire.Request, resp *httpwire.Response) {
	r.addOriginFields(req, resp)
}

// Knows reports whether the server, or the resource that the request is for, knows the method.
// Package httpd calls it before it reads a body.
func (r *Router) Knows(req *httpwire.Request) bool {
	return isMethod(req.Method) || r.Row(req) != nil
}

// Row returns the row for a request, nil if there is none.
func (r *Router) Row(req *httpwire.Request) *Route {
	res, _ := r.find(req.Path())
	return res.route(req.Method)
}

// Rows returns the rows of all tables.
func (r *Router) Rows() []*Route { return r.routes }

// admit returns the row for a request and the ID in the path. If there is no row, or the client may
// not use it, admit fills in the response and returns nil.
func (r *Router) admit(req *httpwire.Request, resp *httpwire.Response) (row *Route, id int64) {
	r.addOriginFields(req, resp)
	res, id := r.find(req.Path())
	row = res.route(req.Method)
	switch {
	case row == nil:
		r.handleUnrouted(res, req, resp)
		return nil, 0
	case row.Auth && r.check != nil && !r.allows(req, resp):
		return nil, 0
	}
	return row, id
}

// handleUnrouted fills in the response to a request for which the table has no row. The resource is
// nil if the table does not have the path either.
func (r *Router) handleUnrouted(res *resource, req *httpwire.Request, resp *httpwire.Response) {
	switch {
	case !isMethod(req.Method): // package httpd asks Knows first, and responds itself
		Refuse(req, resp, 501, fmt.Sprintf("The server does not know the method %s. It knows %s. Methods are "+
			"written in capital letters.", req.Method, strings.Join(methods[:], ", ")))
	case string(req.Path()) == "*": // only OPTIONS may have it
		resp.Code, resp.Fields = 200, resp.Fields.Add(allowName, r.allow)
	case res == nil:
		r.refusePath(req, resp)
	case string(req.Method) == "OPTIONS": // RFC 9110 section 9.3.7
		resp.Code, resp.Fields = 200, resp.Fields.Add(allowName, res.allow)
	default: // RFC 9110 section 15.5.6
		resp.Fields = resp.Fields.Add(allowName, res.allow)
		Refuse(req, resp, 405, fmt.Sprintf("%s does not have the method %s. Its methods are %s (%s).",
			basicauth.Redact(req.Path()), req.Method, res.allow, res.summary()))
	}
}

// route returns the row for a method. It is nil if the resource has none or is nil itself.
func (res *resource) route(method []byte) *Route {
	if res == nil {
		return nil
	}
	for _, row := range res.routes {
		if row.serves(string(method)) {
			return row
		}
	}
	return nil
}

// serves reports whether the row is the one for a method. This is where HEAD follows from GET.
func (row *Route) serves(method string) bool {
	return row.Method == method || row.Method == "*" || row.Method == "GET" && method == "HEAD"
}

// methodName returns the method of a row for people.
func (row *Route) methodName() string { return strings.Replace(row.Method, "*", "any method", 1) }

// summary says what each method of a resource is for.
func (res *resource) summary() string {
	var parts []string
	for _, row := range res.routes {
		parts = append(parts, row.methodName()+": "+row.Summary)
	}
	return strings.Join(parts, "; ")
}

// hidden reports whether the links and descriptions leave out a resource.
func (res *resource) hidden() bool { return res.routes[0].Hidden }

// find returns the resource at a path that is still percent-encoded, and the number that the path
// has in the place of {ID}. It returns nil if the table does not have the path.
func (r *Router) find(path []byte) (*resource, int64) {
	if bytes.IndexByte(path, '%') >= 0 {
		if bytes.Contains(bytes.ToUpper(path), []byte("%2F")) {
			return nil, 0 // %2F is an octet of a segment, and no row has such a segment
		}
		decoded, _ := url.PathUnescape(string(path)) // empty if it is ill-formed
		path = []byte(decoded)
	}
	for _, res := range r.resources {
		if id, ok := res.match(path); ok {
			return res, id
		}
	}
	return nil, 0
}

// match reports whether a decoded path is that of the resource, and returns the ID in it.
func (res *resource) match(path []byte) (id int64, ok bool) {
	if !res.hasID {
		return 0, string(path) == res.path
	}
	rest := bytes.TrimPrefix(path, res.before) // without the prefix it begins with a slash, which is no digit
	rest, ok = bytes.CutSuffix(rest, res.after)
	if !ok {
		return 0, false
	}
	return parseID(rest)
}

// parseID reads 1*DIGIT. For a number above MaxInteger, which no resource has as its ID, it returns
// some number above MaxInteger.
func parseID(v []byte) (id int64, ok bool) {
	for _, o := range v {
		if o < '0' || o > '9' {
			return 0, false
		}
		if id <= MaxInteger {
			id = id*10 + int64(o-'0')
		}
	}
	return id, len(v) > 0
}
