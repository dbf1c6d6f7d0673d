// Package paper makes pages to project and to print: slides, one idea on each, and hand-outs. A page
// is one file of HTML that loads nothing and runs nothing, in the style of package explain.
//
//	paper.go      slides and hand-outs
//	markdown.go   the Markdown of the lessons, as HTML and for a terminal
//	paper.html    both pages
//	paper.css     their style, on a screen and on paper
package paper

import (
	_ "embed"
	"html/template"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"rawhttp/httpwire/explain"
)

var (
	//go:embed paper.html
	pageHTML string
	//go:embed paper.css
	pageCSS string

	pageTemplate = template.Must(template.New("page").Parse(pageHTML))
)

// A Part is a piece of a slide or a hand-out.
type Part struct {
	Class string // "question", "answer", "command", "octets", "lines", "leads" to the next part, or ""
	HTML  template.HTML
	rows  float64 // how high it is, in lines of text
	wide  int     // columns of its widest line, if it must not wrap
}

const (
	lineColumns = 58  // characters in a line of a slide
	preRow      = .75 // how high a line of preformatted text is, in lines of other text
)

// Text returns a part that shows a paragraph of Markdown.
func Text(class, paragraph string) Part {
	p := Part{Class: class, HTML: HTML(paragraph), rows: .7}
	if strings.HasPrefix(paragraph, fence) || strings.HasPrefix(paragraph, "    ") {
		p.measure(paragraph)
		return p
	}
	if strings.HasSuffix(paragraph, ":") && class == "" {
		p.Class = "leads"
	}
	for line := range strings.SplitSeq(strings.Trim(paragraph, "\n"), "\n- ") {
		if strings.HasPrefix(line, "| ") {
			p.rows += 1.3 * float64(1+strings.Count(line, "\n"))
			continue
		}
		p.rows += float64(1 + utf8.RuneCountInString(line)/lineColumns)
	}
	return p
}

// Message returns a part that shows a message with the meaning of its octets.
func Message(l explain.Listing, why string) Part {
	const box = 4 // columns that the box around an error takes
	p := Part{Class: "command", wide: 70,
		HTML: HTML(why) + template.HTML(explain.AppendMessage(nil, l))}
	p.rows = 3 + preRow*float64(strings.Count(string(l.Octets), "\n")+len(l.Octets)/60)
	if l.Err != nil {
		for line := range strings.Lines(string(l.AppendError(nil))) {
			p.rows += preRow
			p.wide = max(p.wide, utf8.RuneCountInString(line)+box)
		}
	}
	return p
}

// Octets returns a part that shows a message in rows. The names of CR, LF and SP are in boxes, as in Message: they
// are wider than one letter, but can be read from the last row.
func Octets(rows string) Part {
	const box = 2 // columns that a box takes in addition to that of its symbol
	boxed := strings.ReplaceAll(string(pre(rows)), `<i class="quoted"`, "<i")
	p := Part{Class: "octets", rows: .7, HTML: template.HTML(boxed)}
	p.measure(rows)
	for line := range strings.Lines(rows) {
		symbols := strings.Count(explain.MarkSymbols(line), "<i ")
		p.wide = max(p.wide, utf8.RuneCountInString(line)+box*symbols)
	}
	return p
}

// Limits of what a command printed, so that it can be read from the last row.
const (
	mostLines  = 26 // on a slide
	mostSlides = 2
)

// Command returns parts that show a command and what it printed, or its beginning. Each part is a
// slide at most.
func Command(command, shown string) (parts []Part) {
	lines := strings.SplitAfter(strings.TrimRight("$ "+command+"\n"+shown, "\n"), "\n")
	if len(lines) > mostSlides*mostLines {
		lines = append(lines[:mostSlides*mostLines-1:mostSlides*mostLines-1], "...")
	}
	slides := (len(lines) + mostLines - 1) / mostLines
	for piece := range slices.Chunk(lines, (len(lines)+slides-1)/slides) {
		p := Part{Class: "command"}
		text := strings.Join(piece, "")
		p.measure(text)
		p.HTML = pre(text)
		parts = append(parts, p)
	}
	return parts
}

// measure adds the size of preformatted text.
func (p *Part) measure(text string) {
	for line := range strings.Lines(text) {
		n := utf8.RuneCountInString(line)
		p.rows += preRow * float64(1+n/80)
		p.wide = max(p.wide, min(n, 80))
	}
}

// Lines returns a part with empty lines to write on.
func Lines(n int) Part {
	return Part{Class: "lines", HTML: template.HTML(strings.Repeat(`<span class="line"></span>`, n))}
}

// A Slide is one page, whose text is as large as fits.
type Slide struct {
	Heading string // what it belongs to, small, in its corner
	Title   bool   // it begins a lesson
	Parts   []Part
	Number  int
}

// fullSlide is how many lines a slide should have at most.
const fullSlide = 17

// Fits reports whether a slide has room for more parts.
func (s *Slide) Fits(parts ...Part) bool {
	rows := s.height()
	for _, p := range parts {
		rows += p.rows
	}
	return len(s.Parts) == 0 || rows <= fullSlide
}

// height returns how many lines the slide has.
func (s *Slide) height() (rows float64) {
	if s.Title {
		rows = 2 // its heading is larger
	}
	for _, p := range s.Parts {
		rows += p.rows
	}
	return rows
}

// Rows returns how many lines the text of the slide is scaled for.
func (s *Slide) Rows() float64 { return max(s.height(), 9) }

// Columns returns how many columns the widest line has that must not wrap.
func (s *Slide) Columns() (n int) {
	n = 40
	for _, p := range s.Parts {
		n = max(n, p.wide)
	}
	return n
}

// WriteSlides writes a page of slides.
func WriteSlides(out io.Writer, title string, slides []Slide) error {
	for i := range slides {
		slides[i].Number = i + 1
	}
	return write(out, title, map[string]any{"Slides": slides})
}

// WriteHandout writes a hand-out. The key, if there is one, begins a page of its own.
func WriteHandout(out io.Writer, title string, parts, key []Part) error {
	return write(out, title, map[string]any{"Parts": parts, "Key": key})
}

// WriteSheet writes a page to keep, with nothing on it to fill in. Its text is small, so that more fits on
// a page.
func WriteSheet(out io.Writer, title string, parts []Part) error {
	return write(out, title, map[string]any{"Parts": parts, "Sheet": true})
}

func write(out io.Writer, title string, data map[string]any) error {
	data["Title"], data["Style"] = title, template.CSS(explain.StyleSheet()+pageCSS)
	return pageTemplate.Execute(out, data)
}
