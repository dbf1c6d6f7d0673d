package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"rawhttp/httpwire/commandline"
	"rawhttp/httpwire/visible"
	"rawhttp/server/httpd"
)

// parse reads the command line. On an error it prints a sentence and ends the program. For -h it
// prints the help and ends the program.
func parse(fs *flag.FlagSet, args []string) {
	fs.Init("server", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		_, err := fmt.Print(usage(fs))
		failIf(1, err)
		os.Exit(0)
	case err != nil:
		fail(2, flagError(fs, err))
	}
}

// flagError returns the message for an error of Parse. For a flag that sets the port of other
// servers, it names the flag that does so here.
func flagError(fs *flag.FlagSet, err error) string {
	help := "\n" + command + " -h  lists the flags"
	_, name, undefined := strings.Cut(err.Error(), "not defined: -")
	if !undefined {
		return commandline.FlagError(fs, err) + help
	}
	text := "-" + name + " is not a flag of the server"
	switch name {
	case "p", "port", "l", "listen", "b", "bind", "host", "address":
		port := fs.Arg(0)
		if !commandline.IsPort(port) {
			port = "12346"
		}
		return text + ". Set the address with -addr:\n\n  " + command + " -addr localhost:" + port
	}
	if near := commandline.Nearest(fs, name); near != "" {
		text += ". Did you mean  -" + near + " ?"
	}
	return text + help
}

// usage returns the help. It is made from the flags: first what the server does, then its limits.
func usage(fs *flag.FlagSet) string {
	limits := flag.NewFlagSet("", flag.ContinueOnError)
	limitFlags(limits, new(httpd.Limits))
	var general, limit strings.Builder
	fs.VisitAll(func(f *flag.Flag) {
		if limits.Lookup(f.Name) != nil {
			describe(&limit, f)
		} else {
			describe(&general, f)
		}
	})
	return filepath.Base(command) + " serves an address book over HTTP/1.0 until you press Ctrl-C.\n\n" +
		"  " + command + " [flags]\n\n" +
		"Flags. A value follows after a space. -http09=false turns a switch off.\n" +
		general.String() + "  -h                   print this help\n\n" +
		"Limits. Write times as 10s, 500ms or 2m. A number alone is seconds. A status\n" +
		"code, such as 414, is that of the response when the limit is exceeded.\n" + limit.String()
}

// describe writes the name of a flag, the kind of its value, its purpose and its default.
func describe(to *strings.Builder, f *flag.Flag) {
	value, help := flag.UnquoteUsage(f)
	switch f.DefValue {
	case "", "false":
	default:
		help += " (default " + f.DefValue + ")"
	}
	to.Write(visible.AppendRows(nil, fmt.Sprintf("%-22s ", "  -"+f.Name+" "+value), help))
}
