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
