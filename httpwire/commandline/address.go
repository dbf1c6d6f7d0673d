package commandline

import (
	"cmp"
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"rawhttp/httpwire/explain"
)

var (
	// scheme matches what precedes the host of a URL. It also matches http:/ and https:/, which lack a slash, and
	// a // without a scheme.
	scheme = regexp.MustCompile(`(?i)^(?:(https?):/?|[a-z][a-z0-9+.-]*:/|/)/`)
	// filePath matches the start of a path that could be taken for a host: unix:/run/x, file:/x, C:/x.
	filePath = regexp.MustCompile(`(?i)^(unix|file|[a-z]):/`)
)

// Address returns an address of the form host:port for something that was typed: a URL, a port, a host,
// or an IPv6 address without brackets. An error message can propose the address. If no host was typed,
// the address is on this machine. If no valid port was typed, it has the port of the scheme, or else the
// port of the server of this project.
func Address(typed string) string {
	typed = strings.TrimSpace(typed)
	_, usual, _ := net.SplitHostPort(explain.DefaultAddr)
	if m := scheme.FindStringSubmatch(typed); m != nil {
		typed = typed[len(m[0]):]
		usual = cmp.Or(map[string]string{"http": "80", "https": "443"}[strings.ToLower(m[1])], usual)
	} else if filePath.MatchString(typed) {
		typed = ""
	}
	authority := typed[:strings.IndexAny(typed+"/", "/?#")]
	if strings.Contains(authority, ":") || !strings.Contains(typed, " ") { // and no request-line
		typed = authority[strings.LastIndexByte(authority, '@')+1:]
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
