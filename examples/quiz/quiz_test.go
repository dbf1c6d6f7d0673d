package quiz

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rawhttp/examples/gallery"
	"rawhttp/httpwire"
)

// The parser says of each message what the gallery says.
func TestQuestions(t *testing.T) {
	asked := 0
	for _, m := range slices.Concat(gallery.Good, gallery.Bad, gallery.Ends, gallery.Responses) {
		q, ok := questionAbout(m)
		switch {
		case m.Rule == httpwire.RuleSurplus:
			if ok {
				t.Errorf("%s: the message ends before its file", m.File)
			}
			continue
		case m.Rule != q.rule || m.Offset != q.offset && q.fault != nil:
			t.Errorf("%s: the parser says %v, the gallery %v at %d", m.File, q.fault, m.Rule, m.Offset)
		}
		if ok {
			asked++
		}
	}
	if all := len(gallery.Requests()) + len(gallery.Responses); asked < all*8/10 {
		t.Errorf("%d of %d messages can be asked about", asked, all)
	}
}

// A response is explained as a response, even if its first octets are not those of a status-line.
func TestSolutionOfResponse(t *testing.T) {
	_, faulty := questions()
	requestLine := regexp.MustCompile(`(?m)^(  help|       ) .*\bHTTP/1\.\d$|request-line`)
	for _, q := range faulty {
		if solution := q.solution(); q.isResponse() && requestLine.MatchString(solution) {
			t.Errorf("%s is a response, and is explained as a request:\n%s", q.file, solution)
		}
	}
}

// answers returns what a player types, one answer for each message.
func answers(t *testing.T, n int, seed uint64, answer func(q question) []string) string {
	t.Helper()
	good, faulty := questions()
	var lines []string
	for _, q := range choose(rand.New(rand.NewPCG(seed, 0)), n, good, faulty) {
		lines = append(lines, answer(q)...)
	}
	return strings.Join(lines, "\n") + "\n"
}

func right(q question) []string {
	if q.fault == nil {
		return []string{"ok"}
	}
	return []string{fmt.Sprint(q.offset), q.rule.String()}
}

func played(t *testing.T, n int, seed uint64, typed string) string {
	t.Helper()
	var out, errOut bytes.Buffer
	code := Run([]string{"-n", fmt.Sprint(n), "-seed", fmt.Sprint(seed)}, strings.NewReader(typed),
		&out, &errOut, true)
	if code != 0 || errOut.Len() > 0 {
		t.Fatalf("%d: %s", code, errOut.String())
	}
	return out.String()
}

// All answers right are all points, for each message that there is.
func TestAllRight(t *testing.T) {
	good, faulty := questions()
	n := len(good) + len(faulty)
	out := played(t, n, 1, answers(t, n, 1, right))
	want := fmt.Sprintf("You have %d of %d points for %d of %d messages.", full*n, full*n, n, n)
	for _, want := range []string{want, ", a request\n", ", a response\n", ", a response to HEAD\n", "\nerror: "} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out[len(out)-300:])
		}
	}
	for line := range strings.Lines(out) {
		if len([]rune(line)) > 80 {
			t.Errorf("too wide for a terminal: %q", line)
		}
	}
}

// The letter of an option is as good as its name.
func TestLetters(t *testing.T) {
	good, faulty := questions()
	random := rand.New(rand.NewPCG(3, 0))
	var typed []string
	for _, q := range choose(random, 20, good, faulty) {
		options := q.options(random, faulty)
		if q.fault == nil {
			typed = append(typed, "ok")
			continue
		}
		if !q.isResponse() && strings.Contains(fmt.Sprint(options), "status") {
			t.Errorf("%q are options for a request", options)
		}
		i := slices.Index(options, q.rule.String())
		if len(options) != 4 || i < 0 {
			t.Fatalf("%q, want four and %s", options, q.rule)
		}
		typed = append(typed, fmt.Sprint("offset ", q.offset), string("ABCD"[i]))
	}
	if out := played(t, 20, 3, strings.Join(typed, "\n")); !strings.Contains(out, "You have 80 of 80") {
		t.Error(out)
	}
}

// An answer that is near gets half of the points.
func TestNear(t *testing.T) {
	q := question{octets: []byte("GET  / HTTP/1.0\r\n\r\n"), offset: 4, rule: httpwire.RuleRequestTarget,
		near: []httpwire.Rule{httpwire.RuleSP}}
	for _, tt := range []struct {
		offset, points int
		says           string
	}{
		{4, 2, "That is the octet."}, {5, 1, "Near: it is offset 4."}, {2, 1, "Near"},
		{1, 0, "The right line"}, {15, 0, "The right line"}, {17, 0, "No, it is offset 4."}, {9999, 0, "No"},
	} {
		v := q.place(tt.offset)
		if says := q.says(v, ""); v.points() != tt.points || !strings.HasPrefix(says, tt.says) {
			t.Errorf("%d: %d, %s", tt.offset, v.points(), says)
		}
	}
	for name, want := range map[string]int{"Request Target": 2, "request-target": 2, "sp": 1, "method": 0, "": 0} {
		if v, rule := q.named(name); v.points() != want || strings.Contains(q.says(v, rule), "{") {
			t.Errorf("%s: %d, %s", name, v.points(), q.says(v, rule))
		}
	}
	out := played(t, 20, 5, answers(t, 20, 5, func(q question) []string {
		if q.fault == nil {
			return []string{"0"}
		}
		return []string{fmt.Sprint(q.offset + 1), "a"}
	}))
	if !strings.Contains(out, "Near: it is offset ") || !strings.Contains(out, "No: it is well formed.") ||
		!strings.Contains(out, "1 of 4 points") {
		t.Error(out)
	}
}

