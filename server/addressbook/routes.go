package addressbook

import (
	"slices"

	"rawhttp/server/rest"
)

// Root is the path of the API. Path is the path of the list of addresses. One address is at Path +
// "/" + ID.
const (
	Root = "/address_book/api/v1.0"
	Path = Root + "/addresses"
)

// Realm tells people which name and password they are asked for.
const Realm = "address book"

// Routes returns the table of the API. To add a route, add a row here. Package rest says what follows from
// a row.
func (b *Book) Routes() []rest.Route {
	const title, version = "Address book", "1.0"
	return []rest.Route{
		{Method: "GET", Path: "/", Rel: "start", Summary: "the links to everything here",
			Responses: ofGet("the links", linksBody, html), Document: rest.Links},
		{Method: "GET", Path: Root, Rel: "service", Summary: "the same links, at the root of the API",
			Responses: ofGet("the links", linksBody, html), Document: rest.Links},
		{Method: "GET", Path: Root + "/openapi.json", Rel: "service-desc",
			Summary:   "the API, described for programs (OpenAPI 3.1)",
			Responses: append(ofGet("the description", openAPIBody), rest.Overload),
			Document:  rest.OpenAPI(title, version)},
		{Method: "GET", Path: Root + "/docs", Rel: "service-doc",
			Summary:   "the API, described for people, with the requests to send",
			Responses: append(ofGet("the page", html), rest.Overload), Document: rest.Docs(title)},

		{Method: "GET", Path: Path, Rel: "collection", Summary: "all addresses, ordered by ID",
			Query: pageQuery, Handle: b.getAll,
			Responses: append(withLink(ofGet("the addresses; Link fields lead to the next and previous page",
				listBody)), noList)},
		{Method: "POST", Path: Path, Rel: "collection", Summary: "add an address",
			Body: &newAddress, Auth: true, Handle: b.post, Head: b.headOfPost,
			Responses: ofChange(
				rest.Response{Code: 201, Summary: "the address was added; Location has its URL; " + ignored,
					Content: addedBody, Fields: validators},
				rest.Problem(409, "there is already an address with this ID"),
				noLength, tooLong, notJSONType)},
		{Method: "GET", Path: Path + "/{ID}", Rel: "item", Summary: "one address", Handle: b.getOne,
			Responses: append(withLink(ofGet("the address, in a list of one", oneBody)), notFound, noStore)},
		{Method: "PUT", Path: Path + "/{ID}", Rel: "item",
			Summary: "add or replace the address with this ID",
			Body:    &sameAddress, Auth: true, Handle: b.put, Head: b.headOfPut,
			Responses: ofChange(
				rest.Response{Code: 200, Summary: "the address was replaced; " + ignored, Content: oneBody},
				rest.Response{Code: 201, Summary: "the address was added; " + ignored, Content: addedBody},
				noLength, tooLong, notJSONType)},
		{Method: "DELETE", Path: Path + "/{ID}", Rel: "item", Summary: "remove an address", Auth: true,
			Handle:    b.delete,
			Responses: ofChange(rest.Response{Code: 204, Summary: "the address was removed"}, notFound)},
	}
}

// Responses that several rows share.
var (
	illFormed   = rest.Problem(400, "the request is ill-formed; the body says where")
	noUser      = rest.Problem(401, "the name and the password are missing or wrong")
	notFound    = rest.Problem(404, "there is no address with this ID")
	noLength    = plainText(411, "the request does not say how long its body is")
	unmet       = rest.Problem(412, "a precondition of the request failed; nothing was changed")
	tooLong     = plainText(413, "the body is too long")
	notJSONType = rest.Problem(415, "the fields of the request do not say that its body is JSON")
	noStore     = rest.Problem(503, "the store of the addresses has failed; try again later")
	noChange    = rest.Problem(503, "the store of the addresses has failed, or the server is "+
		"checking too many passwords; nothing was changed; try again later")
	noOutcome = rest.Problem(504, "the store has not said what became of the change; "+
		"GET the address before you try again")
	noList = rest.OverloadOr("the store of the addresses has failed")
	noRoom = rest.Problem(507, "the book is full, or its store has no space; nothing was changed")
)

