package main

import (
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A screen is a terminal that stops when it is full, so that no line scrolls by unread. It counts
// the rows that lines take up after the terminal has wrapped them. Without a keyboard it never
// stops.
type screen struct {
	out           io.Writer
	keys          *keyboard // nil if no key can be pressed
	quit          bool      // q was typed: nothing more is shown
	width, height int
	column        int // of the cursor
	rows          int // shown since the last stop
	total         int // shown in all
}

const (
	moreprompt    = "(Enter shows more) "
	requestPrompt = "> " // asks for a line of a request, which may be any text
)

// newScreen returns a screen of the size in COLUMNS and LINES, or of 80 columns and 24 rows.
func newScreen(out io.Writer) *screen {
	size := func(name string, usual, least int) int {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n >= least {
			return n
		}
		return usual
	}
	return &screen{out: out, width: size("COLUMNS", 80, 40), height: size("LINES", 24, 12)}
}

// room returns how many rows fit on the screen above a prompt.
func (s *screen) room() int { return s.height - 2 }

// rowsIn returns how many rows the lines of a text take up.
func (s *screen) rowsIn(text string) (rows int) {
	for line := range strings.Lines(text) {
		rows += s.rowsOf(line)
	}
	return rows
}

// rowsOf returns how many rows a line takes up.
func (s *screen) rowsOf(line string) int {
	rows := 0
	for row := range strings.Lines(s.wrapped(line)) {
		n := utf8.RuneCountInString(strings.TrimRight(row, "\r\n"))
		rows += max(1, (n+s.width-1)/s.width)
	}
	return max(1, rows)
}

// wrapped breaks lines that are wider than the screen at blanks, as far as they have some, so that no
// word is cut. In a pipe nothing is changed.
func (s *screen) wrapped(text string) string {
	if s.keys == nil {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		for utf8.RuneCountInString(strings.TrimRight(line, "\r\n")) > s.width {
			row := string([]rune(line)[:s.width+1])
			i := strings.LastIndex(row, " ")
			if strings.TrimSpace(row[:max(i, 0)]) == "" {
				break
			}
			b.WriteString(row[:i] + "\n")
			line = line[i+1:]
		}
		b.WriteString(line)
	}
	return b.String()
}

// Write shows a text, and stops in front of a line that does not fit together with its notes.
func (s *screen) Write(text []byte) (int, error) {
	lines := slices.Collect(strings.Lines(s.wrapped(string(text))))
	for i, line := range lines {
		rows := s.rowsOf(line)
		blank := line == "\n" && s.rows == s.room() // has room in the row of the prompt
		if s.column == 0 && s.rows > 0 && s.rows+rows+notes(lines[i+1:]) > s.room() && !blank {
			s.stop(moreprompt)
		}
		if _, err := io.WriteString(s.out, line); err != nil {
			return 0, err
		}
		if s.column = 0; strings.HasSuffix(line, "\n") {
			s.rows += rows
			s.total += rows
		} else {
			s.column = utf8.RuneCountInString(line)
		}
	}
	return len(text), nil
}

// notes returns how many lines come first that a listing has indented below another one: notes, and the
// rest of a value. The octets of a long body are as many lines, so a few count at most.
func notes(lines []string) (n int) {
	const few = 4
	for n < min(few, len(lines)) && strings.HasPrefix(lines[n], strings.Repeat(" ", 14)) {
		n++
	}
	return n
}

// block shows a text that should be seen in one piece: it stops before the text, not within.
func (s *screen) block(text string) {
	rows := s.rowsIn(strings.TrimRight(text, "\n"))
	if s.rows > 0 && s.rows+rows > s.room() && rows <= s.room() {
		s.stop(moreprompt)
	}
	io.WriteString(s, text)
}

// output shows what a command has printed. If it has to stop, it does so between two parts, such as
// the head and the body, as far as each part fits on the screen.
func (s *screen) output(text string) {
	part := ""
	for _, piece := range strings.SplitAfter(text, "\n\n") {
		if part += piece; strings.Count(part, "\n") > 2 { // not a title alone
			s.block(part)
			part = ""
		}
	}
	s.block(part)
}

// stop shows a prompt and returns the line that is typed there. What was typed before the prompt
// counts only for the lines of a request. At q, and at the end of the keyboard's input (Ctrl-D), the
// screen shows nothing more.
func (s *screen) stop(prompt string) string {
	if s.keys == nil {
		return ""
	}
	if prompt != requestPrompt {
		s.keys.flush()
	}
	io.WriteString(s.out, prompt)
	line, ok := s.keys.line()
	if !ok {
		io.WriteString(s.out, "\n") // ends the row of the prompt
	}
	s.rows, s.column = 0, 0
	s.total++
	if !ok || prompt != requestPrompt && strings.EqualFold(strings.TrimSpace(line), "q") {
		s.quit, s.keys, s.out = true, nil, io.Discard
	}
	return line
}
