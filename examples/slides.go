package main

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"rawhttp/examples/gallery"
	"rawhttp/examples/paper"
	"rawhttp/examples/quiz"
	"rawhttp/httpwire"
	"rawhttp/httpwire/commandline"
	"rawhttp/httpwire/explain"
)

// onPaper writes slides or a hand-out, by the words of the command line.
func onPaper(out io.Writer, course []lesson, words []string) error {
	kind, asked := words[0], slices.Clone(words[1:])
	withKey := kind == "handout" && slices.Contains(asked, "-key")
	if withKey {
		asked = slices.DeleteFunc(asked, func(word string) bool { return word == "-key" })
	}
	name, others := strings.Join(asked, " "), map[string]string{"slides": "gallery", "handout": "cheatsheet"}[kind]
	switch {
	case kind == "slides" && (name == "" || name == others):
		return writeSlides(out, course, name == "")
	case name == others && withKey:
		return commandline.UsageError("the cheat sheet has no questions. Leave out -key:\n\n" +
			"  go run ./examples handout cheatsheet -o sheet.html")
	case name == others:
		return writeCheatSheet(out)
	case kind == "slides" && slices.Contains(asked, "-key"):
		return commandline.UsageError("slides have their answers. Leave out -key, or make a hand-out:\n\n" +
			"  go run ./examples handout 1 -key -o key.html")
	}
	i := slices.IndexFunc(course, func(l lesson) bool { return l.number == name })
	if i < 0 {
		missing := fmt.Sprintf("there is no lesson %q", name)
		if name == "" {
			missing = kind + " needs the number of a lesson"
		}
		return commandline.UsageError(fmt.Sprintf("%s. Write a number from 1 to %s, or %s:\n\n"+
			"  go run ./examples %s 1 -o lesson.html", missing, course[len(course)-1].number, others, kind))
	}
	l := &course[i]
	if kind == "slides" {
		return paper.WriteSlides(out, l.heading(), lessonSlides(l))
	}
	var key []paper.Part
	if withKey {
		key = answerKey(l)
	}
	return paper.WriteHandout(out, l.heading(), handout(l), key)
}

// writeSlides writes the slides of the gallery. If all are wanted, those of the lessons come first.
func writeSlides(out io.Writer, course []lesson, all bool) error {
	title := "Where messages go wrong"
	var slides []paper.Slide
	if all {
		title = "A course in HTTP"
		for i := range course {
			slides = append(slides, lessonSlides(&course[i])...)
		}
	}
	return paper.WriteSlides(out, title, append(slides, gallerySlides()...))
}

// writeCheatSheet writes CHEATSHEET.md as a page to print.
func writeCheatSheet(out io.Writer) error {
	text, err := files.ReadFile("CHEATSHEET.md")
	if err != nil {
		return err
	}
	var parts []paper.Part
	for _, piece := range pieces(string(text)) {
		parts = append(parts, paper.Text("", piece))
	}
	return paper.WriteSheet(out, "HTTP/1 on one page", parts)
}

// A deck collects the slides of a lesson. No answer stands on the slide of its question.
type deck struct {
	lesson *lesson
	slides []paper.Slide
	isNew  bool     // the next part begins a slide
	open   []string // numbers of questions without an answer
	asked  bool     // the last part is a question
	sent   bool     // a command has shown what the open questions ask
}

// add adds parts to the last slide if it has room for all of them, and otherwise to new slides.
func (d *deck) add(parts ...paper.Part) {
	d.isNew = d.isNew || len(d.slides) > 0 && !d.slides[len(d.slides)-1].Fits(parts...)
	for _, p := range parts {
		if p.HTML == "" {
			continue
		}
		if len(d.slides) == 0 || d.isNew || !d.slides[len(d.slides)-1].Fits(p) {
			d.slides = append(d.slides, paper.Slide{Heading: d.lesson.heading(), Title: len(d.slides) == 0})
			d.isNew = false
		}
		last := &d.slides[len(d.slides)-1]
		last.Parts = append(last.Parts, p)
	}
}

// lessonSlides returns the slides of a lesson: what there is to know, a question, and after it the
// command with what it prints and the answer.
func lessonSlides(l *lesson) []paper.Slide {
	d := &deck{lesson: l}
	d.add(paper.Text("", "## "+l.heading()))
	for _, step := range l.steps {
		if step.Command != "" {
			d.isNew, d.asked, d.sent = d.isNew || d.asked, false, true
			d.add(paper.Command("go run ./"+step.Command, step.Shown)...)
			continue
		}
		for _, text := range inOnePiece(paragraphs(step.Prose)) {
			if text == answersHeading {
				d.answer()
				return d.slides
			}
			d.text(text)
		}
	}
	d.answer()
	return d.slides
}

