package basicauth

import (
	"bytes"
	"testing"
)

func TestHide(t *testing.T) {
	for _, c := range []struct{ name, octets, want string }{
		{"the usual", "GET / HTTP/1.0\r\nAuthorization: Basic dTpw\r\nX: y\r\n\r\n",
			"GET / HTTP/1.0\r\nAuthorization: Basic ****\r\nX: y\r\n\r\n"},
		{"any case, any scheme", "authorization: bearer a.b.c\r\n", "authorization: bearer *****\r\n"},
		{"of a proxy", "Proxy-Authorization:Basic dTpw\r\n", "Proxy-Authorization:Basic ****\r\n"},
		{"no scheme", "Authorization: secret\r\n", "Authorization: ******\r\n"},
		{"no scheme, a space behind", "Authorization: secret \r\n", "Authorization: ****** \r\n"},
		{"several words", "Authorization: Digest a=\"b\", c=d\r\n",
			"Authorization: Digest ****** ***\r\n"},
		{"a space before the colon", "Authorization : Basic dTpw\r\n", "Authorization : Basic ****\r\n"},
		{"no colon", "Authorization Basic dTp:w\r\n", "Authorization Basic *****\r\n"},
		{"a space in front", " Authorization: Basic dTpw\r\n", " Authorization: Basic ****\r\n"},
		{"behind a bare CR", "X: a\rAuthorization: Basic dTpw\rX: y\r\n",
			"X: a\rAuthorization: Basic ****\rX: y\r\n"},
		{"a folded line", "Authorization: Basic\r\n dTpw\r\n\tabc\r\nX: y\r\n",
			"Authorization: Basic\r\n ****\r\n\t***\r\nX: y\r\n"},
		{"folded before the scheme", "Authorization:\r\n Basic dTpw\r\n",
			"Authorization:\r\n Basic ****\r\n"},
		{"LF alone", "GET / HTTP/1.0\nAuthorization: Basic dTpw\n\n",
			"GET / HTTP/1.0\nAuthorization: Basic ****\n\n"},
		{"broken off", "Authorization: Basic dT", "Authorization: Basic **"},
		{"broken off in the name", "Authorizat", "Authorizat"},
		{"octets that are the fault stay", "Authorization: Basic dT\x00p\x7fw\r\n",
			"Authorization: Basic **\x00*\x7f*\r\n"},
		{"obs-text", "Authorization: Basic \xc3\xa9\r\n", "Authorization: Basic **\r\n"},
		{"another field", "X-Authorization: Basic dTpw\r\n", "X-Authorization: Basic dTpw\r\n"},
		{"a challenge", "WWW-Authenticate: Basic realm=\"a\"\r\n",
			"WWW-Authenticate: Basic realm=\"a\"\r\n"},
		{"empty", "Authorization:\r\nX: y\r\n", "Authorization:\r\nX: y\r\n"},
		{"scheme alone", "Authorization: Basic\r\n", "Authorization: *****\r\n"},
		{"two of them", "Authorization: a b\r\nAuthorization: c d\r\n",
			"Authorization: a *\r\nAuthorization: c *\r\n"},
		{"a URL", "GET http://u:p@h/x@y HTTP/1.0\r\n", "GET http://***@h/x@y HTTP/1.0\r\n"},
		{"a URL with an @ in the password", "GET http://u:p@q@h/ HTTP/1.0\r\n",
			"GET http://*****@h/ HTTP/1.0\r\n"},
		{"a URL without", "GET http://h/u:p@x HTTP/1.0\r\n", "GET http://h/u:p@x HTTP/1.0\r\n"},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			octets := []byte(c.octets)
			if got := string(Hide(octets)); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if string(octets) != c.octets {
				t.Errorf("the message itself is now %q", octets)
			}
		})
	}
}

// Whatever comes, nothing moves, no line ends elsewhere, and hiding twice hides no more.
func FuzzHide(f *testing.F) {
	for _, s := range []string{"Authorization: Basic dTpw\r\n", "GET http://u:p@h/ HTTP/1.0\r\n",
		"a:\r\n b", ""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, octets []byte) {
		hidden := Hide(octets)
		if len(hidden) != len(octets) || !bytes.Equal(Hide(hidden), hidden) {
			t.Fatalf("%q of %q", hidden, octets)
		}
		for i, o := range hidden {
			if o != octets[i] && (o != '*' || octets[i] <= ' ' || octets[i] == 0x7F) {
				t.Fatalf("%q of %q", hidden, octets)
			}
		}
	})
}
