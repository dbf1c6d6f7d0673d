package main

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"rawhttp/server/addressbook"
	"rawhttp/server/httpd"
)

// The servers of the gallery's survey, each on a free port for the length of a test. They answer 200
// whatever the path as far as they can, and read bodies; everything else is as it comes.

//go:embed testdata
var configurations embed.FS

// A foreign server is somebody else's program.
type foreign struct {
	program string
	version []string // arguments that make it print its version, as the first match of digits
	config  string   // a file in testdata, in which PORT, DIR and MODULES are filled in
	start   []string // arguments; CONFIG is that file
}

const flaskVersion = `import importlib.metadata as m
print(m.version("flask"), "with Werkzeug", m.version("werkzeug"))`

// foreigners are the servers that are programs, by the names of the gallery.
var foreigners = map[string]foreign{
	"nginx": {"nginx", []string{"-v"}, "nginx.conf",
		[]string{"-p", "DIR", "-e", "DIR/log", "-c", "CONFIG"}},
	"Apache": {"apache2", []string{"-v"}, "apache.conf",
		[]string{"-D", "FOREGROUND", "-f", "CONFIG"}},
	"lighttpd":    {"lighttpd", []string{"-v"}, "lighttpd.conf", []string{"-D", "-f", "CONFIG"}},
	"http.server": {"python3", []string{"--version"}, "http_server.py", []string{"CONFIG"}},
	"Node":        {"node", []string{"--version"}, "node.js", []string{"CONFIG"}},
	"Flask":       {"python3", []string{"-c", flaskVersion}, "flask_app.py", []string{"CONFIG"}},
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
	f, ok := foreigners[name]
	if !ok {
		t.Fatalf("nobody knows how to start %s", name)
	}
	path, version := f.find(t)
	dir := workshop(t)
	for range 3 { // somebody else may take the port that was free
		port := freePort(t)
		if addr := "127.0.0.1:" + port; f.run(t, path, dir, port, addr) {
			return version, addr
		}
	}
	log, _ := os.ReadFile(filepath.Join(dir, "log"))
	skip(t, fmt.Sprintf("%s does not start here: %s", name, log))
	return "", ""
}

// skip skips a server by name; .ci/run installs them all, and there none may be skipped.
func skip(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("RAWHTTP_SKIP_NOTHING") != "" {
		t.Fatalf("must not be skipped here, but %s", why)
	}
	t.Skip("skipped: " + why)
}

// find returns where the program is and its version; where the system has its own beside another one
// in the path, the system's.
func (f foreign) find(t *testing.T) (path, version string) {
	t.Helper()
	for _, candidate := range []string{"/usr/bin/" + f.program, "/usr/sbin/" + f.program, f.program} {
		path, err := exec.LookPath(candidate)
		if err != nil {
			continue
		}
		out, err := exec.Command(path, f.version...).CombinedOutput()
		if at := regexp.MustCompile(`\d+\.\d.*`).Find(out); err == nil && at != nil {
			version, _, _ = strings.Cut(string(at), " (")
			return path, strings.TrimSpace(version)
		}
	}
	skip(t, fmt.Sprintf("there is no %s for %s on this machine", f.program, f.config))
	return "", ""
}

// workshop makes a directory with a short name that servers which give up root can enter.
func workshop(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "survey")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	files := filepath.Join(dir, "files")
	for _, err := range []error{os.Chmod(dir, 0o755), os.Mkdir(files, 0o755),
		os.WriteFile(filepath.Join(files, "index.html"), []byte("ok\n"), 0o644)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// run starts the program and waits until it takes connections; it reports false if the program ends
// before it does.
func (f foreign) run(t *testing.T, path, dir, port, addr string) bool {
	t.Helper()
	text, err := configurations.ReadFile("testdata/" + f.config)
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, f.config)
	fill := strings.NewReplacer("PORT", port, "DIR", dir, "CONFIG", config,
		"MODULES", "/usr/lib/apache2/modules")
	if err := os.WriteFile(config, []byte(fill.Replace(string(text))), 0o644); err != nil {
		t.Fatal(err)
	}
	var args []string
	for _, a := range f.start {
		args = append(args, fill.Replace(a))
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	if !listens(addr, ended) {
		t.Logf("%s ended: %s", f.program, said.String())
		return false
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM) // servers with workers end them
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			cmd.Process.Kill()
			<-ended
		}
	})
	return true
}

// listens waits until a connection can be made, and reports false if the server ends instead.
func listens(addr string, ended chan error) bool {
	for {
		if c, err := net.Dial("tcp", addr); err == nil {
			c.Close()
			return true
		}
		select {
		case <-ended:
			return false
		case <-time.After(20 * time.Millisecond): // there is nothing to wait for but another try
		}
	}
}

func startOwn(t *testing.T) string {
	t.Helper()
	listeners, err := httpd.Listen("localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	book, err := addressbook.New("http://" + httpd.DefaultAddr)
	if err != nil {
		t.Fatal(err)
	}
	server := httpd.Server{Handler: book, Limits: httpd.DefaultLimits, Name: httpd.Product}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- server.Serve(ctx, 0, listeners...) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return listeners[0].Addr().String()
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
