package exchange

import (
	"strings"
	"unicode/utf8"
)

// wrapWidth fits a terminal of 80 columns.
const wrapWidth = 79

// wrap breaks the first line of a text into rows, for which there is a beginning and an indent.
// Lines behind it stay as they are: they hold what is to be typed, or an excerpt.
func wrap(begin, indent, text string) string {
	text, rest, more := strings.Cut(strings.TrimSuffix(text, "\n"), "\n")
	var page strings.Builder
	row, fresh := begin, true
	for _, w := range words(text) {
		if !fresh && columns(row)+columns(w.gap+w.text) > wrapWidth {
			page.WriteString(row + "\n")
			row, w.gap = indent, ""
		}
		row, fresh = row+w.gap+w.text, false
	}
	page.WriteString(row + "\n")
	if more {
		page.WriteString(rest + "\n")
	}
	return page.String()
}

// A word is what is not broken, and the blanks before it.
type word struct{ gap, text string }

// words takes a text apart at its spaces, but for those of a command, which stands between two
// spaces and two spaces:  like this one  in the middle.
func words(text string) (ws []word) {
	gap := ""
	for i, piece := range strings.Split(text, "  ") {
		if i%2 == 1 {
			ws = append(ws, word{gap, piece})
		} else {
			for w := range strings.SplitSeq(piece, " ") {
				ws = append(ws, word{gap, w})
				gap = " "
			}
		}
		gap = "  "
	}
	return ws
}

func columns(s string) int { return utf8.RuneCountInString(s) }
