package wall

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"rawhttp/server/httpd"
)

const (
	maxViewers = 64

	// gather is how long the first change waits for others, which are shown with it.
	gather = 25 * time.Millisecond

	// pause is the time between two news, so that their number does not depend on the number of
	// requests.
	pause = 250 * time.Millisecond

	// In a rush, more than rushRate exchanges a second, news are rare and have only the newest
	// exchanges. That is what a person can read, and it spares the server.
	rushRate    = 40
	rushPause   = time.Second
	mostInARush = 5

	// heartbeat is how often something is sent if nothing happens, so that a viewer that is gone is
	// noticed.
	heartbeat = 15 * time.Second
)

// News are events for all viewers: the exchanges that have changed between two versions of the wall.
type news struct {
	from, to uint64
	events   []byte
	replaced chan struct{} // closed when there are newer ones
	next     time.Time     // when the next ones may be made
	soon     bool          // the next ones are being made, or will be
	rush     bool
	began    int64 // exchanges that had begun
}

// most returns how many exchanges are shown at once.
func (n *news) most() int {
	if n.rush {
		return mostInARush
	}
	return keptExchanges
}

// publishSoon has news made, if there are viewers. It is called with mu held.
func (w *Wall) publishSoon() {
	if w.viewers > 0 && !w.news.soon {
		w.news.soon = true
		time.AfterFunc(max(gather, time.Until(w.news.next)), w.publish)
	}
}

// publish makes news of all that has changed since the last ones.
func (w *Wall) publish() {
	w.mu.Lock()
	last, began := w.news, w.last
	w.mu.Unlock()
	wait := pause
	if last.rush {
		wait = rushPause
	}
	events, to := w.eventsSince(last.to, last.most())
	w.mu.Lock()
	defer w.mu.Unlock()
	close(last.replaced)
	w.news.from, w.news.to, w.news.events = last.to, to, events
	w.news.replaced, w.news.next = make(chan struct{}), time.Now().Add(wait)
	w.news.rush = float64(began-w.news.began) > rushRate*wait.Seconds()
	w.news.began = began
	if w.news.soon = false; w.version > to { // something has changed meanwhile
		w.publishSoon()
	}
}

// eventsSince returns an event for each exchange that has changed since a version, and the present
// version. Of more than most exchanges it has the newest, and says how many are missing.
func (w *Wall) eventsSince(version uint64, most int) (b []byte, now uint64) {
	views, now, skipped := w.since(version, most)
	for _, v := range views {
		var data strings.Builder
		encoder := json.NewEncoder(&data)
		encoder.SetEscapeHTML(false)
		encoder.Encode(map[string]any{"id": v.id, "html": v.html(w)})
		b = fmt.Appendf(b, "data: %s\n", data.String()) // data has a line end
	}
	if skipped > 0 {
		b = fmt.Appendf(b, "event: skipped\ndata: %d\n\n", skipped)
	}
	return b, now
}

// A viewer is the stream of events that one client gets.
type viewer struct {
	httpd.Streamed
	wall    *Wall
	version uint64 // of the last news
	started bool
}

// newViewer returns a new viewer, nil if there are too many. The first one has news made.
func (w *Wall) newViewer() *viewer {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.viewers >= maxViewers {
		return nil
	}
	w.viewers++
	if w.version > w.news.to {
		w.publishSoon()
	}
	return &viewer{wall: w}
}

// Close implements httpd.Stream.
func (v *viewer) Close() {
	v.wall.mu.Lock()
	v.wall.viewers--
	v.wall.mu.Unlock()
}

// Next implements httpd.Stream.
func (v *viewer) Next(stop <-chan struct{}) (octets []byte, ok bool) {
	if !v.started {
		v.started = true
		return []byte("retry: 1000\n\n"), true
	}
	beat := time.NewTimer(heartbeat)
	defer beat.Stop()
	for {
		v.wall.mu.Lock()
		news := v.wall.news
		v.wall.mu.Unlock()
		if octets := v.take(news); len(octets) > 0 {
			return octets, true
		}
		select {
		case <-news.replaced:
		case <-beat.C:
			return []byte(":\n\n"), true
		case <-stop:
			return nil, false
		}
	}
}

// take returns the events that the viewer has not seen. A viewer that is new, or slow, may get some
// of them again with the next news.
func (v *viewer) take(news news) (events []byte) {
	if v.version == news.to {
		return nil
	}
	if events = news.events; v.version != news.from {
		events, _ = v.wall.eventsSince(v.version, news.most())
	}
	v.version = news.to
	return events
}
