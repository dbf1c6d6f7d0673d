// Package cli is the command that serves the address book over HTTP/1.0: the command line, the log
// and the signals around package app.
//
//	cli.go      the command line, and what is served
//	listen.go   the listeners, and advice about their addresses
//	limits.go   the flags for the limits, and their errors
//	usage.go    help, and errors in the command line
//	signals.go  stopping, and reading the list of users again
//	log.go      the log
//	hash.go     -hash
package cli

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"rawhttp/httpwire/commandline"
	"rawhttp/httpwire/explain"
	"rawhttp/server/addressbook"
	"rawhttp/server/app"
	"rawhttp/server/eventlog"
	"rawhttp/server/httpd"
	"rawhttp/server/rest"
)

// config is the command line.
type config struct {
	addr, baseURL, hosts, logFormat string
	lan, http09, verbose, hash      bool
	app                             app.Options
	limits                          httpd.Limits
}

func (c *config) flags(fs *flag.FlagSet) {
	fs.StringVar(&c.addr, "addr", explain.DefaultAddr, "listen on `host:port`; 8080 alone is a port of localhost, "+
		"and port 0 takes a free port")
	fs.BoolVar(&c.lan, "lan", false, "allow an address that other machines can reach")
	fs.StringVar(&c.baseURL, "base-url", "", "the `URL` at which clients reach the server, if -addr "+
		"does not say it")
	fs.StringVar(&c.hosts, "hosts", "", "accept requests for these host `names` too, separated by "+
		"commas; the response to a request for any other host is 421")
	fs.BoolVar(&c.http09, "http09", true, "accept requests of HTTP/0.9")
	fs.BoolVar(&c.verbose, "v", false, "also log the octets of each request, without a body of "+
		"more than 64 KiB")
	fs.StringVar(&c.logFormat, "log", "text", "the `format` of the log: text, json, or off for no log")
	fs.BoolVar(&c.hash, "hash", false, "read a name and a password, print a line for -users, and "+
		"exit; the name may follow -hash")
	c.app.Flags(fs)
	c.limits = httpd.DefaultLimits
	limitFlags(fs, &c.limits)
}

// command is how to run the server, in every text that says what to type.
var command = commandline.Name("server", "server/rawhttpd")

// Main runs the command until a signal stops it. If something is wrong, it prints a sentence to standard
// error and ends the program: with 1 if it cannot listen at -addr or if serving fails, and with 2 if
// anything else in the command line, or in a file that it names, is wrong.
func Main() {
	var c config
	c.flags(flag.CommandLine)
	parse(flag.CommandLine, os.Args[1:])
	if c.hash {
		failIf(2, hash(flag.Args(), os.Stdin, os.Stderr, os.Stdout))
		return
	}
	failIf(2, c.check(flag.Args()))
	if commandline.IsPort(c.addr) || c.addr == "0" {
		c.addr = net.JoinHostPort("localhost", c.addr)
	}
	commandline.IgnoreBrokenPipe() // a server goes on without its log
	log, lines, err := newLog(os.Stderr, c.logFormat, c.verbose)
	failIf(2, err)
	listeners, err := listen(c.addr)
	failIf(1, err)
	if !isLoopback(listeners[0]) && !c.lan {
		fail(2, reachable(c.addr))
	}
	c.run(log, lines, listeners)
}

// run serves until a signal stops it. Then it writes what is left of the log.
func (c *config) run(log *slog.Logger, lines *eventlog.Buffer, listeners []net.Listener) {
	const outputTime = time.Second / 2 // for output that nothing reads, such as a full pipe
	screen := eventlog.NewBuffer(os.Stdout, nil)
	url := "http://" + authority(c.addr, listeners[0])
	c.app.Book.Failed = func(err error) {
		log.Warn("the store of the addresses reports an error", slog.Any("error", err))
	}
	server, service, err := c.newServer(url)
	failIf(2, err)
	server.Log, server.LogDropped = log, lines.Dropped
	reloadUsers(log, service.Users)
	ctx, stop := signal.NotifyContext(context.Background(), stopSignals(service.Users)...) // before the address is known
	greet(screen, url, listeners[0], &c.app)
	screen.Flush(outputTime)
	for _, notice := range service.Book.Notices() {
		log.Info(notice)
	}
	warn(log, listeners[0], c.lan)
	err = serve(ctx, stop, server, listeners, screen)
	service.Close()
	lines.Flush(outputTime)
	failIf(1, err)
	fmt.Fprintln(screen, "\nStopped.") // the empty line ends the terminal's line with ^C
	screen.Flush(outputTime)
}

// check returns an error if an argument is not a flag or a number is out of range.
func (c *config) check(args []string) error {
	if len(args) > 0 {
		return notFlag(args[0])
	}
	if c.app.Book.Max < 1 { // app.New would take 0 for the default
		return fmt.Errorf("-max %d: write a number of 1 or more", c.app.Book.Max)
	}
	if c.verbose && c.logFormat == "off" {
		return errors.New("-v adds octets to the log, and with -log off there is no log: leave out one of them")
	}
	return checkLimits(&c.limits)
}

