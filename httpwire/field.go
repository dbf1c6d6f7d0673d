package httpwire

import (
	"bytes"
	"iter"
)

// Fields (RFC 9110 section 5). The case of letters in a name is ignored. If the value of a field is a
// comma-separated list, the field may occur several times: together the values are one list. Any other
// field must occur once at most.

// DefaultFields is the limit on the number of fields in a request if the caller provides no storage. For a
// response the limit is MaxResponseFields.
const DefaultFields = 100

// A Field is a header: a name and its value. If the field was read, Offset and ValueOffset are the
// offsets of the name and the value from the first octet that was read.
type Field struct {
	Name, Value         []byte
	Offset, ValueOffset int
}

// Fields are the fields of a head, in the order in which they were sent. The names keep their case, and
// a field that was sent twice occurs twice.
type Fields []Field

// Find returns the first field of the given name, or nil if there is none. The case of letters is
// ignored. The field is an element of fs, not a copy.
func (fs Fields) Find(name string) *Field {
	for i := range fs {
		if EqualFold(fs[i].Name, name) {
			return &fs[i]
		}
	}
	return nil
}

// Get returns the value of the first field of the given name, or nil if there is none. An empty value that
// was read is not nil.
func (fs Fields) Get(name string) []byte {
	if f := fs.Find(name); f != nil {
		return f.Value
	}
	return nil
}

// Named yields the fields of the given name, in order. The case of letters is ignored. The fields are
// elements of fs, not copies.
func (fs Fields) Named(name string) iter.Seq[*Field] {
	return func(yield func(*Field) bool) {
		for i := range fs {
			if EqualFold(fs[i].Name, name) && !yield(&fs[i]) {
				return
			}
		}
	}
}

// Has reports whether the comma-separated list in the fields of the given name has a member. The
// case of letters is ignored, and so are empty members (RFC 9110 section 5.6.1).
func (fs Fields) Has(name, member string) bool {
	for _, m := range fs.Members(name) {
		if EqualFold(m, member) {
			return true
		}
	}
	return false
}

// Members yields the members of the comma-separated list in the fields of the given name, each
// with the field that it is in. It leaves out empty members. A comma in a quoted-string does not separate
// members.
func (fs Fields) Members(name string) iter.Seq2[*Field, []byte] {
	return func(yield func(*Field, []byte) bool) {
		for f := range fs.Named(name) {
			quotes := bytes.IndexByte(f.Value, '"') >= 0
			for rest, more := f.Value, true; more; {
				var member []byte
				if quotes {
					member, rest, more = cutMember(rest)
				} else {
					member, rest, more = bytes.Cut(rest, []byte(","))
				}
				if member = trim(member); len(member) > 0 && !yield(f, member) {
					return
				}
			}
		}
	}
}

// cutMember cuts the first member off a list. A comma in a quoted-string does not end the member. If a
// quoted-string has no end, the rest of the list is the member.
func cutMember(list []byte) (member, rest []byte, more bool) {
	quoted := false
	for i := 0; i < len(list); i++ {
		switch o := list[i]; {
		case o == ',' && !quoted:
			return list[:i], list[i+1:], true
		case o == '"':
			quoted = !quoted
		case o == '\\' && quoted:
			i++ // a quoted-pair
		}
	}
	return list, nil, false
}

// Add returns fs with one more field at the end.
func (fs Fields) Add(name, value []byte) Fields {
	return append(fs, Field{Name: name, Value: value})
}

// singletons are fields whose value is not a list, by the length of the name. A message that has one of
// them twice is invalid (RFC 1945 section 4.2). The dates of conditions are not among them, because an
// invalid condition is ignored (RFC 9110 section 13.1.3).
var singletons = byLength("Age", "Authorization", "Content-Length", "Content-Location",
	"Content-Range", "Content-Type", "Date", "ETag", "Expires", "From", "Host", "Last-Modified",
	"Location", "Max-Forwards", "Proxy-Authorization", "Range", "Referer", "Retry-After", "Server",
	"User-Agent")

// byLength groups names: element n of the result has those of n octets.
func byLength(names ...string) (groups [][]string) {
	for _, name := range names {
		for len(groups) <= len(name) {
			groups = append(groups, nil)
		}
		groups[len(name)] = append(groups[len(name)], name)
	}
	return groups
}

// singleton returns the name of a singleton as the list spells it, and "" for other fields.
func singleton(name []byte) string {
	if len(name) < len(singletons) {
		for _, s := range singletons[len(name)] {
			if EqualFold(name, s) {
				return s
			}
		}
	}
	return ""
}

// repeated returns the first singleton that occurs a second time, or nil. If ignoreLength is set,
// Content-Length may be repeated.
func (fs Fields) repeated(ignoreLength bool) *Field {
	for i := range fs {
		name := singleton(fs[i].Name)
		ignored := name == "" || ignoreLength && name == "Content-Length"
		if !ignored && fs[:i].Find(name) != nil {
			return &fs[i]
		}
	}
	return nil
}

// ruleOfRepeated returns the rule that a repeated singleton breaks.
func ruleOfRepeated(name []byte) Rule {
	switch {
	case EqualFold(name, "Host"):
		return RuleHostField
	case EqualFold(name, "Content-Length"):
		return RuleContentLength
	}
	return RuleSingleton
}

// trim cuts SP, HTAB, CR and LF off both ends. In a value that was read, CR and LF are always part
// of a fold.
func trim(v []byte) []byte { return trimRight(v[after(v, 0, fold):], fold) }

// AppendUnfolded appends a value to dst and replaces each fold in it, that is CR LF and the white
// space around it, with one SP (RFC 9112 section 5.2).
func AppendUnfolded(dst, value []byte) []byte {
	value = trim(value)
	for {
		line, rest, folded := bytes.Cut(value, []byte("\r\n"))
		dst = append(dst, trim(line)...)
		if !folded {
			return dst
		}
		dst = append(dst, ' ')
		value = rest
	}
}
