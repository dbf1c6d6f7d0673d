package replay

import (
	"bytes"
	"io"
)

// A typed is a terminal with a user. At each prompt the user types the next line, and the terminal
// shows it.
type typed struct {
	lines   []string
	shown   bytes.Buffer
	prompts chan struct{} // closed when the program has ended
}

func newTyped(lines []string) *typed {
	return &typed{lines: lines, prompts: make(chan struct{}, len(lines)+1)}
}

func (t *typed) close() { close(t.prompts) }

// Write shows octets. A program that shows a prompt waits for the line before it shows more, so Write
// and Read take turns.
func (t *typed) Write(b []byte) (int, error) {
	if len(t.lines) > 0 && bytes.Equal(b, []byte("> ")) {
		defer func() { t.prompts <- struct{}{} }()
	}
	return t.shown.Write(b)
}

// Read returns one line, at a prompt, and io.EOF when there are no more.
func (t *typed) Read(b []byte) (int, error) {
	if len(t.lines) == 0 {
		return 0, io.EOF
	}
	if _, prompted := <-t.prompts; !prompted {
		return 0, io.EOF
	}
	line := t.lines[0] + "\n"
	t.lines = t.lines[1:]
	t.shown.WriteString(line)
	return copy(b, line), nil
}
