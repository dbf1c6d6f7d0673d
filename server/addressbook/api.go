package addressbook

import (
	"cmp"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/condition"
	"rawhttp/server/rest"
)

// DefaultMax is how many addresses a book takes if nobody says otherwise.
const DefaultMax = 10000

// Options are what may be said of a book before it opens. The zero Options are good ones.
type Options struct {
	BaseURL string           // see SetBaseURL
	Empty   bool             // leave out the two addresses that are there at the start
	Max     int              // addresses at most; 0 is DefaultMax
	Clock   func() time.Time // nil is time.Now
}

// A Book is the service, a Router of its own routes. Its methods may be called from many goroutines
// at once.
type Book struct {
	*rest.Router
	baseURL atomic.Pointer[string]
	store   store
	clock   func() time.Time
}

// New returns a book with two addresses in it. See SetBaseURL for baseURL.
func New(baseURL string) (*Book, error) { return Open(Options{BaseURL: baseURL}) }

// Open returns a book as the options want it. A base URL that is none is an error.
func Open(o Options) (*Book, error) {
	b := &Book{clock: o.Clock}
	if b.clock == nil {
		b.clock = time.Now
	}
	b.store = newMemory(b.clock, cmp.Or(o.Max, DefaultMax))
	if !o.Empty {
		for _, a := range []address{
			{1, "North Street", "Python City", 2, "PY11 0PY"},
			{2, "South Street", "Python City", 21, "PY12 5PY"},
		} {
			if _, err := b.store.create(a, anyVersion); err != nil {
				return nil, fmt.Errorf("the two addresses of the start: %w", err)
			}
		}
	}
	b.Router = rest.New(b.Routes())
	return b, b.SetBaseURL(o.BaseURL)
}

// SetBaseURL sets what Location fields begin with, such as "http://localhost:12345". It is never
// taken from a request, whose Host field anybody can forge. With the empty string, as long as the
// port is not known, Location is a path alone, which RFC 9110 section 10.2.2 allows and RFC 1945
// does not. What is no http or https URL, or one with user, path, query or fragment, is an error,
// and nothing changes. A path would be in Location and nowhere else: links, the description and
// the sentences of refusals name the paths of the table, which a proxy has to leave as they are.
func (b *Book) SetBaseURL(baseURL string) error {
	u, err := url.Parse(baseURL)
	switch {
	case err != nil:
		return fmt.Errorf("base URL: %w", err)
	case baseURL == "":
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "", u.User != nil,
		strings.ContainsAny(baseURL, "?#"):
		return fmt.Errorf("base URL %q: want one like http://localhost:12345", baseURL)
	case u.EscapedPath() != "" && u.EscapedPath() != "/":
		return fmt.Errorf("base URL %q: leave out %s, since the links that are served begin at the "+
			"root of the host; a proxy in front has to leave paths as they are", baseURL,
			u.EscapedPath())
	}
	prefix := strings.TrimRight(u.String(), "/")
	b.baseURL.Store(&prefix)
	return nil
}

const (
	jsonType    = "application/json"
	nobodyThere = "There is no address of that ID. GET " + Path + " shows all."
)

// Names and values of fields. Nobody writes to them.
var (
	jsonValue      = []byte(jsonType)
	contentType    = []byte("Content-Type")
	location       = []byte("Location")
	accept         = []byte("Accept")
	acceptEncoding = []byte("Accept-Encoding")
)

func (b *Book) getAll(_ int64, req *httpwire.Request, resp *httpwire.Response) {
	list := b.store.list()
	p := list.whole()
	if query := req.Query(); len(query) > 0 {
		s, fault := readSelection(string(query))
		if fault != "" {
			rest.Refuse(resp, 400, fault)
			return
		}
		if s != (selection{}) {
			p = s.page(list)
		}
	}
	if p.ServeHead(req, resp, b.clock) {
		resp.Parts = p
	}
}

