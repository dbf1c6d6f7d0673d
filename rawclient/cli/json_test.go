package cli

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"rawhttp/rawclient/report"
)

// documentOf runs the client with -json and decodes what it prints.
func documentOf(t *testing.T, s *script, exit int, args ...string) (x report.Exchange, printed string) {
	t.Helper()
	got := run(t, s, append([]string{"-json"}, args...)...)
	if got.exit != exit {
		t.Errorf("exit code %d, want %d", got.exit, exit)
	}
	d := json.NewDecoder(strings.NewReader(got.stdout))
	d.DisallowUnknownFields()
	if err := d.Decode(&x); err != nil {
		t.Fatalf("%v\n%s%s", err, got.stdout, got.stderr)
	}
	if d.More() {
		t.Error("there is more than one document")
	}
	if x.Exit != exit || x.Version != report.Version {
		t.Errorf("the document has exit %d, version %d", x.Exit, x.Version)
	}
	return x, got.stdout
}

// octetsOf joins the lines of a message.
func octetsOf(t *testing.T, m *report.Message) (octets string) {
	t.Helper()
	for _, l := range m.Lines {
		if (l.Text == nil) == (l.Base64 == nil) {
			t.Errorf("offset %d: not exactly one of text and base64", l.Offset)
		}
		if l.Offset != len(octets) {
			t.Errorf("offset %d follows %d octets", l.Offset, len(octets))
		}
		if l.Text != nil {
			octets += *l.Text
		}
		octets += string(l.Base64)
	}
	return octets
}

// No octet is lost, whatever it is.
func TestJSONOctets(t *testing.T) {
	t.Parallel()
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	for _, tt := range []struct {
		name, response string
		exit           int
	}{
		{"every octet", ok + "\r\n" + string(every), 0},
		{"text", ok + "\r\n\u00e9 \u202e \u0085 \x7f \U000e0001 <&> \\ \"", 0},
		{"a broken head", ok + "A\xff : b\r\n" + two, 5},
		{"cut short", ok + "Content-Length: 9\r\n\r\n\xe2\x82", 5},
		{"interim", "HTTP/1.0 100 Continue\r\n\r\n" + ok + two, 0},
		{"chunks", chunked + "1\r\n\xe2\r\n2\r\n\x82\xac\r\n0\r\n\r\n", 0},
		{"no response", "", 5},
		{"HTTP/0.9", "hello", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x, printed := documentOf(t, &script{response: tt.response}, tt.exit, get, "X: \xff")
			if got, want := octetsOf(t, &x.Request), get+"\r\nX: \xff\r\n\r\n"; got != want {
				t.Errorf("request %q, want %q", got, want)
			}
			got := ""
			if x.Response != nil {
				got = octetsOf(t, x.Response)
			}
			if x.Framing != nil && x.Framing.Complete == (tt.name == "cut short") {
				t.Errorf("complete: %t", x.Framing.Complete)
			}
			if got != tt.response || (x.Response == nil) != (got == "") {
				t.Errorf("response %q, want %q", got, tt.response)
			}
			for _, r := range printed {
				if r != '\n' && !unicode.IsPrint(r) {
					t.Errorf("prints %U", r)
				}
			}
		})
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	t.Run("framing, surplus, notices", func(t *testing.T) {
		t.Parallel()
		x, _ := documentOf(t, &script{response: ok + two + "more"}, 5, get)
		f := *x.Framing
		if want := (report.Framing{Status: 200, Ending: "Content-Length", Head: 38, Body: 2, Surplus: 4,
			Complete: true}); f != want {
			t.Errorf("framing %+v, want %+v", f, want)
		}
		if !strings.Contains(strings.Join(x.Notices, "\n"), "surplus: 4 octets after the end") {
			t.Errorf("notices %q", x.Notices)
		}
		m := x.Timing
		if *m.Connected > *m.Head || *m.Head > *m.End || *m.End > *m.Closed || *m.Connected < 0 {
			t.Error("the times are out of order")
		}
	})
	t.Run("a notice about the request", func(t *testing.T) {
		t.Parallel()
		x, _ := documentOf(t, &script{response: ok + two}, 0, "-data", "{}", "POST / HTTP/1.0")
		if len(x.Notices) == 0 || !strings.HasPrefix(x.Notices[0], "the body is valid JSON") {
			t.Errorf("notices %q", x.Notices)
		}
	})
	t.Run("secrets", func(t *testing.T) {
		t.Parallel()
		_, printed := documentOf(t, &script{response: ok + "Set-Cookie: secret\r\n" + two}, 0,
			"GET /?token=secret HTTP/1.0", "Authorization: Basic "+base64.StdEncoding.EncodeToString(
				[]byte("me:secret")))
		if strings.Contains(printed, "secret") || strings.Contains(printed, "bWU6") {
			t.Errorf("has a secret:\n%s", printed)
		}
	})
	t.Run("broken chunks", func(t *testing.T) {
		t.Parallel()
		x, _ := documentOf(t, &script{response: chunked + "1\r\na\r\nxyz\r\n"}, 5, get)
		want := report.Framing{Status: 200, Ending: "up to the close", Head: int64(len(chunked)), Body: 11,
			Complete: true}
		if x.Framing == nil || *x.Framing != want {
			t.Errorf("framing %+v, want %+v", x.Framing, want)
		}
	})
	t.Run("an octet of a secret", func(t *testing.T) {
		t.Parallel()
		x, _ := documentOf(t, &script{response: ok + two}, 0, "GET http://me:secret@h/ HTTP/1.0")
		if f := x.Request.Fault; f == nil || !strings.HasPrefix(f.Error, `offset 14: port: got "*", want`) {
			t.Errorf("fault %+v", f)
		}
	})
	t.Run("long", func(t *testing.T) {
		t.Parallel()
		response := ok + "\r\n" + strings.Repeat("x", 2*keepMost)
		x, _ := documentOf(t, &script{response: response}, 0, get)
		if octets := octetsOf(t, x.Response); x.Response.Size != int64(len(response)) ||
			octets != response[:keepMost] || x.Framing.Body != 2*keepMost {
			t.Errorf("size %d, %d octets listed", x.Response.Size, len(octets))
		}
	})
	t.Run("no connection", func(t *testing.T) {
		t.Parallel()
		got := runArgs(t, "-json", "-addr", closedPort(t), get)
		if got.check(t, 3, "nothing listens"); got.stdout != "" {
			t.Errorf("standard output has %q", got.stdout)
		}
	})
}

