package queue

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// At most half of the processors' worth of work runs at a time, a full queue refuses at once, and
// everything that was accepted runs in the end, even after a panic.
func TestQueue(t *testing.T) {
	q := New(3)
	half := max(1, runtime.GOMAXPROCS(0)/2)
	if q.Cap() != 4*half {
		t.Errorf("Cap() is %d, want %d", q.Cap(), 4*half)
	}
	func() {
		defer func() { recover() }()
		q.Do(func() { panic("work") })
	}()
	if q.Len() != 0 {
		t.Fatalf("after a panic, Len() is %d", q.Len())
	}
	release := make(chan struct{})
	var running, most, ran atomic.Int64
	var all sync.WaitGroup
	for range q.Cap() {
		all.Go(func() {
			q.Do(func() {
				for n := running.Add(1); n > most.Load(); {
					most.Store(n)
				}
				<-release
				running.Add(-1)
				ran.Add(1)
			})
		})
	}
	for q.Len() < q.Cap() {
		runtime.Gosched()
	}
	if q.Do(func() {}) {
		t.Error("a full queue accepts work")
	}
	close(release)
	all.Wait()
	if ran.Load() != int64(q.Cap()) || most.Load() > int64(half) {
		t.Errorf("%d ran, want %d; %d at a time, want at most %d", ran.Load(), q.Cap(), most.Load(), half)
	}
	if !q.Do(func() {}) {
		t.Error("an empty queue refuses work")
	}
}
