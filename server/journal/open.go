package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrInUse is returned by Open if another program has the journal open.
var ErrInUse = errors.New("another program has this file open. Stop it, or use another file")

// Options are what a caller may choose. The zero Options never compact.
type Options struct {
	// Key returns what a record is about, and whether the record is live. Compaction leaves out a
	// record that is not live, such as a deletion, and all earlier records of its key. Records of
	// different keys must give the same result in any order. Several goroutines call Key; it must
	// not call the journal. If Key is nil, nothing is compacted.
	Key func(record []byte) (key string, live bool)

	// Initial has the records that a new file begins with. The file comes into being with all of
	// them.
	Initial [][]byte

	// Compacted is told how long the file was before and after a compaction, in octets, or why there
	// was none; the journal goes on in both cases. It must not call the journal.
	Compacted func(before, after int64, err error)

	leastDead int // before the file is compacted; 0 is 1000
}

// Opened says what Open found.
type Opened struct {
	New     bool // there was no file, or an empty one
	Records int
	Cut     int64 // octets of a last batch that was not whole; they were removed
	CutAt   int64 // their offset
}

// Notice returns a sentence for people if octets were removed, or "".
func (o Opened) Notice() string {
	if o.Cut == 0 {
		return ""
	}
	return fmt.Sprintf("The last change, %d octets at offset %d, was not written completely and was "+
		"removed. It was never acknowledged.", o.Cut, o.CutAt)
}

// A DamageError says that a batch before the last one is not what was written. Open changed nothing.
type DamageError struct {
	Name   string
	Offset int64 // of the batch, in octets
	Reason string
}

func (e *DamageError) Error() string {
	return fmt.Sprintf("%s: damage at offset %d: %s, and it is not the last batch. Restore the file from "+
		"a copy. To give up all changes from there on instead, save the file and run: truncate -s %d %s",
		e.Name, e.Offset, e.Reason, e.Offset, e.Name)
}

// Open opens the journal in a file, which it creates if there is none, with mode 0600. It calls replay
// with each record, which stays valid during the call only. If replay returns an error, so does Open.
// The caller closes the journal.
func Open(name string, o Options, replay func(record []byte) error) (*Journal, Opened, error) {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target // a rename would replace the link
	}
	return open(disk{}, name, o, replay)
}

func open(files filesystem, name string, o Options, replay func([]byte) error) (
	*Journal, Opened, error) {
	lock, err := files.lock(name + ".lock")
	if err != nil {
		return nil, Opened{}, fmt.Errorf("%s: %w", name, err)
	}
	j := newJournal(files, name, o, lock)
	opened, err := j.start(replay)
	if err != nil {
		if j.f != nil {
			j.f.Close()
		}
		lock.Close()
		return nil, Opened{}, err
	}
	go j.run()
	return j, opened, nil
}

// start creates or repairs the file, and replays it.
func (j *Journal) start(replay func([]byte) error) (opened Opened, err error) {
	if err := j.files.remove(j.temporary()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return opened, err
	}
	if opened.New, err = j.isNew(); err != nil {
		return opened, err
	}
	if opened.New {
		if err := j.create(); err != nil {
			return opened, fmt.Errorf("%s: it cannot be created: %w", j.name, err)
		}
	}
	if j.f, err = j.files.open(j.name, os.O_RDWR, 0); err != nil {
		return opened, err
	}
	info, err := j.f.Stat()
	if err != nil {
		return opened, err
	}
	last, err := j.load(info.Size(), replay)
	if err != nil {
		return opened, err
	}
	opened.Records, opened.CutAt, opened.Cut = j.records, j.end, info.Size()-j.end
	if err := j.settle(last, opened.Cut > 0); err != nil {
		return opened, fmt.Errorf("%s: %w", j.name, err)
	}
	return opened, nil
}

// isNew reports whether there is no file, or no more than a part of the header.
func (j *Journal) isNew() (bool, error) {
	f, err := j.files.open(j.name, os.O_RDONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	begin, err := io.ReadAll(io.NewSectionReader(f, 0, int64(len(header))))
	if err != nil {
		return false, err
	}
	if string(begin) != header && !strings.HasPrefix(header, string(begin)) {
		return false, fmt.Errorf("%s: the first line is not %q. Give the name of a journal of this version, "+
			"or restore the file from a copy", j.name, strings.TrimSpace(header))
	}
	return len(begin) < len(header), nil
}

// create makes a new file with all of its records, or none.
func (j *Journal) create() error {
	d, err := j.newDraft()
	if err != nil {
		return err
	}
	for _, record := range j.o.Initial {
		err = errors.Join(err, checkRecord(record), d.add(record))
	}
	if err = errors.Join(err, d.finish()); err != nil {
		d.discard()
		return err
	}
	if err := j.files.rename(d.name, j.name); err != nil {
		d.discard()
		return err
	}
	return j.files.syncDir(filepath.Dir(j.name))
}

// load replays the batches that are whole. Then j.end is the end of the last one, and last its begin.
func (j *Journal) load(size int64, replay func([]byte) error) (last int64, err error) {
	rd := newReader(j.f, size)
	for last = rd.at; ; last = j.end {
		j.end = rd.at
		records, _, err := rd.next()
		if b, ok := errors.AsType[*broken](err); ok {
			followed, err := rd.followed(b)
			if followed {
				err = &DamageError{Name: j.name, Offset: rd.at, Reason: b.reason}
			}
			return last, err
		}
		if err == io.EOF {
			return last, nil
		}
		if err != nil {
			return last, err
		}
		for record := range bytes.Lines(records) {
			record = record[:len(record)-1]
			if err := replay(record); err != nil {
				return last, fmt.Errorf("%s: in the batch at offset %d: %.80q: %w", j.name, j.end, record, err)
			}
			j.count(record)
		}
	}
}

// settle removes what follows the last whole batch, and puts that batch on the disk: its sync may
// have failed, in which case the system would not write its pages again.
func (j *Journal) settle(last int64, cut bool) error {
	if cut {
		if err := j.f.Truncate(j.end); err != nil {
			return err
		}
	}
	octets := make([]byte, j.end-last)
	if _, err := j.f.ReadAt(octets, last); err != nil && err != io.EOF {
		return err
	}
	if _, err := j.f.WriteAt(octets, last); err != nil {
		return err
	}
	if err := j.f.Sync(); err != nil {
		return err
	}
	return j.files.syncDir(filepath.Dir(j.name))
}
