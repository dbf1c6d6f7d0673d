package main

import (
	"fmt"

	"rawhttp/server/addressbook"
	"rawhttp/server/rest"
	"rawhttp/server/users"
)

// routes joins what is served: the book and the other tables.
func routes(
	o addressbook.Options, list, origin string, tables ...[]rest.Route,
) (*rest.Router, error) {
	if o.Max < 1 || o.Max < 2 && !o.Empty {
		return nil, fmt.Errorf("-max %d: a book takes 2 addresses or more, with -empty 1 or more", o.Max)
	}
	book, err := addressbook.Open(o)
	if err != nil {
		return nil, err
	}
	router := rest.New(append([][]rest.Route{book.Routes()}, tables...)...)
	if list != "" {
		who, err := users.ReadFile(list)
		if err != nil {
			return nil, err
		}
		if err := router.Protect(addressbook.Realm, who.Check); err != nil {
			return nil, err
		}
	}
	if origin == "" {
		return router, nil
	}
	if err := router.AllowOrigin(origin); err != nil {
		return nil, fmt.Errorf("-cors %w", err)
	}
	return router, nil
}
