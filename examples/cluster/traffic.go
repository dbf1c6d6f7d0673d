package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rawhttp/examples/peer"
	"rawhttp/server/addressbook"
)

// postRequest returns a POST with an address.
func postRequest(body string) string {
	return fmt.Sprintf("POST %s HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		addressbook.Path, len(body), body)
}

// sendLimit is the time that one exchange may take.
const sendLimit = 20 * time.Second

// traffic is four clients that add addresses until they are stopped.
type traffic struct {
	next    atomic.Int64 // the last ID that was used
	stopped chan struct{}
	clients sync.WaitGroup

	mu           sync.Mutex
	acknowledged map[int64]bool
	refused      map[int64]bool // the server said that nothing was changed
	total        total
	lastDone     time.Time
	since        counts
}

// counts are what the clients saw since the last line that was printed.
type counts struct {
	created    int
	others     map[string]int // other responses, and failures
	longestGap time.Duration
}

// A total is what the clients saw in all.
type total struct {
	acknowledged, unknown, lost, wrong int
	longestGap                         time.Duration
}

func startTraffic(addr string) *traffic {
	t := &traffic{stopped: make(chan struct{}), lastDone: time.Now(),
		acknowledged: make(map[int64]bool), refused: make(map[int64]bool)}
	t.next.Store(100)
	for range 4 {
		t.clients.Go(func() {
			for {
				select {
				case <-t.stopped:
					return
				default:
					t.add(addr, t.next.Add(1))
				}
			}
		})
	}
	return t
}

func (t *traffic) stop() {
	close(t.stopped)
	t.clients.Wait()
}

// add adds an address. Its ID is used once, so the server cannot rightly say that it exists.
func (t *traffic) add(addr string, id int64) {
	resp, err := peer.Exchange(addr, postRequest(fmt.Sprintf(`{"ID":%d,"number":1,"post_code":"x"}`, id)), sendLimit)
	t.mu.Lock()
	defer t.mu.Unlock()
	what := fmt.Sprint(resp.Code)
	switch {
	case err != nil:
		what = "no response"
		t.total.unknown++
	case resp.Code == 201:
		t.acknowledged[id] = true
		now := time.Now()
		gap := now.Sub(t.lastDone)
		t.since.longestGap, t.lastDone = max(t.since.longestGap, gap), now
		t.total.longestGap = max(t.total.longestGap, gap)
		t.since.created++
		return
	case resp.Code == 503: // of a server, or of HAProxy that has none
		t.refused[id] = true
	case resp.Code == 502, resp.Code == 504: // the server died with the request, or etcd did not respond
		t.total.unknown++
	default:
		t.total.wrong++
	}
	if t.since.others == nil {
		t.since.others = make(map[string]int)
	}
	t.since.others[what]++
}

// take returns a line about what the clients saw since the last call.
func (t *traffic) take() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.since
	t.since = counts{}
	var line strings.Builder
	fmt.Fprintf(&line, "%5d added, longest wait %.2f s", s.created,
		max(s.longestGap, time.Since(t.lastDone)).Seconds())
	for _, what := range slices.Sorted(maps.Keys(s.others)) {
		fmt.Fprintf(&line, ", %d times %s", s.others[what], what)
	}
	return line.String()
}

// readBack returns the IDs of all addresses that are there.
func (t *traffic) readBack(addr string) (map[int64]bool, error) {
	resp, err := peer.Exchange(addr, "GET "+addressbook.Path+" HTTP/1.0\r\n\r\n", sendLimit)
	var list struct {
		Addresses []struct{ ID int64 }
	}
	if err == nil && resp.Code != 200 {
		err = fmt.Errorf("status code %d", resp.Code)
	}
	if err == nil {
		err = json.Unmarshal(resp.Body, &list)
	}
	if err != nil {
		return nil, fmt.Errorf("the list of all addresses: %w", err)
	}
	there := make(map[int64]bool)
	for _, a := range list.Addresses {
		there[a.ID] = true
	}
	return there, nil
}

// compare returns the total. An address that is there although it was refused is a wrong response.
func (t *traffic) compare(there map[int64]bool) total {
	t.mu.Lock()
	defer t.mu.Unlock()
	sum := t.total
	sum.acknowledged = len(t.acknowledged)
	for id := range t.acknowledged {
		if !there[id] {
			sum.lost++
		}
	}
	for id := range t.refused {
		if there[id] {
			sum.wrong++
		}
	}
	return sum
}
