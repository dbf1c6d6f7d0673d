package main

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"rawhttp/examples/peer"
	"rawhttp/examples/replay"
	"rawhttp/httpwire"
	"rawhttp/httpwire/visible"
	"rawhttp/server/addressbook"
	"rawhttp/server/app"
)

// experiments are those of lesson 11. Each starts servers that keep their addresses in a file, in
// processes of their own, and prints what happens.
var experiments = map[string]func(*experiment){
	"killed": (*experiment).killed, "torn": (*experiment).torn, "damaged": (*experiment).damaged,
	"shared": (*experiment).shared, "apart": (*experiment).apart,
}

// An experiment is a folder with books, and the servers that run there. After an error it does no
// more.
type experiment struct {
	out     io.Writer
	dir     string
	servers []*exec.Cmd
	err     error
}

// runExperiment does the experiment with this name.
func runExperiment(out io.Writer, name string) error {
	run := experiments[name]
	if run == nil {
		return noSuch("experiment", name, experiments, "book killed")
	}
	dir, err := os.MkdirTemp("", "rawhttp-book")
	if err != nil {
		return err
	}
	x := &experiment{out: out, dir: dir}
	defer os.RemoveAll(dir)
	defer x.kill()
	run(x)
	return x.err
}

const (
	bookFile = "addresses.txt"
	third    = `{"ID": 3, "number": 7, "line_1": "East Street", "post_code": "PY13 1PY"}`
	fourth   = `{"ID": 4, "number": 9, "line_1": "West Street", "post_code": "PY14 1PY"}`
)

// killed kills a server after its response, and starts another one.
func (x *experiment) killed() {
	x.fill("A", third)
	x.showFile()
	x.get(x.start("B", bookFile), "B", 3)
}

// torn cuts off the end of the file, as a power cut does that comes while the end is written.
func (x *experiment) torn() {
	x.fill("A", third, fourth)
	x.edit("The last 20 octets of the file are cut off.", func(b []byte) []byte { return b[:len(b)-20] })
	addr := x.start("B", bookFile)
	x.get(addr, "B", 3)
	x.get(addr, "B", 4)
}

// damaged changes an octet that is not in the last batch.
func (x *experiment) damaged() {
	x.fill("A", third, fourth)
	x.edit("One octet of the file is changed: East is now Fast.", func(b []byte) []byte {
		return bytes.Replace(b, []byte("East"), []byte("Fast"), 1)
	})
	x.start("B", bookFile)
}

// shared starts two servers with the same file.
func (x *experiment) shared() {
	x.start("A", bookFile)
	x.start("B", bookFile)
}

// apart starts two servers with a file each, and asks both for what one of them has stored.
func (x *experiment) apart() {
	a, b := x.start("A", "a.txt"), x.start("B", "b.txt")
	x.post(a, "A", third)
	x.get(a, "A", 3)
	x.get(b, "B", 3)
}

// fill starts a server, adds addresses and kills the server.
func (x *experiment) fill(name string, addresses ...string) {
	addr := x.start(name, bookFile)
	for _, address := range addresses {
		x.post(addr, name, address)
	}
	x.kill()
	x.say("Server %s is killed.\n", name)
}

func (x *experiment) say(format string, args ...any) {
	if x.err == nil {
		fmt.Fprintf(x.out, format+"\n", args...)
	}
}

// start starts a server in a process of its own, prints what it says, and returns its address, or ""
// if it refuses to start.
func (x *experiment) start(name, file string) (addr string) {
	x.say("Server %s starts with  -book %s", name, file)
	if x.err != nil {
		return ""
	}
	program, err := os.Executable()
	cmd := exec.Command(program)
	cmd.Dir, cmd.Env = x.dir, append(os.Environ(), bookServer+"="+file)
	says, pipeErr := cmd.StdoutPipe()
	_, inputErr := cmd.StdinPipe() // which ends when this program does
	if x.err = cmp.Or(err, pipeErr, inputErr); x.err == nil {
		x.err = cmd.Start()
	}
	if x.err != nil {
		return ""
	}
	x.servers = append(x.servers, cmd)
	for lines := bufio.NewScanner(says); lines.Scan(); {
		if addr, listens := strings.CutPrefix(lines.Text(), listening); listens {
			return addr
		}
		x.indent(lines.Text())
	}
	return ""
}

// kill kills all servers.
func (x *experiment) kill() {
	for _, s := range x.servers {
		s.Process.Kill()
		s.Wait()
	}
	x.servers = nil
}

func (x *experiment) post(addr, name, address string) {
	x.send(addr, name, "POST "+addressbook.Path+" HTTP/1.0",
		"Content-Type: application/json", fmt.Sprintf("Content-Length: %d", len(address)), "", address)
}

func (x *experiment) get(addr, name string, id int) {
	x.send(addr, name, fmt.Sprintf("GET %s/%d HTTP/1.0", addressbook.Path, id), "", "")
}

// send sends a request and prints its first line and that of the response.
func (x *experiment) send(addr, name string, lines ...string) {
	if x.err != nil {
		return
	}
	var resp httpwire.Response
	resp, x.err = peer.Exchange(addr, strings.Join(lines, "\r\n"), 0)
	x.say("> to %s: %s\n< %v %d %s", name, lines[0], resp.Version, resp.Code, resp.Reason)
}

// showFile prints the file, as a pager shows it.
func (x *experiment) showFile() {
	text := x.read()
	x.say("%s has these lines:", bookFile)
	for line := range strings.Lines(string(text)) {
		x.indent(strings.TrimSpace(line))
	}
	x.say("")
}

func (x *experiment) read() (text []byte) {
	if x.err == nil {
		text, x.err = os.ReadFile(filepath.Join(x.dir, bookFile))
	}
	return text
}

func (x *experiment) edit(says string, change func([]byte) []byte) {
	if text := x.read(); x.err == nil {
		x.say("%s\n", says)
		x.err = os.WriteFile(filepath.Join(x.dir, bookFile), change(text), 0o600)
	}
}

// indent prints a line, in rows of a terminal.
func (x *experiment) indent(line string) {
	for i, row := range visible.Wrap(line, 72) {
		x.say("  %s%s", map[bool]string{true: "  "}[i > 0], row)
	}
}

// The process of a server is this program with this variable, which names the file.
const (
	bookServer = "RAWHTTP_EXAMPLES_BOOK"
	listening  = "listening on "
)

// serveBookFile serves a book that is empty at first, until the process is killed or the input ends. It
// prints what the server says at its start. Times are whole seconds, which makes the file easy to read.
func serveBookFile(file string, in io.Reader, out io.Writer) int {
	var o app.Options
	o.Book.File, o.Book.Empty = file, true
	o.Book.Clock = func() time.Time { return time.Now().Truncate(time.Second) }
	server, err := replay.Start(o)
	if err != nil {
		fmt.Fprintln(out, "server:", err)
		return 1
	}
	for _, line := range server.Notices {
		fmt.Fprintln(out, line)
	}
	fmt.Fprintln(out, listening+server.Addr)
	io.Copy(io.Discard, in)
	return 0
}
