package app

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"rawhttp/httpwire"
	"rawhttp/server/addressbook"
	"rawhttp/server/httpd"
	"rawhttp/server/rest"
)

// The page of a class lists the books, with a link to each. Browsers have no name, so the books of
// students have numbers there: 1 is the book of the student who came first.
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
				{Code: 200, Summary: "the addresses", Content: []rest.Content{{Type: "application/json"}}},
				{Code: 404, Summary: "the class has fewer students"},
			},
			Handle: c.serveBook},
	}
}

// A row is one book on the page.
type row struct {
	Name, Path string
	Addresses  int
	Changed    time.Time
}

func newRow(name, path string, book *addressbook.Book) row {
	n, changed, _ := book.Size() // a class keeps its books in memory, where nothing fails
	return row{name, path, n, changed}
}

// all returns the students in the order in which they came.
func (c *class) all() []student {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.students)
}

func (c *class) servePage(_ int64, _ *httpwire.Request, resp *httpwire.Response) {
	_, host, _ := strings.Cut(c.options.Book.BaseURL, "//")
	data := struct {
		Host, Path            string
		MaxStudents, MaxOfOne int
		MaxName               int
		Rows                  []row
	}{cmp.Or(host, httpd.DefaultAddr), addressbook.Path, maxStudents, maxOfOne, maxName,
		[]row{newRow("common", addressbook.Path, c.common.Book)}}
	for i, s := range c.all() {
		data.Rows = append(data.Rows, newRow(s.name, fmt.Sprint(classPath, "/", i+1), s.Book))
	}
	slices.SortFunc(data.Rows[1:], func(a, b row) int { return strings.Compare(a.Name, b.Name) })
	var content strings.Builder
	if err := classContent.Execute(&content, data); err != nil {
		panic(err) // the builder takes everything, and the template fits its data
	}
	page := rest.HTMLForm("The class", content.String())
	resp.Code = 200
	resp.Fields = resp.Fields.Add([]byte("Cache-Control"), []byte("no-store")).
		Add([]byte("Content-Type"), []byte(page.Type))
	resp.Body = page.Octets
}

// serveBook responds with what a student gets for GET of all addresses.
func (c *class) serveBook(number int64, req *httpwire.Request, resp *httpwire.Response) {
	students := c.all()
	if number < 1 || number > int64(len(students)) {
		rest.Refuse(resp, 404, fmt.Sprintf("The class has %d students so far. GET %s lists their books.",
			len(students), classPath))
		return
	}
	list := *req
	list.Target = []byte(addressbook.Path)
	students[number-1].Row(&list).Handle(0, &list, resp)
}

var classContent = template.Must(template.New("").Parse(`<p>To get a book of your own, add your name to
each request, in the field <code>User-Agent</code>:</p>
<pre tabindex="0" role="group" aria-label="command">go run ./rawclient -addr {{.Host}} "GET {{.Path}} HTTP/1.0" "User-Agent: anna"</pre>
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
<p>There can be {{.MaxStudents}} names, with {{.MaxOfOne}} addresses each. Reload the page for news.</p>
`))
