package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"rawhttp/server/users"
)

// hash asks for a name, if none was given, and a password, and prints the line for -users. The
// password shows while it is typed: to switch the echo of a terminal off takes code for each
// system, which the standard library does not have.
func hash(args []string, in io.Reader, ask, out io.Writer) error {
	lines := bufio.NewReader(in)
	name := ""
	switch len(args) {
	case 0:
		var err error
		if name, err = readLine(lines, ask, "name: "); err != nil {
			return err
		}
	case 1:
		name = args[0]
	default:
		return errors.New("-hash takes one name; put one with spaces in quotes")
	}
	password, err := readLine(lines, ask, "password (it shows while you type): ")
	if err != nil {
		return err
	}
	line, err := users.Line(name, password)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, line)
	return err
}

// readLine reads a line without its end.
func readLine(in *bufio.Reader, ask io.Writer, prompt string) (string, error) {
	fmt.Fprint(ask, prompt)
	line, err := in.ReadString('\n')
	if err != nil && line == "" {
		return "", errors.New("there is no line to read: type one, and Enter")
	}
	return strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"), nil
}
