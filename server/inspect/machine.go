package inspect

import (
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"

	"rawhttp/httpwire"
	"rawhttp/server/rest"
)

// A Server is what is asked how it is doing.
type Server interface {
	Stopping() bool
	AppendMetrics(dst []byte) []byte // in the text format of Prometheus
}

// Machine is the table of /healthz, which says whether the server serves or is about to stop, and
// of /metrics, which says what it has done so far.
func Machine(s Server) []rest.Route {
	plain := []rest.Content{{Type: "text/plain"}}
	return []rest.Route{
		{Method: "GET", Path: "/healthz", Rel: "health",
			Summary: "whether the server serves",
			Answers: []rest.Answer{
				{Code: 200, Summary: "it serves", Content: plain},
				{Code: 503, Summary: "it is stopping", Content: plain},
			},
			Handle: func(_ int64, _ *httpwire.Request, resp *httpwire.Response) { health(s, resp) }},
		{Method: "GET", Path: "/metrics", Rel: "metrics",
			Summary: "what the server has done so far, for Prometheus",
			Answers: []rest.Answer{{Code: 200, Summary: "the numbers", Content: plain}},
			Handle: func(_ int64, _ *httpwire.Request, resp *httpwire.Response) {
				answer(resp, "text/plain; version=0.0.4; charset=utf-8", appendProcess(s.AppendMetrics(nil)))
			}},
	}
}

func health(s Server, resp *httpwire.Response) {
	const plain = "text/plain; charset=utf-8"
	if !s.Stopping() {
		answer(resp, plain, []byte("serving\n"))
		return
	}
	answer(resp, plain, []byte("stopping\n"))
	resp.Code = 503
}

// appendProcess appends what is known of the process, under the names that Prometheus' own clients
// use. Where a system does not list open files in /proc, that number is left out.
func appendProcess(dst []byte) []byte {
	dst = appendGauge(dst, "go_goroutines", "Goroutines that exist.", uint64(runtime.NumGoroutine()))
	for _, row := range []struct{ name, from, help string }{
		{"go_memstats_alloc_bytes", "/memory/classes/heap/objects:bytes", "Octets of heap in use."},
		{"go_memstats_stack_inuse_bytes", "/memory/classes/heap/stacks:bytes",
			"Octets of stacks in use."},
	} {
		sample := []metrics.Sample{{Name: row.from}}
		if metrics.Read(sample); sample[0].Value.Kind() == metrics.KindUint64 {
			dst = appendGauge(dst, row.name, row.help, sample[0].Value.Uint64())
		}
	}
	if files, err := os.ReadDir("/proc/self/fd"); err == nil {
		n := uint64(len(files) - 1) // but for the directory itself
		dst = appendGauge(dst, "process_open_fds", "Files and connections that are open.", n)
	}
	return dst
}

func appendGauge(dst []byte, name, help string, n uint64) []byte {
	return fmt.Appendf(dst, "# HELP %s %s\n# TYPE %s gauge\n%s %d\n", name, help, name, name, n)
}
