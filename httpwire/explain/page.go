package explain

import (
	"bytes"
	_ "embed"
	"fmt"
	"html"
	"html/template"
	"slices"
	"strings"
	"unicode/utf8"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/visible"
)

// The page has the message on the left, and the note of each run of octets on the right, for a browser,
// a projector and paper. It is one file that loads nothing and runs nothing. When the pointer is on
// octets or on a note, the style sheet marks both. Octets get into the page only through markup and
// html/template, which escape them.

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

const (
	pageText = 4 << 10 // the most octets shown of a run that is text
	pageHex  = 512     // the most octets shown of any other run
	pageRow  = 8       // octets in hexadecimal in a row, which fits on a narrow screen
)

// page is what the template is filled with.
type page struct {
	Title    string
	Style    template.CSS
	Blank    bool
	Groups   []colorGroup // those that occur
	Sections []section
}

// A section is a message on the page.
type section struct {
	Number  int
	Blank   bool
	Heading string
	Rows    [][]run // one for each line on the wire
	More    string  // a clause on what is left out
	Error   []errorLine
	Times   []Time
}

// An errorLine is a line of the text of an error, with its line end. An excerpt must not wrap,
// because the caret in the next line points into it.
type errorLine struct {
	Excerpt bool
	Text    template.HTML
}

// A run is a line of the listing, made visible.
type run struct {
	*Line
	Group colorGroup
	Text  template.HTML
	More  string // a clause on what is left out
}

// Source says where the meaning of the run is from.
func (r run) Source() string {
	if strings.IndexAny(r.Sections, "0123456789") == 0 {
		return "RFC " + r.Sections
	}
	return r.Sections // the level of the error, or a document that is not an RFC
}

// AppendPage appends the listings as one complete page of HTML. A blank page has empty lines
// instead of the notes, for a class to fill in. If a run of octets or the message is long, the page shows
// its beginning, and says how much it leaves out.
func AppendPage(dst []byte, title string, blank bool, listings ...Listing) []byte {
	p := page{Title: string((visible.Blanks | visible.UTF8).Append(nil, []byte(title))),
		Style: template.CSS(pageCSS), Blank: blank}
	occurs := make(map[colorGroup]bool)
	for i, l := range listings {
		p.Sections = append(p.Sections, newSection(i, l))
		p.Sections[i].Blank = blank
		for _, r := range slices.Concat(p.Sections[i].Rows...) {
			occurs[r.Group] = true
		}
	}
	for _, g := range colorGroups {
		if occurs[g] {
			p.Groups = append(p.Groups, g)
		}
	}
	return appendTemplate(dst, "page", &p)
}

// AppendMessage appends the octets of a listing as HTML elements for a page that shows many messages.
// Each run has the colour of its rule, and its meaning as a title; the error follows. StyleSheet has
// the colours.
func AppendMessage(dst []byte, l Listing) []byte {
	return appendTemplate(dst, "message", newSection(0, l))
}

// AppendSection appends a listing as the HTML element section, as AppendPage has it: the octets, and
// the note of each run beside them.
func AppendSection(dst []byte, l Listing) []byte {
	return appendTemplate(dst, "section", newSection(0, l))
}

func appendTemplate(dst []byte, name string, data any) []byte {
	buf := bytes.NewBuffer(dst)
	if err := pageTemplate.ExecuteTemplate(buf, name, data); err != nil {
		panic(err) // the buffer takes everything, and the template fits its data
	}
	return buf.Bytes()
}

// StyleSheet returns the style sheet for what AppendMessage, AppendSection and MarkSymbols make. It
// also has the type and the colours of a page of text, whose main element has the class text, and of
// tables, forms and commands.
func StyleSheet() string { return pageCSS }

// MarkSymbols returns HTML in which each symbol of CR, LF, SP or HTAB is an element. Few fonts have
// the symbols, so the style sheet draws the name of the octet, as wide as one letter.
func MarkSymbols(html string) string { return markSymbols.Replace(html) }

// markSymbols replaces the symbols in a text about octets. In other texts an arrow is no symbol.
var (
	markSymbols = symbolMarks("\r\n \t")
	markInText  = symbolMarks("\r\n ")
)

