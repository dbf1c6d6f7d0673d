package rest

import (
	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
)

// A guard knows who may use the rows that are not for everybody.
type guard struct {
	check     func(name, password string) (bool, error)
	challenge []byte
}

// Protect makes rows with Auth ask for a name and a password that check takes. It is called before
// the router is used. The realm says what they are for; one that cannot be written is an error. An
// error of check is that it cannot tell now (503).
func (r *Router) Protect(realm string, check func(name, password string) (bool, error)) error {
	challenge, err := basicauth.Challenge(realm)
	if err == nil {
		r.guard = &guard{check, []byte(challenge)}
	}
	return err
}

// admits reports whether a request may use a row that is not for everybody, and answers if not. The
// answer does not say whether the name is known.
func (g *guard) admits(req *httpwire.Request, resp *httpwire.Response) bool {
	credentials := req.Fields.Get("Authorization")
	name, password, ok := basicauth.Credentials(credentials)
	if ok {
		right, err := g.check(name, password)
		if err != nil {
			resp.Fields = resp.Fields.Add(retryAfter, []byte("5"))
			Refuse(resp, 503, "Who you are cannot be told now: "+err.Error()+". Try again in a few seconds.")
			return false
		}
		if right {
			return true
		}
	}
	resp.Fields = resp.Fields.Add(authenticate, g.challenge)
	switch {
	case credentials == nil:
		Refuse(resp, 401, "This needs a name and a password: send them with Authorization: Basic, "+
			"as curl -u name:password does. Base64 does not hide them from whoever sees the octets.")
	case !ok:
		Refuse(resp, 401, "The Authorization field holds no name and password in the form of Basic "+
			"authentication: the word Basic, a space, and name:password in base64.")
	default:
		Refuse(resp, 401, "That name and that password do not go together here.")
	}
	return false
}
