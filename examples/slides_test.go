package main

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rawhttp/examples/paper"
)

// A hand-out has each question and command of its lesson, and the answers only with -key. The slides
// have all of it, each answer after its question, and before the next one if the command has been shown.
func TestOnPaper(t *testing.T) {
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	tags := regexp.MustCompile(`<[^>]*>`)
	text := func(args ...string) string {
		page, exit := perform(t, "", false, args...)
		if exit != 0 {
			t.Fatalf("%q: %s", args, page)
		}
		_, page, _ = strings.Cut(page, "</style>")
		return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(page, ""))), " ")
	}
	shown := func(markdown string) string {
		return strings.Join(strings.Fields(strings.NewReplacer("`", "", "*", "").Replace(markdown)), " ")
	}
	for _, l := range course {
		sheet, withKey, slides := text("handout", l.number), text("handout", l.number, "-key"), text("slides", l.number)
		for _, s := range l.steps {
			if s.Command != "" && !strings.Contains(sheet, shown(s.Command)) {
				t.Errorf("hand-out %s has no command %s", l.number, s.Command)
			}
		}
		asked, sent := "", false
		for _, s := range l.steps {
			if sent = sent || s.Command != ""; s.Command != "" {
				continue
			}
			for _, number := range regexp.MustCompile(`\*\*Question (\d+)\.`).FindAllStringSubmatch(s.Prose, -1) {
				answer, next := strings.Index(slides, "Answer "+asked+"."), strings.Index(slides, "Question "+number[1]+".")
				if sent && asked != "" && answer > next {
					t.Errorf("slides %s: answer %s comes after question %s", l.number, asked, number[1])
				}
				asked, sent = number[1], false
			}
		}
		if l.number == "1" && strings.Index(slides, "Your turn.") > strings.Index(slides, "Answer 6.") {
			t.Error("slides 1: the answer comes before the task that shows it")
		}
		for n, q := range l.questions {
			asks, answer := shown(q.text), shown(q.answer)
			if !strings.Contains(sheet, asks) || strings.Contains(sheet, answer) || !strings.Contains(withKey, answer) {
				t.Errorf("hand-out %s: question %d, or its answer", l.number, n+1)
			}
			if i := strings.Index(slides, asks); i < 0 || !strings.Contains(slides[i:], answer) {
				t.Errorf("slides %s: question %d, or its answer", l.number, n+1)
			}
		}
	}
	for _, args := range [][]string{{"slides", "1"}, {"handout", "1", "-key"}, {"quiz", "-page", "-seed", "7"}} {
		file := filepath.Join(t.TempDir(), "page.html")
		printed, _ := perform(t, "", false, args...)
		if seen, _ := perform(t, "", true, args...); !strings.HasPrefix(seen, printed) ||
			!strings.HasSuffix(seen, "* this page is for a browser: add  -o page.html  and open that file\n") {
			t.Errorf("%q on a terminal: no notice", args)
		}
		said, exit := perform(t, "", false, append(args, "-o", file)...)
		saved, err := os.ReadFile(file)
		if err != nil || exit != 0 || string(saved) != printed || !strings.Contains(said, "page.html is written") {
			t.Errorf("%q -o: %d, %s, %v, %d octets, want %d", args, exit, said, err, len(saved), len(printed))
		}
		for _, wrong := range [][]string{{"-o"}, {"-o", filepath.Join(file, "no")}} {
			if said, exit := perform(t, "", false, append(args[:len(args):len(args)], wrong...)...); exit == 0 || !strings.Contains(said, "-o") {
				t.Errorf("%q %q: %d, %s", args, wrong, exit, said)
			}
		}
	}
}

// The cheat sheet is printed as it is, and has nothing to fill in. Its messages keep their columns on a
// phone, too.
func TestCheatSheetOnPaper(t *testing.T) {
	page, exit := perform(t, "", false, "handout", "cheatsheet")
	for _, want := range []string{"<h1>HTTP/1 on one page</h1>", "<td>405 Method Not Allowed</td>", "<code>-half</code>",
		`<pre class="diagram"`} {
		if !strings.Contains(page, want) {
			t.Errorf("exit code %d, no %s", exit, want)
		}
	}
	if strings.Contains(page, `class="line"`) {
		t.Error("a line to write on")
	}
}

// A class sees each message of the gallery before it sees where the message goes wrong, and cannot tell that
// from the theme: a question does not name it, and the next answer is of another theme as long as there are any.
func TestGallerySlides(t *testing.T) {
	t.Chdir(t.TempDir()) // they can be made in any folder
	slides := gallerySlides()
	if len(slides) < 20 || len(slides)%2 != 0 {
		t.Fatalf("%d slides", len(slides))
	}
	html := func(slide paper.Slide) (all string) {
		for _, p := range slide.Parts {
			all += string(p.HTML)
		}
		return all
	}
	fault, where := regexp.MustCompile(`error: |class="wrong"`), regexp.MustCompile(`(?s)error: .* offset \d`)
	for i := 0; i < len(slides); i += 2 {
		asks, says := html(slides[i]), html(slides[i+1])
		if !strings.Contains(asks, "At which offset") || !strings.Contains(asks, `<i data-octet="`) || fault.MatchString(asks) || !where.MatchString(says) {
			t.Errorf("slides %d and %d:\n%s\n%s", i+1, i+2, asks, says)
		}
		if slides[i].Heading != "Gallery" || i > 0 && i < 16 && slides[i+1].Heading == slides[i-1].Heading {
			t.Errorf("slides %d and %d: %q, %q", i+1, i+2, slides[i].Heading, slides[i+1].Heading)
		}
	}
}
