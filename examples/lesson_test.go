package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"rawhttp/examples/foreign"
	"rawhttp/examples/paper"
	"rawhttp/examples/replay"
	"rawhttp/rawclient/cli"
	"rawhttp/server/app"
)

var update = flag.Bool("update", false, "rewrite the lessons with what was printed and measured")

// playOn is a variable of the environment with which this program is not a test: it runs its command
// line, "piped" or on a "terminal".
const playOn = "RAWHTTP_EXAMPLES_PLAY"

// A test that kills servers starts this program as a server, and one that plays many lessons starts it
// for each of them, since a lesson has the current directory to itself.
func TestMain(m *testing.M) {
	if file := os.Getenv(bookServer); file != "" {
		os.Exit(serveBookFile(file, os.Stdin, os.Stdout))
	}
	if on := os.Getenv(playOn); on != "" {
		realClock = frozen()
		os.Exit(run(os.Args[1:], cli.Stdio{In: struct{ io.Reader }{os.Stdin}, Out: os.Stdout, Err: os.Stderr,
			InTerminal: on == "terminal", OutTerminal: on == "terminal"}))
	}
	os.Exit(foreign.Waiting(m))
}

// program returns a command that starts this program on "piped" or "terminal".
func program(on string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), playOn+"="+on)
	return cmd
}

// Each lesson shows what its commands print when a fresh server gets them in this order. Its answers
// are what was measured there.
func TestLessons(t *testing.T) {
	foreign.Short(t)
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir("..") // where the commands are typed
	if *update {
		t.Cleanup(func() {
			_, key := withKey(t, "examples/TEACHER.md", course)
			if err := os.WriteFile("examples/TEACHER.md", []byte(key), 0o644); err != nil {
				t.Error(err)
			}
		})
	}
	for _, q := range questions {
		if !slices.ContainsFunc(course, func(l lesson) bool { return l.number == q.lesson }) {
			t.Errorf("there is no lesson %s, which a row of questions_test.go is about", q.lesson)
		}
	}
	for i, l := range course {
		t.Run(l.title, func(t *testing.T) {
			t.Parallel()
			if l.number != strconv.Itoa(i+1) || !strings.HasPrefix(l.file, "lessons/"+l.number) {
				t.Errorf("%s is number %s, and comes as number %d", l.file, l.number, i+1)
			}
			server := serve(t, app.Options{})
			p := &played{t: t, tap: newTap(t, server), server: server}
			page := answered(p, l, replay.Markdown(replayed(p, l)))
			if page == l.page || !*update {
				return
			}
			if err := os.WriteFile("examples/"+l.file, []byte(page), 0o644); err != nil {
				t.Fatal(err)
			}
			written, err := readLesson(l.file, page)
			if err != nil {
				t.Error(err)
			}
			course[i] = written
		})
	}
}

func serve(t *testing.T, o app.Options) (addr string) {
	t.Helper()
	server, err := replay.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server.Addr
}

// replayed runs the commands of a lesson and returns its steps with what they show now.
func replayed(p *played, l lesson) []replay.Step {
	steps := replay.Steps(l.page)
	for i, s := range steps {
		if s.Command == "" {
			continue
		}
		shown := p.run(s)
		if replay.Fits(shown, s.Shown) {
			continue
		}
		steps[i].Shown = short(shown, s.Shown)
		if !*update {
			p.t.Errorf("%s: go run ./%s\n%s\n(go test ./examples -update rewrites the page)",
				l.file, s.Command, foreign.Difference(steps[i].Shown, s.Shown))
		}
	}
	return steps
}

// short returns what to show of a long output: where the page ended early, it will again.
func short(shown, was string) string {
	if lines, early := strings.CutSuffix(was, "\n...\n"); early {
		n := strings.Count(lines, "\n") + 1
		return strings.Join(strings.SplitAfter(shown, "\n")[:n], "") + "...\n"
	}
	return shown
}

