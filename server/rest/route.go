// Package rest turns a table of routes into a service. A route is written once, as one row. From
// the rows, this package makes
//
//   - the handler of each request, for HEAD too;
//   - the responses to OPTIONS, with Allow; 405 for a method that the path does not have; and 501
//     for a method that the server does not know;
//   - the links from which a person or a program that knows only "/" finds everything else;
//   - the description of the API, for programs (OpenAPI) and for people.
//
// # Adding a route
//
// Add a row to the table of the package that owns the path: Book.Routes in
// server/addressbook/routes.go, or inspect.Routes in server/inspect/inspect.go. The row names the method,
// the path, the handler and every response. A handler calls Respond, as health in
// server/inspect/inspect.go does, or Refuse. No other code has to change, except tests that list the methods
// of a path, and checkForm in server/addressbook/api_test.go if a response of the address book has a media
// type other than JSON and HTML. Then type
//
//	go test ./server/app ./server/addressbook
//	go test ./server/addressbook -update
//	go test . -update
//
// The first command compares the responses with the row. The second writes the rows of the address book into
// server/README.md. The third runs the commands in examples/rest, and writes their output, which changes
// because "/" has a link to the new route. For a row of the address book, write a command there for each
// response, in a line that begins with "$ rawclient".
//
// Package app joins the tables, in New. A table of another package is added there:
//
//	router := rest.New(inspect.Hello(), book.Routes(), inspect.Routes(server, book))
//
// # Paths
//
// A path is decoded once (RFC 3986 section 2.4). So %2531 is not 1, and ".." has no special meaning. A
// path with %2F matches no row, because %2F does not separate segments. A path in the table may have one
// segment {ID}, which stands for one or more digits. Leading zeros are ignored.
//
// # Map
//
//	route.go           the rows of a table
//	router.go          finds the row for a request
//	representation.go  responses to GET: octets, validators and preconditions
//	negotiate.go       chooses between media types by the Accept field
//	links.go           the links from "/", for programs and for people
//	openapi.go         the description for programs
//	docs.go            the description for people, with its examples
//	pages.go           what all pages for people have around their content
//	problem.go         responses with a body; errors, as problem details
//	access.go          names and passwords; web pages of other origins
//	origin.go          origins, as browsers write them
package rest

import "rawhttp/httpwire"

// A Route is one row of the table: what a method does at a path. Do not write rows for HEAD, which
// follows from GET, or for OPTIONS. A row has either Handle or Document.
type Route struct {
	Method string // "*" stands for every method, even one that the server does not know
	Path   string // may have one segment {ID}, which stands for digits
	Rel    string // the relation of the link from "/" (RFC 8288); only a path's first row needs it

	Summary   string     // what is there or what the method does, without a full stop
	Query     []Param    // the parameters after the "?"
	Body      *Content   // the body of the request; nil if there is none
	Responses []Response // all responses except those to OPTIONS, 405 and 501
	Auth      bool       // needs a name and a password, if the server has a list of users
	Live      bool       // tells the state of the server, so the documentation has no example of it
	Hidden    bool       // left out of the links and the descriptions

	// Handle fills in the response to a request that was checked and whose body is in req.Body: the
	// code, the body, and the fields that belong to them. It must not change the body's octets
	// after that, and must not keep any part of req. A HEAD is handled as a GET, with the body.
	Handle Handler

	// Head checks what can be checked before the body has arrived. If the request fails, Head fills
	// in the response as Handle would and returns false. Nil means that nothing can be checked.
	Head func(id int64, req *httpwire.Request, resp *httpwire.Response) (ok bool)

	// Document makes the representations of a resource that depends on the table alone and never
	// changes. It is called once, with the path, when a client first asks.
	Document func(r *Router, path string) []Variant
}

// A Handler fills in the response to a request. The ID is that in the path.
type Handler = func(id int64, req *httpwire.Request, resp *httpwire.Response)

// A Param is a parameter of the query.
type Param struct {
	Name, Summary string
	Schema        Schema
}

// A Response describes a response that a route may give.
type Response struct {
	Code    int
	Summary string
	Content []Content // none if there is no body
	Fields  []string  // the fields of this response, besides those that every response with the code has
}

// Overload is the response of a server that has no room for another long response.
var Overload = Response{Code: 503, Summary: "too many long responses are being sent; try again later",
	Content: []Content{{Type: "text/plain"}}}

// Problem describes the response of Refuse, which is a page for clients that prefer HTML.
func Problem(code int, summary string) Response {
	text := Schema{"type": "string"}
	schema := Schema{"type": "object", "required": []string{"title", "status", "detail"},
		"properties": Schema{"title": text, "status": Schema{"type": "integer"}, "detail": text}}
	return Response{Code: code, Summary: summary,
		Content: []Content{{Type: problemType, Schema: schema}, {Type: "text/html"}}}
}

// OverloadOr describes a 503 that has one of two causes: that of Overload, or a reason for which the handler
// calls Refuse.
func OverloadOr(reason string) Response {
	r := Problem(503, reason+", or "+Overload.Summary)
	r.Content = append(r.Content, Overload.Content...)
	return r
}

// A Content describes a body in one media type.
type Content struct {
	Type    string   // the media type
	Also    []string // other media types for the same octets
	Schema  Schema   // nil if the body is not JSON
	Example string
}

// A Schema is a JSON Schema.
type Schema = map[string]any
