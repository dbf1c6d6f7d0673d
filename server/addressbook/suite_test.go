package addressbook

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"rawhttp/examples/foreign"
	"rawhttp/httpwire"
	"rawhttp/server/rest"
)

func TestMain(m *testing.M) { os.Exit(foreign.Waiting(m)) }

// testStore tests a kind of store. The function opens a new, empty store.
func testStore(t *testing.T, open func(t *testing.T) store) {
	for _, tt := range []struct {
		name string
		test func(*testing.T, store)
	}{
		{"empty", testStoreEmpty},
		{"versions", testVersions},
		{"octets never change", testOctetsNeverChange},
		{"concurrent", testConcurrent},
		{"get while creating", testGetWhileCreating},
		{"churn", testChurn},
		{"lists", testLists},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel() // a store that is not in memory waits for a disk
			s := open(t)
			defer s.close()
			if err := s.ping(); err != nil {
				t.Fatal(err)
			}
			tt.test(t, s)
		})
	}
}

func TestMemory(t *testing.T) {
	testStore(t, func(*testing.T) store { return newMemory(time.Now, 1<<20) })
}

// serveStore returns a book that keeps its addresses in a store, with the two addresses of the start.
func serveStore(t testing.TB, s store) *service {
	t.Helper()
	for _, a := range firstAddresses {
		add(t, s, a)
	}
	return serviceOf(s)
}

// serviceOf returns a book that keeps its addresses in a store.
func serviceOf(s store) *service {
	b := &Book{baseURL: "http://localhost:12345", clock: time.Now, store: s, failed: func(error) {}}
	return &service{b, rest.New(b.Routes())}
}

// find returns the entry with an ID, nil if there is none.
func find(t testing.TB, s store, id int64) *entry {
	t.Helper()
	e, err := s.get(id)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// share returns a tenth of a number of rounds with -short, and for a store that is not in the memory of
// the test.
func share(s store, rounds int) int {
	if _, ok := s.(*memory); ok && !testing.Short() {
		return rounds
	}
	return rounds / 10
}

func listOf(t testing.TB, s store) *list {
	t.Helper()
	l, err := s.list()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func testStoreEmpty(t *testing.T, s store) {
	l := listOf(t, s)
	if got := octetsOf(l); len(addressesOf(t, got)) != 0 || l.version == anyVersion {
		t.Errorf("list %q of version %d", got, l.version)
	}
	if find(t, s, 1) != nil {
		t.Error("an address in an empty store")
	}
}

// Entries and lists that the store has returned do not change when addresses are created.
func testOctetsNeverChange(t *testing.T, s store) {
	type handed struct{ octets, copied []byte }
	var all []handed
	for i, id := range rand.New(rand.NewPCG(1, 2)).Perm(80) {
		add(t, s, address{ID: int64(id) + 1, PostCode: fmt.Sprint("PY", id)})
		list := octetsOf(listOf(t, s))
		one := find(t, s, int64(id)+1).Octets()
		all = append(all, handed{list, bytes.Clone(list)}, handed{one, bytes.Clone(one)})
		if ids := idsOf(t, list); len(ids) != i+1 || !slices.IsSorted(ids) {
			t.Fatalf("IDs %v after %d", ids, i+1)
		}
	}
	for _, h := range all {
		if !bytes.Equal(h.octets, h.copied) {
			t.Fatalf("octets changed from\n%s\nto\n%s", h.copied, h.octets)
		}
	}
}

// Many goroutines create the same addresses and read them. One of them creates each ID, and finds
// what it has created. A list is never older than a list that was read before.
func testConcurrent(t *testing.T, s store) {
	const writers, ids = 8, 40
	b := serveStore(t, s)
	var mu sync.Mutex
	won := make(map[int]int)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			order := rand.New(rand.NewPCG(uint64(w), 0)).Perm(ids)
			seen := 0
			for _, id := range order {
				id += 3
				body := fmt.Sprintf(`{"ID":%d,"number":%d,"post_code":"x"}`, id, w)
				if send(t, b, postJSON(body)).Code == 201 {
					mu.Lock()
					won[id]++
					mu.Unlock()
				}
				if code := send(t, b, get(fmt.Sprint(base, "/", id))).Code; code != 200 {
					t.Errorf("ID %d was created, and then: %d", id, code)
				}
				got := idsOf(t, send(t, b, get(base)).Body)
				if !slices.Contains(got, int64(id)) || !slices.IsSorted(got) || len(got) < seen {
					t.Errorf("ID %d was created, and then: %v", id, got)
				}
				seen = len(got)
			}
		})
	}
	wg.Wait()
	for id := 3; id < ids+3; id++ {
		if won[id] != 1 {
			t.Errorf("ID %d was created %d times", id, won[id])
		}
	}
	if got := idsOf(t, send(t, b, get(base)).Body); len(got) != ids+2 {
		t.Errorf("%d addresses, want %d", len(got), ids+2)
	}
}

