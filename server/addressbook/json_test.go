package addressbook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// The mark in a body is where the error must point. It is removed before the body is sent.
const mark = "‸"

// 9110-15.5.21-a: bodies that are an address, and bodies that are not.
func TestPost(t *testing.T) {
	long := strings.Repeat("é", 500)
	deep := strings.Repeat("[", 100_000)
	tests := []struct {
		name, body string
		code       int
		detail     string // contained in the detail
	}{
		{"flask: without the lines", valid, 201, ""},
		{"strings of 500 characters", `{"ID":3,"number":5,"post_code":"` + long + `","line_1":"` + long +
			`","line_2":"` + long + `"}`, 201, ""},
		{"all members", `{"ID":3,"line_1":"a","line_2":"b","number":5,"post_code":"c"}`, 201, ""},
		{"flask: unknown member", `{"ID":3,"number":5,"post_code":"c","x":{"y":[1,null]}}`,
			201, ""},
		{"unknown member with what would be wrong elsewhere",
			`{"ID":3,"number":5,"post_code":"c","x":{"a":1e400,"a":"\ud800"}}`, 201, ""},
		{"unknown member with quotes and brackets in strings",
			`{"x":{"a\"]":["},\\",{}],"b":"]{"} , "ID" :3,"number":5 ,"post_code":"c"}`, 201, ""},
		{"name with an escape", `{"\u0049D":3,"number":5,"post_code":"c"}`, 201, ""},
		{"1945-3.6.1-a: any line end around it",
			"\r\n\t {\"ID\":9,\n\"number\":1,\r\"post_code\":\"x\"}\r",
			201, ""},
		{"1945-7.2.2-a, 8259-8.1-a: octets, not characters", `{"ID":9,"number":1,"post_code":"é"}`,
			201, ""},
		{"surrogate pair", `{"ID":9,"number":1,"post_code":"\ud83D\uDE00"}`, 201, ""},
		{"backslash before what looks like half a pair",
			`{"ID":9,"number":1,"post_code":"\\ud800"}`,
			201, ""},
		{"U+FFFD itself", `{"ID":9,"number":1,"post_code":"\ufffd�"}`, 201, ""},
		{"NUL and quotes", `{"ID":9,"number":1,"post_code":"\u0000\"<&>\u2028"}`, 201, ""},
		{"empty strings, number zero", `{"ID":9,"number":-0,"post_code":""}`, 201, ""},
		{"largest ID", `{"ID":9007199254740991,"number":-9007199254740991,"post_code":""}`,
			201, ""},

		{"flask: ID missing", `{"number":5,"post_code":"c"}`, 400, "Missing: ID."},
		{"flask: number missing", `{"ID":3,"post_code":"c"}`, 400, "Missing: number."},
		{"flask: post_code missing", `{"ID":3,"number":5}`, 400, "Missing: post_code."},
		{"flask: empty object", `{}`, 400, "Missing: ID, number, post_code."},
		{"names in another case", `{"id":3,"Number":5,"POST_CODE":"c"}`,
			400, "Missing: ID, number, post_code."},
		{"ID in two cases", `{"ID":3,"id":1,"number":5,"post_code":"c"}`, 201, ""},

		{"flask: array", `[{"ID":3}]`, 400, "is an array"},
		{"flask: string", `"ID"`, 400, "is a string"},
		{"number", `3`, 400, "is a number"},
		{"boolean", `true`, 400, "is a boolean"},
		{"null", ` null`, 400, "is null"},

		{"flask: string for ID", `{"ID":"3","number":5,"post_code":"c"}`,
			400, "member ID is a string and must be an integer"},
		{"flask: number for post_code", `{"ID":3,"number":5,"post_code":1}`,
			400, "member post_code is a number and must be a string"},
		{"null for line_1", `{"ID":3,"number":5,"post_code":"c","line_1":null}`,
			400, "member line_1 is null"},
		{"boolean for number", `{"ID":3,"number":true,"post_code":"c"}`,
			400, "member number is a boolean"},
		{"object for line_2", `{"ID":3,"number":5,"post_code":"c","line_2":{}}`,
			400, "member line_2 is an object"},
		{"array for ID", `{"ID":[3],"number":5,"post_code":"c"}`, 400, "member ID is an array"},
		{"post_code of 501 characters", `{"ID":3,"number":5,"post_code":"` + long + `a"}`,
			400, "member post_code has 501 characters, and at most 500 are allowed"},
		{"line_1 of 501 characters", `{"ID":3,"number":5,"post_code":"c","line_1":"` + long + `é"}`,
			400, "member line_1 has 501 characters"},
		{"line_2 of 501 characters",
			`{"ID":3,"number":5,"post_code":"c","line_2":"` + long + `\u0001"}`,
			400, "member line_2 has 501 characters"},
		{"one wrong, one missing", `{"ID":"3","number":5}`,
			400, "member ID is a string and must be an integer. Missing: post_code."},

		{"ID 1.0", `{"ID":1.0,"number":5,"post_code":"c"}`,
			400, "member ID must be an integer in digits"},
		{"ID 1e2", `{"ID":1e2,"number":5,"post_code":"c"}`,
			400, "member ID must be an integer in digits"},
		{"number 1e400", `{"ID":3,"number":1e400,"post_code":"c"}`,
			400, "member number must be an integer in digits"},
		{"ID 0", `{"ID":0,"number":5,"post_code":"c"}`, 400, "member ID must be from 1 to"},
		{"ID -1", `{"ID":-1,"number":5,"post_code":"c"}`, 400, "member ID must be from 1 to"},
		{"ID 2^53", `{"ID":9007199254740992,"number":5,"post_code":"c"}`,
			400, "to 9007199254740991"},
		{"ID 2^63", `{"ID":9223372036854775808,"number":5,"post_code":"c"}`,
			400, "to 9007199254740991"},
		{"ID 2^64+3", `{"ID":18446744073709551619,"number":5,"post_code":"c"}`,
			400, "to 9007199254740991"},
		{"number far below zero", `{"ID":3,"number":-9007199254740992,"post_code":"c"}`,
			400, "from -9007199254740991"},

		{"duplicate member", `{"ID":3,"ID":4,"number":5,"post_code":"c"}`,
			400, "'ID' occurs twice"},
		{"duplicate member, the same", `{"ID":3,"number":5,"post_code":"c","number":5}`,
			400, "'number' occurs twice"},
		{"duplicate member in disguise", `{"ID":3,"I\u0044":4,"number":5,"post_code":"c"}`,
			400, "'ID' occurs twice"},
		{"duplicate unknown member", `{"x":1,"ID":3,"number":5,"post_code":"c","x":1}`,
			400, "'x' occurs twice"},
		{"1000 members", `{"ID":3,"number":5,"post_code":"c"` + unknown(997) + `}`, 201, ""},
		{"1001 members", `{"ID":3,"number":5,"post_code":"c"` + unknown(998) + `}`,
			400, "The object has more than 1000 members"},
		{"duplicate long member", `{"` + strings.Repeat("é", 1000) + `":1,"` + strings.Repeat("é", 1000) + `":1}`,
			400, "The member '" + strings.Repeat(`\u00e9`, 100) + "...' occurs twice"},

		{"8259-2-a: trailing data", valid + mark + `{"ID":10,"number":1,"post_code":"x"}`,
			400, "not JSON"},
		{"8259-2-a: trailing brace", valid + mark + `}`, 400, "not JSON"},
		{"8259-2-a: trailing comma", "\n" + valid + mark + `,`, 400, "not JSON"},
		{"8259-2-a: trailing NUL", valid + mark + "\x00", 400, "not JSON"},
		{"comment", "{\n" + mark + "// three\n\"ID\":3}", 400, "not JSON"},
		{"flask: broken", `{"ID":` + mark + `}`, 400, "not JSON"},
		{"broken in the third line", "{\n\"ID\": 3,\n\"number\": f" + mark + "ive}",
			400, "not JSON"},
		{"broken after a character of two octets", `{"line_1":"é" ` + mark + `"ID":3}`,
			400, "not JSON"},
		{"comma before the brace", `{"ID":3,` + mark + `}`, 400, "Leave out the comma before it."},
		{"comma before the bracket", `{"x":[1, ` + mark + `]}`, 400, "Leave out the comma before it."},
		{"no quotes", `{"ID":3, ` + mark + `x:1}`, 400, "not JSON"},
		{"a letter outside ASCII", `{"ID":` + mark + `é}`, 400, "not JSON"},
		{"single quotes", `{` + mark + `'ID':3}`, 400, "Put names and strings in straight double quotes."},
		{"zero in front", `{"ID":0` + mark + `3}`, 400, "not JSON"},
		{"plus in front", `{"ID":` + mark + `+3}`, 400, "not JSON"},
		{"newline in a string", "{\"ID\":3,\"post_code\":\"a" + mark + "\nb\"}", 400, "not JSON"},
		{"escape that is none", `{"post_code":"\` + mark + `x"}`, 400, "not JSON"},
		{"NaN", `{"ID":` + mark + `NaN}`, 400, "not JSON"},
		{"no-break space", mark + "\u00a0" + valid, 400, "Outside strings, use only spaces"},
		{"a form", mark + "ID=3&number=5", 400, "not JSON"},
		{"cut short: nothing", "", 400, "empty"},
		{"cut short: spaces", " \n ", 400, "empty"},
		{"cut short: object", `{"ID":3` + mark, 400, "ends too early"},
		{"cut short: by its length", `{"ID":3` + mark, 400, "Content-Length, 7, is too small"},
		{"cut short: string", `{"ID":3,"post_code":"c` + mark, 400, "ends too early"},
		{"cut short: literal", `{"x":tru` + mark, 400, "ends too early"},
		{"cut short: escape", `{"x":"\u12` + mark, 400, "ends too early"},
		{"cut short: number", "{\n\"x\":-" + mark, 400, "ends too early"},
		{"cut short: in the second line", "{\n" + mark, 400, "ends too early"},

		{"8259-8.1-a: byte order mark", "\ufeff" + valid, 400, "byte order mark"},
		{"8259-8.1-a: octet that is not UTF-8", `{"post_code":"` + mark + "\xe9\"}",
			400, "E9 at offset 14"},
		{"8259-8.1-a: after U+FFFD itself", "\"\ufffd" + mark + "\xe9\"", 400, "E9 at offset 4"},
		{"8259-8.1-a: in the second line", "{\n\"é" + mark + "\xc3\"}", 400, "at offset 5"},
		{"8259-8.1-a: surrogate in UTF-8", mark + "\xed\xa0\x80", 400, "ED at offset 0"},
		{"8259-8.1-a: UTF-16", mark + "\xff\xfe{\x00}\x00", 400, "FF at offset 0"},
		{"half a surrogate pair", `{"ID":3,"number":5,"post_code":"\ud800"}`,
			400, "member post_code has"},
		{"the other half", `{"ID":3,"number":5,"post_code":"c","line_1":"\uDE00\ud83d"}`,
			400, "member line_1 has"},
		{"two halves apart", `{"ID":3,"number":5,"post_code":"\ud83d\\\ude00"}`,
			400, "member post_code has"},

		{"nested without end", deep, 400, "more than 10000 arrays and objects inside each other"},
		{"nested in an unknown member", `{"x":` + deep[:9999] + mark + "[" +
			strings.Repeat("]", 10_000) + `}`, 400, "more than 10000 arrays and objects inside each other"},
		{"as deep as may be", `{"ID":3,"number":5,"post_code":"c","x":` + deep[:9999] +
			strings.Repeat("]", 9999) + `}`, 201, ""},
		{"brackets in strings", `{"x":"` + deep + `\"[" ` + mark + `x}`, 400, "not JSON"},
		{"nested objects", strings.Repeat(`{"a":`, 20_000), 400, "more than 10000 arrays and objects inside each other"},

		{"a curly quote", `{` + mark + "\u201cID\u201d: 3}", 400,
			"invalid character U+201C '\u201c' looking for beginning of object key string. Put names and " +
				"strings in straight double quotes."},
		{"a no-break space", `{"ID":` + mark + "\u00a03}", 400,
			"invalid character U+00A0 looking for beginning of value. Outside strings, use only spaces"},
		{"an emoji", `{"ID": 3, ` + mark + "\U0001f600}", 400,
			"invalid character U+1F600 '\U0001f600' looking for"},
		{"in a literal", `{"ID": tru` + mark + "\u00e9}", 400,
			"invalid character U+00E9 '\u00e9' in literal true"},
		{"a character that joins", `{` + mark + "\u200b\"ID\": 3}", 400,
			"invalid character U+200B looking for beginning of object key string. Outside strings, use"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBook(t)
			unchanged := listText(t, b)
			before, marked, pointed := strings.Cut(test.body, mark)
			resp := send(t, b, postJSON(before+marked))
			if resp.Code != test.code || !strings.Contains(detail(resp), test.detail) {
				t.Errorf("%d %.300s, want %d and %q", resp.Code, resp.Body, test.code, test.detail)
			}
			if test.detail == "not JSON" && strings.Contains(detail(resp), ". ") {
				t.Errorf("a hint that does not help: %s", detail(resp))
			}
			if pointed && !strings.Contains(detail(resp), placeOf(before)) {
				t.Errorf("%s, want %s", detail(resp), placeOf(before))
			}
			list := listText(t, b)
			if created := list != unchanged; created != (test.code == 201) {
				t.Errorf("the book is now\n%s", list)
			}
		})
	}
}

