package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// The limits of the server that greedy attacks. Its memory is computed from them, as README does.
const (
	greedyConns, greedyHead, greedyBody = 320, 8 << 10, 16 << 10
	greedyInFlight                      = 32 << 20
	greedyAddresses                     = 1000
)

var greedyFlags = []string{
	"-conns", fmt.Sprint(greedyConns), "-busy-time", "1m", "-idle-time", "1m", "-send-time", "1m",
	"-head", fmt.Sprint(greedyHead), "-body", fmt.Sprint(greedyBody),
	"-in-flight", fmt.Sprint(greedyInFlight), "-max", fmt.Sprint(greedyAddresses),
}

// greedyBound returns the most octets that the process may have: a head, one and a half bodies, and 128 KiB
// for each connection, the addresses, and what is in flight. All of that counts twice, because Go collects
// garbage only when there is as much of it. Add to that what a program needs that does nothing.
func greedyBound() int {
	const idle, room = 32 << 20, 4<<20 + 8<<10*greedyAddresses
	return 2*(greedyConns*(greedyHead+greedyBody*3/2+128<<10)+room+greedyInFlight) + idle
}

// greedy fills the book with the longest addresses that are allowed. Then clients ask for all of them and do not
// read the response. After every 20 clients all addresses are replaced, so what the server keeps for these
// clients is needed for nothing else.
func greedy(a *arena) {
	const rounds, readers = 15, 20
	if a.peakMemory() == 0 {
		a.Skip("skipped: this system does not say in /proc how much memory a process has")
	}
	a.replaceAll(0)
	before := a.look()
	refused := 0
	for round := range rounds {
		for i := range readers {
			query := []string{"", "?limit=9999"}[i%2]
			c := a.victim.dial()
			defer c.Close()
			c.SetReadBuffer(4 << 10)
			io.WriteString(c, "GET "+base+query+" HTTP/1.0\r\n\r\n")
			start := make([]byte, len("HTTP/1.0 200"))
			io.ReadFull(c, start)
			switch string(start) {
			case "HTTP/1.0 200":
			case "HTTP/1.0 503":
				refused++
			default:
				a.Fatalf("a reader got %q", start)
			}
		}
		head, err := a.victim.ask("HEAD " + base + " HTTP/1.0\r\n\r\n")
		if err != nil || !strings.HasPrefix(head, "HTTP/1.0 200 ") {
			a.Errorf("HEAD got %q, %v", head, err)
		}
		a.replaceAll(round + 1)
	}
	a.weigh(before, a.look(), rounds*readers-refused)
	a.row.refused = refused
	peak, bound := a.peakMemory(), greedyBound()
	a.Logf("the process had %d MB at most, and may have %d MB", peak>>20, bound>>20)
	if peak > bound {
		a.Error("that is too much")
	}
	if refused == 0 || refused == rounds*readers {
		a.Errorf("%d of %d readers were refused", refused, rounds*readers)
	}
}

// replaceAll replaces all addresses by others of the greatest length.
func (a *arena) replaceAll(number int) {
	a.Helper()
	c := a.victim.dial()
	defer c.Close()
	text := strings.Repeat("\u2028", 500) // which the server writes with six octets each
	body := fmt.Sprintf(`{"number": %d, "post_code": "%s", "line_1": "%[2]s", "line_2": "%[2]s"}`,
		number, text)
	go func() {
		for i := range greedyAddresses {
			keep := "keep-alive"
			if i == greedyAddresses-1 {
				keep = "close"
			}
			fmt.Fprintf(c, "PUT %s/%d HTTP/1.0\r\nConnection: %s\r\nContent-Type: application/json\r\n"+
				"Content-Length: %d\r\n\r\n%s", base, i+1, keep, len(body), body)
		}
	}()
	got, err := io.ReadAll(c)
	codes, _ := a.responses(string(got), "PUT")
	if err != nil || len(codes) != greedyAddresses {
		a.Fatalf("%d of %d addresses were replaced, %v", len(codes), greedyAddresses, err)
	}
	for _, code := range codes {
		if code != 200 && code != 201 {
			a.Fatalf("an address was not replaced: %d", code)
		}
	}
}

var peakLine = regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`)

// peakMemory returns the most octets of memory that the server had so far, or 0 if the system does not say it.
func (a *arena) peakMemory() int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", a.victim.cmd.Process.Pid))
	m := peakLine.FindSubmatch(status)
	if err != nil || m == nil {
		return 0
	}
	kilo, _ := strconv.Atoi(string(m[1]))
	return kilo << 10
}
