package explain

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"rawhttp/examples/gallery"
	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/visible"
)

// messages are listed whole in golden_test.go, and are the seeds of the fuzz targets.
var messages = []struct {
	name, octets string
	response     bool
	method       string
}{
	{name: "get", octets: "GET /address_book/api/v1.0/addresses HTTP/1.0\r\n\r\n"},
	{name: "post", octets: "POST /a?b=c HTTP/1.0\r\nContent-Type: application/json\r\n" +
		"Content-Length: 26\r\n\r\n{\"ID\": 1, \"number\": \"two\"}"},
	{name: "simple request", octets: "GET /a\r\n"},
	{name: "two spaces", octets: "GET  / HTTP/1.0\r\n\r\n"},
	{name: "cut short", octets: "POST / HTTP/1.0\r\nContent-Length: 9\r\n\r\n{\"I"},
	{name: "surplus", octets: "GET / HTTP/1.0\r\n\r\nGET"},
	{name: "simple request, surplus", octets: "GET /a\r\n\r\n"},
	{name: "long value", octets: "GET / HTTP/1.0\r\nPragma: " +
		strings.Repeat("name=value; ", 8) + "\xE9\r\n\r\n"},
	{name: "ok", octets: "HTTP/1.0 200 OK\r\n" +
		"Content-Type: application/json\r\nContent-Length: 26\r\n" +
		"\r\n{\n  \"addresses\": \"none\"\n}", response: true, method: "GET"},
	{name: "early hints, chunked", octets: "HTTP/1.1 103 Early Hints\r\n\r\n" +
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
		"5;a=b\r\nhello\r\n5\r\n worl\r\n0\r\nX-T: 1\r\n\r\n", response: true, method: "GET"},
	{name: "until close, binary", octets: "HTTP/1.0 200 OK\r\n\r\n" +
		strings.Repeat("\x00\x1b[31m\xff", 50), response: true, method: "GET"},
	{name: "head", octets: "HTTP/1.0 200 OK\r\nContent-Length: 26\r\n\r\n",
		response: true, method: "HEAD"},
	{name: "not modified", octets: "HTTP/1.0 304 Not Modified\r\n\r\n", response: true, method: "GET"},
	{name: "simple response", octets: "<p>caf\xC3\xA9\u202e</p>\n", response: true, method: "GET"},
	{name: "folded", octets: "HTTP/1.0 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n",
		response: true, method: "GET"},
	{name: "TLS alert", octets: "\x15\x03\x01\x00\x02\x02\x46", response: true, method: "GET"},
	{name: "LF only", octets: "HTTP/1.0 200 OK\nA: b\n\n", response: true, method: "GET"},
}

func listOf(octets string, response bool, method string) Listing {
	if response {
		return Response([]byte(octets), []byte(method))
	}
	return Request([]byte(octets))
}

var update = flag.Bool("update", false, "rewrite golden_test.go with what is printed")

func TestGolden(t *testing.T) {
	if *update {
		writeGolden(t)
	}
	for _, m := range messages {
		t.Run(m.name, func(t *testing.T) {
			got := listOf(m.octets, m.response, m.method).String()
			if *update {
				return
			}
			want, ok := golden[m.name]
			if !ok {
				t.Fatalf("no listing in golden_test.go; got\n%s", got)
			}
			if diff := firstDifference(got, strings.TrimPrefix(want, "\n")); diff != "" {
				t.Errorf("%s\nwhole listing:\n%s", diff, got)
			}
		})
	}
}

// writeGolden writes golden_test.go. Look at what changes before you keep it.
func writeGolden(t *testing.T) {
	t.Helper()
	b := []byte("package explain\n\n// golden holds the listings of messages, as they are printed.\n" +
		"var golden = map[string]string{\n")
	for i, m := range messages {
		if i > 0 {
			b = append(b, '\n')
		}
		b = fmt.Appendf(b, "\t%q: `\n%s`,\n", m.name, listOf(m.octets, m.response, m.method))
	}
	if err := os.WriteFile("golden_test.go", append(b, "}\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		switch {
		case i >= len(g):
			return "missing: " + w[i]
		case i >= len(w):
			return "too much: " + g[i]
		case g[i] != w[i]:
			return "got  " + g[i] + "\nwant " + w[i]
		}
	}
	return ""
}

func TestLinesTile(t *testing.T) {
	step := 1
	if testing.Short() {
		step = 15
	}
	for _, m := range messages {
		for n := 0; n <= len(m.octets); n += step {
			checkListing(t, listOf(m.octets[:n], m.response, m.method), m.octets[:n])
		}
	}
}

