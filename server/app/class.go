package app

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"rawhttp/httpwire"
	"rawhttp/server/addressbook"
	"rawhttp/server/httpd"
	"rawhttp/server/rest"
)

// In a class all students use one server, and type the same requests. With Options.Class each of them
// has a book of their own. A student writes a name into the field User-Agent:
//
//	User-Agent: anna
//
// A name is a word of at most 20 letters, digits, "-" and "_" that begins with a letter. It is the
// same in capitals. A request without the field uses the common book, and so does a request with a
// slash in the field: programs have a product and its version there (RFC 9110 section 10.1.5), as in
// curl/8.5. Everything else is a name with a mistake in it, and gets 400. The field Book of each
// response names the book.
const (
	maxStudents = 60
	maxOfOne    = 100 // addresses in the book of a student
	maxName     = 20
)

var (
	bookName  = []byte("Book")
	agentName = "User-Agent"
)

// A class is the services of the students.
type class struct {
	common  *Service
	options Options // of students
	server  *httpd.Server
	live    []rest.Route // the routes that all services have

	mu       sync.Mutex
	students []student // in the order in which they came
}

// A student is one name, and the service with the book of that name.
type student struct {
	name string
	*Service
}

// newClass returns a class whose common book has the options o. Every service has the routes live and
// those of the class.
func newClass(common *Service, o Options, server *httpd.Server, live []rest.Route) *class {
	c := &class{common: common, options: o, server: server}
	c.options.Book.Max = min(cmp.Or(o.Book.Max, maxOfOne), maxOfOne)
	c.live = append(live, c.routes()...)
	return c
}

// open returns the service of a new student.
func (c *class) open() (*Service, error) {
	s := &Service{Users: c.common.Users}
	return s, s.serve(c.options, c.server, c.live)
}

// Handle fills in the response to a request.
func (s *Service) Handle(req *httpwire.Request, resp *httpwire.Response) {
	if s.class == nil {
		s.Router.Handle(req, resp)
		return
	}
	of := s.class.service(req, resp)
	if of.Service != nil {
		of.Router.Handle(req, resp)
	}
	of.addFields(resp)
}

// HandleHead decides on a request before its body has come, if it can.
func (s *Service) HandleHead(req *httpwire.Request, resp *httpwire.Response) (final bool) {
	if s.class == nil {
		return s.Router.HandleHead(req, resp)
	}
	of := s.class.service(req, resp)
	if final = of.Service == nil || of.Router.HandleHead(req, resp); final {
		of.addFields(resp)
	}
	return final
}

// addFields says whose book the response is about, and that it depends on the name (RFC 9110 section
// 12.5.5).
func (s student) addFields(resp *httpwire.Response) {
	resp.Fields = resp.Fields.Add([]byte("Vary"), []byte(agentName))
	if s.Service != nil {
		resp.Fields = resp.Fields.Add(bookName, []byte(cmp.Or(s.name, "common")))
	}
}

// service returns the service that a request is for. If the name has a mistake, or if there are too
// many students and the request is for a book, it fills in the response and returns no service.
func (c *class) service(req *httpwire.Request, resp *httpwire.Response) student {
	name, mistake := studentName(req)
	switch {
	case mistake != "":
		rest.Refuse(resp, 400, mistake)
		return student{}
	case name == "":
		return student{"", c.common}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.IndexFunc(c.students, func(s student) bool { return s.name == name }); i >= 0 {
		return c.students[i]
	}
	if len(c.students) >= maxStudents {
		if !bytes.HasPrefix(req.Path(), []byte(addressbook.Root)) { // it is the same for all students
			return student{"", c.common}
		}
		rest.Refuse(resp, 503, fmt.Sprintf("The class has %d names already, and %q is not one of them. Use "+
			"a name that is known, leave out User-Agent to use the common book, or start the server again.",
			maxStudents, name))
		return student{}
	}
	s, err := c.open()
	if err != nil {
		rest.Refuse(resp, 500, "The server cannot make a book for "+name+".")
		return student{}
	}
	c.students = append(c.students, student{name, s})
	return c.students[len(c.students)-1]
}

// studentName returns the name in the User-Agent of a request. The name is "" if the request is for
// the common book. The mistake is a sentence that says what is wrong with the name, or "".
func studentName(req *httpwire.Request) (name, mistake string) {
	value := req.Fields.Get(agentName)
	if value == nil || bytes.IndexByte(value, '/') >= 0 {
		return "", ""
	}
	if !isName(value) {
		return "", fmt.Sprintf("%s is %q, and that is not a name for a book. A name has 1 to %d letters "+
			"from A to Z, digits, - and _, and begins with a letter. Type for example  %[1]s: anna  or "+
			"leave out the field to use the common book. Nothing was changed.",
			agentName, value[:min(len(value), 2*maxName)], maxName)
	}
	return strings.ToLower(string(value)), ""
}

// isName reports whether an octet string is the name of a student.
func isName(v []byte) bool {
	if len(v) == 0 || len(v) > maxName {
		return false
	}
	for i, o := range v {
		letter := 'a' <= o|0x20 && o|0x20 <= 'z'
		if !letter && (i == 0 || !('0' <= o && o <= '9' || o == '-' || o == '_')) {
			return false
		}
	}
	return true
}
