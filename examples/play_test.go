package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"rawhttp/examples/foreign"
	"rawhttp/httpwire/explain"
	"rawhttp/rawclient/cli"
	"rawhttp/server/app"
	"rawhttp/server/httpd"
)

// perform runs a command line, with a person at the keyboard or without, and returns what is seen.
func perform(t *testing.T, keys string, terminal bool, args ...string) (seen string, exit int) {
	t.Helper()
	realClock = frozen()
	var out bytes.Buffer
	exit = run(args, cli.Stdio{In: strings.NewReader(keys), Out: &out, Err: &out,
		InTerminal: terminal, OutTerminal: terminal})
	return out.String(), exit
}

// In a pipe each lesson goes straight through: all commands, all questions, and at the end the
// answers.
func TestPlayInPipe(t *testing.T) {
	foreign.Short(t)
	t.Parallel()
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range course {
		t.Run(l.number, func(t *testing.T) {
			t.Parallel()
			out, err := program("piped", l.number).CombinedOutput()
			seen := string(out)
			if err != nil || strings.Contains(seen, "(Enter") || strings.Contains(seen, "**") {
				t.Errorf("%v, %s", err, seen)
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
					t.Errorf("no %q in what is left: %q", w, rest)
				}
				rest = after
			}
		})
	}
}

// TestPlayStepByStep plays a lesson on a terminal: each question comes before its command, and after
// the command the lesson compares.
func TestPlayStepByStep(t *testing.T) {
	l, err := readLesson("", "# 1. A lesson\n\nSome **text**.\n\n**Question 1.** What if?\n\n"+
		"**Question 2.** Why so?\n\n```console\n"+
		"$ go run ./rawclient \"HEAD /nowhere HTTP/1.0\"\n```\n\nAnd:\n\n**Question 3.** And now?\n\n"+
		answersHeading+"\n\n1. **404**.\n   Not there.\n\n2. **Because**.\n   It is.\n\n"+
		"3. **Yes**.\n   Ever.\n")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	p := newPlayer(cli.Stdio{In: strings.NewReader("404 Not Found\nI think\n\n\n\n"), Out: &out,
		InTerminal: true, OutTerminal: true}, serve(t, app.Options{}), t.TempDir())
	if err := p.lesson(&l); err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(out.String(), "\r", "")
	date := regexp.MustCompile(`(?s)HTTP/1\.0 404 .*?\n\n`)
	got = date.ReplaceAllString(got, "THE RESPONSE\n\n")
	got = strings.ReplaceAll(got, "(Enter shows more) ", "") // depends on the length of the response
	got = strings.ReplaceAll(got, running, "")               // depends on the machine
	const want = "1. A lesson\n===========\n\nSome text.\n\n" +
		"Question 1. What if?\n\nYour guess, or Enter to see: \n" +
		"Question 2. Why so?\n\nYour reason, or Enter to see: \n" +
		"$ go run ./rawclient \"HEAD /nowhere HTTP/1.0\"\n(Enter sends it) THE RESPONSE\n\n\n" +
		"Question 1. What if?\nYou said: 404 Not Found\nRight: 404.\n   Not there.\n\n" +
		"Question 2. Why so?\nYou said: I think\nCompare: Because.\n   It is.\n\n" +
		"And:\n\nQuestion 3. And now?\n\nYour guess, or Enter to see: \n" +
		"The answer: Yes.\n   Ever.\n\n"
	if got != want {
		t.Errorf("seen was\n%q, want\n%q", got, want)
	}
}

// An answer such as "not sure" is no guess. A student who guesses once and is right has not answered all.
func TestScore(t *testing.T) {
	p := &player{screen: newScreen(io.Discard)}
	q, why := &question{text: "Which?", short: "404"}, &question{text: "Why so?", short: "Because"}
	p.open = []guess{{q, "1", "404", 0}, {q, "2", "not sure", 0}, {q, "3", "", 0}, {q, "4", "200", 0},
		{why, "5", "", 0}, {why, "6", "It is", 0}}
	p.compare()
	if got := p.score(); got != " Right guesses: 1 of 2. Questions left out: 3." {
		t.Error(got)
	}
}

