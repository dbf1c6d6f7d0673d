package etcd

import (
	"bytes"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rawhttp/examples/cluster/nodes"
)

// A relay passes octets between clients and a node. It can lose responses, and hold back requests.
type relay struct {
	addr string
	node string
	down atomic.Bool  // close new connections
	lose atomic.Int32 // how many responses to transactions to lose, with their connections

	mu   sync.Mutex
	held [][]byte    // requests that were held back
	hold atomic.Bool // hold back the next transaction, and close its connection
}

func startRelay(t *testing.T, node string) *relay {
	t.Helper()
	r := &relay{node: node}
	r.addr = startFake(t, func(c net.Conn) {
		if !r.down.Load() {
			r.pass(c)
		}
	})
	return r
}

// pass passes what one client sends. Each request of package etcd arrives in one piece or is short
// enough to be read in one.
func (r *relay) pass(client net.Conn) {
	node, err := net.Dial("tcp", r.node)
	if err != nil {
		return
	}
	defer node.Close()
	var losing atomic.Bool
	go func() {
		defer client.Close()
		buf := make([]byte, 64<<10)
		for {
			n, err := node.Read(buf)
			if losing.Load() || err != nil {
				return
			}
			client.Write(buf[:n])
		}
	}()
	buf := make([]byte, 64<<10)
	for {
		n, err := client.Read(buf)
		if err != nil {
			return
		}
		if bytes.HasPrefix(buf[:n], []byte("POST /v3/kv/txn ")) {
			if r.hold.CompareAndSwap(true, false) {
				r.mu.Lock()
				r.held = append(r.held, bytes.Clone(buf[:n]))
				r.mu.Unlock()
				return
			}
			if r.lose.Load() > 0 {
				r.lose.Add(-1)
				losing.Store(true)
			}
		}
		node.Write(buf[:n])
	}
}

// deliver sends the requests that were held back, and waits for their responses.
func (r *relay) deliver(t *testing.T) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.held) != 1 {
		t.Fatalf("%d requests were held back", len(r.held))
	}
	for _, octets := range r.held {
		c, err := net.Dial("tcp", r.node)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(time.Minute))
		c.Write(bytes.Replace(octets, []byte("Connection: keep-alive\r\n"), nil, 1))
		if got, err := io.ReadAll(c); err != nil || !bytes.HasPrefix(got, []byte("HTTP/1.0 200 ")) {
			t.Fatalf("%q, %v", got, err)
		}
	}
	r.held = nil
}

// startFake starts a program that takes the place of a node until the test ends, and returns its
// address. Each connection is closed when serve returns.
func startFake(t *testing.T, serve func(net.Conn)) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for c, err := l.Accept(); err == nil; c, err = l.Accept() {
			go func() {
				defer c.Close()
				serve(c)
			}()
		}
	}()
	return l.Addr().String()
}

// A change whose response is lost is made once, and its caller is told the truth.
func testLostResponses(t *testing.T, cluster *nodes.Cluster) {
	r := startRelay(t, cluster.Addrs[0])
	table, _ := open(t, "lost/", r.addr, r.addr, r.addr, r.addr) // no pause before the fourth attempt
	for lost := range int32(4) {
		r.lose.Store(lost)
		created, err := table.Change(3, []byte("a"), missing, AnyVersion)
		if err != nil {
			t.Fatalf("create, %d lost: %v", lost, err)
		}
		r.lose.Store(lost)
		if _, err := table.Change(3, []byte("b"), missing, AnyVersion); err != ErrExists {
			t.Errorf("a second create, %d lost: %v", lost, err)
		}
		r.lose.Store(lost)
		replaced, err := table.Change(3, []byte("c"), created, AnyVersion)
		if err != nil {
			t.Errorf("replace, %d lost: %v", lost, err)
		}
		r.lose.Store(lost)
		if _, err := table.Change(3, []byte("d"), created, AnyVersion); err != ErrChanged {
			t.Errorf("replace of an old version, %d lost: %v", lost, err)
		}
		if row, err := table.Get(3); err != nil || string(row.Value) != "c" || row.Version != replaced {
			t.Errorf("%d lost: %q, version %d, want %d, %v", lost, row.Value, row.Version, replaced, err)
		}
		r.lose.Store(lost)
		if err := table.remove(3, replaced); err != nil {
			t.Errorf("delete, %d lost: %v", lost, err)
		}
	}
}

// A request that arrives late changes nothing, whatever its repetition has led to.
func testLateRequests(t *testing.T, cluster *nodes.Cluster) {
	r := startRelay(t, cluster.Addrs[0])
	table, _ := open(t, "late/", r.addr)
	other, _ := open(t, "late/", cluster.Addrs[0]) // which does not use the connections of the first
	absent := func(when string) {
		t.Helper()
		if row, err := table.Get(3); err != nil || row.Value != nil {
			t.Errorf("%s: %q, %v", when, row.Value, err)
		}
	}
	r.hold.Store(true)
	created, err := table.Change(3, []byte("a"), missing, AnyVersion)
	if err != nil {
		t.Fatal(err)
	}
	if err := other.remove(3, created); err != nil {
		t.Fatal(err)
	}
	r.deliver(t)
	absent("a create that was made, and arrives again")

	if _, err := table.Change(3, []byte("b"), missing, AnyVersion); err != nil {
		t.Fatal(err)
	}
	r.hold.Store(true)
	if _, err := table.Change(3, []byte("c"), missing, AnyVersion); err != ErrExists {
		t.Fatal(err)
	}
	if err := other.removePresent(3); err != nil {
		t.Fatal(err)
	}
	r.deliver(t)
	absent("a create that was refused, and arrives again")

	if _, err := table.Change(3, []byte("d"), missing, AnyVersion); err != nil {
		t.Fatal(err)
	}
	r.hold.Store(true)
	if err := table.removePresent(3); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Change(3, []byte("e"), missing, AnyVersion); err != nil {
		t.Fatal(err)
	}
	r.deliver(t)
	if row, err := table.Get(3); err != nil || string(row.Value) != "e" {
		t.Errorf("a delete that arrives again: %q, %v", row.Value, err)
	}
}
