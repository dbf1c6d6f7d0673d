package addressbook

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
)

// A store keeps addresses as the octets that they are sent as. What it hands out never changes, so
// no lock is held while it travels.
//
// Reading the list costs one comparison as long as nothing was created since the last time. To
// create an address costs the same however many there are: it is encoded once and put beside the
// list, in the order of arrival. The next reader of the list sorts it in and joins the encoded
// addresses anew. That is a copy, in memory of its own, because older lists may still be on their
// way; and it is no more octets than that reader is about to be sent.
type store struct {
	mu      sync.RWMutex // guards byID and fresh
	byID    map[int64][]byte
	fresh   []entry       // created and not in sorted yet
	changes atomic.Uint64 // that were made to byID

	joining sync.Mutex // guards sorted; taken before mu
	sorted  []entry    // by ID
	latest  atomic.Pointer[list]
}

// An entry is an address in the list, encoded as encodeOne does.
type entry struct {
	id  int64
	one []byte
}

// A list is the representation of all addresses, as they were after so many changes.
type list struct {
	changes uint64
	octets  []byte
}

// get returns the representation of one address.
func (s *store) get(id int64) (one []byte, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	one, ok = s.byID[id]
	return one, ok
}

// create adds an address. If there is one of its ID, it does nothing and reports false.
func (s *store) create(a address) bool {
	one := encodeOne(a)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, there := s.byID[a.ID]; there {
		return false
	}
	if s.byID == nil {
		s.byID = make(map[int64][]byte)
	}
	s.byID[a.ID] = one
	s.fresh = append(s.fresh, entry{a.ID, one})
	s.changes.Add(1)
	return true
}

// list returns the representation of all addresses. Whatever was created before the call is in it.
func (s *store) list() []byte {
	wanted := s.changes.Load()
	if l := s.latest.Load(); l != nil && l.changes >= wanted {
		return l.octets
	}
	return s.join(wanted)
}

// join makes a list that has at least the wanted changes, unless somebody else has meanwhile.
func (s *store) join(wanted uint64) []byte {
	s.joining.Lock()
	defer s.joining.Unlock()
	if l := s.latest.Load(); l != nil && l.changes >= wanted {
		return l.octets
	}
	fresh, changes := s.takeFresh()
	s.sorted = append(s.sorted, fresh...)
	slices.SortFunc(s.sorted, func(a, b entry) int { return cmp.Compare(a.id, b.id) })
	l := &list{changes, joinAll(s.sorted)}
	s.latest.Store(l)
	return l.octets
}

// takeFresh empties fresh. All changes but those that it returns are in sorted.
func (s *store) takeFresh() (fresh []entry, changes uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh, s.fresh = s.fresh, nil
	return fresh, s.changes.Load()
}
