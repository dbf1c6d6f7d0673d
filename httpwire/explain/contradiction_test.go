package explain

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"rawhttp/examples/gallery"
)

// What notes can say about the body and about the connection. A regular expression finds the words for it.
const (
	saysNoBody = iota
	saysBody
	saysCloses
	saysStays
	saysOther
	endsBody
	saysLength
	saysNoLength
	describesBody
)

var says = [...]*regexp.Regexp{
	saysNoBody: regexp.MustCompile(`[Nn]o body follows|[Tt]here are no chunks`),
	saysBody: regexp.MustCompile(`octets? of body follow|in chunks|body ends when|` +
		`^This is the (whole )?body:|^The body has`),
	saysCloses: regexp.MustCompile(`expects the close|close the connection|closes the connection|` +
		`connection closes after|has no effect here`),
	saysStays: regexp.MustCompile(`keep the connection open|connection again|connection stays open|` +
		`keeps an idle connection open`),
	saysOther: regexp.MustCompile(`[Tt]unnel begins|[Aa]nother protocol begins`),
	endsBody:  regexp.MustCompile(`until the connection closes|when the connection closes`),

	saysLength:    regexp.MustCompile(`^This is the length of the body`),
	describesBody: regexp.MustCompile(`^The body (is|represents) `),
	saysNoLength:  regexp.MustCompile(`in chunks|body ends when|body is not clear`),
}

// saidBy keeps what each note says, because the same notes come often.
var saidBy = map[string][len(says)]bool{}

func saidIn(note string) [len(says)]bool {
	m, known := saidBy[note]
	if !known {
		for i, re := range says {
			m[i] = re.MatchString(note)
		}
		saidBy[note] = m
	}
	return m
}

// contradiction returns two notes of a listing that contradict each other, or say twice what becomes
// of the connection.
func contradiction(l Listing) []string {
	var notes [len(says)][]string
	for _, line := range l.Lines {
		for i, said := range saidIn(line.Note) {
			if said {
				notes[i] = append(notes[i], line.Note)
			}
		}
	}
	if fates := slices.Concat(notes[saysCloses], notes[saysStays]); len(fates) > 1 {
		return fates
	}
	for _, pair := range [][2]int{{saysNoBody, saysBody}, {saysStays, endsBody}, {saysOther, saysCloses},
		{saysOther, saysStays}, {saysLength, saysNoLength}, {saysNoBody, describesBody}} {
		if a, b := notes[pair[0]], notes[pair[1]]; len(a) > 0 && len(b) > 0 {
			return []string{a[0], b[0]}
		}
	}
	return nil
}

// combinations has requests and responses of each version, with the fields that frame a body and
// those that decide about the connection, and the messages of the gallery.
func combinations(t *testing.T) (requests, responses []string) {
	t.Helper()
	const end = "\r\n"
	connections := []string{"", "Connection: keep-alive\r\n", "Connection: close\r\n",
		"Connection: Keep-Alive, close\r\n", "Connection: close\r\nConnection: keep-alive\r\n",
		"Connection: upgrade\r\n", "Connection: close\r\nKeep-Alive: timeout=5\r\n",
		"Keep-Alive: timeout=5\r\n"}
	framings := []string{"", "Content-Length: 0\r\n", "Content-Length: 3\r\n",
		"Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip, chunked\r\n",
		"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
		"Content-Length: x\r\n", "Transfer-Encoding: gzip\r\nContent-Length: 3\r\n", "Expect: 100-continue\r\n"}
	for _, connection := range connections {
		for _, framing := range framings {
			for _, version := range []string{"HTTP/1.0", "HTTP/1.1"} {
				fields := "Host: a\r\nContent-Type: a/b\r\n" + connection + framing + end
				for _, body := range []string{"", "abc", "3\r\nabc\r\n0\r\n\r\n"} {
					for _, method := range []string{"GET", "POST"} {
						requests = append(requests, method+" / "+version+end+fields+body)
					}
					for _, status := range []string{"200 OK", "204 No Content", "304 Not Modified",
						"404 Not Found", "100 Continue", "101 Switching Protocols"} {
						responses = append(responses, version+" "+status+end+fields+body)
					}
				}
			}
		}
	}
	if testing.Short() {
		requests, responses = sample(requests), sample(responses)
	}
	for _, octets := range inGallery(slices.Concat(gallery.Good, gallery.Bad)) {
		requests = append(requests, octets)
	}
	for _, octets := range inGallery(gallery.Responses) {
		responses = append(responses, octets)
	}
	return requests, responses
}

