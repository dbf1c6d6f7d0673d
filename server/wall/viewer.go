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

	// pause is the time between two sends to a viewer, so that their number does not depend on the
	// number of requests.
	pause = 250 * time.Millisecond

	// In a rush, when more than rushRate exchanges a second begin, a viewer is sent less often, and
	// only the newest exchanges. A person cannot read more, and the server has less work.
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
	began   int64     // exchanges that had begun then
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
	return &viewer{wall: w, began: w.last}
}

// Close implements httpd.Stream.
func (v *viewer) Close() {
	v.wall.mu.Lock()
	v.wall.viewers--
	v.wall.mu.Unlock()
}

// Next implements httpd.Stream. It waits for a change, and then for others.
func (v *viewer) Next(stop <-chan struct{}) (octets []byte, ok bool) {
	if !v.started {
		v.started = true
		return []byte("retry: 1000\n\n"), true
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

// take returns an event for each exchange that has changed since the last send. If there are too many,
// it returns those of the newest, and an event that says how many are missing.
func (v *viewer) take() (events []byte) {
	wait, most := pause, keptExchanges
	if v.rush {
		wait, most = rushPause, mostInARush
	}
	views, version, began := v.wall.since(v.version)
	v.rush = float64(began-v.began) > rushRate*wait.Seconds()
	v.version, v.began, v.next = version, began, time.Now().Add(wait)
	skipped := max(0, len(views)-most)
	for _, shown := range views[skipped:] {
		var data strings.Builder
		encoder := json.NewEncoder(&data)
		encoder.SetEscapeHTML(false)
		encoder.Encode(map[string]any{"id": shown.id, "html": shown.html(v.wall)})
		events = fmt.Appendf(events, "data: %s\n", data.String()) // data has a line end
	}
	if skipped > 0 {
		events = fmt.Appendf(events, "event: skipped\ndata: %d\n\n", skipped)
	}
	return events
}
