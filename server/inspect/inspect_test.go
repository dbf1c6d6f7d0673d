package inspect_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rawhttp/examples/gallery"
	"rawhttp/httpwire"
	"rawhttp/server/httpd"
	"rawhttp/server/inspect"
	"rawhttp/server/rest"
)

// send returns the response to a request with a head and a body.
func send(t *testing.T, r *rest.Router, octets string) *httpwire.Response {
	t.Helper()
	var req httpwire.Request
	n, err := httpwire.ConsumeRequest([]byte(octets), &req)
	if err != nil {
		t.Fatal(err)
	}
	req.Body = []byte(octets)[n:]
	resp := new(httpwire.Response)
	r.Handle(&req, resp)
	return resp
}

// The response of /hello is an httpd.Brief, so the server adds only Date and Content-Length.
func TestHello(t *testing.T) {
	for _, method := range []string{"GET", "HEAD"} {
		resp := send(t, rest.New(inspect.Hello()), method+" /hello HTTP/1.0\r\n\r\n")
		body, ok := resp.Parts.(httpd.Brief)
		if resp.Code != 200 || !ok || string(body) != "Hello!\n" || len(resp.Fields) != 1 ||
			string(resp.Fields.Get("Content-Type")) != "text/plain" {
			t.Errorf("%s: %d, %d fields, %q", method, resp.Code, len(resp.Fields), body)
		}
	}
}

// The response of /raw is the request, octet for octet, for every method, but without its
// credentials.
func TestRaw(t *testing.T) {
	r := rest.New(inspect.Routes(nil, nil))
	for _, octets := range []string{
		"GET /raw HTTP/1.0\r\n\r\n",
		"\r\nGET /raw HTTP/1.0\r\nX:  a \t b  \r\nx:\r\n\r\n",
		"GET http://localhost/raw?q HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"GET /raw\r\n",
		"BREW /raw HTTP/1.0\r\nContent-Length: 3\r\n\r\na\x00b",
		"OPTIONS /raw HTTP/1.0\r\n\r\n",
	} {
		resp := send(t, r, octets)
		if resp.Code != 200 || string(resp.Body) != octets || len(resp.Fields) != 2 ||
			string(resp.Fields.Get("Content-Type")) != "message/http" || string(resp.Fields.Get("Vary")) != "*" {
			t.Errorf("%q: %d %q", octets, resp.Code, resp.Body)
		}
	}
	for _, c := range []struct{ name, octets, want string }{
		{"in the head", "GET /raw HTTP/1.0\r\nAuthorization: Basic c2VjcmV0\r\nA: b\r\n\r\n",
			"GET /raw HTTP/1.0\r\nAuthorization: Basic ********\r\nA: b\r\n\r\n"},
		{"a cookie", "GET /raw HTTP/1.0\r\nCookie: sid=secret\r\nA: b\r\n\r\n",
			"GET /raw HTTP/1.0\r\nCookie: **********\r\nA: b\r\n\r\n"},
		{"a token in the query", "GET /raw?access_token=secret HTTP/1.0\r\n\r\n",
			"GET /raw?access_token=****** HTTP/1.0\r\n\r\n"},
		{"in the body",
			"POST /raw HTTP/1.0\r\nContent-Length: 26\r\n\r\nAuthorization: Basic abcd\r\n",
			"POST /raw HTTP/1.0\r\nContent-Length: 26\r\n\r\nAuthorization: Basic ****\r\n"},
	} {
		resp := send(t, r, c.octets)
		hidden := string(resp.Fields.Get("Hidden"))
		if string(resp.Body) != c.want || !strings.Contains(hidden, "credentials") {
			t.Errorf("%s: %q, Hidden: %q", c.name, resp.Body, hidden)
		}
	}
}

// A browser saves a body of type message/http to a file, so it gets plain text.
func TestRawInABrowser(t *testing.T) {
	r := rest.New(inspect.Routes(nil, nil))
	for accept, want := range map[string]string{
		"text/html,application/xhtml+xml,*/*;q=0.8": "text/plain; charset=utf-8",
		"*/*":                       "message/http",
		"message/http, text/html":   "message/http",
		"text/plain, text/html;q=0": "message/http",
	} {
		octets := "GET /raw HTTP/1.0\r\nAccept: " + accept + "\r\n\r\n"
		resp := send(t, r, octets)
		if got := string(resp.Fields.Get("Content-Type")); got != want {
			t.Errorf("Accept: %s: Content-Type %q, want %q", accept, got, want)
		}
		if string(resp.Body) != octets || string(resp.Fields.Get("Vary")) != "*" {
			t.Errorf("Accept: %s: body %q, Vary %q", accept, resp.Body, resp.Fields.Get("Vary"))
		}
	}
}

