package addressbook

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"rawhttp/httpwire"
)

// Path is the path of the addresses. One address is at Path + "/" + ID.
const Path = "/address_book/api/v1.0/addresses"

// routes is the API, said once. Dispatch, Allow, OPTIONS and the links at "/" come from it; HEAD
// goes with GET and is not in it. A resource is the rows of one path.
var routes = []route{
	{"GET", "/", "self", "the links to everything here", (*Book).getIndex},
	{"GET", Path, "collection", "all addresses, ordered by ID", (*Book).getAll},
	{"POST", Path, "collection", "add an address", (*Book).post},
	{"GET", Path + "/{ID}", "item", "one address", (*Book).getOne},
}

// methods are those that a resource may have. Any other is unknown to the whole server.
var methods = []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}

type route struct {
	method, path string
	rel, summary string
	handle       func(b *Book, id int64, req *httpwire.Request, resp *httpwire.Response)
}

// A Book is the service. Its methods may be called from many goroutines at once.
type Book struct {
	resources []resource
	index     []byte // the representation of "/"
	allow     []byte // the methods of all resources together
	baseURL   atomic.Pointer[string]
	store     store
}

// New returns a book with two addresses in it. See SetBaseURL for baseURL.
func New(baseURL string) (*Book, error) {
	b := &Book{resources: resourcesOf(routes), allow: allowOf(routes)}
	b.index = indexOf(b.resources)
	b.store.create(address{1, "North Street", "Python City", 2, "PY11 0PY"})
	b.store.create(address{2, "South Street", "Python City", 21, "PY12 5PY"})
	if err := b.SetBaseURL(baseURL); err != nil {
		return nil, err
	}
	return b, nil
}

// SetBaseURL sets what Location fields begin with, such as "http://localhost:12345". It is never
// taken from a request, whose Host field anybody can forge. With the empty string, as long as the
// port is not known, Location is a path alone, which RFC 9110 section 10.2.2 allows and RFC 1945
// does not. It is an error unless it is an http or https URL without user, query and fragment, and
// then nothing changes.
func (b *Book) SetBaseURL(baseURL string) error {
	u, err := url.Parse(baseURL)
	switch {
	case err != nil:
		return fmt.Errorf("base URL: %w", err)
	case baseURL == "":
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "", u.User != nil,
		strings.ContainsAny(baseURL, "?#"):
		return fmt.Errorf("base URL %q: want one like http://localhost:12345", baseURL)
	}
	prefix := strings.TrimRight(u.String(), "/")
	b.baseURL.Store(&prefix)
	return nil
}

// Handle answers a checked request whose body is in req.Body. It expects resp empty and sets Code,
// Body and the fields that belong to them; the octets that it puts there never change. To HEAD it
// answers as to GET, the body included. It keeps nothing of req.
func (b *Book) Handle(req *httpwire.Request, resp *httpwire.Response) {
	if !slices.Contains(methods, string(req.Method)) {
		refuseUnknown(req, resp)
		return
	}
	path, options := req.Path(), string(req.Method) == "OPTIONS"
	if options && string(path) == "*" {
		allow(resp, b.allow)
		return
	}
	r, id := find(b.resources, path)
	if r == nil {
		refuse(resp, 404, "There is nothing at "+string(path)+". All addresses are at "+Path+
			", without a slash at the end; one is at "+Path+"/1, where 1 is its ID, in digits. "+
			"GET / answers with links to everything here.")
		return
	}
	handler := r.route(req.Method)
	switch {
	case handler != nil:
		handler.handle(b, id, req, resp)
	case options:
		allow(resp, r.allow)
	default:
		refuseMethod(req, resp, r)
	}
}

// A resource is what is at one path.
type resource struct {
	path     string
	segments []string // of path
	routes   []route
	allow    []byte
}

// resourcesOf gathers the rows of each path, in the order of the table.
func resourcesOf(routes []route) (rs []resource) {
	for from, to := 0, 0; from < len(routes); from = to {
		for to < len(routes) && routes[to].path == routes[from].path {
			to++
		}
		rs = append(rs, resource{
			path:     routes[from].path,
			segments: strings.Split(routes[from].path[1:], "/"),
			routes:   routes[from:to],
			allow:    allowOf(routes[from:to]),
		})
	}
	return rs
}

