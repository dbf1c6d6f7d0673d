package main

import (
	"fmt"
	"io"
	"net"
	"time"

	"rawhttp/examples/replay"
	"rawhttp/httpwire"
	"rawhttp/httpwire/stream"
	"rawhttp/server/app"
)

// A farLink makes a server on this machine as slow to reach as one that is far away. It waits for a
// round trip when a connection is opened, because TCP sends a packet there and gets one back before
// the first octet of the request can leave, and for another one in each exchange.
type farLink struct {
	addr       string
	roundTrip  time.Duration
	wait       func(time.Duration)
	opened     int // connections
	roundTrips int
}

const (
	farRequests  = 6
	farRoundTrip = 100 * time.Millisecond
)

// delay sends the same requests over a link with delay, first in a connection each, then in one
// connection, and prints what each costs.
func delay(out io.Writer, clock *clock) error {
	server, err := replay.Start(app.Options{})
	if err != nil {
		return err
	}
	defer server.Stop()
	fmt.Fprintf(out, "%d requests to a server that is %v away, there and back\n\n"+
		"                           connections   round trips     time\n", farRequests, farRoundTrip)
	for _, way := range []struct {
		name string
		keep bool
	}{{"a connection for each", false}, {"one connection, kept open", true}} {
		link := &farLink{addr: server.Addr, roundTrip: farRoundTrip, wait: clock.wait}
		began := clock.now()
		if err := link.fetch(farRequests, way.keep); err != nil {
			return err
		}
		took := clock.now().Sub(began).Truncate(farRoundTrip)
		fmt.Fprintf(out, "%-25s  %11d   %11d   %5.1f s\n",
			way.name, link.opened, link.roundTrips, took.Seconds())
	}
	return nil
}

// fetch sends GET n times.
func (l *farLink) fetch(n int, keep bool) error {
	var conn net.Conn
	var responses *stream.Reader
	for i := range n {
		if conn == nil {
			var err error
			if conn, err = net.Dial("tcp", l.addr); err != nil {
				return err
			}
			defer conn.Close()
			responses = stream.NewReader(conn)
			l.opened++
			l.trip()
		}
		request := "GET /raw HTTP/1.0\r\n\r\n"
		if keep && i < n-1 {
			request = "GET /raw HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
		}
		if _, err := io.WriteString(conn, request); err != nil {
			return err
		}
		l.trip()
		if err := responses.Response(new(httpwire.Response), []byte("GET")); err != nil {
			return err
		}
		if !keep {
			conn.Close()
			conn = nil
		}
	}
	return nil
}

func (l *farLink) trip() { l.roundTrips++; l.wait(l.roundTrip) }

// A clock tells the time and waits.
type clock struct {
	now  func() time.Time
	wait func(time.Duration)
}

var realClock = &clock{now: time.Now, wait: time.Sleep}
