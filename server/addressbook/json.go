package addressbook

import (
	"bytes"
	"cmp"
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

// An address is one entry of the book. To add a member, add it here and in members.
type address struct {
	ID       int64  `json:"ID"`
	Line1    string `json:"line_1"`
	Line2    string `json:"line_2"`
	Number   int64  `json:"number"`
	PostCode string `json:"post_code"`
}

// A member is one member of an address.
type member struct {
	name     string
	required bool // in a body; if not, it is empty or 0 when left out
	value    any  // where it is: *int64 or *string
}

// members has a row for each member except the ID, in the order in which they are sent. The book
// reads bodies by this table, and makes the descriptions of bodies from it.
func (a *address) members() []member {
	return []member{
		{"line_1", false, &a.Line1},
		{"line_2", false, &a.Line2},
		{"number", true, &a.Number},
		{"post_code", true, &a.PostCode},
	}
}

const maxInteger = rest.MaxInteger

// maxText is the largest number of characters in a string. JSON takes up to six octets for a
// character, so an address has less than 10 KiB.
const maxText = 500

// maxMembers is the largest number of members in a body, with those that are ignored. A body of 1 MiB has room
// for more than 100,000, which would take 10 MiB of memory and a tenth of a second.
const maxMembers = 1000

// Examples of an address, with and without its ID.
const (
	wholeExample = `{"ID": 3, "number": 5, "post_code": "PY13 5PY"}`
	noIDExample  = `{"number": 5, "post_code": "PY13 5PY"}`
)

// example is the last sentence of errors that say what an address looks like.
const example = " An address looks like this: " + wholeExample + "."

// The text around addresses. The representation of one address is a list of one, so the address is indented
// there as it is in the list of all. So both are sent from the same octets, and a list is never copied as a
// whole (see page.WriteParts).

var (
	openOne = []byte("{\n  \"address\": [\n")
	openAll = []byte("{\n  \"addresses\": [\n")
	comma   = []byte(",\n")
	closing = []byte("\n  ]\n}\n")
	none    = []byte("{\n  \"addresses\": []\n}\n")
)

// Reading. First encoding/json checks that the whole text is JSON. Then the members are read one by
// one, because json.Unmarshal alone would ignore the case of names, keep the last of two members
// with the same name, accept null, and replace octets that are not UTF-8.

const space = " \t\r\n" // the white space of JSON

// readAddress reads the body of a POST or a PUT. For a POST, id is noID. In a PUT the body may leave
// out the ID, but must not have another one. If the body is not an address, the fault says why, in
// sentences.
func readAddress(body []byte, id int64) (a address, fault string) {
	switch {
	case bytes.HasPrefix(body, []byte("\uFEFF")):
		return a, "The body begins with a byte order mark, the octets EF BB BF, which JSON must not have " +
			"(RFC 8259 section 8.1). Save it as UTF-8 without BOM."
	case !utf8.Valid(body):
		return a, notUTF8(body)
	case !json.Valid(body):
		return a, notJSON(body)
	}
	members, fault := readMembers(body)
	if fault != "" {
		return a, fault
	}
	r := memberReader{members: members}
	a.ID = r.id(id)
	for _, m := range a.members() {
		switch v := m.value.(type) {
		case *int64:
			*v = r.integer(m.name, -maxInteger, m.required)
		case *string:
			*v = r.string(m.name, m.required)
		}
	}
	return a, r.fault()
}

// notUTF8 names the first octet that is not UTF-8.
func notUTF8(body []byte) string {
	at := 0
	for r, size := utf8.DecodeRune(body); r != utf8.RuneError || size > 1; {
		at += size
		r, size = utf8.DecodeRune(body[at:])
	}
	return fmt.Sprintf("The body is not in UTF-8, as JSON must be (RFC 8259 section 8.1): octet "+
		"%02X at offset %d, %s. Save it as UTF-8.", body[at], at, position(body, at))
}

// notJSON says where a body stops being valid JSON. It adds a newline, so that the faulty octet is
// always the one before the error's offset; if the text ends too early, that octet is the newline.
func notJSON(body []byte) string {
	err := json.Unmarshal(append(bytes.Clone(body), '\n'), new(json.RawMessage))
	fault, _ := errors.AsType[*json.SyntaxError](err) // there is one, because the body is not valid
	switch at := int(fault.Offset) - 1; {
	case len(bytes.TrimLeft(body, space)) == 0:
		return "The body is empty." + example
	case at >= len(body):
		return "The JSON text in the body ends too early, at " + position(body, len(body)) +
			": a quote, bracket or brace is not closed, or a value is missing, or the " +
			"Content-Length, " + strconv.Itoa(len(body)) + ", is too small."
	case strings.Contains(fault.Error(), "max depth"):
		return "At " + position(body, at) + ", the body has more than 10000 arrays and objects inside " +
			"each other, and no more are read." + example
	default:
		return "The body is not JSON at " + position(body, at) + ": " +
			found(body, at, fault) + "." + hint(body, at)
	}
}

// found returns the text of an error with the character that it is about. The decoder looks at one
// octet alone and names the character with that number, which is wrong outside ASCII.
func found(body []byte, at int, fault error) string {
	r, _ := utf8.DecodeRune(body[at:])
	if r < utf8.RuneSelf {
		return fault.Error()
	}
	_, expected, _ := strings.Cut(fault.Error(), "' ")
	return fmt.Sprintf("invalid character %#U %s", r, expected)
}

// hint says how to fix the most frequent mistakes of people and their editors.
func hint(body []byte, at int) string {
	r, _ := utf8.DecodeRune(body[at:])
	switch {
	case strings.ContainsRune("'\u00ab\u00bb\u2018\u2019\u201a\u201c\u201d\u201e", r):
		return " Put names and strings in straight double quotes."
	case r >= utf8.RuneSelf && (unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)):
		return " Outside strings, use only spaces, tabs and line ends as white space."
	case (r == '}' || r == ']') && bytes.HasSuffix(bytes.TrimRight(body[:at], space), []byte(",")):
		return " Leave out the comma before it."
	}
	return ""
}

