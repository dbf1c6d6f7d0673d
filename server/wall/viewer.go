package wall

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"rawhttp/server/httpd"
)

const (
	maxViewers = 64

	// collectDelay is how long the first change waits for others, which are shown with it.
	collectDelay = 25 * time.Millisecond

	// pause is the time between two sends to a viewer, so that their number does not depend on the
	// number of requests.
	pause = 250 * time.Millisecond

	// In a rush, more than rushRate exchanges begin or change each second. Then a viewer gets events less
	// often, and only those of the newest exchanges. A person cannot read more. All viewers get the same
	// exchanges, so the work does not grow with the number of viewers.
	rushRate    = 40
	rushPause   = time.Second
	mostInARush = 5

	// heartbeat is how often something is sent if nothing happens, so that the server notices when a
	// viewer is gone: the viewer's system refuses the first octets, and then the second write fails.
	heartbeat = 5 * time.Second

	// Times after which a page connects again: soon if the server was started again, and later if another viewer
	// has its place. So pages for which there is no room do not take the places of others all the time.
	retrySoon  = time.Second
	retryLater = 30 * time.Second
)

// A viewer is the stream of events that one client gets.
type viewer struct {
	httpd.Streamed
	wall     *Wall
	replaced chan struct{} // closed when another viewer has the place of this one
	started  bool
	ended    bool      // the client was told to connect again later
	lastSent news      // what was sent to the client last
	open     []int64   // the exchanges that have not ended, as the client has them
	rush     bool      // there were many since the last send
	next     time.Time // when the client may be sent more
}

// newViewer returns a new viewer. If there are too many, it takes the place of the oldest one, whose machine may
// have lost its network: the server does not notice that for many minutes.
func (w *Wall) newViewer() *viewer {
	w.mu.Lock()
	defer w.mu.Unlock()
	v := &viewer{wall: w, replaced: make(chan struct{}), lastSent: news{last: w.last, began: w.last - w.hidden}}
	w.viewers = append(w.viewers, v)
	if len(w.viewers) > w.MaxViewers {
		close(w.viewers[0].replaced)
		w.viewers = slices.Delete(w.viewers, 0, 1)
	}
	return v
}

// Close implements httpd.Stream.
func (v *viewer) Close() {
	v.wall.mu.Lock()
	defer v.wall.mu.Unlock()
	v.wall.viewers = slices.DeleteFunc(v.wall.viewers, func(other *viewer) bool { return other == v })
}

// Next implements httpd.Stream. The first event says which wall this is: a page that was made before the
// server was started again then removes all its exchanges, because the IDs begin again. Each later call
// waits for a change, and then a little longer for further changes.
func (v *viewer) Next(stop <-chan struct{}) (octets []byte, ok bool) {
	switch {
	case !v.started:
		v.started = true
		return fmt.Appendf(nil, "retry: %d\nevent: wall\ndata: %s\n\n", retrySoon.Milliseconds(), v.wall.started), true
	case v.ended:
		return nil, false
	}
	quiet := time.After(heartbeat)
	for len(octets) == 0 { // the exchange that has changed may be hidden now
		select {
		case <-v.wall.changedSince(v.lastSent.version):
		case <-quiet:
			return []byte(":\n\n"), true
		case <-v.replaced:
			v.ended = true
			return fmt.Appendf(nil, "retry: %d\n\n", retryLater.Milliseconds()), true
		case <-stop:
			return nil, false
		}
		select {
		case <-time.After(max(collectDelay, time.Until(v.next))):
			octets = v.nextEvents()
		case <-stop:
			return nil, false
		}
	}
	return octets, true
}

// changedSince returns a channel that is closed when the wall has a newer version.
func (w *Wall) changedSince(version uint64) <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	changed := w.changed
	if w.version > version {
		changed = make(chan struct{})
		close(changed)
	}
	return changed
}

// nextEvents returns an event for each exchange that has changed since the last send. In a rush it returns
// events for the newest only. If exchanges are missing, another event says how many.
func (v *viewer) nextEvents() (events []byte) {
	v.wall.making.Lock()
	defer v.wall.making.Unlock()
	var n news
	wait := pause
	if v.rush {
		wait = rushPause
		n = v.wall.sharedNews(v.lastSent.version)
	} else {
		n = v.wall.newest(v.lastSent.version, keptExchanges)
	}
	events = slices.Clip(n.events) // other viewers are sent them too
	for _, id := range v.stale(n) {
		events = fmt.Appendf(events, "event: gone\ndata: %d\n\n", id)
	}
	began := n.began - v.lastSent.began
	missing := began
	for _, id := range n.ids {
		if id > v.lastSent.last {
			missing--
		}
	}
	if missing > 0 {
		events = fmt.Appendf(events, "event: skipped\ndata: %d\n\n", missing)
	}
	if v.lastSent.version == 0 {
		n.changed = 0 // the first news have all exchanges
	}
	v.rush = float64(max(began, n.changed)) > rushRate*wait.Seconds()
	v.lastSent, v.next = n, time.Now().Add(wait)
	v.lastSent.events = nil // a viewer keeps no octets
	return events
}

// stale returns the exchanges that the client would always show as not ended: they have changed and
// are not among the news, or are not kept any more. It notes which have not ended with the news.
func (v *viewer) stale(n news) (gone []int64) {
	all, _ := v.wall.snapshot()
	open := slices.Clip(n.open) // other viewers have it too
	for _, id := range v.open {
		e := find(all, id)
		switch {
		case slices.Contains(n.ids, id):
		case e == nil, v.lastSent.version < e.version && e.version <= n.version: // a later change is in the next news
			gone = append(gone, id)
		default:
			open = append(open, id)
		}
	}
	v.open = open
	return gone
}

// News are the exchanges that have changed since a version of the wall.
type news struct {
	version uint64  // of the wall when they were made
	last    int64   // the ID of the last exchange at that version
	began   int64   // how many exchanges had begun by then
	changed int64   // how many of those that are kept have changed
	ids     []int64 // of the exchanges
	open    []int64 // of those that have not ended
	events  []byte  // one for each exchange
}

// sharedNews returns the news for a viewer in a rush. A viewer that has the latest news already makes new ones,
// which are sent to the other viewers too. The caller holds making.
func (w *Wall) sharedNews(version uint64) news {
	if w.latest.version <= version {
		w.latest = w.newest(version, mostInARush)
	}
	return w.latest
}

// newest returns the newest exchanges that have changed since a version.
func (w *Wall) newest(version uint64, most int) news {
	all, n := w.snapshot()
	changed := slices.DeleteFunc(all, func(e *exchange) bool { return e.version <= version })
	n.changed = int64(len(changed))
	for len(changed) > most {
		i := surplus(changed)
		changed = slices.Delete(changed, i, i+1)
	}
	for _, e := range changed {
		var data strings.Builder
		encoder := json.NewEncoder(&data)
		encoder.SetEscapeHTML(false)
		encoder.Encode(map[string]any{"id": e.id, "html": e.html()})
		n.events = fmt.Appendf(n.events, "data: %s\n", data.String()) // data has a line end
		n.ids = append(n.ids, e.id)
		if e.ended.IsZero() {
			n.open = append(n.open, e.id)
		}
	}
	return n
}
