package grader

import (
	"io"
	"net"

	"rawhttp/httpwire"
)

// KeepAlive returns the check of the server that keeps connections open.
func KeepAlive(f func(listener net.Listener, pages map[string]string) error) Check {
	return serve(f).check("keepalive/keepalive.go", keepAliveRows)
}

const (
	keep = "Connection: keep-alive\r\n"
	last = "Connection: close\r\n"
	host = "Host: localhost\r\n"
)

// ask10 returns the step that asks for a page in HTTP/1.0, and ask11 in HTTP/1.1.
func ask10(fields string) step { return expect(200, "GET / HTTP/1.0\r\n"+fields+"\r\n") }
func ask11(fields string) step { return expect(200, "GET / HTTP/1.1\r\n"+host+fields+"\r\n") }

var keepAliveRows = []serverRow{
	talkRow("one request", "without keep-alive, close after the response as before", ask10("")),
	talkRow("two requests",
		"after the response to a request with Connection: keep-alive, read the next request",
		ask10(keep), ask10("")),
	talkRow("three requests", "serve requests in a loop", ask10(keep), ask10(keep), ask10("")),
	talkRow("capitals", "capitals make no difference in a name or in keep-alive: strings.EqualFold",
		ask10("CONNECTION: Keep-Alive\r\n"), ask10("")),
	talkRow("keep-alive in another field", "look at the field Connection, not at the whole head",
		ask10("X-Note: keep-alive\r\n")),
	talkRow("HTTP/1.1", "in HTTP/1.1 a connection stays open without a field", ask11(""), ask11(last)),
	talkRow("HTTP/1.1 and close", "Connection: close ends the connection", ask11(last)),
	talkRow("HTTP/1.1 and close in capitals",
		"capitals make no difference in a name or in close: strings.EqualFold",
		ask11("CONNECTION: Close\r\n")),
	talkRow("HEAD", "the response to HEAD is the one to GET, without the octets of the body",
		expect(200, "HEAD / HTTP/1.0\r\n\r\n")),
	talkRow("GET after HEAD",
		"the response to HEAD ends with its head; what follows is taken for the next response",
		expect(200, "HEAD / HTTP/1.0\r\n"+keep+"\r\n"), ask10("")),
	talkRow("GET after HEAD of a page that is not there",
		"no response to HEAD has a body, not even a 404",
		expect(404, "HEAD /nothing HTTP/1.0\r\n"+keep+"\r\n"), ask10("")),
	talkRow("two requests at once",
		"one Read may return two requests: keep what follows the first for the next turn",
		ask10(keep).sendMore(getPage), ask10("").alreadySent(getPage)),
	talkRow("a request in two parts",
		"one Read may return a request and a half: keep the half, and go on reading",
		ask10(keep).sendMore(getUnready), ask10("").alreadySent(getUnready)),
	talkRow("a page that is not there", "after a 404 the connection stays open, too",
		expect(404, "GET /nothing HTTP/1.0\r\n"+keep+"\r\n"), ask10("")),
	talkRow("a body", "read as many octets as Content-Length says, and drop them: they are not the next request",
		expect(501, "POST / HTTP/1.0\r\nContent-Length: 8\r\n"+keep+"\r\nGET / \r\n"), ask10("")),
	talkRow("a GET with a body", "any request may have a body: look for Content-Length, not at the method",
		ask10("Content-Length: 8\r\n"+keep).sendMore("GET / \r\n"), ask10("")),
	talkRow("a malformed request", "after 400 you cannot know where the next request begins: close",
		expect(400, "GET  / HTTP/1.0\r\n"+keep+"\r\n").sendMore(ask10(keep).send)),
	talkRow("a malformed length", "if Body returns an error, respond with 400 and close",
		expect(400, "POST / HTTP/1.0\r\nContent-Length: +2\r\n"+keep+"\r\nhi")),
	talkRow("two lengths", "count the Content-Length fields: two of them are an error",
		expect(400, "POST / HTTP/1.0\r\nContent-Length: 2\r\nContent-Length: 0\r\n"+keep+"\r\nhi")),
	talkRow("a transfer coding",
		"a field Transfer-Encoding says that the body ends elsewhere: respond with 400 and close",
		expect(400, "POST / HTTP/1.1\r\n"+host+"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")),
	{"a client that goes away", ask10(keep).send,
		"if a client closes instead of sending the next request, close too",
		func(s *server) *mistake { return s.leaves(ask10(keep).send) }},
	{"a client that waits", ask10(keep).send,
		"a connection that stays open must not keep other clients waiting",
		func(s *server) *mistake { return s.getsWhile(ask10(keep).send) }},
	{"the field in the response", ask10(keep).send,
		"say Connection: keep-alive in the response, or a client of HTTP/1.0 closes",
		func(s *server) *mistake { return s.saysKeepAlive(ask10(keep), true) }},
	{"the field in the response to HTTP/1.1", ask11("").send,
		"the response is one of HTTP/1.0, so it says Connection: keep-alive here, too",
		func(s *server) *mistake { return s.saysKeepAlive(ask11(""), true) }},
	{"no such field before the close", getPage,
		"do not say Connection: keep-alive if you close: the client would wait",
		func(s *server) *mistake { return s.saysKeepAlive(ask10(""), false) }},
}

// saysKeepAlive looks for the field Connection in a response, which must be there, or must not.
func (s *server) saysKeepAlive(st step, want bool) *mistake {
	c, m := s.dial()
	if m != nil {
		return m
	}
	defer c.Close()
	c.sent = st.send
	io.WriteString(c, st.send)
	octets, resp, m := c.response(st.method)
	if m != nil || resp.Fields.Has("Connection", "keep-alive") == want {
		return m
	}
	says := "before this empty line, want a field Connection: keep-alive"
	if !want {
		says = "before this empty line, want no field Connection: keep-alive"
	}
	return &mistake{sent: c.sent, octets: octets, offset: len(octets) - len(resp.Body) - 2,
		rule: httpwire.RuleEndOfHead, says: says}
}
