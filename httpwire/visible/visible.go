// Package visible makes octets visible on a terminal or a page, and safe to print.
//
// An octet shows in one of three ways: as the ASCII character that it is, as a symbol if it is CR, LF,
// SP or HTAB, or as \xHH. A [Style] lets more characters through. No style lets an invisible character
// through, such as a control or a bidirectional override.
//
//	visible.go   octets, by style
//	wrap.go      texts broken into rows that fit a terminal
package visible

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// A Style says which octets show as they are, in addition to the visible ones of ASCII.
type Style uint8

// The styles, which can be combined. The zero Style is neither of them.
const (
	Blanks Style = 1 << iota // SP is a blank and not a symbol
	UTF8                     // printable characters in UTF-8
)

// Append appends b on one line, with every octet visible. It is the zero Style.
func Append(dst, b []byte) []byte { return Style(0).Append(dst, b) }

// AppendMarked appends the octets of a message in the style Blanks, with a mark and a space before each line. A
// line break follows each LF. So a head can be read, and its line ends can be seen.
func AppendMarked(dst []byte, mark byte, b []byte) []byte {
	for line := range bytes.Lines(b) {
		dst = append(Blanks.Append(append(dst, mark, ' '), line), '\n')
	}
	return dst
}

// AppendText appends b as text for a terminal. LF and CR LF are line breaks, and HTAB and the
// printable characters of UTF-8 stay. Other octets are escaped, and so is a character that the end
// of b cuts off.
func AppendText(dst, b []byte) []byte {
	for len(b) > 0 {
		n := 1
		switch {
		case b[0] == '\n' || b[0] == '\t':
			dst = append(dst, b[0])
		case bytes.HasPrefix(b, []byte("\r\n")): // the LF is the line break
		case b[0] == '\r':
			dst = appendEscape(dst, b[0])
		default:
			dst, n, _ = (Blanks | UTF8).Next(dst, b)
		}
		b = b[n:]
	}
	return dst
}

