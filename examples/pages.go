package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"rawhttp/examples/quiz"
	"rawhttp/httpwire/commandline"
	"rawhttp/rawclient/cli"
)

// runQuiz plays the quiz, or prints its page.
func runQuiz(args []string, std cli.Stdio) (code int) {
	if !slices.Contains(args, "-page") {
		return quiz.Run(args[1:], std.In, std.Out, std.Err, !std.InTerminal)
	}
	err := makePage(args, std, func(args []string, out io.Writer) error {
		if code = quiz.Run(args[1:], std.In, out, std.Err, false); code != 0 {
			return errTold
		}
		return nil
	})
	if err != nil && code == 0 {
		commandline.PrintError(std.Err, "examples", err)
		code = commandline.ExitCode(err)
	}
	return code
}

// errTold says that the user knows already what went wrong.
var errTold = errors.New("already told")

// makePage runs a command that prints a page. With -o FILE among its arguments the page goes to that
// file. A shell can do the same with >, but older versions of PowerShell change the octets.
func makePage(args []string, std cli.Stdio, print func(args []string, out io.Writer) error) error {
	i := slices.Index(args, "-o")
	if i < 0 {
		err := print(args, std.Out)
		if err == nil && std.OutTerminal {
			fmt.Fprintln(std.Err, "* this page is for a browser: add  -o page.html  and open that file")
		}
		return err
	}
	if i+1 == len(args) {
		return commandline.UsageError("-o needs the name of a file: -o page.html")
	}
	file := args[i+1]
	var page bytes.Buffer
	if err := print(slices.Delete(slices.Clone(args), i, i+2), &page); err != nil {
		return err
	}
	if err := os.WriteFile(file, page.Bytes(), 0o644); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("-o %s: there is no directory %s. Make it, or write the name of another file", file,
				filepath.Dir(file))
		}
		return fmt.Errorf("-o: %w", err)
	}
	_, err := fmt.Fprintf(std.Out, "%s is written. Open it in a browser; print it there to get a PDF.\n", file)
	return err
}
