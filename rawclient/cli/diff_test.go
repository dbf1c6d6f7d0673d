package cli

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rawhttp/httpwire/visible"
)

// The exit code of -diff says whether the responses differ.
func TestDiff(t *testing.T) {
	t.Parallel()
	const date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
	for _, tt := range []struct {
		name          string
		first, second string
		args          string // separated by |
		exit          int
		shows         string
	}{
		{"same", ok + two, ok + two, "", 0, "HTTP/1.0 200 OK\u240d\u240a HTTP/1.0 200 OK\u240d\u240a"},
		{"status", ok + two, "HTTP/1.0 404 Not Found\r\n" + two, "", 6,
			"| HTTP/1.0 404 Not Found\u240d\u240a status-code: offset 9 in 1, offset 9 in 2 1 OK:"},
		{"body", ok + two, ok + "Content-Length: 2\r\n\r\nno", "", 6, "ok | no"},
		{"Date", ok + date + two, ok + two, "", 0, "Date: Sun, 06 Nov 1994 08:49:37 GMT\u240d\u240a ~"},
		{"Date counts", ok + date + two, ok + two, "-ignore|X", 6, "GMT\u240d\u240a <"},
		{"other fields", ok + "A: b\r\nC: d\r\n" + two, ok + "A: x\r\n" + two, "-ignore|a, c", 0,
			"A: b\u240d\u240a ~ A: x\u240d\u240a C: d\u240d\u240a ~"},
		{"a name and its colon", ok + "A: b\r\n" + two, ok + "A: x\r\n" + two, "-ignore|A:", 0, "A: b\u240d\u240a ~"},
		{"order", ok + "A: b\r\n" + two, ok + "Content-Length: 2\r\nA: b\r\n\r\nok", "", 0,
			"in another order, which means nothing"},
		{"both broken", ok + "A : b\r\n" + two, ok + "A : b\r\n" + two, "", 5, "A : b"},
		{"one cut short", ok + "Content-Length: 9\r\n\r\nok", ok + two, "", 6, "Content-Length: 9"},
		{"no response", "", ok + two, "", 6, "> HTTP/1.0 200 OK"},
		{"secrets", ok + "Set-Cookie: hunter2\r\n" + two, ok + "Set-Cookie: other\r\n" + two, "", 6,
			"Set-Cookie: *******"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			second := &script{response: tt.second}
			args := []string{"-diff", second.start(t, "127.0.0.1:0")}
			if tt.args != "" {
				args = append(args, strings.Split(tt.args, "|")...)
			}
			first := &script{response: tt.first}
			got := run(t, first, append(args, get)...)
			fault := ""
			if broken := located(tt.first, "GET"); broken != "" {
				fault = "1: " + broken
			}
			if got.check(t, tt.exit, fault); !strings.Contains(unwrapped(got.stdout), tt.shows) {
				t.Errorf("no %q in\n%s", tt.shows, got.stdout)
			}
			if strings.Contains(got.stdout, "hunter2") || strings.Contains(got.stdout, "requests\n") {
				t.Errorf("shows\n%s", got.stdout)
			}
			if !slices.Equal(first.seen(), second.seen()) || len(first.seen()) != 1 {
				t.Errorf("sent %q and %q", first.seen(), second.seen())
			}
			for line := range strings.Lines(got.stdout) {
				if utf8.RuneCountInString(line) > 80 {
					t.Errorf("wider than 80 columns: %s", line)
				}
			}
		})
	}
}

// A difference after the octets that are shown counts.
func TestDiffLong(t *testing.T) {
	t.Parallel()
	long := ok + "\r\n" + strings.Repeat("x", keepMost)
	for end, exit := range map[string]int{"a": 0, "b": 6, "aa": 6, "": 6} {
		second := &script{response: long + end}
		got := run(t, &script{response: long + "a"}, "-diff", second.start(t, "127.0.0.1:0"), get)
		got.check(t, exit, "1: the comparison shows the first 262163 of 262164 octets")
		if strings.Contains(got.stderr, "* the responses differ after") != (exit == exitDiffers) {
			t.Errorf("%q: %s", end, got.stderr)
		}
	}
	second := &script{response: strings.Replace(long, "\r\n\r\n", "\r\nServer: a\r\n\r\n", 1) + "ab"}
	run(t, &script{response: long + "ab"}, "-diff", second.start(t, "127.0.0.1:0"), "-ignore", "Server", get).check(t, 0)
}

// A time that is over counts more than a difference.
func TestDiffTimeout(t *testing.T) {
	t.Parallel()
	withTime(t, 50*time.Millisecond, func(timeout string) (result, []string) {
		silent := (&script{ending: hold}).start(t, "127.0.0.1:0")
		got := run(t, &script{response: ok + "Content-Length: 9\r\n\r\nok"}, "-timeout", timeout, "-diff", silent, get)
		return got, got.faults(4, "2: no response came: the time is over")
	})
}

