package app

import (
	"bytes"
	"fmt"
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
// same in capitals. Requests without such a word, also those of browsers, use the common book.
const (
	maxStudents = 60
	maxOfOne    = 100 // addresses in the book of a student
	maxName     = 20
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
	if of := s.class.service(s, req, resp); of != nil {
		of.Router.Handle(req, resp)
	}
	addVary(resp)
}

// HandleHead decides on a request before its body has come, if it can.
func (s *Service) HandleHead(req *httpwire.Request, resp *httpwire.Response) (final bool) {
	if s.class == nil {
		return s.Router.HandleHead(req, resp)
	}
	of := s.class.service(s, req, resp)
	if final = of == nil || of.Router.HandleHead(req, resp); final {
		addVary(resp)
	}
	return final
}

// addVary says that the response depends on the name (RFC 9110 section 12.5.5).
func addVary(resp *httpwire.Response) {
	resp.Fields = resp.Fields.Add([]byte("Vary"), []byte("User-Agent"))
}

// service returns the service that a request is for. If there are too many students, and the request
// is for a book, it fills in the response and returns nil.
func (c *class) service(common *Service, req *httpwire.Request, resp *httpwire.Response) *Service {
	name := studentName(req)
	if name == "" {
		return common
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.students[name]; s != nil {
		return s
	}
	if len(c.students) >= maxStudents {
		if !bytes.HasPrefix(req.Path(), []byte(addressbook.Root)) { // it is the same for all students
			return common
		}
		rest.Refuse(resp, 503, fmt.Sprintf("The class has %d names already, and %q is not one of them. Use "+
			"a name that is known, leave out User-Agent to use the common book, or start the server again.",
			maxStudents, name))
		return nil
	}
	s, err := c.open()
	if err != nil {
		rest.Refuse(resp, 500, "The server cannot make a book for "+name+".")
		return nil
	}
	c.students[name] = s
	return s
}

// studentName returns the name in the User-Agent of a request, or "" if it has none.
func studentName(req *httpwire.Request) string {
	v := req.Fields.Get("User-Agent")
	if len(v) == 0 || len(v) > maxName {
		return ""
	}
	for i, o := range v {
		letter := 'a' <= o|0x20 && o|0x20 <= 'z'
		if !letter && (i == 0 || !('0' <= o && o <= '9' || o == '-' || o == '_')) {
			return ""
		}
	}
	return strings.ToLower(string(v))
}
