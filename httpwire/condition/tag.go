package condition

import (
	"bytes"

	"rawhttp/httpwire"
)

// matches reports whether one of the tags in a field is the current one, which is always strong. ok
// is false if the list is invalid. If-None-Match compares weakly: a weak tag in the field may match
// (RFC 9110 section 8.8.3.2). The field may be there several times. "*" matches any tag, and must be
// alone. The whole list is checked, even after a match.
func matches(fs httpwire.Fields, field string, etag []byte) (match, ok bool) {
	tags, stars := 0, 0
	for list := range fs.Values(field) {
		for len(list) > 0 {
			tag, rest, fault := next(list)
			if fault >= 0 {
				return false, false
			}
			list = rest
			switch {
			case len(tag) == 0:
				continue
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
	tags, stars := 0, 0
	for list := value; len(list) > 0; {
		list = bytes.TrimLeft(list, " \t")
		at := len(value) - len(list)
		tag, rest, fault := next(list)
		if fault >= 0 {
			return at + fault
		}
		list = rest
		if string(tag) == "*" {
			stars++
		} else if len(tag) > 0 {
			tags++
		}
		if stars > 1 || stars == 1 && tags > 0 {
			return at
		}
	}
	return -1
}

// next cuts the first member off a list. The member is empty if a comma comes first. fault is the
// index of the first octet that does not fit, or -1:
//
//	entity-tag = [ %s"W/" ] DQUOTE *etagc DQUOTE
func next(list []byte) (tag, rest []byte, fault int) {
	start := len(list)
	list = bytes.TrimLeft(list, " \t")
	start -= len(list)
	end := 0
	switch {
	case len(list) > 0 && list[0] == '*':
		end = 1
	case len(list) > 0 && list[0] != ',':
		ok := false
		if end, ok = tagEnd(list); !ok {
			return nil, nil, start + end
		}
	}
	tag, rest = list[:end], bytes.TrimLeft(list[end:], " \t")
	switch {
	case len(rest) == 0:
		return tag, nil, -1
	case rest[0] != ',':
		return nil, nil, start + len(list) - len(rest)
	}
	return tag, rest[1:], -1
}

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
