package commandline

import "io"

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
