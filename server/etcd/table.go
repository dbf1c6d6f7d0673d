package etcd

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// AnyVersion means that the caller accepts every version of the table.
const AnyVersion = 0

var (
	// ErrExists means that there is a row with this ID. Nothing was changed.
	ErrExists = errors.New("there is a row with this ID")
	// ErrChanged means that the row or the table has another version. Nothing was changed.
	ErrChanged = errors.New("the row has another version")
)

// A Row is one row of the table.
type Row struct {
	ID      int64
	Value   []byte // nil if there is no row with this ID; empty only if another program has stored it
	Version uint64
}

// An Update tells what has changed in the table.
type Update struct {
	All      bool // Rows are all rows of the table
	Rows     []Row
	Version  uint64 // of the table
	Modified time.Time
}

// Options are the options of a table.
type Options struct {
	Endpoints []string    // host:port of each node
	TLS       *tls.Config // nil means that nothing is encrypted
	User      *User       // nil if etcd asks for no password
	Prefix    string      // of all keys
	First     []Row       // the rows of a new table; an old one is left as it is
	Clock     func() time.Time

	// Apply is called with every change of every server, in order: first with all rows, before Open
	// returns, and then from one goroutine.
	Apply func(Update)
}

// A Table is a table in etcd. Its methods may be called from many goroutines. A request to the
// cluster has 6 seconds. A change may need more requests, to get a lease or to find out what became of it.
type Table struct {
	o      Options
	client *client
	seen   uint64 // the revision up to which all changes were applied; only follow uses it

	mu             sync.Mutex
	version        uint64             // of the table, as it was applied
	modified       time.Time          // when it got that version
	versionChanged chan struct{}      // closed when version changes
	cutWatch       context.CancelFunc // ends the present watch

	lost    atomic.Bool  // etcd has lost changes; Apply cannot follow it any more
	lease   atomic.Int64 // of the receipts of new changes
	running sync.WaitGroup
}

// Paths of the gateway.
const (
	rangePath = "/v3/kv/range"
	txnPath   = "/v3/kv/txn"
	watchPath = "/v3/watch"
)

// Open opens a table, and creates it with its first rows if it does not exist. It returns when Apply has
// had all rows. A user who may not write gets ErrWrongUser. If etcd has reached its quota, a table that exists
// is opened, and changes return ErrNoSpace. The caller closes the table.
func Open(o Options) (*Table, error) {
	t := newTable(o)
	err := t.createTable()
	if err == nil {
		t.newLease() // without space etcd gives none; then the first change with space takes one
		err = t.load()
	}
	if err != nil {
		t.Close()
		return nil, err
	}
	t.running.Go(t.renewLease)
	t.running.Go(t.follow)
	return t, nil
}

func newTable(o Options) *Table {
	t := &Table{o: o, client: newClient(o.Endpoints, o.TLS, o.User),
		versionChanged: make(chan struct{}), cutWatch: func() {}}
	t.lease.Store(noLease)
	return t
}

// createTable creates a table that does not exist, with all its rows in one request. So of several servers that
// start at the same time, one creates it, and a request that is sent twice does no harm.
func (t *Table) createTable() error {
	last, err := t.read(t.lastKey(), now, usual)
	if err == nil {
		err = t.mayWrite()
	}
	if err != nil || last != nil {
		return err
	}
	create := txnRequest{Compare: []compare{unchanged(t.lastKey(), missing)},
		Success: []operation{t.putLast()}}
	for _, r := range t.o.First {
		create.Success = append(create.Success, t.putRow(r.ID, r.Value))
	}
	_, err = t.client.call(txnPath, &create, new(txnResponse), usual)
	return err
}

// mayWrite returns an error if the user may not write. It deletes a key that never exists, which needs no space.
// Without space, etcd refuses any other change, even by a user with all rights.
func (t *Table) mayWrite() error {
	remove := txnRequest{Success: []operation{{Delete: &rangeRequest{Key: []byte(t.o.Prefix + "none")}}}}
	_, err := t.client.call(txnPath, &remove, new(txnResponse), usual)
	return err
}

// Close ends what the table does in the background. Calls that have not returned fail at once. What the
// table has left in etcd expires.
func (t *Table) Close() {
	t.client.cancel()
	t.running.Wait()
	for _, e := range t.client.endpoints {
		e.closeIdle()
	}
}

// Ping returns an error if the cluster does not respond within 2 seconds, or if it has lost changes.
func (t *Table) Ping() error {
	_, err := t.readLast(now, short)
	return err
}

// Get returns the row with an ID as it is now.
func (t *Table) Get(id int64) (Row, error) {
	row := Row{ID: id}
	kv, err := t.read(t.rowKey(id), now, usual)
	if kv != nil {
		row.Value, row.Version = append([]byte{}, kv.Value...), kv.ModRevision // never nil
	}
	return row, err
}

// read reads a key as it was at a revision. It returns nil if there was no such key.
func (t *Table) read(key []byte, revision uint64, limit timeouts) (*keyValue, error) {
	var response rangeResponse
	request := rangeRequest{Key: key, Revision: revision}
	_, err := t.client.call(rangePath, &request, &response, limit)
	return response.first(), err
}

// Change stores a value under an ID, or removes the row if the value is nil. It returns the version of
// the change. Old is the version of the row that the caller has looked at, 0 if there was none. Change
// returns ErrExists if old is 0 and there is a row, and ErrChanged if the row has another version, is
// missing, or if the table has another version.
func (t *Table) Change(id int64, value []byte, old, tableVersion uint64) (version uint64, err error) {
	op := t.putRow(id, value)
	if value == nil {
		op = operation{Delete: &rangeRequest{Key: t.rowKey(id)}}
	}
	conditions := []compare{unchanged(t.rowKey(id), old)}
	if tableVersion != AnyVersion {
		conditions = append(conditions, unchanged(t.lastKey(), tableVersion))
	}
	version, there, err := t.change(id, op, conditions)
	if there && old == missing && err == ErrChanged {
		err = ErrExists
	}
	return version, err
}

// Keys.

func (t *Table) lastKey() []byte { return []byte(t.o.Prefix + "last") }

func (t *Table) rowKey(id int64) []byte { return fmt.Appendf(nil, "%sa/%016d", t.o.Prefix, id) }

// rowID returns the ID in a key, and whether it is the key of a row.
func (t *Table) rowID(key []byte) (id int64, ok bool) {
	id, _ = strconv.ParseInt(strings.TrimPrefix(string(key), t.o.Prefix+"a/"), 10, 64)
	return id, string(key) == string(t.rowKey(id))
}

func (t *Table) putRow(id int64, value []byte) operation {
	return operation{Put: &putRequest{Key: t.rowKey(id), Value: value}}
}

// putLast returns the operation that says when the table was changed. That time does not go back when the
// clock of this server is behind that of another one.
func (t *Table) putLast() operation {
	t.mu.Lock()
	when := t.modified
	t.mu.Unlock()
	if now := t.o.Clock(); now.After(when) {
		when = now
	}
	return operation{Put: &putRequest{Key: t.lastKey(), Value: when.UTC().AppendFormat(nil, timeFormat)}}
}
