package main

import (
	"fmt"
	"io"
	"net"
	"text/tabwriter"
	"time"

	"rawhttp/server/addressbook"
)

// A row of the table of growth has one load at several sizes.
type row struct {
	name  string
	sizes []int
	load  func(size int) load
	books bool // the size is the number of addresses
}

var rows = []row{
	{"connections", []int{1, 16, 256, 4096}, func(n int) load {
		return load{conns: n, writes: max(16_000/n, 1), together: 1}
	}, false},
	{"addresses, GET of one", []int{2, 1000, 100_000, 1_000_000}, func(n int) load {
		return load{conns: 16, writes: 500, together: 1, target: fmt.Sprint(addressbook.Path, "/", n)}
	}, true},
	{"fields", []int{1, 10, 100}, func(n int) load {
		return load{conns: 16, writes: 500, together: 1, fields: n - 1}
	}, false},
	{"octets of a body", []int{1, 1 << 10, 1 << 20, 64 << 20, 1 << 30}, func(n int) load {
		return load{conns: 1, writes: min(max((64<<20)/n, 1), 2000), together: 1, target: sinkPath, body: n}
	}, false},
}

// idleConns are held at a time to measure what each of them costs.
const idleConns = 19_000

// growth prints how the cost of a request grows with the size of each row, with the log on.
func growth(out io.Writer, e effort) error {
	fmt.Fprintf(out, "Microseconds of %s for a request with the log on.\n\n", measured)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "what grows\tsize\tfor a request\tfor each\t")
	for _, r := range rows {
		for _, size := range r.sizes {
			if size > e.most {
				break
			}
			cost, err := r.cost(size, e)
			if err != nil {
				return fmt.Errorf("%s, %d: %w", r.name, size, err)
			}
			fmt.Fprintf(table, "%s\t%d\t%.2f\t%.5f\t\n", r.name, size, cost/1000, cost/1000/float64(size))
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	held := min(idleConns, e.most)
	each, left, err := idle(held, e.rest)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "\n%d idle connections: %.0f octets for each.\n"+
		"When they are closed: %.0f octets for each are left.\n", held, each, left)
	return err
}

func (r row) cost(size int, e effort) (float64, error) {
	addresses := 2
	if r.books {
		addresses = size
	}
	s, err := start("log on", addresses)
	if err != nil {
		return 0, err
	}
	defer s.stop()
	l := r.load(size).fewer(e.divide)
	rounds := e.rounds
	if l.body >= 64<<20 {
		rounds = 1
	}
	medians, err := inTurn([]*server{s}, l, rounds)
	if err != nil {
		return 0, err
	}
	return medians[0], nil
}

// idle holds connections that have had a response each, and measures the memory of the server's
// process for each: while they are held and have had a rest, and after they are closed.
func idle(conns int, rest time.Duration) (held, left float64, err error) {
	s, err := start("log on", 2)
	if err != nil {
		return 0, 0, err
	}
	defer s.stop()
	before, err := s.report("memory")
	if err != nil {
		return 0, 0, err
	}
	open, err := dialAll(s.addr, conns)
	if err != nil {
		return 0, 0, err
	}
	time.Sleep(rest)
	during, err := s.report("memory")
	if err != nil {
		return 0, 0, err
	}
	for _, c := range open {
		c.Close()
	}
	// A load after the close passes through the same accept loop, so most closes have been seen.
	if err := (load{conns: 16, writes: 100, together: 1}).run(s.addr); err != nil {
		return 0, 0, err
	}
	after, err := s.report("memory")
	return (during - before) / float64(conns), (after - before) / float64(conns), err
}

func dialAll(addr string, conns int) ([]net.Conn, error) {
	one := load{together: 1}.octets()
	open := make([]net.Conn, conns)
	for i := range open {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(c, one); err != nil {
			return nil, err
		}
		if _, err := c.Read(make([]byte, 4096)); err != nil {
			return nil, err
		}
		open[i] = c
	}
	return open, nil
}
