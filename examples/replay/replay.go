// Package replay runs the commands of a page. It starts the address book, runs the commands against
// it, all in this process, and returns what they print. The tour and the lessons show that, and tests
// compare it with the pages.
package replay

import (
	"context"
	"net"
	"regexp"
	"slices"
	"strings"
	"time"

	"rawhttp/httpwire/explain"
	"rawhttp/rawclient/cli"
	"rawhttp/server/app"
	"rawhttp/server/httpd"
)

// A Server is a server that Start has started.
type Server struct {
	Addr    string       // host:port
	Stop    func() error // ends the server, and returns the error of httpd's Serve
	Notices []string     // of the book (addressbook.Book.Notices)
}

// Start starts a server on a free port, with the usual base URL. With the zero Options it has the defaults of
// go run ./server. So the pages show what readers see if they type the commands in two terminals.
func Start(o app.Options) (*Server, error) {
	o.Book.BaseURL = "http://" + explain.DefaultAddr
	hosts, err := httpd.NewHosts()
	if err != nil {
		return nil, err
	}
	server := &httpd.Server{Limits: httpd.DefaultLimits, Hosts: hosts, AddHost: "-hosts", Name: httpd.Product}
	a, err := app.New(o, server)
	if err != nil {
		return nil, err
	}
	server.Handler = a
	listeners, err := httpd.Listen("localhost:0")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- server.Serve(ctx, time.Second, listeners...) }()
	_, port, _ := net.SplitHostPort(listeners[0].Addr().String())
	stop := func() error { cancel(); return <-ended }
	return &Server{net.JoinHostPort("localhost", port), stop, a.Book.Notices()}, nil
}

// Client runs rawclient with the arguments of a documented command line, against the server at addr.
// It returns what a terminal would show and the exit code. If the command reads from the keyboard, it
// gets the lines in typed.
func Client(ctx context.Context, addr, arguments string, typed ...string) (shown string, exit int) {
	args := append([]string{"-addr", addr}, cli.Words(arguments)...)
	t := newTyped(typed)
	defer t.close()
	exit = cli.Run(ctx, args, cli.Stdio{In: t, Out: t, Err: t, OutTerminal: true})
	return t.shown.String(), exit
}

// typed returns the lines that the page types, which follow ">" in its output.
func (s Step) typed() (lines []string) {
	if !slices.Contains(cli.Words(s.Command), "-i") {
		return nil
	}
	for line := range strings.Lines(s.Shown) {
		if typed, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), ">"); ok {
			lines = append(lines, strings.TrimPrefix(typed, " "))
		}
	}
	return lines
}

// Client runs the command of a step, which is one of rawclient.
func (s Step) Client(ctx context.Context, addr string) (shown string, exit int) {
	return Client(ctx, addr, strings.TrimPrefix(s.Command, "rawclient"), s.typed()...)
}

var (
	day      = regexp.MustCompile(`[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4}`)
	time24   = regexp.MustCompile(`\d{2}:\d{2}:\d{2} GMT`)
	loopback = regexp.MustCompile(`(127\.0\.0\.1|\[::1\]):\d+`)
	stamp    = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`)
	sum      = regexp.MustCompile(`(batch \d+ \d+) [0-9a-f]{8}\b`)
	elapsed  = regexp.MustCompile(`( after )[0-9.]+m?s\b`)
)

// Mask replaces what differs from run to run: dates, times, checksums of them, ports and the address of
// localhost.
func Mask(s, addr string) string {
	s = strings.ReplaceAll(s, addr, explain.DefaultAddr)
	s = loopback.ReplaceAllString(s, "127.0.0.1:12345")
	s = elapsed.ReplaceAllString(s, "${1}1ms")
	s = stamp.ReplaceAllString(s, "1994-11-06T08:49:37Z")
	s = sum.ReplaceAllString(s, "$1 31e42ba3")
	s = day.ReplaceAllString(s, "Sun, 06 Nov 1994")
	return time24.ReplaceAllString(s, "08:49:37 GMT")
}
