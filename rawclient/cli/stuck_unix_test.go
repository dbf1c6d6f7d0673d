//go:build unix

package cli

import (
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// One Ctrl-C ends the client, even in a write to a pipe that is full. The client says so, unless standard error is
// that pipe. The test runs itself as the client.
func TestInterruptStuck(t *testing.T) {
	const server = "RAWCLIENT_TEST_STUCK"
	if addr := os.Getenv(server); addr != "" {
		stuckTime = 100 * time.Millisecond
		os.Exit(Main([]string{"-addr", addr, "-explain", get}))
	}
	r, full, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer full.Close()
	full.SetWriteDeadline(time.Now().Add(10 * time.Millisecond))
	full.Write(make([]byte, 8<<20)) // more than fits
	for _, both := range []bool{false, true} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // a client that is stuck does not end
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
		var said strings.Builder
		client.Stdout, client.Stderr = full, &said
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
		client.Process.Signal(os.Interrupt)
		client.Wait()
		if client.ProcessState.ExitCode() != exitBroken || !both && !strings.Contains(said.String(), "has not been read") {
			t.Errorf("%v: %s", client.ProcessState, said.String())
		}
	}
}
