package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"rawhttp/examples/replay"
	"rawhttp/rawclient/cli"
)

// A player shows a lesson, or the tour. It runs each command and shows what that prints now, not
// what the page says.
type player struct {
	*screen
	addr  string
	open  []guess // questions that wait for the next command
	clock *clock
}

// A guess is what the student typed at a question.
type guess struct {
	question *question
	number   string
	said     string
	at       int // row of the question
}

func newPlayer(std cli.Stdio, addr string) *player {
	p := &player{screen: newScreen(std.Out), addr: addr, clock: realClock}
	if std.InTerminal && std.OutTerminal {
		p.keys = newKeyboard(std.In)
	}
	return p
}

// play shows the first of the lessons that are left, and names the next.
func (p *player) play(course []lesson) error {
	io.WriteString(p, typeAlong)
	if err := p.lesson(&course[0]); err != nil {
		return err
	}
	if len(course) > 1 {
		fmt.Fprintf(p, "Lesson %s ends here. Next is lesson %s:  go run ./examples %[2]s\n", course[0].number,
			course[1].number)
		return nil
	}
	_, err := fmt.Fprintf(p, "Lesson %s ends here, and with it the course. Test yourself:  go run ./examples quiz\n",
		course[0].number)
	return err
}

// lesson shows a lesson from its title to its answers. On a terminal it asks each question before
// the commands that answer it, and compares after they have run.
func (p *player) lesson(l *lesson) error {
	asks := p.keys != nil
	for i, step := range l.steps {
		if p.quit {
			return nil
		}
		if step.Command != "" {
			if err := p.command(step); err != nil {
				return err
			}
			if i+1 == len(l.steps) || l.steps[i+1].Command == "" {
				p.compare()
			}
			continue
		}
		for _, text := range inOnePiece(paragraphs(step.Prose)) {
			m := questionMark.FindStringSubmatch(text)
			if m == nil {
				p.compare()
			}
			if text == answersHeading && asks {
				return nil
			}
			p.show(text)
			switch {
			case m != nil && asks:
				p.ask(m[1], l.question(m[1]))
			case strings.HasPrefix(text, yourTurn) && asks:
				p.typeRequest("")
			}
		}
	}
	p.compare()
	return nil
}

// byHand begins a paragraph for readers who type everything themselves.
const byHand = "**By hand.**"

// inOnePiece joins a paragraph that ends with a colon and the one after it, so that both are seen
// on one screen. It leaves out what is for readers who type everything themselves.
func inOnePiece(all []string) (joined []string) {
	for _, text := range all {
		last := len(joined) - 1
		if last >= 0 && strings.HasSuffix(joined[last], ":") && !questionMark.MatchString(text) {
			joined[last] += "\n\n" + text
			continue
		}
		joined = append(joined, text)
	}
	return slices.DeleteFunc(joined, func(text string) bool { return strings.HasPrefix(text, byHand) })
}

const typeAlong = `(This program sends the commands of the lesson to a server of its own. To type
all of them yourself, use two more terminals: see examples/README.md. To end the
lesson, type q and Enter.)

`

// yourTurn begins a paragraph that asks the student for a request.
const yourTurn = "**Your turn.**"

// show shows a paragraph and an empty line.
func (p *player) show(text string) {
	if text = readable(text); text != "" {
		p.block(text + "\n\n")
	}
}

// command shows a command, waits, and runs it.
func (p *player) command(step replay.Step) error {
	fmt.Fprintf(p, "$ go run ./%s\n", step.Command)
	if slices.Contains(cli.Words(step.Command), "-i") && p.keys != nil {
		if p.typeRequest(firstLineOf(replay.Plain(step.Shown), "HTTP/")) {
			return nil
		}
		io.WriteString(p, "* Nothing was typed. This is what the page types:\n\n")
	} else {
		p.stop("(Enter sends it) ")
		if p.quit {
			return nil
		}
	}
	shown, exit := runCommand(context.Background(), step, p.addr, p.clock)
	if exit == noConnection {
		return fmt.Errorf("%s", shown)
	}
	io.WriteString(p, replay.Plain(shown))
	io.WriteString(p, "\n")
	return nil
}

