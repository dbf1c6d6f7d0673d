package main

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"rawhttp/examples/foreign"
	"rawhttp/examples/gallery"
)

var update = flag.Bool("update", false,
	"record how servers and clients on this machine treat the messages of the gallery")

func TestMain(m *testing.M) { os.Exit(foreign.Waiting(m)) }

// The table records how each server treats each message. If this machine has the version that was
// recorded, the server must do the same again. A server of another version is only asked for a page.
// Without -update, nothing here depends on speed: the test waits for a recorded response as long as
// it takes, and a recorded silence ends with the first octet.
func TestServers(t *testing.T) {
	t.Parallel()
	recorded := gallery.ByServers()
	for _, s := range gallery.Servers {
		t.Run(strings.ReplaceAll(s.Name, "/", " "), func(t *testing.T) {
			if !*update {
				t.Parallel()
			}
			version, addr := start(t, s.Name)
			server := s.Name + " " + version
			if *update {
				timeout := func(gallery.Message) time.Duration { return 2 * time.Second }
				recorded.Record(server, survey(t, addr, gallery.Requests(), timeout))
				return
			}
			want, messages := recorded.Results[server], gallery.Requests()
			if want == nil && s.Name == "rawhttp" {
				t.Fatalf("%s was not recorded: go test ./examples/survey -update", server)
			}
			if want == nil {
				t.Logf("%s was not recorded, but %v: asked for a page only", server, recorded.Names)
				messages = gallery.Good[:1]
				want = map[string]string{messages[0].File: "200"}
			}
			got := survey(t, addr, messages, func(m gallery.Message) time.Duration {
				if want[m.File] == gallery.Waits {
					return 200 * time.Millisecond
				}
				return time.Minute
			})
			compare(t, messages, got, want)
		})
	}
	if *update {
		write(t, gallery.ServersFile, recorded)
	}
}

func compare(t *testing.T, messages []gallery.Message, got, want map[string]string) {
	t.Helper()
	for _, m := range messages {
		if got[m.File] != want[m.File] {
			t.Errorf("%s: %s, recorded is %q", m.File, got[m.File], want[m.File])
		}
	}
}

func write(t *testing.T, file string, s *gallery.Survey) {
	t.Helper()
	if err := os.WriteFile("../gallery/"+file, []byte(s.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func survey(t *testing.T, addr string, messages []gallery.Message,
	timeout func(gallery.Message) time.Duration) map[string]string {
	t.Helper()
	results, err := surveyed(t.Context(), addr, messages, timeout)
	if err != nil {
		t.Fatal(err)
	}
	return results
}
