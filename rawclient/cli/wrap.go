package cli

import (
	"strings"

	"rawhttp/httpwire/visible"
)

// wrap breaks the first line of a text into rows. The first row begins with begin and the others with
// indent, which is not longer. The other lines stay as they are: they are commands or excerpts.
func wrap(begin, indent, text string) string {
	text, rest, more := strings.Cut(strings.TrimSuffix(text, "\n"), "\n")
	begin, text = begin[:len(indent)], begin[len(indent):]+text
	var page strings.Builder
	for _, row := range visible.Wrap(text, visible.LineWidth-len(indent)) {
		page.WriteString(begin + row + "\n")
		begin = indent
	}
	if page.Len() == 0 {
		page.WriteString(begin + "\n")
	}
	if more {
		page.WriteString(rest + "\n")
	}
	return page.String()
}