// checkListing checks what holds for any octets.
func checkListing(t *testing.T, l Listing, octets string) {
	t.Helper()
	octets = string(basicauth.Redact([]byte(octets)))
	end, noted := 0, make(map[httpwire.Rule]bool)
	for i, line := range l.Lines {
		if line.Offset != end || len(line.Octets) == 0 {
			t.Fatalf("%q: line %d is %d octets at %d, want some at %d",
				octets, i, len(line.Octets), line.Offset, end)
		}
		if octets[end:end+len(line.Octets)] != string(line.Octets) {
			t.Fatalf("%q: line %d holds %q", octets, i, line.Octets)
		}
		if line.Name() == "" || (line.Rule != 0 && line.Sections == "") {
			t.Fatalf("%q: line %d has no name or no section", octets, i)
		}
		if line.Note == "" && line.Rule != httpwire.RuleFieldValue && !noted[line.Rule] && i < mostLines {
			t.Fatalf("%q: no line under %v has a note: add one to ruleNotes (note.go)", octets, line.Rule)
		}
		noted[line.Rule] = true
		end += len(line.Octets)
	}
	if end != len(octets) {
		t.Fatalf("%q: the lines end at %d, the octets at %d", octets, end, len(octets))
	}
	checkPrint(t, AppendText(nil, l))
	checkColor(t, l)
	digits := string(AppendHex(nil, l))
	checkPrint(t, []byte(digits))
	if _, text, ended := strings.Cut(digits, "\n\n"); ended != (l.Err != nil) || text != string(l.AppendError(nil)) {
		t.Fatalf("%q: the error is %v, and the digits end with %q", octets, l.Err, text)
	}
	if l.Err != nil {
		checkError(t, l.AppendError(nil), l.Octets, l.Err)
	}
}

// Each rendering of a listing is in a check of this file or of page_test.go.
func TestEveryRenderingIsChecked(t *testing.T) {
	var product, tests []byte
	files, _ := filepath.Glob("*.go")
	for _, file := range files {
		src, err := os.ReadFile(file)
		switch {
		case err != nil:
			t.Fatal(err)
		case file == "listing_test.go" || file == "page_test.go":
			tests = append(tests, src...)
		case !strings.HasSuffix(file, "_test.go"):
			product = append(product, src...)
		}
	}
	declared := regexp.MustCompile(`(?m)^func (Append\w+)\(dst \[\]byte, .*Listing\)`).FindAllSubmatch(product, -1)
	for _, m := range declared {
		if !bytes.Contains(tests, append(m[1], '(')) {
			t.Errorf("%s: call it in checkListing, and check that it prints no control octet", m[1])
		}
	}
	if len(declared) < 5 {
		t.Errorf("only %d renderings", len(declared))
	}
}

// checkPrint checks that a rendering is safe on a terminal and fits 80 columns.
func checkPrint(t *testing.T, text []byte) {
	t.Helper()
	for row := range strings.SplitSeq(string(text), "\n") {
		columns := (visible.Blanks | visible.UTF8).Columns([]byte(row))
		for _, r := range row {
			if r < 0x20 || r == 0x7F || r == utf8.RuneError || 0x80 <= r && r < 0xA0 {
				t.Fatalf("control octet in %q", row)
			}
		}
		if columns > visible.LineWidth || strings.HasSuffix(row, " ") {
			t.Fatalf("%d columns in %q", columns, row)
		}
	}
}

// checkError checks that a located error has all its parts, and the caret under the octet.
func checkError(t *testing.T, text, b []byte, err error) {
	t.Helper()
	f := &fault{b: b}
	if !f.locate(err) {
		t.Fatalf("%v is not located", err)
	}
	for _, part := range []string{"error: ", "\n  offset ", "\n  | ", "^", "\n  want  ", "\n  rule  ",
		"RFC ", "\n  help  "} {
		if !bytes.Contains(text, []byte(part)) {
			t.Fatalf("no %q in\n%s", part, text)
		}
	}
	for _, r := range string(text) {
		if r >= 0x80 && !strings.ContainsRune("␍␊␠→", r) {
			t.Fatalf("%q in\n%s", r, text)
		}
	}
	shown := basicauth.Redact(b)
	if octet, at := atCaret(string(text)); f.at < len(b) &&
		!strings.HasPrefix(octet, string(visible.Append(nil, shown[f.at:f.at+1]))) {
		t.Fatalf("the caret is at column %d, under %q, not under %q, in\n%s", at, octet, shown[f.at], text)
	}
}

