package explain

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
)

// The parser accepts any text as the value of a field. A listing checks the value by the grammar of
// its field. An ill-formed value gets a note, with the section that it breaks, and is not an error.

// A finding says what is wrong with a value, or what is worth knowing about it. The zero finding means
// that there is nothing to say.
type finding struct {
	note string
	at   int  // index of the first octet that does not fit, if ill; -1 for the whole value
	ill  bool // ill-formed, rather than well-formed and worth a remark

	sections string // of the grammar of the field
}

// A valueCheck says how the values of a field are checked.
type valueCheck struct {
	name     string
	sections string // empty if the section that defines the field has its grammar
	form     string // a sentence about the values that fit
	effect   string // a sentence on what an ill-formed value does; may be empty

	check func(c *valueCheck, value []byte) finding // nil means byGrammar
}

// valueChecks has a row for each field whose grammar the project knows.
var valueChecks = [...]valueCheck{
	{"Accept", "", "Write a list of media ranges like text/html, text/*;q=0.5, */*;q=0.1.", "", nil},
	{"Age", "", digitsForm, "", nil},
	{"Allow", "", "Write a list of methods like GET, HEAD.", "", nil},
	{"Authorization", "7617 2", "", "", checkCredentials},
	{"Content-Length", "", digitsForm, "", nil},
	{"Content-Location", "", uriForm, "", checkFragment},
	{"Content-Range", "", "Write a range like bytes 0-499/1234. That is the first position, the last one and the length.", "", nil},
	{"Content-Type", "9110 8.3.1",
		"Write a media type like text/plain or text/html; charset=utf-8.", "", nil},
	{"Date", "9110 6.6.1, 9110 5.6.7", "", "", checkDate},
	{"ETag", "", `Write an entity tag in double quotes, like "abc" or W/"abc".`, "", nil},
	{"Expires", "", "", "Caches take it as a time in the past.", checkDate},
	{"Host", "", "Write a host like localhost:12345.", "", nil},
	{"If-Match", "9110 13.1.1, 9110 8.8.3", tagsForm, "", checkWeakTag},
	{"If-Modified-Since", "9110 13.1.3, 9110 5.6.7", "", "Servers ignore this condition.", checkDate},
	{"If-None-Match", "9110 13.1.2, 9110 8.8.3", tagsForm, "", nil},
	{"If-Range", "", `Write an entity tag in double quotes, like "abc", or a date.`, "", orDate(checkWeakTag)},
	{"If-Unmodified-Since", "9110 13.1.4, 9110 5.6.7", "", "Servers ignore this condition.", checkDate},
	{"Last-Modified", "9110 8.8.2, 9110 5.6.7", "", "", checkDate},
	{"Link", "", `Write a link like </next>; rel="next".`, "", nil},
	{"Location", "", uriForm, "", nil},
	{"Max-Forwards", "", digitsForm, "", nil},
	{"Proxy-Authenticate", "", challengeForm, "", nil},
	{"Proxy-Authorization", "7617 2", "", "", checkCredentials},
	{"Range", "9110 14.2, 9110 14.1.1", "Write ranges like bytes=0-499 or bytes=-500. The lower position comes first.",
		"Servers may ignore this field.", nil},
	{"Referer", "", uriForm, "", checkFragment},
	{"Retry-After", "", "Write the seconds in digits, or a date like Sun, 06 Nov 1994 08:49:37 GMT.", "",
		orDate((*valueCheck).byGrammar)},
	{"Transfer-Encoding", "9112 6.1, 9112 7.1",
		"Write a list of codings like gzip, chunked. The coding chunked has no parameters.", "", nil},
	{"WWW-Authenticate", "", challengeForm, "", nil},
}

const (
	challengeForm = `Write a challenge like Basic realm="address book".`
	dateForm      = "Write a date like Sun, 06 Nov 1994 08:49:37 GMT."
	digitsForm    = "Write digits only."
	tagsForm      = `Write a list of entity tags like "abc", W/"def", or a single *.`
	uriForm       = "Write a URI like /path or http://localhost/path. " +
		"Percent-encode what a URI does not allow."
)

// checkValue checks a value of the current field. The value has no folds.
func (n *annotator) checkValue(value []byte) finding {
	i := slices.IndexFunc(valueChecks[:],
		func(c valueCheck) bool { return httpwire.EqualFold(n.field, c.name) })
	if i < 0 {
		return finding{}
	}
	c := &valueChecks[i]
	check := c.check
	if check == nil {
		check = (*valueCheck).byGrammar
	}
	f := check(c, value)
	if f.ill && c.effect != "" && n.unused.note == "" {
		f.note += " " + c.effect
	}
	if f.sections = c.sections; f.sections == "" {
		m, _ := fieldMeaning(n.field, n.response)
		parts := strings.Split(m.sections, ", ")
		f.sections = parts[len(parts)-1] // the newest RFC
	}
	return f
}

