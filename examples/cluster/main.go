// Command cluster shows an address book that survives. It starts three etcd nodes, two servers and
// HAProxy on free ports of this machine, sends requests through the proxy, and kills the leader of
// etcd and a server while you look.
//
//	go run ./examples/cluster
//	go run ./examples/cluster -for 5m    repeats the faults
//
//	main.go     what happens, in order
//	start.go    starts the programs
//	traffic.go  clients that send requests all the time, and what they saw
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"rawhttp/examples/cluster/nodes"
	"rawhttp/examples/peer"
	"rawhttp/httpwire/commandline"
	"rawhttp/httpwire/visible"
	"rawhttp/server/addressbook"
)

const usage = `cluster shows an address book that survives. It starts three etcd nodes, two
servers and HAProxy, sends requests through the proxy, and kills some of the
programs.

  go run ./examples/cluster
  go run ./examples/cluster -for 5m    repeats the faults for 5 minutes

Ctrl-C ends everything that it has started.
`

func main() {
	lasting, err := parse(os.Args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Print(usage)
		return
	case err != nil:
		commandline.PrintError(os.Stderr, "cluster", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), commandline.EndSignals...)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	commandline.IgnoreBrokenPipe()
	var cut error
	out := &commandline.Output{W: os.Stdout, Failed: func(err error) { cut = err; cancel() }}
	switch err := run(ctx, out, 4*time.Second, lasting); {
	case commandline.IsBrokenPipe(cut):
		os.Exit(1)
	case cut != nil:
		commandline.PrintError(os.Stderr, "cluster", cut)
		os.Exit(1)
	case errors.Is(err, context.Canceled):
		fmt.Println("\nStopped.")
	case err != nil:
		commandline.PrintError(os.Stderr, "cluster", err)
		os.Exit(1)
	}
}

// parse returns how long the faults are repeated. The error is flag.ErrHelp, or says what to write.
func parse(args []string) (lasting time.Duration, err error) {
	const help = "\nthe flag is  -for 5m;  -h says more"
	flags := flag.NewFlagSet("cluster", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Func("for", "`5m`", func(s string) (err error) {
		if lasting, err = time.ParseDuration(s); err != nil || lasting < 0 {
			return errors.New("write it as in  -for 5m")
		}
		return nil
	})
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0, err
	case err != nil:
		return 0, fmt.Errorf("%s%s", commandline.FlagError(flags, err), help)
	case flags.NArg() > 0:
		return 0, fmt.Errorf("%q is not a flag%s", flags.Arg(0), help)
	}
	return lasting, nil
}

// A show is one run of the program.
type show struct {
	ctx   context.Context
	out   io.Writer
	pause time.Duration // between two events
	*programs
	clients *traffic
}

