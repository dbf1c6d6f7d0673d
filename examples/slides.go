package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"rawhttp/examples/gallery"
	"rawhttp/examples/paper"
	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
)

// onPaper writes slides or a hand-out, by the words of the command line.
func onPaper(out io.Writer, course []lesson, words []string) error {
	withKey := words[0] == "handout" && slices.Contains(words, "-key")
	asked := strings.Join(slices.DeleteFunc(slices.Clone(words[1:]), func(word string) bool {
		return withKey && word == "-key"
	}), " ")
	if words[0] == "slides" && asked == "" {
		all, err := gallerySlides()
		if err != nil {
			return err
		}
		var slides []paper.Slide
		for i := range course {
			slides = append(slides, lessonSlides(&course[i])...)
		}
		return paper.WriteSlides(out, "A course in HTTP", append(slides, all...))
	}
	if words[0] == "slides" && asked == "gallery" {
		slides, err := gallerySlides()
		if err != nil {
			return err
		}
		return paper.WriteSlides(out, "Where messages go wrong", slides)
	}
	for i := range course {
		l := &course[i]
		switch {
		case asked == l.number && words[0] == "slides":
			return paper.WriteSlides(out, l.number+". "+l.title, lessonSlides(l))
		case asked == l.number:
			return paper.WriteHandout(out, l.number+". "+l.title, handout(l), answerKey(l, withKey))
		}
	}
	last := course[len(course)-1].number
	if asked == "" {
		return fmt.Errorf("%s needs the number of a lesson, 1 to %s:\n\n  go run ./examples %[1]s 1 -o lesson.html",
			words[0], last)
	}
	return fmt.Errorf("there is no lesson %q. Write a number from 1 to %s:\n\n"+
		"  go run ./examples %s 1 -o lesson.html", asked, last, words[0])
}

// A deck collects parts on slides.
type deck struct {
	heading string
	slides  []paper.Slide
	isNew   bool // the next part begins a slide
}

// add adds parts to the last slide if it has room for all of them, and otherwise to new slides.
func (d *deck) add(parts ...paper.Part) {
	d.isNew = d.isNew || len(d.slides) > 0 && !d.slides[len(d.slides)-1].Fits(parts...)
	for _, p := range parts {
		d.addOne(p)
	}
}

func (d *deck) addOne(p paper.Part) {
	if p.HTML == "" {
		return
	}
	if len(d.slides) == 0 || d.isNew || !d.slides[len(d.slides)-1].Fits(p) {
		d.slides = append(d.slides, paper.Slide{Heading: d.heading, Title: len(d.slides) == 0})
		d.isNew = false
	}
	last := &d.slides[len(d.slides)-1]
	last.Parts = append(last.Parts, p)
}

// A lessonDeck collects the slides of a lesson. No answer stands on the slide of its question.
type lessonDeck struct {
	deck
	lesson *lesson
	open   []int // questions without an answer
	asked  bool  // the last part is a question
	sent   bool  // a command has shown what the open questions ask
}

// lessonSlides returns the slides of a lesson: what there is to know, a question, and after it the
// command with what it prints and the answer.
func lessonSlides(l *lesson) []paper.Slide {
	d := &lessonDeck{deck: deck{heading: l.number + ". " + l.title}, lesson: l}
	d.add(paper.Text("", "## "+d.heading))
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

// text adds a paragraph. Before one that is not a question come the answers to the open questions.
func (d *lessonDeck) text(text string) {
	m := questionMark.FindStringSubmatch(text)
	if m == nil || d.sent {
		d.answer()
	}
	if m != nil {
		var n int
		fmt.Sscan(m[1], &n)
		d.open, d.asked = append(d.open, n), true
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
func (d *lessonDeck) answer() {
	d.isNew, d.asked, d.sent = d.isNew || d.asked, false, false
	for _, n := range d.open {
		q := d.lesson.questions[n-1]
		d.add(paper.Text("answer", fmt.Sprintf("**Answer %d.** %s", n, q.answer)))
	}
	if d.open != nil {
		d.open, d.isNew = nil, true
	}
}

// gallerySlides returns a slide for each rule that a message of the gallery breaks, by theme.
func gallerySlides() (slides []paper.Slide, err error) {
	shown := map[httpwire.Rule]bool{}
	for _, theme := range append(gallery.BadThemes[:len(gallery.BadThemes):len(gallery.BadThemes)],
		gallery.EndThemes...) {
		for _, m := range theme.Messages {
			octets, err := m.Octets()
			if err != nil {
				return nil, err
			}
			if shown[m.Rule] || len(octets) > 400 {
				continue
			}
			shown[m.Rule] = true
			slides = append(slides, paper.Slide{Heading: "Gallery: " + theme.Title,
				Parts: []paper.Part{paper.Message(explain.Request(octets), m.Why+".")}})
		}
	}
	return slides, nil
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

// answerKey returns the answers of a lesson, if they are wanted.
func answerKey(l *lesson, wanted bool) (parts []paper.Part) {
	for n, q := range l.questions {
		if wanted {
			parts = append(parts, paper.Text("answer", fmt.Sprintf("%d. %s", n+1, q.answer)))
		}
	}
	return parts
}
