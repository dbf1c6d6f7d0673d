package rest

import (
	"fmt"
	"net/url"

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
func (r *Router) AllowOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || u.Scheme+"://"+u.Host != origin ||
		u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%q is no origin: want scheme, host and port if there is one, and nothing "+
			"behind them, such as http://localhost:8000", origin)
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
