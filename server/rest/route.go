package rest

import "rawhttp/httpwire"

// A Route is a row of the table: what a method does at a path. HEAD goes with GET and OPTIONS with
// everything; neither is in the table. A row has either Handle or Document.
type Route struct {
	Method string // "*" is any, be it unknown to everybody else
	Path   string // may have one segment {ID}, which stands for digits
	Rel    string // how "/" relates to the resource (RFC 8288); the first row of a path says it

	Summary string   // what is there, or what is done, in a few words without a full stop
	Query   []Param  // what may stand behind the "?"
	Body    *Content // what the request brings; nil is nothing
	Answers []Answer // all but those of OPTIONS, 405 and 501
	Auth    bool     // only for those who may, if the server asks who they are
	Hidden  bool     // left out of links, descriptions and, unless more is asked for, the log

	// Handle answers a checked request whose body is in req.Body, as package httpd wants it: it
	// sets Code, Body and the fields that belong to them. The octets that it puts there never
	// change. To HEAD it answers as to GET, the body included. It keeps nothing of req.
	Handle func(id int64, req *httpwire.Request, resp *httpwire.Response)

	// Head checks what can be checked before the body has come. If it reports false, it has made the
	// response; Handle would have made the same. It is nil if a row needs the body for all it checks.
	Head func(id int64, req *httpwire.Request, resp *httpwire.Response) (ok bool)

	// Document makes the representations of a resource that follow from the table itself and stay
	// as they are. It is called once with the path, when all rows are together.
	Document func(r *Router, path string) []Form
}

type handler = func(id int64, req *httpwire.Request, resp *httpwire.Response)

// A Param is a parameter of the query.
type Param struct {
	Name, Summary string
	Schema        Schema
}

// An Answer is one that a route may give.
type Answer struct {
	Code    int
	Summary string
	Content []Content // none if there is no body
}

// A Content is a body in one of its forms.
type Content struct {
	Type    string   // the media type
	Also    []string // other media types for the same octets
	Schema  Schema   // nil if it is not JSON
	Example string
}

// A Schema is a JSON Schema.
type Schema map[string]any

// answers reports whether the row is the one for a method. HEAD is derived here and nowhere else.
func (row *Route) answers(method string) bool {
	return row.Method == method || row.Method == "*" || row.Method == "GET" && method == "HEAD"
}
