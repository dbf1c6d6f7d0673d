package basicauth

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

func TestChallenge(t *testing.T) {
	for _, c := range []struct{ name, realm, want string }{
		{"1945-11-a realm in quotes", "address book", `Basic realm="address book", charset="UTF-8"`},
		{"1945-11-b realm keeps its case", "Book", `Basic realm="Book", charset="UTF-8"`},
		{"empty realm", "", `Basic realm="", charset="UTF-8"`},
		{"UTF-8", "caf\u00e9", "Basic realm=\"caf\u00e9\", charset=\"UTF-8\""},
		{"1945-2.2-g quote", `a"b`, ""},
		{"1945-2.2-g backslash", `a\b`, ""},
		{"1945-2.2-g CR LF", "a\r\nSet-Cookie: x", ""},
		{"1945-2.2-g NUL", "a\x00", ""},
		{"1945-2.2-g HTAB", "a\tb", ""},
		{"1945-2.2-g DEL", "a\x7f", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := Challenge(c.realm); got != c.want || (err == nil) != (c.want != "") {
				t.Errorf("%q, %v, want %q", got, err, c.want)
			}
		})
	}
}

func TestCredentials(t *testing.T) {
	encode := base64.StdEncoding.EncodeToString
	for _, c := range []struct{ name, value, user, password string }{
		{"7617-2-a the usual", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Aladdin", "open sesame"},
		{"1945-11-b case of the scheme", "bAsIc QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Aladdin", "open sesame"},
		{"7617-2-a first colon splits", "Basic " + encode([]byte("u:p:q")), "u", "p:q"},
		{"7617-2-a empty user", "Basic " + encode([]byte(":p")), "", "p"},
		{"7617-2-a empty password", "Basic " + encode([]byte("u:")), "u", ""},
		{"neither", "Basic Og==", "", ""},
		{"7617-2-a UTF-8", "Basic dGVzdDoxMjPCow==", "test", "123\u00a3"},
		{"two spaces", "Basic  dTpw", "u", "p"},
	} {
		t.Run(c.name, func(t *testing.T) {
			user, password, ok := Credentials([]byte(c.value))
			if user != c.user || password != c.password || !ok {
				t.Errorf("%q, %q, %v", user, password, ok)
			}
		})
	}
}

func TestNoCredentials(t *testing.T) {
	encode := base64.StdEncoding.EncodeToString
	for _, c := range []struct{ name, value string }{
		{"nothing", ""},
		{"scheme only", "Basic"},
		{"scheme and space", "Basic "},
		{"other scheme", "Bearer dTpw"},
		{"Kelvin sign", "Basi\u212a dTpw"},
		{"HTAB", "Basic\tdTpw"},
		{"7617-2-a no base64", "Basic !!!"},
		{"7617-2-a no colon", "Basic " + encode([]byte("user"))},
		{"7617-2-a no padding", "Basic Og"},
		{"7617-2-a half of it", "Basic Og="},
		{"7617-2-a CR LF inside", "Basic dT\r\npw"},
		{"7617-2-a space at the end", "Basic dTpw "},
		{"7617-2-a something at the end", "Basic dTpw, dTpw"},
		{"7617-2-a of the URL alphabet", "Basic dTo_Pz8_"},
		{"7617-2-a bits left over", "Basic Oh=="},
		{"7617-2-a NUL in the user", "Basic " + encode([]byte("u\x00:p"))},
		{"7617-2-a LF in the password", "Basic " + encode([]byte("u:p\n"))},
		{"7617-2-a DEL", "Basic " + encode([]byte("u:\x7f"))},
	} {
		t.Run(c.name, func(t *testing.T) {
			if user, password, ok := Credentials([]byte(c.value)); ok || user != "" || password != "" {
				t.Errorf("%q, %q, %v", user, password, ok)
			}
		})
	}
}

// Credentials that were read can be written, and read the same. Invalid ones are empty.
func FuzzCredentials(f *testing.F) {
	for _, s := range []string{"Basic dTpw", "basic Og==", "Basic dT\r\npw", "Basic !!!", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		user, password, ok := Credentials([]byte(value))
		if !ok {
			if user != "" || password != "" {
				t.Errorf("%q: %q, %q", value, user, password)
			}
			return
		}
		again := "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
		if !strings.HasSuffix(value, again[len("Basic"):]) || strings.Contains(user, ":") {
			t.Errorf("%q: %q, %q", value, user, password)
		}
	})
}

func ExampleChallenge() {
	value, err := Challenge("address book")
	fmt.Println(value, err)
	_, err = Challenge(`the "book"`)
	fmt.Println(err)
	// Output:
	// Basic realm="address book", charset="UTF-8" <nil>
	// basicauth: a realm must not hold a quote, a backslash or a control octet
}

func ExampleCredentials() {
	fmt.Println(Credentials([]byte("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")))
	// Output: Aladdin open sesame true
}
