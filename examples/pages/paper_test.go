package pages

import (
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rawhttp/examples/foreign"
	"rawhttp/examples/foreign/webdriver"
)

// paperPages saves slides and hand-outs, as go run ./examples prints them.
func paperPages(t *testing.T, commands ...string) (pages []webPage) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "examples.exe")
	if out, err := exec.Command("go", "build", "-o", program, "..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for i, command := range commands {
		text, err := exec.Command(program, strings.Fields(command)...).Output()
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
// has a few pages.
func TestPaper(t *testing.T) {
	t.Parallel()
	foreign.Long(t)
	b := webdriver.Start(t)
	for _, page := range paperPages(t, "slides", "handout 1", "handout 4 -key", "handout 11") {
		b.Resize(1280, 900)
		if console := b.Open("file://" + page.file); console != nil {
			t.Errorf("%s: the console says %q", page.name, console)
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
		b.DevTools("Emulation.setEmulatedMedia", map[string]any{"media": ""})
		if n := pdfPages(t, b); slides > 0 && n != slides || slides == 0 && (n < 1 || n > 5) {
			t.Errorf("%s: %d slides, and the PDF has %d pages", page.name, slides, n)
		}
	}
}

// pdfPages prints the page and returns how many pages the PDF has.
func pdfPages(t *testing.T, b *webdriver.Browser) int {
	t.Helper()
	var text string
	b.Call("POST", "/print", map[string]any{}, &text)
	pdf, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return len(regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAll(pdf, -1))
}
