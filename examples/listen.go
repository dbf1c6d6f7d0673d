package main

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"

	"rawhttp/rawclient/cli"
)

// listens are the responses of lesson 12, as rawclient -listen gets them on its command line.
var listens = map[string][]string{
	"right": {"-data", "hello", "HTTP/1.0 200 OK"},
	"short": {"-data", "hello", "HTTP/1.0 200 OK", "Content-Length: 9"},
	"long":  {"-data", "hello", "HTTP/1.0 200 OK", "Content-Length: 3"},
}

// runListen makes one rawclient the server of another, and prints what each of them shows.
func runListen(ctx context.Context, out io.Writer, name string) error {
	args, ok := listens[name]
	if !ok {
		return noSuch("response", name, listens, "listen right")
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	server := &transcript{said: make(chan struct{}, 1)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		cli.Run(ctx, append([]string{"-listen", "localhost:0"}, args...), cli.Stdio{Out: server, Err: server})
	}()
	addr := ""
	for addr == "" {
		select {
		case <-server.said:
			addr = listeningAt.FindString(server.text())
		case <-ended:
			return fmt.Errorf("%s", server.text())
		}
	}
	var client strings.Builder
	cli.Run(ctx, []string{addr + "/"}, cli.Stdio{Out: &client, Err: &client})
	for !strings.Contains(server.text(), " closed the connection") {
		<-server.said
	}
	stop()
	<-ended
	printSide(out, "The server", append([]string{"-listen", ":8080"}, args...), server.text())
	fmt.Fprintln(out)
	printSide(out, "The client", []string{"http://localhost:8080/"}, client.String())
	return nil
}

// printSide prints the command of one side and what it shows, without what differs from run to run.
func printSide(out io.Writer, who string, args []string, text string) {
	fmt.Fprintf(out, "%s:\n\n$ rawclient %s\n", who, commandLine(args))
	text, _, _ = strings.Cut(strings.ReplaceAll(text, "\r", ""), "\n\n* interrupted")
	text = port.ReplaceAllString(from.ReplaceAllString(took.ReplaceAllString(text, ""), ""), "localhost:8080")
	fmt.Fprintln(out, strings.TrimSuffix(strings.Replace(text, "hello*", "hello\n*", 1), "\n"))
}

var (
	listeningAt = regexp.MustCompile(`http://[0-9a-z.\[\]:]+:\d+`)
	took        = regexp.MustCompile(` after [0-9.]+[mµ]?s`)
	from        = regexp.MustCompile(`, from [0-9a-f.:\[\]]+`)
	port        = regexp.MustCompile(`(localhost|127\.0\.0\.1|\[::1\]):\d+`)
)

// commandLine returns arguments as they are typed.
func commandLine(args []string) string {
	typed := slices.Clone(args)
	for i, arg := range typed {
		if strings.Contains(arg, " ") {
			typed[i] = `"` + arg + `"`
		}
	}
	return strings.Join(typed, " ")
}

// A transcript is what a program has printed. It tells when there is more.
type transcript struct {
	mu   sync.Mutex
	all  strings.Builder
	said chan struct{}
}

func (t *transcript) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all.Write(b)
	select {
	case t.said <- struct{}{}:
	default:
	}
	return len(b), nil
}

func (t *transcript) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.all.String()
}
