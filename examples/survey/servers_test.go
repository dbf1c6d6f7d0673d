package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"rawhttp/examples/foreign"
	"rawhttp/examples/replay"
	"rawhttp/server/httpd"
)

// The servers of the gallery's survey, each on a free port for the length of a test. They
// respond with 200 to every path if they can, and read bodies. Every other setting is the default.

// A program is not part of this project.
type program struct {
	name    string
	version []string // arguments that make it print its version, as the first match of digits
	file    string   // in testdata: a script, or a configuration with PORT and DIR in it
	args    []string // in which FILE, PORT and DIR are filled in
}

const flaskVersion = `import importlib.metadata as m
print(m.version("flask"), "with Werkzeug", m.version("werkzeug"))`

// servers are those that are programs, by the names of the gallery.
var servers = map[string]program{
	"nginx": {"nginx", []string{"-v"}, "nginx.conf",
		[]string{"-p", "DIR", "-e", "stderr", "-c", "FILE"}},
	"Apache": {"apache2", []string{"-v"}, "apache.conf",
		[]string{"-D", "FOREGROUND", "-f", "FILE"}},
	"lighttpd":    {"lighttpd", []string{"-v"}, "lighttpd.conf", []string{"-D", "-f", "FILE"}},
	"http.server": {"python3", []string{"--version"}, "http_server.py", []string{"FILE", "PORT"}},
	"Node":        {"node", []string{"--version"}, "node.js", []string{"FILE", "PORT"}},
	"Flask":       {"python3", []string{"-c", flaskVersion}, "flask_app.py", []string{"FILE", "PORT"}},
}

// start starts the server of that name and returns its version and address. It skips the test if
// there is no such server on this machine.
func start(t *testing.T, name string) (version, addr string) {
	t.Helper()
	switch name {
	case "rawhttp":
		_, version, _ = strings.Cut(httpd.Product, "/")
		return version, startOwn(t)
	case "net/http":
		return runtime.Version(), startGo(t)
	}
	p, ok := servers[name]
	if !ok {
		t.Fatalf("this test does not know how to start %s", name)
	}
	return p.start(t)
}

// find returns where the program is and its version; where the system has its own beside another
// one in the path, the system's.
func (p program) find(t *testing.T) (path, version string) {
	t.Helper()
	foreign.Short(t)
	for _, candidate := range []string{"/usr/bin/" + p.name, "/usr/sbin/" + p.name, p.name} {
		path, err := exec.LookPath(candidate)
		if err != nil {
			continue
		}
		out, err := exec.Command(path, p.version...).CombinedOutput()
		if at := regexp.MustCompile(`\d+\.\d.*`).Find(out); err == nil && at != nil {
			version, _, _ = strings.Cut(string(at), " (")
			return path, strings.TrimSpace(version)
		}
	}
	foreign.Skip(t, fmt.Sprintf("there is no %s for %s on this machine", p.name, p.file))
	return "", ""
}

func (p program) start(t *testing.T) (version, addr string) {
	t.Helper()
	path, version := p.find(t)
	dir, addr := foreign.Site(t), foreign.FreeAddr(t)
	_, port, _ := net.SplitHostPort(addr)
	file := filepath.Join("testdata", p.file)
	if filepath.Ext(file) == ".conf" {
		file = foreign.Fill(t, dir, file, "PORT", port, "DIR", dir)
	}
	fill := strings.NewReplacer("FILE", file, "PORT", port, "DIR", dir)
	var args []string
	for _, a := range p.args {
		args = append(args, fill.Replace(a))
	}
	foreign.Start(t, []string{addr}, path, args...)
	return version, addr
}

func startOwn(t *testing.T) string {
	t.Helper()
	addr, stop, err := replay.ServeBook()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return addr
}

func startGo(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.Copy(io.Discard, r.Body); err == nil {
				fmt.Fprintln(w, "ok")
			}
		}),
	}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return l.Addr().String()
}
