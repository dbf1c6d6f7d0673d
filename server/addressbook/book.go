// Package addressbook is a small REST service: an address book that is read and written as JSON. It
// keeps the addresses in memory, in a file or in etcd. It gets requests that were read and checked,
// and fills in responses. It never sees a socket.
//
// The API is one table, in routes.go. The response to a request that fails is a problem (RFC 9457). Its
// detail is a sentence for a person: what happened, where, and what to do.
//
// # Two editors
//
// Every representation has a strong ETag, which is a digest of its octets. To edit safely, a client
// sends the ETag back in If-Match. The store changes an address only if it still has the version
// that the precondition was checked against. So the request gets 412 if someone else has changed
// the address meanwhile, even if both requests arrive at the same time. Two addresses with the same
// octets have the same ETag. That is harmless, because there is no difference that could be lost.
//
// # JSON
//
// An address has the members ID and number, which are integers, and post_code, line_1 and line_2,
// which are strings. The members line_1 and line_2 may be left out and are then empty. The body of
// a POST or PUT is one object in UTF-8, and nothing follows it (RFC 8259). In a PUT the ID may be
// left out, because the path has it. A body is read in only one way:
//
//   - Names are compared exactly. A member with another name is ignored, whatever its value. No
//     name may occur twice. An object has at most 1000 members.
//   - An integer is written in digits: 1.0 and 1e2 are refused. It lies between -9007199254740991
//     and 9007199254740991, so that every JSON parser reads the same number (RFC 8259 section 6).
//     An ID is at least 1.
//   - A string has at most 500 characters and is stored unchanged. A string with half a surrogate
//     pair is refused, because it cannot be stored.
//   - A byte order mark is refused, and so is a Content-Type other than application/json in UTF-8.
//
// # Map
//
//	routes.go    the table of routes; begin here to add one
//	handlers.go  what each route does
//	json.go      addresses, written and read as JSON
//	list.go      the list of addresses and its pages
//	store.go     what the book needs of a store, the entries in it, and the store in memory
//	file.go      the store in a file
//	cluster.go   the store in etcd
//	book.go      the options, and a book made of them
package addressbook

import (
	"cmp"
	"crypto/tls"
	"fmt"
	"sync"
	"time"

	"rawhttp/server/etcd"
)

// DefaultMax is the largest number of addresses in a book if Options do not say otherwise.
const DefaultMax = 10000

// EtcdPrefix begins all keys of a book in etcd.
const EtcdPrefix = "rawhttp/"

// Options are the options of a book. The zero Options are valid: two addresses at the start, at most
// DefaultMax, and Location fields without a host.
type Options struct {
	// BaseURL is the beginning of Location fields: an origin, such as "http://localhost:12345", which
	// New does not check. It is never taken from a request, because a client can write anything into its
	// Host field. If BaseURL is empty, Location is a path alone. RFC 9110 section 10.2.2 allows that; RFC
	// 1945 does not.
	BaseURL string
	File    string           // keeps the addresses; if empty, they last until the program ends
	Empty   bool             // start without the two addresses; an existing File keeps its addresses
	Max     int              // the number of addresses allowed; 0 means DefaultMax
	Clock   func() time.Time // nil means time.Now

	// Etcd are the nodes, host:port, of an etcd cluster that keeps the addresses. Several servers can
	// share it. With Etcd, File is not used.
	Etcd     []string
	EtcdTLS  *tls.Config // nil means that nothing is encrypted between server and nodes
	EtcdUser *etcd.User  // nil means that etcd asks for no password

	// Failed is called with each error of the store that made a request fail, and when File could not
	// be compacted, by many goroutines at the same time. It may be nil.
	Failed func(error)
}

// A Book is the service. Serve its Routes with a rest.Router. The handlers may be called from many
// goroutines.
type Book struct {
	baseURL string
	store   store
	clock   func() time.Time
	failed  func(error)
	notices []string
	turns   sync.Map // from an ID modulo 1024 to the channel that holds its turn; see takeTurn
}

// New returns a book. It returns an error if Max is negative or leaves no room for the addresses at the
// start of a book in memory, or if File or Etcd cannot be used. The caller closes the book when no more
// requests come.
func New(o Options) (*Book, error) {
	if o.Max < 0 {
		return nil, fmt.Errorf("a book cannot have %d addresses", o.Max)
	}
	b := &Book{baseURL: o.BaseURL, clock: o.Clock, failed: o.Failed}
	if b.clock == nil {
		b.clock = time.Now
	}
	if b.failed == nil {
		b.failed = func(error) {}
	}
	var first []address
	if !o.Empty {
		first = firstAddresses
	}
	m := newMemory(b.clock, cmp.Or(o.Max, DefaultMax))
	var err error
	switch {
	case len(o.Etcd) > 0:
		b.store, err = openCluster(o, EtcdPrefix, first, m)
	case o.File != "":
		b.store, b.notices, err = openFile(o.File, m, first, b.failed)
	case len(first) > m.max:
		err = fmt.Errorf("-max %d: the book starts with two addresses; add  -empty  or allow 2 or more", m.max)
	default:
		b.store = m
		for _, a := range first {
			m.set(a.ID, newEntry(a, m.modified), m.modified)
		}
	}
	return b, err
}

// firstAddresses are the addresses of a new book.
var firstAddresses = []address{
	{ID: 1, Line1: "North Street", Line2: "Python City", Number: 2, PostCode: "PY11 0PY"},
	{ID: 2, Line1: "South Street", Line2: "Python City", Number: 21, PostCode: "PY12 5PY"},
}

// Notices returns sentences about the file of the book, for the person who starts the server. There are
// none without Options.File.
func (b *Book) Notices() []string { return b.notices }

// Size returns the number of addresses, and the time of the last change. It fails if the store cannot be
// read now.
func (b *Book) Size() (addresses int, changed time.Time, err error) {
	l, err := b.store.list()
	if err != nil {
		return 0, time.Time{}, err
	}
	return len(l.entries), l.modified, nil
}

// Version returns a number that differs after each change of the book. It is never 0. Version fails as Size does.
func (b *Book) Version() (uint64, error) {
	l, err := b.store.list()
	if err != nil {
		return 0, err
	}
	return l.version, nil
}

// Ping returns an error if the store of the book cannot be read now, or takes no changes any more. It calls
// Options.Failed with the error.
func (b *Book) Ping() error {
	err := b.store.ping()
	if err != nil {
		b.failed(err)
	}
	return err
}

// AppendMetrics appends what the store has counted, in the text format of Prometheus.
func (b *Book) AppendMetrics(dst []byte) []byte { return b.store.appendMetrics(dst) }

// Close ends what the book does in the background. Close it when nothing uses it any more.
func (b *Book) Close() { b.store.close() }
