package rest

import (
	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
)

// An auth checks names and passwords for the rows with Auth.
type auth struct {
	check     func(name, password string) (bool, error)
	challenge []byte // the value of WWW-Authenticate
}

// Protect makes every row with Auth require a name and a password for which check returns true. If
// check returns an error, the response is 503. The realm tells people which password to type.
// Protect returns an error if the realm cannot be written in a field. Call it before the router
// serves.
func (r *Router) Protect(realm string, check func(name, password string) (bool, error)) error {
	challenge, err := basicauth.Challenge(realm)
	if err == nil {
		r.auth = &auth{check, []byte(challenge)}
	}
	return err
}

// allows reports whether the name and the password of a request are right. If not, it fills in the
// response, which does not reveal whether the name exists.
func (a *auth) allows(req *httpwire.Request, resp *httpwire.Response) bool {
	credentials := req.Fields.Get("Authorization")
	name, password, wellFormed := basicauth.Credentials(credentials)
	if wellFormed {
		right, err := a.check(name, password)
		if err != nil {
			Refuse(resp, 503, "The server could not check the password: "+err.Error()+
				". Try again in a few seconds.")
			return false
		}
		if right {
			return true
		}
	}
	resp.Fields = resp.Fields.Add(authenticate, a.challenge)
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
