package addressbook

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/condition"
	"rawhttp/server/rest"
)

const (
	jsonType  = "application/json"
	noAddress = "There is no address with this ID. GET " + Path + " lists all addresses."
)

// getAll responds with the list, or with the page of it that the query selects.
func (b *Book) getAll(_ int64, req *httpwire.Request, resp *httpwire.Response) {
	list, err := b.store.list()
	if err != nil {
		b.refuseRead(req, resp, err)
		return
	}
	p := list.whole()
	if query := req.Query(); len(query) > 0 {
		s, fault := readSelection(string(query))
		if fault != "" {
			rest.Refuse(req, resp, 400, fault)
			return
		}
		p = s.page(list)
	}
	if p.ServeHead(req, resp, b.clock) {
		resp.Parts = p
	}
}

func (b *Book) getOne(id int64, req *httpwire.Request, resp *httpwire.Response) {
	e, err := b.store.get(id)
	switch {
	case err != nil:
		b.refuseRead(req, resp, err)
	case e == nil:
		rest.Refuse(req, resp, 404, noAddress)
	default:
		e.Serve(req, resp, b.clock)
	}
}

// post stores the address before it responds (RFC 1945 section 9.2). It never replaces an address:
// if the ID is taken, it responds with 409. Its preconditions are about the list.
func (b *Book) post(_ int64, req *httpwire.Request, resp *httpwire.Response) {
	a, ok := readBody(noID, req, resp)
	if !ok {
		return
	}
	if condition.Any(req.Fields) {
		defer b.store.lockList()()
	}
	const tries = 20 // of a store that other servers change too
	for range tries {
		version, ok := b.checkList(req, resp)
		if !ok {
			return
		}
		e, err := b.store.change(a.ID, &a, nil, version)
		switch {
		case err == nil:
			b.respondCreated(resp, a)
			e.AddValidators(resp)
		case errors.Is(err, errChanged):
			continue
		case errors.Is(err, errExists):
			rest.Refuse(req, resp, 409, fmt.Sprintf("There is already an address with ID %d, and it was not "+
				"changed. GET %s/%[1]d returns it. Send this address with another ID, or PUT it there.",
				a.ID, Path))
		default:
			b.refuseChange(req, resp, err)
		}
		return
	}
	rest.Refuse(req, resp, 503, "The list changes all the time, and nothing was changed by this request. Send it again.")
}

// headOfPost checks the Content-Type and the preconditions before the body arrives.
func (b *Book) headOfPost(_ int64, req *httpwire.Request, resp *httpwire.Response) bool {
	if !checkContentType(req, resp) {
		return false
	}
	_, ok := b.checkList(req, resp)
	return ok
}

// checkList reports whether the list could be read and the preconditions of a POST hold for it, and
// returns its version. If not, it fills in the response.
func (b *Book) checkList(
	req *httpwire.Request, resp *httpwire.Response,
) (version uint64, ok bool) {
	if !condition.Any(req.Fields) {
		return anyVersion, true
	}
	list, err := b.store.list()
	if err != nil {
		b.refuseRead(req, resp, err)
		return anyVersion, false
	}
	return list.version, rest.CheckPreconditions(req, resp, list.whole().State(), b.clock)
}

// put creates or replaces the address with an ID. The response has no ETag, because the server may
// send that only if it stored the octets unchanged (RFC 9110 section 9.3.4), and it writes the
// address in its own format.
func (b *Book) put(id int64, req *httpwire.Request, resp *httpwire.Response) {
	a, ok := readBody(id, req, resp)
	if !ok {
		return
	}
	switch old, e, ok := b.replace(id, &a, req, resp); {
	case !ok:
	case old == nil:
		b.respondCreated(resp, a)
	default:
		rest.Respond(resp, 200, jsonType, e.Octets())
	}
}

// replace puts an address in the place of the old one with its ID, or removes that if a is nil. If
// another request changes the address meanwhile, the preconditions are checked again. If replace fails,
// it fills in the response.
func (b *Book) replace(
	id int64, a *address, req *httpwire.Request, resp *httpwire.Response,
) (old, e *entry, ok bool) {
	for try := 1; ; try++ {
		if try == 2 { // another request was faster, and more of them may wait
			defer b.takeTurn(id)()
		}
		if old, ok = b.find(id, req, resp); !ok {
			return nil, nil, false
		}
		e, err := b.store.change(id, a, old, anyVersion)
		switch {
		case err == nil:
			return old, e, true
		case !errors.Is(err, errChanged) && !errors.Is(err, errExists):
			b.refuseChange(req, resp, err)
			return nil, nil, false
		}
	}
}

// maxTurn is the longest wait for a turn. A dead cluster needs that long to refuse a change, so without a limit
// the last of many requests would wait for minutes.
const maxTurn = 6 * time.Second

// takeTurn waits until no other request has the turn to replace the address with an ID, but not longer than
// maxTurn. The caller calls end when it is done. Of many clients that replace one address at the same time,
// only one succeeds. Without turns, all others would read the address and try again, and again only one would
// succeed. A turn is no lock: a new request, or another server, can change the address meanwhile.
func (b *Book) takeTurn(id int64) (end func()) {
	some, _ := b.turns.LoadOrStore(id%1024, make(chan struct{}, 1))
	turn := some.(chan struct{})
	select {
	case turn <- struct{}{}:
		return func() { <-turn }
	case <-time.After(maxTurn):
		return func() {}
	}
}

// headOfPut checks the Content-Type and the preconditions before the body arrives.
func (b *Book) headOfPut(id int64, req *httpwire.Request, resp *httpwire.Response) bool {
	if !checkContentType(req, resp) {
		return false
	}
	_, ok := b.find(id, req, resp)
	return ok
}

