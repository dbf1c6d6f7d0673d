package rest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"sync"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/condition"
	"rawhttp/server/internal/queue"
)

const problemType = "application/problem+json"

// A problem says why a request failed (RFC 9457). It has no type, which means about:blank; so its
// title is the reason phrase of the status code.
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// Refuse fills in the response to a request that failed. The detail tells a person what happened,
// where, and what to do. If the client prefers HTML, as browsers do, the response is a page with a link back
// to the entry point.
func Refuse(req *httpwire.Request, resp *httpwire.Response, code int, detail string) {
	p := problem{httpwire.ReasonPhrase(code), code, detail}
	if Prefer(req.Fields, problemType, "text/html") == 0 {
		Respond(resp, code, problemType, JSON(p))
	} else {
		page := Page(fmt.Sprint(code, " ", p.Title), "<p>"+html.EscapeString(detail)+
			"</p>\n<p><a href=\"/\">What this server has</a></p>\n")
		Respond(resp, code, page.Type, page.Octets)
	}
	resp.Fields = resp.Fields.Add(varyName, acceptName)
}

// InTurn returns a handler that waits in a queue until it is its turn. If too many others wait, it responds with
// 503 and a detail.
func InTurn(q *queue.Queue, detail string, handle Handler) Handler {
	return func(id int64, req *httpwire.Request, resp *httpwire.Response) {
		if !q.Do(func() { handle(id, req, resp) }) {
			Refuse(req, resp, 503, detail)
		}
	}
}

// Respond fills in a response with a body of a media type. A 503 has Retry-After: 1.
func Respond(resp *httpwire.Response, code int, mediaType string, body []byte) {
	resp.Code = code
	if code == 503 {
		AddField(resp, "Retry-After", "1")
	}
	resp.Fields = resp.Fields.Add(contentType, []byte(mediaType))
	resp.Body = body
}

// AddField adds a field to a response.
func AddField(resp *httpwire.Response, name, value string) {
	resp.Fields = resp.Fields.Add([]byte(name), []byte(value))
}

// NoStore makes caches store no copy of a response (RFC 9111 section 5.2.2.5). Use it if the response is about
// the present moment. Without it, a cache that has a lifetime of its own for all responses sends this one later.
func NoStore(resp *httpwire.Response) {
	resp.Fields = resp.Fields.Add(cacheControl, noStore)
}

// JSON returns v as indented JSON with a newline at its end. It panics if v cannot be encoded.
func JSON(v any) []byte {
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	e.octets.Reset()
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return bytes.Clone(e.octets.Bytes())
}

type encoder struct {
	*json.Encoder
	octets bytes.Buffer
}

// encoders has encoders that are free. A new one would have to allocate its memory again.
var encoders = sync.Pool{New: func() any {
	e := new(encoder)
	e.Encoder = json.NewEncoder(&e.octets)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e
}}

// refusePath refuses a path that the table does not have.
func (r *Router) refusePath(req *httpwire.Request, resp *httpwire.Response) {
	path := req.Path()
	shown := basicauth.Redact(path)
	shorter := bytes.TrimSuffix(path, []byte("/"))
	if res, _ := r.find(shorter); res != nil {
		Refuse(req, resp, 404, fmt.Sprintf("There is nothing at %s. Leave out the slash at the end: send %s.",
			shown, basicauth.Redact(shorter)))
		return
	}
	start := r.routes[0]
	if root, _ := r.find([]byte("/")); root != nil {
		start = root.routes[0]
	}
	Refuse(req, resp, 404, fmt.Sprintf("There is nothing at %s. %s %s returns %s.",
		shown, start.Method, start.Path, start.Summary))
}

// unmetDetail says which precondition of a request failed, and what to send instead.
func unmetDetail(req *httpwire.Request, state condition.State) string {
	switch {
	case state.ETag == nil: // only If-Match fails then
		return "Nothing is stored here, so If-Match cannot match. Nothing was changed. To store " +
			"something new, leave out If-Match."
	case req.Fields.Get("If-Match") != nil || req.Fields.Get("If-None-Match") == nil:
		return fmt.Sprintf("The precondition of the request failed: the ETag of what is stored here is "+
			"%s. Nothing was changed. Send GET, look at it, and try again with If-Match: %[1]s.", state.ETag)
	case string(req.Method) == "PUT":
		return fmt.Sprintf("With If-None-Match, PUT only stores something new, and something is stored "+
			"here already. Nothing was changed. To replace it, send GET, look at it, and send "+
			"If-Match: %s instead of If-None-Match. To store something new, send PUT to another ID.",
			state.ETag)
	}
	return fmt.Sprintf("If-None-Match matches what is stored here: its ETag is %s. Nothing was "+
		"changed. Send GET, look at it, and send If-Match: %[1]s instead of If-None-Match.", state.ETag)
}
