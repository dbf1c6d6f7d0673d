package explain

import (
	"strings"
	"testing"

	"rawhttp/examples/gallery"
	"rawhttp/httpwire"
)

// What is awaited, and where: one row for each thing that can come next.
func TestWaiting(t *testing.T) {
	const post = "POST / HTTP/1.0\r\nContent-Length: 26\r\n\r\n"
	for _, tt := range []struct {
		name string
		b    string
		more int64 // octets of a body that are not in b
		want string
	}{
		{"nothing", "", 0, "0 octets, in the request-line, waiting for "},
		{"half an empty line", "\r", 0, "1 octet, in the request-line, waiting for CR LF, or the"},
		{"after an empty line", "\r\nGE", 0, "4 octets, in the request-line, waiting for a method"},
		{"the method", "GET", 0, "3 octets, in the request-line, waiting for a method such as GET"},
		{"the target", "GET ", 0, "4 octets, in the request-line, waiting for a path"},
		{"host and port", "CONNECT ", 0, "8 octets, in the request-line, waiting for a host name"},
		{"the version", "GET / HT", 0, "8 octets, in the request-line, waiting for HTTP/1.0"},
		{"the LF", "GET / HTTP/1.0\r", 0, "15 octets, in the request-line, waiting for CR LF"},
		{"a field", "GET / HTTP/1.0\r\n", 0, "16 octets, in the fields, waiting for CR LF " +
			"(the empty line that ends the head), or one more field"},
		{"the colon", "GET / HTTP/1.0\r\nHost", 0, "20 octets, in the fields, waiting for a field name"},
		{"the value", "GET / HTTP/1.0\r\nHost:", 0, "21 octets, in the fields, waiting for "},
		{"the empty line", "GET / HTTP/1.0\r\nA: bcdef\r\n", 0,
			"26 octets, in the fields, waiting for CR LF (the empty line"},
		{"half of it", "GET / HTTP/1.0\r\n\r", 0, "17 octets, in the fields, waiting for CR LF (the"},
		{"all of a body", post, 0, "39 octets, in the body, expecting 26 more of 26 octets of body"},
		{"some of a body", post + "0123456789abcd", 0,
			"53 octets, in the body, expecting 12 more of 26 octets of body"},
		{"a body elsewhere", post, 25, "64 octets, in the body, expecting 1 more of 26 octets of body"},
		{"some of it elsewhere", post + "ab", 3, "44 octets, in the body, expecting 21 more of 26 oct"},
		{"many fields", "POST / HTTP/1.0\r\n" + strings.Repeat("A: b\r\n", 150) +
			"Content-Length: 26\r\n\r\nabc", 0, "942 octets, in the body, expecting 23 more of 26 octets of body"},
		{"a broken line", "GET / HTTP/1.0\r\nHo st", 0, "21 octets, in the fields, waiting for the " +
			"end of a line that breaks a rule: offset 18: field-name: got \" \""},
		{"two spaces", "GET  /", 0, "6 octets, in the request-line, waiting for the end of a line that " +
			"breaks a rule: offset 4: request-target: got \" \", want a path that begins with \"/\", then " +
			"one SP and the version (our choice; RFC 9112 section 3 allows it)"},
		{"a whole one", "GET / HTTP/1.0\r\n\r\n", 0, "18 octets, a whole request"},
	} {
		got := string(AppendWaiting(nil, []byte(tt.b), int64(len(tt.b))+tt.more))
		if !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// For each beginning of each good message, AppendWaiting names the rule of the next octet, on one line
// that is safe to print. The error that ends the wait names the same rule.
func TestEveryPrefixAwaits(t *testing.T) {
	step := 1
	if testing.Short() {
		step = 7
	}
	for _, m := range gallery.Good {
		b := m.Octets()
		for i := 0; i < len(b); i += step {
			checkWaiting(t, m.File, b[:i])
		}
	}
}

func checkWaiting(t *testing.T, file string, b []byte) {
	t.Helper()
	_, err := httpwire.RequestSpans(nil, b)
	incomplete, ok := err.(*httpwire.IncompleteError)
	if !ok {
		t.Fatalf("%s, first %d octets: %v", file, len(b), err)
	}
	line, text := string(AppendWaiting(nil, b, int64(len(b)))), string(AppendError(nil, b, err))
	count, rest, _ := strings.Cut(line, ", in the ")
	_, next, _ := strings.Cut(rest, ", ")
	want := "waiting for " + incomplete.Rule.Want()
	if incomplete.Rule == httpwire.RuleMessageBody {
		want = "expecting "
	}
	if count != OctetCount(int64(len(b))) || !strings.HasPrefix(next, want) ||
		strings.ContainsAny(line, "\r\n\x1b") {
		t.Errorf("%s, first %d octets: %q, want %q", file, len(b), line, want)
	}
	for _, word := range []string{"have  " + count, "\n  want  ", "\n  help  "} {
		if !strings.Contains(text, word) {
			t.Errorf("%s, first %d octets: no %q in %q", file, len(b), word, text)
		}
	}
}

// Only the lines of the head take room for fields, not those of the body.
func TestRoomForFields(t *testing.T) {
	const head = "POST / HTTP/1.0\r\nA: b\r\nC: d\r\n\r\n"
	if room := cap(roomyRequest([]byte(head + strings.Repeat("\n", 1000))).Fields); room < 2 || room > 10 {
		t.Errorf("there is room for %d fields", room)
	}
}