// atCaret returns what stands above the caret, and the caret's column.
func atCaret(text string) (string, int) {
	rows := strings.Split(text, "\n")
	octet, at := "", -1
	for i, row := range rows {
		row, ok := strings.CutPrefix(row, "  | ")
		before, _, _ := strings.Cut(row, "^")
		if strings.HasSuffix(row, " ^") {
			before = row[:len(row)-1]
		} else if strings.Trim(before, " ") != "" || before == row {
			continue
		}
		if above := []rune(rows[i-1]); ok {
			at = len("  | ") + utf8.RuneCountInString(before)
			octet = string(above[min(at, len(above)):])
		}
	}
	return octet, at
}

// inGallery returns the messages of the gallery, by their files.
func inGallery(messages []gallery.Message) map[string]string {
	all := make(map[string]string)
	for _, m := range messages {
		all[m.File] = string(m.Octets())
	}
	return all
}

// Every message of the gallery is listed whole, on a page too, with what is wrong with it. Nothing is
// said to be wrong with a good message.
func TestGallery(t *testing.T) {
	for file, octets := range inGallery(slices.Concat(gallery.Good, gallery.Bad)) {
		l := Request([]byte(octets))
		checkListing(t, l, octets)
		if !testing.Short() || len(octets)%3 == 0 {
			checkPage(t, false, l)
		}
		isIll := func(line Line) bool { return line.IllFormed }
		if bad := strings.HasPrefix(file, "bad/"); !bad && (l.Err != nil ||
			slices.ContainsFunc(l.Lines, isIll)) {
			t.Errorf("%s:\n%s", file, l)
		}
	}
	for _, octets := range inGallery(gallery.Responses) {
		l := Response([]byte(octets), []byte("GET"))
		checkListing(t, l, octets)
		if !testing.Short() || len(octets)%3 == 0 {
			checkPage(t, false, l)
		}
	}
}

// Credentials appear in no listing and in no refusal. The listing still says that
// there are some.
func TestCredentialsAreHidden(t *testing.T) {
	const field = "Authorization: Basic dTpw"
	for _, request := range []string{
		"GET / HTTP/1.0\r\n" + field + "\r\n\r\n",
		"GET / HTTP/1.0\r\n" + field + "\x01\r\n\r\n",
		"GET / HTTP/1.0\r\n" + field + "\n\r\n",
		"GET / HTTP/1.0\r\n" + field,
		"GET / HTTP/1.0\r\nauthorization : Basic dTpw\r\n\r\n",
		"GET / HTTP/1.0 " + field + "\r\n\r\n",
		"GET / HTTP/1.0\r\n\"" + field + "\"\r\n\r\n",
		"POST / HTTP/1.0\r\nContent-Length: 25\r\n\r\n" + field,
		"GET //user:dTpw@h/ HTTP/1.0\r\n\r\n",
		"GET / HTTP/1.0\r\nCookie: id=dTpw\r\n\r\n",
		"GET /?access_token=dTpw HTTP/1.0\r\n\r\n",
	} {
		got := Request([]byte(request)).String()
		if strings.Contains(got, "dTpw") || !strings.Contains(got, "****") ||
			!strings.Contains(strings.Join(strings.Fields(got), " "), "Credentials are shown as *.") {
			t.Errorf("%q:\n%s", request, got)
		}
	}
	for value, isBase64 := range map[string]bool{"Basic dTpw": true, "Bearer x.y": false, "Digest username=u": false} {
		got := Request([]byte("GET / HTTP/1.0\r\nAuthorization: " + value + "\r\n\r\n")).String()
		if strings.Contains(strings.Join(strings.Fields(got), " "), "base64 hides nothing") != isBase64 {
			t.Errorf("a word about base64 is not %v in\n%s", isBase64, got)
		}
	}
	if got := Request([]byte("GET / HTTP/1.0\r\nAccept: */*\r\n\r\n")).String(); strings.Contains(got, "shown as *") {
		t.Errorf("nothing is hidden in\n%s", got)
	}
}

// TestLongBody: a body is wrapped and cut in the rendering, and whole in its line.
func TestLongBody(t *testing.T) {
	for name, body := range map[string]string{
		"text":   strings.Repeat("a word and\tanother 語 ", 1000),
		"binary": strings.Repeat("\x00\xff\x80", 1000),
		"lines":  strings.Repeat("\n", 1000),
		"solid":  strings.Repeat("x", 5000),
	} {
		octets := "HTTP/1.0 200 OK\r\n\r\n" + body
		l := Response([]byte(octets), nil)
		checkListing(t, l, octets)
		text := l.String()
		if rows := strings.Count(text, "\n"); rows > 50 || !strings.Contains(text, "not shown") {
			t.Errorf("%s: %d rows", name, rows)
		}
		if name == "solid" && !strings.Contains(text, "... 3440 octets more, not shown\n") { // 24 rows of 65 stand above
			t.Errorf("%s:\n%s", name, text)
		}
	}
}

