package addressbook

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// An address takes no more memory than a response with the list says that it keeps, and no more than the
// README says, however long it is.
func TestMemoryOfAddresses(t *testing.T) {
	const most = 12 << 10
	n := int64(1000)
	if testing.Short() {
		n = 300
	}
	for name, text := range map[string]string{"empty": "", "500 letters": strings.Repeat("a", maxText),
		"500 control characters": strings.Repeat("\x01", maxText)} {
		before := heapInUse()
		m := newMemory(time.Now, int(n))
		for id := range n {
			a := address{ID: maxInteger - id}
			for _, m := range a.members() {
				if v, ok := m.value.(*string); ok {
					*v = strings.Clone(text)
				}
			}
			add(t, m, a)
		}
		_, held := listOf(t, m).whole().SharedData()
		each := (heapInUse() - before) / n
		runtime.KeepAlive(m)
		if each > held/n || each > most {
			t.Errorf("%s: %d octets of memory, want at most %d, as newList counts, and %d, as the README and -max say",
				name, each, held/n, most)
		}
	}
}

// heapInUse returns the octets of the heap that are in use. A sync.Pool is empty after the second collection.
func heapInUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// The place of an address that is being written to the disk is taken, and free again if that fails. An address
// that is being replaced takes no second place.
func TestPlaceIsReserved(t *testing.T) {
	m := newMemory(time.Now, 1)
	m.keep = func(int64, *address, time.Time) error {
		if _, err := m.change(2, &address{ID: 2}, nil, anyVersion); err != errFull {
			t.Errorf("a second address: %v", err)
		}
		return errNoSpace
	}
	if _, err := m.change(1, &address{ID: 1}, nil, anyVersion); err != errNoSpace {
		t.Errorf("the first address: %v", err)
	}
	m.keep = nil
	add(t, m, address{ID: 2})
	m.max = 2
	m.keep = func(id int64, _ *address, _ time.Time) error {
		if id == 2 {
			add(t, m, address{ID: 1})
		}
		return nil
	}
	if _, err := m.change(2, nil, find(t, m, 2), anyVersion); err != nil {
		t.Error(err)
	}
}

// A change that panics while it is written leaves a memory that works.
func TestKeepPanics(t *testing.T) {
	m := newMemory(time.Now, 1)
	m.keep = func(int64, *address, time.Time) error { panic("a defect") }
	func() {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
		}()
		m.change(1, &address{ID: 1}, nil, anyVersion)
	}()
	m.keep = nil
	add(t, m, address{ID: 1})
}