// answered measures the answers and returns the page with them.
func answered(p *played, l lesson, page string) string {
	asked := map[string]func(*played) string{}
	for _, q := range questions {
		if q.lesson == l.number {
			asked[q.question] = q.measure
		}
	}
	for n, q := range l.questions {
		text := strings.Join(strings.Fields(q.text), " ")
		if q.open() {
			continue
		}
		measure := asked[text]
		if delete(asked, text); measure == nil {
			p.t.Errorf("%s: questions_test.go has no row {%q, %q, ...} that measures the answer to question %d",
				l.file, l.number, text, n+1)
			continue
		}
		got := measure(p)
		if got != q.short && !*update {
			p.t.Errorf("%s: %s\nThe page says %q, measured was %q", l.file, text, q.short, got)
		}
		mark := fmt.Sprintf("\n%d. **", n+1)
		page = strings.Replace(page, mark+q.short+"**", mark+got+"**", 1)
	}
	for text := range asked {
		p.t.Errorf("%s does not ask %q, which questions_test.go measures", l.file, text)
	}
	return page
}

// A request that a page shows before it is sent is the file that is sent, as far as text can be.
func TestExcerpts(t *testing.T) {
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, l := range course {
		excerpt := ""
		for _, s := range l.steps {
			for line := range strings.Lines(s.Prose) {
				if text, ok := strings.CutPrefix(line, "    "); ok && !strings.HasPrefix(text, "go run ") {
					excerpt += text
				} else if line == "\n" && excerpt != "" {
					excerpt += line
				}
			}
			if s.Command == "" || excerpt == "" {
				continue
			}
			name := find(`examples/(\S+\.http)`, s.Command)
			file, err := readExample(name)
			if err != nil {
				t.Errorf("%s: %v", l.file, err)
			}
			if text := replay.Plain(string(file)); strings.TrimSpace(text) != strings.TrimSpace(excerpt) {
				t.Errorf("%s shows\n%s\nand sends %s\n%s", l.file, excerpt, name, text)
			}
			excerpt = ""
			shown++
		}
	}
	if shown < 5 {
		t.Errorf("only %d files are shown", shown)
	}
}

// An answer that gives a reason names the section of an RFC that supports it. Two questions of three
// ask why, or what if.
func TestReasons(t *testing.T) {
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	section := regexp.MustCompile(`RFC\s+\d+\s+section\s+\d`)
	thinking, all := 0, 0
	for _, l := range course {
		for n, q := range l.questions {
			if all++; q.open() || strings.Contains(q.text, "What if ") {
				thinking++
			}
			if q.open() && !section.MatchString(q.answer) {
				t.Errorf("%s: the answer to question %d names no section: %s", l.file, n+1, q.answer)
			}
		}
	}
	if 3*thinking < 2*all {
		t.Errorf("%d of %d questions ask why or what if", thinking, all)
	}
}

// A question stands before the command that answers it, so that a reader predicts first.
func TestPredictThenSee(t *testing.T) {
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range course {
		before := 0
		for i, s := range l.steps {
			text := strings.TrimSpace(s.Prose)
			last := text[strings.LastIndex(text, "\n\n")+1:]
			if i+1 < len(l.steps) && l.steps[i+1].Command != "" &&
				questionMark.MatchString(strings.TrimSpace(last)) {
				before++
			}
		}
		if before < 2 {
			t.Errorf("%s: %d commands follow a question, want at least 2", l.file, before)
		}
	}
}

// The prose of a lesson fits a terminal of 80 columns.
func TestProseFits(t *testing.T) {
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range course {
		for _, s := range l.steps {
			for line := range strings.Lines(s.Prose) {
				indented := strings.HasPrefix(line, "    ")
				if n := utf8.RuneCountInString(strings.TrimRight(paper.Plain(line), " \n")); n > 80 && !indented {
					t.Errorf("%s: %d columns: %s", l.file, n, line)
				}
			}
		}
	}
}

