package explain

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"rawhttp/httpwire/basicauth"
)

const (
	request  = "GET / HTTP/1.0\r\n"
	response = "HTTP/1.0 200 OK\r\n"
)

// fieldLines lists a message with this field, and returns the lines from the field's name to the
// end of its line.
func fieldLines(t *testing.T, startLine, field string) []Line {
	t.Helper()
	octets := startLine + field + "\r\n\r\n"
	l := listOf(octets, startLine == response, "GET")
	checkListing(t, l, octets)
	return slices.DeleteFunc(l.Lines, func(line Line) bool {
		return line.Offset < len(startLine) || line.Offset >= len(startLine+field+"\r\n")
	})
}

var illFormed = []struct {
	name, startLine, field string
	octets                 string // of the line that has the note
	note                   string // of which it is a part
	sections               string
}{
	{"a parameter of chunked", response, "Transfer-Encoding: chunked;q=1", "chunked;q=1",
		"Ill-formed at octet 43. Write a list of codings like gzip, chunked. The coding chunked", "9112 6.1, 9112 7.1"},
	{"ETag without quotes", response, "ETag: abc", "abc",
		`Ill-formed at octet 23. Write an entity tag`, "9110 8.8.3"},
	{"one digit for the day", response, "Date: Sun, 6 Nov 1994 08:49:37 GMT",
		"Sun, 6 Nov 1994 08:49:37 GMT", "Ill-formed at octet 29. Write a date like Sun, 06 Nov 1994",
		"9110 6.6.1, 9110 5.6.7"},
	{"a type without a subtype", response, "Content-Type: text", "text",
		"Ill-formed at its end. Write a media type like", "9110 8.3.1"},
	{"Last-Modified: 0", response, "Last-Modified: 0", "0",
		"Ill-formed at octet 32. Write a date like", "9110 8.8.2, 9110 5.6.7"},
	{"Expires: 0", response, "Expires: 0", "0",
		"Caches take it as a time in the past", "9111 5.3"},
	{"Expires in words", response, "Expires: never", "never",
		"Caches take it as a time in the past", "9111 5.3"},
	{"wrong weekday", response, "Date: Mon, 06 Nov 1994 08:49:37 GMT",
		"Mon, 06 Nov 1994 08:49:37 GMT",
		"Ill-formed. The weekday or one of the numbers contradicts", "9110 6.6.1, 9110 5.6.7"},
	{"another zone", response, "Date: Sun, 06 Nov 1994 08:49:37 EST",
		"Sun, 06 Nov 1994 08:49:37 EST", "Ill-formed at octet 49", "9110 6.6.1, 9110 5.6.7"},
	{"two dates", response, "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT; length=5",
		"Sun, 06 Nov 1994 08:49:37 GMT; length=5", "Ill-formed at octet 61",
		"9110 8.8.2, 9110 5.6.7"},
	{"a condition that is no date", request, "If-Modified-Since: yesterday", "yesterday",
		"Servers ignore this condition", "9110 13.1.3, 9110 5.6.7"},
	{"a condition that is no date, the other", request, "If-Unmodified-Since: 1994-11-06",
		"1994-11-06", "Servers ignore this condition", "9110 13.1.4, 9110 5.6.7"},
	{"Retry-After with a unit", response, "Retry-After: 5s", "5s",
		"Ill-formed at octet 31. Write the seconds in digits, or a date", "9110 10.2.3"},
	{"Retry-After below zero", response, "Retry-After: -1", "-1",
		"Ill-formed at octet 30", "9110 10.2.3"},
	{"Retry-After, broken date", response, "Retry-After: Sun, 06 Nov", "Sun, 06 Nov",
		"Ill-formed at its end", "9110 10.2.3"},

	{"weak in small letters", response, `ETag: w/"a"`, `w/"a"`, "Ill-formed at octet 23",
		"9110 8.8.3"},
	{"two tags", response, `ETag: "a", "b"`, `"a", "b"`, "Ill-formed at octet 26", "9110 8.8.3"},
	{"no closing quote", response, `ETag: "a`, `"a`, "Ill-formed at its end", "9110 8.8.3"},
	{"a space in a tag", response, `ETag: "a b"`, `"a b"`, "Ill-formed at octet 25", "9110 8.8.3"},
	{"empty ETag", response, "ETag:", "\r\n", "Ill-formed at its end. Write an entity tag", "9110 8.8.3"},
	{"tags without quotes", request, "If-None-Match: abc, def", "abc, def",
		"Ill-formed at octet 31. Write a list of entity tags", "9110 13.1.2, 9110 8.8.3"},
	{"a date among tags", request, "If-Match: Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT",
		"Ill-formed at octet 26. Write a list of entity tags", "9110 13.1.1, 9110 8.8.3"},
	{"a star among tags", request, `If-Match: *, "a"`, `*, "a"`, "Ill-formed at octet 29",
		"9110 13.1.1, 9110 8.8.3"},
	{"a star after tags", request, `If-Match: "a", *`, `"a", *`, "Ill-formed at octet 31",
		"9110 13.1.1, 9110 8.8.3"},
	{"tags without a comma", request, `If-Match: "a" "b"`, `"a" "b"`, "Ill-formed at octet 30",
		"9110 13.1.1, 9110 8.8.3"},
	{"If-Range, weak and not closed", request, `If-Range: W/"a`, `W/"a`, "Ill-formed at its end. Write an entity tag",
		"9110 13.1.5"},
	{"If-Range, neither", request, "If-Range: abc", "abc", "Ill-formed at octet 26",
		"9110 13.1.5"},

	{"a parameter without a value", response, "Content-Type: text/html; charset",
		"text/html; charset", "Ill-formed at its end", "9110 8.3.1"},
	{"two media types", response, "Content-Type: text/html, text/plain",
		"text/html, text/plain", "Ill-formed at octet 40", "9110 8.3.1"},
	{"no type in front", response, "Content-Type: /html", "/html", "Ill-formed at octet 31",
		"9110 8.3.1"},
	{"spaces around =", response, "Content-Type: text/html; charset = utf-8",
		"text/html; charset = utf-8", "Ill-formed at octet 49", "9110 8.3.1"},
	{"empty media type", request, "Content-Type:", "\r\n", "Ill-formed at its end", "9110 8.3.1"},
	{"the Accept of old Java", request, "Accept: text/html, *; q=.2, */*; q=.2",
		"text/html, *; q=.2, */*; q=.2", "Ill-formed at octet 36. Write a list of media ranges",
		"9110 12.5.1"},
	{"q without its zero", request, "Accept: */*; q=.2", "*/*; q=.2", "Ill-formed at octet 31",
		"9110 12.5.1"},
	{"q above one", request, "Accept: */*;q=1.5", "*/*;q=1.5", "Ill-formed at octet 30",
		"9110 12.5.1"},
	{"media ranges without a comma", request, "Accept: text/html text/plain",
		"text/html text/plain", "Ill-formed at octet 34", "9110 12.5.1"},

	{"a length with a sign", response, "Content-Length: +5", "+5",
		"Ill-formed at octet 33. Write digits only", "9110 8.6"},
	{"a length with a unit", response, "Content-Length: 5 octets", "5 octets",
		"Ill-formed at octet 34", "9110 8.6"},
	{"an empty length", response, "Content-Length:", "\r\n", "Ill-formed at its end", "9110 8.6"},
	{"an age in words", response, "Age: old", "old", "Ill-formed at octet 22. Write digits only",
		"9111 5.1"},
	{"hops in words", request, "Max-Forwards: two", "two", "Ill-formed at octet 30",
		"9110 7.6.2"},
	{"a URL as Host", request, "Host: http://localhost/", "http://localhost/",
		"Ill-formed at octet 27. Write a host like", "9110 7.2"},
	{"a space in Host", request, "Host: a b", "a b", "Ill-formed at octet 23", "9110 7.2"},

	{"a link without <>", response, "Link: /a; rel=next", "/a; rel=next",
		"Ill-formed at octet 23. Write a link like", "8288 3"},
	{"a link that does not close", response, "Link: </a; rel=next", "</a; rel=next",
		"Ill-formed at octet 27", "8288 3"},
	{"a link without rel", response, `Link: </a>; title="A"`, `</a>; title="A"`,
		"Ill-formed at its end", "8288 3"},
	{"two links without a comma", response, "Link: </a>; rel=next </b>; rel=prev",
		"</a>; rel=next </b>; rel=prev", "Ill-formed at octet 38", "8288 3"},
	{"the second link without rel", response, "Link: </a>; rel=next, </b>",
		"</a>; rel=next, </b>", "Ill-formed at its end", "8288 3"},
	{"a relation without a closing quote", response, `Link: </a>; rel="next`,
		`</a>; rel="next`, "Ill-formed at its end", "8288 3"},
	{"a percent sign in a link", response, "Link: </%>; rel=next", "</%>; rel=next",
		"Ill-formed at octet 26", "8288 3"},

	{"credentials in the clear", request, "Authorization: Basic u:p", "Basic ***",
		"Ill-formed. Basic credentials are", "7617 2"},
	{"credentials without a colon", request, "Authorization: Basic dXA=", "Basic ****",
		"Ill-formed. Basic credentials are", "7617 2"},
	{"credentials without padding", request, "Authorization: Basic dTpwcA", "Basic ******",
		"Ill-formed. Basic credentials are", "7617 2"},
	{"no credentials", request, "Authorization: Basic", "*****",
		"Ill-formed. Basic credentials are", "7617 2"},
	{"no scheme either", request, "Authorization:", "\r\n", "Ill-formed. Basic credentials are", "7617 2"},
	{"credentials for a proxy", request, "Proxy-Authorization: basic u:p", "basic ***",
		"Ill-formed. Basic credentials are", "7617 2"},

	{"a space in Location", response, "Location: /a b", "/a b", "Ill-formed at octet 29. Write a URI",
		"9110 10.2.2"},
	{"a percent sign in Location", response, "Location: /100%", "/100%", "Ill-formed at its end",
		"9110 10.2.2"},
	{"a fragment in Referer", request, "Referer: http://a/#b", "http://a/#b",
		`Ill-formed at octet 34. The URI in this field must not have a fragment`, "9110 10.1.3"},
	{"a fragment in Content-Location", response, "Content-Location: #b", "#b",
		"Ill-formed at octet 35", "9110 8.7"},
	{"methods without a comma", response, "Allow: GET HEAD", "GET HEAD",
		"Ill-formed at octet 28. Write a list of methods", "9110 10.2.1"},
	{"a range that ends before it begins", request, "Range: bytes=9-5", "bytes=9-5",
		"Ill-formed at octet 31. Write ranges like bytes=0-499 or bytes=-500. The lower position comes first.", "9110 14.2, 9110 14.1.1"},
	{"a range without a unit", request, "Range: 0-499", "0-499", "Servers may ignore this field",
		"9110 14.2, 9110 14.1.1"},
	{"a part beyond the end", response, "Content-Range: bytes 0-499/499", "bytes 0-499/499",
		"Ill-formed at octet 44. Write a range like bytes 0-499/1234. That is the first position, the last one and the length.", "9110 14.4"},
	{"a part with an equals sign", response, "Content-Range: bytes=0-4/5", "bytes=0-4/5",
		"Ill-formed at octet 37", "9110 14.4"},
	{"a challenge in quotation marks", response, `WWW-Authenticate: "Basic"`, `"Basic"`,
		"Ill-formed at octet 35. Write a challenge", "9110 11.6.1"},
	{"a realm that does not close", response, `Proxy-Authenticate: Basic realm="a`,
		`Basic realm="a`, "Ill-formed at its end", "9110 11.7.1"},

	{"a folded value", response, "Content-Type:\r\n text", "text",
		"Ill-formed. Write a media type like", "9110 8.3.1"},
	{"small letters", response, "etag: abc", "abc", "Ill-formed at octet 23", "9110 8.8.3"},
}

