package explain

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rawhttp/httpwire"
	"rawhttp/httpwire/visible"
)

// The names that RFC 1945, RFC 9110 and RFC 9112 define, independent of the tables.
const (
	allMethods = "GET HEAD POST PUT DELETE LINK UNLINK CONNECT OPTIONS TRACE"
	allFields  = "Allow Authorization Content-Encoding Content-Length Content-Type Date Expires " +
		"From If-Modified-Since Last-Modified Location Pragma Referer Server User-Agent " +
		"WWW-Authenticate Accept Accept-Charset Accept-Encoding Accept-Language " +
		"Content-Language Link MIME-Version " +
		"Retry-After Title URI Accept-Ranges Authentication-Info Connection Content-Location " +
		"Content-Range ETag Expect Host If-Match If-None-Match If-Range If-Unmodified-Since " +
		"Max-Forwards Proxy-Authenticate Proxy-Authentication-Info Proxy-Authorization Range TE " +
		"Trailer Upgrade Vary Via Transfer-Encoding Sec-Fetch-Site Sec-Fetch-Mode Sec-Fetch-User " +
		"Sec-Fetch-Dest Sec-CH-UA Sec-CH-UA-Mobile Sec-CH-UA-Platform Upgrade-Insecure-Requests " +
		"Cookie Set-Cookie Keep-Alive Proxy-Connection X-Forwarded-For Forwarded Origin DNT " +
		"Access-Control-Allow-Origin Access-Control-Allow-Methods Access-Control-Allow-Headers"

	allStatuses = "100 101 200 201 202 203 204 205 206 300 301 302 303 304 305 306 307 308 400 401 " +
		"402 403 404 405 406 407 408 409 410 411 412 413 414 415 416 417 418 421 422 426 500 501 502 " +
		"503 504 505"
)

// meaningOf looks up a field of requests.
func meaningOf(field string) meaning {
	m, _ := fieldMeaning([]byte(field), false)
	return m
}

func TestEveryNameHasANote(t *testing.T) {
	for method := range strings.FieldsSeq(allMethods) {
		if m := methodMeaning([]byte(method)); m.sections == "" || m.note == "" {
			t.Errorf("method %s: %+v", method, m)
		}
	}
	for field := range strings.FieldsSeq(allFields) {
		if m := meaningOf(strings.ToLower(field)); m.sections == "" || m.note == "" {
			t.Errorf("field %s: %+v", field, m)
		}
	}
	for code := range strings.FieldsSeq(allStatuses) {
		if m, ok := find(statuses[:], []byte(code)); !ok || m.sections == "" || m.note == "" {
			t.Errorf("status %s: %+v", code, m)
		}
	}
}

// TestTables: each name is in its table once, the sentences are short, and a name that is in no table
// gets a note too.
func TestTables(t *testing.T) {
	check := func(name string, m meaning) {
		if strings.Contains(m.sections, "RFC") || strings.Contains(m.sections, "section") {
			t.Errorf("%s: write the sections %q as in 1945 8.1, 9110 9.3.1", name, m.sections)
		}
		if len(m.note) > 90 || !strings.HasSuffix(m.note, ".") {
			t.Errorf("%s: note %q", name, m.note)
		}
		if columns := ruleColumn + ruleWidth + 1 + len(m.sections); columns > visible.LineWidth {
			t.Errorf("%s: the sections go up to column %d", name, columns)
		}
	}
	for _, table := range [][]meaning{methods[:], statuses[:], slices.Concat(requestFields, bothFields),
		slices.Concat(responseFields, bothFields)} {
		seen := make(map[string]bool)
		for _, entry := range table {
			key := strings.ToLower(entry.name)
			if seen[key] {
				t.Errorf("%s is there twice", entry.name)
			}
			seen[key] = true
			check(entry.name, entry)
		}
	}
	for code := range 1000 {
		check("status", statusMeaning(fmt.Appendf(nil, "%03d", code)))
		checkStatus(t, code)
	}
	for _, v := range values {
		checkKnown(t, v.field)
	}
	for _, name := range trailerFields {
		checkKnown(t, name)
	}
	check("unknown method", methodMeaning([]byte("BREW")))
	check("lower-case method", methodMeaning([]byte("get")))
	check("unknown field", meaningOf("X-Unknown"))
}

// checkStatus checks that a code has a meaning here if it has a reason phrase, and the other way round.
func checkStatus(t *testing.T, code int) {
	t.Helper()
	_, hasMeaning := find(statuses[:], []byte(strconv.Itoa(code)))
	hasReason := !strings.HasPrefix(httpwire.ReasonPhrase(code), "Status ")
	isUnused := code == 306 || code == 418 // RFC 9110 names both, and gives them no reason phrase
	switch {
	case hasReason && !hasMeaning:
		t.Errorf("%d: add its meaning to statuses (meaning.go)", code)
	case hasMeaning && !hasReason && !isUnused:
		t.Errorf("%d: add its reason phrase to reasons (httpwire/response.go)", code)
	}
	if name, level := fieldFor(code); name != "" {
		checkKnown(t, name)
		if !hasMeaning || level != "must" && level != "should" {
			t.Errorf("%d: %q %s in fieldFor", code, level, name)
		}
	}
}

