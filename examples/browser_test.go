package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rawhttp/examples/foreign"
	"rawhttp/examples/foreign/webdriver"
	"rawhttp/examples/replay"
	"rawhttp/httpwire/explain"
	"rawhttp/server/addressbook"
	"rawhttp/server/app"
)

// Every page that server and client make, in a real browser: on a phone and on a large screen.
//
// Two variables of the environment, which .ci/run sets, ask for more: RAWHTTP_AXE is the file
// axe.min.js of axe-core (github.com/dequelabs/axe-core), which checks that people with
// disabilities can use the page, and RAWHTTP_PAGES is a directory for the pages, for validators.

// TestBrowser shows pages in one browser, in a tab for each test.
func TestBrowser(t *testing.T) {
	t.Parallel()
	b := webdriver.Start(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, *webdriver.Browser)
		long bool // see foreign.Long
	}{
		{"Book", testBookInBrowser, false},
		{"Explain", testExplainPage, false},
		{"Wall", testWall, false},
		{"QuizKeyboard", testQuizKeyboard, false},
		{"QuizMistakes", testQuizMistakes, true},
		{"Pages", testPages, true},
		{"Paper", testPaper, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.long {
				foreign.Long(t)
			}
			test.run(t, b.Tab(t))
		})
	}
}

// A browser shows the addresses.
func testBookInBrowser(t *testing.T, b *webdriver.Browser) {
	addr := serve(t, app.Options{})
	b.Open("http://" + addr + addressbook.Path)
	var shown string
	b.Eval(&shown, "document.body.textContent")
	if !strings.Contains(shown, "North Street") || !strings.Contains(shown, "South Street") {
		t.Error(shown)
	}
}

// A webPage is one of them, saved in a file.
type webPage struct{ name, file string }

func testPages(t *testing.T, b *webdriver.Browser) {
	axe := axeCore(t)
	for _, page := range webPages(t) {
		t.Run(page.name, func(t *testing.T) {
			for _, width := range []int{320, 390, 660, 1280} {
				b.Resize(width, 900)
				if console := b.Open("file://" + page.file); console != nil {
					t.Errorf("the console says %q", console)
				}
				checkPage(t, b, width)
				if axe != "" {
					checkAccess(t, b, width, axe)
				}
			}
		})
	}
}

