package httpd

import (
	"errors"
	"net"
	"testing"
)

// Both loopback addresses are listened on, and a port that another program has on either is in use.
func TestListen(t *testing.T) {
	other, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("skipped: this machine has no [::1]")
	}
	defer other.Close()
	_, port, _ := net.SplitHostPort(other.Addr().String())
	if _, err := Listen("localhost:" + port); !errors.Is(err, ErrInUse) {
		t.Errorf("got %v", err)
	}
	first, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatalf("the port is still taken on 127.0.0.1: %v", err)
	}
	defer first.Close()
	if _, err := Listen("localhost:" + port); !errors.Is(err, ErrInUse) {
		t.Errorf("got %v", err)
	}
	both, err := Listen("LOCALHOST:0")
	if err != nil || len(both) != 2 {
		t.Fatalf("%d listeners, %v", len(both), err)
	}
	for _, l := range both {
		l.Close()
	}
}

// What is not an address has an error of its own. The address of another machine has that of the system.
func TestListenErrors(t *testing.T) {
	for addr, want := range map[string]error{
		"12345": ErrAddress, "localhost:99999": ErrPort, "localhost:-1": ErrPort, "localhost:my port": ErrPort,
		"192.0.2.1:0": nil,
	} {
		_, err := Listen(addr)
		if err == nil || want != nil && !errors.Is(err, want) || want == nil &&
			(errors.Is(err, ErrAddress) || errors.Is(err, ErrPort) || errors.Is(err, ErrInUse) || errors.Is(err, ErrForbidden)) {
			t.Errorf("%s: %v, want %v", addr, err, want)
		}
	}
}
