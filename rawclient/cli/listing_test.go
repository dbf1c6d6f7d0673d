package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The page holds request and response; with -o it is in the file, and nothing else is.
func TestPage(t *testing.T) {
	response := ok + "X: </pre>\r\n" + two
	got := run(t, &script{response: response}, "-explain=html", get)
	got.check(t, 0)
	for _, want := range []string{"<!DOCTYPE html>", "<title>" + get + "</title>",
		"Request, 18 octets",
		"Response, ", "&lt;/pre&gt;", "asks for the resource", "</html>"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	secret := run(t, &script{response: response}, "-explain=html", "GET /?access_token=sesame HTTP/1.0")
	if secret.check(t, 0); strings.Contains(secret.stdout, "sesame") {
		t.Error("the page shows a secret")
	}
	file := filepath.Join(t.TempDir(), "page.html")
	filed := run(t, &script{response: response}, "-explain=html", "-o", file, get)
	filed.check(t, 0, "the page is in "+file)
	if b, err := os.ReadFile(file); err != nil || string(b) != got.stdout || filed.stdout != "" {
		t.Errorf("the file is not the page: %v, standard output %q", err, filed.stdout)
	}
	blank := run(t, &script{response: response}, "-explain=html", "-blank", get)
	blank.check(t, 0)
	if strings.Contains(blank.stdout, "asks for") || !strings.Contains(blank.stdout, "HTTP/1.0") {
		t.Error("-blank leaves the meanings, or leaves out the octets")
	}
	const line = `<p class="student">Name: <span class="line">`
	if !strings.Contains(blank.stdout, line) || strings.Contains(got.stdout, line) {
		t.Error("a line for the name is on a blank page, and on no other")
	}
	long := run(t, &script{response: ok + "\r\n" + strings.Repeat("x", keepMost)}, "-explain=html",
		"GET /"+strings.Repeat("a", 200)+" HTTP/1.0")
	long.check(t, 0, "the first 262144 of 262163 octets")
	if !strings.Contains(long.stdout, "the first 262144 of 262163 octets") {
		t.Error("the page does not say that it is cut")
	}
}

// A listing that is cut short shows the fault before the cut, and no end that was merely cut off.
func TestCutListing(t *testing.T) {
	body := strings.Repeat("x", keepMost)
	got := run(t, &script{response: ok + "Date: a\r\nDate: b\r\n\r\n" + body}, "-explain", get)
	got.check(t, 5, "the listing shows the first", "!error:")
	if !strings.Contains(got.stdout, "error: a field that may be sent only once is sent twice") {
		t.Errorf("no error in the listing:\n%s", got.stdout[len(got.stdout)-1000:])
	}
	got = run(t, &script{response: fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s!", ok, len(body), body)}, get)
	got.check(t, 5, "surplus: 1 octet", "!error:")
	length := fmt.Sprintf("Content-Length: %d\r\n\r\n", len(body))
	got = run(t, &script{response: ok + length + body}, "-explain", get)
	if got.check(t, 0, "the listing shows the first"); strings.Contains(got.stdout, "error: ") {
		t.Errorf("an error where there is none:\n%s", got.stdout[len(got.stdout)-1000:])
	}
}

// -o with -explain alone keeps the octets of the response; -explain=text and =false are what
// they say.
func TestListingFlag(t *testing.T) {
	file := filepath.Join(t.TempDir(), "response")
	plain := run(t, &script{response: ok + two}, "-explain", get)
	got := run(t, &script{response: ok + two}, "-explain=text", "-o", file, get)
	got.check(t, 0, "octets written to "+file)
	if b, _ := os.ReadFile(file); string(b) != ok+two || got.stdout != plain.stdout {
		t.Errorf("file %q, listing %q", b, got.stdout)
	}
	if got := run(t, &script{response: ok + two}, "-explain=false", get); got.stdout != ok+two {
		t.Errorf("-explain=false prints %q", got.stdout)
	}
	hex := run(t, &script{response: ok + two}, "-hex", get)
	both := run(t, &script{response: ok + two}, "-explain", "-hex", get)
	if both.check(t, 0); both.stdout != hex.stdout {
		t.Errorf("-explain -hex prints %q", both.stdout)
	}
}

// A listing has colours on a terminal that supports them, unless -color says otherwise.
func TestColor(t *testing.T) {
	for _, tt := range []struct {
		name, flags string
		terminal    bool
		want        bool
	}{
		{"a pipe", "", false, false},
		{"a terminal", "", true, true},
		{"auto in a pipe", "-color auto", false, false},
		{"always", "-color always", false, true},
		{"never", "-color never", true, false},
		{"not in -hex", "-color always -hex", true, false},
	} {
		addr := (&script{response: ok + two}).start(t, "127.0.0.1:0")
		args := append([]string{"-addr", addr, "-explain"}, strings.Fields(tt.flags)...)
		ran := runWith(t.Context(), Stdio{OutTerminal: tt.terminal, Color: tt.terminal}, append(args, get)...)
		ran.check(t, 0)
		if got := strings.Contains(ran.stdout, "\x1b["); got != tt.want {
			t.Errorf("%s: colours %t, want %t", tt.name, got, tt.want)
		}
	}
}

// A page on a terminal is of little use, so a notice says how to keep it.
func TestPageOnTerminal(t *testing.T) {
	onTerminal(t, ok+two, false, "-explain=html", get).check(t, 0, "add -o page.html and open that file")
	if says := run(t, &script{response: ok + two}, "-explain=html", get).stderr; says != "" {
		t.Errorf("not on a terminal: %q", says)
	}
}

// Any value of NO_COLOR turns colours off. An empty one does not.
func TestNoColor(t *testing.T) {
	for value, want := range map[string]bool{"": true, "1": false, "0": false} {
		if t.Setenv("NO_COLOR", value); wantsColor() != want {
			t.Errorf("NO_COLOR=%q: colours %t", value, wantsColor())
		}
	}
}

// -decode leaves the framing out, of what is printed and of what is kept.
func TestDecode(t *testing.T) {
	const response = chunked + "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nA: b\r\n\r\n"
	file := filepath.Join(t.TempDir(), "body")
	for _, octets := range []bool{false, true} {
		got := run(t, &script{response: response, octets: octets}, "-decode", get)
		got.check(t, 0, "-decode leaves their framing out")
		if got.stdout != chunked+"abcde" {
			t.Errorf("standard output: %q", got.stdout)
		}
		run(t, &script{response: response, octets: octets}, "-decode", "-o", file, get).
			check(t, 0, "52 octets written to")
		if b, _ := os.ReadFile(file); string(b) != chunked+"abcde" {
			t.Errorf("file: %q", b)
		}
	}
	got := run(t, &script{response: chunked + "3\r\nabc\r\nxyz"}, "-decode", get)
	got.check(t, 5, "the size of chunk 2 cannot be read, so the rest is everything up to the close: offset 55")
	if got.stdout != chunked+"abcxyz" {
		t.Errorf("malformed: %q", got.stdout)
	}
	const gzipped = "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n" +
		"2\r\n\x1f\x8b\r\n0\r\n\r\n"
	got = run(t, &script{response: gzipped}, "-decode", get)
	got.check(t, 0, "-decode leaves their framing out", "the transfer coding gzip is left")
	got = run(t, &script{response: gzipped}, get)
	if got.check(t, 0); strings.Contains(got.stderr, "is left") {
		t.Errorf("without -decode nothing is removed: %s", got.stderr)
	}
	got = run(t, &script{response: ok + two}, "-decode", get)
	if got.stdout != ok+two || got.stderr != "" {
		t.Errorf("nothing to decode: %q, %q", got.stdout, got.stderr)
	}
}
