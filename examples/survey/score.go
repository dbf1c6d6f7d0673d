package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"rawhttp/httpwire/visible"
)

// A score is how a server did.
type score struct {
	marks map[string]*mark // by group
	asked int              // questions
	stops []string         // the questions that ended or blocked the server, and how
}

// A mark is the result of one group.
type mark struct {
	right, all int
	leftOut    int
	notAsked   int // of all
	wrong      []difference
}

// A difference is a question that went wrong.
type difference struct {
	name, text string
	choice     bool // a server may do as this one did
}

// isMessage reports whether the question is a message of the gallery, and no probe.
func (d difference) isMessage() bool { return strings.HasSuffix(d.name, ".http") }

func newScore() *score {
	s := &score{marks: make(map[string]*mark)}
	for _, group := range groups {
		s.marks[group] = new(mark)
	}
	return s
}

// print prints the first difference of each group, what ended or blocked the server, and the score. The
// score comes last, so that it stands on the screen when all the rest has scrolled away.
func (s *score) print(out io.Writer, addr string) {
	shown := make(map[string]bool)
	message := "" // of the gallery, the first that went wrong
	for _, group := range groups {
		wrong := s.marks[group].wrong
		if wrong != nil {
			printWrong(out, group, wrong, shown)
		}
		if i := slices.IndexFunc(wrong, difference.isMessage); i >= 0 && message == "" {
			message = wrong[i].name
		}
	}
	if message != "" {
		fmt.Fprintf(out, "\nexamples/GALLERY.md explains the messages. To send one to your server:\n%s",
			sendCommand(addr, message))
	}
	for _, stop := range s.stops {
		fmt.Fprintf(out, "\nIT STOPPED. %s\n", strings.Join(visible.Wrap(stop, visible.LineWidth-12), "\n"))
		if file, _, _ := strings.Cut(stop, ":"); strings.HasSuffix(file, ".http") {
			fmt.Fprintf(out, "Start your server again and send that message alone:\n%s", sendCommand(addr, file))
		}
	}
	fmt.Fprintln(out)
	s.printMarks(out)
}

// sendCommand returns the command that sends a message of the gallery, even one whose Content-Length is wrong.
func sendCommand(addr, file string) string {
	return fmt.Sprintf("  go run ./rawclient -literal -addr %s -in examples/%s\n", addr, file)
}

// printMarks prints a row for each group, and their sum.
func (s *score) printMarks(out io.Writer) {
	var right, all, left int
	for _, group := range groups {
		m := s.marks[group]
		fmt.Fprintf(out, "  %-13s %3d of %3d", group, m.right, m.all)
		if m.leftOut > 0 {
			fmt.Fprintf(out, "   %d left out", m.leftOut)
		}
		if m.notAsked > 0 {
			fmt.Fprintf(out, "   %d not asked", m.notAsked)
		}
		fmt.Fprintln(out)
		right, all, left = right+m.right, all+m.all, left+m.leftOut
	}
	fmt.Fprintf(out, "  %-13s %3d of %3d\n", "total", right, all)
	if left > 0 {
		fmt.Fprintln(out, "Left out are malformed requests whose refusal shows nothing: the server makes\n"+
			"the same of well-formed ones with their method, or with GET.")
	}
}

// printWrong prints the differences of a group. The first difference that is not a choice of the server
// comes first. For other messages of the gallery only the names are printed.
func printWrong(out io.Writer, group string, wrong []difference, shown map[string]bool) {
	first := max(0, slices.IndexFunc(wrong, func(d difference) bool { return !d.choice }))
	fmt.Fprintf(out, "\n%s, the first difference: %s\n%s", group, wrong[first].name,
		once(shown, wrong[first].text))
	var others, choices []string
	for i, d := range wrong {
		switch {
		case i == first:
		case !d.isMessage(): // no page of the gallery says more
			fmt.Fprintf(out, "%s, also wrong: %s\n%s", group, d.name, once(shown, d.text))
		case d.choice:
			choices = append(choices, d.name)
		default:
			others = append(others, d.name)
		}
	}
	list(out, "also wrong", others)
	list(out, "also different, where a server may choose", choices)
}

// errorBegins is how the text of a located error begins.
const errorBegins = "error: "

// once returns the text of a difference. What was shown before is left out.
func once(shown map[string]bool, text string) string {
	if labels, fault, ok := strings.Cut(text, errorBegins); shown[fault] {
		message, _, _ := strings.Cut(fault, "\n")
		return labels + labelled("", "the same error as above: "+message)
	} else if ok {
		shown[fault] = true
		return text
	}
	at := max(0, strings.Index(text, "  your server"))
	if shown[text[at:]] {
		return text[:at] + labelled("your server", "the same as above")
	}
	shown[text[at:]] = true
	return text
}

// list prints names, if there are some.
func list(out io.Writer, title string, names []string) {
	if names == nil {
		return
	}
	text := fmt.Sprintf("%s (%d): %s", title, len(names), strings.Join(names, ", "))
	for _, row := range visible.Wrap(text, visible.LineWidth-2) {
		fmt.Fprintf(out, "  %s\n", row)
	}
}

// labelled returns a text that follows a label, in rows that fit a terminal.
func labelled(label, text string) string {
	const labelWidth = 15
	var b strings.Builder
	for i, row := range visible.Wrap(text, visible.LineWidth-labelWidth) {
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(&b, "  %-*s%s\n", labelWidth-2, label, row)
	}
	return b.String()
}

// differs returns what a server does, and what it should do.
func differs(does, expected string) string {
	return labelled("your server", does) + labelled("expected", expected)
}
