package foreign

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// A Proxy is run in front of the server at addr, with the configuration in examples/proxy, and
// returns its own URL, of https.
type Proxy func(t *testing.T, addr string) string

// Nginx is nginx in front.
func Nginx(t *testing.T, addr string) string {
	program, dir, at := Program(t, "nginx"), Dir(t), FreeAddr(t)
	cert, key, _ := Certificate(t, dir)
	conf := Fill(t, dir, ownFile(t, "proxy", "nginx.conf"),
		"http {", "http {"+tempPaths(dir),
		"listen 443", "listen "+at, "http://localhost:12345", "http://"+addr,
		"/etc/ssl/certs/example.org.pem", cert, "/etc/ssl/private/example.org.key", key)
	Start(t, []string{at}, program, "-p", dir, "-e", "stderr", "-c", conf,
		"-g", "daemon off; master_process off; pid nginx.pid;")
	return "https://" + at
}

// HAProxy is HAProxy in front.
func HAProxy(t *testing.T, addr string) string {
	program, dir, at := Program(t, "haproxy"), Dir(t), FreeAddr(t)
	_, _, both := Certificate(t, dir)
	conf := Fill(t, dir, ownFile(t, "proxy", "haproxy.cfg"), "bind :443", "bind "+at,
		"server one localhost:12345", "server one "+addr, "/etc/ssl/private/example.org.both.pem", both)
	Start(t, []string{at}, program, "-db", "-f", conf)
	return "https://" + at
}

// ownFile returns the name of a file below examples, whichever package of this module a test runs in.
func ownFile(t *testing.T, names ...string) string {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; root != filepath.Dir(root); root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			return filepath.Join(append([]string{root, "examples"}, names...)...)
		}
	}
	t.Fatal("no go.mod above the directory of the test")
	return ""
}

// tempPaths keep nginx from the directories of the system, whose owner it would change.
func tempPaths(dir string) (s string) {
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		s += fmt.Sprintf(" %s_temp_path %s;", kind, filepath.Join(dir, kind))
	}
	return s
}