// TestTypeRequest types a request that a page has typed. After a mistake it can be typed again. A question
// before a request of the student's own is answered after that request.
func TestTypeRequest(t *testing.T) {
	l, err := readLesson("", "# 1. A lesson\n\n```console\n$ go run ./rawclient -i\n> GET /raw HTTP/1.0\n"+
		">\nHTTP/1.0 200 OK\n```\n\n**Question 1.** Why so?\n\n**Your turn.** Another one.\n\n"+
		answersHeading+"\n\n1. **Because**.\n")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	p := newPlayer(cli.Stdio{In: strings.NewReader("-h\n\na\nGET /raw HTTP/1.0\n" +
		"Mood: good\n\nI guess\nGET /raw HTTP/1.0\nX: y\n\n"), Out: &out, InTerminal: true, OutTerminal: true}, serve(t, app.Options{}), t.TempDir())
	if err := p.lesson(&l); err != nil {
		t.Fatal(err)
	}
	got := out.String()
	for _, want := range []string{"HTTP/1.0 400 Bad Request", "to try again", "\nGET /raw HTTP/1.0\nMood: good\n",
		"Another one.", "\nGET /raw HTTP/1.0\nX: y\n", "You said: I guess\nCompare: Because."} {
		_, after, ok := strings.Cut(got, want)
		if !ok {
			t.Fatalf("no %q in %q", want, got)
		}
		got = after
	}
}

// The request for a request comes at once after what says which: what is typed where the screen stops is lost.
func TestTypeRequestAtOnce(t *testing.T) {
	t.Setenv("LINES", "12")
	for rows := range 12 {
		l, err := readLesson("", "# 1. A lesson\n\n"+strings.Repeat("A row.\n", rows)+"\n**Your turn.** Type.\n\n"+answersHeading)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		p := newPlayer(cli.Stdio{In: strings.NewReader("\n\n\n"), Out: &out, InTerminal: true, OutTerminal: true}, "", "")
		if err := p.lesson(&l); err != nil || !strings.Contains(out.String(), "Your turn. Type.\n\n"+typeIt+"\n\n> ") {
			t.Errorf("after %d rows: %v, %q", rows, err, out.String())
		}
	}
}

// q ends a lesson at a question and at any other prompt, and nothing more is shown. So does Ctrl-D, also
// at a request.
func TestQuit(t *testing.T) {
	for _, tt := range []struct{ keys, last, never string }{
		{"q\n", "Question 1. ", "You said"},
		{"no\n\nQ\n", "HTTP/1.0 200 OK", "Question 3. "},
		{"", "Question 1. ", "You said"},
		{"no\nq\n", "Type the request.", "HTTP/1.0 400"},
		{"no\nGET /hello HTTP/1.0\n", "Type the request.", "HTTP/1.0 200 OK"},
	} {
		seen, exit := perform(t, tt.keys, true, "1")
		if exit != 0 || !strings.Contains(seen, tt.last) || strings.Contains(seen, tt.never) ||
			!strings.HasSuffix(seen, "You have left lesson 1. To start it again:  go run ./examples 1\n") {
			t.Errorf("%q: exit code %d, %s", tt.keys, exit, seen)
		}
	}
}

