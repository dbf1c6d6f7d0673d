package wall

import (
	"net/url"

	"rawhttp/httpwire"
	"rawhttp/server/rest"
)

const path = "/wall"

// Routes returns the table of the wall.
func (w *Wall) Routes() []rest.Route {
	html := []rest.Content{{Type: "text/html"}}
	return []rest.Route{
		{Method: "GET", Path: path, Rel: "wall", Live: true, Summary: "the last exchanges of this server, live",
			Query: []rest.Param{{Name: "filter", Summary: "only exchanges whose peer, User-Agent or request-line has this",
				Schema: rest.Schema{"type": "string"}}},
			Responses: []rest.Response{{Code: 200, Summary: "the page", Content: html}},
			Handle:    w.servePage},
		{Method: "GET", Path: path + "/events", Rel: "events", Live: true, Summary: "each change on the wall",
			Responses: []rest.Response{
				{Code: 200, Summary: "a stream of events", Content: []rest.Content{{Type: "text/event-stream"}}},
				{Code: 503, Summary: "there are too many viewers; try again later"},
			},
			Handle: w.serveEvents},
		{Method: "GET", Path: path + "/{ID}", Rel: "exchange", Live: true, Summary: "one exchange, octet by octet",
			Responses: []rest.Response{
				{Code: 200, Summary: "the explained page", Content: html},
				{Code: 404, Summary: "the wall does not have the exchange any more"},
			},
			Handle: w.serveExchange},
	}
}

func (w *Wall) servePage(_ int64, req *httpwire.Request, resp *httpwire.Response) {
	u, err := url.Parse(string(req.Target))
	filter := ""
	if err == nil {
		filter = u.Query().Get("filter")
	}
	serve(resp, "text/html; charset=utf-8", w.page(filter))
}

func (w *Wall) serveExchange(id int64, _ *httpwire.Request, resp *httpwire.Response) {
	v, ok := w.find(id)
	if !ok {
		rest.Refuse(resp, 404, "The wall does not have this exchange any more. It keeps the last 50.")
		return
	}
	serve(resp, "text/html; charset=utf-8", v.explained())
}

func (w *Wall) serveEvents(_ int64, _ *httpwire.Request, resp *httpwire.Response) {
	viewer := w.newViewer()
	if viewer == nil {
		rest.Refuse(resp, 503, "The wall has as many viewers as it may have. Try again later.")
		return
	}
	serve(resp, "text/event-stream", nil)
	resp.Parts = viewer
}

func serve(resp *httpwire.Response, mediaType string, body []byte) {
	resp.Fields = resp.Fields.Add([]byte("Cache-Control"), []byte("no-store"))
	rest.Respond(resp, 200, mediaType, body)
}
