package httpd

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
)

// A web page can attack a server on the machine of its reader by DNS rebinding: the page's host name
// is changed to resolve to 127.0.0.1, and then the browser treats page and server as one origin. But
// the browser still sends the page's host name in Host. So a server that accepts only its own names
// is safe. If Host is an IP address, the page came from that address.

// Hosts are the hosts that a server responds for: localhost, 127.0.0.1, [::1], those of NewHosts, and
// the address to which the connection was made. The port does not matter, because a tunnel or a proxy
// may have another one.
type Hosts struct {
	names map[string]bool // in small letters, without a dot at the end, IPv6 without brackets
	shown string          // for people
}

// NewHosts returns Hosts with additional names. A name is a host name or an http or https URL, of
// which the host is taken. Anything else is an error.
func NewHosts(names ...string) (*Hosts, error) {
	h := &Hosts{names: make(map[string]bool)}
	for _, name := range append([]string{"localhost", "127.0.0.1", "[::1]"}, names...) {
		host, err := hostOf(name)
		if err != nil {
			return nil, err
		}
		if h.names[host] {
			continue
		}
		h.names[host] = true
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		h.shown += ", " + host
	}
	h.shown = strings.TrimPrefix(h.shown, ", ")
	return h, nil
}

// hostOf returns the host in a name or URL as it is kept in Hosts.
func hostOf(name string) (string, error) {
	rest, isURL := strings.CutPrefix(name, "https://")
	if !isURL {
		rest, isURL = strings.CutPrefix(name, "http://")
	}
	u, err := url.Parse("http://" + rest)
	if err != nil || u.Hostname() == "" || u.User != nil || !isURL && u.Host != rest ||
		strings.ContainsFunc(u.Host, func(r rune) bool { return r > '~' }) {
		return "", fmt.Errorf("%q is not a host name: write one such as  example.org", name)
	}
	host := u.Hostname()
	if ip, err := netip.ParseAddr(host); err == nil {
		host = ip.Unmap().String()
	}
	return strings.TrimSuffix(strings.ToLower(host), "."), nil
}

// has reports whether an authority (host and port) names one of the hosts, or the address to which
// the connection was made. An empty authority names no other host.
func (h *Hosts) has(authority []byte, local net.Addr) bool {
	if len(authority) == 0 {
		return true
	}
	var room [256]byte
	host := appendHost(room[:0], authority)
	if h.names[string(host)] {
		return true
	}
	ip, err := netip.ParseAddr(string(host))
	if err != nil {
		return false
	}
	to, _ := local.(*net.TCPAddr)
	return h.names[ip.Unmap().String()] || to != nil &&
		to.AddrPort().Addr().Unmap().WithZone("") == ip.Unmap()
}

// appendHost appends the host of a well-formed authority in small letters.
func appendHost(dst, authority []byte) []byte {
	end := byte(':')
	if authority[0] == '[' {
		authority, end = authority[1:], ']'
	}
	for _, o := range authority {
		if o == end {
			break
		}
		if 'A' <= o && o <= 'Z' {
			o += 'a' - 'A'
		}
		dst = append(dst, o)
	}
	return bytes.TrimSuffix(dst, []byte("."))
}

// errMisdirected is the error of a request for another host.
var errMisdirected = errors.New("the request is for another host")

// misdirected says what is wrong if the request is for another host, and returns "" if it is not. The
// host of an absolute-form request-target counts before the Host field (RFC 9112 section 3.2.2). A
// request that names no host is accepted, and so is an ill-formed host, which is refused for that.
func (c *conn) misdirected() string {
	h := c.srv.Hosts
	if h == nil {
		return ""
	}
	authority := c.req.Authority()
	if authority == nil {
		authority = c.req.Fields.Get("Host")
	}
	if h.has(authority, c.nc.LocalAddr()) || httpwire.HostFault(authority) >= 0 {
		return ""
	}
	shown := appendHost(nil, authority)
	if authority[0] == '[' {
		shown = append(append([]byte("["), shown...), ']')
	}
	return fmt.Sprintf("error: %v\n"+
		"  have  %s\n"+
		"  want  %s\n"+
		"  rule  Host = uri-host [ \":\" port ]\n"+
		"        RFC 9110 sections 7.4 and 15.5.20\n"+
		"  help  send  Host: localhost\n"+
		"        or, if it is a name of this server, start it with  -hosts %[2]s\n"+
		"  note  without this check, a page of another site could reach this server\n",
		errMisdirected, basicauth.Redact(shown), h.shown)
}

// namesHost reports whether a rule is about the host of a request. A fault of the host is more
// important than its name.
func namesHost(r httpwire.Rule) bool {
	return r == httpwire.RuleHostField || r == httpwire.RuleHost || r == httpwire.RulePort
}
