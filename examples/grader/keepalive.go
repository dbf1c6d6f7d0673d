package grader

import (
	"net"
	"strings"

	"rawhttp/httpwire"
)

// KeepAlive returns the check of the server that keeps connections open.
func KeepAlive(f func(listener net.Listener, pages map[string]string) error) Check {
	const file = "keepalive/keepalive.go" // of the student
	const (
		keep = "Connection: keep-alive\r\n"
		last = "Connection: close\r\n"
		host = "Host: localhost\r\n"
	)
	ask := func(method, version, fields string) step {
		return step{method + " / HTTP/" + version + "\r\n" + fields + "\r\n", method, 200, pages["/"]}
	}
	get := func(fields string) step { return ask("GET", "1.0", fields) }
	one := func(fields string) step { return ask("GET", "1.1", host+fields) }
	head := ask("HEAD", "1.0", keep)
	two := get(keep)
	two.send += get("").send
	split := get(keep)
	split.send += "GET / HT"
	rest := get("")
	rest.send = "TP/1.0\r\n\r\n"
	noted := get("X-Note: keep-alive\r\n")
	missing := step{"GET /nothing HTTP/1.0\r\n" + keep + "\r\n", "GET", 404, ""}
	posted := step{"POST / HTTP/1.0\r\nContent-Length: 8\r\n" + keep + "\r\nGET / \r\n", "POST", 501, ""}
	headMissing := step{"HEAD /nothing HTTP/1.0\r\n" + keep + "\r\n", "HEAD", 404, ""}
	withBody := get("Content-Length: 8\r\n" + keep)
	withBody.send += "GET / \r\n"
	lengths := step{"POST / HTTP/1.0\r\nContent-Length: 2\r\nContent-Length: 0\r\n" + keep + "\r\nhi",
		"POST", 400, ""}
	coded := step{"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"POST", 400, ""}
	bad := step{"GET  / HTTP/1.0\r\n" + keep + "\r\n" + get(keep).send, "GET", 400, ""}
	length := step{"POST / HTTP/1.0\r\nContent-Length: +2\r\n" + keep + "\r\nhi", "POST", 400, ""}
	awaiting := step{method: "GET", code: 200, body: pages["/"]}
	var check Check
	add := func(name, octets, hint string, do func(s *server) *mistake) {
		check = append(check, serve(f).row(file, name, octets, hint, do))
	}
	for _, tt := range []struct {
		row   string
		steps []step
		hint  string
	}{
		{"one request", []step{get("")}, "without keep-alive, close after the response as before"},
		{"two requests", []step{get(keep), get("")},
			"after the response to a request with Connection: keep-alive, read the next request"},
		{"three requests", []step{get(keep), get(keep), get("")}, "serve requests in a loop"},
		{"capitals", []step{get("CONNECTION: Keep-Alive\r\n"), get("")},
			"capitals make no difference in a name, nor in keep-alive: strings.EqualFold"},
		{"keep-alive in another field", []step{noted},
			"look at the field Connection, not at the whole head"},
		{"HTTP/1.1", []step{one(""), one(last)}, "in HTTP/1.1 a connection stays open without a field"},
		{"HTTP/1.1 and close", []step{one(last)}, "Connection: close ends the connection"},
		{"HTTP/1.1 and close in capitals", []step{one("CONNECTION: Close\r\n")},
			"capitals make no difference in a name, nor in close: strings.EqualFold"},
		{"HEAD", []step{ask("HEAD", "1.0", "")},
			"the response to HEAD is the one to GET, without the octets of the body"},
		{"HEAD, then GET", []step{head, get("")},
			"the response to HEAD ends with its head; what follows is taken for the next response"},
		{"HEAD of a page that is not there, then GET", []step{headMissing, get("")},
			"no response to HEAD has a body, not that of 404 either"},
		{"two requests at once", []step{two, awaiting},
			"one Read may return two requests: keep what follows the first for the next turn"},
		{"a request in two parts", []step{split, rest},
			"one Read may return a request and a half: keep the half, and go on reading"},
		{"a page that is not there", []step{missing, get("")}, "after a 404 the connection stays open, too"},
		{"a body", []step{posted, get("")},
			"read as many octets as Content-Length says, and drop them: they are not the next request"},
		{"a GET with a body", []step{withBody, get("")},
			"any request may have a body: look for Content-Length, not at the method"},
		{"a malformed request", []step{bad},
			"after 400 you cannot know where the next request begins: close"},
		{"a malformed length", []step{length},
			"if Body returns an error, respond with 400 and close"},
		{"two lengths", []step{lengths}, "count the fields Content-Length: two are malformed"},
		{"a transfer coding", []step{coded},
			"a field Transfer-Encoding says that the body ends elsewhere: respond with 400 and close"},
	} {
		var sent strings.Builder
		for _, st := range tt.steps {
			sent.WriteString(st.send)
		}
		add(tt.row, sent.String(), tt.hint, func(s *server) *mistake { return s.talk(tt.steps, false, true) })
	}
	add("a client that waits", get(keep).send,
		"a connection that stays open must not keep other clients waiting", func(s *server) *mistake {
			return s.holds(get(keep).send, func() *mistake { return s.talk([]step{get("")}, false, true) })
		})
	add("the field in the response", get(keep).send,
		"say Connection: keep-alive in the response, or a client of HTTP/1.0 closes",
		func(s *server) *mistake { return s.saysKeepAlive(get(keep), true) })
	add("the field in the response to HTTP/1.1", one("").send,
		"the response is one of HTTP/1.0, so it says Connection: keep-alive here, too",
		func(s *server) *mistake { return s.saysKeepAlive(one(""), true) })
	add("no such field before the close", get("").send,
		"do not say Connection: keep-alive if you close: the client would wait",
		func(s *server) *mistake { return s.saysKeepAlive(get(""), false) })
	return check
}

// saysKeepAlive looks for the field Connection in a response, which must be there, or must not.
func (s *server) saysKeepAlive(st step, want bool) *mistake {
	p, m := s.dial()
	if m != nil {
		return m
	}
	defer p.Close()
	p.sent = st.send
	p.send(st.send, false)
	octets, resp, m := p.response(st.method)
	if m != nil || resp.Fields.Has("Connection", "keep-alive") == want {
		return m
	}
	says := "before this empty line, want a field Connection: keep-alive"
	if !want {
		says = "before this empty line, want no field Connection: keep-alive"
	}
	return &mistake{sent: p.sent, octets: octets, offset: len(octets) - len(resp.Body) - 2,
		rule: httpwire.RuleEndOfHead, says: says}
}