// find returns the entry that a PUT or DELETE is about, nil if there is none. It reports whether the
// entry could be read and the preconditions of the request hold for it. If not, or if there is nothing to
// delete, it fills in the response.
func (b *Book) find(
	id int64, req *httpwire.Request, resp *httpwire.Response,
) (e *entry, ok bool) {
	e, err := b.store.get(id)
	var state condition.State
	switch {
	case err != nil:
		b.refuseRead(req, resp, err)
		return nil, false
	case e != nil:
		state = e.State()
	case string(req.Method) == "DELETE":
		rest.Refuse(req, resp, 404, noAddress)
		return nil, false
	}
	return e, rest.CheckPreconditions(req, resp, state, b.clock)
}

func (b *Book) delete(id int64, req *httpwire.Request, resp *httpwire.Response) {
	if _, _, ok := b.replace(id, nil, req, resp); ok {
		resp.Code = 204
	}
}

// respondCreated responds that an address was created.
func (b *Book) respondCreated(resp *httpwire.Response, a address) {
	url := b.baseURL + Path + "/" + strconv.FormatInt(a.ID, 10)
	rest.AddField(resp, "Location", url)
	rest.Respond(resp, 201, jsonType, rest.JSON(map[string]address{"added": a}))
}

// refuseRead responds that the store cannot be read now.
func (b *Book) refuseRead(req *httpwire.Request, resp *httpwire.Response, err error) {
	b.failed(err)
	rest.Refuse(req, resp, 503, "The store of the addresses has failed, and nothing was changed. Send "+
		"the request again later.")
}

// refuseChange responds to a change that failed. It says that nothing was changed only if that is
// certain.
func (b *Book) refuseChange(req *httpwire.Request, resp *httpwire.Response, err error) {
	switch {
	case errors.Is(err, errFull):
		rest.Refuse(req, resp, 507, "The book is full, and nothing was changed. DELETE an address that is not "+
			"needed, or start the server with a larger -max.")
	case errors.Is(err, errNoSpace):
		b.failed(err)
		rest.Refuse(req, resp, 507, "The store of the addresses has no space left, and nothing was changed. "+
			"Make space where the server keeps them, and send the request again.")
	case errors.Is(err, errUnavailable):
		b.refuseRead(req, resp, err)
	default:
		b.failed(err)
		rest.Refuse(req, resp, 504, "The store of the addresses has not said what became of the change: it may "+
			"have been made, or may still be made. GET the address before you send the request again.")
	}
}

// readBody reads the address in the body of a request. If there is none, it fills in the response.
func readBody(id int64, req *httpwire.Request, resp *httpwire.Response) (a address, ok bool) {
	if !checkContentType(req, resp) {
		return a, false
	}
	if id != noID && req.Fields.Get("Content-Range") != nil {
		rest.Refuse(req, resp, 400, "Content-Range says that the body is part of an address, and PUT needs a "+
			"whole one (RFC 9110 section 14.5). Send all of it, without Content-Range.")
		return a, false
	}
	a, fault := readAddress(req.Body, id)
	if fault != "" {
		rest.Refuse(req, resp, 400, fault)
	}
	return a, fault == ""
}

// checkContentType reports whether the fields of a request say that the body is JSON in UTF-8. If
// not, it responds with 415 (RFC 9110 section 15.5.16). It never guesses from the body.
func checkContentType(req *httpwire.Request, resp *httpwire.Response) bool {
	for f, coding := range req.Fields.Members("Content-Encoding") {
		if !httpwire.EqualFold(coding, "identity") { // identity means that there is none
			rest.AddField(resp, "Accept-Encoding", "identity")
			rest.Refuse(req, resp, 415, "The body has the Content-Encoding "+quote(f.Value)+", and the server "+
				"decodes none. Send the JSON text without a coding and without Content-Encoding.")
			return false
		}
	}
	fault := mediaTypeFault(req.Fields.Get("Content-Type"))
	if fault != "" {
		rest.AddField(resp, "Accept", jsonType)
		rest.Refuse(req, resp, 415, fault+" Send JSON with Content-Type: application/json.")
	}
	return fault == ""
}

// mediaTypeFault says in a sentence why a Content-Type is not JSON in UTF-8, and returns "" if it
// is. It ignores parameters other than charset.
func mediaTypeFault(value []byte) string {
	if value == nil {
		return "The request has no Content-Type."
	}
	m, err := httpwire.ParseMediaType(value)
	if err != nil {
		return "The Content-Type " + quote(value) + " is ill-formed: " + err.Error() + "."
	}
	if !m.Is("application", "json") {
		return "The Content-Type is " + quote(value) + ", and the server reads only JSON."
	}
	charset, charsets := m.Param("charset")
	if charsets > 1 {
		return "The Content-Type " + quote(value) + " has two charsets. Some programs take the first " +
			"and some take the last."
	}
	if charsets == 1 && !httpwire.EqualFold([]byte(charset), "utf-8") {
		return "The charset is " + quote([]byte(charset)) + ", and JSON is in UTF-8, whose name is utf-8 " +
			"(RFC 8259 section 8.1)."
	}
	return ""
}

// quote quotes octets of a request for a sentence, at most 100 characters of them, because a name can be as
// long as a body. Credentials are redacted.
func quote(octets []byte) string {
	text, n := string(basicauth.Redact(octets)), 0
	for at := range text {
		if n++; n > 100 {
			text = text[:at] + "..."
			break
		}
	}
	quoted := strconv.QuoteToASCII(text)
	return "'" + quoted[1:len(quoted)-1] + "'"
}
