//go:build unix

package cli

import (
	"bufio"
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

// Ctrl-C does not end a write to a pipe that is full. The client says so, and the next one ends it. The test
// runs itself as the client.
func TestInterruptStuck(t *testing.T) {
	const server = "RAWCLIENT_TEST_STUCK"
	if addr := os.Getenv(server); addr != "" {
		stuckTime = time.Millisecond
		os.Exit(Main([]string{"-addr", addr, "-explain", get}))
	}
	r, full, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer full.Close()
	full.SetWriteDeadline(time.Now().Add(10 * time.Millisecond))
	full.Write(make([]byte, 8<<20))                                 // more than fits
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // a client that says nothing does not end
	defer cancel()
	closed := make(chan bool)
	client := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+t.Name()+"$")
	client.Env = append(os.Environ(), server+"=127.0.0.1:"+listen(t, func(conn net.Conn) {
		readHead(conn)
		io.WriteString(conn, okay)
		conn.(*net.TCPConn).CloseWrite()
		io.Copy(io.Discard, conn)
		close(closed) // the client writes the listing now
	}))
	client.Stdout = full
	notices, err := client.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-closed:
	case <-ctx.Done():
	}
	client.Process.Signal(os.Interrupt)
	said := ""
	for lines := bufio.NewScanner(notices); !strings.HasSuffix(said, "Ctrl-C ends it now") && lines.Scan(); {
		said += lines.Text()
	}
	client.Process.Signal(os.Interrupt)
	client.Wait()
	if client.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGINT {
		t.Errorf("%v: %s", client.ProcessState, said)
	}
}
