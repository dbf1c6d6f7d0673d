package etcd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rawhttp/examples/cluster/nodes"
	"rawhttp/examples/foreign"
)

func TestMain(m *testing.M) { os.Exit(foreign.Waiting(m)) }

// startEtcd starts a cluster for a test. A change does not wait for the disk, which may be busy: etcd is
// killed here, but the system that has the octets goes on.
func startEtcd(t testing.TB, n int, flags ...string) *nodes.Cluster {
	t.Helper()
	return startEtcdIn(t, t.TempDir(), n, flags...)
}

// startEtcdIn starts a cluster that keeps its data in a directory.
func startEtcdIn(t testing.TB, dir string, n int, flags ...string) *nodes.Cluster {
	t.Helper()
	foreign.Short(t)
	if _, err := nodes.Find("etcd"); err != nil {
		foreign.Skip(t, "etcd is not on this machine")
	}
	c, err := nodes.StartEtcd(dir, n, append(flags, "--unsafe-no-fsync")...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// A copy is what Apply was told.
type copied struct {
	mu       sync.Mutex
	rows     map[int64]Row
	modified time.Time
}

func (c *copied) apply(u Update) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if u.All {
		c.rows = make(map[int64]Row)
	}
	for _, r := range u.Rows {
		if c.rows[r.ID] = r; r.Value == nil {
			delete(c.rows, r.ID)
		}
	}
	c.modified = u.Modified
}

func (c *copied) get(id int64) Row {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rows[id]
}

// open opens a table until the test ends.
func open(t testing.TB, prefix string, addrs ...string) (*Table, *copied) {
	t.Helper()
	c := new(copied)
	table, err := Open(Options{Endpoints: addrs, Prefix: prefix, Clock: time.Now, Apply: c.apply,
		First: []Row{{ID: 1, Value: []byte("one")}, {ID: 2, Value: []byte("two")}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(table.Close)
	return table, c
}

// remove removes a row that has a version.
func (t *Table) remove(id int64, version uint64) error {
	_, err := t.Change(id, nil, version, AnyVersion)
	return err
}

// removePresent removes a row, whatever its version.
func (t *Table) removePresent(id int64) error {
	row, err := t.Get(id)
	if err != nil {
		return err
	}
	return t.remove(id, row.Version)
}

// These tests share a node, which none of them harms.
func TestOneNode(t *testing.T) {
	t.Parallel()
	cluster := startEtcd(t, 1)
	for name, test := range map[string]func(*testing.T, *nodes.Cluster){
		"shared": testShared, "lease lost": testLeaseLost,
		"lost responses": testLostResponses, "late requests": testLateRequests,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, cluster)
		})
	}
}

// Several servers see the same rows, and the first rows are created once.
func testShared(t *testing.T, cluster *nodes.Cluster) {
	a, _ := open(t, "shared/", cluster.Addrs...)
	if err := a.removePresent(1); err != nil {
		t.Fatal(err)
	}
	version, err := a.Change(3, []byte("three"), missing, AnyVersion)
	if err != nil {
		t.Fatal(err)
	}
	b, rows := open(t, "shared/", cluster.Addrs...)
	if _, err := b.Change(3, []byte("drei"), version, AnyVersion); err != nil {
		t.Fatal(err)
	}
	if row, err := a.Get(3); err != nil || string(row.Value) != "drei" {
		t.Errorf("%q, %v", row.Value, err)
	}
	if row, err := a.Get(1); err != nil || row.Value != nil {
		t.Errorf("the first row is back: %q, %v", row.Value, err)
	}
	if _, err := a.Change(4, []byte("four"), missing, AnyVersion); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[int64]error{4: ErrExists, 5: ErrChanged} {
		if _, err := b.Change(id, []byte("x"), missing, version); err != want { // the table has a newer version
			t.Errorf("change %d: %v, want %v", id, err, want)
		}
	}
	if err := b.Sync(); err != nil || string(rows.get(4).Value) != "four" || rows.get(1).Value != nil {
		t.Errorf("%v, rows %v", err, rows.rows)
	}
}

// Requests share connections, and the pool opens no more than it needs.
func TestKeepAlive(t *testing.T) {
	t.Parallel()
	cluster := startEtcd(t, 1)
	table, _ := open(t, "keep/", cluster.Addrs...)
	if _, err := table.Change(4, []byte("four"), missing, AnyVersion); err != nil {
		t.Fatal(err)
	}
	if err := table.Sync(); err != nil { // then the watch has begun, and needs no connection of the pool
		t.Fatal(err)
	}
	before := table.client.stats.dials.Load()
	for i := range 50 {
		if _, err := table.Get(int64(i)); err != nil {
			t.Fatal(err)
		}
	}
	if n := table.client.stats.dials.Load() - before; n > 1 {
		t.Errorf("%d connections for 50 requests", n)
	}
	long := make([]byte, 8<<10) // its close marks the end of the response
	if _, err := table.Change(3, long, missing, AnyVersion); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if row, err := table.Get(3); err != nil || len(row.Value) != len(long) {
			t.Errorf("%d octets, %v", len(row.Value), err)
		}
	}
	cluster.Nodes[0].Kill() // closes the idle connections
	if err := cluster.Nodes[0].Restart(); err != nil {
		t.Fatal(err)
	}
	if err := cluster.Nodes[0].Wait(cluster.Addrs[0]); err != nil {
		t.Fatal(err)
	}
	if row, err := table.Get(1); err != nil || string(row.Value) != "one" {
		t.Errorf("after a restart of the node: %q, %v", row.Value, err)
	}
}

