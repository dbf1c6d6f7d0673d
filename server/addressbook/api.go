package addressbook

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"

	"rawhttp/httpwire"
	"rawhttp/server/rest"
)

// Path is the path of the addresses. One address is at Path + "/" + ID.
const Path = "/address_book/api/v1.0/addresses"

// A Book is the service, a Router of its own routes. Its methods may be called from many goroutines
// at once.
type Book struct {
	*rest.Router
	baseURL atomic.Pointer[string]
	store   store
}

// New returns a book with two addresses in it. See SetBaseURL for baseURL.
func New(baseURL string) (*Book, error) {
	b := new(Book)
	b.Router = rest.New(b.Routes())
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

// Names and values of fields. Nobody writes to them.
var (
	contentType    = []byte("Content-Type")
	location       = []byte("Location")
	accept         = []byte("Accept")
	acceptEncoding = []byte("Accept-Encoding")

	jsonType = []byte("application/json")
	identity = []byte("identity")
)

// answer answers with octets that are ready, and are from here on the reader's too.
func answer(resp *httpwire.Response, code int, octets []byte) {
	resp.Code = code
	resp.Fields = resp.Fields.Add(contentType, jsonType)
	resp.Body = octets
}

func (b *Book) getAll(_ int64, _ *httpwire.Request, resp *httpwire.Response) {
	answer(resp, 200, b.store.list())
}

func (b *Book) getOne(id int64, _ *httpwire.Request, resp *httpwire.Response) {
	one, ok := b.store.get(id)
	if !ok {
		rest.Refuse(resp, 404, "There is no address of that ID. GET "+Path+" shows all.")
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
		rest.Refuse(resp, 400, fault)
		return
	}
	path := Path + "/" + strconv.FormatInt(a.ID, 10)
	if !b.store.create(a) {
		rest.Refuse(resp, 409, fmt.Sprintf("There is an address of ID %d already, and it stays as it "+
			"is: GET %s shows it. Send this one with another ID.", a.ID, path))
		return
	}
	resp.Fields = resp.Fields.Add(location, []byte(*b.baseURL.Load()+path))
	answer(resp, 201, encodeAdded(a))
}
