// Package condition decides whether a request is to be acted on. A client that has a representation
// already may ask for it only if it has changed; one that edits may ask for its change to be made
// only to the state that it has seen, so that nobody's work is overwritten unseen (RFC 9110 section
// 13, of which RFC 1945 section 10.9 has If-Modified-Since).
//
// Conditions count only when the request would succeed without them: whoever asks this package has
// checked everything else before.
package condition

import (
	"errors"
	"time"

	"rawhttp/httpwire"
)

// A State is what the conditions are held against, the validators of the representation that is
// there. The zero State is that there is none.
type State struct {
	ETag     []byte    // an entity tag with its quotes, a strong one
	Modified time.Time // not finer than a second
}

// A Verdict says what to do about a request.
type Verdict uint8

const (
	Proceed     Verdict = iota // do what it asks for
	NotModified                // 304: the client has the representation
	Failed                     // 412: the state is not what the client takes it for; do nothing
)

// The errors of Evaluate, sentences for a person.
var (
	ErrMatch     = errors.New("If-Match" + wanted)
	ErrNoneMatch = errors.New("If-None-Match" + wanted)
)

const wanted = ` wants entity tags in double quotes, as ETag has them, with commas between, ` +
	`or one * alone (RFC 9110 section 8.8.3)`

// Evaluate follows the precedence of RFC 9110 section 13.2.2. Only a condition with dates asks for
// the time. A date that cannot be read is as good as none, because it has to be (section 13.1.3); a
// list of tags that cannot be read is an error, because to pass over it may cost somebody's work.
// If-Modified-Since has no meaning with HEAD (RFC 1945 section 8.2).
func Evaluate(req *httpwire.Request, s State, clock func() time.Time) (Verdict, error) {
	fs := req.Fields
	if !Any(fs) {
		return Proceed, nil
	}
	if fs.Get("If-Match") != nil {
		if match, err := strong.matches(fs, s.ETag); err != nil || !match {
			return Failed, err
		}
	} else if t, ok := date(fs, "If-Unmodified-Since", clock); ok && s.Modified.After(t) {
		return Failed, nil
	}
	get := string(req.Method) == "GET"
	if fs.Get("If-None-Match") != nil {
		match, err := weak.matches(fs, s.ETag)
		switch {
		case err != nil || !match:
			return Proceed, err
		case get || string(req.Method) == "HEAD":
			return NotModified, nil
		}
		return Failed, nil
	}
	if t, ok := date(fs, "If-Modified-Since", clock); ok && get && s.ETag != nil &&
		!t.After(clock()) && !s.Modified.After(t) {
		return NotModified, nil
	}
	return Proceed, nil
}

// Any reports whether there is any condition at all; most requests have none.
func Any(fs httpwire.Fields) bool {
	for i := range fs {
		name := fs[i].Name
		if len(name) > len("If-") && name[2] == '-' && httpwire.EqualFold(name[:3], "If-") {
			return true
		}
	}
	return false
}

// date returns the date of a condition; ok is false if there is none, or none that counts.
func date(fs httpwire.Fields, name string, clock func() time.Time) (t time.Time, ok bool) {
	n := 0
	for v := range fs.Values(name) {
		var err error
		if t, err = httpwire.ParseDate(v, clock()); err != nil {
			return t, false
		}
		n++
	}
	return t, n == 1
}
