package addressbook

import (
	"bytes"
	"errors"
	"fmt"
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
	// ping returns an error if the store cannot be read now.
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
