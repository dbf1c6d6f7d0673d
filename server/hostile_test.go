package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rawhttp/examples/foreign"
)

// TestHostile attacks the server with many clients that are rude, slow or malicious. The server has a process of
// its own, so the memory and the descriptors of that process are the server's.
//
// The test checks that every attacker gets the response that it should get, and that a normal client is served
// meanwhile. When the attackers are gone, the server must hold nothing for them: no connection, no goroutine
// and no descriptor. The only time that is checked is that of a new client: it finds a place within ten
// seconds, however many connections there are. On a machine without other work that takes about a second.
//
//	hostile_test.go   the table of peers
//	victim_test.go    the server in its process, and what it says of itself
//	crowd_test.go     many at once, slow or idle
//	greedy_test.go    whole lists that are asked for and not read
//	rude_test.go      one that does not read, resets, half-closes, sends too much
//	smuggle_test.go   two requests that look like one, and one that looks like two
//	trouble_test.go   no descriptors, a handler that panics, a stop

// A peer is one kind of attack.
type peer struct {
	name    string
	flags   []string // of the server
	alone   bool     // no normal client is served meanwhile
	attack  func(a *arena)
	process bool // it measures the memory of the whole process, so Go collects garbage as usual
	long    bool // see foreign.Long
}

var peers = []peer{
	{name: "1,000 clients that send an octet a second", attack: slow, long: true},
	{name: "1,024 clients that are idle after a GET", alone: true, attack: lockOut(keepAlive)},
	{name: "1,024 clients that send half a head", alone: true, attack: lockOut(keepAlive[:20]), long: true},
	{name: "1,024 clients that send nothing", alone: true, attack: lockOut(""), long: true},
	{name: "1,024 clients that announce a body", alone: true, attack: lockOut(post("/raw", 100)), long: true},
	{name: "1,024 clients that send an octet of it", alone: true,
		attack: lockOut(post("/raw", 100) + "x"), long: true},
	{name: "1,024 clients that send half of a body", alone: true,
		attack: lockOut(post("/raw", 1_000_000) + strings.Repeat("x", 100_000)), long: true},
	{name: "100 clients that never read, of 100 connections", flags: []string{"-conns", "100"}, alone: true,
		attack: lockOutUnread, long: true},
	{name: "5,000 connections that are idle", flags: []string{"-conns", "6000", "-busy-time", "1m"},
		attack: idle, long: true},
	{name: "connections beyond the limit", flags: []string{"-conns", "50", "-busy-time", "1m"}, alone: true,
		attack: tooMany},
	{name: "clients that never read their responses", flags: []string{"-send-time", "500ms"},
		attack: neverReads, long: true},
	{name: "300 clients that read whole lists, while each list is replaced", flags: greedyFlags,
		attack: greedy, process: true, long: true},
	{name: "a reset in each phase", attack: resets},
	{name: "a half-close in each phase", attack: halfCloses},
	{name: "5 MB sent to a 413", attack: tooLong},
	{name: "smuggling", attack: smuggle},
	{name: "pipelined requests, in pieces", attack: pipeline},
	{name: "no descriptors left in Accept", alone: true, attack: noDescriptors},
	{name: "a stop with requests under way", alone: true, attack: stop},
	{name: "a second Ctrl-C", alone: true, attack: stopNow},
}

// A row is what is reported of an attack.
type row struct {
	peer          string
	held, refused int
	memory        int // octets for each connection held
	latencies     []time.Duration
	wait          time.Duration // of the new client that waited longest for a place
}

// TestHostile attacks the server over real sockets and measures what an attacker achieves. With -v it
// prints a table.
func TestHostile(t *testing.T) {
	foreign.Short(t)
	foreign.Deliver(os.Interrupt)
	program := server(t)
	var rows []row
	for _, p := range peers {
		t.Run(p.name, func(t *testing.T) {
			if p.long {
				foreign.Long(t)
			}
			a := &arena{T: t, program: program, process: p.process, row: row{peer: p.name}}
			a.victim = a.start(p.flags...)
			before := a.metrics()
			leave := func() {}
			if !p.alone {
				leave = sync.OnceFunc(a.normalClient())
				defer leave()
			}
			p.attack(a)
			leave()
			rows = append(rows, a.row)
			if !a.victim.ended {
				a.settles(before)
				a.victim.stops()
			}
		})
	}
	t.Run("a handler that panics", func(t *testing.T) { rows = append(rows, panics(t)) })
	fmt.Fprintf(t.Output(), "\n%s\n", table(rows))
}

// server returns the program of the server. That is the program of this test. The long peers, which
// measure memory, attack the real one, because this program may have the race detector in it.
func server(t *testing.T) string {
	t.Helper()
	if foreign.IsLong() {
		program := filepath.Join(t.TempDir(), "server.exe")
		foreign.Run(t, "go", "build", "-o", program, "rawhttp/server")
		return program
	}
	return ownProgram(t)
}

// table returns the rows for people, and as a table of Markdown as well.
func table(rows []row) string {
	var b strings.Builder
	dash := func(n int, unit string) string {
		if n == 0 {
			return "-"
		}
		return fmt.Sprint(n) + unit
	}
	line := func(cells ...string) {
		fmt.Fprintf(&b, "| %-42s | %5s | %7s | %10s | %14s | %12s |\n",
			cells[0], cells[1], cells[2], cells[3], cells[4], cells[5])
	}
	line("peer", "held", "refused", "memory", "median latency", "longest wait")
	line(":--", "--:", "--:", "--:", "--:", "--:")
	for _, r := range rows {
		latency := "-"
		if n := len(r.latencies); n > 0 {
			slices.Sort(r.latencies)
			latency = r.latencies[n/2].Round(10 * time.Microsecond).String()
		}
		wait := "-"
		if r.wait > 0 {
			wait = r.wait.Round(time.Millisecond).String()
		}
		line(r.peer, dash(r.held, ""), dash(r.refused, ""), dash(r.memory, " B"), latency, wait)
	}
	return b.String()
}
