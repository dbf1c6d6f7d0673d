package rest_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"rawhttp/httpwire"
	"rawhttp/server/rest"
)

// guarded returns a router with one open row and one row that needs a password.
func guarded(t *testing.T) *rest.Router {
	t.Helper()
	r := rest.New([]rest.Route{
		{Method: "GET", Path: "/", Rel: "start", Summary: "the links", Document: rest.Links},
		{Method: "POST", Path: "/", Summary: "something", Auth: true, Handle: say("done")},
	})
	check := func(name, password string) (bool, error) {
		if name == "later" {
			return false, errors.New("no time")
		}
		// an empty pair would be right, so ill-formed credentials must not be read as one
		return name == "alice" && password == "open:sesame" || name+password == "", nil
	}
	r.Protect("book", check)
	return r
}

// 9110-11.4-a, 1945-9.4-e, 1945-11.1-b: a request without the right name and password gets 401, and
// nothing is done.
func TestProtect(t *testing.T) {
	basic := func(pair string) string {
		return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(pair))
	}
	for _, tt := range []struct {
		name, line, field string
		code              int
	}{
		{"1945-11.1-b the right pair", "POST /", basic("alice:open:sesame"), 200},
		{"scheme in small letters", "POST /", strings.Replace(basic("alice:open:sesame"), "Basic",
			"basic", 1), 200},
		{"9110-11.4-a no name", "POST /", "X: y", 401},
		{"wrong password", "POST /", basic("alice:open"), 401},
		{"wrong name", "POST /", basic("bob:open:sesame"), 401},
		{"no colon", "POST /", basic("alice"), 401},
		{"no base64", "POST /", "Authorization: Basic !", 401},
		{"another scheme", "POST /", "Authorization: Bearer abc", 401},
		{"empty", "POST /", "Authorization:", 401},
		{"the check fails", "POST /", basic("later:x"), 503},
		{"an open row", "GET /", "X: y", 200},
		{"an open row, with a wrong pair", "GET /", basic("alice:x"), 200},
		{"what nothing does", "DELETE /", "X: y", 405},
	} {
		t.Run(tt.name, func(t *testing.T) {
			resp := send(t, guarded(t), tt.line, "Content-Length: 0", tt.field)
			if resp.Code != tt.code {
				t.Fatalf("%d %s", resp.Code, resp.Body)
			}
			challenge := string(resp.Fields.Get("WWW-Authenticate"))
			if want := `Basic realm="book", charset="UTF-8"`; tt.code == 401 && challenge != want ||
				tt.code != 401 && challenge != "" {
				t.Errorf("challenge %q", challenge)
			}
			if retry := string(resp.Fields.Get("Retry-After")); (retry != "") != (tt.code == 503) {
				t.Errorf("Retry-After: %q", retry)
			}
			if secret := strings.TrimPrefix(tt.field, "Authorization: Basic "); tt.code == 401 &&
				(strings.Contains(string(resp.Body), secret) || strings.Contains(string(resp.Body), "sesame")) {
				t.Errorf("it says the password: %s", resp.Body)
			}
		})
	}
	defer func() {
		if recover() == nil {
			t.Error("a realm with quotes is accepted")
		}
	}()
	guarded(t).Protect(`a "realm"`, nil)
}

