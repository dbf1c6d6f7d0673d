package exchange

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The page of -explain=html in a real browser: Debian's chromium, driven by chromedriver over
// WebDriver (www.w3.org/TR/webdriver2), which is HTTP and JSON.

// A browser is a session of chromedriver.
type browser struct {
	t       *testing.T
	client  http.Client
	session string // its URL
}

// startBrowser starts driver and browser, or skips the test by name.
func startBrowser(t *testing.T) *browser {
	t.Helper()
	var paths [2]string
	for i, name := range []string{"chromedriver", "chromium"} {
		path, err := exec.LookPath(name)
		if err != nil && os.Getenv("RAWHTTP_SKIP_NOTHING") != "" {
			t.Fatalf("must not be skipped here, but %s is not on this machine", name)
		}
		if err != nil {
			t.Skipf("skipped: %s is not on this machine", name)
		}
		paths[i] = path
	}
	b := &browser{t: t, client: http.Client{Timeout: time.Minute}}
	dir := t.TempDir() // before the driver, so that it is removed after the driver has gone
	driver := startDriver(t, paths[0])
	var session struct {
		ID string `json:"sessionId"`
	}
	b.session = driver
	b.call("POST", "/session", capabilities(paths[1], dir), &session)
	b.session = driver + "/session/" + session.ID
	t.Cleanup(func() { b.call("DELETE", "", nil, nil) })
	return b
}

// startDriver starts chromedriver on a free port and returns its URL.
func startDriver(t *testing.T, path string) string {
	t.Helper()
	cmd := exec.Command(path, "--port=0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	started := regexp.MustCompile(`started successfully on port (\d+)`)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if port := started.FindStringSubmatch(lines.Text()); port != nil {
			go io.Copy(io.Discard, out)
			return "http://localhost:" + port[1]
		}
	}
	t.Fatal("chromedriver does not say on which port it is")
	return ""
}

func capabilities(chromium, dir string) any {
	type object = map[string]any
	return object{"capabilities": object{"alwaysMatch": object{
		"browserName":       "chrome",
		"goog:loggingPrefs": object{"browser": "ALL"},
		"goog:chromeOptions": object{"binary": chromium, "args": []string{
			"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync",
			"--window-size=1280,900", "--user-data-dir=" + dir}},
	}}}
}

