package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Compaction has two parts. A goroutine reads the file up to the end that it had when compaction began
// (the mark), and writes the live records to a draft: the last record of each key. Changes go on in
// the meantime. Then the goroutine that writes copies what came after the mark, syncs the draft and
// renames it. It takes the next change after the directory is synced.
//
// A crash before the rename leaves the old file and a draft, which Open removes. A crash after the
// rename leaves either file under the name; both have every acknowledged change.

// A draft is a file that is not yet under its name.
type draft struct {
	files filesystem
	name  string
	f     file
	end   int64
	mark  int64 // offset in the old file up to which its records are in the draft
	dead  int   // records left out
	err   error // why there is no whole draft

	records []byte // of a batch that is not yet written
	count   int
}

var errCancelled = errors.New("the journal was closed")

func (j *Journal) temporary() string { return j.name + ".new" }

// newDraft creates a draft that is an empty journal, with the mode of the file if there is one.
func (j *Journal) newDraft() (*draft, error) {
	mode := os.FileMode(0o600)
	if old, err := j.files.open(j.name, os.O_RDONLY, 0); err == nil {
		if info, err := old.Stat(); err == nil {
			mode = info.Mode().Perm()
		}
		old.Close()
	}
	d := &draft{files: j.files, name: j.temporary()}
	var err error
	if d.f, err = j.files.open(d.name, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode); err != nil {
		return nil, err
	}
	if err := d.write([]byte(header)); err != nil {
		d.discard()
		return nil, err
	}
	return d, nil
}

// add puts a record into a batch of at most 64 KiB, unless it is longer.
func (d *draft) add(record []byte) error {
	const enough = 64 << 10
	if len(d.records) > 0 && len(d.records)+len(record) > enough {
		if err := d.flush(); err != nil {
			return err
		}
	}
	d.records = append(append(d.records, record...), '\n')
	d.count++
	return nil
}

func (d *draft) flush() error {
	if d.count == 0 {
		return nil
	}
	batch := appendBatch(nil, d.records, d.count)
	d.records, d.count = d.records[:0], 0
	return d.write(batch)
}

func (d *draft) write(octets []byte) error {
	n, err := d.f.WriteAt(octets, d.end)
	d.end += int64(n)
	return err
}

// finish puts the draft on the disk and closes it, because Windows does not rename an open file.
func (d *draft) finish() error {
	err := d.flush()
	if err == nil {
		err = d.f.Sync()
	}
	return errors.Join(err, d.f.Close())
}

// discard removes the draft. If that fails, the next compaction fails too, and the next Open removes it.
func (d *draft) discard() {
	d.f.Close()
	d.files.remove(d.name)
}

// compactIfWorth begins a compaction if more than half of the records are dead.
func (j *Journal) compactIfWorth() {
	j.mu.Lock()
	defer j.mu.Unlock()
	dead := j.records - len(j.live)
	if j.o.Key == nil || j.compacting || j.closed || j.stopped != nil || j.records < j.retry ||
		dead < j.o.leastDead || dead <= j.records/2 {
		return
	}
	j.compacting = true
	go func(mark int64) {
		d := j.draftOfLive(mark)
		j.mu.Lock()
		defer j.mu.Unlock()
		j.draft = d
		j.wake.Signal()
	}(j.end)
}

// draftOfLive writes a draft of the records before the mark. If it cannot, the error is in the draft.
func (j *Journal) draftOfLive(mark int64) *draft {
	old, err := j.files.open(j.name, os.O_RDONLY, 0)
	if err != nil {
		return &draft{err: err}
	}
	defer old.Close()
	last := make(map[string]int) // number of the last record of each live key
	err = j.each(old, mark, func(n int, record []byte) error {
		if key, live := j.o.Key(record); live {
			last[key] = n
		} else {
			delete(last, key)
		}
		return nil
	})
	if err != nil {
		return &draft{err: err}
	}
	d, err := j.newDraft()
	if err != nil {
		return &draft{err: err}
	}
	d.mark = mark
	err = j.each(old, mark, func(n int, record []byte) error {
		key, _ := j.o.Key(record)
		if live, ok := last[key]; ok && live == n {
			return d.add(record)
		}
		d.dead++
		return nil
	})
	d.err = errors.Join(err, d.flush())
	return d
}

// each calls f with each record before the mark, and its number.
func (j *Journal) each(old file, mark int64, f func(n int, record []byte) error) error {
	rd, n := newReader(old, mark), 0
	for {
		records, _, err := rd.next()
		if err == io.EOF {
			return nil
		}
		if err == nil && j.cancelled.Load() {
			err = errCancelled
		}
		if err != nil {
			return fmt.Errorf("%s: at offset %d: %w", j.name, rd.at, err)
		}
		for record := range bytes.Lines(records) {
			if err := f(n, record[:len(record)-1]); err != nil {
				return err
			}
			n++
		}
	}
}

// adopt makes the draft the file, and tells the caller. After a failure the old file goes on.
func (j *Journal) adopt(d *draft) {
	before := j.end
	err := d.err
	if err == nil {
		err = j.replaceBy(d)
	} else if d.f != nil {
		d.discard()
	}
	j.mu.Lock()
	j.compacting = false
	if err != nil {
		j.retry = j.records + j.o.leastDead
	}
	j.mu.Unlock()
	if j.o.Compacted != nil && !errors.Is(err, errCancelled) {
		j.o.Compacted(before, j.end, err)
	}
}

// replaceBy completes the draft and renames it. The journal stops if it is not certain which file is
// under the name, or that this will last.
func (j *Journal) replaceBy(d *draft) error {
	err := j.stopped
	if err == nil {
		err = d.copy(j.f, j.end)
	}
	if err == nil {
		err = d.finish()
	}
	if err != nil {
		d.discard()
		return err
	}
	j.f.Close() // Windows does not replace an open file
	notRenamed := j.files.rename(d.name, j.name)
	end, dead := d.end, d.dead
	if notRenamed != nil {
		d.discard()
		end, dead = j.end, 0
	}
	if err := j.reopen(end); err != nil {
		return j.stop(ErrStopped, err)
	}
	if notRenamed != nil {
		return notRenamed
	}
	if err := j.files.syncDir(filepath.Dir(j.name)); err != nil {
		return j.stop(ErrStopped, err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.end, j.records = end, j.records-dead
	return nil
}

// copy appends what stands between the mark and the end of the old file: whole batches.
func (d *draft) copy(old file, end int64) error {
	r := io.NewSectionReader(old, d.mark, end-d.mark)
	_, err := io.Copy(io.NewOffsetWriter(d.f, d.end), r)
	d.end += end - d.mark
	return err
}

// reopen opens the file that is under the name, whose length is known.
func (j *Journal) reopen(end int64) error {
	f, err := j.files.open(j.name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	j.f = f
	info, err := f.Stat()
	if err == nil && info.Size() != end {
		err = fmt.Errorf("%s has %d octets, not %d", j.name, info.Size(), end)
	}
	return err
}