func TestAllowOrigin(t *testing.T) {
	const page, other = "Origin: http://localhost:8000", "Origin: http://localhost:8001"
	const ask = "Access-Control-Request-Method: POST"
	for _, tt := range []struct {
		name, line       string
		fields           []string
		allowed, methods string
	}{
		{"a page", "GET /", []string{page}, "http://localhost:8000", ""},
		{"a page gets a refusal", "GET /nothing", []string{page}, "http://localhost:8000", ""},
		{"no page", "GET /", nil, "", ""},
		{"another page", "GET /", []string{other}, "", ""},
		{"an origin that begins alike", "GET /", []string{page + ".evil"}, "", ""},
		{"a sandboxed page", "GET /", []string{"Origin: null"}, "", ""},
		{"before a POST", "OPTIONS /", []string{page, ask}, "http://localhost:8000",
			"GET, HEAD, POST, OPTIONS"},
		{"before a POST of another page", "OPTIONS /", []string{other, ask}, "", ""},
		{"the field of a preflight on another method", "GET /", []string{page, ask}, "http://localhost:8000", ""},
		{"OPTIONS for itself", "OPTIONS /", []string{page}, "http://localhost:8000", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := guarded(t)
			r.AllowOrigin("http://localhost:8000")
			resp := send(t, r, tt.line, tt.fields...)
			if got := string(resp.Fields.Get("Access-Control-Allow-Origin")); got != tt.allowed {
				t.Errorf("allowed: %q", got)
			}
			if got := string(resp.Fields.Get("Access-Control-Allow-Methods")); got != tt.methods {
				t.Errorf("methods: %q", got)
			}
			if got := resp.Fields.Has("Access-Control-Allow-Headers", "Authorization"); got != (tt.methods != "") {
				t.Errorf("the field Authorization, which * does not include, is allowed: %v", got)
			}
			if !resp.Fields.Has("Vary", "Origin") {
				t.Errorf("no Vary in %v", resp.Fields)
			}
			for _, f := range send(t, guarded(t), tt.line, tt.fields...).Fields {
				if strings.HasPrefix(string(f.Name), "Access-Control") {
					t.Errorf("%s, and no origin was allowed", f.Name)
				}
			}
		})
	}
	for _, bad := range []string{"", "*", "null", "localhost:8000", "http://", "http://a/",
		"http://a?b",
		"ftp://a", "ftp://a:21", "http://u@a", "http://a\r\nX: y", "http://a:0", "http://a:65536", "http://a:x",
		"http://:80",
		"http://bücher.example", "http://a b", "http://a#", "http://[::1", "http://a?", "http://a%62"} {
		if origin, err := rest.ParseOrigin(bad); err == nil {
			t.Errorf("%q is accepted as %s", bad, origin)
		}
	}
}

// An origin can be written in several ways. Browsers send the one that ParseOrigin returns.
func TestOriginIsNormalised(t *testing.T) {
	for given, sent := range map[string]string{
		"http://localhost:80":          "http://localhost",
		"https://example.org:443":      "https://example.org",
		"https://example.org:80":       "https://example.org:80",
		"http://LocalHost:8000":        "http://localhost:8000",
		"HTTP://Example.ORG":           "http://example.org",
		"http://example.org:":          "http://example.org",
		"http://localhost:08000":       "http://localhost:8000",
		"http://[0:0:0:0:0:0:0:1]:80":  "http://[::1]",
		"http://127.0.0.1:8000":        "http://127.0.0.1:8000",
		"http://xn--bcher-kva.example": "http://xn--bcher-kva.example",
	} {
		if got, err := rest.ParseOrigin(given); err != nil || got != sent {
			t.Errorf("%s: %q, %v, and a browser sends %s", given, got, err, sent)
		}
	}
}

