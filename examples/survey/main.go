// Command survey sends each request of the gallery to a server and prints how the server treated
// it: the messages in examples/good, examples/bad and examples/ends, each on a connection of its own.
//
//	go run ./examples/survey localhost:80
//	go run ./examples/survey -teach localhost:8080
//
// It prints the status code of the response, or how else the connection ended, and whether that
// agrees with the verdict of the gallery. It points out more than one response to one message: where
// a message counts as two, a request can be smuggled.
//
// With -teach it judges a server that you have written, in any language. It prints the first difference
// of each group, the message that ended or blocked the server, and a score by group.
//
//	main.go   the command
//	ask.go    sends a message, and says what came back
//	teach.go  the questions to a server of yours
//	probe.go  the questions that are not messages of the gallery
//	score.go  its score, and what is wrong with it
package main

import (
	"cmp"
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
	"rawhttp/httpwire/commandline"
	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/visible"
)

const usage = `survey sends each request of examples/good, examples/bad and examples/ends to a
server, and prints how the server treated it.

  go run ./examples/survey [-timeout 2s] host:port
  go run ./examples/survey -teach host:port

After each file follows the status code of the response, or
  0.9         a body without status-line, as in HTTP/0.9
  waits       silence: the flag -timeout says for how long
  closed      the connection was closed without a response
  reset       the connection was broken off without a response
  ill-formed  a response that cannot be read
  200+400     more than one response to one message
and then whether that is what examples/GALLERY.md says of the message.

With -teach it judges a server that you have written, in any language. It asks
one question after the other, in at most 90 seconds. It prints the first
difference of each group, with its offset and rule, the message that ended or
blocked your server, and a score by group.

The server should respond to GET with 200 whatever the path. The messages do no
harm to a sound server. Send them only to servers of your own.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var cut error
	out := &commandline.Output{W: os.Stdout, Failed: func(err error) { cut = err }}
	err := run(ctx, os.Args[1:], out)
	if errors.Is(err, flag.ErrHelp) {
		_, err = io.WriteString(out, usage)
	}
	switch err = cmp.Or(err, cut); {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "survey: interrupted before all responses came")
	case err != nil:
		commandline.PrintError(os.Stderr, "survey", err)
	}
	os.Exit(commandline.ExitCode(err))
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("survey", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	timeout := flags.Duration("timeout", 2*time.Second, "`TIME`")
	teaches := flags.Bool("teach", false, "")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return err
	case err != nil:
		return commandline.UsageError(commandline.FlagError(flags, err) +
			"\nthe flags are  -timeout 2s  and  -teach;  -h says more")
	}
	addr, err := address(flags.Args())
	if err != nil {
		return commandline.UsageError(err.Error())
	}
	if *timeout <= 0 {
		return commandline.UsageError("-timeout is how long to wait for a response: write 2s or 500ms")
	}
	if *teaches {
		return teach(ctx, out, addr, *timeout, teachTime)
	}
	results, err := surveyed(ctx, addr, gallery.Requests(), func(gallery.Message) time.Duration {
		return *timeout
	})
	if err == nil {
		report(out, addr, results)
	}
	return err
}

// address takes the one argument there is.
func address(args []string) (string, error) {
	switch {
	case len(args) == 0:
		return "", errors.New("which server? Write host:port after the flags,\n" +
			"for example:  go run ./examples/survey " + explain.DefaultAddr)
	case len(args) > 1:
		if strings.HasPrefix(args[1], "-") {
			return "", fmt.Errorf("flags come before the server:\n\n  go run ./examples/survey %s %s",
				strings.Join(args[1:], " "), args[0])
		}
		return "", fmt.Errorf("one server at a time: leave out %s", strings.Join(args[1:], " "))
	case commandline.IsPort(strings.TrimPrefix(args[0], ":")): // of this machine
		return commandline.Address(args[0]), nil
	}
	example := "go run ./examples/survey " + commandline.Address(args[0])
	if strings.Contains(args[0], "/") {
		return "", fmt.Errorf("write host:port, and no URL: %q,\nfor example:  %s", args[0], example)
	}
	switch _, port, _ := net.SplitHostPort(args[0]); {
	case !strings.Contains(args[0], ":"):
		return "", fmt.Errorf("the port is missing in %q,\nfor example:  %s", args[0], example)
	case !commandline.IsPort(port):
		return "", fmt.Errorf("%q is not host:port,\nfor example:  %s", args[0], example)
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
	fmt.Fprintf(out, "\n%s agrees on %d of %d messages, differs on %d; %s unclear\n", addr,
		count[gallery.Agrees], len(results), count[gallery.Differs], counted(count[gallery.Unclear]))
	if several != nil {
		text := "more than one response to one message, a request could be smuggled: " +
			strings.Join(several, ", ")
		fmt.Fprintln(out, strings.Join(visible.Wrap(text, visible.LineWidth), "\n"))
	}
}

// counted returns a number with its verb.
func counted(n int) string {
	if n == 1 {
		return "1 is"
	}
	return fmt.Sprint(n, " are")
}
