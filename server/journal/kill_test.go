//go:build unix || windows

package journal

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"rawhttp/examples/foreign"
)

// The tests start this program again as the one that is killed.
const victim = "RAWHTTP_JOURNAL_TO_BE_KILLED"

func TestMain(m *testing.M) {
	if name := os.Getenv(victim); name != "" {
		work(name, os.Getenv(victim+"_ROUND"))
	}
	os.Exit(m.Run())
}

// work changes a journal with eight writers until it is killed. It says what it begins and what
// Append has acknowledged: "+" for a put, "?" before a deletion, "-" after it.
func work(name, round string) {
	j, _, err := Open(name, Options{Key: keyOf, leastDead: 100}, table{}.decode)
	if err != nil {
		fmt.Println("!", err)
		os.Exit(1)
	}
	var say sync.Mutex
	print := func(what, key string) {
		say.Lock()
		defer say.Unlock()
		os.Stdout.WriteString(what + key + "\n")
	}
	change := func(record string) {
		if err := j.Append([]byte(record)); err != nil {
			print("!", err.Error())
		}
	}
	for writer := range 8 {
		go func() {
			for n := 0; ; n++ {
				key := fmt.Sprintf("%s.%d.%d", round, writer, n)
				change("put " + key + " value of " + key)
				print("+", key)
				if n%4 != 0 {
					print("?", key)
					change("del " + key)
					print("-", key)
				}
			}
		}()
	}
	select {}
}

// A program with eight writers is killed twenty times: what was acknowledged is there, what was
// deleted is not.
func TestKill(t *testing.T) {
	foreign.Long(t)
	rounds := 20
	if testing.Short() {
		rounds = 3
	}
	name := filepath.Join(t.TempDir(), "book")
	want := make(map[string]string) // key to the last that was said of it
	for round := range rounds {
		killOne(t, name, round, want)
		got := table{}
		j, _, err := Open(name, Options{}, got.decode)
		if err != nil {
			t.Fatal(err)
		}
		j.Close()
		var lost, back []string
		for key, said := range want {
			_, there := got[key]
			switch {
			case said == "+" && !there:
				lost = append(lost, key)
			case said == "-" && there:
				back = append(back, key)
			}
			if said == "?" && !there {
				want[key] = "-" // it was deleted, and must stay so
			}
			if there && got[key] != "value of "+key {
				t.Errorf("%s is %q", key, got[key])
			}
		}
		if len(lost)+len(back) > 0 {
			t.Fatalf("round %d: %d lost %.200q, %d came back %.200q", round, len(lost), lost, len(back), back)
		}
	}
	said := make(map[string]int)
	for _, what := range want {
		said[what]++
	}
	t.Logf("%d kills: %d puts and %d deletions acknowledged, none lost, none back", rounds,
		len(want), said["-"])
}

// killOne starts the program, kills it in the middle of its work, and notes what it has said.
func killOne(t *testing.T, name string, round int, want map[string]string) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), victim+"="+name, fmt.Sprintf("%s_ROUND=%d", victim, round))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Skip("skipped: no program can be started here: ", err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	lines, left := bufio.NewScanner(out), 100+rand.IntN(2000)
	for ; lines.Scan(); left-- { // to the end of what was said before the kill
		line := lines.Text()
		if strings.HasPrefix(line, "!") {
			t.Fatal(line)
		}
		want[line[1:]] = line[:1]
		if left == 0 {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
}