// An ill-formed value has one note, at the first octets of the value or, if there are none, at the
// end of the line where they are missing. The note names the section; the message is read alike.
func TestIllFormedValues(t *testing.T) {
	for _, tt := range illFormed {
		t.Run(tt.name, func(t *testing.T) {
			var notes []Line
			for _, line := range fieldLines(t, tt.startLine, tt.field) {
				if line.IllFormed {
					notes = append(notes, line)
				}
			}
			if len(notes) != 1 {
				t.Fatalf("%d notes, want one: %v", len(notes), notes)
			}
			got := notes[0]
			octets := strings.TrimPrefix(string(got.Octets), "\r\n")
			if string(got.Octets) != tt.octets || !strings.Contains(got.Note, tt.note) ||
				got.Sections != tt.sections {
				t.Errorf("%q: %q (%s)\nwant %q: %q (%s)", octets, got.Note, got.Sections,
					tt.octets, tt.note, tt.sections)
			}
		})
	}
}

// A second ill-formed value has a note of its own, although the words are the same.
func TestEachIllFormedValueIsNoted(t *testing.T) {
	l := Response([]byte(response+"Link: </a>\r\nX: 0\r\nLink: </a>\r\n\r\n"), []byte("GET"))
	n := 0
	for _, line := range l.Lines {
		if line.IllFormed && line.Note != "" {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d notes in\n%s", n, l)
	}
}

var wellFormed = []struct{ startLine, field string }{
	{response, "Date: Sun, 06 Nov 1994 08:49:37 GMT"},
	{response, "Date: Sunday, 06-Nov-94 08:49:37 GMT"},
	{response, "Date: Sun Nov  6 08:49:37 1994"},
	{response, "Expires: Sun, 06 Nov 1994 08:49:37 GMT"},
	{response, "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT"},
	{request, "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"},
	{request, "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT"},
	{response, "Retry-After: 120"},
	{response, "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"},
	{response, `ETag: "abc"`},
	{response, `ETag: W/"abc"`},
	{response, `ETag: ""`},
	{response, "ETag: \"a,\xE9!\""},
	{request, `If-Match: "a", W/"b" ,"c"`},
	{request, "If-Match: *"},
	{request, `If-None-Match: , "a,b",,`},
	{request, `If-Range: "a"`},
	{request, "If-Range: Sun, 06 Nov 1994 08:49:37 GMT"},
	{response, "Content-Type: text/html"},
	{response, `Content-Type: Text/HTML;charset="utf-8" ; x=y;`},
	{response, "Content-Type: application/problem+json"},
	{request, "Accept: */*"},
	{request, "Accept:"},
	{request, `Accept: text/html;a="x,y";q=0.5, text/*;q=1.000 , , */*; q=0`},
	{response, "Content-Length: 0"},
	{response, "Content-Length: 0012"},
	{response, "Age: 5"},
	{request, "Max-Forwards: 0"},
	{request, "Host: localhost"},
	{request, "Host:"},
	{request, "Host: [::1]:12345"},
	{response, "Link: </a>; rel=next"},
	{response, `Link: <>; rel="self", <b?c#d%20> ;rel=next; title="a, <b>";;x , , </>; REL = "prev"`},
	{response, "Link: <http://[::1]/>; rel=next; title*=UTF-8''x"},
	{request, "Authorization: Basic dTpw"},
	{request, "Authorization: basic  Og=="},
	{request, "Authorization: Basic ********"}, // hidden before it was listed
	{request, "Authorization: Bearer x.y"},
	{request, "Proxy-Authorization: Basic dTpw"},
	{response, "Location: /address_book/api/v1.0/addresses/3"},
	{response, "Location: http://[::1]:12345/a?b=%20#c"},
	{request, "Referer: http://localhost:12345/"},
	{response, "Content-Location: /a.json"},
	{response, "Allow: GET, HEAD,,M-SEARCH"},
	{response, "Allow:"},
	{request, "Range: bytes=0-499, -500, 600-"},
	{request, "Range: lines=1-2"},
	{response, "Content-Range: bytes 0-499/1234"},
	{response, "Content-Range: bytes */1234"},
	{response, "Content-Range: bytes 0-499/*"},
	{response, `WWW-Authenticate: Basic realm="address book", charset="UTF-8"`},
	{response, `WWW-Authenticate: Negotiate YWJj==, Digest realm="a,b", qop="auth"`},
	{response, "Proxy-Authenticate: NTLM"},
	{response, "X-Date: 0"},
	{response, "Content-Type:\r\n text/html;\r\n charset=utf-8"},
}

func TestWellFormedValues(t *testing.T) {
	for _, tt := range wellFormed {
		for _, line := range fieldLines(t, tt.startLine, tt.field) {
			if line.IllFormed || strings.Contains(line.Note, "Ill-formed") {
				t.Errorf("%s: %s", tt.field, line.Note)
			}
		}
	}
}

// If recipients read a value that senders must not write, it gets a remark, and is not called ill-formed.
func TestRemarks(t *testing.T) {
	const obsolete = "This form of date is obsolete, but recipients read it. Send Sun, 06 Nov 1994 08:49:37 GMT."
	for _, tt := range []struct{ startLine, field, remark string }{
		{response, "Date: Sun, 06 Nov 1994 08:49:37 GMT", ""},
		{response, "Date: Sat, 31 Dec 2016 23:59:60 GMT", ""}, // a leap second
		{response, "Date: Sunday, 06-Nov-94 08:49:37 GMT", obsolete},
		{response, "Date: Sun Nov  6 08:49:37 1994", obsolete},
		{request, "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT", obsolete},
		{response, "Retry-After: Sun Nov  6 08:49:37 1994", obsolete},
		{request, `If-Range: W/"a"`, "A weak entity tag never matches in If-Range. Send a strong one."},
		{request, `If-Range: "a"`, ""},
		{request, `If-Match: "a", W/"b"`, "A weak entity tag never matches in If-Match. Send a strong one."},
		{request, `If-Match: "a",W/"b"`, "A weak entity tag never matches in If-Match. Send a strong one."},
		{request, `If-Match: "W/", "a,W/"`, ""},
		{request, `If-Match: ",W/"`, ""},
		{request, `If-None-Match: W/"a"`, ""},
	} {
		got := ""
		for _, line := range fieldLines(t, tt.startLine, tt.field) {
			if string(line.Octets) == strings.SplitN(tt.field, ": ", 2)[1] {
				got = line.Note
			}
		}
		if got != tt.remark {
			t.Errorf("%s: %q, want %q", tt.field, got, tt.remark)
		}
	}
}

// A value that was cut off is not checked, because the rest of it may be on its way.
func TestUnfinishedValues(t *testing.T) {
	for _, octets := range []string{response + "Date: Sun, 06 N", response + "ETag:",
		response + "ETag: \"a\r", request + "Host: [::1", request + "Authorization: Basic dTp"} {
		for _, line := range listOf(octets, strings.HasPrefix(octets, "HTTP"), "GET").Lines {
			if line.IllFormed {
				t.Errorf("%q: %s", octets, line.Note)
			}
		}
	}
}

// hexOf returns the octets that the hexadecimal listing shows.
func hexOf(t *testing.T, l Listing) string {
	t.Helper()
	rows := string(AppendHex(nil, Listing{Octets: l.Octets, Lines: l.Lines}))
	var octets []byte
	for row := range strings.SplitSeq(rows, "\n") {
		const digits, end = len("offset  "), len("offset  ") + 3*12 - 1
		if len(row) < end || strings.HasPrefix(row, "offset") {
			continue
		}
		b, err := hex.DecodeString(strings.ReplaceAll(row[digits:end], " ", ""))
		if err != nil {
			t.Fatalf("%q: %v", row, err)
		}
		octets = append(octets, b...)
	}
	return string(octets)
}

// FuzzValuesInListing: checking any value of any field moves no octet. Text, colours, digits and page
// show the same octets and notes. The name of the field in small letters changes no result, and at most
// one line of a field is called ill-formed.
func FuzzValuesInListing(f *testing.F) {
	for i, c := range valueChecks {
		f.Add(byte(i), []byte("0"))
		for _, row := range illFormed {
			if name, value, _ := strings.Cut(row.field, ":"); name == c.name && !testing.Short() {
				f.Add(byte(i), []byte(value))
			}
		}
	}
	f.Fuzz(func(t *testing.T, i byte, value []byte) {
		name := valueChecks[int(i)%len(valueChecks)].name
		for _, startLine := range []string{request, response} {
			octets := startLine + name + ":" + string(value) + "\r\n\r\n"
			l := listOf(octets, startLine == response, "GET")
			shown := string(basicauth.Redact([]byte(octets)))
			checkListing(t, l, octets)
			checkPage(t, false, l)
			if got := hexOf(t, l); got != shown {
				t.Fatalf("%q: digits of %q", shown, got)
			}
			text := l.String()
			small := listOf(strings.Replace(octets, name, strings.ToLower(name), 1),
				startLine == response, "GET")
			bad := 0
			for k, line := range l.Lines {
				if bad += count(line.IllFormed); line.IllFormed != small.Lines[k].IllFormed {
					t.Fatalf("%q: another verdict in small letters", octets)
				}
				if line.IllFormed && !strings.Contains(text, "Ill-formed") {
					t.Fatalf("%q: no note in\n%s", octets, l)
				}
			}
			if bad > 1 && !bytes.ContainsAny(value, "\r\n") {
				t.Fatalf("%q: %d ill-formed lines", octets, bad)
			}
		}
	})
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}
