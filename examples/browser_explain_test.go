package main

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"rawhttp/examples/foreign/webdriver"
	"rawhttp/server/app"
)

// At /explain a browser shows the request that it has just sent, without credentials. Its form lists
// another message, also without scripts.
func testExplainPage(t *testing.T, b *webdriver.Browser) {
	addr := serve(t, app.Options{})
	b.DevTools("Emulation.setScriptExecutionDisabled", map[string]any{"value": true})
	open := func(path string) {
		t.Helper()
		if console := b.Open("http://" + addr + path); console != nil {
			t.Errorf("the console says %q", console)
		}
	}
	text := func() (shown string) {
		b.Eval(&shown, `document.querySelector("main").textContent.replace(/\s+/g, " ")`)
		return shown
	}
	wants := func(want ...string) {
		t.Helper()
		shown := text()
		for _, w := range want {
			if !strings.Contains(shown, w) {
				t.Errorf("no %q in %s", w, shown)
			}
		}
	}
	open("/explain")
	b.Eval(nil, `void(document.cookie = "a=secret")`)
	open(`/explain?a=<b>"x"</b>`)
	wants("/explain?a=%3Cb%3E%22x%22%3C/b%3E", "HeadlessChrome", "Cookie", "********",
		"--data-binary @- http://"+addr+"/explain")
	if shown := text(); strings.Contains(shown, "secret") {
		t.Errorf("shows a secret: %s", shown)
	}
	b.Eval(nil, `void(document.querySelector("textarea").value = "GET  / HTTP/1.0\nX: <script>\n\n")`)
	clickOn(b, "button")
	wants("Request, 32 octets", "two spaces between method and request-target", "help send exactly one space")
	b.Call("POST", "/back", map[string]any{}, nil)
	b.Eval(nil, `void(document.querySelector("select").value = "response")`)
	b.Eval(nil, `void(document.querySelector("textarea").value = "HTTP/1.0 200 OK\nX: <script>\n\nok")`)
	clickOn(b, "button")
	wants("Response, 34 octets", "<script>", "until the connection closes")
	var scripts int
	if b.Eval(&scripts, `document.querySelectorAll("main script").length`); scripts > 0 {
		t.Error("a script of the message is in the page")
	}
}

// clickOn clicks on an element as a person does, and waits for the page that follows.
func clickOn(b *webdriver.Browser, selector string) {
	var element map[string]string
	b.Call("POST", "/element", map[string]string{"using": "css selector", "value": selector}, &element)
	for _, id := range element {
		b.Eval(nil, `void(document.documentElement.dataset.left = "yes")`)
		b.Call("POST", "/element/"+id+"/click", map[string]any{}, nil)
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	end, here := time.Now().Add(time.Minute), false
	for b.Eval(&here, loaded); !here && time.Now().Before(end); b.Eval(&here, loaded) {
		<-tick.C
	}
}

// loaded says whether another page has taken the place of the one that was left.
const loaded = `!document.documentElement.dataset.left && document.readyState == "complete"`

// The page is a response like any other: to HEAD it has no body, and a head that is too long is
// counted and not listed.
func TestExplainWire(t *testing.T) {
	t.Parallel()
	addr := serve(t, app.Options{})
	ask := func(request string) (head, body string) {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(time.Minute))
		io.WriteString(conn, request)
		got, err := io.ReadAll(conn)
		if err != nil {
			t.Error(err)
		}
		head, body, _ = strings.Cut(string(got), "\r\n\r\n")
		return head, body
	}
	const fields = "Authorization: Basic YTpi\r\nX: \x80</pre>\"'<script>alert(1)</script>\r\n\r\n"
	for _, tt := range []struct{ request, want string }{
		{"GET /explain HTTP/1.0\r\n" + fields, "Authorization"},
		{"HEAD /explain HTTP/1.0\r\n" + fields, ""},
		{"GET /explain\r\n", "Simple-Request"},
	} {
		head, body := ask(tt.request)
		if strings.HasSuffix(tt.request, fields) && (!strings.HasPrefix(head, "HTTP/1.0 200 OK\r\n") ||
			!strings.Contains(head, "\r\nCache-Control: no-store\r\n")) {
			t.Errorf("%q: %s", tt.request, head)
		}
		if tt.want == "" && body != "" || !strings.Contains(head+body, tt.want) ||
			strings.Contains(body, "YTpi") || strings.Contains(body, "<script>") {
			t.Errorf("%q: no %q in %s", tt.request, tt.want, body)
		}
	}
	long := "GET /explain HTTP/1.0\r\nX: " + strings.Repeat("<", 65_000) + "\r\n\r\n"
	if _, body := ask(long); len(body) > 1<<20 || !strings.Contains(body, "Request, 65030 octets") {
		t.Errorf("%d octets for a request of %d: %.500s", len(body), len(long), body)
	}
}
