//go:build unix

package commandline

import (
	"errors"
	"os/signal"
	"syscall"
)

// IgnoreBrokenPipe ignores SIGPIPE, which the system sends when a program writes to a pipe that its reader
// has closed. The write then returns an error. Otherwise the signal would end the program before it has
// cleaned up.
func IgnoreBrokenPipe() { signal.Ignore(syscall.SIGPIPE) }

// IsBrokenPipe reports whether an error of a write means that the reader of a pipe has ended. The reader
// needs no more octets, so the error does not have to be reported.
func IsBrokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
