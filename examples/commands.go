package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"strings"

	"rawhttp/examples/replay"
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
// exit code.
func runCommand(ctx context.Context, step replay.Step, addr string, clock *clock) (string, int) {
	words := cli.Words(step.Command)
	if words[0] != "examples" || len(words) < 2 {
		return step.Client(ctx, addr)
	}
	var out bytes.Buffer
	if words[1] == "receive" {
		exit := receive(ctx, words[2:], cli.Stdio{Out: &out, Err: &out, OutTerminal: true})
		return out.String(), exit
	}
	if _, err := runOwn(ctx, &out, words[1:], clock); err != nil {
		return err.Error(), noConnection
	}
	return out.String(), 0
}

// receive lets the client read a response that is in a file, the last of the arguments. The others
// are flags of the client. It returns an exit code of the client.
func receive(ctx context.Context, args []string, std cli.Stdio) (exit int) {
	fail := func(err error) int {
		io.WriteString(std.Err, "examples: "+err.Error()+"\n")
		return noConnection
	}
	if len(args) == 0 || strings.HasPrefix(args[len(args)-1], "-") {
		io.WriteString(std.Err, "examples: receive needs a file after its flags, such as "+
			"examples/responses/ok.http\n")
		return 2
	}
	name := args[len(args)-1]
	response, err := os.ReadFile(name)
	if err != nil {
		return fail(err)
	}
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return fail(err)
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
