package addressbook

import (
	"cmp"
	"sync"
	"sync/atomic"
	"time"
)

// A memory is a store that forgets everything when the program ends.
//
// Reading the list costs one comparison as long as nothing was changed since the last time. To
// change an address costs the same however many there are: it is encoded once and put beside the
// list. The next reader of the list merges what has changed into it. That is a copy, in memory of
// its own, because older lists may still be on their way; and it is less than that reader is about
// to be sent.
type memory struct {
	clock func() time.Time
	max   int // addresses
	room  int // octets of them

	mu       sync.RWMutex // guards what follows
	byID     map[int64]*entry
	octets   int              // of all of them
	fresh    map[int64]*entry // changed and not in a list yet; nil is deleted
	modified time.Time
	changes  atomic.Uint64 // that were made; also the version of the latest

	making sync.Mutex // taken before mu
	latest atomic.Pointer[list]
}

func newMemory(clock func() time.Time, max int) *memory {
	m := &memory{clock: clock, max: max, room: roomFor(max), modified: clock(),
		byID: make(map[int64]*entry), fresh: make(map[int64]*entry)}
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
	f, touched := m.fresh[a.ID]
	m.put(e, touched && f == nil)
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
	m.put(e, old.listed)
	return e, nil
}

// put makes e the entry of its ID. Listed is whether the latest list has one of that ID.
func (m *memory) put(e *entry, listed bool) {
	e.listed = listed
	m.octets += e.size()
	m.byID[e.id], m.fresh[e.id] = e, e
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
	if old.listed {
		m.fresh[id] = nil
	} else {
		delete(m.fresh, id) // no list knows of it, and fresh must not grow for ever
	}
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

// make makes a list that has at least the wanted changes, unless somebody else has meanwhile.
func (m *memory) make(wanted uint64) *list {
	m.making.Lock()
	defer m.making.Unlock()
	latest := m.latest.Load()
	if latest == nil {
		latest = new(list)
	} else if latest.version >= wanted {
		return latest
	}
	l, fresh := m.takeFresh()
	l.blocks = merge(latest.blocks, fresh)
	l.page = l.whole()
	m.latest.Store(l)
	return l
}

// takeFresh empties fresh. All changes but those that it returns are in the latest list.
func (m *memory) takeFresh() (*list, map[int64]*entry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	fresh := m.fresh
	m.fresh = make(map[int64]*entry)
	for _, e := range fresh {
		if e != nil {
			e.listed = true
		}
	}
	return &list{version: m.changes.Load(), modified: m.modified}, fresh
}

func byID(e *entry, id int64) int { return cmp.Compare(e.id, id) }
