package basicauth

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// Redact takes linear time. Each row repeats octets that might make Redact look at others again. In
// 32 times as many octets they may take 200 times as long, or a quarter of a second, because a machine
// can be busy. Quadratic time would be 1024 times as long. What took longer has two more chances.
func TestHideLinear(t *testing.T) {
	const few, many = 1 << 12, 1 << 17
	head, tail := "GET / HTTP/1.0\r\n\r\n", strings.Repeat("x", few)
	for _, s := range []string{
		"Authorization: Basic secret\r\n", " Authorization: Basic secret\r\n", "Authorization ",
		"\r\n Cookie", "\r\nCookie: ", "Basic ", "Bearer", "Basic YQ", "//a:b", "//a:b ", "@", "a:@",
		"//@", "//a:b\r", "token=", "password=%", "/a:b@", "Authorization%", "Cookie=\"", "\r", " ",
		"http://a:[", "aaaaaaaa", "//a:b@ ", "token= ", "token=a &", "token\":", "token\":\"", "token%3D",
		"name=\"token\"", "name=\"token\"\n\n", "\nCookie\x00", "\nCookie: a\nb", "\r\n\r\ntoken=a b",
		"password'", "token=a ", "token=a b&", "token=\" ", "token=a /", "/Basic", "/Bearer", "\x00Cookie",
		"token=a HTTP/", "token%3Da b", "'token':", "name=token'", "token[", "token%5B", "name=\"token]\"",
		"%74", "%74%6f%6b%65%6e", "%74oken=a ", "token:", "\ntoken:", "\ntoken: a", " token:", "'token  ", "'token:[",
	} {
		for _, around := range [][2]string{{"", ""}, {"", "@"}, {"", "\r\n"}, {"GET /?a=b", tail + "/"},
			{head, ""}, {head, "&"}, {head + "\"", tail + "/"}} {
			measure := func(size int) time.Duration {
				octets := []byte(around[0] + strings.Repeat(s, size/len(s)) + around[1])
				began := time.Now()
				redacted := Redact(octets)
				took := time.Since(began)
				if bytes.Contains(redacted, []byte("secret")) {
					t.Errorf("%q: it shows %.99q", s, redacted)
				}
				return took
			}
			one, all := measure(few), measure(many)
			for range 2 {
				if all > max(200*one, time.Second/4) {
					one, all = measure(few), measure(many)
				}
			}
			if all > max(200*one, time.Second/4) {
				t.Errorf("%.40q and %q, again and again: %v, and 32 times as many %v", around[0], s, one, all)
			}
		}
	}
}
