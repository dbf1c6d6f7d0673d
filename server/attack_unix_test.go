//go:build unix

package main

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rawhttp/examples/foreign"
	"rawhttp/server/users"
)

// SIGHUP makes the server read its list of users again. A removed user is refused, a new one is
// accepted, and a file with an error changes nothing. A server without a list stops, as it does
// when its terminal is closed.
func TestHangup(t *testing.T) {
	path := ownProgram(t)
	foreign.Deliver(syscall.SIGHUP)
	list := filepath.Join(t.TempDir(), "users")
	write := func(names ...string) {
		t.Helper()
		var text strings.Builder
		for _, name := range names {
			const salt, iterations = "salt of the test", 1000 // few, because each check takes them all
			hash, err := pbkdf2.Key(sha256.New, "secret of "+name, []byte(salt), iterations, sha256.Size)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&text, "%s:pbkdf2-sha256$%d$%s$%s\n", name, iterations,
				base64.RawStdEncoding.EncodeToString([]byte(salt)), base64.RawStdEncoding.EncodeToString(hash))
		}
		if err := os.WriteFile(list, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("alice", "bob")
	p, open := startProgram(t, path, "-users", list), startProgram(t, path)
	check := func(name, want string) {
		t.Helper()
		pair := base64.StdEncoding.EncodeToString([]byte(name + ":secret of " + name))
		got := p.send(t, "DELETE "+base+"/99 HTTP/1.0\r\nAuthorization: Basic "+pair+"\r\n\r\n")
		if code(got) != want {
			t.Errorf("%s: want %s, got %q", name, want, got)
		}
	}
	hangUp := func(p *program, word string) {
		t.Helper()
		if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		waitFor(t, word, func() bool { return strings.Contains(p.log.String(), word) })
	}
	check("alice", "404")
	check("bob", "404")
	check("carol", "401")
	write("bob", "carol")
	hangUp(p, "was read again\" users=2")
	check("alice", "401")
	check("bob", "404")
	check("carol", "404")
	if err := os.WriteFile(list, []byte("carol:sesame\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	hangUp(p, "was not changed")
	check("carol", "404")
	if log := p.log.String(); !strings.Contains(log, list+": line 1: ") ||
		strings.Contains(log, "sesame") {
		t.Errorf("the log says %s", log)
	}
	if err := open.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if err := open.cmd.Wait(); err != nil || !strings.HasSuffix(open.log.String(), "msg=stopped cause=\"hangup signal received\"\n") {
		t.Errorf("without a list: %v, and the log is %q", err, open.log.String())
	}
}

// A signal that comes as soon as the address of the server is known stops it as later ones do.
func TestEarlySignal(t *testing.T) {
	path := ownProgram(t)
	for range 5 { // because a signal that comes too early for the server may still be late enough
		p := startProgram(t, path)
		p.cmd.Process.Signal(syscall.SIGTERM)
		if err := p.cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
}

// A server that was started with SIGHUP ignored, as nohup does, survives its terminal.
func TestNohup(t *testing.T) {
	t.Parallel()
	p := &program{cmd: exec.Command("/bin/sh", "-c", `trap '' HUP; exec "$0" "$@"`, ownProgram(t), "-addr", "localhost:0")}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.run(t, stdout)
	p.send(t, "GET /hello HTTP/1.0\r\n\r\n") // now it catches signals
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	for range 20 { // a server that stops refuses the first or the second
		if got := p.send(t, "GET /hello HTTP/1.0\r\n\r\n"); code(got) != "200" {
			t.Fatalf("after SIGHUP: %q", got)
		}
	}
}

// If the server stops while a body arrives, the response says so.
func TestStopAnswersBodies(t *testing.T) {
	foreign.Long(t)
	t.Parallel()
	p := startProgram(t, ownProgram(t))
	got := make(chan string, 2)
	for _, body := range []string{"", "ab"} {
		go func() { got <- p.send(t, "POST /raw HTTP/1.0\r\nContent-Length: 4\r\n\r\n"+body) }()
	}
	waitFor(t, "both have come", func() bool { return strings.Count(p.log.String(), "in the body") == 2 })
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		response := <-got
		if c := code(response); c != "503" && c != "408" || !strings.Contains(response, "of body") ||
			c == "503" && !strings.Contains(response, "the server is stopping") {
			t.Errorf("got %q", response)
		}
	}
}

// Over a socket, the time of a 401 does not reveal which names exist. The fastest responses are
// compared and may differ by half; without the protection they differ by a factor of a hundred.
func TestTimeDoesNotTellNames(t *testing.T) {
	foreign.Long(t)
	list := filepath.Join(t.TempDir(), "users")
	long, err := users.Line("alice", "a")
	if err != nil {
		t.Fatal(err)
	}
	short, err := os.ReadFile("../examples/rest/users")
	if err != nil {
		t.Fatal(err)
	}
	text := long + "\n" + strings.ReplaceAll(string(short), "alice:", "bob:")
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := startProgram(t, ownProgram(t), "-users", list)
	fastest := make(map[string]time.Duration)
	tells := func() bool {
		return min(fastest["alice"], fastest["bob"], fastest["carol"]) < fastest["alice"]/2
	}
	for round := 0; round < 5 || round < 20 && tells(); round++ { // a busy machine can disturb a few rounds
		for _, name := range []string{"alice", "bob", "carol"} {
			pair := base64.StdEncoding.EncodeToString([]byte(name + ":wrong"))
			began := time.Now()
			got := p.send(t, "DELETE "+base+"/1 HTTP/1.0\r\nAuthorization: Basic "+pair+"\r\n\r\n")
			if took := time.Since(began); code(got) != "401" {
				t.Errorf("%s: %q", name, got)
			} else if fastest[name] == 0 || took < fastest[name] {
				fastest[name] = took
			}
		}
	}
	t.Logf("600,000 iterations %v, 1,000 iterations %v, not there %v",
		fastest["alice"], fastest["bob"], fastest["carol"])
	if tells() {
		t.Error("the time tells which names exist")
	}
}
