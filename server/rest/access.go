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

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
)

// These functions decide who may use the rows: clients that know a password, and web pages of another origin.

// Protect makes every row with Auth require a name and a password. The function check decides whether
// they are right. If check returns an error, the response is 503. The realm tells people which password
// to type. Protect panics if the realm cannot be written in a field. Call it before the router serves.
func (r *Router) Protect(realm string, check func(name, password string) (bool, error)) {
	challenge, err := basicauth.Challenge(realm)
	if err != nil {
		panic(err)
	}
	r.check, r.challenge = check, []byte(challenge)
}

// allows reports whether the name and the password of a request are right. If not, it fills in the
// response, which does not reveal whether the name exists.
func (r *Router) allows(req *httpwire.Request, resp *httpwire.Response) bool {
	credentials := req.Fields.Get("Authorization")
	name, password, wellFormed := basicauth.Credentials(credentials)
	if wellFormed {
		right, err := r.check(name, password)
		if err != nil {
			Refuse(resp, 503, "The server could not check the password: "+err.Error()+
				". Try again in a few seconds.")
			return false
		}
		if right {
			return true
		}
	}
	resp.Fields = resp.Fields.Add(authenticate, r.challenge)
	switch {
	case credentials == nil:
		Refuse(resp, 401, "This request needs a name and a password. Send them with Authorization: "+
			"Basic, as curl -u name:password does. Base64 is not encryption: everyone who sees the "+
			"request can read the password.")
	case !wellFormed:
		Refuse(resp, 401, "The Authorization field is not Basic authentication. Send the word Basic, "+
			"a space, and name:password in base64.")
	default:
		Refuse(resp, 401, "The name or the password is wrong.")
	}
	return false
}

// A browser lets a page read a response of another origin only if fields of the response allow it.
// Before a page sends a request that a plain form could not send, the browser asks with OPTIONS
// (the Fetch standard, section 3.3). Without AllowOrigin no response has such fields.

// AllowOrigin lets web pages of one origin, which ParseOrigin has returned, use every route, set every
// field that a browser lets them set, and read every field of the responses. Call it before the router
// serves.
func (r *Router) AllowOrigin(origin string) { r.allowed = origin }

// addOriginFields adds the fields that tell a browser which pages may read the response. Vary makes
// caches keep the responses to pages of different origins apart.
func (r *Router) addOriginFields(req *httpwire.Request, resp *httpwire.Response) {
	if r.allowed == "" {
		return
	}
	add := func(name, value string) { resp.Fields = resp.Fields.Add([]byte(name), []byte(value)) }
	add("Vary", "Origin")
	if string(req.Fields.Get("Origin")) != r.allowed {
		return
	}
	add("Access-Control-Allow-Origin", r.allowed)
	add("Access-Control-Expose-Headers", "*")
	if string(req.Method) == "OPTIONS" && req.Fields.Get("Access-Control-Request-Method") != nil {
		add("Access-Control-Allow-Methods", string(r.allow))
		add("Access-Control-Allow-Headers", "Authorization, *") // * does not include Authorization
		add("Access-Control-Max-Age", "600")
	}
}

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