var (
	fieldRow     = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| [^|]+ \\|$")
	fieldComment = regexp.MustCompile("`json:\"(\\w+)\"`\\s+// (.+)")
)

// The README documents each field, its type, and no other. It says of a field what the package says.
func TestJSONFields(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("../report/report.go")
	if err != nil {
		t.Fatal(err)
	}
	documented := make(map[string]string)
	for _, row := range fieldRow.FindAllStringSubmatch(string(page), -1) {
		documented[row[1]] = row[2]
		if rest, ok := strings.CutPrefix(row[1], "request."); ok {
			documented["response."+rest] = row[2]
		}
	}
	for _, m := range fieldComment.FindAllStringSubmatch(string(source), -1) {
		row := "(?m)^\\| `([^`]+\\.)?" + m[1] + "` \\| [^|]+ \\| " + regexp.QuoteMeta(m[2])
		if !regexp.MustCompile(row).Match(page) {
			t.Errorf("the table in rawclient/README.md does not say of %s what report.go says: %s", m[1], m[2])
		}
	}
	found := make(map[string]bool)
	for _, response := range []string{"", ok + two + "more", ok + "Content-Length: 9\r\n\r\n\xff"} {
		_, printed := documentOf(t, &script{response: response}, 5, "GET  / HTTP/1.0")
		var x any
		if err := json.Unmarshal([]byte(printed), &x); err != nil {
			t.Fatal(err)
		}
		walk(x, "", func(path, kind string) {
			found[path] = true
			if !slices.Contains(strings.Split(documented[path], " or "), kind) {
				t.Errorf("%s is %s, and documented as %q: the table in rawclient/README.md needs a row  | `%[1]s` | %[2]s | ... |",
					path, kind, documented[path])
			}
		})
	}
	for _, path := range slices.Sorted(maps.Keys(documented)) {
		if !found[path] {
			t.Errorf("%s is documented, and is in no document", path)
		}
	}
}

// walk visits each value of a document with its path and its type.
func walk(x any, path string, visit func(path, kind string)) {
	kind := fmt.Sprint(x)
	switch x := x.(type) {
	case map[string]any:
		kind = "object"
		for name, value := range x {
			walk(value, strings.TrimPrefix(path+"."+name, "."), visit)
		}
	case []any:
		kind = "array"
		for _, value := range x {
			walk(value, path+"[]", visit)
		}
	case string:
		kind = "string"
	case float64:
		kind = "number"
	case nil:
		kind = "null"
	}
	if path != "" && !strings.HasSuffix(path, "lines[]") {
		visit(path, kind)
	}
}
