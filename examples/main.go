// Command examples is the tour: it starts the server on a free port, sends it the requests of the
// transcripts beside this file, and shows each exchange three times: the octets sent, the octets
// received, and the meaning of every one of them.
//
//	go run ./examples
package main

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rawhttp/rawclient/exchange"
	"rawhttp/server/addressbook"
	"rawhttp/server/httpd"
)

// The transcripts are the tour's programme: prose behind "# ", and commands behind "$ rawclient".
// What the commands print stands there too, for a reader; the tour does not believe it and asks.
//
//go:embed *.txt *.json
var transcripts embed.FS

func main() {
	if err := tour(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "examples:", err)
		os.Exit(1)
	}
}

func tour(out io.Writer) error {
	addr, stop, err := serve()
	if err != nil {
		return err
	}
	defer stop()
	dir, err := unpack()
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	names, err := transcripts.ReadDir(".")
	if err != nil {
		return err
	}
	step := 0
	for _, name := range names {
		text, err := transcripts.ReadFile(name.Name())
		if err != nil || !strings.HasSuffix(name.Name(), ".txt") {
			continue
		}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimRight(line, "\r\n")
			switch prose, command := strings.CutPrefix(line, "# "); {
			case command:
				step++
				fmt.Fprintf(out, "%d. %s\n", step, prose)
			case strings.HasPrefix(line, "$ rawclient "):
				if err := show(out, addr, dir, line); err != nil {
					return err
				}
			}
		}
	}
	fmt.Fprint(out, goOn)
	return nil
}

const goOn = `
That was HTTP/1.0. To go on, start the server and talk to it from a second terminal:

  go run ./server
  go run ./rawclient "GET /address_book/api/v1.0/addresses HTTP/1.0"
  go run ./rawclient -explain "GET /address_book/api/v1.0/addresses/1 HTTP/1.0"

examples/README.md says what to try next.
`

// serve starts the address book on a free port.
func serve() (addr string, stop func(), err error) {
	listeners, err := httpd.Listen("localhost:0")
	if err != nil {
		return "", nil, err
	}
	book, err := addressbook.New("http://" + httpd.DefaultAddr)
	if err != nil {
		return "", nil, err
	}
	server := httpd.Server{Handler: book, Limits: httpd.DefaultLimits, Name: httpd.Product}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		server.Serve(ctx, time.Second, listeners...)
	}()
	_, port, _ := net.SplitHostPort(listeners[0].Addr().String())
	return net.JoinHostPort("localhost", port), func() { cancel(); <-ended }, nil
}

// unpack makes a folder like this one, so that the tour finds the bodies it sends wherever it runs,
// and goes there.
func unpack() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "rawhttp"); err != nil {
		return "", err
	}
	if err = os.CopyFS(filepath.Join(dir, "examples"), transcripts); err == nil {
		err = os.Chdir(dir)
	}
	return dir, err
}

// show shows one exchange.
func show(out io.Writer, addr, dir, command string) error {
	fmt.Fprintf(out, "\n%s\n", command)
	received := filepath.Join(dir, "received")
	args := []string{"-addr", addr, "-v", "-explain", "-o", received}
	args = append(args, exchange.Words(strings.TrimPrefix(command, "$ rawclient "))...)
	var listing, notices bytes.Buffer
	code := exchange.Run(context.Background(), args, exchange.Stdio{Out: &listing, Err: &notices})
	if code != 0 {
		return fmt.Errorf("%s ended with exit code %d: %s", command, code, &notices)
	}
	answer, err := os.ReadFile(received)
	if err != nil {
		return err
	}
	fmt.Fprint(out, "\noctets sent:\n\n")
	for line := range strings.Lines(notices.String()) {
		if sent, ok := strings.CutPrefix(line, "> "); ok {
			fmt.Fprint(out, sent)
		}
	}
	fmt.Fprintf(out, "\noctets received:\n\n%s", bytes.ReplaceAll(answer, []byte("\r\n"), []byte("\n")))
	fmt.Fprintf(out, "\nwhat they mean:\n\n%s\n", &listing)
	return nil
}