// sample returns every 11th message. No list above has 11 entries, so each entry is in some of them.
func sample(messages []string) (some []string) {
	for i := 0; i < len(messages); i += 11 {
		some = append(some, messages[i])
	}
	return some
}

// No two notes of one listing contradict each other, and at most one says what becomes of the
// connection.
func TestNoContradiction(t *testing.T) {
	requests, responses := combinations(t)
	for _, octets := range requests {
		if notes := contradiction(Request([]byte(octets))); notes != nil {
			t.Errorf("%q:\n  %s", octets, strings.Join(notes, "\n  "))
		}
	}
	for _, method := range []string{"GET", "HEAD", "POST", "CONNECT"} {
		for _, octets := range responses {
			if notes := contradiction(Response([]byte(octets), []byte(method))); notes != nil {
				t.Errorf("%s, %q:\n  %s", method, octets, strings.Join(notes, "\n  "))
			}
		}
	}
}

// The one note about the connection is where the message decides about it.
func TestConnectionNotes(t *testing.T) {
	for _, tt := range []struct{ name, octets, at, note string }{
		{"nothing said, 1.0", "GET / HTTP/1.0\r\n\r\n", "HTTP/1.0",
			"The client speaks HTTP/1.0. The connection closes after the response."},
		{"nothing said, 1.1", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1",
			"The client speaks HTTP/1.1. The connection stays open unless one side closes it."},
		{"keep-alive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "keep-alive",
			"The client asks to keep the connection open after the response."},
		{"keep-alive, the version", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
			"HTTP/1.0", "The client speaks HTTP/1.0."},
		{"close", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "close",
			"The client asks to close the connection after the response."},
		{"close wins", "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
			"keep-alive, close", "The client asks to close the connection after the response."},
		{"close of a response", "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n", "close",
			"The server closes the connection after this response."},
		{"keep-alive of a response",
			"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", "keep-alive",
			"The server offers to keep the connection open after this response."},
		{"keep-alive of a response without a length",
			"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n", "keep-alive",
			"keep-alive has no effect here: the body ends when the connection closes."},
	} {
		l := listOf(tt.octets, strings.HasPrefix(tt.octets, "HTTP"), "GET")
		i := slices.IndexFunc(l.Lines, func(line Line) bool { return string(line.Octets) == tt.at })
		if i < 0 || l.Lines[i].Note != tt.note {
			t.Errorf("%s: want %q in\n%s", tt.name, tt.note, l)
		}
	}
}

// Each note is a sentence or two, in the words of the RFCs, that need no other note.
func TestNotesAreSentences(t *testing.T) {
	sentences := regexp.MustCompile(`^[A-Z\d?][^.]*[^ ]\.|^(keep-alive|no-cache|nosniff|true|prefetch) `)
	riddles := regexp.MustCompile(`(?i)\b(behind|answers?|whoever|nobody|somebody|nor|also)\b`)
	requests, responses := combinations(t)
	checked := map[string]bool{"": true} // most notes come again and again
	check := func(l Listing) {
		for _, line := range l.Lines {
			note := line.Note
			if !checked[note] && (!sentences.MatchString(note) || !strings.HasSuffix(note, ".") || riddles.MatchString(note)) {
				t.Errorf("%q: note %q", line.Octets, note)
			}
			checked[note] = true
		}
	}
	for _, octets := range requests {
		check(Request([]byte(octets)))
	}
	for _, octets := range responses {
		check(Response([]byte(octets), []byte("GET")))
		check(Response([]byte(octets), []byte("CONNECT")))
	}
	for _, entry := range slices.Concat(methods[:], fields[:]) {
		check(Listing{Lines: []Line{{Octets: []byte(entry.name), Note: entry.note}}})
	}
	for _, entry := range values {
		check(Listing{Lines: []Line{{Octets: []byte(entry.value), Note: entry.note}}})
	}
}
