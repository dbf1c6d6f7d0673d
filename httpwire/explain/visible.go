package explain

import (
	"unicode"
	"unicode/utf8"
)

// Octets are shown one of three ways: as the ASCII character they are, as a symbol for the four
// octets that lay out a message (CR LF SP HT), as \xHH otherwise. What a terminal would act upon
// never gets through.

// A style says what else may show as it is.
type style uint8

const (
	plainSP style = 1 << iota // SP is a blank, not a symbol
	unicod                    // printable characters in UTF-8
)

const hexDigits = "0123456789ABCDEF"

// AppendVisible appends b on one line, every octet visible: CR LF SP HT as symbols, controls and
// octets beyond ASCII as \xHH.
func AppendVisible(dst, b []byte) []byte {
	for len(b) > 0 {
		var n int
		dst, n, _ = style(0).unit(dst, b)
		b = b[n:]
	}
	return dst
}

// AppendHead appends b like AppendVisible, but with blanks for SP and a line break behind each LF:
// a head as it is read best, with its CR LF to be seen.
func AppendHead(dst, b []byte) []byte {
	for len(b) > 0 {
		var n int
		lf := b[0] == '\n'
		if dst, n, _ = plainSP.unit(dst, b); lf {
			dst = append(dst, '\n')
		}
		b = b[n:]
	}
	return dst
}

// AppendPlain appends b as a terminal may have it: LF and CR LF are line breaks, HT and printable
// characters in UTF-8 stay, other octets are escaped, and a character that the end of b cuts off.
func AppendPlain(dst, b []byte) []byte {
	for len(b) > 0 {
		n := 1
		switch {
		case b[0] == '\n' || b[0] == '\t':
			dst = append(dst, b[0])
		case b[0] == '\r' && len(b) > 1 && b[1] == '\n':
			dst, n = append(dst, '\n'), 2
		case b[0] == '\r':
			dst = appendEscape(dst, b[0])
		default:
			dst, n, _ = (plainSP | unicod).unit(dst, b)
		}
		b = b[n:]
	}
	return dst
}

// unit appends what stands for the first octet of b, or for the character that begins there, and
// returns how many octets that was and how many columns it takes.
func (st style) unit(dst, b []byte) (_ []byte, n, columns int) {
	switch o := b[0]; {
	case o == ' ' && st&plainSP != 0:
		return append(dst, ' '), 1, 1
	case symbol(o) != "":
		return append(dst, symbol(o)...), 1, 1
	case 0x20 < o && o < 0x7F:
		return append(dst, o), 1, 1
	case o < 0x80 || st&unicod == 0:
		return appendEscape(dst, o), 1, 4
	}
	r, size := utf8.DecodeRune(b)
	if r == utf8.RuneError || !unicode.IsPrint(r) {
		return appendEscape(dst, b[0]), 1, 4
	}
	return append(dst, b[:size]...), size, width(r)
}

func appendEscape(dst []byte, o byte) []byte {
	return append(dst, '\\', 'x', hexDigits[o>>4], hexDigits[o&15])
}

// symbol returns the character that stands for an octet of layout, "" for any other octet.
func symbol(o byte) string {
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

// width returns the columns that a printable character takes: two for the wide ones of East Asia
// and for pictures, one for everything else, marks that take none included.
func width(r rune) int {
	switch {
	case r < 0x1100:
		return 1
	case r <= 0x115F, 0x2E80 <= r && r <= 0xA4CF, 0xAC00 <= r && r <= 0xD7A3,
		0xF900 <= r && r <= 0xFAFF, 0xFE30 <= r && r <= 0xFE6F, 0xFF00 <= r && r <= 0xFF60,
		0xFFE0 <= r && r <= 0xFFE6, 0x1F300 <= r && r <= 0x1FAFF, 0x20000 <= r && r <= 0x3FFFD:
		return 2
	}
	return 1
}

// cut returns how many octets of b, one at least, fill a row of so many columns. A row ends behind
// an LF; where it can, it ends behind an SP rather than inside a word.
func (st style) cut(b []byte, columns int) int {
	var scratch [8]byte
	n, used, space := 0, 0, 0
	for n < len(b) {
		_, size, w := st.unit(scratch[:0], b[n:])
		if used+w > columns {
			if space > 0 {
				return space
			}
			return max(n, 1)
		}
		n, used = n+size, used+w
		if b[n-1] == '\n' {
			return n
		}
		if b[n-1] == ' ' && used > columns/2 {
			space = n
		}
	}
	return n
}

// row appends b, which fits in a row. An SP at its end shows as a symbol.
func (st style) row(dst, b []byte) []byte {
	for len(b) > 0 {
		var n int
		if len(b) == 1 {
			st &^= plainSP
		}
		dst, n, _ = st.unit(dst, b)
		b = b[n:]
	}
	return dst
}

// columns returns how many columns the octets take on one line.
func (st style) columns(b []byte) (total int) {
	var scratch [8]byte
	for len(b) > 0 {
		_, n, w := st.unit(scratch[:0], b)
		b, total = b[n:], total+w
	}
	return total
}