// unknown returns n members with different names, after commas.
func unknown(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"x%d":1`, i)
	}
	return b.String()
}

// The table of members has each member of an address, under the name and in the order in which it is sent. The
// package comment names it.
func TestMembers(t *testing.T) {
	comment, err := os.ReadFile("book.go")
	if err != nil {
		t.Fatal(err)
	}
	a := address{ID: 3}
	want, members := `{"ID":3`, a.members()
	for _, m := range members {
		value := `"x"`
		if _, ok := m.value.(*int64); ok {
			value = "5"
		}
		if err := json.Unmarshal([]byte(value), m.value); err != nil {
			t.Error(err)
		}
		want += `,"` + m.name + `":` + value
		if before, _, _ := bytes.Cut(comment, []byte("\npackage ")); !bytes.Contains(before, []byte(m.name)) {
			t.Errorf("the package comment in book.go does not name the member %s", m.name)
		}
	}
	got, err := json.Marshal(a)
	if fields := reflect.TypeFor[address]().NumField(); err != nil || string(got) != want+"}" || fields != len(members)+1 {
		t.Errorf("an address of %d members is %s, and the table of members in json.go says %s}; %v", fields, got, want, err)
	}
}

// A member of the table that is not required may be left out, whatever its type.
func TestOptionalMembers(t *testing.T) {
	var r memberReader
	n, s := r.integer("floor", 1, false), r.string("country", false)
	if fault := r.fault(); fault != "" || n != 0 || s != "" {
		t.Errorf("%d, %q, %s", n, s, fault)
	}
}

// placeOf returns the line and column of the end of a text.
func placeOf(before string) string {
	lines := strings.Split(before, "\n")
	column := utf8.RuneCountInString(lines[len(lines)-1]) + 1
	return "line " + strconv.Itoa(len(lines)) + ", column " + strconv.Itoa(column) + " ("
}

// 1945-4.2-d: the order of fields has no meaning. The list is ordered by ID, in whatever order the
// addresses were added.
func TestOrder(t *testing.T) {
	b := newBook(t)
	for _, id := range []int64{7, 3, 9007199254740991, 5, 4} {
		body := strings.Replace(valid, "3", strconv.FormatInt(id, 10), 1)
		resp := send(t, b, bare("POST", base, "Content-Length: "+strconv.Itoa(len(body)),
			"Content-Type: application/json")+body)
		if resp.Code != 201 {
			t.Fatalf("%d: %d %s", id, resp.Code, resp.Body)
		}
		if id == 3 {
			send(t, b, get(base)) // so that some come before a list and some after
		}
	}
	want := []int64{1, 2, 3, 4, 5, 7, 9007199254740991}
	if got := idsOf(t, send(t, b, get(base)).Body); !reflect.DeepEqual(got, want) {
		t.Errorf("IDs %v, want %v", got, want)
	}
}

// addressesOf reads a list and checks that it is indented as encoding/json indents it.
func addressesOf(t testing.TB, list []byte) []address {
	t.Helper()
	var all struct {
		Addresses []address `json:"addresses"`
	}
	if err := json.Unmarshal(list, &all); err != nil {
		t.Fatalf("%v in %s", err, list)
	}
	var whole bytes.Buffer
	if err := json.Indent(&whole, list, "", "  "); err != nil || whole.String() != string(list) {
		t.Fatalf("%v: list\n%s\nwant\n%s", err, list, whole.Bytes())
	}
	return all.Addresses
}

func idsOf(t testing.TB, list []byte) (ids []int64) {
	t.Helper()
	for _, a := range addressesOf(t, list) {
		ids = append(ids, a.ID)
	}
	return ids
}

// FuzzPost sends any body. The address is either created or refused. A created address equals what
// encoding/json reads in the body.
func FuzzPost(f *testing.F) {
	for _, body := range []string{valid, `{}`, `[]`, `null`, ``,
		`{"ID":1,"number":2,"post_code":"x"}`,
		`{"ID":3,"number":5,"post_code":"\ud83d\ude00\n","line_1":"é","line_2":"<>&"}`,
		`{"ID":3,"ID":4,"number":5,"post_code":""}`, `{"ID":1e2,"number":5.0,"post_code":""}`,
		"\ufeff" + valid, valid + "{}", `{"ID":3,"number":5,"post_code":"\ud800"}`,
		"\"\xff\"", "[[[["} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		b := newBook(t)
		unchanged := listText(t, b)
		resp := send(t, b, postJSON(string(body)))
		list := listText(t, b)
		switch resp.Code {
		case 400, 409:
			if list != unchanged {
				t.Fatalf("%d, and the book is now\n%s", resp.Code, list)
			}
		case 201:
			checkCreated(t, b, body, string(resp.Fields.Get("Location")), []byte(list))
		default:
			t.Fatalf("code %d", resp.Code)
		}
	})
}

// checkCreated compares the body of the request, the address at its Location, and its place in the
// list.
func checkCreated(t *testing.T, b *service, body []byte, location string, list []byte) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.UseNumber()
	sent := make(map[string]any)
	members := new(address).members()
	for _, m := range members {
		if !m.required {
			sent[m.name] = ""
		}
	}
	if err := d.Decode(&sent); err != nil {
		t.Fatal(err)
	}
	path, ok := strings.CutPrefix(location, "http://localhost:12345")
	resp := send(t, b, get(path))
	if !ok || resp.Code != 200 {
		t.Fatalf("Location: %s has the code %d", location, resp.Code)
	}
	var got struct {
		Address []map[string]any `json:"address"`
	}
	d = json.NewDecoder(strings.NewReader(string(resp.Body)))
	d.UseNumber()
	if err := d.Decode(&got); err != nil || len(got.Address) != 1 || len(got.Address[0]) != len(members)+1 {
		t.Fatalf("%v: %s", err, resp.Body)
	}
	for name, value := range got.Address[0] {
		want := sent[name]
		if want == json.Number("-0") {
			want = json.Number("0")
		}
		if value != want {
			t.Errorf("%s is %#v, sent was %#v", name, value, want)
		}
	}
	all := addressesOf(t, list)
	if len(all) != 3 || !strings.HasSuffix(path, strconv.FormatInt(all[2].ID, 10)) {
		t.Errorf("list\n%s", list)
	}
}
