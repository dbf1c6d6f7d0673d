package replay

import (
	"strings"
	"testing"

	"rawhttp/server/app"
)

const page = "Prose.\n\n```console\n$ go run ./rawclient -i\n" +
	"> GET / HTTP/1.0\n>\nHTTP/1.0 200 OK\n$ go run ./examples\n...\n```\n\n" +
	"More of it:\n\n```\n$ go run ./server\n```\n"

// A page is taken apart and put together again. A block that is not marked as console is prose.
func TestSteps(t *testing.T) {
	steps := Steps(page)
	if len(steps) != 4 || steps[0].Prose != "Prose.\n\n" || steps[1].Command != "rawclient -i" ||
		steps[2].Command != "examples" || steps[2].Shown != "...\n" ||
		!strings.HasSuffix(steps[3].Prose, "server\n```\n") {
		t.Errorf("%q", steps)
	}
	if got := Markdown(steps); got != page {
		t.Errorf("put together again it is %q", got)
	}
	if typed := steps[1].typed(); len(typed) != 2 || typed[0] != "GET / HTTP/1.0" || typed[1] != "" {
		t.Errorf("typed was %q", typed)
	}
}

func TestFits(t *testing.T) {
	for _, tt := range []struct {
		name, got, want string
		fits            bool
	}{
		{"the same", "a\nb\n", "a\nb\n", true},
		{"another line", "a\nb\n", "a\nc\n", false},
		{"a line more", "a\nb\nc\n", "a\nb\n", false},
		{"a line less", "a\n", "a\nb\n", false},
		{"lines left out at the end", "a\nb\nc\n", "a\n...\n", true},
		{"at the beginning", "a\nb\nc\n", "...\nc\n", true},
		{"in the middle", "a\nb\nc\n", "a\n...\nc\n", true},
		{"a beginning that is another", "a\nb\nc\n", "b\n...\nc\n", false},
		{"part of a line", "ab\nc\n", "a\n...\nc\n", false},
		{"in another order", "a\nc\nb\n", "a\n...\nb\n...\nc\n", false},
	} {
		if Fits(tt.got, tt.want) != tt.fits {
			t.Errorf("%s: %v", tt.name, !tt.fits)
		}
	}
}

// What is typed is shown after the prompt, as on a terminal, in whatever order the program reads.
func TestTyped(t *testing.T) {
	server, err := Start(app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	for range 100 {
		shown, exit := Client(t.Context(), server.Addr, "-i", "GET /x HTTP/1.0", "Host: localhost", "")
		if exit != 0 || !strings.Contains(shown, "\n> GET /x HTTP/1.0\n> Host: localhost\n> \nHTTP/1.0 404 ") {
			t.Fatalf("exit code %d, %s", exit, shown)
		}
	}
	shown, _ := Client(t.Context(), server.Addr, "-half -i", "GET / HTTP/1.0")
	if !strings.Contains(shown, "the empty line that ends the head is missing") {
		t.Errorf("with a line missing: %s", shown)
	}
	if shown, exit := Client(t.Context(), server.Addr, "-i"); exit != 2 {
		t.Errorf("with nothing typed: exit code %d, %s", exit, shown)
	}
}

// What differs from run to run is masked, and nothing else.
func TestMask(t *testing.T) {
	const shown = "* connected to 127.0.0.1:4711\n* to localhost:4711\n" +
		"Date: Mon, 02 Jan 2006 15:04:05 GMT\n" +
		"* the server closed the connection after 30.002s\n* the time is over (-timeout 1s)\n"
	const want = "* connected to 127.0.0.1:12345\n* to localhost:12345\n" +
		"Date: Sun, 06 Nov 1994 08:49:37 GMT\n" +
		"* the server closed the connection after 1ms\n* the time is over (-timeout 1s)\n"
	if got := Mask(shown, "localhost:4711"); got != want {
		t.Errorf("%s", got)
	}
}
