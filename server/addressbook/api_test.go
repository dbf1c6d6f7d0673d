package addressbook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rawhttp/httpwire"
	"rawhttp/server/rest"
)

const base = "/address_book/api/v1.0/addresses"

// The complete representations at the start.
const (
	northStreet = `    {
      "ID": 1,
      "line_1": "North Street",
      "line_2": "Python City",
      "number": 2,
      "post_code": "PY11 0PY"
    }`
	southStreet = `    {
      "ID": 2,
      "line_1": "South Street",
      "line_2": "Python City",
      "number": 21,
      "post_code": "PY12 5PY"
    }`
	twoAddresses = "{\n  \"addresses\": [\n" + northStreet + ",\n" + southStreet + "\n  ]\n}\n"
	addressOne   = "{\n  \"address\": [\n" + northStreet + "\n  ]\n}\n"
	oneAdded     = `{
  "added": {
    "ID": 3,
    "line_1": "",
    "line_2": "",
    "number": 5,
    "post_code": "PY13 5PY"
  }
}
`
)

// A service is a book with a router that serves it.
type service struct {
	*Book
	*rest.Router
}

// serve returns a new book, which is closed when the test ends.
func serve(t testing.TB, o Options) *service {
	t.Helper()
	if onFile {
		o.File = filepath.Join(t.TempDir(), "book")
	}
	b, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return &service{b, rest.New(b.Routes())}
}

func newBook(t testing.TB) *service {
	t.Helper()
	return serve(t, Options{BaseURL: "http://localhost:12345"})
}

