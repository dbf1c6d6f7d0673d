package cli

import (
	"flag"
	"slices"
	"strings"

	"rawhttp/httpwire/commandline"
)

// A habit is a list of flags of curl, wget and nc, what does the same here, and an example to type.
type habit struct {
	flags           string // without dashes, separated by spaces
	advice, example string
}

var habits = []habit{
	{"H header", "a field line is an argument that follows the request-line or the URL",
		`"GET / HTTP/1.0" "Accept: text/html"`},
	{"X request method", "the method is the first word of the request-line. With a URL it is GET, or POST if there is " +
		"a body", `-data "a=b" "POST /raw HTTP/1.0"`},
	{"I head spider", "HEAD is a method, the first word of the request-line", `"HEAD / HTTP/1.0"`},
	{"d data-raw data-ascii post-data", "-data gives the text of a body, and -body its file",
		`-data "a=b" "POST /raw HTTP/1.0" "Content-Type: text/plain"`},
	{"data-binary post-file body-file", "-body gives the file that is the body",
		`-body examples/new-address.json "POST /raw HTTP/1.0" "Content-Type: application/json"`},
	{"T upload-file", "-body gives the file that is the body, and the method PUT is the first word of the request-line",
		`-body examples/new-address.json "PUT /address_book/api/v1.0/addresses/3 HTTP/1.0" ` +
			`"Content-Type: application/json"`},
	{"form F data-urlencode", "rawclient encodes no forms; -data gives the text of an encoded one",
		`-data "name=Anna%20B" "POST /raw HTTP/1.0" "Content-Type: application/x-www-form-urlencoded"`},
	{"G get url-query", "a query is part of the request-target", `"GET /?a=b HTTP/1.0"`},
	{"u user http-user", "the name and the password are part of the URL",
		`http://name:password@localhost:12345/`},
	{"A user-agent U", "User-Agent is a field line", `"GET / HTTP/1.0" "User-Agent: me"`},
	{"e referer", "Referer is a field line", `"GET / HTTP/1.0" "Referer: http://localhost/"`},
	{"b cookie", "Cookie is a field line", `"GET / HTTP/1.0" "Cookie: a=b"`},
	{"c cookie-jar", "rawclient keeps no cookies; it shows what the response sets", `"GET / HTTP/1.0"`},
	{"r range", "Range is a field line", `"GET / HTTP/1.0" "Range: bytes=0-9"`},
	{"z time-cond", "a condition is a field line",
		`"GET / HTTP/1.0" "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"`},
	{"0 http1.0 http1.1 http2", "the version is the last word of the request-line",
		`"GET / HTTP/1.0"`},
	{"L location follow", "rawclient follows no redirect; send the next request to the URL in Location",
		`http://localhost:12345/`},
	{"k no-check-certificate", "-insecure accepts any certificate",
		`-insecure https://www.example.com/`},
	{"cacert ca-certificate", "-ca FILE trusts the authority whose certificate is in FILE",
		`-ca FILE https://www.example.com/`},
	{"x proxy", "-addr says where to connect; give it the address of the proxy",
		`-addr localhost:12345 "GET http://localhost:12345/ HTTP/1.0"`},
	{"m max-time w connect-timeout", "-timeout limits the whole exchange",
		`-timeout 10s "GET / HTTP/1.0"`},
	{"O remote-name output output-document", "-o FILE writes the response to a file",
		`-o response.txt "GET / HTTP/1.0"`},
	{"f fail-with-body", "-fail makes the exit code 1 if the status is 400 or above",
		`-fail "GET / HTTP/1.0"`},
	{"s silent S show-error q quiet no-verbose show-headers include server-response",
		"the head of the response is always shown, and notices go to standard error",
		`"GET / HTTP/1.0"`},
	{"verbose vv vvv trace trace-ascii debug",
		"-v shows request and response, -explain every octet of them",
		`-explain "GET / HTTP/1.0"`},
	{"C", "lines always end in CR LF; for a file with LF alone there is -crlf",
		`-crlf -in examples/good/get-all.http`},
	{"N shutdown", "-half closes the sending side after the request", `-half "GET / HTTP/1.0"`},
	{"l server", "-listen makes rawclient the server", `-listen localhost:8080 -data hello "HTTP/1.0 200 OK"`},
	{"p port host hostname n t 4 6", "-addr says where to connect",
		`-addr localhost:12345 "GET / HTTP/1.0"`},
	{"compressed", "Accept-Encoding is a field line; rawclient does not decompress",
		`"GET / HTTP/1.0" "Accept-Encoding: gzip"`},
	{"limit-rate rate", "-trickle sends the request octet by octet", `-trickle 100ms "GET / HTTP/1.0"`},
	{"retry", "rawclient does not retry; run the command again", `"GET / HTTP/1.0"`},
	{"V version", "there is no flag for the version; -h is the help", `-h`},
}

// habitOf returns the row of a flag of another program, or nil.
func habitOf(name string) *habit {
	for i := range habits {
		if slices.Contains(strings.Fields(habits[i].flags), name) {
			return &habits[i]
		}
	}
	return nil
}

// unknownFlag returns the error for a flag that is not defined. It says what does the same here, or what
// flag was probably meant.
func unknownFlag(fs *flag.FlagSet, whole string) error {
	name, _, _ := strings.Cut(whole, "=")
	h, near := habitOf(name), commandline.Nearest(fs, name)
	if h == nil && near == "" && joinsFlags(whole) {
		h = habitOf(name[:1])
	}
	text := "-" + name + " is not a flag of rawclient"
	switch {
	case h != nil:
		return usageError("%s: %s. For example:\n\n  %s %s\n", text, h.advice, command, h.example)
	case near != "":
		text += ". Did you mean  -" + near + " ?"
	}
	return usageError("%s\n%s -h  lists the flags", text, command)
}

// joinsFlags reports whether name looks like a flag of one letter or digit that is joined to its value or
// to other flags: -XPOST, -sS, -ua:b.
func joinsFlags(name string) bool {
	return name[0] <= 'Z' || len(name) <= 3 || strings.ContainsAny(name, ":=@")
}
