package replay

import "strings"

// A Step of a page is prose, or a command and its output.
type Step struct {
	Prose   string
	Command string // without "$ go run ./"
	Shown   string // a line "..." stands for any lines
}

const (
	fence  = "```"
	begin  = fence + "console\n"
	prompt = "$ go run ./"
)

// Steps splits a Markdown page. Its commands stand in blocks marked as console, each after
// "$ go run ./". Text before the first command of a block is ignored.
func Steps(page string) (steps []Step) {
	var prose strings.Builder
	inside := false
	flush := func() {
		if prose.Len() > 0 {
			steps = append(steps, Step{Prose: prose.String()})
			prose.Reset()
		}
	}
	for line := range strings.Lines(page) {
		command, isCommand := strings.CutPrefix(line, prompt)
		switch {
		case !inside && line == begin:
			flush()
			inside = true
		case !inside:
			prose.WriteString(line)
		case strings.HasPrefix(line, fence):
			inside = false
		case isCommand:
			steps = append(steps, Step{Command: strings.TrimSuffix(command, "\n")})
		case len(steps) > 0:
			steps[len(steps)-1].Shown += line
		}
	}
	flush()
	return steps
}

// Markdown joins steps to a page. It undoes Steps.
func Markdown(steps []Step) string {
	var page strings.Builder
	inside := false
	turn := func(in bool) {
		if in != inside {
			page.WriteString(map[bool]string{true: begin, false: fence + "\n"}[in])
			inside = in
		}
	}
	for _, s := range steps {
		turn(s.Command != "")
		if s.Command != "" {
			page.WriteString(prompt + s.Command + "\n")
		}
		page.WriteString(s.Prose + s.Shown)
	}
	turn(false)
	return page.String()
}

// Plain returns octets as a page can hold them: without CR, and without spaces at the ends of lines,
// which editors remove.
func Plain(s string) string {
	var page strings.Builder
	for line := range strings.Lines(s) {
		text, ended := strings.CutSuffix(line, "\n")
		page.WriteString(strings.TrimRight(text, " \r"))
		if ended {
			page.WriteString("\n")
		}
	}
	return page.String()
}

// Fits reports whether got is want, whose "..." lines stand for any lines.
func Fits(got, want string) bool {
	lines := func(s string) []string { return strings.Split(strings.TrimSpace(s), "\n") }
	return fit(lines(got), lines(want))
}

func fit(got, want []string) bool {
	for ; len(want) > 0 && want[0] != "..."; got, want = got[1:], want[1:] {
		if len(got) == 0 || got[0] != want[0] {
			return false
		}
	}
	if len(want) == 0 {
		return len(got) == 0
	}
	for !fit(got, want[1:]) {
		if len(got) == 0 {
			return false
		}
		got = got[1:]
	}
	return true
}
