package rest

import (
	"bytes"
	"strconv"
	"strings"
	"sync"
	"time"

	"rawhttp/httpwire"
)

// A Variant is one of the representations of a resource that never changes. They differ in their media types.
type Variant struct {
	Type   string // the media type
	Octets []byte
}

// serveVariants returns a handler that sends the variant that the client prefers. It makes the variants when
// the first client asks. If there are several, the response has Vary, which tells caches that it
// depends on Accept (RFC 9110 section 12.5.5).
func serveVariants(document func() []Variant, modified time.Time) Handler {
	made := sync.OnceValues(func() (types []string, served []Representation) {
		variants := document()
		for _, v := range variants {
			p := NewRepresentation([]byte(v.Type), bytes.Clone(v.Octets), DigestOf(v.Octets), modified, nil)
			if len(variants) > 1 {
				p.vary = acceptName
			}
			typ, _, _ := strings.Cut(v.Type, ";")
			types, served = append(types, typ), append(served, p)
		}
		return types, served
	})
	return func(_ int64, req *httpwire.Request, resp *httpwire.Response) {
		types, served := made()
		served[Prefer(req.Fields, types...)].Serve(req, resp, time.Now)
	}
}

// Prefer returns the index of the media type that the client prefers by its Accept fields (RFC 9110
// section 12.5.1). If the client prefers none of them, or accepts none of them, Prefer returns 0, because
// a response in another form is more useful than 406 (section 12.4.1).
func Prefer(fs httpwire.Fields, types ...string) int {
	best, most := 0, 0.0
	for i, typ := range types {
		if q := quality(fs, typ); q > most {
			best, most = i, q
		}
	}
	return best
}

// quality returns the weight of a media type, from 0 to 1. If several ranges match it, the most
// specific one counts.
func quality(fs httpwire.Fields, typ string) (q float64) {
	major, minor, _ := strings.Cut(typ, "/")
	best := 0
	for _, member := range fs.Members("Accept") {
		m, _ := httpwire.ParseMediaType(member) // an ill-formed range matches nothing
		specific := 0
		switch {
		case m.Is(major, minor) && !narrowed(member):
			specific = 4
		case m.Is(major, "*"):
			specific = 3
		case m.Is("*", "*"):
			specific = 2
		case m.Is(major, minor): // it means another representation, but this one is the nearest
			specific = 1
		}
		if specific > best {
			best, q = specific, weight(member, &m)
		}
	}
	return q
}

// narrowed reports whether a range has a parameter before its weight which means that only some representations of
// the media type match, as level=1 in "text/html;level=1" does. A charset does not mean that. A parameter may be
// missing (RFC 9110 section 5.6.6).
func narrowed(member []byte) bool {
	_, parameters, _ := bytes.Cut(member, []byte(";"))
	for parameter := range bytes.SplitSeq(parameters, []byte(";")) {
		name, _, _ := bytes.Cut(parameter, []byte("="))
		name = bytes.Trim(name, " \t")
		if len(name) > 0 && !httpwire.EqualFold(name, "charset") {
			return !httpwire.EqualFold(name, "q")
		}
	}
	return false
}

// weight returns the q of a range: 1 if it has none, 0 if the range is ill-formed.
func weight(member []byte, m *httpwire.MediaType) float64 {
	v, count := m.Param("q")
	switch {
	case httpwire.ValueFault("Accept", member) >= 0:
		return 0
	case count == 0:
		return 1
	}
	q, _ := strconv.ParseFloat(v, 64)
	return q
}
