package compare

import (
	"fmt"
	"strings"
	"testing"

	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/visible"
)

const (
	ok      = "HTTP/1.0 200 OK\r\n"
	ok1     = "HTTP/1.1 200 OK\r\n"
	chunked = "Transfer-Encoding: chunked\r\n"
)

// marked returns each pair as its mark and the lines of both messages.
func marked(c *Comparison) (all []string) {
	for i := range c.Pairs {
		p := &c.Pairs[i]
		line := func(r *Row) string {
			if r == nil {
				return "-"
			}
			return strings.TrimSpace(string(r.Octets()))
		}
		if p.Verdict != Same {
			all = append(all, line(p.First)+p.mark()+line(p.Second))
		}
	}
	return all
}

func response(octets string) Side {
	return Side{explain.Response([]byte(octets), []byte("GET")), []byte(octets)}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, a, b string
		want       string // the pairs that differ, with a space between them
		differs    bool
		moved      bool
	}{
		{"same", ok + "A: b\r\n\r\nx", ok + "A: b\r\n\r\nx", "", false, false},
		{"status", ok + "\r\n", "HTTP/1.0 404 No\r\n\r\n", "HTTP/1.0 200 OK|HTTP/1.0 404 No", true, false},
		{"value", ok + "A:b\r\n\r\n", ok + "A:c\r\n\r\n", "A:b|A:c", true, false},
		{"white space", ok + "A:b\r\n\r\n", ok + "A: b\r\n\r\n", "A:b|A: b", true, false},
		{"the case of a name", ok + "A:b\r\n\r\n", ok + "a:b\r\n\r\n", "A:b|a:b", true, false},
		{"only in one", ok + "A:b\r\nB:c\r\n\r\n", ok + "B:c\r\nC:d\r\n\r\n", "A:b<- ->C:d", true, false},
		{"order", ok + "A:b\r\nB:c\r\n\r\n", ok + "B:c\r\nA:b\r\n\r\n", "", false, true},
		{"order at first", ok + "A:b\r\nB:c\r\nC:d\r\n\r\n", ok + "B:c\r\nA:b\r\nC:d\r\n\r\n", "", false, true},
		{"twice", ok + "A:1\r\nA:2\r\n\r\n", ok + "A:2\r\n\r\n", "A:1|A:2 A:2<-", true, false},
		{"Date", ok + "Date: a\r\n\r\n", ok + "date: b\r\n\r\n", "Date: a~date: b", false, false},
		{"Date only in one", ok + "Date:a\r\n\r\n", ok + "\r\n", "Date:a~-", false, false},
		{"body", ok + "\r\na\nb\nc\nd", ok + "\r\nb\nc\nx\nd", "a<- ->x", true, false},
		{"a line before others", ok + "\r\na\nb\nc\nx", ok + "\r\nz\na\nb\nc\ny", "->z x|y", true, false},
		{"a line before, and two after", ok + "\r\nx\nm\n", ok + "\r\nm\ny\nz\n", "x<- ->y ->z", true, false},
		{"a changed line", ok + "\r\na\nb\nc", ok + "\r\na\nx\nc", "b|x", true, false},
		{"a body after Date", ok + "Date: a\r\n\r\nx", ok + "Date: a\r\n\r\ny", "x|y", true, false},
		{"no body", ok + "\r\n", ok + "\r\na", "->a", true, false},
		{"interim", "HTTP/1.0 100 C\r\n\r\n" + ok + "A:b\r\n\r\n", ok + "A:b\r\n\r\n",
			"HTTP/1.0 100 C<- <-", true, false},
		{"no response", "", ok + "\r\n", "->HTTP/1.0 200 OK ->", true, false},
		{"no head", "hello", "hallo", "hello|hallo", true, false},
		{"a tunnel and none", "HTTP/1.1 101 S\r\nUpgrade: x\r\n\r\nabc", "HTTP/1.1 101 S\r\nUpgrade: x\r\n\r\n",
			"abc<-", true, false},
		{"chunks and a broken one", ok1 + chunked + "\r\n1\r\na\r\n0\r\n\r\n", ok1 + chunked + "\r\nxyz\r\n",
			"1|xyz a<- 0<- <-", true, false},
		{"folds", ok + "A: b\r\n c\r\nD: e\r\n\r\n", ok + "A: b\r\nD: e\r\n f\r\n\r\n", "c<- ->f", true, false},
		{"folds of one name", ok + "A: b\r\n c\r\nA: e\r\n\r\n", ok + "A: b\r\nA: e\r\n\r\n", "c<-", true, false},
		{"a folded Date", ok + "Date: b\r\n c\r\n\r\n", ok + "Date: b\r\n d\r\n\r\n", "c~d", false, false},
		{"a broken head", ok + "A b\r\n\r\n", ok + "A:b\r\n\r\n", "", true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := Messages(response(tt.a), response(tt.b), []string{"Date"})
			if got := strings.Join(marked(c), " "); got != tt.want && tt.want != "" {
				t.Errorf("differ %q, want %q", got, tt.want)
			}
			if c.Differs != tt.differs || c.Moved != tt.moved {
				t.Errorf("differs %t, moved %t", c.Differs, c.Moved)
			}
			if a, b := both(c); len(a) != len(tt.a) || len(b) != len(tt.b) {
				t.Errorf("the pairs have %q and %q", a, b)
			}
		})
	}
}

// both returns the octets of each message, in the order of the pairs.
func both(c *Comparison) (a, b string) {
	for _, p := range c.Pairs {
		if p.First != nil {
			a += string(p.First.Octets())
		}
		if p.Second != nil {
			b += string(p.Second.Octets())
		}
	}
	return a, b
}

