package rest

import (
	"bytes"
	"net/url"
)

const (
	variable    = "{ID}"
	maxSegments = 8 // one more than any path of a table may have
)

// MaxInteger is the largest ID, and the largest integer that every reader of JSON sees exactly
// (RFC 8259 section 6).
const MaxInteger = 1<<53 - 1

// find returns the resource at a path, still percent-encoded, and the ID that the path has for its
// {ID}; nil if nothing is there. It allocates only to decode. A path that is spelt as the table has
// it need not be taken apart.
func (r *Router) find(path []byte) (*resource, int64) {
	for _, res := range r.resources {
		if string(path) == res.path {
			return res, 0
		}
	}
	for _, res := range r.resources {
		n := len(res.before)
		if n == 0 || len(path) < n || string(path[:n]) != res.before {
			continue
		}
		if id, ok := parseID(path[n:]); ok {
			return res, id
		}
	}
	return r.findDecoded(path)
}

// findDecoded takes the path apart.
func (r *Router) findDecoded(path []byte) (*resource, int64) {
	var all [maxSegments][]byte
	segments := split(all[:0], path)
	for _, res := range r.resources {
		if id, ok := res.match(segments); ok {
			return res, id
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
func (res *resource) match(segments [][]byte) (id int64, ok bool) {
	if len(segments) != len(res.segments) {
		return 0, false
	}
	for i, want := range res.segments {
		if want == variable {
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

// parseID reads 1*DIGIT. A number above MaxInteger, which is nothing's ID, comes back as some
// number above it.
func parseID(v []byte) (id int64, ok bool) {
	for _, o := range v {
		if o < '0' || o > '9' {
			return 0, false
		}
		if id <= MaxInteger {
			id = id*10 + int64(o-'0')
		}
	}
	return id, len(v) > 0
}