// fill makes rows with the IDs 1 to n.
func fill(t *testing.T, table *Table, n int64, value func(id int64) []byte) {
	t.Helper()
	var several txnRequest
	for id := int64(1); id <= n; id++ {
		several.Success = append(several.Success, table.putRow(id, value(id)))
		if len(several.Success) < 100 && id < n { // etcd takes 128 operations at a time
			continue
		}
		if _, err := table.client.call(txnPath, &several, new(txnResponse), long); err != nil {
			t.Fatal(err)
		}
		several.Success = nil
	}
}

// All rows are read at the start, however many pages they have, and after etcd has forgotten the
// changes that a watch would need.
func TestLoad(t *testing.T) {
	t.Parallel()
	cluster := startEtcd(t, 1)
	table, _ := open(t, "load/", cluster.Addrs...)
	const n = pageRows + 3
	fill(t, table, n, func(id int64) []byte { return fmt.Append(nil, id) })
	r := startRelay(t, cluster.Addrs[0])
	other, rows := open(t, "load/", r.addr)
	if len(rows.rows) != n || string(rows.get(n).Value) != fmt.Sprint(n) {
		t.Fatalf("%d rows, want %d", len(rows.rows), n)
	}
	r.down.Store(true)
	other.mu.Lock()
	other.cutWatch()
	other.mu.Unlock()
	if err := table.removePresent(5); err != nil {
		t.Fatal(err)
	}
	version, err := table.Change(n+1, []byte("x"), missing, AnyVersion)
	if err != nil {
		t.Fatal(err)
	}
	compact := map[string]string{"revision": fmt.Sprint(version)}
	if _, err := table.client.call("/v3/kv/compaction", compact, &struct{}{}, usual); err != nil {
		t.Fatal(err)
	}
	r.down.Store(false)
	if err := other.Sync(); err != nil || rows.get(5).Value != nil || rows.get(6).Value == nil ||
		rows.get(n+1).Value == nil {
		t.Errorf("after a compaction: %v, %d rows", err, len(rows.rows))
	}
}

// A table notices that etcd was restored from a backup, even if nothing asks it until etcd has had more
// changes than were lost. If etcd has forgotten the changes before, the table reads all rows again.
func TestRestored(t *testing.T) {
	t.Parallel()
	for name, compacted := range map[string]bool{"with its changes": false, "compacted": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testRestored(t, compacted)
		})
	}
}

