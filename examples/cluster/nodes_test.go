package main

import (
	"net"
	"testing"

	"rawhttp/examples/cluster/nodes"
)

// An address of nodes.FreeAddr is free for the program that is started there, now and later, and no other
// caller gets it.
func TestFreeAddr(t *testing.T) {
	addr, err := nodes.FreeAddr()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
	}
	if mark, err := net.ListenPacket("udp", addr); err == nil {
		mark.Close()
		t.Errorf("another caller can get %s", addr)
	}
}
