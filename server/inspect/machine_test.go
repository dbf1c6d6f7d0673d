package inspect_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"rawhttp/server/inspect"
	"rawhttp/server/rest"
)

// A server stops when stopping is set, and has a store that fails if store is an error.
type server struct {
	stopping bool
	store    error
}

func (s *server) Stopping() bool                  { return s.stopping }
func (s *server) Ping() error                     { return s.store }
func (s *server) AppendMetrics(dst []byte) []byte { return append(dst, "its_numbers 1\n"...) }

func TestHealth(t *testing.T) {
	for _, tt := range []struct {
		server server
		code   int
		body   string
	}{
		{server{}, 200, "serving\n"},
		{server{stopping: true}, 503, "stopping\n"},
		{server{store: errors.New("secret")}, 503, "the store of the addresses has failed\n"},
	} {
		got := send(t, rest.New(inspect.Routes(&tt.server)), "GET /healthz HTTP/1.0\r\n\r\n")
		if got.Code != tt.code || string(got.Body) != tt.body ||
			(got.Fields.Get("Retry-After") != nil) != (tt.code == 503) ||
			string(got.Fields.Get("Cache-Control")) != "no-store" {
			t.Errorf("%d %s", got.Code, got.Body)
		}
	}
}

func TestMetrics(t *testing.T) {
	got := send(t, rest.New(inspect.Routes(&server{})), "GET /metrics HTTP/1.0\r\n\r\n")
	all := []string{"its_numbers 1\n", "\ngo_goroutines ", "\n# TYPE go_memstats_alloc_bytes gauge\n",
		"\ngo_memstats_stack_inuse_bytes "}
	if runtime.GOOS == "linux" {
		all = append(all, "\nprocess_open_fds ")
	}
	for _, want := range all {
		if !strings.Contains(string(got.Body), want) {
			t.Errorf("no %q in %s", want, got.Body)
		}
	}
	if strings.Contains(string(got.Body), "_bytes 0\n") {
		t.Errorf("it takes no memory: %s", got.Body)
	}
	typ := string(got.Fields.Get("Content-Type"))
	if got.Code != 200 || !strings.HasPrefix(typ, "text/plain; version=0.0.4") ||
		string(got.Fields.Get("Cache-Control")) != "no-store" {
		t.Errorf("%d %s", got.Code, typ)
	}
}
