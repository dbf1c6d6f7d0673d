package addressbook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"rawhttp/server/journal"
	"rawhttp/server/metrics"
	"rawhttp/server/rest"
)

// A file is a store that lasts. It is a memory, and a journal that has a record for each change:
//
//	put 3 2026-11-26T08:49:37.123456789Z {"ID":3,"line_1":"","line_2":"","number":5,"post_code":"PY13 5PY"}
//	del 3 2026-11-26T08:50:02.000000001Z
//
// The record of a change is written before the change is made in memory. So what a client has seen is on
// the disk. Many changes share one wait for the disk.
type file struct {
	*memory
	journal *journal.Journal

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
		options.Initial = append(options.Initial, record(a.ID, &a, m.clock()))
	}
	f := &file{memory: m}
	m.keep = f.append
	var cut string
	f.journal, cut, err = journal.Open(name, options, f.decode)
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
	if n > m.max {
		notices = append(notices, fmt.Sprintf("That is more than -max %d: no address can be added until "+
			"some are deleted.", m.max))
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

// append writes the record of a change, and returns when it is on the disk.
func (f *file) append(id int64, a *address, now time.Time) error {
	began := time.Now()
	err := f.journal.Append(record(id, a, now))
	if err != nil {
		f.failed.Add(1)
	}
	f.times.Observe(1, time.Since(began))
	return translate(err)
}

// Records.

// record returns the record of a change that stores an address, or removes it if a is nil.
func record(id int64, a *address, now time.Time) []byte {
	when := now.UTC().Format(time.RFC3339Nano)
	if a == nil {
		return fmt.Appendf(nil, "del %d %s", id, when)
	}
	b := bytes.NewBufferString(fmt.Sprintf("put %d %s ", id, when))
	json.Compact(b, rest.JSON(a)) // json.Marshal would escape <, > and &
	return b.Bytes()
}

// keyOf returns the ID of a record, and whether the address is there after it.
func keyOf(record []byte) (id string, live bool) {
	verb, rest, _ := bytes.Cut(record, []byte(" "))
	key, _, _ := bytes.Cut(rest, []byte(" "))
	return string(key), string(verb) == "put"
}

var errRecord = errors.New("not a record of an address book")

// decode reads a record for the journal, which adds the record to an error. It applies no limits, so a book
// keeps all of its addresses.
func (f *file) decode(record []byte) (apply func(), err error) {
	parts := bytes.SplitN(record, []byte(" "), 4)
	if len(parts) < 3 {
		return nil, errRecord
	}
	id, err := strconv.ParseInt(string(parts[1]), 10, 64)
	when, err2 := time.Parse(time.RFC3339Nano, string(parts[2]))
	if err != nil || err2 != nil {
		return nil, errRecord
	}
	var e *entry // stays nil if the address is removed
	switch verb := string(parts[0]); {
	case verb == "del" && len(parts) == 3:
	case verb == "put" && len(parts) == 4:
		var a address // every member was checked before the record was written
		if err := json.Unmarshal(parts[3], &a); err != nil {
			return nil, fmt.Errorf("%w: %w", errRecord, err)
		}
		if a.ID != id {
			return nil, fmt.Errorf("%w: the address has the ID %d", errRecord, a.ID)
		}
		e = newEntry(a, when)
	default:
		return nil, errRecord
	}
	return func() { f.set(id, e, when) }, nil
}
