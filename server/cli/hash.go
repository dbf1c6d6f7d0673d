package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"rawhttp/server/users"
)

// hash asks for a name, unless an argument has it, and for a password, and prints a line for the
// file of -users. The password is visible while it is typed: the standard library cannot switch off
// the echo of a terminal.
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
		if strings.HasPrefix(args[1], "-") {
			return fmt.Errorf("-hash needs no other flag: leave out %s", strings.Join(args[1:], " "))
		}
		return fmt.Errorf("-hash takes one name: put a name with spaces in quotes, as in  -hash %q",
			strings.Join(args, " "))
	}
	if err := users.CheckName(name); err != nil {
		return err
	}
	password, err := readLine(lines, ask, "password (visible while you type): ")
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

// readLine prints a prompt and reads a line. It returns the line without its end.
func readLine(in *bufio.Reader, ask io.Writer, prompt string) (string, error) {
	fmt.Fprint(ask, prompt)
	line, _ := in.ReadString('\n')
	if line == "" {
		fmt.Fprintln(ask) // ends the line of the prompt
		return "", errors.New("the input ended: type a line and press Enter")
	}
	return strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"), nil
}