// byGrammar checks a value by the grammar of the field.
func (c *valueCheck) byGrammar(value []byte) finding {
	if at := httpwire.ValueFault(c.name, value); at >= 0 {
		return finding{note: c.form, at: at, ill: true}
	}
	return finding{}
}

// checkDate checks an HTTP-date. The current time only decides the century of a year of two digits.
func checkDate(_ *valueCheck, value []byte) finding {
	t, err := httpwire.ParseDate(value, time.Now())
	if err != nil {
		at := len(value)
		if fault, ok := err.(*httpwire.SyntaxError); ok {
			at = fault.Offset
		}
		if at == 0 && namesDay(value) {
			return finding{at: -1, ill: true,
				note: "The weekday or one of the numbers contradicts the rest of the date."}
		}
		return finding{note: dateForm, at: at, ill: true}
	}
	if isPreferred := value[len("Sun")] == ','; !isPreferred {
		return finding{note: fmt.Sprintf(
			"This form of date is obsolete, but recipients read it. Send %s.", httpwire.AppendDate(nil, t))}
	}
	return finding{}
}

// namesDay reports whether a value begins with the name of a day. If it does, and ParseDate reports its
// first octet as the fault, the parts of the date are valid but contradict each other.
func namesDay(value []byte) bool {
	for day := range time.Weekday(7) {
		if bytes.HasPrefix(value, []byte(day.String()[:3])) {
			return true
		}
	}
	return false
}

// orDate makes a check of a value that is a date or something else.
func orDate(other func(*valueCheck, []byte) finding) func(*valueCheck, []byte) finding {
	return func(c *valueCheck, value []byte) finding {
		if namesDay(value) {
			return checkDate(c, value)
		}
		return other(c, value)
	}
}

// checkWeakTag checks the value of a field in which a weak entity tag never matches (RFC 9110 section
// 8.8.3.2).
func checkWeakTag(c *valueCheck, value []byte) finding {
	f := c.byGrammar(value)
	if !f.ill && weakTag().Match(value) {
		f.note = "A weak entity tag never matches in " + c.name + ". Send a strong one."
	}
	return f
}

// weakTag matches a list of entity tags up to the first weak one. A strong tag can contain W/ too.
var weakTag = lazy(`^("[^"]*"|[ \t,])*W/`)

// checkFragment checks a URI that must not have a fragment.
func checkFragment(c *valueCheck, value []byte) finding {
	if at := bytes.IndexByte(value, '#'); at >= 0 {
		return finding{at: at, ill: true,
			note: `The URI in this field must not have a fragment. Leave out "#" and what follows it.`}
	}
	return c.byGrammar(value)
}

// checkCredentials checks Basic credentials and shows nothing of them. Credentials that are only
// asterisks were hidden before, and are not checked.
func checkCredentials(_ *valueCheck, value []byte) finding {
	scheme, credentials, _ := bytes.Cut(value, []byte(" "))
	_, _, ok := basicauth.Credentials(value)
	hidden := len(credentials) > 0 && len(bytes.Trim(credentials, "* ")) == 0
	if ok || hidden || len(value) > 0 && !httpwire.EqualFold(scheme, "Basic") {
		return finding{}
	}
	return finding{note: "Basic credentials are the base64 of user:password.", at: -1, ill: true}
}

// checkField checks the value of the current field. rest has the lines of the listing after the name of
// the field. The line with the first octets of the value gets the note. If the value is empty, the line
// end gets it. An incomplete field is not checked.
func (n *annotator) checkField(rest []Line) {
	is := func(r httpwire.Rule) func(Line) bool { return func(l Line) bool { return l.Rule == r } }
	end := slices.IndexFunc(rest, is(httpwire.RuleCRLF))
	if end < 0 || len(rest[end].Octets) < len("\r\n") {
		return
	}
	first := &rest[end]
	if i := slices.IndexFunc(rest[:end], is(httpwire.RuleFieldValue)); i >= 0 {
		first = &rest[i]
	}
	value := httpwire.AppendUnfolded(nil, n.unhidden[first.Offset:rest[end].Offset])
	folded := slices.ContainsFunc(rest[:end], is(httpwire.RuleObsFold))
	f := n.checkValue(value)
	switch {
	case !f.ill:
	case f.at < 0, folded:
		f.note = "Ill-formed. " + f.note
	case f.at == len(value):
		f.note = "Ill-formed at its end. " + f.note
	default:
		f.note = fmt.Sprintf("Ill-formed at octet %d. %s", first.Offset+f.at, f.note)
	}
	first.Note, first.Sections, first.IllFormed = f.note, f.sections, f.ill
}
