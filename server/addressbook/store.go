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

// A store keeps the addresses in memory until the program ends. The entries and lists that it
// returns never change, so no lock is held while they are sent.
//
// A client does not lock an address while a person edits it. Instead every entry has a version. The
// caller passes the version that it has looked at, and the store returns errChanged if the entry
// has another version by then.
//
// The address is encoded once, when it is stored. The list is made at the first request after a
// change: a sorted slice of pointers to the entries. That takes 1.4 ms for 10,000 addresses and 30
// ms for 100,000. Requests between two changes share the list.
type store struct {
	clock func() time.Time
	max   int // addresses
	room  int // octets of all addresses together

	mu       sync.RWMutex // guards the following fields
	byID     map[int64]*entry
	octets   int           // of all entries
	modified time.Time     // when the last change was made
	changes  atomic.Uint64 // the number of changes, which is the version of the last one

	making sync.Mutex // held while a list is made; locked before mu
	latest atomic.Pointer[list]
}

// anyVersion means that the caller accepts every version.
const anyVersion = 0

var (
	errExists  = errors.New("there is an address with this ID")
	errChanged = errors.New("another request was faster")
	errFull    = errors.New("the book is full")
)

func newStore(clock func() time.Time, max int) *store {
	s := &store{clock: clock, max: max, room: roomFor(max), modified: clock(),
		byID: make(map[int64]*entry)}
	s.changes.Store(anyVersion + 1)
	return s
}

// roomFor returns how many octets a number of addresses may have together. Most addresses have a
// few hundred, but the body of a request may have a million, and ten thousand such addresses are
// more than most machines have room for.
func roomFor(max int) int {
	const each, least, most = 8 << 10, 4 << 20, 1 << 30
	return min(least+each*min(max, most/each), most)
}

// get returns the entry with an ID, nil if there is none.
func (s *store) get(id int64) *entry {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byID[id]
}

// create adds an address. It returns errExists if the ID is taken, errFull if there is no room, and
// errChanged if the list has another version.
func (s *store) create(a address, listVersion uint64) (*entry, error) {
	e := newEntry(a, s.clock())
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.byID[a.ID] != nil:
		return nil, errExists
	case listVersion != anyVersion && listVersion != s.changes.Load():
		return nil, errChanged
	case len(s.byID) >= s.max || s.octets+e.size() > s.room:
		return nil, errFull
	}
	s.put(e)
	return e, nil
}

// replace replaces the address with the same ID. It returns errChanged if the entry is missing or
// has another version, and errFull if the new address is too long for the room that is left.
func (s *store) replace(a address, version uint64) (*entry, error) {
	e := newEntry(a, s.clock())
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.byID[a.ID]
	if old == nil || version != anyVersion && version != old.version {
		return nil, errChanged
	}
	if s.octets-old.size()+e.size() > s.room {
		return nil, errFull
	}
	s.octets -= old.size()
	s.put(e)
	return e, nil
}

// delete removes an address. It returns errChanged if the entry is missing or has another version.
func (s *store) delete(id int64, version uint64) error {
	now := s.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.byID[id]
	if old == nil || version != anyVersion && version != old.version {
		return errChanged
	}
	delete(s.byID, id)
	s.octets -= old.size()
	s.countChange(now)
	return nil
}

// put stores an entry. The caller holds mu.
func (s *store) put(e *entry) {
	s.octets += e.size()
	s.byID[e.id] = e
	e.version = s.countChange(e.State().Modified)
}

// countChange counts a change. The time of the last change never goes back, even if the clock does.
func (s *store) countChange(now time.Time) (version uint64) {
	if now.After(s.modified) {
		s.modified = now
	}
	return s.changes.Add(1)
}

// list returns a list with at least the changes that were made before the call.
func (s *store) list() *list {
	wanted := s.changes.Load()
	if l := s.latest.Load(); l != nil && l.version >= wanted {
		return l
	}
	s.making.Lock()
	defer s.making.Unlock()
	if l := s.latest.Load(); l != nil && l.version >= wanted {
		return l // another goroutine has made it meanwhile
	}
	s.mu.RLock()
	entries := slices.AppendSeq(make([]*entry, 0, len(s.byID)), maps.Values(s.byID))
	version, modified := s.changes.Load(), s.modified
	s.mu.RUnlock()
	l := newList(entries, version, modified)
	s.latest.Store(l)
	return l
}

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

// inList returns the octets of the entry in a list.
func (e *entry) inList() []byte { return inner(e.Octets()) }

// state returns the validators of an entry, or none if it is nil.
func (e *entry) state() condition.State {
	if e == nil {
		return condition.State{}
	}
	return e.State()
}
