package rest

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"rawhttp/httpwire"
)

// Docs returns the Document that describes the API for people, each row with the literal request to
// send: a page that needs nothing else.
func Docs(title string) func(*Router, string) []Form {
	return func(r *Router, _ string) []Form {
		data := struct {
			Title  string
			Routes []Route
		}{title, slices.DeleteFunc(slices.Clone(r.routes), hidden)}
		return []Form{{htmlType, page(docsPage, data)}}
	}
}

func hidden(row Route) bool { return row.Hidden }

// A message is a request, as a person would type it.
type message struct {
	Head []string // the lines, the empty one at the end among them
	Body string
}

func literal(row Route) message {
	method := row.Method
	if method == "*" {
		method = "GET"
	}
	line := method + " " + strings.Replace(row.Path, variable, "1", 1) + " HTTP/1.0"
	if row.Body == nil {
		return message{Head: []string{line, ""}}
	}
	return message{Body: row.Body.Example, Head: []string{
		line,
		"Content-Type: " + row.Body.Type,
		fmt.Sprint("Content-Length: ", len(row.Body.Example)),
		"",
	}}
}

var docsPage = template.Must(template.New("").Funcs(template.FuncMap{
	"literal": literal,
	"method": func(r Route) string {
		if r.Method == "*" {
			return "any method"
		}
		return r.Method
	},
	"reason": httpwire.ReasonPhrase,
}).Parse(beginPage + `<title>{{.Title}}</title>
</head>
<body>
<main>
<h1>{{.Title}}</h1>
<p>HEAD goes with every GET, and OPTIONS with everything. Each request ends in an empty line, or in
a body of as many octets as Content-Length says. <small>CR LF</small> are the two octets that end a
line.</p>
{{range .Routes}}
{{$name := printf "%s %s" (method .) .Path}}<h2>{{$name}}</h2>
<p>{{.Summary}}.{{if .Auth}} Needs a name and a password, Basic authentication, if the server was
started with a list of users.{{end}}</p>
{{with literal .}}<pre tabindex="0" role="group" aria-label="request: {{$name}}">
{{- range .Head}}{{.}}<small>CR LF</small>
{{end}}{{.Body}}</pre>{{end}}
<table>
<tbody>
{{range .Query}}<tr><th scope="row">?<code>{{.Name}}</code></th><td>{{.Summary}}</td></tr>
{{end}}{{range .Answers}}<tr><th scope="row">{{.Code}} {{reason .Code}}</th>
<td>{{.Summary}}</td></tr>
{{end}}</tbody>
</table>
{{end}}` + endPage))