// AppendJSON appends a JSON text, and escapes the characters in it that do not print, such as DEL and
// those that change the direction of writing. They are all within strings. LF stays.
func AppendJSON(dst, text []byte) []byte {
	for _, r := range string(text) {
		if r == '\n' || shows(r) {
			dst = utf8.AppendRune(dst, r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			dst = fmt.Appendf(dst, `\u%04x`, unit)
		}
	}
	return dst
}

// Append appends b on one line.
func (st Style) Append(dst, b []byte) []byte {
	for len(b) > 0 {
		var n int
		dst, n, _ = st.Next(dst, b)
		b = b[n:]
	}
	return dst
}

// AppendRow appends b on one line, with a symbol for an SP at its end.
func (st Style) AppendRow(dst, b []byte) []byte {
	if before, ok := bytes.CutSuffix(b, []byte(" ")); ok {
		return append(st.Append(dst, before), Symbol(' ')...)
	}
	return st.Append(dst, b)
}

// Next appends the first octet of b, or the character that begins there. It returns how many octets of
// b it has appended, and how many columns they take on a terminal.
func (st Style) Next(dst, b []byte) (_ []byte, n, columns int) {
	switch o := b[0]; {
	case o == ' ' && st&Blanks != 0:
		return append(dst, ' '), 1, 1
	case Symbol(o) != "":
		return append(dst, Symbol(o)...), 1, 1
	case 0x20 < o && o < 0x7F:
		return append(dst, o), 1, 1
	case st&UTF8 == 0:
		return appendEscape(dst, o), 1, 4
	}
	r, size := utf8.DecodeRune(b)
	if r == utf8.RuneError || !shows(r) {
		return appendEscape(dst, b[0]), 1, 4
	}
	return append(dst, b[:size]...), size, width(r)
}

// shows reports whether a character shows by itself.
func shows(r rune) bool { return unicode.IsPrint(r) && !unicode.In(r, blank...) }

// blank are the printable characters that do not show: the fillers of Hangul, the joiners and
// selectors of variants, and the empty pattern of Braille.
var blank = []*unicode.RangeTable{unicode.Other_Default_Ignorable_Code_Point,
	unicode.Variation_Selector, {R16: []unicode.Range16{{Lo: 0x2800, Hi: 0x2800, Stride: 1}}}}

// Columns returns how many columns b takes on one line.
func (st Style) Columns(b []byte) (total int) {
	var scratch [8]byte
	for len(b) > 0 {
		_, n, columns := st.Next(scratch[:0], b)
		b, total = b[n:], total+columns
	}
	return total
}

// Cut returns how many octets of b fill a row with the given number of columns. It returns at least 1,
// unless b is empty. A row ends after an LF. Where it can, it ends after an SP in its second half rather
// than inside a word. A row has at most 16 octets for each column, because some marks take no column.
func (st Style) Cut(b []byte, columns int) int {
	var scratch [8]byte
	n, used, space := 0, 0, 0
	for n < len(b) {
		_, size, w := st.Next(scratch[:0], b[n:])
		if used+w > columns || n+size > 16*columns {
			if space > 0 {
				return space
			}
			return max(n, 1)
		}
		n, used = n+size, used+w
		if b[n-1] == '\n' {
			return n
		}
		if b[n-1] == ' ' && used > columns/2 { // a short row before a long word is no help
			space = n
		}
	}
	return n
}

func appendEscape(dst []byte, o byte) []byte {
	const digits = "0123456789ABCDEF"
	return append(dst, '\\', 'x', digits[o>>4], digits[o&15])
}

// Symbol returns the character that stands for CR, LF, SP or HTAB, and "" for any other octet.
func Symbol(o byte) string {
	switch o {
	case '\r':
		return "␍"
	case '\n':
		return "␊"
	case ' ':
		return "␠"
	case '\t':
		return "→"
	}
	return ""
}

// width returns the columns that a printable character takes: none for a mark that stands on the
// character before it, two for the wide ones of East Asia and for pictures, and one for all others.
func width(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

// wide has the characters whose East Asian width is W or F (Unicode Standard Annex 11), and a few
// others between them.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x1100, 0x115F, 1},
		{0x231A, 0x231B, 1}, {0x2329, 0x232A, 1}, {0x23E9, 0x23EC, 1}, {0x23F0, 0x23F3, 3},
		{0x25FD, 0x25FE, 1}, {0x2614, 0x2615, 1}, {0x2648, 0x2653, 1}, {0x267F, 0x2693, 20},
		{0x26A1, 0x26A1, 1}, {0x26AA, 0x26AB, 1}, {0x26BD, 0x26BE, 1}, {0x26C4, 0x26C5, 1},
		{0x26CE, 0x26D4, 6}, {0x26EA, 0x26EA, 1}, {0x26F2, 0x26F3, 1}, {0x26F5, 0x26FA, 5},
		{0x26FD, 0x2705, 8}, {0x270A, 0x270B, 1}, {0x2728, 0x2728, 1}, {0x274C, 0x274E, 2},
		{0x2753, 0x2755, 1}, {0x2757, 0x2757, 1}, {0x2795, 0x2797, 1}, {0x27B0, 0x27BF, 15},
		{0x2B1B, 0x2B1C, 1}, {0x2B50, 0x2B55, 5},
		{0x2E80, 0xA4CF, 1}, {0xA960, 0xA97F, 1}, {0xAC00, 0xD7A3, 1}, {0xF900, 0xFAFF, 1},
		{0xFE10, 0xFE19, 1}, {0xFE30, 0xFE6F, 1}, {0xFF00, 0xFF60, 1}, {0xFFE0, 0xFFE6, 1},
	},
	R32: []unicode.Range32{
		{0x16FE0, 0x1B2FF, 1}, {0x1F004, 0x1F004, 1}, {0x1F0CF, 0x1F0CF, 1}, {0x1F18E, 0x1F18E, 1},
		{0x1F191, 0x1F19A, 1}, {0x1F200, 0x1F265, 1}, {0x1F300, 0x1FAFF, 1}, {0x20000, 0x3FFFD, 1},
	},
}