// notFlag returns the error for an argument that is not a flag. It may be an address, the value of a
// switch, or a word such as help.
func notFlag(arg string) error {
	switch {
	case arg == "true" || arg == "false":
		return fmt.Errorf("%q is not a flag. To turn a switch on, write  -wall  alone; to turn one off, "+
			"write \"=\" before false:  -http09=false", arg)
	case arg == "localhost" || strings.ContainsAny(arg, ".:0123456789"):
		return fmt.Errorf("%q is not a flag. Set the address with -addr:\n\n  %s -addr %s",
			arg, command, commandline.Address(arg))
	}
	return fmt.Errorf("%q is not a flag\n%s -h  lists the flags", arg, command)
}

// reachable returns the error for an address that other machines can reach.
func reachable(addr string) string {
	_, port, _ := net.SplitHostPort(addr)
	return fmt.Sprintf("other machines can reach %s. To allow that, add  -lan\n"+
		"to serve this machine only, write  -addr localhost:%s", addr, port)
}

// newServer returns the server that clients reach at a URL, and what it serves. An error ends the program.
// The book is opened last: a server that does not start must not leave a new file, or a new table in etcd.
func (c *config) newServer(url string) (*httpd.Server, *app.Service, error) {
	origin, err := parseBaseURL(cmp.Or(c.baseURL, url))
	if err != nil {
		return nil, nil, err
	}
	names := strings.FieldsFunc(c.hosts, func(r rune) bool { return r == ',' || r == ' ' })
	hosts, err := httpd.NewHosts(append(names, url, origin)...)
	if err != nil {
		return nil, nil, fmt.Errorf("-hosts: %w", err)
	}
	server := &httpd.Server{Limits: c.limits, Hosts: hosts, AddHost: "-hosts", Name: httpd.Product, NoSimple: !c.http09}
	c.app.Book.BaseURL = origin
	service, err := app.New(c.app, server)
	server.Handler = service
	return server, service, err
}

// parseBaseURL returns the origin in a value of -base-url, as browsers write it. A path is refused, because it
// would occur in Location alone: links and error messages name the paths of the table.
func parseBaseURL(given string) (origin string, err error) {
	if origin, err = rest.ParseOrigin(strings.TrimSuffix(given, "/")); err != nil {
		_, err = rest.ParseOrigin(given) // fails too, and shows the URL with its slash
		err = fmt.Errorf("-base-url %w. A proxy in front of the server must pass on paths unchanged", err)
	}
	return origin, err
}

// greet prints the URL and commands to try. A student types commands on another machine, so those name
// this machine if others can reach it.
func greet(out io.Writer, url string, l net.Listener, o *app.Options) {
	const path = addressbook.Path
	client, addr := commandline.Beside(command, "rawclient"), strings.TrimPrefix(url, "http://")
	if tcpAddr(l).IP.IsUnspecified() {
		addr = "localhost:" + portOf(l)
	}
	if addr != explain.DefaultAddr {
		client += " -addr " + addr
	}
	fmt.Fprintf(out, "The address book is at %s%s\n\nTry this in a second terminal:\n", url, path)
	fmt.Fprintf(out, "  %s \"GET /hello HTTP/1.0\"\n", client)
	fmt.Fprintf(out, "  %s \"GET %s HTTP/1.0\"\n", client, path)
	fmt.Fprintf(out, "  %s -explain \"GET /hello HTTP/1.0\"\n\n", client)
	if o.Class {
		if !isLoopback(l) {
			client = rest.RawClient(url)
		}
		fmt.Fprintf(out, "A student adds a name, for a book of their own:\n  %s \"GET /hello HTTP/1.0\" "+
			"\"User-Agent: anna\"\nThe books of all students are listed at %s/class\n\n", client, url)
	}
	if o.Wall {
		fmt.Fprintf(out, "Every exchange is shown at %s/wall\n\n", url)
	}
	fmt.Fprint(out, "Ctrl-C stops the server.\n\n")
}

// authority returns the host and port at which clients reach the server: the host of -addr, or an
// address of this machine if the server listens at all of them, and the port of the listener.
func authority(addr string, l net.Listener) string {
	host, _, _ := net.SplitHostPort(addr)
	host, _, _ = strings.Cut(host, "%") // a URL has no zone
	if tcpAddr(l).IP.IsUnspecified() {
		host = ownAddress()
	}
	return net.JoinHostPort(host, portOf(l))
}

// ownAddress returns the address of this machine that others on its network can most likely reach. It
// has to choose: container programs and virtual machines give a machine further addresses.
func ownAddress() string {
	// The system chooses the address from which it would send to the rest of the network. No octet is
	// sent, and nothing has to be there.
	if c, err := net.Dial("udp4", "192.0.2.1:9"); err == nil {
		defer c.Close()
		return c.LocalAddr().(*net.UDPAddr).IP.String()
	}
	addrs, _ := net.InterfaceAddrs()
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && !n.IP.IsLoopback() {
			return n.IP.String()
		}
	}
	return "localhost"
}

// tcpAddr returns the address of a listener, which is one of httpd.Listen.
func tcpAddr(l net.Listener) *net.TCPAddr { return l.Addr().(*net.TCPAddr) }

func portOf(l net.Listener) string { return strconv.Itoa(tcpAddr(l).Port) }

func isLoopback(l net.Listener) bool { return tcpAddr(l).IP.IsLoopback() }

// failIf ends the program with an exit code if err is not nil.
func failIf(code int, err error) {
	if err != nil {
		fail(code, err.Error())
	}
}

// fail prints why the server cannot start and ends the program.
func fail(code int, message string) {
	commandline.PrintError(os.Stderr, filepath.Base(command), errors.New(message))
	os.Exit(code)
}