// The body of the response does not change when the octets of the request are overwritten.
func TestRawIsACopy(t *testing.T) {
	octets := []byte("GET /raw HTTP/1.0\r\n\r\n")
	var req httpwire.Request
	httpwire.ConsumeRequestHead(octets, &req)
	resp := new(httpwire.Response)
	rest.New(inspect.Routes(nil, nil)).Handle(&req, resp)
	clear(octets)
	if !strings.HasPrefix(string(resp.Body), "GET /raw") {
		t.Errorf("got %q", resp.Body)
	}
}

func explain(t *testing.T, query, fields, message string) *httpwire.Response {
	t.Helper()
	return send(t, rest.New(inspect.Routes(nil, nil)),
		fmt.Sprintf("POST /explain%s HTTP/1.0\r\n%sContent-Length: %d\r\n\r\n%s",
			query, fields, len(message), message))
}

func TestExplain(t *testing.T) {
	const response = "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"
	for _, tt := range []struct {
		name, query, fields, message string
		code                         int
		mediaType, words             string // separated by "|"
	}{
		{"a request", "", "", "GET / HTTP/1.0\r\n\r\n", 200, "text/plain", "method|1945 8.1|empty line"},
		{"a malformed one", "", "", "GET  / HTTP/1.0\r\n\r\n", 200, "text/plain",
			"method|error: two spaces|offset 4"},
		{"half of one", "?kind=request", "", "GET / HTTP/1.0\r\n", 200, "text/plain",
			"has not come|have  16 octets"},
		{"nothing", "", "", "", 200, "text/plain", "nothing has come yet"},
		{"a response", "?kind=response", "", response, 200, "text/plain",
			"status-code|This is the whole body: 5 octets."},
		{"a response to HEAD", "?kind=response&method=HEAD", "", response, 200, "text/plain",
			"HEAD|surplus"},
		{"a response to CONNECT", "?kind=response&method=CONNECT", "", response, 200, "text/plain",
			"head. A tunnel|section 9.3.6); Content-Length is|After the head: 5 octets of the"},
		{"a field twice", "?kind=response", "", "HTTP/1.0 200 OK\r\nETag: a\r\nETag: b\r\n\r\n", 200,
			"text/plain", "error: a field that may be sent only once is sent twice|offset 26"},
		{"a code below 100", "?kind=response", "", "HTTP/1.0 099 x\r\n\r\nbody", 200, "text/plain",
			"like a 5xx|error: a status code outside 100 to 599|4 octets, until the"},
		{"one letter", "?kind=response", "", "H", 200, "text/plain",
			"error: the status-line is not complete|the server should begin the status-line"},
		{"a misspelled status-line", "?kind=response", "", "ICY 200 OK\r\n\r\n", 200, "text/plain",
			"error: octet 0 looks like the start of a status-line"},
		{"as many fields as the client reads", "?kind=response", "",
			"HTTP/1.0 204 x\r\n" + strings.Repeat("A: b\r\n", 1000) + "\r\n", 200, "text/plain",
			"more runs of octets"},
		{"one more", "?kind=response", "",
			"HTTP/1.0 204 x\r\n" + strings.Repeat("A: b\r\n", 1001) + "\r\n", 200, "text/plain",
			"error: too many fields"},
		{"a response taken for a request", "", "", response, 200, "text/plain", "this is a response"},
		{"as a page", "", "Accept: text/html,*/*;q=0.8\r\n", "GET /<script> HTTP/1.0\r\n\r\n", 200,
			"text/html",
			"<!DOCTYPE html>|&lt;"},
		{"as text, although a page would do", "", "Accept: text/html;q=0.5, text/plain\r\n",
			"GET / HTTP/1.0\r\n",
			200, "text/plain", ""},
		{"whatever", "", "Accept: */*\r\n", "GET / HTTP/1.0\r\n", 200, "text/plain", ""},
		{"credentials", "", "", "GET / HTTP/1.0\r\nAuthorization: Basic c2VjcmV0\r\n\r\n", 200,
			"text/plain",
			"Basic ********"},
		{"a cookie", "?kind=response", "", "HTTP/1.0 200 OK\r\nSet-Cookie: c2VjcmV0\r\n\r\n", 200,
			"text/plain", "********"},
		{"on the request-line", "", "", "GET / HTTP/1.0 Authorization: Basic c2VjcmV0\r\n\r\n", 200,
			"text/plain", "Basic\u2420********"},
		{"a URL without scheme", "", "", "GET //a:c2VjcmV0@h/ HTTP/1.0\r\n\r\n", 200, "text/plain",
			"//**********@h/"},
		{"another kind", "?kind=poem", "", "x", 400, "application/problem+json",
			"/explain?kind=response"},
		{"a broken query", "?kind=a;b", "", "x", 400, "application/problem+json",
			"/explain?kind=response"},
		{"as much as may be", "", "", strings.Repeat("x", 64<<10), 200, "text/plain", ""},
		{"more", "", "", strings.Repeat("x", 64<<10+1), 413, "application/problem+json", "65536"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			resp := explain(t, tt.query, tt.fields, tt.message)
			if got := string(resp.Fields.Get("Content-Type")); resp.Code != tt.code ||
				!strings.HasPrefix(got, tt.mediaType) {
				t.Errorf("%d, %s: %s", resp.Code, got, resp.Body)
			}
			for word := range strings.SplitSeq(tt.words, "|") {
				if !strings.Contains(strings.ToLower(string(resp.Body)), strings.ToLower(word)) {
					t.Errorf("no %q in %s", word, resp.Body)
				}
			}
			if strings.Contains(string(resp.Body), "cmV0") ||
				strings.Contains(string(resp.Body), "<script>") {
				t.Errorf("it shows %s", resp.Body)
			}
			if tt.code == 200 && string(resp.Fields.Get("Vary")) != "Accept" {
				t.Error("no Vary")
			}
		})
	}
}

