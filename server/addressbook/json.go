package addressbook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"rawhttp/server/rest"
)

// An address is one entry of the book, its members in the order in which they are sent.
type address struct {
	ID       int64  `json:"ID"`
	Line1    string `json:"line_1"`
	Line2    string `json:"line_2"`
	Number   int64  `json:"number"`
	PostCode string `json:"post_code"`
}

const maxInteger = rest.MaxInteger

// maxText is how many characters a string may have. JSON takes up to six octets for a character, so
// that an address has less than 10 KiB.
const maxText = 500

// What an address looks like, whole and without its ID.
const (
	wholeExample = `{"ID": 3, "number": 5, "post_code": "PY13 5PY"}`
	noIDExample  = `{"number": 5, "post_code": "PY13 5PY"}`
)

// example ends the details that have to say what an address looks like.
const example = " An address is one such as " + wholeExample + "."

// Writing. One address in its own representation is indented like an address in the list. So both
// are sent from the same octets, and a list is never copied as a whole (see page.Fill).

const (
	openOne = "{\n  \"address\": [\n"
	openAll = "{\n  \"addresses\": [\n"
	comma   = ",\n"
	closing = "\n  ]\n}\n"
	none    = "{\n  \"addresses\": []\n}\n"
)

// encodeOne returns the representation of one address: a list of one, between openOne and closing.
func encodeOne(a address) []byte {
	return rest.JSON(struct {
		Address []address `json:"address"`
	}{[]address{a}})
}

// encodeAdded returns the representation of an address that was created.
func encodeAdded(a address) []byte {
	return rest.JSON(struct {
		Added address `json:"added"`
	}{a})
}

// inner returns the address without what encodeOne puts around it.
func inner(one []byte) []byte { return one[len(openOne) : len(one)-len(closing)] }

// Reading. encoding/json is asked first whether the whole text is JSON, and takes it apart only
// then, one member at a time: on its own the decoder would stop behind the first value, match names
// in any case, keep the last of two, take null, and mend what is not UTF-8.

const space = " \t\r\n" // that JSON allows around a value

// readAddress reads the body of a POST, or of a PUT to the address of an ID, which the body need
// not repeat and must not contradict; a POST is told by noID. If it is no address, fault says why,
// in sentences.
func readAddress(body []byte, id int64) (a address, fault string) {
	if fault = checkText(body); fault != "" {
		return a, fault
	}
	members, fault := readMembers(body)
	if fault != "" {
		return a, fault
	}
	r := reader{members: members}
	a.ID = r.id(id)
	a.Line1 = r.string("line_1", false)
	a.Line2 = r.string("line_2", false)
	a.Number = r.integer("number", -maxInteger)
	a.PostCode = r.string("post_code", true)
	return a, r.fault()
}

// checkText says why a body is not one JSON text in UTF-8; the empty string is that it is.
func checkText(body []byte) string {
	if bytes.HasPrefix(body, []byte("\uFEFF")) {
		return "The body begins with a byte order mark, the octets EF BB BF, and JSON has none " +
			"(RFC 8259 section 8.1). Save it as UTF-8 without BOM."
	}
	if !utf8.Valid(body) {
		return notUTF8(body)
	}
	if !json.Valid(body) {
		return notJSON(body)
	}
	return ""
}

// notUTF8 names the first octet that is not UTF-8.
func notUTF8(body []byte) string {
	at := 0
	for {
		r, size := utf8.DecodeRune(body[at:])
		if r == utf8.RuneError && size < 2 {
			break
		}
		at += size
	}
	return fmt.Sprintf("The body is not in UTF-8, as JSON has to be (RFC 8259 section 8.1): octet "+
		"%02X at offset %d, %s. Save or send it as UTF-8.", body[at], at, position(body, at))
}

