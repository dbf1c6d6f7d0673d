package foreign

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A Server is a server that is not part of this project. It has one page: hello, and a line end.
// Start returns where it listens, and where it does so with TLS, if it does. If a program makes the
// server's pages, /stream is a page made in pieces, and early hints announce the page /hints.
type Server struct {
	Name  string
	Start func(t *testing.T) (plain, tls string)
}

// A SecureServer is a server that speaks TLS. Start takes the files of a certificate and its key.
type SecureServer struct {
	Name  string
	Start func(t *testing.T, cert, key string) (plain, tls string)
}

// Servers are all that are not written in Go, and Secure are those of them that speak TLS.
var (
	Servers []Server
	Secure  []SecureServer
)

func init() {
	for _, p := range programs {
		Servers = append(Servers, Server{p.server, p.start})
		if p.tls {
			Secure = append(Secure, SecureServer{p.server, p.startWith})
		}
	}
}

// A program starts a server, with a file of the directory servers. Each server listens on two ports: on
// PLAIN it has the page, on EVERY it responds to every path with 200 and reads bodies. Those with TLS
// have the page on SECURE, too. What the file does not set is the default. probed in wire_test.go has a column
// for each server.
type program struct {
	server, name string
	version      []string // arguments that make it print its version
	file         string   // a script, or a configuration with the names of ports and so on in it
	args         []string
	tls          bool
}

const flaskVersion = `import importlib.metadata as m
print(m.version("flask"), "with Werkzeug", m.version("werkzeug"))`

var programs = []program{
	{"nginx", "nginx", []string{"-v"}, "nginx.conf", []string{"-p", "DIR", "-e", "stderr", "-c", "FILE"}, true},
	{"Apache", "apache2", []string{"-v"}, "apache.conf", []string{"-D", "FOREGROUND", "-f", "FILE"}, false},
	{"lighttpd", "lighttpd", []string{"-v"}, "lighttpd.conf", []string{"-D", "-f", "FILE"}, false},
	{"http.server", "python3", []string{"--version"}, "http_server.py",
		[]string{"-B", "FILE", "PLAIN", "EVERY", "DIR"}, false},
	{"Node", "node", []string{"--version"}, "node.mjs",
		[]string{"FILE", "PLAIN", "EVERY", "SECURE", "CERT", "KEY"}, true},
	{"Flask", "python3", []string{"-c", flaskVersion}, "flask_app.py",
		[]string{"-B", "FILE", "PLAIN", "EVERY"}, false},
}

// Every starts a server of Servers. It returns the version of the server, and the address at which the
// server responds to every path with 200.
func Every(t *testing.T, name string) (version, addr string) {
	t.Helper()
	i := slices.IndexFunc(programs, func(p program) bool { return p.server == name })
	if i < 0 {
		t.Fatalf("there is no server %s", name)
	}
	cert, key, _ := Certificate(t, Dir(t))
	version, _, addr, _ = programs[i].listen(t, cert, key)
	return version, addr
}

func (p program) start(t *testing.T) (plain, tls string) {
	cert, key, _ := Certificate(t, Dir(t))
	return p.startWith(t, cert, key)
}

func (p program) startWith(t *testing.T, cert, key string) (plain, tls string) {
	_, plain, _, tls = p.listen(t, cert, key)
	return plain, tls
}

// listen starts the program, and returns its version and where it listens.
func (p program) listen(t *testing.T, cert, key string) (version, plain, every, tls string) {
	t.Helper()
	path, version := Find(t, p.name, p.version...)
	dir := site(t)
	plain, every = FreeAddr(t), FreeAddr(t)
	addrs := []string{plain, every}
	words := []string{"PLAIN", port(plain), "EVERY", port(every), "DIR", dir}
	if p.tls {
		tls = FreeAddr(t)
		addrs = append(addrs, tls)
		words = append(words, "SECURE", port(tls), "CERT", cert, "KEY", key)
	}
	file := ownFile(t, "foreign", "servers", p.file)
	if filepath.Ext(file) == ".conf" {
		file = Fill(t, dir, file, words...)
	}
	fill := strings.NewReplacer(append(words, "FILE", file)...)
	var args []string
	for _, arg := range p.args {
		args = append(args, fill.Replace(arg))
	}
	Start(t, addrs, path, args...)
	return version, plain, every, tls
}

var versionNumber = regexp.MustCompile(`\d+\.\d.*`)

// Find finds a program that prints its version if it has these arguments. It returns the path of the
// program and the version. It prefers the program that came with the system. If there is none, Find skips
// the test.
func Find(t *testing.T, name string, versionArgs ...string) (path, version string) {
	t.Helper()
	Short(t)
	for _, candidate := range []string{"/usr/bin/" + name, "/usr/sbin/" + name, name} {
		path, err := exec.LookPath(candidate)
		if err != nil {
			continue
		}
		out, err := exec.Command(path, versionArgs...).CombinedOutput()
		if at := versionNumber.Find(out); err == nil && at != nil {
			version, _, _ = strings.Cut(string(at), " (")
			return path, strings.TrimSpace(version)
		}
	}
	Skip(t, name+" "+strings.Join(versionArgs, " ")+" finds no version on this machine")
	return "", ""
}

// site returns a directory with the page in it.
func site(t *testing.T) string {
	t.Helper()
	dir := Dir(t)
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("hello\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func port(addr string) string {
	_, port, _ := net.SplitHostPort(addr)
	return port
}
