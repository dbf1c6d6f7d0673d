package condition

import (
	"bytes"
	"iter"

	"rawhttp/httpwire"
)

// matches reports whether one of the tags in a field is the current one, which is always strong. ok
// is false if the list is invalid. If-None-Match compares weakly: a weak tag in the field may match
// (RFC 9110 section 8.8.3.2). The field may be there several times. "*" matches any tag, and must be
// alone. The whole list is checked, even after a match.
func matches(fs httpwire.Fields, field string, etag []byte) (match, ok bool) {
	tags, stars := 0, 0
	for list := range fs.Values(field) {
		if httpwire.ValueFault(field, list) >= 0 {
			return false, false
		}
		for tag := range members(list) {
			switch {
			case tag[0] == '*':
				stars++
				match = match || etag != nil
				continue
			case tag[0] == 'W' && field == "If-None-Match":
				tag = tag[len("W/"):]
			}
			tags++
			match = match || etag != nil && bytes.Equal(tag, etag)
		}
	}
	return match, stars+min(tags, 1) == 1
}

// members yields the members of a valid list. A comma in quotes is part of a tag.
func members(list []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for list = bytes.TrimLeft(list, ", \t"); len(list) > 0; list = bytes.TrimLeft(list, ", \t") {
			end := 1
			if list[0] != '*' {
				open := bytes.IndexByte(list, '"')
				end = open + 1 + bytes.IndexByte(list[open+1:], '"') + 1
			}
			if !yield(list[:end]) {
				return
			}
			list = list[end:]
		}
	}
}
