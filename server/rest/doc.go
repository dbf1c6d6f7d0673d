// Package rest turns a table of routes into a service. As the grammar of messages is written once,
// in package httpwire, so is an API: one row for each method of each path. From the rows come
//
//   - the dispatch of a request, HEAD from GET included;
//   - Allow, with OPTIONS (that of "*", too) and with a 405, and 501 for a method that nobody
//     knows;
//   - what a person or a program that knows only "/" needs to find everything else: the links;
//   - the description of the API for programs and for people.
//
// A router knows no socket and no address book. Several packages may each bring a table:
//
//	router := rest.New(book.Routes(), []rest.Route{{Method: "*", Path: "/raw", Handle: echo}})
//
// # Paths
//
// A path is split at its slashes first, then each segment is decoded once (RFC 3986 section 2.4).
// So %2F separates nothing, %2531 is no 1, and ".." is a name like any other, which nothing has. A
// path of the table may have one segment {ID}: any number of digits, zeros in front do not count.
//
// # Map
//
//	route.go             the table
//	router.go, path.go   from a request to a row
//	representation.go    what GET answers with: octets, validators, conditions
//	form.go, accept.go   documents, and which form of them a client prefers
//	links.go             the entry point
//	openapi.go, docs.go  the table, described for programs and for people
//	guard.go             who may change things
//	cors.go              pages of other origins
//	problem.go           how a request is refused
package rest