// validators are the fields of a representation that a precondition can name.
var validators = []string{"ETag", "Last-Modified"}

// ignored says what became of members such as "street", as the package documentation does.
const ignored = "members of the body with other names were ignored"

// withLink adds the field Link to the first of some responses.
func withLink(all []rest.Response) []rest.Response {
	all[0].Fields = slices.Concat(all[0].Fields, []string{"Link"})
	return all
}

// ofGet returns the responses of a GET.
func ofGet(summary string, bodies ...[]rest.Content) []rest.Response {
	ok := rest.Response{Code: 200, Summary: summary, Fields: validators}
	for _, body := range bodies {
		ok.Content = append(ok.Content, body...)
	}
	notModified := rest.Response{Code: 304,
		Summary: "the client has it already, by If-None-Match or If-Modified-Since"}
	return []rest.Response{ok, notModified, illFormed, unmet}
}

// ofChange returns the responses of a row that changes something: its own, and those of all such
// rows.
func ofChange(own ...rest.Response) []rest.Response {
	return append(own, illFormed, unmet, noUser, noChange, noOutcome, noRoom)
}

// plainText describes an error that package httpd reports itself.
func plainText(code int, summary string) rest.Response {
	return rest.Response{Code: code, Summary: summary, Content: []rest.Content{{Type: "text/plain"}}}
}

// Bodies of requests and responses. The package documentation has the rules that a schema cannot
// express.
var (
	newAddress  = rest.Content{Type: jsonType, Example: wholeExample, Schema: addressWith(required{id: true})}
	sameAddress = rest.Content{Type: jsonType, Example: noIDExample, Schema: addressWith(required{})}

	linksBody = inJSON(object(rest.Schema{"links": arrayOf(object(rest.Schema{"rel": text, "href": text,
		"templated": rest.Schema{"type": "boolean"}, "methods": arrayOf(text), "title": text},
		"rel", "href", "methods", "title"))}, "links"))
	openAPIBody = inJSON(rest.Schema{"type": "object"})
	listBody    = inJSON(object(rest.Schema{"addresses": arrayOf(sentAddress)}, "addresses"))
	oneBody     = inJSON(object(rest.Schema{"address": arrayOf(sentAddress)}, "address"))
	addedBody   = inJSON(object(rest.Schema{"added": sentAddress}, "added"))
	sentAddress = addressWith(required{id: true, all: true})
	html        = []rest.Content{{Type: "text/html"}}

	pageQuery = []rest.Param{
		{Name: "limit", Summary: "the largest number of addresses to return", Schema: integerFrom(1)},
		{Name: "offset", Summary: "the number of addresses to leave out at the start",
			Schema: integerFrom(0)},
		{Name: "post_code", Summary: "return only addresses with this post code", Schema: shortText},
	}

	text      = rest.Schema{"type": "string"}
	shortText = rest.Schema{"type": "string", "maxLength": maxText}
)

func inJSON(s rest.Schema) []rest.Content { return []rest.Content{{Type: jsonType, Schema: s}} }

func integerFrom(least int64) rest.Schema {
	return rest.Schema{"type": "integer", "minimum": least, "maximum": int64(maxInteger)}
}

func arrayOf(s rest.Schema) rest.Schema { return rest.Schema{"type": "array", "items": s} }

// object describes an object with members. Those that names has are required.
func object(members rest.Schema, names ...string) rest.Schema {
	return rest.Schema{"type": "object", "properties": members, "required": names}
}

// required says which members of an address must be there, in addition to those that a body must have: the ID,
// and all others.
type required struct{ id, all bool }

// addressWith describes an address.
func addressWith(r required) rest.Schema {
	properties, names := rest.Schema{"ID": integerFrom(1)}, []string(nil)
	if r.id {
		names = append(names, "ID")
	}
	for _, m := range new(address).members() {
		properties[m.name] = shortText
		if _, ok := m.value.(*int64); ok {
			properties[m.name] = integerFrom(-maxInteger)
		}
		if m.required || r.all {
			names = append(names, m.name)
		}
	}
	return object(properties, names...)
}
