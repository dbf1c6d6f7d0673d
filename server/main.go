// Command server is the address book, served over HTTP/1.0 by hand.
//
//	go run ./server
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
	"time"

	"rawhttp/httpwire/visible"
	"rawhttp/server/addressbook"
	"rawhttp/server/app"
	"rawhttp/server/httpd"
)

func main() {
	addr := flag.String("addr", httpd.DefaultAddr, "listen on `host:port`; port 0 takes a free one")
	lan := flag.Bool("lan", false, "allow an address that other machines can reach")
	base := flag.String("base-url", "",
		"the `URL` that clients reach the server by, if not that of -addr")
	hosts := flag.String("hosts", "", "answer requests for these host `names` as well, a comma "+
		"between two; a request for any other host gets a 421")
	simple := flag.Bool("http09", true, "answer requests of HTTP/0.9")
	verbose := flag.Bool("v", false, "log the octets that came as well")
	form := flag.String("log", "text", "log as `text` or as json")
	asksHash := flag.Bool("hash", false, "read a password, print a line for -users, and end")
	var options app.Options
	options.Flags(flag.CommandLine)
	limits := httpd.DefaultLimits
	limits.Flags(flag.CommandLine)
	parse(flag.CommandLine, os.Args[1:])

	if *asksHash {
		check(2, hash(flag.Args(), os.Stdin, os.Stderr, os.Stdout))
		return
	}
	if flag.NArg() > 0 {
		fail(2, fmt.Sprintf("%q is no flag; an address is one:  -addr %s",
			flag.Arg(0), httpd.DefaultAddr))
	}
	check(2, limits.Check())
	log, err := newLog(os.Stderr, *form, *verbose)
	check(2, err)
	listeners, err := httpd.Listen(*addr)
	check(1, err)
	if !loopback(listeners[0]) && !*lan {
		fail(2, fmt.Sprintf("other machines could reach %s: add  -lan  if that is meant", *addr))
	}
	url := "http://" + authority(*addr, listeners[0])
	options.Book.BaseURL = cmp.Or(*base, url)
	server := httpd.Server{Limits: limits, Name: httpd.Product, NoSimple: !*simple, Log: log}
	server.Hosts, err = httpd.NewHosts(append(split(*hosts), url, options.Book.BaseURL)...)
	check(2, err)
	router, list, err := app.New(options, &server)
	check(2, err)
	server.Handler = router

	reloadUsers(log, list)
	greet(url, listeners[0])
	warn(log, listeners[0])
	check(1, serve(&server, listeners, stopSignals(list)))
	fmt.Println("\nStopped.") // on a line of its own, behind the ^C of a terminal
}

// serve serves until a signal comes, such as Ctrl-C, and the requests under way have their responses.
func serve(server *httpd.Server, listeners []net.Listener, signals []os.Signal) error {
	const grace = 10 * time.Second
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	ended := make(chan struct{})
	context.AfterFunc(ctx, func() {
		stop() // a second Ctrl-C ends at once
		select {
		case <-ended:
		case <-time.After(grace / 50): // somebody waits to be told why
			fmt.Printf("\nStopping; requests under way have %v to finish, Ctrl-C ends them now.\n", grace)
		}
	})
	defer close(ended)
	return server.Serve(ctx, grace, listeners...)
}

func greet(url string, l net.Listener) {
	const path = addressbook.Path
	client := "go run ./rawclient"
	if port := portOf(l); !strings.HasSuffix(httpd.DefaultAddr, ":"+port) {
		client += " -addr localhost:" + port
	}
	fmt.Printf("The address book is at %s%s\n\nTry this in a second terminal:\n", url, path)
	fmt.Printf("  %s \"GET %s HTTP/1.0\"\n", client, path)
	fmt.Printf("  %s -explain \"GET %s/1 HTTP/1.0\"\n\nCtrl-C stops the server.\n\n", client, path)
}

// authority is what clients call the server: the name that was asked for, or an address that others
// can reach if it was all of them, and the port that was given.
func authority(addr string, l net.Listener) string {
	host, _, _ := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		host = "localhost"
		addrs, _ := net.InterfaceAddrs()
		for _, a := range addrs {
			if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && !n.IP.IsLoopback() {
				host = n.IP.String()
			}
		}
	}
	return net.JoinHostPort(host, portOf(l))
}

// split returns the parts of a list with commas between them.
func split(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

func portOf(l net.Listener) string {
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

func loopback(l net.Listener) bool {
	a, ok := l.Addr().(*net.TCPAddr)
	return ok && a.IP.IsLoopback()
}

// check ends the program if there is an error.
func check(code int, err error) {
	if err != nil {
		fail(code, err.Error())
	}
}

// fail says why there is nothing to serve, in lines that fit a terminal, and ends the
// program.
func fail(code int, message string) {
	for line := range strings.Lines("server: " + message) {
		rows := visible.Wrap(strings.TrimSuffix(line, "\n"), visible.LineWidth)
		fmt.Fprintln(os.Stderr, strings.Join(rows, "\n"))
	}
	os.Exit(code)
}