const noConnection = 3 // an exit code of rawclient

// firstLineOf returns the first line of a text that begins so.
func firstLineOf(text, prefix string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, prefix) {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// typeRequest lets the student type a request, and sends it. If the status line is not the wanted
// one, or "HTTP/1.0 200 OK" if none is given, the student may type it again. It reports whether
// anything was typed.
func (p *player) typeRequest(want string) bool {
	if want == "" {
		want = "HTTP/1.0 200 OK"
	}
	for p.keys != nil {
		io.WriteString(p, "* Type the request. Enter sends CR LF; an empty line ends the head.\n")
		var head []string
		for line := p.stop(requestPrompt); line != ""; line = p.stop(requestPrompt) {
			head = append(head, line)
		}
		if len(head) == 0 {
			return false
		}
		var shown bytes.Buffer
		cli.Run(context.Background(), append([]string{"-addr", p.addr}, head...),
			cli.Stdio{Out: &shown, Err: &shown, OutTerminal: true})
		io.WriteString(p, replay.Plain(shown.String())+"\n")
		got := firstLineOf(shown.String(), "HTTP/")
		if got == want {
			return true
		}
		again := p.stop("(The page has  " + want + ".  Type a to try again, or Enter to go on) ")
		if !strings.HasPrefix(strings.ToLower(again), "a") {
			return true
		}
	}
	return false
}

// ask waits for an answer and keeps it until the next command has run.
func (p *player) ask(number string, q *question) {
	prompt := "Your guess, or Enter to see: "
	if q.open() {
		prompt = "Your reason, or Enter to see: "
	}
	if p.keys != nil {
		p.keys.flush()
	}
	at := p.total
	p.open = append(p.open, guess{q, number, strings.TrimSpace(p.stop(prompt)), at})
	io.WriteString(p, "\n")
}

// compare says of each open question what was measured. It repeats a question that has scrolled out
// of view.
func (p *player) compare() {
	for _, g := range p.open {
		var b strings.Builder
		if p.total-g.at > p.room()/2 || len(p.open) > 1 {
			fmt.Fprintf(&b, "Question %s. %s\n", g.number, readable(g.question.text))
		}
		if g.said != "" {
			fmt.Fprintf(&b, "You said: %s\n", g.said)
		}
		switch {
		case !g.question.open():
			b.WriteString(judge(g.question.text, g.said, g.question.short))
		case g.said != "":
			b.WriteString("Compare: ")
		default:
			b.WriteString("The answer: ")
		}
		b.WriteString(readable(g.question.answer))
		p.block(b.String() + "\n\n")
	}
	p.open = nil
}

func (l *lesson) question(number string) *question {
	var n int
	fmt.Sscan(number, &n)
	return &l.questions[n-1]
}

var (
	title    = regexp.MustCompile(`(?m)^#+ (.*)$`)
	link     = regexp.MustCompile(`\[([^]]*)\]\(([^)]*)\)`)
	emphasis = regexp.MustCompile(`\*(\w+)\*`)
	ruler    = regexp.MustCompile(`(?m)^\|[ |-]+\|\n`) // below the head of a table
	tag      = regexp.MustCompile("(?m)^(</?(details|summary)|```).*\n?")
)

// readable removes from a paragraph the marks that only a browser uses.
func readable(text string) string {
	text = tag.ReplaceAllString(text, "")
	text = ruler.ReplaceAllString(text, "")
	text = link.ReplaceAllString(text, "$1")
	text = strings.ReplaceAll(text, "**", "")
	text = emphasis.ReplaceAllString(text, "$1")
	return strings.Trim(title.ReplaceAllStringFunc(text, func(line string) string {
		words := title.FindStringSubmatch(line)[1]
		return words + "\n" + strings.Repeat("=", len(words))
	}), "\n")
}
