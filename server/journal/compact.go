package journal

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
)

// Compaction has two parts. A goroutine reads the file up to the end that it had when compaction
// began (the mark), and writes the live records to a draft: the last record of each key. It syncs the
// draft, which can take long. Changes go on in the meantime. Then the goroutine locks the disk, copies
// what came after the mark, syncs that and renames the draft. The next change begins when the directory
// is synced.
//
// A crash before the rename leaves the old file and a draft, which Open removes. A crash after the
// rename leaves either file under the name; both have every acknowledged change.

// A draft is a file that is not yet under its name.
type draft struct {
	files   filesystem
	name    string
	f       file
	end     int64
	kept    int    // records
	records []byte // of a batch that is not yet written
	err     error  // of the first write that failed; nothing is written after it
}

func (j *Journal) temporary() string { return j.name + ".new" }

// newMode is the mode of a new file.
const newMode fs.FileMode = 0o600

func modeOf(f file) fs.FileMode {
	info, err := f.Stat()
	if err != nil {
		return newMode
	}
	return info.Mode().Perm()
}

// newDraft creates a draft that is an empty journal.
func (j *Journal) newDraft(mode fs.FileMode) (*draft, error) {
	f, err := j.files.open(j.temporary(), os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return nil, err
	}
	f.Chmod(mode) // the system has left out what its umask forbids; some file systems have no modes
	d := &draft{files: j.files, name: j.temporary(), f: f}
	d.write([]byte(header))
	return d, nil
}

// add puts a record into a batch of about 64 KiB.
func (d *draft) add(record []byte) {
	if len(d.records)+len(record) > 64<<10 {
		d.flush()
	}
	d.records = append(append(d.records, record...), '\n')
	d.kept++
}

// flush writes the batch, and returns the error of the draft.
func (d *draft) flush() error {
	if len(d.records) > 0 {
		d.write(appendBatch(nil, d.records))
		d.records = d.records[:0]
	}
	return d.err
}

func (d *draft) write(octets []byte) {
	if d.err == nil {
		_, d.err = d.f.WriteAt(octets, d.end)
		d.end += int64(len(octets))
	}
}

// finish puts the draft on the disk.
func (d *draft) finish() error { return errors.Join(d.flush(), d.f.Sync()) }

// discard removes the draft. If that fails, the next compaction fails too, and the next Open removes the draft.
func (d *draft) discard() {
	d.f.Close()
	d.files.remove(d.name)
}

// compactIfWorth begins a compaction if more than half of the records are dead, and at least o.leastDead are.
// The caller holds disk.
func (j *Journal) compactIfWorth() {
	dead := j.records - len(j.live)
	if j.o.Key == nil || j.records < j.compactAt || dead < j.o.leastDead || dead <= j.records/2 {
		return
	}
	j.compactAt = math.MaxInt
	old, mark, records := j.f, j.end, j.records
	j.background.Go(func() {
		d, err := j.draftOfLive(old, mark)
		j.disk.Lock()
		defer j.disk.Unlock()
		if err == nil {
			err = j.replaceBy(d, mark, records)
		}
		j.compactAt = j.records + j.o.leastDead // a compaction that failed is not tried again at once
		if j.o.Compacted != nil && !errors.Is(err, ErrClosed) {
			j.o.Compacted(err)
		}
	})
}

// draftOfLive writes a draft of the live records before the mark in the old file.
func (j *Journal) draftOfLive(old file, mark int64) (*draft, error) {
	last, n := make(map[string]int), 0 // the number of the last record of each live key
	rd := newReader(old, mark)
	err := rd.each(func(record []byte) error {
		key, live := j.o.Key(record)
		if n++; live {
			last[key] = n
		} else {
			delete(last, key)
		}
		return j.Stats().Err // ErrClosed ends the compaction early
	})
	if err != nil {
		return nil, fmt.Errorf("at offset %d: %w", rd.at, j.named(err))
	}
	d, err := j.newDraft(modeOf(old))
	if err != nil {
		return nil, err
	}
	n = 0
	err = newReader(old, mark).each(func(record []byte) error {
		key, _ := j.o.Key(record)
		if n++; last[key] == n {
			d.add(record)
		}
		return j.Stats().Err // ErrClosed ends the compaction early
	})
	if err = errors.Join(j.named(err), d.flush()); err == nil {
		err = d.f.Sync() // most of the draft, while changes go on
	}
	if err != nil {
		d.discard()
	}
	return d, err
}

// replaceBy completes the draft and renames it. If that fails, the journal goes on with the old file.
// It stops if it is not certain which file has the name, or that this will last.
func (j *Journal) replaceBy(d *draft, mark int64, before int) error {
	if err := j.complete(d, mark); err != nil {
		d.discard()
		return err
	}
	end, records := d.end, d.kept+j.records-before
	notRenamed, err := j.giveName(d)
	if notRenamed != nil {
		end, records = j.end, j.records
	}
	if err = errors.Join(err, j.dir.Sync()); err != nil {
		return j.stop(ErrStopped, err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.end, j.records = end, records
	return notRenamed
}

// giveName gives the draft the name of the journal. After that, j.f is the file that has the name. notRenamed
// says why this is the old file. err says why it is not certain which file it is.
//
// If the system allows it, both files stay open. So the journal needs no descriptor that another goroutine
// can take from it.
func (j *Journal) giveName(d *draft) (notRenamed, err error) {
	if j.files.closesToRename() {
		return j.giveNameClosed(d)
	}
	notRenamed = j.files.rename(d.name, j.name)
	switch {
	case notRenamed == nil:
		j.f.Close()
		j.f = d.f
	case j.files.isUnder(j.name, d.f): // it was renamed in spite of the error, as on NFS, or the system cannot tell
		d.f.Close()
		err = notRenamed
	default:
		d.discard()
	}
	return notRenamed, err
}

// giveNameClosed is giveName on a system that renames or replaces no open file.
func (j *Journal) giveNameClosed(d *draft) (notRenamed, err error) {
	d.f.Close() // it was synced
	j.f.Close()
	end := d.end
	if notRenamed = j.files.rename(d.name, j.name); notRenamed != nil {
		d.discard()
		end = j.end
	}
	size, err := j.reopen()
	if err == nil && size != end { // it may have been renamed in spite of an error
		err = cmp.Or(notRenamed, fmt.Errorf("%s has %d octets instead of %d", j.name, size, end))
	}
	return notRenamed, err
}

// complete copies what came after the mark to the draft, and puts the draft on the disk.
func (j *Journal) complete(d *draft, mark int64) error {
	if j.err != nil {
		return j.err
	}
	if err := j.checkFile(); err != nil { // the file of another program is not replaced
		return err
	}
	n, err := io.Copy(io.NewOffsetWriter(d.f, d.end), io.NewSectionReader(j.f, mark, j.end-mark))
	d.end += n
	return errors.Join(err, d.finish())
}
