package cli

import (
	"flag"
	"slices"
	"strings"

	"rawhttp/httpwire/commandline"
)

// habits are flags of curl, wget and nc, what does the same here, and an example to type.
var habits = []struct {
	flags           string // without dashes, separated by spaces
	advice, example string
}{
	{"H header", "a field line is an argument that follows the request-line or the URL",
		`"GET / HTTP/1.0" "Accept: text/html"`},
	{"X request method", "the method is the first word of the request-line", `-data "a=b" "POST /raw HTTP/1.0"`},
	{"I head spider", "HEAD is a method, the first word of the request-line", `"HEAD / HTTP/1.0"`},
	{"d data-raw data-ascii data-urlencode post-data", "-data gives the text of a body, and -body its file",
		`-data "a=b" "POST / HTTP/1.0" "Content-Type: text/plain"`},
	{"data-binary T upload-file post-file body-file", "-body gives the file that is the body",
		`-body new.json "PUT /address_book/api/v1.0/addresses/3 HTTP/1.0" ` +
			`"Content-Type: application/json"`},
	{"form", "rawclient makes no forms; -body gives the file that is the body",
		`-body form.txt "POST / HTTP/1.0" "Content-Type: multipart/form-data; boundary=x"`},
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
		`-insecure https://localhost:8443/`},
	{"cacert ca-certificate", "-ca FILE trusts the authority whose certificate is in FILE",
		`-ca ca.pem https://localhost:8443/`},
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
	{"retry", "rawclient tries nothing again; run the command again", `"GET / HTTP/1.0"`},
	{"V version", "there is no flag for the version; -h is the help", `-h`},
}

// habit returns what to do instead of a flag of another program, and an example. Both are empty
// if no other program is known to have it.
func habit(name string) (advice, example string) {
	for _, h := range habits {
		if slices.Contains(strings.Fields(h.flags), name) {
			return h.advice, h.example
		}
	}
	return "", ""
}

// unknownFlag returns the error for args[at], a flag that is not defined. It says what does the same
// here, or what flag was probably meant.
func unknownFlag(fs *flag.FlagSet, args []string, at int) error {
	whole := strings.TrimLeft(args[at], "-")
	name, _, _ := strings.Cut(whole, "=")
	advice, example := habit(name)
	near := commandline.Nearest(fs, name)
	if advice == "" && near == "" && joinsFlags(whole) {
		advice, example = habit(name[:1])
	}
	if own := curlCommand(args); own != "" {
		example = own
	} else if own := methodExample(whole, args[at+1:]); own != "" {
		example = own
	}
	switch {
	case advice != "":
		return usageError("-%s is not a flag of rawclient: %s:\n\n  %s %s\n", name, advice,
			command, example)
	case near != "":
		return usageError("-%s is not a flag of rawclient. Did you mean  -%s ?\n%s -h  lists the flags",
			name, near, command)
	}
	return usageError("-%s is not a flag of rawclient\n%s -h  lists the flags", name, command)
}

// curlCommand returns the arguments that send what a command line of curl sends, with its -X, -H and -d.
// It returns "" if there is no URL, or if there are other flags.
func curlCommand(args []string) string {
	method, url := "", ""
	var body, fields []string
	for i := 0; i < len(args); i++ {
		name, value, hasValue := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		switch {
		case !strings.HasPrefix(args[i], "-"):
			url = args[i]
			continue
		case slices.Contains([]string{"i", "s", "S", "sS", "v"}, name): // what curl shows
			continue
		case len(name) > 1 && name[0] == 'X': // -XPOST
			name, value = "X", name[1:]
		case !hasValue && i+1 < len(args):
			i++
			value = args[i]
		}
		switch name {
		case "X", "request", "method":
			method = value
		case "H", "header":
			fields = append(fields, value)
		case "d", "data", "data-ascii", "data-raw", "data-binary":
			body = []string{"-data", value}
			if file, ok := strings.CutPrefix(value, "@"); ok && name != "data-raw" {
				body = []string{"-body", file}
			}
		default:
			return ""
		}
	}
	switch {
	case !looksLikeURL(url) || !aToken.MatchString(method) && method != "":
		return ""
	case method == "": // a URL gets GET, or POST if there is a body
		return quoted(slices.Concat(body, []string{url}, fields)...)
	}
	line, err := requestTo(method, url)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(quoted(body...) + " " + line + " " + quoted(fields...))
}

// methodExample returns an example with the method of curl's -X: -X POST, -XPOST, --request=POST. The
// arguments are those that follow the flag. It returns "" for other flags, and if the method is missing.
func methodExample(name string, args []string) string {
	name, method, _ := strings.Cut(name, "=")
	if after, ok := strings.CutPrefix(name, "X"); ok && method == "" {
		name, method = "X", after
	}
	if method == "" && len(args) > 0 {
		method = args[0]
	}
	switch {
	case name != "X" && name != "request" && name != "method", !aToken.MatchString(method):
		return ""
	case method == "POST" || method == "PUT":
		return `-data "a=b" "` + method + ` /raw HTTP/1.0"`
	}
	return quoted(method + " / HTTP/1.0")
}

// joinsFlags reports whether name looks like a flag of one letter that is joined to its value or
// to other flags: -XPOST, -sS, -ua:b.
func joinsFlags(name string) bool {
	return name != "" && ('A' <= name[0] && name[0] <= 'Z' || len(name) <= 3 ||
		strings.ContainsAny(name, ":=@"))
}