// run shows everything, the faults again until the time is over, and ends all programs that it has
// started. After a Ctrl-C, which also ends the programs, the error is that of ctx.
func run(ctx context.Context, out io.Writer, pause, lasting time.Duration) error {
	err := runPrograms(ctx, out, pause, lasting)
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func runPrograms(ctx context.Context, out io.Writer, pause, lasting time.Duration) error {
	dir, err := os.MkdirTemp("", "rawhttp-cluster")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Fprintln(out, "Starting three etcd nodes, two servers and HAProxy.")
	p, err := startPrograms(dir)
	if err != nil {
		return err
	}
	defer p.close()
	s := &show{ctx: ctx, out: out, pause: pause, programs: p}
	fmt.Fprintf(out, "\n  etcd     %s\n  servers  %s\n  HAProxy  %s  (a client knows only this address)\n",
		strings.Join(p.etcd.Addrs, "  "), strings.Join(p.serverAddrs, "  "), p.proxyAddr)
	if err := s.showRequests(); err != nil {
		return err
	}
	s.clients = startTraffic(p.proxyAddr)
	err = s.event("From now on four clients add addresses, one after the other:", nil)
	for end := time.Now().Add(lasting); err == nil; {
		if err = s.showFaults(); time.Now().After(end) {
			break
		}
	}
	s.clients.stop()
	if err != nil {
		return err
	}
	return s.conclude()
}

// showRequests shows that the servers have the same addresses.
func (s *show) showRequests() error {
	const body = `{"ID": 3, "number": 5, "post_code": "PY13 5PY"}`
	s.say("A client adds an address, through the proxy:")
	if err := s.showExchange(s.proxyAddr, postRequest(body)); err != nil {
		return err
	}
	s.say("The server that got it could end now. Both have the address, because neither keeps it " +
		"itself:")
	for _, addr := range s.serverAddrs {
		if err := s.showExchange(addr, "GET "+addressbook.Path+"/3 HTTP/1.0\r\n\r\n"); err != nil {
			return err
		}
	}
	return nil
}

// showExchange sends a request and prints its first line and the response.
func (s *show) showExchange(addr, octets string) error {
	resp, err := peer.Exchange(addr, octets, sendLimit)
	if err != nil {
		return err
	}
	line, _, _ := strings.Cut(octets, "\r\n")
	fmt.Fprintf(s.out, "\n  to %s: %s\n  %d %s\n", addr, line, resp.Code,
		strings.ReplaceAll(strings.TrimSpace(string(resp.Body)), "\n", "\n  "))
	return nil
}

// showFaults kills and stops programs while the clients go on.
func (s *show) showFaults() error {
	leader := s.etcd.WaitLeader()
	if leader < 0 {
		return errors.New("the nodes of etcd have elected no leader")
	}
	node := s.etcd.Nodes[leader]
	kill := func(p *nodes.Process) func() error { return func() error { p.Kill(); return nil } }
	for _, e := range []struct {
		sentence string
		do       func() error
	}{
		{fmt.Sprintf("Killing the leader of etcd, node %d. The other two elect a new one:", leader+1), kill(node)},
		{fmt.Sprintf("Starting node %d again. It gets what it has missed:", leader+1), node.Restart},
		{"Killing server 1. HAProxy sends the requests to server 2:", kill(s.servers[0])},
		{"Starting server 1 again:", s.servers[0].Restart},
	} {
		if err := s.event(e.sentence, e.do); err != nil {
			return err
		}
	}
	if s.servers[1].Stop() != nil {
		return nil // this system cannot stop a process
	}
	err := s.event("Server 2 hangs: it keeps its connections and does nothing. Clients that were sent to it wait:", nil)
	s.servers[1].Continue()
	if err != nil {
		return err
	}
	return s.event("Server 2 goes on, and responds to the clients that waited:", nil)
}

// event says what happens, does it, if there is anything to do, and prints what the clients see. It returns
// early with the error of ctx.
func (s *show) event(sentence string, do func() error) error {
	s.say(sentence)
	if do != nil {
		if err := do(); err != nil {
			return err
		}
	}
	s.watch()
	return s.ctx.Err()
}

// watch prints what the clients see, until the pause is over.
func (s *show) watch() {
	fmt.Fprintln(s.out)
	s.clients.take()
	for range 3 {
		select {
		case <-s.ctx.Done():
			return
		case <-time.After(s.pause / 3):
		}
		fmt.Fprintf(s.out, "  %s\n", s.clients.take())
	}
}

// conclude compares the addresses that are there with those that were acknowledged.
func (s *show) conclude() error {
	there, err := s.clients.readBack(s.proxyAddr)
	if err != nil {
		return err
	}
	total := s.clients.compare(there)
	s.say(fmt.Sprintf("%d addresses were acknowledged, and %d of them are lost. Of %d requests the client "+
		"does not know the outcome. %d responses were wrong. The longest wait for an acknowledgement "+
		"was %.1f s.", total.acknowledged, total.lost, total.unknown, total.wrong,
		total.longestGap.Seconds()))
	if total.lost > 0 || total.wrong > 0 {
		return fmt.Errorf("%d addresses were lost, and %d responses were wrong", total.lost, total.wrong)
	}
	return nil
}

// say prints a sentence, in lines that fit a terminal.
func (s *show) say(sentence string) {
	fmt.Fprintf(s.out, "\n%s\n", strings.Join(visible.Wrap(sentence, visible.LineWidth), "\n"))
}
