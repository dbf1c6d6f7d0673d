package explain

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/condition"
)

// The parser accepts any text as the value of a field. A listing checks the value by the grammar of
// its field. An ill-formed value gets a note, with the section that it breaks, and is not an error.

// A judge reads the value of a field, without its folds. The zero verdict has nothing to say.
type judge func(value []byte) verdict

// A verdict says what is wrong with a value, or worth knowing about it.
type verdict struct {
	note string
	at   int  // index of the first octet that does not fit, if ill; -1 for the whole value
	ill  bool // ill-formed, rather than well-formed and worth a remark

	sections string // of the grammar of the field
	line     int    // offset of the line of the listing that gets the note
}

// A judged is a field, and how its value is judged.
type judged struct {
	name     string
	sections string // empty if the section that defines the field has its grammar
	judge    judge
	effect   string // a sentence on what an ill-formed value does; may be empty
}

// judges has a row for each field of which the project knows the grammar.
var judges = [...]judged{
	{"Accept", "", grammar(httpwire.AcceptFault,
		"Write a list of media ranges like text/html, text/*;q=0.5, */*;q=0.1."), ""},
	{"Age", "", digitsOnly, ""},
	{"Allow", "", grammar(httpwire.AllowFault,
		"Write a list of methods like GET, HEAD."), ""},
	{"Authorization", "7617 2", judgeCredentials, ""},
	{"Content-Length", "", digitsOnly, ""},
	{"Content-Location", "", judgePartialURI, ""},
	{"Content-Range", "", grammar(httpwire.ContentRangeFault,
		"Write a range like bytes 0-499/1234."), ""},
	{"Content-Type", "9110 8.3.1", grammar(mediaTypeFault,
		"Write a media type like text/plain or text/html; charset=utf-8."), ""},
	{"Date", "9110 6.6.1, 9110 5.6.7", judgeDate, ""},
	{"ETag", "", grammar(condition.TagFault, tagForm), ""},
	{"Expires", "", judgeDate, "Caches take it as a time in the past."},
	{"Host", "", grammar(httpwire.HostFault, "Write a host like localhost:12345."), ""},
	{"If-Match", "9110 13.1.1, 9110 8.8.3", grammar(condition.ListFault, tagsForm), ""},
	{"If-Modified-Since", "9110 13.1.3, 9110 5.6.7", judgeDate, "Servers ignore this condition."},
	{"If-None-Match", "9110 13.1.2, 9110 8.8.3", grammar(condition.ListFault, tagsForm), ""},
	{"If-Range", "", judgeIfRange, ""},
	{"If-Unmodified-Since", "9110 13.1.4, 9110 5.6.7", judgeDate, "Servers ignore this condition."},
	{"Last-Modified", "9110 8.8.2, 9110 5.6.7", judgeDate, ""},
	{"Link", "", grammar(httpwire.LinkFault, `Write a link like </next>; rel="next".`), ""},
	{"Location", "", judgeURI, ""},
	{"Max-Forwards", "", digitsOnly, ""},
	{"Proxy-Authenticate", "", judgeChallenge, ""},
	{"Proxy-Authorization", "7617 2", judgeCredentials, ""},
	{"Range", "9110 14.2, 9110 14.1.1", grammar(httpwire.RangeFault,
		"Write ranges like bytes=0-499 or bytes=-500."), "Servers may ignore this field."},
	{"Referer", "", judgePartialURI, ""},
	{"Retry-After", "", judgeRetryAfter, ""},
	{"Transfer-Encoding", "9112 6.1, 9112 7.1", grammar(httpwire.TransferEncodingFault,
		"Write a list of codings like gzip, chunked. The coding chunked has no parameters."), ""},
	{"WWW-Authenticate", "", judgeChallenge, ""},
}

var (
	digitsOnly = grammar(httpwire.LengthFault, "Write digits only.")
	judgeURI   = grammar(httpwire.LocationFault,
		"Write a URI like /path or http://localhost/path. Percent-encode what a URI does not allow.")
	judgeChallenge = grammar(httpwire.ChallengeFault,
		`Write a challenge like Basic realm="address book".`)
)

const (
	dateForm = "Write a date like Sun, 06 Nov 1994 08:49:37 GMT."
	tagForm  = `Write an entity tag in double quotes, like "abc" or W/"abc".`
	tagsForm = `Write a list of entity tags like "abc", W/"def", or a single *.`
)

// judgeValue judges the value of the field with that name.
func judgeValue(name, value []byte) verdict {
	for i := range judges {
		j := &judges[i]
		if !httpwire.EqualFold(name, j.name) {
			continue
		}
		v := j.judge(value)
		if v.ill && j.effect != "" {
			v.note += " " + j.effect
		}
		if v.sections = j.sections; v.sections == "" {
			parts := strings.Split(fieldMeaning(name).sections, ", ")
			v.sections = parts[len(parts)-1] // the newest RFC
		}
		return v
	}
	return verdict{}
}

