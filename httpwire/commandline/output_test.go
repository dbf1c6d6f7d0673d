package commandline

import (
	"errors"
	"strings"
	"testing"
)

// An Output reports the errors of its writer, before the caller can go on.
func TestOutput(t *testing.T) {
	full := errors.New("no space left")
	var taken strings.Builder
	var failed []error
	out := &Output{W: limited{&taken, 3}, Failed: func(err error) { failed = append(failed, err) }}
	for _, text := range []string{"ab", "cd", "e"} {
		n, err := out.Write([]byte(text))
		if (n < len(text)) != (err != nil) {
			t.Errorf("%q: %d, %v", text, n, err)
		}
	}
	if taken.String() != "abe" || len(failed) != 1 || failed[0].Error() != full.Error() {
		t.Errorf("%q, %v", taken.String(), failed)
	}
}

// An error fits a terminal, and a command in it is not broken.
func TestPrintError(t *testing.T) {
	words := strings.Repeat("word ", 20)
	var out strings.Builder
	PrintError(&out, "program", errors.New(words+"\n\n  "+words+"\nend"))
	want := "program: " + strings.Repeat("word ", 13) + "word\n" + strings.Repeat("word ", 5) + "word\n\n  " + words + "\nend\n"
	if out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

// limited takes so many octets.
type limited struct {
	to   *strings.Builder
	most int
}

func (l limited) Write(b []byte) (int, error) {
	if l.to.Len()+len(b) > l.most {
		return 0, errors.New("no space left")
	}
	return l.to.Write(b)
}
