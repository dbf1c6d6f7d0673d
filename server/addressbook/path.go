package addressbook

import (
	"bytes"
	"net/url"
)

// maxSegments is one more than any path of the table has.
const maxSegments = 6

// find returns the resource at a path, still percent-encoded, and the ID that the path has for its
// {ID}; nil if nothing is there. It allocates only to decode. A path that is spelt as the table has
// it need not be taken apart.
func find(resources []resource, path []byte) (*resource, int64) {
	for i := range resources {
		if string(path) == resources[i].path {
			return &resources[i], 0
		}
	}
	var all [maxSegments][]byte
	segments := split(all[:0], path)
	for i := range resources {
		if id, ok := resources[i].match(segments); ok {
			return &resources[i], id
		}
	}
	return nil, 0
}

// split appends the segments of a path, each decoded once, as many as there is room for. Without a
// slash in front there are none.
func split(segments [][]byte, path []byte) [][]byte {
	rest, more := bytes.CutPrefix(path, []byte("/"))
	for more && len(segments) < cap(segments) {
		var segment []byte
		segment, rest, more = bytes.Cut(rest, []byte("/"))
		segments = append(segments, decode(segment))
	}
	return segments
}

// decode replaces each %HH by its octet. That there is HH behind each % was checked by the reader.
func decode(segment []byte) []byte {
	if bytes.IndexByte(segment, '%') < 0 {
		return segment
	}
	decoded, err := url.PathUnescape(string(segment))
	if err != nil {
		return segment // has a %, so it is no name of the table and no ID
	}
	return []byte(decoded)
}

// match reports whether a path of these segments is the resource's, and the ID in it.
func (r *resource) match(segments [][]byte) (id int64, ok bool) {
	if len(segments) != len(r.segments) {
		return 0, false
	}
	for i, want := range r.segments {
		if want == "{ID}" {
			id, ok = parseID(segments[i])
		} else {
			ok = string(segments[i]) == want
		}
		if !ok {
			return 0, false
		}
	}
	return id, true
}

// parseID reads 1*DIGIT. A number above maxInteger, which is no address's ID, comes back as some
// number above it.
func parseID(v []byte) (id int64, ok bool) {
	for _, o := range v {
		if o < '0' || o > '9' {
			return 0, false
		}
		if id <= maxInteger {
			id = id*10 + int64(o-'0')
		}
	}
	return id, len(v) > 0
}
