package compare

import (
	"bytes"
	"fmt"
	"strings"

	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/visible"
)

const (
	sideWidth = (visible.LineWidth - len(" | ")) / 2
	wideWidth = visible.LineWidth - len("1|  ")
	wideRows  = 3 // rows of a line that does not fit its side
	context   = 2 // equal lines of a body that are shown next to a difference
)

// Legend explains the marks.
const Legend = "|  differs   <  only in 1   >  only in 2   ~  differs, and is ignored\n"

// AppendText appends the comparison as text for 80 columns. Lines that fit stand side by side, and
// others one above the other, after the number of their message. Below a line of a head, the text says
// what the octets that differ mean.
func (c *Comparison) AppendText(dst []byte) []byte {
	for i := 0; i < len(c.Pairs); i++ {
		if n := c.alike(i); n > 2*context+1 {
			for _, p := range c.Pairs[i : i+context] {
				dst = p.appendText(dst)
			}
			i += n - context
			dst = fmt.Appendf(dst, "... %d equal lines\n", n-2*context)
		}
		dst = c.Pairs[i].appendText(dst)
	}
	if c.Moved {
		dst = append(dst, "The fields are in another order, which means nothing (RFC 9110 section 5.3).\n"...)
	}
	return dst
}

// alike returns how many equal lines of a body begin at pair i.
func (c *Comparison) alike(i int) (n int) {
	for _, p := range c.Pairs[i:] {
		if p.Verdict != Same || !p.First.body {
			break
		}
		n++
	}
	return n
}

func (p *Pair) mark() string {
	switch {
	case p.Verdict == Same:
		return " "
	case p.Verdict == Ignored:
		return "~"
	case p.Second == nil:
		return "<"
	case p.First == nil:
		return ">"
	}
	return "|"
}

func (p *Pair) appendText(dst []byte) []byte {
	first, second := p.First.show(), p.Second.show()
	width := p.First.columns()
	switch {
	case width <= sideWidth && p.Second.columns() <= sideWidth:
		pad := strings.Repeat(" ", sideWidth-width)
		row := first + pad + " " + p.mark() + " " + second
		dst = append(append(dst, strings.TrimRight(row, " ")...), '\n')
	case p.Verdict == Same:
		dst = p.First.appendWide(dst, "12  ")
	default:
		dst = p.First.appendWide(dst, "1"+p.mark()+"  ")
		dst = p.Second.appendWide(dst, "2"+p.mark()+"  ")
	}
	if p.Verdict == Different && p.First != nil && p.Second != nil && !p.First.body {
		dst = p.appendMeaning(dst)
	}
	return dst
}

// show returns the octets made visible.
func (r *Row) show() string {
	if r == nil {
		return ""
	}
	return string(r.style().Append(nil, r.Octets()))
}

// columns returns how many columns show takes.
func (r *Row) columns() int {
	if r == nil {
		return 0
	}
	return r.style().Columns(r.Octets())
}

func (r *Row) style() visible.Style {
	if r.body {
		return visible.Blanks | visible.UTF8
	}
	return visible.Blanks
}

// appendWide appends rows over the whole width. The first begins with a mark.
func (r *Row) appendWide(dst []byte, mark string) []byte {
	if r == nil {
		return dst
	}
	b := r.Octets()
	for row := 0; len(b) > 0; row++ {
		if row == wideRows {
			return fmt.Appendf(dst, "    ... %s more\n", explain.OctetCount(int64(len(b))))
		}
		n := r.style().Cut(b, wideWidth)
		dst = append(r.style().AppendRow(append(dst, mark...), b[:n]), '\n')
		b, mark = b[n:], "    "
	}
	return dst
}

// appendMeaning says which octets differ first, and what they mean if that differs too. If one line
// is the beginning of the other, it says what follows. If the names of a field differ in the case of their
// letters, it says so, and which octets of the value differ.
func (p *Pair) appendMeaning(dst []byte) []byte {
	n := min(len(p.First.Lines), len(p.Second.Lines))
	sameName := false
	for i := range n {
		a, b := &p.First.Lines[i], &p.Second.Lines[i]
		if string(a.Octets) == string(b.Octets) {
			continue
		}
		if a.Rule == httpwire.RuleFieldName { // both lines have the same name
			dst = append(dst, "      the names differ in case only, which means nothing (RFC 9110 section 5.1)\n"...)
			sameName = true
			continue
		}
		dst = fmt.Appendf(dst, "      %s: offset %d in 1, offset %d in 2\n", names(a, b), a.Offset, b.Offset)
		if a.Note != b.Note {
			dst = visible.AppendRows(dst, "      1 ", a.Note)
			dst = visible.AppendRows(dst, "      2 ", b.Note)
		}
		return dst
	}
	for number, r := range []*Row{p.First, p.Second} {
		if len(r.Lines) > n {
			return fmt.Appendf(dst, "      %s: only in %d, offset %d\n", r.Lines[n].Name(), number+1,
				r.Lines[n].Offset)
		}
	}
	if name := len(p.First.Lines[0].Octets); sameName && bytes.Equal(p.First.raw[name:], p.Second.raw[name:]) {
		return dst
	}
	return append(dst, "      they differ in what is hidden\n"...)
}

func names(a, b *explain.Line) string {
	if a.Rule == b.Rule {
		return a.Name()
	}
	return a.Name() + " and " + b.Name()
}