// call does one command of WebDriver and decodes its value.
func (b *browser) call(method, path string, params, value any) {
	b.t.Helper()
	var body io.Reader
	if method == "POST" {
		text, err := json.Marshal(params)
		if err != nil {
			b.t.Fatal(err)
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequest(method, b.session+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		b.t.Fatalf("%s %s: %s, %v\n%s", method, path, resp.Status, err, text)
	}
	answer := struct {
		Value any `json:"value"`
	}{value}
	if err := json.Unmarshal(text, &answer); value != nil && err != nil {
		b.t.Fatalf("%s %s: %v\n%s", method, path, err, text)
	}
}

// open shows a page and returns what the console says about it.
func (b *browser) open(url string) (console []string) {
	b.t.Helper()
	b.call("POST", "/url", map[string]string{"url": url}, nil)
	var entries []struct{ Level, Message string }
	b.call("POST", "/se/log", map[string]string{"type": "browser"}, &entries)
	for _, e := range entries {
		console = append(console, e.Level+": "+e.Message)
	}
	return console
}

// eval runs an expression in the page; the page itself may run nothing.
func (b *browser) eval(value any, expression string) {
	b.t.Helper()
	script := map[string]any{"script": "return " + expression, "args": []any{}}
	b.call("POST", "/execute/sync", script, value)
}

// pages serves pages from memory to the browser, and nothing else.
func pages(t *testing.T, byPath map[string]string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, ok := byPath[r.URL.Path]
		if !ok {
			t.Errorf("the page asks for %s", r.URL)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, page)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// visibleText is the text of the elements that take room on the page.
const visibleText = `[...document.querySelectorAll(%q)].filter(e => {
	const box = e.getBoundingClientRect();
	return box.width > 0 && box.height > 0 && getComputedStyle(e).visibility === "visible";
}).map(e => e.textContent).join("|")`

func TestPageInBrowser(t *testing.T) {
	t.Parallel()
	b := startBrowser(t)
	answer := ok + "X: <script>document.title = \"broken\"</script>\r\n" + two
	meanings := run(t, &script{answer: answer}, "-explain=html", get)
	blank := run(t, &script{answer: answer}, "-explain=html", "-blank", get)
	mistake := run(t, &script{answer: answer}, "-half", "-explain=html", "GET  / HTTP/1.0")
	url := pages(t, map[string]string{
		"/": meanings.stdout, "/blank": blank.stdout, "/mistake": mistake.stdout,
		"/wrong": `<link rel="icon" href="data:,"><script>nothing.here()</script>`,
	})
	text := func(of string) (s string) {
		t.Helper()
		b.eval(&s, fmt.Sprintf(visibleText, of))
		return s
	}
	has := func(what, got string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %q in %q", what, w, got)
			}
		}
	}

	wrong := b.open(url + "/wrong")
	if !strings.Contains(strings.Join(wrong, ""), "not defined") {
		t.Fatalf("a script error would not be seen: %q", wrong)
	}
	if console := b.open(url); console != nil {
		t.Errorf("the console says %q", console)
	}
	const line = "GET|\u2420|/|\u2420|HTTP/1.0|\u240d\u240a"
	has("message", text("pre a"), line, "200", `"broken"</script>`, "ok")
	has("meaning", text("li"), "asks for the resource", "RFC 1945 8.1", "the body, all 2 octets")
	has("title", text("h1"), get)
	b.checkLayout()

	if console := b.open(url + "/blank"); console != nil {
		t.Errorf("the console says %q", console)
	}
	has("message to fill in", text("pre a"), line, "200", "ok")
	if got := text("li"); !regexp.MustCompile(`^0\|3\|4\|[0-9|]+$`).MatchString(got) {
		t.Errorf("beside a message to fill in: %q", got)
	}
	if text(".line") == "" {
		t.Error("there are no lines to write on")
	}

	b.open(url + "/mistake")
	has("error", text("pre.error"), "two spaces between method and request-target", "^ expected")

	file := filepath.Join(t.TempDir(), "page.html") // as -o leaves it
	run(t, &script{answer: answer}, "-explain=html", "-o", file, get).check(t, 0)
	saved := "file:///" + strings.TrimPrefix(filepath.ToSlash(file), "/")
	if console := b.open(saved); console != nil {
		t.Errorf("the console says %q", console)
	}
	has("file", text("h1"), get)
}

// checkLayout checks that octets and meanings stand side by side, that one leads to the other, and
// that the page can be printed.
func (b *browser) checkLayout() {
	t := b.t
	t.Helper()
	check := func(what, expression string) {
		t.Helper()
		var holds bool
		if b.eval(&holds, expression); !holds {
			t.Errorf("does not hold: %s", what)
		}
	}
	const beside = `[...document.querySelectorAll(".row")].every(row => {
		const [l, r] = [...row.children].map(e => e.getBoundingClientRect());
		return l.right <= r.left && l.top < r.bottom && r.top < l.bottom;
	})`
	check("the meaning is beside its octets", beside)
	check("nothing is wider than the window", `document.documentElement.scrollWidth <= innerWidth`)
	const style = `(of, pseudo) => getComputedStyle(document.querySelector(of), pseudo)`
	check("the text is large", `parseFloat((`+style+`)("pre").fontSize) >= 18`)
	check("kinds differ in colour",
		`(`+style+`)("pre .start").color != (`+style+`)("pre .name").color`)
	check("octets lead to their meaning", `[...document.querySelectorAll("pre a")].every(a =>
		document.querySelector(a.getAttribute("href") + " b").textContent == a.dataset.at)`)
	check("the title is that of the request", `document.title == "`+get+`"`)
	check("octets of layout are named", `(`+style+`)("pre i", "::after").content != "none"`)

	var link map[string]string
	b.call("POST", "/element", map[string]string{"using": "css selector", "value": "#o0-0"}, &link)
	for _, id := range link {
		b.call("POST", "/element/"+id+"/click", struct{}{}, nil)
	}
	check("a click marks the meaning", `(`+style+`)("#m0-0").outlineStyle == "solid"`)

	devtools := func(command string, params map[string]any) {
		t.Helper()
		b.call("POST", "/goog/cdp/execute", map[string]any{"cmd": command, "params": params}, nil)
	}
	devtools("Emulation.setEmulatedMedia", map[string]any{"media": "print"})
	const a4 = 680 // pixels of CSS between the margins
	devtools("Emulation.setDeviceMetricsOverride",
		map[string]any{"width": a4, "height": 1000, "deviceScaleFactor": 1, "mobile": false})
	check("on paper the meaning is beside its octets", beside)
	check("nothing is wider than paper", `document.documentElement.scrollWidth <= innerWidth`)
	check("print is smaller", `parseFloat((`+style+`)("body").fontSize) < 16`)
	check("print keeps the colours", `(`+style+`)("body").printColorAdjust == "exact"`)
	check("no row is broken over two pages", `(`+style+`)(".row").breakInside == "avoid"`)
	devtools("Emulation.clearDeviceMetricsOverride", map[string]any{})
	devtools("Emulation.setEmulatedMedia", map[string]any{"media": ""})
	var encoded string
	b.call("POST", "/print", struct{}{}, &encoded)
	pdf, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF")) {
		t.Errorf("printed: %v, %.20q", err, pdf)
	}
}
