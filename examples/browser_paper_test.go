package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"rawhttp/examples/foreign"
	"rawhttp/examples/foreign/webdriver"
)

// paperPages saves slides and hand-outs, as go run ./examples prints them.
func paperPages(t *testing.T, commands ...string) (pages []webPage) {
	t.Helper()
	for i, command := range commands {
		text, err := program("piped", strings.Fields(command)...).Output()
		if err != nil {
			t.Fatalf("%s: %v", command, err)
		}
		file := filepath.Join(t.TempDir(), fmt.Sprintf("%d.html", i))
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
		pages = append(pages, webPage{command, file})
	}
	return pages
}

// Each slide holds what is on it, on a screen and on paper, and is one page of the PDF. A hand-out
// has a few pages, and the cheat sheet one.
func testPaper(t *testing.T, b *webdriver.Browser) {
	for _, page := range paperPages(t, "slides", "handout 1", "handout 4 -key", "handout 11", "handout cheatsheet") {
		b.Resize(1280, 900)
		if console := b.Open("file://" + page.file); console != nil {
			t.Errorf("%s: the console says %q", page.name, console)
		}
		var thin int
		b.Eval(&thin, `[...document.querySelectorAll("th")].filter(e => getComputedStyle(e).fontWeight < 600).length`)
		if thin > 0 {
			t.Errorf("%s: %d heads of columns look like the rows below them", page.name, thin)
		}
		var slides int
		b.Eval(&slides, `document.querySelectorAll(".slide").length`)
		for _, media := range []string{"screen", "print"} {
			b.DevTools("Emulation.setEmulatedMedia", map[string]any{"media": media})
			var full []string
			b.Eval(&full, `[...document.querySelectorAll(".slide .content")].filter(e =>
				e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1).map(e =>
				e.parentElement.lastElementChild.textContent + ": " + (e.scrollHeight - e.clientHeight) +
				", " + (e.scrollWidth - e.clientWidth) + " pixels: " + e.textContent.slice(0, 80))`)
			for _, f := range full {
				t.Errorf("%s, %s: does not fit its slide: %s", page.name, media, f)
			}
		}
		b.Resize(680, 900) // of a hand-out, without its margins
		for fault, where := range map[string]string{
			"words of a command on two lines": `.handout p code")].filter(e => e.getClientRects().length > 1)`,
			"names of octets that are too small": `.slide i:not(.quoted)")].filter(e => parseFloat(getComputedStyle(e, "::after").fontSize) <
				parseFloat(getComputedStyle(e.closest("pre")).fontSize) / 2)`,
		} {
			var n int
			if b.Eval(&n, `[...document.querySelectorAll("`+where+".length"); n > 0 {
				t.Errorf("%s: %d times %s", page.name, n, fault)
			}
		}
		b.DevTools("Emulation.setEmulatedMedia", map[string]any{"media": ""})
		n, most := pdfPages(t, b), 5
		if page.name == "handout cheatsheet" {
			most = 1
		}
		if slides > 0 && n != slides || slides == 0 && (n < 1 || n > most) {
			t.Errorf("%s: %d slides, and the PDF has %d pages", page.name, slides, n)
		}
	}
}

// A hand-out fits on A4 and on US letter at its full size, and its margins are at least 1 cm on both.
func TestPaperSize(t *testing.T) {
	t.Parallel()
	foreign.Long(t)
	chromium := foreign.Program(t, "chromium")
	page := paperPages(t, "handout 1 -key")[0]
	file := filepath.Join(t.TempDir(), "handout.pdf")
	foreign.Run(t, chromium, append(strings.Fields(foreign.ChromiumFlags),
		"--user-data-dir="+foreign.Scratch(t), "--print-to-pdf="+file, "file://"+page.file)...)
	pdf, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	boxes := regexp.MustCompile(`/MediaBox *\[0 0 ([0-9.]+) ([0-9.]+)\]`).FindAllSubmatch(pdf, -1)
	if len(boxes) < 2 {
		t.Fatalf("%d pages", len(boxes))
	}
	const point = 25.4 / 72 // in mm
	for i, box := range boxes {
		width, _ := strconv.ParseFloat(string(box[1]), 64)
		height, _ := strconv.ParseFloat(string(box[2]), 64)
		if width, height = width*point, height*point; width < 209 || width > 210.5 || height < 278 || height > 279.5 {
			t.Errorf("page %d is %.0f mm wide and %.0f mm high", i+1, width, height)
		}
	}
}

// pdfPages prints the page and returns how many pages the PDF has.
func pdfPages(t *testing.T, b *webdriver.Browser) int {
	t.Helper()
	return len(regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAll(b.PDF(), -1))
}
