package rest

import "strings"

// A link leads to a resource (RFC 8288). If templated, href is a URI Template (RFC 6570).
type link struct {
	Rel       string   `json:"rel"`
	Href      string   `json:"href"`
	Templated bool     `json:"templated,omitempty"`
	Methods   []string `json:"methods"`
	Title     string   `json:"title"`
}

// Links is the Document of an entry point: the links to everything in the table.
func Links(r *Router) []Form {
	var index struct {
		Links []link `json:"links"`
	}
	for _, res := range r.resources {
		index.Links = append(index.Links, link{
			Rel:       res.routes[0].Rel,
			Href:      res.path,
			Templated: strings.Contains(res.path, variable),
			Methods:   res.methods(),
			Title:     res.summary(),
		})
	}
	return []Form{{"application/json", JSON(index)}}
}