// text adds a paragraph. Before one that is neither a question nor a task come the answers to the open
// questions.
func (d *deck) text(text string) {
	m := questionMark.FindStringSubmatch(text)
	if m == nil && !strings.HasPrefix(text, yourTurn) || d.sent {
		d.answer()
	}
	if m != nil {
		d.open, d.asked = append(d.open, m[1]), true
		d.add(paper.Text("question", text))
		return
	}
	d.isNew = d.isNew || strings.HasPrefix(text, "## ")
	var parts []paper.Part
	for _, piece := range pieces(text) {
		if !strings.HasPrefix(piece, "# ") {
			parts = append(parts, paper.Text("", piece))
		}
	}
	d.add(parts...)
}

// answer adds the answers to the open questions.
func (d *deck) answer() {
	d.isNew, d.asked, d.sent = d.isNew || d.asked, false, false
	for _, number := range d.open {
		d.add(paper.Text("answer", "**Answer "+number+".** "+d.lesson.question(number).answer))
	}
	if d.open != nil {
		d.open, d.isNew = nil, true
	}
}

// gallerySlides returns two slides for each rule that a message of the gallery breaks: the message, and after
// it where it goes wrong. Only the second one names the theme, which says much about the fault.
func gallerySlides() (slides []paper.Slide) {
	shown := map[httpwire.Rule]bool{}
	for theme, m := range inTurn(slices.Concat(gallery.BadThemes, gallery.EndThemes)) {
		octets := m.Octets()
		listing := explain.Request(octets)
		if listing.Err == nil || shown[m.Rule] || len(octets) > 400 { // surplus octets are no error
			continue
		}
		shown[m.Rule] = true
		slides = append(slides,
			paper.Slide{Heading: "Gallery", Parts: []paper.Part{
				paper.Text("question", "At which offset does this request go wrong?"),
				paper.Octets(quiz.Rows(octets))}},
			paper.Slide{Heading: "Gallery: " + theme, Parts: []paper.Part{
				paper.Message(listing, m.Why+".")}})
	}
	return slides
}

// inTurn yields the messages of themes with the titles: the first of each theme, then the second of each. So a
// class cannot guess the fault from that of the message before.
func inTurn(themes []gallery.Theme) iter.Seq2[string, gallery.Message] {
	return func(yield func(string, gallery.Message) bool) {
		for i, left := 0, true; left; i++ {
			left = false
			for _, theme := range themes {
				if i >= len(theme.Messages) {
					continue
				}
				if left = true; !yield(theme.Title, theme.Messages[i]) {
					return
				}
			}
		}
	}
}

// pieces returns the paragraphs of a text. Indented paragraphs that follow each other are one message,
// and one piece.
func pieces(text string) (all []string) {
	const indent = "    "
	for _, p := range paragraphs(text) {
		last := len(all) - 1
		if last >= 0 && strings.HasPrefix(p, indent) && strings.HasPrefix(all[last], indent) {
			all[last] += "\n\n" + p
			continue
		}
		all = append(all, p)
	}
	return all
}

// handout returns a lesson as a sheet to work on: what there is to know, the commands, and lines for
// the answers. What the commands print is on the screen only.
func handout(l *lesson) (parts []paper.Part) {
	for _, step := range l.steps {
		if step.Command != "" {
			parts = append(parts, paper.Command("go run ./"+step.Command, "")...)
			continue
		}
		for _, text := range pieces(step.Prose) {
			if text == answersHeading {
				return parts
			}
			m := questionMark.FindStringSubmatch(text)
			if m == nil {
				parts = append(parts, paper.Text("", text))
				continue
			}
			lines := 1
			if l.question(m[1]).open() {
				lines = 3
			}
			parts = append(parts, paper.Text("question", text), paper.Lines(lines))
		}
	}
	return parts
}

// answerKey returns the answers of a lesson.
func answerKey(l *lesson) (parts []paper.Part) {
	for n, q := range l.questions {
		parts = append(parts, paper.Text("answer", fmt.Sprintf("%d. %s", n+1, q.answer)))
	}
	return parts
}
