package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"rawhttp/examples/replay"
	"rawhttp/rawclient/cli"
)

// A player shows a lesson, or the tour. What its commands print is what they print now: the page
// is not believed.
type player struct {
	addr string
	out  io.Writer
	keys *bufio.Reader // nil if nobody is there to press Enter
}

func newPlayer(std cli.Stdio, addr string) *player {
	p := &player{addr: addr, out: std.Out}
	if std.InTerminal && std.OutTerminal {
		p.keys = bufio.NewReader(std.In)
	}
	return p
}

// play shows the first of the lessons that are left, and tells of the next.
func (p *player) play(course []lesson) error {
	fmt.Fprint(p.out, typeAlong)
	if err := p.lesson(&course[0]); err != nil {
		return err
	}
	if len(course) > 1 {
		fmt.Fprintf(p.out, "Next is lesson %s:  go run ./examples %[1]s\n", course[1].number)
	}
	return nil
}

// lesson shows a lesson from its title to its answers. Who is asked gets each answer at once.
func (p *player) lesson(l *lesson) error {
	asks := p.keys != nil
	for _, step := range l.steps {
		if step.Command != "" {
			if err := p.command(step); err != nil {
				return err
			}
			continue
		}
		for _, text := range paragraphs(step.Prose) {
			if text == answersHeading && asks {
				return nil
			}
			p.show(text)
			if m := questionMark.FindStringSubmatch(text); m != nil && asks {
				p.ask(l.question(m[1]))
			}
		}
	}
	return nil
}

const typeAlong = `(The commands of this lesson are sent for you, to a server of their own. To type
them yourself, use two terminals more, as examples/README.md says.)

`

// show prints a paragraph, blank line and all.
func (p *player) show(text string) {
	if text = readable(text); text != "" {
		fmt.Fprintf(p.out, "%s\n\n", text)
	}
}

// command shows a command, waits, and runs it.
func (p *player) command(step replay.Step) error {
	fmt.Fprintf(p.out, "$ go run ./%s\n", step.Command)
	p.wait("(Enter sends it) ")
	shown, exit := step.Client(context.Background(), p.addr)
	if exit == noConnection {
		return fmt.Errorf("%s", shown)
	}
	p.pages(replay.Plain(shown))
	fmt.Fprintln(p.out)
	return nil
}

// pages prints a text, and waits when a screen is full, unless little is left.
func (p *player) pages(text string) {
	lines := slices.Collect(strings.Lines(text))
	for n, line := range lines {
		if n > 0 && n%screenful == 0 && len(lines)-n > screenful/4 {
			p.wait("(Enter shows more) ")
		}
		io.WriteString(p.out, line)
	}
}

const (
	noConnection = 3  // an exit code of rawclient
	screenful    = 20 // lines that are shown at once; a small terminal has 24
)

// ask lets somebody answer, and tells them what was measured.
func (p *player) ask(q *question) {
	given := strings.Trim(p.wait("Your answer, or Enter to see it: "), " .\t\r\n")
	if strings.EqualFold(given, strings.Trim(q.short, ".")) {
		io.WriteString(p.out, "Right. ")
	} else {
		io.WriteString(p.out, "Answer: ")
	}
	p.show(q.answer)
}

// wait shows a prompt and returns the line that is typed there. When nothing can be typed any more,
// the lesson goes straight on.
func (p *player) wait(prompt string) string {
	if p.keys == nil {
		return ""
	}
	io.WriteString(p.out, prompt)
	line, err := p.keys.ReadString('\n')
	if err != nil {
		p.keys = nil
	}
	return line
}

func (l *lesson) question(number string) *question {
	var n int
	fmt.Sscan(number, &n)
	return &l.questions[n-1]
}

var (
	title = regexp.MustCompile(`(?m)^#+ (.*)$`)
	link  = regexp.MustCompile(`\[([^]]*)\]\(([^)]*)\)`)
	tag   = regexp.MustCompile(`(?m)^</?(details|summary).*\n?`)
)

// readable takes from a paragraph the marks that only a browser makes use of.
func readable(text string) string {
	text = tag.ReplaceAllString(text, "")
	text = link.ReplaceAllString(text, "$1")
	text = strings.ReplaceAll(text, "**", "")
	return strings.Trim(title.ReplaceAllStringFunc(text, func(line string) string {
		words := title.FindStringSubmatch(line)[1]
		return words + "\n" + strings.Repeat("=", len(words))
	}), "\n")
}
