package rest

import (
	"bytes"
	"html/template"
	"slices"
	"strings"
)

// A link leads to a resource (RFC 8288). If templated, href is a URI Template (RFC 6570).
type link struct {
	Rel       string   `json:"rel"`
	Href      string   `json:"href"`
	Templated bool     `json:"templated,omitempty"`
	Methods   []string `json:"methods"`
	Title     string   `json:"title"`
}

// Visitable reports whether a browser can follow the link: it sends GET, to a path that is whole.
func (l link) Visitable() bool { return !l.Templated && slices.Contains(l.Methods, "GET") }

// Links is the Document of an entry point: the links to everything in the table, for programs, and
// the same for people.
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
			Templated: strings.Contains(res.path, variable),
			Methods:   res.methods(),
			Title:     res.summary(),
		}
		if l.Href == path {
			l.Rel = "self"
		}
		index.Links = append(index.Links, l)
	}
	return []Form{{"application/json", JSON(index)}, {htmlType, page(linksPage, index.Links)}}
}

// page fills in a page for people.
func page(t *template.Template, data any) []byte {
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		panic(err) // a defect of the template, which is part of the program
	}
	return b.Bytes()
}

// beginPage and endPage are the beginning and the end of every page; the title and the h1 are said
// by the page. A page loads nothing and runs nothing. On a narrow screen, words are broken and the
// cells of a table stand below each other, so that only a literal message has to be scrolled.
const beginPage = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<style>
body { font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }
h1, h2, p, td, th { overflow-wrap: break-word }
h2 { font-size: 1.3em; margin: 2em 0 .5em }
td, th { text-align: left; vertical-align: top; padding: .2em 1em .2em 0 }
tbody th { font-weight: normal }
pre, code { font: 14px/1.5 monospace }
p::first-letter { text-transform: uppercase }
small { color: #555; border: 1px solid; border-radius: 3px; margin: 0 .2em; padding: 0 .2em;
  white-space: nowrap; user-select: none }
pre { background: #eee; color: #000; padding: .7em; overflow: auto }
pre small { margin: 0 0 0 .15em }
@media (max-width: 40em) {
  body { margin: 1em auto }
  h1 { font-size: 1.6em }
  h2 { font-size: 1.1em }
  table, tbody, tr, td, tbody th { display: block }
  thead { display: none }
  td, th { padding: 0 }
  tr { padding: .4em 0; border-top: 1px solid #ccc }
  tbody th { font-weight: bold }
}
</style>
`

const endPage = `</main>
</body>
</html>
`

var linksPage = template.Must(template.New("").Parse(beginPage + `<title>Links</title>
</head>
<body>
<main>
<h1>Everything that is here</h1>
<table>
<thead>
<tr><th scope="col">what</th><th scope="col">where</th><th scope="col">methods</th></tr>
</thead>
<tbody>
{{range .}}<tr><th scope="row">{{.Title}}</th>
<td>{{if .Visitable}}<a href="{{.Href}}">{{.Href}}</a>{{else}}<code>{{.Href}}</code>{{end}}</td>
<td>{{range $i, $method := .Methods}}{{if $i}} {{end}}{{$method}}{{end}}</td></tr>
{{end}}</tbody>
</table>
` + endPage))
