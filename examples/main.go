// Command examples is the tour and the course. Without arguments it plays the tour; with the number
// of a lesson it plays that lesson. On a terminal both wait for Enter after each step. In a pipe they
// print everything.
//
//	go run ./examples
//	go run ./examples 3
//
// Four more commands belong to lessons. The first measures what keep-alive saves on a link with delay.
// The second lets the client read a response that is in a file. The third kills a server that keeps its
// addresses in a file, and starts another one. In the fourth rawclient is the server, and the body that
// it sends is too short.
//
//	go run ./examples delay
//	go run ./examples receive -explain examples/responses/chunked.http
//	go run ./examples book killed
//	go run ./examples listen short
//
// The quiz shows messages and asks where they go wrong.
//
//	go run ./examples quiz
//
// The last two commands make pages for a class: slides to project, and hand-outs to print.
//
//	go run ./examples slides 1 -o slides.html
//	go run ./examples handout 1 -o handout.html
//
// The program is server and client in one. Everything it shows has just been sent over a connection.
//
//	main.go        the command line
//	lesson.go      a lesson, as its page has it
//	tour.go        the tour
//	play.go        a lesson, played: its text, its commands, and the student's guesses
//	judge.go       how good a guess is
//	screen.go      a terminal that stops when it is full
//	keyboard.go    what is typed
//	commands.go    the commands that belong to lessons; receive
//	delay.go       the command delay
//	experiment.go  the command book
//	listen.go      the command listen
//	pages.go       the pages of the quiz and others, printed or saved
//	slides.go      slides and hand-outs
package main

import (
	"context"
	"embed"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"

	"rawhttp/examples/gallery"
	"rawhttp/examples/replay"
	"rawhttp/httpwire/commandline"
	"rawhttp/rawclient/cli"
	"rawhttp/server/app"
)

// files holds the transcripts, the lessons, what they send besides the messages of the gallery, and the cheat
// sheet.
//
//go:embed *.txt *.json CHEATSHEET.md lessons rest/*.http
var files embed.FS

// readExample reads a file by its name below examples: a message of the gallery, or one of files.
func readExample(name string) ([]byte, error) {
	if octets := (gallery.Message{File: name}).Octets(); octets != nil {
		return octets, nil
	}
	return files.ReadFile(name)
}

func main() {
	if file := os.Getenv(bookServer); file != "" {
		os.Exit(serveBookFile(file, os.Stdin, os.Stdout))
	}
	os.Exit(run(os.Args[1:], cli.Standard()))
}

// run runs a command line and returns the exit code. It is 1 if the output was cut short.
func run(args []string, std cli.Stdio) int {
	var failed error
	out := &commandline.Output{W: std.Out, Failed: func(err error) { failed = err }}
	std.Out = out
	code := dispatch(args, std, out)
	if code == 0 && failed != nil {
		commandline.PrintError(std.Err, "examples", failed)
		return 1
	}
	return code
}

// dispatch runs a command line whose output is out, and returns the exit code.
func dispatch(args []string, std cli.Stdio, out *commandline.Output) int {
	if len(args) > 0 && args[0] == "quiz" {
		return runQuiz(args, std)
	}
	if len(args) > 0 && args[0] == "receive" {
		return receive(context.Background(), args[1:], std)
	}
	course, err := lessons()
	known := true
	if err == nil {
		known, err = show(course, args, std, out)
	}
	if err != nil {
		commandline.PrintError(std.Err, "examples", err)
		return commandline.ExitCode(err)
	}
	if !known {
		return help(course, strings.Join(args, " "), std)
	}
	return 0
}

// show shows the tour, a lesson or an experiment, or makes a page. It reports false if the arguments name
// none of them.
func show(course []lesson, args []string, std cli.Stdio, out *commandline.Output) (known bool, err error) {
	if len(args) > 0 && (args[0] == "slides" || args[0] == "handout") {
		return true, makePage(args, std, func(args []string, out io.Writer) error {
			return onPaper(out, course, args)
		})
	}
	if known, err = runOwn(context.Background(), std.Out, args, realClock); known {
		return true, err
	}
	if play := choose(course, strings.Join(args, " "), std); play != nil {
		return true, stage(play, out, std.Err)
	}
	return false, nil
}

