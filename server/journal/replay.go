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
	octets  int // of the records that wait, an LF after each included
}

type replayed struct {
	record []byte
	batch  int64 // where its batch begins
	apply  func()
	err    error
}

// add copies a record. When there are enough of them, it flushes.
func (r *replayer) add(record []byte, batch int64) error {
	r.waiting = append(r.waiting, replayed{record: bytes.Clone(record), batch: batch})
	if r.octets += len(record) + 1; r.octets < 256<<10 {
		return nil
	}
	return r.flush()
}

// flush decodes and applies the records that wait. It stops at the first record that cannot be decoded, and drops
// the others.
func (r *replayer) flush() error {
	defer func() { r.waiting, r.octets = r.waiting[:0], 0 }()
	var all sync.WaitGroup
	for part := range slices.Chunk(r.waiting, len(r.waiting)/runtime.GOMAXPROCS(0)+1) {
		all.Go(func() {
			for i := range part {
				part[i].apply, part[i].err = r.decode(part[i].record)
			}
		})
	}
	all.Wait()
	for _, w := range r.waiting {
		if w.err != nil {
			return fmt.Errorf("in the batch at offset %d: %.80q: %w", w.batch, w.record, w.err)
		}
		w.apply()
		r.count(w.record)
	}
	return nil
}
