package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"

	"rawhttp/httpwire"
	"rawhttp/httpwire/stream"
	"rawhttp/server/addressbook"
)

// A load is what the clients do: a number of connections at a time, and on each of them a number of
// writes, each of a number of requests. If closing is set, each request has a connection of its own.
type load struct {
	name                    string
	conns, writes, together int
	closing                 bool
	target                  string // empty for the list of addresses
	fields                  int    // more than a request has otherwise
	body                    int    // octets; 0 is a GET
}

func (l load) requests() int { return l.conns * l.writes * l.together }

// fewer divides the number of requests, as far as there are more than one.
func (l load) fewer(divide int) load {
	l.writes = max(l.writes/divide, 1)
	return l
}

func (l load) method() string {
	if l.body > 0 {
		return "POST"
	}
	return "GET"
}

func (l load) octets() string {
	var b strings.Builder
	target := l.target
	if target == "" {
		target = addressbook.Path
	}
	fmt.Fprintf(&b, "%s %s HTTP/1.0\r\n", l.method(), target)
	if !l.closing {
		b.WriteString("Connection: keep-alive\r\n")
	}
	for i := range l.fields {
		fmt.Fprintf(&b, "X-Field-%d: a value of some length\r\n", i)
	}
	if l.body > 0 {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", l.body)
	}
	b.WriteString("\r\n")
	return strings.Repeat(b.String(), l.together)
}

// run sends the load and reads every response. It returns the first error of any connection.
func (l load) run(addr string) error {
	octets := l.octets()
	errs := make([]error, l.conns)
	var all sync.WaitGroup
	for i := range l.conns {
		all.Go(func() { errs[i] = l.client(addr, octets) })
	}
	all.Wait()
	return errors.Join(errs...)
}

func (l load) client(addr, octets string) error {
	var c net.Conn
	var err error
	var in *stream.Reader
	for range l.writes {
		if c == nil {
			if c, err = net.Dial("tcp", addr); err != nil {
				return err
			}
			in = stream.NewReader(c)
		}
		if _, err := io.WriteString(c, octets); err != nil {
			return err
		}
		if _, err := io.CopyN(c, zeros{}, int64(l.body)); err != nil {
			return err
		}
		for range l.together {
			var resp httpwire.Response
			if err := in.Response(&resp, []byte(l.method())); err != nil {
				return err
			}
			if resp.Code != 200 {
				return fmt.Errorf("status code %d", resp.Code)
			}
		}
		if l.closing {
			c.Close()
			c = nil
		}
	}
	if c != nil {
		return c.Close()
	}
	return nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
