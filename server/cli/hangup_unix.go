//go:build unix

package cli

import (
	"os"
	"syscall"
)

// hangup is SIGHUP. The system sends it when the terminal of the server is closed. An administrator
// sends it to make a server read its configuration again.
var hangup = []os.Signal{syscall.SIGHUP}