// help prints the words that may be asked for, and returns the exit code. Words that do not ask for help are
// an error.
func help(course []lesson, asked string, std cli.Stdio) int {
	if word := strings.TrimLeft(asked, "-"); word == "h" || word == "help" {
		fmt.Fprint(std.Out, contents(course))
		return 0
	}
	// The list has more rows than a terminal, so what is wrong comes after it.
	fmt.Fprintln(std.Err, contents(course))
	commandline.PrintError(std.Err, "examples", fmt.Errorf("there is no lesson or command %q. Write one of the words above after  go run ./examples",
		asked))
	return 2
}

// noSuch returns the error about a word that is missing, or is none of those that can be written.
func noSuch[V any](kind, name string, choices map[string]V, example string) error {
	problem := fmt.Sprintf("there is no %s %q", kind, name)
	if name == "" {
		problem = "the name of the " + kind + " is missing"
	}
	return commandline.UsageError(fmt.Sprintf("%s. Write one of %s:\n\n  go run ./examples %s", problem,
		strings.Join(slices.Sorted(maps.Keys(choices)), ", "), example))
}

// others are what can be played besides the lessons.
var others = []struct{ command, does string }{
	{"quiz", "where do these messages go wrong?"},
	{"quiz -page -o quiz.html", "the same as a page"},
	{"slides 1 -o slides.html", "a lesson as slides, or without number all"},
	{"slides gallery -o slides.html", "messages, and where they go wrong"},
	{"handout 1 -o handout.html", "a lesson to print; -key adds the answers"},
	{"handout cheatsheet -o sheet.html", "HTTP/1 on one page"},
	{"delay", "what keep-alive saves on a link with delay"},
	{"book killed", "a server is killed, and its addresses stay"},
	{"listen short", "rawclient as a server whose body is short"},
	{"receive FILE", "how the client reads a response"},
}

// contents lists what can be played.
func contents(course []lesson) string {
	var b strings.Builder
	b.WriteString("go run ./examples  plays the tour. These words may follow it:\n\n")
	for _, l := range course {
		fmt.Fprintf(&b, "  %-34s%s\n", l.number, l.title)
	}
	for _, o := range others {
		fmt.Fprintf(&b, "  %-34s%s\n", o.command, o.does)
	}
	return b.String()
}

// A play is the tour or a lesson. No other play uses its server, at addr, or its folder, dir.
type play func(addr, dir string) error

// choose returns the play that the command line names, or nil if there is none.
func choose(course []lesson, asked string, std cli.Stdio) play {
	if asked == "" {
		return func(addr, dir string) error { return newPlayer(std, addr, dir).tour() }
	}
	for i, l := range course {
		if asked == l.number {
			return func(addr, dir string) error { return newPlayer(std, addr, dir).play(course[i:]) }
		}
	}
	return nil
}

// stage starts a server and runs the play in a temporary folder, to which the files that are sent are
// copied. A signal, or an output that takes no more, removes the folder and ends the program.
func stage(p play, out *commandline.Output, errOut io.Writer) error {
	server, err := replay.Start(app.Options{})
	if err != nil {
		return err
	}
	defer server.Stop()
	home, err := os.Getwd()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "rawhttp")
	if err != nil {
		return err
	}
	leave := func() { os.Chdir(home); os.RemoveAll(dir) }
	defer leave()
	ctx, done := signal.NotifyContext(context.Background(), commandline.EndSignals...)
	defer done()
	defer context.AfterFunc(ctx, func() {
		leave()
		fmt.Println() // ends the line of ^C on a terminal
		os.Exit(1)
	})()
	commandline.IgnoreBrokenPipe()
	out.Failed = func(err error) {
		leave()
		if !commandline.IsBrokenPipe(err) {
			commandline.PrintError(errOut, "examples", err)
		}
		os.Exit(1)
	}
	if err := os.Chdir(dir); err != nil {
		return err
	}
	return p(server.Addr, dir)
}
