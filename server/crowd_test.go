package main

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// slow sends octets of heads, one a second on each connection, until the server has responded to all of
// them with 408. More than half of the places are taken, so that takes 5 s (-busy-time).
func slow(a *arena) {
	const clients = 1000
	const head = "GET /a-path-that-takes-a-minute-to-type HTTP/1.0\r\n"
	before := a.look()
	conns := make([]net.Conn, clients)
	ended := make(chan string, clients)
	for i := range conns {
		c := a.victim.dial()
		defer c.Close()
		conns[i] = c
		io.WriteString(c, head[:1])
		go func() {
			response, _ := io.ReadAll(c)
			ended <- string(response)
		}()
	}
	a.weigh(before, a.look(), clients)
	second := time.NewTicker(time.Second)
	defer second.Stop()
	for sent, left := 1, clients; left > 0; {
		select {
		case response := <-ended:
			left--
			if !strings.HasPrefix(response, "HTTP/1.0 408 ") {
				a.Errorf("a slow client got %q", response)
			}
		case <-second.C:
			if sent == len(head) {
				a.Fatal("the server still waits")
			}
			for _, c := range conns {
				io.WriteString(c, head[sent:sent+1]) // which fails for those that are done
			}
			sent++
		}
	}
	a.look()
}

// weigh adds to the row how much memory the server has taken for each of its connections since before.
func (a *arena) weigh(before, now map[string]int, connections int) {
	for _, name := range []string{"go_memstats_alloc_bytes", "go_memstats_stack_inuse_bytes"} {
		a.row.memory += (now[name] - before[name]) / connections
	}
}

// keeper returns a connection that was served once and is kept alive.
func (a *arena) keeper() (c net.Conn) {
	a.Helper()
	a.until("there is a place", func() bool {
		c = a.victim.dial()
		io.WriteString(c, keepAlive)
		response := make([]byte, 4096)
		n, _ := c.Read(response)
		got := string(response[:n])
		if strings.HasPrefix(got, "HTTP/1.0 200 ") && strings.Contains(got, "\r\nConnection: keep-alive\r\n") {
			return true
		}
		c.Close() // refused, or not kept alive because another one was refused lately
		return false
	})
	return c
}

// keepAlive is a request after which the connection stays open.
const keepAlive = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"

// lockOut returns an attack that takes all the connections there may be, sends some octets on each
// and then waits. New clients find a place nevertheless.
func lockOut(octets string) func(a *arena) {
	return func(a *arena) {
		a.lockOut(1024, 0, func(c net.Conn) {
			io.WriteString(c, octets)
			io.Copy(io.Discard, c)
		})
	}
}

// lockOutUnread takes all the connections there may be, asks for the same again and again on each
// and reads nothing. There are few connections, because the system keeps some megabytes for each.
func lockOutUnread(a *arena) {
	request := strings.Replace(keepAlive, "GET /", "GET /address_book/api/v1.0/openapi.json", 1)
	a.lockOut(100, 2*time.Second, func(c net.Conn) {
		c.(*net.TCPConn).SetReadBuffer(4 << 10)
		for err := error(nil); err == nil; {
			_, err = io.WriteString(c, request)
		}
	})
}

// lockOut makes clients hold connections. After a while it measures how long new clients wait for a place.
func (a *arena) lockOut(clients int, while time.Duration, hold func(net.Conn)) {
	const newcomers, most = 20, 10 * time.Second
	done := make(chan struct{})
	var all sync.WaitGroup
	defer all.Wait()
	defer close(done)
	for range clients {
		c := a.victim.dial()
		all.Go(func() { a.victim.holds(c, hold, done) })
	}
	time.Sleep(while) // the clients hold their places for this time before a new client comes
	for range newcomers {
		a.row.wait = max(a.row.wait, a.newcomer())
	}
	if a.row.wait > most {
		a.Errorf("a new client waits %v for a place", a.row.wait)
	}
	a.look()
}

// holds keeps a place at the server: when its connection is ended it opens another one.
func (v *victim) holds(c net.Conn, hold func(net.Conn), done chan struct{}) {
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for {
		ended := make(chan struct{})
		go func() { hold(c); close(ended) }()
		select {
		case <-ended:
			c.Close()
		case <-done:
			c.Close()
			<-ended
			return
		}
		for c = nil; c == nil; {
			select {
			case <-again.C:
			case <-done:
				return
			}
			c, _ = net.Dial("tcp", v.addr)
		}
	}
}

// newcomer asks for an address, again and again until the server has a place, and returns how long
// that took.
func (a *arena) newcomer() time.Duration {
	a.Helper()
	began := time.Now()
	a.until("a new client has a place", func() bool {
		got, _ := a.victim.ask(normal)
		return strings.HasPrefix(got, "HTTP/1.0 200 ")
	})
	return time.Since(began)
}

// idle asks once on each connection, and then asks no more. What the requests needed is given back,
// and the collector takes it when other requests need memory. The same holds for what a connection
// had, once it is closed.
func idle(a *arena) {
	const clients, most, mostLeft = 5000, 6 << 10, 1 << 10
	before := a.look()
	held := make([]net.Conn, clients)
	for i := range held {
		held[i] = a.keeper()
	}
	a.takes("an idle connection", before, clients, most)
	if a.row.held < clients {
		a.Errorf("%d connections are held", a.row.held)
	}
	memory := a.row.memory
	for _, c := range held {
		c.Close()
	}
	a.takes("a connection that was closed", before, clients, mostLeft)
	a.row.memory = memory
}

// takes waits until each of the connections takes at most that many octets. It sends requests that need
// memory, so that Go collects garbage.
func (a *arena) takes(what string, before map[string]int, connections, most int) {
	a.Helper()
	a.until(fmt.Sprintf("%s takes at most %d octets", what, most), func() bool {
		for range 50 {
			a.victim.ask(post("/raw", 100_000) + strings.Repeat("x", 100_000))
		}
		a.row.memory = 0
		a.weigh(before, a.look(), connections)
		return a.row.memory <= most
	})
}

// tooMany opens more connections than the limit. The clients beyond it get a 503, or their connections are just
// closed. The clients within it are served. On a slow machine some of these have waited so long that they lose
// their places: the server counts them.
func tooMany(a *arena) {
	const most, clients = 50, 500
	var held []net.Conn
	for len(held) < most {
		if len(held) == most-1 {
			a.look() // which takes the last place, for a moment
		}
		held = append(held, a.keeper())
	}
	told, served := 0, 0
	for range clients {
		switch got, _ := a.victim.ask(normal); {
		case strings.HasPrefix(got, "HTTP/1.0 503 ") && strings.Contains(got, "\r\nRetry-After: "):
			told++
		case strings.HasPrefix(got, "HTTP/1.0 200 "):
			served++
		case got != "":
			a.Errorf("a client beyond the limit got %q", got)
		}
	}
	lost := 0
	for _, c := range held {
		io.WriteString(c, normal)
		switch got, _ := io.ReadAll(c); {
		case len(got) == 0:
			lost++
		case !strings.HasPrefix(string(got), "HTTP/1.0 200 "):
			a.Errorf("a client within the limit got %q", got)
		}
		c.Close()
	}
	evicted := a.look()["rawhttp_connections_evicted_total"]
	if told == 0 && evicted == 0 {
		a.Error("no client was told to try again later")
	}
	if lost > evicted || served > 0 && evicted == 0 {
		a.Errorf("%d clients beyond the limit were served and %d connections closed; the server counts %d",
			served, lost, evicted)
	}
	a.row.held = len(held)
}
