// Package inspect is a table of routes that show how the server works. They show people the messages
// that they send, octet by octet, and they show programs the state of the server. Package inspect uses
// no sockets, and does not know the address book. To add a route, begin at Routes.
package inspect

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"net/url"
	"os"
	"runtime"
	"slices"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/explain"
	"rawhttp/server/httpd"
	"rawhttp/server/internal/queue"
	"rawhttp/server/metrics"
	"rawhttp/server/rest"
)

// A Store keeps what the server serves, as an addressbook.Book does. Many goroutines call its methods.
type Store interface {
	Ping() error                     // an error means that it cannot be read or changed now
	AppendMetrics(dst []byte) []byte // in the text format of Prometheus
}

// Hello returns the table of /hello, which comes first in the links and in the documentation.
func Hello() []rest.Route {
	return []rest.Route{
		{Method: "GET", Path: "/hello", Rel: "hello",
			Summary:   "a text of one line, in a response with three fields: begin here",
			Responses: []rest.Response{{Code: 200, Summary: "the text", Content: plain}},
			Handle:    hello},
	}
}

// Routes returns the table of all other paths. /healthz and /metrics show the state of the server and of its
// store.
func Routes(server *httpd.Server, store Store) []rest.Route {
	return []rest.Route{
		{Method: "*", Path: "/raw", Rel: "echo",
			Summary: "the request itself, octet for octet, with * for credentials",
			Responses: []rest.Response{{Code: 200, Summary: "the octets of the request",
				Content: []rest.Content{{Type: "message/http"}, {Type: "text/plain"}}}, rest.Overload},
			Handle: raw},
		{Method: "GET", Path: "/explain", Rel: "explain", Live: true,
			Summary: "a form to list an HTTP message, and the listing of this request",
			Responses: []rest.Response{
				{Code: 200, Summary: "the form", Content: []rest.Content{{Type: "text/html"}}},
				busy,
			},
			Handle: inTurn(explainPage)},
		{Method: "POST", Path: "/explain", Rel: "explain",
			Summary: "list an HTTP message octet by octet",
			Query: []rest.Param{
				{Name: "kind", Summary: "request or response; without it, request",
					Schema: rest.Schema{"type": "string", "enum": []string{"request", "response"}}},
				{Name: "method", Summary: "the method of the request that got the response; without it, GET",
					Schema: rest.Schema{"type": "string"}},
				{Name: "form", Summary: "the body is the form of the page, with a message and its kind",
					Schema: rest.Schema{"type": "string"}},
			},
			Body: &rest.Content{Type: "text/plain",
				Also:    []string{"message/http", "application/x-www-form-urlencoded"},
				Example: "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"},
			Responses: []rest.Response{
				{Code: 200, Summary: "the listing, and what is wrong with the message",
					Content: []rest.Content{{Type: "text/plain"}, {Type: "text/html"}}},
				rest.Problem(400, "the query is wrong"),
				rest.Problem(413, "the message is too long to list"),
				busy,
			},
			Handle: inTurn(list)},
		{Method: "GET", Path: "/healthz", Rel: "health", Summary: "whether the server can serve",
			Responses: []rest.Response{
				{Code: 200, Summary: "the server can serve", Content: plain},
				{Code: 503, Summary: "the server is stopping, or the store of the addresses has failed",
					Content: plain},
			},
			Handle: func(_ int64, _ *httpwire.Request, resp *httpwire.Response) { health(server, store, resp) }},
		{Method: "GET", Path: "/metrics", Rel: "metrics", Live: true,
			Summary:   "counters of the server, for Prometheus",
			Responses: []rest.Response{{Code: 200, Summary: "the counters", Content: plain}},
			Handle: func(_ int64, _ *httpwire.Request, resp *httpwire.Response) {
				rest.NoStore(resp)
				rest.Respond(resp, 200, "text/plain; version=0.0.4; charset=utf-8",
					appendProcess(store.AppendMetrics(server.AppendMetrics(nil))))
			}},
		// Browsers ask for an icon on their own. Without this row, the log would have a 404 for that.
		{Method: "GET", Path: "/favicon.ico", Rel: "icon", Hidden: true,
			Summary:   "there is no icon",
			Responses: []rest.Response{{Code: 204, Summary: "there is no icon"}},
			Handle: func(_ int64, _ *httpwire.Request, resp *httpwire.Response) {
				resp.Code, resp.Parts = 204, httpd.Quiet{}
				rest.AddField(resp, "Cache-Control", "max-age=86400")
			}},
	}
}