// notJSON says where a body that is not valid breaks. With a newline behind it, the place is always
// the octet before the error's offset; the newline itself is to blame if the text just ends.
func notJSON(body []byte) string {
	var fault *json.SyntaxError
	err := json.Unmarshal(append(bytes.Clone(body), '\n'), new(json.RawMessage))
	if !errors.As(err, &fault) {
		return "The body is not JSON." + example
	}
	switch at := int(fault.Offset) - 1; {
	case len(bytes.TrimLeft(body, space)) == 0:
		return "The body is empty." + example
	case at >= len(body):
		return "The JSON text in the body breaks off at its end, " + position(body, len(body)) +
			": a quote, bracket or brace is not closed, or a value is missing, or the " +
			"Content-Length, " + strconv.Itoa(len(body)) + ", is too small."
	case depth(body[:at]) >= maxDepth:
		return fmt.Sprintf("Arrays and objects in the body are nested more than %d deep, at %s. That is "+
			"the limit here; an address needs one object.", maxDepth, position(body, at))
	default:
		return "The body is not JSON, from " + position(body, at) + " on: " +
			found(body, at, fault) + "." + hint(body, at)
	}
}

// maxDepth is how deep encoding/json reads.
const maxDepth = 10000

// depth returns how many arrays and objects are open at the end of text that is JSON so far.
func depth(text []byte) (open int) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch o := text[i]; {
		case quoted && o == '\\':
			i++
		case o == '"':
			quoted = !quoted
		case quoted:
		case o == '[' || o == '{':
			open++
		case o == ']' || o == '}':
			open--
		}
	}
	return open
}

// found returns the words of an error with the whole character that is at its place. The decoder
// looks at one octet, and names the character of that number.
func found(body []byte, at int, fault error) string {
	says := fault.Error()
	r, _ := utf8.DecodeRune(body[at:])
	_, rest, ok := strings.Cut(strings.TrimPrefix(says, "invalid character '"), "'")
	if r < utf8.RuneSelf || !ok {
		return says
	}
	if name := fmt.Sprintf("U+%04X", r); strconv.IsPrint(r) {
		return fmt.Sprintf("invalid character '%c' (%s)%s", r, name, rest)
	} else {
		return "invalid character " + name + rest
	}
}

// hint says what to do about the mistakes that people, and their editors, make most.
func hint(body []byte, at int) string {
	before := bytes.TrimRight(body[:at], space)
	r, _ := utf8.DecodeRune(body[at:])
	switch {
	case unicode.In(r, unicode.Pi, unicode.Pf) || r == '\u201e' || r == '\u201a':
		return " Names and strings stand in straight double quotes."
	case r >= utf8.RuneSelf && (unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)):
		return " Outside of strings, white space is the space bar, the tab and the line end only."
	case (body[at] == '}' || body[at] == ']') && bytes.HasSuffix(before, []byte(",")):
		return " Leave out the comma before it."
	case body[at] == '\'':
		return " Names and strings stand in double quotes."
	}
	return ""
}

// position returns the place of an offset for people, who count characters and not octets.
func position(body []byte, at int) string {
	line := bytes.Count(body[:at], []byte("\n")) + 1
	start := bytes.LastIndexByte(body[:at], '\n') + 1
	return fmt.Sprintf("line %d, column %d (in characters)",
		line, utf8.RuneCount(body[start:at])+1)
}

// readMembers takes a valid JSON text apart into the members of an object. The values stay as they
// are written, so that those nobody asks for are never looked into.
func readMembers(body []byte) (members map[string]json.RawMessage, fault string) {
	if k := kind(bytes.TrimLeft(body, space)); k != "an object" {
		return nil, "The body is " + k + ", and an address is an object." + example
	}
	members = make(map[string]json.RawMessage)
	d := json.NewDecoder(bytes.NewReader(body))
	_, err := d.Token() // {
	for err == nil && d.More() {
		var name json.Token
		var value json.RawMessage
		if name, err = d.Token(); err == nil {
			err = d.Decode(&value)
		}
		key, _ := name.(string)
		if _, twice := members[key]; twice {
			return nil, "The member " + quote([]byte(key)) + " is there twice. Leave one out."
		}
		members[key] = value
	}
	if err != nil {
		return nil, "The body is not JSON: " + err.Error() + "."
	}
	return members, ""
}

