package explain

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"

	"rawhttp/httpwire"
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
	Error   string
}

// A run is a line of the listing, made visible.
type run struct {
	*Line
	Part int
	Kind kind
	Text string
	More string // said of what is not shown
}

// AppendPage appends the listings as one page of HTML, complete and on its own. A blank page has
// empty lines in the place of the meanings, for a class to fill in. Of a long run of octets the
// beginning is shown, and of a long message the first lines, with a word how much is not.
func AppendPage(dst []byte, title string, blank bool, listings ...Listing) []byte {
	p := page{Title: printable(title), Style: template.CSS(pageCSS), Blank: blank, Kinds: kinds[:]}
	for i, l := range listings {
		p.Sections = append(p.Sections, newSection(i, l))
	}
	buf := bytes.NewBuffer(dst)
	if err := pageTemplate.Execute(buf, &p); err != nil {
		panic(err) // the buffer takes everything, and the template fits its data
	}
	return buf.Bytes()
}

// printable makes a text fit for a page, whatever is in it.
func printable(text string) string {
	var dst []byte
	for b := []byte(text); len(b) > 0; {
		n := 0
		dst, n, _ = (plainSP | unicod).unit(dst, b)
		b = b[n:]
	}
	return string(dst)
}

func newSection(number int, l Listing) section {
	what := "Request"
	if l.Response {
		what = "Response"
	}
	p := section{Number: number, Heading: what + ", " + octetCount(int64(len(l.Octets)))}
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
		p.Error = string(AppendError(nil, l.Octets, l.Err))
	}
	return p
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
func (l *Line) pageText() (text, more string) {
	shown, st := l.Octets, l.style()
	hex := isBinary(shown)
	if most := map[bool]int{false: pageText, true: pageHex}[hex]; len(shown) > most {
		shown = shown[:most]
		more = fmt.Sprintf("... %s more, not shown", octetCount(int64(len(l.Octets)-most)))
	}
	var dst []byte
	for b := shown; len(b) > 0; {
		n, end := 0, false
		if hex {
			n = hexStep(b)
			dst, end = appendHexRow(dst, b[:n]), true
		} else {
			end = b[0] == '\n'
			dst, n, _ = st.unit(dst, b)
		}
		if b = b[n:]; end && len(b) > 0 {
			dst = append(dst, '\n')
		}
	}
	return string(dst), more
}
