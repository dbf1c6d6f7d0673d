package etcd

import (
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rawhttp/examples/cluster/nodes"
	"rawhttp/examples/foreign"
)

var faultTime = flag.Duration("faults", 0, "how long TestFaults repeats its faults; 0 means once")

// A fault is something that happens to a cluster of three nodes.
type fault struct {
	name string
	do   func(*testing.T, *nodes.Cluster)
}

// during stops some nodes for a time. The time is the fault itself, so it is waited for.
func during(t *testing.T, c *nodes.Cluster, wait time.Duration, stopped ...int) {
	for _, i := range stopped {
		if err := c.Nodes[i].Stop(); err != nil {
			t.Skip("skipped: this system cannot stop a process")
		}
	}
	time.Sleep(wait)
	for _, i := range stopped {
		c.Nodes[i].Continue()
	}
}

// restart kills a node and starts it again after a time, which is part of the fault.
func restart(t *testing.T, c *nodes.Cluster, wait time.Duration, i int) {
	c.Nodes[i].Kill()
	time.Sleep(wait)
	if err := c.Nodes[i].Restart(); err != nil {
		t.Error(err)
	} else if err := c.Nodes[i].Wait(c.Addrs[i]); err != nil {
		t.Error(err)
	}
}

var faults = []fault{
	{"leader killed", func(t *testing.T, c *nodes.Cluster) { restart(t, c, 2*time.Second, c.WaitLeader()) }},
	{"follower killed", func(t *testing.T, c *nodes.Cluster) {
		restart(t, c, time.Second, (c.WaitLeader()+1)%3)
	}},
	{"leader stopped", func(t *testing.T, c *nodes.Cluster) {
		during(t, c, 4*time.Second, c.WaitLeader())
	}},
	{"follower stopped", func(t *testing.T, c *nodes.Cluster) {
		during(t, c, 3*time.Second, (c.WaitLeader()+1)%3)
	}},
	{"majority stopped", func(t *testing.T, c *nodes.Cluster) {
		leader := c.WaitLeader()
		during(t, c, 8*time.Second, leader, (leader+1)%3)
	}},
}

// A tally is what the writers of TestFaults have seen.
type tally struct {
	created, removed, counted atomic.Int64 // acknowledged
	unknown, unavailable      atomic.Int64
	wrong                     atomic.Int64 // responses that cannot be true
	unknownCounts             atomic.Int64
	mu                        sync.Mutex
	there                     map[int64]bool // what is known of each row; unknown rows are missing
	lastDone                  time.Time
	longestGap                time.Duration
	news                      chan struct{} // gets a value for a change, if it is waited for
}

func (y *tally) done() {
	y.mu.Lock()
	defer y.mu.Unlock()
	now := time.Now()
	y.longestGap = max(y.longestGap, now.Sub(y.lastDone))
	y.lastDone = now
	select {
	case y.news <- struct{}{}:
	default:
	}
}

// gap returns the longest time without an acknowledged change since the last call.
func (y *tally) gap() time.Duration {
	y.mu.Lock()
	defer y.mu.Unlock()
	gap := max(y.longestGap, time.Since(y.lastDone))
	y.longestGap = 0
	return gap
}

func (y *tally) know(id int64, there bool) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.there[id] = there
}

func (y *tally) forget(id int64) {
	y.mu.Lock()
	defer y.mu.Unlock()
	delete(y.there, id)
}

// failed counts an error that is not a decision. It returns false if the error is a decision.
func (y *tally) failed(err error) bool {
	switch {
	case errors.Is(err, ErrUnknown):
		y.unknown.Add(1)
	case errors.Is(err, ErrUnavailable), errors.Is(err, ErrRefused):
		y.unavailable.Add(1)
	default:
		return false
	}
	return true
}

