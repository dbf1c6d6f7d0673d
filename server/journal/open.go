package journal

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
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

	// Initial has the records that a new file begins with. A new file has all of them from the start: a
	// crash leaves no file with only some of them.
	Initial [][]byte

	// Compacted, if not nil, is called after a compaction with nil, or with the reason why there was none.
	// The journal goes on in both cases, unless the error is ErrStopped. Compacted must not call the
	// journal.
	Compacted func(err error)

	leastDead int // how many records must be dead before the file is compacted; 0 means 1000
}

// A DamageError says that a batch before the last one is not what was written. Open changed
// nothing.
type DamageError struct {
	Name   string
	Offset int64 // of the batch, in octets
	Reason string
}

func (e *DamageError) Error() string {
	return fmt.Sprintf("damage at offset %d: %s, and it is not the last batch. Restore the file from a "+
		"copy. To give up all changes from there on instead, save the file and run:\n\n  %s",
		e.Offset, e.Reason, cutCommand(runtime.GOOS, e.Name, e.Offset))
}

// cutCommand returns a command that cuts a file to a size.
func cutCommand(system, name string, size int64) string {
	if system == "windows" {
		return fmt.Sprintf(`powershell -Command "(Get-Item -LiteralPath '%s').OpenWrite().SetLength(%d)"`,
			strings.ReplaceAll(name, "'", "''"), size)
	}
	return fmt.Sprintf("truncate -s %d -- '%s'", size, strings.ReplaceAll(name, "'", `'\''`))
}

// A Decoder reads a record, which it may keep, and returns a function that makes its change. Several
// goroutines call it at the same time.
type Decoder func(record []byte) (apply func(), err error)

// Open opens the journal in a file, which it creates if there is none, with mode 0600. It calls decode with
// each record. It calls the functions that decode returns one after the other, in the order of the records.
// If decode returns an error, so does Open. The error is ErrInUse if another program has the file, a
// *DamageError if the file is damaged before its last batch, and ErrNoSpace if the disk is full; each is
// wrapped. The caller closes the journal.
//
// Notice is a sentence for people if a last batch that was not whole was removed, or "".
func Open(name string, o Options, decode Decoder) (j *Journal, notice string, err error) {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target // a rename would replace the link
	}
	switch info, err := os.Lstat(name); {
	case err != nil || info.Mode().IsRegular():
		return open(osFiles{}, name, o, decode)
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, "", fmt.Errorf("%s is a link to a file that does not exist", name)
	case info.IsDir():
		return nil, "", fmt.Errorf("%s is a directory: give the name of a file in it", name)
	}
	return nil, "", fmt.Errorf("%s is a device or a pipe: give the name of a file", name)
}

// open is Open in any filesystem, with a name that is not a link.
func open(files filesystem, name string, o Options, decode Decoder) (j *Journal, notice string, err error) {
	o.leastDead = cmp.Or(o.leastDead, 1000)
	j = &Journal{files: files, name: name, o: o, live: make(map[string]struct{})}
	_, err = j.isNew() // a file that is no journal gets no lock beside it
	if err == nil {
		j.lock, err = files.open(name+".lock", os.O_RDWR|os.O_CREATE, 0o600)
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("there is no directory %s: make it, or name another file", filepath.Dir(name))
		}
	}
	if err == nil {
		if notice, err = j.start(decode); err != nil {
			j.lock.Close()
		}
	}
	switch {
	case err != nil && files.noSpace(err):
		return nil, "", fmt.Errorf("%s: %w: %w", name, ErrNoSpace, err)
	case err != nil:
		return nil, "", fmt.Errorf("%s: %w", name, err)
	}
	j.disk.Lock()
	defer j.disk.Unlock()
	j.compactIfWorth()
	return j, notice, nil
}

// start creates the file if there is none, replays it and repairs its end.
func (j *Journal) start(decode Decoder) (notice string, err error) {
	if j.dir, err = j.files.openDir(filepath.Dir(j.name)); err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			j.dir.Close()
		}
	}()
	isNew, err := j.isNew()
	if err != nil {
		return "", err
	}
	if err := j.removeDraft(); err != nil {
		return "", err
	}
	if isNew {
		if err := j.create(); err != nil {
			return "", err
		}
	}
	size, err := j.reopen()
	if err != nil {
		return "", err
	}
	rd, cut, err := j.load(size, decode)
	if cut != nil {
		notice = fmt.Sprintf("The last change, %d octets at offset %d, was removed: %v. It was never "+
			"acknowledged, unless the file was changed since.", size-rd.at, rd.at, cut)
	}
	if err == nil {
		err = j.repair(rd)
	}
	if err != nil {
		j.f.Close()
	}
	return notice, err
}

