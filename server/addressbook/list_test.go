package addressbook

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// Whatever is changed, and however much at a time: a list of many blocks is what one would be that
// is made of all addresses at once, and so is each page of it.
func TestBlocks(t *testing.T) {
	const rounds, ids = 150, 8 * blockSize
	m, chance := emptyStore(), rand.New(rand.NewPCG(1, 2))
	there := make(map[int64]*entry)
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
		sameList(t, m.list(), want)
		from := chance.IntN(len(want) + 1)
		to := from + chance.IntN(len(want)-from+1)
		if got := cut(m.list().blocks, from, to); !slices.Equal(got, want[from:to]) {
			t.Fatalf("round %d: %d entries from %d to %d", round, len(got), from, to)
		}
	}
}

// sameList fails unless the list has these entries.
func sameList(t *testing.T, l *list, want []*entry) {
	t.Helper()
	if octets := joinAll(partsOf(want)); !bytes.Equal(l.octets(), octets) {
		t.Fatalf("the list is\n%s\nand has to be\n%s", l.octets(), octets)
	}
	tag := fmt.Sprintf(`"%016x"`, uint64(len(want))+sumOf(want))
	if got := string(l.State().ETag); got != tag {
		t.Fatalf("the tag is %s and has to be %s", got, tag)
	}
	for _, b := range l.blocks {
		if n := len(b.entries); n == 0 || n > blockSize {
			t.Fatalf("a block of %d", n)
		}
	}
}

// A change makes the block anew that it is in, or two of it, and leaves the others alone.
func TestChangeMakesOneBlock(t *testing.T) {
	const n = 20 * blockSize
	m := emptyStore()
	for id := range int64(n) {
		add(t, m, address{ID: 2*id + 1})
	}
	for _, id := range []int64{2, n, 2 * n, 4 * n} {
		before := m.list().blocks
		add(t, m, address{ID: id})
		made := 0
		for _, b := range m.list().blocks {
			if !slices.Contains(before, b) {
				made++
			}
		}
		if made < 1 || made > 2 {
			t.Errorf("after %d, %d of %d blocks are new", id, made, len(before))
		}
	}
}