// checkKnown checks that the table has a field of that name, in these letters.
func checkKnown(t *testing.T, name string) {
	t.Helper()
	if !slices.ContainsFunc(fields, func(m meaning) bool { return m.name == name }) {
		t.Errorf("%s: fields (meaning.go) has no field of this name", name)
	}
}

// A field with a grammar in httpwire.ValueFault has a row in valueChecks, and each row finds a fault in a
// value that fits no field. The values that its advice names fit.
func TestValueChecks(t *testing.T) {
	ill := func(name, value string) bool {
		n := annotator{field: []byte(name)}
		return n.checkValue([]byte(value)).ill
	}
	hasRow := make(map[string]bool)
	examples, named := regexp.MustCompile(` like (.*?)(, or a .*)?\.( |$)`), 0
	for _, c := range valueChecks {
		if m := examples.FindStringSubmatch(c.form); m != nil {
			for value := range strings.SplitSeq(m[1], " or ") {
				if named++; ill(c.name, value) {
					t.Errorf("%s: the advice names %s, which is ill-formed", c.name, value)
				}
			}
		}
		hasRow[c.name] = true
		checkKnown(t, c.name)
		if !ill(c.name, "\x00") && !ill(c.name, "Basic \x00") {
			t.Errorf("%s: valueChecks has a row, and any value fits; add a case to httpwire.ValueFault, or a check",
				c.name)
		}
	}
	for _, m := range fields {
		if httpwire.ValueFault(m.name, []byte{0}) >= 0 && !hasRow[m.name] {
			t.Errorf("%s: httpwire.ValueFault has its grammar; add a row to valueChecks (value.go)", m.name)
		}
	}
	if named < 20 {
		t.Errorf("the advice names only %d values", named)
	}
}

// The grounds of each mistake, and of each octet, have a level and a section, as in httpwire.TestBasis.
func TestBases(t *testing.T) {
	check := func(name string, b httpwire.Basis) {
		supported := strings.HasPrefix(b.Sections, "RFC ")
		if b.Level == httpwire.OurChoice {
			supported = strings.HasPrefix(b.Allowed, "RFC ")
		}
		if b.Level == "" || !supported || b.Allowed != "" && strings.Contains(b.Sections, b.Allowed) {
			t.Errorf("%s rests on %q", name, b)
		}
	}
	own := 0
	for rule, ms := range mistakes {
		for _, m := range ms {
			if m.basis != (httpwire.Basis{}) {
				check(fmt.Sprintf("%v: %q", rule, m.title), m.basis)
				own++
			}
		}
	}
	if own < 20 {
		t.Errorf("only %d mistakes have a basis of their own", own)
	}
	for rule := httpwire.RuleEmptyLine; rule.String() != ""; rule++ {
		for octet := range 256 {
			check(fmt.Sprintf("%v: %q", rule, byte(octet)), basisOf(rule, byte(octet)))
		}
	}
}

// TestFolding: field names fold in ASCII and no further; methods do not fold.
func TestFolding(t *testing.T) {
	if meaningOf("HOST").sections == "" {
		t.Error("HOST is not Host")
	}
	if meaningOf("Lin\u212A").sections != "" { // the Kelvin sign
		t.Error("a Kelvin sign is taken for k")
	}
	if methodMeaning([]byte("get")).sections != "" {
		t.Error("get is taken for GET")
	}
}

func TestForeign(t *testing.T) {
	for octets, want := range map[string]string{
		"\x80\x2E\x01\x03\x01\x00":                     "TLS",
		"\x15\x03\x01\x00\x02\x02\x46":                 "TLS",
		"SSH-2.0-OpenSSH_9.2\r\n":                      "SSH",
		"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03": "HTTP/2",
		"220 mail.example.com ESMTP\r\n":               "SMTP",
		"\xFF\xFD\x18\xFF\xFD\x20":                     "telnet",
		"\xFF\xD8\xFF\xE0\x00\x10JFIF":                 "", // a picture
		"HTTP/1.0 200 OK\r\n":                          "",
		"<html>":                                       "",
		"":                                             "",
	} {
		got := ""
		if foreign, ok := errors.AsType[*ForeignError](Foreign([]byte(octets))); ok {
			got = foreign.Protocol
		}
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", octets, got, want)
		}
	}
}

func TestLikeStatusLine(t *testing.T) {
	for octets, want := range map[string]string{
		"ICY 200 OK\r\n":        "octet 0 looks like the start of a status-line, but is not one",
		"\nHTTP/1.0 200 OK\r\n": "a line end precedes the status-line", "<html>": "", "ICY 20": "",
	} {
		if got := LikeStatusLine([]byte(octets)); got != want {
			t.Errorf("%q: %q, want %q", octets, got, want)
		}
	}
}

