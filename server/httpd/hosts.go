package httpd

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
)

// A web page can attack a server on the machine of its reader by DNS rebinding: the attacker makes the
// page's host name resolve to 127.0.0.1, and then the browser treats page and server as one origin. But
// the browser still sends the page's host name in Host. So a server that accepts only its own names
// is safe. If Host is an IP address, the page came from that address.

// Hosts are the hosts that a server responds for: localhost, 127.0.0.1, [::1], those of NewHosts, and
// the address to which the connection was made. The port does not matter, because a tunnel or a proxy
// may have another one.
type Hosts struct {
	names []string // in small letters, without a dot at the end, IPv6 in brackets
}

// NewHosts returns Hosts with additional names. A name is a host name or an http or https URL, of
// which the host is taken. Anything else is an error.
func NewHosts(names ...string) (*Hosts, error) {
	h := &Hosts{names: []string{"localhost", "127.0.0.1", "[::1]"}}
	for _, name := range names {
		host, err := hostOfName(name)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(h.names, host) {
			h.names = append(h.names, host)
		}
	}
	return h, nil
}

// hostOfName returns the host in a name or URL as it is kept in Hosts.
func hostOfName(name string) (string, error) {
	rest, isURL := strings.CutPrefix(name, "https://")
	if !isURL {
		rest, isURL = strings.CutPrefix(name, "http://")
	}
	u, err := url.Parse("http://" + rest)
	if err == nil && u.User == nil && (isURL || u.Host == rest) {
		if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
			return hostOfIP(ip), nil
		}
		if plainName.MatchString(u.Hostname()) {
			return strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), nil
		}
	}
	return "", fmt.Errorf("%q is not a host name: write one such as  example.org", name)
}

// plainName matches the host names that clients send. None of them is a pattern, such as *.example.org.
var plainName = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]*$`)

// hostOfIP returns an IP address as it is kept in Hosts.
func hostOfIP(ip netip.Addr) string {
	if ip = ip.Unmap(); ip.Is6() {
		return "[" + ip.String() + "]"
	}
	return ip.String()
}

// hostOf returns the host of an authority (host and port), without a dot at its end.
func hostOf(authority []byte) []byte {
	if i := bytes.LastIndexByte(authority, ':'); i > bytes.LastIndexByte(authority, ']') {
		authority = authority[:i]
	}
	return bytes.TrimSuffix(authority, []byte("."))
}

// has reports whether an authority names one of the hosts, or the address to which the connection was
// made. It returns true for an empty authority, which names no host.
func (h *Hosts) has(authority []byte, local net.Addr) bool {
	host := hostOf(authority)
	if len(authority) == 0 || h.hasName(host) {
		return true
	}
	ip, err := netip.ParseAddr(string(bytes.Trim(host, "[]")))
	if err != nil {
		return false
	}
	to, _ := local.(*net.TCPAddr)
	return h.hasName([]byte(hostOfIP(ip))) || to.AddrPort().Addr().Unmap().WithZone("") == ip.Unmap()
}

func (h *Hosts) hasName(host []byte) bool {
	return slices.ContainsFunc(h.names, func(name string) bool { return httpwire.EqualFold(host, name) })
}

// authority returns the host and the port that the request is for. Those of an absolute-form request-target
// count before the Host field (RFC 9112 section 3.2.2).
func (c *conn) authority() (authority []byte, inTarget bool) {
	if authority = c.req.Authority(); authority != nil {
		return authority, true
	}
	return c.req.Fields.Get("Host"), false
}

// misdirected returns an error if the request is for another host. It accepts a request that names no host, and
// leaves it to other checks to refuse an ill-formed host.
func (c *conn) misdirected() *httpwire.SyntaxError {
	if c.srv.Hosts == nil {
		return nil
	}
	switch authority, inTarget := c.authority(); {
	case c.srv.Hosts.has(authority, c.nc.LocalAddr()), httpwire.ValueFault("Host", authority) >= 0:
		return nil
	case inTarget:
		return c.req.TargetFault(httpwire.RuleMisdirected)
	}
	return c.req.Fields.Find("Host").Fault(httpwire.RuleMisdirected)
}

// explainHosts returns lines for the explanation of a request for another host.
func (c *conn) explainHosts() string {
	text := "  hosts " + strings.Join(c.srv.Hosts.names, ", ") + "\n" +
		"  note  without this check, a page of another site could reach this server\n"
	if c.srv.AddHost != "" {
		authority, _ := c.authority()
		text += fmt.Sprintf("        if the host is a name of this server, start it with  %s %s\n",
			c.srv.AddHost, basicauth.Redact(bytes.ToLower(hostOf(authority))))
	}
	return text
}
