//go:build unix

package nodes

import "syscall"

// Stop stops the process. It keeps its connections and does nothing, as a machine that hangs.
func (p *Process) Stop() error { return p.cmd.Process.Signal(syscall.SIGSTOP) }

// Continue ends a Stop.
func (p *Process) Continue() error { return p.cmd.Process.Signal(syscall.SIGCONT) }
