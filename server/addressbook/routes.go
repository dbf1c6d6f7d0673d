package addressbook

import "rawhttp/server/rest"

// Root is the path of the API. Path is the path of the list of addresses. One address is at Path +
// "/" + ID.
const (
	Root = "/address_book/api/v1.0"
	Path = Root + "/addresses"
)

// Realm tells people which name and password they are asked for.
const Realm = "address book"

// Routes returns the table of the API. Package rest says what follows from a row.
func (b *Book) Routes() []rest.Route {
	const title, version = "Address book", "1.0"
	const list, one = Path, Path + "/{ID}"
	return []rest.Route{
		{Method: "GET", Path: "/", Rel: "start", Summary: "the links to everything here",
			Responses: reading("the links", linksJSON, html), Document: rest.Links},
		{Method: "GET", Path: Root, Rel: "service", Summary: "the same links, at the root of the API",
			Responses: reading("the links", linksJSON, html), Document: rest.Links},
		{Method: "GET", Path: Root + "/openapi.json", Rel: "service-desc",
			Summary:   "the API, described for programs (OpenAPI 3.1)",
			Responses: append(reading("the description", openAPI), inFlight),
			Document:  rest.OpenAPI(title, version)},
		{Method: "GET", Path: Root + "/docs", Rel: "service-doc",
			Summary:   "the API, described for people, with the requests to send",
			Responses: append(reading("the page", html), inFlight), Document: rest.Docs(title)},

		{Method: "GET", Path: list, Rel: "collection", Summary: "all addresses, ordered by ID",
			Query: selecting, Handle: b.getAll,
			Responses: append(reading("the addresses; Link fields lead to the next and previous page", all),
				inFlight)},
		{Method: "POST", Path: list, Rel: "collection", Summary: "add an address",
			Body: &newAddress, Auth: true, Handle: b.post, Head: b.headOfPost,
			Responses: changing(
				rest.Response{Code: 201, Summary: "the address was added; Location has its URL", Content: added},
				refusal(409, "there is already an address with this ID"), noLength, tooLong, noJSON, noRoom)},
		{Method: "GET", Path: one, Rel: "item", Summary: "one address", Handle: b.getOne,
			Responses: append(reading("the address, in a list of one", single), notFound)},
		{Method: "PUT", Path: one, Rel: "item", Summary: "add or replace the address with this ID",
			Body: &sameAddress, Auth: true, Handle: b.put, Head: b.headOfPut,
			Responses: changing(
				rest.Response{Code: 200, Summary: "the address was replaced", Content: single},
				rest.Response{Code: 201, Summary: "the address was added", Content: added},
				noLength, tooLong, noJSON, noRoom)},
		{Method: "DELETE", Path: one, Rel: "item", Summary: "remove an address", Auth: true,
			Handle:    b.delete,
			Responses: changing(rest.Response{Code: 204, Summary: "the address was removed"}, notFound)},
	}
}

// Responses that several rows share.
var (
	notFound = refusal(404, "there is no address with this ID")
	noLength = text(411, "the request does not say how long its body is")
	tooLong  = text(413, "the body is too long")
	noJSON   = refusal(415, "the fields of the request do not say that its body is JSON")
	noRoom   = refusal(507, "the book is full")
	inFlight = text(503, "too many long responses are being sent to other clients; try again later")
)

// reading returns the responses of a GET.
func reading(summary string, content ...[]rest.Content) []rest.Response {
	good := rest.Response{Code: 200, Summary: summary}
	for _, c := range content {
		good.Content = append(good.Content, c...)
	}
	return []rest.Response{good,
		{Code: 304, Summary: "the client has it already, by If-None-Match or If-Modified-Since"},
		illFormed,
		unmet,
	}
}

// changing returns the responses of a row that changes something. Its own ones come first.
func changing(own ...rest.Response) []rest.Response {
	return append(own, illFormed, unmet,
		refusal(401, "the name and the password are missing or wrong"),
		refusal(503, "the server is checking too many passwords; try again later"))
}

var (
	illFormed = refusal(400, "the request is ill-formed; the body says where")
	unmet     = refusal(412, "If-Match, If-None-Match or If-Unmodified-Since failed; nothing was "+
		"changed")
)

func refusal(code int, summary string) rest.Response {
	problem := rest.Content{Type: "application/problem+json",
		Schema: record("title", str, "status", integer, "detail", str)}
	content := append([]rest.Content{problem}, html...)
	return rest.Response{Code: code, Summary: summary, Content: content}
}

// text describes a response of package httpd itself, which sends errors as plain text.
func text(code int, summary string) rest.Response {
	return rest.Response{Code: code, Summary: summary, Content: []rest.Content{{Type: "text/plain"}}}
}

// Schemas. The package documentation has the rules that a schema cannot express.
var (
	str     = rest.Schema{"type": "string"}
	integer = rest.Schema{"type": "integer"}

	short = rest.Schema{"type": "string", "maxLength": maxText}

	whole = record("ID", from(1), "line_1", short, "line_2", short, "number", from(-maxInteger),
		"post_code", short)
	link = optional(record("rel", str, "href", str, "methods", listOf(str), "title", str),
		"templated", rest.Schema{"type": "boolean"})

	linksJSON = inJSON(record("links", listOf(link)))
	openAPI   = inJSON(rest.Schema{"type": "object"})
	all       = inJSON(record("addresses", listOf(whole)))
	single    = inJSON(record("address", listOf(whole)))
	added     = inJSON(record("added", whole))
	html      = []rest.Content{{Type: "text/html"}}

	newAddress = rest.Content{Type: jsonType, Schema: sent("ID", "number", "post_code"),
		Example: wholeExample}
	sameAddress = rest.Content{Type: jsonType, Schema: sent("number", "post_code"),
		Example: noIDExample}

	selecting = []rest.Param{
		{Name: "limit", Summary: "the largest number of addresses to return",
			Schema: from(1)},
		{Name: "offset", Summary: "the number of addresses to leave out at the start",
			Schema: from(0)},
		{Name: "post_code", Summary: "return only addresses with this post code", Schema: short},
	}
)

func inJSON(s rest.Schema) []rest.Content { return []rest.Content{{Type: jsonType, Schema: s}} }

// from describes an integer that is not below least.
func from(least int64) rest.Schema {
	return rest.Schema{"type": "integer", "minimum": least, "maximum": int64(maxInteger)}
}

func listOf(s rest.Schema) rest.Schema { return rest.Schema{"type": "array", "items": s} }

// record describes an object with required members: names and schemas in turn.
func record(members ...any) rest.Schema {
	properties, names := make(map[string]any), []string{}
	for i := 0; i < len(members); i += 2 {
		name := members[i].(string)
		properties[name], names = members[i+1], append(names, name)
	}
	return rest.Schema{"type": "object", "properties": properties, "required": names}
}

// optional adds an optional member to an object.
func optional(object rest.Schema, name string, schema rest.Schema) rest.Schema {
	object["properties"].(map[string]any)[name] = schema
	return object
}

// sent describes an address in a request, with the members that are required.
func sent(required ...string) rest.Schema {
	return rest.Schema{"type": "object", "properties": whole["properties"], "required": required}
}