// A line that is too wide for a terminal is broken at a blank. One without blanks stays whole.
func TestWrapped(t *testing.T) {
	s := &screen{width: 20, height: 24, keys: &keyboard{}}
	long := strings.Repeat("x", 30)
	for text, want := range map[string]string{
		"  \"detail\": \"There is no address.\"\n": "  \"detail\": \"There\nis no address.\"\n",
		"exactly twenty chars\nnext\n":             "exactly twenty chars\nnext\n",
		long + "\n":                                long + "\n",
		"  " + long + " y\n":                       "  " + long + " y\n",
	} {
		if got := s.wrapped(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A row of a listing stays on the screen of its notes, and a body that fits on a screen is shown whole.
func TestOutput(t *testing.T) {
	head, row, note := strings.Repeat("Field: value\n", 8), "    22     1  x\n", strings.Repeat(" ", 41)+"a note\n"
	body := strings.Repeat("body\n", 5)
	for name, tt := range map[string]struct{ text, want string }{
		"notes": {head + row + note + note, head + moreprompt + row + note + note},
		"body":  {head + "\n" + body, head + "\n" + moreprompt + body},
		"title": {head + "\ntitle\n\n" + body, head + "\n" + moreprompt + "title\n\n" + body},
		"fits":  {"Field: value\n\n" + body, "Field: value\n\n" + body},
	} {
		var out bytes.Buffer
		s := &screen{out: &out, width: 80, height: 12, keys: newKeyboard(strings.NewReader("\n\n\n"))}
		if s.output(tt.text); out.String() != tt.want {
			t.Errorf("%s: %q, want %q", name, out.String(), tt.want)
		}
	}
}

// A list stays on the screen of the sentence that introduces it. What is for readers who type
// everything themselves is not played.
func TestInOnePiece(t *testing.T) {
	got := inOnePiece([]string{"A list:", "- one", byHand + " Open a terminal:", "    go run", "B:",
		"**Question 1.** Why?"})
	want := []string{"A list:\n\n- one", "B:", "**Question 1.** Why?"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// onWrite is a terminal that does something when it shows a text.
type onWrite func(text string)

func (do onWrite) Write(b []byte) (int, error) { do(string(b)); return len(b), nil }

// A command that takes long is said to be running, so that no key is pressed in the meantime.
func TestRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := make(chan bool)
		out := onWrite(func(text string) {
			if text == running {
				close(said)
			}
		})
		p := &player{screen: &screen{out: out, width: 80, height: 24, keys: &keyboard{}}}
		done := false
		if p.wait(func() { <-said; done = true }); !done {
			t.Error("the command is not awaited")
		}
	})
}

// Lines that were typed before a question was shown do not answer it, and skip no screen.
func TestTypedAhead(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	k := newKeyboard(r)
	fmt.Fprint(w, "early\nearly\nlast\n")
	for len(k.lines) < 3 {
		runtime.Gosched()
	}
	s := newScreen(onWrite(func(string) { fmt.Fprint(w, "in time\n") }))
	s.keys = k
	if line := s.stop(moreprompt); line != "in time" {
		t.Errorf("%q", line)
	}
}

// terminal returns the screens of a terminal of 80 by 24: the rows between two prompts.
func terminal(seen string) (screens []int) {
	prompt := regexp.MustCompile(`\((\d+ of \d+\. )?Enter[^)]*\) |\(This is not [^)]*\) |Your (guess|reason), or Enter to see: |> (\* N)`)
	for _, shown := range prompt.Split(seen, -1) {
		rows := 0
		for line := range strings.Lines(shown) {
			rows += 1 + max(0, utf8.RuneCountInString(strings.TrimRight(line, "\r\n"))-1)/80
		}
		screens = append(screens, rows)
	}
	return screens
}

// On a terminal of 80 by 24 no row of a lesson scrolls out of view before a key is pressed.
func TestScreens(t *testing.T) {
	foreign.Short(t)
	t.Parallel()
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range course {
		t.Run(l.number, func(t *testing.T) {
			t.Parallel()
			cmd := program("terminal", l.number)
			cmd.Stdin = strings.NewReader(strings.Repeat("\n", 200))
			seen, err := cmd.CombinedOutput()
			if err != nil {
				t.Errorf("%v, %s", err, seen)
			}
			for n, rows := range terminal(string(seen)) {
				if rows > 23 {
					t.Errorf("screen %d has %d rows", n, rows)
				}
			}
		})
	}
}

// On a terminal of 80 by 24 the tour has two screens for each exchange at most. d shows more of one, and
// q ends it.
func TestTourStepByStep(t *testing.T) {
	tour, err := tourSteps()
	if err != nil {
		t.Fatal(err)
	}
	piped, exit := perform(t, "", false)
	parts := strings.Split(piped, meaningTitle)[1:]
	if exit != 0 || strings.Contains(piped, "(Enter") || len(parts) != len(tour) {
		t.Fatalf("in a pipe: exit code %d, %d of %d exchanges, %.2000s", exit, len(parts), len(tour), piped)
	}
	seconds := 0
	for i, tr := range tour {
		text, more := secondScreen[tr.name]
		if more {
			seconds++
		}
		if !strings.Contains("\n"+parts[i], text) {
			t.Errorf("the listing of %s has no %q, where secondScreen lets its second screen begin", tr.command, text)
		}
	}
	if seconds != len(secondScreen) {
		t.Errorf("secondScreen has a name that is not one of %q", tour)
	}
	rest := piped
	for _, want := range []string{"\nHTTP/1.0 200 OK\n", "\nHTTP/1.0 201 Created\n",
		"\nHTTP/1.0 404 Not Found\n", "go run ./server\n"} {
		var found bool
		if _, rest, found = strings.Cut(rest, want); !found {
			t.Fatalf("no %q in the rest of the tour: %s", want, piped)
		}
	}
	seen, exit := perform(t, strings.Repeat("\n", 200), true)
	screens := terminal(seen)
	for n, rows := range screens {
		if rows > 23 {
			t.Errorf("screen %d has %d rows", n, rows)
		}
	}
	if exit != 0 || len(screens) > 2*len(tour) || !strings.HasSuffix(seen, goOn) {
		t.Errorf("exit code %d, %d screens: %s", exit, len(screens), seen)
	}
	_, last, _ := strings.Cut(seen, "6. A request with an error")
	for _, text := range []string{"HTTP/1.0 400 Bad Request\n... (6 fields more)\n\nerror: two spaces", "\n  |     ^ expected",
		"\n  help  send exactly one space"} {
		if !strings.Contains(last, text) {
			t.Errorf("exchange 6 does not show %q: %s", text, last)
		}
	}
	deeper, _ := perform(t, "d\n"+strings.Repeat("\n", 200), true)
	if !strings.Contains(deeper, "\"South Street\"") || strings.Count(deeper, "\"South Street\"") <=
		strings.Count(seen, "\"South Street\"") {
		t.Errorf("d shows no more: %s", deeper)
	}
	if skipped, _ := perform(t, "q\n", true); len(terminal(skipped)) != 2 || !strings.HasSuffix(skipped, goOn) {
		t.Errorf("q does not skip: %s", skipped)
	}
	t.Setenv("LINES", "12") // the first stop is within a screen
	if skipped, _ := perform(t, "q\n", true); !strings.HasSuffix(skipped, moreprompt+goOn) {
		t.Errorf("q does not skip where the screen is full: %s", skipped)
	}
}

// judge credits equivalent answers, and says what is close about others.
func TestJudge(t *testing.T) {
	for _, tt := range []struct{ question, given, want, says string }{
		{"Which status code?", "404", "404", "Right"},
		{"Which status code?", "404 Not Found", "404", "Right"},
		{"Which status code?", "a 404", "404", "Right"},
		{"Which status code?", "405", "404", "Close, 4xx"},
		{"Which status code?", "200", "404", "Another"},
		{"Which status code?", "4", "404", "Not quite"},
		{"Will the status code begin with 4 or 5?", "4", "5", "Not quite"},
		{"Which status code?", "404 or 405", "404", "Not quite"},
		{"Which status\ncode?", "400", "404", "Close, 4xx"},
		{"Will the status code begin with 4 or 5?", "501", "5", "Right"},
		{"Will the status code begin with 4 or 5?", "5xx", "5", "Right"},
		{"Which status code?", "not 404", "404", "Not quite"},
		{"Which status code?", "No Content", "204", "Right"},
		{"Which status code?", "not found.", "404", "Right"},
		{"Which status code?", "Not Found", "405", "Not quite"},
		{"Which status code?", "HTTP Not Found", "404", "Right"},
		{"Which status code?", "404, not HTTP 200", "404", "Right"},
		{"Which status code?", "40400", "404", "Another"},
		{"How many?", "status 5", "12", "Not quite"},
		{"Which status code?", "204, not 200", "204", "Right"},
		{"Will the status code begin with 4 or 5?", "405", "5", "Not quite"},
		{"How many?", "ten", "10", "Right"},
		{"How many?", "10 octets", "10", "Right"},
		{"How many?", "two", "2", "Right"},
		{"How many?", "both", "2", "Right"},
		{"How many?", "three of five", "3", "Right"},
		{"How many?", "of 5 only 3", "3", "Not quite"},
		{"How many?", "number of octets: 3", "3", "Right"},
		{"How many?", "the first one", "1", "Right"},
		{"How many?", "the first two", "1", "Not quite"},
		{"How many?", "the first two", "2", "Right"},
		{"The first, the last, or neither?", "the first one", "neither", "Not quite"},
		{"How many octets?", "12", "10", "Close: off by 2, as many"},
		{"At which offset?", "15", "17", "Close: off by 2, as many"},
		{"Which number will\nContent-Length have?", "35", "37", "Close: off by 2, as many"},
		{"How many round trips?", "32", "30", "Close: off by 2. It"},
		{"How many round trips?", "5", "7", "Not quite"},
		{"How many?", "35", "10", "Not quite"},
		{"How many?", "11", "10", "Close: off by 1"},
		{"How many will it have then?", "4", "3", "Not quite"},
		{"Will the status code begin with 2, 4 or 5?", "4xx", "4", "Right"},
		{"Will the status code begin with 2, 4 or 5?", "400", "4", "Right"},
		{"Will the status code begin with 2, 4 or 5?", "5", "4", "Not quite"},
		{"Which status code: 404, 405 or 501?", "405", "405", "Right"},
		{"Which status code: 404, 405 or 501?", "404 or 405", "405", "Not quite"},
		{"How many?", "6", "7", "Close: off by 1"},
		{"How many?", "159", "162", "Close: off by 3"},
		{"How many?", "4 + 6 = 10", "10", "Right"},
		{"How many?", "no octets", "0", "Right"},
		{"How many?", "nothing", "0", "Right"},
		{"How many?", "none", "0", "Right"},
		{"0, 1 or 2?", "1", "2", "Not quite"},
		{"How many?", "address 3", "1", "Not quite"},
		{"How many?", "not 1", "1", "Not quite"},
		{"How many?", "more than one", "1", "Not quite"},
		{"How many?", "one for each", "1", "Not quite"},
		{"How many?", "2 each, 12 in all", "12", "Right"},
		{"How many?", "2 per line, 12 in all", "12", "Right"},
		{"How many?", "fifteen", "15", "Right"},
		{"How many?", "no idea", "0", "The answer"},
		{"How many?", "dunno", "10", "The answer"},
		{"How many?", "lots", "10", "Not quite"},
		{"At which offset?", "5", "4", "Close. An offset"},
		{"At which offset?", "8", "4", "Not quite"},
		{"Which field?", "Location:", "Location", "Right"},
		{"Which field?", "the Location field", "Location", "Right"},
		{"Which field?", "location", "Location", "Right"},
		{"Which field?", "not Location", "Location", "Close"},
		{"Which field?", "Location, not Date", "Location", "Right"},
		{"Must it or may it?", "may, not must", "may", "Right"},
		{"Must it or may it?", "it may not", "may", "Not quite"},
		{"Which field?", "Age Date ETag Host Vary Location", "Location", "Close"},
		{"A header or a body?", "the header", "the header", "Right"},
		{"Which field?", "Date", "Location", "Not quite"},
		{"Which field?", "Date and ETag", "Date", "Close"},
		{"Which field?", "Date, ETag", "Date", "Close"},
		{"Which field?", "content length", "Content-Length", "Right"},
		{"Which field?", "the length", "Content-Length", "Close"},
		{"Which field?", "Content-Type", "Content-Length", "Close"},
		{"Is it?", "y", "yes", "Right"},
		{"Is it?", "No.", "no", "Right"},
		{"Is it?", "no, it waits", "no", "Right"},
		{"Is it?", "yes", "no", "Not quite"},
		{"Is it?", "not yet", "no", "Right"},
		{"Is it?", "not yet", "yes", "Not quite"},
		{"Is it?", "yep", "yes", "Right"},
		{"Is it?", "True.", "yes", "Right"},
		{"Is it?", "false", "no", "Right"},
		{"Is it?", "true", "no", "Not quite"},
		{"Is it? (yes or no)", "not true", "no", "Right"},
		{"Is it? (yes or no)", "that is false", "yes", "Not quite"},
		{"Is it?", "not sure", "no", "The answer"},
		{"Is it? (yes or no)", "yes, no length", "no", "Not quite"},
		{"Is it? (yes or no)", "no, I do not know why", "no", "Right"},
		{"Is it? (yes or no)", "I don't know", "no", "The answer"},
		{"Is it? (yes or no)", "yes or no", "yes", "Not quite"},
		{"Is it? (yes or no)", "no, yes is wrong", "yes", "Not quite"},
		{"Must or may?", "it can", "may", "Right"},
		{"The first, the last, or neither?", "none of them", "neither", "Right"},
		{"The client, the server, or both?", "client and server", "both", "Right"},
		{"The client, the server, or both?", "the client", "both", "Not quite"},
		{"The client, the server, or both?", "client & server", "both", "Right"},
		{"The client, the server, or both?", "client and", "both", "Not quite"},
		{"The client, the server, or both?", "client and server do not", "both", "Not quite"},
		{"The client, the server, or both?", "neither client and server", "both", "Not quite"},
		{"The client, the server, or both?", "proxy and server", "both", "Not quite"},
		{"The client, the server, or neither?", "client and server", "neither", "Not quite"},
		{"The client, the server, or both?", "the client, and it closes", "both", "Not quite"},
		{"The client, the server, or both?", "the server and not the client", "both", "Not quite"},
		{"Which first: the client\nor the server?", "client, then the server", "server", "Not quite"},
		{"Which first: the client or the server?", "the server, then the client", "server", "Right"},
		{"Which first: the client or the server?", "the client does not close it", "client", "Not quite"},
		{"Which first: the client or the server?", "the server can't close", "server", "Not quite"},
		{"Which first: the client or the server?", "the server, the client does not", "server", "Right"},
		{"Which first: the client or the server?", "the server. The client never does", "server", "Right"},
		{"Which first: the client or the server?", "the server, not the client", "server", "Right"},
		{"Which first: the client or the server?", "the server because the client does not know when", "server", "Right"},
		{"Which first: the client or the server?", "the server or the client does that first", "server", "Close"},
		{"Ann's or Bob's?", "Bob's, and his request came last of all", "Bob's", "Right"},
		{"A success or a failure? (success or failure)", "a success: 2 means success", "success", "Right"},
		{"How many?", "7, since 6 requests follow", "7", "Right"},
		{"Which version?", "1.0 because it has no 1.1", "HTTP/1.0", "Right"},
		{"Which version?", "because of 1.0", "HTTP/1.0", "Right"},
		{"The client, the server, or both?", "the client does, the server doesn't", "the client", "Right"},
		{"The client, the server, or both?", "the client does not", "the client", "Not quite"},
		{"Which version?", "1.0, not 1.1", "HTTP/1.0", "Right"},
		{"Which version?", "1.1, not 1.0", "HTTP/1.0", "Not quite"},
		{"Which version?", "HTTP/1.0 is not named", "HTTP/1.0", "Not quite"},
		{"Which field?", "Location won’t say it", "Location", "Close"},
		{"Which field?", "Location not", "Location", "Close"},
		{"Will it? (yes or no)", "it does not", "no", "Right"},
		{"Will it? (yes or no)", "it doesn't", "yes", "Not quite"},
		{"Will it? (yes or no)", "no, it will not", "no", "Right"},
		{"A success or a failure? (success or failure)", "no success", "success", "Close"},
		{"Which version?", "1.0", "HTTP/1.0", "Right"},
		{"Which version?", "http 1.0", "HTTP/1.0", "Right"},
		{"Which version?", "HTTP/1.1", "HTTP/1.0", "Not quite"},
		{"Which four?", "n,u,m,b", "numb", "Right"},
		{"Whose?", "bobs", "Bob's", "Right"},
		{"Which version?", "HTTP/1.1 and 1.0", "HTTP/1.0", "Not quite"},
		{"Which version?", "1.1, since 1.0 is old", "HTTP/1.0", "Not quite"},
		{"Which version?", "'HTTP/1.0', no doubt", "HTTP/1.0", "Right"},
		{"Which version?", "HTTP1.0", "HTTP/1.0", "Right"},
		{"Whose?", "Bob", "Bob's", "Right"},
		{"Ann's or Bob's?", "Ann's, Bob gets 412", "Bob's", "Not quite"},
		{"Ann's or Bob's?", "Bob's, and Ann gets 412", "Bob's", "Right"},
		{"Whose?", "Bob’s.", "Bob's", "Right"},
		{"Whose?", "Ann's", "Bob's", "Not quite"},
		{"Which?", "it returns it", "return", "Right"},
		{"Which?", "0d0a0d0a", "0D 0A 0D 0A", "Right"},
		{"Which?", "0D 0A", "0D 0A 0D 0A", "Not quite"},
		{"Which?", "0x0D 0x0A 0x0D 0x0A", "0D 0A 0D 0A", "Right"},
		{"Which?", "CR LF CR LF", "0D 0A 0D 0A", "Right"},
		{"Which?", "CRLFCRLF", "0D 0A 0D 0A", "Right"},
		{"Which?", "0D,0A,0D,0A", "0D 0A 0D 0A", "Right"},
		{"Which?", "␍␊␍␊", "0D 0A 0D 0A", "Right"},
		{"Which?", `\r\n\r\n`, "0D 0A 0D 0A", "Right"},
		{"Which?", "0D 0A 0D", "0D 0A 0D 0A", "Not quite"},
		{"Which?", "0D 0A 0D 0A 0D 0A", "0D 0A 0D 0A", "Not quite"},
		{"Which?", "0D-0A-0D-0A", "0D 0A 0D 0A", "Right"},
		{"Which?", "", "200", "The answer"},
		{"Will it? (yes or no)", "yes and no", "yes", "Not quite"},
		{"Will it? (yes or no)", "yes and no", "no", "Not quite"},
		{"Will it? (yes or no)", "no/yes", "no", "Not quite"},
		{"Will it? (yes or no)", "yes no maybe", "yes", "Not quite"},
		{"Will it? (yes or no)", "yes no, perhaps", "yes", "Not quite"},
		{"Will it? (yes or no)", "no yes I think", "no", "Not quite"},
		{"Will it? (yes or no)", "no  and yes, it depends", "no", "Not quite"},
		{"Will it? (yes or no)", "yes, no field says so", "yes", "Right"},
		{"Will it? (yes or no)", "Yes. No field says so.", "yes", "Right"},
		{"Will it? (yes or no)", "not yes", "yes", "Not quite"},
		{"Will it? (yes or no)", "anything but yes", "yes", "Not quite"},
		{"Will it? (yes or no)", "I would not say yes", "yes", "Not quite"},
		{"Will it? (yes or no)", "it does not wait, so yes", "yes", "Right"},
		{"Will it? (yes or no)", "without doubt yes", "yes", "Right"},
		{"Which status code?", "not 404 but 405", "405", "Right"},
		{"Which status code?", "a guess, but 405", "405", "Right"},
		{"Which field?", "a guess, but Date", "Date", "Right"},
		{"How many?", "all but 2", "2", "Not quite"},
		{"How many?", "anything but 12", "12", "Not quite"},
		{"How many?", "it isn't 12", "12", "Not quite"},
		{"How many?", "never 12", "12", "Not quite"},
		{"How many?", "all except 2", "2", "Not quite"},
		{"Which first: the client or the server?", "other than the server", "server", "Close"},
		{"Which version?", "anything but 1.0", "HTTP/1.0", "Not quite"},
	} {
		if got := judge(tt.question, tt.given, tt.want); !strings.HasPrefix(got, tt.says) {
			t.Errorf("%s %q, measured %q: %q, want %q", tt.question, tt.given, tt.want, got, tt.says)
		}
	}
}

// Neither a question, nor a part of it, nor the answer to another question of the course is an answer to it.
// Of the answers to other questions, a number may be that of a word, since no octets are 0 and both are 2, and a
// status code may begin with the digit that is asked for.
func TestJudgeCopies(t *testing.T) {
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	var all []question
	for _, l := range course {
		all = append(all, l.questions...)
	}
	all = slices.DeleteFunc(all, func(q question) bool { return q.open() })
	for _, q := range all {
		copies := append(sentences.FindAllString(strings.Join(strings.Fields(q.text), " "), -1), q.text,
			strings.Trim(q.text, "?)"))
		if !strings.Contains(q.text, " or ") { // it offers no choice
			copies = append(copies, regexp.MustCompile(`\d+`).FindAllString(q.text, -1)...)
		}
		for _, other := range all {
			begins := asksCode(q.text) && strings.HasPrefix(other.short, q.short)
			if other.short != q.short && asNumbers[other.short] != q.short && !begins {
				copies = append(copies, other.short)
			}
		}
		for _, given := range copies {
			if judge(q.text, given, q.short) == rightAnswer {
				t.Errorf("%q is credited as an answer to %q, which is %q", given, q.text, q.short)
			}
		}
	}
}

// A student who gives one answer to all questions is seldom right.
func TestNoAnswerForAll(t *testing.T) {
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	all, answers, yesOrNo := 0, map[string]int{}, map[string]int{}
	for _, l := range course {
		for _, q := range l.questions {
			if !q.open() {
				all++
				answers[q.short]++
			}
			if strings.Contains(q.text, "(yes or no)") {
				yesOrNo[q.short]++
			}
		}
	}
	for answer, n := range answers {
		if 6*n > all {
			t.Errorf("%q is right for %d of %d questions", answer, n, all)
		}
	}
	if yesOrNo["no"] > 2*yesOrNo["yes"] || yesOrNo["yes"] > 2*yesOrNo["no"] {
		t.Errorf("answers to yes or no: %v", yesOrNo)
	}
}

// What is no lesson is refused. The list of all commands comes first, because it is longer than a screen.
func TestNoLesson(t *testing.T) {
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	next := strconv.Itoa(len(course) + 1)
	for _, args := range [][]string{{next}, {"0"}, {"one"}, {"1", "2"}, {"-9"}} {
		seen, exit := perform(t, "", false, args...)
		wrong := fmt.Sprintf("\n\nexamples: there is no lesson or command %q. Write one", strings.Join(args, " "))
		if exit != 2 || !strings.HasPrefix(seen, "go run ./examples ") || !strings.Contains(seen, wrong) {
			t.Errorf("%q: exit code %d, %s", args, exit, seen)
		}
	}
	if seen, exit := perform(t, "", false, "-h"); exit != 0 || !strings.HasPrefix(seen, "go run ./examples ") {
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
			t.Errorf("the table of lessons in examples/README.md has no row that begins  %s", row)
		}
		checkLinks(t, l.file, l.page)
	}
	for _, name := range []string{"README.md", "TEACHER.md", "GLOSSARY.md", "CHEATSHEET.md"} {
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		checkLinks(t, name, string(page))
	}
}

func checkLinks(t *testing.T, file, page string) {
	t.Helper()
	for _, m := range regexp.MustCompile(`\[[^]]*\]\(([^)]*)\)`).FindAllStringSubmatch(page, -1) {
		target := filepath.Join(filepath.Dir(file), filepath.FromSlash(m[1]))
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

// documented returns the commands in README.md and TEACHER.md, and in the list of what can be played.
func documented(t *testing.T) (commands []string) {
	typed := regexp.MustCompile("(?m)(?:^    |`)go run \\./((?:examples|rawclient)(?: [^`\n]*)?)(?:`|$)")
	for _, name := range []string{"README.md", "TEACHER.md"} {
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range typed.FindAllStringSubmatch(string(page), -1) {
			commands = append(commands, m[1])
		}
	}
	for _, o := range others {
		commands = append(commands, "examples "+strings.Replace(o.command, "FILE", "responses/ok.http", 1))
	}
	return commands
}

// Documented commands work. A page is not written, no lesson is played, and with -h the client sends nothing.
func TestDocumentedCommands(t *testing.T) {
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range documented(t) {
		args := cli.Words(command)[1:]
		if i := slices.Index(args, "-o"); i >= 0 {
			args = slices.Delete(args, i, i+2)
		}
		var says bytes.Buffer
		exit := 0
		if strings.HasPrefix(command, "rawclient") {
			n := slices.IndexFunc(append(args, " HTTP/"), func(arg string) bool { return strings.Contains(arg, " HTTP/") })
			exit = cli.Run(t.Context(), append(args[:n:n], "-h"), cli.Stdio{Out: io.Discard, Err: &says})
		} else if choose(course, strings.Join(args, " "), cli.Stdio{}) == nil {
			var seen string
			seen, exit = perform(t, "", false, args...)
			says.WriteString(seen)
		}
		if exit != 0 {
			t.Errorf("%s: exit code %d, %.1000s", command, exit, &says)
		}
	}
}

// The commands that belong to lessons work alone, and say what is wrong with their arguments.
func TestCommands(t *testing.T) {
	for _, tt := range []struct {
		args string
		exit int
		says string
	}{
		{"delay", 0, "one connection, kept open            1             7"},
		{"receive responses/ok.http", 0, "HTTP/1.0 200 OK"},
		{"receive -fail responses/not-found.http", 1, "HTTP/1.0 404"},
		{"receive lessons/cut-short.http", 5, "incomplete: 3 of 5"},
		{"receive nowhere.http", 2, "Write a file with a response, such as examples/responses/ok.http"},
		{"receive", 2, "needs a file"},
		{"receive responses/ok.http -explain", 2, "needs a file after its flags"},
		{"book nosuch", 2, "there is no experiment"},
		{"listen", 2, "the name of the response is missing"},
		{"slides 99", 2, "there is no lesson"},
		{"handout", 2, "needs the number"},
		{"handout cheatsheet -key", 2, "Leave out -key"},
		{"slides 1 -o", 2, "needs the name of a file"},
		{"quiz -page -o", 2, "needs the name of a file"},
		{"quiz -n 0", 2, "-n 0: write a number of 1 or more"},
		{"slides 1 -o nowhere/slides.html", 1, "there is no directory nowhere. Make it, or write the name of another file"},
	} {
		seen, exit := perform(t, "", false, strings.Fields(tt.args)...)
		if exit != tt.exit || !strings.Contains(strings.ReplaceAll(seen, "\n", " "), tt.says) {
			t.Errorf("%s: exit code %d, %s", tt.args, exit, seen)
		}
	}
}

// The numbers that the lessons state are those of the server.
func TestNumbersInLessons(t *testing.T) {
	for _, tt := range []struct{ file, text string }{
		{"1-type-a-get.md", "port " + strings.TrimPrefix(explain.DefaultAddr, "localhost:") + "."},
		{"3-the-empty-line.md", map[bool]string{true: "It gives people a minute"}[httpd.DefaultLimits.HeadTime == time.Minute]},
		{"7-keep-alive.md", fmt.Sprintf("the field costs %d octets", len("Connection: keep-alive\r\n"))},
		{"7-keep-alive.md", fmt.Sprintf("after %.0f seconds", httpd.DefaultLimits.IdleTime.Seconds())},
		{"7-keep-alive.md", fmt.Sprintf("it waits %d ms", farRoundTrip.Milliseconds())},
	} {
		page, err := files.ReadFile("lessons/" + tt.file)
		if err != nil {
			t.Fatal(err)
		}
		if tt.text == "" || !strings.Contains(string(page), tt.text) {
			t.Errorf("%s does not say %q", tt.file, tt.text)
		}
	}
}
