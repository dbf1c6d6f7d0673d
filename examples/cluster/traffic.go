package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/stream"
	"rawhttp/server/addressbook"
)

// postRequest returns a POST with an address.
func postRequest(body string) string {
	return fmt.Sprintf("POST %s HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		addressbook.Path, len(body), body)
}

// send sends a request, and returns the status code and the body of the response.
func send(addr, octets string) (code int, body string, err error) {
	c, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		return 0, "", err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(c, octets); err != nil {
		return 0, "", err
	}
	var resp httpwire.Response
	err = stream.NewReader(c).Response(&resp, []byte("POST"))
	return resp.Code, string(resp.Body), err
}

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
	code, _, err := send(addr, postRequest(fmt.Sprintf(`{"ID":%d,"number":1,"post_code":"x"}`, id)))
	t.mu.Lock()
	defer t.mu.Unlock()
	what := fmt.Sprint(code)
	switch {
	case err != nil:
		what = "no response"
		t.total.unknown++
	case code == 201:
		t.acknowledged[id] = true
		now := time.Now()
		gap := now.Sub(t.lastDone)
		t.since.longestGap, t.lastDone = max(t.since.longestGap, gap), now
		t.total.longestGap = max(t.total.longestGap, gap)
		t.since.created++
		return
	case code == 503: // of a server, or of HAProxy that has none
		t.refused[id] = true
	case code == 502, code == 504: // the server died with the request, or etcd did not respond
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
	code, body, err := send(addr, "GET "+addressbook.Path+" HTTP/1.0\r\n\r\n")
	var list struct {
		Addresses []struct{ ID int64 }
	}
	if err == nil && code != 200 {
		err = fmt.Errorf("status code %d", code)
	}
	if err == nil {
		err = json.Unmarshal([]byte(body), &list)
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