// RFC 9110 and RFC 9112 tell servers to ignore some fields in some requests. The note says so there,
// and nowhere else.
func TestIgnoredFields(t *testing.T) {
	const get10, get11, head, post = "GET / HTTP/1.0\r\n", "GET / HTTP/1.1\r\nHost: a\r\n",
		"HEAD / HTTP/1.0\r\n", "POST / HTTP/1.0\r\n"
	for _, row := range []struct {
		head, field string
		note        string // of the field, or of its value
		ignored     int    // number of fields that are ignored
	}{
		{post, "Expect: 100-continue\r\nContent-Length: 1", "has no 100 Continue", 1},
		{"POST / HTTP/1.1\r\nHost: a\r\n", "Expect: 100-continue\r\nContent-Length: 1",
			"The client may wait for 100 Continue", 0},
		{"POST / HTTP/1.1\r\nHost: a\r\n", "Expect: 100-continue\r\nTransfer-Encoding: chunked",
			"The client may wait for 100 Continue", 0},
		{"GET http://b/ HTTP/1.1\r\n", "Host: a\r\nAccept: a/b", "the request-target names the host", 1},
		{"GET http://b/ HTTP/1.1\r\n", "Host: a", "9112 3.2.2", 1},
		{head, "Accept: a/b", "The client accepts these media types.", 0},
		{"CONNECT b:1 HTTP/1.1\r\n", "Host: a", "The client wants this host", 0},
		{get10, "host: a", "The client wants this host", 0},
		{get10, "If-Modified-Since: x", "only if it has changed since", 0},
		{head, "If-Modified-Since: x", "HTTP/1.0 servers ignore this field with HEAD.", 0},
		{head, "If-Modified-Since: x", "1945 8.2, 9110 13.1.3", 0},
		{"HEAD / HTTP/1.1\r\nHost: a\r\n", "If-Modified-Since: x", "HTTP/1.1 servers may send 304.", 0},
		{head, "If-Modified-Since: x\r\nIf-None-Match: *", "if the request has If-None-Match", 1},
		{"PUT / HTTP/1.0\r\n", "If-Modified-Since: x\r\nContent-Length: 0", "GET or HEAD", 1},
		{get10, "If-Modified-Since: x\r\nIf-None-Match: *", "if the request has If-None-Match", 1},
		{get10, "If-Unmodified-Since: x", "only if the resource has not changed", 0},
		{get10, "If-Unmodified-Since: x\r\nIf-Match: *", "if the request has If-Match", 1},
		{get10, `If-Range: "a"`, "because there is no Range", 1},
		{get10, "If-Range: \"a\"\r\nRange: bytes=0-1", "sends the range", 0},
		{get10, "Range: bytes=0-1", "asks for these parts", 0},
		{post, "Range: bytes=0-1\r\nContent-Length: 0", "unless the method is GET.", 1},
		{post, "Expect: x\r\nContent-Length: 1", "The client needs this", 0},
		{head, "If-Range: \"a\"\r\nRange: bytes=0-1", "9110 14.2", 2},
		{"OPTIONS * HTTP/1.0\r\n", "If-Match: *", "with OPTIONS.", 1},
		{"TRACE / HTTP/1.0\r\n", "If-Modified-Since: x", "with TRACE.", 1},
		{"CONNECT a:1 HTTP/1.0\r\n", "If-None-Match: *", "with CONNECT.", 1},
		{"DELETE / HTTP/1.0\r\n", "If-Match: *", "only if there is a current", 0},
		{get10, "If-Modified-Since: x\r\nif-modified-since: x", "more than once", 1},
		{get10, "If-Unmodified-Since: x\r\nIf-Unmodified-Since: x", "more than once", 1},
		{get10, "Upgrade: h2c", "in HTTP/1.0", 1},
		{get10, "Accept: a/b\r\nAccept: a/c", "The client accepts these media types.", 0},
		{get11, "Upgrade: h2c", "would like to change", 0},
	} {
		text := Request([]byte(row.head + row.field + "\r\n\r\n"))
		var notes []string
		for _, line := range text.Lines {
			notes = append(notes, line.Note, line.Sections)
		}
		said := strings.Join(notes, " ")
		if !strings.Contains(said, row.note) || strings.Count(said, "Servers ignore this field") != row.ignored {
			t.Errorf("%s%s: no %q, or not %d fields are ignored, in\n%s", row.head, row.field, row.note, row.ignored, text)
		}
	}
	for _, row := range []struct{ text, never string }{
		{"OPTIONS * HTTP/1.0\r\nIf-Match: *\r\nIf-None-Match: *\r\n\r\n", "acts only"},
		{head + "Range: x\r\nIf-Range: \"a\"\r\n\r\n", "may ignore"},
		{head + "If-Range: \"a\"\r\nRange: bytes=0-1\r\n\r\n", "sends the"},
	} {
		text := Request([]byte(row.text)).String()
		if strings.Count(text, "Servers ignore") != strings.Count(row.text, ": ") || strings.Contains(text, row.never) {
			t.Errorf("a field is not called ignored, or the listing says %q:\n%s", row.never, text)
		}
	}
	unfinished := []byte("GET / HTTP/1.0\r\nUpgrade: h2c\r\n")
	if l := Request(unfinished); strings.Contains(l.String(), "Servers ignore") {
		t.Errorf("the head is not complete, and the listing decides\n%s", l)
	}
}
