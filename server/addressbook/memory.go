package addressbook

import (
	"sync"
	"sync/atomic"
	"time"
)

// A memory is a store that forgets everything when the program ends.
//
// Reading the list costs one comparison as long as nothing was changed since the last time. To
// change an address costs the same however many there are: it is encoded once. The next request for
// the list makes a new list, of pointers to the entries, because older lists may still be on their
// way to clients.
type memory struct {
	clock func() time.Time
	max   int // addresses
	room  int // octets of them

	mu       sync.RWMutex // guards what follows
	byID     map[int64]*entry
	octets   int // of all of them
	modified time.Time
	changes  atomic.Uint64 // that were made; also the version of the latest

	making sync.Mutex // taken before mu
	latest atomic.Pointer[list]
}

func newMemory(clock func() time.Time, max int) *memory {
	m := &memory{clock: clock, max: max, room: roomFor(max), modified: clock(),
		byID: make(map[int64]*entry)}
	m.changes.Store(anyVersion + 1)
	return m
}

// roomFor returns how many octets so many addresses may have together. Hardly one has more than a few
// hundred; but one may have a million, and ten thousand of those would be the end of most machines.
func roomFor(max int) int {
	const each, least, most = 8 << 10, 4 << 20, 1 << 30
	return min(least+each*min(max, most/each), most)
}

func (m *memory) get(id int64) *entry {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.byID[id]
}

func (m *memory) create(a address, version uint64) (*entry, error) {
	e := newEntry(a, m.clock())
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.byID[a.ID] != nil:
		return nil, errExists
	case version != anyVersion && version != m.changes.Load():
		return nil, errChanged
	case len(m.byID) >= m.max || m.octets+e.size() > m.room:
		return nil, errFull
	}
	m.put(e)
	return e, nil
}

func (m *memory) replace(a address, version uint64) (*entry, error) {
	e := newEntry(a, m.clock())
	m.mu.Lock()
	defer m.mu.Unlock()
	old := m.byID[a.ID]
	if old == nil || version != anyVersion && version != old.version {
		return nil, errChanged
	}
	if m.octets-old.size()+e.size() > m.room {
		return nil, errFull
	}
	m.octets -= old.size()
	m.put(e)
	return e, nil
}

// put makes e the entry of its ID.
func (m *memory) put(e *entry) {
	m.octets += e.size()
	m.byID[e.id] = e
	e.version = m.changed(e.State().Modified)
}

func (m *memory) delete(id int64, version uint64) error {
	now := m.clock()
	m.mu.Lock()
	defer m.mu.Unlock()
	old := m.byID[id]
	if old == nil || version != anyVersion && version != old.version {
		return errChanged
	}
	delete(m.byID, id)
	m.octets -= old.size()
	m.changed(now)
	return nil
}

// changed counts a change. A clock that was set back does not take the list back.
func (m *memory) changed(now time.Time) (version uint64) {
	if now.After(m.modified) {
		m.modified = now
	}
	return m.changes.Add(1)
}

func (m *memory) list() *list {
	wanted := m.changes.Load()
	if l := m.latest.Load(); l != nil && l.version >= wanted {
		return l
	}
	return m.make(wanted)
}

// make makes a list that has at least the wanted changes, unless another goroutine has meanwhile.
func (m *memory) make(wanted uint64) *list {
	m.making.Lock()
	defer m.making.Unlock()
	if latest := m.latest.Load(); latest != nil && latest.version >= wanted {
		return latest
	}
	m.mu.RLock()
	entries, version, modified := entriesOf(m.byID), m.changes.Load(), m.modified
	m.mu.RUnlock()
	l := newList(entries, version, modified)
	m.latest.Store(l)
	return l
}
