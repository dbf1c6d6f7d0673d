package inspect

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"net/url"
	"slices"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/explain"
	"rawhttp/server/httpd"
	"rawhttp/server/internal/queue"
	"rawhttp/server/rest"
)

var greeting httpwire.Parts = httpd.Brief("Hello!\n")

// hello is the first response that a learner reads, so it has as few fields as a server may send.
func hello(_ int64, _ *httpwire.Request, resp *httpwire.Response) {
	rest.Respond(resp, 200, "text/plain", nil)
	resp.Parts = greeting
}

// raw responds with the request. It sends a copy, because the octets belong to the connection.
func raw(_ int64, req *httpwire.Request, resp *httpwire.Response) {
	octets := slices.Concat(req.Head, req.Body)
	shown := basicauth.Redact(octets)
	if !bytes.Equal(shown, octets) {
		resp.Fields = resp.Fields.Add([]byte("Hidden"), []byte("credentials, each octet by *"))
	}
	resp.Fields = resp.Fields.Add([]byte("Vary"), []byte("Accept"))
	mediaType := "message/http"
	if rest.Prefer(req.Fields, mediaType, "text/html") == 1 {
		mediaType = "text/plain; charset=utf-8" // a browser would save message/http to a file
	}
	rest.Respond(resp, 200, mediaType, shown)
}

// maxMessage is the longest message that /explain lists, in octets. A listing is a hundred times as
// long as its message.
const maxMessage = 64 << 10

// listings limits how many listings are made at a time. They take more time and memory than any
// other response.
var listings = queue.New(8)

// list responds with the listing of the message in the body. A malformed message is not an error:
// its listing says what is wrong.
func list(_ int64, req *httpwire.Request, resp *httpwire.Response) {
	_, query, _ := bytes.Cut(req.Target, []byte("?"))
	values, err := url.ParseQuery(string(query))
	message := req.Body
	if values.Has("form") { // a browser has sent the form of the page
		values, err = url.ParseQuery(string(req.Body))
		message = []byte(values.Get("message"))
	}
	kind := values.Get("kind")
	switch {
	case len(message) > maxMessage:
		rest.Refuse(resp, 413, fmt.Sprintf("The message has %d octets, and at most %d are listed. Send "+
			"only its beginning, or use rawclient -explain.", len(message), maxMessage))
	case err != nil || kind != "" && kind != "request" && kind != "response":
		rest.Refuse(resp, 400, "The query is wrong. Send /explain, /explain?kind=request, "+
			"/explain?kind=response or /explain?kind=response&method=HEAD.")
	default:
		inTurn(req, resp, func(req *httpwire.Request, resp *httpwire.Response) {
			if kind == "response" {
				respondListing(req, resp, explain.Response(message, []byte(cmp.Or(values.Get("method"), "GET"))))
			} else {
				respondListing(req, resp, explain.Request(message))
			}
		})
	}
}

// inTurn responds with a listing, or with 503 if too many of them are being made.
func inTurn(req *httpwire.Request, resp *httpwire.Response,
	respond func(*httpwire.Request, *httpwire.Response)) {
	if !listings.Do(func() { respond(req, resp) }) {
		rest.Refuse(resp, 503, "Too many listings are being made. Try again in a second, or use "+
			"rawclient -explain.")
	}
}

// respondListing responds with a listing, as a page to a client that prefers HTML.
func respondListing(req *httpwire.Request, resp *httpwire.Response, l explain.Listing) {
	resp.Fields = resp.Fields.Add([]byte("Vary"), []byte("Accept"))
	if rest.Prefer(req.Fields, "text/plain", "text/html") == 1 {
		page := explain.AppendPage(nil, explainTitle, false, l)
		rest.Respond(resp, 200, "text/html; charset=utf-8", page)
		return
	}
	rest.Respond(resp, 200, "text/plain; charset=utf-8", explain.AppendText(nil, l))
}

const explainTitle = "HTTP, octet by octet"

// The page has a box for a message, and the request that asked for the page. It has no script: the
// browser encodes the message as a form, with CR LF for each line end.
//
//go:embed explain.html
var explainHTML string

var explainTemplate = template.Must(template.New("explain").Parse(explainHTML))

// explainPage responds with the page.
func explainPage(_ int64, req *httpwire.Request, resp *httpwire.Response) {
	inTurn(req, resp, makePage)
}

func makePage(req *httpwire.Request, resp *httpwire.Response) {
	sent := struct {
		Octets  int
		Listing template.HTML // empty if the request is too long
		Host    string        // as the client has named it
	}{Octets: len(req.Head), Host: cmp.Or(string(req.Fields.Get("Host")), httpd.DefaultAddr)}
	if sent.Octets <= maxMessage {
		sent.Listing = template.HTML(explain.AppendSection(nil, explain.Request(basicauth.Redact(req.Head))))
	}
	form := rest.HTMLForm(explainTitle, rest.Execute(explainTemplate, sent))
	resp.Fields = resp.Fields.Add([]byte("Cache-Control"), []byte("no-store"))
	rest.Respond(resp, 200, form.Type, form.Octets)
}
