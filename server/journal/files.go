package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// A filesystem is what a journal needs of one. Tests have one that fails and loses power.
type filesystem interface {
	// lock returns ErrInUse if another program has the lock. Closing releases it.
	lock(name string) (io.Closer, error)
	// open locks a file that is opened to be changed in place, and returns ErrInUse as lock does. So a
	// second name of the file, a hard link, keeps other programs out too.
	open(name string, flag int, mode fs.FileMode) (file, error)
	rename(from, to string) error
	remove(name string) error
	isUnder(name string, f file) bool // whether the name still stands for the file
	syncDir(name string) error        // makes the names in a directory last
	noSpace(err error) bool           // whether err is that of a full disk
}

type file interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Stat() (fs.FileInfo, error)
	Sync() error
	Truncate(size int64) error
}

// disk is the file system of the operating system.
type disk struct{}

func (disk) lock(name string) (io.Closer, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the file that keeps other programs out cannot be made: %w", err)
	}
	if err := lockFile(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (disk) open(name string, flag int, mode fs.FileMode) (file, error) {
	f, err := os.OpenFile(name, flag, mode)
	if err != nil {
		return nil, err // a nil *os.File would be a file that is not nil
	}
	if flag == os.O_RDWR {
		if err := lockOctets(f); err != nil {
			f.Close()
			return nil, err
		}
	}
	return f, nil
}

// isUnder reports true if the system cannot tell.
func (disk) isUnder(name string, f file) bool {
	named, err := os.Stat(name)
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	opened, err := f.Stat()
	return err != nil || os.SameFile(named, opened)
}

func (disk) rename(from, to string) error { return os.Rename(from, to) }
func (disk) remove(name string) error     { return os.Remove(name) }
func (disk) syncDir(name string) error    { return syncDir(name) }
func (disk) noSpace(err error) bool       { return noSpace(err) }
