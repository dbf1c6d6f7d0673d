package cli

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rawhttp/examples/foreign/webdriver"
)

// The page of -explain=html in a real browser.

// pages serves pages from memory to the browser, and nothing else.
func pages(t *testing.T, byPath map[string]string) string {
	return "http://127.0.0.1:" + listen(t, func(conn net.Conn) {
		words := strings.Fields(readHead(conn))
		if len(words) == 0 {
			return // a connection that the browser opened in advance
		}
		page, ok := byPath[words[1]]
		if !ok {
			t.Errorf("the page asks for %s", words[1])
		}
		io.WriteString(conn, "HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"+page)
	})
}

// visibleText is the text of the elements that take room on the page.
const visibleText = `[...document.querySelectorAll(%q)].filter(e => {
	const box = e.getBoundingClientRect();
	return box.width > 0 && box.height > 0 && getComputedStyle(e).visibility === "visible";
}).map(e => e.textContent).join("|")`

// TestBrowser shows pages in one browser, in a tab for each test.
func TestBrowser(t *testing.T) {
	t.Parallel()
	b := webdriver.Start(t)
	t.Run("Listen", func(t *testing.T) { testListenInBrowser(t, b.Tab(t)) })
	t.Run("Page", func(t *testing.T) { testPageInBrowser(t, b.Tab(t)) })
}

func testPageInBrowser(t *testing.T, b *webdriver.Browser) {
	response := ok + "X: <script>document.title = \"broken\"</script>\r\n" + two
	meanings := run(t, &script{response: response}, "-explain=html", get)
	blank := run(t, &script{response: response}, "-explain=html", "-blank", get)
	mistake := run(t, &script{response: response}, "-half", "-explain=html", "GET  / HTTP/1.0")
	url := pages(t, map[string]string{
		"/": meanings.stdout, "/blank": blank.stdout, "/mistake": mistake.stdout,
		"/wrong": `<link rel="icon" href="data:,"><script>nothing.here()</script>`,
	})
	text := func(of string) (s string) {
		t.Helper()
		b.Eval(&s, fmt.Sprintf(visibleText, of))
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

	wrong := b.Open(url + "/wrong")
	if !strings.Contains(strings.Join(wrong, ""), "not defined") {
		t.Fatalf("a script error would not be seen: %q", wrong)
	}
	if console := b.Open(url); console != nil {
		t.Errorf("the console says %q", console)
	}
	const line = "GET|\u2420|/|\u2420|HTTP/1.0|\u240d\u240a"
	has("message", text("pre a"), line, "200", `"broken"</script>`, "ok")
	has("meaning", text("li"), "asks for the resource", "RFC 1945 8.1", "This is the whole body: 2 octets.")
	has("title", text("h1"), get)
	checkLayout(t, b)

	if console := b.Open(url + "/blank"); console != nil {
		t.Errorf("the console says %q", console)
	}
	has("message to fill in", text("pre a"), line, "200", "ok")
	if got := text("li"); !regexp.MustCompile(`^0\|3\|4\|[0-9|]+$`).MatchString(got) {
		t.Errorf("beside a message to fill in: %q", got)
	}
	if text(".line") == "" {
		t.Error("there are no lines to write on")
	}

	b.Open(url + "/mistake")
	has("error", text("pre.error"), "two spaces between method and request-target", "^ expected")

	file := filepath.Join(t.TempDir(), "page.html") // as -o leaves it
	run(t, &script{response: response}, "-explain=html", "-o", file, get).check(t, 0)
	saved := "file:///" + strings.TrimPrefix(filepath.ToSlash(file), "/")
	if console := b.Open(saved); console != nil {
		t.Errorf("the console says %q", console)
	}
	has("file", text("h1"), get)
}

// checkLayout checks that octets and meanings stand side by side, that one leads to the other, and
// that the page can be printed.
func checkLayout(t *testing.T, b *webdriver.Browser) {
	t.Helper()
	check := func(what, expression string) {
		t.Helper()
		var holds bool
		if b.Eval(&holds, expression); !holds {
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
	b.Call("POST", "/element", map[string]string{"using": "css selector", "value": "#o0-0"}, &link)
	for _, id := range link {
		b.Call("POST", "/element/"+id+"/click", struct{}{}, nil)
	}
	check("a click marks the meaning", `(`+style+`)("#m0-0").outlineStyle == "solid"`)

	b.DevTools("Emulation.setEmulatedMedia", map[string]any{"media": "print"})
	const a4 = 680 // pixels of CSS between the margins
	b.Resize(a4, 1000)
	check("on paper the meaning is beside its octets", beside)
	check("nothing is wider than paper", `document.documentElement.scrollWidth <= innerWidth`)
	check("print is smaller", `parseFloat((`+style+`)("body").fontSize) < 16`)
	check("print keeps the colours", `(`+style+`)("body").printColorAdjust == "exact"`)
	check("no row is broken over two pages", `(`+style+`)(".row").breakInside == "avoid"`)
	b.Resize(0, 0)
	b.DevTools("Emulation.setEmulatedMedia", map[string]any{"media": ""})
	if pdf := b.PDF(); !bytes.HasPrefix(pdf, []byte("%PDF")) {
		t.Errorf("printed: %.20q", pdf)
	}
}
