package rest

import (
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
			Refuse(req, resp, 503, "The server could not check the password: "+err.Error()+
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
		Refuse(req, resp, 401, "This request needs a name and a password. Send them with Authorization: "+
			"Basic, as curl -u name:password does. Base64 is not encryption: everyone who sees the "+
			"request can read the password.")
	case !wellFormed:
		Refuse(req, resp, 401, "The Authorization field is not Basic authentication. Send the word Basic, "+
			"a space, and name:password in base64.")
	default:
		Refuse(req, resp, 401, "The name or the password is wrong.")
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
	AddField(resp, "Vary", "Origin")
	if string(req.Fields.Get("Origin")) != r.allowed {
		return
	}
	AddField(resp, "Access-Control-Allow-Origin", r.allowed)
	AddField(resp, "Access-Control-Expose-Headers", "*")
	if string(req.Method) == "OPTIONS" && req.Fields.Get("Access-Control-Request-Method") != nil {
		AddField(resp, "Access-Control-Allow-Methods", string(r.allow))
		AddField(resp, "Access-Control-Allow-Headers", "Authorization, *") // * does not include Authorization
		AddField(resp, "Access-Control-Max-Age", "600")
	}
}
