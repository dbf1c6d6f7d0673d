//go:build unix

package cli

import (
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// stuckServer and stuckFor are the variables with which a test runs itself as a client: its server and its stuckTime.
const stuckServer, stuckFor = "RAWCLIENT_TEST_STUCK", "RAWCLIENT_TEST_STUCK_TIME"

// One Ctrl-C ends the client, even in a write to a pipe that is full. The client says so, unless standard error is
// that pipe. A second Ctrl-C ends it before stuckTime is over.
func TestInterruptStuck(t *testing.T) {
	if addr := os.Getenv(stuckServer); addr != "" {
		stuckTime, _ = time.ParseDuration(os.Getenv(stuckFor))
		os.Exit(Main([]string{"-addr", addr, "-explain", get}))
	}
	for _, both := range []bool{false, true} {
		var said strings.Builder
		client := startStuck(t, "100ms", &said, both)
		client.Process.Signal(os.Interrupt)
		client.Wait()
		if client.ProcessState.ExitCode() != exitBroken || !both && !strings.Contains(said.String(), "has not been read") {
			t.Errorf("%v: %s", client.ProcessState, said.String())
		}
	}
	client := startStuck(t, "1h", io.Discard, false)
	ended := make(chan bool)
	go func() { client.Wait(); close(ended) }()
	for over := false; !over; {
		client.Process.Signal(os.Interrupt) // the client may take two at once for one
		select {
		case <-ended:
			over = true
		case <-time.After(20 * time.Millisecond):
		}
	}
	if client.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGINT {
		t.Error(client.ProcessState)
	}
}

// startStuck starts a client, and returns when it writes to a pipe that is full. Its notices go to that pipe, too, if
// both is set. A client that stays stuck is killed after 10 seconds.
func startStuck(t *testing.T, stuck string, notices io.Writer, both bool) *exec.Cmd {
	t.Helper()
	r, full, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); full.Close() })
	conn, err := full.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	conn.Write(func(fd uintptr) bool {
		for err == nil {
			_, err = syscall.Write(int(fd), make([]byte, 64<<10))
		}
		return true // no more fits
	})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	closed := make(chan bool)
	client := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+t.Name()+"$")
	client.Env = append(os.Environ(), stuckFor+"="+stuck, stuckServer+"=127.0.0.1:"+listen(t, func(conn net.Conn) {
		readHead(conn)
		io.WriteString(conn, okay)
		conn.(*net.TCPConn).CloseWrite()
		io.Copy(io.Discard, conn)
		close(closed) // the client writes the listing now
	}))
	client.Stdout, client.Stderr = full, notices
	if both {
		client.Stderr = full
	}
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-closed:
	case <-ctx.Done():
	}
	return client
}
