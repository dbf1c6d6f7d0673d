package main

import (
	"bytes"
	"strings"
	"testing"

	"rawhttp/rawclient/cli"
)

// The quiz is played with answers from a file, in any folder.
func TestQuiz(t *testing.T) {
	t.Chdir(t.TempDir())
	var out, errOut bytes.Buffer
	std := cli.Stdio{In: strings.NewReader("0\n"), Out: &out, Err: &errOut}
	if code := run([]string{"quiz", "-n", "1"}, std); code != 0 || errOut.Len() > 0 ||
		!strings.Contains(out.String(), "The same messages again:  go run ./examples quiz -n 1 -seed ") {
		t.Errorf("%d %s\n%s", code, errOut.String(), out.String())
	}
}
