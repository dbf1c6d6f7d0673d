package quiz

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rawhttp/examples/gallery"
	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/visible"
)

// A question is a message of the gallery, and what the parser says of it.
type question struct {
	file   string
	octets []byte
	why    string
	method string        // of the request to which a response belongs, if that is not GET
	fault  error         // nil if the message is well formed
	offset int           // of the fault
	rule   httpwire.Rule // that is broken there
	near   []httpwire.Rule
}

func (q question) isResponse() bool { return strings.HasPrefix(q.file, "responses/") }

// kind says what the message was sent as.
func (q question) kind() string {
	switch {
	case !q.isResponse():
		return "a request"
	case q.method != "":
		return "a response to " + q.method
	}
	return "a response"
}

// Limits of a message that is easy to read on a screen.
const (
	mostOctets  = 400
	mostEscapes = 8
)

// questionAbout returns the question about a message. It is not ok if the message is too long, or if
// the parser finds no fault where the gallery does.
func questionAbout(m gallery.Message) (q question, ok bool) {
	q.file, q.octets, q.why, q.method = m.File, m.Octets(), m.Why, m.Method
	var spans []httpwire.Span
	if q.isResponse() {
		spans, q.fault = httpwire.ResponseSpans(nil, q.octets, []byte(m.Method))
	} else {
		spans, q.fault = httpwire.RequestSpans(nil, q.octets)
	}
	syntax, short := (*httpwire.SyntaxError)(nil), (*httpwire.IncompleteError)(nil)
	switch {
	case errors.As(q.fault, &syntax):
		q.offset, q.rule = syntax.Offset, syntax.Rule
	case errors.As(q.fault, &short):
		q.offset, q.rule = short.Offset, short.Rule
	case m.Rule != 0:
		return q, false
	}
	for _, s := range spans {
		if s.End >= q.offset-1 && s.Start <= q.offset+1 {
			q.near = append(q.near, s.Rule)
		}
	}
	escapes := strings.Count(string(visible.Append(nil, q.octets)), `\x`)
	return q, len(q.octets) <= mostOctets && escapes <= mostEscapes
}

// questions returns those that can be asked: about well-formed messages, and about others.
func questions() (good, faulty []question) {
	for _, m := range slices.Concat(gallery.Good, gallery.Bad, gallery.Ends, gallery.Responses) {
		q, ok := questionAbout(m)
		switch {
		case ok && q.fault == nil:
			good = append(good, q)
		case ok:
			faulty = append(faulty, q)
		}
	}
	return good, faulty
}

// choose returns n questions, or all if there are fewer. In the gallery about one message of four is well formed.
func choose(random *rand.Rand, n int, good, faulty []question) []question {
	all := slices.Concat(good, faulty)
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(n, len(all))]
}

// options returns four names of rules, in any order. One is the right one.
func (q question) options(random *rand.Rand, faulty []question) []string {
	names := []string{q.rule.String()}
	add := func(rule httpwire.Rule) {
		if len(names) < 4 && !slices.Contains(names, rule.String()) {
			names = append(names, rule.String())
		}
	}
	for _, rule := range q.near {
		add(rule)
	}
	for _, i := range random.Perm(len(faulty)) {
		if faulty[i].isResponse() == q.isResponse() {
			add(faulty[i].rule)
		}
	}
	random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return names
}

// plain returns the letters of a name, in lower case.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, strings.ToLower(name))
}

// Rows returns a message in rows, each after the offset of its first octet.
func Rows(octets []byte) string {
	const columns = 60
	var b strings.Builder
	at := 0
	for line := range bytes.Lines(octets) {
		for len(line) > 0 {
			n := min(len(line), columns)
			for utf8.RuneCount(visible.Append(nil, line[:n])) > columns {
				n--
			}
			fmt.Fprintf(&b, "  %4d  %s\n", at, visible.Append(nil, line[:n]))
			at, line = at+n, line[n:]
		}
	}
	return b.String()
}

// solution says what the parser says, which is nothing of a well-formed message.
func (q question) solution() string {
	listing := explain.Request(q.octets)
	if q.isResponse() {
		listing = explain.Response(q.octets, []byte(q.method))
	}
	return string(listing.AppendError(nil))
}
