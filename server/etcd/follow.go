package etcd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

var errLost = errors.New("etcd has lost changes, perhaps because it was restored from a backup: " +
	"start this server again")

// readLast reads the key last as it was at a revision. It returns errLost if etcd has lost a change
// that Apply has had: then the key is missing, has an older version, or has another time in the same
// version. After that it always returns errLost, because later changes do not bring back what was lost.
func (t *Table) readLast(revision uint64, limit timeouts) (*keyValue, error) {
	t.mu.Lock()
	version, modified := t.version, t.modified
	t.mu.Unlock()
	last, err := t.read(t.lastKey(), revision, limit)
	if err == nil && (last == nil || last.ModRevision < version ||
		last.ModRevision == version && !readTime(last.Value).Equal(modified)) {
		t.lost.Store(true)
	}
	if t.lost.Load() {
		return nil, errLost
	}
	return last, err
}

// Sync waits until Apply has had every change that was made before the call. It returns an error if no
// node says which version the table has, if the changes do not come within 6 seconds, or if etcd has lost
// changes.
func (t *Table) Sync() error {
	last, err := t.readLast(now, usual)
	if err != nil {
		return err
	}
	for end := time.After(usual.total); ; {
		t.mu.Lock()
		version, versionChanged, cutWatch := t.version, t.versionChanged, t.cutWatch
		t.mu.Unlock()
		switch {
		case t.lost.Load():
			return errLost
		case version >= last.ModRevision:
			return nil
		}
		select {
		case <-versionChanged:
		case <-t.client.ctx.Done():
			return ErrUnavailable
		case <-end:
			return fmt.Errorf("%w in time: the watch has not reported every change", ErrUnavailable)
		case <-time.After(usual.attempt):
			cutWatch() // its node may be stopped, or cut off; a newer watch has its own time
		}
	}
}

// applyUpdate applies an update and wakes the goroutines that wait for it.
func (t *Table) applyUpdate(u Update) {
	t.o.Apply(u)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.version, t.modified = u.Version, u.Modified
	close(t.versionChanged)
	t.versionChanged = make(chan struct{})
}

// pageRows is the number of rows that are read at a time. A node has 10 seconds for a page, and its
// rows may have 10 KB each. Larger pages are not faster.
const pageRows = 1000

// load reads all rows, as they were at one revision. If etcd forgets that revision meanwhile, load begins
// again. It tries three times.
func (t *Table) load() (err error) {
	for range 3 {
		if err = t.loadOnce(); !isOutOfRange(err) {
			return err
		}
	}
	return err
}

func (t *Table) loadOnce() error {
	u := Update{All: true}
	request := rangeRequest{Key: t.rowKey(0), RangeEnd: []byte(t.o.Prefix + "b"), Limit: pageRows}
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
	last, err := t.readLast(request.Revision, usual)
	if err != nil {
		return err
	}
	u.Version, u.Modified = last.ModRevision, readTime(last.Value)
	t.seen = request.Revision
	t.applyUpdate(u)
	return nil
}

// isOutOfRange reports whether etcd has refused to read at a revision: it has forgotten that revision, or
// has not reached it.
func isOutOfRange(err error) bool {
	no, ok := errors.AsType[*refusal](err)
	return ok && no.Code == codeOutOfRange
}

var errCompacted = errors.New("etcd has forgotten the changes since then")

// follow tells Apply every change, until the table is closed or etcd has lost changes. It waits longer
// after each watch that fails at once, up to a second.
func (t *Table) follow() {
	const least = 20 * time.Millisecond
	wait := least
	for at := t.client.current.Load(); t.client.ctx.Err() == nil && !t.lost.Load(); at++ {
		began := time.Now()
		err := t.watchAt(t.client.endpoint(at))
		if errors.Is(err, errCompacted) {
			t.load() // if it fails, the next watch fails in the same way
		}
		if time.Since(began) > time.Second {
			wait = least
		}
		pause(t.client.ctx, wait)
		wait = min(2*wait, time.Second)
	}
}

// watchAt follows the changes that an endpoint reports. The response has no end: it is one JSON
// value for each report, and the connection closes when the watch is over.
func (t *Table) watchAt(e *endpoint) error {
	ctx, cut := context.WithCancel(t.client.ctx)
	defer cut()
	limit := time.AfterFunc(usual.attempt, cut)
	token, err := t.client.authorize(ctx, e)
	if err != nil {
		return err
	}
	k, err := t.client.newConn(ctx, e)
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { k.Close() })
	var request watchRequest
	request.Create.Key = []byte(t.o.Prefix + "a/")
	request.Create.RangeEnd = []byte(t.o.Prefix + "m") // the key last comes before m, and receipts come after
	request.Create.StartRevision = t.seen + 1
	body, _ := json.Marshal(&request) // nothing in it can fail
	if _, err := k.begin(e.addr, token, watchPath, body); err != nil {
		return err
	}
	limit.Stop()
	defer t.client.forget(token) // a watch that etcd ends may have ended because of it
	if err := t.checkSeen(); err != nil {
		return err
	}
	t.mu.Lock()
	t.cutWatch = cut // not before, because Sync cuts what is silent for a second
	t.mu.Unlock()
	for values := json.NewDecoder(k.in); ; {
		var report watchResponse
		if err := values.Decode(&report); err != nil {
			return err
		}
		if err := t.report(&report); err != nil {
			return err
		}
	}
}

// checkSeen returns an error if the table in etcd, at the revision up to which Apply has had every change, is
// not the one that Apply has had. After a restore from a backup, etcd uses the numbers of lost revisions again
// for other changes, and a watch would not report those.
func (t *Table) checkSeen() error {
	last, err := t.readLast(t.seen, usual)
	if isOutOfRange(err) {
		return errCompacted // or etcd has not reached it again; load finds out
	}
	if err == nil && last.ModRevision > t.version {
		t.lost.Store(true)
		err = errLost
	}
	return err
}

// report applies one report of a watch, which has all changes of one or more revisions. If another program,
// such as etcdctl, changes a row and not the key last, the version of the table stays the same.
func (t *Table) report(r *watchResponse) error {
	switch {
	case r.Error != nil:
		return errors.New(r.Error.Message)
	case r.Result.CompactRevision > 0:
		return errCompacted
	case r.Result.Canceled:
		return errors.New("etcd has ended the watch")
	}
	u := Update{Version: t.version, Modified: t.modified}
	for i := range r.Result.Events {
		kv := &r.Result.Events[i].KV
		t.seen = max(t.seen, kv.ModRevision)
		if id, ok := t.rowID(kv.Key); ok {
			row := Row{ID: id, Value: kv.Value, Version: kv.ModRevision}
			if r.Result.Events[i].Type == "DELETE" {
				row.Value = nil
			}
			u.Rows = append(u.Rows, row)
		} else if string(kv.Key) == t.o.Prefix+"last" {
			u.Version, u.Modified = kv.ModRevision, readTime(kv.Value)
		}
	}
	t.applyUpdate(u)
	return nil
}

// readTime reads the value of last. A time that cannot be read is the zero time.
func readTime(value []byte) time.Time {
	when, _ := time.Parse(timeFormat, string(value))
	return when
}
