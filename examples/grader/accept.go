package grader

import "net"

// Accept returns the check of the accept loop.
func Accept(f func(listener net.Listener, pages map[string]string) error) Check {
	const file = "accept/accept.go" // of the student
	var check Check
	add := func(name, octets, hint string, do func(s *server) *mistake) {
		check = append(check, serve(f).row(file, name, octets, hint, do))
	}
	get := func(target string) step {
		return step{"GET " + target + " HTTP/1.0\r\n\r\n", "GET", 200, pages[target]}
	}
	for _, tt := range []struct {
		row, send, method string
		code              int
		body              string
		singly            bool
		hint              string
	}{
		{"a page", "GET / HTTP/1.0\r\n\r\n", "GET", 200, "hello\n", false,
			"accept, read the head, write the response, close"},
		{"another page", "GET /news HTTP/1.0\r\n\r\n", "GET", 200, pages["/news"], false,
			"the request-target is the key of pages"},
		{"an empty page", "GET /empty HTTP/1.0\r\n\r\n", "GET", 200, "", false,
			"a page may be empty: look it up with page, ok := pages[target]"},
		{"a page that is not there", "GET /nothing HTTP/1.0\r\n\r\n", "GET", 404, "", false,
			"look the target up with page, ok := pages[target]"},
		{"a query", "GET /news?x=1 HTTP/1.0\r\n\r\n", "GET", 404, "", false,
			"the whole request-target is the key of pages, with its query"},
		{"fields", "GET / HTTP/1.0\r\nHost: localhost\r\nAccept: */*\r\n\r\n", "GET", 200, "hello\n",
			false, "the head ends at the empty line, not at the first line end"},
		{"octets one by one", "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n", "GET", 200, "hello\n", true,
			"one Read returns what has come: go on until HeadEnd has found the end of the head"},
		{"another method", "BREW / HTTP/1.0\r\n\r\n", "BREW", 501, "", false,
			"compare the method with GET; it has capitals only"},
		{"two spaces", "GET  / HTTP/1.0\r\n\r\n", "GET", 400, "", false,
			"if RequestLine returns an error, respond with 400"},
		{"no version", "GET /\r\n\r\n", "GET", 400, "", false,
			"if RequestLine returns an error, respond with 400"},
		{"a field without a colon", "GET / HTTP/1.0\r\nHost localhost\r\n\r\n", "GET", 400, "", false,
			"if Fields returns an error, respond with 400"},
		{"a blank before the colon", "GET / HTTP/1.0\r\nHost : localhost\r\n\r\n", "GET", 400, "", false,
			"if Fields returns an error, respond with 400"},
	} {
		add(tt.row, tt.send, tt.hint, func(s *server) *mistake {
			return s.talk([]step{{tt.send, tt.method, tt.code, tt.body}}, tt.singly, true)
		})
	}
	add("one client after the other", get("/").send, "accept in a loop: one client is not all",
		func(s *server) *mistake {
			if m := s.talk([]step{get("/")}, false, true); m != nil {
				return m
			}
			return s.talk([]step{get("/news")}, false, true)
		})
	add("a client that goes away", get("/").send,
		"if a client closes before its head is complete, close too, and accept the next",
		func(s *server) *mistake {
			for _, part := range []string{"", "GET / HT"} {
				if m := s.talk([]step{{send: part}}, false, false); m != nil {
					return m
				}
			}
			return s.talk([]step{get("/")}, false, true)
		})
	add("a client that says nothing", get("/").send,
		"serve each connection in a goroutine, so that the next client need not wait",
		func(s *server) *mistake {
			return s.holds("GET / HT", func() *mistake { return s.talk([]step{get("/")}, false, true) })
		})
	add("a head that does not end", "GET / HTTP/1.0\r\nX-Note: a\r\nX-Note: a\r\n",
		"when 64 KB have come without an empty line, respond with 400 and close",
		(*server).floods)
	add("the listener is closed", get("/").send, "if Accept returns an error, return",
		func(s *server) *mistake {
			if m := s.talk([]step{get("/")}, false, true); m != nil {
				return m
			}
			return s.ends(file)
		})
	return check
}
