package rest

import (
	"bytes"
	"time"

	"rawhttp/httpwire"
)

// A Form is a representation that follows from the table and never changes.
type Form struct {
	Type   string // the media type
	Octets []byte
}

// htmlType is that of the forms for people.
const htmlType = "text/html; charset=utf-8"

// serveForms answers with that form of a document that the client prefers. If there are several, a
// cache has to be told that the answer depends on Accept (RFC 9110 section 12.5.5).
func serveForms(forms []Form, modified time.Time) handler {
	var types []string
	var served []Representation
	for _, f := range forms {
		p := NewRepresentation([]byte(f.Type), bytes.Clone(f.Octets), DigestOf(f.Octets), modified, nil)
		if len(forms) > 1 {
			p.vary = acceptName
		}
		typ, _, _ := bytes.Cut([]byte(f.Type), []byte(";"))
		types, served = append(types, string(typ)), append(served, p)
	}
	return func(_ int64, req *httpwire.Request, resp *httpwire.Response) {
		i := 0
		if len(types) > 1 {
			i = Prefer(req.Fields, types...)
		}
		served[i].Serve(req, resp, time.Now)
	}
}