func testRestored(t *testing.T, compacted bool) {
	dir := t.TempDir()
	cluster := startEtcdIn(t, dir, 1)
	restart := func(meanwhile ...func() error) {
		t.Helper()
		cluster.Nodes[0].Kill()
		for _, step := range append(meanwhile, cluster.Nodes[0].Restart,
			func() error { return cluster.Nodes[0].Wait(cluster.Addrs[0]) }) {
			if err := step(); err != nil {
				t.Fatal(err)
			}
		}
	}
	change := func(table *Table, from, to int64) (version uint64) {
		t.Helper()
		for id := from; id <= to; id++ {
			var err error
			if version, err = table.Change(id, []byte("x"), missing, AnyVersion); err != nil {
				t.Fatal(err)
			}
		}
		return version
	}
	r := startRelay(t, cluster.Addrs[0])
	table, rows := open(t, "restored/", r.addr)
	backup := t.TempDir()
	restart(func() error { return os.CopyFS(backup, os.DirFS(dir)) })
	change(table, 3, 5)
	if err := table.Sync(); err != nil || rows.get(5).Value == nil {
		t.Fatalf("before the restore: %v, rows %v", err, rows.rows)
	}
	r.down.Store(true)
	restart(func() error { return os.RemoveAll(dir) }, func() error { return os.CopyFS(dir, os.DirFS(backup)) })
	other, _ := open(t, "restored/", cluster.Addrs...)
	version := change(other, 6, 10)
	if compacted {
		compact := map[string]string{"revision": fmt.Sprint(version)}
		if _, err := other.client.call("/v3/kv/compaction", compact, &struct{}{}, usual); err != nil {
			t.Fatal(err)
		}
	}
	r.down.Store(false)
	err := table.Sync()
	if !compacted && err != errLost {
		t.Errorf("%v, rows %v", err, rows.rows)
	}
	if compacted && (err != nil || rows.get(5).Value != nil || rows.get(6).Value == nil) {
		t.Errorf("compacted: %v, rows %v", err, rows.rows)
	}
}

// Many long rows after short ones are read in the time that a node has.
func TestLoadLongRows(t *testing.T) {
	t.Parallel()
	foreign.Long(t)
	const short, all = 600, 7100
	cluster := startEtcd(t, 1)
	table, _ := open(t, "rows/", cluster.Addrs...)
	fill(t, table, all, func(id int64) []byte {
		if id <= short {
			return make([]byte, 100)
		}
		return make([]byte, 9000)
	})
	if _, rows := open(t, "rows/", cluster.Addrs...); len(rows.rows) != all {
		t.Errorf("%d rows, want %d", len(rows.rows), all)
	}
}

// A lease that is lost is replaced. A change that meets the loss is made with the new lease.
func testLeaseLost(t *testing.T, cluster *nodes.Cluster) {
	table, _ := open(t, "lease/", cluster.Addrs...)
	lost := table.lease.Load()
	revoke := leaseMessage{ID: lost}
	if _, err := table.client.call("/v3/lease/revoke", &revoke, &struct{}{}, usual); err != nil {
		t.Fatal(err)
	}
	var version uint64
	err := decided(func() (err error) {
		version, err = table.Change(3, []byte("x"), missing, AnyVersion)
		return err
	})
	if row, err2 := table.Get(3); err != nil || err2 != nil || string(row.Value) != "x" || row.Version != version {
		t.Errorf("without a lease: %v, %v, row %q", err, err2, row.Value)
	}
	if table.lease.Load() == lost {
		t.Error("the lease is still that which was lost")
	}
}

