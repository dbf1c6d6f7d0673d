// Command survey sends each request of the gallery to a server and prints what it made of it: the
// ones in examples/good, examples/bad and examples/ends, each on a connection of its own.
//
//	go run ./examples/survey localhost:80
//
// It prints the status code of the answer or how else it ended, and whether that agrees with the
// verdict of the gallery. More than one answer to one message is pointed out: where one message
// counts as two, a request can be smuggled.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strings"
	"time"

	"rawhttp/examples/gallery"
)

const usage = `survey sends each request of examples/good, examples/bad and examples/ends to a
server, and prints what it made of it.

  go run ./examples/survey [-patience 2s] host:port

Behind each file stands the status code of the answer, or
  0.9         a body without status line, as in HTTP/0.9
  waits       silence: the flag -patience says for how long
  closed      the connection was closed without an answer
  reset       it was broken off without an answer
  ill-formed  an answer that cannot be read
  200+400     more than one answer to one message
and then whether that is what examples/GALLERY.md says of the message.

The server should answer GET with 200 whatever the path. The messages do no
harm to a server that is sound; send them to servers of your own only.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	switch err := run(ctx, os.Args[1:], os.Stdout); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Print(usage)
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "survey: interrupted before all answers were in")
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "survey:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("survey", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	patience := flags.Duration("patience", 2*time.Second, "")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("%w\nthe only flag is  -patience 2s;  -h says more", err)
	}
	addr, err := address(flags.Args())
	if err != nil {
		return err
	}
	if *patience <= 0 {
		return errors.New("-patience is how long to wait for an answer: write 2s or 500ms")
	}
	results, err := surveyed(ctx, addr, gallery.Requests(), func(gallery.Message) time.Duration {
		return *patience
	})
	if err == nil {
		report(out, addr, results)
	}
	return err
}

// address takes the one argument there is.
func address(args []string) (string, error) {
	const example = "\nfor example:  go run ./examples/survey localhost:12345"
	switch {
	case len(args) == 0:
		return "", errors.New("which server? Write host:port behind the flags," + example)
	case len(args) > 1:
		return "", fmt.Errorf("one server at a time, and flags stand before it: %q", args[1:])
	case strings.Contains(args[0], "/"):
		return "", fmt.Errorf("write host:port, and no URL: %q,%s", args[0], example)
	}
	if _, _, err := net.SplitHostPort(args[0]); err != nil {
		return "", fmt.Errorf("the port is missing in %q,%s", args[0], example)
	}
	return args[0], nil
}

// report prints a line for each message, and a summary.
func report(out io.Writer, addr string, results map[string]string) {
	words := map[gallery.Opinion]string{
		gallery.Agrees: "agrees", gallery.Differs: "DIFFERS", gallery.Unclear: "unclear"}
	count := make(map[gallery.Opinion]int)
	var several []string
	for _, m := range gallery.Requests() {
		result := results[m.File]
		opinion := m.Opinion(result)
		count[opinion]++
		fmt.Fprintf(out, "%-36s %-11s %s\n", m.File, result, words[opinion])
		if opinion == gallery.Differs {
			fmt.Fprintf(out, "    %s\n", m.Why)
		}
		if strings.Contains(result, "+") {
			several = append(several, m.File)
		}
	}
	fmt.Fprintf(out, "\n%s agrees on %d of %d messages, differs on %d; %d are unclear\n", addr,
		count[gallery.Agrees], len(results), count[gallery.Differs], count[gallery.Unclear])
	if several != nil {
		fmt.Fprintf(out, "more than one answer to one message, a request could be smuggled: %s\n",
			strings.Join(several, ", "))
	}
}
