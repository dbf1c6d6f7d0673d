package rest

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"rawhttp/httpwire"
)

// A browser lets a page read answers of another origin only if those answers say so, and asks
// beforehand, with OPTIONS, whether it may send what a plain form could not have sent (the Fetch
// standard, section 3.3). Without AllowOrigin no answer says anything.

// cors are the fields that say so. Answers without the page's Origin have Vary, too: a cache must
// not give them to the page.
type cors struct {
	origin             string
	every              httpwire.Fields // of every answer
	allowed, preflight httpwire.Fields
}

// AllowOrigin lets pages of one origin, such as "http://localhost:8000", use everything here. It is
// called before the router is used. What is no origin is an error.
func (r *Router) AllowOrigin(given string) error {
	origin, ok := normalOrigin(given)
	if !ok {
		return fmt.Errorf("%q is no origin: want scheme, host and port if there is one, and nothing "+
			"after them, such as http://localhost:8000; write a host that is not in ASCII in its "+
			"form that begins with xn--", given)
	}
	field := func(name, value string) httpwire.Fields {
		return httpwire.Fields{}.Add([]byte(name), []byte(value))
	}
	r.cors = &cors{
		origin: origin,
		every:  field("Vary", "Origin"),
		allowed: append(field("Access-Control-Allow-Origin", origin),
			field("Access-Control-Expose-Headers", "ETag, Link, Location")...),
		preflight: append(append(field("Access-Control-Allow-Methods", string(r.allow)),
			field("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match, "+
				"If-Modified-Since, If-None-Match, If-Unmodified-Since")...),
			field("Access-Control-Max-Age", "600")...),
	}
	return nil
}

// normalOrigin returns an origin as browsers write it in an Origin field: in small letters, without
// the port that goes with the scheme (RFC 6454 section 6.2).
func normalOrigin(given string) (origin string, ok bool) {
	u, err := url.Parse(given)
	if err != nil || len(given) != len(u.Scheme+"://"+u.Host) || !plainHost.MatchString(u.Hostname()) {
		return "", false
	}
	host := strings.ToLower(u.Hostname())
	if ip, err := netip.ParseAddr(host); err == nil {
		host = ip.String()
	}
	usual := map[string]uint64{"http": 80, "https": 443}[u.Scheme]
	port := usual
	if p := u.Port(); p != "" {
		port, err = strconv.ParseUint(p, 10, 16)
	}
	switch {
	case err != nil || port == 0:
		return "", false
	case strings.Contains(host, ":"):
		host = "[" + host + "]"
	}
	if port != usual {
		host += ":" + strconv.FormatUint(port, 10)
	}
	return u.Scheme + "://" + host, usual != 0
}

// plainHost is a host that stands in an Origin field as it is.
var plainHost = regexp.MustCompile(`^[A-Za-z0-9._:-]+$`)

// add adds the fields that an answer needs.
func (c *cors) add(req *httpwire.Request, resp *httpwire.Response) {
	resp.Fields = append(resp.Fields, c.every...)
	if string(req.Fields.Get("Origin")) != c.origin {
		return
	}
	resp.Fields = append(resp.Fields, c.allowed...)
	if string(req.Method) == "OPTIONS" && req.Fields.Get("Access-Control-Request-Method") != nil {
		resp.Fields = append(resp.Fields, c.preflight...)
	}
}
