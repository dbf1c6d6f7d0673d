package addressbook

import "rawhttp/server/rest"

// Root is the path of the API, and Path that of the addresses in it. One address is at Path + "/" +
// ID.
const (
	Root = "/address_book/api/v1.0"
	Path = Root + "/addresses"
)

// Realm is what names and passwords are for.
const Realm = "address book"

// Routes is the API, said once; package rest says what comes of it.
func (b *Book) Routes() []rest.Route {
	const title, version = "Address book", "1.0"
	const list, one = Path, Path + "/{ID}"
	return []rest.Route{
		{Method: "GET", Path: "/", Rel: "start", Summary: "the links to everything here",
			Answers: reading("the links", linksJSON, html), Document: rest.Links},
		{Method: "GET", Path: Root, Rel: "service", Summary: "the links to everything here",
			Answers: reading("the links", linksJSON, html), Document: rest.Links},
		{Method: "GET", Path: Root + "/openapi.json", Rel: "service-desc",
			Summary:  "the API, described for programs (OpenAPI 3.1)",
			Answers:  append(reading("the description", openAPI), inFlight),
			Document: rest.OpenAPI(title, version)},
		{Method: "GET", Path: Root + "/docs", Rel: "service-doc",
			Summary: "the API, described for people, with the requests to send",
			Answers: append(reading("the page", html), inFlight), Document: rest.Docs(title)},

		{Method: "GET", Path: list, Rel: "collection", Summary: "all addresses, ordered by ID",
			Query: selecting, Handle: b.getAll,
			Answers: append(reading("the addresses, with Link fields to the pages around", all),
				inFlight)},
		{Method: "POST", Path: list, Rel: "collection", Summary: "add an address",
			Body: &newAddress, Auth: true, Handle: b.post, Head: b.headOfPost,
			Answers: changing(
				rest.Answer{Code: 201, Summary: "it was added, and is at Location", Content: added},
				refusal(409, "there is an address of that ID"), noLength, tooLong, noJSON, noRoom)},
		{Method: "GET", Path: one, Rel: "item", Summary: "one address", Handle: b.getOne,
			Answers: append(reading("the address, in a list of one", single), nobody)},
		{Method: "PUT", Path: one, Rel: "item", Summary: "store an address at its ID",
			Body: &sameAddress, Auth: true, Handle: b.put, Head: b.headOfPut,
			Answers: changing(
				rest.Answer{Code: 200, Summary: "it took the place of another", Content: single},
				rest.Answer{Code: 201, Summary: "it was added", Content: added},
				noLength, tooLong, noJSON, noRoom)},
		{Method: "DELETE", Path: one, Rel: "item", Summary: "remove an address", Auth: true,
			Handle:  b.delete,
			Answers: changing(rest.Answer{Code: 204, Summary: "it is gone"}, nobody)},
	}
}

// Answers that several rows have in common.
var (
	nobody   = refusal(404, "there is no address of that ID")
	noLength = text(411, "the request does not say how long its body is")
	tooLong  = text(413, "the body is longer than the server takes")
	noJSON   = refusal(415, "the request does not say that its body is JSON")
	noRoom   = refusal(507, "the book is full")
	inFlight = text(503, "too many long responses are on their way to other clients; try again later")
)

// reading returns the answers of every GET.
func reading(summary string, content ...[]rest.Content) []rest.Answer {
	good := rest.Answer{Code: 200, Summary: summary}
	for _, c := range content {
		good.Content = append(good.Content, c...)
	}
	return []rest.Answer{good,
		{Code: 304, Summary: "If-None-Match or If-Modified-Since: the client has it already"},
		illFormed,
		unmet,
	}
}

// changing returns the answers of every row that changes something, those of its own among them.
func changing(own ...rest.Answer) []rest.Answer {
	return append(own, illFormed, unmet,
		refusal(401, "the server wants to know who asks"),
		refusal(503, "the server has too many passwords to check"))
}

var (
	illFormed = refusal(400, "something in the request is ill-formed; the answer says what")
	unmet     = refusal(412, "If-Match, If-None-Match or If-Unmodified-Since does not hold; "+
		"nothing was changed")
)

func refusal(code int, summary string) rest.Answer {
	return rest.Answer{Code: code, Summary: summary, Content: []rest.Content{{
		Type:   "application/problem+json",
		Schema: record("title", str, "status", integer, "detail", str),
	}}}
}

// text is an answer of the server itself, which knows the wire and no JSON.
func text(code int, summary string) rest.Answer {
	return rest.Answer{Code: code, Summary: summary, Content: []rest.Content{{Type: "text/plain"}}}
}

// Schemas. What they cannot say stands in the documentation of the package.
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
		{Name: "limit", Summary: "so many addresses at most",
			Schema: from(1)},
		{Name: "offset", Summary: "leave out so many before",
			Schema: from(0)},
		{Name: "post_code", Summary: "only those with this post code", Schema: short},
	}
)

func inJSON(s rest.Schema) []rest.Content { return []rest.Content{{Type: jsonType, Schema: s}} }

// from is an integer of at least that.
func from(least int64) rest.Schema {
	return rest.Schema{"type": "integer", "minimum": least, "maximum": int64(maxInteger)}
}

func listOf(s rest.Schema) rest.Schema { return rest.Schema{"type": "array", "items": s} }

// record is an object that has all of its members: names and schemas in turn.
func record(members ...any) rest.Schema {
	properties, names := make(map[string]any), []string{}
	for i := 0; i < len(members); i += 2 {
		name := members[i].(string)
		properties[name], names = members[i+1], append(names, name)
	}
	return rest.Schema{"type": "object", "properties": properties, "required": names}
}

// optional adds a member to an object that need not have it.
func optional(object rest.Schema, name string, schema rest.Schema) rest.Schema {
	object["properties"].(map[string]any)[name] = schema
	return object
}

// sent is an address as a client sends it, with these members at least.
func sent(required ...string) rest.Schema {
	return rest.Schema{"type": "object", "properties": whole["properties"], "required": required}
}