// request reads literal octets as the server would before it calls Handle.
func request(t testing.TB, octets string) *httpwire.Request {
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

// send returns the response to literal octets. Storage is reused as on a connection.
func send(t testing.TB, b *service, octets string) *httpwire.Response {
	t.Helper()
	resp := &httpwire.Response{Fields: make(httpwire.Fields, 0, 8)}
	b.Handle(request(t, octets), resp)
	join(t, resp)
	checkForm(t, octets, resp)
	return resp
}

// join joins the parts of a body, and fails if they do not have the announced length.
func join(t testing.TB, resp *httpwire.Response) {
	t.Helper()
	if resp.Parts == nil {
		return
	}
	want := resp.Len()
	resp.Body, resp.Parts = resp.AppendBody(nil), nil
	if resp.Len() != want {
		t.Errorf("%d octets of a body that announced %d", resp.Len(), want)
	}
}

// checkForm checks what is true of every response.
func checkForm(t testing.TB, octets string, resp *httpwire.Response) {
	t.Helper()
	const others = "; for a media type other than JSON and HTML, add a case to checkForm"
	typ := string(resp.Fields.Get("Content-Type"))
	switch {
	case len(resp.Body) == 0:
		if typ != "" {
			t.Errorf("%q: Content-Type %q without a body", octets, typ)
		}
	case typ == "text/html; charset=utf-8":
	case !json.Valid(resp.Body) || resp.Body[len(resp.Body)-1] != '\n':
		t.Errorf("%q: body is not JSON and a newline: %q%s", octets, resp.Body, others)
	case resp.Code >= 400:
		var p struct {
			Title, Detail string
			Status        int
		}
		if err := json.Unmarshal(resp.Body, &p); err != nil {
			t.Errorf("%q: %v", octets, err)
		}
		if typ != "application/problem+json" || p.Status != resp.Code || p.Title == "" ||
			!strings.HasSuffix(p.Detail, ".") {
			t.Errorf("%q: problem of type %q: %s", octets, typ, resp.Body)
		}
	case typ != "application/json":
		t.Errorf("%q: Content-Type %q%s", octets, typ, others)
	}
	for _, name := range []string{"Date", "Server", "Connection", "Content-Length"} {
		if resp.Fields.Get(name) != nil {
			t.Errorf("%q: sets %s, which is not its business", octets, name)
		}
	}
	// The writer refuses fields that would be read back differently.
	if _, err := httpwire.AppendResponse(nil, resp, []byte("GET")); err != nil {
		t.Errorf("%q: the response cannot be written: %v", octets, err)
	}
}

// detail returns the detail of a problem.
func detail(resp *httpwire.Response) string {
	var p struct{ Detail string }
	_ = json.Unmarshal(resp.Body, &p)
	return p.Detail
}

// bare returns a request without a body.
func bare(method, path string, fields ...string) string {
	return method + " " + path + " HTTP/1.0\r\n" + strings.Join(append(fields, ""), "\r\n") + "\r\n"
}

func get(path string) string { return bare("GET", path) }

// listText returns the list of all addresses, as it is sent.
func listText(t testing.TB, b *service) string {
	t.Helper()
	return string(send(t, b, get(base)).Body)
}

func post(body string, fields ...string) string {
	return fmt.Sprintf("POST %s HTTP/1.0\r\n%sContent-Length: %d\r\n\r\n%s",
		base, strings.Join(append(fields, ""), "\r\n"), len(body), body)
}

func postJSON(body string) string { return post(body, "Content-Type: application/json") }

const valid = `{"ID": 3, "number": 5, "post_code": "PY13 5PY"}`

// Each row of the service that was the model, and the requirements that concern the address book.
// The name of a row says which: ids of the table of requirements, "flask" for the model.
func TestResponses(t *testing.T) {
	links := string(send(t, newBook(t), get("/")).Body) // see TestLinks
	tests := []struct {
		name, request string
		code          int
		body          string // in full, unless empty
		allow         string
	}{
		{"flask, 1945-8.1-a: the list", get(base), 200, twoAddresses, ""},
		{"flask, 1945-8.1-a: one address", get(base + "/1"), 200, addressOne, ""},
		{"flask: the entry point", get("/"), 200, links, ""},
		{"flask, 1945-9.4-f: no such ID", get(base + "/999"), 404, "", ""},
		{"flask, 1945-9.4-f: ID in letters", get(base + "/abc"), 404, "", ""},
		{"flask: ID below zero", get(base + "/-1"), 404, "", ""},
		{"flask: zero in front", get(base + "/01"), 200, addressOne, ""},
		{"flask: slash at the end", get(base + "/"), 404, "", ""},
		{"flask: query", get(base + "/1?x=1"), 200, addressOne, ""},
		{"flask, 3986-2.2-a: %2E in the path", get("/address_book/api/v1%2E0/addresses"),
			200, twoAddresses, ""},
		{"flask, 9110-9.1-a: HEAD of the list", bare("HEAD", base), 200, twoAddresses, ""},
		{"9110-9.1-a: HEAD of one", bare("HEAD", base+"/1"), 200, addressOne, ""},
		{"9110-9.1-a: HEAD of /", bare("HEAD", "/"), 200, links, ""},
		{"1945-8.2-b: HEAD with a condition", bare("HEAD", base+"/1",
			"If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"), 200, addressOne, ""},
		{"flask, 9110-9.3.7-a: OPTIONS of the list", bare("OPTIONS", base), 200, "",
			"GET, HEAD, POST, OPTIONS"},
		{"9110-9.3.7-a: OPTIONS of one", bare("OPTIONS", base+"/1"), 200, "",
			"GET, HEAD, PUT, DELETE, OPTIONS"},
		{"9110-9.3.7-a, 9112-3.2.4-a: OPTIONS of the server", bare("OPTIONS", "*"), 200, "",
			"GET, HEAD, POST, PUT, DELETE, OPTIONS"},
		{"OPTIONS of nothing", bare("OPTIONS", "/nope"), 404, "", ""},
		{"flask, 9110-10.2.1-a: DELETE the list", bare("DELETE", base), 405, "",
			"GET, HEAD, POST, OPTIONS"},
		{"flask, 9110-10.2.1-a: PUT the list", bare("PUT", base, "Content-Length: 0"),
			405, "", "GET, HEAD, POST, OPTIONS"},
		{"9110-9.1-b, 9110-10.2.1-a: POST to one", bare("POST", base+"/1", "Content-Length: 0"),
			405, "", "GET, HEAD, PUT, DELETE, OPTIONS"},
		{"DELETE /", bare("DELETE", "/"), 405, "", "GET, HEAD, OPTIONS"},
		{"flask, 1945-5.1.1-b, 9110-9.1-b: unknown method", bare("BREW", base+"/1"), 501, "", ""},
		{"1945-5.1.1-a: method in small letters", bare("get", base), 501, "", ""},
		{"9110-9.3.8-a: TRACE", bare("TRACE", "/"), 501, "", ""},
		{"9112-3.2.3-a: CONNECT", "CONNECT h:443 HTTP/1.0\r\n\r\n", 501, "", ""},
		{"unknown method, unknown path", bare("BREW", "/nope"), 501, "", ""},
		{"flask: POST", postJSON(valid), 201, oneAdded, ""},
		{"8259-8.1-a: characters as they came", postJSON(strings.Replace(valid, "PY13 5PY", "é <&>", 1)),
			201, strings.Replace(oneAdded, "PY13 5PY", "é <&>", 1), ""},
		{"flask: POST of an ID that is there",
			postJSON(`{"ID": 1, "number": 5, "post_code": "PY13 5PY"}`), 409, "", ""},
		{"flask, 1945-7.2.1-b: POST without Content-Type", post(valid), 415, "", ""},
		{"flask, 1945-7.2.1-b: POST of text/plain", post(valid, "Content-Type: text/plain"),
			415, "", ""},
		{"flask: HTTP/1.1", "GET " + base + " HTTP/1.1\r\nHost: x\r\n\r\n", 200, twoAddresses, ""},
		{"a browser asks for its icon", get("/favicon.ico"), 404, "", ""},
		{"9110-12.4.1-a: Accept that cannot be met", bare("GET", base, "Accept: image/png"),
			200, twoAddresses, ""},
		{"9112-6-a: GET with a body", bare("GET", base, "Content-Length: 5") + "hello",
			200, twoAddresses, ""},

		{"1945-5.1.2-c: %31 is 1", get(base + "/%31"), 200, addressOne, ""},
		{"3986-2.4-a: decoded once", get(base + "/%2531"), 404, "", ""},
		{"3986-2.2-a: %2F is no separator", get(base + "%2F1"), 404, "", ""},
		{"3986-5.2.4-a: single dot", get(base + "/./1"), 404, "", ""},
		{"3986-5.2.4-a: dots that would lead there", get("/x/.." + base), 404, "", ""},
		{"1945-12.5-a: dots that climb", get(base + "/../../etc/passwd"), 404, "", ""},
		{"1945-12.5-a: dots in disguise", get("/%2e%2e/"), 404, "", ""},
		{"9112-3.2.1-b: two slashes", get("//evil" + base), 404, "", ""},
		{"two slashes and nothing else", get("//"), 404, "", ""},
		{"slash doubled inside", get(base + "//1"), 404, "", ""},
		{"path in capitals", get(strings.ToUpper(base)), 404, "", ""},
		{"one segment more", get(base + "/1/2"), 404, "", ""},
		{"hundreds of segments", get(strings.Repeat("/1", 500)), 404, "", ""},
		{"%00 in the ID", get(base + "/1%00"), 404, "", ""},
		{"9112-3.2.2-a: absolute-form", get("http://localhost:12345" + base),
			200, twoAddresses, ""},
		{"1945-3.2.2-c: absolute-form without a path", get("HTTP://LOCALHOST"), 200, links, ""},

		{"ID with many zeros", get(base + "/0000000000000000000001"), 200, addressOne, ""},
		{"ID zero", get(base + "/0"), 404, "", ""},
		{"ID with a plus", get(base + "/+1"), 404, "", ""},
		{"ID with a space", get(base + "/%201"), 404, "", ""},
		{"ID in Arabic digits", get(base + "/%D9%A1"), 404, "", ""},
		{"ID in hexadecimal", get(base + "/0x1"), 404, "", ""},
		{"ID 2^63", get(base + "/9223372036854775808"), 404, "", ""},
		{"ID 2^64+1", get(base + "/18446744073709551617"), 404, "", ""},
		{"ID of 4,000 digits", get(base + "/1" + strings.Repeat("0", 4000)), 404, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			resp := send(t, newBook(t), test.request)
			if resp.Code != test.code {
				t.Errorf("code %d, want %d; %s", resp.Code, test.code, resp.Body)
			}
			if test.body != "" && string(resp.Body) != test.body {
				t.Errorf("body\n%s\nwant\n%s", resp.Body, test.body)
			}
			if got := string(resp.Fields.Get("Allow")); got != test.allow {
				t.Errorf("Allow: %q, want %q", got, test.allow)
			}
		})
	}
}

