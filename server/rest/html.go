package rest

import (
	"fmt"
	"html"
	"html/template"
	"slices"
	"strings"

	"rawhttp/httpwire/explain"
)

const htmlType = "text/html; charset=utf-8"

// HTMLForm returns a page for people. The title is plain text; the content is HTML.
func HTMLForm(title, content string) Form { return Form{htmlType, htmlPage(title, content)} }

// htmlPage writes a page, which loads nothing else.
func htmlPage(title, content string) []byte {
	title = html.EscapeString(title)
	return []byte(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<style>` + explain.StyleSheet() + `</style>
<title>` + title + `</title>
</head>
<body>
<main class="text">
<h1>` + title + `</h1>
` + content + `</main>
</body>
</html>
`)
}

// A link leads to a resource (RFC 8288). If it is templated, href is a URI Template (RFC 6570).
type link struct {
	Rel       string   `json:"rel"`
	Href      string   `json:"href"`
	Templated bool     `json:"templated,omitempty"`
	Methods   []string `json:"methods"`
	Title     string   `json:"title"`
}

// Visitable reports whether a browser can follow the link: the path is complete and has GET.
func (l link) Visitable() bool { return !l.Templated && slices.Contains(l.Methods, "GET") }

// Links is the Document of an entry point: the links to everything in the table, in JSON for
// programs and in HTML for people.
func Links(r *Router, path string) []Form {
	var index struct {
		Links []link `json:"links"`
	}
	for _, res := range r.resources {
		if res.routes[0].Hidden {
			continue
		}
		l := link{
			Rel:       res.routes[0].Rel,
			Href:      res.path,
			Templated: strings.Contains(res.path, idSegment),
			Methods:   strings.Split(string(res.allow), ", "),
			Title:     res.summary(),
		}
		if l.Href == path {
			l.Rel = "self"
		}
		index.Links = append(index.Links, l)
	}
	return []Form{
		{"application/json", JSON(index)},
		HTMLForm("What this server has", Execute(linksTable, index.Links)),
	}
}

var linksTable = template.Must(template.New("").Parse(`<table>
<thead>
<tr><th scope="col">what</th><th scope="col">where</th><th scope="col">methods</th></tr>
</thead>
<tbody>
{{range .}}<tr><th scope="row">{{.Title}}</th>
<td>{{if .Visitable}}<a href="{{.Href}}">{{.Href}}</a>{{else}}<code>{{.Href}}</code>{{end}}</td>
<td>{{range $i, $method := .Methods}}{{if $i}} {{end}}{{$method}}{{end}}</td></tr>
{{end}}</tbody>
</table>
`))

// problemPage returns an error as a page, with a link back to the entry point.
func problemPage(p problem) []byte {
	return htmlPage(fmt.Sprint(p.Status, " ", p.Title), "<p>"+html.EscapeString(p.Detail)+
		"</p>\n<p><a href=\"/\">What this server has</a></p>\n")
}

// Execute fills in a template. It panics if the template does not fit its data.
func Execute(t *template.Template, data any) string {
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		panic(err)
	}
	return b.String()
}
