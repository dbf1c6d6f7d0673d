package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"rawhttp/examples/foreign"
	"rawhttp/examples/replay"
	"rawhttp/server/app"
	"rawhttp/server/httpd"
)

// start starts a server of the gallery's survey for the length of a test, and returns its version and
// address. It responds with 200 to every path if it can, and reads bodies. The test is skipped if there is
// no such server on this machine.
func start(t *testing.T, name string) (version, addr string) {
	t.Helper()
	switch name {
	case "rawhttp":
		_, version, _ = strings.Cut(httpd.Product, "/")
		return version, startOwn(t)
	case "net/http":
		return runtime.Version(), startGo(t)
	}
	return foreign.Every(t, name)
}

func startOwn(t *testing.T) string {
	t.Helper()
	server, err := replay.Start(app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server.Addr
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
