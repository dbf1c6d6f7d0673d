// Package hostile lets rude, slow and malicious peers at the server, over real sockets and in
// numbers, and reports how it bore them. It is a test, in a package of its own since the program
// under attack is the real one, in a process of its own: what it holds is its own then.
//
// What is asserted: every peer gets what is due to it, a normal client is served all the while, and
// when a peer is gone, so is all that it held: no connection, no goroutine and no descriptor is left.
// Nothing here asserts how fast anything is, except that a new client finds a place within two
// seconds, however many connections there are.
//
//	hostile.go   the table of peers
//	victim.go    the server in its process, and what it says of itself
//	crowd.go     many at once, slow or idle
//	greedy.go    whole lists that are asked for and not read
//	rude.go      one that does not read, resets, half-closes, sends too much
//	smuggle.go   two requests that look like one, and one that looks like two
//	trouble.go   no descriptors, a handler that panics, a stop
package hostile

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A peer is one kind of attack. The flags are the server's. If it is alone, no normal client is
// served meanwhile. If it is about the memory of the process, garbage is collected as usual.
type peer struct {
	name    string
	flags   []string
	alone   bool
	attack  func(a *arena)
	process bool
}

var peers = []peer{
	{"1,000 clients that send an octet a second", nil, false, slow, false},
	{"1,024 clients that are idle after a GET", nil, true, lockOut(keepAlive), false},
	{"1,024 clients that send half a head", nil, true, lockOut(keepAlive[:20]), false},
	{"1,024 clients that send nothing", nil, true, lockOut(""), false},
	{"1,024 clients that announce a body", nil, true, lockOut(post("/raw", 100)), false},
	{"1,024 clients that send an octet of it", nil, true, lockOut(post("/raw", 100) + "x"), false},
	{"1,024 clients that send half of a body", nil, true,
		lockOut(post("/raw", 1_000_000) + strings.Repeat("x", 100_000)), false},
	{"100 clients that never read, of 100 connections", []string{"-conns", "100"}, true,
		lockOutUnread, false},
	{"5,000 connections that are idle", []string{"-conns", "6000", "-busy-time", "1m"}, false, idle, false},
	{"connections beyond the limit", []string{"-conns", "50", "-busy-time", "1m"}, true, tooMany, false},
	{"clients that never read their responses", []string{"-send-time", "500ms"}, false, neverReads, false},
	{"300 readers of whole lists, each replaced meanwhile", greedyFlags, false, greedy, true},
	{"a reset in each phase", nil, false, resets, false},
	{"a half-close in each phase", nil, false, halfCloses, false},
	{"5 MB sent to a 413", nil, false, tooLong, false},
	{"smuggling", nil, false, smuggle, false},
	{"pipelined requests, in pieces", nil, false, pipeline, false},
	{"no descriptors left in Accept", nil, true, noDescriptors, false},
	{"a stop with requests under way", nil, true, stop, false},
	{"a second Ctrl-C", nil, true, stopNow, false},
}

// A row is what is reported of an attack.
type row struct {
	peer          string
	held, refused int
	memory        int // octets for each connection held
	latencies     []time.Duration
	wait          time.Duration // of the new client that waited longest for a place
}

// Run attacks the server, which is the program at that path, and prints the table.
func Run(t *testing.T, program string) {
	var rows []row
	for _, p := range peers {
		t.Run(p.name, func(t *testing.T) {
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
