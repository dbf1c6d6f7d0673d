package addressbook

import (
	"bytes"
	"maps"
	"slices"
	"time"
)

// A list is all addresses, as they were at one time. It is made of the list before it: what has not
// changed since is taken over in blocks, without a look at the addresses in them. In a large book
// they lie all over the memory, and to visit each takes longer than to copy its octets.
type list struct {
	*page
	version  uint64
	modified time.Time
	blocks   []*block // in the order of IDs; none is empty
}

// A block is some addresses that follow each other. It never changes.
type block struct {
	entries []*entry
	tag     uint64 // the sum of those of the entries
	octets  []byte // of the entries, joined
}

const blockSize = 256 // entries at most; a change copies the octets of so many

func newBlock(entries []*entry) *block {
	return &block{entries, sumOf(entries), bytes.Join(partsOf(entries), []byte(comma))}
}

// merge returns the blocks of a list with the entries put in their place that have changed.
func merge(old []*block, fresh map[int64]*entry) []*block {
	ids := slices.Sorted(maps.Keys(fresh))
	if len(old) == 0 {
		return appendBlocks(nil, mergeEntries(nil, ids, fresh))
	}
	merged := make([]*block, 0, len(old)+1)
	for i, b := range old {
		n := len(ids) // that belong into this block
		if i+1 < len(old) {
			n, _ = slices.BinarySearch(ids, old[i+1].entries[0].id)
		}
		if n == 0 {
			merged = append(merged, b)
			continue
		}
		merged = appendBlocks(merged, mergeEntries(b.entries, ids[:n], fresh))
		ids = ids[n:]
	}
	return merged
}

// mergeEntries merges what has changed, and has these IDs, into the entries of a block.
func mergeEntries(old []*entry, ids []int64, fresh map[int64]*entry) []*entry {
	merged := make([]*entry, 0, len(old)+len(ids))
	for _, id := range ids {
		at, there := slices.BinarySearchFunc(old, id, byID)
		merged = append(merged, old[:at]...)
		if old = old[at:]; there {
			old = old[1:]
		}
		if e := fresh[id]; e != nil {
			merged = append(merged, e)
		}
	}
	return append(merged, old...)
}

// appendBlocks appends entries in blocks, as few as can be and all about as large, so that there is
// room in each for more.
func appendBlocks(blocks []*block, entries []*entry) []*block {
	if len(entries) == 0 {
		return blocks
	}
	n := (len(entries) + blockSize - 1) / blockSize
	for part := range slices.Chunk(entries, (len(entries)+n-1)/n) {
		blocks = append(blocks, newBlock(part))
	}
	return blocks
}

// countOf returns how many entries there are in blocks.
func countOf(blocks []*block) (n int) {
	for _, b := range blocks {
		n += len(b.entries)
	}
	return n
}

// cut returns the entries from one place to before another, counted over all blocks.
func cut(blocks []*block, from, to int) (entries []*entry) {
	for _, b := range blocks {
		n := len(b.entries)
		if from < n && to > 0 {
			entries = append(entries, b.entries[max(from, 0):min(to, n)]...)
		}
		from, to = from-n, to-n
	}
	return entries
}

func sumOf(entries []*entry) (sum uint64) {
	for _, e := range entries {
		sum += e.tag
	}
	return sum
}

// partsOf returns the octets of entries, each without what encodeOne puts around it.
func partsOf(entries []*entry) [][]byte {
	parts := make([][]byte, len(entries))
	for i, e := range entries {
		parts[i] = inner(e.Octets())
	}
	return parts
}
