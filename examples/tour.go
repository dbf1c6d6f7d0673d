package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"rawhttp/rawclient/exchange"
)

// tour sends the requests of the transcripts and shows each exchange three times: the octets sent,
// the octets received, and the meaning of every one of them. In a transcript prose stands behind
// "# ", and commands behind "$ rawclient". What the commands print stands there too, for a reader;
// the tour does not believe it and asks.
func tour(out io.Writer, addr, dir string) error {
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
				fmt.Fprintf(out, "%d. %s\n", step, prose)
			case strings.HasPrefix(line, "$ rawclient "):
				if err := show(out, addr, dir, line); err != nil {
					return err
				}
			}
		}
	}
	fmt.Fprint(out, goOn)
	return nil
}

const goOn = `
That was HTTP/1.0. To go on, start the server and talk to it from a second terminal:

  go run ./server
  go run ./rawclient "GET /address_book/api/v1.0/addresses HTTP/1.0"
  go run ./rawclient -explain "GET /address_book/api/v1.0/addresses/1 HTTP/1.0"

Or learn it from the start, in eight lessons:

  go run ./examples 1

examples/README.md is the course.
`

// show shows one exchange.
func show(out io.Writer, addr, dir, command string) error {
	fmt.Fprintf(out, "\n%s\n", command)
	received := filepath.Join(dir, "received")
	args := []string{"-addr", addr, "-v", "-explain", "-o", received}
	args = append(args, exchange.Words(strings.TrimPrefix(command, "$ rawclient "))...)
	var listing, notices bytes.Buffer
	code := exchange.Run(context.Background(), args, exchange.Stdio{Out: &listing, Err: &notices})
	if code != 0 {
		return fmt.Errorf("%s ended with exit code %d: %s", command, code, &notices)
	}
	answer, err := os.ReadFile(received)
	if err != nil {
		return err
	}
	fmt.Fprint(out, "\noctets sent:\n\n")
	for line := range strings.Lines(notices.String()) {
		if sent, ok := strings.CutPrefix(line, "> "); ok {
			fmt.Fprint(out, sent)
		}
	}
	fmt.Fprintf(out, "\noctets received:\n\n%s",
		bytes.ReplaceAll(answer, []byte("\r\n"), []byte("\n")))
	fmt.Fprintf(out, "\nwhat they mean:\n\n%s\n", &listing)
	return nil
}
