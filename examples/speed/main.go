// Speed measures what a request costs the server, and compares that with the limit: a server that
// parses nothing.
//
//	go run ./examples/speed
//	go run ./examples/speed growth
//	go test ./examples/speed -run Tables -v -full
//
// The first command compares the servers. The second one shows how the cost of a request grows with
// the connections, the addresses, the fields and the body. The third one does both, and compares with
// net/http as well, which this project uses in tests only. Each server is a process of its own, so
// the CPU time is the server's alone. The servers have the same load in turn, several times, and
// each figure is a median.
//
//	main.go       the commands, and the process of each server
//	servers.go    the servers that are compared
//	load.go       the clients
//	compare.go    the table of servers
//	growth.go     the table of growth
//	cpu_unix.go   the CPU time of a process
//	cpu_other.go  the time of the clock, for systems that do not report CPU time
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"time"

	"rawhttp/httpwire/commandline"
)

const usage = `speed measures what a request costs the server, next to a server that parses
nothing.

  go run ./examples/speed           compares the servers, for several minutes
  go run ./examples/speed growth    shows how the cost grows with connections,
                                    addresses, fields and bodies
`

// errUsage says that the command line is wrong.
const errUsage = commandline.UsageError("write  go run ./examples/speed  or  go run ./examples/speed growth")

func main() {
	if err := run(os.Args[1:]); err != nil {
		commandline.PrintError(os.Stderr, "speed", err)
		os.Exit(commandline.ExitCode(err))
	}
}

func run(args []string) error {
	switch {
	case len(args) == 1 && slices.Contains([]string{"-h", "-help", "--help", "help"}, args[0]):
		_, err := fmt.Print(usage)
		return err
	case len(args) == 0:
		return compare(os.Stdout, fullRun)
	case len(args) == 1 && args[0] == "growth":
		return growth(os.Stdout, fullRun)
	case len(args) == 3 && args[0] == "serve":
		return serve(args[1], args[2])
	}
	return errUsage
}

// An effort says how often and how long each load runs.
type effort struct {
	rounds int           // per server; a figure is the median of them
	divide int           // every load has its number of requests divided by this
	most   int           // addresses, connections and octets of a body in the table of growth
	rest   time.Duration // before idle connections are measured; each keeps its storage for a second
}

var fullRun = effort{rounds: 7, divide: 1, most: 1 << 30, rest: 2 * time.Second}

// A server is a process that serves one kind, and reports the CPU time that it has used.
type server struct {
	addr    string
	cmd     *exec.Cmd
	log     *os.File
	ask     io.WriteCloser
	replies *bufio.Scanner
}

// start starts the server of a kind, with a number of addresses. Its log goes to a temporary file.
func start(kind string, addresses int) (*server, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &server{cmd: exec.Command(program, "serve", kind, strconv.Itoa(addresses))}
	if s.log, err = os.CreateTemp("", "speed-*.log"); err != nil {
		return nil, err
	}
	s.cmd.Stderr = s.log
	if s.ask, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	os.Remove(s.log.Name()) // while it is open, so that Ctrl-C leaves no file; on Windows stop does it
	s.replies = bufio.NewScanner(out)
	if !s.replies.Scan() {
		s.stop()
		return nil, fmt.Errorf("the server %q did not start", kind)
	}
	s.addr = s.replies.Text()
	return s, nil
}

func (s *server) stop() {
	s.ask.Close()
	s.cmd.Wait()
	s.log.Close()
	os.Remove(s.log.Name())
}

// report asks the server for "cpu", in nanoseconds, or for "memory", in octets.
func (s *server) report(what string) (float64, error) {
	fmt.Fprintln(s.ask, what)
	if !s.replies.Scan() {
		return 0, errors.New("the server has ended")
	}
	return strconv.ParseFloat(s.replies.Text(), 64)
}

// cost returns the CPU time of a load in nanoseconds.
func (s *server) cost(l load) (float64, error) {
	before, err := s.report("cpu")
	if err != nil {
		return 0, err
	}
	if err := l.run(s.addr); err != nil {
		return 0, err
	}
	after, err := s.report("cpu")
	return after - before, err
}

// replyToReports is the other end of report. It returns when the input ends.
func replyToReports(in io.Reader, out io.Writer) {
	for lines := bufio.NewScanner(in); lines.Scan(); {
		if lines.Text() == "cpu" {
			fmt.Fprintln(out, cpuTime().Nanoseconds())
			continue
		}
		var m runtime.MemStats
		for range 3 { // stacks shrink and pools become empty
			runtime.GC()
		}
		runtime.ReadMemStats(&m)
		fmt.Fprintln(out, m.HeapInuse+m.StackInuse)
	}
}