// -diff replaces the server, the request-line, the URL or the file.
func TestDiffOther(t *testing.T) {
	t.Parallel()
	one := writeFile(t, "one", get+"\r\n\r\n")
	two := writeFile(t, "the other", "HEAD / HTTP/1.0\r\n\r\n")
	for _, tt := range []struct {
		name string
		args []string
		want []string
	}{
		{"request-line", []string{"-diff", "HEAD / HTTP/1.1", get, "Host: a"},
			[]string{get + "\r\nHost: a\r\n\r\n", "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"}},
		{"file", []string{"-in", one, "-diff", two}, []string{get + "\r\n\r\n", "HEAD / HTTP/1.0\r\n\r\n"}},
		{"body", []string{"-diff", "PUT / HTTP/1.0", "-data", "x", "POST / HTTP/1.0"},
			[]string{"POST / HTTP/1.0\r\nContent-Length: 1\r\n\r\nx",
				"PUT / HTTP/1.0\r\nContent-Length: 1\r\n\r\nx"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &script{response: okay}
			got := run(t, s, tt.args...)
			if got.check(t, 0); !strings.Contains(got.stdout, "\nrequests\n") {
				t.Errorf("does not compare the requests:\n%s", got.stdout)
			}
			line, _, _ := strings.Cut(tt.want[1], "\r\n")
			if !strings.Contains(got.stdout, "2 is the response to "+line+"\n") {
				t.Errorf("does not name the second request:\n%s", got.stdout)
			}
			if !slices.Equal(s.seen(), tt.want) {
				t.Errorf("sent %q, want %q", s.seen(), tt.want)
			}
		})
	}
	t.Run("long request-lines", func(t *testing.T) {
		long := strings.Repeat("语", 20) + strings.Repeat("/a", 40)
		got := run(t, &script{response: okay}, "-diff", "GET /1"+long+" HTTP/1.0", "GET /2"+long+" HTTP/1.0")
		if got.check(t, 0); !strings.Contains(unwrapped(got.stdout), "2 is the response to GET /1语") {
			t.Errorf("does not name the second request:\n%s", got.stdout)
		}
		for line := range strings.Lines(got.stdout) {
			line = strings.TrimSuffix(line, "\n")
			if n := (visible.Blanks | visible.UTF8).Columns([]byte(line)); n > visible.LineWidth {
				t.Errorf("%d columns: %s", n, line)
			}
		}
	})
	t.Run("URL", func(t *testing.T) {
		first, second := &script{response: okay}, &script{response: okay}
		urls := []string{"http://" + first.start(t, "127.0.0.1:0") + "/a",
			"http://" + second.start(t, "127.0.0.1:0") + "/b"}
		runArgs(t, "-diff", urls[1], urls[0]).check(t, 0)
		if !strings.HasPrefix(first.seen()[0], "GET /a ") ||
			!strings.HasPrefix(second.seen()[0], "GET /b ") {
			t.Errorf("sent %q and %q", first.seen(), second.seen())
		}
	})
	t.Run("typed once", func(t *testing.T) {
		s := &script{response: okay}
		addr := s.start(t, "127.0.0.1:0")
		runWith(t.Context(), Stdio{In: strings.NewReader(get + "\n\n")}, "-addr", addr, "-diff", addr, "-i").check(t, 0)
		if want := get + "\r\n\r\n"; !slices.Equal(s.seen(), []string{want, want}) {
			t.Errorf("sent %q", s.seen())
		}
	})
	t.Run("a file and a request-line", func(t *testing.T) {
		got := run(t, &script{response: okay}, "-diff", one, get)
		got.check(t, 2, "-diff "+one+": this is a file, so the first request must be one too", "-diff "+one+" -in FILE")
	})
	t.Run("the body of standard input", func(t *testing.T) {
		s := &script{response: okay}
		addr := s.start(t, "127.0.0.1:0")
		runWith(t.Context(), Stdio{In: strings.NewReader("abc")}, "-addr", addr, "-diff", "PUT / HTTP/1.0", "-body", "-",
			"POST / HTTP/1.0").check(t, 0)
		if len(s.seen()) != 2 || !strings.HasSuffix(s.seen()[1], "\r\n\r\nabc") {
			t.Errorf("sent %q", s.seen())
		}
	})
	t.Run("TLS for one of two URLs", func(t *testing.T) {
		if _, err := parseFlags([]string{"-insecure", "-diff", "https://localhost/", "http://localhost/"}); err != nil {
			t.Error(err)
		}
	})
	t.Run("one server is not there", func(t *testing.T) {
		addr := closedPort(t)
		got := run(t, &script{response: okay}, "-diff", addr, get)
		if got.check(t, 3, "request 2 of 2: nothing listens at "+addr, "-diff host:port"); got.stdout != "" {
			t.Errorf("shows\n%s", got.stdout)
		}
		got = run(t, &script{response: okay}, "-addr", addr, "-diff", addr, get)
		got.check(t, 3, "request 1 of 2: nothing listens at "+addr, "rawclient -addr host:port")
	})
}
