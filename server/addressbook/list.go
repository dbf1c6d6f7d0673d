package addressbook

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"
)

// A list is all addresses, as they were at one time. It never changes. A list that is being sent
// keeps its entries in memory, also those that were changed or deleted since.
type list struct {
	version  uint64
	modified time.Time
	entries  []*entry // in the order of their IDs
	size     int64    // of all entries, in memory
	whole    func() *page
}

// newList returns the list of these entries, whose order does not matter.
func newList(entries []*entry, version uint64, modified time.Time) *list {
	slices.SortFunc(entries, func(a, b *entry) int { return cmp.Compare(a.id, b.id) })
	l := &list{version: version, modified: modified, entries: entries}
	for _, e := range entries {
		l.size += int64(e.size())
	}
	l.whole = sync.OnceValue(func() *page { return (&selection{}).page(l) })
	return l
}

// entriesOf returns the entries of a book, in any order.
func entriesOf(byID map[int64]*entry) []*entry {
	return slices.AppendSeq(make([]*entry, 0, len(byID)), maps.Values(byID))
}
