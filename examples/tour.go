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
// the octets received, and the meaning of every one of them. In a transcript prose stands behind
// "# ", and commands behind "$ rawclient". What the commands print stands there too, for a reader;
// the tour does not believe it and asks.
//
// On a terminal it stops when a screen is full, since nobody reads a thousand lines that run by.
func (p *player) tour(dir string) error {
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
				if step++; step > 1 {
					p.wait("\n(Enter shows the next exchange) ")
				}
				io.WriteString(p.out, folded(fmt.Sprintf("%d. %s", step, prose)))
			case strings.HasPrefix(line, "$ rawclient "):
				if err := p.exchange(dir, line); err != nil {
					return err
				}
			}
		}
	}
	p.wait("\n(Enter shows what to do next) ")
	fmt.Fprint(p.out, goOn)
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

Or learn it from the start, in eight lessons:

  go run ./examples 1

examples/README.md is the course.
`

// exchange shows one exchange.
func (p *player) exchange(dir, command string) error {
	fmt.Fprintf(p.out, "\n%s\n", command)
	received := filepath.Join(dir, "received")
	args := []string{"-addr", p.addr, "-v", "-explain", "-o", received}
	args = append(args, cli.Words(strings.TrimPrefix(command, "$ rawclient "))...)
	var listing, notices bytes.Buffer
	code := cli.Run(context.Background(), args, cli.Stdio{Out: &listing, Err: &notices})
	if code != 0 {
		return fmt.Errorf("%s ended with exit code %d: %s", command, code, &notices)
	}
	answer, err := os.ReadFile(received)
	if err != nil {
		return err
	}
	fmt.Fprint(p.out, "\noctets sent:\n\n")
	for line := range strings.Lines(notices.String()) {
		if sent, ok := strings.CutPrefix(line, "> "); ok {
			fmt.Fprint(p.out, sent)
		}
	}
	p.wait("\n(Enter shows the response) ")
	fmt.Fprint(p.out, "\noctets received:\n\n")
	p.pages(strings.ReplaceAll(string(answer), "\r\n", "\n"))
	p.wait("\n(Enter shows what they mean) ")
	fmt.Fprint(p.out, "\nwhat they mean:\n\n")
	p.pages(listing.String())
	fmt.Fprintln(p.out)
	return nil
}