// kind names the type of a valid JSON value, by its first octet.
func kind(value []byte) string {
	switch value[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	default:
		return "a number"
	}
}

// A reader reads members and remembers what is wrong with them, as the scanner of package httpwire
// does with octets, except that it goes on: one answer says all that there is to be put right.
type reader struct {
	members map[string]json.RawMessage
	missing []string
	wrong   []string
}

// noID says that the path has no ID.
const noID = -1

// id returns the ID of an address whose path has the given one.
func (r *reader) id(path int64) int64 {
	if path == noID {
		return r.integer("ID", 1)
	}
	if path < 1 || path > maxInteger {
		r.fail("The ID in the path has to be from 1 to %d.", int64(maxInteger))
	} else if _, there := r.members["ID"]; there {
		id := r.integer("ID", 1)
		if len(r.wrong) == 0 && id != path {
			r.fail("The ID in the body is %d and that of the path is %d. Leave out the member ID, "+
				"as in %s, or send the request to %s/%[1]d.", id, path, noIDExample, Path)
		}
	}
	return path
}

// integer returns a member that has to be there and to be an integer from least to maxInteger.
// Unlike JSON, strconv would take a plus sign; but what comes here is valid JSON already.
func (r *reader) integer(name string, least int64) int64 {
	value, ok := r.members[name]
	if !ok {
		r.missing = append(r.missing, name)
		return 0
	}
	if k := kind(value); k != "a number" {
		r.fail("The member %s is %s and has to be an integer.", name, k)
		return 0
	}
	n, err := strconv.ParseInt(string(value), 10, 64)
	switch {
	case errors.Is(err, strconv.ErrSyntax):
		r.fail("The member %s has to be an integer, in digits alone: no point, no exponent.", name)
	case err != nil || n < least || n > maxInteger:
		r.fail("The member %s has to be from %d to %d.", name, least, int64(maxInteger))
	}
	return n
}

// string returns a member that has to be a string; left out, it is empty.
func (r *reader) string(name string, required bool) (s string) {
	value, ok := r.members[name]
	if !ok && required {
		r.missing = append(r.missing, name)
	}
	if !ok {
		return ""
	}
	if k := kind(value); k != "a string" {
		r.fail("The member %s is %s and has to be a string.", name, k)
		return ""
	}
	if err := json.Unmarshal(value, &s); err != nil || brokenPair(value) {
		r.fail("The member %s has half a surrogate pair in it, which is no character.", name)
	}
	if n := utf8.RuneCountInString(s); n > maxText {
		r.fail("The member %s has %d characters, and at most %d are allowed. Shorten it.",
			name, n, maxText)
	}
	return s
}

func (r *reader) fail(format string, args ...any) {
	r.wrong = append(r.wrong, fmt.Sprintf(format, args...))
}

// fault returns all that is wrong in sentences, nothing if nothing is.
func (r *reader) fault() string {
	if len(r.missing) > 0 {
		r.fail("Missing: %s. Names are compared exactly, capitals and all.%s",
			strings.Join(r.missing, ", "), example)
	}
	return strings.Join(r.wrong, " ")
}

var (
	pair = regexp.MustCompile(`(?i)\\\\|\\ud[89ab]..\\ud[c-f]..`) // or an escaped backslash
	half = regexp.MustCompile(`(?i)\\ud[89a-f]`)
)

// brokenPair reports whether a valid JSON string escapes one half of a surrogate pair without the
// other (RFC 8259 section 8.2). The decoder would make U+FFFD of it.
func brokenPair(value []byte) bool {
	return half.Match(value) && half.Match(pair.ReplaceAll(value, []byte(" ")))
}
