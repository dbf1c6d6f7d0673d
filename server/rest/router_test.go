package rest_test

import (
	"fmt"
	"strings"
	"testing"

	"rawhttp/httpwire"
	"rawhttp/server/rest"
)

// say returns a handler that responds with its argument and the ID.
func say(what string) func(int64, *httpwire.Request, *httpwire.Response) {
	octets := []byte(what)
	return func(id int64, _ *httpwire.Request, resp *httpwire.Response) {
		resp.Code, resp.Body = 200, octets
		if id != 0 {
			resp.Body = fmt.Appendf(nil, "%s %d", what, id)
		}
	}
}

// tables joins two tables, as of two packages.
func tables() *rest.Router {
	return rest.New([]rest.Route{
		{Method: "GET", Path: "/a/b.0/{ID}", Rel: "item", Summary: "one", Handle: say("get")},
		{Method: "GET", Path: "/", Rel: "self", Summary: "the links", Document: rest.Links},
		{Method: "GET", Path: "/a/b.0", Rel: "collection", Summary: "all", Handle: say("all")},
		{Method: "PUT", Path: "/a/b.0/{ID}", Summary: "store", Handle: say("put")},
	}, []rest.Route{
		{Method: "POST", Path: "/explain", Rel: "about", Summary: "explain", Handle: say("post")},
		{Method: "*", Path: "/raw", Rel: "echo", Summary: "the octets", Handle: say("raw")},
		{Method: "POST", Path: "/a/{ID}/c", Rel: "inside", Summary: "add", Handle: say("post")},
		{Method: "GET", Path: "/hidden", Rel: "icon", Summary: "no link", Hidden: true, Handle: say("here")},
	})
}

func read(t testing.TB, octets string) *httpwire.Request {
	t.Helper()
	req := new(httpwire.Request)
	n, err := httpwire.ConsumeRequestHead([]byte(octets), req)
	if err == nil {
		err = req.Check()
	}
	if err != nil {
		t.Fatalf("%q: %v", octets, err)
	}
	req.Body = []byte(octets[n:])
	return req
}

func send(t testing.TB, r *rest.Router, line string, fields ...string) *httpwire.Response {
	t.Helper()
	head := strings.Join(append([]string{line + " HTTP/1.0"}, fields...), "\r\n")
	resp := &httpwire.Response{Fields: make(httpwire.Fields, 0, 8)}
	r.Handle(read(t, head+"\r\n\r\n"), resp)
	return resp
}

const all = "GET, HEAD, POST, PUT, DELETE, OPTIONS"

// The help for an unknown method names the known ones.
func TestHelpNamesMethods(t *testing.T) {
	for m := range strings.SplitSeq(all, ", ") {
		if !strings.Contains(httpwire.RuleKnownMethod.Help(), m) {
			t.Errorf("%q, the help of RuleKnownMethod in httpwire/ruletable.go, does not name %s", httpwire.RuleKnownMethod.Help(), m)
		}
	}
}

