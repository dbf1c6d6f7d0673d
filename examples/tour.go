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
// the octets received, and the meaning of each of them. In a transcript prose follows "# " and a
// command follows "$ rawclient". The tour runs the commands and shows what they print now.
//
// On a terminal an exchange has two screens at most, and a key shows the rest. In a pipe all of it
// is printed.
func (p *player) tour() error {
	names, err := files.ReadDir(".")
	if err != nil {
		return err
	}
	step := 0
	for _, name := range names {
		text, err := files.ReadFile(name.Name())
		if err != nil || !strings.HasSuffix(name.Name(), ".txt") {
			continue
		}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimRight(line, "\r\n")
			switch prose, command := strings.CutPrefix(line, "# "); {
			case command:
				step++
				io.WriteString(p, folded(fmt.Sprintf("%d. %s", step, prose)))
			case strings.HasPrefix(line, "$ rawclient "):
				e, err := p.exchange(line)
				if err != nil {
					return err
				}
				if p.keys == nil {
					e.print(p)
				} else if !p.showExchange(e, step) {
					io.WriteString(p, goOn)
					return nil
				}
			}
		}
	}
	io.WriteString(p, goOn)
	return nil
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

Or learn it from the start, in twelve lessons:

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

// secondScreen has the text at which the second screen of an exchange begins in its listing. An exchange
// that is not here has no second screen.
var secondScreen = map[int]string{
	1: "request\n",
	2: "response\n\noffset",
	3: "  Content-Length ",
	5: "  404 ",
}

// showExchange shows an exchange, a screen at each Enter, and reports whether to go on.
func (p *player) showExchange(e *exchanged, step int) bool {
	fmt.Fprint(p, "\n"+e.command+"\n", sentTitle, e.sent)
	if p.rows+8 > p.room() {
		p.stop(moreprompt)
	}
	io.WriteString(p, receivedTitle)
	p.response(e.received)
	text, more := secondScreen[step]
	if !p.next(fmt.Sprintf("(%d of 6. Enter: next; d: all of the response; q: leave the tour) ", step), e.received) {
		return false
	}
	if !more {
		return true
	}
	i := max(0, strings.Index(e.listing, text))
	i = strings.LastIndex(e.listing[:i], "\n") + 1
	io.WriteString(p, meaningTitle)
	p.part(e.listing[i:])
	return p.next(fmt.Sprintf("(%d of 6. Enter: next; d: all of the listing; q: leave the tour) ", step), e.listing)
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

// next waits at the end of a screen. At d it shows all of a text, at q it reports false.
func (p *player) next(prompt, all string) bool {
	out := p.out
	for {
		typed := p.stop(prompt)
		if p.quit {
			p.quit, p.out = false, out
			return false
		}
		switch strings.ToLower(strings.TrimSpace(typed)) {
		case "d":
			io.WriteString(p, all+"\n")
			prompt = "(Enter: next; q: leave the tour) "
		default:
			return true
		}
	}
}
