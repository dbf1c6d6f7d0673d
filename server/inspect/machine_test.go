package inspect_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"rawhttp/server/httpd"
	"rawhttp/server/inspect"
	"rawhttp/server/rest"
)

// A store fails with err, unless that is nil.
type store struct{ err error }

func (s store) Ping() error                   { return s.err }
func (store) AppendMetrics(dst []byte) []byte { return append(dst, "its_numbers 1\n"...) }

func TestHealth(t *testing.T) {
	serving, stopping := new(httpd.Server), &httpd.Server{Limits: httpd.DefaultLimits}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := stopping.Serve(ended, 0); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		server *httpd.Server
		store  store
		code   int
		body   string
	}{
		{serving, store{}, 200, "serving\n"},
		{stopping, store{}, 503, "stopping\n"},
		{serving, store{errors.New("secret")}, 503, "the store of the addresses has failed\n"},
	} {
		got := send(t, rest.New(inspect.Routes(tt.server, tt.store)), "GET /healthz HTTP/1.0\r\n\r\n")
		if got.Code != tt.code || string(got.Body) != tt.body ||
			(got.Fields.Get("Retry-After") != nil) != (tt.code == 503) ||
			string(got.Fields.Get("Cache-Control")) != "no-store" {
			t.Errorf("%d %s", got.Code, got.Body)
		}
	}
}

func TestMetrics(t *testing.T) {
	got := send(t, rest.New(inspect.Routes(new(httpd.Server), store{})), "GET /metrics HTTP/1.0\r\n\r\n")
	all := []string{"\nrawhttp_connections 0\n", "its_numbers 1\n", "\ngo_goroutines ", "\n# TYPE go_memstats_alloc_bytes gauge\n",
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
