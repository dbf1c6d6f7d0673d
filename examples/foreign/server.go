package foreign

import (
	"net"
	"os"
	"path/filepath"
	"testing"
)

// A Server is a server that is not part of this project. It has one page: hello, and a line end.
// Start returns where it listens, and where it does so with TLS, if it does. If a program makes the
// server's pages, /stream is a page made in pieces, and early hints announce the page /hints.
type Server struct {
	Name  string
	Start func(t *testing.T) (plain, tls string)
}

// Servers are all that are not written in Go.
var Servers = []Server{
	{"nginx", nginx}, {"Apache", apache}, {"lighttpd", lighttpd},
	{"http.server", httpServer}, {"Node", node}, {"Flask", flask},
}

func config(name string) string { return filepath.Join("examples", "foreign", "servers", name) }

// Site is a directory with the page in it.
func Site(t *testing.T) string {
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

func nginx(t *testing.T) (plain, tls string) {
	program, dir := Program(t, "nginx"), Site(t)
	plain, tls = FreeAddr(t), FreeAddr(t)
	cert, key, _ := Certificate(t, dir)
	conf := Fill(t, dir, config("nginx.conf"), "http {", "http {"+tempPaths(dir),
		"PLAIN", plain, "TLS ", tls+" ", "CERT", cert, "KEY", key, "DIR", dir)
	startNginx(t, []string{plain, tls}, program, dir, conf)
	return plain, tls
}

func apache(t *testing.T) (plain, tls string) {
	program, dir := Program(t, "apache2"), Site(t)
	plain = FreeAddr(t)
	conf := Fill(t, dir, config("apache.conf"), "PLAIN", plain, "DIR", dir)
	Start(t, []string{plain}, program, "-D", "FOREGROUND", "-f", conf)
	return plain, ""
}

func lighttpd(t *testing.T) (plain, tls string) {
	program, dir := Program(t, "lighttpd"), Site(t)
	plain = FreeAddr(t)
	conf := Fill(t, dir, config("lighttpd.conf"), "PORT", port(plain), "DIR", dir)
	Start(t, []string{plain}, program, "-D", "-f", conf)
	return plain, ""
}

func httpServer(t *testing.T) (plain, tls string) {
	python, dir := Python(t, "http.server"), Site(t)
	plain = FreeAddr(t)
	Start(t, []string{plain}, python,
		"-m", "http.server", "--bind", "127.0.0.1", "--directory", dir, port(plain))
	return plain, ""
}

func node(t *testing.T) (plain, tls string) {
	program, dir := Program(t, "node"), Dir(t)
	plain, tls = FreeAddr(t), FreeAddr(t)
	cert, key, _ := Certificate(t, dir)
	Start(t, []string{plain, tls}, program, config("node.mjs"), port(plain), port(tls), cert, key)
	return plain, tls
}

func flask(t *testing.T) (plain, tls string) {
	python := Python(t, "flask")
	plain = FreeAddr(t)
	Start(t, []string{plain}, python, "-B", config("flask_app.py"), port(plain))
	return plain, ""
}