func FuzzListing(f *testing.F) {
	for _, m := range messages {
		f.Add([]byte(m.octets), []byte(m.method))
	}
	if !testing.Short() {
		for _, octets := range inGallery(slices.Concat(gallery.Good, gallery.Bad, gallery.Responses)) {
			f.Add([]byte(octets), []byte("GET"))
		}
		for _, row := range mistakeRows {
			f.Add([]byte(row.octets()), []byte("GET"))
		}
	}
	f.Fuzz(func(t *testing.T, b, method []byte) {
		request, response := Request(b), Response(b, method)
		checkListing(t, request, string(b))
		checkListing(t, response, string(b))
		checkPage(t, len(b)%2 == 1, request, response)
	})
}

// FuzzError: an error about any octet, even one that is not there, can be shown.
func FuzzError(f *testing.F) {
	f.Add([]byte("GET / HTTP/1.0\r\n\r\n"), 4, byte(' '), byte(httpwire.RuleMethod))
	f.Add([]byte(" a"), 0, byte(' '), byte(httpwire.RuleObsFold)) // no line before it
	f.Add([]byte("GET http://user:secret@h/ HTTP/1.0\r\n\r\n"), 18, byte('c'), byte(httpwire.RulePort))
	f.Add([]byte("0"), 17, byte('T'), byte(httpwire.RuleTransferEncoding))
	f.Fuzz(func(t *testing.T, b []byte, at int, octet, rule byte) {
		r := httpwire.Rule(rule)
		if r.String() == "" {
			return
		}
		if 0 <= at && at < len(b) {
			octet = b[at]
		}
		err := &httpwire.SyntaxError{Offset: at, Octet: octet, Rule: r}
		text := AppendError(nil, b, err)
		checkPrint(t, text)
		checkError(t, text, b, err)
		if line := ErrorLine(b, err); strings.ContainsAny(line, "\r\n\x1b") {
			t.Errorf("%q", line)
		}
	})
}

// An error at an octet of a secret does not show the octet.
func TestSecretOctet(t *testing.T) {
	request := []byte("GET http://user:secret@h/ HTTP/1.0\r\n\r\n")
	_, err := httpwire.ConsumeRequestHead(request, new(httpwire.Request))
	text := string(AppendError(nil, request, err))
	if !strings.Contains(text, "^ expected port, found an octet that is hidden\n") {
		t.Error(text)
	}
	if !strings.Contains(text, "\n  note  credentials are shown as *\n") {
		t.Error(text)
	}
	if line := ErrorLine(request, err); !strings.HasPrefix(line, `offset 16: port: got "*", want a port`) {
		t.Error(line)
	}
}

// A listing of many lines costs a few allocations for each. Making it is the most that an octet can
// cost a server that has /explain.
func TestListingAllocs(t *testing.T) {
	const lines = 4 * 1000
	b := []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
		strings.Repeat("1\r\nx\r\n", lines/4))
	n := testing.AllocsPerRun(2, func() { Response(b, []byte("GET")) })
	if n > 4*lines {
		t.Errorf("%v allocations for %d lines", n, lines)
	}
}

// A listing of thousands of fields with one name takes memory for what it shows, and not for each pair of fields.
func TestListingOfOneName(t *testing.T) {
	b := []byte("GET / HTTP/1.0\r\n" + strings.Repeat("a:b\r\n", 12_000) + "\r\n")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	AppendText(nil, Request(b))
	runtime.ReadMemStats(&after)
	if octets := after.TotalAlloc - before.TotalAlloc; octets > 16<<20 {
		t.Errorf("%d octets of memory for a head of %d octets", octets, len(b))
	}
}

