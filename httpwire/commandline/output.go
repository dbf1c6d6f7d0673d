package commandline

import (
	"fmt"
	"io"
	"strings"

	"rawhttp/httpwire/visible"
)

// An Output passes on what is written to W. At each error of W it calls Failed, and then returns the
// error. So a program whose output is its result can fail if the output was cut short, for example by
// a full disk. Failed must not be nil.
//
// On Unix a write to a pipe that its reader has closed ends the program, unless the program has called
// IgnoreBrokenPipe.
type Output struct {
	W      io.Writer
	Failed func(error)
}

func (o *Output) Write(b []byte) (int, error) {
	n, err := o.W.Write(b)
	if err != nil {
		o.Failed(err)
	}
	return n, err
}

// PrintError prints what is wrong, after the name of the program, in rows that fit a terminal. Indented lines are
// commands and stay as they are.
func PrintError(to io.Writer, program string, err error) {
	for line := range strings.SplitSeq(program+": "+err.Error(), "\n") {
		if !strings.HasPrefix(line, " ") {
			line = strings.Join(visible.Wrap(line, visible.LineWidth), "\n")
		}
		fmt.Fprintln(to, line)
	}
}
