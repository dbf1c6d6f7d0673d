package app

import (
	"io"
	"net"
	"regexp"
	"time"

	"rawhttp/server/addressbook"
	"rawhttp/server/httpd"
)

// The documentation shows what the server really sends: for each response it asks a server of its own, in
// memory, with a new book.

// exampleDate is the date of the examples in RFC 9110. It takes the place of all others, so that the
// page does not change.
const exampleDate = "Sun, 06 Nov 1994 08:49:37 GMT"

var anyDate = regexp.MustCompile(`[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT`)

// sample sends a request to a new server, whose clients reach it at an origin that ParseOrigin has
// returned, and returns the response.
func sample(origin string, request []byte) []byte {
	clock := func() time.Time { return time.Unix(784111777, 0) }
	server := &httpd.Server{Limits: httpd.DefaultLimits, Name: httpd.Product}
	service, err := New(Options{Book: addressbook.Options{BaseURL: origin, Clock: clock}}, server)
	if err != nil {
		panic(err) // with these options there is no error
	}
	server.Handler = service // a book in memory need not be closed
	return anyDate.ReplaceAll(exchange(server, request), []byte(exampleDate))
}

// exchange sends a request on a new connection and returns what comes until the server closes it. It sets
// no deadline: the server, in the same process, always closes, and the documentation keeps what came.
func exchange(server *httpd.Server, request []byte) []byte {
	ours, theirs := net.Pipe()
	defer ours.Close()
	go server.ServeConn(theirs)
	go ours.Write(request)
	response, _ := io.ReadAll(ours)
	return response
}
