package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"

	"rawhttp/httpwire/visible"
)

var loads = []load{
	{name: "one connection", conns: 1, writes: 4000, together: 1},
	{name: "kept alive", conns: 16, writes: 1000, together: 1},
	{name: "pipelined by 16", conns: 16, writes: 250, together: 16},
	{name: "closing", conns: 16, writes: 200, together: 1, closing: true},
}

// compare prints what a request costs each server.
func compare(out io.Writer, e effort) error {
	var servers []*server
	for _, k := range kinds {
		s, err := start(k.name, 2)
		if err != nil {
			return err
		}
		defer s.stop()
		servers = append(servers, s)
	}
	text := fmt.Sprintf("Microseconds of %s for a request on loopback, %d cores. There are 16 connections if "+
		"nothing else is said. Each figure is the median of %d rounds. The limit parses nothing.",
		measured, runtime.NumCPU(), e.rounds)
	fmt.Fprintf(out, "%s\n\n", strings.Join(visible.Wrap(text, visible.LineWidth), "\n"))
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "\t")
	for _, k := range kinds {
		fmt.Fprint(table, k.name, "\t")
	}
	fmt.Fprintf(table, "%s / %s\t\n", kinds[0].name, kinds[len(kinds)-1].name)
	for _, l := range loads {
		figures, err := inTurn(servers, l.fewer(e.divide), e.rounds)
		if err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
		fmt.Fprintf(table, "%s\t", l.name)
		for _, f := range figures {
			fmt.Fprintf(table, "%.2f\t", f/1000)
		}
		fmt.Fprintf(table, "%.2f\t\n", figures[0]/figures[len(figures)-1])
	}
	return table.Flush()
}

// inTurn runs the load on one server after the other, in several rounds. It returns the median for
// each server, in nanoseconds for a request. The first round only warms the servers up.
func inTurn(servers []*server, l load, rounds int) ([]float64, error) {
	costs := make([][]float64, len(servers))
	for round := range rounds + 1 {
		for i, s := range servers {
			cost, err := s.cost(l)
			if err != nil {
				return nil, err
			}
			if round > 0 {
				costs[i] = append(costs[i], cost)
			}
		}
	}
	medians := make([]float64, len(servers))
	for i, c := range costs {
		slices.Sort(c)
		medians[i] = c[len(c)/2] / float64(l.requests())
	}
	return medians, nil
}
