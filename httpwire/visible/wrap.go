package visible

import "strings"

// LineWidth is the number of columns of a line that fits a terminal of 80.
const LineWidth = 79

// Wrap breaks a text at its spaces into rows of at most the given number of columns. An empty text has
// no rows. Text between two double spaces is something that the reader types, so it is not broken. The
// double spaces stay.
func Wrap(text string, columns int) (rows []string) {
	used := 0 // columns of the last row
	for word := range strings.SplitSeq(unbroken(text, columns), " ") {
		width := columnsOf(word)
		switch {
		case len(rows) > 0 && used+1+width <= columns:
			rows[len(rows)-1] += " " + word
			used += 1 + width
		case word != "":
			rows, used = append(rows, word), width
		}
	}
	for i := range rows {
		rows[i] = strings.ReplaceAll(strings.TrimRight(rows[i], " "), noBreak, " ")
	}
	return rows
}

// AppendRows appends a text in rows that fit LineWidth, each with a line end. The first row begins
// with begin, and the others with as many blanks.
func AppendRows(dst []byte, begin, text string) []byte {
	blanks := strings.Repeat(" ", columnsOf(begin))
	for _, row := range Wrap(text, LineWidth-len(blanks)) {
		dst = append(append(append(dst, begin...), row...), '\n')
		begin = blanks
	}
	return dst
}

// columnsOf returns how many columns a text takes that is shown as it is.
func columnsOf(text string) (columns int) {
	for _, r := range text {
		columns += width(r)
	}
	return columns
}

const noBreak = "\x00"

// unbroken replaces the spaces in text to be typed by noBreak, unless it is longer than a row.
func unbroken(text string, columns int) string {
	pieces := strings.Split(text, "  ")
	for i := 1; i < len(pieces); i += 2 {
		if columnsOf(pieces[i]) <= columns {
			pieces[i] = strings.ReplaceAll(pieces[i], " ", noBreak)
		}
	}
	return strings.Join(pieces, "  ")
}