// A cluster that has reached its quota refuses changes and says so. Reads go on, even in a table that is
// opened then. A table that does not exist cannot be opened.
func TestNoSpace(t *testing.T) {
	t.Parallel()
	cluster := startEtcd(t, 1, "--quota-backend-bytes", "200000")
	table, _ := open(t, "space/", cluster.Addrs...)
	value := make([]byte, 50_000)
	var err error
	id := int64(3)
	for end := time.Now().Add(time.Minute); err == nil && time.Now().Before(end); id++ {
		err = decided(func() error { // etcd looks at its size from time to time only
			_, err := table.Change(id, value, missing, AnyVersion)
			return err
		})
	}
	if !errors.Is(err, ErrNoSpace) || errors.Is(err, ErrUnknown) {
		t.Fatalf("create: %v", err)
	}
	for range 2 {
		if err := decided(func() error { return table.removePresent(1) }); !errors.Is(err, ErrNoSpace) || errors.Is(err, ErrUnknown) {
			t.Errorf("delete: %v", err)
		}
		table.lease.Store(1) // etcd gives no lease without space, so the present one expires
	}
	if row, err := table.Get(id - 1); err != nil || row.Value != nil {
		t.Errorf("refused, and there: %v", err)
	}
	if row, err := table.Get(1); err != nil || string(row.Value) != "one" {
		t.Errorf("%q, %v", row.Value, err)
	}
	second, rows := open(t, "space/", cluster.Addrs...)
	if err := second.Ping(); err != nil || rows.get(id-2).Value == nil {
		t.Errorf("opened without space: %v, row %d is %q", err, id-2, rows.get(id-2).Value)
	}
	if _, err := Open(Options{Endpoints: cluster.Addrs, Prefix: "new/", Clock: time.Now,
		Apply: func(Update) {}}); !errors.Is(err, ErrNoSpace) || errors.Is(err, ErrUnknown) {
		t.Errorf("a new table without space: %v", err)
	}
	if err := decided(func() error { return second.removePresent(1) }); !errors.Is(err, ErrNoSpace) || errors.Is(err, ErrUnknown) {
		t.Errorf("delete: %v", err)
	}
	makeSpace(t, second)
	if err := second.removePresent(1); err != nil || second.lease.Load() <= 0 {
		t.Errorf("with space again: %v, lease %d", err, second.lease.Load())
	}
}

// decided calls change again if its outcome is not known: on a busy machine an attempt can take too long.
func decided(change func() error) (err error) {
	for range 5 {
		if err = change(); !errors.Is(err, ErrUnknown) {
			break
		}
	}
	return err
}

