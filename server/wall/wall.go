// Package wall shows the exchanges of a server as they happen: a page on which each request appears
// octet by octet as it arrives, coloured by the grammar, with what the server waits for or the fault
// that it found, and then the response.
//
//	GET /wall          the page: the last exchanges, and a script that follows the events
//	GET /wall/events   the events (EventSource): an exchange that has changed, as JSON with HTML
//	GET /wall/{ID}     one exchange, explained octet by octet
//
// A [Wall] is the httpd.Watcher of its server. It keeps the last exchanges, and a limited number of
// octets of each. If there are too many exchanges, the host that has the most loses its oldest one. So a
// client that floods the server does not push those of others off the wall.
//
// A viewer does not get each change. A few times a second it gets what has changed since the last time, so
// a slow viewer costs no memory. The HTML of an exchange is made once for each change, and all viewers get
// the same octets.
//
//	wall.go    what is kept of the exchanges
//	viewer.go  what a viewer is sent, and when
//	views.go   exchanges as HTML, and the table of routes
package wall

import (
	"bytes"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unique"

	"rawhttp/server/httpd"
)

const (
	keptExchanges = 50
	keptOctets    = 4 << 10 // of a request, and of a response
)

// A Wall keeps the last exchanges of a server.
type Wall struct {
	MaxViewers int // at a time; set it before the server starts

	started string // differs from that of the wall before a restart of the server

	mu        sync.Mutex
	exchanges []*exchange   // the last ones, in the order in which they began
	last      int64         // the ID of the last one
	hidden    int64         // exchanges that were requests of viewers
	version   uint64        // the number of changes
	changed   chan struct{} // closed at the next change
	viewers   []*viewer     // in the order in which they came

	making sync.Mutex // held while news are made, because they can take 10 MiB and more; locked before mu
	latest news       // for viewers in a rush
}

// New returns a Wall without exchanges.
func New() *Wall {
	return &Wall{MaxViewers: maxViewers, started: time.Now().UTC().Format(time.RFC3339Nano), changed: make(chan struct{})}
}

// A conn is an open connection. It is its own httpd.Watch.
type conn struct {
	wall      *Wall
	peer      string
	host      unique.Handle[string]
	receiving *exchange   // the exchange whose request arrives; nil between two
	sending   []*exchange // those whose responses are sent next, in their order
}

// An exchange is a request and its response.
type exchange struct {
	id       int64
	peer     string
	host     unique.Handle[string] // the peer without its port; comparing two is fast
	began    time.Time
	ended    time.Time // when the last octet of the response was sent; zero before
	request  message
	response message
	code     int       // 0 before the response
	left     int64     // octets of the response that are not sent; -1 if the close ends it
	closed   bool      // the connection was closed before the end of the response
	version  uint64    // of the wall, when the exchange changed last
	decided  bool      // whether the exchange is hidden does not change any more
	hidden   bool      // the request is that of a viewer
	card     *cardHTML // of this version
}

// A cardHTML is the card of an exchange, made when it is needed first.
type cardHTML struct {
	once sync.Once
	text string
}

// A message is what the wall keeps of a request or a response: its first octets.
type message struct {
	octets []byte // at most keptOctets
	length int64  // of the whole message, as far as it has come, in octets
}

func (m *message) add(octets []byte) {
	m.length += int64(len(octets))
	m.octets = append(m.octets, octets[:min(len(octets), keptOctets-len(m.octets))]...)
}

// Opened implements httpd.Watcher.
func (w *Wall) Opened(peer string) httpd.Watch {
	host, _, _ := net.SplitHostPort(peer)
	return &conn{wall: w, peer: peer, host: unique.Make(host)}
}

// Received implements httpd.Watch.
func (c *conn) Received(octets []byte) {
	c.wall.mu.Lock()
	defer c.wall.mu.Unlock()
	c.receive(octets)
	c.wall.trim()
}

// receive adds octets to the request that arrives. As soon as they say that it is a request of a viewer, it
// is hidden. That changes the wall only if viewers may have been sent its beginning.
func (c *conn) receive(octets []byte) {
	e := c.request()
	e.request.add(octets)
	hide := false
	if !e.decided { // a client may send its octets one by one: do not read the same line again with each
		hide, e.decided = isViewer(e.request.octets)
	}
	if !hide || e.version > 0 {
		c.wall.change(e)
	}
	if hide {
		e.hidden = true
		c.wall.hidden++
	}
}

