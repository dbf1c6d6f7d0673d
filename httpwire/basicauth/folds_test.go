package basicauth

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// Redact takes linear time. Each row repeats octets that might make Redact look at others again. If
// it did, 1 MiB would take minutes.
func TestHideLinear(t *testing.T) {
	const size, most = 1 << 20, 30 * time.Second
	for _, s := range []string{
		"Authorization: Basic secret\r\n", " Authorization: Basic secret\r\n", "Authorization ",
		"\r\n Cookie", "\r\nCookie: ", "Basic ", "Bearer", "Basic YQ", "//a:b", "//a:b ", "@", "a:@",
		"//@", "//a:b\r", "token=", "password=%", "/a:b@", "Authorization%", "Cookie=\"", "\r", " ",
		"http://a:[", "aaaaaaaa", "//a:b@ ", "token= ", "token=a &", "token\":", "token\":\"", "token%3D",
		"name=\"token\"", "name=\"token\"\n\n", "\nCookie\x00", "\nCookie: a\nb", "\r\n\r\ntoken=a b",
	} {
		octets := []byte(strings.Repeat(s, size/len(s)))
		for _, end := range []string{"", "@", "\r\n"} {
			began := time.Now()
			redacted := Redact(append(octets, end...))
			if took := time.Since(began); took > most {
				t.Errorf("%q, again and again: %v", s, took)
			}
			if bytes.Contains(redacted, []byte("secret")) {
				t.Errorf("%q: it shows %.99q", s, redacted)
			}
		}
	}
}
