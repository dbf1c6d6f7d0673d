package rest

import (
	"fmt"
	"html/template"
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
		}{title, r.routes}
		return []Form{{htmlType, page(docsPage, data)}}
	}
}

// literal returns a request for a row, as a person would type it.
func literal(row Route) string {
	method := row.Method
	if method == "*" {
		method = "GET"
	}
	line := method + " " + strings.Replace(row.Path, variable, "1", 1) + " HTTP/1.0\r\n"
	if row.Body == nil {
		return line + "\r\n"
	}
	return line + fmt.Sprintf("Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
		row.Body.Type, len(row.Body.Example), row.Body.Example)
}

// shown makes line ends visible.
func shown(message string) string { return strings.ReplaceAll(message, "\r\n", "␍␊\n") }

var docsPage = template.Must(template.New("").Funcs(template.FuncMap{
	"literal": func(row Route) string { return shown(literal(row)) },
	"reason":  httpwire.ReasonPhrase,
}).Parse(style + `<title>{{.Title}}</title>
<h1>{{.Title}}</h1>
<p>HEAD goes with every GET, and OPTIONS with everything. Each request ends in an empty line, or in a
body of as many octets as Content-Length says; ␍␊ are the two octets that end a line.
{{range .Routes}}
<h2>{{if eq .Method "*"}}any method{{else}}{{.Method}}{{end}} {{.Path}}</h2>
<p>{{.Summary}}.{{if .Auth}} Needs a name and a password, Basic authentication, if the server was
started with a list of users.{{end}}
<pre>{{literal .}}</pre>
<table>
{{range .Query}}<tr><td>?<code>{{.Name}}</code><td>{{.Summary}}
{{end}}{{range .Answers}}<tr><td>{{.Code}} {{reason .Code}}<td>{{.Summary}}
{{end}}</table>
{{end}}`))
