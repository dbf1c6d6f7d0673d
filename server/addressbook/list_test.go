package addressbook

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"rawhttp/server/rest"
)

// joined returns the representation of a list, made in another way than by the book.
func joined(entries []*entry) []byte {
	if len(entries) == 0 {
		return none
	}
	parts := make([][]byte, len(entries))
	for i, e := range entries {
		parts[i] = e.inList()
	}
	return slices.Concat(openAll, bytes.Join(parts, comma), closing)
}

// A full takes some parts, and no more.
type full struct {
	room   int // for parts
	octets int64
}

var errRoom = errors.New("no room")

func (f *full) WritePart(part []byte) error {
	if f.room--; f.room < 0 {
		return errRoom
	}
	f.octets += int64(len(part))
	return nil
}

// A page has as many octets as it announces, and ends at the first error of the writer.
func TestWriteParts(t *testing.T) {
	b := filled(t, 9)
	l := listOf(t, b.store)
	for _, s := range []selection{{}, {limit: 1}, {offset: 9}, {filtered: true, postCode: "PY13 5PY"},
		{filtered: true, postCode: "PY13 5PY", offset: 3, limit: 2}, {filtered: true}} {
		p := s.page(l)
		for room, whole := 0, false; !whole; room++ {
			w := &full{room: room}
			err := p.WriteParts(w)
			whole = w.octets == p.Len()
			if w.octets > p.Len() || (err == nil) != whole || w.room < -1 {
				t.Fatalf("%+v: %d octets of %d with room for %d parts, %v", s, w.octets, p.Len(), room, err)
			}
		}
	}
}

// The ETag of a list is a digest of its entries. Digests with the same sum, or in another
// order, make another ETag. Every ETag has 128 bits.
func TestTagsAreDigests(t *testing.T) {
	tagOf := func(digests ...byte) string {
		var entries []*entry
		for i, d := range digests {
			e := newEntry(address{ID: int64(i + 1)}, time.Now())
			e.digest = rest.Digest{15: d}
			entries = append(entries, e)
		}
		tag := string(newList(entries, 1, time.Now()).whole().State().ETag)
		if len(tag) != 2+128/4 {
			t.Errorf("the tag %s has not 128 bits", tag)
		}
		return tag
	}
	seen := make(map[string][]byte)
	for _, digests := range [][]byte{{}, {0}, {4}, {2, 2}, {1, 3}, {3, 1}, {1, 1, 2}, {4, 0}, {0, 4}} {
		tag := tagOf(digests...)
		if other, there := seen[tag]; there {
			t.Errorf("digests %v and %v make the same tag", digests, other)
		}
		seen[tag] = digests
	}
	one := newEntry(address{ID: 1}, time.Now())
	if tag := one.State().ETag; len(tag) != 2+128/4 {
		t.Errorf("the tag %s of one address has not 128 bits", tag)
	}
}
