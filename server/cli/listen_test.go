package cli

import (
	"net"
	"strings"
	"testing"

	"rawhttp/httpwire/explain"
)

// If -addr is not an address, the error shows what an address looks like.
func TestListenAdvises(t *testing.T) {
	for _, tt := range []struct{ addr, want string }{
		{"12345", "write host:port"},
		{"localhost:99999", `"99999" is not a port`},
		{"localhost:-1", `"-1" is not a port`},
		{"localhost:my port", `"my port" is not a port`},
		{"192.0.2.1:0", ")\nuse an address of this machine:  -addr "},
	} {
		_, err := listen(tt.addr)
		if err == nil || !strings.Contains(err.Error(), tt.want) ||
			!strings.Contains(err.Error(), "-addr "+explain.DefaultAddr) {
			t.Errorf("%s: got %v", tt.addr, err)
		}
	}
	for addr, want := range map[string]string{"h:80": "h:12345", "h:1023": "h:1024", "h:8080": "h:8081", "h:65535": "h:12345"} {
		if got := nextAddr(addr); got != want {
			t.Errorf("after %s comes %s, want %s", addr, got, want)
		}
	}
}

// If the port is in use, the error proposes the next one.
func TestListenInUse(t *testing.T) {
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	addr := other.Addr().String()
	if _, err := listen(addr); err == nil || !strings.Contains(err.Error(), "stop it") ||
		!strings.HasSuffix(err.Error(), "-addr "+nextAddr(addr)) {
		t.Errorf("got %v", err)
	}
}