// 9110-12.4.1-a: Prefer returns the form that the client prefers, and the first one in doubt.
func TestPrefer(t *testing.T) {
	const firefox = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	for _, tt := range []struct{ accept, want string }{
		{"", "application/json"},
		{"*/*", "application/json"},
		{firefox, "text/html"},
		{"text/html", "text/html"},
		{"text/*", "text/html"},
		{"TEXT/HTML", "text/html"},
		{"text/html;level=1", "text/html"},
		{"application/json, text/html", "application/json"},
		{"application/json;q=0.5, text/html", "text/html"},
		{"application/json;q=0.5, text/html;q=0.4", "application/json"},
		{"text/html;q=0.2, */*;q=0.1", "text/html"},
		{"text/html;q=0, */*", "application/json"},
		{"*/*, text/html;q=0.1", "application/json"},
		{"text/*;q=0.9, text/html;q=0.1, application/json;q=0.5", "application/json"},
		{"image/png", "application/json"},
		{"text/html;q=2", "application/json"},
		{"text/html;q=x", "application/json"},
		{"text/html;level=1, text/html;q=0.1, application/json;q=0.5", "application/json"},
		{"text/html;q=0.1, text/html;level=1, application/json;q=0.5", "application/json"},
		{"text/html;charset=utf-8, application/json;q=0.5", "text/html"},
		{"text/html;charset=utf-8, */*;q=0.5", "text/html"},
		{"application/json;q=0.5, text/*;q=0.9, text/html;level=1;q=0.1", "text/html"},
		{"text/html;level=1, application/json;q=0.5, */*;q=0.1", "application/json"},
		{"text/html;charset=utf-8;level=1, application/json;q=0.5, */*;q=0.1", "application/json"},
		{"text/html;, */*;q=0.5", "text/html"},
		{"text/html; ;charset=utf-8; ;q=0.6, application/json;q=0.5, */*;q=0.1", "text/html"},
		{"text/html; ;q=0.1, application/json;q=0.5, */*;q=0.8", "application/json"},
		{"text/html; Q=0.6, text/html;q=0.1, application/json;q=0.5", "text/html"},
		{"text/html;q=0.0001", "application/json"},
		{"text/html;q=00.5", "application/json"},
		{"text/html;q=Inf", "application/json"},
		{"text / html", "application/json"},
		{"text/html;level=1;q=0.1, text/html, application/json;q=0.5", "text/html"},
		{`image/png;x="a, text/html, b", application/json;q=0.1`, "application/json"},
		{`image/png;x="\", text/html, b", application/json;q=0.1`, "application/json"},
		{`image/png;x="\\", text/html`, "text/html"},
		{`image\, text/html`, "text/html"},
		{", ,text/html,", "text/html"},
		{"application/json|text/html;q=0.1", "application/json"},
		{"image/png|text/html;q=0.1", "text/html"},
	} {
		var fs httpwire.Fields
		if tt.accept != "" {
			for line := range strings.SplitSeq(tt.accept, "|") {
				fs = fs.Add([]byte("Accept"), []byte(line))
			}
		}
		types := []string{"application/json", "text/html"}
		if got := types[rest.Prefer(fs, types...)]; got != tt.want {
			t.Errorf("%q: %s, want %s", tt.accept, got, tt.want)
		}
	}
}

// The form of a document depends on Accept, Vary says so, and each form has its own ETag.
func TestForms(t *testing.T) {
	r := guarded(t)
	program, person := send(t, r, "GET /"), send(t, r, "GET /", "Accept: text/html")
	for resp, want := range map[*httpwire.Response]string{
		program: "application/json", person: "text/html; charset=utf-8",
	} {
		if got := string(resp.Fields.Get("Content-Type")); got != want || !resp.Fields.Has("Vary",
			"Accept") {
			t.Errorf("%q, %v", got, resp.Fields)
		}
	}
	if a, b := program.Fields.Get("ETag"), person.Fields.Get("ETag"); string(a) == string(b) {
		t.Errorf("%s is the tag of both", a)
	}
	both := fmt.Sprintf("If-None-Match: %s", person.Fields.Get("ETag"))
	if code := send(t, r, "GET /", both).Code; code != 200 {
		t.Errorf("the tag of the other form: %d", code)
	}
}

// For every Accept field Prefer returns one of the forms, and a media type that is not offered
// makes no difference.
func FuzzPrefer(f *testing.F) {
	for _, s := range []string{"", "*/*", "text/html;q=0.5, a/b", `a/b;c="d,e";q=1`,
		"text/html;q=1.0000"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, accept []byte) {
		fs := httpwire.Fields{}.Add([]byte("Accept"), accept)
		if i := rest.Prefer(fs, "application/json", "text/html"); i < 0 || i > 1 {
			t.Fatal(i)
		}
		again := rest.Prefer(fs.Add([]byte("Accept"), []byte("x/y;q=1")), "application/json", "text/html")
		if again != rest.Prefer(fs, "application/json", "text/html") {
			t.Errorf("%q: a type that is not offered makes a difference", accept)
		}
	})
}
