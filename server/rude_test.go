package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
)

// phases are how far a client gets before it does something rude.
var phases = []string{
	"",
	"GE",
	"GET /x HTTP/1.0\r",
	"GET /x HTTP/1.0\r\nHost: loc",
	"GET /x HTTP/1.0\r\nHost: localhost\r\n",
	post("/raw", 100),
	post("/raw", 100) + "half of a body",
	post("/raw", 100_000) + strings.Repeat("x", 50_000),
	normal,
	"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
	strings.Repeat("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 50),
	"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}

// neverReads sends requests, each with a long response, and reads none. The server stops reading and
// sending in turn, and gives up when the client has taken nothing of a response for too long.
func neverReads(a *arena) {
	const clients = 30
	request := []byte("POST /raw HTTP/1.0\r\nConnection: keep-alive\r\n" +
		"Content-Length: 100000\r\n\r\n" + strings.Repeat("x", 100_000))
	var all sync.WaitGroup
	stuck := make(chan int, clients)
	for range clients {
		c := a.victim.dial()
		defer c.Close()
		c.SetReadBuffer(4 << 10)
		all.Go(func() {
			n := 0
			for ; n < 10_000; n++ {
				if _, err := c.Write(request); err != nil {
					break
				}
			}
			stuck <- n
		})
	}
	a.look()
	all.Wait()
	for range clients {
		if n := <-stuck; n == 10_000 {
			a.Error("the server took every request of a client that takes no response")
		}
	}
}

// resets sends a reset in each phase, even while a response is on its way.
func resets(a *arena) {
	for range 20 {
		for _, sent := range phases {
			c := a.victim.dial()
			io.WriteString(c, sent)
			c.SetLinger(0)
			c.Close()
		}
	}
	a.look()
	for _, sent := range phases[8:] { // when a part of the response has come
		c := a.victim.dial()
		io.WriteString(c, sent)
		c.CloseWrite()
		c.Read(make([]byte, 10))
		c.SetLinger(0)
		c.Close()
	}
}

// halfCloses ends the sending side in each phase. A client that has sent a whole request gets its
// response. A client that has sent a part of one gets an error that says what is missing. A client
// that has sent nothing gets nothing.
func halfCloses(a *arena) {
	for _, sent := range phases {
		c := a.victim.dial()
		io.WriteString(c, sent)
		c.CloseWrite()
		octets, err := io.ReadAll(c)
		c.Close()
		got := string(octets)
		codes, _ := a.responses(got, "GET")
		switch whole := strings.Count(sent, "\r\n\r\n"); {
		case err != nil:
			a.Errorf("%.60q: %v", sent, err)
		case sent == "" && got == "":
		case strings.HasPrefix(sent, "POST") || whole == 0:
			have := fmt.Sprintf("have  %d octets", len(sent))
			if len(codes) != 1 || codes[0] != 400 || !strings.Contains(got, have) && sent[0] != 0x16 {
				a.Errorf("%.60q: no %q in %q", sent, have, got)
			}
		case len(codes) != whole || codes[0] != 200:
			a.Errorf("%.60q: %d responses: %v", sent, len(codes), codes)
		}
	}
	a.look()
}

// tooLong sends 5 MB to a server that refuses them after it has read the head. The client must receive the 413.
func tooLong(a *arena) {
	const length = 5_000_000
	body := bytes.Repeat([]byte("x"), length)
	for range 20 {
		c := a.victim.dial()
		sent := make(chan error, 1)
		go func() {
			io.WriteString(c, post("/raw", length))
			_, err := c.Write(body)
			sent <- err
		}()
		got, err := io.ReadAll(c)
		if codes, _ := a.responses(string(got), "POST"); err != nil || len(codes) != 1 || codes[0] != 413 {
			a.Errorf("got %q, %v", got, err)
		}
		if err := <-sent; err != nil {
			a.Errorf("sending failed: %v", err)
		}
		c.Close()
	}
	a.look()
}