func (b *Book) getOne(id int64, req *httpwire.Request, resp *httpwire.Response) {
	if e := b.store.get(id); e != nil {
		e.Serve(req, resp, b.clock)
		return
	}
	rest.Refuse(resp, 404, nobodyThere)
}

// post creates the address first and answers then (RFC 1945 section 9.2). An ID that is there is a
// conflict, since POST never replaces. Its conditions are about the list.
func (b *Book) post(_ int64, req *httpwire.Request, resp *httpwire.Response) {
	a, ok := readBody(noID, req, resp)
	if !ok {
		return
	}
	for {
		version := uint64(anyVersion)
		if condition.Any(req.Fields) && b.store.get(a.ID) == nil {
			list := b.store.list()
			if version = list.version; !rest.Holds(req, resp, list.whole().State(), b.clock) {
				return
			}
		}
		e, err := b.store.create(a, version)
		switch err {
		case nil:
			b.created(resp, a)
			e.AddValidators(resp)
		case errChanged:
			continue
		case errExists:
			rest.Refuse(resp, 409, fmt.Sprintf("There is an address of ID %d already, and it stays "+
				"as it is: GET %s/%[1]d shows it. Send this one with another ID, or PUT it there.",
				a.ID, Path))
		default:
			full(resp)
		}
		return
	}
}

// put stores the address, whether there is one of its ID or not. The answer has no ETag: only
// octets that are stored as they came would have one (RFC 9110 section 9.3.4), and what is kept
// here is the address, written in the book's own way.
func (b *Book) put(id int64, req *httpwire.Request, resp *httpwire.Response) {
	a, ok := readBody(id, req, resp)
	if !ok {
		return
	}
	for {
		old := b.store.get(id)
		if !rest.Holds(req, resp, old.state(), b.clock) {
			return
		}
		var err error
		if old == nil {
			_, err = b.store.create(a, anyVersion)
		} else {
			_, err = b.store.replace(a, old.version)
		}
		switch {
		case err == errFull:
			full(resp)
		case err != nil:
			continue // somebody was faster
		case old == nil:
			b.created(resp, a)
		default:
			answer(resp, 200, encodeOne(a))
		}
		return
	}
}

func (b *Book) delete(id int64, req *httpwire.Request, resp *httpwire.Response) {
	for {
		old := b.store.get(id)
		if old == nil {
			rest.Refuse(resp, 404, nobodyThere)
			return
		}
		if !rest.Holds(req, resp, old.state(), b.clock) {
			return
		}
		if b.store.delete(id, old.version) == nil {
			resp.Code = 204
			return
		}
	}
}

// readBody reads the address that a request brings, and answers if it brings none.
func readBody(id int64, req *httpwire.Request, resp *httpwire.Response) (a address, ok bool) {
	if !readable(req, resp) {
		return a, false
	}
	if id != noID && req.Fields.Get("Content-Range") != nil {
		rest.Refuse(resp, 400, "PUT stores an address as a whole, and Content-Range says that the body "+
			"is a part of one (RFC 9110 section 14.5). Send all of it, without that field line.")
		return a, false
	}
	a, fault := readAddress(req.Body, id)
	if fault != "" {
		rest.Refuse(resp, 400, fault)
	}
	return a, fault == ""
}

// created answers that an address is new.
func (b *Book) created(resp *httpwire.Response, a address) {
	url := *b.baseURL.Load() + Path + "/" + strconv.FormatInt(a.ID, 10)
	resp.Fields = resp.Fields.Add(location, []byte(url))
	answer(resp, 201, encodeAdded(a))
}

func full(resp *httpwire.Response) {
	rest.Refuse(resp, 507, "The book is full, and nothing in it was changed. DELETE an address that "+
		"nobody needs, or start the server with a larger -max.")
}

func answer(resp *httpwire.Response, code int, octets []byte) {
	resp.Code = code
	resp.Fields = resp.Fields.Add(contentType, jsonValue)
	resp.Body = octets
}
