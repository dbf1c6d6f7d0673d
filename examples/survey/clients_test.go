package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"rawhttp/examples/foreign"
	"rawhttp/examples/gallery"
)

// The other way around: a server sends the responses of the gallery, octet for octet, and closes;
// the result of a client is a status code and a number of octets, or a refusal.

// serveResponses serves each file at a URL of its own, on a port of its own: a client that keeps
// connections for later would now and then use one that is just being closed.
func serveResponses(t *testing.T) map[string]string {
	urls := make(map[string]string)
	for _, m := range gallery.Responses {
		octets := m.Octets()
		urls[m.File] = "http://" + listen(t, func(c *net.TCPConn) {
			if _, err := http.ReadRequest(bufio.NewReader(c)); err != nil {
				return
			}
			c.Write(octets)
			c.CloseWrite()
			io.Copy(io.Discard, c)
		}) + "/"
	}
	return urls
}

// A client asks for each response at its URL, and returns its version and a line for each response.
type client func(t *testing.T, urls map[string]string) (version string, lines []string)

// clients are by the names of the gallery.
var clients = map[string]client{
	"curl":     curl,
	"requests": script("requests_client.py", "python3", "-c", "import requests; print(requests.__version__)"),
	"fetch":    script("fetch_client.js", "node", "--version"),
	"net/http": goClient,
}

func methodOf(m gallery.Message) string {
	if m.Method == "" {
		return "GET"
	}
	return m.Method
}

// curl asks for as many responses in one process as it can. After an error that it takes for one of its
// own, such as a fold without a field, it ends, and another process asks for the rest.
func curl(t *testing.T, urls map[string]string) (version string, lines []string) {
	path, version := foreign.Find(t, "curl", "--version")
	version, _, _ = strings.Cut(version, " ")
	for len(lines) < len(gallery.Responses) {
		var args []string
		for _, m := range gallery.Responses[len(lines):] {
			args = append(args, "--next", "-s", "--noproxy", "*", "-o", os.DevNull,
				"-w", "%{exitcode} %{http_code} %{size_download}\n", urls[m.File])
			if m.Method == "HEAD" {
				args = append(args, "-I")
			}
		}
		out, err := exec.Command(path, args[1:]...).Output()
		if len(out) == 0 {
			t.Fatal(err) // it cannot run
		}
		for line := range strings.Lines(string(out)) {
			taken, ok := strings.CutPrefix(strings.TrimSpace(line), "0 ")
			if !ok {
				taken = gallery.Refuses
			}
			lines = append(lines, taken)
		}
	}
	return version, lines
}

// script runs a file with a program, as foreign.Find finds it. The file asks for all responses one after
// the other.
func script(file, program string, versionArgs ...string) client {
	return func(t *testing.T, urls map[string]string) (version string, lines []string) {
		path, version := foreign.Find(t, program, versionArgs...)
		args := []string{filepath.Join("testdata", file)}
		for _, m := range gallery.Responses {
			args = append(args, methodOf(m), urls[m.File])
		}
		cmd := exec.Command(path, args...)
		cmd.Stderr = new(bytes.Buffer)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v, %s", file, err, cmd.Stderr)
		}
		return version, strings.Split(strings.TrimSpace(string(out)), "\n")
	}
}

func goClient(t *testing.T, urls map[string]string) (version string, lines []string) {
	transport := &http.Transport{DisableKeepAlives: true, DisableCompression: true}
	for _, m := range gallery.Responses {
		request, err := http.NewRequestWithContext(t.Context(), methodOf(m), urls[m.File], nil)
		if err != nil {
			t.Fatal(err)
		}
		line := gallery.Refuses
		if response, err := transport.RoundTrip(request); err == nil {
			if n, err := io.Copy(io.Discard, response.Body); err == nil {
				line = fmt.Sprint(response.StatusCode, n)
			}
			response.Body.Close()
		}
		lines = append(lines, line)
	}
	return runtime.Version(), lines
}

// Each client on this machine treats each response as it was recorded, if it is the version that was
// recorded. A client of another version has to accept a plain response.
func TestClients(t *testing.T) {
	t.Parallel()
	foreign.Short(t)
	recorded := gallery.ByClients()
	urls := serveResponses(t)
	for _, c := range gallery.Clients {
		t.Run(strings.ReplaceAll(c.Name, "/", " "), func(t *testing.T) {
			version, lines := clients[c.Name](t, urls)
			client := c.Name + " " + version
			if len(lines) != len(gallery.Responses) {
				t.Fatalf("%d lines for %d responses: %q", len(lines), len(gallery.Responses), lines)
			}
			got := make(map[string]string)
			for i, m := range gallery.Responses {
				got[m.File] = lines[i]
			}
			want := recorded.Results[client]
			switch {
			case *update:
				recorded.Record(client, got)
			case want == nil:
				t.Logf("%s was not recorded, but %v", client, recorded.Names)
				if first := gallery.Responses[0].File; !strings.HasPrefix(got[first], "200 ") {
					t.Errorf("%s: %s", first, got[first])
				}
			default:
				compare(t, gallery.Responses, got, want)
			}
		})
	}
	if *update {
		write(t, gallery.ClientsFile, recorded)
	}
}
