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

// An App has every optional method of an httpd.Handler.
var _ interface {
	httpd.MethodHandler
	httpd.HeadHandler
	httpd.RefusalHandler
	httpd.QuietHandler
} = (*App)(nil)

// Options are the options of the service. The zero Options are good.
type Options struct {
	Book   addressbook.Options
	Users  string // a file with the users who may change addresses; if empty, every client may
	Origin string // lets web pages of this origin use the API
	Wall   bool   // shows the exchanges of the server at /wall
}

// Flags adds a flag for each option.
func (o *Options) Flags(fs *flag.FlagSet) {
	fs.StringVar(&o.Book.File, "book", "", "keep the addresses in this `file`, which survives the "+
		"server and power cuts; a new file has the two addresses of the start")
	fs.BoolVar(&o.Book.Empty, "empty", false, "start without the two addresses")
	fs.IntVar(&o.Book.Max, "max", addressbook.DefaultMax, "the largest `number` of addresses")
	fs.StringVar(&o.Users, "users", "", "let only the users in this `file` change addresses")
	fs.StringVar(&o.Origin, "cors", "", "let web pages of this `origin` use the API, such as "+
		"http://localhost:8000")
	fs.BoolVar(&o.Wall, "wall", false, "show each exchange live at /wall, to every client")
}

// An App is what a server serves.
type App struct {
	*rest.Router
	Book  *addressbook.Book // the caller closes it after the server has stopped
	Users *users.File       // nil without Options.Users
}

// New returns the App for a server. If an option cannot be served, the error is a sentence that names
// its flag.
func New(o Options, server *httpd.Server) (*App, error) {
	if o.Book.Max == 1 && !o.Book.Empty && o.Book.File == "" {
		return nil, errors.New("-max 1: the book starts with two addresses; add  -empty  or allow " +
			"2 or more")
	}
	book, err := addressbook.New(o.Book)
	if err != nil && o.Book.File != "" {
		return nil, fmt.Errorf("-book: %w", err)
	}
	if err != nil {
		return nil, err
	}
	tables := [][]rest.Route{book.Routes(), inspect.Routes(server, book.Err)}
	if o.Wall {
		w := wall.New()
		server.Watcher = w
		tables = append(tables, w.Routes())
	}
	a := &App{Router: rest.New(tables...), Book: book}
	if err := a.restrict(o); err != nil {
		book.Close()
		return nil, err
	}
	return a, nil
}

// restrict lets only some users and origins in.
func (a *App) restrict(o Options) (err error) {
	if o.Users != "" {
		if a.Users, err = users.Open(o.Users); err != nil {
			return fmt.Errorf("-users: %w", err)
		}
		if err := a.Protect(addressbook.Realm, a.Users.Check); err != nil {
			return err
		}
	}
	if o.Origin != "" {
		if err := a.AllowOrigin(o.Origin); err != nil {
			return fmt.Errorf("-cors %w", err)
		}
	}
	return nil
}