// allowOf returns the methods of rows as the value of an Allow field (RFC 9110 section 10.2.1).
func allowOf(rows []route) []byte {
	var allowed []string
	for _, m := range methods {
		if m == "OPTIONS" || slices.ContainsFunc(rows, func(r route) bool { return r.answers(m) }) {
			allowed = append(allowed, m)
		}
	}
	return []byte(strings.Join(allowed, ", "))
}

// answers reports whether the row is the one for a method. HEAD is derived here and nowhere else.
func (r *route) answers(method string) bool {
	return r.method == method || r.method == "GET" && method == "HEAD"
}

// route returns the row for a method, nil if there is none.
func (r *resource) route(method []byte) *route {
	for i := range r.routes {
		if r.routes[i].answers(string(method)) {
			return &r.routes[i]
		}
	}
	return nil
}

// summary says what each method of a resource is for.
func (r *resource) summary() string {
	var parts []string
	for i := range r.routes {
		parts = append(parts, r.routes[i].method+": "+r.routes[i].summary)
	}
	return strings.Join(parts, "; ")
}

// A link leads to a resource (RFC 8288). If templated, href is a URI Template (RFC 6570).
type link struct {
	Rel       string   `json:"rel"`
	Href      string   `json:"href"`
	Templated bool     `json:"templated,omitempty"`
	Methods   []string `json:"methods"`
	Title     string   `json:"title"`
}

// indexOf returns the representation of the links to all resources.
func indexOf(resources []resource) []byte {
	var index struct {
		Links []link `json:"links"`
	}
	for _, r := range resources {
		index.Links = append(index.Links, link{
			Rel:       r.routes[0].rel,
			Href:      r.routes[0].path,
			Templated: strings.Contains(r.routes[0].path, "{"),
			Methods:   strings.Split(string(r.allow), ", "),
			Title:     r.summary(),
		})
	}
	return encode(index)
}

// Names and values of fields. Nobody writes to them.
var (
	contentType    = []byte("Content-Type")
	location       = []byte("Location")
	allowName      = []byte("Allow")
	accept         = []byte("Accept")
	acceptEncoding = []byte("Accept-Encoding")

	jsonType    = []byte("application/json")
	problemType = []byte("application/problem+json")
	identity    = []byte("identity")
)

// allow answers OPTIONS (RFC 9110 section 9.3.7).
func allow(resp *httpwire.Response, methods []byte) {
	resp.Code = 200
	resp.Fields = resp.Fields.Add(allowName, methods)
}

// answer answers with octets that are ready, and are from here on the reader's too.
func answer(resp *httpwire.Response, code int, octets []byte) {
	resp.Code = code
	resp.Fields = resp.Fields.Add(contentType, jsonType)
	resp.Body = octets
}

func (b *Book) getIndex(_ int64, _ *httpwire.Request, resp *httpwire.Response) {
	answer(resp, 200, b.index)
}

func (b *Book) getAll(_ int64, _ *httpwire.Request, resp *httpwire.Response) {
	answer(resp, 200, b.store.list())
}

func (b *Book) getOne(id int64, _ *httpwire.Request, resp *httpwire.Response) {
	one, ok := b.store.get(id)
	if !ok {
		refuse(resp, 404, "There is no address of that ID. GET "+Path+" shows all.")
		return
	}
	answer(resp, 200, one)
}

// post creates the address first and answers then (RFC 1945 section 9.2). An ID that is there is a
// conflict, since POST never replaces.
func (b *Book) post(_ int64, req *httpwire.Request, resp *httpwire.Response) {
	if !readable(req, resp) {
		return
	}
	a, fault := readAddress(req.Body)
	if fault != "" {
		refuse(resp, 400, fault)
		return
	}
	path := Path + "/" + strconv.FormatInt(a.ID, 10)
	if !b.store.create(a) {
		refuse(resp, 409, fmt.Sprintf("There is an address of ID %d already, and it stays as it "+
			"is: GET %s shows it. Send this one with another ID.", a.ID, path))
		return
	}
	resp.Fields = resp.Fields.Add(location, []byte(*b.baseURL.Load()+path))
	answer(resp, 201, encodeAdded(a))
}
