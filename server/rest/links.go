package rest

import (
	"html/template"
	"slices"
	"strings"
)

// A link leads to a resource (RFC 8288). If it is templated, href is a URI Template (RFC 6570).
type link struct {
	Rel       string   `json:"rel"`
	Href      string   `json:"href"`
	Templated bool     `json:"templated,omitempty"`
	Methods   []string `json:"methods"`
	Title     string   `json:"title"`
	What      string   `json:"-"` // the title for people, who need not be told that a link has GET
}

// Visitable reports whether a browser can follow the link: the path is complete and has GET.
func (l link) Visitable() bool { return !l.Templated && slices.Contains(l.Methods, "GET") }

// Links is the Document of an entry point: the links to everything in the table, in JSON for
// programs and in HTML for people.
func Links(r *Router, path string) []Variant {
	var index struct {
		Links []link `json:"links"`
	}
	for _, res := range r.resources {
		if res.hidden() {
			continue
		}
		l := link{
			Rel:       res.routes[0].Rel,
			Href:      res.path,
			Templated: res.hasID,
			Methods:   strings.Split(string(res.allow), ", "),
			Title:     res.summary(),
			What:      res.summary(),
		}
		if len(res.routes) == 1 && res.routes[0].Method == "GET" {
			l.What = res.routes[0].Summary
		}
		if l.Href == path {
			l.Rel = "self"
		}
		index.Links = append(index.Links, l)
	}
	return []Variant{
		{"application/json", JSON(index)},
		Page("What this server has", Execute(linksTable, index.Links)),
	}
}

var linksTable = template.Must(template.New("").Parse(`<p>Every path with GET has HEAD, and every path has
OPTIONS.</p>
<table>
<thead>
<tr><th scope="col">where</th><th scope="col">what</th></tr>
</thead>
<tbody>
{{range .}}{{if ne .Rel "self"}}<tr><th scope="row">{{if .Visitable}}<a href="{{.Href}}">{{.Href}}</a>{{else}}<code>{{.Href}}</code>{{end}}</th>
<td>{{.What}}</td></tr>
{{end}}{{end}}</tbody>
</table>
`))
