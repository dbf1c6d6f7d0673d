package addressbook

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"rawhttp/httpwire/condition"
	"rawhttp/server/rest"
)

// A store keeps the addresses. Its methods may be called from many goroutines. The entries and
// lists that it returns never change, so no lock is held while they are sent.
//
// A client does not lock an address while a person edits it. Instead every entry has a version. The
// caller passes the version that it has looked at, and the store returns errChanged if the entry
// has another version by then. Changes of one entry happen one after the other. A call that begins
// after a change has ended sees that change.
//
// Every method can fail. An error of get, list and ping says why the store cannot be read now. Of
// the errors of a change, only those below say that nothing was changed. After any other error the
// outcome is not known: the change may have been made, or may still be made later.
type store interface {
	// get returns the entry with an ID, nil if there is none.
	get(id int64) (*entry, error)
	// list returns a list with at least the changes that were made before the call.
	list() (*list, error)
	// create adds an address. It returns errExists if the ID is taken, and errChanged if the list
	// has another version.
	create(a address, listVersion uint64) (*entry, error)
	// replace replaces the address with the same ID. It returns errChanged if the entry is missing
	// or has another version.
	replace(a address, version uint64) (*entry, error)
	// delete removes an address. It returns errChanged if the entry is missing or has another
	// version.
	delete(id int64, version uint64) error
	// ping returns an error if the store cannot be read now, or takes no changes any more.
	ping() error
	// appendMetrics appends what the store has counted, in the text format of Prometheus.
	appendMetrics(dst []byte) []byte
	// close gives back what the store holds. No method may be called after it.
	close()
}

// anyVersion means that the caller accepts every version.
const anyVersion = 0

// Errors of a change that was not made. A store may wrap them.
var (
	errExists      = errors.New("there is an address with this ID")
	errChanged     = errors.New("another request was faster")
	errFull        = errors.New("the book has as many addresses as it may have")
	errNoSpace     = errors.New("the store has no space left")
	errUnavailable = errors.New("the store cannot be reached")
)

// An entry is a stored address, encoded as it is sent.
type entry struct {
	rest.Representation
	id       int64
	postCode string
	digest   rest.Digest
	version  uint64 // set by the store
}

func newEntry(a address, modified time.Time) *entry {
	one := bytes.Clone(encodeOne(a)) // without the spare capacity of the encoder's slice
	digest := rest.DigestOf(one)
	link := fmt.Appendf(nil, `<%[1]s/%[2]d>; rel="self", <%[1]s>; rel="collection", `+
		`<%[1]s/%[2]d>; rel="edit"`, Path, a.ID)
	return &entry{
		Representation: rest.NewRepresentation(jsonValue, one, digest, modified, link),
		id:             a.ID,
		postCode:       a.PostCode,
		digest:         digest,
	}
}

// size returns about how many octets of memory the entry takes.
func (e *entry) size() int {
	const overhead = 768 // the entry itself, the values of its fields, its place in the map
	return cap(e.Octets()) + len(e.postCode) + overhead
}

// inList returns the octets of the entry in a list: without what encodeOne puts around them.
func (e *entry) inList() []byte {
	one := e.Octets()
	return one[len(openOne) : len(one)-len(closing)]
}

// state returns the validators of an entry, or none if it is nil.
func (e *entry) state() condition.State {
	if e == nil {
		return condition.State{}
	}
	return e.State()
}

// A memory is a store that keeps the addresses until the program ends. It never fails.
//
// The address is encoded once, when it is stored. The list is made at the first request after a
// change: a sorted slice of pointers to the entries. That takes 1.4 ms for 10,000 addresses and 30
// ms for 100,000. Requests between two changes share the list.
type memory struct {
	clock func() time.Time
	most  room // for all addresses together

	mu       sync.RWMutex // guards the following fields
	byID     map[int64]*entry
	octets   int           // of all entries
	reserved room          // for changes that are under way
	modified time.Time     // when the last change was made
	changes  atomic.Uint64 // the number of changes, which is the version of the last one

	making sync.Mutex // held while a list is made; locked before mu
	latest atomic.Pointer[list]
}

func newMemory(clock func() time.Time, max int) *memory {
	m := &memory{clock: clock, most: room{max, octetsFor(max)}, modified: clock(),
		byID: make(map[int64]*entry)}
	m.changes.Store(anyVersion + 1)
	return m
}

// A room is the space that addresses take, or may take: their number, and octets of memory.
type room struct{ addresses, octets int }

