package explain

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"unicode/utf8"

	"rawhttp/httpwire"
	"rawhttp/httpwire/visible"
)

// The listing as a page, for a browser, a projector and paper: the message on the left as it
// stands, the meaning of each run of octets beside its line. The page is one file that loads
// nothing and runs nothing; what the eye follows from octets to meaning is done by its style sheet.
//
// The octets get into the page through html/template alone, which escapes them.

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

const (
	pageText = 4 << 10 // octets of text shown in one run
	pageHex  = 512     // and of what is no text
)

// page is what the template is filled with.
type page struct {
	Title    string
	Style    template.CSS
	Blank    bool
	Kinds    []kind
	Sections []section
}

// A section is a message on the page.
type section struct {
	Number  int
	Heading string
	Rows    [][]run // one for each line on the wire
	More    string  // said of what is not shown
	Error   []errorLine
}

// An errorLine is a line of the text of an error, with its line end. An excerpt is a line that must
// not wrap, since the caret in the next one points into it.
type errorLine struct {
	Excerpt bool
	Text    []glyphs
}

// A run is a line of the listing, made visible.
type run struct {
	*Line
	Part int
	Kind kind
	Text []glyphs
	More string // said of what is not shown
}

// Glyphs are a piece of text as it is, or the symbol of an octet of layout. Fonts that have the
// symbols are rare, so the style sheet draws the name of the octet in its place. A symbol that is
// quoted is a character of a text about octets, such as a refusal, and is drawn as one letter.
type glyphs struct {
	Text, Octet string
	Quoted      bool
}

// Source says where the meaning of the run is from.
func (r run) Source() string {
	if s := r.Sections; s != "" && '0' <= s[0] && s[0] <= '9' {
		return "RFC " + s
	}
	return r.Sections
}

// AppendPage appends the listings as one page of HTML, complete and on its own. A blank page has
// empty lines in the place of the meanings, for a class to fill in. Of a long run of octets the
// beginning is shown, and of a long message the first lines, with a word how much is not.
func AppendPage(dst []byte, title string, blank bool, listings ...Listing) []byte {
	p := page{Title: string((visible.Blanks | visible.UTF8).Append(nil, []byte(title))), Style: template.CSS(pageCSS), Blank: blank, Kinds: kinds[:]}
	for i, l := range listings {
		p.Sections = append(p.Sections, newSection(i, l))
	}
	buf := bytes.NewBuffer(dst)
	if err := pageTemplate.Execute(buf, &p); err != nil {
		panic(err) // the buffer takes everything, and the template fits its data
	}
	return buf.Bytes()
}

func newSection(number int, l Listing) section {
	what := "Request"
	if l.Response {
		what = "Response"
	}
	p := section{Number: number, Heading: what + ", " + OctetCount(int64(len(l.Octets)))}
	shown, more := l.shown()
	var row []run
	for i := range shown {
		line := &shown[i]
		if len(row) > 0 && line.beginsRow() {
			p.Rows, row = append(p.Rows, row), nil
		}
		text, rest := line.pageText()
		row = append(row, run{line, number, line.kind(), text, rest})
		if line.endsRow() {
			p.Rows, row = append(p.Rows, row), nil
		}
	}
	if row != nil {
		p.Rows = append(p.Rows, row)
	}
	p.More = more
	if l.Err != nil {
		p.Error = errorLines(l)
	}
	return p
}

// errorLines returns the text of the error of a listing, line by line.
func errorLines(l Listing) (lines []errorLine) {
	for line := range strings.Lines(string(l.AppendError(nil))) {
		lines = append(lines, errorLine{strings.HasPrefix(line, "  |"), split(line)})
	}
	return lines
}

func (l *Line) beginsRow() bool {
	return l.Rule == httpwire.RuleMessageBody || l.Rule == httpwire.RuleSurplus
}

func (l *Line) endsRow() bool {
	return l.Rule == httpwire.RuleCRLF || l.Rule == httpwire.RuleEndOfHead ||
		l.Rule == httpwire.RuleEmptyLine
}

// pageText returns the octets made visible, on a new row behind each LF, and a word on those that
// there is no room for.
func (l *Line) pageText() (text []glyphs, more string) {
	shown, hex, most := l.Octets, isBinary(l.Octets), pageText
	if hex {
		most = pageHex
	}
	if rest := len(shown) - most; rest > 0 {
		shown, more = shown[:most], fmt.Sprintf("... %s more, not shown", OctetCount(int64(rest)))
	}
	if hex {
		return []glyphs{{Text: hexDump(shown)}}, more
	}
	return glyphsOf(shown, l.style()), more
}

// hexDump returns octets as rows of hexadecimal digits and text.
func hexDump(b []byte) string {
	var rows [][]byte
	for len(b) > 0 {
		n := hexStep(b)
		rows = append(rows, appendHexRow(nil, b[:n]))
		b = b[n:]
	}
	return string(bytes.Join(rows, []byte("\n")))
}

// glyphsOf takes octets apart into text and symbols.
func glyphsOf(b []byte, st visible.Style) (gs []glyphs) {
	var text []byte
	flush := func() {
		if len(text) > 0 {
			gs, text = append(gs, glyphs{Text: string(text)}), nil
		}
	}
	for len(b) > 0 {
		o, n := b[0], 1
		r, size := utf8.DecodeRune(b)
		switch {
		case st&visible.UTF8 != 0 && r >= 0x2400 && octetOf(r) != "":
			flush()
			gs, n = append(gs, glyphs{string(r), octetOf(r), true}), size
		case visible.Symbol(o) == "" || o == ' ' && st&visible.Blanks != 0:
			text, n, _ = st.Next(text, b)
		default:
			flush()
			gs = append(gs, glyphs{visible.Symbol(o), octetName(o), false})
		}
		if b = b[n:]; o == '\n' && len(b) > 0 {
			text = append(text, '\n')
		}
	}
	flush()
	return gs
}

// split does the same with a text in which every symbol stands for its octet.
func split(text string) (gs []glyphs) {
	for text != "" {
		i := strings.IndexFunc(text, func(r rune) bool { return octetOf(r) != "" })
		if i < 0 {
			return append(gs, glyphs{Text: text})
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		gs = append(gs, glyphs{Text: text[:i]}, glyphs{text[i : i+n], octetOf(r), true})
		text = text[i+n:]
	}
	return gs
}

// octetOf names the octet that a symbol stands for, "" for any other character.
func octetOf(r rune) string {
	for _, o := range []byte("\r\n \t") {
		if string(r) == visible.Symbol(o) {
			return octetName(o)
		}
	}
	return ""
}
