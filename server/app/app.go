// Package app joins everything that go run ./server serves, by the options of its command line. The
// tour, the lessons and the tests serve the same, so they show what users see.
package app

import (
	"errors"
	"flag"
	"fmt"

	"rawhttp/server/addressbook"
	"rawhttp/server/httpd"
	"rawhttp/server/inspect"
	"rawhttp/server/rest"
	"rawhttp/server/users"
	"rawhttp/server/wall"
)

// The router has every optional method of an httpd.Handler.
var _ interface {
	httpd.MethodHandler
	httpd.HeadHandler
	httpd.RefusalHandler
	httpd.QuietHandler
} = (*rest.Router)(nil)

// Options are the options of the service. The zero Options are good.
type Options struct {
	Book   addressbook.Options
	Users  string // a file with the users who may change addresses; if empty, every client may
	Origin string // lets web pages of this origin use the API
	Wall   bool   // shows the exchanges of the server at /wall
}

// Flags adds a flag for each option.
func (o *Options) Flags(fs *flag.FlagSet) {
	fs.BoolVar(&o.Book.Empty, "empty", false, "start without the two addresses")
	fs.IntVar(&o.Book.Max, "max", addressbook.DefaultMax, "the largest `number` of addresses")
	fs.StringVar(&o.Users, "users", "", "let only the users in this `file` change addresses")
	fs.StringVar(&o.Origin, "cors", "", "let web pages of this `origin` use the API, such as "+
		"http://localhost:8000")
	fs.BoolVar(&o.Wall, "wall", false, "show each exchange live at /wall, to every client")
}

// New returns the handler of a server, and its list of users, which is nil without Options.Users.
// If an option cannot be served, the error is a sentence that names its flag.
func New(o Options, server *httpd.Server) (*rest.Router, *users.File, error) {
	if o.Book.Max == 1 && !o.Book.Empty {
		return nil, nil, errors.New("-max 1: the book starts with two addresses; add  -empty  or allow " +
			"2 or more")
	}
	book, err := addressbook.New(o.Book)
	if err != nil {
		return nil, nil, err
	}
	tables := [][]rest.Route{book.Routes(), inspect.Routes(server)}
	if o.Wall {
		w := wall.New()
		server.Watcher = w
		tables = append(tables, w.Routes())
	}
	router := rest.New(tables...)
	var list *users.File
	if o.Users != "" {
		if list, err = users.Open(o.Users); err != nil {
			return nil, nil, fmt.Errorf("-users: %w", err)
		}
		if err := router.Protect(addressbook.Realm, list.Check); err != nil {
			return nil, nil, err
		}
	}
	if o.Origin != "" {
		if err := router.AllowOrigin(o.Origin); err != nil {
			return nil, nil, fmt.Errorf("-cors %w", err)
		}
	}
	return router, list, nil
}