// grammar makes a judge. fault returns the index of the first octet that does not fit. form is a
// sentence about what fits.
func grammar(fault func([]byte) int, form string) judge {
	return func(value []byte) verdict {
		if at := fault(value); at >= 0 {
			return verdict{note: form, at: at, ill: true}
		}
		return verdict{}
	}
}

// place returns the index that an error of httpwire has, or -1.
func place(err error) int {
	if fault, ok := errors.AsType[*httpwire.SyntaxError](err); ok {
		return fault.Offset
	}
	return -1
}

func mediaTypeFault(value []byte) int {
	_, err := httpwire.ParseMediaType(value)
	return place(err)
}

// judgeDate judges an HTTP-date. The current time only decides the century of a year of two digits.
func judgeDate(value []byte) verdict {
	t, err := httpwire.ParseDate(value, time.Now())
	at := place(err)
	switch {
	case at == 0 && namesDay(value):
		return verdict{note: "The weekday or one of the numbers contradicts the rest of the date.",
			at: -1, ill: true}
	case at >= 0:
		return verdict{note: dateForm, at: at, ill: true}
	case !bytes.Equal(value, httpwire.AppendDate(nil, t)):
		return verdict{note: "This form of date is obsolete, but recipients read it. Send " +
			string(httpwire.AppendDate(nil, t)) + "."}
	}
	return verdict{}
}

// namesDay reports whether a value begins with the name of a day. If ParseDate reports its first
// octet all the same, the parts of the date are valid but contradict each other.
func namesDay(value []byte) bool {
	for day := range time.Weekday(7) {
		if bytes.HasPrefix(value, []byte(day.String()[:3])) {
			return true
		}
	}
	return false
}

// judgePartialURI judges a URI that has no fragment.
func judgePartialURI(value []byte) verdict {
	if at := bytes.IndexByte(value, '#'); at >= 0 {
		return verdict{at: at, ill: true,
			note: `The URI in this field must not have a fragment. Leave out "#" and what follows it.`}
	}
	return judgeURI(value)
}

// Retry-After = HTTP-date / delay-seconds
func judgeRetryAfter(value []byte) verdict {
	if namesDay(value) {
		return judgeDate(value)
	}
	return grammar(httpwire.LengthFault,
		"Write the seconds in digits, or a date like Sun, 06 Nov 1994 08:49:37 GMT.")(value)
}

// If-Range = entity-tag / HTTP-date
func judgeIfRange(value []byte) verdict {
	switch {
	case namesDay(value):
		return judgeDate(value)
	case bytes.HasPrefix(value, []byte("W/")) && condition.TagFault(value) < 0:
		return verdict{note: "A weak entity tag never matches in If-Range. Send a strong one."}
	}
	return grammar(condition.TagFault,
		`Write an entity tag in double quotes, like "abc", or a date.`)(value)
}

// judgeCredentials judges Basic credentials and shows nothing of them. Credentials that are only
// asterisks were hidden before, and are not judged.
func judgeCredentials(value []byte) verdict {
	scheme, credentials, _ := bytes.Cut(value, []byte(" "))
	if len(value) > 0 && !httpwire.EqualFold(scheme, "Basic") {
		return verdict{}
	}
	hidden := len(credentials) > 0 && len(bytes.Trim(credentials, "* ")) == 0
	if _, _, ok := basicauth.Credentials(value); ok || hidden {
		return verdict{}
	}
	return verdict{note: "Basic credentials are the base64 of user:password.", at: -1, ill: true}
}

// judge judges the value of the current field. The verdict goes to the line of the first octets of
// the value, or to the end of the line if the value is empty. An incomplete field is not judged.
func (n *annotator) judge() {
	n.verdict = verdict{}
	is := func(r httpwire.Rule) func(httpwire.Span) bool {
		return func(s httpwire.Span) bool { return s.Rule == r }
	}
	end := slices.IndexFunc(n.rest, is(httpwire.RuleCRLF))
	if end < 0 || n.rest[end].End-n.rest[end].Start < len("\r\n") {
		return
	}
	first := n.rest[end]
	if i := slices.IndexFunc(n.rest[:end], is(httpwire.RuleFieldValue)); i >= 0 {
		first = n.rest[i]
	}
	value := bytes.TrimRight(n.unhidden[first.Start:n.rest[end].Start], " \t\r\n")
	folded := slices.ContainsFunc(n.rest[:end], is(httpwire.RuleObsFold))
	if folded {
		value = httpwire.AppendUnfolded(nil, value)
	}
	v := judgeValue(n.field, value)
	v.line = first.Start
	switch {
	case !v.ill:
	case v.at < 0, folded:
		v.note = "Ill-formed. " + v.note
	case v.at == len(value):
		v.note = "Ill-formed at its end. " + v.note
	default:
		v.note = fmt.Sprintf("Ill-formed at octet %d. %s", first.Start+v.at, v.note)
	}
	n.verdict = v
}