// Long bodies are compared in bounded time and memory, and their equal lines are counted.
func TestLong(t *testing.T) {
	t.Parallel()
	var a, b strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&a, "%d\n", i)
		fmt.Fprintf(&b, "%d\n", i+i%5000/4999) // two lines differ, far from each other
	}
	const head = ok + "A: b\r\nA: b\r\nA: b\r\nA: b\r\nA: b\r\nA: b\r\n\r\n" // all of them are shown
	c := Messages(response(head+a.String()), response(head+b.String()), nil)
	if got := strings.Join(marked(c), " "); got != "4999|5000 9999|10000" {
		t.Errorf("differ %q", got)
	}
	text := string(c.AppendText(nil))
	if !strings.Contains(text, "... 4995 equal lines\n") || strings.Count(text, "\n") > 26 || strings.Count(text, "A: b") != 12 {
		t.Errorf("shows\n%s", text)
	}
}

// The number of pairs of lines does not fit 32 bits here.
func TestManyLines(t *testing.T) {
	t.Parallel()
	lines := strings.Repeat("\n", 1<<16-2)
	c := Messages(response(ok+"\r\na\n"+lines+"b\n"), response(ok+"\r\nc\n"+lines+"d\n"), nil)
	if got := strings.Join(marked(c), " "); got != "a|c b|d" {
		t.Errorf("differ %q", got)
	}
}

// A line that is the beginning of the other differs in what follows, and not in what is hidden.
func TestCutLine(t *testing.T) {
	t.Parallel()
	c := Messages(response(ok+"A:"), response(ok+"A: b\r\n\r\n"), nil)
	text := string(c.AppendText(nil))
	if !strings.Contains(text, "OWS: only in 2, offset 19\n") || strings.Contains(text, "hidden") {
		t.Errorf("shows\n%s", text)
	}
}

// Credentials are compared, and not shown.
func TestHidden(t *testing.T) {
	t.Parallel()
	c := Messages(response(ok+"Set-Cookie: hunter1\r\n\r\n"), response(ok+"Set-Cookie: hunter2\r\n\r\n"), nil)
	text := string(c.AppendText(nil))
	if !c.Differs || strings.Contains(text, "hunter") || !strings.Contains(text, "in what is hidden") {
		t.Errorf("differs %t\n%s", c.Differs, text)
	}
	c = Messages(response(ok+"Set-Cookie: hunter1\r\n\r\n"), response(ok+"set-cookie: hunter2\r\n\r\n"), nil)
	if text := string(c.AppendText(nil)); !strings.Contains(text, "in what is hidden") {
		t.Errorf("with names in other letter case\n%s", text)
	}
	c = Messages(response(ok+"A b\r\nCookie: hunter1\r\n\r\n"), response(ok+"A b\r\nCookie: hunter2\r\n\r\n"), nil)
	if text := string(c.AppendText(nil)); !strings.Contains(text, "in what is hidden") {
		t.Errorf("in a line that was not read\n%s", text)
	}
}

// A long line that only one message has stands alone, and only its beginning is shown.
func TestLongLineOfOne(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long ", 100)
	c := Messages(response(ok+"\r\na\n"), response(ok+"\r\na\n"+long), nil)
	text := string(c.AppendText(nil))
	if !strings.Contains(text, "\n2>  long") || !strings.HasSuffix(text, " octets more\n") ||
		strings.Contains(text, "\n1") {
		t.Errorf("shows\n%s", text)
	}
}

// What octets mean is not said if both mean the same.
func TestSameMeaning(t *testing.T) {
	t.Parallel()
	c := Messages(response(ok+"\r\n"), response("HTTP/1.0 200 Fine\r\n\r\n"), nil)
	if text := string(c.AppendText(nil)); !strings.Contains(text, "reason-phrase: offset 13 in 1, offset 13 in 2\n␍␊") {
		t.Errorf("shows\n%s", text)
	}
}

// If lines that belong together were read under different rules, both are named.
func TestTwoRules(t *testing.T) {
	t.Parallel()
	c := Messages(response(ok+"A b\r\n\r\n"), response("HTTP/1.0 404 No\r\nA: b\r\n\r\n"), nil)
	if text := string(c.AppendText(nil)); !strings.Contains(text, " and ") {
		t.Errorf("shows\n%s", text)
	}
}

// No line is wider than 80 columns, and nothing is printed that a terminal acts upon.
func TestText(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long ", 30)
	wide := strings.Repeat("語", 30) + "\n" // of 60 columns
	a := ok + "X: é\r\nSame: a\r\nother: a\r\nShort: a\r\nLong: " + long + "\r\nServer: a\r\n\r\n" + wide + "\x1b[2J\n" + long + "\nb"
	b := ok + "X: é\r\nsame: a\r\nOther: bc\r\nShort: b\r\nLong: " + long + "x\r\nServer: a\r\n\r\n" + wide + "\x1b[2J\n" + long + "\nc"
	c := Messages(response(a), response(b), nil)
	text := string(c.AppendText(nil))
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if n := (visible.Blanks | visible.UTF8).Columns([]byte(line)); n > visible.LineWidth {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	for _, want := range []string{`X: \xC3\xA9␍␊`, "| Short: b", "1|  Long: long", "2|  Long: long", "12  long", `\x1B[2J`,
		"Same: a␍␊                              | same: a␍␊\n" +
			"      the names differ in case only, which means nothing (RFC 9110 section 5.1)\nother",
		"(RFC 9110 section 5.1)\n      field-value: offset 40 in 1, offset 40 in 2\nShort"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
