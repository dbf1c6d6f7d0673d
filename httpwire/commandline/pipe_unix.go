//go:build unix

package commandline

import (
	"errors"
	"os/signal"
	"syscall"
)

// IgnoreBrokenPipe makes a write to a pipe that its reader has closed an error, and nothing else. The
// system sends SIGPIPE, which would end the program before it has cleaned up.
func IgnoreBrokenPipe() { signal.Ignore(syscall.SIGPIPE) }

// IsBrokenPipe reports whether an error of a write means that the reader of a pipe has ended. The reader
// needs no more octets, so the error does not have to be reported.
func IsBrokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
