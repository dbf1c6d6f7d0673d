package commandline

import (
	"cmp"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"rawhttp/httpwire/explain"
)

// Address returns an address of the form host:port for something that was typed: a URL, a port, a host,
// or an IPv6 address without brackets. An error message can propose the address. If no host was typed,
// the address is on this machine. If no valid port was typed, it has the port of the scheme, or that
// of the server of this project.
func Address(typed string) string {
	typed = strings.TrimSpace(typed)
	_, usual, _ := net.SplitHostPort(explain.DefaultAddr)
	if scheme, rest, isURL := strings.Cut(typed, "://"); isURL {
		typed = rest
		usual = cmp.Or(map[string]string{"http": "80", "https": "443"}[strings.ToLower(scheme)], usual)
	} else if first, _, isPath := strings.Cut(typed, "/"); isPath && strings.HasSuffix(first, ":") {
		// This is a path and no host, as in unix:/run/x.
		typed = ""
	}
	if !strings.Contains(typed, " ") {
		if end := strings.IndexAny(typed, "/?#"); end >= 0 {
			typed = typed[:end]
		}
		typed = typed[strings.LastIndexByte(typed, '@')+1:]
	}
	if port, ok := strings.CutPrefix(typed, "::1:"); ok && IsPort(port) {
		typed = "[::1]:" + port
	}
	host, port, _ := net.SplitHostPort(typed)
	if ip, bad := netip.ParseAddr(strings.Trim(typed, "[]")); bad == nil {
		host = ip.String()
	} else if IsPort(typed) {
		port = typed
	} else if !strings.Contains(typed, ":") && strings.Trim(typed, "0123456789") != "" {
		host = typed
	}
	if !IsPort(port) {
		port = usual
	}
	if host == "" || host[0] == '-' ||
		strings.Trim(strings.ToLower(host), "abcdefghijklmnopqrstuvwxyz0123456789-.:") != "" {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

// IsPort reports whether s is a number from 1 to 65535, in digits alone.
func IsPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}
