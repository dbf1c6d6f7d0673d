package wall

import (
	"bytes"
	_ "embed"
	"errors"
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
	"rawhttp/server/internal/queue"
	"rawhttp/server/rest"
)

//go:embed wall.html
var pageHTML string

//go:embed wall.css
var pageCSS string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// snapshot returns copies of the exchanges that are kept, to be shown without the lock, and news without
// events. The octets of a message are not copied, because they never change: new ones are only
// appended.
func (w *Wall) snapshot() (all []*exchange, n news) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.exchanges {
		c := *e
		all = append(all, &c)
	}
	return all, news{version: w.version, last: w.last, began: w.last - w.hidden}
}

// find returns the exchange with an ID, nil if there is none.
func find(all []*exchange, id int64) *exchange {
	i := slices.IndexFunc(all, func(e *exchange) bool { return e.id == id })
	if i < 0 {
		return nil
	}
	return all[i]
}

// A card is what the template shows of an exchange.
type card struct {
	ID                int64
	Peer, Line, State string
	Host              string // of Peer
	Agent             string // the User-Agent, which names the student of a class
	Began, Took       string
	Code              int
	Class             string // of CSS, for the state
	Request, Response template.HTML
}

// newCard returns the card of an exchange in its present state.
func (e *exchange) newCard() card {
	c := card{ID: e.id, Peer: e.peer, Host: e.host.Value(), Code: e.code, Began: e.began.Format(time.TimeOnly),
		Line: explain.FirstLine(e.request.octets), Agent: agent(e.request.octets), Request: e.requestHTML()}
	if !e.ended.IsZero() {
		c.Took = e.ended.Sub(e.began).Round(time.Microsecond).String()
	}
	switch {
	case e.code == 0 && e.closed:
		c.Class, c.State = "failed", "the connection ended before a response"
	case e.code == 0:
		c.Class = "waits"
		c.State = string(explain.AppendWaiting(nil, e.request.octets, e.request.length))
	case e.ended.IsZero():
		c.Class, c.State = "waits", "sending the response"
	case e.left > 0:
		c.Class, c.State = "failed", "the connection ended before the whole response was sent"
	case e.code >= 400:
		c.Class, c.State = "failed", "done"
	default:
		c.Class, c.State = "complete", "done"
	}
	if e.response.length > 0 {
		c.Response = e.response.html(e.responseListing)
	}
	return c
}

// agent returns the beginning of the User-Agent of a request, as soon as that line has come. It looks at lines
// instead of fields, because after a fault there are no fields, and the name tells who needs help.
func agent(b []byte) string {
	const most = 30
	for line := range bytes.Lines(basicauth.Redact(bytes.TrimLeft(b, "\r\n"))) {
		name, value, _ := bytes.Cut(line, []byte(":"))
		value, whole := bytes.CutSuffix(value, []byte("\n"))
		switch {
		case len(bytes.TrimRight(line, "\r\n")) == 0:
			return "" // the head has ended
		case whole && httpwire.EqualFold(name, "User-Agent"):
			value = bytes.Trim(value, " \t\r")
			return string(visible.AppendText(nil, value[:min(len(value), most)]))
		}
	}
	return ""
}

func (e *exchange) requestHTML() template.HTML {
	return e.request.html(func(m message) explain.Listing {
		l := m.requestListing()
		if !e.closed {
			l.Err = nil // the end has not come, or the response says what is wrong
		}
		return l
	})
}

// requestListing returns the listing of a request, or of its beginning.
func (m *message) requestListing() explain.Listing { return m.correct(explain.Request(m.octets)) }

// responseListing returns the listing of m, which is the response of the exchange or its beginning.
func (e *exchange) responseListing(m message) explain.Listing {
	method, _, _ := bytes.Cut(bytes.TrimLeft(e.request.octets, "\r\n"), []byte(" "))
	l := m.correct(explain.Response(m.octets, method))
	if e.ended.IsZero() {
		l.Err = nil
	}
	return l
}

// more says how many octets of the message are left out, "" if none are.
func (m *message) more() string {
	n := m.length - int64(len(m.octets))
	if n == 0 {
		return ""
	}
	return explain.OctetCount(n) + " more, not shown"
}

// correct returns a listing of the octets without an error about those that are left out.
func (m *message) correct(l explain.Listing) explain.Listing {
	if more := m.more(); more != "" {
		if errors.Is(l.Err, httpwire.ErrIncomplete) {
			l.Err = nil
		}
		l.Lines[len(l.Lines)-1].Note = more
	}
	return l
}

// mostHTML is the largest number of octets of HTML for a message on a card. The elements for 4 KiB of line ends
// have 107 KiB, and a browser needs more than a minute to lay out 50 cards of that kind.
const mostHTML = 32 << 10

