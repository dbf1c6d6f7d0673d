//go:build !unix

package commandline

// IgnoreBrokenPipe does nothing: this system has no SIGPIPE.
func IgnoreBrokenPipe() {}

// IsBrokenPipe reports whether an error of a write means that the reader of a pipe has ended. This
// system does not tell.
func IsBrokenPipe(error) bool { return false }
