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
	"rawhttp/examples/replay"
	"rawhttp/server/app"
)

// The wall in a real browser: requests appear as they arrive, and the filter, the pause and the link
// do what they say. Without scripts the page has the last exchanges.
func testWall(t *testing.T, b *webdriver.Browser) {
	addr, stop, err := replay.Serve(app.Options{Wall: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop() })
	if console := b.Open("http://" + addr + "/wall"); console != nil {
		t.Errorf("the console says %q", console)
	}
	until := func(what, expression string) {
		t.Helper()
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for limit := time.Now().Add(time.Minute); ; <-tick.C {
			var holds bool
			if b.Eval(&holds, "!!("+expression+")"); holds {
				return
			}
			if time.Now().After(limit) {
				var body string
				b.Eval(&body, "document.body.innerText")
				t.Fatalf("never: %s\n%s", what, body)
			}
		}
	}
	card := func(target string) string {
		return fmt.Sprintf(`document.querySelector(".card[data-find*='%s ']")`, target)
	}
	until("live", `document.getElementById("status").textContent == "live"`)

	slow := open(t, addr, "POST /raw HTTP/1.0\r\n"+strings.Repeat("A: b\r\n", 20)+"Content-Length: 5\r\n\r\nab")
	until("a request that waits", card("/raw")+`?.innerText.includes("expecting 3 more of 5 octets")`)
	b.Eval(new(any), card("/raw")+`.querySelector("a").focus()`)
	io.WriteString(slow, "cde")
	until("its response", card("/raw")+`?.innerText.includes("200") && `+card("/raw")+`?.innerText.includes("done")`)
	until("the same link has the focus", `document.activeElement == `+card("/raw")+`?.querySelector("a")`)
	open(t, addr, "GET  /bad HTTP/1.0\r\n\r\n")
	until("a fault", card("/bad")+`?.innerText.includes("two spaces")`)
	until("the newest is first", `document.getElementById("cards").firstElementChild == `+card("/bad"))

	axe := axeCore(t)
	for _, scheme := range []string{"light", "dark"} {
		b.DevTools("Emulation.setEmulatedMedia", map[string]any{"features": []any{
			map[string]string{"name": "prefers-color-scheme", "value": scheme}}})
		for _, width := range []int{390, 1280} {
			b.Resize(width, 900)
			checkPage(t, b, width)
			b.Eval(new(any), card("/raw")+`.querySelector("a").scrollIntoView()`)
			until("the card is below the header", card("/raw")+`.getBoundingClientRect().top >=
				document.querySelector("header").getBoundingClientRect().bottom`)
			if axe != "" {
				checkAccess(t, b, width, axe)
			}
		}
	}

	until("the header hides what scrolls under it", `getComputedStyle(document.querySelector("header")).backgroundColor ==
		getComputedStyle(document.body).backgroundColor`)
	b.DevTools("Emulation.setEmulatedMedia", map[string]any{"media": "print"})
	until("paper shows all", `[...document.querySelectorAll(".message")].every(e => e.scrollHeight == e.clientHeight)`)
	b.DevTools("Emulation.setEmulatedMedia", map[string]any{"media": ""})

	filter := func(text string) {
		b.Eval(new(any), `(filter.value = "`+text+`", filter.dispatchEvent(new Event("input")), null)`)
	}
	none := `document.getElementById("nothing").checkVisibility()`
	filter("/Bad")
	until("the filter", card("/raw")+".hidden && !"+card("/bad")+".hidden && !"+none)
	filter("zoe")
	until("no exchange fits the filter", card("/bad")+".hidden && "+none)
	filter("")
	b.Eval(new(any), `(pause.click(), null)`)
	open(t, addr, "GET /third HTTP/1.0\r\n\r\n")
	until("an event in the pause", "waiting.size == 1 && !"+card("/third"))
	b.Eval(new(any), `(pause.click(), null)`)
	until("the end of the pause", card("/third"))
	b.Eval(new(any), "("+card("/raw")+`.querySelector("a").click(), null)`)
	until("the explained exchange", `document.title.startsWith("POST /raw") && document.body.innerText.includes("Response")`)

	_, page := fetch(t, "GET", addr, "/wall", "")
	if dir := os.Getenv("RAWHTTP_PAGES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "wall.html"), page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b.DevTools("Emulation.setScriptExecutionDisabled", map[string]any{"value": true})
	b.Open("http://" + addr + "/wall?filter=raw")
	until("the page without scripts", `document.body.innerText.includes("POST /raw") && !document.body.innerText.includes("/third")`)

	b.DevTools("Emulation.setScriptExecutionDisabled", map[string]any{"value": false})
	b.Open("http://" + addr + "/wall")
	filter("/bad")
	until("live again", `document.getElementById("status").textContent == "live"`)
	for range 60 {
		open(t, addr, "GET /many HTTP/1.0\r\n\r\n")
	}
	until("what the filter shows stays, while others are removed", card("/bad")+" && !"+card("/raw")+" && "+card("/many"))
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
