package explain

import (
	"bytes"

	"rawhttp/httpwire"
)

// A meaning is what a table says about a method, a status code or a field: a sentence, and the
// sections that define it.
type meaning struct{ sections, note string }

// A named is an entry of a table.
type named struct {
	name string
	meaning
}

// methods are those of RFC 1945 and RFC 9110, and a few more that are in use.
var methods = [...]named{
	{"GET", meaning{"1945 8.1, 9110 9.3.1",
		"asks for the resource; safe: the client asks for no change"}},
	{"HEAD", meaning{"1945 8.2, 9110 9.3.2",
		"asks for what GET would return, without the body"}},
	{"POST", meaning{"1945 8.3, 9110 9.3.3",
		"gives the body to the resource to process; sent twice, it may act twice"}},
	{"PUT", meaning{"1945 D.1.1, 9110 9.3.4",
		"stores the body as the resource; sent twice, the effect is the same"}},
	{"DELETE", meaning{"1945 D.1.2, 9110 9.3.5",
		"removes the resource; sent twice, the effect is the same"}},
	{"CONNECT", meaning{"9110 9.3.6",
		"asks a proxy for a tunnel to a host and port"}},
	{"OPTIONS", meaning{"9110 9.3.7",
		"asks which methods the resource, or the server, supports"}},
	{"TRACE", meaning{"9110 9.3.8",
		"asks for the request back, as it arrived at the last server"}},
	{"LINK", meaning{"1945 D.1.3, 2068 19.6.1",
		"links the resource to others; not in HTTP since RFC 2616"}},
	{"UNLINK", meaning{"1945 D.1.4, 2068 19.6.1",
		"removes links that LINK has made; not in HTTP since RFC 2616"}},
	{"PATCH", meaning{"5789 2",
		"changes parts of the resource, as the body describes"}},
	{"PRI", meaning{"9113 3.4",
		"begins the preface of HTTP/2; no request has this method"}},
}

// methodMeaning looks up a method, which is case-sensitive.
func methodMeaning(method []byte) meaning {
	for i := range methods {
		if string(method) == methods[i].name {
			return methods[i].meaning
		}
	}
	if name := capitalMethod(method); name != "" {
		return meaning{"", "methods are case-sensitive: this is another method than " + name}
	}
	return meaning{"", "a method that this listing does not know; any token may be one"}
}

// capitalMethod returns the known method that differs from this one only in case, or "".
func capitalMethod(method []byte) string {
	for i := range methods {
		if name := methods[i].name; httpwire.EqualFold(method, name) &&
			!bytes.Equal(method, []byte(name)) {
			return name
		}
	}
	return ""
}
