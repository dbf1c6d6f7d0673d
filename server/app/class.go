package app

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"rawhttp/httpwire"
	"rawhttp/server/addressbook"
	"rawhttp/server/rest"
)

// In a class all students use one server, and type the same requests. With Options.Class each of them
// has a book of their own. A student writes a name into the field User-Agent:
//
//	User-Agent: anna
//
// A name is a word of at most 20 letters, digits, "-" and "_" that begins with a letter. It is the
// same in capitals. Requests without User-Agent, and those of programs, which have a slash in it, use
// the common book. Any other value is a mistake, and a request for a book that has one gets 400. The
// field Book of each response says whose book it was, and /class lists the books.
const (
	maxStudents = 60
	maxOfOne    = 100 // addresses in the book of a student
	maxName     = 20

	commonBook = "common"
)

// A class is the services of the students.
type class struct {
	open func() (*Service, error) // returns the service of a new student

	mu       sync.Mutex
	students map[string]*Service
}

// Handle fills in the response to a request.
func (s *Service) Handle(req *httpwire.Request, resp *httpwire.Response) {
	if s.class == nil {
		s.Router.Handle(req, resp)
		return
	}
	of, name := s.class.service(s, req, resp)
	if of != nil {
		of.Router.Handle(req, resp)
	}
	addFields(resp, name)
}

// HandleHead decides on a request before its body has come, if it can.
func (s *Service) HandleHead(req *httpwire.Request, resp *httpwire.Response) (final bool) {
	if s.class == nil {
		return s.Router.HandleHead(req, resp)
	}
	of, name := s.class.service(s, req, resp)
	if final = of == nil || of.Router.HandleHead(req, resp); final {
		addFields(resp, name)
	}
	return final
}

// addFields says that the response depends on the name (RFC 9110 section 12.5.5), and whose book the
// request was for.
func addFields(resp *httpwire.Response, name string) {
	resp.Fields = resp.Fields.Add([]byte("Vary"), []byte("User-Agent"))
	if name != "" {
		resp.Fields = resp.Fields.Add([]byte("Book"), []byte(name))
	}
}

// service returns the service that a request is for, and its name. If the name is a mistake, or there
// are too many, and the request is for a book, it fills in the response and returns nil.
func (c *class) service(common *Service, req *httpwire.Request, resp *httpwire.Response) (*Service, string) {
	name, problem := studentName(req)
	if problem == nil && name != commonBook {
		var s *Service
		if s, problem = c.student(name); problem == nil {
			return s, name
		}
	}
	if problem != nil && bytes.HasPrefix(req.Path(), []byte(addressbook.Root)) {
		rest.Refuse(resp, problem.code, problem.detail)
		return nil, ""
	}
	return common, commonBook // what is not a book is the same for all students
}

// A problem is why a student has no book.
type problem struct {
	code   int
	detail string
}

// student returns the service of a student, and makes it for a new one.
func (c *class) student(name string) (*Service, *problem) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.students[name]; s != nil {
		return s, nil
	}
	if len(c.students) >= maxStudents {
		return nil, &problem{503, fmt.Sprintf("The class has %d names already, and %s is not one of them. Use a "+
			"name that is known, leave out User-Agent to use the common book, or start the server again.",
			maxStudents, name)}
	}
	s, err := c.open()
	if err != nil {
		return nil, &problem{500, "The server cannot make a book for " + name + "."}
	}
	c.students[name] = s
	return s, nil
}

// studentName returns the name in the User-Agent of a request, or commonBook.
func studentName(req *httpwire.Request) (string, *problem) {
	v := req.Fields.Get("User-Agent")
	if len(v) == 0 || bytes.IndexByte(v, '/') >= 0 { // RFC 9110 section 10.1.5: a product has a slash
		return commonBook, nil
	}
	wellFormed := len(v) <= maxName
	for i, o := range v {
		letter := 'a' <= o|0x20 && o|0x20 <= 'z'
		wellFormed = wellFormed && (letter || i > 0 && ('0' <= o && o <= '9' || o == '-' || o == '_'))
	}
	if !wellFormed {
		return "", &problem{400, fmt.Sprintf("User-Agent has no name of a student. A name is one word of at most "+
			"%d letters, digits, - and _, and begins with a letter. For example:  User-Agent: anna", maxName)}
	}
	return strings.ToLower(string(v)), nil
}

// routes is the page that lists the books.
func (c *class) routes() []rest.Route {
	return []rest.Route{{Method: "GET", Path: "/class", Rel: "class", Live: true,
		Summary:   "the students who have a book",
		Responses: []rest.Response{{Code: 200, Summary: "the page", Content: []rest.Content{{Type: "text/html"}}}},
		Handle: func(_ int64, _ *httpwire.Request, resp *httpwire.Response) {
			form := rest.HTMLForm("The class", c.list())
			resp.Code, resp.Body = 200, form.Octets
			resp.Fields = resp.Fields.Add([]byte("Content-Type"), []byte(form.Type)).
				Add([]byte("Cache-Control"), []byte("no-store"))
		}}}
}

// classHTML is the page. A name has no octet that HTML would have to escape.
const classHTML = `<p>%d of at most %d students have a book of their own%s</p>
<p>To use yours, write your name into the field User-Agent. The host and the port are those of this page.</p>
<pre tabindex="0" role="group" aria-label="command">go run ./rawclient -addr HOST:PORT "GET %s HTTP/1.0" "User-Agent: anna"</pre>
<p>Browsers use the common book. <a href="/">What this server has</a></p>
`

// list returns the names as HTML.
func (c *class) list() string {
	c.mu.Lock()
	names := slices.Sorted(maps.Keys(c.students))
	c.mu.Unlock()
	end := "."
	if len(names) > 0 {
		end = ": " + strings.Join(names, ", ") + "."
	}
	return fmt.Sprintf(classHTML, len(names), maxStudents, end, addressbook.Path)
}