// create creates a row, and removes every third one again. The ID is used once, so there is one
// right result for each request.
func (y *tally) create(t *testing.T, table *Table, rows *copied, id int64) {
	version, err := table.Change(id, []byte("x"), missing, AnyVersion)
	switch {
	case err == nil:
		y.know(id, true)
		y.created.Add(1)
		y.done()
	case y.failed(err):
		if !errors.Is(err, ErrUnknown) {
			y.know(id, false)
		}
		return
	default:
		y.wrong.Add(1)
		t.Errorf("create %d: %v", id, err)
		return
	}
	if id%5 == 0 {
		if err := table.Sync(); err == nil && rows.get(id).Value == nil {
			y.wrong.Add(1)
			t.Errorf("row %d was created, and the list does not have it", id)
		}
	}
	if id%3 != 0 {
		return
	}
	y.forget(id)
	switch err := table.remove(id, version); {
	case err == nil:
		y.know(id, false)
		y.removed.Add(1)
		y.done()
	case y.failed(err):
		if !errors.Is(err, ErrUnknown) {
			y.know(id, true)
		}
	default:
		y.wrong.Add(1)
		t.Errorf("delete %d: %v", id, err)
	}
}

// count adds one to the number in row 1, unless another writer is faster.
func (y *tally) count(t *testing.T, table *Table) {
	row, err := table.Get(1)
	if err != nil {
		if !y.failed(err) {
			t.Error(err)
		}
		return
	}
	n, _ := strconv.Atoi(string(row.Value))
	switch _, err := table.Change(1, fmt.Append(nil, n+1), row.Version, AnyVersion); {
	case err == nil:
		y.counted.Add(1)
		y.done()
	case errors.Is(err, ErrUnknown):
		y.unknown.Add(1)
		y.unknownCounts.Add(1)
	case err != ErrChanged && !y.failed(err):
		t.Error(err)
	}
}

// Nodes are killed and stopped while 8 writers of two servers create and remove rows and count in
// one row. No acknowledged change is lost or made twice, and no response is wrong.
func TestFaults(t *testing.T) {
	if *faultTime == 0 {
		foreign.Long(t)
	}
	cluster := startEtcd(t, 3)
	var tables []*Table
	var copies []*copied
	for i := range 2 {
		addrs := append(cluster.Addrs[i:len(cluster.Addrs):len(cluster.Addrs)], cluster.Addrs[:i]...)
		table, rows := open(t, "faults/", addrs...)
		tables, copies = append(tables, table), append(copies, rows)
	}
	first, err := tables[0].Get(1)
	if err == nil {
		_, err = tables[0].Change(1, []byte("0"), first.Version, AnyVersion)
	}
	if err != nil {
		t.Fatal(err)
	}
	y := &tally{there: make(map[int64]bool), lastDone: time.Now(), news: make(chan struct{})}
	var ids atomic.Int64
	ids.Store(100)
	stop := make(chan struct{})
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				if i%2 == 0 {
					y.create(t, tables[w%2], copies[w%2], ids.Add(1))
				} else {
					y.count(t, tables[w%2])
				}
			}
		})
	}
	var report strings.Builder
	for began := time.Now(); ; {
		for _, f := range faults {
			y.gap()
			f.do(t, cluster)
			cluster.WaitLeader()
			tooLate := time.After(time.Minute)
			for range 20 { // changes that are acknowledged after the fault
				select {
				case <-y.news:
				case <-tooLate:
					t.Fatalf("no change is acknowledged after: %s", f.name)
				}
			}
			fmt.Fprintf(&report, "\n%-18s longest gap %.1f s", f.name, y.gap().Seconds())
		}
		if time.Since(began) > *faultTime {
			break
		}
	}
	close(stop)
	writers.Wait()
	y.check(t, tables[0], copies[0])
	t.Logf("%s\n%d created, %d removed, %d counted, %d not known, %d not made, %d wrong", report.String(),
		y.created.Load(), y.removed.Load(), y.counted.Load(), y.unknown.Load(), y.unavailable.Load(),
		y.wrong.Load())
}

// check compares the table with what the writers know.
func (y *tally) check(t *testing.T, table *Table, rows *copied) {
	if err := table.Sync(); err != nil {
		t.Fatal(err)
	}
	lost, back := 0, 0
	for id, there := range y.there {
		is := rows.get(id).Value != nil
		if there && !is {
			lost++
		} else if !there && is {
			back++
		}
	}
	row, err := table.Get(1)
	n, _ := strconv.ParseInt(string(row.Value), 10, 64)
	counted, unknown := y.counted.Load(), y.unknownCounts.Load()
	if lost > 0 || back > 0 || err != nil || n < counted || n > counted+unknown {
		t.Errorf("%d rows lost, %d rows that should not be there; counted %d, %d not known: %d, %v",
			lost, back, counted, unknown, n, err)
	}
}