// Every literal message of the examples gets a listing, in both forms.
func TestExplainExamples(t *testing.T) {
	for i, m := range slices.Concat(gallery.Requests(), gallery.Responses) {
		if testing.Short() && i%3 != 0 {
			continue
		}
		message := m.Octets()
		query := ""
		if strings.HasPrefix(m.File, "responses/") {
			query = "?kind=response"
		}
		for _, accept := range []string{"", "Accept: text/html\r\n"} {
			resp := explain(t, query, accept, string(message))
			if resp.Code != 200 || len(resp.Body) == 0 {
				t.Errorf("%s: %d", m.File, resp.Code)
			}
			bad := strings.HasPrefix(m.File, "bad/")
			if bad && !strings.Contains(string(resp.Body), "error: ") {
				t.Errorf("%s: no error in %s", m.File, resp.Body)
			}
		}
	}
}

// According to the description, POST /explain accepts message/http.
func TestExplainIsDescribed(t *testing.T) {
	r := rest.New(inspect.Routes(nil, nil), []rest.Route{
		{Method: "GET", Path: "/api", Rel: "api", Summary: "the API", Document: rest.OpenAPI("", "")}})
	var doc struct {
		Paths map[string]map[string]struct {
			RequestBody struct{ Content map[string]any }
		}
	}
	if err := json.Unmarshal(send(t, r, "GET /api HTTP/1.0\r\n\r\n").Body, &doc); err != nil {
		t.Fatal(err)
	}
	content := doc.Paths["/explain"]["post"].RequestBody.Content
	for _, typ := range []string{"message/http", "text/plain"} {
		if content[typ] == nil {
			t.Errorf("%s is not among %v", typ, content)
		}
	}
}

// A browser that follows the link to /explain gets a form and commands. The page loads nothing and has
// no script.
func TestExplainForm(t *testing.T) {
	r := rest.New(inspect.Routes(nil, nil))
	resp := send(t, r, "GET /explain HTTP/1.0\r\n\r\n")
	page := string(resp.Body)
	if resp.Code != 200 || !strings.HasPrefix(string(resp.Fields.Get("Content-Type")), "text/html") {
		t.Fatalf("%d %s", resp.Code, resp.Body)
	}
	const command = ` -body examples/good/get-all.http "POST /explain HTTP/1.0"`
	elsewhere := string(send(t, r, "GET /explain HTTP/1.0\r\nHost: teacher:8080\r\n\r\n").Body)
	if !strings.Contains(elsewhere, "go run ./rawclient -addr teacher:8080"+command) {
		t.Errorf("no command for teacher:8080 in %s", elsewhere)
	}
	for _, want := range []string{"\ngo run ./rawclient" + command, "<textarea", `autocapitalize="off"`, `<form method="post" action="/explain?form">`, `<input type="text" name="method"`,
		"curl --data-binary @- http://localhost:12345/explain", "</html>"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in %s", want, page)
		}
	}
	for _, bad := range []string{"src=", "@import", "url(", "<script"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	if got := send(t, r, "PUT /explain HTTP/1.0\r\nContent-Length: 0\r\n\r\n"); got.Code != 405 ||
		string(got.Fields.Get("Allow")) != "GET, HEAD, POST, OPTIONS" {
		t.Errorf("PUT: %d %s", got.Code, got.Fields.Get("Allow"))
	}
}

