package explain

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"html"
	"html/template"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A pageReading is what a reader of XML, which is stricter than a browser, finds on a page.
type pageReading struct {
	octets   strings.Builder // the text of the message
	meanings strings.Builder // and of what is beside it
}

func readPage(t *testing.T, text []byte) *pageReading {
	t.Helper()
	// The style need not be read each time.
	head, rest, ok := bytes.Cut(text, []byte("<style>"+pageCSS+"</style>"))
	if !ok {
		t.Fatalf("no style in\n%s", text)
	}
	if isScript(head) || isScript(rest) {
		t.Fatalf("a script in\n%s", text)
	}
	r := new(pageReading)
	d := xml.NewDecoder(io.MultiReader(bytes.NewReader(head), bytes.NewReader(rest)))
	d.Strict, d.AutoClose = false, []string{"meta", "link", "wbr"} // elements without an end tag
	var path []string
	ids := make(map[string]bool)
	for {
		token, err := d.Token()
		if err == io.EOF {
			return r
		}
		if err != nil {
			t.Fatalf("the page is not well formed: %v\n%s", err, text)
		}
		switch token := token.(type) {
		case xml.StartElement:
			checkElement(t, token, ids)
			name := token.Name.Local
			if slices.Contains(token.Attr, xml.Attr{Name: xml.Name{Local: "class"}, Value: "message"}) {
				name = "message"
			}
			path = append(path, name)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			where := strings.Join(path, " ")
			switch {
			case strings.HasSuffix(where, "pre a"), strings.HasSuffix(where, "pre a i"),
				strings.HasSuffix(where, "message span"), strings.HasSuffix(where, "message span i"):
				r.octets.Write(token)
			case strings.Contains(where, "ul li"):
				r.meanings.Write(token)
			}
		}
	}
}

func isScript(text []byte) bool { return bytes.Contains(bytes.ToLower(text), []byte("<script")) }

// checkElement checks that an element is one of the template's, and loads and runs nothing.
func checkElement(t *testing.T, e xml.StartElement, ids map[string]bool) {
	t.Helper()
	const known = " html head meta link title style body main h1 h2 h3 p span section div pre a wbr i " +
		"ul li b q small em footer "
	if !strings.Contains(known, " "+e.Name.Local+" ") {
		t.Fatalf("an element %s", e.Name.Local)
	}
	for _, a := range e.Attr {
		switch name := a.Name.Local; {
		case strings.HasPrefix(name, "on"), name == "src", name == "style":
			t.Fatalf("an attribute %s", name)
		case name == "href" && !strings.HasPrefix(a.Value, "#") && a.Value != "data:,":
			t.Fatalf("a link to %s", a.Value)
		case name == "id" && ids[a.Value]:
			t.Fatalf("two elements %s", a.Value)
		case name == "id":
			ids[a.Value] = true
		}
	}
}

// textOf returns the text of HTML whose only elements are those of symbols.
func textOf(h template.HTML) string {
	return html.UnescapeString(symbolTags.ReplaceAllString(string(h), ""))
}

var symbolTags = regexp.MustCompile(`<i( class="quoted")? data-octet="[A-Z]+">|</i>`)

// checkPage checks that a page is sound, and shows exactly the octets of the listings. The
// elements of AppendMessage must show them too.
func checkPage(t *testing.T, blank bool, listings ...Listing) (page []byte) {
	t.Helper()
	var want strings.Builder
	page = AppendPage(nil, string(listings[0].Octets), blank, listings...)
	got := readPage(t, page)
	meanings := got.meanings.String()
	message := []byte("<style>" + pageCSS + "</style>")
	for _, l := range listings {
		message = AppendMessage(message, l)
		lines, _ := l.shown()
		for i := range lines {
			text, _ := lines[i].pageText()
			want.WriteString(textOf(text))
			if note := lines[i].Note; note != "" && strings.Contains(meanings, note) == blank {
				t.Fatalf("blank %t, meanings %q, note %q", blank, meanings, note)
			}
		}
	}
	if got.octets.String() != want.String() {
		t.Fatalf("the page shows %q\nwant           %q", got.octets.String(), want.String())
	}
	if got := readPage(t, message).octets.String(); got != want.String() {
		t.Fatalf("AppendMessage shows %q\nwant                %q", got, want.String())
	}
	return page
}