func TestDispatch(t *testing.T) {
	for _, tt := range []struct {
		name, line string
		code       int
		body       string // contained in the body
		allow      string
	}{
		{"a path as the table spells it", "GET /a/b.0", 200, "all", ""},
		{"a path in disguise", "GET /%61/b%2E0", 200, "all", ""},
		{"decoded once", "GET /%2561/b.0", 404, "nothing at /%2561/b.0", ""},
		{"an ID", "GET /a/b.0/17", 200, "get 17", ""},
		{"an ID with zeros in front", "GET /a/b.0/0017", 200, "get 17", ""},
		{"an ID in disguise", "GET /a/b.0/%317", 200, "get 17", ""},
		{"an ID inside", "POST /a/17/c", 200, "post 17", ""},
		{"an ID with a sign", "GET /a/b.0/+1", 404, "", ""},
		{"an ID at the end of a longer path", "GET /a/17", 404, "", ""},
		{"no ID", "GET /a/b.0/x", 404, "", ""},
		{"%2F is no separator", "GET /a%2Fb.0", 404, "", ""},
		{"%2f is no separator", "GET /%61%2fb.0", 404, "", ""},
		{"what begins and ends the path is longer", "POST /a/c", 404, "", ""},
		{"a slash too many", "GET /a/b.0/", 404, "Leave out the slash at the end: send /a/b.0.", ""},
		{"a slash too many after nothing", "GET /x/", 404, "nothing at /x/. GET / returns the links.", ""},
		{"nothing there", "GET /x", 404, "nothing at /x. GET / returns the links.", ""},
		{"a user and a password", "GET //a:pw@h/x", 404, "nothing at //****@h/x.", ""},
		{"more segments than any row", "GET " + strings.Repeat("/a", 50), 404, "", ""},
		{"HEAD comes from GET", "HEAD /a/b.0", 200, "all", ""},
		{"rows of a path that are apart", "PUT /a/b.0/1", 200, "put 1", ""},
		{"405 of a path with rows apart", "DELETE /a/b.0/1", 405, "GET: one; PUT: store",
			"GET, HEAD, PUT, OPTIONS"},
		{"405 without GET", "HEAD /a/1/c", 405, "", "POST, OPTIONS"},
		{"OPTIONS", "OPTIONS /a/b.0", 200, "", "GET, HEAD, OPTIONS"},
		{"OPTIONS of the server", "OPTIONS *", 200, "", "GET, HEAD, POST, PUT, OPTIONS"},
		{"OPTIONS of nothing", "OPTIONS /x", 404, "", ""},
		{"an unknown method", "BREW /a/b.0", 501, "It knows " + all, ""},
		{"an unknown method at nothing", "BREW /x", 501, "", ""},
		{"any method", "BREW /raw", 200, "raw", ""},
		{"any method, OPTIONS too", "OPTIONS /raw", 200, "raw", ""},
		{"a hidden path", "GET /hidden", 200, "here", ""},
		{"the links of all tables", "GET /", 200, `"href": "/raw"`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := tables()
			resp := send(t, r, tt.line)
			if resp.Code != tt.code || !strings.Contains(string(resp.Body), tt.body) {
				t.Errorf("%d %s, want %d %s", resp.Code, resp.Body, tt.code, tt.body)
			}
			if got := string(resp.Fields.Get("Allow")); got != tt.allow {
				t.Errorf("Allow: %q, want %q", got, tt.allow)
			}
			req := read(t, tt.line+" HTTP/1.0\r\n\r\n")
			if knows := r.Knows(req); knows != (tt.code != 501) {
				t.Errorf("the method is known: %v", knows)
			}
			early := new(httpwire.Response)
			if final := r.HandleHead(req, early); final != (r.Row(req) == nil) || final && fmt.Sprint(early) != fmt.Sprint(resp) {
				t.Errorf("from the head alone: %v, final %v, want %v", early, final, resp)
			}
		})
	}
}

// The page of links has a link to every other path that a browser can open, and the text of every path that
// it cannot open. It names the methods of a path that has more than GET. "any method" replaces "*".
func TestLinksPage(t *testing.T) {
	page := string(send(t, tables(), "GET /", "Accept: text/html").Body)
	for path, visitable := range map[string]bool{"/a/b.0": true, "/raw": true,
		"/a/b.0/{ID}": false, "/a/{ID}/c": false, "/explain": false} {
		if strings.Contains(page, `<a href="`+path+`">`) != visitable ||
			strings.Contains(page, "<code>"+path+"</code>") == visitable {
			t.Errorf("%s: a link has to be %v in\n%s", path, visitable, page)
		}
	}
	for text, want := range map[string]bool{"<td>any method: the octets": true, "<td>all<": true,
		"<td>GET: one; PUT: store<": true, `content="default-src 'none'; `: true, `href="/"`: false} {
		if strings.Contains(page, text) != want {
			t.Errorf("%s has to be %v in %s", text, want, page)
		}
	}
}