// 1945-8.2-a: a HEAD has the fields of the GET.
func TestHeadIsGet(t *testing.T) {
	b := newBook(t)
	for _, path := range []string{"/", base, base + "/1", base + "/999", "/nope"} {
		g, h := send(t, b, get(path)), send(t, b, bare("HEAD", path))
		if g.Code != h.Code || fmt.Sprint(g.Fields) != fmt.Sprint(h.Fields) ||
			!bytes.Equal(g.Body, h.Body) {
			t.Errorf("%s: HEAD differs from GET: %v, %v", path, h, g)
		}
	}
}

// 1945-12.2-a: GET and HEAD change nothing, even if they have a body.
func TestSafe(t *testing.T) {
	b := newBook(t)
	before := listText(t, b)
	for _, method := range []string{"GET", "HEAD"} {
		send(t, b, bare(method, base+"?do=delete&id=1", "Content-Type: application/json",
			fmt.Sprint("Content-Length: ", len(valid)))+valid)
	}
	if got := listText(t, b); got != before {
		t.Errorf("the book is now\n%s", got)
	}
}

// 1945-9.2-a, 9110-9.3.3-a, 1945-10.11-a: a created address is at its Location, which does not
// depend on the request.
func TestLocation(t *testing.T) {
	tests := []struct{ name, base, want string }{
		{"listening address", "http://localhost:12345", "http://localhost:12345" + base + "/3"},
		{"another host", "https://example.org", "https://example.org" + base + "/3"},
		{"none", "", base + "/3"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := serve(t, Options{BaseURL: test.base})
			resp := send(t, b, post(valid, "Content-Type: application/json", "Host: evil.example"))
			if got := string(resp.Fields.Get("Location")); got != test.want {
				t.Fatalf("Location: %q, want %q", got, test.want)
			}
			one := send(t, b, get(base+"/3"))
			list := send(t, b, get(base))
			if one.Code != 200 || !strings.Contains(string(one.Body), "PY13 5PY") {
				t.Errorf("created, and then: %d %s", one.Code, one.Body)
			}
			if !strings.Contains(string(list.Body), "PY13 5PY") {
				t.Errorf("created, and not in the list: %s", list.Body)
			}
		})
	}
}