var (
	plain = []rest.Content{{Type: "text/plain"}}
	busy  = rest.OverloadOr("too many listings are being made")
)

var greeting httpwire.Parts = httpd.Brief("Hello!\n")

// hello is the first response that a learner reads, so it has as few fields as a server may send.
func hello(_ int64, _ *httpwire.Request, resp *httpwire.Response) {
	rest.Respond(resp, 200, "text/plain", nil)
	resp.Parts = greeting
}

// raw responds with the request. It sends a copy, because the octets belong to the connection.
// With Vary: * no cache gives the response to another client, whose request would be different.
func raw(_ int64, req *httpwire.Request, resp *httpwire.Response) {
	octets := slices.Concat(req.Head, req.Body)
	shown := basicauth.Redact(octets)
	if !bytes.Equal(shown, octets) {
		rest.AddField(resp, "Hidden", "credentials, each octet by *")
	}
	rest.AddField(resp, "Vary", "*")
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
	values, err := url.ParseQuery(string(req.Query()))
	message := req.Body
	if values.Has("form") { // a browser has sent the form of the page
		values, err = url.ParseQuery(string(req.Body))
		message = []byte(values.Get("message"))
	}
	kind := values.Get("kind")
	switch {
	case len(message) > maxMessage:
		rest.Refuse(req, resp, 413, fmt.Sprintf("The message has %d octets, and at most %d are listed. Send "+
			"only its beginning, or use rawclient -explain.", len(message), maxMessage))
	case err != nil || kind != "" && kind != "request" && kind != "response":
		rest.Refuse(req, resp, 400, "The query or the form is wrong. Send /explain, /explain?kind=request, "+
			"/explain?kind=response or /explain?kind=response&method=HEAD.")
	case kind == "response":
		method := cmp.Or(values.Get("method"), "GET")
		respondListing(req, resp, explain.Response(message, []byte(method)))
	default:
		respondListing(req, resp, explain.Request(message))
	}
}

// inTurn returns a handler that waits for its turn to make a listing.
func inTurn(handle rest.Handler) rest.Handler {
	return rest.InTurn(listings, "Too many listings are being made. Try again in a second, or use rawclient -explain.", handle)
}

// respondListing responds with a listing, as a page to a client that prefers HTML.
func respondListing(req *httpwire.Request, resp *httpwire.Response, l explain.Listing) {
	rest.AddField(resp, "Vary", "Accept")
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
	sent := struct {
		Octets    int
		Listing   template.HTML // empty if the request is too long
		Origin    string        // with the host as the client has named it
		RawClient string        // the beginning of a command
	}{Octets: len(req.Head) + len(req.Body),
		Origin: "http://" + cmp.Or(string(req.Fields.Get("Host")), explain.DefaultAddr)}
	sent.RawClient = rest.RawClient(sent.Origin)
	if sent.Octets <= maxMessage {
		request := explain.Request(slices.Concat(req.Head, req.Body))
		sent.Listing = template.HTML(explain.AppendSection(nil, request))
	}
	page := rest.Page(explainTitle, rest.Execute(explainTemplate, sent))
	rest.NoStore(resp)
	rest.Respond(resp, 200, page.Type, page.Octets)
}

// health responds with 200, or with 503 if the server is stopping or the store has failed.
func health(server *httpd.Server, store Store, resp *httpwire.Response) {
	const plainText = "text/plain; charset=utf-8"
	rest.NoStore(resp)
	switch {
	case server.Stopping():
		rest.Respond(resp, 503, plainText, []byte("stopping\n"))
	case store.Ping() != nil:
		rest.Respond(resp, 503, plainText, []byte("the store of the addresses has failed\n"))
	default:
		rest.Respond(resp, 200, plainText, []byte("serving\n"))
	}
}

// appendProcess appends metrics of the process, with the names that the client libraries of
// Prometheus use. The number of open files is left out on systems without /proc.
func appendProcess(dst []byte) []byte {
	gauge := func(name, help string, n int64) { dst = metrics.AppendNumber(dst, name, help, n) }
	gauge("go_goroutines", "Goroutines that exist.", int64(runtime.NumGoroutine()))
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	gauge("go_memstats_alloc_bytes", "Octets of heap in use.", int64(memory.Alloc))
	gauge("go_memstats_stack_inuse_bytes", "Octets of stacks in use.", int64(memory.StackInuse))
	if files, err := os.ReadDir("/proc/self/fd"); err == nil {
		n := int64(len(files) - 1) // without the directory itself
		gauge("process_open_fds", "Files and connections that are open.", n)
	}
	return dst
}