// makeSpace removes the rows from 3 on, what etcd keeps of earlier revisions, and the alarm, as etcdctl
// does with  del, compact, defrag  and  alarm disarm.
func makeSpace(t *testing.T, table *Table) {
	t.Helper()
	call := func(path string, request, response any) {
		if _, err := table.client.call(path, request, response, usual); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	var removed rangeResponse // of which only the header is used
	call("/v3/kv/deleterange", &rangeRequest{Key: table.rowKey(3), RangeEnd: table.rowKey(999)}, &removed)
	call("/v3/kv/compaction", map[string]any{"revision": removed.Header.Revision, "physical": true}, &struct{}{})
	call("/v3/maintenance/defragment", &struct{}{}, &struct{}{})
	var alarms struct {
		Alarms []map[string]string `json:"alarms"`
	}
	const path = "/v3/maintenance/alarm"
	call(path, map[string]string{"action": "GET"}, &alarms)
	for _, alarm := range alarms.Alarms {
		alarm["action"] = "DEACTIVATE"
		call(path, alarm, &struct{}{})
	}
}

// With TLS, the node and the server check the certificates of each other. An error names the node.
func TestTLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cert, key, both := foreign.Certificate(t, dir)
	cluster := startEtcd(t, 1, "--cert-file", cert, "--key-file", key, "--client-cert-auth",
		"--trusted-ca-file", cert)
	config, err := LoadTLS(cert, both)
	if err != nil {
		t.Fatal(err)
	}
	table, err := Open(Options{Endpoints: cluster.Addrs, TLS: config, Prefix: "tls/", Clock: time.Now,
		Apply: func(Update) {}})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	if _, err := table.Change(3, []byte("three"), missing, AnyVersion); err != nil {
		t.Error(err)
	}
	if err := table.Sync(); err != nil {
		t.Error(err)
	}
	other, _, _ := foreign.Certificate(t, t.TempDir())
	for files, want := range map[[2]string]string{
		{cert, ""}:    ": remote error: tls: ",
		{other, both}: "certificate signed by unknown authority",
		{}:            cluster.Addrs[0] + " closed the connection before all of its response had come: EOF", // no TLS
	} {
		if files == [2]string{} {
			config = nil
		} else if config, err = LoadTLS(files[0], files[1]); err != nil {
			t.Fatal(err)
		}
		c := newClient(cluster.Addrs, config, nil)
		_, err = c.attempt(t.Context(), long.attempt, c.endpoint(0), rangePath, []byte("{}"), new(rangeResponse))
		if err == nil || !strings.HasPrefix(err.Error(), cluster.Addrs[0]) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	for _, files := range [][2]string{{key, ""}, {cert, cert}} { // a key is not a certificate, and cert has no key
		if _, err := LoadTLS(files[0], files[1]); err == nil || !strings.Contains(err.Error(), files[0]+" ") {
			t.Errorf("%q: %v", files, err)
		}
	}
}

// A table sends its password to a cluster that asks for one. A node forgets all tokens when it starts, and then
// gives a new one, to requests and to the watch.
func TestUser(t *testing.T) {
	t.Parallel()
	cluster := startEtcd(t, 1)
	root := &User{"root", "secret"}
	rows := new(copied)
	o := Options{Endpoints: cluster.Addrs, User: root, Prefix: "user/", Clock: time.Now, Apply: rows.apply}
	if _, err := Open(o); !errors.Is(err, ErrWrongUser) {
		t.Errorf("with a user of a cluster that has none: %v", err)
	}
	admin := newClient(cluster.Addrs, nil, nil) // which has time, because these requests cannot be sent twice
	for _, step := range []struct {
		path    string
		request any
	}{
		{"/v3/auth/user/add", root},
		{"/v3/auth/user/add", &User{"guest", "secret"}}, // it may do nothing
		{"/v3/auth/user/add", &User{"reader", "secret"}},
		{"/v3/auth/role/add", &User{Name: "reader"}},
		{"/v3/auth/role/grant", map[string]any{"name": "reader",
			"perm": map[string]any{"permType": "READ", "key": []byte{0}, "range_end": []byte{0}}}}, // of all keys
		{"/v3/auth/user/grant", map[string]string{"user": "reader", "role": "reader"}},
		{"/v3/auth/role/add", &User{Name: "root"}},
		{"/v3/auth/user/grant", map[string]string{"user": "root", "role": "root"}},
		{"/v3/auth/enable", struct{}{}},
	} {
		if _, err := admin.call(step.path, step.request, &struct{}{}, long); err != nil {
			t.Fatal(step.path, err)
		}
	}
	o.User = nil
	if _, err := Open(o); !errors.Is(err, ErrNeedsUser) {
		t.Errorf("without a user: %v", err)
	}
	for _, wrong := range []*User{{"root", "wrong"}, {"guest", "secret"}} {
		o.User = wrong
		if _, err := Open(o); !errors.Is(err, ErrWrongUser) || errors.Is(err, ErrUnavailable) {
			t.Errorf("%v: %v", wrong, err)
		}
	}
	o.User = root
	table, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	o.User = &User{"reader", "secret"} // of the table, which exists now
	if _, err := Open(o); !errors.Is(err, ErrWrongUser) {
		t.Errorf("with a user who may not write: %v", err)
	}
	for id := int64(3); id < 6; id++ {
		if _, err := table.Change(id, []byte("row"), missing, AnyVersion); err != nil {
			t.Error(id, err)
		}
		if err := table.Sync(); err != nil || rows.get(id).Value == nil {
			t.Errorf("%d: %v, rows %v", id, err, rows.rows)
		}
		if id == 4 {
			table.client.token.Store("unknown to every node")
		} else if id == 3 {
			cluster.Nodes[0].Kill()
			if err := cluster.Nodes[0].Restart(); err != nil {
				t.Fatal(err)
			}
			for end := time.Now().Add(time.Minute); table.Ping() != nil; {
				if time.Now().After(end) {
					t.Fatal("the node does not respond again")
				}
			}
		}
	}
}

func TestLoadUser(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "user")
	for text, want := range map[string]*User{
		"a:b": {"a", "b"}, "a:b:c\r\n": {"a", "b:c"}, "": nil, ":b": nil, "a:": nil, "a\n": nil, "a:b\nc:d": nil,
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := LoadUser(file)
		if (err == nil) != (want != nil) || want != nil && *got != *want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	if _, err := LoadUser(file + "s"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}