// 9110-15.5.16-a, 1945-3.6-a, 1945-3.6-c, 1945-2.1-b, 9110-5.6.4-a, 9110-5.6.6-a: the fields that
// say that the body is JSON.
func TestContentType(t *testing.T) {
	tests := []struct {
		name, fields string
		code         int
		detail       string
	}{
		{"plain", "Content-Type: application/json", 201, ""},
		{"1945-3.6-a: any case", "content-TYPE: Application/JSON; Charset=UTF-8", 201, ""},
		{"1945-3.6-c: unknown parameter", "Content-Type: application/json; foo=bar", 201, ""},
		{"1945-2.1-b: space before the semicolon",
			"Content-Type: application/json ; charset=utf-8",
			201, ""},
		{"9110-5.6.4-a: backslash in quotes", `Content-Type: application/json; charset="utf\-8"`,
			201, ""},
		{"nothing after the semicolon", "Content-Type: application/json;", 201, ""},
		{"1945-7.1-a: fields without meaning here",
			"Content-Type: application/json\r\nAllow: GET\r\nPragma: x=y\r\nMIME-Version: 1.0\r\n" +
				"Content-Range: bytes 0-1/9", 201, ""},
		{"9110-13.1.3-a: a condition on POST",
			"Content-Type: application/json\r\n" +
				"If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 201, ""},
		{"missing", "X: y", 415, "Content-Type: application/json"},
		{"empty", "Content-Type:", 415, "Content-Type: application/json"},
		{"another", "Content-Type: text/plain", 415, "'text/plain'"},
		{"a form", "Content-Type: application/x-www-form-urlencoded",
			415, "Content-Type: application/json"},
		{"a longer name", "Content-Type: application/json5",
			415, "Content-Type: application/json"},
		{"another charset", "Content-Type: application/json; charset=latin1", 415, "'latin1'"},
		{"9110-5.6.6-a: space around =", "Content-Type: application/json; charset = utf-8",
			415, "ill-formed"},
		{"two types", "Content-Type: application/json, text/plain", 415, "ill-formed"},
		{"9110-15.5.16-a: content coding",
			"Content-Type: application/json\r\nContent-Encoding: gzip", 415, "Content-Encoding"},
		{"a secret", "Content-Type: a/b; token=abc", 415, "'a/b; token=***'"},
		{"identity", "Content-Type: application/json\r\nContent-Encoding: identity", 201, ""},
		{"identity twice", "Content-Type: application/json\r\nContent-Encoding: Identity, ,identity",
			201, ""},
		{"identity and another", "Content-Type: application/json\r\nContent-Encoding: identity, br",
			415, "'identity, br'"},
		{"a second line", "Content-Type: application/json\r\nContent-Encoding: identity\r\n" +
			"Content-Encoding: gzip", 415, "'gzip'"},
		{"charset=utf8", "Content-Type: application/json; charset=utf8", 415,
			"'utf8', and JSON is in UTF-8, whose name is utf-8"},
		{"charset twice", "Content-Type: application/json; charset=utf-8; charset=utf-8", 415,
			"has two charsets"},
		{"charset twice, not the same",
			"Content-Type: application/json; charset=utf-8; Charset=latin1", 415, "has two charsets"},
		{"nothing after charset=", "Content-Type: application/json; charset=", 415,
			"got the end, want"},
		{"nothing at all", "Content-Type:", 415, "got the end, want"},
		{"octets that are no text", "Content-Type: \xff\xfe\"", 415, `'\xff\xfe\"'`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBook(t)
			resp := send(t, b, post(valid, test.fields))
			if resp.Code != test.code || !strings.Contains(detail(resp), test.detail) {
				t.Errorf("%d %s, want %d and %q", resp.Code, resp.Body, test.code, test.detail)
			}
			asked := resp.Fields.Get("Accept") != nil || resp.Fields.Get("Accept-Encoding") != nil
			if asked != (test.code == 415) {
				t.Errorf("says what it accepts: %v", asked)
			}
			if there := send(t, b, get(base+"/3")).Code == 200; there != (test.code == 201) {
				t.Errorf("created: %v", there)
			}
		})
	}
}

// 1945-3.6-b, 1945-3.6-d: a Content-Type has no parameters and no spaces. 1945-9.4-b: every error
// says what happened and what to do; checkForm checks its format.
func TestDetailsNameTheNextStep(t *testing.T) {
	b := newBook(t)
	for request, want := range map[string]string{
		get("/nope"):         "GET / ",
		get(base + "/999"):   "GET " + base,
		bare("DELETE", base): "POST: add an address",
		bare("BREW", "/"):    "GET, HEAD, POST, PUT, DELETE, OPTIONS",
		postJSON(`{"ID":1,"number":1,"post_code":""}`): "GET " + base + "/1",
		get(base + "?limit=1;offset=1"):                "Write & between two parameters, and %3B for",
	} {
		if got := detail(send(t, b, request)); !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q in it", request, got, want)
		}
	}
	form := regexp.MustCompile(`^[^\s;/]+/[^\s;]+$`)
	requests := []string{get("/"), get(base), get(base + "/1"), get("/nope"), postJSON(valid)}
	for _, request := range requests {
		if typ := send(t, b, request).Fields.Get("Content-Type"); !form.Match(typ) {
			t.Errorf("%q: Content-Type: %q", request, typ)
		}
	}
}
