package addressbook

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"rawhttp/httpwire/condition"
	"rawhttp/server/rest"
)

// A store keeps addresses. What it hands out never changes, so no lock is held while it travels.
//
// Changes are optimistic: nobody locks an address while thinking about it. Every entry has a
// version, whoever wants to change an entry says which version was looked at, and the store refuses
// with errChanged if that is no longer the one there. For one address, changes happen one after the
// other, and whoever reads afterwards sees them.
type store interface {
	get(id int64) *entry // nil if there is none
	list() *list         // whatever was changed before the call is in it

	// create adds an address: errExists if there is one of its ID, errFull if there is no room.
	// With a version it is that of the list.
	create(a address, version uint64) (*entry, error)
	// replace puts an address in the place of the one of its ID: errChanged if there is none, too,
	// errFull if it is too long to have room.
	replace(a address, version uint64) (*entry, error)
	// delete removes an address: errChanged if there is none, too.
	delete(id int64, version uint64) error
}

// anyVersion is the version to give when it does not matter.
const anyVersion = 0

var (
	errExists  = errors.New("there is an address of that ID")
	errChanged = errors.New("somebody was faster")
	errFull    = errors.New("the book is full")
)

// An entry is an address as it is sent.
type entry struct {
	rest.Representation
	id       int64
	postCode string
	digest   rest.Digest
	version  uint64 // set by the store
}

func newEntry(a address, modified time.Time) *entry {
	one := bytes.Clone(encodeOne(a)) // the encoder leaves room that would stay in memory
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

// size is what the entry takes of the room for all: its memory, about.
func (e *entry) size() int {
	const others = 768 // the entry itself, the values of its fields, its place in the store
	return cap(e.Octets()) + len(e.postCode) + others
}

// inList returns the octets of the entry as they are in a list.
func (e *entry) inList() []byte { return inner(e.Octets()) }

// state is what conditions are held against; nil has none.
func (e *entry) state() condition.State {
	if e == nil {
		return condition.State{}
	}
	return e.State()
}
