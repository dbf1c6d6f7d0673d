package etcd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Sync waits until Apply has had every change that was made before the call. It returns an error
// if no node says which version the table has, or if the changes do not come within 6 seconds.
func (t *Table) Sync() error {
	last, err := t.read(t.lastKey())
	if err != nil {
		return err
	}
	if last == nil {
		return fmt.Errorf("%w: the key %s is gone", ErrUnavailable, t.lastKey())
	}
	for end := time.After(usual.total); ; {
		t.mu.Lock()
		version, came, watch := t.version, t.came, t.watch
		t.mu.Unlock()
		if version >= last.ModRevision {
			return nil
		}
		select {
		case <-came:
		case <-t.closed:
			return ErrUnavailable
		case <-end:
			return fmt.Errorf("%w: the watch has not told every change in time", ErrUnavailable)
		case <-time.After(usual.attempt):
			if watch != nil { // its node may be stopped, or cut off from the others
				watch.Close() // and not a newer watch, which has its own time
			}
		}
	}
}

// tell applies an update and wakes the goroutines that wait for it.
func (t *Table) tell(u Update) {
	t.apply(u)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.version = u.Version
	close(t.came)
	t.came = make(chan struct{})
}

// pageRows is the number of rows that are read at a time. A node has 10 seconds for a page, also if its
// rows have 10 KB each. Larger pages are not faster.
const pageRows = 1000

// load reads all rows, as they were at one revision.
func (t *Table) load() error {
	u := Update{All: true}
	request := rangeRequest{Key: t.rowKey(0), RangeEnd: []byte(t.prefix + "b"), Limit: pageRows}
	for more := true; more; {
		var page rangeResponse
		if _, err := t.client.call(rangePath, &request, &page, long); err != nil {
			return err
		}
		if request.Revision == 0 {
			request.Revision = page.Header.Revision
		}
		for _, kv := range page.KVs {
			if id, ok := t.rowID(kv.Key); ok {
				u.Rows = append(u.Rows, Row{id, kv.Value, kv.ModRevision})
			}
			request.Key = append(kv.Key, 0)
		}
		more = page.More && len(page.KVs) > 0
	}
	var last rangeResponse
	lastThen := rangeRequest{Key: t.lastKey(), Revision: request.Revision}
	if _, err := t.client.call(rangePath, &lastThen, &last, usual); err != nil {
		return err
	}
	if len(last.KVs) == 0 {
		return fmt.Errorf("%w: the key %s is gone", ErrUnavailable, t.lastKey())
	}
	u.Version, u.Modified = last.KVs[0].ModRevision, readTime(last.KVs[0].Value)
	t.seen = request.Revision
	t.tell(u)
	return nil
}

var errCompacted = errors.New("etcd has forgotten the changes since then")

// follow tells Apply every change, until the table is closed. It waits longer after each watch that
// fails at once, up to a second.
func (t *Table) follow() {
	const least = 20 * time.Millisecond
	wait := least
	for at := t.client.current.Load(); ; at++ {
		began := time.Now()
		err := t.watchAt(t.client.endpoints[at%uint32(len(t.client.endpoints))])
		if errors.Is(err, errCompacted) {
			t.load() // if it fails, the next watch fails in the same way
		}
		if time.Since(began) > time.Second {
			wait = least
		}
		select {
		case <-t.closed:
			return
		case <-time.After(wait):
			wait = min(2*wait, time.Second)
		}
	}
}

// watchAt follows the changes that an endpoint reports. The response has no end: it is one JSON
// value for each report, and the connection closes when the watch is over.
func (t *Table) watchAt(e *endpoint) error {
	token, err := t.client.authorize(watchPath)
	if err != nil {
		return err
	}
	deadline := time.Now().Add(usual.attempt)
	k, err := e.dial(deadline)
	if err != nil {
		return err
	}
	defer k.Close()
	t.client.stats.dials.Add(1)
	if !t.setWatch(k) {
		return nil
	}
	var request watchRequest
	request.Create.Key = []byte(t.prefix + "a/")
	request.Create.RangeEnd = []byte(t.prefix + "m") // the key last comes before m, and slots come after
	request.Create.StartRevision = t.seen + 1
	body, err := json.Marshal(&request)
	if err != nil {
		return err
	}
	k.SetDeadline(deadline)
	if err := k.send(e.addr, token, watchPath, body); err != nil {
		return err
	}
	if _, err := k.head(); err != nil {
		return err
	}
	k.SetDeadline(time.Time{})
	defer t.client.forget(token) // a watch that etcd ends may have ended because of it
	for values := json.NewDecoder(k.rest()); ; {
		var report watchResponse
		if err := values.Decode(&report); err != nil {
			return err
		}
		if err := t.report(&report); err != nil {
			return err
		}
	}
}

// setWatch remembers the connection of the watch. It returns false if the table is closed.
func (t *Table) setWatch(k io.Closer) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case <-t.closed:
		return false
	default:
		t.watch = k
		return true
	}
}

// cutWatch closes the connection of the watch.
func (t *Table) cutWatch() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.watch != nil {
		t.watch.Close()
	}
}

// report applies one report of a watch. It has all changes of one or more revisions.
func (t *Table) report(r *watchResponse) error {
	switch {
	case r.Error != nil:
		return errors.New(r.Error.Message)
	case r.Result.CompactRevision > 0:
		return errCompacted
	case r.Result.Canceled:
		return errors.New("etcd has ended the watch")
	}
	var u Update
	for i := range r.Result.Events {
		kv := &r.Result.Events[i].KV
		t.seen = max(t.seen, kv.ModRevision)
		if id, ok := t.rowID(kv.Key); ok {
			row := Row{ID: id, Value: kv.Value, Version: kv.ModRevision}
			if r.Result.Events[i].Type == "DELETE" {
				row.Value = nil
			}
			u.Rows = append(u.Rows, row)
		} else if string(kv.Key) == t.prefix+"last" {
			u.Version, u.Modified = kv.ModRevision, readTime(kv.Value)
		}
	}
	if u.Version > 0 {
		t.tell(u)
	}
	return nil
}

// readTime reads the value of last. A time that cannot be read is the zero time.
func readTime(value []byte) time.Time {
	when, _ := time.Parse(timeFormat, string(value))
	return when
}
