package addressbook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"rawhttp/server/journal"
	"rawhttp/server/metrics"
)

// A file is a store that lasts. It is a memory, and a journal that has a record for each change:
//
//	put 3 2026-11-26T08:49:37.123456789Z {"ID":3,"line_1":"","line_2":"","number":5,"post_code":"PY13 5PY"}
//	del 3 2026-11-26T08:50:02.000000001Z
//
// A change is decided first, then its record is written, and then it is made in memory. So what a
// client has seen is on the disk. The journal waits for the disk, and many changes share one wait:
// no lock of the memory is held meanwhile. Instead the ID is locked, and another change of the same
// address waits. A change that depends on the list waits until no other change is under way.
type file struct {
	*memory
	journal *journal.Journal
	whole   sync.RWMutex     // held for writing by a change that depends on the list
	ids     [1024]sync.Mutex // held while an address with such an ID is changed; some IDs share one

	times  metrics.Histogram // from the record of a change to the end of its sync
	failed atomic.Int64      // changes whose record was not written, or may not have been
}

// openFile opens the book in a file, and returns sentences about what was found there. A new book has
// the first addresses. After that, failed is called with each error of a compaction.
func openFile(name string, m *memory, first []address, failed func(error)) (
	s store, notices []string, err error) {
	options := journal.Options{Key: keyOf, Compacted: func(err error) {
		if err != nil {
			failed(fmt.Errorf("%s could not be compacted: %w", name, err))
		}
	}}
	for _, a := range first {
		options.Initial = append(options.Initial, putRecord(a, m.clock()))
	}
	f := &file{memory: m}
	var cut string
	f.journal, cut, err = journal.Open(name, options, f.replay)
	if err != nil {
		return nil, nil, err
	}
	n := len(m.byID)
	notices = []string{fmt.Sprintf("The book is in %s and has %d addresses.", name, n)}
	if n == 1 {
		notices[0] = fmt.Sprintf("The book is in %s and has 1 address.", name)
	}
	if cut != "" {
		notices = append(notices, cut)
	}
	if n > m.most.addresses {
		notices = append(notices, fmt.Sprintf("That is more than -max %d: no address can be added until "+
			"some are deleted.", m.most.addresses))
	}
	return f, notices, nil
}

func (f *file) ping() error { return f.journal.Stats().Err }
func (f *file) close()      { f.journal.Close() }

// appendMetrics appends the figures of the file.
func (f *file) appendMetrics(dst []byte) []byte {
	s := f.journal.Stats()
	dst = metrics.AppendNumber(dst, "rawhttp_book_bytes", "Octets of the file of the book.", s.Octets)
	dst = metrics.AppendNumber(dst, "rawhttp_book_records", "Records in the file.", int64(s.Records))
	dst = metrics.AppendNumber(dst, "rawhttp_book_failed_changes_total",
		"Changes that the disk did not take.", f.failed.Load())
	return f.times.Append(dst, "rawhttp_book_change_seconds", "Time until a change was on the disk.")
}

func (f *file) create(a address, listVersion uint64) (*entry, error) {
	defer f.lock(a.ID, listVersion != anyVersion)()
	now := f.clock()
	e := newEntry(a, now)
	err := f.change(putRecord(a, now),
		func() (room, error) { return f.mayCreate(e, listVersion) }, func() { f.put(e) })
	return e, err
}

func (f *file) replace(a address, version uint64) (*entry, error) {
	defer f.lock(a.ID, false)()
	now := f.clock()
	e := newEntry(a, now)
	err := f.change(putRecord(a, now),
		func() (room, error) { return f.mayReplace(e, version) }, func() { f.put(e) })
	return e, err
}

func (f *file) delete(id int64, version uint64) error {
	defer f.lock(id, false)()
	now := f.clock()
	record := fmt.Appendf(nil, "del %d %s", id, now.UTC().Format(time.RFC3339Nano))
	return f.change(record,
		func() (room, error) { return room{}, f.hasVersion(id, version) }, func() { f.remove(id, now) })
}

// lock waits until nothing else changes the address with an ID, or any address if the change depends
// on the list. The caller calls unlock when it has made the change.
func (f *file) lock(id int64, dependsOnList bool) (unlock func()) {
	if dependsOnList {
		f.whole.Lock()
		return f.whole.Unlock
	}
	f.whole.RLock()
	one := &f.ids[uint64(id)%uint64(len(f.ids))]
	one.Lock()
	return func() {
		one.Unlock()
		f.whole.RUnlock()
	}
}

// change makes a change: decide returns the room that it needs, or an error. Then the record is
// written, and if that succeeds, apply makes the change in memory. Both are called with mu held.
func (f *file) change(record []byte, decide func() (room, error), apply func()) error {
	f.mu.Lock()
	needed, err := decide()
	if err == nil {
		f.reserved.addresses += needed.addresses
		f.reserved.octets += needed.octets
	}
	f.mu.Unlock()
	if err != nil {
		return err
	}
	began := time.Now()
	if err = f.journal.Append(record); err != nil {
		f.failed.Add(1)
	}
	f.times.Observe(1, time.Since(began))
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reserved.addresses -= needed.addresses
	f.reserved.octets -= needed.octets
	if err == nil {
		apply()
	}
	return storeError(err)
}

// storeError returns what an error of the journal is for a store.
func storeError(err error) error {
	switch {
	case errors.Is(err, journal.ErrNoSpace):
		return fmt.Errorf("%w: %w", errNoSpace, err)
	case errors.Is(err, journal.ErrStopped), errors.Is(err, journal.ErrClosed):
		return fmt.Errorf("%w: %w", errUnavailable, err)
	}
	return err // nil, or journal.ErrUnknown: the outcome is not known
}

// Records.

func putRecord(a address, now time.Time) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "put %d %s ", a.ID, now.UTC().Format(time.RFC3339Nano))
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.Encode(a) // an address has only integers and strings
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// keyOf returns the ID of a record, and whether the address is there after it.
func keyOf(record []byte) (id string, live bool) {
	verb, rest, _ := bytes.Cut(record, []byte(" "))
	key, _, _ := bytes.Cut(rest, []byte(" "))
	return string(key), string(verb) == "put"
}

var errRecord = errors.New("not a record of an address book")

// replay makes the change of a record in memory, without limits: what a book has, it keeps. The journal
// adds the record to an error.
func (f *file) replay(record []byte) error {
	parts := bytes.SplitN(record, []byte(" "), 4)
	if len(parts) < 3 {
		return errRecord
	}
	id, err := strconv.ParseInt(string(parts[1]), 10, 64)
	when, err2 := time.Parse(time.RFC3339Nano, string(parts[2]))
	if err != nil || err2 != nil {
		return errRecord
	}
	switch verb := string(parts[0]); {
	case verb == "del" && len(parts) == 3:
		if f.byID[id] != nil {
			f.remove(id, when)
		}
	case verb == "put" && len(parts) == 4:
		a, fault := readAddress(parts[3], id)
		if fault != "" {
			return fmt.Errorf("%w: %s", errRecord, fault)
		}
		f.put(newEntry(a, when))
	default:
		return errRecord
	}
	return nil
}
