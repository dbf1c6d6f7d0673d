package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"rawhttp/examples/foreign"
)

// Outside the module there is no server to build, and the error says where there is.
func TestStartOutsideModule(t *testing.T) {
	t.Chdir(t.TempDir())
	p := new(programs)
	defer p.close()
	if err := p.start(t.TempDir()); err == nil || !strings.Contains(err.Error(), "folder that holds go.mod") {
		t.Error(err)
	}
}

// The example runs to its end, and no acknowledged address is lost.
func TestRun(t *testing.T) {
	foreign.Long(t)
	if err := missing(); err != nil {
		foreign.Skip(t, err.Error())
	}
	var out bytes.Buffer
	if err := run(t.Context(), &out, time.Second, 0); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	said := strings.Join(strings.Fields(out.String()), " ") // as if no line were broken
	for _, want := range []string{"Killing the leader of etcd", "Killing server 1", "Server 2 goes on", " 0 of them are lost",
		"0 responses were wrong"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	for _, want := range quoted(t) {
		if !strings.Contains(said, strings.Join(strings.Fields(want), " ")) {
			t.Errorf("lesson 11 quotes %q, which is not in\n%s", want, out.String())
		}
	}
	t.Log(out.String())
}

// quoted returns the lines that lesson 11 quotes from this program.
func quoted(t *testing.T) (lines []string) {
	page, err := os.ReadFile("../lessons/11-a-book-that-lasts.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(page), "These are its headings:\n\n")
	for line := range strings.Lines(after) {
		text, ok := strings.CutPrefix(line, "    ")
		if !ok {
			break
		}
		lines = append(lines, strings.TrimSpace(text))
	}
	if len(lines) < 4 {
		t.Fatalf("lesson 11 quotes %q", lines)
	}
	return lines
}

// An error in the command line says what to write.
func TestParse(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{"", "0s <nil>"},
		{"-for 5m", "5m0s <nil>"},
		{"-for x", "0s -for x: write it as in  -for 5m\nthe flag is  -for 5m;  -h says more"},
		{"-for -1s", "0s -for -1s: write it as in  -for 5m\n"},
		{"-for", "0s -for has no value: write  -for 5m\n"},
		{"-to 5m", "0s \"-to\" is not a flag\n"},
		{"5m", "0s \"5m\" is not a flag\n"},
		{"-h", "0s flag: help requested"},
	} {
		lasting, err := parse(strings.Fields(tt.line))
		if got := fmt.Sprint(lasting, " ", err); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: %s, want %s", tt.line, got, tt.want)
		}
	}
	for line := range strings.Lines(usage) {
		if len(line) > 81 {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
}

// Ctrl-C ends the example and all that it has started.
func TestInterrupt(t *testing.T) {
	foreign.Long(t)
	if err := missing(); err != nil {
		foreign.Skip(t, err.Error())
	}
	ctx, cancel := context.WithCancel(t.Context())
	interrupted := writer(func(b []byte) {
		if bytes.Contains(b, []byte("four clients")) {
			cancel()
		}
	})
	if err := run(ctx, interrupted, time.Minute, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// After Ctrl-C, which also ends the programs, no event follows: it would wait for a leader of etcd.
func TestEventAfterInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var out bytes.Buffer
	s := &show{ctx: ctx, out: &out, pause: time.Minute, clients: new(traffic)}
	err := s.event("A program is killed:", func() error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) || out.String() != "\nA program is killed:\n\n" {
		t.Errorf("%v, %q", err, out.String())
	}
	if err := s.event("Another one:", func() error { return errMissing }); err != errMissing {
		t.Error(err)
	}
}

// When the list cannot be read back, the error says why, and nothing else.
func TestReadBack(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	responses := []string{"503 No\r\nContent-Length: 2\r\n\r\n{}", "200 OK\r\nContent-Length: 1\r\n\r\n{",
		"200 OK\r\n\r\n{\"addresses\": [{\"ID\": 7}]}"}
	go func() {
		for _, response := range responses {
			if c, err := l.Accept(); err == nil {
				c.Read(make([]byte, 4096))
				fmt.Fprint(c, "HTTP/1.0 ", response)
				c.Close()
			}
		}
	}()
	clients := new(traffic)
	for i, want := range []string{"the list of all addresses: status code 503",
		"the list of all addresses: unexpected end of JSON input", "<nil>"} {
		there, err := clients.readBack(l.Addr().String())
		if fmt.Sprint(err) != want || there[7] != (err == nil) {
			t.Errorf("response %d: %v, %v; want %s", i, there, err, want)
		}
	}
}

// What clients got besides an acknowledgement is always named in the same order.
func TestTake(t *testing.T) {
	for range 20 {
		clients := &traffic{lastDone: time.Now(),
			since: counts{others: map[string]int{"no response": 2, "503": 1, "504": 3}}}
		const want = ", 1 times 503, 3 times 504, 2 times no response"
		if got := clients.take(); !strings.HasSuffix(got, want) {
			t.Fatalf("%q, want the end %q", got, want)
		}
	}
}

var errMissing = errors.New("it is missing")

// Without the programs, the error says what to install.
func TestMissing(t *testing.T) {
	was := needed
	defer func() { needed = was }()
	needed = append(needed[:0:0], struct{ program, pkg string }{"no-such-program", "no-such-package"})
	if err := missing(); err == nil || !strings.HasSuffix(err.Error(), "apt-get install no-such-package") {
		t.Errorf("%v", err)
	}
}

type writer func([]byte)

func (w writer) Write(b []byte) (int, error) { w(b); return len(b), nil }
