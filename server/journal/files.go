package journal

import (
	"io"
	"io/fs"
	"os"
)

// A filesystem is what a journal needs of one. Tests have one that fails and loses power.
type filesystem interface {
	// lock returns ErrInUse if another program has the lock. Closing releases it.
	lock(name string) (io.Closer, error)
	open(name string, flag int, mode fs.FileMode) (file, error)
	rename(from, to string) error
	remove(name string) error
	syncDir(name string) error // makes the names in a directory last
	noSpace(err error) bool    // whether err is that of a full disk
}

type file interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Stat() (fs.FileInfo, error)
	Sync() error
	Truncate(size int64) error
}

// disk is the file system of the operating system. Its other methods are in system_*.go.
type disk struct{}

func (disk) lock(name string) (io.Closer, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
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
	return f, nil
}

func (disk) rename(from, to string) error { return os.Rename(from, to) }
func (disk) remove(name string) error     { return os.Remove(name) }
