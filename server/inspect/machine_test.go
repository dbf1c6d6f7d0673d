package inspect_test

import (
	"strings"
	"testing"

	"rawhttp/server/inspect"
	"rawhttp/server/rest"
)

// A server stops when stopping is set.
type server struct{ stopping bool }

func (s *server) Stopping() bool                  { return s.stopping }
func (s *server) AppendMetrics(dst []byte) []byte { return append(dst, "its_numbers 1\n"...) }

func TestHealth(t *testing.T) {
	s := &server{}
	r := rest.New(inspect.Routes(s, nil))
	if got := send(t, r, "GET /healthz HTTP/1.0\r\n\r\n"); got.Code != 200 ||
		string(got.Body) != "serving\n" {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	s.stopping = true
	if got := send(t, r, "GET /healthz HTTP/1.0\r\n\r\n"); got.Code != 503 ||
		string(got.Body) != "stopping\n" {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}

func TestMetrics(t *testing.T) {
	got := send(t, rest.New(inspect.Routes(&server{}, nil)), "GET /metrics HTTP/1.0\r\n\r\n")
	for _, want := range []string{"its_numbers 1\n", "\ngo_goroutines ",
		"\n# TYPE go_memstats_alloc_bytes gauge\n",
		"\ngo_memstats_stack_inuse_bytes "} {
		if !strings.Contains(string(got.Body), want) {
			t.Errorf("no %q in %s", want, got.Body)
		}
	}
	typ := string(got.Fields.Get("Content-Type"))
	if got.Code != 200 || !strings.HasPrefix(typ, "text/plain; version=0.0.4") {
		t.Errorf("%d %s", got.Code, typ)
	}
}