// request returns the exchange whose request arrives, which may be a new one.
func (c *conn) request() *exchange {
	if c.receiving == nil {
		w := c.wall
		w.last++
		c.receiving = &exchange{id: w.last, peer: c.peer, host: c.host, began: time.Now(), card: new(cardHTML)}
		w.exchanges = append(w.exchanges, c.receiving)
	}
	return c.receiving
}

// trim removes the exchanges of viewers, and those beyond keptExchanges. The connection of such an
// exchange may last, so its card is dropped.
func (w *Wall) trim() {
	w.exchanges = slices.DeleteFunc(w.exchanges, func(e *exchange) bool { return e.hidden })
	for len(w.exchanges) > keptExchanges {
		i := surplus(w.exchanges)
		w.exchanges[i].card = new(cardHTML)
		w.exchanges = slices.Delete(w.exchanges, i, i+1)
	}
}

// surplus returns the index of the oldest exchange of the host that has the most.
func surplus(all []*exchange) (index int) {
	most := 0
	for i, e := range all {
		n := 0 // of the host of e, from e on
		for _, other := range all[i:] {
			if other.host == e.host {
				n++
			}
		}
		if n > most {
			index, most = i, n
		}
	}
	return index
}

// isViewer reports whether a request comes from a viewer of the wall, and whether that is decided, so that
// further octets make no difference. Requests of viewers are not shown: each event would cause another.
func isViewer(request []byte) (viewer, decided bool) {
	method, rest, found := bytes.Cut(bytes.TrimLeft(request, "\r\n"), []byte(" "))
	end := bytes.IndexAny(rest, " \r\n") // a simple request (HTTP/0.9) has nothing after the target
	switch {
	case !found || end < 0:
		return false, len(request) == keptOctets
	case string(method) != "GET":
		return false, true
	}
	u, err := url.ParseRequestURI(string(rest[:end]))
	return err == nil && (u.Path == path || strings.HasPrefix(u.Path, path+"/")), true
}

// Responded implements httpd.Watch.
func (c *conn) Responded(code int, octets int64, next []byte) {
	c.wall.mu.Lock()
	defer c.wall.mu.Unlock()
	e := c.request()
	c.receiving = nil
	e.request.length -= int64(len(next))
	e.request.octets = e.request.octets[:min(int64(len(e.request.octets)), e.request.length)]
	e.code = code
	e.left = octets
	c.sending = append(c.sending, e)
	c.wall.change(e)
	if len(next) > 0 {
		c.receive(next)
	}
	c.wall.trim()
}

// Sent implements httpd.Watch.
func (c *conn) Sent(octets []byte) {
	c.wall.mu.Lock()
	defer c.wall.mu.Unlock()
	for len(octets) > 0 && len(c.sending) > 0 {
		e := c.sending[0]
		n := int64(len(octets))
		if e.left >= 0 {
			n = min(n, e.left)
			e.left -= n
		}
		e.response.add(octets[:n])
		octets = octets[n:]
		if e.left == 0 {
			e.ended = time.Now()
			c.sending = c.sending[1:]
		}
		c.wall.change(e)
	}
	if len(octets) > 0 && c.receiving != nil { // 100 (Continue), for the request that arrives
		c.receiving.response.add(octets)
		c.wall.change(c.receiving)
	}
}

// Closed implements httpd.Watch.
func (c *conn) Closed() {
	c.wall.mu.Lock()
	defer c.wall.mu.Unlock()
	if c.receiving != nil {
		c.sending = append(c.sending, c.receiving)
	}
	for _, e := range c.sending {
		e.closed, e.ended = true, time.Now()
		c.wall.change(e)
	}
}

// change notes that an exchange has changed. That is a new version of the wall, which the viewers are
// sent.
func (w *Wall) change(e *exchange) {
	if e.hidden {
		return
	}
	w.version++
	e.version, e.card = w.version, new(cardHTML)
	close(w.changed)
	w.changed = make(chan struct{})
}
