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

	// gather is how long the first change waits for others, which are shown with it.
	gather = 25 * time.Millisecond

	// pause is the time between two sends to a viewer, so that their number does not depend on the
	// number of requests.
	pause = 250 * time.Millisecond

	// In a rush, when more than rushRate exchanges a second begin, a viewer is sent less often, and
	// only the newest exchanges. A person cannot read more. All viewers are sent the same ones, so the
	// work does not grow with their number.
	rushRate    = 40
	rushPause   = time.Second
	mostInARush = 5

	// heartbeat is how often something is sent if nothing happens, so that a viewer that is gone is
	// noticed.
	heartbeat = 15 * time.Second
)

// A viewer is the stream of events that one client gets.
type viewer struct {
	httpd.Streamed
	wall    *Wall
	started bool
	version uint64    // of the wall, as the client has it
	last    int64     // the ID of the last exchange, and
	began   int64     // how many had begun, at that version
	open    []int64   // the exchanges that have not ended, as the client has them
	rush    bool      // there were many since the last send
	next    time.Time // when the client may be sent more
}

// newViewer returns a new viewer, nil if there are too many.
func (w *Wall) newViewer() *viewer {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.viewers >= maxViewers {
		return nil
	}
	w.viewers++
	return &viewer{wall: w, last: w.last, began: w.last - w.hidden}
}

// Close implements httpd.Stream.
func (v *viewer) Close() {
	v.wall.mu.Lock()
	v.wall.viewers--
	v.wall.mu.Unlock()
}

// Next implements httpd.Stream. First it says which wall this is: a page of another one removes all that
// it has, because the IDs begin again. Then it waits for a change, and then for others.
func (v *viewer) Next(stop <-chan struct{}) (octets []byte, ok bool) {
	if !v.started {
		v.started = true
		return fmt.Appendf(nil, "retry: 1000\nevent: wall\ndata: %s\n\n", v.wall.started), true
	}
	for len(octets) == 0 {
		select {
		case <-v.wall.changedSince(v.version):
		case <-time.After(heartbeat):
			return []byte(":\n\n"), true
		case <-stop:
			return nil, false
		}
		select {
		case <-time.After(max(gather, time.Until(v.next))):
			octets = v.take()
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

// take returns an event for each exchange that has changed since the last send. In a rush it returns
// those of the newest. If some are missing, another event says how many. If the client would show for
// good that one of them has not ended, another event removes it.
func (v *viewer) take() (events []byte) {
	wait := pause
	var n news
	if v.rush {
		wait = rushPause
		n = v.wall.newest(v.version)
	} else {
		n = v.wall.news(v.version, keptExchanges)
	}
	missing := n.began - v.began
	for _, id := range n.ids {
		if id > v.last {
			missing--
		}
	}
	events = n.events[:len(n.events):len(n.events)] // which other viewers are sent, too
	for _, id := range v.overtaken(&n) {
		events = fmt.Appendf(events, "event: gone\ndata: %d\n\n", id)
	}
	v.rush = float64(n.began-v.began) > rushRate*wait.Seconds()
	v.version, v.last, v.began, v.next = n.version, n.last, n.began, time.Now().Add(wait)
	if missing > 0 {
		events = fmt.Appendf(events, "event: skipped\ndata: %d\n\n", missing)
	}
	return events
}

// overtaken returns the exchanges that have not ended, as the client has them, but have changed since and
// are not among the news, or are not kept any more. It notes which the client has with the news.
func (v *viewer) overtaken(n *news) (gone []int64) {
	without := func(ids []int64) {
		v.open = slices.DeleteFunc(v.open, func(id int64) bool { return slices.Contains(ids, id) })
	}
	without(n.ids)
	gone = v.wall.changedOrGone(v.open, v.version, n.version)
	without(gone)
	v.open = append(v.open, n.open...)
	return gone
}

// News are the exchanges that have changed since a version of the wall.
type news struct {
	made    time.Time
	version uint64  // of the wall, at that time
	last    int64   // the ID of the last exchange, and
	began   int64   // how many had begun, at that version
	ids     []int64 // of the exchanges
	open    []int64 // of those that have not ended
	events  []byte  // one for each exchange
}

// newest returns the news for a viewer in a rush. It makes them once in rushPause for all viewers.
func (w *Wall) newest(version uint64) news {
	w.making.Lock()
	defer w.making.Unlock()
	if w.latest.version <= version || time.Since(w.latest.made) >= rushPause {
		w.latest = w.news(version, mostInARush)
	}
	return w.latest
}

// news returns the newest exchanges that have changed since a version.
func (w *Wall) news(version uint64, most int) news {
	views, n := w.since(version)
	for _, shown := range views[max(0, len(views)-most):] {
		var data strings.Builder
		encoder := json.NewEncoder(&data)
		encoder.SetEscapeHTML(false)
		encoder.Encode(map[string]any{"id": shown.id, "html": shown.html()})
		n.events = fmt.Appendf(n.events, "data: %s\n", data.String()) // data has a line end
		n.ids = append(n.ids, shown.id)
		if shown.ended.IsZero() {
			n.open = append(n.open, shown.id)
		}
	}
	return n
}
