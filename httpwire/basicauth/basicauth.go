// Package basicauth reads and writes the two values of the Basic authentication scheme: the
// challenge of a WWW-Authenticate field and the credentials of an Authorization field (RFC 1945
// section 11.1, RFC 7617). It checks no password.
//
// Base64 is no secret: whoever sees the octets on the wire has the password. So what shows octets
// to anybody shows what Redact makes of them.
package basicauth

import (
	"encoding/base64"
	"errors"
	"strings"

	"rawhttp/httpwire"
)

var errRealm = errors.New("basicauth: a realm holds no quote, no backslash and no control octet")

// Challenge returns the value of a WWW-Authenticate field for the realm, a name for what the
// password opens. A realm that could not stand between quotes as it is, is an error: HTTP/1.0 has
// no escapes there (RFC 1945 section 2.2).
func Challenge(realm string) (string, error) {
	if hasControl(realm) || strings.ContainsAny(realm, `"\`) {
		return "", errRealm
	}
	return `Basic realm="` + realm + `", charset="UTF-8"`, nil
}

// Credentials takes the value of an Authorization field apart. The first colon ends the user name,
// which may be empty. Whatever is not Basic, not base64 as RFC 4648 section 4 wants it, without a
// colon or with a control octet counts as no credentials at all (RFC 7617 section 2).
func Credentials(value []byte) (user, password string, ok bool) {
	scheme, encoded, _ := strings.Cut(string(value), " ")
	if !httpwire.EqualFold([]byte(scheme), "Basic") {
		return "", "", false
	}
	pair, err := decode(strings.TrimLeft(encoded, " "))
	if err != nil || hasControl(pair) {
		return "", "", false
	}
	user, password, ok = strings.Cut(pair, ":")
	if !ok {
		return "", "", false
	}
	return user, password, true
}

// strict refuses bits left over behind the last octet.
var strict = base64.StdEncoding.Strict()

// decode undoes base64. The library passes over CR and LF, so they are refused first.
func decode(s string) (string, error) {
	if i := strings.IndexAny(s, "\r\n"); i >= 0 {
		return "", base64.CorruptInputError(i)
	}
	b, err := strict.DecodeString(s)
	return string(b), err
}

func hasControl(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7F {
			return true
		}
	}
	return false
}
