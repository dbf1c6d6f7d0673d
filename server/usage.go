package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"rawhttp/httpwire/visible"
	"rawhttp/server/httpd"
)

// parse reads the command line. What is wrong with it is said in one sentence; -h prints a page
// that is made from the flags themselves.
func parse(fs *flag.FlagSet, args []string) {
	fs.Init("server", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Print(usage(fs))
		os.Exit(0)
	case err != nil:
		fail(2, flagError(fs, err))
	}
}

// flagError returns what is printed after an error of Parse. Of a flag by which other servers are
// told a port, it is the flag that does the same here.
func flagError(fs *flag.FlagSet, err error) string {
	const list = "\ngo run ./server -h lists the flags"
	_, name, undefined := strings.Cut(err.Error(), "not defined: -")
	if !undefined {
		return err.Error() + list
	}
	switch name {
	case "p", "port", "l", "listen", "b", "bind", "host", "address":
	default:
		return "-" + name + " is no flag here" + list
	}
	port := fs.Arg(0)
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		port = "12346"
	}
	return "-" + name + " is no flag here: -addr says where to listen:\n\n" +
		"  go run ./server -addr localhost:" + port
}

// usage returns the page of help: what the server does first, then its limits.
func usage(fs *flag.FlagSet) string {
	limits := flag.NewFlagSet("", flag.ContinueOnError)
	new(httpd.Limits).Flags(limits)
	var general, limit strings.Builder
	fs.VisitAll(func(f *flag.Flag) {
		if limits.Lookup(f.Name) != nil {
			describe(&limit, f)
		} else {
			describe(&general, f)
		}
	})
	return "server answers HTTP/1.0 requests about an address book until Ctrl-C.\n\n" +
		"  server [flags]\n\nFrom a checkout, \"server\" is typed  go run ./server\n\n" +
		"Flags; a value follows after a space, and is  =false  to turn a switch off:\n" +
		general.String() + "  -h                   this help\n\n" +
		"Limits; times as 10s, 500ms or 2m:\n" + limit.String()
}

// describe writes one flag: its name and kind of value, what it is for, and what it is unless said.
func describe(to *strings.Builder, f *flag.Flag) {
	kind, help := flag.UnquoteUsage(f)
	switch f.DefValue {
	case "", "false":
	default:
		help += " (" + f.DefValue + ")"
	}
	const column = 22
	head := strings.TrimRight("  -"+f.Name+" "+kind, " ")
	for _, row := range visible.Wrap(help, visible.LineWidth-column-len(" ")) {
		fmt.Fprintf(to, "%-*s %s\n", column, head, row)
		head = ""
	}
}