// html returns a message for a card. List makes the listing of it. If the HTML is too long, html leaves out the
// second half of the octets of the message, again and again.
func (m message) html(list func(message) explain.Listing) template.HTML {
	b := explain.AppendMessage(nil, list(m))
	if len(b) > mostHTML && len(m.octets) > 1 {
		m.octets = m.octets[:len(m.octets)/2]
		return m.html(list)
	}
	if more := m.more(); more != "" {
		b = fmt.Appendf(b, "<p><em>%s</em></p>", more)
	}
	return template.HTML(b)
}

// html returns the card of an exchange. It is made once for each change.
func (e *exchange) html() string {
	e.card.once.Do(func() { e.card.text = rest.Execute(pageTemplate.Lookup("card"), e.newCard()) })
	return e.card.text
}

// page returns the page with the exchanges that are kept, newest first. If filter is not empty, it
// has only those whose peer, User-Agent or request-line contains it. The case of letters is ignored.
func (w *Wall) page(filter string) []byte {
	all, _ := w.snapshot()
	data := struct {
		Style   template.CSS
		Filter  string
		Kept    int
		Started string
		Cards   []template.HTML
	}{template.CSS(explain.StyleSheet() + pageCSS), filter, keptExchanges, w.started, nil}
	for _, e := range slices.Backward(all) {
		searched := e.peer + " " + agent(e.request.octets) + " " + explain.FirstLine(e.request.octets)
		if strings.Contains(strings.ToLower(searched), strings.ToLower(filter)) {
			data.Cards = append(data.Cards, template.HTML(e.html()))
		}
	}
	return []byte(rest.Execute(pageTemplate, data))
}

// explained returns the explained page of an exchange.
func (e *exchange) explained() []byte {
	listings := []explain.Listing{e.request.requestListing()}
	if e.response.length > 0 {
		listings = append(listings, e.responseListing(e.response))
	}
	return explain.AppendPage(nil, explain.FirstLine(e.request.octets), false, listings...)
}

const path = "/wall"

// pages limits how many pages are made at a time, because one can take 10 MiB.
var pages = queue.New(maxViewers)

func inTurn(handle rest.Handler) rest.Handler {
	return rest.InTurn(pages, "Too many pages of the wall are being made. Try again in a second.", handle)
}

// Routes returns the table of the wall.
func (w *Wall) Routes() []rest.Route {
	html := []rest.Content{{Type: "text/html"}}
	busy := rest.OverloadOr("too many pages are being made")
	return []rest.Route{
		{Method: "GET", Path: path, Rel: "wall", Live: true,
			Summary: "the last exchanges of this server, live",
			Query: []rest.Param{{Name: "filter",
				Summary: "only exchanges whose peer, User-Agent or request-line has this, in small letters or capitals",
				Schema:  rest.Schema{"type": "string"}}},
			Responses: []rest.Response{{Code: 200, Summary: "the page", Content: html}, busy},
			Handle:    inTurn(w.servePage)},
		{Method: "GET", Path: path + "/events", Rel: "events", Live: true, Summary: "each change on the wall",
			Responses: []rest.Response{
				{Code: 200, Summary: "a stream of events", Content: []rest.Content{{Type: "text/event-stream"}}}},
			Handle: w.serveEvents},
		{Method: "GET", Path: path + "/{ID}", Rel: "exchange", Live: true, Summary: "one exchange, octet by octet",
			Responses: []rest.Response{
				{Code: 200, Summary: "the explained page", Content: html},
				rest.Problem(404, "the wall does not have the exchange any more"),
				busy,
			},
			Handle: inTurn(w.serveExchange)},
	}
}

func (w *Wall) servePage(_ int64, req *httpwire.Request, resp *httpwire.Response) {
	query, _ := url.ParseQuery(string(req.Query())) // a part that is malformed does not count
	serve(resp, "text/html; charset=utf-8", w.page(query.Get("filter")))
}

func (w *Wall) serveExchange(id int64, req *httpwire.Request, resp *httpwire.Response) {
	all, _ := w.snapshot()
	e := find(all, id)
	if e == nil {
		rest.Refuse(req, resp, 404, fmt.Sprintf("The wall does not have this exchange any more. It keeps the "+
			"last %d.", keptExchanges))
		return
	}
	serve(resp, "text/html; charset=utf-8", e.explained())
}

func (w *Wall) serveEvents(_ int64, _ *httpwire.Request, resp *httpwire.Response) {
	serve(resp, "text/event-stream", nil)
	resp.Parts = w.newViewer()
}

func serve(resp *httpwire.Response, mediaType string, body []byte) {
	rest.NoStore(resp)
	rest.Respond(resp, 200, mediaType, body)
}
