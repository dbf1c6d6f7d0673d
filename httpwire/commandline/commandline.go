// Package commandline has what the commands share: how a person types them, errors in their flags, exit codes,
// how an error is printed, the signals that end them, and errors when they write their output.
package commandline

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Name returns what a person types to run a command of this module, which has one or more directories.
// If this program was built from one of them, Name returns the path that started the program. Otherwise
// it returns go run and the first directory.
func Name(dirs ...string) string {
	info, ok := debug.ReadBuildInfo()
	isCommand := ok && slices.Contains(dirs, strings.TrimPrefix(info.Path, "rawhttp/"))
	return nameOf(dirs[0], os.Args[0], isCommand)
}

// Beside returns what a person types to run another command of this module, which has one or more
// directories. command is the Name of this program. If the other program, which go build names after its
// last directory, is in the same folder as this one, Beside returns its path. Otherwise it returns go run
// and the first directory.
func Beside(command string, dirs ...string) string {
	folder, _ := filepath.Split(strings.Trim(command, `"`))
	program := folder + path.Base(dirs[len(dirs)-1])
	_, err := exec.LookPath(program)
	return nameOf(dirs[0], program, err == nil && !strings.HasPrefix(command, "go run "))
}

// goRun finds where go run puts a program: in a folder of its own, or in the cache of builds, whose
// folder has any name. A program in the cache has a folder that is named by a hash.
var goRun = regexp.MustCompile(`go-build|[/\\][0-9a-f]{64}-d[/\\]`)

// nameOf is Name for a program that has a path. isCommand says that it was built from one of the
// directories.
func nameOf(dir, program string, isCommand bool) string {
	if !isCommand || goRun.MatchString(program) {
		return "go run ./" + dir
	}
	if strings.Contains(program, " ") {
		return `"` + program + `"`
	}
	return program
}

// A UsageError says what is wrong with a command line.
type UsageError string

func (e UsageError) Error() string { return string(e) }

// ExitCode returns the exit code of a program that ends with an error: 0 if it is nil, 2 for a UsageError, and
// 1 for others.
func ExitCode(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.As(err, new(UsageError)):
		return 2
	}
	return 1
}

// The errors of package flag. It quotes the wrong value as strconv.Quote does.
var (
	wrongValue = regexp.MustCompile(`(?s)^invalid (?:boolean )?value ` +
		`("(?:[^"\\]|\\.)*") for (?:flag )?-([^:]*): (.*)$`)
	unknown = regexp.MustCompile(`(?s)^flag provided but not defined: (.*)$`)
	noValue = regexp.MustCompile(`^flag needs an argument: -(.*)$`)
)

// FlagError returns what is wrong with a command line and what to write instead, for an error of
// fs.Parse. The usage of each flag names the kind of its value in back quotes.
func FlagError(fs *flag.FlagSet, err error) string {
	text := err.Error()
	if m := unknown.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("%q is not a flag", m[1])
	}
	if m := noValue.FindStringSubmatch(text); m != nil {
		kind, _ := flag.UnquoteUsage(fs.Lookup(m[1]))
		return fmt.Sprintf("-%s has no value: write  -%[1]s %s", m[1], kind)
	}
	m := wrongValue.FindStringSubmatch(text)
	if m == nil {
		return text
	}
	f := fs.Lookup(m[2])
	value, between := m[1], " "
	if plain, _ := strconv.Unquote(value); strconv.Quote(plain) == `"`+plain+`"` &&
		!strings.Contains(plain, " ") && plain != "" {
		value = plain
	}
	if IsSwitch(f) {
		between = "="
	}
	return fmt.Sprintf("-%s%s%s: %s", f.Name, between, value, advice(f, m[3]))
}

// advice says how to write the value of a flag. If the flag itself does not say it, the example is
// the default.
func advice(f *flag.Flag, cause string) string {
	example := "write it as in  -" + f.Name + " " + f.DefValue
	switch {
	case cause == "parse error" && IsSwitch(f):
		return fmt.Sprintf("write  -%s  or  -%[1]s=false", f.Name)
	case cause == "parse error":
		return example
	case cause == "value out of range":
		return "the number is too large or too small; " + example
	}
	return cause
}

// A Duration is the value of a flag for a time. A number alone is seconds.
type Duration time.Duration

// Set reads a time such as 10s, 500ms, 2m or 10.
func (d *Duration) Set(text string) error {
	if _, err := strconv.ParseUint(text, 10, 31); err == nil {
		text += "s"
	}
	t, err := time.ParseDuration(text)
	if err != nil {
		return errors.New("write it as 10s, 500ms or 2m")
	}
	*d = Duration(t)
	return nil
}

func (d *Duration) String() string { return time.Duration(*d).String() }

// IsSwitch reports whether a flag needs no value.
func IsSwitch(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}
