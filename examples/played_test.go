package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rawhttp/examples/replay"
	"rawhttp/httpwire"
	"rawhttp/httpwire/visible"
)

// A played lesson is what passed between client and server when its commands were run. Commands
// are counted from 1.
type played struct {
	t     *testing.T
	tap   *tap
	sends []send

	server string // its address, past the tap
}

// A send is what a command sent, received and showed, and in how many connections.
type send struct {
	sent, received, shown string
	connections, exit     int
}

// run runs a command and remembers what passed.
func (p *played) run(step replay.Step) (shown string) {
	shown, exit, err := runCommand(p.t.Context(), step, p.tap.addr, frozen())
	if err != nil {
		p.t.Errorf("%s: %v", step.Command, err)
	}
	s := send{shown: shown, exit: exit}
	for _, c := range p.tap.passed() {
		s.sent += c.sent.String()
		s.received += c.received.String()
		s.connections++
	}
	p.sends = append(p.sends, s)
	return replay.Plain(replay.Mask(shown, p.tap.addr))
}

func (p *played) sent(n int) string     { return p.sends[n-1].sent }
func (p *played) received(n int) string { return p.sends[n-1].received }

// frozen returns a clock that only waits move, so that what is measured does not depend on the
// machine.
func frozen() *clock {
	now := time.Time{}
	return &clock{now: func() time.Time { return now }, wait: func(d time.Duration) { now = now.Add(d) }}
}

// file returns a file of the examples. The tests run in the folder above them.
func (p *played) file(name string) string {
	p.t.Helper()
	b, err := readExample(name)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(b)
}

// ask sends one more request, as a reader is told to, and returns the response.
func (p *played) ask(lines ...string) string {
	p.t.Helper()
	line := strings.Join(lines, `" "`)
	shown, exit := replay.Client(p.t.Context(), p.tap.addr, `"`+line+`"`)
	conns := p.tap.passed()
	if exit != 0 || len(conns) != 1 {
		p.t.Fatalf("%s: exit code %d, %s", line, exit, shown)
	}
	return conns[0].received.String()
}

// response reads the head of a response.
func (p *played) response(n int) (resp httpwire.Response) {
	p.t.Helper()
	if _, err := httpwire.ConsumeResponseHead([]byte(p.received(n)), &resp); err != nil {
		p.t.Errorf("response %d: %v", n, err)
	}
	return resp
}

// field returns the name of the one field whose value passes.
func (p *played) field(n int, passes func(value string) bool) (name string) {
	p.t.Helper()
	for _, f := range p.response(n).Fields {
		if passes(string(f.Value)) {
			name += string(f.Name)
		}
	}
	return name
}

// same returns what all values are, since the same thing was measured in several ways.
func (p *played) same(values ...string) string {
	p.t.Helper()
	if values = slices.Compact(values); len(values) > 1 {
		p.t.Errorf("not the same: %q", values)
	}
	return values[0]
}

func split(message string) (head, body string) {
	head, body, _ = strings.Cut(message, "\r\n\r\n")
	return head + "\r\n\r\n", body
}

func body(message string) string  { _, b := split(message); return b }
func length(octets string) string { return strconv.Itoa(len(octets)) }

// hex returns each octet as two hexadecimal digits.
func hex(octets string) (all []string) {
	for i := range len(octets) {
		all = append(all, fmt.Sprintf("%02X", octets[i]))
	}
	return all
}

// find returns what the parentheses of a pattern matched.
func find(pattern, text string) string {
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		return "no " + pattern
	}
	return m[1]
}

// status returns the code of a response, fault the offset that a refusal names.
func status(response string) string { return find(`^HTTP/1\.0 (\d{3}) `, response) }
func fault(response string) string  { return find(`\n  offset (\d+),`, response) }

// missing returns how many octets of rest a head needs to be complete.
func missing(head, rest string) string {
	for n := range len(rest) + 1 {
		var req httpwire.Request
		if _, err := httpwire.ConsumeRequestHead([]byte(head+rest[:n]), &req); err == nil {
			return strconv.Itoa(n)
		}
	}
	return "more than " + length(rest)
}