// removeDraft removes the draft that a crash has left. A file with a lock beside it is not a draft, but
// another journal.
func (j *Journal) removeDraft() error {
	switch lock, err := j.files.open(j.temporary()+".lock", os.O_RDONLY, 0); {
	case err == nil:
		lock.Close()
		return fmt.Errorf("%s is needed for compaction, but it is a journal of its own: give it another name, "+
			"and remove %[1]s.lock", j.temporary())
	case !errors.Is(err, fs.ErrNotExist):
		return err // for example, the lock may belong to another user
	}
	j.files.remove(j.temporary()) // if this fails, the next compaction fails too
	return nil
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
	if !strings.HasPrefix(header, string(begin)) {
		err = fmt.Errorf("the first line is not %q. Give the name of a journal of this version, start the "+
			"version of this program that has written the file, or restore the file from a copy",
			strings.TrimSpace(header))
	}
	return len(begin) < len(header), err
}

// create makes a new file with all initial records. If it fails, there is no new file. repair syncs the directory
// that has the name.
func (j *Journal) create() error {
	for _, record := range j.o.Initial {
		if !validRecord(record) {
			return fmt.Errorf("%w: %.80q", ErrRecord, record)
		}
	}
	mode := newMode
	if old, err := j.files.open(j.name, os.O_RDONLY, 0); err == nil { // it has a part of the header
		mode = modeOf(old)
		old.Close()
	}
	d, err := j.newDraft(mode)
	if err != nil {
		return err
	}
	for _, record := range j.o.Initial {
		d.add(record)
	}
	if err = errors.Join(d.finish(), d.f.Close()); err == nil {
		err = j.files.rename(d.name, j.name)
	}
	if err != nil {
		d.discard()
	}
	return err
}

// reopen opens the file that is under the name, and returns its size.
func (j *Journal) reopen() (size int64, err error) {
	f, err := j.files.open(j.name, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	j.f = f
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return 0, err
	}
	return info.Size(), nil
}

// load replays the batches that are whole. It returns a reader at the end of the last of them, and the
// broken batch that follows. At the end of the file that is nil.
func (j *Journal) load(size int64, decode Decoder) (*reader, *broken, error) {
	rd := newReader(j.f, size)
	r := replayer{decode: decode, count: j.count}
	err := rd.each(func(record []byte) error { return r.add(record, rd.last) })
	if err2 := r.flush(); err2 != nil {
		return rd, nil, err2
	}
	b, ok := errors.AsType[*broken](err)
	if !ok {
		return rd, nil, err
	}
	followed, err := rd.followed(b)
	if followed {
		err = &DamageError{Name: j.name, Offset: rd.at, Reason: b.reason}
	}
	return rd, b, err
}

// repair removes what follows the last whole batch, and puts that batch on the disk: its sync may
// have failed, in which case the system would not write its pages again.
func (j *Journal) repair(rd *reader) error {
	j.end = rd.at
	err1 := j.f.Truncate(rd.at)
	octets, err2 := io.ReadAll(io.NewSectionReader(j.f, rd.last, rd.at-rd.last))
	_, err3 := j.f.WriteAt(octets, rd.last) // the octets that are there already, so an earlier error does no harm
	return errors.Join(err1, err2, err3, j.f.Sync(), j.dir.Sync())
}

// A filesystem has the functions of a file system that a journal needs. Tests have one that fails and loses power.
type filesystem interface {
	// open locks a file that it opens for writing, and returns ErrInUse if another program has the
	// lock. Closing the file releases it.
	open(name string, flag int, mode fs.FileMode) (file, error)
	rename(from, to string) error
	remove(name string) error
	isUnder(name string, f file) bool       // whether the file still has the name
	closesToRename() bool                   // whether a file must be closed to be renamed or replaced
	openDir(name string) (directory, error) // for as long as the journal is open
	noSpace(err error) bool                 // whether err is that of a full disk
}

// A directory is an open directory.
type directory interface {
	Sync() error // makes the names in it last
	Close() error
}

type file interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Stat() (fs.FileInfo, error)
	Chmod(fs.FileMode) error
	Sync() error
	Truncate(size int64) error
}

// osFiles is the filesystem of the operating system. Its other methods are in system_*.go.
type osFiles struct{}

func (osFiles) open(name string, flag int, mode fs.FileMode) (file, error) {
	f, err := os.OpenFile(name, flag, mode)
	if err != nil {
		return nil, err // a nil *os.File would be a file that is not nil
	}
	if flag&os.O_RDWR != 0 {
		if err := lockFile(f); err != nil {
			f.Close()
			return nil, err
		}
	}
	return f, nil
}

// isUnder reports whether the open file f still has the name. If the system cannot tell, it reports true. If the
// name is now a link to the file, it reports false: a compaction would replace the link, and leave the file as
// it was.
func (osFiles) isUnder(name string, f file) bool {
	named, err := os.Lstat(name)
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR)
	}
	opened, err := f.Stat()
	return err != nil || os.SameFile(named, opened)
}

func (osFiles) rename(from, to string) error { return os.Rename(from, to) }
func (osFiles) remove(name string) error     { return os.Remove(name) }
