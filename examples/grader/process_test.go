package grader

import (
	"bufio"
	"io"
	"log"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"

	"rawhttp/examples/foreign"
)

// careless takes a request-line apart in a goroutine, and does not look at how many parts it has.
func careless(c net.Conn, pages map[string]string) {
	go func() {
		defer c.Close()
		head, err := solvedHead(bufio.NewReader(c))
		if err != nil {
			return
		}
		line, _, _ := strings.Cut(string(head), "\r\n")
		if parts := strings.Split(line, " "); parts[2] != "" {
			head = append(head[:0:0], head...)
		}
		solvedTurn(c, bufio.NewReader(io.MultiReader(strings.NewReader(string(head)), c)), pages)
	}()
}

func withoutEnd(octets []byte) (int, error) { return again(octets[:len(octets):len(octets)]) }

var again func(octets []byte) (int, error) // withoutEnd; staticcheck takes a direct call for a mistake

func init() { again = withoutEnd }

func TestCapped(t *testing.T) {
	var b strings.Builder
	c := capped{&b, 5}
	for _, part := range []string{"", "abc", "def", "ghi"} {
		if n, err := c.Write([]byte(part)); n != len(part) || err != nil {
			t.Errorf("%q: %d, %v", part, n, err)
		}
	}
	const want = "abcde\n(Your function prints more than 64 KB. The rest is left out.)\n"
	if b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

func TestPlaceOf(t *testing.T) {
	const own = "goroutine 1 [select]:\n\t/src/examples/grader/accept.go:81 +0x53\n"
	for _, tt := range []struct{ stacks, want string }{
		{"", "in another file"},
		{own, "in another file"},
		{own + "\t/src/examples/exercises/accept/accept.go:30 +0x41\n", "in line 30"},
		{own + "\tC:/me/examples/exercises/accept/accept.go:30 +0x41\n", "in line 30"},
		{own + "\t/src/examples/exercises/accept/accept.go:1 +0x1\n", "in an empty loop"},
	} {
		if got := placeOf(tt.stacks, "accept/accept.go"); got != tt.want {
			t.Errorf("got %q, want %q, of %q", got, tt.want, tt.stacks)
		}
	}
}

// A function that does not end works or waits, and the hint is for what it does.
func TestEndless(t *testing.T) {
	const own = "goroutine 1 [running]:\n\t/src/examples/grader/report.go:81 +0x53\n"
	for _, tt := range []struct{ state, want string }{
		{"running", "it is in line 30\n  hint    look at the loop there"},
		{"runnable", "it is in line 30\n  hint    look at the loop there"},
		{"syscall", "it is in line 30\n  hint    look at the loop there"},
		{"GC assist wait", "it is in line 30\n  hint    look at the loop there"},
		{"IO wait", "it waits in line 30\n  hint    do not wait for the close"},
		{"IO wait, 2 minutes", "it waits in line 30\n  hint    do not wait for the close"},
		{"chan receive", "it waits in line 30\n  hint    look at what it waits for there"},
		{"sleep", "it waits in line 30\n  hint    look at what it waits for there"},
		{"", "it is in another file\n  hint    look at the loop there"},
	} {
		stacks := own
		if tt.state != "" {
			stacks += "\ngoroutine 7 [" + tt.state + "]:\n\t/src/examples/exercises/client/client.go:30 +0x41\n"
		}
		err := row{hint: "do not wait for the close"}.endless(timeLimit, stacks, "client/client.go")
		if !strings.Contains(err.Error(), "does not end: after 3s "+tt.want) {
			t.Errorf("%s: no %q in\n%v", tt.state, tt.want, err)
		}
	}
}

// A function that ends its process fails one row. The other rows count.
func TestDeaths(t *testing.T) {
	foreign.Short(t)
	t.Parallel()
	headEnd := func(do func(octets []byte)) Check {
		return HeadEnd(func(octets []byte) (int, error) {
			if len(octets) == 0 {
				do(octets)
			}
			return solvedHeadEnd(octets)
		})
	}
	for _, tt := range []struct {
		name  string
		check Check
		fails int
		want  []string
	}{
		{"careless", Accept(accepting(1000, careless)), 1, []string{"no version\n",
			"a goroutine of your function panics in line 25: runtime error: index out of range [2] with length 2\n" +
				"  hint    a panic in a goroutine ends the whole program: the octets may be fewer than you expect"}},
		{"overflow", headEnd(func(octets []byte) { withoutEnd(octets) }), 1, []string{
			"your function ends the program in line 32: fatal error: stack overflow"}},
		{"exit", headEnd(func([]byte) { os.Exit(0) }), 1, []string{
			"your function ends the program: exit status 0", "return an error instead"}},
		{"exit in the first row", HeadEnd(func(octets []byte) (int, error) {
			if strings.HasSuffix(string(octets), "/ HTTP/1.0\r\n\r\n") {
				os.Exit(3)
			}
			return solvedHeadEnd(octets)
		}), 1, []string{"the shortest head\n", "your function ends the program: exit status 3"}},
		{"fatal", headEnd(func([]byte) { log.Fatal("no") }), 1, []string{
			"your function ends the program: exit status 1"}},
		{"fatal in accept", Accept(func(l net.Listener, pages map[string]string) error {
			log.Fatal(solvedAccept(l, pages))
			return nil
		}), 1, []string{"the listener is closed\n", "your function ends the program: exit status 1"}},
		{"later", headEnd(func([]byte) {
			go panic("no")
			select {}
		}), 1, []string{"a goroutine of your function panics", "ends the whole program: return an error instead"}},
		{"forever", headEnd(func([]byte) { select {} }), 1, []string{"your function does not end: after 3s"}},
		{"right", HeadEnd(solvedHeadEnd), 0, nil},
		{"too much memory in each row", HeadEnd(func([]byte) (int, error) {
			held := make([]byte, memoryLimit+1<<20)
			<-make(chan bool)
			runtime.KeepAlive(held)
			return 0, nil
		}), stuckLimit, []string{"0 of 10 rows pass, 8 were not tried\n", "your function takes more than 256 MB"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			const file = "process_test.go"
			tt.check.runTask(file)
			r := gradeApart(t, tt.check, file)
			if isStuck := tt.fails == stuckLimit; r.passed+r.left != r.all-tt.fails || (r.left > 0) != isStuck || (r.first == nil) != (tt.fails == 0) {
				t.Errorf("%d of %d rows pass, %d are left:\n%v", r.passed, r.all, r.left, r)
			}
			says := strings.ReplaceAll(r.String(), "\n"+folded, " ")
			for _, want := range tt.want {
				if !strings.Contains(says, want) {
					t.Errorf("no %q in\n%v", want, r)
				}
			}
		})
	}
}
