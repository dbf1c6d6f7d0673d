// Command examples is the tour and the course. Alone it plays the tour; with the number of a
// lesson, that page of the course. On a terminal both go step by step, in a pipe straight through.
//
//	go run ./examples
//	go run ./examples 3
//
// It is server and client in one program. Whatever it shows was sent over a connection just now.
package main

import (
	"context"
	"embed"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"rawhttp/examples/replay"
	"rawhttp/rawclient/cli"
)

// files are what is played and what that sends: transcripts, lessons, literal messages.
//
//go:embed *.txt *.json lessons good bad responses
var files embed.FS

func main() {
	os.Exit(run(os.Args[1:], cli.Standard()))
}

// run does what the command line says and returns the exit code.
func run(args []string, std cli.Stdio) int {
	course, err := lessons()
	if err != nil {
		fmt.Fprintln(std.Err, "examples:", err)
		return 1
	}
	asked := strings.Join(args, " ")
	if play := choose(course, asked, std); play != nil {
		if err := stage(play); err != nil {
			fmt.Fprintln(std.Err, "examples:", err)
			return 1
		}
		return 0
	}
	if strings.TrimLeft(asked, "-") == "h" || strings.TrimLeft(asked, "-") == "help" {
		fmt.Fprint(std.Out, contents(course))
		return 0
	}
	fmt.Fprintf(std.Err, "there is no lesson %q. There are:\n\n%s", asked, contents(course))
	return 2
}

// contents lists what can be played.
func contents(course []lesson) string {
	var b []byte
	for _, l := range course {
		b = fmt.Appendf(b, "  go run ./examples %s    %s\n", l.number, l.title)
	}
	return string(b) + "  go run ./examples      the tour\n"
}

// A play is the tour or a lesson. It has a server at addr and the folder dir to itself.
type play func(addr, dir string) error

// choose returns what the command line asks for, nil if there is no such thing.
func choose(course []lesson, asked string, std cli.Stdio) play {
	if asked == "" {
		return func(addr, dir string) error { return newPlayer(std, addr).tour(dir) }
	}
	for i, l := range course {
		if asked == l.number {
			return func(addr, _ string) error { return newPlayer(std, addr).play(course[i:]) }
		}
	}
	return nil
}

// stage starts the server, makes a folder like the one around this one, so that the commands find
// the files they send wherever this runs, and goes there for the play.
func stage(p play) error {
	addr, stop, err := replay.ServeBook()
	if err != nil {
		return err
	}
	defer stop()
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
	ctx, done := signal.NotifyContext(context.Background(), endSignals...)
	defer done()
	defer context.AfterFunc(ctx, func() {
		leave()
		fmt.Println() // behind the ^C of a terminal
		os.Exit(1)
	})()
	if err := os.CopyFS(filepath.Join(dir, "examples"), files); err != nil {
		return err
	}
	if err := os.Chdir(dir); err != nil {
		return err
	}
	return p(addr, dir)
}
