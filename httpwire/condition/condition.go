// Package condition evaluates the conditions of a request: If-Match, If-None-Match,
// If-Modified-Since and If-Unmodified-Since (RFC 9110 section 13).
//
// With If-None-Match, a client gets a representation only if it has changed. With If-Match, a
// client changes a representation only if it is the one that the client has seen, so that it does
// not overwrite the change of another client.
//
// Evaluate the conditions last. They count only if the request would succeed without them.
package condition

import (
	"bytes"
	"errors"
	"time"

	"rawhttp/httpwire"
)

// A State describes the current representation. The zero State means that there is none. A
// representation that has no entity tag or no date leaves that one empty.
type State struct {
	ETag     []byte    // a strong entity tag, with its quotes
	Modified time.Time // in whole seconds
}

// exists reports whether there is a representation.
func (s State) exists() bool { return s.ETag != nil || !s.Modified.IsZero() }

// A Verdict says what to do with a request.
type Verdict uint8

const (
	Proceed     Verdict = iota // do what the request asks for
	NotModified                // respond with 304: the client has the current representation
	Failed                     // respond with 412, and do nothing
)

// The errors of Evaluate. Respond with 400, and show them to the user of the client.
var (
	ErrMatch     = errors.New("If-Match" + wanted + "(RFC 9110 section 13.1.1)")
	ErrNoneMatch = errors.New("If-None-Match" + wanted + "(RFC 9110 section 13.1.2)")
)

const wanted = ` must be entity tags in double quotes, as in ETag, separated by commas, ` +
	`or one * alone `

// Evaluate evaluates the conditions of req in the order of RFC 9110 section 13.2.2. It calls clock
// only if a condition has a date.
//
// An invalid date is ignored, as sections 13.1.3 and 13.1.4 require, and so is every date if the
// representation has none. An invalid list of entity tags is an error, because a client might
// overwrite a change if it were ignored; the Verdict has no meaning then. If-Modified-Since is ignored
// with HEAD (RFC 1945 section 8.2).
func Evaluate(req *httpwire.Request, s State, clock func() time.Time) (Verdict, error) {
	fs := req.Fields
	if !Any(fs) { // looking for each name takes twice as long
		return Proceed, nil
	}
	if fs.Get("If-Match") != nil {
		match, ok := matches(fs, "If-Match", s)
		switch {
		case !ok:
			return Failed, ErrMatch
		case !match:
			return Failed, nil
		}
	} else if t, ok := date(fs, "If-Unmodified-Since", clock); ok && s.Modified.After(t) {
		return Failed, nil
	}
	get := string(req.Method) == "GET"
	if fs.Get("If-None-Match") != nil {
		match, ok := matches(fs, "If-None-Match", s)
		switch {
		case !ok:
			return Proceed, ErrNoneMatch
		case !match:
			return Proceed, nil
		case get || string(req.Method) == "HEAD":
			return NotModified, nil
		}
		return Failed, nil
	}
	if t, ok := date(fs, "If-Modified-Since", clock); ok && get && !s.Modified.IsZero() &&
		!t.After(clock()) && !s.Modified.After(t) {
		return NotModified, nil
	}
	return Proceed, nil
}

// Any reports whether fs has a condition. Most requests have none.
func Any(fs httpwire.Fields) bool {
	for i := range fs {
		if name := fs[i].Name; httpwire.EqualFold(name[:min(len(name), len("If-"))], "If-") {
			return true
		}
	}
	return false
}

// matches reports whether one of the tags in a field is the current one, which is always strong. ok is
// false if the list is invalid. If-None-Match compares weakly: a weak tag in the field may match (RFC
// 9110 section 8.8.3.2). The field may occur several times. "*" matches any representation, and must be
// alone. The whole list is checked, even after a match.
func matches(fs httpwire.Fields, field string, s State) (match, ok bool) {
	tags, stars := 0, 0
	for f := range fs.Named(field) {
		list := f.Value
		if httpwire.ValueFault(field, list) >= 0 {
			return false, false
		}
		for list = bytes.TrimLeft(list, separators); len(list) > 0; list = bytes.TrimLeft(list, separators) {
			tag := firstTag(list)
			list = list[len(tag):]
			switch {
			case tag[0] == '*':
				stars++
				match = s.exists()
				continue
			case tag[0] == 'W' && field == "If-None-Match":
				tag = tag[len("W/"):]
			}
			tags++
			match = match || bytes.Equal(tag, s.ETag)
		}
	}
	return match, stars+min(tags, 1) == 1
}

const separators = ", \t"

// firstTag returns the tag or the star that a valid list begins with. A comma in quotes is part of a tag.
func firstTag(list []byte) []byte {
	if list[0] == '*' {
		return list[:1]
	}
	end := bytes.IndexByte(list, '"') + 1
	end += bytes.IndexByte(list[end:], '"') + 1
	return list[:end]
}

// date returns the date of a condition. ok is false if there is none, more than one, or an invalid
// one.
func date(fs httpwire.Fields, name string, clock func() time.Time) (t time.Time, ok bool) {
	n := 0
	for f := range fs.Named(name) {
		var err error
		if t, err = httpwire.ParseDate(f.Value, clock()); err != nil {
			return t, false
		}
		n++
	}
	return t, n == 1
}
