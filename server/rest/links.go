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

// style is that of every page. A page loads nothing and runs nothing.
const style = `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<style>
body { font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }
td, th { text-align: left; vertical-align: top; padding: .2em 1em .2em 0 }
pre, code { font: 14px/1.4 monospace }
p::first-letter { text-transform: uppercase }
small { color: #555; border: 1px solid; border-radius: 3px; margin: 0 .5em; user-select: none }
pre { background: #eee; color: #000; padding: .7em; overflow: auto }
</style>
`

var linksPage = template.Must(template.New("").Parse(style + `<title>Links</title>
<h1>Everything that is here</h1>
<table>
<tr><th>what<th>where<th>methods
{{range .}}<tr><td>{{.Title}}
<td>{{if .Visitable}}<a href="{{.Href}}">{{.Href}}</a>{{else}}<code>{{.Href}}</code>{{end}}
<td>{{range .Methods}}{{.}} {{end}}
{{end}}</table>
`))