// position returns the line and column of an offset.
func position(body []byte, at int) string {
	line := bytes.Count(body[:at], []byte("\n")) + 1
	start := bytes.LastIndexByte(body[:at], '\n') + 1
	return fmt.Sprintf("line %d, column %d (in characters)",
		line, utf8.RuneCount(body[start:at])+1)
}

// readMembers splits an object, which is valid JSON, into its members. The values are not decoded,
// so members that are ignored cost nothing more.
func readMembers(body []byte) (members map[string]json.RawMessage, fault string) {
	if k := typeName(bytes.TrimLeft(body, space)); k != "an object" {
		return nil, "The body is " + k + ", and an address is an object." + example
	}
	members = make(map[string]json.RawMessage)
	d := json.NewDecoder(bytes.NewReader(body))
	d.Token() // {
	for d.More() {
		name, _ := d.Token() // valid JSON has no error
		key := name.(string)
		if members[key] != nil {
			return nil, "The member " + quote([]byte(key)) + " occurs twice. Leave one out."
		}
		if len(members) == maxMembers {
			return nil, fmt.Sprintf("The object has more than %d members, and no more are read.", maxMembers) + example
		}
		var value json.RawMessage
		d.Decode(&value)
		members[key] = value
	}
	return members, ""
}

// typeName names the type of a valid JSON value, by its first octet.
func typeName(value []byte) string { return cmp.Or(typeNames[value[0]], "a number") }

var typeNames = map[byte]string{'{': "an object", '[': "an array", '"': "a string",
	't': "a boolean", 'f': "a boolean", 'n': "null"}

// A memberReader reads members. It collects all faults, so that one response says everything that has to
// be corrected.
type memberReader struct {
	members map[string]json.RawMessage
	missing []string
	faults  []string // sentences
}

// noID means that the path has no ID.
const noID = -1

// id returns the ID of an address. The argument is the ID in the path, or noID.
func (r *memberReader) id(path int64) int64 {
	if path == noID {
		return r.integer("ID", 1, true)
	}
	if path < 1 || path > maxInteger {
		r.fail("The ID in the path must be from 1 to %d.", int64(maxInteger))
	} else if _, there := r.members["ID"]; there {
		id := r.integer("ID", 1, true)
		if len(r.faults) == 0 && id != path {
			r.fail("The ID in the body is %d, and the ID in the path is %d. Leave out the member ID, "+
				"as in %s, or send the request to %s/%[1]d.", id, path, noIDExample, Path)
		}
	}
	return path
}

// value returns a member of a type. If it has another type, or is required and missing, value notes that
// fault and returns nil.
func (r *memberReader) value(name, typ, must string, required bool) json.RawMessage {
	value, there := r.members[name]
	switch {
	case !there && required:
		r.missing = append(r.missing, name)
	case there && typeName(value) != typ:
		r.fail("The member %s is %s and must be %s.", name, typeName(value), must)
		return nil
	}
	return value
}

// integer returns a member that must be an integer from least to maxInteger. An optional member that is missing is
// 0. The text is valid JSON, so it has no plus sign, which strconv would accept.
func (r *memberReader) integer(name string, least int64, required bool) int64 {
	value := r.value(name, "a number", "an integer", required)
	if value == nil {
		return 0
	}
	n, err := strconv.ParseInt(string(value), 10, 64)
	switch {
	case errors.Is(err, strconv.ErrSyntax):
		r.fail("The member %s must be an integer in digits, without a point or an exponent.", name)
	case n < least || n > maxInteger: // even if it has more than 64 bits
		r.fail("The member %s must be from %d to %d.", name, least, int64(maxInteger))
	}
	return n
}

// string returns a member that must be a string. An optional member that is missing is empty.
func (r *memberReader) string(name string, required bool) (s string) {
	value := r.value(name, "a string", "a string", required)
	if value == nil {
		return ""
	}
	json.Unmarshal(value, &s) // no error, because it is a string in valid JSON
	if brokenPair(value) {
		r.fail("The member %s has half a surrogate pair, which is not a character.", name)
	}
	if n := utf8.RuneCountInString(s); n > maxText {
		r.fail("The member %s has %d characters, and at most %d are allowed. Shorten it.",
			name, n, maxText)
	}
	return s
}

func (r *memberReader) fail(format string, args ...any) {
	r.faults = append(r.faults, fmt.Sprintf(format, args...))
}

// fault returns all faults in sentences, or "".
func (r *memberReader) fault() string {
	if len(r.missing) > 0 {
		r.fail("Missing: %s. Upper and lower case matter in names.%s",
			strings.Join(r.missing, ", "), example)
	}
	return strings.Join(r.faults, " ")
}

var (
	pair = regexp.MustCompile(`(?i)\\\\|\\ud[89ab]..\\ud[c-f]..`) // also matches an escaped backslash
	half = regexp.MustCompile(`(?i)\\ud[89a-f]`)
)

// brokenPair reports whether a valid JSON string escapes one half of a surrogate pair without the
// other (RFC 8259 section 8.2). The decoder would replace that half by U+FFFD. brokenPair looks for half a pair
// first, because nearly all strings have none, and replacing pairs takes memory.
func brokenPair(value []byte) bool {
	return half.Match(value) && half.Match(pair.ReplaceAll(value, []byte(" ")))
}
