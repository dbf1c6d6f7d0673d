package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rawhttp/rawclient/cli"
)

// perform runs a command line with somebody at the keyboard, or nobody, and returns what is seen.
func perform(t *testing.T, keys string, terminal bool, args ...string) (seen string, exit int) {
	t.Helper()
	var out bytes.Buffer
	exit = run(args, cli.Stdio{In: strings.NewReader(keys), Out: &out, Err: &out,
		InTerminal: terminal, OutTerminal: terminal})
	return out.String(), exit
}

// In a pipe each lesson goes straight through: all commands, all questions, and at the end the
// answers.
func TestPlayInPipe(t *testing.T) {
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range course {
		seen, exit := perform(t, "", false, l.number)
		if exit != 0 || strings.Contains(seen, "(Enter") || strings.Contains(seen, "**") {
			t.Errorf("lesson %s: exit code %d, %s", l.number, exit, seen)
		}
		want := []string{l.number + ". " + l.title + "\n===="}
		for _, s := range l.steps {
			if s.Command != "" {
				want = append(want, "\n$ go run ./"+s.Command+"\n")
			}
		}
		for _, q := range l.questions {
			want = append(want, ". "+q.short+".\n   ")
		}
		rest := seen
		for _, w := range want {
			_, after, ok := strings.Cut(rest, w)
			if !ok {
				t.Errorf("lesson %s: no %q in what is left: %q", l.number, w, rest)
			}
			rest = after
		}
	}
}

// On a terminal a lesson waits before each command and at each question, and tells what is right.
func TestPlayStepByStep(t *testing.T) {
	l, err := readLesson("", "# 1. A lesson\n\nSome **text**.\n\n```console\n"+
		"$ go run ./rawclient \"HEAD /nowhere HTTP/1.0\"\n```\n\n**Question 1.** Which code?\n\n"+
		"**Question 2.** And now?\n\n**Question 3.** And now?\n\n"+answersHeading+
		"\n\n1. **404**.\n   Not there.\n\n2. **Gone**.\n   Still.\n\n3. **Yes**.\n   Ever.\n")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	p := newPlayer(cli.Stdio{In: strings.NewReader("\n\n gone.\n"), Out: &out,
		InTerminal: true, OutTerminal: true}, serve(t))
	if err := p.lesson(&l); err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(out.String(), "\r", "")
	date := regexp.MustCompile(`(?s)HTTP/1\.0 404 .*?\n\n`)
	got = date.ReplaceAllString(got, "THE ANSWER\n\n")
	const want = "1. A lesson\n===========\n\nSome text.\n\n" +
		"$ go run ./rawclient \"HEAD /nowhere HTTP/1.0\"\n(Enter sends it) THE ANSWER\n\n\n" +
		"Question 1. Which code?\n\nYour answer, or Enter to see it: Answer: 404.\n   Not there.\n\n" +
		"Question 2. And now?\n\nYour answer, or Enter to see it: Right. Gone.\n   Still.\n\n" +
		"Question 3. And now?\n\nYour answer, or Enter to see it: Answer: Yes.\n   Ever.\n\n"
	if got != want {
		t.Errorf("seen was\n%q, want\n%q", got, want)
	}
}

// On a terminal the tour stops when a screen is full, and shows what it shows in a pipe.
func TestTourStepByStep(t *testing.T) {
	piped, exit := perform(t, "", false)
	if exit != 0 || strings.Contains(piped, "(Enter") {
		t.Errorf("in a pipe: exit code %d, %s", exit, piped)
	}
	seen, exit := perform(t, strings.Repeat("\n", 200), true)
	prompt := regexp.MustCompile(`\n\(Enter shows (the|what)[a-z ]*\) |\(Enter shows more\) `)
	lines := 0
	for _, screen := range prompt.Split(seen, -1) {
		if n := strings.Count(screen, "\n"); n > screenful+screenful/2 {
			t.Errorf("%d lines at once: %s", n, screen)
		}
		lines += strings.Count(screen, "\n")
	}
	if exit != 0 || lines != strings.Count(piped, "\n") {
		t.Errorf("exit code %d, %d lines, and %d in a pipe", exit, lines, strings.Count(piped, "\n"))
	}
}

// What is no lesson is refused with a list of those there are.
func TestNoLesson(t *testing.T) {
	for _, args := range [][]string{{"9"}, {"0"}, {"one"}, {"1", "2"}, {"-9"}} {
		seen, exit := perform(t, "", false, args...)
		if exit != 2 || !strings.Contains(seen, "There are:\n\n  go run ./examples 1 ") {
			t.Errorf("%q: exit code %d, %s", args, exit, seen)
		}
	}
	if seen, exit := perform(t, "", false, "-h"); exit != 0 || !strings.HasPrefix(seen, "  go run ") {
		t.Errorf("-h: exit code %d, %s", exit, seen)
	}
}

// README.md lists each lesson under its title, and what the pages link to is there.
func TestCourse(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range course {
		row := "| [" + l.number + ". " + l.title + "](" + l.file + ") |"
		if !bytes.Contains(readme, []byte(row)) {
			t.Errorf("README.md has no row %q", row)
		}
		checkLinks(t, l.file, l.page)
	}
	checkLinks(t, "README.md", string(readme))
}

func checkLinks(t *testing.T, file, page string) {
	t.Helper()
	for _, m := range link.FindAllStringSubmatch(page, -1) {
		target := filepath.Join(filepath.Dir(file), filepath.FromSlash(m[2]))
		if _, err := os.Stat(target); err != nil {
			t.Errorf("%s links to %v", file, err)
		}
	}
}

// A documented command is the same in bash, zsh, cmd, PowerShell and Git Bash: nothing in it means
// something to one of them only, and no argument is taken for a path of Windows.
func TestCommandsForEveryShell(t *testing.T) {
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	pages := []string{string(readme)}
	for _, l := range course {
		pages = append(pages, l.page)
	}
	command := regexp.MustCompile("(?m)(?:^    |^\\$ |`)(go [^`\n]*)")
	commands := command.FindAllStringSubmatch(strings.Join(pages, "\n"), -1)
	for _, m := range commands {
		if strings.ContainsAny(m[1], "'|&<>;$@%!^*(){}[]\\`") || strings.Count(m[1], `"`)%2 != 0 {
			t.Errorf("not every shell takes %s", m[1])
		}
		for _, word := range cli.Words(m[1]) {
			if strings.HasPrefix(word, "/") || strings.HasPrefix(word, "-") && strings.Contains(word, "=") {
				t.Errorf("not every shell passes on %q of %s", word, m[1])
			}
		}
	}
	if len(commands) < 40 {
		t.Errorf("only %d commands found", len(commands))
	}
}