// What the form sends is listed as it was typed. A browser prefers the page.
func TestExplainFormSent(t *testing.T) {
	r := rest.New(inspect.Routes(nil, nil))
	for _, tt := range []struct {
		name, body string
		code       int
		want       string
	}{
		{"a request", "message=GET+%2F%3Fa%3D%22+HTTP%2F1.0%0D%0AA%3A+%3Cb%3E%0D%0A%0D%0A&kind=request", 200,
			"<h2>Request, 30 octets</h2>"},
		{"what it has is escaped", "message=GET+%2F+HTTP%2F1.0%0D%0AA%3A+%3Cb%3E%0D%0A%0D%0A", 200, "&lt;b&gt;"},
		{"credentials", "message=GET+%2F+HTTP%2F1.0%0D%0ACookie%3A+secret%0D%0A%0D%0A", 200, "******"},
		{"a response", "message=HTTP%2F1.0+200+OK%0D%0A%0D%0A&kind=response", 200, "<h2>Response, 19 octets</h2>"},
		{"a response to HEAD", "message=HTTP%2F1.0+200+OK%0D%0AContent-Length%3A+5%0D%0A%0D%0A&kind=response&method=HEAD",
			200, "No body follows the response to HEAD"},
		{"nothing", "message=", 200, "<h2>Request, 0 octets</h2>"},
		{"no form", "GET / HTTP/1.0\r\n\r\n", 200, "<h2>Request, 0 octets</h2>"},
		{"an unknown kind", "message=&kind=x", 400, ""},
		{"not encoded", "message=%x", 400, "form is wrong"},
		{"encoded, too long", "message=" + strings.Repeat("%0A", 64<<10+1), 413, ""},
		{"encoded, the longest", "message=" + strings.Repeat("%0A", 64<<10), 200, "<h2>Request, 65536 octets</h2>"},
	} {
		resp := send(t, r, fmt.Sprintf("POST /explain?form HTTP/1.0\r\nAccept: text/html\r\n"+
			"Content-Length: %d\r\n\r\n%s", len(tt.body), tt.body))
		if page := string(resp.Body); resp.Code != tt.code || !strings.Contains(page, tt.want) ||
			strings.Contains(page, "secret") || strings.Contains(page, "<b>&") {
			t.Errorf("%s: %d %s", tt.name, resp.Code, page)
		}
	}
}

// The page lists the request that asked for it, without its credentials, and a cache does not keep it.
func TestExplainsItsRequest(t *testing.T) {
	r := rest.New(inspect.Routes(nil, nil))
	const request = "GET /explain HTTP/1.0\r\nCookie: a=b\r\nX: </pre><script>alert(1)</script>\r\n\r\n"
	resp := send(t, r, request)
	page := string(resp.Body)
	if resp.Code != 200 || string(resp.Fields.Get("Cache-Control")) != "no-store" {
		t.Errorf("%d, Cache-Control: %s", resp.Code, resp.Fields.Get("Cache-Control"))
	}
	for _, want := range []string{fmt.Sprintf("<h2>Request, %d octets</h2>", len(request)), "***", "&lt;/pre&gt;&lt;script&gt;", "field-name"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in %s", want, page)
		}
	}
	if strings.Contains(page, "a=b") || strings.Contains(page, "<script>") {
		t.Error(page)
	}
	withBody := send(t, r, "GET /explain HTTP/1.0\r\nContent-Length: 3\r\n\r\na=b")
	if page := string(withBody.Body); strings.Contains(page, "class=\"error\"") || !strings.Contains(page, "a=b") {
		t.Errorf("a request with a body: %s", page)
	}
	long := send(t, r, "GET /explain HTTP/1.0\r\n"+strings.Repeat("X: "+strings.Repeat("x", 1000)+"\r\n", 66)+"\r\n")
	if page := string(long.Body); !strings.Contains(page, "too many to list here") || len(page) > 50_000 {
		t.Errorf("%d octets: %s", len(page), page)
	}
}