// The rules that are near are those of the octets beside the right one.
func TestNearRules(t *testing.T) {
	for file, want := range map[string]string{"bad/two-spaces.http": "[method SP]",
		"bad/no-version-space.http": "[request-target SP]", "bad/asterisk.http": "[method SP request-target SP]"} {
		i := slices.IndexFunc(gallery.Bad, func(m gallery.Message) bool { return m.File == file })
		if q, _ := questionAbout(gallery.Bad[i]); fmt.Sprint(q.near) != want {
			t.Errorf("%s: %v, want %s", file, q.near, want)
		}
	}
}

// Each question of the page has four rules to choose from, and the right one is among them.
func TestOptionsOfPage(t *testing.T) {
	var page bytes.Buffer
	if err := writePage(&page, 7); err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"Rule":"([^"]*)","Options":(\[[^]]*\])`).FindAllSubmatch(page.Bytes(), -1) {
		var options []string
		err := json.Unmarshal(m[2], &options)
		slices.Sort(options)
		if err != nil || len(slices.Compact(options)) != 4 || options[0] == "" ||
			string(m[1]) != "" && !slices.Contains(options, string(m[1])) {
			t.Errorf("%q, %v for the rule %s", options, err, m[1])
		}
	}
}

// A row ends with a line, or where the next octet does not fit.
func TestRows(t *testing.T) {
	got := Rows([]byte("a\n" + strings.Repeat("b", 61) + "\n" + strings.Repeat("\xff", 16)))
	if want := "     0  a␊\n     2  " + strings.Repeat("b", 60) + "\n    62  b␊\n    64  " +
		strings.Repeat(`\xFF`, 15) + "\n    79  \\xFF\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// The same seed asks the same, and another seed something else.
func TestSeed(t *testing.T) {
	messages := func(seed uint64) (shown string) {
		answers(t, 5, seed, func(q question) []string { shown += Rows(q.octets); return nil })
		return shown
	}
	for _, chosen := range []func(seed uint64) string{messages,
		func(seed uint64) string { return played(t, 5, seed, "") }} {
		if first, again := chosen(7), chosen(7); first != again || first == chosen(8) {
			t.Error("the seed does not choose")
		}
	}
}

// The game ends with the input, or with q; what is no number or no rule is asked again.
func TestEnds(t *testing.T) {
	typed := answers(t, 5, 7, right)
	q := first(t, 7)
	one, offset := strings.Join(right(q), "\n"), strconv.Itoa(q.offset)
	for _, tt := range []struct{ typed, want string }{
		{"", "You have 0 of 0 points for 0 of 5 messages."},
		{"q\n" + typed, "You have 0 of 0 points for 0 of 5 messages."},
		{"quit\n" + typed, "You have 0 of 0 points for 0 of 5 messages."},
		{one, "You have 4 of 4 points for 1 of 5 messages."},
		{"ok\n", "No: at offset " + offset + " it breaks the rule " + q.rule.String() + "."},
		{offset + "\n", "You have 0 of 0 points for 0 of 5 messages."},
		{offset + "\n\nz\n", "(a to d) \nType a letter from a to d, or the name beside it, or q to end.\n" +
			"Which rule does it break? (a to d) z\nType a letter"},
		{"", "or 1 if it is at most 2 octets from"},
		{"what?\n-1\n" + typed, "Type a number such as 14, or ok if it is well formed, or q to end.\n"},
		{strings.Replace(typed, "\n", "\ntwo spaces\n\n999\n", 1),
			"Type a letter from a to d, or the name beside it, or q to end.\nWhich rule"},
		{"what?\n\n" + typed, "You have 20 of 20 points for 5 of 5 messages."},
	} {
		if out := played(t, 5, 7, tt.typed); !strings.Contains(out, tt.want) {
			t.Errorf("%q: no %q in %s", tt.typed, tt.want, out)
		}
	}
}

func first(t *testing.T, seed uint64) (q question) {
	t.Helper()
	answers(t, 1, seed, func(each question) []string { q = each; return nil })
	return q
}

// A mistake on the command line is explained in a sentence.
func TestCommandLine(t *testing.T) {
	for _, tt := range []struct {
		args string
		code int
		want string
	}{
		{"-h", 0, "-seed"}, {"-n 0", 2, "-n 0: write a number of 1 or more"}, {"3", 2, "\"3\" is not a flag: a number of messages follows -n"},
		{"-page -n 3", 2, "leave it out"}, {"-seed x", 2, "the flags are"}, {"-page -seed 7", 0, "</html>"}, {"-page -n 3 -verbose 3", 2, "-verbose"}, {"-n 1", 0, " of 1 message.\n"},
		{"-n 999", 0, "The same messages again"},
	} {
		var out bytes.Buffer
		code := Run(strings.Fields(tt.args), strings.NewReader(""), &out, &out, true)
		if code != tt.code || !strings.Contains(out.String(), tt.want) {
			t.Errorf("%s: %d %s", tt.args, code, out.String())
		}
	}
	var out bytes.Buffer
	if Run(nil, strings.NewReader("xyzzy\n"), &out, &out, false); strings.Contains(out.String(), "xyzzy") {
		t.Errorf("the answer is on the terminal twice: %s", out.String())
	}
}
