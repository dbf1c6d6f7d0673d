// Package nodes runs programs for an example and for tests: etcd nodes, and whatever else is needed,
// each in a process of its own that can be killed or stopped.
//
//	nodes.go     processes
//	etcd.go      a cluster of etcd
//	stop_*.go    stopping a process without ending it
package nodes

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// startLimit is the time that a program may take to start on a busy machine.
const startLimit = 30 * time.Second

// A Process is a program that was started.
type Process struct {
	name string
	args []string
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended

	mu  sync.Mutex
	log bytes.Buffer
}

// Find returns the path of a program. The directories of an administrator are searched too.
func Find(name string) (string, error) {
	path, err := exec.LookPath(name)
	for _, dir := range []string{"/usr/sbin", "/sbin", "/usr/local/sbin"} { // not every PATH has them
		if err == nil {
			break
		}
		path, err = exec.LookPath(filepath.Join(dir, name))
	}
	return path, err
}

// FreeAddr returns an address on which no program listens, and no other caller of FreeAddr on this
// machine gets it as long as this program runs. So a node can be killed and started again, and finds its
// port free. The port is below those that systems give to connections.
func FreeAddr() (string, error) {
	for range 100 {
		addr := fmt.Sprint("127.0.0.1:", 20_000+rand.IntN(12_000))
		mark, err := net.ListenPacket("udp", addr)
		if err != nil {
			continue
		}
		if l, err := net.Listen("tcp", addr); err == nil {
			taken.Store(addr, mark)
			return addr, l.Close()
		}
		mark.Close()
	}
	return "", fmt.Errorf("no port is free")
}

// taken holds the marks of the addresses that FreeAddr has returned: sockets on the UDP ports of the
// same numbers. They stay open.
var taken sync.Map

// Start starts a program.
func Start(name string, args ...string) (*Process, error) {
	p := &Process{name: name, args: args}
	return p, p.Restart()
}

// Restart starts the program again after it has ended.
func (p *Process) Restart() error {
	cmd := exec.Command(p.name, p.args...)
	cmd.Stdout, cmd.Stderr = p, p
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	p.cmd, p.done = cmd, done
	go func() {
		defer close(done)
		cmd.Wait()
	}()
	return nil
}

// Write appends to the log of the process.
func (p *Process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

// Log returns what the process has printed.
func (p *Process) Log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// Kill ends the process at once, as a power cut would.
func (p *Process) Kill() {
	p.cmd.Process.Kill()
	<-p.done
}

// End asks the process to end, as a system does before it shuts down. If the process does not end, End
// kills it.
func (p *Process) End() {
	if p.cmd.Process.Signal(syscall.SIGTERM) == nil {
		select {
		case <-p.done:
			return
		case <-time.After(startLimit):
		}
	}
	p.Kill()
}

// Wait waits until the process accepts connections at an address.
func (p *Process) Wait(addr string) error {
	for began := time.Now(); ; {
		c, err := net.DialTimeout("tcp", addr, startLimit)
		if err == nil {
			return c.Close()
		}
		select {
		case <-p.done:
			return fmt.Errorf("%s has ended: %s", filepath.Base(p.name), p.Log())
		case <-time.After(5 * time.Millisecond):
		}
		if time.Since(began) > startLimit {
			return fmt.Errorf("%s does not listen at %s: %w", filepath.Base(p.name), addr, err)
		}
	}
}