// TEACHER.md ends with the answers of the lessons. TestLessons rewrites them.
func TestKey(t *testing.T) {
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	if page, want := withKey(t, "TEACHER.md", course); page != want && !*update {
		t.Errorf("the key of TEACHER.md is not that of the lessons (go test ./examples -update rewrites it)\n%s",
			foreign.Difference(want, page))
	}
}

// withKey returns a page, and what it is with the key of the course.
func withKey(t *testing.T, file string, course []lesson) (page, want string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ := strings.Cut(string(b), keyHeading)
	return string(b), text + keyHeading + key(course)
}

const keyHeading = "## Key\n"

// key returns the answers of all lessons in short.
func key(course []lesson) string {
	var b strings.Builder
	b.WriteString("\nThe explanations are at the end of each lesson. A reason may have other words.\n")
	for _, l := range course {
		fmt.Fprintf(&b, "\n**%s. %s**\n\n", l.number, l.title)
		for n, q := range l.questions {
			fmt.Fprintf(&b, "%d. %s\n", n+1, q.short)
		}
	}
	return b.String()
}

// Each word in bold is in the glossary, whose words are in order.
func TestGlossary(t *testing.T) {
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("GLOSSARY.md")
	if err != nil {
		t.Fatal(err)
	}
	glossary := strings.ToLower(string(page))
	bold := regexp.MustCompile(`\*\*([^*]+)\*\*`)
	for _, l := range course {
		text, _, _ := strings.Cut(l.page, answersHeading)
		for _, m := range bold.FindAllStringSubmatch(text, -1) {
			word := strings.ToLower(m[1])
			if strings.HasPrefix(word, "question ") || strings.HasPrefix(m[0], yourTurn) || m[0] == byHand {
				continue
			}
			if !regexp.MustCompile(`(?m)^\| ([^|]*, )?` + strings.TrimSuffix(word, "s") + `[ed,]* `).MatchString(glossary) {
				t.Errorf("lesson %s: %q is bold, and GLOSSARY.md has no row that begins  | %[2]s |", l.number, word)
			}
		}
	}
	row := regexp.MustCompile(`(?m)^\| ([^ |,]+)`)
	var words []string
	for _, m := range row.FindAllStringSubmatch(glossary, -1)[2:] {
		words = append(words, m[1])
	}
	if !slices.IsSorted(words) {
		t.Errorf("the words are not in order: %q", words)
	}
}

// The cheat sheet fits on a page of paper, and its status codes have their names.
func TestCheatSheet(t *testing.T) {
	page, err := os.ReadFile("CHEATSHEET.md")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(page), "\n"); n > 80 {
		t.Errorf("%d lines", n)
	}
	codes := regexp.MustCompile(`\| (\d{3}) ([^|]+) \|`).FindAllStringSubmatch(string(page), -1)
	for _, m := range codes {
		code, _ := strconv.Atoi(m[1])
		if http.StatusText(code) != m[2] {
			t.Errorf("%d is %q", code, http.StatusText(code))
		}
	}
	if len(codes) < 10 {
		t.Errorf("only %d status codes", len(codes))
	}
}

// The list of what can be played fits a terminal and names each lesson.
func TestContents(t *testing.T) {
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	list := contents(course)
	for _, l := range course {
		if !strings.Contains(list, "\n  "+l.number+"  ") || !strings.Contains(list, "  "+l.title+"\n") {
			t.Errorf("no lesson %s in\n%s", l.number, list)
		}
	}
	for _, o := range others {
		if !strings.Contains(list, "\n  "+o.command+"  ") || !strings.Contains(list, "  "+o.does+"\n") {
			t.Errorf("%q and what it does do not stand apart in\n%s", o.command, list)
		}
	}
	for line := range strings.Lines(list) {
		if utf8.RuneCountInString(line) > 80 {
			t.Errorf("wider than a terminal: %s", line)
		}
	}
}