// For the race detector: one goroutine reads an address while another creates addresses, without
// other synchronisation.
func testGetWhileCreating(t *testing.T, s store) {
	add(t, s, address{ID: 1})
	var wg sync.WaitGroup
	wg.Go(func() {
		for range share(s, 10_000) {
			if find(t, s, 1) == nil {
				t.Error("address 1 is gone")
				return
			}
		}
	})
	for id := range share(s, 1000) {
		add(t, s, address{ID: int64(id) + 2})
	}
	wg.Wait()
}

// Many goroutines put and delete the same few addresses while others read the list. Each list is
// ordered and has only addresses that were there, and at the end the list and the addresses agree.
func testChurn(t *testing.T, s store) {
	const workers, ids = 8, 5
	rounds := share(s, 300)
	b := serveStore(t, s)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for i := range rounds {
				path := fmt.Sprint(base, "/", (i*7+w)%ids+1)
				switch (i + w) % 3 {
				case 0:
					send(t, b, bare("DELETE", path))
				case 1:
					send(t, b, with("PUT", path, noIDThere))
				default:
					if got := idsOf(t, send(t, b, get(base)).Body); !slices.IsSorted(got) || len(got) > ids {
						t.Errorf("list %v", got)
					}
				}
			}
		})
	}
	all.Wait()
	listed := idsOf(t, send(t, b, get(base)).Body)
	for id := int64(1); id <= ids; id++ {
		there := send(t, b, get(fmt.Sprint(base, "/", id))).Code == 200
		if there != slices.Contains(listed, id) {
			t.Errorf("ID %d: there %v, list %v", id, there, listed)
		}
	}
}

// A change for an old version is refused.
func testVersions(t *testing.T, s store) {
	one, two := &address{ID: 1}, &address{ID: 2}
	old, err := s.change(1, one, nil, anyVersion)
	if err != nil {
		t.Fatal(err)
	}
	version := listOf(t, s).version
	replaced, err := s.change(1, &address{ID: 1, Number: 1}, old, anyVersion)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.change(1, one, old, anyVersion); !errors.Is(err, errChanged) {
		t.Errorf("replace: %v", err)
	}
	if _, err := s.change(1, nil, old, anyVersion); !errors.Is(err, errChanged) {
		t.Errorf("delete: %v", err)
	}
	if _, err := s.change(2, two, nil, version); !errors.Is(err, errChanged) {
		t.Errorf("create in another list: %v", err)
	}
	if _, err := s.change(1, one, nil, anyVersion); !errors.Is(err, errExists) {
		t.Errorf("create of what is there: %v", err)
	}
	if _, err := s.change(2, two, old, anyVersion); !errors.Is(err, errChanged) {
		t.Errorf("replace of nothing: %v", err)
	}
	if _, err := s.change(2, two, nil, listOf(t, s).version); err != nil {
		t.Errorf("create in this list: %v", err)
	}
	if e, err := s.change(1, nil, replaced, anyVersion); e != nil || err != nil {
		t.Errorf("delete of what was replaced: %v, %v", e, err)
	}
}

// After any number of changes, a list has the octets of its addresses in order. Two lists have the
// same ETag only if they have the same octets.
func testLists(t *testing.T, s store) {
	const ids = 2000
	rounds := share(s, 150)
	chance := rand.New(rand.NewPCG(1, 2))
	there, tags := make(map[int64]*entry), make(map[string]string)
	for round := range rounds {
		for range chance.IntN(4 << (round % 8)) {
			id := chance.Int64N(ids) + 1
			a := address{ID: id, Number: chance.Int64N(3), PostCode: "PY"}
			old, now := there[id], &a
			if old != nil && round%3 != 0 { // in the end there are few
				now = nil
			}
			if _, err := s.change(id, now, old, anyVersion); err != nil {
				t.Fatal(err)
			}
			if there[id] = find(t, s, id); there[id] == nil {
				delete(there, id)
			}
		}
		want := make([]*entry, 0, len(there))
		for id := range int64(ids + 1) {
			if e := there[id]; e != nil {
				want = append(want, e)
			}
		}
		l := listOf(t, s)
		got, octets := octetsOf(l), string(joined(want))
		if string(got) != octets || l.whole().Len() != int64(len(octets)) {
			t.Fatalf("the list is, of %d octets,\n%s\nand has to be\n%s", l.whole().Len(), got, octets)
		}
		tag := string(l.whole().State().ETag)
		if other, seen := tags[tag]; seen && other != octets {
			t.Fatalf("round %d: %s is the tag of two lists", round, tag)
		}
		tags[tag] = octets
		sel := selection{offset: chance.Int64N(int64(len(want) + 1)), limit: 1 + chance.Int64N(ids)}
		to := min(sel.offset+sel.limit, int64(len(want)))
		p := sel.page(l)
		if got := (&httpwire.Response{Parts: p}).AppendBody(nil); !bytes.Equal(got,
			joined(want[sel.offset:to])) || p.Len() != int64(len(got)) {
			t.Fatalf("round %d: page of %d octets, from %d to %d:\n%s", round, p.Len(), sel.offset, to, got)
		}
	}
}
