package journal

import (
	"errors"
	"os"
	"syscall"
	"unsafe"
)

var lockFileEx = syscall.NewLazyDLL("kernel32.dll").NewProc("LockFileEx")

// The numbers of winbase.h and winerror.h.
const (
	lockExclusive       = 2
	lockFailImmediately = 1

	errorHandleDiskFull = syscall.Errno(39)
	errorLockViolation  = syscall.Errno(33)
	errorDiskFull       = syscall.Errno(112)
)

// lockFile takes a lock, which the system releases when the program ends, however it ends. It locks an
// octet that no file has, so other programs can read the file.
func lockFile(f *os.File) error {
	from := syscall.Overlapped{OffsetHigh: 1 << 30} // offset 1<<62
	ok, _, err := lockFileEx.Call(f.Fd(), lockExclusive|lockFailImmediately, 0, 1, 0,
		uintptr(unsafe.Pointer(&from)))
	switch {
	case ok != 0:
		return nil
	case err == errorLockViolation || err == syscall.ERROR_IO_PENDING:
		return ErrInUse
	}
	return os.NewSyscallError("LockFileEx", err)
}

func (osFiles) noSpace(err error) bool {
	return errors.Is(err, errorDiskFull) || errors.Is(err, errorHandleDiskFull)
}
