package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"rawhttp/examples/replay"
	"rawhttp/httpwire/commandline"
	"rawhttp/rawclient/cli"
)

// runOwn runs a command of the course that starts its own servers: delay, book or listen. It reports
// false if the words name none of them.
func runOwn(ctx context.Context, out io.Writer, words []string, clock *clock) (known bool, err error) {
	if len(words) == 0 {
		return false, nil
	}
	name := strings.Join(words[1:], " ")
	switch {
	case words[0] == "delay" && name == "":
		return true, delay(out, clock)
	case words[0] == "book":
		return true, runExperiment(out, name)
	case words[0] == "listen":
		return true, runListen(ctx, out, name)
	}
	return false, nil
}

// runCommand runs a command of a page against the server at addr, and returns what it shows and its
// exit code. The error says that the command could not do what the page says.
func runCommand(ctx context.Context, step replay.Step, addr string, clock *clock) (shown string, exit int, err error) {
	words := cli.Words(step.Command)
	var out bytes.Buffer
	switch {
	case words[0] != "examples" || len(words) < 2:
		shown, exit = step.Client(ctx, addr)
	case words[1] == "receive":
		exit = receive(ctx, words[2:], cli.Stdio{Out: &out, Err: &out, OutTerminal: true})
		shown = out.String()
	default:
		_, err = runOwn(ctx, &out, words[1:], clock)
		return out.String(), commandline.ExitCode(err), err
	}
	if exit == cli.ExitConnect {
		err = errors.New(shown)
	}
	return shown, exit, err
}

// receive lets the client read a response that is in a file, the last of the arguments. The others
// are flags of the client. It returns an exit code of the client.
func receive(ctx context.Context, args []string, std cli.Stdio) (exit int) {
	fail := func(exit int, err error) int {
		commandline.PrintError(std.Err, "examples", err)
		return exit
	}
	if len(args) == 0 || strings.HasPrefix(args[len(args)-1], "-") {
		return fail(2, errors.New("receive needs a file after its flags, such as examples/responses/ok.http"))
	}
	name := args[len(args)-1]
	response, err := os.ReadFile(name)
	if err != nil {
		return fail(2, fmt.Errorf("receive: %w\nWrite a file with a response, such as examples/responses/ok.http", err))
	}
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return fail(cli.ExitConnect, err)
	}
	defer l.Close()
	go respond(l, response)
	_, port, _ := net.SplitHostPort(l.Addr().String())
	args = append([]string{"-addr", "localhost:" + port}, args[:len(args)-1]...)
	return cli.Run(ctx, append(args, "GET / HTTP/1.1", "Host: localhost"), std)
}

// respond waits for one request on one connection, and sends the response, whatever the request is.
func respond(l net.Listener, response []byte) {
	conn, err := l.Accept()
	if err != nil {
		return
	}
	defer conn.Close()
	var request strings.Builder
	for b := make([]byte, 512); !strings.Contains(request.String(), "\r\n\r\n"); {
		n, err := conn.Read(b)
		request.Write(b[:n])
		if err != nil {
			return
		}
	}
	conn.Write(response)
}
