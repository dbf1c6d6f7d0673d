package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rawhttp/examples/foreign/webdriver"
	"rawhttp/server/app"
)

// A wallTab is a wall in a real browser.
type wallTab struct {
	*webdriver.Browser
	t    *testing.T
	addr string
}

// serveWall starts a server that has a wall.
func serveWall(t *testing.T, b *webdriver.Browser) *wallTab {
	return &wallTab{b, t, serve(t, app.Options{Wall: true})}
}

// until waits until an expression is true in the page.
func (w *wallTab) until(what, expression string) {
	w.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for limit := time.Now().Add(time.Minute); ; <-tick.C {
		var holds bool
		if w.Eval(&holds, "!!("+expression+")"); holds {
			return
		}
		if time.Now().After(limit) {
			var body string
			w.Eval(&body, "document.body.innerText")
			w.t.Fatalf("never: %s\n%s", what, body)
		}
	}
}

func (w *wallTab) filter(text string) {
	w.Eval(new(any), `(filter.value = "`+text+`", filter.dispatchEvent(new Event("input")), null)`)
}

// card is an expression for the card of a request.
func card(target string) string {
	return fmt.Sprintf(`document.querySelector(".card[data-find*='%s ']")`, target)
}

const wallStatus = `document.getElementById("status").textContent`

// Requests appear as they arrive, and the page is fit for any screen, for paper and for the keyboard. The filter,
// the pause and the link do what they say. Without scripts the page has the last exchanges.
func testWall(t *testing.T, b *webdriver.Browser) {
	w := serveWall(t, b)
	if console := b.Open("http://" + w.addr + "/wall"); console != nil {
		t.Errorf("the console says %q", console)
	}
	w.until("live", wallStatus+` == "live"`)
	slow := open(t, w.addr, "POST /raw HTTP/1.0\r\n"+strings.Repeat("A: b\r\n", 20)+"Content-Length: 5\r\n\r\nab")
	w.until("a request that waits", card("/raw")+`?.innerText.includes("expecting 3 more of 5 octets")`)
	b.Eval(new(any), card("/raw")+`.querySelector("a").focus()`)
	io.WriteString(slow, "cde")
	w.until("its response", card("/raw")+`?.innerText.includes("200") && `+card("/raw")+`?.innerText.includes("done")`)
	w.until("the same link has the focus", `document.activeElement == `+card("/raw")+`?.querySelector("a")`)
	open(t, w.addr, "GET  /bad HTTP/1.0\r\n\r\n")
	w.until("a fault", card("/bad")+`?.innerText.includes("two spaces")`)
	w.until("the newest is first", `document.getElementById("cards").firstElementChild == `+card("/bad"))
	w.testLooks()
	w.testFilter()
	b.Eval(new(any), "("+card("/raw")+`.querySelector("a").click(), null)`)
	w.until("the explained exchange", `document.title.startsWith("POST /raw") && document.body.innerText.includes("Response")`)
	w.testWithoutScripts()
	w = serveWall(t, b)
	for range 64 {
		io.ReadFull(open(t, w.addr, "GET /wall/events HTTP/1.0\r\n\r\n"), make([]byte, 1))
	}
	b.Open("http://" + w.addr + "/wall")
	w.until("the place of the oldest viewer", wallStatus+` == "live"`)
}

// testLooks looks at the page on a phone, on a large screen and on paper.
func (w *wallTab) testLooks() {
	axe := axeCore(w.t)
	for _, scheme := range []string{"light", "dark"} {
		w.DevTools("Emulation.setEmulatedMedia", map[string]any{"features": []any{
			map[string]string{"name": "prefers-color-scheme", "value": scheme}}})
		for _, width := range []int{390, 1280} {
			w.Resize(width, 900)
			checkPage(w.t, w.Browser, width)
			w.Eval(new(any), card("/raw")+`.querySelector("a").scrollIntoView()`)
			w.until("the card is below the header", card("/raw")+`.getBoundingClientRect().top >=
				document.querySelector("header").getBoundingClientRect().bottom`)
			if axe != "" {
				checkAccess(w.t, w.Browser, width, axe)
			}
		}
	}
	w.until("the header hides what scrolls under it", `getComputedStyle(document.querySelector("header")).backgroundColor ==
		getComputedStyle(document.body).backgroundColor`)
	w.DevTools("Emulation.setEmulatedMedia", map[string]any{"media": "print"})
	w.until("paper shows all", `[...document.querySelectorAll(".message")].every(e => e.scrollHeight == e.clientHeight)`)
	w.DevTools("Emulation.setEmulatedMedia", map[string]any{"media": ""})
}

// testFilter tries the filter and the pause.
func (w *wallTab) testFilter() {
	none := `document.getElementById("nothing").checkVisibility()`
	w.filter("/Bad")
	w.until("the filter", card("/raw")+".hidden && !"+card("/bad")+".hidden && !"+none)
	w.filter("zoe")
	w.until("no exchange fits the filter", card("/bad")+".hidden && "+none)
	w.filter("")
	w.Eval(new(any), `(pause.click(), null)`)
	open(w.t, w.addr, "GET /third HTTP/1.0\r\n\r\n")
	w.until("an event in the pause", "waiting.size == 1 && !"+card("/third"))
	w.Eval(new(any), `(pause.click(), null)`)
	w.until("the end of the pause", card("/third"))
	many := func(host string, from int) {
		w.Eval(new(any), fmt.Sprintf(`(() => {
			for (let id = %d; id < %[1]d + 60; id++)
				show(id, "<li class=card data-id=" + id + " data-host=%s data-find=many></li>")
		})()`, from, host))
	}
	many("192.0.2.1", 1000)
	w.until("what another host sends stays", card("/raw")+" && "+card("/bad")+" && cards.children.length == kept")
	w.filter("/raw")
	many("127.0.0.1", 2000)
	w.until("what the filter shows stays, while others are removed", card("/raw")+" && !"+card("/bad")+" && cards.children.length == kept")
}

// testWithoutScripts looks at the last exchanges, and saves the page for validators.
func (w *wallTab) testWithoutScripts() {
	_, page := fetch(w.t, "GET", w.addr, "/wall", "")
	if dir := os.Getenv("RAWHTTP_PAGES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "wall.html"), page, 0o644); err != nil {
			w.t.Fatal(err)
		}
	}
	w.DevTools("Emulation.setScriptExecutionDisabled", map[string]any{"value": true})
	w.Open("http://" + w.addr + "/wall?filter=raw")
	w.until("the page without scripts", `document.body.innerText.includes("POST /raw") && !document.body.innerText.includes("/third")`)
	w.DevTools("Emulation.setScriptExecutionDisabled", map[string]any{"value": false})
}

// open sends octets on a connection that stays open until the test ends.
func open(t *testing.T, addr, octets string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	io.WriteString(c, octets)
	return c
}
