// Package basicauth writes the challenge of the Basic authentication scheme (the value of a
// WWW-Authenticate field), and reads the credentials (the value of an Authorization field; RFC 1945
// section 11.1, RFC 7617). It does not check passwords.
//
// Base64 is not encryption: everyone who sees the octets can read the password. So call Redact
// before you show a message to people. Its documentation lists what counts as a secret.
package basicauth

import (
	"encoding/base64"
	"errors"
	"strings"

	"rawhttp/httpwire"
)

var errRealm = errors.New("basicauth: a realm must not hold a quote, a backslash or a control octet")

// Challenge returns the value of a WWW-Authenticate field. The realm is a name for what the
// password protects. It is an error if the realm holds a quote, a backslash or a control octet:
// HTTP/1.0 has no way to escape them (RFC 1945 section 2.2).
func Challenge(realm string) (string, error) {
	if hasControl(realm) || strings.ContainsAny(realm, `"\`) {
		return "", errRealm
	}
	return `Basic realm="` + realm + `", charset="UTF-8"`, nil
}

// Credentials returns the user name and the password in the value of an Authorization field. The
// first colon ends the user name, which may be empty.
//
// ok is false if the scheme is not Basic, if the rest is not base64 (RFC 4648 section 4), or if the
// decoded octets have no colon or have a control octet (RFC 7617 section 2).
func Credentials(value []byte) (user, password string, ok bool) {
	scheme, encoded, _ := strings.Cut(string(value), " ")
	if !httpwire.EqualFold([]byte(scheme), "Basic") {
		return "", "", false
	}
	encoded = strings.TrimLeft(encoded, " ")
	pair, _ := base64.StdEncoding.DecodeString(encoded)
	// The standard library ignores CR, LF and the unused bits of the last digit.
	if base64.StdEncoding.EncodeToString(pair) != encoded || hasControl(string(pair)) {
		return "", "", false
	}
	user, password, ok = strings.Cut(string(pair), ":")
	if !ok {
		return "", "", false
	}
	return user, password, true
}

func hasControl(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7F {
			return true
		}
	}
	return false
}
