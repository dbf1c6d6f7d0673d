package paper

import (
	"fmt"
	"html"
	"html/template"
	"regexp"
	"strings"

	"rawhttp/httpwire/explain"
)

var (
	headingLine = regexp.MustCompile(`(?m)^(#+) (.*)$`)
	listItem    = regexp.MustCompile(`(?m)^- `)
	code        = regexp.MustCompile("`([^`]+)`")
	strong      = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	emphasis    = regexp.MustCompile(`\*(\w[^*]*)\*`)
	link        = regexp.MustCompile(`\[([^]]*)\]\([^)]*\)`)
	address     = regexp.MustCompile(`<(https?://[^>]*)>`)
	ruler       = regexp.MustCompile(`(?m)^\|[ |-]+\|\n`) // below the head of a table
	tag         = regexp.MustCompile(`(?m)^</?(details|summary).*\n?`)
	fenceLine   = regexp.MustCompile("(?m)^" + fence + ".*\n?")
)

// fence begins and ends preformatted text.
const fence = "```"

// HTML returns a paragraph of a lesson as HTML: a heading, a list, a table, preformatted text, or prose.
// It knows the Markdown that the lessons use. A link becomes its text, because paper has no links.
func HTML(paragraph string) template.HTML {
	text := strings.Trim(tag.ReplaceAllString(paragraph, ""), "\n")
	switch heading := headingLine.FindStringSubmatch(text); {
	case text == "":
		return ""
	case heading != nil && strings.HasPrefix(text, heading[0]):
		return template.HTML(fmt.Sprintf("<h%d>%s</h%[1]d>\n", len(heading[1]), inline(heading[2])))
	case strings.HasPrefix(text, fence):
		_, inside, _ := strings.Cut(text, "\n")
		return template.HTML(strings.Replace(string(pre(strings.TrimSuffix(inside, fence))), "<pre>",
			`<pre class="diagram" tabindex="0" role="group" aria-label="Diagram">`, 1))
	case strings.HasPrefix(text, "    "):
		return pre(strings.ReplaceAll(text, "\n    ", "\n")[len("    "):])
	case strings.HasPrefix(text, "- "):
		items := listItem.Split(text, -1)[1:]
		return elements("ul", items, func(item string) template.HTML { return element("li", inline(item)) })
	case strings.HasPrefix(text, "| "):
		return table(strings.Split(text, "\n"))
	}
	return element("p", inline(text)) + "\n"
}

func pre(text string) template.HTML {
	return template.HTML("<pre>" + explain.MarkSymbols(html.EscapeString(strings.Trim(text, "\n"))) +
		"</pre>\n")
}

func element(name string, content template.HTML) template.HTML {
	return template.HTML("<" + name + ">" + string(content) + "</" + name + ">")
}

func elements(name string, parts []string, part func(string) template.HTML) template.HTML {
	var content template.HTML
	for _, p := range parts {
		content += part(p)
	}
	return element(name, content) + "\n"
}

// table returns a table. Its first row is the head, and the second is a ruler.
func table(rows []string) template.HTML {
	row := func(cell string) func(string) template.HTML {
		return func(row string) template.HTML {
			cells := strings.Split(strings.TrimSuffix(strings.TrimPrefix(row, "|"), "|"), "|")
			return elements("tr", cells, func(text string) template.HTML {
				text = strings.TrimSpace(text)
				if text == "" {
					return element("td", "") // an empty cell is the header of nothing
				}
				return element(cell, inline(text))
			})
		}
	}
	return element("table", row("th")(rows[0])+elements("tbody", rows[min(2, len(rows)):], row("td")))
}

// inline returns the text of a paragraph as HTML.
func inline(text string) template.HTML {
	text = address.ReplaceAllString(strings.TrimSpace(text), "$1")
	return template.HTML(explain.MarkSymbols(onPage.show(text)))
}

// A style says how words with marks are shown; $1 stands for the words.
type style struct {
	code, strong, emphasis string
	escape                 func(text string) string
}

var (
	onPage     = style{"<code>$1</code>", "<b>$1</b>", "<em>$1</em>", html.EscapeString}
	onTerminal = style{"`$1`", "$1", "$1", func(text string) string { return text }}
)

// show returns a text in this style. A link becomes its text.
func (s style) show(text string) string {
	text = s.escape(link.ReplaceAllString(text, "$1"))
	var codes []string // whose stars are no marks
	text = code.ReplaceAllStringFunc(text, func(c string) string {
		codes = append(codes, code.ReplaceAllString(c, s.code))
		return "\x00"
	})
	text = strong.ReplaceAllString(text, s.strong)
	text = emphasis.ReplaceAllString(text, s.emphasis)
	for _, c := range codes {
		text = strings.Replace(text, "\x00", c, 1)
	}
	return text
}

// Plain returns a paragraph of a lesson for a terminal, without the marks that only a browser uses.
func Plain(paragraph string) string {
	for _, browserOnly := range []*regexp.Regexp{tag, ruler, fenceLine} {
		paragraph = browserOnly.ReplaceAllString(paragraph, "")
	}
	text := headingLine.ReplaceAllStringFunc(onTerminal.show(paragraph), func(line string) string {
		heading := headingLine.FindStringSubmatch(line)[2]
		return heading + "\n" + strings.Repeat("=", len(heading))
	})
	return strings.Trim(text, "\n")
}
