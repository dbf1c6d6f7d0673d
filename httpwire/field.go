package httpwire

import (
	"bytes"
	"iter"
	"math/bits"
)

// DefaultFields is the number of fields that a head may have when the caller brought no storage.
const DefaultFields = 100

// A Field is one field line. Offset and ValueOffset count from the first octet that was read.
type Field struct {
	Name, Value         []byte
	Offset, ValueOffset int
}

// Fields are the field lines of a head in the order of the wire. That is a slice and no map:
// order, case and repetition belong to what was sent.
type Fields []Field

// Get returns the value of the first field of that name, whatever its case, and nil if there is
// none. An empty value is not nil.
func (fs Fields) Get(name string) []byte {
	if f := fs.find(name); f != nil {
		return f.Value
	}
	return nil
}

// Values yields the value of each field of that name, in order.
func (fs Fields) Values(name string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for i := range fs {
			if EqualFold(fs[i].Name, name) && !yield(fs[i].Value) {
				return
			}
		}
	}
}

// Has reports whether a field that is a comma-separated list, possibly over several lines, has the
// given member, whatever its case (RFC 9110 section 5.6.1). Empty members count for nothing.
func (fs Fields) Has(name, member string) bool {
	for i := range fs {
		if !EqualFold(fs[i].Name, name) {
			continue
		}
		for m, rest, more := nextMember(fs[i].Value); ; m, rest, more = nextMember(rest) {
			if EqualFold(m, member) {
				return true
			}
			if !more {
				break
			}
		}
	}
	return false
}

// nextMember cuts the first member off a comma-separated list.
func nextMember(list []byte) (member, rest []byte, more bool) {
	member, rest, more = bytes.Cut(list, []byte(","))
	return trim(member), rest, more
}

// Add appends a field and returns the longer list.
func (fs Fields) Add(name, value []byte) Fields {
	return append(fs, Field{Name: name, Value: value})
}

// AppendFields appends field lines, checked as AppendRequest does, without the empty line.
func AppendFields(dst []byte, fs Fields) ([]byte, error) {
	w := writer{dst: dst, start: len(dst)}
	w.fields(fs)
	return w.result()
}

func (fs Fields) find(name string) *Field {
	for i := range fs {
		if EqualFold(fs[i].Name, name) {
			return &fs[i]
		}
	}
	return nil
}

// singletons are the fields whose value is no list, so that a second one makes the message invalid
// (RFC 1945 section 4.2). Dates of conditions are missing on purpose: an ill-formed condition is
// ignored (RFC 9110 section 13.1.3).
var singletons = [...]string{
	"Age", "Authorization", "Content-Length", "Content-Location", "Content-Range", "Content-Type",
	"Date", "ETag", "Expires", "From", "Host", "Last-Modified", "Location", "Max-Forwards",
	"Referer", "Retry-After", "Server", "User-Agent",
}

// singletonsOf marks, by the length of a name and its first letter, which singletons these may be:
// most names need no comparison at all.
var singletonsOf = func() (of [20][32]uint32) {
	for k, name := range singletons {
		of[len(name)][name[0]&31] |= 1 << k
	}
	return of
}()

// repeated returns the first field that may not be there a second time, and is; nil if none. Where
// Content-Length is ignored, it may be there any number of times.
func (fs Fields) repeated(ignoreLength bool) *Field {
	seen := uint32(0)
	for i := range fs {
		name := fs[i].Name
		if len(name) == 0 || len(name) >= len(singletonsOf) {
			continue
		}
		for may := singletonsOf[len(name)][name[0]&31]; may != 0; may &= may - 1 {
			k := bits.TrailingZeros32(may)
			if !equalFold(name, singletons[k]) {
				continue
			}
			if seen&(1<<k) != 0 && !(ignoreLength && singletons[k] == "Content-Length") {
				return &fs[i]
			}
			seen |= 1 << k
		}
	}
	return nil
}

// ruleOfRepeated names the rule that a repeated singleton breaks.
func ruleOfRepeated(name []byte) Rule {
	switch {
	case EqualFold(name, "Host"):
		return RuleHostField
	case EqualFold(name, "Content-Length"):
		return RuleContentLength
	}
	return RuleSingleton
}

// trim cuts SP, HTAB and folds off both ends, and nothing else. In a value that was read, CR and
// LF are part of a fold.
func trim(v []byte) []byte {
	v = trimLeft(v)
	for len(v) > 0 && fold.has(v[len(v)-1]) {
		v = v[:len(v)-1]
	}
	return v
}

func trimLeft(v []byte) []byte {
	for len(v) > 0 && fold.has(v[0]) {
		v = v[1:]
	}
	return v
}

// AppendUnfolded appends a value with each fold in it replaced by one SP (RFC 9112 section 5.2).
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
