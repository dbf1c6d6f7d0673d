//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"rawhttp/server/eventlog"
)

// A log that is read has a line for each request, in their order, also for the last ones before a
// signal.
func TestLogIsWhole(t *testing.T) {
	p := startProgram(t, ownProgram(t))
	const requests = 200
	pipelined := strings.Repeat("GET /raw HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", requests-1) +
		"GET /raw HTTP/1.0\r\n\r\n"
	p.send(t, pipelined)
	p.cmd.Process.Signal(syscall.SIGTERM)
	p.cmd.Wait()
	ids := regexp.MustCompile(`(?m)^time=\S+ msg=request id=(\d+) peer=\S+ line="GET /raw HTTP/1\.0" status=200 `+
		`in=\d+ out=\d+ took=\S+$`).FindAllStringSubmatch(p.log.String(), -1)
	if len(ids) != requests {
		t.Fatalf("%d lines for %d requests:\n%s", len(ids), requests, p.log.String())
	}
	for i, id := range ids {
		if id[1] != fmt.Sprint(i+1) {
			t.Fatalf("line %d is of request %s", i+1, id[1])
		}
	}
}

// A server whose log is not read goes on serving, and says afterwards what the log lacks.
func TestLogIsStuck(t *testing.T) {
	path := ownProgram(t)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	p := new(program)
	p.start(t, write, path, "-v")
	write.Close()
	long := "GET / HTTP/1.0\r\nX: " + strings.Repeat("x", 60_000) + "\r\n\r\n"
	for range 3 * eventlog.MaxPending / len(long) { // -v logs the octets
		if got := code(p.send(t, long)); got != "200" {
			t.Fatalf("got %s", got)
		}
	}
	if got := p.send(t, "GET /metrics HTTP/1.0\r\n\r\n"); !regexp.MustCompile(
		`(?m)^rawhttp_log_lines_dropped_total [1-9]`).MatchString(got) {
		t.Errorf("the lines that were dropped are not counted:\n%s", got)
	}
	var logged strings.Builder
	read.SetReadDeadline(time.Now().Add(time.Minute))
	for buf := make([]byte, 64<<10); !strings.Contains(logged.String(), "lines were dropped\" lines="); {
		n, err := read.Read(buf)
		if err != nil {
			t.Fatalf("%v; the log has no word of what was dropped", err)
		}
		logged.Write(buf[:n])
	}
}

// A server goes on when the reader of its log has ended.
func TestLogIsClosed(t *testing.T) {
	path := ownProgram(t)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p := new(program)
	p.start(t, write, path)
	write.Close()
	read.Close()
	lost := regexp.MustCompile(`(?m)^rawhttp_log_lines_dropped_total [1-9]`)
	waitFor(t, "the lines that were lost are counted", func() bool {
		return lost.MatchString(p.send(t, "GET /metrics HTTP/1.0\r\n\r\n"))
	})
}

// A server stops although nothing reads its output any more, as after 2>&1 into a program that hangs.
func TestOutputIsStuckAtStop(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	p := &program{cmd: exec.Command(ownProgram(t), "-addr", "localhost:0", "-v")}
	p.cmd.Stdout, p.cmd.Stderr = write, write
	p.run(t, read)
	write.Close()
	for range 4 { // -v logs more than a pipe can take
		p.send(t, "GET / HTTP/1.0\r\nX: "+strings.Repeat("x", 60_000)+"\r\n\r\n")
	}
	p.cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(time.Minute, func() { p.cmd.Process.Kill() })
	defer kill.Stop()
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("it did not stop: %v", err)
	}
}

func TestLogIsOff(t *testing.T) {
	p := startProgram(t, ownProgram(t), "-log", "off")
	p.send(t, "GET / HTTP/1.0\r\n\r\n")
	p.cmd.Process.Signal(syscall.SIGTERM)
	p.cmd.Wait()
	if p.log.String() != "" {
		t.Errorf("the log has %q", p.log.String())
	}
}
