package addressbook

import (
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rawhttp/examples/cluster/nodes"
	"rawhttp/examples/foreign"
	"rawhttp/server/etcd"
)

// startEtcd starts a cluster for a test. A change does not wait for the disk, which may be busy.
func startEtcd(t testing.TB, n int) *nodes.Cluster {
	t.Helper()
	foreign.Short(t)
	if _, err := nodes.Find("etcd"); err != nil {
		foreign.Skip(t, "etcd is not on this machine")
	}
	c, err := nodes.StartEtcd(t.TempDir(), n, "--unsafe-no-fsync")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestCluster(t *testing.T) {
	etcd := startEtcd(t, 1)
	testStore(t, func(t *testing.T) store {
		s, err := openCluster(Options{Etcd: etcd.Addrs}, t.Name()+"/", nil, newMemory(time.Now, 1<<20))
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
	b, err := New(Options{Etcd: etcd.Addrs})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, ok := b.store.(*cluster); !ok {
		t.Errorf("a book in etcd is in a %T", b.store)
	}
}

// A row that is not an address is an error that says why.
func TestRowsThatAreNoAddresses(t *testing.T) {
	for value, want := range map[string]string{
		"{": "unexpected end of JSON input", `{"address": {"ID": 2}}`: "it has the ID 2",
	} {
		_, err := entryOf(etcd.Row{ID: 1, Value: []byte(value), Version: 1})
		if err == nil || err.Error() != "the row 1 in etcd is not an address: "+want {
			t.Errorf("%s: %v", value, err)
		}
	}
}

// The list follows the changes of the table, even when all rows are read again. Its time never goes back.
func TestApply(t *testing.T) {
	c := &cluster{cache: newMemory(time.Now, 10)}
	c.cache.modified = time.Time{}
	day := func(n int) time.Time { return time.Date(1994, 11, n, 0, 0, 0, 0, time.UTC) }
	row := func(id int64) etcd.Row { return etcd.Row{ID: id, Value: encodeStored(address{ID: id}, day(1))} }
	for i, tt := range []struct {
		update   etcd.Update
		ids      []int64
		modified time.Time
	}{
		{etcd.Update{All: true, Rows: []etcd.Row{row(1), row(2)}, Modified: day(3)}, []int64{1, 2}, day(3)},
		{etcd.Update{Rows: []etcd.Row{row(3), {ID: 1}}, Modified: day(2)}, []int64{2, 3}, day(3)},
		{etcd.Update{Rows: []etcd.Row{{ID: 2, Value: []byte("{")}}, Modified: day(4)}, []int64{3}, day(4)},
		{etcd.Update{All: true, Rows: []etcd.Row{row(1)}, Modified: day(5)}, []int64{1}, day(5)},
	} {
		c.apply(tt.update)
		l := listOf(t, c.cache)
		if ids := idsOf(t, octetsOf(l)); !slices.Equal(ids, tt.ids) || l.modified != tt.modified {
			t.Errorf("update %d: addresses %v of %v, want %v of %v", i, ids, l.modified, tt.ids, tt.modified)
		}
	}
}

// A row that another program removes, such as etcdctl, is not in the list any more, and has left its place.
func TestRemovedByOthers(t *testing.T) {
	nodes := startEtcd(t, 1)
	s, err := openCluster(Options{Etcd: nodes.Addrs}, "others/", firstAddresses, newMemory(time.Now, 2))
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	b := serviceOf(s)
	send(t, b, get(base))
	ask(t, nodes.Addrs[0], "deleterange", "others/a/0000000000000002")
	for end := time.Now().Add(time.Minute); len(idsOf(t, send(t, b, get(base)).Body)) > 1; {
		if time.Now().After(end) {
			t.Fatal("the list still has the row")
		}
	}
	if code := send(t, b, with("PUT", base+"/2", noIDThere)).Code; code != 201 {
		t.Errorf("PUT into its place: %d", code)
	}
}

// ask makes a request to etcd as another program does, with a key and no value.
func ask(t *testing.T, addr, method, key string) {
	t.Helper()
	body := fmt.Sprintf(`{"key": %q}`, base64.StdEncoding.EncodeToString([]byte(key)))
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "POST /v3/kv/%s HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s", method, len(body), body)
	if got, err := io.ReadAll(c); err != nil || !strings.HasPrefix(string(got), "HTTP/1.0 200 ") {
		t.Fatalf("%q, %v", got, err)
	}
}

// A row without a value, which another program has put, is no address and not the lack of a row.
func TestEmptyRow(t *testing.T) {
	nodes := startEtcd(t, 1)
	s, err := openCluster(Options{Etcd: nodes.Addrs}, "empty/", firstAddresses, newMemory(time.Now, 1))
	if err != nil {
		t.Fatal(err)
	}
	ask(t, nodes.Addrs[0], "put", "empty/a/0000000000000002")
	if e, err := s.get(2); e != nil || err == nil {
		t.Fatalf("entry %v, error %v", e, err)
	}
	if code := send(t, serviceOf(s), with("PUT", base+"/2", noIDThere)).Code; code != 503 {
		t.Errorf("PUT: %d", code)
	}
	if _, err := s.change(2, &address{ID: 2}, nil, anyVersion); !errors.Is(err, errUnavailable) {
		t.Errorf("change in a full book: %v", err)
	}
	s.close()
	if e, err := s.get(7); e != nil || err == nil {
		t.Errorf("after the end: entry %v, error %v", e, err)
	}
}

// An address that another program has removed does not exist, even if it is still in the list because no
// watch has reported that. So a PUT into a full book is not tried again until a watch reports it.
func TestFullWithOldList(t *testing.T) {
	nodes := startEtcd(t, 1)
	cache := newMemory(time.Now, 3)
	s, err := openCluster(Options{Etcd: nodes.Addrs}, "old/", firstAddresses, cache)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	a := address{ID: 3}
	cache.mu.Lock()
	cache.byID[3] = newEntry(a, time.Now())
	cache.mu.Unlock()
	if _, err := s.change(3, &a, nil, anyVersion); err != errFull {
		t.Errorf("%v, want errFull", err)
	}
	a.ID = 2
	if _, err := s.change(2, &a, nil, anyVersion); err != errExists {
		t.Errorf("%v, want errExists", err)
	}
}

// BenchmarkStores shows how long a request takes with each store: half of them take at most p50, and
// 99 of 100 take at most p99.
func BenchmarkStores(b *testing.B) {
	for _, tt := range []struct {
		name string
		open func(b *testing.B) store
	}{
		{"memory", func(*testing.B) store { return newMemory(time.Now, 1<<20) }},
		{"file", func(b *testing.B) store {
			s, _, err := openFile(filepath.Join(b.TempDir(), "book"), newMemory(time.Now, 1<<20), nil,
				func(err error) { b.Error(err) })
			if err != nil {
				b.Fatal(err)
			}
			return s
		}},
		{"etcd", func(b *testing.B) store {
			s, err := openCluster(Options{Etcd: startEtcd(b, 1).Addrs}, "bench/", nil, newMemory(time.Now, 1<<20))
			if err != nil {
				b.Fatal(err)
			}
			return s
		}},
	} {
		b.Run(tt.name, func(b *testing.B) {
			s := tt.open(b)
			defer s.close()
			book, id := serveStore(b, s), int64(10)
			one := call(b, book, get(base+"/1"), 200)
			list := call(b, book, get(base), 200)
			replace := call(b, book, with("PUT", base+"/1", noIDThere), 200)
			for _, request := range []struct {
				name string
				send func()
			}{{"get", one}, {"list", list}, {"replace", replace}, {"create", func() {
				id++
				send(b, book, postJSON(fmt.Sprintf(`{"ID":%d,"number":5,"post_code":"x"}`, id)))
			}}} {
				b.Run(request.name, func(b *testing.B) {
					var took []time.Duration
					for b.Loop() {
						began := time.Now()
						request.send()
						took = append(took, time.Since(began))
					}
					slices.Sort(took)
					b.ReportMetric(float64(took[len(took)/2].Nanoseconds()), "p50-ns")
					b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "p99-ns")
				})
			}
		})
	}
}

// A server starts with many addresses. The log says how long that takes.
func TestClusterLarge(t *testing.T) {
	foreign.Long(t)
	n := *large
	etcd := startEtcd(t, 1)
	open := func() store {
		s, err := openCluster(Options{Etcd: etcd.Addrs}, "large/", nil, newMemory(time.Now, 1<<20))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.close)
		return s
	}
	s := open()
	began := time.Now()
	var writers sync.WaitGroup
	for w := range 64 {
		writers.Go(func() {
			for id := w + 1; id <= n; id += 64 {
				a := someAddress(int64(id))
				if _, err := s.change(a.ID, &a, nil, anyVersion); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	writers.Wait()
	wrote := time.Since(began)
	began = time.Now()
	if got := len(listOf(t, open()).entries); got != n {
		t.Errorf("%d addresses, want %d", got, n)
	}
	t.Logf("%d addresses: %.0f creates a second, start and list %v", n, float64(n)/wrote.Seconds(),
		time.Since(began))
}

var large = flag.Int("large", 2000, "number of addresses in TestClusterLarge")
