package etcd

import (
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// AnyVersion means that the caller accepts every version.
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
	Value   []byte // never empty; nil if there is no row with this ID
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
// cluster has 6 seconds; a change may need a second one to find out what became of it.
type Table struct {
	client *client
	prefix string
	clock  func() time.Time
	apply  func(Update)
	seen   uint64 // the revision up to which all changes were applied; only follow uses it

	mu      sync.Mutex
	version uint64        // of the table, as it was applied
	came    chan struct{} // closed when version changes
	watch   io.Closer     // the connection of the watch; nil if there is none

	lease     atomic.Pointer[lease]
	leaseLost chan struct{}
	closed    chan struct{}
	running   sync.WaitGroup
}

// Paths of the gateway.
const (
	rangePath = "/v3/kv/range"
	txnPath   = "/v3/kv/txn"
	watchPath = "/v3/watch"
)

// Open opens a table, and creates it with its first rows if it does not exist. It returns when Apply has
// had all rows. The caller closes the table.
func Open(o Options) (*Table, error) {
	t := &Table{client: newClient(o.Endpoints, o.TLS, o.User), prefix: o.Prefix, clock: o.Clock,
		apply: o.Apply, came: make(chan struct{}),
		leaseLost: make(chan struct{}, 1), closed: make(chan struct{})}
	if err := t.createTable(o.First); err != nil {
		return nil, err
	}
	l, err := t.newLease()
	if err != nil {
		return nil, err
	}
	t.lease.Store(l)
	if err := t.load(); err != nil {
		return nil, err
	}
	t.running.Go(t.keepLease)
	t.running.Go(t.follow)
	return t, nil
}

// createTable creates a new table with all its rows at once. So of several servers that start at
// the same time, one creates it, and a request that is sent twice does no harm.
func (t *Table) createTable(rows []Row) error {
	create := txnRequest{Compare: []compare{unchanged(t.lastKey(), missing)},
		Success: []operation{t.putLast()}}
	for _, r := range rows {
		create.Success = append(create.Success, t.putRow(r.ID, r.Value))
	}
	_, err := t.client.call(txnPath, &create, new(txnResponse), usual)
	return err
}

// Close ends what the table does in the background, and its lease.
func (t *Table) Close() {
	close(t.closed)
	t.cutWatch()
	t.running.Wait()
	request := leaseRequest{ID: t.lease.Load().id}
	t.client.call("/v3/lease/revoke", &request, &struct{}{}, short) // it expires anyway
	t.client.closeIdle()
}

// Ping returns an error if the cluster does not respond within 2 seconds.
func (t *Table) Ping() error {
	_, err := t.client.call(rangePath, &rangeRequest{Key: t.lastKey()}, new(rangeResponse), short)
	return err
}

// Get returns the row with an ID as it is now.
func (t *Table) Get(id int64) (Row, error) {
	row := Row{ID: id}
	kv, err := t.read(t.rowKey(id))
	if err != nil || kv == nil {
		return row, err
	}
	row.Value, row.Version = kv.Value, kv.ModRevision
	return row, nil
}

// read reads a key as it is now, nil if it does not exist.
func (t *Table) read(key []byte) (*keyValue, error) {
	var response rangeResponse
	if _, err := t.client.call(rangePath, &rangeRequest{Key: key}, &response, usual); err != nil {
		return nil, err
	}
	if len(response.KVs) == 0 {
		return nil, nil
	}
	return &response.KVs[0], nil
}

// Create adds a row and returns its version. It returns ErrExists if there is a row with this ID,
// and ErrChanged if the table has another version.
func (t *Table) Create(id int64, value []byte, tableVersion uint64) (version uint64, err error) {
	conditions := []compare{unchanged(t.rowKey(id), missing)}
	if tableVersion != AnyVersion {
		conditions = append(conditions, unchanged(t.lastKey(), tableVersion))
	}
	version, there, err := t.change(id, t.putRow(id, value), conditions)
	if there && err == ErrChanged {
		err = ErrExists
	}
	return version, err
}

// Replace replaces a row and returns its version. It returns ErrChanged if the row is missing or
// has another version.
func (t *Table) Replace(id int64, value []byte, version uint64) (uint64, error) {
	version, _, err := t.change(id, t.putRow(id, value), t.hasVersion(id, version))
	return version, err
}

// Delete removes a row. It returns ErrChanged if the row is missing or has another version.
func (t *Table) Delete(id int64, version uint64) error {
	op := operation{Delete: &deleteRequest{t.rowKey(id)}}
	_, _, err := t.change(id, op, t.hasVersion(id, version))
	return err
}

func (t *Table) hasVersion(id int64, version uint64) []compare {
	if version == AnyVersion {
		return []compare{exists(t.rowKey(id))}
	}
	return []compare{unchanged(t.rowKey(id), version)}
}

// change makes a change once, if its conditions hold. If not, it returns ErrChanged, and whether
// there is a row. See the documentation of the package.
func (t *Table) change(
	id int64, op operation, conditions []compare,
) (version uint64, there bool, err error) {
	s, err := t.takeSlot()
	if err != nil {
		return 0, false, err
	}
	token := rand.Text()
	request := txnRequest{
		Compare: append(conditions, unchanged(s.key, s.revision)),
		Success: []operation{op, t.putLast(), s.put(token)},
		Failure: []operation{{Range: &rangeRequest{Key: t.rowKey(id)}},
			{Range: &rangeRequest{Key: s.key}}},
	}
	var response txnResponse
	inDoubt, err := t.client.call(txnPath, &request, &response, usual)
	if err != nil {
		version, err = t.failed(s, token, inDoubt, err)
		return version, false, err
	}
	if response.Succeeded {
		return s.done(response.Header.Revision), false, nil
	}
	there = len(response.found(0)) > 0
	switch is := s.look(response.found(1), token); {
	case is == hasToken: // an earlier attempt has made the change
		return s.done(response.found(1)[0].ModRevision), false, nil
	case is == isOther || !s.lease.trusted(): // the lease has expired, and the token with it
		t.replaceLease(s.lease)
		return 0, false, fmt.Errorf("%w: %w", ErrUnknown, errLeaseLost)
	case inDoubt:
		version, err = t.fence(s, token)
		return version, there, err
	}
	s.giveBack()
	return 0, there, ErrChanged
}

// failed finds out what became of a change that got no decision. When several changes reach the quota
// of space together, etcd can make a change and report no space all the same.
func (t *Table) failed(s *slot, token string, inDoubt bool, err error) (version uint64, _ error) {
	if inDoubt {
		return 0, err // the slot is never used again
	}
	if r, ok := errors.AsType[*refusal](err); ok {
		if r.Code == codeNotFound { // the lease has expired, so that the change was not made
			t.replaceLease(s.lease)
		}
		err = r.asChange()
	}
	if errors.Is(err, ErrNoSpace) {
		switch kv, err := t.read(s.key); {
		case err != nil: // the slot is never used again
			return 0, fmt.Errorf("%w: %w", ErrUnknown, err)
		case kv != nil && string(kv.Value) == token:
			return s.done(kv.ModRevision), nil
		}
	}
	s.giveBack()
	return 0, err
}

// fence makes sure that an attempt with an unclear outcome is not made after the change was reported
// as a conflict: it changes the revision of the slot. If the attempt was faster, the change was
// made, and fence returns its version.
func (t *Table) fence(s *slot, token string) (version uint64, err error) {
	const fenced = "fenced"
	request := txnRequest{
		Compare: []compare{unchanged(s.key, s.revision)},
		Success: []operation{s.put(fenced + token)},
		Failure: []operation{{Range: &rangeRequest{Key: s.key}}},
	}
	var response txnResponse
	if _, err := t.client.call(txnPath, &request, &response, usual); err != nil {
		return 0, fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	if response.Succeeded {
		return s.done(response.Header.Revision), ErrChanged
	}
	if s.look(response.found(0), token) == hasToken {
		return s.done(response.found(0)[0].ModRevision), nil
	}
	if s.look(response.found(0), fenced+token) == hasToken { // by an earlier attempt
		return s.done(response.found(0)[0].ModRevision), ErrChanged
	}
	return 0, fmt.Errorf("%w: %w", ErrUnknown, errLeaseLost)
}

// What a slot has.
const (
	isUnchanged = iota
	hasToken
	isOther
)

// look compares what etcd has in a slot with a token and with the known revision.
func (s *slot) look(found []keyValue, token string) int {
	switch {
	case len(found) == 0 && s.revision == 0:
		return isUnchanged
	case len(found) == 0:
		return isOther
	case string(found[0].Value) == token:
		return hasToken
	case found[0].ModRevision == s.revision:
		return isUnchanged
	}
	return isOther
}

// done records the revision at which the slot was changed, and gives the slot back.
func (s *slot) done(revision uint64) uint64 {
	s.revision = revision
	s.giveBack()
	return revision
}

// Keys.

func (t *Table) lastKey() []byte { return []byte(t.prefix + "last") }

func (t *Table) rowKey(id int64) []byte { return fmt.Appendf(nil, "%sa/%016d", t.prefix, id) }

// rowID returns the ID in a key, and whether it is the key of a row.
func (t *Table) rowID(key []byte) (id int64, ok bool) {
	digits, ok := strings.CutPrefix(string(key), t.prefix+"a/")
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, ok && len(digits) == 16 && err == nil
}

func (t *Table) putRow(id int64, value []byte) operation {
	return operation{Put: &putRequest{Key: t.rowKey(id), Value: value}}
}

// putLast returns the operation that says when the table was changed.
func (t *Table) putLast() operation {
	now := t.clock().UTC().AppendFormat(nil, timeFormat)
	return operation{Put: &putRequest{Key: t.lastKey(), Value: now}}
}
