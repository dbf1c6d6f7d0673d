package rest

import (
	"cmp"
	"fmt"
	"html/template"
	"net"
	"net/url"
	"strings"

	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
)

// ShowExamples makes the documentation show a response of each row, and commands for the service at an
// origin. An empty origin means http://localhost:12345. The function sample sends a request to a new
// service with the same table, because a request may change what is stored, and returns the response. Call
// ShowExamples before the router serves.
func (r *Router) ShowExamples(origin string, sample func(request []byte) []byte) {
	r.origin, r.sample = cmp.Or(origin, r.origin), sample
}

// Docs returns the Document of a route that describes the API for people: each row with the literal
// request to send, the commands that send it, and the response.
func Docs(title string) func(*Router, string) []Variant {
	return func(r *Router, path string) []Variant {
		return []Variant{Page(title, Execute(docsContent, r.entries(path)))}
	}
}

// An entry is what the documentation has on a row.
type entry struct {
	*Route
	Name, ID          string
	RawClient, Curl   string
	Request, Response template.HTML
	More              string // how much of the response is left out
}

// entries returns an entry for each row that is not hidden. The documentation, which is at path, does not
// show its own response.
func (r *Router) entries(path string) (all []*entry) {
	for _, row := range r.routes {
		if row.Hidden {
			continue
		}
		e, octets := r.newEntry(row)
		if r.sample != nil && !row.Live && row.Path != path {
			e.Response, e.More = exampleResponse(r.sample(octets), row.method())
		}
		all = append(all, e)
	}
	return all
}

// newEntry returns the entry of a row without its response, and the octets of its request.
func (r *Router) newEntry(row *Route) (e *entry, octets []byte) {
	e = &entry{Route: row, Name: row.methodName() + " " + row.Path}
	e.ID = strings.Trim(notName.ReplaceAllString(e.Name, "-"), "-")
	line := row.method() + " " + row.examplePath() + " HTTP/1.0"
	octets = []byte(line + "\r\n\r\n")
	rawClient, curl := RawClient(r.origin)+" ", "curl -i "
	if row.method() != "GET" {
		curl += "-X " + row.method() + " "
	}
	if row.Body == nil {
		rawClient += `"` + line + `"`
	} else {
		typ := "Content-Type: " + row.Body.Type
		octets = fmt.Appendf(nil, "%s\r\n%s\r\nContent-Length: %d\r\n\r\n%s",
			line, typ, len(row.Body.Example), row.Body.Example)
		rawClient += fmt.Sprintf(`-body FILE "%s" "%s"`, line, typ)
		curl += fmt.Sprintf(`-H "%s" --data-binary "@FILE" `, typ)
	}
	e.RawClient, e.Curl = rawClient, curl+r.origin+row.examplePath()
	e.Request = template.HTML(explain.AppendMessage(nil, explain.Request(octets)))
	return e, octets
}

// RawClient returns the beginning of a command that sends a request to the service at an origin with
// the raw client. An empty origin means http://localhost:12345.
func RawClient(origin string) string {
	const command = "go run ./rawclient"
	u, err := url.Parse(origin)
	if err != nil || origin == "" {
		return command
	}
	addr := net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), defaultPorts[u.Scheme]))
	switch {
	case u.Scheme == "https":
		return command + " -tls -addr " + addr
	case addr != explain.DefaultAddr:
		return command + " -addr " + addr
	}
	return command
}

// mostExample is the number of octets of a body that an example shows.
const mostExample = 400

// exampleResponse returns a response as HTML, and a clause on what it leaves out.
func exampleResponse(octets []byte, method string) (shown template.HTML, more string) {
	l := explain.Response(octets, []byte(method))
	for i := range l.Lines {
		if b := &l.Lines[i].Octets; len(*b) > mostExample { // only the body is so long
			more = "... " + explain.OctetCount(int64(len(*b)-mostExample)) + " more, not shown"
			*b = (*b)[:mostExample]
		}
	}
	return template.HTML(explain.AppendMessage(nil, l)), more
}

// method returns the method of the example.
func (row *Route) method() string { return strings.Replace(row.Method, "*", "GET", 1) }

func (row *Route) examplePath() string { return strings.Replace(row.Path, idSegment, "1", 1) }

var docsContent = template.Must(template.New("").Funcs(template.FuncMap{
	"reason": httpwire.ReasonPhrase,
}).Parse(`<p>Every path with GET has HEAD, and every path has OPTIONS. A request ends with an empty
line, or with a body of as many octets as Content-Length says. CR and LF are the two octets that end a
line. FILE is a file with the body of the request. The responses are those of a new server; their dates
are the date of the examples in the RFCs.</p>
<nav aria-label="Contents">
<ul>
{{range .}}<li><a href="#{{.ID}}">{{.Name}}</a></li>
{{end}}</ul>
</nav>
{{range .}}<section>
<h2 id="{{.ID}}">{{.Name}}</h2>
<p>{{.Summary}}.{{if .Auth}} Needs a name and a password (Basic authentication) if the server has a
list of users.{{end}}</p>
{{.Request}}
<p>Send it with one of these commands:</p>
<pre tabindex="0" role="group" aria-label="commands: {{.Name}}">{{.RawClient}}
{{.Curl}}</pre>
{{with .Response}}<h3>Response</h3>
{{.}}{{end}}{{with .More}}<p><em>{{.}}</em></p>
{{end}}<table>
<tbody>
{{range .Query}}<tr><th scope="row">?<code>{{.Name}}</code></th><td>{{.Summary}}</td></tr>
{{end}}{{range .Responses}}<tr><th scope="row">{{.Code}} {{reason .Code}}</th>
<td>{{.Summary}}</td></tr>
{{end}}</tbody>
</table>
</section>
{{end}}`))