// axeCore returns the script of axe-core, or "" if it is not asked for.
func axeCore(t *testing.T) string {
	file := os.Getenv("RAWHTTP_AXE")
	if file == "" {
		return ""
	}
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// webPages returns all pages: those the server links to, as a browser gets them, and messages,
// explained by the server and by the client.
func webPages(t *testing.T) (pages []webPage) {
	dir := os.Getenv("RAWHTTP_PAGES")
	if dir == "" {
		dir = t.TempDir()
	}
	addr := serve(t, app.Options{})
	save := func(name string, text []byte) {
		file := filepath.Join(dir, strings.Trim(strings.ReplaceAll(name, "/", "-"), "-")+".html")
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
		pages = append(pages, webPage{name, file})
	}
	_, text := fetch(t, "GET", addr, "/nothing", "")
	save("server error", text)
	for _, path := range linkedPages(t, addr) {
		_, text := fetch(t, "GET", addr, path, "")
		save("server "+path, text)
	}
	_, text = fetch(t, "GET", serve(t, app.Options{Class: true}), "/class", "")
	save("server /class", text)
	for _, kind := range []string{"request", "response"} {
		for _, file := range []string{"good/browser", "bad/bare-cr", "bad/tls-client-hello",
			"responses/chunked", "responses/surplus", "responses/te-with-length"} {
			message, err := os.ReadFile(file + ".http")
			if err != nil {
				t.Fatal(err)
			}
			_, text := fetch(t, "POST", addr, "/explain?kind="+kind, string(message))
			save("server explains "+kind+" "+file, text)
		}
	}
	for name, args := range map[string]string{
		"list":          `"GET ` + addressbook.Path + ` HTTP/1.0"`,
		"list, blank":   `-blank "GET ` + addressbook.Path + ` HTTP/1.0"`,
		"mistake":       `"GET  / HTTP/1.0"`,
		"mistake blank": `-blank "GET  / HTTP/1.0"`,
		"head":          `"HEAD / HTTP/1.0" "Cookie: ` + strings.Repeat("long", 100) + `"`,
	} {
		file := filepath.Join(t.TempDir(), "page.html")
		replay.Client(t.Context(), addr, `-explain=html -o "`+file+`" `+args)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		save("client explains "+name, text)
	}
	pages = append(pages, webPage{"quiz", quizPage(t)})
	return append(pages, paperPages(t, "slides", "handout 4 -key", "handout 6", "handout 8", "handout cheatsheet")...)
}

// linkedPages returns the paths of what the server's entry point links to and shows as a page.
func linkedPages(t *testing.T, addr string) (paths []string) {
	resp, err := http.Get("http://" + addr + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var index struct {
		Links []struct {
			Href      string
			Templated bool
			Methods   []string
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&index); err != nil {
		t.Fatal(err)
	}
	for _, link := range index.Links {
		if link.Templated {
			continue
		}
		if mediaType, _ := fetch(t, "GET", addr, link.Href, ""); mediaType == "text/html" {
			paths = append(paths, link.Href)
		}
	}
	if len(paths) < 3 {
		t.Fatalf("the server has pages at %q only", paths)
	}
	return paths
}

// fetch sends a request as a browser does, which prefers HTML.
func fetch(t *testing.T, method, addr, path, body string) (mediaType string, text []byte) {
	t.Helper()
	req, err := http.NewRequest(method, "http://"+addr+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html,*/*;q=0.8")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, err = io.ReadAll(resp.Body); err != nil {
		t.Fatal(err)
	}
	mediaType, _, _ = strings.Cut(resp.Header.Get("Content-Type"), ";")
	return mediaType, text
}

// ownLook finds a colour or a typeface in a style sheet.
var ownLook = regexp.MustCompile(`(?i)#[0-9a-f]{3,8}\b[^{]*;|rgb|hsl|(sans-serif|monospace)`)

// checkLook checks that type and colours are from the one style sheet.
func checkLook(t *testing.T, b *webdriver.Browser) {
	t.Helper()
	var style string
	b.Eval(&style, `[...document.querySelectorAll("style")].map(e => e.textContent).join("")`)
	own, ok := strings.CutPrefix(style, explain.StyleSheet())
	if found := ownLook.FindString(own); !ok || found != "" {
		t.Errorf("the page has the common style sheet: %t; it has type or colours of its own: %q",
			ok, found)
	}
	var inline int // the numbers of a slide are no style: --rows, --columns
	b.Eval(&inline, `[...document.querySelectorAll("[style]")].filter(e =>
		[...e.style].some(property => !property.startsWith("--"))).length`)
	if inline > 0 {
		t.Errorf("%d elements have a style of their own", inline)
	}
}

// checkPage checks what holds for every page.
func checkPage(t *testing.T, b *webdriver.Browser, width int) {
	t.Helper()
	checkLook(t, b)
	var wide []string // elements, or their text, where a scroll bar takes part of the width
	b.Eval(&wide, `document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
		[...document.querySelectorAll("*")].map(e => [e.getBoundingClientRect(), e])
			.map(([box, e]) => [box.left + Math.max(box.width, e.scrollWidth), e.outerHTML])
			.filter(e => e[0] > document.documentElement.clientWidth)
			.map(e => e[0] + " pixels: " + e[1].slice(0, 100))`)
	if len(wide) > 0 {
		t.Errorf("%d elements are too wide for %d pixels, the last: %s",
			len(wide), width, wide[len(wide)-1])
	}
	for what, expression := range map[string]string{
		"a line with octets, or the ^ below it, is on one line": `[...document.querySelectorAll(".excerpt")].every(e =>
			e.getBoundingClientRect().height < 2 * parseFloat(getComputedStyle(e).lineHeight))`,
		"it says its language":    `document.documentElement.lang == "en"`,
		"it has a title":          `document.title.trim() != ""`,
		"it has one main element": `document.querySelectorAll("main").length == 1`,
		"it has one h1, in main": `document.querySelectorAll("h1").length == 1 &&
			!!document.querySelector("main h1")`,
		"what scrolls can be reached with the keyboard, and has a name": `
			[...document.querySelectorAll("*")].filter(e => e.scrollWidth > e.clientWidth &&
				/auto|scroll/.test(getComputedStyle(e).overflowX)).every(e =>
					e.tabIndex == 0 && e.getAttribute("role") && e.getAttribute("aria-label"))`,
	} {
		var holds bool
		if b.Eval(&holds, "!!("+expression+")"); !holds {
			t.Errorf("%d pixels wide: does not hold: %s", width, what)
		}
	}
}

// checkAccess checks the page with axe-core.
func checkAccess(t *testing.T, b *webdriver.Browser, width int, axe string) {
	t.Helper()
	b.Call("POST", "/execute/sync", map[string]any{"script": axe, "args": []any{}}, nil)
	var violations []struct {
		ID, Impact, Help string
		Nodes            []struct{ HTML string }
	}
	b.Call("POST", "/execute/async", map[string]any{"script": `
		const done = arguments[arguments.length - 1];
		axe.run().then(r => done(r.violations));`, "args": []any{}}, &violations)
	for _, v := range violations {
		t.Errorf("%d pixels wide: axe-core: %s (%s): %s: %d times, first %.200s",
			width, v.ID, v.Impact, v.Help, len(v.Nodes), v.Nodes[0].HTML)
	}
}
