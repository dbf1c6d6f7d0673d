package grader

import "net"

// Accept returns the check of the accept loop.
func Accept(f func(listener net.Listener, pages map[string]string) error) Check {
	return serve(f).check("accept/accept.go", acceptRows)
}

const (
	getPage    = "GET / HTTP/1.0\r\n\r\n"
	getNews    = "GET /news HTTP/1.0\r\n\r\n"
	getUnready = "GET / HT" // a client stops in the request
)

var acceptRows = []serverRow{
	talkRow("a page", "accept, read the head, write the response, close", expect(200, getPage)),
	talkRow("another page", "the request-target is the key of pages", expect(200, getNews)),
	talkRow("an empty page", "a page may be empty: look it up with page, ok := pages[target]",
		expect(200, "GET /empty HTTP/1.0\r\n\r\n")),
	talkRow("a page that is not there", "look the target up with page, ok := pages[target]",
		expect(404, "GET /nothing HTTP/1.0\r\n\r\n")),
	talkRow("a query", "the whole request-target is the key of pages, with its query",
		expect(404, "GET /news?x=1 HTTP/1.0\r\n\r\n")),
	talkRow("fields", "the head ends at the empty line, not at the first line end",
		expect(200, "GET / HTTP/1.0\r\nHost: localhost\r\nAccept: */*\r\n\r\n")),
	{"octets one by one", "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n",
		"one Read returns what has come: go on until HeadEnd has found the end of the head",
		func(s *server) *mistake {
			return s.talk([]step{expect(200, "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")}, silence)
		}},
	talkRow("another method", "compare the method with GET", expect(501, "BREW / HTTP/1.0\r\n\r\n")),
	talkRow("small letters", "compare the method with GET; it has capitals only",
		expect(501, "get / HTTP/1.0\r\n\r\n")),
	talkRow("two spaces", "if RequestLine returns an error, respond with 400",
		expect(400, "GET  / HTTP/1.0\r\n\r\n")),
	talkRow("no version", "if RequestLine returns an error, respond with 400", expect(400, "GET /\r\n\r\n")),
	talkRow("a field without a colon", "if Fields returns an error, respond with 400",
		expect(400, "GET / HTTP/1.0\r\nHost localhost\r\n\r\n")),
	talkRow("a blank before the colon", "if Fields returns an error, respond with 400",
		expect(400, "GET / HTTP/1.0\r\nHost : localhost\r\n\r\n")),
	{"one client after the other", getPage, "accept in a loop: more clients will come",
		func(s *server) *mistake {
			if m := s.gets(getPage); m != nil {
				return m
			}
			return s.gets(getNews)
		}},
	{"a client that goes away", getPage,
		"if a client closes before its head is complete, close too, and accept the next",
		func(s *server) *mistake {
			if m := s.leaves(getUnready); m != nil {
				return m
			}
			return s.leaves("")
		}},
	{"a client that says nothing", getPage,
		"serve each connection in a goroutine, so that the next client need not wait",
		func(s *server) *mistake { return s.getsWhile(getUnready) }},
	{"a head that does not end", "GET / HTTP/1.0\r\nX-Note: a\r\nX-Note: a\r\n",
		"when 64 KB have come without an empty line, respond with 400 and close", (*server).endless},
	{"the listener is closed", getPage, closedHint,
		func(s *server) *mistake {
			if m := s.gets(getPage); m != nil {
				return m
			}
			return s.ends()
		}},
}
