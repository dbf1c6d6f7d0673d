package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rawhttp/examples/replay"
)

// A lesson is a page of the course, a file in the folder lessons: prose, questions, and commands
// with what they print. A question stands before the command that answers it. The answers stand at
// the end of the page, folded away.
type lesson struct {
	number, title string
	file          string
	page          string
	steps         []replay.Step
	questions     []question // by number, from 1
}

// heading returns the number and the title of a lesson.
func (l *lesson) heading() string { return l.number + ". " + l.title }

// question returns the question that has this number on the page.
func (l *lesson) question(number string) *question {
	n, _ := strconv.Atoi(number) // digits: see questionMark
	return &l.questions[n-1]
}

// A question has an answer in short and a paragraph that explains it.
type question struct {
	text          string
	short, answer string
}

// open reports whether the answer is a reason, which no program can compare.
func (q *question) open() bool { return strings.HasPrefix(q.text, "Why ") }

// answersHeading ends the lesson and begins the answers.
const answersHeading = "## Answers"

var (
	titleLine    = regexp.MustCompile(`(?m)^# (\d+)\. (.*)\n`)
	questionMark = regexp.MustCompile(`^\*\*Question (\d+)\.\*\* `)
	answerMark   = regexp.MustCompile(`^(\d+)\. \*\*(.*?)\*\*`)
)

// lessons reads all pages, in the order of their numbers.
func lessons() (course []lesson, err error) {
	names, err := numbered("lessons/*.md")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		page, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		l, err := readLesson(name, string(page))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path.Base(name), err)
		}
		course = append(course, l)
	}
	return course, nil
}

// numbered returns the files of a pattern whose names begin with a number, in the order of the numbers.
func numbered(pattern string) ([]string, error) {
	names, err := fs.Glob(files, pattern)
	number := func(name string) (n int) {
		fmt.Sscanf(path.Base(name), "%d-", &n)
		return n
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(number(a), number(b)) })
	return names, err
}

func readLesson(file, page string) (lesson, error) {
	l := lesson{file: file, page: page, steps: replay.Steps(page)}
	title := titleLine.FindStringSubmatch(page)
	if title == nil {
		return l, fmt.Errorf("a page begins with  # 1. Its title")
	}
	l.number, l.title = title[1], title[2]
	text, answers, _ := strings.Cut(page, "\n"+answersHeading+"\n")
	for _, p := range paragraphs(text) {
		if m := questionMark.FindStringSubmatch(p); m != nil {
			if m[1] != fmt.Sprint(len(l.questions)+1) {
				return l, fmt.Errorf("question %s is number %d", m[1], len(l.questions)+1)
			}
			l.questions = append(l.questions, question{text: p[len(m[0]):]})
		}
	}
	n := 0
	for _, p := range paragraphs(answers) {
		m := answerMark.FindStringSubmatch(p)
		if m == nil {
			continue
		}
		if n++; m[1] != fmt.Sprint(n) || n > len(l.questions) {
			return l, fmt.Errorf("answer %s has no question", m[1])
		}
		l.questions[n-1].short, l.questions[n-1].answer = m[2], p[len(m[1])+len(". "):]
	}
	if n < len(l.questions) {
		return l, fmt.Errorf("there is no answer to question %d", n+1)
	}
	return l, nil
}

// paragraphs splits prose at its empty lines.
func paragraphs(prose string) (all []string) {
	for p := range strings.SplitSeq(prose, "\n\n") {
		if p = strings.Trim(p, "\n"); p != "" {
			all = append(all, p)
		}
	}
	return all
}
