package cli

import (
	"strings"
	"unicode/utf8"
)

// asciiHost returns the ASCII form of a host name (RFC 5890): each label with letters beyond
// ASCII becomes xn-- and its Punycode. It returns "" if the name is not UTF-8. Letters become
// lower case. It does not compose a letter and an accent that are two characters.
func asciiHost(host string) string {
	if !utf8.ValidString(host) {
		return ""
	}
	labels := strings.Split(strings.ToLower(host), ".")
	for i, label := range labels {
		if !isASCII(label) {
			labels[i] = "xn--" + punycode([]rune(label))
		}
	}
	return strings.Join(labels, ".")
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// The parameters of Punycode (RFC 3492 section 5).
const (
	puny      = 36 // digits: a to z, then 0 to 9
	tMin      = 1
	tMax      = 26
	skew      = 38
	damp      = 700
	firstBias = 72
	firstCode = 0x80
)

// punycode encodes a label (RFC 3492 section 6.3).
func punycode(label []rune) string {
	var out []byte
	for _, r := range label {
		if r < firstCode {
			out = append(out, byte(r))
		}
	}
	basic := len(out)
	if basic > 0 {
		out = append(out, '-')
	}
	code, delta, bias := rune(firstCode), 0, firstBias
	for done := basic; done < len(label); {
		next := rune(utf8.MaxRune)
		for _, r := range label {
			if r >= code {
				next = min(next, r)
			}
		}
		delta += int(next-code) * (done + 1)
		code = next
		for _, r := range label {
			if r < code {
				delta++
			}
			if r == code {
				out = appendDelta(out, delta, bias)
				bias = adapt(delta, done+1, done == basic)
				delta = 0
				done++
			}
		}
		delta++
		code++
	}
	return string(out)
}

// appendDelta appends a number in digits whose weights depend on the bias.
func appendDelta(out []byte, q, bias int) []byte {
	const digits = "abcdefghijklmnopqrstuvwxyz0123456789"
	for k := puny; ; k += puny {
		t := min(max(k-bias, tMin), tMax)
		if q < t {
			return append(out, digits[q])
		}
		out = append(out, digits[t+(q-t)%(puny-t)])
		q = (q - t) / (puny - t)
	}
}

// adapt returns the bias for the next number (RFC 3492 section 6.1).
func adapt(delta, points int, first bool) int {
	if first {
		delta /= damp
	} else {
		delta /= 2
	}
	delta += delta / points
	k := 0
	for delta > (puny-tMin)*tMax/2 {
		delta /= puny - tMin
		k += puny
	}
	return k + (puny-tMin+1)*delta/(delta+skew)
}
