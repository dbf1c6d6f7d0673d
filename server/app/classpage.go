package app

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"rawhttp/httpwire"
	"rawhttp/server/addressbook"
	"rawhttp/server/rest"
)

// The page of a class lists the books, with a link to each. Browsers have no name, so the books of
// students have numbers there, from 1. A student who takes the place of another one gets its number.
const classPath = "/class"

// routes returns the table of a class.
func (c *class) routes() []rest.Route {
	return []rest.Route{
		{Method: "GET", Path: classPath, Rel: "class", Live: true,
			Summary: "the books of the students, and how to get one",
			Responses: []rest.Response{
				{Code: 200, Summary: "the page", Content: []rest.Content{{Type: "text/html"}}}},
			Handle: c.servePage},
		{Method: "GET", Path: classPath + "/{ID}", Rel: "book", Live: true,
			Summary: "the addresses in the book of one student",
			Responses: []rest.Response{
				{Code: 200, Summary: "the addresses", Content: []rest.Content{{Type: "application/json"}},
					Fields: []string{"ETag", "Last-Modified", "Link"}},
				rest.Problem(404, "the class has fewer students"),
				rest.Overload,
			},
			Handle: c.serveBook},
	}
}

func (c *class) servePage(_ int64, _ *httpwire.Request, resp *httpwire.Response) {
	type row struct {
		Name, Path string
		Addresses  int
		Changed    time.Time
	}
	data := struct {
		RawClient, Path                string
		MaxStudents, MaxOfOne, MaxName int
		Rows                           []row
	}{rest.RawClient(c.options.Book.BaseURL), addressbook.Path, maxStudents, c.options.Book.Max, maxName, nil}
	for i, s := range c.all() {
		path := addressbook.Path
		if i > 0 {
			path = fmt.Sprint(classPath, "/", i)
		}
		n, changed, _ := s.book.Size() // a class keeps its books in memory, where nothing fails
		data.Rows = append(data.Rows, row{s.name, path, n, changed})
	}
	slices.SortFunc(data.Rows[1:], func(a, b row) int { return strings.Compare(a.Name, b.Name) })
	page := rest.Page("The class", rest.Execute(classContent, data))
	rest.NoStore(resp)
	rest.Respond(resp, 200, page.Type, page.Octets)
}

// serveBook responds with what a student gets for GET of all addresses, without a query and without
// preconditions. Number 0 is the common book.
func (c *class) serveBook(number int64, req *httpwire.Request, resp *httpwire.Response) {
	students := c.all()
	if number >= int64(len(students)) {
		rest.Refuse(req, resp, 404, fmt.Sprintf("The class has %d students so far. GET %s lists their books.",
			len(students)-1, classPath))
		return
	}
	list := httpwire.Request{RequestLine: req.RequestLine}
	list.Target = []byte(addressbook.Path)
	s := students[number]
	s.router.Row(&list).Handle(0, &list, resp)
	s.addName(resp)
}

var classContent = template.Must(template.New("").Parse(`<p>To get a book of your own, add your name to
each request, in the field <code>User-Agent</code>:</p>
<pre tabindex="0" role="group" aria-label="command">{{.RawClient}} "GET {{.Path}} HTTP/1.0" "User-Agent: anna"</pre>
<p>A name has 1 to {{.MaxName}} letters from A to Z, digits, <code>-</code> and <code>_</code>, and begins
with a letter. Capitals make no difference. The response says in the field <code>Book</code> whose book it
is about. Browsers and other requests without a name use the common book.</p>
<table>
<tbody>
{{range .Rows}}<tr><th scope="row"><a href="{{.Path}}">{{.Name}}</a></th>
<td>{{.Addresses}} address{{if ne .Addresses 1}}es{{end}}</td>
<td>changed {{.Changed.Format "2006-01-02 15:04:05"}}</td></tr>
{{end}}</tbody>
</table>
<p>There can be {{.MaxStudents}} names, with {{.MaxOfOne}} addresses each. Reload the page to see changes.</p>
`))
