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

// matches reports whether one of the tags that the field lists, be it in several lines, is etag. A
// * is any there may be; it stands alone. The whole list is read, whatever was found.
func (c *comparison) matches(fs httpwire.Fields, etag []byte) (match bool, err error) {
	tags, stars := 0, 0
	for list := range fs.Values(c.field) {
		for len(list) > 0 {
			tag, rest, ok := next(list)
			if !ok {
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

// next cuts the first member off a list, empty where there is only a comma:
//
//	entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE
func next(list []byte) (tag, rest []byte, ok bool) {
	list = bytes.TrimLeft(list, " \t")
	end := 0
	switch {
	case len(list) > 0 && list[0] == '*':
		end = 1
	case len(list) > 0 && list[0] != ',':
		if end = tagEnd(list); end == 0 {
			return nil, nil, false
		}
	}
	tag, rest = list[:end], bytes.TrimLeft(list[end:], " \t")
	if len(rest) == 0 {
		return tag, nil, true
	}
	return tag, rest[1:], rest[0] == ','
}

// tagEnd returns where the entity tag at the start ends; 0 is that there is none. A comma inside
// the quotes is part of the tag.
func tagEnd(list []byte) int {
	start := len(list) - len(bytes.TrimPrefix(list, []byte("W/")))
	if start == len(list) || list[start] != '"' {
		return 0
	}
	for i := start + 1; i < len(list); i++ {
		switch o := list[i]; {
		case o == '"':
			return i + 1
		case o <= ' ' || o == 0x7F:
			return 0
		}
	}
	return 0
}