func symbolMarks(octets string) *strings.Replacer {
	var pairs []string
	for _, o := range []byte(octets) {
		symbol := visible.Symbol(o)
		pairs = append(pairs, symbol,
			fmt.Sprintf(`<i class="quoted" data-octet="%s">%s</i>`, octetName(o), symbol))
	}
	return strings.NewReplacer(pairs...)
}

// FirstLine returns the beginning of the first line of a message as text. Credentials are hidden.
func FirstLine(b []byte) string {
	const most = 80
	line, _, _ := bytes.Cut(bytes.TrimLeft(b, "\r\n"), []byte("\n"))
	line = bytes.TrimRight(basicauth.Redact(line), "\r")
	text := visible.AppendText(nil, beginning(line, most))
	if len(line) > most {
		text = append(text, "..."...)
	}
	return string(text)
}

// beginning returns the first octets of b, at most the given number. If that number would cut a character of
// UTF-8, beginning leaves the character out.
func beginning(b []byte, most int) []byte {
	if len(b) <= most {
		return b
	}
	for end := most; end > most-utf8.UTFMax; end-- {
		if utf8.RuneStart(b[end]) {
			return b[:end]
		}
	}
	return b[:most]
}

func newSection(number int, l Listing) section {
	what := "Request"
	if l.Response {
		what = "Response"
	}
	lines, more := l.shown()
	s := section{Number: number, Heading: what + ", " + OctetCount(int64(len(l.Octets))),
		More: more, Error: errorLines(l), Times: l.Times}
	for i := range lines {
		line := &lines[i]
		if i == 0 || lines[i-1].endsRow() || line.Rule == httpwire.RuleSurplus {
			s.Rows = append(s.Rows, nil)
		}
		row := &s.Rows[len(s.Rows)-1]
		text, rest := line.pageText()
		*row = append(*row, run{line, line.group(), text, rest})
	}
	return s
}

// errorLines returns the text of the error of a listing, line by line.
func errorLines(l Listing) (lines []errorLine) {
	for line := range strings.Lines(string(l.AppendError(nil))) {
		text := template.HTML(markInText.Replace(html.EscapeString(line)))
		lines = append(lines, errorLine{strings.HasPrefix(line, "  |"), text})
	}
	return lines
}

func (l *Line) endsRow() bool {
	return l.Rule == httpwire.RuleCRLF || l.Rule == httpwire.RuleEndOfHead ||
		l.Rule == httpwire.RuleEmptyLine
}

// pageText returns the octets made visible, and a clause on those that it leaves out.
func (l *Line) pageText() (text template.HTML, more string) {
	shown, hex := beginning(l.Octets, pageText), isBinary(l.Octets)
	if hex {
		shown = l.Octets[:min(len(l.Octets), pageHex)]
	}
	if rest := len(l.Octets) - len(shown); rest > 0 {
		more = fmt.Sprintf("... %s more, not shown", OctetCount(int64(rest)))
	}
	if hex {
		return hexDump(shown), more
	}
	return markup(shown, l.style()), more
}

// hexDump returns octets as rows of hexadecimal digits and text.
func hexDump(b []byte) template.HTML {
	var rows []string
	for row := range slices.Chunk(b, pageRow) {
		rows = append(rows, string(appendHexRow(nil, row, pageRow)))
	}
	return template.HTML(markInText.Replace(html.EscapeString(strings.Join(rows, "\n"))))
}

// markup returns octets made visible as HTML. Each CR, LF, SP and HTAB is an element, unless it shows
// as a blank, and a line break follows each LF.
func markup(b []byte, st visible.Style) template.HTML {
	layout := "\r\n\t "
	if st&visible.Blanks != 0 {
		layout = "\r\n\t"
	}
	var text strings.Builder
	for len(b) > 0 {
		n := bytes.IndexAny(b, layout)
		if n < 0 {
			n = len(b)
		}
		text.WriteString(markInText.Replace(html.EscapeString(string(st.Append(nil, b[:n])))))
		if b = b[n:]; len(b) == 0 {
			break
		}
		fmt.Fprintf(&text, `<i data-octet="%s">%s</i>`, octetName(b[0]), visible.Symbol(b[0]))
		if b[0] == '\n' && len(b) > 1 {
			text.WriteByte('\n')
		}
		b = b[1:]
	}
	return template.HTML(text.String())
}
