package rest_test

import (
	"strings"
	"testing"

	"rawhttp/server/rest"
)

// The commands of the documentation reach the service from another machine too, and when its URL names
// no port.
func TestCommandsReachTheOrigin(t *testing.T) {
	for origin, client := range map[string]string{
		"":                        "go run ./rawclient",
		"http://localhost:12345":  "go run ./rawclient",
		"http://localhost:8080":   "go run ./rawclient -addr localhost:8080",
		"http://192.0.2.1:12345":  "go run ./rawclient -addr 192.0.2.1:12345",
		"http://example.org":      "go run ./rawclient -addr example.org:80",
		"http://[::1]:12345":      "go run ./rawclient -addr [::1]:12345",
		"https://example.org":     "go run ./rawclient -tls -addr example.org:443",
		"https://localhost:12345": "go run ./rawclient -tls -addr localhost:12345",
	} {
		r := rest.New([]rest.Route{
			{Method: "GET", Path: "/", Rel: "docs", Summary: "the page", Document: rest.Docs("x<y")},
			{Method: "POST", Path: "/b/{ID}", Rel: "b", Summary: "add",
				Body: &rest.Content{Type: "text/plain", Example: "abc"}, Handle: say("")},
		})
		r.ShowExamples(origin, nil)
		if got := rest.RawClient(origin); got != client {
			t.Errorf("%q: %s, want %s", origin, got, client)
		}
		page := string(send(t, r, "GET /").Body)
		if origin == "" {
			origin = "http://localhost:12345"
		}
		for _, want := range []string{"<title>x&lt;y</title>",
			client + " &#34;GET / HTTP/1.0&#34;\ncurl -i " + origin + "/<",
			client + " -body FILE &#34;POST /b/1 HTTP/1.0&#34; &#34;Content-Type: text/plain&#34;\n" +
				"curl -i -X POST -H &#34;Content-Type: text/plain&#34; --data-binary &#34;@FILE&#34; " + origin + "/b/1<",
		} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: no %s in %s", origin, want, page)
			}
		}
	}
}
