package rest

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// ParseOrigin returns an origin, such as "http://localhost:8000", as browsers write it in an Origin field:
// in lower case, and without the default port of the scheme (RFC 6454 section 6.2). It returns an error
// if given is not an origin.
func ParseOrigin(given string) (origin string, err error) {
	u, err := url.Parse(given)
	if err != nil {
		u = new(url.URL) // has no host
	}
	host, standard := strings.ToLower(u.Hostname()), defaultPorts[u.Scheme]
	port, err := strconv.ParseUint(cmp.Or(u.Port(), standard), 10, 16)
	if err != nil || port == 0 || standard == "" || !plainHost.MatchString(host) ||
		len(given) != len(u.Scheme+"://"+u.Host) {
		return "", fmt.Errorf("%q is not an origin: write scheme, host and port, and nothing after them, "+
			"as in http://localhost:8000; write a host that is not in ASCII in its form that begins with "+
			"xn--", given)
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		host = ip.String()
	}
	host = net.JoinHostPort(host, strconv.FormatUint(port, 10))
	return u.Scheme + "://" + strings.TrimSuffix(host, ":"+standard), nil
}

// plainHost matches a host that browsers do not encode in an Origin field.
var plainHost = regexp.MustCompile(`^[A-Za-z0-9._:-]+$`)

// defaultPorts has the port of a URL that names none.
var defaultPorts = map[string]string{"http": "80", "https": "443"}
