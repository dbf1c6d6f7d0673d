package inspect

import (
	"bytes"
	"fmt"
	"net/url"
	"runtime"
	"slices"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/explain"
	"rawhttp/server/rest"
)

// maxMessage bounds what /explain takes: a listing is a hundred times as long as its message.
const maxMessage = 64 << 10

// Making a listing takes more time and memory than all other answers. Half of the machine makes
// them, and the other half serves all other requests. A few requests for listings wait for each one
// that is being made. The next ones are refused: a connection that waits here keeps its place, so a
// long queue would keep other clients out.
var (
	listers    = make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)) // listings being made
	listQueue  = make(chan struct{}, cap(listers)*(1+waitingForList)) // those, and requests that wait
	retryAfter = []byte("Retry-After")
)

const waitingForList = 8

// Wire is the table of /raw, which answers with the octets that came, and of /explain, which takes
// a message and answers with its listing. That a message is malformed is what a listing is good
// for, so that is no error.
func Wire() []rest.Route {
	text := rest.Content{Type: "text/plain", Also: []string{"message/http"},
		Example: "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"}
	word := func(names ...string) rest.Schema { return rest.Schema{"type": "string", "enum": names} }
	return []rest.Route{
		{Method: "*", Path: "/raw", Rel: "echo",
			Summary: "the octets of the request itself, credentials hidden by *",
			Answers: []rest.Answer{{Code: 200, Summary: "the request, octet for octet",
				Content: []rest.Content{{Type: "message/http"}, {Type: "text/plain"}}}},
			Handle: raw},
		{Method: "POST", Path: "/explain", Rel: "explain",
			Summary: "a message of HTTP, listed octet by octet",
			Query: []rest.Param{
				{Name: "kind", Summary: "what the message is; request unless said",
					Schema: word("request", "response")},
				{Name: "method", Summary: "of the request that a response answers; GET unless said",
					Schema: rest.Schema{"type": "string"}},
			},
			Body: &text,
			Answers: []rest.Answer{
				{Code: 200, Summary: "the listing, and after it what is wrong",
					Content: []rest.Content{{Type: "text/plain"}, {Type: "text/html"}}},
				{Code: 400, Summary: "the query asks for something else"},
				{Code: 413, Summary: "the message is too long to be listed"},
				{Code: 503, Summary: "too many listings are being made"},
			},
			Handle: listing},
	}
}

// raw answers with the request. It is a copy: the octets are the connection's.
func raw(_ int64, req *httpwire.Request, resp *httpwire.Response) {
	octets := slices.Concat(req.Head, req.Body)
	shown := basicauth.Redact(octets)
	if !bytes.Equal(shown, octets) {
		resp.Fields = resp.Fields.Add([]byte("Hidden"), []byte("credentials, each octet by *"))
	}
	resp.Fields = resp.Fields.Add([]byte("Vary"), []byte("Accept"))
	mediaType := "message/http"
	if rest.Prefer(req.Fields, mediaType, "text/html") == 1 { // a browser saves message/http to a file
		mediaType = "text/plain; charset=utf-8"
	}
	answer(resp, mediaType, shown)
}

// listing answers with what package explain makes of the body.
func listing(_ int64, req *httpwire.Request, resp *httpwire.Response) {
	if len(req.Body) > maxMessage {
		rest.Refuse(resp, 413, fmt.Sprintf("The message has %d octets, and no more than %d are listed "+
			"here. Send the beginning of it, or use rawclient -explain.", len(req.Body), maxMessage))
		return
	}
	select {
	case listQueue <- struct{}{}:
		defer func() { <-listQueue }()
	default:
		resp.Fields = resp.Fields.Add(retryAfter, []byte("1"))
		rest.Refuse(resp, 503, "Too many listings are being made. Try again in a second, or use "+
			"rawclient -explain.")
		return
	}
	listers <- struct{}{}
	defer func() { <-listers }()
	message := bytes.Clone(req.Body) // package explain hides credentials
	_, query, _ := bytes.Cut(req.Target, []byte("?"))
	values, err := url.ParseQuery(string(query))
	method := "GET"
	if m := values.Get("method"); m != "" {
		method = m
	}
	var l explain.Listing
	switch kind := values.Get("kind"); {
	case err != nil || kind != "" && kind != "request" && kind != "response":
		rest.Refuse(resp, 400, "The query is not understood. Send /explain, /explain?kind=request, "+
			"/explain?kind=response or /explain?kind=response&method=HEAD.")
		return
	case kind == "response":
		l = explain.Response(message, []byte(method))
	default:
		l = explain.Request(message)
	}
	resp.Fields = resp.Fields.Add([]byte("Vary"), []byte("Accept"))
	if rest.Prefer(req.Fields, "text/plain", "text/html") == 1 {
		page := explain.AppendPage(nil, "HTTP, octet by octet", false, l)
		answer(resp, "text/html; charset=utf-8", page)
		return
	}
	answer(resp, "text/plain; charset=utf-8", explain.AppendText(nil, l))
}

func answer(resp *httpwire.Response, mediaType string, body []byte) {
	resp.Code = 200
	resp.Fields = resp.Fields.Add([]byte("Content-Type"), []byte(mediaType))
	resp.Body = body
}
