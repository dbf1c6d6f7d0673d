package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"sync"
)

// What Append returns. The documentation of the package says what became of the records.
var (
	ErrNoSpace = errors.New("no space is left on the disk")
	ErrRecord  = errors.New("not a valid record")
	ErrStopped = errors.New("the journal takes no more changes until it is opened again")
	ErrClosed  = errors.New("the journal is closed")
	ErrUnknown = errors.New("it is not known whether the change is on the disk, and the journal takes " +
		"no more changes until it is opened again")
)

// A Journal is an open file of changes. Its methods may be called by several goroutines.
type Journal struct {
	files      filesystem
	name       string
	o          Options
	lock       file           // keeps other programs out
	dir        directory      // that has the file
	background sync.WaitGroup // for a compaction

	disk      sync.Mutex // held to change the file, and for these fields; taken before mu
	f         file
	compactAt int // how many records there must be for the next compaction; huge during a compaction

	mu   sync.Mutex
	next *group // that callers join

	// These are read with disk or mu held, and changed with both held.
	err     error               // what Append returns from now on
	end     int64               // octets of the file, all of them whole batches
	records int                 // in the file, the dead ones too
	live    map[string]struct{} // keys
}

// A group has the records that go to the disk together. The caller that begins a group writes it
// when the disk is free; until then other callers join it.
type group struct {
	records []byte
	done    chan struct{} // closed when err says what became of them
	err     error
}

// Append writes the records and returns when they are on the disk. The records of callers that
// come while the disk is busy are written together. Append does not keep the records. It refuses
// an empty record, a record with LF and a record that begins with "batch ". The records of one
// call have at most 16 MiB together, with one octet more for each.
func (j *Journal) Append(records ...[]byte) error {
	size := 0
	for _, record := range records {
		if size += len(record) + 1; !validRecord(record) || size > maxRecords {
			return fmt.Errorf("%w: it is empty, too long, contains LF or begins with %q: %.80q",
				ErrRecord, batchWord, record)
		}
	}
	if size == 0 {
		return nil
	}
	g, first := j.join(records, size)
	if !first {
		<-g.done
		return g.err
	}
	j.disk.Lock()
	defer j.disk.Unlock()
	g.err = j.write(g)
	close(g.done)
	j.compactIfWorth()
	return g.err
}

// join adds the records to the group that will be written next, or begins a group.
func (j *Journal) join(records [][]byte, size int) (g *group, first bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if first = j.next == nil || len(j.next.records)+size > maxRecords; first {
		j.next = &group{done: make(chan struct{})}
	}
	for _, record := range records {
		j.next.records = append(append(j.next.records, record...), '\n')
	}
	return j.next, first
}

// write writes a batch and syncs it.
func (j *Journal) write(g *group) error {
	j.mu.Lock()
	j.next = nil // no caller can join the group any more
	j.mu.Unlock()
	if j.err != nil {
		return j.err
	}
	if err := j.checkFile(); err != nil { // what is written now would be lost when the file is closed
		return j.stop(ErrStopped, err)
	}
	octets := appendBatch(nil, g.records)
	if _, err := j.f.WriteAt(octets, j.end); err != nil {
		return j.undo(j.named(err))
	}
	if err := j.f.Sync(); err != nil {
		return j.stop(ErrUnknown, j.named(err))
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.end += int64(len(octets))
	for record := range bytes.Lines(g.records) {
		j.count(record[:len(record)-1])
	}
	return nil
}

// checkFile returns an error if the file does not have its name any more, or if the file is not as long as
// the journal has made it.
func (j *Journal) checkFile() error {
	if !j.files.isUnder(j.name, j.f) {
		return fmt.Errorf("%s was removed or replaced by another program: put it back, and start this program again", j.name)
	}
	info, err := j.f.Stat()
	if err != nil || info.Size() == j.end {
		return j.named(err)
	}
	advice := "restore it from a copy, and start this program again"
	if info.Size() > j.end {
		advice = "start this program again" // all changes are there, and Open removes what follows them
	}
	return fmt.Errorf("%s has %d octets instead of %d, because another program has changed it: %s",
		j.name, info.Size(), j.end, advice)
}

// count counts a record that is in the file.
func (j *Journal) count(record []byte) {
	j.records++
	if j.o.Key == nil {
		return
	}
	if key, live := j.o.Key(record); live {
		j.live[key] = struct{}{}
	} else {
		delete(j.live, key)
	}
}

// undo removes what a failed write left. The removal must be on the disk before Append returns,
// because the whole batch may have been written.
func (j *Journal) undo(cause error) error {
	err := j.f.Truncate(j.end)
	if err == nil {
		err = j.f.Sync()
	}
	if err != nil {
		return j.stop(ErrUnknown, errors.Join(cause, j.named(err)))
	}
	if j.files.noSpace(cause) {
		return fmt.Errorf("%w: %w", ErrNoSpace, cause)
	}
	return j.stop(ErrStopped, cause)
}

// named puts the name of the file into an error. After a compaction the error has the name of the draft.
func (j *Journal) named(err error) error {
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		failed.Path = j.name
	}
	return err
}

// stop makes every later change fail, and returns the error of this one.
func (j *Journal) stop(kind, cause error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.err = fmt.Errorf("%w: %w", ErrStopped, cause)
	return fmt.Errorf("%w: %w", kind, cause)
}

// Stats are the figures of an open journal.
type Stats struct {
	Octets  int64 // of the file
	Records int   // in the file
	Err     error // nil while the journal takes changes; then ErrStopped with the reason, or ErrClosed
}

// Stats returns the figures of this moment. It does not wait for the disk.
func (j *Journal) Stats() Stats {
	j.mu.Lock()
	defer j.mu.Unlock()
	return Stats{Octets: j.end, Records: j.records, Err: j.err}
}

// Close releases the file when the batch that is being written is on the disk. Changes that
// were not yet begun get ErrClosed.
func (j *Journal) Close() {
	j.disk.Lock()
	j.mu.Lock()
	j.err = ErrClosed
	j.mu.Unlock()
	j.disk.Unlock()
	j.background.Wait()
	j.f.Close() // everything in it was synced
	j.dir.Close()
	j.lock.Close()
}
