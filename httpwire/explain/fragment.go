package explain

import (
	"bytes"
	"html/template"
)

// Pieces of the explained page for pages of others, which show many messages at once.

var fragmentTemplate = template.Must(template.Must(pageTemplate.Clone()).New("message").Parse(
	`<pre class="message" tabindex="0" role="group" aria-label="{{.Heading}}">{{range .Rows}}{{range .}}<span class="{{.Kind.Class}}" title="{{.Offset}} {{.Name}}{{with .Note}}: {{.}}{{end}}">{{template "glyphs" .Text}}</span>{{with .More}}<em>{{.}}</em>{{end}}{{end}}
{{end}}</pre>{{with .More}}<p><em>{{.}}</em></p>{{end}}
{{- if .Error}}<pre class="error" tabindex="0" role="group" aria-label="Fault: {{.Heading}}">{{range .Error}}<span{{if .Excerpt}} class="excerpt"{{end}}>{{template "glyphs" .Text}}</span>{{end}}</pre>{{end}}`))

// AppendMessage appends the octets of a listing as HTML elements: coloured by the kind of their rule,
// with the meaning of each run as its title, and with the error after them. StyleSheet has the
// colours.
func AppendMessage(dst []byte, l Listing) []byte {
	buf := bytes.NewBuffer(dst)
	if err := fragmentTemplate.Execute(buf, newSection(0, l)); err != nil {
		panic(err) // the buffer takes everything, and the template fits its data
	}
	return buf.Bytes()
}

// StyleSheet returns the style sheet of AppendPage, which styles what AppendMessage appends.
func StyleSheet() string { return pageCSS }
