package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"rawhttp/examples/replay"
	"rawhttp/httpwire"
)

var update = flag.Bool("update", false, "rewrite the lessons with what was printed and measured")

const base = "/address_book/api/v1.0/addresses"

// The answers to the questions of the lessons, each measured. The words of a question stand here
// once more, so that nobody changes a question and keeps its answer.
var questions = []struct {
	lesson, question string
	measure          func(p *played) string
}{
	{"1", "What is the first line of the answer, its status line?",
		func(p *played) string { return firstLine(p.received(1)) }},
	{"1", "How many octets did this request with HEAD have, ends of lines and all?",
		func(p *played) string { return length(p.sent(2)) }},
	{"1", "What is its post code?",
		func(p *played) string {
			return find(`"post_code": "(.*)"`, p.ask("GET "+base+"/2 HTTP/1.0"))
		}},
	{"1", "Which number stands in the status line now?",
		func(p *played) string { return status(p.ask("GET " + base + "/999 HTTP/1.0")) }},
	{"1", "How many links are behind it? (Count the `href`.)",
		func(p *played) string {
			return strconv.Itoa(strings.Count(p.ask("GET / HTTP/1.0"), `"href"`))
		}},

	{"2", "How many octets has the body?",
		func(p *played) string { return length(body(p.received(1))) }},
	{"2", "At which offset does the body of the first answer begin?",
		func(p *played) string { return headLen(p.received(1)) }},
	{"2", "How many octets did the first answer have, head and body?",
		func(p *played) string { return length(p.received(1)) }},
	{"2", "How many fields has the head? (Each is one line, however far it goes round the edge of " +
		"your screen.)",
		func(p *played) string { return strconv.Itoa(len(p.answer(1).Fields)) }},
	{"2", "Which field says that this body is a description of a problem and not an address? " +
		"Give its value.",
		func(p *played) string {
			return p.same(string(p.answer(3).Fields.Get("Content-Type")), "application/problem+json")
		}},

	{"3", "At which offset did the server expect the empty line?",
		func(p *played) string { return p.same(fault(p.received(2)), length(p.sent(2))) }},
	{"3", "How many octets were missing?",
		func(p *played) string {
			return p.same("2", missing(p.sent(2), "\r\n"))
		}},
	{"3", "At which offset of the request does the first of these four octets stand?",
		func(p *played) string { return strconv.Itoa(strings.Index(p.sent(3), "\r\n\r\n")) }},
	{"3", "Which status code is it?",
		func(p *played) string { return status(p.received(4)) }},
	{"3", "How many octets of that file did the server read as the head?",
		func(p *played) string {
			var req httpwire.Request
			n, err := httpwire.ConsumeRequestHead([]byte(p.sent(4)), &req)
			if err != nil {
				p.t.Error(err)
			}
			return p.same(headLen(p.sent(4)), strconv.Itoa(n))
		}},

	{"4", "How many octets of body were sent?",
		func(p *played) string { return length(body(p.sent(1))) }},
	{"4", "Which field of the answer says where the new address is? Give its name.",
		func(p *played) string {
			p.same(status(p.ask("GET "+base+"/3 HTTP/1.0")), "200")
			return p.field(1, func(v string) bool { return strings.HasSuffix(v, base+"/3") })
		}},
	{"4", "Which are the last four octets that it took for the body?",
		func(p *played) string { return body(p.sent(4))[15-4 : 15] }},
	{"4", "How many octets did the server still expect?",
		func(p *played) string {
			announced, _ := strconv.Atoi(find(`Content-Length: (\d+)`, p.sent(5)))
			n := strconv.Itoa(announced - len(body(p.sent(5))))
			if !strings.Contains(body(p.received(5)), n) {
				p.t.Errorf("the answer does not say %s: %s", n, p.received(5))
			}
			return n
		}},
	{"4", "How many characters (letters, digits, spaces, marks) has this body, if é is one?",
		func(p *played) string { return strconv.Itoa(utf8.RuneCountInString(body(p.sent(6)))) }},

	{"5", "After how many octets of body may a client be sure that it has everything?",
		func(p *played) string {
			announced := string(p.answer(1).Fields.Get("Content-Length"))
			return p.same(announced, length(body(p.received(1))))
		}},
	{"5", "How many octets of this file were never answered?",
		func(p *played) string {
			p.same(strconv.Itoa(strings.Count(p.received(2), "HTTP/1.0 200")), "1")
			return length(body(p.sent(2)))
		}},
	{"5", "How many connections were opened for these two requests?",
		func(p *played) string {
			p.same(strconv.Itoa(strings.Count(p.received(4), "HTTP/1.0 200")), "2")
			return strconv.Itoa(p.sends[3].connections)
		}},
	{"5", "And how many by the four commands of this page together?",
		func(p *played) string {
			n := 0
			for _, s := range p.sends {
				n += s.connections
			}
			return strconv.Itoa(n)
		}},
	{"5", "How many octets longer is a request that asks to keep the connection?",
		func(p *played) string { return strconv.Itoa(len(p.sent(3)) - len(p.sent(1))) }},

	{"6", "Which octet is wrong: the first space or the second one? Give its offset.",
		func(p *played) string { return fault(p.received(1)) }},
	{"6", "At which offset does the server give up?",
		func(p *played) string { return fault(p.received(2)) }},
	{"6", "At which offset does the name stop being one?",
		func(p *played) string { return fault(p.received(3)) }},
	{"6", "At which offset does the line begin that the server will not have?",
		func(p *played) string {
			second := strings.LastIndex(p.sent(4), "Content-Length")
			return p.same(fault(p.received(4)), strconv.Itoa(second))
		}},
	{"6", "What is the first octet of it? Write two hexadecimal digits. (Try `-hex`.)",
		func(p *played) string { return fmt.Sprintf("%02X", p.sent(5)[0]) }},
	{"6", "Which one?",
		func(p *played) string {
			var all []string
			for n := range p.sends {
				all = append(all, status(p.received(n+1)))
			}
			return p.same(all...)
		}},

	{"7", "How many octets of head has this answer?",
		func(p *played) string {
			return strconv.Itoa(len(p.received(1)) - len(body(p.received(2))))
		}},
	{"7", "How many octets does the head add to the body?",
		func(p *played) string { return headLen(p.received(2)) }},
	{"7", "Which version does this server answer with?",
		func(p *played) string { return find(`^(\S+) `, p.received(3)) }},
	{"7", "Are the three bodies the same, octet for octet? (yes or no)",
		func(p *played) string {
			p.same(p.received(1), body(p.received(2)), body(p.received(3)))
			return "yes"
		}},
	{"7", "At which offset did the server miss it?",
		func(p *played) string { return fault(p.received(4)) }},
	{"7", "Which status code says so?",
		func(p *played) string { return status(p.received(5)) }},

	{"8", "Which line of the answer may differ, however often you ask? Give the name of the field.",
		func(p *played) string {
			const name = "Date"
			line := regexp.MustCompile(`\r\n` + name + `: .*`)
			p.same(line.FindString(p.received(1)),
				"\r\n"+name+": "+string(p.answer(1).Fields.Get(name))+"\r")
			p.same(line.ReplaceAllString(p.received(1), ""), line.ReplaceAllString(p.received(2), ""))
			return name
		}},
	{"8", "Which field answers that? Give its name.",
		func(p *played) string {
			return p.field(3, func(v string) bool { return strings.Contains(v, "GET, HEAD") })
		}},
	{"8", "Which status code is it?",
		func(p *played) string { return status(p.received(4)) }},
	{"8", "What is the href of the link whose rel is collection?",
		func(p *played) string { return p.link(5, "collection") }},
	{"8", "Which field of the answer to POST told you that target? Give its name.",
		func(p *played) string {
			p.followed(5, 9)
			return p.field(6, func(v string) bool { return strings.HasSuffix(v, p.target(7)) })
		}},
	{"8", "Why has this answer no body? Give the code that says so.",
		func(p *played) string {
			p.same(p.target(8), find(`Link: .*<([^>]*)>; rel="edit"`, p.received(7)))
			p.same(status(p.received(9)), "404")
			return status(p.received(8))
		}},
	{"8", "By how many octets is this request longer than the one for the path alone?",
		func(p *played) string {
			p.same(body(p.received(10)), body(p.ask("GET "+base+"/1 HTTP/1.0")))
			alone := "GET " + base + "/1 HTTP/1.0\r\n\r\n"
			return strconv.Itoa(len(p.sent(10)) - len(alone))
		}},
}

