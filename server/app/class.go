package app

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/server/addressbook"
	"rawhttp/server/rest"
	"rawhttp/server/users"
)

// In a class all students use one server, and type the same requests. With Options.Class each of them
// has a book of their own. A student writes a name into the field User-Agent:
//
//	User-Agent: anna
//
// A name is a word of at most 20 letters, digits, "-" and "_" that begins with a letter. Capitals make
// no difference. A request without the field uses the common book, and so does a request with the
// name common, or with a slash in the field: programs have a product and its version there (RFC 9110
// section 10.1.5), as in curl/8.5. Everything else is a name with a mistake in it, and gets 400. The field
// Book of each response names the book.
//
// If all names are taken, a new one takes the place of one whose book was never changed. Otherwise a single
// student could keep all others out, with a GET for each of many names.
const (
	maxStudents = 60
	maxOfOne    = 100 // addresses in the book of a student
	maxName     = 20
	minUnused   = time.Minute // how long no request has used a book that gives up its place: no request takes so long

	commonName = "common" // of the common book

	bookName  = "Book"
	agentName = "User-Agent"
)

// A class is the handler of the requests of all students. Only requests for the addresses depend on the
// student. All others are for the router of the service.
type class struct {
	*rest.Router
	options Options
	users   *users.File // nil without Options.Users

	mu       sync.Mutex
	students []student // in the order in which they came, unless one took the place of another; first the common book
}

// A student is one name, and the book with that name. The book is nil if the request cannot be served.
type student struct {
	name   string
	book   *addressbook.Book
	router *rest.Router // of the addresses alone
	first  uint64       // the version of the book before any change; 0, which no book has, for the common book
	used   time.Time    // when the last request for it came
}

// newClass returns a class without a common book. Call open before it serves.
func newClass(o Options, users *users.File) *class {
	c := &class{options: o, users: users}
	c.options.Book.Max = min(cmp.Or(o.Book.Max, maxOfOne), maxOfOne)
	return c
}

// open sets the common book.
func (c *class) open(common *Service) {
	c.Router = common.router
	c.students = []student{{name: commonName, book: common.Book, router: common.router}}
}

// Handle fills in the response to a request.
func (c *class) Handle(req *httpwire.Request, resp *httpwire.Response) {
	s := c.studentOf(req, resp)
	if s.book != nil {
		c.routerFor(s, req).Handle(req, resp)
	}
	s.addFields(resp)
}

// HandleHead decides on a request before its body has come, if it can.
func (c *class) HandleHead(req *httpwire.Request, resp *httpwire.Response) (final bool) {
	s := c.studentOf(req, resp)
	final = s.book == nil || c.routerFor(s, req).HandleHead(req, resp)
	s.addFields(resp)
	return final
}

// routerFor returns the router for a request of a student.
func (c *class) routerFor(s student, req *httpwire.Request) *rest.Router {
	if c.isForBook(req) {
		return s.router
	}
	return c.Router
}

// isForBook reports whether the response to a request depends on the book.
func (c *class) isForBook(req *httpwire.Request) bool {
	row := c.Row(req)
	return row != nil && row.Document == nil && strings.HasPrefix(row.Path, addressbook.Root)
}

// addFields says whose book the response is about, unless its handler has said it, and that it depends
// on the name (RFC 9110 section 12.5.5).
func (s student) addFields(resp *httpwire.Response) {
	rest.AddField(resp, "Vary", agentName)
	if s.book != nil && resp.Fields.Get(bookName) == nil {
		s.addName(resp)
	}
}

func (s student) addName(resp *httpwire.Response) {
	rest.AddField(resp, bookName, s.name)
}

// studentOf returns the student of a request. For a new name it makes a new student. If the name has a
// mistake, or if there are too many students and the request is for a book, studentOf fills in the
// response, and the student has no book.
func (c *class) studentOf(req *httpwire.Request, resp *httpwire.Response) student {
	refuse := func(code int, detail string) student {
		rest.Refuse(req, resp, code, detail)
		c.HandleRefusal(req, resp)
		return student{}
	}
	name, mistake := studentName(req)
	if mistake != "" {
		return refuse(400, mistake)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if i := slices.IndexFunc(c.students, func(s student) bool { return s.name == name }); i >= 0 {
		c.students[i].used = now
		return c.students[i]
	}
	place := len(c.students)
	if place > maxStudents {
		place = slices.IndexFunc(c.students, func(s student) bool { return s.isUnused(now) })
	}
	if place < 0 {
		if !c.isForBook(req) {
			return c.students[0] // the response is the same for all students
		}
		return refuse(503, fmt.Sprintf("The class has %d names already, and %q is not one of them. Use "+
			"a name that is known, leave out User-Agent to use the common book, or start the server again.",
			maxStudents, name))
	}
	book, _ := addressbook.New(c.options.Book) // no error: the book is in memory, and the common one has the same options
	s := student{name: name, book: book, router: newRouter(c.options.Origin, c.users, book.Routes()), used: now}
	s.first, _ = book.Version()
	c.students = slices.Replace(c.students, place, min(place+1, len(c.students)), s)
	return s
}

// all returns the students. The index of each one is its number, and 0 is that of the common book.
func (c *class) all() []student {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.students)
}

// isUnused reports whether the student has changed nothing, and has sent no request for minUnused.
func (s student) isUnused(now time.Time) bool {
	version, _ := s.book.Version() // no error: the book is in memory
	return now.Sub(s.used) > minUnused && version == s.first
}

// studentName returns the name in the User-Agent of a request, or that of the common book. The mistake is
// a sentence that says what is wrong with the name, or "".
func studentName(req *httpwire.Request) (name, mistake string) {
	value := req.Fields.Get(agentName)
	switch {
	case value == nil || bytes.IndexByte(value, '/') >= 0:
		return commonName, ""
	case namePattern.Match(value):
		return strings.ToLower(string(value)), ""
	}
	shown := basicauth.Redact(value)
	return "", fmt.Sprintf("%s is %q, and that is not a name for a book. A name has 1 to %d letters "+
		"from A to Z, digits, - and _, and begins with a letter. Type for example  %[1]s: anna  or "+
		"leave out the field to use the common book. Nothing was changed.",
		agentName, shown[:min(len(shown), 2*maxName)], maxName)
}

var namePattern = regexp.MustCompile(fmt.Sprintf(`^[A-Za-z][A-Za-z0-9_-]{0,%d}$`, maxName-1))
