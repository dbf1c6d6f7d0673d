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
	headingLine = regexp.MustCompile(`^(#+) (.*)$`)
	listItem    = regexp.MustCompile(`(?m)^- `)
	code        = regexp.MustCompile("`([^`]+)`")
	strong      = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	emphasis    = regexp.MustCompile(`\*([^*\s][^*]*)\*`)
	link        = regexp.MustCompile(`\[([^]]*)\]\([^)]*\)|<(https?://[^>]*)>`)
	tag         = regexp.MustCompile(`(?m)^</?(details|summary).*\n?`)
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
	case heading != nil:
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

// inline returns the text of a paragraph: code, strong, emphasis.
func inline(text string) template.HTML {
	text = html.EscapeString(link.ReplaceAllString(strings.TrimSpace(text), "$1$2"))
	var codes []string // whose stars are no marks
	text = code.ReplaceAllStringFunc(text, func(c string) string {
		codes = append(codes, "<code>"+strings.Trim(c, "`")+"</code>")
		return "\x00"
	})
	text = strong.ReplaceAllString(text, "<b>$1</b>")
	text = emphasis.ReplaceAllString(text, "<em>$1</em>")
	for _, c := range codes {
		text = strings.Replace(text, "\x00", c, 1)
	}
	return template.HTML(explain.MarkSymbols(text))
}
