package paper

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"rawhttp/httpwire/explain"
)

// Each kind of paragraph that the lessons use becomes its element, and nothing is lost.
func TestHTML(t *testing.T) {
	for _, tt := range []struct{ name, markdown, want string }{
		{"prose", "Plain & simple,\nin **two** *lines*.", "<p>Plain &amp; simple,\nin <b>two</b> <em>lines</em>.</p>\n"},
		{"heading", "## A `word`", "<h2>A <code>word</code></h2>\n"},
		{"stars in code", "`*` and *this* and `a*b*`", "<p><code>*</code> and <em>this</em> and <code>a*b*</code></p>\n"},
		{"no element of a stranger", "a <b> & `<i>`", "<p>a &lt;b&gt; &amp; <code>&lt;i&gt;</code></p>\n"},
		{"links", "[here](x.md), <http://a/>", "<p>here, http://a/</p>\n"},
		{"list", "- one\n  more\n- two", "<ul><li>one\n  more</li><li>two</li></ul>\n"},
		{"message", "    GET / HTTP/1.0\n    Host: a\n\n    <body>", "<pre>GET / HTTP/1.0\nHost: a\n\n&lt;body&gt;</pre>\n"},
		{"fence", "```\nclient   server\n  | SYN --> |\n```", `<pre class="diagram" tabindex="0" role="group" aria-label="Diagram">` + "client   server\n  | SYN --&gt; |</pre>\n"},
		{"symbol", "    a\u240d", `<pre>a<i class="quoted" data-octet="CR">` + "\u240d</i></pre>\n"},
		{"table with an empty cell", "|   | a |\n| - | - |\n| b |   |",
			"<table><tr><td></td><th>a</th></tr>\n<tbody><tr><td>b</td><td></td></tr>\n</tbody>\n</table>"},
		{"details", "<details>\n<summary>Look</summary>\n", ""},
	} {
		if got := string(HTML(tt.markdown)); got != tt.want {
			t.Errorf("%s:\n%q, want\n%q", tt.name, got, tt.want)
		}
	}
}

// On a terminal the words stay, each in its line.
func TestPlain(t *testing.T) {
	for _, tt := range []struct{ name, markdown, want string }{
		{"prose", "Plain & simple,\nin **two** *lines*.", "Plain & simple,\nin two lines."},
		{"heading", "## A `word`", "A `word`\n========"},
		{"stars in code", "`*` and *this* and `a*b*`", "`*` and this and `a*b*`"},
		{"links", "[here](x.md), <http://a/>", "here, <http://a/>"},
		{"message", "It sends:\n\n    GET / HTTP/1.0\n    Accept: */*\n", "It sends:\n\n    GET / HTTP/1.0\n    Accept: */*"},
		{"fence", "```\nclient   server\n  | SYN --> |\n```", "client   server\n  | SYN --> |"},
		{"table", "|   | a |\n| - | - |\n| b |   |", "|   | a |\n| b |   |"},
		{"details", "<details>\n<summary>Look</summary>\n", ""},
	} {
		if got := Plain(tt.markdown); got != tt.want {
			t.Errorf("%s:\n%q, want\n%q", tt.name, got, tt.want)
		}
	}
}

// What a command printed is on one slide or two, of about the same length, and is cut after that.
func TestCommand(t *testing.T) {
	for n, want := range map[int][]int{0: {1}, 25: {26}, 26: {14, 13}, 51: {26, 26}, 52: {26, 26}, 500: {26, 26}} {
		parts := Command("go", strings.Repeat("x\n", n))
		var lines []int
		var all strings.Builder
		for _, p := range parts {
			lines = append(lines, strings.Count(string(p.HTML), "\n"))
			all.WriteString(string(p.HTML))
		}
		cut := strings.Contains(all.String(), "...")
		if fmt.Sprint(lines) != fmt.Sprint(want) || cut != (n > 51) || !strings.HasPrefix(all.String(), "<pre>$ go") {
			t.Errorf("%d lines: %v on the slides, want %v; cut %t", n, lines, want, cut)
		}
		for _, p := range parts {
			if s := (Slide{Parts: []Part{p}}); s.Rows() > 1.25*fullSlide {
				t.Errorf("%d lines: a slide of %.1f rows", n, s.Rows())
			}
		}
	}
}

// A slide takes what fits, and a part that is too large has a slide of its own.
func TestFits(t *testing.T) {
	short, long := Text("", "A word."), Text("", strings.Repeat("words and words ", 70))
	for _, tt := range []struct {
		name  string
		slide Slide
		parts []Part
		want  bool
	}{
		{"the first part", Slide{}, []Part{long}, true},
		{"a short one", Slide{Parts: []Part{short}}, []Part{short}, true},
		{"a long one", Slide{Parts: []Part{short}}, []Part{long}, false},
		{"many", Slide{Parts: []Part{short}}, []Part{short, short, short, short, short, short, short, short, short, short}, false},
	} {
		if got := tt.slide.Fits(tt.parts...); got != tt.want {
			t.Errorf("%s: %t after %.1f rows", tt.name, got, tt.slide.Rows())
		}
	}
	if p := Text("", "This is one:"); p.Class != "leads" {
		t.Errorf("the class of what introduces a message is %q", p.Class)
	}
	if wide := (&Slide{Parts: []Part{Text("", "    "+strings.Repeat("w", 70))}}).Columns(); wide < 70 {
		t.Errorf("a message of 70 columns has %d", wide)
	}
	fault := explain.Request([]byte("GET /" + strings.Repeat("w", 31) + "\n"))
	if wide := (&Slide{Parts: []Part{Message(fault, "why")}}).Columns(); wide <= 74 {
		t.Errorf("a fault of 74 columns, with a box around it, has %d:\n%s", wide, fault.AppendError(nil))
	}
}

// The slides are numbered, and the key of a hand-out is there only if there is one.
func TestPages(t *testing.T) {
	var slides, sheet, withKey bytes.Buffer
	part := []Part{Text("question", "**Question 1.** Why?"), Lines(3)}
	for _, err := range []error{
		WriteSlides(&slides, "A & B", []Slide{{Heading: "one", Title: true, Parts: part}, {Heading: "two", Parts: part}}),
		WriteHandout(&sheet, "A & B", part, nil),
		WriteHandout(&withKey, "A & B", part, []Part{Text("answer", "1. **Because**.")}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		page, has string
		want      int
	}{
		{slides.String(), `<section class="slide`, 2}, {slides.String(), `class="slide first"`, 1},
		{slides.String(), "two <span>2</span>", 1}, {slides.String(), "<title>A &amp; B</title>", 1},
		{sheet.String(), `class="line"></span><span class="line"`, 1}, {sheet.String(), "Key:", 0},
		{withKey.String(), "Key: A &amp; B", 1}, {withKey.String(), "<b>Because</b>", 1},
	} {
		if got := strings.Count(tt.page, tt.has); got != tt.want {
			t.Errorf("%d times %q, want %d", got, tt.has, tt.want)
		}
	}
}
