package cli

import (
	"testing"

	"rawhttp/server/httpd"
)

// Without -addr, the client connects to where the server listens without -addr.
func TestDefaultAddr(t *testing.T) {
	if defaultAddr != httpd.DefaultAddr {
		t.Errorf("the client connects to %s, and the server listens on %s", defaultAddr, httpd.DefaultAddr)
	}
}