// What the notes say about a body agrees with how the message is framed.
func TestFramingNotes(t *testing.T) {
	const ok, end = "HTTP/1.1 200 OK\r\n", "\r\n\r\n"
	const isLength, notSent, mustNot, next = "This is the length of the body in octets.",
		"The representation has this length in octets. It is not sent here.",
		"This response must not have this field, because no body can follow.",
		"The message has ended. This is the next message, or "
	const forRequests, forResponses = "This field is for requests only.", "This field is for responses only."
	const noFormat, notAcceptable = "A body would be in this format.", "The client does not accept what has q=0."
	const whole2, isJSON = "This is the whole body: 2 octets.",
		" It looks like JSON, but there is no Content-Type: application/json."
	for _, tt := range []struct{ octets, method, line, want string }{
		{ok + "Content-Length: 3" + end + "abc", "GET", "Content-Length", isLength},
		{ok + "Content-Length: 3" + end, "HEAD", "Content-Length", notSent},
		{"HTTP/1.1 304 No\r\nContent-Length: 3" + end, "GET", "Content-Length", notSent},
		{"HTTP/1.1 204 No\r\nContent-Length: 3" + end, "GET", "Content-Length", mustNot},
		{"HTTP/1.1 204 No\r\nContent-Length: 3" + end, "HEAD", "Content-Length", mustNot},
		{"HTTP/1.1 204 No\r\nTransfer-Encoding: chunked" + end, "GET", "Transfer-Encoding", mustNot},
		{"HTTP/1.1 204 No\r\nContent-Length: 3\r\nTransfer-Encoding: chunked" + end, "GET", "Transfer-Encoding", mustNot},
		{ok + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked" + end + "0" + end, "GET", "gzip", ""},
		{"HTTP/1.1 304 No\r\nTransfer-Encoding: chunked" + end, "GET", "Transfer-Encoding",
			"The sender frames the body in this way. HTTP/1.0 has no such field."},
		{"HTTP/1.1 101 Switching\r\nContent-Length: 3" + end, "GET", "Content-Length", mustNot},
		{ok + "Content-Length: 3" + end, "CONNECT", "Content-Length", mustNot},
		{ok + "Transfer-Encoding: chunked" + end + "0\r\nContent-Length: 3" + end, "GET", "Content-Length",
			"The body has ended. Recipients ignore this field in a trailer."},
		{"HTTP/1.1 200 OK\r\nContent-Range: bytes 0-1/55" + end, "GET", "Content-Range",
			"This field has a meaning with the status codes 206 and 416 only."},
		{"HTTP/1.1 206 Part\r\nContent-Range: bytes 0-1/55" + end, "GET", "Content-Range",
			"This says which part of the whole representation the body is, or how long the whole is."},
		{"HTTP/1.1 416 Range\r\nContent-Range: bytes */55" + end, "GET", "bytes */55",
			"No part is sent. The whole representation has this many octets."},
		{"HTTP/1.1 416 Range\r\nContent-Range: bytes 0-1/55" + end, "GET", "bytes 0-1/55", ""},
		{ok + "X: bytes */55" + end, "GET", "bytes */55", ""},
		{"GET / HTTP/1.0\r\nContent-Length: 3\r\n", "", "Content-Length", isLength},
		{"POST / HTTP/1.0\r\nContent-Length: x" + end, "", "Content-Length",
			"No recipient uses this length: it is invalid, or there is a Transfer-Encoding."},
		{ok + "Transfer-Encoding: gzip, chunked" + end + "0" + end, "GET", "gzip, chunked",
			"The body comes in chunks. The size of each chunk comes first."},
		{"HTTP/1.1 304 No\r\nTransfer-Encoding: chunked" + end, "GET", "chunked",
			"There are no chunks, because no body follows."},
		{ok + "X: chunked\r\nTransfer-Encoding: chunked" + end + "0" + end, "GET", "chunked", ""},
		{"POST / HTTP/1.1\r\nHost: a\r\nX: 100-continue\r\nContent-Length: 1" + end + "b", "", "100-continue", ""},
		{"POST / HTTP/1.1\r\nHost: a\r\nExpect: x\r\nContent-Length: 1" + end + "b", "", "x", ""},
		{"GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue" + end, "", "100-continue",
			"A request without a body must not ask for 100 Continue."},

		{"POST / HTTP/1.0\r\nContent-Length: 2" + end + "{}", "", "{}", whole2 + isJSON},
		{"POST / HTTP/1.0\r\nContent-Length: 2" + end + "[]", "", "[]", whole2 + isJSON},
		{"POST / HTTP/1.0\r\nContent-Length: 2" + end + "{]", "", "{]", whole2},
		{"POST / HTTP/1.0\r\nContent-Length: 2" + end + "[}", "", "[}", whole2},

		{ok + "Content-Length: 0" + end + "abc", "GET", "abc", next + "Content-Length should be 3 rather than 0."},
		{ok + "Transfer-Encoding: chunked" + end + "0" + end + "abc", "GET", "abc",
			next + "octets that belong to no chunk."},
		{"POST / HTTP/1.0\r\nContent-Length: 99999999999999999999" + end + "abc", "", "abc",
			"The body has 9223372036854775807 octets or more. Only 3 came."},
		{"POST / HTTP/1.0\r\nContent-Length: 0" + end + "abc", "", "abc",
			next + "Content-Length should be 3 rather than 0."},
		{"GET / HTTP/1.0" + end + "abc", "", "abc", next + "a body that nothing announces."},
		{"HTTP/1.1 304 No" + end + "abc", "GET", "abc", next + "a body that this response must not have."},
		{"CONNECT a:1 HTTP/1.0" + end + "abc", "", "abc",
			"The message has ended. If a tunnel opens, these are its first octets."},

		{"CONNECT a:1 HTTP/1.0" + end, "", "HTTP/1.0", "The client speaks HTTP/1.0."},
		{"CONNECT a:1 HTTP/1.0\r\nConnection: close" + end, "", "close", ""},
		{"CONNECT a:1 HTTP/1.0" + end, "", "a:1", "This is the host and port for a tunnel."},
		{"GET https://a/ HTTP/1.0" + end, "", "http",
			`A path begins with "/", and a URI with "http://". This does neither.`},
		{"GET * HTTP/1.0" + end, "", "*",
			"This stands for the server as a whole. Only OPTIONS has this form."},
		{"SSH-2.0-OpenSSH_9\r\n", "GET", "SSH-2.0-OpenSSH_9\r\n",
			"This looks like SSH: an SSH server listens at this port: check the port number."},
		{head10 + "A: b" + end, "GET", head10 + "A: b" + end,
			"There is no status-line. This looks like a request, not a response."},
		{"GET /\r\n", "GET", "GET /\r\n",
			"There is no status-line. This is a Simple-Response of HTTP/0.9: a body and nothing else."},
		{"Status: 200 OK\nContent-Type: text/plain\n\na", "GET", "Status: 200 OK\nContent-Type: text/plain\n\na",
			"There is no status-line. The first line looks like a field; a CGI program leaves the status-line to its server."},
		{"Status", "GET", "Status",
			"There is no status-line. This is a Simple-Response of HTTP/0.9: a body and nothing else."},
		{"< HTTP/1.1 200 OK\r\n", "GET", "< HTTP/1.1 200 OK\r\n",
			"There is no status-line. Leave out the mark that a tool puts before each line."},
		{"PUT / HTTP/1.0\r\nIf-Match: *" + end, "", "*",
			"The server acts only if there is a current representation, whatever its ETag."},
		{"PUT / HTTP/1.0\r\nIf-None-Match: *" + end, "", "*",
			"The server acts only if there is no current representation."},
		{"HTTP/1.1 200 OK\r\nVary: *" + end, "GET", "*",
			"Because of *, anything may decide, so a cache asks the server each time."},
		{"HTTP/1.1 200 OK\r\nVary: Accept, *" + end, "GET", "Accept, *",
			"Because of *, anything may decide, so a cache asks the server each time."},
		{"HTTP/1.1 200 OK\r\nContent-Encoding: identity" + end, "GET", "identity",
			"The body is not encoded. Senders should leave out this field then."},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked" + end + "0\r\nServer-Timing: a\r\n\r\n", "GET", "Server-Timing",
			"The server says how long each step of its work took, in milliseconds."},
		{"HTTP/1.1 200 OK\r\nPermissions-Policy: camera=()" + end, "GET", "Permissions-Policy",
			"The server says which features of the browser the page may use."},
		{"HTTP/1.1 401 No" + end, "GET", "401",
			"Unauthorized: the client has to log in. This response must have WWW-Authenticate, which is missing."},
		{"HTTP/1.1 401 No\r\nContent-Type: multipart/byteranges" + end, "GET", "401",
			"Unauthorized: the client has to log in. This response must have WWW-Authenticate, which is missing."},
		{"HTTP/1.1 401 No\r\nWWW-Authenticate: x" + end, "GET", "401",
			"Unauthorized: the client has to log in. WWW-Authenticate says how."},
		{"HTTP/1.1 401 No\r\n", "GET", "401",
			"Unauthorized: the client has to log in. WWW-Authenticate says how."},
		{"HTTP/1.1 301 Moved" + end, "GET", "301", "Moved Permanently: the resource has moved permanently. " +
			"This response should have Location, which is missing."},
		{"HTTP/1.1 206 Part" + end, "GET", "206", "Partial Content: the body has what Range asked for: " +
			"one part of the resource, or several. This response must have Content-Range, which is missing."},
		{"HTTP/1.1 206 Part\r\nContent-Type: Multipart/byteranges; boundary=a" + end, "GET", "206",
			"Partial Content: the body has what Range asked for: one part of the resource, or several."},
		{"HTTP/1.1 206 Part" + end, "CONNECT", "206", "Partial Content: the tunnel is open."},
		{"HTTP/1.1 207 Many" + end, "GET", "207",
			"Multi-Status: the body has a status code for each of several resources."},
		{"HTTP/1.1 425 Early" + end, "GET", "425",
			"Too Early: the server does not risk a request that an attacker may have sent again."},
		{"HTTP/1.1 451 Legal" + end, "GET", "451",
			"Unavailable For Legal Reasons: the server denies access because of a legal demand."},
		{"HTTP/1.1 200 OK" + end, "CONNECT", "200", "OK: the tunnel is open."},
		{"HTTP/1.1 099 Small" + end, "GET", "099",
			"This is not a status code from 100 to 599. Clients read it like a 5xx."},
		{"HTTP/1.1 600 Large" + end, "GET", "600",
			"This is not a status code from 100 to 599. Clients read it like a 5xx."},
		{"HTTP/2.0 200 OK" + end, "GET", "HTTP/2.0", "This is not a version of HTTP/1."},
		{"GET / HTTP/2.0\r\n", "", "HTTP/2.0", "This is not a version of HTTP/1."}, // not complete: no error about it
		{"GET / HTTP/1.2\r\nHost: a" + end, "", "HTTP/1.2", "The client speaks HTTP/1.2."},
		{"GET / HTTP/1.0\r\nA b\r\n", "GET", "GET / HTTP/1.0\r\nA b\r\n",
			"There is no status-line. This looks like a request, not a response."},
		{"GET / HTT", "", "HTT", "This is the beginning of a version."},
		{"GET /?u=http://b HTTP/1.0" + end, "", "/?u=http://b",
			"This is the path of the resource on the server, and a query after \"?\"."},
		{"GET http://b/?c HTTP/1.0" + end, "", "http://b/?c",
			"This is a whole URI, as a client sends it to a proxy."},
		{"BREW / HTTP/1.0" + end, "", "BREW",
			"This listing does not know this method. Any token may be a method."},
		{"GET / HTTP/1.0\r\nA: b\r\nC: d" + end, "", "A",
			"This listing does not know this field. Recipients ignore unknown fields."},
		{"GET / HTTP/1.0\r\nA: b\r\nC: d" + end, "", "C", ""},
		{"GET / HTTP/1.0\r\nProxy-Authorization: Basic dTpw" + end, "", "Basic ****",
			"On the wire, base64 hides nothing. Credentials are shown as *."},
		{"GET / HTTP/1.0\r\nX: Basic a" + end, "", "Basic a", ""},
		{"HTTP/1.1 100 Continue\r\nConnection: close" + end, "GET", "close", ""},
		{"GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close" + end, "", "x", ""},
		{"HTTP/1.1 415 Type\r\nAccept: a/b" + end, "GET", "Accept",
			"The server accepts this in the body of a later request."},
		{"HTTP/1.1 499 Other" + end, "GET", "499",
			"Status 4xx: the request seems to be wrong. Clients that do not know the code read it like 400."},
		{"HTTP/1.1 101 Yes\r\nUpgrade: x" + end, "GET", "Upgrade",
			"The server can change to one of these protocols. With status 101 it does."},
		{"HTTP/1.1 415 Type\r\nAccept-Encoding: identity" + end, "GET", "Accept-Encoding",
			"The server accepts this in the body of a later request."},
		{"HTTP/1.1 415 Type\r\nAccept-Encoding: identity" + end, "GET", "identity", ""},
		{"GET / HTTP/1.0\r\nAccept-Encoding: x" + end, "", "x", ""},
		{"GET / HTTP/1.0\r\nAccept-Encoding: gzip\r\nAccept-Encoding: identity" + end, "", "identity", ""},
		{"GET / HTTP/1.0\r\nAccept-Encoding: identity" + end, "", "identity",
			"The client wants the body without a content coding."},
		// Fields in messages that they are not defined for.
		{ok + "Host: a" + end, "GET", "Host", forRequests},
		{ok + "Expect: 100-continue\r\nContent-Length: 1" + end + "a", "GET", "100-continue", ""},
		{ok + "If-None-Match: *" + end, "GET", "*", ""},
		{"GET / HTTP/1.0\r\nset-cookie: a=b\r\nServer: x" + end, "", "set-cookie", forResponses},
		{"GET / HTTP/1.0\r\nSet-Cookie: a=b\r\nServer: x" + end, "", "Server", forResponses},
		{"GET / HTTP/1.0\r\nServer: x\r\n", "", "Server", forResponses},
		{"GET / HTTP/1.0\r\nCache-Control: no-cache" + end, "", "Cache-Control",
			"The client says what caches may do with the response."},
		{ok + "Transfer-Encoding: chunked\r\nConnection: keep-alive" + end + "0\r\nConnection: close" + end, "GET",
			"close", ""},
		{ok + "Transfer-Encoding: chunked" + end + "0\r\nAccept: a/b" + end, "GET", "Accept",
			"The body has ended. Recipients ignore this field in a trailer."},
		{ok + "Transfer-Encoding: chunked" + end + "0\r\nETag: \"a\"" + end, "GET", "ETag",
			"This tag identifies this version of the representation."},

		// Fields that describe a body, with one and without.
		{ok + "Content-Type: a/b" + end, "GET", "Content-Type", "The body is in this format."},
		{ok + "Content-Type: a/b" + end, "HEAD", "Content-Type", noFormat},
		{"HTTP/1.1 103 Hints\r\nContent-Type: a/b" + end, "GET", "Content-Type", noFormat},
		{ok + "Content-Type: a/b\r\nContent-Length: 0" + end, "GET", "Content-Type", noFormat},
		{ok + "Content-Location: /a" + end, "HEAD", "Content-Location", "A body would represent the resource at this URI."},
		{"GET / HTTP/1.0\r\nContent-Type: a/b" + end, "", "Content-Type", noFormat},
		{"POST / HTTP/1.0\r\nContent-Type: a/b\r\nContent-Length: 0" + end, "", "Content-Type", noFormat},
		{"POST / HTTP/1.0\r\nContent-Type: a/b\r\nContent-Length: 1" + end + "a", "", "Content-Type",
			"The body is in this format."},
		{"POST / HTTP/1.0\r\nContent-Type: a/b" + end, "", "Content-Type", "The body is in this format."},
		{"HTTP/1.0 205 Reset\r\nContent-Length: 1" + end + "a", "GET", "205",
			"Reset Content: the request has succeeded. The client should clear the form. The body must be empty."},

		{"POST / HTTP/1.1\r\nTransfer-Encoding: chunked" + end + "0" + end, "", "chunked",
			"The body comes in chunks. The size of each chunk comes first."},
		{"GET / HTTP/1.0\r\nAccept: a/b, */*; Q=0" + end, "", "a/b, */*; Q=0", notAcceptable},
		{"GET / HTTP/1.0\r\nAccept-Encoding: gzip;q=0.000, x" + end, "", "gzip;q=0.000, x", notAcceptable},
		{"GET / HTTP/1.0\r\nAccept-Encoding: gzip;q=0.001, x;q=1" + end, "", "gzip;q=0.001, x;q=1", ""},
		{"GET / HTTP/1.0\r\nTE: trailers, gzip;q=0" + end, "", "trailers, gzip;q=0", notAcceptable},
		{"GET / HTTP/1.0\r\nA: a/b;q=0" + end, "", "a/b;q=0", ""},
		{ok + "Strict-Transport-Security: max-age=0" + end, "GET", "max-age=0", "With max-age=0, browsers may use http again."},
		{ok + "Alt-Svc: clear" + end, "GET", "clear", "The client should forget the other addresses of this service."},
		{ok + "Transfer-Encoding: chunked" + end + "0\r\nA: b" + end, "GET", "0",
			"A chunk of size 0 is the last one. Fields that follow it are the trailer."},
	} {
		l := listOf(tt.octets, tt.method != "", tt.method)
		i := slices.IndexFunc(l.Lines, func(line Line) bool { return string(line.Octets) == tt.line })
		if i < 0 {
			t.Errorf("%q has no line %q", tt.octets, tt.line)
		} else if note := l.Lines[i].Note; note != tt.want {
			t.Errorf("%q: the note of %q is %q, want %q", tt.octets, tt.line, note, tt.want)
		}
	}
}

