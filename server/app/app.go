// Package app is all that go run ./server serves: the tables of routes joined, as the flags say. The
// tour, the lessons and the tests serve it as well, so that what they show is what people see.
package app

import (
	"flag"
	"fmt"

	"rawhttp/server/addressbook"
	"rawhttp/server/httpd"
	"rawhttp/server/inspect"
	"rawhttp/server/rest"
	"rawhttp/server/users"
)

// The router is all that package httpd has a use for.
var _ interface {
	httpd.MethodHandler
	httpd.HeadHandler
	httpd.RefusalHandler
	httpd.QuietHandler
} = (*rest.Router)(nil)

// Options are what can be chosen.
type Options struct {
	Book   addressbook.Options
	Users  string // the file of those who may change addresses; everybody may if empty
	Origin string // whose pages may use the API; none but the server's own if empty
}

// Flags adds a flag for each of the options that a person may choose.
func (o *Options) Flags(fs *flag.FlagSet) {
	fs.BoolVar(&o.Book.Empty, "empty", false, "start without the two addresses")
	fs.IntVar(&o.Book.Max, "max", addressbook.DefaultMax, "take so many `addresses` at most")
	fs.StringVar(&o.Users, "users", "", "only those in this `file` may change addresses")
	fs.StringVar(&o.Origin, "cors", "", "let pages of this `origin` use the API")
}

// New returns the handler of a server and its list of users, which is nil if there is none. It is an
// error, in a sentence about the flag, if the options cannot be served.
func New(o Options, server *httpd.Server) (*rest.Router, *users.File, error) {
	if o.Book.Max < 1 || o.Book.Max < 2 && !o.Book.Empty {
		return nil, nil, fmt.Errorf("-max %d: a book takes 2 addresses or more, with -empty 1 or more",
			o.Book.Max)
	}
	book, err := addressbook.Open(o.Book)
	if err != nil {
		return nil, nil, err
	}
	router := rest.New(book.Routes(), inspect.Wire(), inspect.Machine(server), inspect.Browser())
	var list *users.File
	if o.Users != "" {
		if list, err = users.Open(o.Users); err != nil {
			return nil, nil, err
		}
		if err := router.Protect(addressbook.Realm, list.Check); err != nil {
			return nil, nil, err
		}
	}
	if o.Origin == "" {
		return router, list, nil
	}
	if err := router.AllowOrigin(o.Origin); err != nil {
		return nil, nil, fmt.Errorf("-cors %w", err)
	}
	return router, list, nil
}