// link returns where a link of the index leads.
func (p *played) link(n int, rel string) string {
	p.t.Helper()
	var index struct {
		Links []struct{ Rel, Href string }
	}
	if err := json.Unmarshal([]byte(body(p.received(n))), &index); err != nil {
		p.t.Error(err)
	}
	for _, l := range index.Links {
		if l.Rel == rel {
			return l.Href
		}
	}
	return "no link " + rel
}

// target returns the target of a request.
func (p *played) target(n int) string { return find(`^\S+ (\S+) `, p.sent(n)) }

// followed checks that a client could find the targets of these commands: the first is "/", and each
// of the others is a link, or the Location, of a response before it.
func (p *played) followed(from, to int) {
	p.t.Helper()
	known := []string{"/"}
	link := regexp.MustCompile(`"href": "([^"]*)"|<([^>]*)>; rel=|\r\nLocation: http://[^/]*(\S*)`)
	for n := from; n <= to; n++ {
		if !slices.Contains(known, p.target(n)) {
			p.t.Errorf("no response led to %s", p.target(n))
		}
		for _, m := range link.FindAllStringSubmatch(p.received(n), -1) {
			known = append(known, m[1]+m[2]+m[3])
		}
	}
}

// An experiment that does not exist is refused with those that do.
func TestNoExperiment(t *testing.T) {
	seen, exit := perform(t, "", false, "book", "drowned")
	if exit != 2 || !strings.Contains(seen, `no experiment "drowned"`) || !strings.Contains(seen, "book killed") {
		t.Errorf("exit code %d, %s", exit, seen)
	}
}

// A server of an experiment ends with the program that has started it, however that ends.
func TestServerEndsWithItsProgram(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Dir, cmd.Env = t.TempDir(), append(os.Environ(), bookServer+"="+bookFile)
	in, err := cmd.StdinPipe()
	out, outErr := cmd.StdoutPipe()
	if err := errors.Join(err, outErr, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	for lines := bufio.NewScanner(out); lines.Scan() && !strings.HasPrefix(lines.Text(), listening); {
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// So is a command without its word, and a lesson that no page can be made of.
func TestIncompleteCommand(t *testing.T) {
	course, err := lessons()
	if err != nil {
		t.Fatal(err)
	}
	last := course[len(course)-1].number
	for command, want := range map[string]string{
		"book":                    "the name of the experiment is missing. Write one of apart, damaged, killed, shared, torn:",
		"listen":                  "the name of the response is missing. Write one of long, right, short:",
		"listen x":                `there is no response "x". Write one of`,
		"slides 99":               "there is no lesson \"99\". Write a number from 1 to " + last + ", or gallery:",
		"slides -key 1":           "slides have their answers. Leave out -key",
		"handout 99":              "there is no lesson \"99\". Write a number from 1 to " + last + ", or cheatsheet:",
		"handout":                 "handout needs the number of a lesson. Write a number from 1 to " + last + ", or cheatsheet:",
		"handout -key":            "handout needs the number of a lesson. Write a number",
		"handout cheatsheet -key": "the cheat sheet has no questions. Leave out -key:",

		"quiz -o x.html": "-o x.html: add  -page  to write a page",
	} {
		seen, exit := perform(t, "", false, strings.Fields(command)...)
		for line := range strings.Lines(seen) {
			if utf8.RuneCountInString(line) > visible.LineWidth+1 { // a line end
				t.Errorf("%s: does not fit a terminal: %s", command, line)
			}
		}
		if exit == 0 || !strings.Contains(strings.ReplaceAll(seen, "\n", " "), want) {
			t.Errorf("%s: exit code %d, %s", command, exit, seen)
		}
	}
	first, _ := perform(t, "", false, "handout", "-key", "1")
	if last, exit := perform(t, "", false, "handout", "1", "-key"); exit != 0 || first != last {
		t.Errorf("-key before the number: exit code %d", exit)
	}
}
