// Package webdriver drives a real browser for the tests: Debian's chromium through chromedriver,
// over WebDriver (www.w3.org/TR/webdriver2), which is HTTP and JSON.
package webdriver

import (
	"encoding/json"
	"fmt"
	"net"
	"testing"

	"rawhttp/examples/foreign"
	"rawhttp/examples/peer"
)

// A Browser is a session of chromedriver.
type Browser struct {
	t       *testing.T
	addr    string // of chromedriver
	session string // the path of its URL
}

// Start starts chromedriver and Chromium for one test, and ends both after it. On a machine without
// them the test is skipped, as foreign.Program says.
func Start(t *testing.T) *Browser {
	t.Helper()
	chromedriver, chromium := foreign.Program(t, "chromedriver"), foreign.Program(t, "chromium")
	dir := foreign.Scratch(t) // before the driver, so that it is removed after the driver has gone
	addr := foreign.FreeAddr(t)
	_, port, _ := net.SplitHostPort(addr)
	foreign.Start(t, []string{addr}, chromedriver, "--port="+port)
	var session struct {
		ID string `json:"sessionId"`
	}
	b := &Browser{t: t, addr: addr}
	b.Call("POST", "/session", capabilities(chromium, dir), &session)
	b.session = "/session/" + session.ID
	t.Cleanup(func() { b.Call("DELETE", "", nil, nil) })
	return b
}

// Tab opens a tab for a test, in which no setting of another test holds. It is closed after the test.
func (b *Browser) Tab(t *testing.T) *Browser {
	t.Helper()
	tab := &Browser{t: t, addr: b.addr, session: b.session}
	var first string
	var opened struct{ Handle string }
	tab.Call("GET", "/window", nil, &first)
	tab.Call("POST", "/window/new", map[string]string{"type": "tab"}, &opened)
	tab.Call("POST", "/window", map[string]string{"handle": opened.Handle}, nil)
	tab.console() // what the tabs before this one have said
	t.Cleanup(func() {
		tab.Call("DELETE", "/window", nil, nil)
		tab.Call("POST", "/window", map[string]string{"handle": first}, nil)
	})
	return tab
}

// longest is the time in ms that the browser has for a page, or for a script in it.
const longest = 10 * 60 * 1000

func capabilities(chromium, dir string) any {
	type object = map[string]any
	return object{"capabilities": object{"alwaysMatch": object{
		"browserName":       "chrome",
		"timeouts":          object{"script": longest, "pageLoad": longest},
		"goog:loggingPrefs": object{"browser": "ALL"},
		"goog:chromeOptions": object{"binary": chromium, "args": []string{
			"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync",
			"--window-size=1280,900", "--user-data-dir=" + dir}},
	}}}
}

// Call does one command of WebDriver and decodes its value.
func (b *Browser) Call(method, path string, params, value any) {
	b.t.Helper()
	var body []byte
	if method == "POST" {
		var err error
		if body, err = json.Marshal(params); err != nil {
			b.t.Fatal(err)
		}
	}
	// There is no limit but that of go test, because a busy machine may need long.
	resp, err := peer.Exchange(b.addr, fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		method, b.session+path, b.addr, len(body), body), 0)
	if err != nil || resp.Code != 200 {
		b.t.Fatalf("%s %s: %d, %v\n%s", method, path, resp.Code, err, resp.Body)
	}
	response := struct {
		Value any `json:"value"`
	}{value}
	if err := json.Unmarshal(resp.Body, &response); value != nil && err != nil {
		b.t.Fatalf("%s %s: %v\n%s", method, path, err, resp.Body)
	}
}

// Open shows a page and returns what the console says about it.
func (b *Browser) Open(url string) (console []string) {
	b.t.Helper()
	b.Call("POST", "/url", map[string]string{"url": url}, nil)
	return b.console()
}

// console returns what the console has said since it was asked last.
func (b *Browser) console() (said []string) {
	b.t.Helper()
	var entries []struct{ Level, Message string }
	b.Call("POST", "/se/log", map[string]string{"type": "browser"}, &entries)
	for _, e := range entries {
		said = append(said, e.Level+": "+e.Message)
	}
	return said
}

// Eval runs a JavaScript expression in the page and decodes its value. It works in a page whose
// policy forbids scripts, too.
func (b *Browser) Eval(value any, expression string) {
	b.t.Helper()
	script := map[string]any{"script": "return " + expression, "args": []any{}}
	b.Call("POST", "/execute/sync", script, value)
}

// DevTools does one command of the Chrome DevTools Protocol.
func (b *Browser) DevTools(command string, params map[string]any) {
	b.t.Helper()
	b.devTools(command, params, nil)
}

func (b *Browser) devTools(command string, params map[string]any, value any) {
	b.t.Helper()
	b.Call("POST", "/goog/cdp/execute", map[string]any{"cmd": command, "params": params}, value)
}

// PDF prints the page. The command of WebDriver for this fails if it takes 10 seconds.
func (b *Browser) PDF() []byte {
	b.t.Helper()
	var printed struct{ Data []byte }
	b.devTools("Page.printToPDF", map[string]any{}, &printed)
	return printed.Data
}

// Resize gives the page a window of this size in CSS pixels. Zero pixels undo that.
func (b *Browser) Resize(width, height int) {
	b.t.Helper()
	b.DevTools("Emulation.setDeviceMetricsOverride", map[string]any{
		"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false})
}