// Each lesson shows what its commands print, in their order on a fresh server, and answers its
// questions with what was measured there.
func TestLessons(t *testing.T) {
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	if len(course) != 8 {
		t.Errorf("%d lessons", len(course))
	}
	t.Chdir("..") // where the commands are typed
	for i, l := range course {
		t.Run(l.title, func(t *testing.T) {
			if l.number != strconv.Itoa(i+1) || !strings.HasPrefix(l.file, "lessons/"+l.number) {
				t.Errorf("%s is number %s, and comes as number %d", l.file, l.number, i+1)
			}
			p := &played{t: t, tap: newTap(t, serve(t))}
			page := answered(p, l, replay.Markdown(replayed(p, l)))
			if page != l.page && *update {
				if err := os.WriteFile("examples/"+l.file, []byte(page), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func serve(t *testing.T) string {
	t.Helper()
	addr, stop, err := replay.ServeBook()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return addr
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
				l.file, s.Command, difference(steps[i].Shown, s.Shown))
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

// difference tells of the first line that is not the same.
func difference(prints, page string) string {
	got, want := strings.Split(prints, "\n"), strings.Split(page, "\n")
	n := 0
	for n < min(len(got), len(want))-1 && got[n] == want[n] {
		n++
	}
	return fmt.Sprintf("line %d is %q, the page has %q", n+1, got[n], want[n])
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
		measure := asked[text]
		if delete(asked, text); measure == nil {
			p.t.Errorf("%s: nobody measures the answer to question %d, %q", l.file, n+1, text)
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
		p.t.Errorf("%s does not ask %q", l.file, text)
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
			name := find(`-in examples/(\S+)`, s.Command)
			file, err := files.ReadFile(name)
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
