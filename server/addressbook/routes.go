package addressbook

import "rawhttp/server/rest"

// Routes is the API, said once; package rest says what comes of it.
func (b *Book) Routes() []rest.Route {
	return []rest.Route{
		{Method: "GET", Path: "/", Rel: "self", Summary: "the links to everything here",
			Document: rest.Links},
		{Method: "GET", Path: Path, Rel: "collection", Summary: "all addresses, ordered by ID",
			Handle: b.getAll},
		{Method: "POST", Path: Path, Rel: "collection", Summary: "add an address",
			Handle: b.post},
		{Method: "GET", Path: Path + "/{ID}", Rel: "item", Summary: "one address",
			Handle: b.getOne},
	}
}
