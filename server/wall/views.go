package wall

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/visible"
	"rawhttp/server/rest"
)

//go:embed wall.html
var pageHTML string

//go:embed wall.css
var pageCSS string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// A view is a copy of an exchange, to be shown without the lock. The octets of a message are not
// copied: others are only appended.
type view struct{ exchange }

// since returns views of the exchanges that have changed since a version, and news without events.
func (w *Wall) since(version uint64) (views []view, n news) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.exchanges {
		if e.version > version {
			views = append(views, view{*e})
		}
	}
	return views, news{made: time.Now(), version: w.version, last: w.last, began: w.last - w.hidden}
}

// changedOrGone returns those of the exchanges that are not kept, or whose last change came after one
// version and not after another.
func (w *Wall) changedOrGone(ids []int64, after, upTo uint64) (found []int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, id := range ids {
		i := slices.IndexFunc(w.exchanges, func(e *exchange) bool { return e.id == id })
		if i < 0 || w.exchanges[i].version > after && w.exchanges[i].version <= upTo {
			found = append(found, id)
		}
	}
	return found
}

// find returns a view of the exchange with an ID.
func (w *Wall) find(id int64) (v view, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.exchanges, func(e *exchange) bool { return e.id == id })
	if i < 0 {
		return view{}, false
	}
	return view{*w.exchanges[i]}, true
}

// A card is what the template shows of an exchange.
type card struct {
	ID                int64
	Peer, Line, State string
	Agent             string // the User-Agent, which names the student of a class
	Began, Took       string
	Code              int
	Class             string // of CSS, for the state
	Request, Response template.HTML
}

// newCard returns the card of an exchange in its present state.
func (v *view) newCard() card {
	c := card{ID: v.id, Peer: v.peer, Code: v.code, Began: v.began.Format(time.TimeOnly),
		Line: explain.FirstLine(v.request.octets), Agent: agent(v.request.octets), Request: v.requestHTML()}
	if !v.ended.IsZero() {
		c.Took = v.ended.Sub(v.began).Round(time.Microsecond).String()
	}
	switch {
	case v.code == 0 && v.closed:
		c.Class, c.State = "failed", "the connection ended before a response"
	case v.code == 0:
		c.Class = "waits"
		c.State = string(explain.AppendWaiting(nil, v.request.octets, v.request.length))
	case v.ended.IsZero():
		c.Class, c.State = "waits", "sending the response"
	case v.left > 0:
		c.Class, c.State = "failed", "the connection ended before the whole response was sent"
	case v.code >= 400:
		c.Class, c.State = "failed", "done"
	default:
		c.Class, c.State = "complete", "done"
	}
	if v.response.length > 0 {
		c.Response = messageHTML(v.responseListing(), v.response)
	}
	return c
}

// agent returns the beginning of the User-Agent of a request that is complete.
func agent(b []byte) string {
	var req httpwire.Request
	if _, err := httpwire.ConsumeRequestHead(basicauth.Redact(b), &req); err != nil {
		return ""
	}
	const most = 30
	value := req.Fields.Get("User-Agent")
	return string(visible.AppendText(nil, value[:min(len(value), most)]))
}

func (v *view) requestHTML() template.HTML {
	l := explain.Request(v.request.octets)
	if v.request.length > int64(len(v.request.octets)) || v.code >= 400 || v.code == 0 && !v.closed {
		l.Err = nil // the end has not come, or is not kept, or the response says what is wrong
	}
	return messageHTML(l, v.request)
}

func (v *view) responseListing() explain.Listing {
	method, _, _ := bytes.Cut(bytes.TrimLeft(v.request.octets, "\r\n"), []byte(" "))
	l := explain.Response(v.response.octets, method)
	if v.response.length > int64(len(v.response.octets)) || v.ended.IsZero() {
		l.Err = nil
	}
	return l
}

func messageHTML(l explain.Listing, m message) template.HTML {
	b := explain.AppendMessage(nil, l)
	if more := m.length - int64(len(m.octets)); more > 0 {
		b = fmt.Appendf(b, "<p><em>%s more, not shown</em></p>", explain.OctetCount(more))
	}
	return template.HTML(b)
}

// html returns the card of an exchange. It is made once for each change.
func (v *view) html() string {
	v.card.once.Do(func() { v.card.text = rest.Execute(pageTemplate.Lookup("card"), v.newCard()) })
	return v.card.text
}

// page returns the page with the exchanges that are kept, newest first. If filter is not empty, it
// has only those whose peer, User-Agent or request-line contains it.
func (w *Wall) page(filter string) []byte {
	views, _ := w.since(0)
	slices.Reverse(views)
	data := struct {
		Style   template.CSS
		Filter  string
		Kept    int
		Started string
		Cards   []template.HTML
	}{template.CSS(explain.StyleSheet() + pageCSS), filter, keptExchanges, w.started, nil}
	for _, v := range views {
		searched := v.peer + " " + agent(v.request.octets) + " " + explain.FirstLine(v.request.octets)
		if strings.Contains(searched, filter) {
			data.Cards = append(data.Cards, template.HTML(v.html()))
		}
	}
	return []byte(rest.Execute(pageTemplate, data))
}

// explained returns the explained page of an exchange.
func (v *view) explained() []byte {
	listings := []explain.Listing{explain.Request(v.request.octets)}
	if v.response.length > 0 {
		listings = append(listings, v.responseListing())
	}
	return explain.AppendPage(nil, explain.FirstLine(v.request.octets), false, listings...)
}

const path = "/wall"

// Routes returns the table of the wall.
func (w *Wall) Routes() []rest.Route {
	html := []rest.Content{{Type: "text/html"}}
	return []rest.Route{
		{Method: "GET", Path: path, Rel: "wall", Live: true,
			Summary: "the last exchanges of this server, live",
			Query: []rest.Param{{Name: "filter",
				Summary: "only exchanges whose peer, User-Agent or request-line has this",
				Schema:  rest.Schema{"type": "string"}}},
			Responses: []rest.Response{{Code: 200, Summary: "the page", Content: html}, rest.Overload},
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
				rest.Overload,
			},
			Handle: w.serveExchange},
	}
}

func (w *Wall) servePage(_ int64, req *httpwire.Request, resp *httpwire.Response) {
	query, _ := url.ParseQuery(string(req.Query())) // a part that is malformed does not count
	serve(resp, "text/html; charset=utf-8", w.page(query.Get("filter")))
}

func (w *Wall) serveExchange(id int64, _ *httpwire.Request, resp *httpwire.Response) {
	v, ok := w.find(id)
	if !ok {
		rest.Refuse(resp, 404, fmt.Sprintf("The wall does not have this exchange any more. It keeps the "+
			"last %d.", keptExchanges))
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
