package main

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"rawhttp/examples/replay"
)

// A lesson is a page of the course, a file in the folder lessons: prose, commands with what they
// print, and questions. What it answers to them stands at its end, where nobody sees it too soon.
type lesson struct {
	number, title string
	file          string
	page          string
	steps         []replay.Step
	questions     []question // by number, from 1
}

// A question and what the page answers: in short, and as a paragraph that explains it.
type question struct {
	text          string
	short, answer string
}

// answersHeading ends the lesson and begins the answers.
const answersHeading = "## Answers"

var (
	heading      = regexp.MustCompile(`(?m)^# (\d+)\. (.*)\n`)
	questionMark = regexp.MustCompile(`^\*\*Question (\d+)\.\*\* `)
	answerMark   = regexp.MustCompile(`^(\d+)\. \*\*(.*?)\*\*`)
)

// lessons reads all pages, in their order.
func lessons() (course []lesson, err error) {
	names, err := fs.Glob(files, "lessons/*.md")
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

func readLesson(file, page string) (lesson, error) {
	l := lesson{file: file, page: page, steps: replay.Steps(page)}
	title := heading.FindStringSubmatch(page)
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
			return l, fmt.Errorf("answer %s belongs to no question", m[1])
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
