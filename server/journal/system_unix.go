//go:build unix && !aix && !solaris

package journal

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lockFile takes a lock, which the system releases when the program ends, however it ends. The lock binds
// only programs that ask for it, so others can read the file.
func lockFile(f *os.File) error {
	switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err {
	case nil:
		return nil
	case syscall.EWOULDBLOCK:
		return ErrInUse
	default: // some network file systems have no locks
		return fmt.Errorf("the file cannot be locked, so two programs could write to it: name a file on a "+
			"local disk: %w", os.NewSyscallError("flock", err))
	}
}

func (osFiles) closesToRename() bool { return false }

func (osFiles) openDir(name string) (directory, error) {
	f, err := os.Open(name)
	return osDirectory{f}, err
}

type osDirectory struct{ *os.File }

// Sync ignores the errors of file systems that cannot sync a directory.
func (d osDirectory) Sync() error {
	err := d.File.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}

// noSpace also reports a file that has reached the limit of the shell (ulimit -f) or of the file system.
func (osFiles) noSpace(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}
