package addressbook

import (
	"rawhttp/httpwire"
	"rawhttp/server/rest"
)

// What the head of a request decides, for clients that send the body only when they are asked for
// it. The handlers check it as well, when the body is there.

// headOfPost checks the type of the body. The conditions of POST are looked at when its ID is
// known.
func (b *Book) headOfPost(_ int64, req *httpwire.Request, resp *httpwire.Response) bool {
	return readable(req, resp)
}

// headOfPut checks the type of the body and the conditions.
func (b *Book) headOfPut(id int64, req *httpwire.Request, resp *httpwire.Response) bool {
	return readable(req, resp) && rest.Holds(req, resp, b.store.get(id).state(), b.clock)
}
