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
		for _, tag := range members(list) {
			switch {
			case tag == nil:
				return false, false
			case string(tag) == "*":
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

// TagFault checks the value of an ETag field. It returns the index of the first octet that does not
// fit, len(value) if the tag is incomplete, and -1 if the value is valid.
func TagFault(value []byte) int {
	if end, ok := tagEnd(value); !ok || end < len(value) {
		return end
	}
	return -1
}

// ListFault checks the value of an If-Match or If-None-Match field, as TagFault does:
//
//	"*" / #entity-tag
func ListFault(value []byte) int {
	n, stars := 0, 0
	for at, tag := range members(value) {
		n++
		if string(tag) == "*" {
			stars++
		}
		if tag == nil || stars > 0 && n > 1 {
			return at
		}
	}
	return -1
}

// members yields the members of a list, each with its index. A member may be missing. If an octet does
// not fit, the last member is nil, and its index is that of the octet:
//
//	entity-tag = [ %s"W/" ] DQUOTE *etagc DQUOTE
func members(list []byte) iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		for at := skip(list, 0); at < len(list); at = skip(list, at) {
			if list[at] == ',' {
				at++
				continue
			}
			n, ok := 1, true
			if list[at] != '*' {
				n, ok = tagEnd(list[at:])
			}
			end := at + n
			next := end
			if ok {
				next = skip(list, end)
				ok = next == len(list) || list[next] == ','
			}
			if !ok {
				yield(next, nil)
				return
			}
			if !yield(at, list[at:end]) {
				return
			}
			at = next
		}
	}
}

// skip returns the index of the first octet from at on that is not white space.
func skip(list []byte, at int) int { return len(list) - len(bytes.TrimLeft(list[at:], " \t")) }

// tagEnd returns the end of the entity tag at the start of the list. If there is no valid tag, it
// returns the index of the first octet that does not fit, and false. A comma in quotes is part of
// the tag.
func tagEnd(list []byte) (end int, ok bool) {
	start := len(list) - len(bytes.TrimPrefix(list, []byte("W/")))
	if start == len(list) || list[start] != '"' {
		return start, false
	}
	for i := start + 1; i < len(list); i++ {
		switch o := list[i]; {
		case o == '"':
			return i + 1, true
		case o <= ' ' || o == 0x7F:
			return i, false
		}
	}
	return len(list), false
}
