//go:build unix

package cli

import (
	"os"
	"syscall"
)

// hangup is SIGHUP. The system sends it when the terminal of the server is closed. An administrator
// sends it to make a server read its configuration again.
var hangup = []os.Signal{syscall.SIGHUP}

// The system sends SIGPIPE when the program writes to a pipe that its reader has closed, as when the
// program that takes the log has ended. A server goes on without its log.
var brokenPipe = []os.Signal{syscall.SIGPIPE}
