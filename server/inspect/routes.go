// Package inspect is a table of routes that show how the server works: to people, the messages that
// they send, octet by octet; to machines, the state of the server. It knows neither sockets nor
// addresses.
//
//	routes.go    the table of routes; begin here to add one
//	messages.go  /hello, /raw and /explain
//	machine.go   /healthz and /metrics
package inspect

import (
	"rawhttp/httpwire"
	"rawhttp/server/rest"
)

// A Server tells its state.
type Server interface {
	Stopping() bool
	Ping() error                     // an error means that what it serves cannot be read now
	AppendMetrics(dst []byte) []byte // in the text format of Prometheus
}

// Routes returns the table. It shows the state of s.
func Routes(s Server) []rest.Route {
	return []rest.Route{
		{Method: "GET", Path: "/hello", Rel: "hello",
			Summary:   "a text of one line, in a response with three fields: begin here",
			Responses: []rest.Response{{Code: 200, Summary: "the text", Content: plain}},
			Handle:    hello},
		{Method: "*", Path: "/raw", Rel: "echo",
			Summary: "the request itself, octet for octet, with * for credentials",
			Responses: []rest.Response{{Code: 200, Summary: "the octets of the request",
				Content: []rest.Content{{Type: "message/http"}, {Type: "text/plain"}}}},
			Handle: raw},
		{Method: "GET", Path: "/explain", Rel: "explain", Live: true,
			Summary: "a form to list an HTTP message, and the listing of this request",
			Responses: []rest.Response{
				{Code: 200, Summary: "the form", Content: []rest.Content{{Type: "text/html"}}},
				{Code: 503, Summary: "too many listings are being made; try again later"},
			},
			Handle: explainPage},
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
			Body: &rest.Content{Type: "text/plain", Also: []string{"message/http", "application/x-www-form-urlencoded"},
				Example: "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"},
			Responses: []rest.Response{
				{Code: 200, Summary: "the listing, and what is wrong with the message",
					Content: []rest.Content{{Type: "text/plain"}, {Type: "text/html"}}},
				{Code: 400, Summary: "the query is wrong"},
				{Code: 413, Summary: "the message is too long to list"},
				{Code: 503, Summary: "too many listings are being made; try again later"},
			},
			Handle: list},
		{Method: "GET", Path: "/healthz", Rel: "health", Summary: "whether the server can serve",
			Responses: []rest.Response{
				{Code: 200, Summary: "it does", Content: plain},
				{Code: 503, Summary: "it is stopping, or the store of the addresses does not respond",
					Content: plain},
			},
			Handle: func(_ int64, _ *httpwire.Request, resp *httpwire.Response) { health(s, resp) }},
		{Method: "GET", Path: "/metrics", Rel: "metrics", Live: true,
			Summary:   "counters of the server, for Prometheus",
			Responses: []rest.Response{{Code: 200, Summary: "the counters", Content: plain}},
			Handle: func(_ int64, _ *httpwire.Request, resp *httpwire.Response) {
				rest.Respond(resp, 200, "text/plain; version=0.0.4; charset=utf-8", appendProcess(s.AppendMetrics(nil)))
			}},
		// Browsers ask for an icon on their own. With a 204 the log has no 404 for that.
		{Method: "GET", Path: "/favicon.ico", Rel: "icon", Hidden: true,
			Summary:   "there is no icon",
			Responses: []rest.Response{{Code: 204, Summary: "there is no icon"}},
			Handle: func(_ int64, _ *httpwire.Request, resp *httpwire.Response) {
				resp.Code = 204
				resp.Fields = resp.Fields.Add([]byte("Cache-Control"), []byte("max-age=86400"))
			}},
	}
}

var plain = []rest.Content{{Type: "text/plain"}}