func TestPage(t *testing.T) {
	for _, m := range messages {
		t.Run(m.name, func(t *testing.T) {
			l := listOf(m.octets, m.response, m.method)
			if page := checkPage(t, false, l); !bytes.Contains(page, AppendSection(nil, l)) {
				t.Errorf("the page has another section than\n%s", AppendSection(nil, l))
			}
			checkPage(t, true, l, l)
		})
	}
	request := Request([]byte("GET /x HTTP/1.0\r\nX: </a>&lt;\"'<script>\r\n\r\n"))
	response := Response([]byte("HTTP/1.0 200 OK\r\n\r\n</pre><img src=x>&amp;\n</style>"), nil)
	got := readPage(t, AppendPage(nil, "</title><script>", false, request, response)).octets.String()
	for _, want := range []string{"</a>&lt;\"'<script>␍␊", "</pre><img src=x>&amp;␊\n</style>"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	if isScript([]byte(pageCSS)) {
		t.Error("a script in the style")
	}
}

// On the page, the octets of a line on the wire are in one row. What follows the body is in a row of its own.
func TestRows(t *testing.T) {
	var got []string
	s := newSection(0, Request([]byte("\r\nPUT / HTTP/1.0\r\nContent-Length: 1\r\n\r\nab")))
	for _, row := range s.Rows {
		var text strings.Builder
		for _, r := range row {
			text.WriteString(string(r.Octets) + r.More)
		}
		got = append(got, text.String())
	}
	if want := []string{"\r\n", "PUT / HTTP/1.0\r\n", "Content-Length: 1\r\n", "\r\n", "a", "b"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := s.Heading, "Request, 41 octets"; got != want {
		t.Errorf("the heading %q, want %q", got, want)
	}
}

// The first line is short, and hides credentials.
func TestFirstLine(t *testing.T) {
	for octets, want := range map[string]string{
		"\r\nGET /x HTTP/1.0\r\nA: b\r\n": "GET /x HTTP/1.0",
		"GET //u:dTpw@h/ HTTP/1.0\r\n":    "GET //******@h/ HTTP/1.0",
		long80:                            long80,
		long80 + "x":                      long80 + "...",
	} {
		if got := FirstLine([]byte(octets)); got != want {
			t.Errorf("%q: %q, want %q", octets, got, want)
		}
	}
}

// On a narrow screen the lines of an error wrap, except the excerpt and its caret, which have to stand
// below one another. Together the lines are the text of the error.
func TestErrorLines(t *testing.T) {
	l := Request([]byte("GET  / HTTP/1.0\r\n\r\n"))
	text := string(AppendPage(nil, "", false, l))
	if n := strings.Count(text, `<span class="excerpt">  | `); n != 2 {
		t.Errorf("%d lines of excerpt in\n%s", n, text)
	}
	for _, source := range []string{"<small>RFC 1945 8.1, 9110 9.3.1</small>", "<small>our choice</small>"} {
		if !strings.Contains(text, source) {
			t.Errorf("no %s in\n%s", source, text)
		}
	}
	var got strings.Builder
	for _, line := range errorLines(l) {
		got.WriteString(textOf(line.Text))
	}
	if want := string(l.AppendError(nil)); got.String() != want {
		t.Errorf("the page has %q\nwant %q", got.String(), want)
	}
}

// Not every document that defines a field is an RFC.
func TestSourceOfField(t *testing.T) {
	text := string(AppendPage(nil, "", false, Request([]byte("GET / HTTP/1.0\r\nHost: a\r\nDNT: 1\r\n\r\n"))))
	for _, source := range []string{"<small>RFC 9110 7.2</small>", "<small>W3C</small>"} {
		if !strings.Contains(text, source) {
			t.Errorf("no %s in\n%s", source, text)
		}
	}
}

// The symbols in the body of a refusal, characters of its text, are drawn as those in an excerpt are.
func TestQuotedSymbols(t *testing.T) {
	l := Response([]byte("HTTP/1.0 400 x\r\n\r\nGET\u2420\u2420/ \u2192\n"), nil)
	text := string(AppendPage(nil, "", false, l))
	const quoted = "<i class=\"quoted\" data-octet=\"SP\">\u2420</i>"
	const want = "GET" + quoted + quoted + "/ \u2192<i data-octet=\"LF\">\u240A</i>"
	for _, want := range []string{want, "<h2>Response, 33 octets</h2>", ">HTTP/1.0</a><", "><i data-octet=\"SP\">\u2420</i></a><"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

// Octets that are no text stand in short rows, and their symbols are drawn, as few fonts have them.
func TestHexOnPage(t *testing.T) {
	text := string(AppendPage(nil, "", false, Response([]byte("HTTP/1.0 200 OK\r\n\r\n\x00\x01\x02 <\r\n\x03abc"), nil)))
	const quoted = `...<i class="quoted" data-octet="SP">␠</i>&lt;<i class="quoted" data-octet="CR">␍</i>` +
		`<i class="quoted" data-octet="LF">␊</i>.` + "\n61 62 63                 abc<"
	if !strings.Contains(text, "00 01 02 20 3C 0D 0A 03  "+quoted) {
		t.Error(text)
	}
}

// TestLongPage: if there are many octets, a part is shown, and the page says how many are left out.
func TestLongPage(t *testing.T) {
	times := 100 << 10
	if testing.Short() {
		times = 10 << 10
	}
	for name, octets := range map[string]string{
		"text":   "HTTP/1.0 200 OK\r\n\r\n" + strings.Repeat("word ", times),
		"binary": "HTTP/1.0 200 OK\r\n\r\n" + strings.Repeat("\x00", times),
		"chunks": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
			strings.Repeat("1\r\nx\r\n", times/10) + "0\r\n\r\n",
	} {
		l := Response([]byte(octets), nil)
		text := string(checkPage(t, false, l))
		if rest := fmt.Sprintf("%d octets more, not shown", times-pageHex); name == "binary" && !strings.Contains(text, rest) {
			t.Errorf("%s: the page does not say %s", name, rest)
		}
		if len(text) > 1<<20 || !strings.Contains(text, "not shown") {
			t.Errorf("%s: a page of %d octets", name, len(text))
		}
		if text = l.String(); len(text) > 1<<18 || !strings.Contains(text, "not shown") {
			t.Errorf("%s: a listing of %d octets", name, len(text))
		}
	}
}

// A part of a text, and the first line of a message, do not end inside a character.
func TestCutCharacters(t *testing.T) {
	for i := range 4 {
		body := strings.Repeat("x", i) + strings.Repeat("\U0001F600", 2<<10)
		l := Response([]byte("HTTP/1.0 200 OK\r\n\r\n"+body), nil)
		for name, text := range map[string]string{
			"page": string(AppendPage(nil, "", false, l)), "first line": FirstLine([]byte(body)),
		} {
			if strings.Contains(text, `\xF0`) || !strings.Contains(text, "...") {
				t.Errorf("%s after %d octets: half a character, or all of them", name, i)
			}
		}
	}
}

func TestColor(t *testing.T) {
	for _, m := range messages {
		l := listOf(m.octets, m.response, m.method)
		if checkColor(t, l); strings.Count(string(AppendColor(nil, l)), "\x1b[") < 4 {
			t.Errorf("%s: no colour", m.name)
		}
	}
}

// checkColor checks that colours are all that is added, in pairs on each row.
func checkColor(t *testing.T, l Listing) {
	t.Helper()
	plain := string(AppendColor(nil, l))
	for row := range strings.SplitSeq(plain, "\n") {
		if on := strings.Count(row, "\x1b["); on != 2*strings.Count(row, "\x1b[0m") {
			t.Fatalf("a colour is not taken back in %q", row)
		}
	}
	for _, k := range colorGroups {
		plain = strings.ReplaceAll(plain, "\x1b["+k.sgr+"m", "")
	}
	if plain = strings.ReplaceAll(plain, "\x1b[0m", ""); plain != l.String() {
		t.Fatal(firstDifference(plain, l.String()))
	}
}

// The legend has the colours of the page, and no others.
func TestLegend(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	for _, tt := range []struct{ in, want string }{
		{ok + "\r\n", "start, layout"},
		{ok + "Content-Length: 1\r\n\r\nab", "start, name, value, layout, body, wrong"},
		{ok + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", "start, name, value, layout, chunk, body"},
	} {
		_, legend, _ := strings.Cut(string(AppendPage(nil, "", false, Response([]byte(tt.in), nil))), `<p class="legend">`)
		legend, _, _ = strings.Cut(legend, "</p>")
		var classes []string
		for _, m := range regexp.MustCompile(`class="([a-z]+)"`).FindAllStringSubmatch(legend, -1) {
			classes = append(classes, m[1])
		}
		if got := strings.Join(classes, ", "); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.in, got, tt.want)
		}
	}
}
