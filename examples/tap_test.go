package main

import (
	"bytes"
	"io"
	"net"
	"sync"
	"testing"
)

// A tap is a connection between client and server that keeps a copy of what passes, so that a test
// can measure what really was sent and received.
type tap struct {
	addr string

	mu    sync.Mutex
	conns []*tapped
}

// tapped is what passed in one connection, once that is over.
type tapped struct {
	sent, received bytes.Buffer
	over           sync.WaitGroup
}

// newTap listens and passes everything on to a server.
func newTap(t *testing.T, server string) *tap {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	tp := &tap{addr: "localhost:" + port}
	var accepting sync.WaitGroup
	accepting.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", server)
			if err != nil {
				client.Close()
				t.Error(err)
				continue
			}
			c := &tapped{}
			tp.mu.Lock()
			tp.conns = append(tp.conns, c)
			c.over.Go(func() { c.pass(client.(*net.TCPConn), server.(*net.TCPConn)) })
			tp.mu.Unlock()
		}
	})
	t.Cleanup(func() { l.Close(); accepting.Wait(); tp.passed() })
	return tp
}

// pass copies in both directions until both have ended. An end is passed on too.
func (c *tapped) pass(client, server *net.TCPConn) {
	var both sync.WaitGroup
	both.Go(func() {
		io.Copy(io.MultiWriter(server, &c.sent), client)
		server.CloseWrite()
	})
	both.Go(func() {
		io.Copy(io.MultiWriter(client, &c.received), server)
		client.CloseWrite()
	})
	both.Wait()
	client.Close()
	server.Close()
}

// passed returns the connections since it was last called, once they are over.
func (tp *tap) passed() []*tapped {
	tp.mu.Lock()
	conns := tp.conns
	tp.conns = nil
	tp.mu.Unlock()
	for _, c := range conns {
		c.over.Wait()
	}
	return conns
}
