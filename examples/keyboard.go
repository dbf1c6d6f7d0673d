package main

import (
	"bufio"
	"io"
	"os"
	"strings"
)

// A keyboard is read line by line. It reads ahead, so that lines which were typed before a question
// was shown can be thrown away.
type keyboard struct {
	lines   chan string
	flushes bool // lines come as they are typed, not all at once
}

// newKeyboard reads lines until in ends.
func newKeyboard(in io.Reader) *keyboard {
	_, typed := in.(*os.File)
	k := &keyboard{lines: make(chan string, 1000), flushes: typed}
	go func() {
		defer close(k.lines)
		lines := bufio.NewScanner(in)
		for lines.Scan() {
			k.lines <- strings.TrimRight(lines.Text(), "\r")
		}
	}()
	return k
}

// line waits for a line. It reports false if there are no more.
func (k *keyboard) line() (string, bool) {
	line, ok := <-k.lines
	return line, ok
}

// flush throws away what was typed ahead.
func (k *keyboard) flush() {
	for k.flushes {
		select {
		case _, ok := <-k.lines:
			if !ok {
				return
			}
		default:
			return
		}
	}
}
