package quiz

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

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

// Limits of a message that is good to look at.
const (
	mostOctets  = 400
	mostEscapes = 8
)

// questionAbout returns the question about a message. It is not ok if the message is too long, or if
// the parser finds no fault where the gallery does.
func questionAbout(m gallery.Message) (q question, ok bool, err error) {
	q.file, q.why, q.method = m.File, m.Why, m.Method
	if q.octets, err = m.Octets(); err != nil {
		return q, false, err
	}
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
		return q, false, nil
	}
	for _, s := range spans {
		if s.End >= q.offset-1 && s.Start <= q.offset+1 && s.Rule.String() != q.rule.String() {
			q.near = append(q.near, s.Rule)
		}
	}
	escapes := strings.Count(string(visible.Append(nil, q.octets)), `\x`)
	return q, len(q.octets) <= mostOctets && escapes <= mostEscapes, nil
}

// questions returns those that can be asked: about well-formed messages, and about others.
func questions() (good, faulty []question, err error) {
	for _, m := range slices.Concat(gallery.Good, gallery.Bad, gallery.Ends, gallery.Responses) {
		q, ok, err := questionAbout(m)
		switch {
		case err != nil:
			return nil, nil, err
		case ok && q.fault == nil:
			good = append(good, q)
		case ok:
			faulty = append(faulty, q)
		}
	}
	return good, faulty, nil
}

// choose returns n questions. About one of four is about a well-formed message.
func choose(random *rand.Rand, n int, good, faulty []question) (chosen []question) {
	for _, list := range [][]question{good, faulty} {
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	for len(chosen) < n && len(good)+len(faulty) > 0 {
		from := &faulty
		if len(faulty) == 0 || len(good) > 0 && random.IntN(4) == 0 {
			from = &good
		}
		chosen, *from = append(chosen, (*from)[0]), (*from)[1:]
	}
	return chosen
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

// plain returns the letters and digits of a name, in small letters.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
}

// Rows returns a message in rows, each after the offset of its first octet.
func Rows(octets []byte) string {
	const columns = 60
	var b strings.Builder
	for at := 0; at < len(octets); {
		n := 0
		for n < columns && at+n < len(octets) && (n == 0 || octets[at+n-1] != '\n') {
			n++
		}
		for len([]rune(string(visible.Append(nil, octets[at:at+n])))) > columns {
			n--
		}
		fmt.Fprintf(&b, "  %4d  %s\n", at, visible.Append(nil, octets[at:at+n]))
		at += n
	}
	return b.String()
}

// solution says what the parser says.
func (q question) solution() string {
	if q.fault == nil {
		return ""
	}
	return string(explain.AppendError(nil, q.octets, q.fault))
}
