package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rawhttp/examples/paper"
	"rawhttp/examples/replay"
	"rawhttp/rawclient/cli"
)

// A player shows a lesson, or the tour. It runs each command and shows what that prints now, not
// what the page says.
type player struct {
	*screen
	addr  string
	dir   string  // where the commands run, and nothing else
	open  []guess // questions that wait for the next command
	clock *clock

	guesses, right int // that were judged
	skipped        int // questions without a guess or a reason
}

// A guess is what the student typed at a question.
type guess struct {
	question *question
	number   string
	said     string
	at       int // row of the question
}

func newPlayer(std cli.Stdio, addr, dir string) *player {
	p := &player{screen: newScreen(std.Out), addr: addr, dir: dir, clock: realClock}
	if std.InTerminal && std.OutTerminal {
		p.keys = newKeyboard(std.In)
	}
	return p
}

// play shows the first of the lessons that are left, and names the next.
func (p *player) play(course []lesson) error {
	out, l := p.out, &course[0]
	_, port, _ := strings.Cut(p.addr, ":")
	fmt.Fprintf(p, typeAlong, port)
	if err := p.lesson(l); err != nil {
		return err
	}
	if p.quit {
		_, err := fmt.Fprintf(out, "You have left lesson %s. To start it again:  go run ./examples %[1]s\n", l.number)
		return err
	}
	end := fmt.Sprintf("Lesson %s ends here.%s", l.number, p.score())
	if len(course) == 1 {
		end += " It was the last one. Test yourself:\n\n  go run ./examples quiz\n"
	} else {
		next := &course[1]
		end += fmt.Sprintf("\nNext is lesson %s, %s:\n\n  go run ./examples %[1]s\n", next.number, next.title)
	}
	p.block(end)
	return nil
}

// score says how many guesses were right, and how many are missing.
func (p *player) score() (says string) {
	if p.guesses > 0 {
		says = fmt.Sprintf(" Right guesses: %d of %d.", p.right, p.guesses)
	}
	if p.skipped > 0 {
		says += fmt.Sprintf(" Questions left out: %d.", p.skipped)
	}
	return says
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
			m, isTurn := questionMark.FindStringSubmatch(text), strings.HasPrefix(text, yourTurn)
			if m == nil && !isTurn { // the request that the student types may answer the questions
				p.compare()
			}
			if text == answersHeading && asks {
				return nil
			}
			if isTurn && asks {
				text += "\n\n" + typeIt // what is typed where the screen stops is lost
			}
			p.show(text)
			switch {
			case m != nil && asks:
				p.ask(m[1], l.question(m[1]))
			case isTurn && asks:
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

// typeAlong has room for the port of the server.
const typeAlong = `(This program sends the commands of the lesson to a server of its own, which has
port %s instead of 12345. To type all of them yourself, use two more
terminals: see examples/README.md. To leave the lesson, type q and Enter.)

`

// yourTurn begins a paragraph that asks the student for a request.
const yourTurn = "**Your turn.**"

// show shows a paragraph and an empty line.
func (p *player) show(text string) {
	if text = paper.Plain(text); text != "" {
		p.block(text + "\n\n")
	}
}

// command shows a command, waits, and runs it.
func (p *player) command(step replay.Step) error {
	shownCommand := fmt.Sprintf("$ go run ./%s\n", step.Command)
	if slices.Contains(cli.Words(step.Command), "-i") && p.keys != nil {
		p.block(shownCommand + typeIt + "\n")
		if p.typeRequest(firstLineOf(replay.Plain(step.Shown), "HTTP/")) || p.quit {
			return nil
		}
		io.WriteString(p, "* Nothing was typed. This is what the page types:\n\n")
	} else {
		io.WriteString(p, shownCommand)
		p.stop("(Enter sends it) ")
		if p.quit {
			return nil
		}
	}
	if err := p.copyFiles(step.Command); err != nil {
		return err
	}
	var shown string
	var err error
	p.wait(func() { shown, _, err = runCommand(context.Background(), step, p.addr, p.clock) })
	if err != nil {
		return err
	}
	p.output(replay.Plain(shown) + "\n")
	return nil
}

// copyFiles copies the examples that a command names to where it runs.
func (p *player) copyFiles(command string) error {
	for _, word := range cli.Words(command) {
		name, ok := strings.CutPrefix(word, "examples/")
		if !ok {
			continue
		}
		content, err := readExample(name)
		if err != nil {
			return err
		}
		to := filepath.Join(p.dir, "examples", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(to, content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// A command that takes longer than this is said to be running.
const soon = 700 * time.Millisecond

const running = "* The command is still running.\n"

// wait waits until a command has run. On a terminal it says that it waits.
func (p *player) wait(run func()) {
	done := make(chan bool)
	go func() { run(); close(done) }()
	select {
	case <-done:
	case <-time.After(soon):
		if p.keys != nil {
			io.WriteString(p, running)
		}
		<-done
	}
}

// firstLineOf returns the first line of a text that begins so.
func firstLineOf(text, prefix string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, prefix) {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// typeIt asks for a request.
const typeIt = "* Type the request. Enter sends CR LF; an empty line ends the head."

// typeRequest lets the student type a request, and sends it. If the status-line is not the wanted
// one, or "HTTP/1.0 200 OK" if none is given, the student may type it again. It reports whether
// anything was typed.
func (p *player) typeRequest(want string) bool {
	if want == "" {
		want = "HTTP/1.0 200 OK"
	}
	for p.keys != nil {
		p.keys.flush()
		var head []string
		for line := p.stop(requestPrompt); line != ""; line = p.stop(requestPrompt) {
			if head = append(head, line); isQuit(head[0]) {
				p.leave()
				break
			}
		}
		if len(head) == 0 || p.quit {
			return false
		}
		var shown bytes.Buffer
		cli.Run(context.Background(), append([]string{"-addr", p.addr, "--"}, head...),
			cli.Stdio{Out: &shown, Err: &shown, OutTerminal: true})
		p.output(replay.Plain(shown.String()) + "\n")
		got := firstLineOf(shown.String(), "HTTP/")
		if got == want {
			return true
		}
		again := p.stop("(This is not  " + want + ".  Type a to try again, or Enter to go on) ")
		if !strings.HasPrefix(strings.ToLower(again), "a") {
			return true
		}
		io.WriteString(p, typeIt+"\n")
	}
	return false
}

// ask waits for an answer and keeps it until the next command has run.
func (p *player) ask(number string, q *question) {
	prompt := "Your guess, or Enter to see: "
	if q.open() {
		prompt = "Your reason, or Enter to see: "
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
			fmt.Fprintf(&b, "Question %s. %s\n", g.number, paper.Plain(g.question.text))
		}
		if g.said != "" {
			fmt.Fprintf(&b, "You said: %s\n", g.said)
		}
		switch {
		case !g.question.open():
			verdict := judge(g.question.text, g.said, g.question.short)
			b.WriteString(verdict)
			if verdict == noAnswer {
				p.skipped++
			} else {
				p.guesses++
			}
			if verdict == rightAnswer {
				p.right++
			}
		case g.said != "":
			b.WriteString("Compare: ")
		default:
			b.WriteString(noAnswer)
			p.skipped++
		}
		b.WriteString(paper.Plain(g.question.answer))
		p.block(b.String() + "\n\n")
	}
	p.open = nil
}
