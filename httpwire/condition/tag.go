package condition

import (
	"bytes"

	"rawhttp/httpwire"
)

// A comparison of a list of entity tags with the one that is there (RFC 9110 section 8.8.3.2). The
// tag that is there is always a strong one, so a weak comparison only lets weak ones count as well.
type comparison struct {
	field string
	weak  bool
	fault error
}

var (
	strong = comparison{"If-Match", false, ErrMatch}
	weak   = comparison{"If-None-Match", true, ErrNoneMatch}
)

// matches reports whether one of the tags that the field lists, on one line or several, is etag. A
// * is any tag that there may be, and stands alone. The whole list is read, even after a match.
func (c *comparison) matches(fs httpwire.Fields, etag []byte) (match bool, err error) {
	tags, stars := 0, 0
	for list := range fs.Values(c.field) {
		for len(list) > 0 {
			tag, rest, fault := next(list)
			if fault >= 0 {
				return false, c.fault
			}
			list = rest
			switch {
			case len(tag) == 0:
				continue
			case string(tag) == "*":
				stars++
				match = match || etag != nil
				continue
			case tag[0] == 'W' && c.weak:
				tag = tag[len("W/"):]
			}
			tags++
			match = match || etag != nil && bytes.Equal(tag, etag)
		}
	}
	if stars > 1 || stars+min(tags, 1) != 1 {
		return false, c.fault
	}
	return match, nil
}

// TagFault returns the index of the first octet that cannot be part of an entity tag, the value of
// an ETag field. That is len(value) if the tag breaks off, and -1 if the value is well-formed.
func TagFault(value []byte) int {
	if end, ok := tagEnd(value); !ok || end < len(value) {
		return end
	}
	return -1
}

// ListFault does what TagFault does for the value of If-Match or If-None-Match, on one line:
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

// next cuts the first member off a list; it is empty where there is only a comma. A fault is the
// index of the first octet that does not fit, and -1 if there is none:
//
//	entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE
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

// tagEnd returns where the entity tag at the start ends, and true; or where the octets stop being
// one, and false. A comma inside the quotes is part of the tag.
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
