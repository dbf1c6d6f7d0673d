package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
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
	files filesystem
	name  string
	o     Options
	lock  io.Closer
	ended chan struct{}

	// The goroutine that writes has these for itself.
	f   file
	buf []byte

	mu         sync.Mutex
	wake       sync.Cond
	queue      []*group
	closed     bool
	stopped    error  // what Append returns from now on
	compacting bool   // a goroutine writes a draft
	draft      *draft // that it has written
	cancelled  atomic.Bool

	// Only the goroutine that writes changes these, with mu held.
	end     int64 // octets of the file, all of them whole batches
	records int
	live    map[string]struct{} // keys
	retry   int                 // no compaction before there are so many records
}

// A group has the records that go to the disk together.
type group struct {
	records []byte
	count   int
	done    chan struct{} // closed when err says what became of them
	err     error
}

func newJournal(files filesystem, name string, o Options, lock io.Closer) *Journal {
	if o.leastDead == 0 {
		o.leastDead = 1000
	}
	j := &Journal{files: files, name: name, o: o, lock: lock, ended: make(chan struct{}),
		live: make(map[string]struct{})}
	j.wake.L = &j.mu
	return j
}

// Append writes the records and returns when they are on the disk. The records of callers that come
// while the disk is busy are written together, in the order in which they came. Append does not keep
// the records. An empty record, a record with LF and a record that begins with "batch " are refused;
// the records of one call have at most 16 MiB together, with one octet more for each.
func (j *Journal) Append(records ...[]byte) error {
	size := 0
	for _, record := range records {
		if err := checkRecord(record); err != nil {
			return err
		}
		if size += len(record) + 1; size > maxRecords {
			return fmt.Errorf("%w: more than %d octets", ErrRecord, maxRecords)
		}
	}
	if size == 0 {
		return nil
	}
	g, err := j.join(records, size)
	if err != nil {
		return err
	}
	<-g.done
	return g.err
}

// join adds the records to the group that will be written next, or begins a group.
func (j *Journal) join(records [][]byte, size int) (*group, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case j.closed:
		return nil, ErrClosed
	case j.stopped != nil:
		return nil, j.stopped
	}
	last := len(j.queue) - 1
	if last < 0 || len(j.queue[last].records)+size > maxRecords {
		j.queue = append(j.queue, &group{done: make(chan struct{})})
		last++
	}
	g := j.queue[last]
	for _, record := range records {
		g.records = append(append(g.records, record...), '\n')
	}
	g.count += len(records)
	j.wake.Signal()
	return g, nil
}

// run writes groups, and puts compacted files into place, until the journal is closed.
func (j *Journal) run() {
	j.compactIfWorth()
	for {
		g, d := j.next()
		switch {
		case g != nil:
			g.err = j.write(g)
			close(g.done)
			j.compactIfWorth()
		case d != nil:
			j.adopt(d)
		default:
			j.f.Close() // everything in it was synced; a stopped journal may have it closed
			j.lock.Close()
			close(j.ended)
			return
		}
	}
}

// next waits for a group or a draft. There is neither after the last one of a closed journal.
func (j *Journal) next() (g *group, d *draft) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for {
		switch {
		case j.draft != nil:
			d, j.draft = j.draft, nil
			return nil, d
		case len(j.queue) > 0:
			g, j.queue = j.queue[0], j.queue[1:]
			return g, nil
		case j.closed && !j.compacting:
			return nil, nil
		}
		j.wake.Wait()
	}
}

// write writes a batch and syncs it.
func (j *Journal) write(g *group) error {
	if j.stopped != nil {
		return j.stopped
	}
	j.buf = appendBatch(j.buf[:0], g.records, g.count)
	octets := j.buf
	if cap(j.buf) > 1<<20 {
		j.buf = nil
	}
	if _, err := j.f.WriteAt(octets, j.end); err != nil {
		return j.undo(err)
	}
	if err := j.f.Sync(); err != nil {
		return j.stop(ErrUnknown, err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.end += int64(len(octets))
	for record := range bytes.Lines(g.records) {
		j.count(record[:len(record)-1])
	}
	return nil
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

// undo removes what a failed write left. That must be on the disk before Append returns: a part of
// the batch could be all of it.
func (j *Journal) undo(cause error) error {
	err := j.f.Truncate(j.end)
	if err == nil {
		err = j.f.Sync()
	}
	if err != nil {
		return j.stop(ErrUnknown, errors.Join(cause, err))
	}
	if j.files.noSpace(cause) {
		return fmt.Errorf("%w: %w", ErrNoSpace, cause)
	}
	return j.stop(ErrStopped, cause)
}

// stop makes every later change fail, and returns the error of this one.
func (j *Journal) stop(kind, cause error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.stopped = fmt.Errorf("%w: %w", ErrStopped, cause)
	return fmt.Errorf("%w: %w", kind, cause)
}

// Stats are the figures of an open journal.
type Stats struct {
	Octets  int64 // of the file
	Records int   // in the file
	Live    int   // keys with a live record; 0 without Options.Key
}

// Stats returns the figures of this moment.
func (j *Journal) Stats() Stats {
	j.mu.Lock()
	defer j.mu.Unlock()
	return Stats{Octets: j.end, Records: j.records, Live: len(j.live)}
}

// Err returns nil while the journal takes changes; then an error that is ErrClosed or ErrStopped.
func (j *Journal) Err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return ErrClosed
	}
	return j.stopped
}

// Close waits for the changes that Append was called with, and releases the file.
func (j *Journal) Close() {
	j.mu.Lock()
	j.closed = true
	j.mu.Unlock()
	j.cancelled.Store(true)
	j.wake.Broadcast()
	<-j.ended
}
