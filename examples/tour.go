package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"rawhttp/httpwire/visible"
	"rawhttp/rawclient/cli"
)

// tour sends the requests of the transcripts and shows each exchange three times: the octets sent,
// the octets received, and the meaning of each of them. It shows what the commands print now.
//
// On a terminal an exchange has two screens at most, and a key shows the rest. In a pipe all of it
// is printed.
func (p *player) tour() error {
	all, err := tourSteps()
	if err != nil {
		return err
	}
	out := p.out
	for i, t := range all {
		io.WriteString(p, folded(fmt.Sprintf("%d. %s", i+1, t.prose)))
		e, err := p.exchange(t.command)
		if err != nil {
			return err
		}
		if p.keys == nil {
			e.print(p)
			continue
		}
		p.showExchange(e, secondScreen[t.name], fmt.Sprintf("%d of %d", i+1, len(all)))
		if p.quit {
			p.out = out // for what comes next
			break
		}
	}
	io.WriteString(p, goOn)
	return nil
}

// A tourStep is a command of the tour, and the prose before it. The name is that of its file, without
// the number.
type tourStep struct{ name, prose, command string }

// tourSteps reads the transcripts of the tour, in the order of their numbers. In a file prose follows "# "
// and a command follows "$ rawclient".
func tourSteps() (all []tourStep, err error) {
	names, err := numbered("*.txt")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		t := tourStep{name: strings.TrimSuffix(name[strings.Index(name, "-")+1:], ".txt")}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimRight(line, "\r\n")
			if prose, ok := strings.CutPrefix(line, "# "); ok {
				t.prose = strings.TrimSpace(t.prose + " " + prose)
			} else if strings.HasPrefix(line, "$ rawclient ") {
				t.command = line
				all = append(all, t)
				t.prose = ""
			}
		}
	}
	return all, nil
}

// folded breaks a text into lines that fit a terminal.
func folded(text string) string {
	return strings.Join(visible.Wrap(text, visible.LineWidth), "\n") + "\n"
}

const goOn = `
That was HTTP/1.0. To go on, start the server and talk to it from a second
terminal:

  go run ./server
  go run ./rawclient "GET /address_book/api/v1.0/addresses HTTP/1.0"
  go run ./rawclient -explain "GET /address_book/api/v1.0/addresses/1 HTTP/1.0"

Or learn it from the start, lesson by lesson:

  go run ./examples 1

examples/README.md is the course.
`

// An exchanged is what a command of the tour sent and received, and the listing of it.
type exchanged struct {
	command                 string
	sent, received, listing string
}

const (
	sentTitle     = "\noctets sent:\n\n"
	receivedTitle = "\noctets received:\n\n"
	meaningTitle  = "\nwhat they mean:\n\n"
)

// print prints all of an exchange.
func (e *exchanged) print(out io.Writer) {
	fmt.Fprint(out, "\n"+e.command+"\n", sentTitle, e.sent, receivedTitle, e.received,
		meaningTitle, e.listing, "\n")
}

// exchange runs a command.
func (p *player) exchange(command string) (*exchanged, error) {
	if err := p.copyFiles(command); err != nil {
		return nil, err
	}
	file := filepath.Join(p.dir, "received")
	args := []string{"-addr", p.addr, "-v", "-explain", "-o", file}
	args = append(args, cli.Words(strings.TrimPrefix(command, "$ rawclient "))...)
	var listing, notices bytes.Buffer
	code := cli.Run(context.Background(), args, cli.Stdio{Out: &listing, Err: &notices})
	if code != 0 {
		return nil, fmt.Errorf("%s ended with exit code %d: %s", command, code, &notices)
	}
	received, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	e := &exchanged{command: command, listing: listing.String(),
		received: strings.ReplaceAll(string(received), "\r\n", "\n")}
	for line := range strings.Lines(notices.String()) {
		if sent, ok := strings.CutPrefix(line, "> "); ok {
			e.sent += sent
		}
	}
	return e, nil
}

// secondScreen has, for a transcript, the text at which the second screen begins in the listing. A
// transcript that is not here has no second screen.
var secondScreen = map[string]string{
	"list":    "request\n",
	"one":     "response\n\noffset",
	"create":  "  Content-Length ",
	"missing": "  404 ",
}

// showExchange shows an exchange, a screen at each Enter. The second screen begins with the line that has second,
// if that is not "". The prompts say which exchange it is.
func (p *player) showExchange(e *exchanged, second, which string) {
	fmt.Fprint(p, "\n"+e.command+"\n", sentTitle, e.sent)
	if p.rows+8 > p.room() {
		p.stop(moreprompt)
	}
	io.WriteString(p, receivedTitle)
	p.response(e.received)
	const prompt = "(%s. Enter: next; d: all of the %s; q: leave the tour) "
	p.next(fmt.Sprintf(prompt, which, "response"), e.received)
	if second == "" {
		return
	}
	before, _, _ := strings.Cut(e.listing, second)
	io.WriteString(p, meaningTitle)
	p.part(e.listing[strings.LastIndex(before, "\n")+1:])
	p.next(fmt.Sprintf(prompt, which, "listing"), e.listing)
}

// response shows as much of a response as the screen has room for. If that saves the rest, it leaves
// out the last fields of the head.
func (p *player) response(text string) {
	head, body, _ := strings.Cut(strings.TrimRight(text, "\n"), "\n\n")
	fields := strings.Split(head, "\n")
	for n := range fields {
		kept := strings.Join(fields[:len(fields)-n], "\n")
		if n > 0 {
			kept += fmt.Sprintf("\n... (%d fields more)", n)
		}
		if whole := kept + "\n\n" + body; p.rows+p.rowsIn(whole) <= p.room() {
			io.WriteString(p, whole+"\n")
			return
		}
	}
	p.part(text)
}

// part shows as much of a text as the screen has room for.
func (p *player) part(text string) {
	left := p.room() - p.rows - 1
	lines := strings.SplitAfter(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		if left -= p.rowsOf(line); left < 0 && i > 0 {
			fmt.Fprintf(p, "... (%d lines more)\n", len(lines)-i)
			return
		}
		io.WriteString(p, strings.TrimRight(line, "\n")+"\n")
	}
}

// next waits at the end of a screen. At d it shows all of a text.
func (p *player) next(prompt, all string) {
	for strings.EqualFold(strings.TrimSpace(p.stop(prompt)), "d") {
		io.WriteString(p, all+"\n")
		prompt = "(Enter: next; q: leave the tour) "
	}
}
