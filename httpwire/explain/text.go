package explain

import (
	"fmt"
	"strconv"
	"strings"

	"rawhttp/httpwire"
	"rawhttp/httpwire/visible"
)

// The listing as text, for 80 columns:
//
//	offset   len  octets                     rule           RFC section
//	     0     3  GET                        method         1945 8.1, 9110 9.3.1
//	                                         The client asks for the resource. GET
//
// Octets that do not fit beside their note are below it, over the whole width.
const (
	octetsColumn = 14 // where the octets begin
	octetsWidth  = 25
	ruleColumn   = octetsColumn + octetsWidth + 2
	ruleWidth    = 14
	belowWidth   = visible.LineWidth - octetsColumn
	besideRows   = 2  // the most rows of octets beside a note
	textRows     = 24 // the most rows of octets below it
	hexRows      = 16
	hexOctets    = 16 // in a row
)

// AppendText appends the listing as text for 80 columns, and the error that ended the message, if
// any. If a run of octets is long, it shows the first rows, and says how many octets it leaves out.
func AppendText(dst []byte, l Listing) []byte { return l.appendText(dst, false) }

// AppendColor appends what AppendText does, in the colours of a terminal.
func AppendColor(dst []byte, l Listing) []byte { return l.appendText(dst, true) }

func (l *Listing) appendText(dst []byte, p paint) []byte {
	dst = fmt.Appendf(dst, "offset   len  %s  %s RFC section\n",
		pad("octets", octetsWidth), pad("rule", ruleWidth))
	lines, more := l.shown()
	for i := range lines {
		dst = lines[i].appendText(dst, p)
	}
	if more != "" {
		dst = append(append(dst, more...), '\n')
	}
	if l.Err == nil {
		return dst
	}
	text := string(l.AppendError(nil))
	title, rest, _ := strings.Cut(text, "\n")
	return fmt.Appendf(dst, "\n%s\n%s", p.over(wrong, title), rest)
}

// String returns the listing as AppendText makes it.
func (l Listing) String() string { return string(AppendText(nil, l)) }

func (l *Line) appendText(dst []byte, p paint) []byte {
	numbers := pad(fmt.Sprintf("%6d %5d ", l.Offset, len(l.Octets)), octetsColumn)
	const octetsEnd = octetsColumn + octetsWidth
	left, all := l.beside(p, octetsEnd-len(numbers))
	if !all {
		left = nil
	}
	name := l.Name()
	right := append([]string{p.over(l.group(), name) + pad("", ruleWidth-len(name)) + " " + l.Sections},
		visible.Wrap(l.Note, visible.LineWidth-ruleColumn)...)
	for i := range max(len(left), len(right)) {
		row := numbers
		if i > 0 {
			row = pad("", octetsColumn)
		}
		if i < len(left) {
			row += left[i]
		} else {
			row = pad(row, octetsEnd)
		}
		if i < len(right) {
			row += "  " + right[i]
		}
		dst = append(append(dst, strings.TrimRight(row, " ")...), '\n')
	}
	if !all {
		dst = l.appendBelow(dst, p)
	}
	return dst
}

// beside returns the rows of octets for their column, which they fill, and whether they fit there.
// The first row is shorter if long numbers precede it.
func (l *Line) beside(p paint, first int) (rows []string, all bool) {
	st, width := l.style(), first
	for b := l.Octets; len(b) > 0; {
		if len(rows) == besideRows {
			return rows, false
		}
		n := st.Cut(b, width)
		text := string(st.AppendRow(nil, b[:n]))
		if rest, ok := strings.CutPrefix(text, " "); ok { // it would not show between columns
			text = visible.Symbol(' ') + rest
		}
		rows = append(rows, p.over(l.group(), text)+pad("", width-st.Columns(b[:n])))
		b, width = b[n:], octetsWidth
	}
	return rows, true
}

// style chooses how the octets show. In values and bodies SP is a blank, and in bodies UTF-8 is text.
func (l *Line) style() visible.Style {
	switch l.Rule {
	case httpwire.RuleFieldValue, httpwire.RuleReasonPhrase, httpwire.RuleChunkExt:
		return visible.Blanks
	case httpwire.RuleMessageBody, httpwire.RuleChunkData, httpwire.RuleSurplus:
		return visible.Blanks | visible.UTF8
	}
	return 0
}

func (l *Line) appendBelow(dst []byte, p paint) []byte {
	rows, isHex := textRows, isBinary(l.Octets)
	if isHex {
		rows = hexRows
	}
	b := l.Octets
	for i := 0; len(b) > 0; i++ {
		if i == rows {
			return fmt.Appendf(dst, "%*s... %s more, not shown\n",
				octetsColumn, "", OctetCount(int64(len(b))))
		}
		at := ""
		if i > 0 {
			at = strconv.Itoa(l.Offset + len(l.Octets) - len(b))
		}
		dst = append(dst, pad(fmt.Sprintf("%6s", at), octetsColumn)...)
		n, row := 0, []byte(nil)
		if isHex {
			n = min(len(b), hexOctets)
			row = appendHexRow(nil, b[:n], hexOctets)
		} else {
			n = l.style().Cut(b, belowWidth)
			row = l.style().AppendRow(nil, b[:n])
		}
		dst = append(append(dst, p.over(l.group(), string(row))...), '\n')
		b = b[n:]
	}
	return dst
}

// isBinary reports whether one octet in eight or more would have to be escaped, so that the octets
// read better in hexadecimal.
func isBinary(b []byte) bool {
	var scratch [8]byte
	escaped := 0
	for rest := b; len(rest) > 0; {
		_, n, columns := (visible.Blanks | visible.UTF8).Next(scratch[:0], rest)
		if columns == 4 {
			escaped++
		}
		rest = rest[n:]
	}
	return escaped*8 >= len(b)
}

func pad(s string, columns int) string {
	return s + strings.Repeat(" ", max(0, columns-len(s)))
}

// AppendHex appends every octet of the listing as offset, hexadecimal digits, text and rule, and the
// error that ended the message, if any.
func AppendHex(dst []byte, l Listing) []byte {
	const inRow = 12 // so that the rule fits in 80 columns
	dst = fmt.Appendf(dst, "offset  %-*s  %-*s  rule\n", 3*inRow-1, "hex", inRow, "text")
	for i := range l.Lines {
		line := &l.Lines[i]
		name := line.Name()
		for at := 0; at < len(line.Octets); at += inRow {
			row := line.Octets[at:min(at+inRow, len(line.Octets))]
			dst = appendHexRow(fmt.Appendf(dst, "%6d  ", line.Offset+at), row, inRow)
			if name != "" {
				dst = fmt.Appendf(dst, "%*s  %s", inRow-len(row), "", name)
			}
			dst, name = append(dst, '\n'), ""
		}
	}
	if l.Err == nil {
		return dst
	}
	return l.AppendError(append(dst, '\n'))
}

// appendHexRow appends the octets of a row in hexadecimal digits, and as text of one column for each.
func appendHexRow(dst, row []byte, inRow int) []byte {
	dst = fmt.Appendf(dst, "%-*s  ", 3*inRow-1, fmt.Sprintf("% X", row))
	for _, o := range row {
		switch s := visible.Symbol(o); {
		case s != "":
			dst = append(dst, s...)
		case 0x20 < o && o < 0x7F:
			dst = append(dst, o)
		default:
			dst = append(dst, '.')
		}
	}
	return dst
}
