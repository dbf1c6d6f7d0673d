package addressbook

import (
	"math"
	"runtime"
	"strings"
	"testing"
	"time"
)

// sizeInMemory returns how many octets of memory an address with a post code of 500 characters
// takes.
func sizeInMemory(t *testing.T) int {
	const n = 2000
	m := newMemory(time.Now, n)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for id := range int64(n) {
		add(t, m, address{ID: id + 1, PostCode: strings.Repeat("a", 500)})
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(m)
	return int(after.HeapAlloc-before.HeapAlloc) / n
}

// The number of addresses and their octets are both limited. Long addresses fill a book before it
// has the largest number of them. Addresses that are removed or shortened make room.
func TestRoom(t *testing.T) {
	m := newMemory(time.Now, 10)
	m.most.octets = 21_000 // an address has twice its post code and a little more
	sized := func(id int64, octets int) address {
		return address{ID: id, PostCode: strings.Repeat("a", octets)}
	}
	put := func(a address) error {
		var err error
		if e, _ := m.get(a.ID); e == nil {
			_, err = m.create(a, anyVersion)
		} else {
			_, err = m.replace(a, anyVersion)
		}
		return err
	}
	for _, tt := range []struct {
		name string
		a    address
		want error
		has  int // addresses, afterwards
	}{
		{"a long one", sized(1, 4000), nil, 1},
		{"a second", sized(2, 4000), nil, 2},
		{"one too many", sized(3, 4000), errFull, 2},
		{"a short one fits", sized(3, 1), nil, 3},
		{"one too long in the place of it", sized(3, 4000), errFull, 3},
		{"as long as before", sized(2, 4000), nil, 3},
		{"shorter", sized(1, 2000), nil, 3},
		{"now there is room", sized(3, 2500), nil, 3},
		{"and that is all", sized(4, 4000), errFull, 3},
	} {
		if err := put(tt.a); err != tt.want || len(m.byID) != tt.has {
			t.Errorf("%s: %v, %d addresses", tt.name, err, len(m.byID))
		}
	}
	if err := m.delete(2, anyVersion); err != nil {
		t.Error(err)
	}
	if err := put(sized(4, 4000)); err != nil {
		t.Errorf("after DELETE: %v", err)
	}
	if n, want := sizeInMemory(t), newEntry(sized(1, 500), time.Now()).size(); n > want {
		t.Errorf("an address takes %d octets of memory, and counts as %d", n, want)
	}
	for _, max := range []int{1, DefaultMax, math.MaxInt} {
		if n := octetsFor(max); n < 4<<20 || n > 1<<30 {
			t.Errorf("room for %d: %d", max, n)
		}
	}
}

// A shorter address makes room when it is stored, and not while it may still fail.
func TestShorterMayFail(t *testing.T) {
	m := newMemory(time.Now, 10)
	add(t, m, address{ID: 1, PostCode: strings.Repeat("a", 500)})
	if growth, err := m.mayReplace(newEntry(address{ID: 1}, time.Now()), anyVersion); growth != (room{}) || err != nil {
		t.Errorf("%+v, %v", growth, err)
	}
}
