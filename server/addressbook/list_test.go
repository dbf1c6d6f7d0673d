package addressbook

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"rawhttp/httpwire"
	"rawhttp/server/rest"
)

// After any number of changes, a list has the octets of its addresses in order. Two lists have the
// same ETag only if they have the same octets.
func TestLists(t *testing.T) {
	const rounds, ids = 150, 2000
	m, chance := emptyStore(), rand.New(rand.NewPCG(1, 2))
	there, tags := make(map[int64]*entry), make(map[string]string)
	for round := range rounds {
		for range chance.IntN(4 << (round % 8)) {
			id := chance.Int64N(ids) + 1
			a := address{ID: id, Number: chance.Int64N(3), PostCode: "PY"}
			_, err := m.create(a, anyVersion)
			switch {
			case err == nil:
			case round%3 == 0:
				_, err = m.replace(a, anyVersion)
			default: // in the end there are few
				err = m.delete(id, anyVersion)
			}
			if err != nil {
				t.Fatal(err)
			}
			if there[id] = m.get(id); there[id] == nil {
				delete(there, id)
			}
		}
		want := make([]*entry, 0, len(there))
		for id := range int64(ids + 1) {
			if e := there[id]; e != nil {
				want = append(want, e)
			}
		}
		l := m.list()
		got, octets := octetsOf(l), string(joined(want))
		if string(got) != octets || l.whole().Len() != int64(len(octets)) {
			t.Fatalf("the list is, of %d octets,\n%s\nand has to be\n%s", l.whole().Len(), got, octets)
		}
		tag := string(l.whole().State().ETag)
		if other, seen := tags[tag]; seen && other != octets {
			t.Fatalf("round %d: %s is the tag of two lists", round, tag)
		}
		tags[tag] = octets
		s := selection{offset: chance.Int64N(int64(len(want) + 1)), limit: 1 + chance.Int64N(ids)}
		to := min(s.offset+s.limit, int64(len(want)))
		p := s.page(l)
		if got := (&httpwire.Response{Parts: p}).AppendBody(nil); !bytes.Equal(got,
			joined(want[s.offset:to])) || p.Len() != int64(len(got)) {
			t.Fatalf("round %d: page of %d octets, from %d to %d:\n%s", round, p.Len(), s.offset, to, got)
		}
	}
}

// joined returns the representation of a list, made in another way than by the book.
func joined(entries []*entry) []byte {
	if len(entries) == 0 {
		return []byte(none)
	}
	parts := make([][]byte, len(entries))
	for i, e := range entries {
		parts[i] = e.inList()
	}
	return slices.Concat([]byte(openAll), bytes.Join(parts, []byte(comma)), []byte(closing))
}

// A page has the same octets whatever number of parts is asked for at a time.
func TestFill(t *testing.T) {
	b := filled(t, 9)
	l := b.store.list()
	for _, s := range []selection{{}, {limit: 1}, {offset: 9}, {filtered: true, postCode: "PY13 5PY"},
		{filtered: true, postCode: "PY13 5PY", offset: 3, limit: 2}, {filtered: true}} {
		want := (&httpwire.Response{Parts: s.page(l)}).AppendBody(nil)
		for size := 2; size < 30; size++ {
			var got []byte
			parts, p := make([][]byte, size), s.page(l)
			for n, at := p.Fill(parts, 0); n > 0; n, at = p.Fill(parts, at) {
				got = append(got, bytes.Join(parts[:n], nil)...)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%+v, %d parts at a time:\n%s\nwant\n%s", s, size, got, want)
			}
		}
	}
}

// G3: the ETag of a list is a digest of its entries. Digests with the same sum, or in another
// order, make another ETag. Every ETag has 128 bits.
func TestTagsAreDigests(t *testing.T) {
	tagOf := func(digests ...byte) string {
		var entries []*entry
		for i, d := range digests {
			e := newEntry(address{ID: int64(i + 1)}, emptyStore().modified)
			e.digest = rest.Digest{15: d}
			entries = append(entries, e)
		}
		tag := string(newList(entries, 1, emptyStore().modified).whole().State().ETag)
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
	one := newEntry(address{ID: 1}, emptyStore().modified)
	if tag := one.State().ETag; len(tag) != 2+128/4 {
		t.Errorf("the tag %s of one address has not 128 bits", tag)
	}
}
