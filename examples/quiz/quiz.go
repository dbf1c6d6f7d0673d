// Package quiz asks where a message goes wrong. It shows a message of the gallery that breaks one
// rule, or none. The player names the offset of the octet and the rule. The parser of this project
// decides what is right.
//
//	quiz.go      the game
//	question.go  the questions
//	points.go    the points for an answer, and what is said of it
//	page.go      the same as a page for a browser
package quiz

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"rawhttp/httpwire/commandline"
	"rawhttp/httpwire/visible"
)

const usage = `quiz shows messages. Say of each whether it is well formed. If it is not, name
the offset of the octet where it goes wrong, and the rule that it breaks.

  go run ./examples quiz [-n 5] [-seed 7]
  go run ./examples quiz -page -o quiz.html

  -n     how many messages; a page has 10
  -seed  a number that chooses them: the same number, the same messages
  -page  print the quiz as a page for a browser, which needs no server
  -o     with -page, the file to write the page into

The answers may come from a file, one on each line.
`

// Run plays with the flags in args and returns the exit code. With echo it prints the answers too, for a
// file with answers, which no terminal shows.
func Run(args []string, in io.Reader, out, errOut io.Writer, echo bool) int {
	flags := flag.NewFlagSet("quiz", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	n := flags.Int("n", 5, "`NUMBER`")
	seed := flags.Uint64("seed", uint64(time.Now().UnixNano())%10000, "`NUMBER`")
	page := flags.Bool("page", false, "")
	flags.Func("o", "`FILE`", func(string) error { return errors.New("add  -page  to write a page into a file") })
	err := flags.Parse(args)
	flags.Visit(func(f *flag.Flag) {
		if err == nil && *page && f.Name == "n" {
			err = errors.New("-n is for the terminal: leave it out, and the page asks 10 messages")
		}
	})
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(out, usage)
		return 0
	case err == nil && flags.NArg() > 0:
		err = fmt.Errorf("%q is not a flag: a number of messages follows -n", flags.Arg(0))
	case err == nil && *n < 1:
		err = fmt.Errorf("-n %d: write a number of 1 or more", *n)
	}
	if err != nil {
		commandline.PrintError(errOut, "quiz", fmt.Errorf("%s\nthe flags are  -n 5,  -seed 7  and  -page",
			commandline.FlagError(flags, err)))
		return 2
	}
	if !*page {
		play(*n, *seed, player{bufio.NewScanner(in), out, echo})
		return 0
	}
	if err := writePage(out, *seed); err != nil {
		commandline.PrintError(errOut, "quiz", err)
		return 1
	}
	return 0
}

// A player is a person, or a file with answers.
type player struct {
	in   *bufio.Scanner
	out  io.Writer
	echo bool // prints the answers
}

// errQuit says that there are no more answers.
var errQuit = errors.New("no more answers")

// ask prints a question and returns the answer, in small letters and without blanks around it.
func (p player) ask(format string, args ...any) (string, error) {
	fmt.Fprintf(p.out, format, args...)
	if !p.in.Scan() {
		fmt.Fprintln(p.out)
		return "", errQuit
	}
	if p.echo {
		fmt.Fprintf(p.out, "%s\n", visible.Append(nil, p.in.Bytes()))
	}
	answer := strings.ToLower(strings.TrimSpace(p.in.Text()))
	if answer == "q" || answer == "quit" {
		return "", errQuit
	}
	return answer, nil
}

func play(n int, seed uint64, p player) {
	good, faulty := questions()
	out, random := p.out, rand.New(rand.NewPCG(seed, 0))
	chosen := choose(random, n, good, faulty)
	printWrapped(out, fmt.Sprintf("%s. Each message breaks one rule, or none. A number before a row is the "+
		"offset of its first octet; the first offset is 0. Each of ␍ ␊ ␠ → and \\xHH is one octet. Type q to "+
		"end.", counted(len(chosen))))
	printWrapped(out, scoring)
	points, asked := 0, 0
	for i, q := range chosen {
		fmt.Fprintf(out, "\nMessage %d of %d, %s\n\n%s\n", i+1, len(chosen), q.kind(), Rows(q.octets))
		got, err := p.answer(q, q.options(random, faulty))
		if errors.Is(err, errQuit) {
			break
		}
		points, asked = points+got, asked+1
		fmt.Fprintf(out, "\n%s%d of %d points\n", q.solution(), got, full)
		printWrapped(out, "examples/"+q.file+" in the gallery: "+q.why+".")
	}
	fmt.Fprintf(out, "\nYou have %d of %d points for %d of %s.\n"+
		"The same messages again:  go run ./examples quiz -n %d -seed %d\n",
		points, full*asked, asked, counted(len(chosen)), n, seed)
}

// counted returns a number of messages in words.
func counted(n int) string {
	if n == 1 {
		return "1 message"
	}
	return fmt.Sprint(n, " messages")
}

func printWrapped(out io.Writer, text string) {
	for _, row := range visible.Wrap(text, visible.LineWidth) {
		fmt.Fprintln(out, row)
	}
}

// answer asks one question and returns the points.
func (p player) answer(q question, options []string) (points int, err error) {
	offset, well, err := p.offset()
	if err != nil {
		return 0, err
	}
	if well || q.fault == nil {
		v := q.whole(well)
		fmt.Fprintln(p.out, q.says(v, ""))
		return v.points(), nil
	}
	for i, name := range options {
		fmt.Fprintf(p.out, "  %c  %s\n", 'a'+i, name)
	}
	name, err := p.rule(options)
	if err != nil {
		return 0, err
	}
	place := q.place(offset)
	named, name := q.named(name)
	fmt.Fprintf(p.out, "%s\n%s\n", q.says(place, ""), q.says(named, name))
	return place.points() + named.points(), nil
}

// rule asks for one of the rules, until one is named by its letter or by its name.
func (p player) rule(options []string) (string, error) {
	for {
		name, err := p.ask("Which rule does it break? (a to d) ")
		if err != nil {
			return "", err
		}
		if i := strings.Index("abcd", name); len(name) == 1 && i >= 0 {
			return options[i], nil
		}
		for _, option := range options {
			if plain(name) == plain(option) {
				return option, nil
			}
		}
		fmt.Fprintln(p.out, "Type a letter from a to d, or the name beside it, or q to end.")
	}
}

// offset asks for a number, or ok, until one of them comes.
func (p player) offset() (offset int, well bool, err error) {
	for {
		answer, err := p.ask("At which offset does it go wrong? (ok if it is well formed) ")
		if err != nil {
			return 0, false, err
		}
		if answer == "ok" {
			return 0, true, nil
		}
		if n, err := strconv.ParseUint(strings.TrimPrefix(answer, "offset "), 10, 16); err == nil {
			return int(n), false, nil
		}
		fmt.Fprintln(p.out, "Type a number such as 14, or ok if it is well formed, or q to end.")
	}
}
