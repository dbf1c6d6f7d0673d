package journal

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"sync"
)

// A replayer collects records. It decodes those that it has on all processors, and then applies them in their
// order.
type replayer struct {
	decode  Decoder
	count   func(record []byte) // called with each record that was applied
	waiting []replayed
	octets  int // of the records that wait
}

type replayed struct {
	record []byte
	batch  int64 // where its batch begins
	apply  func()
	err    error
}

// mostWaiting is the number of octets of records that are decoded together.
const mostWaiting = 256 << 10

// add copies a record. When mostWaiting octets wait, it flushes.
func (r *replayer) add(record []byte, batch int64) error {
	r.waiting = append(r.waiting, replayed{record: bytes.Clone(record), batch: batch})
	if r.octets += len(record); r.octets < mostWaiting {
		return nil
	}
	return r.flush()
}

// flush decodes and applies the records that wait. If one cannot be decoded, it applies only those before it.
// Then no record waits.
func (r *replayer) flush() error {
	records := r.waiting
	r.waiting, r.octets = r.waiting[:0], 0
	var all sync.WaitGroup
	for part := range slices.Chunk(records, len(records)/runtime.GOMAXPROCS(0)+1) {
		all.Go(func() {
			for i := range part {
				part[i].apply, part[i].err = r.decode(part[i].record)
			}
		})
	}
	all.Wait()
	for _, w := range records {
		if w.err != nil {
			return fmt.Errorf("in the batch at offset %d: %.80q: %w", w.batch, w.record, w.err)
		}
		w.apply()
		r.count(w.record)
	}
	return nil
}
