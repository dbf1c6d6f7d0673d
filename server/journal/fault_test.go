package journal

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"rawhttp/examples/foreign"
)

// A run changes a journal as a program would, and remembers what Append returned.
type run struct {
	t     *testing.T
	disk  *fakeDisk
	acked table   // what was acknowledged
	maybe []table // what else a restart may show
	j     *Journal
	hasty bool // to end at the first error
	waits bool // for each compaction, so that each of its steps comes in turn
}

// change appends a record for each key and compares the error with what the package promises. Each change
// has a value of its own, so the test knows which change it finds after a restart.
func (r *run) change(n int) error {
	key, other := fmt.Sprint(n%4), fmt.Sprint("x", n%3)
	texts := []string{fmt.Sprintf("put %s %d", key, n)}
	if n%5 == 4 {
		texts = []string{"del " + key, fmt.Sprintf("put %s %d", other, n)} // both or neither
	}
	after := maps.Clone(r.acked)
	for _, record := range records(texts...) {
		apply, err := after.decode(record)
		if err != nil {
			r.t.Fatal(err)
		}
		apply()
	}
	stopped := r.j.Stats().Err
	err := r.j.Append(records(texts...)...)
	switch {
	case stopped != nil && !errors.Is(err, ErrStopped):
		r.t.Errorf("%v after %v", err, stopped)
	case err == nil:
		r.acked = after
	case errors.Is(err, ErrUnknown):
		r.maybe = append(r.maybe, after)
	case !errors.Is(err, ErrNoSpace) && !errors.Is(err, ErrStopped):
		r.t.Error(err)
	}
	if errors.Is(err, ErrNoSpace) && r.j.Stats().Err != nil {
		r.t.Errorf("stopped after %v", err)
	}
	return err
}

// all opens the journal, changes it and closes it. Every step of the disk may be the one that
// fails.
func (r *run) all() {
	m := table{}
	o := Options{Initial: records("put 0 first", "put x0 first"), Key: keyOf, leastDead: 6}
	initial := table{"0": "first", "x0": "first"}
	r.maybe = []table{initial} // until Open has returned
	j, _, err := open(r.disk, "dir/book", o, m.decode)
	if err != nil {
		return
	}
	if !maps.Equal(m, initial) {
		r.t.Errorf("a new journal has %v", m)
	}
	r.j, r.acked, r.maybe = j, initial, nil
	for n := range 24 {
		err := r.change(n)
		if r.waits {
			j.background.Wait()
		}
		if err != nil && r.hasty {
			break
		}
	}
	j.Close()
}

// check opens the journal without faults: nothing acknowledged is lost, nothing refused is back.
func (r *run) check(when string) {
	r.t.Helper()
	m := table{}
	j, _, err := open(r.disk, "dir/book", Options{}, m.decode)
	if err != nil {
		r.t.Errorf("%s: %v", when, err)
		return
	}
	j.Close()
	fits := maps.Equal(m, r.acked)
	for _, maybe := range r.maybe {
		fits = fits || maps.Equal(m, maybe)
	}
	if !fits {
		r.t.Errorf("%s: opened with %v, acknowledged are %v, possible are %v", when, m, r.acked, r.maybe)
	}
	if len(r.disk.octets("dir/book.new")) > 0 {
		r.t.Errorf("%s: the temporary file is still there", when)
	}
	r.acked, r.maybe = m, nil // what was seen once must stay
}

// Each step of the disk fails in turn, in each way, alone or with those that follow; then the
// program is killed, or the power is cut.
func TestEachFault(t *testing.T) {
	foreign.Short(t)
	faults := map[string]fault{"before": failBefore, "partly": failPartly, "after": failAfter,
		"no space": failNoSpace, "power": losePower}
	hit := make(map[string]int)
	for name, how := range faults {
		for _, times := range []int{1, 2, 3} {
			for _, killed := range []bool{false, true} {
				if how != losePower || !killed && times == 1 {
					t.Run(fmt.Sprintf("%s %d killed=%t", name, times, killed), func(t *testing.T) {
						eachStep(t, how, times, killed, hit)
					})
				}
			}
		}
	}
	for _, op := range []string{"write dir/book", "sync dir/book", "truncate dir/book", "open dir/book",
		"read dir/book", "stat dir/book", "write dir/book.new", "sync dir/book.new", "open dir/book.new",
		"rename dir/book.new", "remove dir/book.new", "sync of directory dir"} {
		if hit[op] == 0 {
			t.Errorf("%s never failed", op)
		}
	}
}

// Records that need several batches and several reads are not lost either, whichever step fails.
func TestEachFaultOfLongRecords(t *testing.T) {
	foreign.Short(t)
	a, b := strings.Repeat("a", 40<<10), strings.Repeat("b", 40<<10)
	o := Options{Initial: records("put 1 "+a, "put 2 "+b), Key: keyOf, leastDead: 2}
	for d, step := newFakeDisk(1), 1; d.steps >= step-1; step++ {
		d = newFakeDisk(1)
		d.failAt, d.times = step, 1
		j, _, err := open(d, "book", o, table{}.decode)
		if err == nil {
			j.Append(records("del 3", "del 3", "del 3")...)
			j.background.Wait()
			j.Close()
		}
		d.failAt = 0
		m := table{}
		if j, _, err = open(d, "book", o, m.decode); err != nil || m["1"] != a || m["2"] != b {
			t.Fatalf("step %d %q: %d records, %v", step, d.failed, len(m), err)
		}
		j.Close()
	}
}

func eachStep(t *testing.T, how fault, times int, killed bool, hit map[string]int) {
	for step, done := 1, false; !done; step++ {
		for seed := range uint64(4) {
			r := &run{t: t, hasty: seed%2 == 1, waits: seed >= 2, disk: newFakeDisk(seed*1_000_000 + uint64(step)), acked: table{}}
			r.disk.failAt, r.disk.times, r.disk.how = step, times, how
			r.disk.closes = (int(seed+seed/2)+times)%2 == 0 // with each combination of the other two
			r.all()
			done = r.disk.steps < step
			for _, op := range r.disk.failed {
				hit[op]++
			}
			when := fmt.Sprintf("step %d %q, seed %d", step, r.disk.failed, seed)
			if killed {
				r.disk.kill()
				r.check(when + ", killed")
			}
			for range 3 {
				r.disk.crash()
				r.check(when + ", power cut")
			}
			if t.Failed() {
				return
			}
		}
	}
}