// New panics if a table has a mistake, and says which one.
func TestBadTables(t *testing.T) {
	for want, change := range map[string]func(*rest.Route){
		"slash at its start": func(r *rest.Route) { r.Path = "x" },
		"at most one {ID}":   func(r *rest.Route) { r.Path = "/{ID}/{ID}" },
		"either Handle":      func(r *rest.Route) { r.Handle = nil },
		"or Document":        func(r *rest.Route) { r.Document = rest.Links },
		"one of methods":     func(r *rest.Route) { r.Method = "BREW" },
		"needs a Summary":    func(r *rest.Route) { r.Summary = "" },
		"needs a Rel":        func(r *rest.Route) { r.Path = "/new" },
		"another row":        func(r *rest.Route) { r.Method = "POST" },
		"GET /: another row": func(r *rest.Route) { r.Path = "/" },
	} {
		t.Run(want, func(t *testing.T) {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Errorf("New panics with %s, want %s", got, want)
				}
			}()
			row := rest.Route{Method: "GET", Path: "/one", Summary: "one", Handle: say("")}
			start := rest.Route{Method: "*", Path: "/", Rel: "start", Summary: "all", Handle: say("")}
			first := rest.Route{Method: "POST", Path: "/one", Rel: "one", Summary: "add", Handle: say("")}
			change(&row)
			rest.New([]rest.Route{start, first, row})
		})
	}
}

func TestNoAllocs(t *testing.T) {
	r := tables()
	for _, line := range []string{"GET /a/b.0", "HEAD /", "OPTIONS /a/b.0", "BREW /raw"} {
		req := read(t, line+" HTTP/1.0\r\n\r\n")
		resp := &httpwire.Response{Fields: make(httpwire.Fields, 0, 8)}
		if n := testing.AllocsPerRun(100, func() {
			*resp = httpwire.Response{Fields: resp.Fields[:0]}
			r.Handle(req, resp)
		}); n != 0 {
			t.Errorf("%s: %v allocations", line, n)
		}
	}
}

// A client that prefers HTML, as browsers do, gets an error as a page. Nothing of the request
// becomes HTML in it. Every error has Vary, so that a cache keeps the two forms apart.
func TestErrorsAreReadableInABrowser(t *testing.T) {
	const browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	for _, tt := range []struct {
		line, accept, mediaType, want string
		code                          int
	}{
		{"GET /x&lt;y", browser, "text/html; charset=utf-8",
			"<h1>404 Not Found</h1>\n<p>There is nothing at /x&amp;lt;y.", 404},
		{"DELETE /a/b.0", browser, "text/html; charset=utf-8", "<h1>405 Method Not Allowed</h1>", 405},
		{"BREW /", browser, "text/html; charset=utf-8", "<title>501 Not Implemented</title>", 501},
		{"GET /x&lt;y", "Accept: */*", "application/problem+json", `"status": 404`, 404},
		{"GET /x&lt;y", "Accept: application/problem+json, text/html", "application/problem+json",
			`"status": 404`, 404},
		{"GET /x&lt;y", "X: y", "application/problem+json", `"status": 404`, 404},
	} {
		resp := send(t, tables(), tt.line, tt.accept)
		if got := string(resp.Fields.Get("Content-Type")); resp.Code != tt.code || got != tt.mediaType ||
			!strings.Contains(string(resp.Body), tt.want) {
			t.Errorf("%s, %s: %d %s %s", tt.line, tt.accept, resp.Code, got, resp.Body)
		}
		if !resp.Fields.Has("Vary", "Accept") {
			t.Errorf("%s, %s: no Vary", tt.line, tt.accept)
		}
		if tt.code == 405 && resp.Fields.Get("Allow") == nil {
			t.Errorf("%s: no Allow", tt.line)
		}
	}
	resp := send(t, tables(), "GET /", browser)
	n := 0
	for range resp.Fields.Named("Vary") {
		n++
	}
	if n != 1 || resp.Code != 200 {
		t.Errorf("%d, %d Vary fields in a response that is not an error", resp.Code, n)
	}
}