// Nothing is said about what the beginning of a part means, because the part may go on.
func TestCutOffNotes(t *testing.T) {
	for octets, isPart := range map[string]bool{
		"PO": true, "GET": true, "GET ": false, "GET htt": true, head10 + "Ho": true, head10 + "Host:": false,
		"GET / HTTP/1.0": false, "GET / HTTP/1.0\r": true, head10 + "\r": true, "HTTP/1.0 20": true,
		"HTTP/1.0 200": false, head10 + "Vary: *": true, head10 + "Vary: ": true, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1": true,
	} {
		l := listOf(octets, strings.HasPrefix(octets, "HTTP"), "GET")
		note := l.Lines[len(l.Lines)-1].Note
		if (note == "The message ends here. More of this part may be missing.") != isPart {
			t.Errorf("%q: the last note is %q", octets, note)
		}
	}
}

// The columns stay in their places when the numbers are long.
func TestLongNumbers(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	chunk := fmt.Sprintf("%X\r\n%s\r\n", 1_200_000, strings.Repeat("x", 1_200_000))
	l := Response([]byte(head+chunk+chunk+"0\r\n\r\n"), nil)
	text := l.String()
	checkPrint(t, []byte(text))
	for line := range strings.Lines(text) {
		if at := strings.Index(line, "chunk-"); at >= 0 && at != ruleColumn {
			t.Errorf("the rule is in column %d, want %d: %q", at, ruleColumn, line)
		}
	}
}
