package rest

import (
	"html"
	"html/template"
	"strings"

	"rawhttp/httpwire/explain"
)

// Page returns a page for people. The page loads nothing else, and the browser runs no script in it. In the
// console of a browser, people can fetch what the server has. The title is plain text. The content is HTML, and
// is not escaped.
func Page(title, content string) Variant {
	title = html.EscapeString(title)
	return Variant{"text/html; charset=utf-8", []byte(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; connect-src 'self'; img-src data:; form-action 'self'">
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
`)}
}

// Execute fills in a template. It panics if the template does not fit its data.
func Execute(t *template.Template, data any) string {
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		panic(err)
	}
	return b.String()
}