// octetsFor returns how many octets of memory a number of addresses may take together. Most addresses
// take about a thousand, and the longest 12 KiB. A million of those are more than most machines have
// room for.
func octetsFor(max int) int {
	const each, least, most = 8 << 10, 4 << 20, 1 << 30
	return min(least+each*min(max, most/each), most)
}

func (m *memory) get(id int64) (*entry, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.byID[id], nil
}

func (m *memory) create(a address, listVersion uint64) (*entry, error) {
	e := newEntry(a, m.clock())
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.mayCreate(e, listVersion); err != nil {
		return nil, err
	}
	m.put(e)
	return e, nil
}

// mayCreate returns what a new entry takes, or an error if it cannot be created. The caller holds mu.
func (m *memory) mayCreate(e *entry, listVersion uint64) (room, error) {
	needed := room{1, e.size()}
	switch {
	case m.byID[e.id] != nil:
		return needed, errExists
	case listVersion != anyVersion && listVersion != m.changes.Load():
		return needed, errChanged
	case !m.fits(needed):
		return needed, errFull
	}
	return needed, nil
}

func (m *memory) replace(a address, version uint64) (*entry, error) {
	e := newEntry(a, m.clock())
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.mayReplace(e, version); err != nil {
		return nil, err
	}
	m.put(e)
	return e, nil
}

// mayReplace returns what an entry takes beyond the one that it replaces, or an error if it cannot
// replace it. The caller holds mu.
func (m *memory) mayReplace(e *entry, version uint64) (growth room, err error) {
	if err := m.hasVersion(e.id, version); err != nil {
		return room{}, err
	}
	growth = room{0, max(0, e.size()-m.byID[e.id].size())} // less is free only when the change is made
	if !m.fits(growth) {
		return room{}, errFull
	}
	return growth, nil
}

func (m *memory) delete(id int64, version uint64) error {
	now := m.clock()
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.hasVersion(id, version); err != nil {
		return err
	}
	m.remove(id, now)
	return nil
}

// hasVersion returns errChanged if the entry with an ID is missing or has another version. The caller
// holds mu.
func (m *memory) hasVersion(id int64, version uint64) error {
	e := m.byID[id]
	if e == nil || version != anyVersion && version != e.version {
		return errChanged
	}
	return nil
}

// remove removes an entry. The caller holds mu.
func (m *memory) remove(id int64, now time.Time) {
	m.set(id, nil)
	m.countChange(now)
}

// fits reports whether there is room for more. A book that has more than it may have, because it
// comes from a file, may still change. The caller holds mu.
func (m *memory) fits(more room) bool {
	return (more.addresses <= 0 ||
		len(m.byID)+m.reserved.addresses+more.addresses <= m.most.addresses) &&
		(more.octets <= 0 || m.octets+m.reserved.octets+more.octets <= m.most.octets)
}

// hasRoom is fits for a caller that does not hold mu.
func (m *memory) hasRoom(addresses, octets int) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.fits(room{addresses, octets})
}

// put stores an entry. The caller holds mu.
func (m *memory) put(e *entry) {
	m.set(e.id, e)
	e.version = m.countChange(e.State().Modified)
}

// set sets the entry with an ID; nil removes it. The caller holds mu.
func (m *memory) set(id int64, e *entry) {
	if old := m.byID[id]; old != nil {
		m.octets -= old.size()
	}
	if e == nil {
		delete(m.byID, id)
		return
	}
	m.octets += e.size()
	m.byID[id] = e
}

// countChange counts a change. The time of the last change never goes back, even if the clock does.
func (m *memory) countChange(now time.Time) (version uint64) {
	if now.After(m.modified) {
		m.modified = now
	}
	return m.changes.Add(1)
}

// list returns the list of the last change. Of several goroutines that need a new one, one makes it.
func (m *memory) list() (*list, error) {
	wanted := m.changes.Load()
	if l := m.latest.Load(); l != nil && l.version >= wanted {
		return l, nil
	}
	m.making.Lock()
	defer m.making.Unlock()
	if l := m.latest.Load(); l != nil && l.version >= wanted {
		return l, nil // another goroutine has made it meanwhile
	}
	m.mu.RLock()
	entries := slices.AppendSeq(make([]*entry, 0, len(m.byID)), maps.Values(m.byID))
	version, modified := m.changes.Load(), m.modified
	m.mu.RUnlock()
	l := newList(entries, version, modified)
	m.latest.Store(l)
	return l, nil
}

func (m *memory) ping() error                     { return nil }
func (m *memory) appendMetrics(dst []byte) []byte { return dst }
func (m *memory) close()                          {}
