package main

import (
	"fmt"
	"io"
	"strings"

	"rawhttp/examples/gallery"
	"rawhttp/examples/paper"
	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
)

// onPaper writes slides or a hand-out, by the words of the command line.
func onPaper(out io.Writer, course []lesson, words []string) error {
	asked := strings.Join(words[1:], " ")
	asked, withKey := strings.CutSuffix(asked, " -key")
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
	return fmt.Errorf("%s needs the number of a lesson: go run ./examples %[1]s 1 > lesson.html", words[0])
}

// A deck collects parts on slides.
type deck struct {
	heading string
	slides  []paper.Slide
	isNew   bool // the next part begins a slide
}

func (d *deck) add(p paper.Part) {
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

// lessonSlides returns the slides of a lesson: what there is to know, a question, and after it the
// command with what it prints and the answer.
func lessonSlides(l *lesson) []paper.Slide {
	d := &deck{heading: l.number + ". " + l.title}
	d.add(paper.Text("", "## "+d.heading))
	var open []int
	asked := false // the last part is a question, whose answer must not stand on the same slide
	answer := func() {
		d.isNew, asked = d.isNew || asked, false
		for _, n := range open {
			q := l.questions[n-1]
			d.add(paper.Text("answer", fmt.Sprintf("**Answer %d.** %s", n, q.answer)))
		}
		if open != nil {
			open, d.isNew = nil, true
		}
	}
	for _, step := range l.steps {
		if step.Command != "" {
			d.isNew, asked = d.isNew || asked, false
			d.add(paper.Command("go run ./"+step.Command, step.Shown))
			continue
		}
		for _, text := range inOnePiece(paragraphs(step.Prose)) {
			if text == answersHeading {
				answer()
				return d.slides
			}
			m := questionMark.FindStringSubmatch(text)
			if m == nil {
				answer()
				d.isNew = d.isNew || strings.HasPrefix(text, "#") && len(d.slides) > 1
				for _, piece := range paragraphs(text) {
					if !strings.HasPrefix(piece, "# ") {
						d.add(paper.Text("", piece))
					}
				}
				continue
			}
			var n int
			fmt.Sscan(m[1], &n)
			open, asked = append(open, n), true
			d.add(paper.Text("question", text))
		}
	}
	answer()
	return d.slides
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

// handout returns a lesson as a sheet to work on: what there is to know, the commands, and lines for
// the answers. What the commands print is on the screen only.
func handout(l *lesson) (parts []paper.Part) {
	for _, step := range l.steps {
		if step.Command != "" {
			parts = append(parts, paper.Command("go run ./"+step.Command, ""))
			continue
		}
		for _, text := range paragraphs(step.Prose) {
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
